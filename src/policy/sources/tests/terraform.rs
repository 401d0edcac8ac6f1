//! Terraform's files.

use insta::assert_snapshot;

use super::shown;

/// A group with one inline policy out of this expression, behind some other blocks.
fn with_policy(policy: &str, others: &str) -> String {
    let text = format!(
        "resource \"aws_iam_group_policy\" \"p\" {{\n  name = \"p\"\n  group = \"devs\"\n  policy = {policy}\n}}\n\
         resource \"aws_iam_group\" \"devs\" {{\n  name = \"devs\"\n}}\n{others}"
    );
    shown(&[("main.tf", &text)])
}

#[test]
fn jsonencode_has_locals_variables_and_arithmetic() {
    let policy = r#"jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.base, [{
      Sid       = "TooOld"
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { NumericGreaterThan = { "aws:MultiFactorAuthAge" = var.hours * 60 * 60 } }
    }])
  })"#;
    let others = r#"
variable "hours" {
  type    = number
  default = 8
}
locals {
  actions = ["s3:Get*", "s3:List*"]
  base = [{
    Effect   = "Allow"
    Action   = local.actions
    Resource = format("arn:%s:s3:::logs-${lower("EU")}/*", "aws")
  }]
}
"#;
    assert_snapshot!(with_policy(policy, others), @r#"
    group devs
      inline policy 'p' of group 'devs' at main.tf:1
        {"Action":["s3:Get*","s3:List*"],"Effect":"Allow","Resource":"arn:aws:s3:::logs-eu/*"}
        {"Action":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"28800"}},"Effect":"Deny","Resource":"*","Sid":"TooOld"}
    note: main.tf:19: var.hours is taken at its default
    "#);
}

#[test]
fn policy_variables_are_written_three_ways() {
    let policy = r#"jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "iam:*", Resource = "arn:aws:iam::*:user/$${aws:username}" },
      jsondecode(data.aws_iam_policy_document.own.json).Statement[0],
      jsondecode(local.text),
    ]
  })"#;
    let others = r#"
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["iam:*"]
    resources = ["arn:aws:iam::*:mfa/&{aws:username}"]
  }
}
locals {
  text = <<-EOT
    {"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:group/$${aws:username}"}
  EOT
}
"#;
    assert_snapshot!(with_policy(policy, others), @r#"
    group devs
      inline policy 'p' of group 'devs' at main.tf:1
        {"Action":"iam:*","Effect":"Allow","Resource":"arn:aws:iam::*:user/${aws:username}"}
        {"Action":"iam:*","Effect":"Allow","Resource":"arn:aws:iam::*:mfa/${aws:username}"}
        {"Action":"iam:*","Effect":"Allow","Resource":"arn:aws:iam::*:group/${aws:username}"}
    "#);
}

#[test]
fn an_open_resource_is_a_symbol_and_an_open_action_leaves_the_statement_out() {
    let policy = r#"jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Open", Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.logs.arn}/*" },
      { Sid = "Gone", Effect = "Allow", Action = var.actions, Resource = "*" },
      { Sid = "Age", Effect = "Deny", Action = "*", Resource = "*",
        Condition = { NumericGreaterThan = { "aws:MultiFactorAuthAge" = var.age } } },
      { Sid = "Net", Effect = "Deny", Action = "*", Resource = "*",
        Condition = { NotIpAddress = { "aws:SourceIp" = var.networks } } },
      { Sid = "Here", Effect = "Allow", Action = "s3:*",
        Resource = "arn:aws:s3:::${data.aws_caller_identity.current.account_id}-logs" },
    ]
  })"#;
    let others = "variable \"actions\" {}\nvariable \"age\" {}\nvariable \"networks\" {}\n";
    assert_snapshot!(with_policy(policy, others), @r#"
    group devs
      inline policy 'p' of group 'devs' at main.tf:1
        {"Action":"s3:*","Effect":"Allow","Resource":"${aws_s3_bucket.logs.arn}/*","Sid":"Open"}
        {"Action":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"${var.networks}"}},"Effect":"Deny","Resource":"*","Sid":"Net"}
        {"Action":"s3:*","Effect":"Allow","Resource":"arn:aws:s3:::${data.aws_caller_identity.current.account_id}-logs","Sid":"Here"}
      unknown: statement 2 of inline policy 'p' of group 'devs'
      unknown: statement 3 of inline policy 'p' of group 'devs'
    note: main.tf:1: ${aws_s3_bucket.logs.arn} in inline policy 'p' of group 'devs': which is not known before it is there
    note: main.tf:1: ${var.networks} in inline policy 'p' of group 'devs': a variable without a default
    note: main.tf:1: statement 2 of inline policy 'p' of group 'devs' hangs on ${var.actions}, a variable without a default: judged without it
    note: main.tf:1: statement 3 of inline policy 'p' of group 'devs' hangs on ${var.age}, a variable without a default: judged without it
    "#);
}

#[test]
fn other_files_and_modules_are_not_read() {
    assert_snapshot!(with_policy("file(\"${path.module}/policy.json\")", ""), @"
    group devs
      unknown: inline policy 'p' of group 'devs'
    note: main.tf:1: inline policy 'p' of group 'devs' hangs on ${file('(path.module)/policy.json')}, another file, which is not read: judged without it
    ");
    assert_snapshot!(with_policy("templatefile(\"p.tftpl\", { a = 1 })", ""), @"
    group devs
      unknown: inline policy 'p' of group 'devs'
    note: main.tf:1: inline policy 'p' of group 'devs' hangs on ${templatefile('p.tftpl', ( a = 1 ))}, another file, which is not read: judged without it
    ");
    assert_snapshot!(with_policy("module.policy.json", ""), @"
    group devs
      unknown: inline policy 'p' of group 'devs'
    note: main.tf:1: inline policy 'p' of group 'devs' hangs on ${module.policy.json}, of a module, which is not read: judged without it
    ");
}

#[test]
fn a_heredoc_with_a_bare_interpolation_that_is_open_is_not_known() {
    let policy = "<<EOF\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \
                  ${var.actions}, \"Resource\": \"*\"}]}\nEOF\n";
    assert_snapshot!(with_policy(policy, ""), @"
    group devs
      unknown: inline policy 'p' of group 'devs'
    note: main.tf:1: inline policy 'p' of group 'devs' hangs on ${var.actions}, a variable without a default: judged without it
    ");
    let others = "variable \"actions\" {\n  default = [\"s3:*\"]\n}\n";
    let policy = policy.replace("${var.actions}", "${jsonencode(var.actions)}");
    assert_snapshot!(with_policy(&policy, others), @r#"
    group devs
      inline policy 'p' of group 'devs' at main.tf:1
        {"Action":"s3:*","Effect":"Allow","Resource":"*"}
    note: main.tf:12: var.actions is taken at its default
    "#);
}

#[test]
fn dynamic_blocks_are_unfolded_where_their_list_is_known() {
    let others = r#"
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = { read = "s3:Get*", write = "s3:Put*" }
    content {
      sid       = statement.key
      actions   = [statement.value]
      resources = ["*"]
      dynamic "condition" {
        for_each = statement.key == "write" ? ["true"] : []
        iterator = mfa
        content {
          test     = "Bool"
          variable = "aws:MultiFactorAuthPresent"
          values   = [mfa.value]
        }
      }
    }
  }
  dynamic "statement" {
    for_each = var.more
    content {
      actions   = statement.value
      resources = ["*"]
    }
  }
}
"#;
    assert_snapshot!(with_policy("data.aws_iam_policy_document.d.json", others), @"
    group devs
      unknown: statement 1 of inline policy 'p' of group 'devs'
      unknown: statement 2 of inline policy 'p' of group 'devs'
      unknown: statement 3 of inline policy 'p' of group 'devs'
    note: main.tf:1: statement 1 of inline policy 'p' of group 'devs' hangs on ${var.more}, a variable without a default: judged without it
    note: main.tf:1: statement 2 of inline policy 'p' of group 'devs' hangs on ${var.more}, a variable without a default: judged without it
    note: main.tf:1: statement 3 of inline policy 'p' of group 'devs' hangs on ${var.more}, a variable without a default: judged without it
    ");
}

#[test]
fn an_override_that_is_open_may_replace_every_statement_with_a_sid() {
    let others = r#"
data "aws_iam_policy_document" "d" {
  override_policy_documents = [var.over]
  statement {
    sid       = "Named"
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
  statement {
    not_actions   = ["iam:*"]
    not_resources = ["arn:aws:s3:::a"]
  }
}
"#;
    assert_snapshot!(with_policy("data.aws_iam_policy_document.d.json", others), @r#"
    group devs
      inline policy 'p' of group 'devs' at main.tf:1
        {"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::a"}
      unknown: statement 1 of inline policy 'p' of group 'devs'
      unknown: statement 3 of inline policy 'p' of group 'devs'
    note: main.tf:1: statement 1 of inline policy 'p' of group 'devs' hangs on ${var.over}, a variable without a default: judged without it
    note: main.tf:1: statement 3 of inline policy 'p' of group 'devs' hangs on ${var.over}, a variable without a default: judged without it
    "#);
}

#[test]
fn two_sources_with_one_sid_are_refused_as_terraform_does() {
    let others = r#"
data "aws_iam_policy_document" "a" {
  statement {
    sid       = "x"
    actions   = ["*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents = [data.aws_iam_policy_document.a.json, data.aws_iam_policy_document.a.json]
}
"#;
    assert_snapshot!(with_policy("data.aws_iam_policy_document.d.json", others), @"error: main.tf:1: data.aws_iam_policy_document.d: two of source_policy_documents have the Sid 'x'");
}

#[test]
fn users_have_the_policies_of_their_groups_and_a_boundary() {
    let text = r#"
resource "aws_iam_group" "team" {
  for_each = toset(["devs", "ops"])
  name     = each.key
}
resource "aws_iam_group_policy_attachment" "team" {
  for_each   = aws_iam_policy.of
  group      = aws_iam_group.team["devs"].name
  policy_arn = each.value.arn
}
resource "aws_iam_group_policy_attachment" "ops" {
  count      = 2
  group      = aws_iam_group.team["ops"].name
  policy_arn = aws_iam_policy.counted[count.index].arn
}
resource "aws_iam_policy" "counted" {
  count  = 2
  name   = "p${count.index}"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "s${count.index}:*", Resource = "*" } })
}
resource "aws_iam_policy" "limit" {
  name   = "limit"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "s3:*", Resource = "*" } })
}
resource "aws_iam_user" "ann" {
  name                 = "ann"
  permissions_boundary = "arn:aws:iam::123456789012:policy/limit"
}
resource "aws_iam_user" "bob" {
  name                 = "bob"
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}
resource "aws_iam_user_group_membership" "ann" {
  user   = aws_iam_user.ann.name
  groups = [aws_iam_group.team["ops"].name, "elsewhere"]
}
resource "aws_iam_group_membership" "ops" {
  name  = "ops"
  group = "ops"
  users = aws_iam_user.bob[*].name
}
resource "aws_iam_policy_attachment" "read" {
  name       = "read"
  groups     = [for group in aws_iam_group.team : group.name]
  users      = ["ann"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
"#;
    assert_snapshot!(shown(&[("main.tf", text)]), @r#"
    group devs
      unknown: ${each.value.arn}
    group ops
      policy 'p0' at main.tf:16
        {"Action":"s0:*","Effect":"Allow","Resource":"*"}
      policy 'p1' at main.tf:16
        {"Action":"s1:*","Effect":"Allow","Resource":"*"}
    user ann
      policy 'p0' at main.tf:16
        {"Action":"s0:*","Effect":"Allow","Resource":"*"}
      policy 'p1' at main.tf:16
        {"Action":"s1:*","Effect":"Allow","Resource":"*"}
      within
      policy 'limit' at main.tf:21
        {"Action":"s3:*","Effect":"Allow","Resource":"*"}
      unknown: arn:aws:iam::aws:policy/ReadOnlyAccess
      unknown: policies of group elsewhere
    user bob
      policy 'p0' at main.tf:16
        {"Action":"s0:*","Effect":"Allow","Resource":"*"}
      policy 'p1' at main.tf:16
        {"Action":"s1:*","Effect":"Allow","Resource":"*"}
    group ${[for group in aws_iam_group.team : group.name]}
      unknown: arn:aws:iam::aws:policy/ReadOnlyAccess
    note: main.tf:6: policy ${each.value.arn}: which is not known before it is there; judged without it
    note: main.tf:6: whether there is aws_iam_group_policy_attachment.team is not known
    note: main.tf:29: policy arn:aws:iam::aws:policy/PowerUserAccess is not in the files: judged without it
    note: main.tf:29: the permissions boundary arn:aws:iam::aws:policy/PowerUserAccess of user bob is not known: judged as if there were none
    note: main.tf:33: user ann is in group elsewhere, which is described elsewhere
    note: main.tf:42: policy arn:aws:iam::aws:policy/ReadOnlyAccess is not in the files: judged without it
    "#);
}

#[test]
fn what_hangs_on_a_variable_is_there_by_its_default_or_not_known_to_be() {
    let text = r#"
variable "enforce" {
  default = true
}
variable "extra" {}
resource "aws_iam_group" "g" {
  name = "g"
}
resource "aws_iam_group_policy" "by_default" {
  count  = var.enforce ? 1 : 0
  name   = "by_default"
  group  = aws_iam_group.g.name
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Deny", Action = "*", Resource = "*" } })
}
resource "aws_iam_group_policy" "open" {
  count  = var.extra ? 1 : 0
  name   = "open"
  group  = aws_iam_group.g.name
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Deny", Action = "*", Resource = "*" } })
}
resource "aws_iam_group_policy" "none" {
  count  = var.enforce ? 0 : 1
  name   = "none"
  group  = aws_iam_group.g.name
  policy = "not looked at"
}
"#;
    assert_snapshot!(shown(&[("main.tf", text)]), @r#"
    group g
      inline policy 'by_default' of group 'g' at main.tf:9
        {"Action":"*","Effect":"Deny","Resource":"*"}
      unknown: inline policy 'open' of group 'g'
    note: main.tf:2: var.enforce is taken at its default
    note: main.tf:15: whether there is aws_iam_group_policy.open is not known
    "#);
}

#[test]
fn several_files_are_one_module_and_a_role_has_what_is_written_in_it() {
    let role = r#"
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  managed_policy_arns = [aws_iam_policy.p.arn]
  inline_policy {
    name   = "own"
    policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "a:*", Resource = "*" } })
  }
}
"#;
    let rest = r#"
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "b:*", Resource = "*" } })
}
resource "aws_iam_policy" "nobodys" {
  name   = "nobodys"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "c:*", Resource = "*" } })
}
"#;
    assert_snapshot!(shown(&[("a/role.tf", role), ("a/rest.tf", rest)]), @r#"
    role r
      inline policy 'own' of role 'r' at a/role.tf:2
        {"Action":"a:*","Effect":"Allow","Resource":"*"}
      policy 'p' at a/rest.tf:11
        {"Action":"b:*","Effect":"Allow","Resource":"*"}
    policies nobodys
      policy 'nobodys' at a/rest.tf:15
        {"Action":"c:*","Effect":"Allow","Resource":"*"}
    "#);
}

#[test]
fn documents_without_a_resource_are_policies_except_of_trust() {
    let text = r#"
data "aws_iam_policy_document" "mfa" {
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
"#;
    assert_snapshot!(shown(&[("main.tf", text)]), @r#"
    policies data.aws_iam_policy_document.mfa
      data.aws_iam_policy_document.mfa at main.tf:2
        {"Action":"*","Effect":"Deny","Resource":"*"}
    "#);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_snapshot!(shown(&[("main.tf", "resource \"a\" \"b\" {\n  c = [\n}\n")]), @r#"error: main.tf:3:1: Terraform: invalid expression; expected `"`, `[`, `{`, `-`, `!`, `(`, `_`, `<`, letter or digit"#);
    assert_snapshot!(with_policy("jsonencode({ Version = \"2012-10-17\", Statement = [{}] })", ""), @"error: main.tf:1: inline policy 'p' of group 'devs': Statement[0].Effect: missing");
    assert_snapshot!(with_policy("\"{\"", ""), @"error: main.tf:1: inline policy 'p' of group 'devs': it is no JSON: it ends in the middle, at line 1, column 1");
    assert_snapshot!(shown(&[("main.tf", "resource \"aws_iam_policy\" \"p\" {\n  name = \"p\"\n}\n")]), @"error: main.tf:1: aws_iam_policy.p.policy: missing");
    assert_snapshot!(shown(&[("main.tf", "resource \"aws_s3_bucket\" \"p\" {\n  bucket = \"p\"\n}\n")]), @"error: main.tf: no policies of users, groups or roles in it");
}
