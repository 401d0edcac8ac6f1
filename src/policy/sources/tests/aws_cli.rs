//! Bare policies, and what the AWS CLI prints.

use insta::assert_snapshot;

use super::shown;

const ALLOW: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const DENY: &str =
    r#"{"Statement": [{"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}]}"#;

#[test]
fn several_bare_policies_are_one_principals() {
    assert_snapshot!(shown(&[("a.json", ALLOW), ("stdin", DENY)]), @r#"
    policies a.json, stdin
      a.json at a.json:1
        {"Action":"*","Effect":"Allow","Resource":"*"}
      stdin at stdin:1
        {"Action":"*","Effect":"Deny","Resource":"*","Sid":"No"}
    "#);
}

#[test]
fn what_the_cli_prints_of_a_policy_is_read() {
    let version = format!(r#"{{"PolicyVersion": {{"VersionId": "v3", "Document": {DENY}}}}}"#);
    let group =
        format!(r#"{{"GroupName": "devs", "PolicyName": "mfa", "PolicyDocument": {ALLOW}}}"#);
    let encoded = r#"{"UserName": "ann", "PolicyName": "raw", "PolicyDocument": "%7B%22Statement%22%3A%20%5B%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22arn:aws:s3:::a+b%22%7D%5D%7D"}"#;
    assert_snapshot!(shown(&[("v.json", &version), ("g.json", &group), ("u.json", encoded)]), @r#"
    policies v.json, g.json, u.json
      v.json, version v3 at v.json:1
        {"Action":"*","Effect":"Deny","Resource":"*","Sid":"No"}
      inline policy 'mfa' of group 'devs' at g.json:1
        {"Action":"*","Effect":"Allow","Resource":"*"}
      inline policy 'raw' of user 'ann' at u.json:1
        {"Action":"*","Effect":"Deny","Resource":"arn:aws:s3:::a+b"}
    "#);
}

#[test]
fn a_bare_policy_and_a_module_stand_for_themselves() {
    let module = "resource \"aws_iam_group\" \"g\" {\n  name = \"g\"\n}\n";
    assert_snapshot!(shown(&[("a.json", ALLOW), ("main.tf", module)]), @r#"
    group g
    policies a.json
      a.json at a.json:1
        {"Action":"*","Effect":"Allow","Resource":"*"}
    "#);
    assert_snapshot!(shown(&[("stdin", module)]), @"group g");
}

#[test]
fn what_is_none_is_told_what_to_give_instead() {
    assert_snapshot!(shown(&[("d.json", r#"{"UserDetailList": [], "GroupDetailList": []}"#)]), @"error: d.json: this describes a whole account: run `daypass audit --authorization-details d.json` instead");
    assert_snapshot!(shown(&[("p.json", r#"{"Policy": {"Arn": "a", "DefaultVersionId": "v1"}}"#)]), @"error: p.json: this tells of a policy, but not what it says: `aws iam get-policy-version` does");
    assert_snapshot!(shown(&[("x.tfstate", r#"{"version": 4, "terraform_version": "1.9", "lineage": "x"}"#)]), @"error: x.tfstate: this is Terraform's own file of its state: give what `terraform show -json` prints");
    assert_snapshot!(shown(&[("x.tf.json", r#"{"resource": {}}"#)]), @"error: x.tf.json: Terraform's files in JSON are not read: give what `terraform show -json` prints of a plan");
    assert_snapshot!(shown(&[("x.json", r#"{"hello": 1}"#)]), @"error: x.json: neither a policy document, nor what `aws iam get-*-policy` prints, a CloudFormation template, Terraform's files or `terraform show -json`");
    assert_snapshot!(shown(&[("x.json", "[1, 2]")]), @"error: x.json: neither a policy document, nor what `aws iam get-*-policy` prints, a CloudFormation template, Terraform's files or `terraform show -json`");
    assert_snapshot!(shown(&[("x.json", "{\n  \"Statement\": [}")]), @"error: x.json:2:17: JSON: expected value");
    assert_snapshot!(shown(&[("x.json", "{\"Statements\": []}")]), @"error: x.json: policy: Statements: there is no such element; is it Statement?");
    assert_snapshot!(shown(&[("x.json", " ")]), @"error: x.json: it is empty");
}

#[test]
fn what_is_no_text_or_too_long_is_refused() {
    let not_text = super::Source::from_bytes("x", vec![b'{', 0xff]);
    assert_snapshot!(not_text.unwrap_err(), @"x: no UTF-8 text");
    let too_long = super::Source::from_bytes("x", vec![b' '; super::super::LONGEST_SOURCE + 1]);
    assert_snapshot!(too_long.unwrap_err(), @"x: longer than 16 MiB");
}
