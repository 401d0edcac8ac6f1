//! `daypass env`

use crate::support::{DAYPASS, Home, assert_report, is_there, nushell};

/// The values that a real shell has after it has run what `daypass env` printed.
fn values_in(home: &Home, shell: &str, script: &str) -> Vec<String> {
    let run = home.program(shell, ["-c", script]).run();
    assert_eq!(run.exit, 0, "{shell}: {}", run.report());
    run.stdout.split('\0').map(str::to_owned).collect()
}

/// Prints the variables with a NUL behind each, and then those that must not be set.
const PRINT: &str = "for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN \
                     AWS_CREDENTIAL_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_PROFILE; do \
                     eval \"printf '%s\\0' \\\"\\${$name-unset}\\\"\"; done";

/// A session whose secret and token are as hostile to a shell as a file can hold them.
fn hostile_home() -> (Home, Vec<String>) {
    let home = Home::new();
    home.log_in();
    let hostile = "a'b\"c\\d$HOME`id`;g#h&i|j*k~l!m\u{2019}n \\'";
    let credential = |key| home.credential("work-mfa", key).expect("a session");
    let id = credential("aws_access_key_id");
    let expiration = credential("expiration");
    let text = home
        .credentials()
        .replace(&credential("aws_secret_access_key"), hostile)
        .replace(&credential("aws_session_token"), &format!("{hostile}=="));
    home.write_credentials(&text);
    let values = [
        &id,
        hostile,
        &format!("{hostile}=="),
        &expiration,
        "eu-west-1",
        "eu-west-1",
    ]
    .map(str::to_owned);
    (home, values.to_vec())
}

#[test]
fn every_posix_shell_gets_exactly_the_session() {
    let (home, expected) = hostile_home();
    for (shell, prefix) in [("bash", ""), ("zsh", ""), ("dash", ""), ("busybox", "sh")] {
        if !is_there(shell) {
            continue;
        }
        let script = format!(
            "AWS_PROFILE=other; export AWS_PROFILE; eval \"$({DAYPASS} env work --format bash)\"; {PRINT}"
        );
        let values = if prefix.is_empty() {
            values_in(&home, shell, &script)
        } else {
            let run = home.program(shell, [prefix, "-c", &script]).run();
            run.stdout.split('\0').map(str::to_owned).collect()
        };
        assert_eq!(values[..6], expected, "{shell}");
        assert_eq!(values[6], "unset", "{shell}");
    }
}

#[test]
fn fish_gets_exactly_the_session() {
    if !is_there("fish") {
        return;
    }
    let (home, expected) = hostile_home();
    let script = format!(
        "set -gx AWS_PROFILE other; {DAYPASS} env work --format fish | source; \
         for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
         AWS_REGION AWS_DEFAULT_REGION; printf '%s\\0' $$name; end; set -q AWS_PROFILE; or printf unset"
    );
    let values = values_in(&home, "fish", &script);
    assert_eq!(values[..6], expected);
    assert_eq!(values[6], "unset");
}

#[test]
fn nushell_gets_exactly_the_session() {
    let Some(nu) = nushell() else { return };
    let (home, expected) = hostile_home();
    let script = format!(
        "hide-env AWS_PROFILE; {DAYPASS} env work --format nushell | from nuon | load-env; \
         ^sh -c r#'{PRINT}'#"
    );
    let run = home
        .program(
            &nu.display().to_string(),
            ["--no-config-file", "-c", &script],
        )
        .env("AWS_PROFILE", "work")
        .run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    let values: Vec<&str> = run.stdout.split('\0').collect();
    assert_eq!(values[..6], expected);
    assert_eq!(values[6], "unset");
}

#[test]
fn unset_takes_everything_back_without_a_profile() {
    let home = Home::new();
    home.write_config("");
    let script = format!(
        "export AWS_ACCESS_KEY_ID=x AWS_SESSION_TOKEN=y; eval \"$({DAYPASS} env --unset --format bash)\"; {PRINT}"
    );
    let values = values_in(&home, "sh", &script);
    assert_eq!(values[..6], ["unset"; 6]);
}

#[test]
fn json_and_dotenv_hold_the_same_values() {
    let home = Home::new();
    home.log_in();
    let json = home
        .daypass(["env", "work", "--format", "json"])
        .run()
        .json();
    let dotenv = home.daypass(["env", "work", "--format", "dotenv"]).run();
    for line in dotenv.stdout.lines() {
        let (name, value) = line.split_once('=').expect("a variable");
        assert_eq!(json[name], value);
    }
    assert_eq!(
        json["AWS_ACCESS_KEY_ID"],
        *home.credential("work-mfa", "aws_access_key_id").unwrap()
    );
    assert_eq!(json["AWS_PROFILE"], serde_json::Value::Null);
    assert_eq!(dotenv.stdout.lines().count(), 6);
}

#[test]
fn what_a_dotenv_file_cannot_hold_is_refused() {
    let (home, _) = hostile_home();
    assert_report!(home.daypass(["env", "work", "--format", "dotenv"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: the session cannot be written as environment variables
      caused by: the value of AWS_SECRET_ACCESS_KEY has characters that a dotenv file cannot hold
      hint: daypass login --force gets a new session
    ");
    assert_report!(home.daypass(["env", "--unset", "--format", "dotenv"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: the session cannot be written as environment variables
      caused by: a dotenv file cannot say that a variable is not set
      hint: remove the lines from the file
    ");
}

#[test]
fn the_shell_of_the_person_decides_unless_a_format_is_named() {
    let home = Home::new();
    home.log_in();
    for (shell, beginning) in [
        ("/usr/bin/fish", "set --erase "),
        ("/bin/bash", "unset "),
        ("/bin/zsh", "unset "),
    ] {
        let run = home.daypass(["env", "work"]).env("SHELL", shell).run();
        assert!(run.stdout.starts_with(beginning), "{shell}");
    }
}

#[test]
fn without_a_session_and_a_terminal_nothing_is_printed() {
    let home = Home::new();
    assert_report!(home.daypass(["env", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'work' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login work
    ");
}

#[test]
fn for_a_role_the_profile_with_the_session_is_named() {
    let home = Home::new();
    let role =
        "[profile prod]\nrole_arn = arn:aws:iam::210987654321:role/Admin\nsource_profile = work\n";
    home.write_config(&(home.config() + role));
    assert_report!(home.daypass(["env", "prod"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' assumes the role arn:aws:iam::210987654321:role/Admin, which AWS tools do themselves
      hint: daypass env work prints the session that the role is assumed with; tools that assume it themselves take --profile prod or AWS_PROFILE
    ");
}
