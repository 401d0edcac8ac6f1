//! The time left in prompts and status lines, on the terminal of the real program.

use std::fs;

use super::place::{Place, output};
use crate::support::{Invocation, Pty, is_there, set_mode};

/// Eight hours less the minutes that the test may take.
const LEFT: &str = "work 7h5";

/// The program shows the time left while there is a session; `leave` ends it.
fn assert_shows(invocation: &Invocation<'_>, before: &str, leave: &str) {
    let mut terminal = Pty::start(invocation);
    terminal.expect(&format!("{before}{LEFT}"));
    terminal.send(leave);
    terminal.finish();
}

/// Ends a server that would outlive a test that has failed.
struct Ending<'a>(Invocation<'a>);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let _ = self.0.command().output();
    }
}

pub fn bash(block: &str) {
    let place = Place::logged_in();
    place.write(".bashrc", block);
    assert_shows(&place.program("bash", ["-i"]), "[", "exit\r");

    place.home.daypass(["logout", "--all"]).run();
    let mut terminal = Pty::start(&place.program("bash", ["-i"]));
    terminal.send("exit\r");
    let run = terminal.finish();
    assert!(run.screen.contains("~ "), "{run:?}");
    assert!(
        !run.screen.contains("[work") && !run.screen.contains("[]"),
        "{run:?}"
    );
}

pub fn zsh(block: &str) {
    if is_there("zsh") {
        let place = Place::logged_in();
        place.write(".zshrc", block);
        assert_shows(&place.program("zsh", ["-i"]), "", "exit\r");
    }
}

pub fn fish(block: &str) {
    if is_there("fish") {
        let place = Place::logged_in();
        place.write(".config/fish/config.fish", block);
        assert_shows(&place.program("fish", ["-i"]), "", "exit\r");
    }
}

/// starship is built from source only, for minutes: its file is read, and its commands are run as it
/// does, by `sh`.
pub fn starship(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    place.write(".config/starship.toml", block);
    let read = "\
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
with open('.config/starship.toml', 'rb') as file:
    module = tomllib.load(file)['custom']['daypass']
print(module['when'], module['command'], sep='\\n')
";
    let run = place.program("python", ["-c", read]).run();
    let (when, command) = output(&run).split_once('\n').expect("two commands");

    assert_ne!(place.shell("sh", when).run().exit, 0);
    assert_eq!(output(&place.shell("sh", command).run()), "");
    place.home.log_in();
    assert_eq!(place.shell("sh", when).run().exit, 0);
    let run = place.shell("sh", command).run();
    assert!(output(&run).starts_with(LEFT), "{}", run.report());
}

pub fn tmux(block: &str) {
    if is_there("tmux") {
        let place = Place::logged_in();
        place.write(".tmux.conf", block);
        let sockets = place.home.path("").display().to_string();
        let tmux = |words: &'static str| {
            let words = ["-L", "daypass-test"].into_iter().chain(words.split(' '));
            place.program("tmux", words).env("TMUX_TMPDIR", &sockets)
        };
        let _ending = Ending(tmux("kill-server"));
        assert_shows(&tmux("new-session sh"), "", "exit\r");
    }
}

pub fn screen(block: &str) {
    if is_there("screen") {
        let place = Place::logged_in();
        place.write(".screenrc", block);
        let sockets = place.home.path(".screen");
        fs::create_dir(&sockets).expect("a directory");
        set_mode(&sockets, 0o700);
        let sockets = sockets.display().to_string();
        let screen = |words: &'static str| {
            let screen = place.program("screen", words.split(' '));
            screen.env("SCREENDIR", &sockets)
        };
        let _ending = Ending(screen("-X quit"));
        assert_shows(&screen("sh"), "", "exit\r");
    }
}
