//! Where the sessions of roles are kept.

use super::Roles;
use crate::support::{DAYPASS, Desktop, assert_report, keychain_profile};

#[test]
fn the_section_may_have_a_name_of_its_own() {
    let roles = Roles::new();
    roles.configure("daypass_session_section = prod-session\n", "");
    roles.home.log_in();
    let run = roles.credentials("deploy");
    assert_eq!(run.stderr, "");
    let prod = roles.home.credential("prod-session", "daypass_role_arn");
    assert_eq!(prod.as_ref(), Some(&roles.admin));
    assert!(!roles.home.credentials().contains("[prod-mfa]"));
    roles.credentials("prod");
    assert_eq!(roles.calls(), (1, 2));
}

#[test]
fn two_sessions_of_one_chain_are_not_kept_in_one_section() {
    let roles = Roles::new();
    roles.configure("daypass_session_section = work-mfa\n", "");
    assert_report!(roles.refused("prod").report(), @"
    exit 1
    --- stderr
    daypass: error: the session of the role of profile 'prod' would be kept in [work-mfa], as another session that it is made of is
      hint: take daypass_session_section out of [profile prod], or give it another name
    ");
    roles.configure("", "daypass_session_section = prod-mfa\n");
    assert_report!(roles.refused("deploy").report(), @"
    exit 1
    --- stderr
    daypass: error: the session of the role of profile 'deploy' would be kept in [prod-mfa], as another session that it is made of is
      hint: take daypass_session_section out of [profile deploy], or give it another name
    ");
    assert_eq!(roles.home.sandbox.connections(), 0);
}

#[test]
fn a_section_that_would_shadow_a_process_or_a_key_is_refused_before_anything_is_asked() {
    let roles = Roles::new();
    roles.configure(
        &format!("daypass_session_section = prod\ncredential_process = {DAYPASS} credential-process prod\n"),
        "",
    );
    assert_report!(roles.refused("prod").report(), @"
    exit 1
    --- stderr
    daypass: error: the session section [prod] (~/.aws/credentials, not written yet) is also a profile with a credential_process (~/.aws/config, line 11): AWS tools would take the keys of the section and never run the process again, expired or not
      hint: keep the session in a section of its own: daypass_session_section = prod-mfa in [profile prod]
    ");
    roles.configure("daypass_session_section = work-long-term\n", "");
    assert_report!(roles.refused("prod").report(), @"
    exit 1
    --- stderr
    daypass: error: the session section [work-long-term] holds a long-term key, which a session would overwrite (~/.aws/credentials, line 2)
      hint: keep the session in a section of its own: daypass_session_section = prod-mfa in [profile prod]
    ");
    assert_eq!(roles.home.sandbox.connections(), 0);
}

#[test]
fn sessions_of_both_kinds_take_each_others_place_when_a_profile_changes() {
    let roles = Roles::new();
    roles.home.log_in();
    roles.credentials("prod");
    // prod is a user's profile now.
    let config = roles.home.config();
    let role = format!("role_arn = {}\nsource_profile = work\n", roles.admin);
    let user = format!("mfa_serial = {}\n", roles.home.device.serial);
    roles.home.write_config(&config.replacen(&role, &user, 1));
    let key = roles.home.long_term_section("prod-long-term");
    roles
        .home
        .write_credentials(&(roles.home.credentials() + &key));
    assert_eq!(roles.refused("prod").exit, 3);
    let code = roles.home.code();
    let login = roles.home.daypass(["login", "prod", "--code", &code]).run();
    assert_eq!(login.exit, 0, "{}", login.report());
    assert_eq!(roles.home.credential("prod-mfa", "daypass_role_arn"), None);
    assert_eq!(roles.issued(&roles.credentials("prod")).role_arn, None);
    // And a role's again.
    roles.home.write_config(&config);
    let credentials = roles.home.credentials().replace(&key, "");
    roles.home.write_credentials(&credentials);
    let prod = roles.issued(&roles.credentials("prod"));
    assert_eq!(prod.role_arn.as_ref(), Some(&roles.admin));
}

#[test]
fn a_session_that_cannot_be_saved_is_handed_out_with_a_warning() {
    let roles = Roles::new();
    roles.home.log_in();
    // A carriage return inside a line: read, and never edited.
    let credentials = roles.home.credentials() + "# a\rb\n";
    roles.home.write_credentials(&credentials);
    let run = roles.home.daypass(["credential-process", "deploy"]).run();
    let warning = "warning: the session could not be saved and serves this once only";
    assert!(run.stderr.contains(warning), "{}", run.report());
    let deploy = roles.issued(&run);
    assert_eq!(deploy.role_arn.as_ref(), Some(&roles.deploy));
    assert_eq!(roles.home.credentials(), credentials);
}

#[test]
fn role_sessions_are_in_the_keychain_where_the_session_is() {
    let Some(desktop) = Desktop::new() else {
        return;
    };
    let home = &desktop.home;
    let arn = home.sandbox.add_role(daypass_sandbox::Role {
        require_mfa: true,
        ..daypass_sandbox::Role::default()
    });
    home.write_config(&format!(
        "{}daypass_session_store = keychain\n\
         [profile prod]\nregion = eu-west-1\nrole_arn = {arn}\nsource_profile = work\n",
        keychain_profile(home)
    ));
    home.log_in_on(&desktop);
    let prod = || desktop.daypass(["credential-process", "prod"]).run();
    let first = prod();
    assert_eq!(
        (first.exit, first.stderr.as_str()),
        (0, ""),
        "{}",
        first.report()
    );
    assert_eq!(prod().json(), first.json());
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);
    assert_eq!(home.credentials(), "");
    let entry = desktop.session_entry().replace("work-mfa", "prod-mfa");
    let kept = desktop.lookup(&entry).expect("an entry");
    assert!(kept.contains("daypass_role_arn"), "no role in {entry}");
    // Locked, it asks nobody and says so.
    desktop.lock();
    let locked = desktop
        .daypass(["--no-prompt", "credential-process", "prod"])
        .run();
    assert_report!(locked.report(), @"
    exit 1
    --- stderr
    daypass: error: the keychain (Secret Service) does not open without a question, and it may not ask now
      hint: unlock it first, or run in a terminal: daypass login PROFILE
    ");
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);
}
