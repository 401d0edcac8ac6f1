//! What comes of the fixes.

use super::*;

/// Statements as they are, what the fix begins with, and the statements as it has them.
#[test]
fn what_is_mended_as_told_is_enforced() {
    let null = ("Deny", json!({"Null": {AGE: "true"}}));
    let older = || json!({"NumericGreaterThan": {AGE: "28800"}});
    let bool_if_exists = || ("Deny", json!({"BoolIfExists": {PRESENT: "false"}}));
    let with_mfa = || ("Allow", json!({"Bool": {PRESENT: "true"}}));
    let younger = || json!({"NumericLessThan": {AGE: "28800"}});
    type Statements = Vec<(&'static str, Value)>;
    let table: Vec<(Statements, &str, Statements)> = vec![
        (
            vec![("Deny", json!({"Bool": {PRESENT: "false"}}))],
            "Write BoolIfExists",
            vec![bool_if_exists()],
        ),
        (
            vec![("Deny", json!({"ForAnyValue:Bool": {PRESENT: "false"}}))],
            "Write BoolIfExists",
            vec![bool_if_exists()],
        ),
        (
            vec![("Deny", json!({"StringEquals": {PRESENT: "false"}}))],
            "Write BoolIfExists",
            vec![bool_if_exists()],
        ),
        (
            vec![("Deny", json!({"Null": {PRESENT: "true"}}))],
            "Write \"Null\": {\"aws:MultiFactorAuthAge\": \"true\"}",
            vec![null.clone()],
        ),
        (
            vec![("Deny", json!({"BoolIfExists": {PRESENT: "true"}}))],
            "Write \"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"}",
            vec![bool_if_exists()],
        ),
        (
            vec![("Deny", json!({"NumericLessThan": {AGE: "28800"}}))],
            "Write NumericGreaterThan in its place, and add a second Deny",
            vec![("Deny", older()), null.clone()],
        ),
        (
            vec![("Allow", json!({"Null": {PRESENT: "false"}}))],
            "Write \"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}",
            vec![with_mfa()],
        ),
        (
            vec![("Allow", json!({"BoolIfExists": {PRESENT: "false"}}))],
            "Write \"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}",
            vec![with_mfa()],
        ),
        (
            vec![("Allow", json!({"BoolIfExists": {PRESENT: "true"}}))],
            "Write Bool, without",
            vec![with_mfa()],
        ),
        (
            vec![("Allow", json!({"ForAllValues:Bool": {PRESENT: "true"}}))],
            "Write Bool, without",
            vec![with_mfa()],
        ),
        (
            vec![("Allow", json!({"StringNotEquals": {PRESENT: "false"}}))],
            "Write \"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}",
            vec![with_mfa()],
        ),
        (
            vec![("Allow", json!({"NumericLessThanIfExists": {AGE: "28800"}}))],
            "Write NumericLessThan",
            vec![("Allow", younger())],
        ),
        (
            vec![("Deny", older())],
            "Add a second Deny statement with the condition \"Null\"",
            vec![("Deny", older()), null.clone()],
        ),
        (
            vec![(
                "Deny",
                json!({"Null": {AGE: "true"}, "NumericGreaterThan": {AGE: "28800"}}),
            )],
            "Make two Deny statements",
            vec![null.clone(), ("Deny", older())],
        ),
        (
            vec![(
                "Deny",
                json!({"Bool": {PRESENT: "false"}, "NumericGreaterThan": {AGE: "28800"}}),
            )],
            "Make two Deny statements",
            vec![null, ("Deny", older())],
        ),
    ];
    for (wrong, fix, mended) in table {
        let judged = |statements: &Statements| {
            let statements: Vec<Value> = statements
                .iter()
                .map(|(effect, condition)| everything(effect, condition))
                .collect();
            judge(&group(&json!(statements)), &Intent::default())
        };
        let before = judged(&wrong);
        assert!(before.verdict > Verdict::Enforced, "{wrong:?}");
        assert!(
            before.mistakes[0].fix.starts_with(fix),
            "{wrong:?}: {:?}",
            before.mistakes
        );
        let after = judged(&mended);
        assert_eq!(after.verdict, Verdict::Enforced, "{mended:?}");
        let kinds: Vec<MistakeKind> = after.mistakes.iter().map(|mistake| mistake.kind).collect();
        assert_eq!(kinds, [MistakeKind::EnrolmentLockedOut], "{mended:?}");
        let names_an_age = wrong
            .iter()
            .any(|(_, condition)| condition.to_string().contains("Age"));
        assert_eq!(after.age_limit.is_some(), names_an_age, "{mended:?}");
    }
}
