//! Many accounts, as a role in each.

use daypass_sandbox::{Password, Role};

use super::*;

const OTHER: &str = "210987654321";
const STRANGE: &str = "999999999999";

fn with_role_in(home: &Home, account: &str) {
    home.sandbox.add_role(Role {
        name: "Auditor".to_owned(),
        account: account.to_owned(),
        trusted: vec![home.user.arn.clone()],
        require_mfa: true,
        ..Role::default()
    });
    let user = home.sandbox.add_user_in(account, "/", "zoe");
    let now = home.sandbox.now();
    let password = Password {
        created: now,
        changed: now,
        last_used: None,
    };
    home.sandbox.set_password(&user, Some(password));
}

fn audit_accounts(home: &Home, accounts: &str, more: &[&str]) -> Run {
    fs::write(home.path("accounts"), accounts).expect("accounts");
    let words = [
        "audit",
        "work",
        "--role-name",
        "Auditor",
        "--accounts",
        "accounts",
    ];
    home.daypass(words.into_iter().chain(more.iter().copied()))
        .run()
}

#[test]
fn one_report_has_the_findings_of_all_accounts_and_those_that_failed() {
    let home = Home::new();
    home.log_in();
    with_role_in(&home, OTHER);
    let accounts = format!("# ours\n{ACCOUNT} our own\n{STRANGE}\n{OTHER}\n");
    let run = audit_accounts(&home, &accounts, &["--format", "json"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    let json = run.json();
    let ids: Vec<&str> = json["accounts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|account| account["account"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, [ACCOUNT, STRANGE, OTHER]);
    assert_eq!(json["summary"]["accounts_failed"], 1);
    let error = json["accounts"][1]["error"].as_str().expect("an error");
    assert!(error.contains("sts:AssumeRole"), "{error}");
    let findings = json["findings"].as_array().expect("a list").clone();
    let of = |check: &str, account: &str| {
        let mut of = findings.iter();
        of.any(|finding| finding["check"] == check && finding["account"] == account)
    };
    // The account of the profile itself is audited without a role, which it does not have.
    assert!(of("root-mfa", ACCOUNT));
    assert!(of("console-without-mfa", OTHER));
    assert_eq!(home.sandbox.calls("AssumeRole"), 2);
    let table = audit_accounts(&home, &accounts, &[]).stdout;
    assert!(table.contains("3 accounts: "), "{table}");
    assert!(table.contains(&format!("{OTHER} user/zoe")), "{table}");
    assert!(
        table.contains("accounts that could not be audited (1)"),
        "{table}"
    );
}

#[test]
fn an_account_that_was_not_looked_at_is_not_in_order() {
    let home = Home::new();
    home.log_in();
    let run = audit_accounts(&home, STRANGE, &[]);
    assert_eq!(run.exit, 1, "{}", run.report());
}

#[test]
fn a_file_that_names_no_accounts_is_told_before_anything_is_asked() {
    let home = Home::new();
    insta::assert_snapshot!(audit_accounts(&home, "work\n", &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: accounts does not name accounts
      caused by: line 1: 'work' is no account: it is twelve digits
      hint: write an account a line: aws organizations list-accounts --query 'Accounts[].[Id,Name]' --output text
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}
