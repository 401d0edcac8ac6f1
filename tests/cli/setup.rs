//! `daypass setup`: from an empty home, with questions and without.

mod adopt;
mod aws_vault;
mod devices;
mod keychains;
mod mistakes;
mod unfinished;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    aws_tools::tmux::Tmux,
    support::{
        DAYPASS, Home, Invocation, Pty, Run, assert_report, is_there, mode, python_environment,
    },
};

/// A home without any AWS files, whose user may not list MFA devices without a code.
fn empty_home() -> Home {
    let home = Home::new();
    fs::remove_dir_all(home.path(".aws")).expect("a file of ~/.aws");
    home
}

fn make_aws_directory(home: &Home) {
    fs::create_dir(home.path(".aws")).expect("~/.aws");
}

/// Puts the key where `aws configure --profile work` puts it.
fn with_key_in_work(home: &Home) {
    make_aws_directory(home);
    home.write_credentials(&home.long_term_section("work"));
}

/// The credentials file once that key has moved: the line between the two sections stays.
fn moved_key(home: &Home) -> String {
    format!("\n{}", home.long_term_section("work-long-term"))
}

/// A run with the profile's questions answered by flags.
fn setup<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    home.daypass(["setup"].into_iter().chain(arguments.iter().copied()))
}

/// What is below ~/.aws, in the order of the names.
fn files(home: &Home) -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(home.path(".aws"))
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("a file of ~/.aws"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a file of ~/.aws");
            (
                name,
                fs::read_to_string(entry.path()).expect("a file of ~/.aws"),
            )
        })
        .collect();
    files.sort();
    files
}

fn backups(home: &Home, of: &str) -> Vec<PathBuf> {
    let begins = format!("{of}.backup-");
    let names = files(home).into_iter().map(|(name, _)| name);
    let ours = names.filter(|name| name.starts_with(&begins));
    ours.map(|name| home.path(".aws").join(name)).collect()
}

fn assert_done(run: &Run) {
    assert_eq!(run.exit, 0, "{}", run.report());
}

fn assert_second_run_does_nothing(home: &Home) {
    let before = files(home);
    let run = setup(home, &["work", "--yes"]).run();
    assert_done(&run);
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
    assert_eq!(files(home), before);
}

/// Somebody at the terminal, whose keystrokes are counted; what is pasted is not.
struct Person<'a> {
    terminal: Pty<'a>,
    keystrokes: usize,
}

impl<'a> Person<'a> {
    fn at(invocation: &Invocation<'a>) -> Self {
        Person {
            terminal: Pty::start(invocation),
            keystrokes: 0,
        }
    }

    /// Waits for a question and types the answer.
    fn types(&mut self, question: &str, keys: &str) {
        self.terminal.expect(question);
        self.keystrokes += keys.len();
        self.terminal.send(keys);
    }

    /// Waits for a question, pastes the answer and presses Return.
    fn pastes(&mut self, question: &str, text: &str) {
        self.terminal.expect(question);
        self.terminal.send(text);
        self.keystrokes += 1;
        self.terminal.send("\r");
    }
}

#[test]
fn from_an_empty_home_it_takes_less_than_ten_keystrokes_to_be_logged_in() {
    let home = empty_home();
    let mut ada = Person::at(&setup(&home, &[]));
    ada.types("Profile name [default]:", "\r");
    ada.pastes("Access key id (AKIA...):", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.terminal.expect("the user ada of account 123456789012");
    ada.types("MFA device [arn:aws:iam::123456789012:mfa/ada]:", "\r");
    ada.types("AWS region to work in [us-east-1]:", "\r");
    ada.terminal.expect("+aws_secret_access_key = ****");
    ada.types("Apply this? [Y/n]", "\r");
    ada.pastes("MFA code, to log in now", &home.code());
    ada.terminal.expect("you are logged in until");
    assert!(ada.keystrokes < 10, "{} keystrokes", ada.keystrokes);
    let run = ada.terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    home.assert_no_secret("the terminal", &run.screen);

    assert_eq!(
        home.config(),
        format!(
            "[default]\nregion = us-east-1\nmfa_serial = {}\ncredential_process = {DAYPASS} credential-process default\n",
            home.device.serial
        )
    );
    let long_term = home.long_term_section("default-long-term");
    assert!(home.credentials().starts_with(&long_term));
    assert_eq!(mode(&home.path(".aws/credentials")), 0o600);
    assert_eq!(mode(&home.path(".aws")), 0o700);
    assert_eq!(
        backups(&home, "config").len() + backups(&home, "credentials").len(),
        0
    );
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn without_a_terminal_flags_answer_everything() {
    let home = empty_home();
    let id = home.user.access_key_id.clone();
    let code = home.code();
    let run = setup(
        &home,
        &[
            "work",
            "--yes",
            "--access-key-id",
            &id,
            "--secret-stdin",
            "--serial",
            &home.device.serial,
            "--region",
            "eu-west-1",
            "--keychain",
            "none",
            "--code",
            &code,
        ],
    )
    .run_with_stdin(&format!("{}\n", home.user.secret_access_key));
    let serial = &home.device.serial;
    let report = run.report().replace(serial, "[SERIAL]");
    assert_report!(report, @"
    exit 0
    --- stdout

    Profile     work
    Access key  [KEY] of the user ada of account 123456789012
    Its secret  in [work-long-term] of ~/.aws/credentials, as plain text
    MFA device  [SERIAL]

    What will change (+ comes, - goes; secrets are shown as ****):

    ~/.aws/config
    @@ line 1 @@
    +[profile work]
    +region = eu-west-1
    +mfa_serial = [SERIAL]
    +credential_process = /bin/daypass credential-process work

    ~/.aws/credentials
    @@ line 1 @@
    +[work-long-term]
    +aws_access_key_id = [KEY]
    +aws_secret_access_key = ****


    work is set up, and you are logged in until [HH:MM]. What you need from now on:
      daypass login work        once a day, with a code
      aws s3 ls --profile work  or any other AWS tool
      daypass status work       shows until when
    ");
    assert_eq!(home.config(), home.profile_section("work"));
    let session = home.credential("work-mfa", "aws_session_token");
    assert!(session.is_some(), "{}", home.credentials());
}

#[test]
fn stdin_gives_the_secret_and_then_the_code() {
    let home = empty_home();
    let run = setup(
        &home,
        &[
            "my work",
            "--yes",
            "--access-key-id",
            &home.user.access_key_id,
            "--secret-stdin",
            "--serial",
            &home.device.serial,
            "--keychain",
            "none",
            "--code",
            "-",
        ],
    )
    .run_with_stdin(&format!(
        "{}\n{}\n",
        home.user.secret_access_key,
        home.code()
    ));
    assert_done(&run);
    assert!(
        run.stdout.contains("you are logged in until"),
        "{}",
        run.report()
    );
    // A name with a space works as well, for tools with a shell and without.
    let line = format!("credential_process = {DAYPASS} credential-process \"my work\"\n");
    assert!(home.config().contains(&line), "{}", home.config());
    let line = home.config().split(" = ").last().unwrap().trim().to_owned();
    let tool = home.program("sh", ["-c", &line]).handing_on_the_session();
    assert_eq!(tool.run().json()["Version"], 1);
    let run = setup(&home, &["my work"]).run();
    assert!(run.stdout.contains("nothing to do"), "{}", run.report());
}

#[test]
fn a_second_run_finds_nothing_to_do_and_changes_no_byte() {
    let home = empty_home();
    set_up_work(&home);
    home.log_in();
    let before = files(&home);
    assert_report!(setup(&home, &["work"]).run().report(), @"
    exit 0
    --- stdout
    work is set up already: nothing to do.
    Its access key belongs to the user ada of account 123456789012.
    ");
    for arguments in [vec![], vec!["work", "--yes", "--keychain", "none"]] {
        let run = setup(&home, &arguments).run();
        assert!(run.stdout.contains("nothing to do"), "{}", run.report());
    }
    let terminal = Pty::start(&setup(&home, &["work"]));
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(run.screen.contains("nothing to do"), "{run:?}");
    assert_eq!(files(&home), before);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_second_run_offers_the_login_if_there_is_no_session() {
    let home = empty_home();
    set_up_work(&home);
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.terminal.expect("nothing to do");
    ada.pastes("MFA code, to log in now", &home.code());
    ada.terminal.expect("You are logged in until");
    assert_eq!(ada.terminal.finish().exit, 0);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
    // Without a terminal nobody can be asked, and nothing is to be done.
    home.daypass(["logout", "work"]).run();
    let run = setup(&home, &["work", "--yes"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn a_yes_is_no_region() {
    let home = empty_home();
    let mut ada = Person::at(&setup(&home, &["work"]));
    ada.pastes("Access key id (AKIA...):", &home.user.access_key_id);
    ada.pastes("Secret access key", &home.user.secret_access_key);
    ada.types("MFA device [arn:aws:iam::123456789012:mfa/ada]:", "\r");
    ada.types("AWS region to work in [us-east-1]:", "y\r");
    ada.terminal.expect("a region looks like eu-west-1");
    ada.types("AWS region to work in [us-east-1]:", "eu-west-1\r");
    ada.types("Apply this? [Y/n]", "n\r");
    ada.terminal.finish();
    let run = setup(&home, &["work", "--region", "y"]).run();
    assert_eq!(run.exit, 2, "{}", run.report());
    assert!(
        run.stderr.contains("a region looks like eu-west-1"),
        "{}",
        run.report()
    );
}

/// Sets `work` up from flags, with the key in the credentials file, and does not log in.
fn set_up_work(home: &Home) {
    let run = setup(
        home,
        &[
            "work",
            "--yes",
            "--access-key-id",
            &home.user.access_key_id,
            "--secret-stdin",
            "--serial",
            &home.device.serial,
            "--keychain",
            "none",
        ],
    )
    .run_with_stdin(&home.user.secret_access_key);
    assert_done(&run);
}

#[test]
fn a_dry_run_shows_everything_and_changes_nothing() {
    let home = empty_home();
    let run = setup(
        &home,
        &[
            "work",
            "--dry-run",
            "--access-key-id",
            &home.user.access_key_id,
            "--secret-stdin",
            "--serial",
            &home.device.serial,
        ],
    )
    .run_with_stdin(&home.user.secret_access_key);
    assert_done(&run);
    assert!(run.stdout.contains("+[work-long-term]"), "{}", run.report());
    assert!(
        run.stdout.contains("Nothing was changed"),
        "{}",
        run.report()
    );
    assert!(!home.path(".aws").exists());
}

#[test]
fn a_refused_code_at_the_end_is_asked_for_again() {
    let home = empty_home();
    with_key_in_work(&home);
    let mut ada = Person::at(&setup(&home, &["work", "--serial", &home.device.serial]));
    ada.types("Apply this?", "\r");
    ada.pastes("MFA code", &crate::support::wrong_code(&home));
    ada.terminal.expect("AWS refused the MFA code");
    ada.pastes("MFA code", &home.code());
    ada.terminal.expect("you are logged in until");
    assert_eq!(ada.terminal.finish().exit, 0);
}

#[test]
fn the_diff_is_seen_before_the_question_even_if_stdout_leads_elsewhere() {
    let home = empty_home();
    with_key_in_work(&home);
    let mut terminal =
        Pty::start_captured(&setup(&home, &["work", "--serial", &home.device.serial]));
    terminal.expect("+[work-long-term]");
    terminal.expect("Apply this?");
    terminal.send("n\r");
    let run = terminal.finish();
    assert!(run.stdout.contains("+[work-long-term]"), "{run:?}");
}

#[test]
fn in_tmux_everything_from_nothing_to_the_first_aws_command() {
    let Some(programs) = python_environment().filter(|_| is_there("tmux")) else {
        return;
    };
    let home = empty_home();
    let own = Path::new(DAYPASS).parent().expect("a directory");
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{}:{path}", own.display(), programs.display());
    let shell = home
        .program("sh", [])
        .env("PATH", &path)
        .env("AWS_PAGER", "");
    let tmux = Tmux::start(&shell);
    let answer = |question: &str, text: &str| {
        tmux.expect(question, |screen| {
            screen
                .lines()
                .last()
                .is_some_and(|line| line.starts_with(question))
        });
        tmux.type_text(text);
        tmux.press("Enter");
    };
    answer("$", "daypass setup");
    answer("Profile name [default]:", "");
    answer("Access key id (AKIA...):", &home.user.access_key_id);
    answer(
        "Secret access key (it stays unseen):",
        &home.user.secret_access_key,
    );
    answer("MFA device [arn:aws:iam::123456789012:mfa/ada]:", "");
    answer("AWS region to work in [us-east-1]:", "");
    answer("Apply this? [Y/n]", "");
    answer("MFA code, to log in now (Enter: later):", &home.code());
    let screen = tmux.expect("what to do next", |screen| screen.ends_with("$"));
    home.assert_no_secret("the screen", &screen);
    assert!(
        screen.contains("default is set up, and you are logged in until"),
        "{screen}"
    );
    tmux.type_text("aws sts get-caller-identity --output text");
    tmux.press("Enter");
    tmux.expect("who one is", |screen| {
        screen.contains("arn:aws:iam::123456789012:user/ada")
    });
}

#[test]
fn the_aws_cli_works_afterwards_and_asks_for_the_code_itself() {
    let Some(programs) = python_environment() else {
        return;
    };
    let home = empty_home();
    set_up_work(&home);
    let aws = programs.join("aws").display().to_string();
    let who_am_i = home.program(&aws, ["sts", "get-caller-identity", "--profile", "work"]);
    let who_am_i = who_am_i.env("AWS_PAGER", "");
    let mut terminal = Pty::start(&who_am_i);
    terminal.expect("MFA code for work (device ada):");
    terminal.send(&format!("{}\r", home.code()));
    terminal.expect("arn:aws:iam::123456789012:user/ada");
    assert_eq!(terminal.finish().exit, 0);
    let long_term = &home.user.access_key_id;
    let calls = home.sandbox.log();
    let last = calls.last().unwrap();
    assert_eq!(last.action, "GetCallerIdentity");
    assert_ne!(last.access_key_id, *long_term, "{last:?}");
}
