//! What is not to be counted.

use super::*;

fn ignore(home: &Home, text: &str) {
    fs::write(home.path("ignored"), text).expect("a file");
}

fn day(days_from_now: i64) -> String {
    let day = daypass::time::now() + TimeDelta::days(days_from_now);
    day.format("%Y-%m-%d").to_string()
}

#[test]
fn what_is_ignored_does_not_count_and_is_still_told() {
    let home = Home::new();
    write(&home, &company());
    ignore(
        &home,
        &format!(
            "# our machines\n*  user/deploy/*  {}  replaced by a role\n\
             group-without-mfa {ACCOUNT}:group/machines never a role is coming\n\
             * user/bob never leaves in December\n",
            day(30)
        ),
    );
    let run = audit(&home, &["--ignore", "ignored", "--format", "json"]);
    assert_eq!(run.exit, 0, "{}", run.report());
    let json = run.json();
    assert_eq!(json["summary"]["ignored"], 5);
    assert_eq!(json["summary"]["worst"], Value::Null);
    assert_eq!(
        json["findings"][0]["ignored"]["reason"],
        "leaves in December"
    );
    let table = audit(&home, &["--ignore", "ignored"]).stdout;
    assert!(table.contains("ignored (5)"), "{table}");
    assert!(
        table.contains(&format!("until {}: replaced by a role", day(30))),
        "{table}"
    );
}

#[test]
fn an_entry_counts_no_longer_than_its_day() {
    let home = Home::new();
    write(&home, &company());
    ignore(&home, &format!("* * {} today only\n", day(0)));
    assert_eq!(audit(&home, &["--ignore", "ignored"]).exit, 0);
    ignore(&home, &format!("* * {} yesterday only\n", day(-1)));
    let run = audit(&home, &["--ignore", "ignored"]);
    assert_eq!(run.exit, 10, "{}", run.report());
    let expected = format!(
        "ignored, line 1 has expired on {}: 5 findings count again",
        day(-1)
    );
    assert!(run.stdout.contains(&expected), "{}", run.report());
}

#[test]
fn an_entry_about_nothing_is_told() {
    let home = Home::new();
    write(&home, &company());
    ignore(&home, "sms-device user/zoe never has left\n");
    let run = audit(&home, &["--ignore", "ignored", "--format", "csv"]);
    let expected = "ignored, line 1 is about nothing that was found";
    assert!(run.stderr.contains(expected), "{}", run.report());
}

#[test]
fn a_mistake_is_told_before_anything_is_asked() {
    let home = Home::new();
    write(&home, &company());
    ignore(&home, "old-key user/ada never\n");
    insta::assert_snapshot!(audit(&home, &["--ignore", "ignored"]).report(), @"
    exit 1
    --- stderr
    daypass: error: ignored does not say what to ignore
      caused by: line 1: it gives no reason: it is written after the date
      hint: a line is CHECK SUBJECT DATE REASON, as in: old-key user/deploy/key/1 2027-01-31 replaced by a role in January
    ");
    ignore(&home, "\nold-kye user/ada never x\n");
    insta::assert_snapshot!(audit(&home, &["--ignore", "ignored"]).report(), @"
    exit 1
    --- stderr
    daypass: error: ignored does not say what to ignore
      caused by: line 2: there is no check 'old-kye'; did you mean old-key?
      hint: a line is CHECK SUBJECT DATE REASON, as in: old-key user/deploy/key/1 2027-01-31 replaced by a role in January
    ");
}
