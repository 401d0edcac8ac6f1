//! The console of a role.

use super::*;

/// A home whose user may assume a role, and a profile `prod` for it.
fn home_with_role(role: Role) -> Home {
    let home = Home::new();
    let arn = home.sandbox.add_role(role);
    let prod =
        format!("[profile prod]\nregion = eu-central-1\nrole_arn = {arn}\nsource_profile = work\n");
    home.write_config(&(home.config() + &prod));
    home
}

fn role_with_mfa() -> Role {
    Role {
        require_mfa: true,
        ..Role::default()
    }
}

#[test]
fn a_profile_with_a_role_is_signed_in_with_the_role_and_with_mfa() {
    if !is_there("curl") {
        return;
    }
    let home = home_with_role(role_with_mfa());
    home.log_in();
    let run = home
        .daypass(["console", "prod", "--print", "-s", "lambda"])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-central-1.console.aws.amazon.com%2Flambda%2Fhome%3Fregion%3Deu-central-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console has the role arn:aws:iam::123456789012:role/Admin until [HH:MM]
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
    assert_eq!(
        follow(&home, &run),
        "302 https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1"
    );
    let sign_ins = home.sandbox.sign_ins();
    let session = home.sandbox.session(&sign_ins[0].access_key_id).unwrap();
    assert_eq!(session.action, "AssumeRole");
    assert!(session.with_mfa);
    // AWS would refuse a duration, and lets the console go on as long as the role.
    assert_eq!(sign_ins[0].session_duration, None);
    assert_eq!(sign_ins[0].session_ends, session.expires);
    assert_eq!(home.sandbox.calls("GetFederationToken"), 0);
}

#[test]
fn a_role_that_is_assumed_already_is_signed_in_with_again() {
    let home = home_with_role(role_with_mfa());
    home.log_in();
    for _ in 0..2 {
        let run = home.daypass(["console", "prod", "--print"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);
    assert_eq!(home.sandbox.calls("getSigninToken"), 2);
}

#[test]
fn a_role_without_a_session_asks_for_a_code_on_the_terminal_only() {
    let home = home_with_role(role_with_mfa());
    let run = home.daypass(["console", "prod", "--print"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    if !is_there("curl") {
        return;
    }
    let browser = script(&home, "browser", BROWSER);
    let console = home.daypass(["console", "prod"]).env("BROWSER", &browser);
    let mut terminal = Pty::start(&console);
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    assert_eq!(terminal.finish().exit, 0);
    wait_for(&home.path("done"));
    assert_eq!(home.sandbox.calls("login"), 1);
    // Where nobody may be asked, it is not.
    home.daypass(["logout", "--all"]).run();
    let never = Pty::start(&home.daypass(["console", "prod", "--print", "--no-prompt"]));
    assert_eq!(never.finish().exit, 3);
}

#[test]
fn a_role_behind_a_role_is_signed_in_with() {
    let home = home_with_role(role_with_mfa());
    let first = "arn:aws:iam::123456789012:role/Admin";
    let arn = home.sandbox.add_role(Role {
        name: "Deploy".to_owned(),
        account: "210987654321".to_owned(),
        trusted: vec![first.to_owned()],
        ..Role::default()
    });
    let profile = format!("[profile deploy]\nrole_arn = {arn}\nsource_profile = prod\n");
    home.write_config(&(home.config() + &profile));
    home.log_in();
    let run = home.daypass(["console", "deploy", "--print"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let arn = &home.sandbox.sign_ins()[0].arn;
    let role = "arn:aws:sts::210987654321:assumed-role/Deploy/";
    assert!(arn.starts_with(role), "{arn}");
}

#[test]
fn a_role_that_cannot_be_assumed_is_told_before_any_sign_in() {
    let home = home_with_role(Role {
        trusted: Vec::new(),
        ..Role::default()
    });
    home.log_in();
    let run = home.daypass(["console", "prod"]).run();
    assert_eq!(run.exit, 4, "{}", run.report());
    assert_eq!(home.sandbox.calls("getSigninToken"), 0);
}
