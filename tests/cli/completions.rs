//! What the shells complete, asked of the real shells.

use std::{fs, path::Path};

use crate::support::{Home, Invocation, Pty, is_there, set_mode};

mod command;
mod names;
mod script;
mod tab;

const PROMPT: &str = "ready> ";

/// The shells whose completions can be asked for here.
const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

fn shells() -> impl Iterator<Item = &'static str> {
    SHELLS.into_iter().filter(|shell| is_there(shell))
}

/// A home with the completions and a daypass that only notes how it is called.
struct Desk {
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let completions = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        let desk = Desk { home: Home::new() };
        for file in fs::read_dir(completions).expect("the completions") {
            let file = file.expect("a file");
            let text = fs::read_to_string(file.path()).expect("text");
            desk.write(&file.file_name().to_string_lossy(), &text);
        }
        desk.write(
            "bin/daypass",
            "#!/bin/sh\nprintf '%s\\0' \"$@\" >>\"$HOME/called\"\necho >>\"$HOME/called\"\necho called\n",
        );
        set_mode(&desk.home.path("bin/daypass"), 0o700);
        desk.write(
            "bashrc",
            "PS1='ready> '; bind 'set bell-style none'; . ~/daypass.bash\n",
        );
        desk.write(
            ".zshrc",
            "PROMPT='ready> '; fpath=(~ $fpath); autoload -Uz compinit; compinit -u -D\n",
        );
        desk.write(
            "fishrc",
            "function fish_prompt; echo -n 'ready> '; end\nset -g fish_greeting\nsource ~/daypass.fish\n",
        );
        desk
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.home.path(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// An interactive shell that knows the completions.
    fn shell(&self, shell: &str) -> Invocation<'_> {
        let arguments = match shell {
            "bash" => vec!["--noprofile", "--rcfile", "bashrc", "-i"],
            "fish" => vec!["--no-config", "--init-command", "source ~/fishrc", "-i"],
            _ => vec!["-i"],
        };
        self.found(self.home.program(shell, arguments))
    }

    /// A script of a shell.
    fn script(&self, shell: &str, script: &str) -> Invocation<'_> {
        self.found(self.home.program(shell, ["-c", script]))
    }

    fn found<'a>(&self, invocation: Invocation<'a>) -> Invocation<'a> {
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = self.home.path("bin").display().to_string();
        invocation.env("PATH", &format!("{bin}:{path}"))
    }

    /// How daypass was called since this was asked last.
    fn called(&self) -> Vec<Vec<String>> {
        let calls = fs::read_to_string(self.home.path("called")).unwrap_or_default();
        let _ = fs::remove_file(self.home.path("called"));
        let words = |call: &str| call.split_terminator('\0').map(str::to_owned).collect();
        calls.lines().map(words).collect()
    }

    /// What bash offers for a line, by its completion function.
    fn bash_offers(&self, line: &[&str]) -> Vec<String> {
        let words: Vec<_> = line.iter().map(|word| format!("'{word}'")).collect();
        let script = format!(
            ". ~/daypass.bash; COMP_WORDS=({}); COMP_CWORD={}\n\
             _daypass daypass \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            line.len() - 1
        );
        self.offers(self.script("bash", &script))
    }

    /// What fish offers for a line, with descriptions behind tabs.
    fn fish_offers(&self, line: &str) -> Vec<String> {
        self.offers(self.fish(line))
    }

    fn fish(&self, line: &str) -> Invocation<'_> {
        let line = line.replace('\\', "\\\\").replace('\'', "\\'");
        self.script(
            "fish",
            &format!("source ~/daypass.fish; complete -C '{line}'"),
        )
    }

    fn offers(&self, invocation: Invocation<'_>) -> Vec<String> {
        let run = invocation.run();
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
        run.stdout.lines().map(str::to_owned).collect()
    }

    /// A line typed into a shell with a Tab at its end, and the call that came of it.
    fn tab(&self, terminal: &mut Pty<'_>, typed: &str) -> Vec<String> {
        terminal.expect(PROMPT);
        terminal.send(&format!("{typed}\t\r"));
        terminal.expect("called\r\n");
        let mut called = self.called();
        assert_eq!(called.len(), 1, "{called:?}");
        called.remove(0)
    }
}

#[test]
fn options_and_commands_are_completed_as_before() {
    let desk = Desk::new();
    if is_there("bash") {
        assert_eq!(desk.bash_offers(&["daypass", "logi"]), ["login"]);
        assert_eq!(desk.bash_offers(&["daypass", "login", "--fo"]), ["--force"]);
        let offers = desk.bash_offers(&["daypass", "login", ""]);
        assert_eq!(offers[..2], ["work", "-p"], "{offers:?}");
        let stores = desk.bash_offers(&["daypass", "login", "--session-store", ""]);
        assert_eq!(stores, ["file", "keychain"]);
        // A second profile would be refused.
        let offers = desk.bash_offers(&["daypass", "login", "work", ""]);
        assert_eq!(offers[0], "-p", "{offers:?}");
    }
    if is_there("fish") {
        let force = "--force\tRenew the session even if it is fresh";
        assert_eq!(desk.fish_offers("daypass login --fo"), [force]);
        assert_eq!(desk.fish_offers("daypass login "), ["work\tProfile"]);
        assert!(desk.fish_offers("daypass logi")[0].starts_with("login\tLog in"));
        let offers = desk.fish_offers("daypass login work ");
        assert!(
            !offers.iter().any(|offer| offer.contains("Profile")),
            "{offers:?}"
        );
    }
    if is_there("zsh") {
        let mut terminal = Pty::start(&desk.shell("zsh"));
        terminal.expect(PROMPT);
        terminal.send("daypass login -\t\t");
        terminal.expect("Renew the session even if it is fresh");
        terminal.send("\x15daypass lo\t\t");
        terminal.expect("Forget the cached session");
        terminal.send("\x15exit\r");
        terminal.finish();
    }
}

#[test]
fn loading_the_completions_and_using_them_runs_nothing() {
    let desk = Desk::new();
    for shell in shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        assert_eq!(
            desk.tab(&mut terminal, "daypass env --format pow"),
            ["env", "--format", "powershell"],
            "{shell}"
        );
        terminal.expect(PROMPT);
        terminal.send("daypass env --format \t\t");
        terminal.expect("nushell");
        terminal.send("\x15exit\r");
        let run = terminal.finish();
        assert_eq!(desk.called(), Vec::<Vec<String>>::new(), "{shell}: {run:?}");
    }
}

#[test]
fn without_files_there_are_no_names_and_no_message() {
    let desk = Desk::new();
    fs::remove_dir_all(desk.home.path(".aws")).expect("the files go");
    fs::create_dir(desk.home.path("directory")).expect("a directory");
    for config in ["~/nothing", "directory", "", "/nothing/at/all", "-"] {
        if is_there("bash") {
            let script = ". ~/daypass.bash; _daypass_names profile; true";
            let run = desk.script("bash", script).env("AWS_CONFIG_FILE", config);
            assert_eq!(desk.offers(run), [""; 0], "{config}");
        }
        if is_there("fish") {
            let run = desk.fish("daypass env -p ").env("AWS_CONFIG_FILE", config);
            assert_eq!(desk.offers(run), [""; 0], "{config}");
        }
    }
}

#[test]
fn the_files_are_looked_for_where_the_program_looks() {
    let desk = Desk::new();
    desk.write("else where/a=b", "[profile elsewhere]\n");
    desk.write("else where/keys", "[also-there]\n");
    for shell in shells() {
        let invocation = desk
            .shell(shell)
            .env("AWS_CONFIG_FILE", "~/else where/a=b")
            .env("AWS_SHARED_CREDENTIALS_FILE", "else where/keys");
        let mut terminal = Pty::start(&invocation);
        for (typed, expected) in [
            ("daypass login el", ["login", "elsewhere"]),
            ("daypass status al", ["status", "also-there"]),
            ("daypass status wo", ["status", "wo"]),
        ] {
            assert_eq!(desk.tab(&mut terminal, typed), expected, "{shell}");
        }
        terminal.send("exit\r");
        terminal.finish();
    }
}
