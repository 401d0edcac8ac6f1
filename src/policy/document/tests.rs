use serde_json::json;

use super::*;

fn error_of(text: &str) -> String {
    Document::parse(text).unwrap_err().to_string()
}

#[test]
fn everything_a_statement_may_have_is_read() {
    let text = r#"{
        "Version": "2012-10-17", "Id": "x",
        "Statement": [
            {"Sid": "One", "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "NotResource": "arn:aws:s3:::a",
             "Condition": {"Bool": {"aws:MultiFactorAuthPresent": false, "x:y": ["true", true]},
                           "NumericLessThan": {"aws:MultiFactorAuthAge": [28800, "3600", 1.5]}}},
            {"Effect": "Allow", "Action": "*", "Resource": []}
        ]
    }"#;
    let condition = |operator: &str, key: &str, values: &[&str]| Condition {
        operator: operator.into(),
        key: key.into(),
        values: values.iter().map(|&value| value.into()).collect(),
    };
    let document = Document::parse(text).unwrap();
    assert_eq!(document.version, Version::V2012);
    assert_eq!(
        document.statements,
        [
            Statement {
                sid: Some("One".into()),
                effect: Effect::Deny,
                actions: Patterns::NoneOf(vec!["iam:*".into(), "sts:*".into()]),
                resources: Patterns::NoneOf(vec!["arn:aws:s3:::a".into()]),
                conditions: vec![
                    condition("Bool", "aws:MultiFactorAuthPresent", &["false"]),
                    condition("Bool", "x:y", &["true", "true"]),
                    condition(
                        "NumericLessThan",
                        "aws:MultiFactorAuthAge",
                        &["28800", "3600", "1.5"]
                    ),
                ],
            },
            Statement {
                sid: None,
                effect: Effect::Allow,
                actions: Patterns::Any(vec!["*".into()]),
                resources: Patterns::Any(vec![]),
                conditions: vec![],
            },
        ]
    );
    assert_eq!(Document::from_value(&document.to_value()), Ok(document));
}

#[test]
fn a_single_statement_needs_no_list_and_no_version_is_the_old_one() {
    let text = "\u{feff}{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}";
    let document = Document::parse(text).unwrap();
    assert_eq!(document.version, Version::V2008);
    assert_eq!(
        document.to_value(),
        json!({"Version": "2008-10-17",
               "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    );
}

#[test]
fn conditions_on_one_key_under_one_operator_are_written_as_one() {
    let condition = |value: &str| Condition {
        operator: "StringLike".into(),
        key: "x:y".into(),
        values: vec![value.into()],
    };
    let document = Document {
        version: Version::V2012,
        statements: vec![Statement {
            sid: None,
            effect: Effect::Deny,
            actions: Patterns::Any(vec!["*".into()]),
            resources: Patterns::Any(vec!["*".into()]),
            conditions: vec![condition("a"), condition("b")],
        }],
    };
    assert_eq!(
        document.to_value()["Statement"][0]["Condition"],
        json!({"StringLike": {"x:y": ["a", "b"]}})
    );
}

#[test]
fn an_error_names_the_place() {
    let good = r#""Effect":"Deny","Action":"*","Resource":"*""#;
    let second = |inner: &str| format!(r#"{{"Statement":[{{{good}}},{{{inner}}}]}}"#);
    let table = [
        (
            "[]".to_owned(),
            "the document: this is a list, and has to be an object",
        ),
        ("{}".to_owned(), "Statement: missing"),
        (
            r#"{"Statement":"x"}"#.to_owned(),
            "Statement: this is a text, and has to be an object",
        ),
        (
            r#"{"Statement":[],"Version":2012}"#.to_owned(),
            "Version: this is a number, and has to be a text",
        ),
        (
            r#"{"Statement":[],"Version":"2012-10-18"}"#.to_owned(),
            "Version: '2012-10-18' is no version: it is 2012-10-17 or 2008-10-17",
        ),
        (
            r#"{"Statements":[]}"#.to_owned(),
            "Statements: there is no such element; is it Statement?",
        ),
        (
            r#"{"statement":[]}"#.to_owned(),
            "statement: there is no such element; is it Statement?",
        ),
        (
            r#"{"Statement":[],"a\nb":1}"#.to_owned(),
            r"a\nb: there is no such element",
        ),
        (
            r#"{"Statement":[],"Id":7}"#.to_owned(),
            "Id: this is a number, and has to be a text",
        ),
        (
            second(r#""Action":"*","Resource":"*""#),
            "Statement[1].Effect: missing",
        ),
        (
            second(r#""Effect":"deny","Action":"*","Resource":"*""#),
            "Statement[1].Effect: 'deny' is neither Allow nor Deny, in these letters",
        ),
        (
            second(r#""Effect":"Deny","Resource":"*""#),
            "Statement[1].Action: missing: it takes Action or NotAction",
        ),
        (
            second(r#""Effect":"Deny","Action":"*""#),
            "Statement[1].Resource: missing: it takes Resource or NotResource",
        ),
        (
            second(r#""Effect":"Deny","Action":"*","NotAction":"*","Resource":"*""#),
            "Statement[1].NotAction: there is Action too, and only one of the two may be there",
        ),
        (
            second(r#""Effect":"Deny","Action":["*",1],"Resource":"*""#),
            "Statement[1].Action[1]: this is a number, and has to be a text",
        ),
        (
            second(&format!(r#"{good},"Condition":{{"Bool":"true"}}"#)),
            "Statement[1].Condition.Bool: this is a text, and has to be an object of keys",
        ),
        (
            second(&format!(
                r#"{good},"Condition":{{"Bool":{{"a:b":["true",null]}}}}"#
            )),
            "Statement[1].Condition.Bool.a:b[1]: this is null, and has to be a text, a number or true or false",
        ),
        (
            second(&format!(r#"{good},"Conditions":{{}}"#)),
            "Statement[1].Conditions: there is no such element; is it Condition?",
        ),
        (
            r#"{"Statement":{"Principal":"*"}}"#.to_owned(),
            "Statement.Principal: this is the policy of a resource, or says who may assume a role; the policies of \
             users, groups and roles have no principal",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(error_of(&text), expected, "{text}");
    }
}

#[test]
fn a_key_that_stands_twice_is_an_error_wherever_it_stands() {
    let twice = |key: &str, line: usize, column: usize| {
        format!(
            "'{key}' stands twice in one object, the second time at line {line}, column {column}"
        )
    };
    assert_eq!(
        error_of("{\"Statement\": [],\n \"Statement\": []}"),
        twice("Statement", 2, 2)
    );
    assert_eq!(
        error_of(
            r#"{"Statement":[{"Effect":"Deny","Sid":"é\"\\","Condition":{},"Condition":{}}]}"#
        ),
        twice("Condition", 1, 61)
    );
    assert_eq!(
        error_of(r#"{"Action":{"a":[{}],"\u0061":1}}"#),
        twice("a", 1, 21)
    );
    assert_eq!(
        repeated_key(r#"{"a":{"b":"a"},"c":[{"b":1},{"b":"b,{"}],"b":["a","a"]}"#),
        None
    );
}

#[test]
fn what_is_no_json_is_told_with_line_and_column() {
    assert_eq!(error_of(" \n"), "it is no JSON: it is empty");
    assert_eq!(
        error_of("{\n\"a\""),
        "it is no JSON: it ends in the middle, at line 2, column 3"
    );
    assert_eq!(
        error_of("{\n  \"Version\": 2012-10-17\n}"),
        "it is no JSON: expected `,` or `}`, at line 2, column 18"
    );
}

#[test]
fn what_is_nested_to_the_hilt_is_an_error_and_no_crash() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let times = 200_000;
        let text = format!("{}1{}", open.repeat(times), close.repeat(times));
        let error = error_of(&text);
        assert!(
            error.starts_with("it is no JSON: nested far deeper than any policy, at line 1"),
            "{error}"
        );
    }
}

#[test]
fn what_is_longer_than_anything_is_not_read() {
    assert_eq!(
        Document::parse(&" ".repeat(LONGEST_DOCUMENT + 1)),
        Err(DocumentError::TooLong)
    );
}
