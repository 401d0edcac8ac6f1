//! `docs/long-runs.md`: its command, and what is shown in the middle of a run.

use std::{fs, time::Duration};

use super::{
    moved_clock::MovedClock,
    questions::{COMMAND, end, key},
};
use crate::{
    integrations::place::{Place, output},
    support::{Home, Pty, set_mode},
};

/// What the page calls the run.
const SCRIPT: &str = "runs-for-days.sh";

/// The command gets an endpoint and no session, and the AWS CLI asks there.
pub fn served(block: &str) {
    let Some(place) = Place::logged_in().with_aws() else {
        return;
    };
    place.write(
        SCRIPT,
        "#!/bin/sh\necho \"${AWS_ACCESS_KEY_ID-no key} at ${AWS_CONTAINER_CREDENTIALS_FULL_URI%:*}\"\n\
         aws sts get-caller-identity\n",
    );
    set_mode(&place.home.path(SCRIPT), 0o700);
    let run = place.shell("sh", block).run();
    assert!(
        output(&run).starts_with("no key at http://127.0.0.1\n"),
        "{}",
        run.report()
    );
    place.assert_ada(&run);
}

/// The block, line by line: times are others, and the code is typed where the page has one.
pub fn question(block: &str) {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    fs::write(home.path(SCRIPT), format!("#!/bin/sh\n{COMMAND}\n")).expect("the script");
    set_mode(&home.path(SCRIPT), 0o700);
    let script = format!("./{SCRIPT}");
    let run = home.daypass(["exec", "work", "--server", "--", &script]);
    let mut terminal = Pty::start(&clock.rules(run));
    let first = key(&home);
    clock.advance(Duration::from_secs(7 * 3_600 + 45 * 60));
    assert_eq!(block.lines().count(), 3);
    for line in block.lines() {
        if let Some(prompt) = line.strip_suffix(" 123456") {
            terminal.expect(prompt);
            terminal.send(&format!("{}\r", home.code()));
            continue;
        }
        for part in without_times(line) {
            terminal.expect(&part);
        }
    }
    assert_ne!(key(&home), first);
    end(&home);
    assert_eq!(terminal.finish().exit, 6);
}

/// What stands before and behind a time of the day.
fn without_times(line: &str) -> Vec<String> {
    let is_time = |word: &str| {
        let word = word.trim_end_matches(':');
        word.len() == 5 && word.split(':').all(|digits| digits.parse::<u8>().is_ok())
    };
    let mut parts = vec![String::new()];
    for word in line.split(' ') {
        match (is_time(word), parts.last_mut()) {
            (true, _) => parts.push(":".repeat(usize::from(word.ends_with(':')))),
            (false, Some(part)) if part.is_empty() => part.push_str(word),
            (false, Some(part)) => *part += &format!(" {word}"),
            (false, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
