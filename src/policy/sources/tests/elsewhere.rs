//! What the files do not say themselves may not be passed over.

use super::reading;
use crate::policy::judgement::{Intent, Verdict, judge};

/// A group that is enforced, with more of the template before and behind it.
fn guarded_with(before: &str, behind: &str) -> String {
    format!(
        r#"{before}
Resources:
  Devs:
    Type: AWS::IAM::Group
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: "*", Resource: "*", Condition: {{Bool: {{"aws:MultiFactorAuthPresent": "true"}}}}}}
{behind}"#
    )
}

fn verdict(text: &str) -> (Verdict, Vec<String>) {
    let reading = reading(&[("t.yml", text)]).expect("a template");
    let judgement = judge(&reading.principals[0], &Intent::default());
    let notes = reading.notes.iter().map(ToString::to_string).collect();
    (judgement.verdict, notes)
}

#[test]
fn what_may_hang_policies_on_a_group_without_being_read_is_not_passed_over() {
    let nested = |kind: &str, value: &str| {
        format!("  More:\n    Type: {kind}\n    Properties: {{Of: {value}}}\n")
    };
    let include = "{Name: AWS::Include, Parameters: {Location: s3://a/b}}";
    let for_each = "  Fn::ForEach::More:\n    - Name\n    - [a, b]\n    - P${Name}: {Type: AWS::IAM::ManagedPolicy}\n";
    let table = [
        (
            "",
            nested("AWS::CloudFormation::Stack", "!Ref Devs"),
            "More",
        ),
        ("", nested("Custom::Attach", "!Sub '${Devs}'"), "More"),
        (
            "",
            nested("AWS::CloudFormation::CustomResource", "{Ref: Devs}"),
            "More",
        ),
        (
            "",
            nested("Our::Iam::Policies::MODULE", "!GetAtt Devs.Arn"),
            "More",
        ),
        ("", for_each.to_owned(), "Fn::ForEach::More"),
        ("", format!("  Fn::Transform: {include}\n"), "Fn::Transform"),
        (
            "",
            format!("  More:\n    Type: AWS::IAM::Group\n    Fn::Transform: {include}\n"),
            "More",
        ),
        ("Transform: OurMacro", String::new(), "OurMacro"),
        (
            "Transform: [AWS::LanguageExtensions, OurMacro]",
            String::new(),
            "OurMacro",
        ),
        (
            "Transform: {Name: AWS::Include, Parameters: {Location: a}}",
            String::new(),
            "AWS::Include",
        ),
        (
            "Fn::Transform: {Name: AWS::Include, Parameters: {Location: a}}",
            String::new(),
            "Fn::Transform",
        ),
    ];
    for (before, behind, named) in table {
        let text = guarded_with(before, &behind);
        let (verdict, notes) = verdict(&text);
        assert!(verdict > Verdict::Enforced, "{verdict:?}: {text}");
        assert!(
            notes.iter().any(|note| note.contains(named)),
            "{notes:?}: {text}"
        );
    }
}

#[test]
fn what_cannot_hang_policies_on_a_group_changes_nothing() {
    for (before, behind) in [
        (
            "",
            "  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Devs}}\n",
        ),
        (
            "",
            "  Other: {Type: Custom::Thing, Properties: {Of: Developers}}\n",
        ),
        ("Transform: AWS::LanguageExtensions", ""),
        ("Transform: [AWS::Serverless-2016-10-31]", ""),
        (
            "Transform: AWS::LanguageExtensions",
            "  Fn::ForEach::B: [N, [a], {'B${N}': {Type: AWS::S3::Bucket}}]\n",
        ),
    ] {
        let (verdict, _) = verdict(&guarded_with(before, behind));
        assert_eq!(verdict, Verdict::Enforced, "{before} {behind}");
    }
    // It may be for others, and says so.
    let stack = "  More: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a}}\n";
    let (verdict, notes) = verdict(&guarded_with("", stack));
    assert_eq!(verdict, Verdict::Enforced);
    assert!(notes.iter().any(|note| note.contains("More")), "{notes:?}");
}

#[test]
fn an_id_within_a_template_is_nobodys_name() {
    let text = r#"
Resources:
  Ada:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::home/${aws:username}"}
              - {Effect: Deny, Action: "s3:*", Resource: "arn:aws:s3:::home/Ada"}
  Admin:
    Type: AWS::IAM::Role
    Properties: {}
  Devs:
    Type: AWS::IAM::Group
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/Admin"}
              - {Effect: Deny, Action: "*", Resource: !Sub "arn:aws:iam::123456789012:role/${Admin}"}
"#;
    let principals = reading(&[("t.yml", text)]).expect("a template").principals;
    let of = |name: &str| {
        let principal = principals.iter().find(|principal| principal.name == name);
        judge(principal.expect(name), &Intent::default()).verdict
    };
    assert_eq!(of("${Ada}"), Verdict::NotEnforced);
    assert_eq!(of("Devs"), Verdict::NotEnforced);
}

#[test]
fn what_terraform_merges_into_other_files_is_refused() {
    let group = r#"resource "aws_iam_group" "a" { name = "a" }"#;
    for name in ["override.tf", "module/override.tf", "mfa_override.tf"] {
        let error = reading(&[("main.tf", group), (name, group)]).expect_err(name);
        assert_eq!(error.file, name);
        assert!(
            error.to_string().contains("terraform show -json"),
            "{error}"
        );
    }
    assert!(reading(&[("main.tf", group), ("override_groups.tf", "")]).is_ok());
}

#[test]
fn a_module_that_is_handed_a_group_by_way_of_locals_may_hang_policies_on_it() {
    let text = r#"
resource "aws_iam_group" "devs" {
  name = "devs"
}
resource "aws_iam_group" "ops" {
  name = "ops"
}
locals {
  wrapped = { name = local.group }
  group   = aws_iam_group.devs.name
  other   = aws_iam_group.ops.name
}
module "more" {
  source = "./more"
  group  = local.wrapped.name
}
"#;
    let principals = reading(&[("main.tf", text)]).expect("a module").principals;
    let unknown: Vec<(&str, &[String])> = principals
        .iter()
        .map(|principal| (principal.name.as_str(), &principal.unknown_policies[..]))
        .collect();
    assert_eq!(
        unknown,
        [
            ("devs", &["policies by module.more".to_owned()][..]),
            ("ops", &[])
        ]
    );
}
