//! The policies that daypass writes, in every form, as others read them.

use std::process::Command;

use crate::support::{Home, assert_report, python_environment};

const KINDS: [&str; 2] = ["strict", "self-service"];

fn show(home: &Home, arguments: &[&str]) -> crate::support::Run {
    let words: Vec<&str> = ["policy", "show"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    home.daypass(words).without("HOME").run()
}

#[test]
fn the_strict_policy_is_two_statements_and_its_limits_are_said_beside_it() {
    let home = Home::new();
    assert_report!(show(&home, &["--max-age", "90m"]).report(), @r#"
    exit 0
    --- stdout
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "DenyAllWithoutMFA",
          "Effect": "Deny",
          "NotAction": "sts:GetSessionToken",
          "Resource": "*",
          "Condition": {
            "Null": {
              "aws:MultiFactorAuthAge": "true"
            }
          }
        },
        {
          "Sid": "DenyAllWithOldMFA",
          "Effect": "Deny",
          "Action": "*",
          "Resource": "*",
          "Condition": {
            "NumericGreaterThan": {
              "aws:MultiFactorAuthAge": "5400"
            }
          }
        }
      ]
    }
    --- stderr
    daypass: note: nobody in the group can enrol a first device: an administrator does it, with daypass enroll --user NAME
    daypass: note: machine users with a key and nobody to type codes are stopped too: keep them out of the group
    daypass: note: a role that was assumed in time is good until its own end: its session has no MFA age
    "#);
}

#[test]
fn the_self_service_policy_lets_newcomers_enrol() {
    let home = Home::new();
    let run = show(
        &home,
        &["--kind", "self-service", "--partition", "aws-us-gov"],
    );
    assert_report!(run.report(), @r#"
    exit 0
    --- stdout
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "AllowSeeingDevices",
          "Effect": "Allow",
          "Action": [
            "iam:GetAccountPasswordPolicy",
            "iam:ListVirtualMFADevices"
          ],
          "Resource": "*"
        },
        {
          "Sid": "AllowChangingOwnPassword",
          "Effect": "Allow",
          "Action": "iam:ChangePassword",
          "Resource": [
            "arn:aws-us-gov:iam::*:user/${aws:username}",
            "arn:aws-us-gov:iam::*:user/*/${aws:username}"
          ]
        },
        {
          "Sid": "AllowMakingTheFirstDevice",
          "Effect": "Allow",
          "Action": "iam:CreateVirtualMFADevice",
          "Resource": "arn:aws-us-gov:iam::*:mfa/${aws:username}"
        },
        {
          "Sid": "AllowEnablingOwnDevices",
          "Effect": "Allow",
          "Action": [
            "iam:GetMFADevice",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:EnableMFADevice",
            "iam:ResyncMFADevice"
          ],
          "Resource": [
            "arn:aws-us-gov:iam::*:user/${aws:username}",
            "arn:aws-us-gov:iam::*:user/*/${aws:username}"
          ]
        },
        {
          "Sid": "AllowFurtherDevicesWithMFA",
          "Effect": "Allow",
          "Action": [
            "iam:CreateVirtualMFADevice",
            "iam:DeleteVirtualMFADevice"
          ],
          "Resource": [
            "arn:aws-us-gov:iam::*:mfa/${aws:username}",
            "arn:aws-us-gov:iam::*:mfa/${aws:username}-*"
          ],
          "Condition": {
            "NumericLessThanEquals": {
              "aws:MultiFactorAuthAge": "28800"
            }
          }
        },
        {
          "Sid": "AllowTakingDevicesAwayWithMFA",
          "Effect": "Allow",
          "Action": "iam:DeactivateMFADevice",
          "Resource": [
            "arn:aws-us-gov:iam::*:user/${aws:username}",
            "arn:aws-us-gov:iam::*:user/*/${aws:username}"
          ],
          "Condition": {
            "NumericLessThanEquals": {
              "aws:MultiFactorAuthAge": "28800"
            }
          }
        },
        {
          "Sid": "DenyAllButEnrolmentWithoutMFA",
          "Effect": "Deny",
          "NotAction": [
            "iam:CreateVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:ResyncMFADevice",
            "iam:GetMFADevice",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:ChangePassword",
            "iam:GetAccountPasswordPolicy",
            "iam:ListVirtualMFADevices",
            "sts:GetSessionToken"
          ],
          "Resource": "*",
          "Condition": {
            "Null": {
              "aws:MultiFactorAuthAge": "true"
            }
          }
        },
        {
          "Sid": "DenyEnrolmentOfOthersWithoutMFA",
          "Effect": "Deny",
          "Action": [
            "iam:CreateVirtualMFADevice",
            "iam:EnableMFADevice",
            "iam:ResyncMFADevice",
            "iam:GetMFADevice",
            "iam:GetUser",
            "iam:ListMFADevices",
            "iam:ChangePassword"
          ],
          "NotResource": [
            "arn:aws-us-gov:iam::*:mfa/${aws:username}",
            "arn:aws-us-gov:iam::*:user/${aws:username}",
            "arn:aws-us-gov:iam::*:user/*/${aws:username}"
          ],
          "Condition": {
            "Null": {
              "aws:MultiFactorAuthAge": "true"
            }
          }
        },
        {
          "Sid": "DenyPasskeyAsFirstDevice",
          "Effect": "Deny",
          "Action": "iam:EnableMFADevice",
          "Resource": "*",
          "Condition": {
            "Null": {
              "aws:MultiFactorAuthAge": "true"
            },
            "StringEquals": {
              "iam:RegisterSecurityKey": [
                "Create",
                "Activate"
              ]
            }
          }
        },
        {
          "Sid": "DenyAllWithOldMFA",
          "Effect": "Deny",
          "Action": "*",
          "Resource": "*",
          "Condition": {
            "NumericGreaterThan": {
              "aws:MultiFactorAuthAge": "28800"
            }
          }
        }
      ]
    }
    --- stderr
    daypass: note: until somebody has enrolled, whoever has the key or the password can do so first: enrol on the day that the user is made
    daypass: note: users whose devices have other names than their own have left that name free: let them enrol one more, with daypass enroll --name USER
    daypass: note: even then, a stolen key can still enable a hardware token, or a virtual device that another user of the account has made: IAM cannot name the device in iam:EnableMFADevice. Have CloudTrail report that call
    daypass: note: a device that an interrupted enrolment has left is deleted by an administrator, with aws iam delete-virtual-mfa-device --serial-number ARN: without MFA nobody deletes one
    daypass: note: whoever knows the password can change it without MFA, since a first one often has to be: that opens nothing, but the owner needs an administrator then
    daypass: note: no user's name should be another's with a hyphen and more behind it: with MFA, ada could make the device ada-smith
    daypass: note: machine users with a key and nobody to type codes are stopped too: keep them out of the group
    daypass: note: a role that was assumed in time is good until its own end: its session has no MFA age
    "#);
}

#[test]
fn terraform_gets_the_policy_a_group_and_the_reasons_as_comments() {
    let home = Home::new();
    assert_report!(show(&home, &["--format", "terraform"]).report(), @r#"
    exit 0
    --- stdout
    # Without MFA the members of this group can do nothing. MFA counts for 8 h.
    #
    # What it leaves open:
    # - nobody in the group can enrol a first device: an administrator does it, with
    #   daypass enroll --user NAME
    # - machine users with a key and nobody to type codes are stopped too: keep them
    #   out of the group
    # - a role that was assumed in time is good until its own end: its session has
    #   no MFA age

    data "aws_iam_policy_document" "mfa" {
      # Without MFA there is no age of it: with an access key, in a session that was
      # made without a code, after a sign-in with the password alone. What is left
      # is asking for a session with MFA.
      statement {
        sid         = "DenyAllWithoutMFA"
        effect      = "Deny"
        not_actions = ["sts:GetSessionToken"]
        resources   = ["*"]

        condition {
          test     = "Null"
          variable = "aws:MultiFactorAuthAge"
          values   = ["true"]
        }
      }

      # MFA counts for 8 h. The age is in seconds.
      statement {
        sid       = "DenyAllWithOldMFA"
        effect    = "Deny"
        actions   = ["*"]
        resources = ["*"]

        condition {
          test     = "NumericGreaterThan"
          variable = "aws:MultiFactorAuthAge"
          values   = ["28800"]
        }
      }
    }

    resource "aws_iam_policy" "mfa" {
      name   = "daypass-mfa"
      policy = data.aws_iam_policy_document.mfa.json
    }

    resource "aws_iam_group" "mfa" {
      name = "mfa-enforced"
    }

    resource "aws_iam_group_policy_attachment" "mfa" {
      group      = aws_iam_group.mfa.name
      policy_arn = aws_iam_policy.mfa.arn
    }
    "#);
    let run = show(&home, &["--format", "terraform", "--kind", "self-service"]);
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert_report!(run.stdout.split("DenyAllBut").next().expect("a beginning"), @r#"
    # Without MFA the members of this group can change their password and enrol a
    # first MFA device of their own, and nothing else. MFA counts for 8 h.
    #
    # What it leaves open:
    # - until somebody has enrolled, whoever has the key or the password can do so
    #   first: enrol on the day that the user is made
    # - users whose devices have other names than their own have left that name
    #   free: let them enrol one more, with daypass enroll --name USER
    # - even then, a stolen key can still enable a hardware token, or a virtual
    #   device that another user of the account has made: IAM cannot name the device
    #   in iam:EnableMFADevice. Have CloudTrail report that call
    # - a device that an interrupted enrolment has left is deleted by an
    #   administrator, with aws iam delete-virtual-mfa-device --serial-number ARN:
    #   without MFA nobody deletes one
    # - whoever knows the password can change it without MFA, since a first one
    #   often has to be: that opens nothing, but the owner needs an administrator
    #   then
    # - no user's name should be another's with a hyphen and more behind it: with
    #   MFA, ada could make the device ada-smith
    # - machine users with a key and nobody to type codes are stopped too: keep them
    #   out of the group
    # - a role that was assumed in time is good until its own end: its session has
    #   no MFA age

    data "aws_iam_policy_document" "mfa" {
      # The console lists the virtual devices before it makes one.
      statement {
        sid    = "AllowSeeingDevices"
        effect = "Allow"
        actions = [
          "iam:GetAccountPasswordPolicy",
          "iam:ListVirtualMFADevices",
        ]
        resources = ["*"]
      }

      # A first password often has to be changed before anything else; it takes the
      # old one.
      statement {
        sid     = "AllowChangingOwnPassword"
        effect  = "Allow"
        actions = ["iam:ChangePassword"]
        resources = [
          "arn:aws:iam::*:user/&{aws:username}",
          "arn:aws:iam::*:user/*/&{aws:username}",
        ]
      }

      # The first device has the user's name and no other, so that nobody can make
      # one for a user who has it already.
      statement {
        sid       = "AllowMakingTheFirstDevice"
        effect    = "Allow"
        actions   = ["iam:CreateVirtualMFADevice"]
        resources = ["arn:aws:iam::*:mfa/&{aws:username}"]
      }

      # Two codes of the device put it into use.
      statement {
        sid    = "AllowEnablingOwnDevices"
        effect = "Allow"
        actions = [
          "iam:GetMFADevice",
          "iam:GetUser",
          "iam:ListMFADevices",
          "iam:EnableMFADevice",
          "iam:ResyncMFADevice",
        ]
        resources = [
          "arn:aws:iam::*:user/&{aws:username}",
          "arn:aws:iam::*:user/*/&{aws:username}",
        ]
      }

      # A second device, such as ada-2, is a backup of the first; making it takes
      # the first.
      statement {
        sid    = "AllowFurtherDevicesWithMFA"
        effect = "Allow"
        actions = [
          "iam:CreateVirtualMFADevice",
          "iam:DeleteVirtualMFADevice",
        ]
        resources = [
          "arn:aws:iam::*:mfa/&{aws:username}",
          "arn:aws:iam::*:mfa/&{aws:username}-*",
        ]

        condition {
          test     = "NumericLessThanEquals"
          variable = "aws:MultiFactorAuthAge"
          values   = ["28800"]
        }
      }

      # A device goes only with a code, or a stolen key could take it away.
      statement {
        sid     = "AllowTakingDevicesAwayWithMFA"
        effect  = "Allow"
        actions = ["iam:DeactivateMFADevice"]
        resources = [
          "arn:aws:iam::*:user/&{aws:username}",
          "arn:aws:iam::*:user/*/&{aws:username}",
        ]

        condition {
          test     = "NumericLessThanEquals"
          variable = "aws:MultiFactorAuthAge"
          values   = ["28800"]
        }
      }

      # Without MFA there is no age of it: with an access key, in a session that was
      # made without a code, after a sign-in with the password alone.
      statement {
        sid    = "
    "#);
}

#[test]
fn cloudformation_gets_the_same() {
    let home = Home::new();
    let run = show(
        &home,
        &["--format", "cloudformation", "--partition", "aws-cn"],
    );
    assert_report!(run.report(), @r#"
    exit 0
    --- stdout
    # Without MFA the members of this group can do nothing. MFA counts for 8 h.
    #
    # What it leaves open:
    # - nobody in the group can enrol a first device: an administrator does it, with
    #   daypass enroll --user NAME
    # - machine users with a key and nobody to type codes are stopped too: keep them
    #   out of the group
    # - a role that was assumed in time is good until its own end: its session has
    #   no MFA age
    #
    # aws cloudformation deploy --template-file FILE --stack-name mfa
    #     --capabilities CAPABILITY_NAMED_IAM

    AWSTemplateFormatVersion: "2010-09-09"

    Resources:
      Group:
        Type: AWS::IAM::Group
        Properties:
          GroupName: mfa-enforced

      Policy:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          ManagedPolicyName: daypass-mfa
          Groups:
            - !Ref Group
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              # Without MFA there is no age of it: with an access key, in a session
              # that was made without a code, after a sign-in with the password
              # alone. What is left is asking for a session with MFA.
              - Sid: DenyAllWithoutMFA
                Effect: Deny
                NotAction: sts:GetSessionToken
                Resource: "*"
                Condition:
                  "Null":
                    aws:MultiFactorAuthAge: "true"

              # MFA counts for 8 h. The age is in seconds.
              - Sid: DenyAllWithOldMFA
                Effect: Deny
                Action: "*"
                Resource: "*"
                Condition:
                  NumericGreaterThan:
                    aws:MultiFactorAuthAge: "28800"
    "#);
}

#[test]
fn an_age_that_no_session_has_is_refused() {
    let home = Home::new();
    for (age, told) in [("5m", "5 min"), ("37h", "37 h"), ("soon", "soon")] {
        let run = show(&home, &["--max-age", age]);
        assert_eq!(run.exit, 2, "{}", run.report());
        assert!(run.stderr.contains(told), "{}", run.report());
    }
}

/// The document of a template, read by somebody else's reader of YAML, and what cfn-lint has against it.
#[test]
fn the_template_is_valid_for_cloudformation_and_holds_the_same_document() {
    const SCRIPT: &str = r#"
import json, sys, yaml
yaml.SafeLoader.add_constructor("!Ref", lambda loader, node: {"Ref": node.value})
template = yaml.safe_load(open(sys.argv[1]))
policy = template["Resources"]["Policy"]["Properties"]
assert policy["Groups"] == [{"Ref": "Group"}], policy
print(json.dumps(policy["PolicyDocument"], default=repr))
"#;
    let Some(programs) = python_environment() else {
        return;
    };
    let home = Home::new();
    for kind in KINDS {
        let document = show(&home, &["--kind", kind]).json();
        let template = show(&home, &["--kind", kind, "--format", "cloudformation"]);
        let path = home.path("mfa.yaml");
        std::fs::write(&path, template.stdout).expect("a template");
        let output = Command::new(programs.join("python"))
            .args(["-I", "-c", SCRIPT])
            .arg(&path)
            .output()
            .expect("Python starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        let read: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(read, document);
        let lint = Command::new(programs.join("python"))
            .args(["-I", "-c", "from cfnlint.runner import main; main()"])
            .arg(&path)
            .output()
            .expect("cfn-lint starts");
        let told = String::from_utf8_lossy(&lint.stdout);
        assert!(lint.status.success(), "{told}");
    }
}
