//! A program that behaves as `pass` does, for tests that are about us and not about GPG.

use std::fs;

use super::{Home, Invocation, set_mode};

/// Entries are encoded, so that the watch for secrets in files sees none. An entry that is named in the
/// file `refused` fails, as one does whose GPG key is gone.
const SCRIPT: &str = r#"#!/bin/sh
umask 077
for entry; do :; done
file=$HOME/.password-store/$entry.gpg
if [ -e "$HOME/refused" ] && grep -qxF "$1 $entry" "$HOME/refused"; then
    exit 2
fi
if [ -e "$HOME/spoils" ] && grep -qxF "$1" "$HOME/spoils"; then
    printf '# a\rb\n' >> "$HOME/.aws/config"
fi
case $1 in
    show) tr N-ZA-Mn-za-m A-Za-z < "$file" | base64 -d ;;
    insert) mkdir -p "${file%/*}" && base64 | tr A-Za-z N-ZA-Mn-za-m > "$file" ;;
    rm) rm "$file" ;;
esac
"#;

/// A home with such a `pass`, which holds the secret of the long-term key.
pub struct PassStandIn {
    pub home: Home,
}

impl PassStandIn {
    /// The profile `work` keeps its key there.
    pub fn new() -> Self {
        let home = Home::new();
        fs::create_dir_all(home.path(".password-store/daypass")).expect("a store");
        fs::write(home.path(".password-store/.gpg-id"), "ada@example.org\n").expect(".gpg-id");
        fs::create_dir(home.path("bin")).expect("a directory");
        fs::write(home.path("bin/pass"), SCRIPT).expect("a script");
        set_mode(&home.path("bin/pass"), 0o755);
        let stand_in = PassStandIn { home };
        stand_in
            .home
            .write_config(&stand_in.profile_section("work"));
        stand_in.home.write_credentials("");
        let entry = format!("daypass/{}", stand_in.home.user.access_key_id);
        let secret = stand_in.home.user.secret_access_key.clone();
        let run = stand_in
            .run_in("pass", ["insert", &entry])
            .run_with_stdin(&secret);
        assert_eq!(run.exit, 0, "{}", run.report());
        stand_in
    }

    /// A profile whose key is in this `pass`.
    pub fn profile_section(&self, name: &str) -> String {
        let id = &self.home.user.access_key_id;
        self.home.profile_section(name)
            + &format!("daypass_access_key_id = {id}\ndaypass_keychain = pass\n")
    }

    /// A run of daypass that finds this `pass`.
    pub fn daypass<'b>(&self, arguments: impl IntoIterator<Item = &'b str>) -> Invocation<'_> {
        self.run_in(super::DAYPASS, arguments)
    }

    fn run_in<'b>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = &'b str>,
    ) -> Invocation<'_> {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.home.path("bin").display());
        self.home.program(program, arguments).env("PATH", &path)
    }

    /// Logs a profile in, with its session in the keychain.
    pub fn log_in(&self, profile: &str) {
        let code = self.home.code();
        let run = self
            .daypass([
                "login",
                profile,
                "--session-store=keychain",
                "--code",
                &code,
            ])
            .run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }

    /// The names of the entries that begin with this, in order.
    pub fn entries(&self, beginning: &str) -> Vec<String> {
        let entries = fs::read_dir(self.home.path(".password-store/daypass")).expect("a store");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name())
            .filter_map(|name| name.to_str()?.strip_suffix(".gpg").map(str::to_owned))
            .filter(|name| name.starts_with(beginning))
            .collect();
        names.sort();
        names
    }

    /// What an entry holds.
    pub fn shown(&self, account: &str) -> String {
        let run = self.run_in("pass", ["show", &format!("daypass/{account}")]);
        run.run().stdout
    }

    /// Lets `pass VERB ENTRY` fail from now on.
    pub fn refuse(&self, verb: &str, account: &str) {
        let line = format!("{verb} daypass/{account}\n");
        fs::write(self.home.path("refused"), line).expect("a file");
    }

    /// Lets `pass VERB` make the config file one that cannot be edited, as an editor meanwhile might.
    pub fn spoil_config_on(&self, verb: &str) {
        fs::write(self.home.path("spoils"), verb).expect("a file");
    }
}
