//! What has changed since an earlier report.

use super::*;

#[test]
fn what_is_new_fixed_and_unchanged_is_told() {
    let home = Home::new();
    let (report, details) = company();
    write(&home, &(report.clone(), details.clone()));
    let earlier = audit(&home, &["--format", "json"]).stdout;
    fs::write(home.path("earlier.json"), earlier).expect("a report");
    // bob has enrolled a device, and ada has lost hers.
    let lines = report.lines().map(|line| match line.split(',').next() {
        Some("bob") => line.replacen(",N/A,false,", ",N/A,true,", 1),
        Some("ada") => line.replacen(",N/A,true,", ",N/A,false,", 1),
        _ => line.to_owned(),
    });
    write(&home, &(lines.collect::<Vec<_>>().join("\n"), details));
    let run = audit(&home, &["--format", "json", "--compare", "earlier.json"]);
    let json = run.json();
    let changes: Vec<String> = json["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["change"], finding["check"], finding["subject"]
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            r#""new" "console-without-mfa" "user/ada""#,
            r#""unchanged" "key-without-mfa" "user/deploy/key/1""#,
            r#""unchanged" "group-without-mfa" "group/machines""#,
            r#""new" "locked-out" "user/ada""#,
            r#""unchanged" "old-key" "user/deploy/key/1""#,
        ]
    );
    let fixed: Vec<&Value> = json["fixed"].as_array().expect("a list").iter().collect();
    assert_eq!(fixed.len(), 2, "{json:#}");
    assert_eq!(fixed[0]["subject"], "user/bob");
    assert_eq!(fixed[0]["was_checked"], true);
    let table = audit(&home, &["--compare", "earlier.json"]).stdout;
    assert!(table.contains("2 new, 2 fixed"), "{table}");
    assert!(table.contains("user/ada [new]"), "{table}");
}

#[test]
fn what_was_not_looked_for_is_not_called_fixed() {
    let home = Home::new();
    write(&home, &company());
    let earlier = audit(&home, &["--format", "json"]).stdout;
    fs::write(home.path("earlier.json"), earlier).expect("a report");
    let words = [
        "audit",
        "--credential-report",
        "report.csv",
        "--compare",
        "earlier.json",
    ];
    let run = home
        .daypass(words.into_iter().chain(["--format", "json"]))
        .run();
    let fixed = run.json()["fixed"].clone();
    let fixed = fixed.as_array().expect("a list").clone();
    assert_eq!(fixed.len(), 3, "{}", run.report());
    assert!(fixed.iter().all(|fixed| fixed["was_checked"] == false));
}

fn denying(operator: &str, key: &str, sid: Option<&str>) -> Value {
    let mut deny = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {operator: {key: "false"}}});
    if let Some(sid) = sid {
        deny["Sid"] = sid.into();
    }
    deny
}

/// What became of the mistakes of a group's policy: `unchanged 1`, with the number of the statement, and what is fixed.
fn changes_of_mistakes(before: &Value, after: &Value) -> (Vec<String>, Vec<String>) {
    let home = Home::new();
    let account = |statements: &Value| {
        (
            report(&[]),
            details(&[], &[group("devs", statements.clone())]),
        )
    };
    write(&home, &account(before));
    let earlier = audit(&home, &["--format", "json"]).stdout;
    fs::write(home.path("earlier.json"), earlier).expect("a report");
    write(&home, &account(after));
    let json = audit(&home, &["--format", "json", "--compare", "earlier.json"]).json();
    let of_policies = |list: &Value| {
        let list = list.as_array().expect("a list").clone().into_iter();
        list.filter(|finding| finding["check"] == "broken-enforcement")
            .collect::<Vec<_>>()
    };
    let changes = of_policies(&json["findings"]);
    let changes = changes.iter().map(|finding| {
        let number = finding["details"]["statement"]
            .as_u64()
            .map_or(0, |index| index + 1);
        format!("{} {number}", finding["change"].as_str().expect("a word"))
    });
    let fixed = of_policies(&json["fixed"]);
    let fixed = fixed.iter().map(|fixed| {
        let summary = fixed["summary"].as_str().expect("a text");
        summary.split(':').next().unwrap_or_default().to_owned()
    });
    (changes.collect(), fixed.collect())
}

const PRESENT: &str = "aws:MultiFactorAuthPresent";

#[test]
fn two_mistakes_of_one_policy_are_compared_by_themselves() {
    let bool_false = denying("Bool", PRESENT, Some("One"));
    let misspelt = denying("Bool", "aws:MultiFactorAuthPresentt", Some("Two"));
    let both = json!([allow_all(), bool_false, misspelt]);
    let one = json!([allow_all(), bool_false]);
    let words =
        |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let (changes, fixed) = changes_of_mistakes(&both, &one);
    assert_eq!(
        (changes, fixed),
        (words(&["unchanged 2"]), words(&["statement 3 'Two'"]))
    );
    let (changes, fixed) = changes_of_mistakes(&one, &both);
    assert_eq!(
        (changes, fixed),
        (words(&["unchanged 2", "new 3"]), words(&[]))
    );
}

#[test]
fn a_mistake_is_the_same_wherever_its_statement_has_moved() {
    let named = denying("Bool", PRESENT, Some("One"));
    let unnamed = denying("Bool", PRESENT, None);
    for deny in [named, unnamed.clone()] {
        let moved = json!([allow_all(), allow_all(), deny]);
        let (changes, fixed) = changes_of_mistakes(&json!([allow_all(), deny]), &moved);
        assert_eq!(
            (changes.as_slice(), fixed.len()),
            (&["unchanged 3".to_owned()][..], 0)
        );
    }
    // Of two that nothing tells apart, the one that has stayed where it was is the same.
    let two = json!([unnamed, allow_all(), unnamed]);
    let (changes, fixed) = changes_of_mistakes(&two, &json!([allow_all(), allow_all(), unnamed]));
    assert_eq!(
        (changes, fixed),
        (
            vec!["unchanged 3".to_owned()],
            vec!["statement 1".to_owned()]
        )
    );
}

#[test]
fn something_else_is_no_earlier_report() {
    let home = Home::new();
    write(&home, &company());
    let compare = |text: &str| {
        fs::write(home.path("earlier.json"), text).expect("a file");
        audit(&home, &["--compare", "earlier.json"]).report()
    };
    insta::assert_snapshot!(compare("{\"schema_version\": 2}"), @"
    exit 1
    --- stderr
    daypass: error: earlier.json is no report of daypass audit --format json
      caused by: its schema_version is 2, and this daypass reads up to 1
      hint: daypass audit --format json > earlier.json writes one
    ");
    insta::assert_snapshot!(compare("{\"schema_version\": 1,\n \"generated_at\": \"now\"}"), @"
    exit 1
    --- stderr
    daypass: error: earlier.json is no report of daypass audit --format json
      caused by: generated_at: it is no date
      hint: daypass audit --format json > earlier.json writes one
    ");
    insta::assert_snapshot!(compare("{\"schema_version\": 1"), @"
    exit 1
    --- stderr
    daypass: error: earlier.json is no report of daypass audit --format json
      caused by: EOF while parsing an object at line 1 column 20
      hint: daypass audit --format json > earlier.json writes one
    ");
}
