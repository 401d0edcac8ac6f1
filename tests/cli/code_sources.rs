//! The code sources: their order, and each alone.

mod recipes;

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::support::{Desktop, Home, Invocation, Pty, assert_report, is_there, set_mode};

const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

/// A desktop whose keychain holds the seed, and whose long-term key is in its file.
fn with_seed(settings: &str) -> Option<Desktop> {
    let desktop = Desktop::new()?;
    let home = &desktop.home;
    home.write_credentials(&home.long_term_section("work-long-term"));
    home.write_config(&(home.profile_section("work") + "daypass_totp = keychain\n" + settings));
    desktop.store(&seed_entry(home), &home.device.seed);
    Some(desktop)
}

fn seed_entry(home: &Home) -> String {
    format!("totp:{}", home.device.serial)
}

/// How far to move both clocks so that a time step has just three seconds left.
fn to_end_of_step(home: &Home) -> i64 {
    let offset = (27 - daypass::time::now().timestamp()).rem_euclid(30);
    home.sandbox
        .advance(Duration::from_secs(offset.unsigned_abs()));
    offset
}

fn config_with(home: &Home, settings: &str) {
    home.write_config(&(home.profile_section("work") + settings));
}

/// A program of this name, first on the run's path.
fn program(home: &Home, name: &str, script: &str) {
    fs::create_dir_all(home.path("bin")).expect("a directory");
    let path = home.path("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
    set_mode(&path, 0o755);
}

fn with_programs<'a>(home: &Home, run: Invocation<'a>) -> Invocation<'a> {
    let path = std::env::var("PATH").unwrap_or_default();
    run.env("PATH", &format!("{}:{path}", home.path("bin").display()))
}

#[test]
fn a_seed_in_the_keychain_gives_the_codes_without_asking() {
    let Some(desktop) = with_seed("") else {
        return;
    };
    let run = desktop
        .daypass(["credential-process", "work", "--no-prompt"])
        .run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    assert_eq!(desktop.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_seed_never_gives_a_code_twice_and_counts_down_on_a_terminal() {
    if !is_there("faketime") {
        return;
    }
    let Some(desktop) = with_seed("") else {
        return;
    };
    let offset = to_end_of_step(&desktop.home);
    let run = desktop.daypass(["login", "work"]).at(offset).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let started = Instant::now();
    let run = desktop.daypass(["login", "work", "--force"]).at(offset);
    let mut terminal = Pty::start(&run);
    terminal.expect("this code has been used; the next one comes in");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(desktop.home.sandbox.calls("GetSessionToken"), 2);
}

#[test]
fn a_code_that_was_used_elsewhere_costs_a_seed_one_more_step() {
    if !is_there("faketime") {
        return;
    }
    let Some(desktop) = with_seed("") else {
        return;
    };
    let home = &desktop.home;
    let offset = to_end_of_step(home);
    // Elsewhere: what daypass remembers of it is taken away.
    let code = home.sandbox.code(&home.device);
    let run = desktop
        .daypass(["login", "work", "--code", &code])
        .at(offset)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    fs::remove_dir_all(home.path(".aws/daypass")).unwrap();
    let run = desktop
        .daypass(["login", "work", "--force"])
        .at(offset)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(home.sandbox.calls("GetSessionToken"), 3);
}

#[test]
fn a_locked_keychain_falls_back_to_the_terminal_with_a_warning() {
    let Some(desktop) = with_seed("") else {
        return;
    };
    desktop.lock();
    let mut terminal = Pty::start(&desktop.daypass(["login", "work"]));
    terminal.expect("warning:");
    terminal.expect("locked");
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", desktop.home.code()));
    assert_eq!(terminal.finish().exit, 0);
    // Nobody to ask: then the keychain is what is wrong.
    let run = desktop.daypass(["login", "work", "--force"]).run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: cannot read the TOTP seed of arn:aws:iam::123456789012:mfa/ada
      caused by: the keychain (Secret Service) is locked, and it was not unlocked
      hint: log in to the desktop and try again; without one, run gnome-keyring-daemon --unlock, then type the keychain's password, Enter and Ctrl-D, or keep secrets in pass: daypass setup --keychain pass
    ");
    // And where only the seed is allowed, the terminal is not asked.
    let run = desktop.daypass(["login", "work", "--force", "--code-source", "seed"]);
    let run = Pty::start(&run).finish();
    assert_eq!(run.exit, 3, "{run:?}");
    assert!(!run.screen.contains("MFA code for"), "{run:?}");
}

#[test]
fn an_early_renewal_with_a_locked_keychain_asks_nobody_and_serves_the_old_session() {
    if !is_there("faketime") {
        return;
    }
    let Some(desktop) = with_seed("") else {
        return;
    };
    let home = &desktop.home;
    desktop.home.log_in_on(&desktop);
    let old = home.credential("work-mfa", "aws_access_key_id");
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    desktop.lock();
    let run = desktop.daypass(["credential-process", "work"]).at(AT_7_45);
    let run = Pty::start_captured(&run).finish();
    assert_eq!((run.exit, run.screen.as_str()), (0, ""), "{run:?}");
    assert!(run.stderr.contains("could not be renewed yet"), "{run:?}");
    assert!(run.stdout.contains(&old.unwrap()), "{run:?}");
}

#[test]
fn a_missing_or_damaged_seed_is_told() {
    let Some(desktop) = with_seed("") else {
        return;
    };
    let entry = seed_entry(&desktop.home);
    desktop.clear(&entry);
    assert_report!(desktop.daypass(["login", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: the keychain (Secret Service) holds no TOTP seed for arn:aws:iam::123456789012:mfa/ada
      hint: give it again: daypass totp add PROFILE
    ");
    desktop.store(&entry, "hunter2!");
    assert_report!(desktop.daypass(["login", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: what the keychain (Secret Service) holds as the TOTP seed of arn:aws:iam::123456789012:mfa/ada is none
      caused by: this is not a TOTP seed: a seed has the letters A to Z and the digits 2 to 7 only
      hint: give it again: daypass totp add PROFILE
    ");
    // As people store it: with a line end, or as the address of the QR code.
    let home = &desktop.home;
    desktop.store(
        &entry,
        &format!("otpauth://totp/x?secret={}&issuer=AWS\n", home.device.seed),
    );
    let run = desktop.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn the_sources_have_an_order() {
    let Some(desktop) = with_seed("mfa_process = sh process\n") else {
        return;
    };
    let home = &desktop.home;
    let process_ran = || fs::remove_file(home.path("ran")).is_ok();
    // A given code before mfa_process, that before the seed, even with a terminal.
    let code = home.sandbox.code(&home.device);
    let run = Pty::start(&desktop.daypass(["login", "work", "--code", &code])).finish();
    assert_eq!((run.exit, process_ran()), (0, false), "{run:?}");
    fs::write(
        home.path("process"),
        format!("echo >ran\necho {}\n", home.code()),
    )
    .unwrap();
    let run = Pty::start(&desktop.daypass(["login", "work", "--force"])).finish();
    assert_eq!((run.exit, process_ran()), (0, true), "{run:?}");
    // Locked, the seed would fail: the terminal comes after it.
    desktop.lock();
    config_with(home, "daypass_totp = keychain\n");
    let mut terminal = Pty::start(&desktop.daypass(["login", "work", "--force"]));
    terminal.expect("is locked");
    terminal.expect("MFA code for work");
    terminal.send("\x03");
    terminal.finish();
    // The terminal before pinentry.
    config_with(home, "");
    program(home, "pinentry", "echo >ran");
    let run = desktop
        .daypass(["login", "work", "--force"])
        .env("DISPLAY", ":99");
    let mut terminal = Pty::start(&with_programs(home, run));
    terminal.expect("MFA code for work");
    terminal.send("\x03");
    terminal.finish();
    assert!(!process_ran());
}

#[test]
fn one_source_can_be_insisted_on_by_flag_and_by_setting() {
    let Some(desktop) = with_seed("mfa_process = false\n") else {
        return;
    };
    let home = &desktop.home;
    let login = ["login", "work", "--code-source"];
    let run = desktop.daypass(login.into_iter().chain(["seed"])).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    // The terminal, and nobody else where there is none.
    let force = ["--force", "--no-prompt"];
    for (source, expected) in [("terminal", 3), ("pinentry", 3), ("mfa-process", 1)] {
        let words = login.into_iter().chain([source, force[0], force[1]]);
        let run = desktop.daypass(words).run();
        assert_eq!(run.exit, expected, "{source}: {}", run.report());
    }
    config_with(
        home,
        "daypass_totp = keychain\nmfa_process = false\ndaypass_code_source = terminal\n",
    );
    let mut terminal = Pty::start(&desktop.daypass(["login", "work", "--force"]));
    terminal.expect("MFA code for work");
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    assert_eq!(desktop.daypass(["login", "work", "--force"]).run().exit, 3);
    // A code that is given is given, whatever the profile says; a flag goes before a setting.
    let run = desktop
        .daypass(["login", "work", "--force", "--code", &home.code()])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let run = desktop
        .daypass(["login", "work", "--force", "--code-source", "mfa-process"])
        .run();
    assert!(
        run.stderr.contains("mfa_process 'false' failed"),
        "{}",
        run.report()
    );
}

#[test]
fn pinentry_can_be_insisted_on_at_a_terminal() {
    let home = Home::new();
    let script = format!(
        "echo OK\nwhile read -r line; do\ncase $line in\nGETPIN*) echo 'D {}'; echo OK ;;\n*) echo OK ;;\nesac\ndone",
        home.code()
    );
    program(&home, "pinentry", &script);
    config_with(&home, "daypass_code_source = pinentry\n");
    let run = home.daypass(["login", "work"]).env("DISPLAY", ":99");
    let run = Pty::start(&with_programs(&home, run)).finish();
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(!run.screen.contains("MFA code for"), "{run:?}");
}

#[test]
fn a_source_that_is_not_set_up_or_not_known_is_told() {
    let home = Home::new();
    let run = |source| {
        home.daypass(["login", "work", "--code-source", source])
            .run()
    };
    assert_report!(run("seed").report(), @"
    exit 3
    --- stderr
    daypass: error: the only code source allowed is 'seed', which is not set up
      hint: keep the seed in the keychain: daypass totp add PROFILE
    ");
    assert_report!(run("mfa-process").report(), @"
    exit 3
    --- stderr
    daypass: error: the only code source allowed is 'mfa-process', which is not set up
      hint: set mfa_process in the profile, or take daypass_code_source out of it
    ");
    // A terminal would not help, since it may not be asked.
    assert_report!(run("pinentry").report(), @"
    exit 3
    --- stderr
    daypass: error: the only code source allowed is 'pinentry', which is not set up
      hint: install pinentry, and without a desktop export GPG_TTY=$(tty); or take daypass_code_source out of the profile
    ");
    assert_eq!(run("phone").exit, 2);
    config_with(&home, "daypass_code_source = phone\n");
    assert_report!(home.daypass(["login", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: daypass_code_source cannot be 'phone' (~/.aws/config, line 5)
      hint: daypass_code_source is one of: mfa-process, seed, terminal or pinentry
    ");
}

#[test]
fn no_prompt_leaves_the_sources_that_bother_nobody() {
    let home = Home::new();
    let run = home
        .daypass(["login", "work", "--no-prompt", "--code", "-"])
        .run_with_stdin(&home.code());
    assert_eq!(run.exit, 0, "{}", run.report());
    config_with(&home, &format!("mfa_process = echo {}\n", home.code()));
    let run = home
        .daypass(["login", "work", "--force", "--no-prompt"])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn mfa_process_can_ask_on_the_terminal_and_speak_on_stderr() {
    let home = Home::new();
    let script = "echo 'Touch your key' >&2\nprintf 'PIN: ' >/dev/tty\nread -r pin </dev/tty\n\
                  [ \"$pin\" = 4711 ] && echo \"$1\"\n";
    fs::write(home.path("ask"), script).unwrap();
    config_with(&home, &format!("mfa_process = sh ask {}\n", home.code()));
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]));
    terminal.expect("PIN: ");
    terminal.send("4711\r");
    let run = terminal.finish();
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (0, "Touch your key\n"),
        "{run:?}"
    );
    assert_eq!(run.stdout.lines().count(), 1);
}
