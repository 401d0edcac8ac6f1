//! `daypass env`

use std::fs;

use crate::support::{
    DAYPASS, Home, assert_report, is_there, node_modules, nushell, python_environment,
};

/// What `daypass env` sets.
const SET: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
];

/// What it takes away.
const TAKEN_AWAY: [&str; 5] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCOUNT_ID",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_EXPIRATION",
];

/// What a program sees that is started from a real shell behind this script: what is set, and then what
/// is taken away. Before it, what is taken away is set.
fn values_in(home: &Home, shell: &[&str], script: &str) -> Vec<String> {
    // In a file, since these shells do not agree on quotes.
    let print = "for name in $NAMES; do eval \"printf '%s\\n' \\\"\\${$name-unset}\\\"\"; done";
    fs::write(home.path("print"), print).expect("a script");
    let script = format!("{script}; sh print");
    let mut run = home
        .program(
            shell[0],
            shell[1..].iter().chain(&[script.as_str()]).copied(),
        )
        .env("NAMES", &[&SET[..], &TAKEN_AWAY].concat().join(" "));
    for name in TAKEN_AWAY {
        run = run.env(name, "of-another-session");
    }
    let run = run.run();
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (0, ""),
        "{shell:?}: {}",
        run.report()
    );
    run.stdout.lines().map(str::to_owned).collect()
}

/// Values that mean something to every shell, as far as a credentials file can hold them.
const HOSTILE: &str = "-n %s a'b\"c\\d$HOME`id`;g#h&i|j*k~l!m\u{2018}\u{2019}\u{201a}\u{201b}n \\'$(id)(1+2){a,b}[c]<d>?^=e \u{e9}\u{1f511} \\u0041\\n%PATH% @f,g: //h \\";

/// A session with this secret, and what has to be set for it.
fn home_with_secret(secret: &str) -> (Home, Vec<String>) {
    let home = Home::new();
    home.log_in();
    let credential = |key| home.credential("work-mfa", key).expect("a session");
    let id = credential("aws_access_key_id");
    let expiration = credential("expiration");
    let token = format!("{secret}==");
    let text = home
        .credentials()
        .replace(&credential("aws_secret_access_key"), secret)
        .replace(&credential("aws_session_token"), &token);
    home.write_credentials(&text);
    let values = [&id, secret, &token, &expiration, "eu-west-1", "eu-west-1"];
    (home, values.map(str::to_owned).to_vec())
}

#[test]
fn every_posix_shell_gets_exactly_the_session() {
    let (home, expected) = home_with_secret(HOSTILE);
    let script = format!("eval \"$({DAYPASS} env work --format bash)\"");
    for shell in [
        &["bash", "-c"][..],
        &["zsh", "-c"],
        &["dash", "-c"],
        &["busybox", "sh", "-c"],
    ] {
        if is_there(shell[0]) {
            let values = values_in(&home, shell, &script);
            assert_eq!(values[..6], expected, "{shell:?}");
            assert_eq!(values[6..], ["unset"; 5], "{shell:?}");
        }
    }
}

#[test]
fn fish_gets_exactly_the_session() {
    if !is_there("fish") {
        return;
    }
    let (home, expected) = home_with_secret(HOSTILE);
    // Erasing what is not set is a failure to fish, which would be the status of the whole.
    let script = format!(
        "set --erase AWS_SESSION_EXPIRATION; {DAYPASS} env work --format fish | source; or exit"
    );
    let values = values_in(&home, &["fish", "-c"], &script);
    assert_eq!(values[..6], expected);
    assert_eq!(values[6..], ["unset"; 5]);
}

/// The lines of the help that are written in nushell: to load, to unset, and what to hide before.
fn nushell_lines(home: &Home) -> Vec<String> {
    let help = home.daypass(["env", "--help"]).run().stdout;
    let is_nushell = |line: &&str| {
        line.starts_with("hide-env") || line.starts_with("daypass") && line.contains("nushell |")
    };
    let lines = help.lines().map(str::trim).filter(is_nushell);
    lines.map(|line| line.replace("daypass", DAYPASS)).collect()
}

#[test]
fn nushell_gets_exactly_the_session_by_the_lines_of_the_help() {
    let Some(nu) = nushell() else { return };
    let shell = [nu.to_str().expect("a path"), "--no-config-file", "-c"];
    let (home, expected) = home_with_secret(HOSTILE);
    let lines = nushell_lines(&home);
    let [load, unset, hide @ ..] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    let hide = hide.join("; ");

    let values = values_in(&home, &shell, &format!("{hide}; {load}"));
    assert_eq!(values[..6], expected);
    assert_eq!(values[6..], ["unset"; 5]);

    let values = values_in(&home, &shell, &format!("{load}; {unset}"));
    assert_eq!(values[..6], ["unset"; 6]);
    assert_eq!(values[6..], ["of-another-session"; 5]);
}

#[test]
fn nushell_stops_where_there_is_no_session() {
    let Some(nu) = nushell() else { return };
    let home = Home::new();
    let script = format!("{DAYPASS} env work --format nushell | from nuon | load-env; print here");
    let run = home
        .program(
            &nu.display().to_string(),
            ["--no-config-file", "-c", &script],
        )
        .run();
    assert_eq!((run.exit, run.stdout.as_str()), (3, ""), "{}", run.report());
    assert!(
        run.stderr.contains("daypass login work"),
        "{}",
        run.report()
    );
}

#[test]
fn unset_takes_everything_back_without_a_profile() {
    let home = Home::new();
    home.write_config("");
    let shell = |words: [&'static str; 2], script: &str| {
        if is_there(words[0]) {
            let values = values_in(&home, &words, script);
            assert_eq!(values[..6], ["unset"; 6], "{words:?}");
        }
    };
    let unset = format!("{DAYPASS} env --unset");
    let set = "export AWS_ACCESS_KEY_ID=x AWS_SESSION_TOKEN=y AWS_REGION=z";
    shell(
        ["sh", "-c"],
        &format!("{set}; eval \"$({unset} --format bash)\""),
    );
    let set = "set -gx AWS_ACCESS_KEY_ID x; set -gx AWS_REGION z";
    shell(
        ["fish", "-c"],
        &format!("{set}; {unset} --format fish | source; or exit"),
    );
}

#[test]
fn every_reader_of_dotenv_files_gets_the_same_values() {
    // Everything that is let through, in places where it could mean something.
    let (home, expected) = home_with_secret("-=+/a%b,c:d@e._%PATH%==");
    let file = format!("<({DAYPASS} env work --format dotenv)");
    let mut readers = vec![format!("set -a; . {file}; printenv {}", SET.join(" "))];
    if let Some(programs) = python_environment() {
        let print = format!(
            "[print(values[name]) for name in '{}'.split()]",
            SET.join(" ")
        );
        for read in [
            "import dotenv; values = dotenv.dotenv_values(sys.argv[1])",
            "import docker; values = docker.utils.parse_env_file(sys.argv[1])",
        ] {
            let python = programs.join("python").display().to_string();
            readers.push(format!(
                "{python} -c \"import sys; {read}; {print}\" {file}"
            ));
        }
    }
    if node_modules().is_some() {
        let print = format!(
            "for (const name of '{}'.split(' ')) console.log(process.env[name])",
            SET.join(" ")
        );
        readers.push(format!("node --env-file={file} -e \"{print}\""));
    }
    for reader in readers {
        let run = home.program("bash", ["-c", &reader]).run();
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
        assert_eq!(run.stdout.lines().collect::<Vec<_>>(), expected, "{reader}");
    }
}

#[test]
fn json_read_by_another_program_has_exactly_the_session() {
    let Some(programs) = python_environment() else {
        return;
    };
    let (home, expected) = home_with_secret(HOSTILE);
    let script = format!(
        "{DAYPASS} env work --format json | {} -c 'import json, sys; [print(value) for value in json.load(sys.stdin).values()]'",
        programs.join("python").display()
    );
    let run = home.program("bash", ["-c", &script]).run();
    let values: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(values[..6], expected, "{}", run.report());
    assert_eq!(values[6..], ["None"; 5], "{}", run.report());
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
    let (home, _) = home_with_secret(HOSTILE);
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
