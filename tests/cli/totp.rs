//! `daypass totp`

use crate::support::{Desktop, Home, PassStandIn, Pty, assert_report};

/// A desktop whose keychain is open, in a home whose long-term key is in its file.
fn desktop() -> Option<Desktop> {
    let desktop = Desktop::new()?;
    let home = &desktop.home;
    home.write_credentials(&home.long_term_section("work-long-term"));
    home.write_config(&("# mine\n".to_owned() + &home.profile_section("work")));
    Some(desktop)
}

fn entry(home: &Home) -> String {
    format!("totp:{}", home.device.serial)
}

/// Adds the seed and drops the code, which differs from run to run, from the report.
fn add(desktop: &Desktop, seed: &str) -> String {
    let run = desktop
        .daypass(["totp", "add", "work"])
        .run_with_stdin(seed);
    without_code(&run.report())
}

/// The report with `[CODE]` for every code and `[N] s left` for its remaining seconds.
fn without_code(report: &str) -> String {
    let codes = codes_in(report);
    assert!(codes <= 1, "{report}");
    let mut text = String::new();
    for word in report.split_inclusive([' ', '\n']) {
        let bare = word.trim_end();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if bare.len() == 6 && is_number(bare) {
            text += &word.replace(bare, "[CODE]");
        } else if bare.strip_prefix('(').is_some_and(is_number) {
            text += &word.replace(bare, "([N]");
        } else {
            text += word;
        }
    }
    text
}

/// How many words are six digits.
fn codes_in(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .count()
}

#[test]
fn a_seed_from_stdin_makes_the_logins_from_then_on() {
    let Some(desktop) = desktop() else {
        return;
    };
    let home = &desktop.home;
    let before = home.config();
    assert_report!(add(&desktop, &home.device.seed), @"
    exit 0
    --- stdout
    work: the seed of arn:aws:iam::123456789012:mfa/ada is in the keychain (Secret Service); daypass now makes the codes itself
    The code now is [CODE] ([N] s left): compare it with your authenticator app
    To take the seed out again: daypass totp remove work
    ");
    assert_eq!(desktop.lookup(&entry(home)), Some(home.device.seed.clone()));
    assert_eq!(home.config(), before + "daypass_totp = keychain\n");
    let run = desktop.daypass(["login", "work", "--no-prompt"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn the_address_of_the_qr_code_is_taken_as_well() {
    let Some(desktop) = desktop() else {
        return;
    };
    let seed = desktop.home.device.seed.to_lowercase();
    let address = format!(
        "otpauth://totp/Amazon%20Web%20Services:ada@123456789012?secret={seed}&issuer=Amazon%20Web%20Services\n"
    );
    let report = add(&desktop, &address);
    assert!(report.starts_with("exit 0"), "{report}");
    let run = desktop.daypass(["totp", "code", "work"]).run();
    assert_report!(without_code(&run.report()), @"
    exit 0
    --- stdout
    [CODE] ([N] s left)
    ");
    // AWS takes it, so it is the right one.
    let code = run.stdout.split(' ').next().expect("a code");
    let run = desktop
        .home
        .daypass(["login", "work", "--code", code])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    // And says so when it is not worth typing any more.
    let run = desktop.daypass(["totp", "code", "work"]).run();
    if run.stdout.starts_with(code) {
        assert!(run.stdout.contains("used already"), "{}", run.report());
    }
}

#[test]
fn what_is_no_seed_of_aws_is_refused_and_nothing_is_kept() {
    let Some(desktop) = desktop() else {
        return;
    };
    let home = &desktop.home;
    let before = home.config();
    assert_report!(add(&desktop, ""), @r#"
    exit 1
    --- stderr
    daypass: error: no seed was given
      hint: the seed is what the AWS console shows under "Show secret key" when the device is set up; it cannot be had later: then set up a new virtual MFA device
    "#);
    assert_report!(add(&desktop, "correct horse"), @r#"
    exit 1
    --- stderr
    daypass: error: this seed is too short: AWS's has 64 characters, and at least 26 are needed
      hint: the seed is what the AWS console shows under "Show secret key" when the device is set up; it cannot be had later: then set up a new virtual MFA device
    "#);
    let address = format!("otpauth://totp/ada?secret={}&digits=8", home.device.seed);
    assert_report!(add(&desktop, &address), @r#"
    exit 1
    --- stderr
    daypass: error: this otpauth:// address has 8 for digits, but AWS takes codes with digits=6 only
      hint: the seed is what the AWS console shows under "Show secret key" when the device is set up; it cannot be had later: then set up a new virtual MFA device
    "#);
    assert_eq!(desktop.lookup(&entry(home)), None);
    assert_eq!(home.config(), before);
}

#[test]
fn on_a_terminal_the_seed_is_asked_for_and_never_shown() {
    let Some(desktop) = desktop() else {
        return;
    };
    let mut terminal = Pty::start(&desktop.daypass(["totp", "add", "work"]));
    terminal.expect("daypass: seed (not shown):");
    terminal.send(&format!("{}\r", desktop.home.device.seed));
    terminal.expect("daypass now makes the codes itself");
    assert_eq!(terminal.finish().exit, 0);
    assert!(desktop.lookup(&entry(&desktop.home)).is_some());
}

#[test]
fn ctrl_c_at_the_question_changes_nothing() {
    let Some(desktop) = desktop() else {
        return;
    };
    let before = desktop.home.config();
    let mut terminal = Pty::start(&desktop.daypass(["totp", "add", "work"]));
    terminal.expect("daypass: seed (not shown):");
    terminal.send("GEZDG\x03");
    terminal.expect("cancelled: nothing was changed");
    assert_eq!(terminal.finish().exit, 1);
    assert_eq!(desktop.home.config(), before);
    assert_eq!(desktop.lookup(&entry(&desktop.home)), None);
}

#[test]
fn a_seed_is_replaced_or_removed_only_when_that_is_wanted() {
    let Some(desktop) = desktop() else {
        return;
    };
    let home = &desktop.home;
    let before = home.config();
    add(&desktop, &home.device.seed);
    assert_report!(add(&desktop, &"A".repeat(32)), @"
    exit 3
    --- stderr
    daypass: error: nobody can be asked here: the keychain (Secret Service) has a seed for arn:aws:iam::123456789012:mfa/ada already. Replace it?
      hint: add --yes to do it without a question
    ");
    assert_eq!(desktop.lookup(&entry(home)), Some(home.device.seed.clone()));
    assert_report!(desktop.daypass(["totp", "remove", "work"]).run().report(), @"
    exit 3
    --- stderr
    daypass: error: nobody can be asked here: Remove the seed of arn:aws:iam::123456789012:mfa/ada from the keychain (Secret Service)? If it is nowhere else, nobody can make codes any more.
      hint: add --yes to do it without a question
    ");

    for (answer, exit) in [("n", 1), ("\r", 1), ("y", 0)] {
        let mut terminal = Pty::start(&desktop.daypass(["totp", "remove", "work"]));
        terminal.expect("[y/N]");
        terminal.send(&format!("{answer}\r"));
        assert_eq!(terminal.finish().exit, exit, "{answer:?}");
    }
    assert_eq!(desktop.lookup(&entry(home)), None);
    assert_eq!(home.config(), before);
    assert_report!(desktop.daypass(["totp", "remove", "work", "--yes"]).run().report(), @"
    exit 0
    --- stdout
    work: there was no seed in the keychain (Secret Service)
    ");
    assert_report!(desktop.daypass(["totp", "code", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: the keychain (Secret Service) holds no TOTP seed for arn:aws:iam::123456789012:mfa/ada
      hint: give it again: daypass totp add work
    ");
}

#[test]
fn a_profile_without_a_device_has_no_seed() {
    let home = Home::new();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    assert_report!(home.daypass(["totp", "code", "work"]).run().report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'work' names no MFA device
      hint: the AWS console shows it under IAM, Security credentials: daypass setup work --serial ARN; if there is none yet: daypass enroll work
    ");
}

#[test]
fn without_a_keychain_the_way_out_is_told() {
    let home = Home::new();
    let bus = format!("unix:path={}", home.path("no-bus").display());
    let run = home
        .daypass(["totp", "code", "work"])
        .env("DBUS_SESSION_BUS_ADDRESS", &bus)
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the TOTP seed of arn:aws:iam::123456789012:mfa/ada
      caused by: the keychain (Secret Service) is not running, or cannot be reached from here
      caused by: zbus error: Failed to connect to address `unix:path=~/no-bus`: No such file or directory (os error 2)
      hint: log in to the desktop; without one, keep secrets in pass (daypass setup --keychain pass), or start a keychain for this terminal: dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock; exec $SHELL', then type a password for it, Enter and Ctrl-D
    ");
}

#[test]
fn a_seed_is_not_kept_where_the_config_file_cannot_say_so() {
    let pass = PassStandIn::new();
    let config = pass.profile_section("work");
    let odd = config.clone() + "[profile other]\n# a\rb\n";
    pass.home.write_config(&odd);
    let add = || {
        let run = pass.daypass(["totp", "add", "work", "--yes"]);
        run.run_with_stdin(&pass.home.device.seed)
    };
    assert_report!(add().report(), @r#"
    exit 1
    --- stderr
    daypass: error: cannot change ~/.aws/config; nothing was changed
      caused by: line 8 is read differently by different programs: it has a carriage return inside, unusual white space or a colon before the "="
      hint: write this line again in an editor, as: name = value
    "#);
    assert_eq!(pass.entries("totp:"), [""; 0]);
    assert_eq!(pass.home.config(), odd);
    // Nor is it taken away.
    pass.home.write_config(&config);
    assert_eq!(add().exit, 0);
    let odd = pass.home.config() + "[profile other]\n# a\rb\n";
    pass.home.write_config(&odd);
    let run = pass.daypass(["totp", "remove", "work", "--yes"]).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    assert_eq!(pass.entries("totp:").len(), 1);
}

#[test]
fn the_keychain_is_as_it_was_when_the_config_file_cannot_be_marked_after_all() {
    for had_one in [false, true] {
        let pass = PassStandIn::new();
        let add = |seed: &str| {
            let run = pass.daypass(["totp", "add", "work", "--yes"]);
            run.run_with_stdin(seed)
        };
        let config = pass.home.config();
        if had_one {
            assert_eq!(add(&"A".repeat(32)).exit, 0);
            pass.home.write_config(&config);
        }
        pass.spoil_config_on("insert");
        let run = add(&pass.home.device.seed);
        assert_eq!(run.exit, 1, "{}", run.report());
        let seeds: Vec<String> = pass
            .entries("totp:")
            .iter()
            .map(|name| pass.shown(name))
            .collect();
        let expected = if had_one {
            vec!["A".repeat(32) + "\n"]
        } else {
            vec![]
        };
        assert_eq!(seeds, expected, "{}", run.report());
    }
}
