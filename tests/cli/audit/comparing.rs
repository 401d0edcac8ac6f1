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
