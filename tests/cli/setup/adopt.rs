//! What aws-mfa, aws-vault and people's own hands left: taken over, with every other byte as it was.

use std::fs;

use super::{
    Person, assert_done, assert_second_run_does_nothing, backups, empty_home, files,
    make_aws_directory, moved_key, setup, with_key_in_work,
};
use crate::support::{DAYPASS, Home, assert_report, mode, set_mode};

/// The comments and profiles of somebody who has had these files for years.
const OTHERS_IN_CONFIG: &str = "\
# Ada's settings; mind the gap

[default]
region = eu-west-1   # Ireland
s3 =
    max_concurrent_requests = 20

[profile staging]
role_arn=arn:aws:iam::210987654321:role/Admin
source_profile = default
";

pub const OTHERS_IN_CREDENTIALS: &str = "\
; do not touch\r
[default]\r
aws_access_key_id     = AKIADEFAULTDEFAULT00\r
aws_secret_access_key = default-secret-of-the-other-profile0\r
\r
# the old one:
";

/// A home as aws-mfa has it, between the sections of others.
pub fn aws_mfa_home() -> Home {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(&format!(
        "{OTHERS_IN_CONFIG}\n[profile work]\noutput = json\nregion = eu-central-1\n"
    ));
    home.write_credentials(&format!(
        "{OTHERS_IN_CREDENTIALS}[work-long-term]\n# from the console\naws_access_key_id = {}\n\
         aws_secret_access_key = {}\naws_mfa_device = {}\n\n[work]\nassumed_role = False\n\
         aws_access_key_id = ASIAOLDOLDOLDOLD0000\naws_secret_access_key = old-secret-of-aws-mfa\n\
         aws_session_token = old-token\naws_security_token = old-token\n\
         expiration = 2026-11-20 17:31:04\n\n[last]\nregion = eu-west-2",
        home.user.access_key_id, home.user.secret_access_key, home.device.serial
    ));
    home
}

#[test]
fn an_aws_mfa_home_is_adopted_and_no_other_byte_changes() {
    let home = aws_mfa_home();
    let before = files(&home);
    let run = setup(&home, &["work", "--yes", "--keychain", "none"]).run();
    assert_report!(run.report().replace(&home.device.serial, "[SERIAL]"), @"
    exit 0
    --- stdout

    Profile     work
    Access key  [KEY] of the user ada of account 123456789012
    Its secret  in [work-long-term] of ~/.aws/credentials, as plain text
    MFA device  [SERIAL]

    What will change (+ comes, - goes; secrets are shown as ****):

    ~/.aws/config
    @@ line 13 @@
     output = json
     region = eu-central-1
    +mfa_serial = [SERIAL]
    +credential_process = /bin/daypass credential-process work

    ~/.aws/credentials
    @@ line 11 @@
     aws_mfa_device = [SERIAL]

    -[work]
    -assumed_role = False
    -aws_access_key_id = ASIAOLDOLDOLDOLD0000
    -aws_secret_access_key = ****
    -aws_session_token = ****
    -aws_security_token = ****
    -expiration = 2026-11-20 [HH:MM]:04
    -
     [last]
     region = eu-west-2

    Note: the old session in [work] goes: AWS tools would use it for ever, expired
      or not.
    Backups come first: ~/.aws/config.backup-DATE, ~/.aws/credentials.backup-DATE
    Backup: ~/.aws/config.backup-[TIME]
    Backup: ~/.aws/credentials.backup-[TIME]

    work is set up, and you are not logged in yet. What you need from now on:
      daypass login work        once a day, with a code
      aws s3 ls --profile work  or any other AWS tool
      daypass status work       shows until when
    ");
    assert_eq!(
        home.config(),
        format!(
            "{OTHERS_IN_CONFIG}\n[profile work]\noutput = json\nregion = eu-central-1\n\
             mfa_serial = {}\ncredential_process = {DAYPASS} credential-process work\n",
            home.device.serial
        )
    );
    assert_eq!(
        home.credentials(),
        format!(
            "{OTHERS_IN_CREDENTIALS}[work-long-term]\n# from the console\naws_access_key_id = {}\n\
             aws_secret_access_key = {}\naws_mfa_device = {}\n\n[last]\nregion = eu-west-2",
            home.user.access_key_id, home.user.secret_access_key, home.device.serial
        )
    );
    for (name, text) in before {
        let copies = backups(&home, &name);
        assert_eq!(copies.len(), 1, "{copies:?}");
        assert_eq!(fs::read_to_string(&copies[0]).unwrap(), text);
        assert_eq!(mode(&copies[0]), 0o600);
    }
    assert_second_run_does_nothing(&home);
}

#[test]
fn the_classic_layout_leaves_the_session_where_aws_mfa_had_it() {
    let home = aws_mfa_home();
    let credentials = home.credentials();
    let arguments = ["work", "--yes", "--keychain", "none", "--layout", "classic"];
    assert_done(&setup(&home, &arguments).run());
    assert_eq!(home.credentials(), credentials);
    assert!(home.config().ends_with(&format!(
        "region = eu-central-1\nmfa_serial = {}\ndaypass_session_section = work\n",
        home.device.serial
    )));
    assert!(!home.config().contains("credential_process"));
    assert_second_run_does_nothing(&home);

    home.log_in();
    assert_ne!(
        home.credential("work", "aws_access_key_id").unwrap(),
        "ASIAOLDOLDOLDOLD0000"
    );
    // And over to the other layout.
    let arguments = ["work", "--yes", "--layout", "process", "--no-login"];
    assert_done(&setup(&home, &arguments).run());
    assert!(
        !home.credentials().contains("[work]\n"),
        "{}",
        home.credentials()
    );
    assert!(!home.config().contains("daypass_session_section"));
    assert_second_run_does_nothing(&home);
}

#[test]
fn a_key_in_the_profiles_own_section_moves_out_of_the_tools_way() {
    for in_config in [false, true] {
        let home = empty_home();
        make_aws_directory(&home);
        let key = home.long_term_section("x");
        let key = key.strip_prefix("[x]\n").unwrap();
        if in_config {
            home.write_config(&format!("[profile work]\n{key}region = eu-west-1\n"));
            home.write_credentials("");
        } else {
            home.write_config("[profile work]\nregion = eu-west-1\n");
            home.write_credentials(&format!("[work]\n{key}"));
        }
        let arguments = [
            "work",
            "--yes",
            "--keychain",
            "none",
            "--serial",
            &home.device.serial,
        ];
        assert_done(&setup(&home, &arguments).run());
        assert_eq!(home.config(), home.profile_section("work"));
        let credentials = home.credentials();
        let credentials = credentials.trim_start();
        assert_eq!(credentials, home.long_term_section("work-long-term"));
        home.log_in();
    }
}

#[test]
fn of_two_keys_one_is_chosen_and_the_other_is_only_in_the_backup() {
    let home = empty_home();
    let newer = home.sandbox.add_key(&home.user);
    make_aws_directory(&home);
    home.write_credentials(&format!(
        "{}\n[work]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.long_term_section("work-long-term"),
        newer.access_key_id,
        newer.secret_access_key
    ));
    let before = home.credentials();
    let mut ada = Person::at(&setup(&home, &["work", "--serial", &home.device.serial]));
    ada.terminal
        .expect("There are several access keys for 'work':");
    ada.types("Number [1]:", "2\r");
    ada.types("Apply this?", "\r");
    ada.types("MFA code", "\r");
    ada.terminal.expect("work is set up");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(
        home.credentials(),
        format!(
            "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            newer.access_key_id, newer.secret_access_key
        )
    );
    let copies = backups(&home, "credentials");
    assert_eq!(fs::read_to_string(&copies[0]).unwrap(), before);

    // A flag chooses too.
    home.write_credentials(&before);
    let flag = ["work", "--yes", "--access-key-id", &home.user.access_key_id];
    assert_done(&setup(&home, &flag).run());
    assert_eq!(home.credentials(), home.long_term_section("work-long-term"));
}

#[test]
fn a_section_that_serves_another_profile_too_is_left_alone() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config(
        "[profile work]\ndaypass_long_term_section = shared\n\n\
         [profile play]\ndaypass_long_term_section = shared\n",
    );
    home.write_credentials(&home.long_term_section("shared"));
    let arguments = [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        &home.device.serial,
    ];
    let before = home.credentials();
    assert_done(&setup(&home, &arguments).run());
    assert_eq!(home.credentials(), before);
    home.log_in();
}

#[test]
fn a_wide_mode_is_tightened_and_a_link_stays_a_link() {
    let home = empty_home();
    make_aws_directory(&home);
    fs::create_dir(home.path("dotfiles")).unwrap();
    let target = home.path("dotfiles/credentials");
    fs::write(&target, home.long_term_section("work")).unwrap();
    set_mode(&target, 0o644);
    home.allow_secrets_in("dotfiles/credentials");
    std::os::unix::fs::symlink(&target, home.path(".aws/credentials")).unwrap();
    let arguments = [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        &home.device.serial,
    ];
    let run = setup(&home, &arguments).run();
    assert_done(&run);
    assert!(
        run.stderr.contains("was open to others"),
        "{}",
        run.report()
    );
    assert_eq!(mode(&target), 0o600);
    assert!(home.path(".aws/credentials").is_symlink());
    assert_eq!(home.credentials(), moved_key(&home));
}

#[test]
fn a_file_that_cannot_be_parsed_stops_everything() {
    let home = empty_home();
    make_aws_directory(&home);
    home.write_config("[profile work\n");
    home.write_credentials(&home.long_term_section("work"));
    let before = files(&home);
    let run = setup(&home, &["work", "--yes"]).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert_eq!(files(&home), before);
}

#[test]
fn a_backup_never_overwrites_another() {
    let home = empty_home();
    with_key_in_work(&home);
    let path = |moment: chrono::DateTime<chrono::Utc>| {
        let name = moment.format(".aws/credentials.backup-%Y-%m-%dT%H-%M-%S");
        home.path(&name.to_string())
    };
    let soon =
        (0..20).map(|seconds| path(home.sandbox.now() + chrono::TimeDelta::seconds(seconds)));
    let taken: Vec<_> = soon.collect();
    for path in &taken {
        fs::write(path, "an earlier one").unwrap();
        set_mode(path, 0o600);
    }
    let before = home.credentials();
    let arguments = [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        &home.device.serial,
    ];
    assert_done(&setup(&home, &arguments).run());
    for path in &taken {
        assert_eq!(fs::read_to_string(path).unwrap(), "an earlier one");
    }
    let all = backups(&home, "credentials");
    let new: Vec<_> = all.iter().filter(|path| !taken.contains(path)).collect();
    assert_eq!(new.len(), 1, "{all:?}");
    assert_eq!(fs::read_to_string(new[0]).unwrap(), before);
}

#[test]
fn a_security_key_as_the_only_device_is_taken_out_and_the_rest_is_set_up() {
    let home = empty_home();
    let user = home.sandbox.add_user("grace");
    let security_key = home.sandbox.add_fido_device(&user, "yubikey");
    make_aws_directory(&home);
    home.write_config(&format!("[profile work]\nmfa_serial = {security_key}\n"));
    home.write_credentials(&format!(
        "[work]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        user.access_key_id, user.secret_access_key
    ));
    let run = setup(&home, &["work", "--yes", "--keychain", "none"]).run();
    assert_done(&run);
    assert!(
        run.stdout.contains("daypass enroll work"),
        "{}",
        run.report()
    );
    let expected =
        format!("[profile work]\ncredential_process = {DAYPASS} credential-process work\n");
    assert_eq!(home.config(), expected);
}

#[test]
fn a_setting_that_would_break_every_login_is_named_before_anything_changes() {
    let home = empty_home();
    with_key_in_work(&home);
    home.write_config("[profile work]\nduration_seconds = 5\n");
    let before = files(&home);
    let arguments = [
        "work",
        "--yes",
        "--keychain",
        "none",
        "--serial",
        &home.device.serial,
    ];
    let run = setup(&home, &arguments).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert!(
        run.stderr.contains("duration_seconds cannot be used"),
        "{}",
        run.report()
    );
    assert_eq!(files(&home), before);
}
