//! Pressing Tab in real shells.

use super::{Desk, PROMPT, shells};
use crate::support::Pty;

/// Names that a shell would take for something else, each with another beginning.
const NAMES: [&str; 20] = [
    "two words",
    "dollar$HOME",
    "run$(touch harm)",
    "tick`touch harm`",
    "glob*",
    "mark?[a-z]",
    "it's",
    "end'",
    "say\"so",
    "last\"",
    "semi;touch harm",
    "amp&touch harm|cat>harm",
    "user@host:a=b",
    "zoë ünï",
    "back\\slash",
    "wave{a,b}",
    "oh!!wow",
    "hash #tag",
    "caret^~<(touch harm)",
    "par(en)",
];

#[test]
fn a_name_is_quoted_as_the_shell_needs_it_and_never_run() {
    let desk = Desk::new();
    let sections: String = NAMES.map(|name| format!("[{name}]\n")).concat();
    desk.home.write_credentials(&sections);
    for shell in shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        for name in NAMES {
            for quote in ["", "'", "\""] {
                let typed = format!("daypass login {quote}{}", &name[..2]);
                let called = desk.tab(&mut terminal, &typed);
                assert_eq!(called, ["login", name], "{shell}: {typed}");
            }
        }
        terminal.send("exit\r");
        terminal.finish();
        assert!(!desk.home.path("harm").exists(), "{shell}");
    }
}

#[test]
fn a_device_of_the_config_file_is_completed_where_a_serial_may_stand() {
    let desk = Desk::new();
    let ada = "arn:aws:iam::123456789012:mfa/ada";
    desk.home.write_config(&format!(
        "[profile work]\nmfa_serial = {ada} # mine\n[profile other]\nmfa_serial={ada}\n\
         [profile token]\nmfa_serial = GAHT12345678\n[profile bad]\nmfa_serial = GA$(touch harm)\n"
    ));
    desk.home
        .write_credentials("[old]\nmfa_serial = arn:aws:iam::123456789012:mfa/old\n");
    desk.write("arn-file", "");
    for shell in shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        for (typed, expected) in [
            // What may be a command or a profile.
            ("devices res", vec!["devices", "resync"]),
            ("devices wo", vec!["devices", "work"]),
            ("devices work --js", vec!["devices", "work", "--json"]),
            ("devices resync ar", vec!["devices", "resync", ada]),
            (
                "devices remove GA",
                vec!["devices", "remove", "GAHT12345678"],
            ),
            (
                "devices remove -p work arn:aws:i",
                vec!["devices", "remove", "-p", "work", ada],
            ),
            // What names the profile is no further command.
            (
                "devices -p resync rem",
                vec!["devices", "-p", "resync", "remove"],
            ),
            (
                "devices --user resync --profile remove res",
                vec![
                    "devices",
                    "--user",
                    "resync",
                    "--profile",
                    "remove",
                    "resync",
                ],
            ),
            (
                "devices -p resync -v remove GA",
                vec!["devices", "-p", "resync", "-v", "remove", "GAHT12345678"],
            ),
            (
                "login --serial G",
                vec!["login", "--serial", "GAHT12345678"],
            ),
            (
                "setup work --serial arn:",
                vec!["setup", "work", "--serial", ada],
            ),
        ] {
            let called = desk.tab(&mut terminal, &format!("daypass {typed}"));
            assert_eq!(called, expected, "{shell}: {typed}");
        }
        terminal.send("exit\r");
        terminal.finish();
        assert!(!desk.home.path("harm").exists(), "{shell}");
    }
}

#[test]
fn a_profile_with_the_name_of_a_command_is_no_command_behind_its_option() {
    let desk = Desk::new();
    desk.home.write_config("[profile resync]\n[profile work]\n");
    // fish's own scripts look for the word alone.
    for shell in shells().filter(|shell| *shell != "fish") {
        let mut terminal = Pty::start(&desk.shell(shell));
        for (typed, expected) in [
            (
                "devices -p resync --js",
                vec!["devices", "-p", "resync", "--json"],
            ),
            (
                "devices remove -p resync --for",
                vec!["devices", "remove", "-p", "resync", "--force"],
            ),
        ] {
            let called = desk.tab(&mut terminal, &format!("daypass {typed}"));
            assert_eq!(called, expected, "{shell}: {typed}");
        }
        terminal.send("exit\r");
        terminal.finish();
    }
}

#[test]
fn a_name_is_completed_wherever_a_profile_may_stand() {
    let desk = Desk::new();
    desk.home.write_config(
        "[profile work]\n[profile user@host:a=b]\n[profile \"two words\"]\n[profile login]\n",
    );
    desk.home.write_credentials("");
    desk.write("zz-file", "");
    for shell in shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        for (typed, expected) in [
            ("login w", vec!["login", "work"]),
            ("env -p w", vec!["env", "-p", "work"]),
            ("env --profile w", vec!["env", "--profile", "work"]),
            ("env --profile=w", vec!["env", "--profile=work"]),
            ("env --format=nu", vec!["env", "--format=nushell"]),
            ("audit --format sar", vec!["audit", "--format", "sarif"]),
            ("audit --fail-on=hi", vec!["audit", "--fail-on=high"]),
            (
                "policy show --kind self",
                vec!["policy", "show", "--kind", "self-service"],
            ),
            ("env --profile=tw", vec!["env", "--profile=two words"]),
            ("totp code w", vec!["totp", "code", "work"]),
            ("-v logout w", vec!["-v", "logout", "work"]),
            (
                "--color never logout w",
                vec!["--color", "never", "logout", "work"],
            ),
            (
                "login --code 123456 w",
                vec!["login", "--code", "123456", "work"],
            ),
            (
                "status --json --color always w",
                vec!["status", "--json", "--color", "always", "work"],
            ),
            ("login two\\ ", vec!["login", "two words"]),
            ("login two\\ w", vec!["login", "two words"]),
            ("login user@", vec!["login", "user@host:a=b"]),
            ("login user@host:", vec!["login", "user@host:a=b"]),
            ("login user@host:a=", vec!["login", "user@host:a=b"]),
            ("login user@h", vec!["login", "user@host:a=b"]),
            ("login \"user@host:", vec!["login", "user@host:a=b"]),
            ("login lo", vec!["login", "login"]),
            // No file is a profile.
            ("login zz", vec!["login", "zz"]),
            ("env -p zz", vec!["env", "-p", "zz"]),
            // No place for a profile.
            ("login work wo", vec!["login", "work", "wo"]),
            ("login --code wo", vec!["login", "--code", "wo"]),
            ("login --serial=wo", vec!["login", "--serial=wo"]),
        ] {
            let called = desk.tab(&mut terminal, &format!("daypass {typed}"));
            assert_eq!(called, expected, "{shell}: {typed}");
        }
        terminal.expect(PROMPT);
        terminal.send("exit\r");
        terminal.finish();
    }
}
