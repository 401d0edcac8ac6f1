//! How the profile, its key and its device are found.

use crate::support::{Home, assert_report};

#[test]
fn the_device_is_asked_of_aws_when_nothing_names_it() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.add_fido_device(&home.user, "key");
    home.write_config("[profile work]\nregion = eu-west-1\n");
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(
        home.credential("work-mfa", "daypass_mfa_serial"),
        Some(home.device.serial.clone())
    );
}

#[test]
fn an_unknown_profile_lists_near_names() {
    let home = Home::new();
    let run = home.daypass(["login", "wrok"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'wrok' in ~/.aws/config or ~/.aws/credentials
      hint: did you mean work?
    ");
    let run = home.daypass(["login"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: no profile was named, AWS_PROFILE is not set, and there is no profile 'default'
      hint: name one, as in: daypass login work; there are: work
    ");
}

#[test]
fn two_different_profiles_at_once_are_a_usage_error() {
    let home = Home::new();
    let run = home.daypass(["login", "work", "-p", "other"]).run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: two profiles are named, 'work' and --profile 'other'
      hint: name one of them
    ");
    let run = home.daypass(["status", "work", "--profile", "work"]).run();
    assert_eq!(run.exit, 0);
}

#[test]
fn what_aws_would_refuse_anyway_is_refused_before_any_prompt() {
    let home = Home::new();
    for arguments in [
        ["--duration", "14m"],
        ["--duration", "37h"],
        ["--duration", "soon"],
        ["--code", "12345"],
        ["--code", "password"],
        ["--serial", "ada"],
    ] {
        let run = home
            .daypass(["login", "work"].into_iter().chain(arguments))
            .run();
        assert_eq!(run.exit, 2, "{}", run.report());
        assert!(
            run.stderr.starts_with("daypass: error: "),
            "{}",
            run.report()
        );
    }
    home.write_config(&(home.profile_section("work") + "duration_seconds = 100\n"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: duration_seconds cannot be used (~/.aws/config, line 5)
      caused by: AWS gives sessions of 15m to 36h (900 to 129600 seconds), not of 100 s
      hint: write duration_seconds = 28800 for eight hours
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn the_session_of_a_role_is_that_of_its_source() {
    let home = Home::new();
    home.write_config(
        &(home.profile_section("work")
            + "\n[profile eu]\nsource_profile = work\n"
            + "\n[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = eu\n"),
    );
    let run = home
        .daypass(["login", "prod", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        run.stdout.starts_with("eu: logged in until"),
        "{}",
        run.report()
    );
    assert!(home.credential("eu-mfa", "aws_session_token").is_some());
}

#[test]
fn source_profiles_that_go_round_in_a_circle_are_shown() {
    let home = Home::new();
    home.write_config("[profile a]\nsource_profile = b\n[profile b]\nsource_profile = a\n");
    let run = home.daypass(["login", "a"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: source_profile goes round in a circle: a -> b -> a
      hint: take one of these source_profile lines out of the config file
    ");
    home.write_config("[profile a]\nsource_profile = nowhere\n");
    let run = home.daypass(["login", "a"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'a' names the source_profile 'nowhere', which does not exist (~/.aws/config, line 2)
      hint: correct the name, or add a section for it
    ");
}

#[test]
fn a_key_of_the_environment_serves_when_no_profile_is_named() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    let in_environment = |arguments: &[&str]| {
        home.daypass(arguments.iter().copied())
            .env("AWS_ACCESS_KEY_ID", &home.user.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &home.user.secret_access_key)
            .env("AWS_MFA_SERIAL", &home.device.serial)
    };
    let run = in_environment(&["login", "--code", &home.code()]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        home.credential("default-mfa", "aws_session_token")
            .is_some()
    );
    assert_eq!(in_environment(&["credential-process"]).run().exit, 0);
    let run = in_environment(&["status"]).run();
    assert!(run.stdout.contains("default  valid"), "{}", run.report());
    assert_eq!(in_environment(&["login", "default"]).run().exit, 1);
    let with_token = in_environment(&["login"]).env("AWS_SESSION_TOKEN", "token");
    assert_eq!(with_token.run().exit, 1);
}

#[test]
fn what_was_given_as_a_code_is_not_repeated() {
    let home = Home::new();
    let run = home.daypass(["login", "work", "--code", "hunter2"]).run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: invalid value for '--code <CODE>': a code is six digits
      hint: daypass --help shows the commands, daypass COMMAND --help their options
    ");
}

#[test]
fn without_a_command_the_commands_are_shown() {
    let home = Home::new();
    let run = home.daypass([]).run();
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Commands:"), "{}", run.report());
}
