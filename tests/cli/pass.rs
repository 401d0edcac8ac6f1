//! The keychain `pass`: a real one, with a GPG key of its own.

use std::{fs, process::Command};

use crate::support::{Home, Invocation, Pty, assert_report, is_there, path_of, set_mode};

/// A home with a GPG key and a password store. Its agent is ended when it is dropped.
struct Store {
    home: Home,
}

impl Store {
    /// A store that is empty, for a GPG key with this passphrase.
    fn new(passphrase: &str) -> Option<Self> {
        if !["pass", "gpg", "pinentry-curses"]
            .iter()
            .all(|program| is_there(program))
        {
            return None;
        }
        let home = Home::new();
        let directory = home.path(".gnupg");
        fs::create_dir(&directory).expect("a directory");
        set_mode(&directory, 0o700);
        let pinentry = path_of("pinentry-curses").expect("pinentry-curses");
        // No smart card is looked for, and no time is spent on making the passphrase hard to guess.
        let agent = format!(
            "pinentry-program {}\ndisable-scdaemon\ns2k-count 65536\n",
            pinentry.display()
        );
        fs::write(home.path(".gnupg/gpg-agent.conf"), agent).expect("gpg-agent.conf");
        let key = format!("daypass_access_key_id = {}\n", home.user.access_key_id);
        home.write_config(&(home.profile_section("work") + "daypass_keychain = pass\n" + &key));
        home.write_credentials("");
        let store = Store { home };
        let id = "ada@example.org";
        let generate = [
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            passphrase,
            "--quick-generate-key",
            id,
            "future-default",
            "default",
            "never",
        ];
        for (program, words) in [("gpg", &generate[..]), ("pass", &["init", id])] {
            let run = store.home.program(program, words.iter().copied()).run();
            assert_eq!(run.exit, 0, "{}", run.report());
        }
        Some(store)
    }

    fn insert(&self, account: &str, text: &str) {
        let entry = format!("daypass/{account}");
        let words = ["insert", "--multiline", "--force", &entry];
        let run = self.home.program("pass", words).run_with_stdin(text);
        assert_eq!(run.exit, 0, "{}", run.report());
    }

    fn insert_key(&self) {
        let user = &self.home.user;
        self.insert(
            &user.access_key_id,
            &format!("{}\n", user.secret_access_key),
        );
    }

    fn login(&self) -> Invocation<'_> {
        let code = self.home.code();
        self.home.daypass(["login", "work", "--code", &code])
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .args(["--kill", "all"])
            .env("GNUPGHOME", self.home.path(".gnupg"))
            .status();
    }
}

#[test]
fn login_takes_the_secret_of_the_key_from_pass() {
    let Some(store) = Store::new("") else {
        return;
    };
    assert_report!(store.login().run().report(), @"
    exit 1
    --- stderr
    daypass: error: pass does not hold the secret of the long-term key [KEY]
      hint: store it again: daypass setup work
    ");
    // As people write entries: the password first, then notes.
    let secret = store.home.user.secret_access_key.clone();
    store.insert(
        &store.home.user.access_key_id,
        &format!("{secret}\nuser: ada\n"),
    );
    let run = store.login().run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
}

#[test]
fn a_session_and_a_seed_are_kept_in_pass_too() {
    let Some(store) = Store::new("") else {
        return;
    };
    store.insert_key();
    let config = store.home.config();
    let settings = "daypass_totp = keychain\ndaypass_session_store = keychain\n";
    store.home.write_config(&(config + settings));
    let serial = store.home.device.serial.replace("mfa/", "mfa%2F");
    store.insert(&format!("totp:{serial}"), &store.home.device.seed);
    let run = store.home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(store.home.credentials(), "");
    let run = store.home.daypass(["credential-process", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
    assert!(run.json()["SessionToken"].is_string());
    let run = store.home.daypass(["logout", "work"]).run();
    assert_eq!(run.stdout, "work: session forgotten\n");
    let entries = fs::read_dir(store.home.path(".password-store/daypass")).unwrap();
    let kept = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let kept: Vec<String> = kept.collect();
    assert!(
        kept.iter().any(|name| name.starts_with("totp:")),
        "{kept:?}"
    );
    assert!(
        !kept.iter().any(|name| name.starts_with("session:")),
        "{kept:?}"
    );
}

#[test]
fn pass_asks_for_the_passphrase_on_the_terminal_that_daypass_has() {
    let Some(store) = Store::new("correct horse") else {
        return;
    };
    store.insert_key();
    let program = ["--kill", "all"];
    store.home.program("gpgconf", program).run();
    let mut terminal = Pty::start(&store.login());
    terminal.expect("Passphrase:");
    terminal.send("correct horse\r");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
}

#[test]
fn without_questions_the_real_pass_serves_while_its_key_is_unlocked() {
    let Some(store) = Store::new("correct horse") else {
        return;
    };
    store.insert_key();
    store.home.program("gpgconf", ["--kill", "all"]).run();
    let login = || {
        let code = store.home.code();
        let words = ["login", "work", "--force", "--no-prompt", "--code", &code];
        Pty::start(&store.home.daypass(words)).finish()
    };
    let run = login();
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(!run.screen.contains("Passphrase"), "{run:?}");
    let mut terminal = Pty::start(&store.login());
    terminal.expect("Passphrase:");
    terminal.send("correct horse\r");
    assert_eq!(terminal.finish().exit, 0);
    let run = login();
    assert_eq!(run.exit, 0, "{run:?}");
}

#[test]
fn a_pass_that_cannot_decrypt_is_told_with_what_to_try() {
    let Some(store) = Store::new("correct horse") else {
        return;
    };
    store.insert_key();
    store.home.program("gpgconf", ["--kill", "all"]).run();
    let run = store.login().run();
    assert_eq!(run.exit, 1);
    // What GPG says differs between its versions.
    let ours: String = run
        .stderr
        .lines()
        .filter(|line| !line.starts_with("gpg:"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_report!(ours, @"
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: pass show failed for the entry 'daypass/[KEY]'
      hint: try it in a terminal, without showing the secret: pass show daypass/[KEY] > /dev/null
    ");
    assert!(run.stderr.contains("gpg:"), "{}", run.report());
}

#[test]
fn without_a_store_or_without_pass_the_way_out_is_told() {
    let home = Home::new();
    let key = format!("daypass_access_key_id = {}\n", home.user.access_key_id);
    home.write_config(&(home.profile_section("work") + "daypass_keychain = pass\n" + &key));
    let login = || home.daypass(["login", "work", "--code", "123456"]);
    assert_report!(login().run().report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: pass has no password store in ~/.password-store
      hint: make one for your GPG key: pass init KEY (gpg --list-secret-keys shows them)
    ");
    fs::create_dir(home.path(".password-store")).unwrap();
    fs::write(home.path(".password-store/.gpg-id"), "x\n").unwrap();
    fs::create_dir(home.path(".password-store/daypass")).unwrap();
    let entry = format!(".password-store/daypass/{}.gpg", home.user.access_key_id);
    fs::write(home.path(&entry), "x").unwrap();
    fs::create_dir(home.path("bin")).unwrap();
    let setsid = path_of("setsid").unwrap();
    std::os::unix::fs::symlink(setsid, home.path("bin/setsid")).unwrap();
    let path = home.path("bin").display().to_string();
    assert_report!(login().env("PATH", &path).run().report(), @"
    exit 1
    --- stderr
    daypass: error: cannot read the secret of the long-term key [KEY]
      caused by: the program pass cannot be run
      caused by: there is none in an absolute directory of PATH
      hint: install pass, or take daypass_keychain out of the profile
    ");
}

#[test]
fn the_real_pass_otp_gives_the_code() {
    let Some(store) = Store::new("") else {
        return;
    };
    // An extension of pass: no program on the path.
    let extension = "/usr/lib/password-store/extensions/otp.bash";
    if !["oathtool", extension].iter().all(|part| is_there(part)) {
        return;
    }
    let home = &store.home;
    let address = format!(
        "otpauth://totp/AWS:ada?secret={}&issuer=AWS\n",
        home.device.seed
    );
    let insert = home.program("pass", ["otp", "insert", "aws"]);
    assert_eq!(insert.run_with_stdin(&address).exit, 0);
    home.write_credentials(&home.long_term_section("work-long-term"));
    home.write_config(&(home.profile_section("work") + "mfa_process = pass otp aws\n"));
    let run = home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}
