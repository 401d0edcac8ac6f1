//! Many accounts, as a role in each.

use daypass_sandbox::{OrganizationAccount, Password, Role};

use super::*;

pub(super) const OTHER: &str = "210987654321";
const STRANGE: &str = "999999999999";

pub(super) fn with_role_in(home: &Home, account: &str) {
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
      hint: write an account a line, or have all of the organization: --organization in the place of --accounts
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}

pub(super) fn organization(home: &Home, accounts: &[(&str, bool)]) {
    let accounts: Vec<OrganizationAccount> = accounts
        .iter()
        .map(|(id, is_active)| OrganizationAccount {
            id: (*id).to_owned(),
            name: format!("number {id}"),
            is_active: *is_active,
        })
        .collect();
    home.sandbox.set_organization(&accounts);
}

fn audit_organization(home: &Home, more: &[&str]) -> Run {
    let words = ["audit", "work", "--role-name", "Auditor", "--organization"];
    home.daypass(words.into_iter().chain(more.iter().copied()))
        .run()
}

/// The management account is the profile's own, in which there is no such role.
#[test]
fn all_active_accounts_of_the_organization_are_audited_and_the_others_told() {
    let home = Home::new();
    home.log_in();
    with_role_in(&home, OTHER);
    organization(&home, &[(ACCOUNT, true), (STRANGE, false), (OTHER, true)]);
    let run = audit_organization(&home, &["--format", "json"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    let json = run.json();
    let accounts = json["accounts"].as_array().expect("a list");
    let ids: Vec<&Value> = accounts.iter().map(|account| &account["account"]).collect();
    assert_eq!(ids, [ACCOUNT, OTHER]);
    assert_eq!(json["summary"]["accounts_failed"], 0);
    let note = format!("account {STRANGE} 'number {STRANGE}' is not active and was left out");
    assert_eq!(json["notes"], json!([note]));
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);
    let csv = audit_organization(&home, &["--format", "csv", "--fail-on", "none"]);
    assert_eq!(csv.exit, 0, "{}", csv.report());
    assert!(csv.stderr.contains(&note), "{}", csv.report());
    let table = audit_organization(&home, &[]).stdout;
    assert!(table.contains(&note), "{table}");
}

#[test]
fn notes_of_the_organization_stand_beside_those_of_the_ignore_file() {
    let home = Home::new();
    home.log_in();
    organization(&home, &[(ACCOUNT, true), (STRANGE, false)]);
    fs::write(home.path("ignore"), "old-key user/nobody never gone\n").expect("a file");
    let run = audit_organization(&home, &["--format", "json", "--ignore", "ignore"]);
    let notes = run.json()["notes"].clone();
    assert_eq!(notes.as_array().map(Vec::len), Some(2), "{notes}");
}

#[test]
fn whoever_may_not_list_the_accounts_is_told_who_may() {
    let home = Home::new();
    home.log_in();
    organization(&home, &[(OTHER, true), (ACCOUNT, true)]);
    insta::assert_snapshot!(audit_organization(&home, &[]).report(), @"
    exit 4
    --- stderr
    daypass: error: the accounts of the organization cannot be listed
      caused by: AWS denied organizations:ListAccounts: You don't have permissions to access this resource.
      hint: ask as somebody of the management account who is allowed organizations:ListAccounts, or name the accounts: --accounts FILE
    ");
}

#[test]
fn an_account_of_no_organization_is_told_to_name_accounts() {
    let home = Home::new();
    home.log_in();
    insta::assert_snapshot!(audit_organization(&home, &[]).report(), @"
    exit 4
    --- stderr
    daypass: error: the accounts of the organization cannot be listed
      caused by: AWS refused organizations:ListAccounts: Your account is not a member of an organization. (AWSOrganizationsNotInUseException)
      hint: name the accounts: --accounts FILE
    ");
}

#[test]
fn the_accounts_are_either_named_or_those_of_the_organization() {
    let home = Home::new();
    for words in [
        &["--role-name", "Auditor"][..],
        &["--organization"],
        &["--accounts", "accounts"],
        &[
            "--role-name",
            "Auditor",
            "--organization",
            "--accounts",
            "accounts",
        ],
        &[
            "--role-name",
            "Auditor",
            "--organization",
            "--credential-report",
            "report.csv",
        ],
    ] {
        let words = ["audit", "work"].into_iter().chain(words.iter().copied());
        let run = home.daypass(words).run();
        assert_eq!(run.exit, 2, "{}", run.report());
    }
    assert_eq!(home.sandbox.total_calls(), 0);
}

/// The serial of a hardware device does not tell the account.
#[test]
fn whoever_has_a_hardware_device_is_asked_about_the_own_account_without_a_role_too() {
    let home = Home::new();
    let serial = "GAHT12345678";
    let device = home.sandbox.add_hardware_device(&home.user, serial);
    home.write_config(&format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {serial}\n"
    ));
    let code = home.sandbox.fresh_code(&device);
    assert_eq!(
        home.daypass(["login", "work", "--code", &code]).run().exit,
        0
    );
    let run = audit_accounts(&home, ACCOUNT, &["--format", "json"]);
    assert_eq!(
        run.json()["summary"]["accounts_failed"],
        0,
        "{}",
        run.report()
    );
}
