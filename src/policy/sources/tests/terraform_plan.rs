//! What `terraform show -json` prints.

use insta::assert_snapshot;

use super::shown;

#[test]
fn a_plan_links_what_it_makes_through_its_modules() {
    let text = r#"{
  "format_version": "1.2",
  "terraform_version": "1.9.5",
  "planned_values": {"root_module": {
    "resources": [
      {"address": "aws_iam_group.devs", "mode": "managed", "type": "aws_iam_group", "name": "devs", "values": {"name": "devs"}},
      {"address": "aws_iam_group_policy.own", "mode": "managed", "type": "aws_iam_group_policy", "name": "own",
       "values": {"group": "devs", "name": "own"}},
      {"address": "data.aws_iam_policy_document.own", "mode": "data", "type": "aws_iam_policy_document", "name": "own",
       "values": {"statement": [
         {"sid": "Bucket", "effect": null, "actions": ["s3:*"], "condition": [], "not_actions": null, "not_resources": null},
         {"sid": "Age", "effect": "Deny", "actions": ["*"], "resources": ["*"],
          "condition": [{"test": "NumericGreaterThan", "variable": "aws:MultiFactorAuthAge", "values": ["3600"]}]},
         {"sid": "Open", "effect": "Deny", "actions": ["*"], "resources": ["*"],
          "condition": [{"test": "NumericGreaterThan", "variable": "aws:MultiFactorAuthAge", "values": [null]}]}
       ], "version": null}},
      {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "values": {}}
    ],
    "child_modules": [
      {"address": "module.mfa[\"x\"]", "resources": [
        {"address": "module.mfa[\"x\"].aws_iam_policy.enforce[0]", "mode": "managed", "type": "aws_iam_policy", "name": "enforce",
         "values": {"name": "enforce", "policy": "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
      ]},
      {"address": "module.attach", "resources": [
        {"address": "module.attach.aws_iam_group_policy_attachment.a", "mode": "managed", "type": "aws_iam_group_policy_attachment", "name": "a",
         "values": {"group": "devs"}}
      ]}
    ]
  }},
  "configuration": {"root_module": {
    "resources": [
      {"address": "aws_iam_group_policy.own", "expressions": {
        "group": {"references": ["aws_iam_group.devs.name", "aws_iam_group.devs"]},
        "policy": {"references": ["data.aws_iam_policy_document.own.json", "data.aws_iam_policy_document.own"]}}}
    ],
    "module_calls": {
      "mfa": {"module": {
        "outputs": {"arn": {"expression": {"references": ["aws_iam_policy.enforce[0].arn", "aws_iam_policy.enforce[0]", "aws_iam_policy.enforce"]}}},
        "resources": [{"address": "aws_iam_policy.enforce", "expressions": {"policy": {}}}]}},
      "attach": {
        "expressions": {"policy": {"references": ["module.mfa[\"x\"].arn", "module.mfa[\"x\"]", "module.mfa"]}},
        "module": {"resources": [
          {"address": "aws_iam_group_policy_attachment.a", "expressions": {"policy_arn": {"references": ["var.policy"]}}}]}}
    }
  }}
}"#;
    assert_snapshot!(shown(&[("plan.json", text)]), @r#"
    group devs
      inline policy 'own' of group 'devs' at plan.json
        {"Action":"s3:*","Effect":"Allow","Resource":"${data.aws_iam_policy_document.own.json}","Sid":"Bucket"}
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}},"Effect":"Deny","Resource":"*","Sid":"Age"}
      policy 'enforce' at plan.json
        {"Action":"*","Effect":"Deny","Resource":"*"}
      unknown: statement 3 of inline policy 'own' of group 'devs'
    note: plan.json: ${data.aws_iam_policy_document.own.json} in inline policy 'own' of group 'devs' (known only once it is made) stands for anything
    note: plan.json: statement 3 of inline policy 'own' of group 'devs' hangs on ${data.aws_iam_policy_document.own.json} (known only once it is made): judged without it
    "#);
}

#[test]
fn a_state_has_arns() {
    let text = r#"{
  "format_version": "1.0", "terraform_version": "1.9.5",
  "values": {"root_module": {"resources": [
    {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p",
     "values": {"name": "p", "arn": "arn:aws:iam::123456789012:policy/p",
                "policy": "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}},
    {"address": "aws_iam_user.ann", "mode": "managed", "type": "aws_iam_user", "name": "ann", "values": {"name": "ann", "permissions_boundary": null}},
    {"address": "aws_iam_user_policy_attachment.p", "mode": "managed", "type": "aws_iam_user_policy_attachment", "name": "p",
     "values": {"user": "ann", "policy_arn": "arn:aws:iam::123456789012:policy/p"}},
    {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
     "values": {"name": "r", "managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
                "inline_policy": [{"name": "", "policy": ""}], "permissions_boundary": null}}
  ]}}
}"#;
    assert_snapshot!(shown(&[("state.json", text)]), @r#"
    user ann
      policy 'p' at state.json
        {"Action":"*","Effect":"Deny","Resource":"*"}
    role r
      unknown: arn:aws:iam::aws:policy/AdministratorAccess
    note: state.json: policy arn:aws:iam::aws:policy/AdministratorAccess: not in the files; judged without it
    "#);
}

#[test]
fn what_a_plan_does_not_know_is_said() {
    let text = r#"{
  "format_version": "1.2",
  "planned_values": {"root_module": {"resources": [
    {"address": "aws_iam_group_policy.p", "mode": "managed", "type": "aws_iam_group_policy", "name": "p", "values": {"group": "g", "name": "p"}},
    {"address": "aws_iam_group_policy_attachment.a", "mode": "managed", "type": "aws_iam_group_policy_attachment", "name": "a", "values": {"group": "g"}},
    {"address": "aws_iam_user.u", "mode": "managed", "type": "aws_iam_user", "name": "u", "values": {"name": "u"}}
  ]}},
  "configuration": {"root_module": {"resources": [
    {"address": "aws_iam_group_policy.p", "expressions": {"policy": {"references": ["aws_s3_bucket.b.arn", "aws_s3_bucket.b"]}}},
    {"address": "aws_iam_group_policy_attachment.a", "expressions": {"policy_arn": {"references": ["module.x.arn", "module.x"]}}}
  ]}}
}"#;
    assert_snapshot!(shown(&[("plan.json", text)]), @"
    group g
      unknown: ${aws_iam_group_policy_attachment.a.policy_arn}
      unknown: inline policy 'p' of group 'g'
    user u
    note: plan.json: inline policy 'p' of group 'g' hangs on ${aws_iam_group_policy.p.policy} (known only once it is made): judged without it
    note: plan.json: policy ${aws_iam_group_policy_attachment.a.policy_arn}: known only once it is made; judged without it
    ");
    assert_snapshot!(shown(&[("plan.json", "{\"planned_values\": {}}")]), @"error: plan.json: no policies of users, groups or roles in it");
}
