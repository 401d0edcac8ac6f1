//! Files that are damaged.

use super::*;

#[test]
fn a_damaged_report_is_told_with_its_line_and_column() {
    let home = Home::new();
    let (report, details) = company();
    write(&home, &(report.replace(",true,", ",yes,"), details));
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: report.csv is no credential report
      caused by: line 2, column 91: mfa_active is 'yes', and should be true or false
      hint: get it anew: while aws iam generate-credential-report --output text | grep -v COMPLETE; do sleep 2; done; aws iam get-credential-report --query Content --output text | base64 -d > report.csv
    ");
}

#[test]
fn the_answer_of_the_aws_cli_is_to_be_decoded_first() {
    let home = Home::new();
    let (_, details) = company();
    write(
        &home,
        &("{\n    \"Content\": \"dXNlcg==\"\n}\n".to_owned(), details),
    );
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: report.csv is no credential report
      caused by: line 1, column 1: this is JSON: the report is in its Content, in base64
      hint: decode it: while aws iam generate-credential-report --output text | grep -v COMPLETE; do sleep 2; done; aws iam get-credential-report --query Content --output text | base64 -d > report.csv
    ");
}

#[test]
fn damaged_details_are_told_with_their_line_and_path() {
    let home = Home::new();
    let (report, details) = company();
    write(
        &home,
        &(
            report.clone(),
            details.replacen("\"UserName\": \"bob\"", "\"Name\": \"bob\"", 1),
        ),
    );
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: details.json is not what aws iam get-account-authorization-details prints
      caused by: line 95, column 5: UserDetailList[1]: UserName is missing
      hint: get it anew: aws iam get-account-authorization-details > details.json
    ");
    let half = details[..details.len() / 2].to_owned();
    write(&home, &(report, half));
    insta::assert_snapshot!(audit(&home, &[]).report(), @"
    exit 1
    --- stderr
    daypass: error: details.json is not what aws iam get-account-authorization-details prints
      caused by: line 50, column 2: EOF while parsing a value
      hint: get it anew: aws iam get-account-authorization-details > details.json
    ");
}

/// What IAM once took and would not take today is one policy that is not judged, and no reason to say nothing.
#[test]
fn a_policy_that_cannot_be_read_is_named_and_the_rest_is_judged() {
    let home = Home::new();
    let (report, details) = company();
    let odd = details.replacen("\"Effect\": \"Allow\"", "\"Effect\": \"Perhaps\"", 1);
    write(&home, &(report, odd));
    let run = audit(&home, &["--format", "json"]);
    assert!(found(&run).contains(&"group-without-mfa group/machines".to_owned()));
    assert!(
        run.stdout.contains("Statement[0].Effect"),
        "{}",
        run.report()
    );
}
