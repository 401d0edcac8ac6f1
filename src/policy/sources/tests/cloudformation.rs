//! CloudFormation templates.

use insta::assert_snapshot;

use super::shown;
use crate::policy::judgement::{Intent, Verdict, judge};

#[test]
fn a_template_in_yaml_has_groups_users_and_policies() {
    let text = r#"
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  MaxAge:
    Type: Number
    Default: 28800
  Names:
    Type: CommaDelimitedList
    Default: ann, bob
  Bucket:
    Type: String
Resources:
  Devs:
    Type: AWS::IAM::Group
    Properties:
      GroupName: devs
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - !Ref Enforce
      Policies:
        - PolicyName: logs
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              Effect: Allow
              Action: [logs:Get*, logs:List*]
              Resource: '*'
  Enforce:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: Age
            Effect: Deny
            Action: "*"
            Resource: "*"
            Condition:
              NumericGreaterThan:
                aws:MultiFactorAuthAge: !Ref MaxAge
          - Sid: Own
            Effect: Allow
            Action: iam:*MFADevice
            Resource:
              - !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:mfa/${!aws:username}
              - Fn::Join: [":", ["arn:aws:s3", "", "", !Ref Bucket]]
              - !GetAtt Key.Arn
  Ann:
    Type: AWS::IAM::User
    Properties:
      UserName: ann
      Groups: [!Ref Devs, others]
      PermissionsBoundary: !GetAtt Enforce.PolicyArn
  More:
    Type: AWS::IAM::UserToGroupAddition
    Properties:
      GroupName: !Ref Ops
      Users: !Ref Names
  Ops:
    Type: AWS::IAM::Group
  Inline:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: inline
      Groups:
        - !Ref Ops
      PolicyDocument: &document
        Statement:
          - {Effect: Deny, NotAction: "iam:*", Resource: "*", Condition: {Bool: {"aws:MultiFactorAuthPresent": false}}}
  Own:
    Type: AWS::IAM::UserPolicy
    Properties:
      PolicyName: own
      UserName: carol
      PolicyDocument: *document
"#;
    assert_snapshot!(shown(&[("t.yaml", text)]), @r#"
    group devs
      inline policy 'logs' of group 'devs' at t.yaml:13
        {"Action":["logs:Get*","logs:List*"],"Effect":"Allow","Resource":"*"}
      managed policy 'Enforce' at t.yaml:28
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"28800"}},"Effect":"Deny","Resource":"*","Sid":"Age"}
        {"Action":"iam:*MFADevice","Effect":"Allow","Resource":["arn:${AWS::Partition}:iam::${AWS::AccountId}:mfa/${aws:username}","arn:aws:s3:::${Bucket}","${Key.Arn}"],"Sid":"Own"}
      unknown: arn:aws:iam::aws:policy/ReadOnlyAccess
    user ann
      inline policy 'logs' of group 'devs' at t.yaml:13
        {"Action":["logs:Get*","logs:List*"],"Effect":"Allow","Resource":"*"}
      managed policy 'Enforce' at t.yaml:28
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"28800"}},"Effect":"Deny","Resource":"*","Sid":"Age"}
        {"Action":"iam:*MFADevice","Effect":"Allow","Resource":["arn:${AWS::Partition}:iam::${AWS::AccountId}:mfa/${aws:username}","arn:aws:s3:::${Bucket}","${Key.Arn}"],"Sid":"Own"}
      policy 'inline' at t.yaml:61
        {"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}},"Effect":"Deny","NotAction":"iam:*","Resource":"*"}
      within
      managed policy 'Enforce' at t.yaml:28
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"28800"}},"Effect":"Deny","Resource":"*","Sid":"Age"}
        {"Action":"iam:*MFADevice","Effect":"Allow","Resource":["arn:${AWS::Partition}:iam::${AWS::AccountId}:mfa/${aws:username}","arn:aws:s3:::${Bucket}","${Key.Arn}"],"Sid":"Own"}
      unknown: arn:aws:iam::aws:policy/ReadOnlyAccess
      unknown: policies of group others
    group Ops
      policy 'inline' at t.yaml:61
        {"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}},"Effect":"Deny","NotAction":"iam:*","Resource":"*"}
    user carol
      inline policy 'own' of user 'carol' at t.yaml:70
        {"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}},"Effect":"Deny","NotAction":"iam:*","Resource":"*"}
      unknown: other policies of user carol
    note: t.yaml: the parameter MaxAge is taken at its default
    note: t.yaml: the parameter Names is taken at its default
    note: t.yaml:13: policy arn:aws:iam::aws:policy/ReadOnlyAccess: not in the files; judged without it
    note: t.yaml:28: ${Bucket} in managed policy 'Enforce' (known only once it is made) stands for anything
    note: t.yaml:28: ${Key.Arn} in managed policy 'Enforce' (known only once it is made) stands for anything
    note: t.yaml:48: user ann is in group others, which is described elsewhere
    note: t.yaml:70: user carol is described elsewhere, and may have more policies
    "#);
}

#[test]
fn a_template_in_json_has_the_lines_of_its_policies() {
    let text = r#"{
  "Resources": {
    "P": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "ManagedPolicyName": {"Fn::Sub": ["${Prefix}-mfa", {"Prefix": "x"}]},
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [{"Effect": "Deny", "Action": "*", "Resource": {"Fn::Sub": "arn:aws:s3:::${Bucket.Name}"}}]
        }
      }
    }
  }
}"#;
    assert_snapshot!(shown(&[("t.json", text)]), @r#"
    policies x-mfa
      managed policy 'x-mfa' at t.json:3
        {"Action":"*","Effect":"Deny","Resource":"arn:aws:s3:::${Bucket.Name}"}
    note: t.json:3: ${Bucket.Name} in managed policy 'x-mfa' (known only once it is made) stands for anything
    "#);
    let text = text.replace(
        "\"Version\": \"2012-10-17\"",
        "\"Version\": \"2012-10-17\", \"Version\": \"2008-10-17\"",
    );
    assert_snapshot!(shown(&[("t.json", &text)]), @"error: t.json: JSON: 'Version' stands twice in one object, the second time at line 8, column 36");
}

#[test]
fn conditions_are_decided_where_they_can_be() {
    let text = r#"
Parameters:
  Stage: {Type: String, Default: prod}
  Extra: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
  IsExtra: !Equals [!Ref Extra, "yes"]
  Any: !Or [!Condition IsExtra, !Condition IsProd]
Resources:
  G:
    Type: AWS::IAM::Group
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - !If [IsProd, {Sid: A, Effect: Deny, Action: "*", Resource: "*"}, !Ref AWS::NoValue]
              - !If [IsTest, {Sid: B, Effect: Allow, Action: "*", Resource: "*"}, !Ref AWS::NoValue]
              - !If [IsExtra, {Sid: C, Effect: Allow, Action: "*", Resource: "*"}, !Ref AWS::NoValue]
              - !If [Any, {Sid: D, Effect: Allow, Action: "s3:*", Resource: "*"}, !Ref AWS::NoValue]
  Test:
    Type: AWS::IAM::GroupPolicy
    Condition: IsTest
    Properties: {GroupName: !Ref G, PolicyName: t, PolicyDocument: {Statement: []}}
  Extra:
    Type: AWS::IAM::GroupPolicy
    Condition: IsExtra
    Properties: {GroupName: !Ref G, PolicyName: x, PolicyDocument: {Statement: []}}
"#;
    assert_snapshot!(shown(&[("t.yml", text)]), @r#"
    group G
      inline policy 'p' of group 'G' at t.yml:11
        {"Action":"*","Effect":"Deny","Resource":"*","Sid":"A"}
        {"Action":"s3:*","Effect":"Allow","Resource":"*","Sid":"D"}
      unknown: inline policy 'x' of group 'G'
      unknown: statement 2 of inline policy 'p' of group 'G'
    note: t.yml: the parameter Stage is taken at its default
    note: t.yml:11: statement 2 of inline policy 'p' of group 'G' hangs on ${Fn::If IsExtra} (known only once it is made): judged without it
    note: t.yml:23: Test is left out, since IsTest is false
    note: t.yml:27: whether there is Extra hangs on the condition IsExtra
    "#);
}

#[test]
fn what_a_template_takes_from_elsewhere_is_not_known() {
    let text = r#"
Transform: [MyMacro]
Mappings:
  Ages: {prod: {Max: 3600}}
Resources:
  G:
    Type: AWS::IAM::Group
    Properties:
      ManagedPolicyArns: [!ImportValue Shared]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Deny
                Action: "*"
                Resource: "*"
                Condition: {NumericGreaterThan: {"aws:MultiFactorAuthAge": !FindInMap [Ages, prod, Max]}}
              - Effect: Deny
                Action: "*"
                Resource: "*"
                Condition: {NumericGreaterThan: {"aws:MultiFactorAuthAge": !ImportValue Age}}
        - Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x/y}}
  Fn::ForEach::More:
    - Name
    - [a, b]
    - {}
"#;
    assert_snapshot!(shown(&[("t.yml", text)]), @r#"
    group G
      inline policy 'p' of group 'G' at t.yml:6
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}},"Effect":"Deny","Resource":"*"}
      unknown: ${Fn::ImportValue Shared}
      unknown: inline policy 'without a name' of group 'G'
      unknown: policies by the macro MyMacro
      unknown: statement 2 of inline policy 'p' of group 'G'
    note: t.yml: the macro MyMacro may change what the template says
    note: t.yml:6: inline policy 'without a name' of group 'G' hangs on ${Fn::Transform} (known only once it is made): judged without it
    note: t.yml:6: policy ${Fn::ImportValue Shared}: known only once it is made; judged without it
    note: t.yml:6: statement 2 of inline policy 'p' of group 'G' hangs on ${Fn::ImportValue Age} (known only once it is made): judged without it
    note: t.yml:23: the resources of Fn::ForEach::More are not unfolded
    "#);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_snapshot!(shown(&[("t.yml", "Resources:\n  G: [\n")]), @"error: t.yml:3:1: YAML: while parsing a node, did not find expected node content");
    assert_snapshot!(shown(&[("t.yml", "Resources:\n  G:\n    Type: a\n  G:\n    Type: b\n")]), @"error: t.yml:4:3: YAML: the key 'G' stands twice");
    let text = "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Groups: {a: b}\n      PolicyDocument: {Statement: []}\n";
    assert_snapshot!(shown(&[("t.yml", text)]), @"error: t.yml: Resources.P.Properties.Groups: no text, and no list of texts");
    assert_snapshot!(shown(&[("t.yml", "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n")]), @"error: t.yml: Resources.P.Properties.PolicyDocument: missing");
    assert_snapshot!(shown(&[("t.yml", "Resources:\n  P:\n    Type: AWS::S3::Bucket\n")]), @"error: t.yml: no policies of users, groups or roles in it");
    assert_snapshot!(shown(&[("t.yml", "a: b\n")]), @"error: t.yml: neither a policy document, nor what `aws iam get-*-policy` prints, a CloudFormation template, Terraform's files or `terraform show -json`");
}

#[test]
fn what_is_not_known_is_open_in_the_old_version_too() {
    let template = |version: &str, other: &str| {
        format!(
            r#"
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Group:
    Type: AWS::IAM::Group
    Properties:
      GroupName: devs
      Policies:
        - PolicyName: p
          PolicyDocument:
            {version}
            Statement:
              - {{Effect: Allow, Action: 's3:*', Resource: !GetAtt Bucket.Arn}}
              - {{Effect: Allow, Action: 'ec2:*', Resource: '{other}', Condition: {{Bool: {{aws:MultiFactorAuthPresent: 'true'}}}}}}
"#
        )
    };
    for version in ["", "Version: 2008-10-17", "Version: 2012-10-17"] {
        for other in ["*", "arn:aws:ec2:*:*:*/${aws:username}"] {
            let reading = super::reading(&[("a.yaml", &template(version, other))]);
            let principals = reading.expect("it is a template").principals;
            let judgement = judge(&principals[0], &Intent::default());
            assert!(
                judgement.verdict > Verdict::Enforced,
                "{version} {other}: {judgement:?}"
            );
        }
    }
}
