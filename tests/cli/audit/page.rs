//! `docs/audit.md`: its commands, and its file of what to ignore.

use super::{many::OTHER, *};
use crate::{
    documents::blocks,
    integrations::place::{Place, output},
    support::complaints_about_sarif,
};

/// A home whose profile `admin` has a session, in an account with most mistakes.
fn admin() -> Option<Place> {
    let home = Home::new();
    seeded_account::seed(&home);
    home.write_config(&home.profile_section("admin"));
    home.write_credentials(&home.long_term_section("admin-long-term"));
    let code = home.code();
    output(&home.daypass(["login", "admin", "--code", &code]).run());
    Place::of(home).with_aws()
}

/// The file of the page. Its dates count, whenever this is run.
fn ignore_file() -> String {
    let text = blocks::text_of_block("docs/audit.md", "What to ignore", "text", 1);
    text.replace(" 2026-", " 2099-").replace(" 2027-", " 2099-")
}

/// Runs a line, which has to find something.
fn found_by(place: &Place, line: &str) -> Run {
    let run = place.shell("sh", line).run();
    assert_eq!(run.exit, 10, "{line}: {}", run.report());
    assert!(!run.stderr.contains("error"), "{line}: {}", run.report());
    run
}

pub fn asked(block: &str) {
    let Some(place) = admin() else { return };
    let home = &place.home;
    write(home, &company());
    place.write("audit.ignore", &ignore_file());
    found_by(&place, "daypass audit admin --format json > last-week.json");
    let [all, files, sarif, compared] = block.lines().collect::<Vec<_>>()[..] else {
        panic!("not four commands: {block}");
    };
    let asked = || home.sandbox.calls("GetAccountAuthorizationDetails");
    let before = asked();
    let run = found_by(&place, all);
    assert!(
        run.stdout.starts_with("account 123456789012: "),
        "{}",
        run.report()
    );
    let after = asked();
    assert!(after > before);

    let run = found_by(&place, files);
    assert!(run.stdout.contains("user/deploy/key/1"), "{}", run.report());
    assert_eq!(asked(), after);

    found_by(&place, sarif);
    let log = place.read("audit.sarif");
    assert!(log.contains("\"console-without-mfa\""), "{log}");
    assert_eq!(complaints_about_sarif(&log).unwrap_or_default(), "");

    let run = found_by(&place, compared);
    assert!(
        run.stdout.contains(": 0 new, 0 fixed\n"),
        "{}",
        run.report()
    );
}

/// What the AWS CLI writes is what daypass reads.
pub fn files(block: &str) {
    let Some(place) = admin() else { return };
    let script = format!("set -e\n{block}");
    let run = place.shell("sh", &script).env("AWS_PROFILE", "admin").run();
    output(&run);
    let run = audit(&place.home, &["--format", "json"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    let found = found(&run);
    for finding in [
        "console-without-mfa user/bob",
        "group-without-mfa group/open",
    ] {
        assert!(
            found.iter().any(|found| found == finding),
            "{finding}: {found:?}"
        );
    }
}

pub fn accounts(block: &str) {
    let Some(place) = admin() else { return };
    many::with_role_in(&place.home, OTHER);
    many::organization(&place.home, &[(ACCOUNT, true), (OTHER, true)]);
    place.write(
        "accounts.txt",
        &format!("# all of them\n{ACCOUNT}\n{OTHER} the other one\n"),
    );
    assert_eq!(block.lines().count(), 2);
    for (number, line) in (1..).zip(block.lines()) {
        let run = found_by(&place, line);
        assert!(
            run.stdout.contains(&format!("{OTHER} user/zoe")),
            "{}",
            run.report()
        );
        assert_eq!(place.home.sandbox.calls("AssumeRole"), number);
    }
}

pub fn ignored(block: &str) {
    let home = Home::new();
    let (report, details) = company();
    let bob = report
        .lines()
        .find(|line| line.starts_with("bob,"))
        .expect("bob");
    let report = format!("{report}{}\n", bob.replace("bob", "test-1"));
    write(&home, &(report, details));
    assert!(
        ignore_file()
            .lines()
            .zip(block.lines())
            .all(|(dated, line)| dated.len() == line.len())
    );
    fs::write(home.path("audit.ignore"), ignore_file()).expect("a file");
    let run = audit(&home, &["--format", "json", "--ignore", "audit.ignore"]);
    let json = run.json();
    let reason_of = |check: &str, subject: &str| {
        let findings = json["findings"].as_array().expect("a list");
        let mut of = findings.iter().filter(|finding| finding["check"] == check);
        let finding = of
            .find(|finding| finding["subject"] == subject)
            .expect(subject);
        finding["ignored"]["reason"].clone()
    };
    assert_eq!(
        reason_of("old-key", "user/deploy/key/1"),
        "replaced by a role in January"
    );
    assert_eq!(
        reason_of("console-without-mfa", "user/test-1"),
        "the test users go at the end of the year"
    );
    assert_eq!(reason_of("console-without-mfa", "user/bob"), Value::Null);
    // Nobody has a telephone here.
    let notes = json["notes"].as_array().expect("notes");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].to_string().contains("audit.ignore, line 3 "),
        "{notes:?}"
    );
}
