//! `daypass completions`: the scripts as the program prints them, loaded from there.

use super::{Desk, PROMPT};
use crate::support::{DAYPASS, Pty};

#[test]
fn the_program_prints_what_install_sh_installs() {
    let desk = Desk::new();
    for (shell, file) in [
        ("bash", "daypass.bash"),
        ("zsh", "_daypass"),
        ("fish", "daypass.fish"),
        ("powershell", "daypass.ps1"),
        ("pwsh", "daypass.ps1"),
        ("elvish", "daypass.elv"),
    ] {
        let run = desk.home.daypass(["completions", shell]).run();
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{}", run.report());
        let installed = std::fs::read_to_string(desk.home.path(file)).expect("the file");
        assert!(run.stdout == installed, "{shell}");
    }
    let run = desk.home.daypass(["completions", "tcsh"]).run();
    assert_eq!(run.exit, 2, "{}", run.report());
    assert!(run.stderr.contains("elvish"), "{}", run.report());
}

#[test]
fn a_shell_that_loads_them_from_the_program_completes_profiles_shells_and_formats() {
    let desk = Desk::new();
    desk.write(
        "bashrc",
        &format!(
            "PS1='{PROMPT}'; bind 'set bell-style none'; source <({DAYPASS} completions bash)\n"
        ),
    );
    desk.write(
        ".zshrc",
        &format!(
            "PROMPT='{PROMPT}'; autoload -Uz compinit; compinit -u -D; source <({DAYPASS} completions zsh)\n"
        ),
    );
    desk.write(
        "fishrc",
        &format!(
            "function fish_prompt; echo -n '{PROMPT}'; end\nset -g fish_greeting\n{DAYPASS} completions fish | source\n"
        ),
    );
    for shell in super::shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        for (typed, expected) in [
            ("daypass doctor w", ["doctor", "work"].as_slice()),
            ("daypass doctor -p w", &["doctor", "-p", "work"]),
            ("daypass doctor --off", &["doctor", "--offline"]),
            ("daypass completions el", &["completions", "elvish"]),
            ("daypass env --format nu", &["env", "--format", "nushell"]),
        ] {
            assert_eq!(desk.tab(&mut terminal, typed), expected, "{shell}: {typed}");
        }
        terminal.expect(PROMPT);
        terminal.send("exit\r");
        terminal.finish();
    }
}
