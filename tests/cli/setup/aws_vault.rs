//! Configs in the style of aws-vault: keys elsewhere, and role profiles beside the source.

use super::{
    Person, assert_done, assert_second_run_does_nothing, empty_home, make_aws_directory, setup,
};
use crate::support::{DAYPASS, Home, assert_report, python_environment};

/// The config of somebody whose keys are in aws-vault.
fn aws_vault_config(home: &Home) -> String {
    let serial = &home.device.serial;
    format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {serial}\n\n\
         # production\n[profile prod]\nsource_profile = work\n\
         role_arn = arn:aws:iam::123456789012:role/Admin\nmfa_serial = {serial}\n\
         # an hour\nduration_seconds = 3600\n\n\
         [profile other]\nsource_profile = elsewhere\nrole_arn = arn:aws:iam::123456789012:role/B\n\
         mfa_serial = {serial}\n\n[profile elsewhere]\nregion = eu-west-1\n"
    )
}

#[test]
fn an_aws_vault_config_is_adopted_with_the_key_that_aws_vault_hands_over() {
    let home = empty_home();
    make_aws_directory(&home);
    let config = aws_vault_config(&home);
    home.write_config(&config);
    // As `aws-vault exec --no-session work -- daypass setup` runs it.
    let run = setup(&home, &["--yes", "--keychain", "none"])
        .env("AWS_VAULT", "work")
        .env("AWS_ACCESS_KEY_ID", &home.user.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &home.user.secret_access_key)
        .run();
    assert_report!(run.report().replace(&home.device.serial, "[SERIAL]"), @"
    exit 0
    --- stdout

    Profile     work
    Access key  [KEY] of the user ada of account 123456789012
    Its secret  in [work-long-term] of ~/.aws/credentials, as plain text
    MFA device  [SERIAL]

    What will change (+ comes, - goes; secrets are shown as ****):

    ~/.aws/config
    @@ line 2 @@
     region = eu-west-1
     mfa_serial = [SERIAL]
    +credential_process = /bin/daypass credential-process work

     # production
    @@ line 8 @@
     source_profile = work
     role_arn = arn:aws:iam::123456789012:role/Admin
    -mfa_serial = [SERIAL]
     # an hour
     duration_seconds = 3600

    ~/.aws/credentials
    @@ line 1 @@
    +[work-long-term]
    +aws_access_key_id = [KEY]
    +aws_secret_access_key = ****

    Note: prod: mfa_serial goes, since AWS tools would ask for a code of their own
      with it, though the session of 'work' has MFA already (--keep-role-devices
      leaves it).
    Backups come first: ~/.aws/config.backup-DATE
    Backup: ~/.aws/config.backup-[TIME]

    work is set up, and you are not logged in yet. What you need from now on:
      daypass login work        once a day, with a code
      aws s3 ls --profile work  or any other AWS tool
      daypass status work       shows until when
    ");
    let role_serial = format!("role/Admin\nmfa_serial = {}\n", home.device.serial);
    let process = format!(
        "mfa_serial = {0}\ncredential_process = {DAYPASS} credential-process work\n\n# production",
        home.device.serial
    );
    let expected = config.replace(&role_serial, "role/Admin\n").replacen(
        &format!("mfa_serial = {}\n\n# production", home.device.serial),
        &process,
        1,
    );
    assert_eq!(home.config(), expected);
    assert_eq!(home.credentials(), home.long_term_section("work-long-term"));
    assert_second_run_does_nothing(&home);
}

#[test]
fn role_profiles_keep_their_device_if_that_is_wanted() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(&aws_vault_config(&home));
    home.write_credentials(&home.long_term_section("work-long-term"));
    let arguments = ["work", "--yes", "--keychain", "none", "--keep-role-devices"];
    assert_done(&setup(&home, &arguments).run());
    assert_eq!(home.config().matches("mfa_serial").count(), 3);
}

#[test]
fn the_real_tools_assume_the_role_without_a_second_code_afterwards() {
    let Some(programs) = python_environment() else {
        return;
    };
    let home = empty_home();
    home.sandbox.add_role(daypass_sandbox::Role {
        name: "Admin".to_owned(),
        require_mfa: true,
        ..daypass_sandbox::Role::default()
    });
    make_aws_directory(&home);
    home.write_config(&aws_vault_config(&home));
    home.write_credentials(&home.long_term_section("work"));
    let code = home.code();
    let arguments = ["work", "--yes", "--keychain", "none", "--code", &code];
    assert_done(&setup(&home, &arguments).run());
    let aws = programs.join("aws").display().to_string();
    let words = [
        "sts",
        "get-caller-identity",
        "--profile",
        "prod",
        "--region",
        "eu-west-1",
    ];
    let who = home.program(&aws, words).run();
    assert_eq!(who.exit, 0, "{}", who.report());
    assert!(
        who.stdout.contains("assumed-role/Admin"),
        "{}",
        who.report()
    );
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn another_programs_credential_process_is_replaced_and_named() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(&format!(
        "[profile work]\nregion = eu-west-1\nmfa_serial = {}\n\
         credential_process = aws-vault export --format=json work\n",
        home.device.serial
    ));
    home.write_credentials(&home.long_term_section("work-long-term"));
    let run = setup(&home, &["work", "--yes", "--keychain", "none"]).run();
    assert_done(&run);
    assert!(
        run.stdout.contains("ran aws-vault until now"),
        "{}",
        run.report()
    );
    assert_eq!(home.config(), home.profile_section("work"));
}

#[test]
fn a_person_whose_key_is_in_aws_vault_is_told_how_to_hand_it_over() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(&aws_vault_config(&home));
    let mut ada = Person::at(&setup(&home, &[]));
    ada.terminal.expect("1. work");
    ada.types("Number, or another name [1]:", "\r");
    ada.terminal
        .expect("aws-vault exec --no-session work -- daypass setup work");
    ada.types("Access key id", "\x03");
    assert_eq!(ada.terminal.finish().exit, 1);
}

#[test]
fn profiles_that_get_their_credentials_otherwise_are_refused() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(
        &(aws_vault_config(&home) + "\n[profile sso]\nsso_session = acme\nregion = eu-west-1\n"),
    );
    assert_report!(setup(&home, &["prod"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' assumes a role, with the credentials of another profile
      hint: set that one up: daypass setup work
    ");
    assert_report!(setup(&home, &["sso"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'sso' signs in by sso_session, which AWS tools prefer to everything else
      hint: name another profile, which may be a new one: daypass setup NAME
    ");
}
