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

/// The rows of a table of the page, by what stands above its first column: the columns of each.
fn rows(first: &str) -> Vec<Vec<String>> {
    let text = blocks::prose_of("docs/audit.md");
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with(&format!("| {first} |")));
    let (_heading, _line) = (lines.next().expect(first), lines.next());
    let rows = lines.take_while(|line| line.starts_with('|'));
    let columns = |row: &str| {
        row.split('|')
            .map(|column| column.trim().to_owned())
            .collect()
    };
    rows.map(columns).collect()
}

/// What the page calls the fields of an object, in alphabetical order.
fn fields(first: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for row in rows(first) {
        fields.extend(row[1].split('`').skip(1).step_by(2).map(str::to_owned));
    }
    fields.sort();
    fields
}

#[test]
fn the_tables_of_the_page_are_what_the_program_prints() {
    let home = Home::new();
    write(&home, &company());
    let json = audit(&home, &["--format", "json"]).json();
    let names = |object: &Value| -> Vec<String> {
        let mut names: Vec<_> = object
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        names.sort();
        names
    };
    let account = &json["accounts"][0];
    assert_eq!(names(&json), fields("field"));
    assert_eq!(names(account), fields("field of an account"));
    assert_eq!(names(&json["findings"][0]), fields("field of a finding"));

    let rows = rows("check");
    let checks = account["checks"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let listed: Vec<String> = rows.iter().map(|row| row[1].replace('`', "")).collect();
    let printed: Vec<String> = checks.iter().map(|check| text(&check["id"])).collect();
    assert_eq!(listed, printed);
    for (row, check) in rows.iter().zip(checks) {
        assert_eq!(row[2], text(&check["severity"]), "{}", row[1]);
        let references = check["references"].as_array().expect("a list");
        assert_eq!(row[4].is_empty(), references.is_empty(), "{}", row[1]);
        for reference in references {
            let (benchmark, id) = (text(&reference["benchmark"]), text(&reference["id"]));
            assert!(
                row[4].contains(&benchmark) && row[4].contains(&id),
                "{}: {benchmark} {id}",
                row[1]
            );
        }
    }
}
