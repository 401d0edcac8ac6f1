use std::time::Duration;

use super::*;

const KEY: Caller = Caller::LongTermKey;
const SESSION: Caller = Caller::SessionWithoutMfa;

fn aged(seconds: u64) -> Caller {
    Caller::WithMfa {
        age: Duration::from_secs(seconds),
    }
}

fn holds(operator: &str, key: &str, values: &[&str], caller: Caller) -> Truth {
    let condition = Condition {
        operator: operator.into(),
        key: key.into(),
        values: values.iter().map(|&value| value.into()).collect(),
    };
    Test::read(&condition, Version::V2012).holds(caller)
}

/// A row's four answers: long-term key (the key is absent), session without MFA (`false`), MFA of 1,000 seconds and
/// of 5,000. `T`, `F`, and `?` for unknown.
fn check(key: &str, rows: &[(&str, &[&str], &str)]) {
    for (operator, values, expected) in rows {
        let answers: String = [KEY, SESSION, aged(1000), aged(5000)]
            .into_iter()
            .map(|caller| match holds(operator, key, values, caller) {
                Truth::True => 'T',
                Truth::False => 'F',
                Truth::Unknown => '?',
            })
            .collect();
        assert_eq!(&answers, expected, "{operator} {key} {values:?}");
    }
}

#[test]
fn every_operator_on_whether_mfa_is_present() {
    check(
        MFA_PRESENT,
        &[
            ("Bool", &["true"], "FFTT"),
            ("Bool", &["false"], "FTFF"),
            ("Bool", &["TRUE"], "FFTT"),
            ("Bool", &["true", "false"], "FTTT"),
            ("Bool", &["yes"], "F???"),
            ("Bool", &[], "????"),
            ("bool", &["true"], "FFTT"),
            ("BoolIfExists", &["true"], "TFTT"),
            ("BoolIfExists", &["false"], "TTFF"),
            ("ForAllValues:Bool", &["true"], "TFTT"),
            ("ForAllValues:Bool", &["false"], "TTFF"),
            ("ForAllValues:BoolIfExists", &["false"], "TTFF"),
            ("ForAnyValue:Bool", &["true"], "FFTT"),
            ("ForAnyValue:BoolIfExists", &["false"], "?TFF"),
            ("ForAnyValue:BoolIfExists", &["true"], "?FTT"),
            ("ForAnyValue:StringNotEqualsIfExists", &["true"], "?TFF"),
            ("Null", &["true"], "TFFF"),
            ("Null", &["false"], "FTTT"),
            ("Null", &["True"], "TFFF"),
            ("Null", &["true", "false"], "TTTT"),
            ("Null", &["0"], "????"),
            ("NullIfExists", &["true"], "????"),
            ("ForAnyValue:Null", &["true"], "????"),
            ("StringEquals", &["true"], "FFTT"),
            ("StringEquals", &["True"], "FFFF"),
            ("StringEquals", &["tr*"], "FFFF"),
            ("StringEquals", &["${aws:PrincipalTag/x}"], "????"),
            ("StringEquals", &["${aws:PrincipalTag/x}", "true"], "????"),
            ("StringEqualsIfExists", &["true"], "TFTT"),
            ("StringNotEquals", &["true"], "TTFF"),
            ("StringNotEquals", &["true", "false"], "TFFF"),
            ("StringNotEqualsIfExists", &["false"], "TFTT"),
            ("StringEqualsIgnoreCase", &["True"], "FFTT"),
            ("StringEqualsIgnoreCaseIfExists", &["True"], "TFTT"),
            ("StringNotEqualsIgnoreCase", &["True"], "TTFF"),
            ("StringNotEqualsIgnoreCaseIfExists", &["True"], "TTFF"),
            ("StringLike", &["tr*"], "FFTT"),
            ("StringLike", &["*"], "FTTT"),
            ("StringLikeIfExists", &["t???"], "TFTT"),
            ("StringNotLike", &["f*"], "TFTT"),
            ("StringNotLikeIfExists", &["f*", "x"], "TFTT"),
            ("ForAllValues:StringLike", &["t*"], "TFTT"),
            ("ForAnyValue:StringNotLike", &["t*"], "FTFF"),
            ("ForAllValues:StringNotEquals", &["true"], "TTFF"),
            ("ForAnyValue:StringNotEquals", &["true"], "FTFF"),
            ("NumericEquals", &["1"], "F???"),
            ("NumericNotEqualsIfExists", &["1"], "T???"),
            ("DateGreaterThan", &["2020-01-01"], "F???"),
            ("DateNotEquals", &["2020-01-01"], "T???"),
            ("IpAddress", &["10.0.0.0/8"], "F???"),
            ("NotIpAddress", &["10.0.0.0/8"], "T???"),
            ("ArnLike", &["*"], "F???"),
            ("ArnNotLike", &["*"], "T???"),
            ("ArnEqualsIfExists", &["*"], "T???"),
            ("BinaryEquals", &["dHJ1ZQ=="], "F???"),
            ("Boolean", &["true"], "????"),
            ("ForSomeValues:Bool", &["true"], "????"),
        ],
    );
}

#[test]
fn every_operator_on_the_age() {
    check(
        MFA_AGE,
        &[
            ("Null", &["true"], "TTFF"),
            ("Null", &["false"], "FFTT"),
            ("NumericEquals", &["1000"], "FFTF"),
            ("NumericEquals", &["1000.0", "5000"], "FFTT"),
            ("NumericEqualsIfExists", &["1000"], "TTTF"),
            ("NumericNotEquals", &["1000"], "TTFT"),
            ("NumericNotEquals", &["1000", "5000"], "TTFF"),
            ("NumericNotEquals", &["eight"], "TT??"),
            ("NumericNotEqualsIfExists", &["1000"], "TTFT"),
            ("NumericLessThan", &["1000"], "FFFF"),
            ("NumericLessThan", &["1000.5"], "FFTF"),
            ("NumericLessThan", &["8h"], "FFFF"),
            ("NumericLessThan", &["1e4"], "FF??"),
            ("NumericLessThan", &[" 2000"], "FF??"),
            ("NumericLessThan", &["10", "2000"], "FFTF"),
            ("NumericLessThanIfExists", &["2000"], "TTTF"),
            ("NumericLessThanEquals", &["1000"], "FFTF"),
            ("NumericLessThanEqualsIfExists", &["999"], "TTFF"),
            ("NumericGreaterThan", &["1000"], "FFFT"),
            ("NumericGreaterThan", &["-1"], "FFTT"),
            ("NumericGreaterThan", &["inf"], "FF??"),
            ("NumericGreaterThanIfExists", &["2000"], "TTFT"),
            ("NumericGreaterThanEquals", &["1000"], "FFTT"),
            ("NumericGreaterThanEqualsIfExists", &["5000"], "TTFT"),
            ("ForAllValues:NumericLessThan", &["2000"], "TTTF"),
            ("ForAnyValue:NumericLessThan", &["2000"], "FFTF"),
            ("ForAnyValue:NumericGreaterThanIfExists", &["2000"], "??FT"),
            ("ForAllValues:NumericGreaterThan", &["2000"], "TTFT"),
            ("ForAnyValue:NumericNotEquals", &["1000"], "FFFT"),
            ("StringEquals", &["1000"], "FFTF"),
            ("StringNotEquals", &["1000"], "TTFT"),
            ("StringLike", &["1*"], "FFTF"),
            ("StringNotLikeIfExists", &["1*"], "TTFT"),
            ("Bool", &["true"], "FF??"),
            ("BoolIfExists", &["true"], "TT??"),
            ("DateLessThan", &["1000"], "FF??"),
        ],
    );
}

#[test]
fn the_names_of_keys_know_no_case() {
    assert_eq!(
        holds("Bool", "AWS:multifactorauthpresent", &["true"], aged(0)),
        Truth::True
    );
    assert_eq!(
        holds("Null", "aws:multiFactorAuthAge", &["true"], KEY),
        Truth::True
    );
}

#[test]
fn other_keys_are_unknown_whatever_is_asked() {
    for operator in [
        "Bool",
        "Null",
        "StringNotLike",
        "NumericEqualsIfExists",
        "ForAllValues:StringLike",
    ] {
        for caller in [KEY, SESSION, aged(0)] {
            assert_eq!(
                holds(operator, "aws:SourceIp", &["true"], caller),
                Truth::Unknown
            );
            assert_eq!(
                holds(operator, "MultiFactorAuthPresent", &["true"], caller),
                Truth::Unknown
            );
        }
    }
}

#[test]
fn a_console_sign_in_without_mfa_is_as_a_session_without() {
    for operator in ["Bool", "BoolIfExists", "Null"] {
        for key in [MFA_PRESENT, MFA_AGE] {
            assert_eq!(
                holds(operator, key, &["false"], Caller::ConsoleWithoutMfa),
                holds(operator, key, &["false"], SESSION)
            );
        }
    }
}

#[test]
fn a_misspelt_operator_has_a_near_one() {
    let table = [
        ("Boolean", Some("Bool")),
        ("BoolIfExist", Some("BoolIfExists")),
        ("StringEqual", Some("StringEquals")),
        ("ForAllValue:StringLike", Some("ForAllValues:StringLike")),
        ("NumericGreaterThen", Some("NumericGreaterThan")),
        ("CompletelyDifferent", None),
    ];
    for (name, expected) in table {
        assert_eq!(Operator::named(name), None, "{name}");
        assert_eq!(Operator::near(name).as_deref(), expected, "{name}");
    }
}

#[test]
fn a_condition_in_words_is_short() {
    let condition = Condition {
        operator: "IpAddress".into(),
        key: "aws:SourceIp".into(),
        values: (0..5).map(|n| format!("10.{n}.0.0/16\n")).collect(),
    };
    assert_eq!(
        in_words(&condition),
        "IpAddress aws:SourceIp 10.0.0.0/16 or 10.1.0.0/16 or 10.2.0.0/16 or …"
    );
}
