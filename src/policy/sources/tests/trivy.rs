//! Files of the shapes that Trivy documents for AVD-AWS-0123, its own good ones and its bad one.

use insta::assert_snapshot;

use super::shown;

const DOCUMENT: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "",
    "Effect": "Allow",
    "Action": "ec2:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": ["true"]}}
  }]
}"#;

#[test]
fn a_group_without_a_policy_is_a_principal_without_one() {
    let text = "data aws_caller_identity current {}\nresource aws_iam_group developers {\n  name = \"developers\"\n}\n";
    assert_snapshot!(shown(&[("main.tf", text)]), @"group developers");
}

#[test]
fn a_group_has_its_inline_policy_from_a_heredoc() {
    let text = format!(
        "resource \"aws_iam_group\" \"support\" {{\n  name = \"support\"\n}}\n\
         resource aws_iam_group_policy mfa {{\n  group  = aws_iam_group.support.name\n  policy = <<EOF\n{DOCUMENT}\nEOF\n}}\n"
    );
    assert_snapshot!(shown(&[("main.tf", &text)]), @r#"
    group support
      inline policy 'aws_iam_group_policy.mfa' of group 'support' at main.tf:4
        {"Action":"ec2:*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}},"Effect":"Allow","Resource":"*","Sid":""}
    "#);
}

#[test]
fn a_group_has_the_policy_that_is_attached_by_its_id() {
    let text = format!(
        "resource \"aws_iam_group\" \"support\" {{\n  name = \"support\"\n}}\n\
         resource aws_iam_policy mfa {{\n  name   = \"something\"\n  policy = <<-EOF\n  {DOCUMENT}\n  EOF\n}}\n\
         resource aws_iam_group_policy_attachment attach {{\n  group = aws_iam_group.support.name\n  \
         policy_arn = aws_iam_policy.mfa.id\n}}\n"
    );
    assert_snapshot!(shown(&[("main.tf", &text)]), @r#"
    group support
      policy 'something' at main.tf:4
        {"Action":"ec2:*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}},"Effect":"Allow","Resource":"*","Sid":""}
    "#);
}

#[test]
fn sources_and_overrides_are_laid_over_each_other_by_sid() {
    let text = r#"
resource "aws_iam_group" "support" {
  name = "support"
}
resource "aws_iam_group_policy" "mfa" {
  name   = "mfa"
  group  = aws_iam_group.support.name
  policy = data.aws_iam_policy_document.all.json
}
data "aws_iam_policy_document" "over" {
  statement {
    sid       = "main"
    effect    = "Allow"
    actions   = ["s3:*"]
    resources = ["*"]
    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }
  }
}
data "aws_iam_policy_document" "under" {
  statement {
    sid       = "main"
    actions   = ["iam:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "beside" {
  statement {
    sid       = "logs"
    effect    = "Deny"
    actions   = ["logs:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "all" {
  source_json = <<EOF
    {
        "Id": "base"
    }
EOF
  source_policy_documents = [data.aws_iam_policy_document.under.json]
  override_policy_documents = [
    data.aws_iam_policy_document.over.json,
    data.aws_iam_policy_document.beside.json,
  ]
  statement {
    sid       = "own"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
}
"#;
    assert_snapshot!(shown(&[("main.tf", text)]), @r#"
    group support
      inline policy 'mfa' of group 'support' at main.tf:5
        {"Action":"s3:*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}},"Effect":"Allow","Resource":"*","Sid":"main"}
        {"Action":"*","Effect":"Deny","Resource":"*","Sid":"own"}
        {"Action":"logs:*","Effect":"Deny","Resource":"*","Sid":"logs"}
    "#);
}

#[test]
fn a_group_that_is_handed_to_a_module_may_have_policies_from_there() {
    let text = r#"
resource "aws_iam_group" "support" {
  name = "support"
}
resource "aws_iam_group" "support_tools" {
  name = "tools"
}
module "enforce_mfa" {
  source = "example/enforce-mfa/aws"
  groups = [aws_iam_group.support.name]
}
"#;
    assert_snapshot!(shown(&[("main.tf", text)]), @"
    group support
      unknown: policies by module.enforce_mfa
    group tools
    note: main.tf:8: module enforce_mfa is not read: what it makes is not judged
    ");
}
