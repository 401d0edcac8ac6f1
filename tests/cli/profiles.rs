//! How the profile, its key and its device are found.

use crate::support::{Home, Pty, assert_report};

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
}

#[test]
fn a_profile_that_is_not_like_any_can_be_set_up() {
    let home = Home::new();
    assert_report!(home.daypass(["login", "play"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'play' in ~/.aws/config or ~/.aws/credentials
      hint: the profiles there are: work; to set up a new one: daypass setup play
    ");
    let run = home.daypass(["login"]).env("AWS_PROFILE", "play").run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'play' in ~/.aws/config or ~/.aws/credentials
      hint: AWS_PROFILE names it; the profiles there are: work; to set up a new one: daypass setup play
    ");
}

#[test]
fn the_first_command_that_is_tried_leads_to_the_set_up_of_that_profile() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    assert_report!(home.daypass(["login", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: there is no profile 'work' in ~/.aws/config or ~/.aws/credentials
      hint: daypass setup work asks for what it needs and sets it up
    ");
    assert_report!(home.daypass(["login"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: no profile was named, AWS_PROFILE is not set, and there is no profile 'default'
      hint: daypass setup asks for what it needs and sets a profile up
    ");
}

#[test]
fn without_a_profile_the_hint_is_the_command_that_was_typed_with_one() {
    let home = Home::new();
    for (typed, meant) in [
        (&["login"][..], "daypass login work"),
        (&["logout"], "daypass logout work"),
        (&["devices"], "daypass devices work"),
        (
            &["devices", "remove", "ada"],
            "daypass devices remove SERIAL --profile work",
        ),
        (&["totp", "code"], "daypass totp code work"),
        (&["-v", "env", "-f", "json"], "daypass env work"),
        (
            &["exec", "--", "devices", "remove"],
            "daypass exec work -- COMMAND",
        ),
        (
            &["policy", "apply", "--yes", "--group", "developers"],
            "daypass policy apply work --group NAME",
        ),
    ] {
        let run = home.daypass(typed.iter().copied()).run();
        let hint = format!("  hint: name one, as in: {meant}; there are: work\n");
        assert!(run.stderr.ends_with(&hint), "{typed:?}: {}", run.report());
    }
}

#[test]
fn wrong_usage_leads_to_the_help_of_the_command_that_was_typed() {
    let home = Home::new();
    for (typed, help) in [
        (&["whoami"][..], "daypass --help shows the commands"),
        (
            &["login", "work", "please"],
            "daypass login --help shows how it is used",
        ),
        (
            &["devices", "remove"],
            "daypass devices remove --help shows how it is used",
        ),
        (
            &["devices", "work", "remove", "ada"],
            "daypass devices remove --help shows how it is used",
        ),
        (
            &["devices", "-p", "remove", "--nothing-like-it"],
            "daypass devices --help shows how it is used",
        ),
    ] {
        let run = home.daypass(typed.iter().copied()).run();
        assert_eq!(run.exit, 2);
        let hint = format!("  hint: {help}\n");
        assert!(run.stderr.ends_with(&hint), "{typed:?}: {}", run.report());
    }
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
        run.stdout
            .starts_with("prod (session of eu): logged in until"),
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
    daypass: error: source_profile goes round in a circle: a -> b -> a (~/.aws/config, line 4)
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
      hint: daypass login --help shows how it is used
    ");
}

#[test]
fn without_a_command_the_commands_are_shown() {
    let home = Home::new();
    let run = home.daypass([]).run();
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Commands:"), "{}", run.report());
    // What a person who sees the end of it needs first.
    let end = run.stderr.lines().rev().take(5);
    let end: Vec<&str> = end.collect();
    assert!(
        end.iter().any(|line| line.contains("daypass setup work")),
        "{}",
        run.report()
    );
}

#[test]
fn a_secret_in_the_place_of_the_id_is_not_shown_anywhere() {
    let home = Home::new();
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.user.secret_access_key, home.user.access_key_id
    ));
    let run = home
        .daypass(["-vvv", "login", "work", "--code", "123456"])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: error: aws_access_key_id of [work-long-term] is not an access key id (~/.aws/credentials, line 2)
      hint: an id is 20 capital letters and digits, as in AKIA...; if id and secret are swapped, enter them again: aws configure --profile work-long-term
    ");
    assert!(!home.path(".aws/daypass").exists());
}

#[test]
fn a_secret_in_the_place_of_the_id_in_the_environment_is_not_shown_anywhere() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    let id = format!("AKIA{}", home.user.secret_access_key);
    let run = home
        .daypass(["-vvv", "login", "--code", "123456"])
        .env("AWS_ACCESS_KEY_ID", &id)
        .env("AWS_SECRET_ACCESS_KEY", &home.user.secret_access_key)
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: error: the environment variable AWS_ACCESS_KEY_ID is set, and not to an access key id
      hint: AWS tools prefer it to any profile: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY, or set it to the id of a key, as in AKIA...
    ");
    assert!(!home.path(".aws/daypass").exists());
}

#[test]
fn a_session_whose_id_has_run_into_its_secret_is_none_and_not_shown_anywhere() {
    let home = Home::new();
    home.log_in();
    let id = home.credential("work-mfa", "aws_access_key_id");
    let secret = home.credential("work-mfa", "aws_secret_access_key");
    let (id, secret) = (id.expect("an id"), secret.expect("a secret"));
    let credentials = home.credentials();
    home.write_credentials(&credentials.replace(&id, &format!("{}{secret}", &id[..8])));
    assert_report!(home.daypass(["-vvv", "env", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: profile work: session of work in [work-mfa], roles none, long-term key [KEY], device arn:aws:iam::123456789012:mfa/ada, region eu-west-1, duration 8 h, MFA age limit 8 h, mfa_process no, seed no, keychain system
    daypass: [work-mfa]: the session section has no usable aws_access_key_id
    daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
    // The next login writes over it.
    home.log_in();
    assert_eq!(
        home.daypass(["env", "work"])
            .handing_on_the_session()
            .run()
            .exit,
        0
    );
}

#[test]
fn keys_that_aws_tools_prefer_to_the_session_are_warned_of() {
    let home = Home::new();
    home.write_credentials(&home.long_term_section("work"));
    let run = home
        .daypass(["login", "work", "--code", &home.code()])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    --- stderr
    daypass: warning: AWS tools will not use this session: they prefer the keys that they find in [work] of ~/.aws/credentials (line 2) and never ask daypass; rename that section to [work-long-term]
    ");
}

#[test]
fn what_aws_configure_makes_of_the_long_term_section_is_no_profile() {
    let home = Home::new();
    home.write_config("[profile work-long-term]\nregion = eu-west-1\n");
    let run = home.daypass(["login"]).run();
    assert!(
        run.stderr.contains("daypass login work;"),
        "{}",
        run.report()
    );
}

#[test]
fn without_any_profile_the_first_steps_are_named() {
    let home = Home::new();
    home.write_config("");
    home.write_credentials("");
    for arguments in [vec!["login"], vec!["login", "work"]] {
        let run = home.daypass(arguments).run();
        assert_eq!(run.exit, 1);
        let hint = "daypass setup";
        assert!(run.stderr.contains(hint), "{}", run.report());
    }
}

#[test]
fn an_indented_line_below_a_setting_is_not_taken_for_a_part_of_it_and_not_repeated() {
    let home = Home::new();
    home.write_config("[profile work]\nrole_arn = arn:aws:iam::123456789012:role/a\n  hunter2\n");
    assert_report!(home.daypass(["login", "work", "-vvv"]).run().report(), @"
    exit 1
    --- stderr
    daypass: read ~/.aws/config, [N] bytes
    daypass: read ~/.aws/credentials, [N] bytes
    daypass: error: role_arn has an indented line below it, which would be a part of it (~/.aws/config, line 2)
      hint: take the spaces away that the line below begins with, or the line
    ");
}

#[test]
fn a_profile_of_the_credentials_file_alone_may_keep_its_session_in_itself() {
    let home = Home::new();
    let key = home.long_term_section("key");
    let serial = &home.device.serial;
    home.write_config("");
    home.write_credentials(&format!(
        "{key}[work]\ndaypass_session_section = work\ndaypass_long_term_section = key\nmfa_serial = {serial}\n"
    ));
    home.log_in();
    let run = home.daypass(["status", "work"]).run();
    assert!(run.stdout.contains("valid"), "{}", run.report());
    let run = home.daypass(["status"]).run();
    assert!(run.stdout.contains("work"), "{}", run.report());
}

#[test]
fn on_a_terminal_an_error_is_broken_between_words_and_not_in_a_command() {
    let home = Home::new();
    let name = "a-profile-with-a-name-that-is-quite-long";
    home.write_config(&format!(
        "[profile {name}]\nrole_arn = arn:aws:iam::210987654321:role/A\ncredential_source = Environment\n"
    ));
    let run = Pty::start(&home.daypass(["login", name])).finish();
    assert_eq!(run.exit, 1, "{run:?}");
    let plain = run
        .screen
        .replace("\u{1b}[31m", "")
        .replace("\u{1b}[1m", "")
        .replace("\u{1b}[0m", "");
    let command = format!("aws sts get-caller-identity --profile {name}");
    assert!(plain.lines().count() > 5, "{plain}");
    for line in plain.lines() {
        let is_one_word = line.contains(&home.path("").display().to_string());
        assert!(
            line.chars().count() <= 80 || is_one_word || line.contains(&command),
            "{line}"
        );
    }
    assert!(plain.lines().any(|line| line.contains(&command)), "{plain}");
    // What is no terminal gets whole lines.
    let run = home.daypass(["login", name]).run();
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.report());
}
