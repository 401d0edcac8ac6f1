//! Commands that are yet to come: they need nobody to think of their completions.

use clap::{Arg, Command, ValueHint};

use super::{Desk, PROMPT};
use crate::{
    generated::completions::render,
    support::{Pty, is_there, set_mode},
};

/// Today's commands and `lend [PROFILE] [--long] -- COMMAND...`, which takes a profile as all do.
fn tree() -> Command {
    let tree = daypass::cli::command();
    let login = tree.find_subcommand("login").expect("login");
    let profile = login
        .get_arguments()
        .filter(|argument| matches!(argument.get_id().as_str(), "positional" | "profile"));
    let lend = Command::new("lend")
        .args(profile.cloned().collect::<Vec<_>>())
        .arg(Arg::new("long").long("long").num_args(0))
        .arg(
            Arg::new("command")
                .num_args(1..)
                .last(true)
                .value_hint(ValueHint::CommandWithArguments),
        );
    tree.subcommand(lend)
}

fn desk() -> Desk {
    let desk = Desk::new();
    for (name, text) in render(&tree()) {
        desk.write(&name, std::str::from_utf8(&text).expect("text"));
    }
    desk.write("bin/hammer-and-tongs", "#!/bin/sh\ntrue\n");
    set_mode(&desk.home.path("bin/hammer-and-tongs"), 0o700);
    desk.write("an-anvil", "");
    desk
}

#[test]
fn a_new_command_completes_profiles_and_what_it_is_to_run() {
    let desk = desk();
    for shell in super::shells() {
        let mut terminal = Pty::start(&desk.shell(shell));
        for (typed, expected) in [
            ("w", vec!["work"]),
            ("-p w", vec!["-p", "work"]),
            ("work --lo", vec!["work", "--long"]),
            ("work -- hammer-", vec!["work", "--", "hammer-and-tongs"]),
            ("-- hammer-", vec!["--", "hammer-and-tongs"]),
            ("--long -- wo", vec!["--long", "--", "wo"]),
            (
                "work -- hammer-and-tongs an-",
                vec!["work", "--", "hammer-and-tongs", "an-anvil"],
            ),
            (
                "-- hammer-and-tongs an-",
                vec!["--", "hammer-and-tongs", "an-anvil"],
            ),
            // What daypass itself completes below a command of its own.
            (
                "work -- daypass login w",
                vec!["work", "--", "daypass", "login", "work"],
            ),
        ] {
            if shell == "bash" && typed.contains("daypass") {
                // This needs the package bash-completion.
                continue;
            }
            let called = desk.tab(&mut terminal, &format!("daypass lend {typed}"));
            assert_eq!(called[0], "lend");
            assert_eq!(called[1..], expected, "{shell}: {typed}");
        }
        terminal.expect(PROMPT);
        terminal.send("exit\r");
        terminal.finish();
    }
}

#[test]
fn bash_completion_is_asked_for_the_command_where_it_is_loaded() {
    if !is_there("bash") {
        return;
    }
    let desk = desk();
    for function in ["_comp_command_offset", "_command_offset"] {
        let script = format!(
            ". ~/daypass.bash; {function}() {{ echo \"offset $1\"; }}\n\
             COMP_WORDS=(daypass lend work -- aws s3 ''); COMP_CWORD=6\n\
             _daypass daypass '' s3"
        );
        assert_eq!(desk.offers(desk.script("bash", &script)), ["offset 4"]);
    }
}
