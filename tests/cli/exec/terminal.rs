//! On a person's terminal a command behaves as without daypass: the same script in two shells in tmux, one
//! with daypass and one without, has to show the same screens.

use std::fs;

use crate::{
    aws_tools::tmux::Tmux,
    support::{DAYPASS, Home, Pty, is_there, set_mode},
};

const PROMPT: &str = "MFA code for work";

/// Whether daypass is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Without,
    /// There is a session.
    With,
    /// There is none, so that each run begins with a question.
    Asked,
}

/// A shell in which `run COMMAND` runs a command one way or the other.
fn in_shell(way: Way, script: impl Fn(&Stage<'_>)) -> Vec<String> {
    let home = Home::new();
    if way == Way::With {
        home.log_in();
    }
    let prefix = match way {
        Way::Without => String::new(),
        Way::With | Way::Asked => format!("{DAYPASS} exec work -- "),
    };
    let run = home.path("run");
    fs::write(&run, format!("#!/bin/sh\nexec {prefix}\"$@\"\n")).expect("a script");
    set_mode(&run, 0o755);
    let lines: String = (1..=200).map(|line| format!("line {line}\n")).collect();
    fs::write(home.path("long"), lines).expect("a text");
    let path = format!(
        "{}:{}",
        home.path("").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let environment = home.daypass([]).env("PATH", &path).env("LESSHISTFILE", "-");
    let tmux = Tmux::start(&environment);
    let stage = Stage {
        way,
        home: &home,
        tmux: &tmux,
        screens: Vec::new().into(),
    };
    script(&stage);
    stage.screens.into_inner()
}

/// A shell, and what has been on its screen.
struct Stage<'a> {
    way: Way,
    home: &'a Home,
    tmux: &'a Tmux<'a>,
    screens: std::cell::RefCell<Vec<String>>,
}

impl Stage<'_> {
    /// Types a line and answers the question that comes first, if one does.
    fn line(&self, text: &str) {
        self.type_text(text);
        self.tmux.press("Enter");
        if self.way == Way::Asked && text.starts_with("run ") {
            self.tmux
                .expect("a question", |screen| screen.contains(PROMPT));
            self.tmux.type_text(&self.home.code());
            self.tmux.press("Enter");
            self.tmux
                .expect("its end", |screen| !screen.contains(PROMPT));
        }
    }

    /// Types a text and waits until it is shown: what was on the screen before must not be taken for what
    /// comes of it.
    fn type_text(&self, text: &str) {
        self.tmux.type_text(text);
        self.tmux.expect(text, |screen| {
            // A long one goes on in the next row.
            let last = screen.lines().next_back().unwrap_or_default();
            screen.replace('\n', "").ends_with(text) || (last.len() < 80 && text.ends_with(last))
        });
    }

    fn press(&self, key: &str) {
        self.tmux.press(key);
    }

    /// Waits until the last line of the screen is this, and keeps the screen.
    fn see(&self, last: &str) {
        self.see_if(last, |screen| {
            screen.lines().next_back().is_some_and(|line| line == last)
        });
    }

    /// Waits until the screen is as it should be, and keeps it.
    fn see_if(&self, what: &str, is_right: impl Fn(&str) -> bool) {
        let screen = self.tmux.expect(what, is_right);
        self.screens.borrow_mut().push(screen);
    }

    /// Keeps what `stty` says of the terminal.
    fn keep_modes(&self) {
        self.screens.borrow_mut().push(self.tmux.modes());
    }
}

/// Runs the script in all three ways, and compares what was on the screens.
fn assert_the_same(script: impl Fn(&Stage<'_>)) {
    if !is_there("tmux") {
        return;
    }
    let without = in_shell(Way::Without, &script);
    assert!(!without.is_empty());
    for way in [Way::With, Way::Asked] {
        assert_eq!(in_shell(way, &script), without, "{way:?}");
    }
}

#[test]
fn ctrl_c_is_the_commands_own() {
    assert_the_same(|stage| {
        stage.line("run sh -c 'trap \"echo caught; exit 5\" INT; echo ready; while :; do sleep 0.05; done'");
        stage.see("ready");
        stage.press("C-c");
        stage.see("$");
        stage.line("echo status $?");
        stage.see("$");
        stage.line("clear");
        stage.see("$");
    });
}

#[test]
fn ctrl_c_ends_a_command_that_does_not_care() {
    assert_the_same(|stage| {
        stage.line("run sh -c 'echo ready; exec sleep 60'");
        stage.see("ready");
        stage.press("C-c");
        stage.see("$");
        stage.line("echo status $?");
        stage.see("$");
        stage.keep_modes();
    });
}

#[test]
fn ctrl_z_stops_the_command_and_fg_goes_on_with_it() {
    assert_the_same(|stage| {
        stage.line("run sh -c 'echo ready; read line; echo got $line'");
        stage.see("ready");
        stage.press("C-z");
        stage.see("$");
        stage.line("jobs | wc -l");
        stage.see("$");
        stage.line("fg");
        stage.see_if("the job", |screen| {
            let last = screen.lines().next_back();
            last.is_some_and(|line| line.starts_with("run sh"))
        });
        stage.line("hello");
        stage.see("$");
        stage.line("echo status $?");
        stage.see("$");
    });
}

#[test]
fn a_resized_window_is_told_to_the_command() {
    assert_the_same(|stage| {
        stage.line(
            "run sh -c 'trap \"stty size; exit\" WINCH; echo ready; while :; do sleep 0.05; done'",
        );
        stage.see("ready");
        stage.tmux.resize(100, 30);
        stage.see("$");
    });
}

#[test]
fn a_pager_draws_and_leaves_the_screen() {
    if !is_there("less") {
        return;
    }
    assert_the_same(|stage| {
        let shows = |first: &'static str, rows: usize| {
            move |screen: &str| {
                let lines: Vec<&str> = screen.lines().collect();
                lines.len() == rows && lines[0] == first && matches!(lines[rows - 1], ":" | "long")
            }
        };
        stage.line("run less long");
        stage.see_if("the first page", shows("line 1", 24));
        stage.press("Space");
        stage.see_if("the second page", shows("line 24", 24));
        stage.type_text("/line 150");
        stage.press("Enter");
        stage.see_if("what is looked for", shows("line 150", 24));
        stage.tmux.resize(60, 20);
        stage.see_if("a smaller page", shows("line 150", 20));
        stage.press("C-z");
        stage.see("$");
        stage.line("fg");
        stage.see_if("the page again", shows("line 150", 20));
        stage.press("q");
        stage.see("$");
        stage.keep_modes();
    });
}

#[test]
fn an_editor_edits() {
    if !is_there("busybox") {
        return;
    }
    assert_the_same(|stage| {
        stage.line("run busybox vi long");
        stage.see("- long 1/200 0%");
        stage.press("o");
        stage.tmux.type_text("between");
        stage
            .tmux
            .expect("the text", |screen| screen.contains("\nbetween\n"));
        stage.press("Escape");
        stage.see("- long [Modified] 2/201 0%");
        stage.type_text(":wq");
        stage.press("Enter");
        stage.see("$");
        stage.line("head -n 3 long; stty -a | md5sum");
        stage.see("$");
    });
}

#[test]
fn what_is_typed_ahead_behind_the_code_is_for_the_command() {
    let home = Home::new();
    let script = "read line; echo \"got <$line>\"";
    let mut terminal = Pty::start(&home.daypass(["exec", "work", "--", "sh", "-c", script]));
    terminal.expect(PROMPT);
    terminal.send(&format!("{}\rhello\r", home.code()));
    terminal.expect("got <hello>");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn a_cancelled_question_starts_nothing() {
    let home = Home::new();
    let mut terminal = Pty::start(&home.daypass(["exec", "work", "--", "touch", "started"]));
    terminal.expect(PROMPT);
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    assert!(!home.path("started").exists());
}
