//! Functions and files of bash, zsh and fish, and direnv.

use std::{thread, time::Duration};

use super::place::{PROMPT, Place, output};
use crate::support::{Pty, is_there};

/// The shells that the `sh` blocks are for.
fn shells() -> impl Iterator<Item = &'static str> {
    ["bash", "zsh"].into_iter().filter(|shell| is_there(shell))
}

pub fn switching(block: &str) {
    for shell in shells() {
        let script = block.to_owned()
            + "awsp nobody; printf '%s|' \"$?:${AWS_PROFILE-none}\"; \
               awsp work && printf '%s|' \"$AWS_PROFILE\" \"${AWS_ACCESS_KEY_ID-none}\"; \
               sh -c 'printf \"%s|\" \"$AWS_PROFILE\"'; \
               awsp; printf '%s' \"${AWS_PROFILE-none}\"";
        switch(shell, &script, "|");
    }
}

pub fn switching_in_fish(block: &str) {
    if is_there("fish") {
        let script = block.to_owned()
            + "awsp nobody; set code $status; printf '%s|' $code:(set -q AWS_PROFILE; or echo none); \
               awsp work; and printf '%s|' $AWS_PROFILE (set -q AWS_ACCESS_KEY_ID; or echo none); \
               sh -c 'printf \"%s|\" \"$AWS_PROFILE\"'; \
               awsp; set -q AWS_PROFILE; or printf none";
        switch("fish", &script, "|");
    }
}

/// Runs a script that switches to an unknown profile, to `work` and back, with and without a session.
fn switch(shell: &str, script: &str, separator: &str) {
    let expected = ["1:none", "work", "none", "work", "none"].join(separator);
    let place = Place::new();
    let mut terminal = Pty::start(&place.shell(shell, script));
    terminal.expect(PROMPT);
    terminal.send(&format!("{}\r", place.home.code()));
    let asked = terminal.finish();
    assert_eq!(asked.exit, 0, "{shell}: {asked:?}");
    assert!(asked.screen.ends_with(&expected[7..]), "{shell}: {asked:?}");

    let run = place
        .shell(shell, script)
        .env("AWS_ACCESS_KEY_ID", "AKIASTALE")
        .env("AWS_SECRET_ACCESS_KEY", "stale")
        .run();
    assert_eq!(output(&run), expected, "{shell}: {}", run.report());
    assert_eq!(place.home.sandbox.calls("GetSessionToken"), 1);
}

pub fn first_shell(block: &str) {
    for shell in shells() {
        let place = Place::new();
        place.write(&format!(".{shell}rc"), block);
        ask_once(&place, shell, &format!(". ./.{shell}rc; echo not asked"));
    }
}

pub fn first_fish(block: &str) {
    if is_there("fish") {
        let place = Place::new();
        place.write(".config/fish/config.fish", block);
        // fish reads its file in any case.
        ask_once(&place, "fish", "echo not asked");
    }
}

/// A script is not asked for a code, although it has a terminal. Then the first interactive shell asks,
/// and the second does not.
fn ask_once(place: &Place, shell: &str, script: &str) {
    let run = Pty::start(&place.shell(shell, script)).finish();
    assert_eq!(run.screen, "not asked\r\n", "{shell}");

    let interactive = place.program(shell, ["-i"]);
    let mut first = Pty::start(&interactive);
    first.expect(PROMPT);
    first.send(&format!("{}\r", place.home.code()));
    first.expect("logged in");
    first.send("exit\r");
    first.finish();

    let mut second = Pty::start(&interactive);
    second.send("printf '%s-%s\\n' second shell\r");
    second.expect("second-shell");
    second.send("exit\r");
    let second = second.finish();
    assert!(!second.screen.contains(PROMPT), "{shell}: {second:?}");
    assert_eq!(place.home.sandbox.calls("GetSessionToken"), 1, "{shell}");
}

pub fn variables(block: &str) {
    for shell in shells() {
        let print = "printf '%s|' \"${AWS_ACCESS_KEY_ID-none}\" \"${AWS_SESSION_TOKEN+token}\" \
                     \"${AWS_REGION-none}\"";
        let script = block.replace('\n', &format!("\n{print}\n"));
        come_and_go(shell, &script, &Place::logged_in());
    }
}

pub fn variables_in_fish(block: &str) {
    if is_there("fish") {
        let print = "printf '%s|' (echo $AWS_ACCESS_KEY_ID; or true) \
                     (set -q AWS_SESSION_TOKEN; and echo token; or echo) (echo $AWS_REGION)";
        let script = block.replace('\n', &format!("\n{print}\n"));
        let place = Place::logged_in();
        let run = place.shell("fish", &script).run();
        let expected = format!("{}|token|eu-west-1||||", place.session_key());
        assert_eq!(output(&run), expected, "{}", run.report());
    }
}

fn come_and_go(shell: &str, script: &str, place: &Place) {
    let run = place.shell(shell, script).run();
    let expected = format!("{}|token|eu-west-1|none||none|", place.session_key());
    assert_eq!(output(&run), expected, "{shell}: {}", run.report());
}

pub fn script(block: &str) {
    let script = block.to_owned() + "printf '%s' \"$AWS_ACCESS_KEY_ID\"";
    for shell in shells() {
        let place = Place::new();
        // The person uses another shell than the script.
        let run = place
            .shell(shell, &script)
            .env("SHELL", "/usr/bin/fish")
            .run();
        assert_eq!((run.exit, run.stdout.as_str()), (3, ""), "{shell}");
        place.home.log_in();
        let run = place
            .shell(shell, &script)
            .env("SHELL", "/usr/bin/fish")
            .run();
        assert_eq!(output(&run), place.session_key(), "{shell}");
    }
}

pub fn direnv_profile(block: &str) {
    if is_there("direnv") {
        let place = Place::new();
        place.write("project/.envrc", block);
        let script = "cd project && direnv allow && direnv exec . sh -c \
                      'printf \"%s %s\" \"$AWS_PROFILE\" \"${AWS_ACCESS_KEY_ID-none}\"'";
        assert_eq!(output(&place.shell("bash", script).run()), "work none");
    }
}

pub fn direnv_session(block: &str) {
    if !is_there("direnv") {
        return;
    }
    let place = Place::new();
    place.write("project/.envrc", block);
    let load = "eval \"$(direnv export bash)\"; printf '%s\\n' \"${AWS_ACCESS_KEY_ID-none}\"\n";

    // On a terminal, where daypass could ask.
    let without = format!("cd project && direnv allow && {load}");
    let run = Pty::start(&place.shell("bash", &without)).finish();
    assert!(run.screen.contains("run: daypass login work"), "{run:?}");
    assert!(run.screen.trim_end().ends_with("none"), "{run:?}");
    assert!(!run.screen.contains(PROMPT), "{run:?}");

    place.home.log_in();
    let first = place.session_key();
    let script = format!(
        "cd project && direnv allow\n{load}read -r code\n\
         printf '%s' \"$code\" | daypass login work --force --code - >/dev/null\n{load}"
    );
    // direnv tells changes of a file apart by whole seconds.
    thread::sleep(Duration::from_millis(1100));
    let code = place.home.code() + "\n";
    let run = place.shell("bash", &script).run_with_stdin(&code);
    let keys: Vec<_> = output(&run).lines().collect();
    assert_ne!(place.session_key(), first, "{}", run.report());
    assert_eq!(keys, [first, place.session_key()], "{}", run.report());
}

pub fn command(block: &str) {
    for shell in shells() {
        let place = Place::logged_in();
        let run = place.shell(shell, block).run();
        let expected = format!("{} in eu-west-1", place.session_key());
        assert_eq!(output(&run), expected, "{shell}");
    }
}

pub fn marked_bash(block: &str) {
    marked("bash", ".bashrc", &format!("PS1='> '\n{block}"));
}

pub fn marked_zsh(block: &str) {
    if is_there("zsh") {
        marked("zsh", ".zshrc", &format!("PROMPT='> '\n{block}"));
    }
}

pub fn marked_fish(block: &str) {
    if is_there("fish") {
        let prompt = "function fish_prompt; echo -n '> '; end\n";
        marked(
            "fish",
            ".config/fish/config.fish",
            &(prompt.to_owned() + block),
        );
    }
}

/// The shell that `exec` starts shows its profile, and one without daypass around it shows none.
fn marked(shell: &str, file: &str, text: &str) {
    let place = Place::logged_in();
    place.write(file, text);
    let mut terminal = Pty::start(
        &place
            .program("daypass", ["exec", "work"])
            .env("SHELL", shell),
    );
    terminal.expect("leaves it");
    terminal.expect("(work) ");
    terminal.expect("> ");
    terminal.send("exit\r");
    assert_eq!(terminal.finish().exit, 0, "{shell}");

    let mut plain = Pty::start(&place.program(shell, ["-i"]));
    plain.expect("> ");
    plain.send("exit\r");
    let run = plain.finish();
    assert!(
        !run.screen.contains("(work)") && !run.screen.contains("()"),
        "{shell}: {run:?}"
    );
}
