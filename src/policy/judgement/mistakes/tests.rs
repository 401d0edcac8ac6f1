use serde_json::{Value, json};

use super::*;
use crate::policy::judgement::{
    judge,
    tests::{everything, group},
};

mod direction;
mod mending;

fn found(statements: &Value) -> Vec<Mistake> {
    judge(&group(statements), &Intent::default()).mistakes
}

fn told(mistakes: &[Mistake]) -> String {
    let lines = mistakes.iter().map(|mistake| {
        let place = mistake
            .statement
            .as_ref()
            .map(|place| format!(" at {}", place.index));
        format!(
            "{:?}{}\n{}\n> {}\n",
            mistake.kind,
            place.unwrap_or_default(),
            mistake.what,
            mistake.fix
        )
    });
    lines.collect()
}

fn kinds(statements: &Value) -> Vec<MistakeKind> {
    found(statements)
        .into_iter()
        .map(|mistake| mistake.kind)
        .collect()
}

const PRESENT: &str = "aws:MultiFactorAuthPresent";
const AGE: &str = "aws:MultiFactorAuthAge";

#[test]
fn a_deny_with_bool_false_is_told_with_what_a_stolen_key_can_do() {
    let statements = json!([
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        everything("Deny", &json!({"Bool": {PRESENT: "false"}})),
    ]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    DenyWithBoolFalse at 1
    Long-term keys have no aws:MultiFactorAuthPresent at all, so this Deny ('Bool aws:MultiFactorAuthPresent false') does not stop them. A stolen key can do s3:* on *.
    > Write BoolIfExists in place of the operator: it holds where the key is absent, too.
    ");
}

#[test]
fn a_deny_with_bool_false_comes_to_something_later_where_nothing_is_allowed_yet() {
    let statements = json!([
        everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
        everything("Deny", &json!({"Bool": {PRESENT: "false"}})),
    ]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    EnrolmentLockedOut
    Somebody without an MFA device cannot enrol one: making and enabling it is only allowed with MFA. An administrator has to do it for every newcomer.
    > Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the user's own name, as 'daypass policy show --kind self-service' does, or leave it so on purpose.
    DenyWithBoolFalse at 1
    Long-term keys have no aws:MultiFactorAuthPresent at all, so this Deny ('Bool aws:MultiFactorAuthPresent false') does not stop them. Nothing comes of it for now, since nothing else allows them anything here, but what a policy added later allows will be open to them.
    > Write BoolIfExists in place of the operator: it holds where the key is absent, too.
    ");
}

#[test]
fn a_deny_with_bool_false_is_fine_beside_one_with_null() {
    let statements = json!([
        everything("Deny", &json!({"Bool": {PRESENT: "false"}})),
        everything("Deny", &json!({"Null": {PRESENT: "true"}})),
    ]);
    assert_eq!(kinds(&statements), [MistakeKind::EnrolmentLockedOut]);
}

#[test]
fn an_allow_with_bool_if_exists_is_told_and_so_are_its_kin() {
    let bool_if_exists = json!([everything(
        "Allow",
        &json!({"BoolIfExists": {PRESENT: "true"}})
    )]);
    insta::assert_snapshot!(told(&found(&bool_if_exists)), @"
    AllowWithBoolIfExists at 0
    This Allow ('BoolIfExists aws:MultiFactorAuthPresent true') lets long-term keys through: it holds where the key is absent, too. A stolen key can do * on *.
    > Write Bool, without anything before or after it.
    ");
    for condition in [
        json!({"StringNotEquals": {PRESENT: "false"}}),
        json!({"NumericLessThanIfExists": {AGE: "3600"}}),
    ] {
        assert_eq!(
            kinds(&json!([everything("Allow", &condition)])),
            [MistakeKind::AllowWithBoolIfExists]
        );
    }
    for condition in [
        json!({"Bool": {PRESENT: "true"}}),
        json!({"NumericLessThanIfExists": {AGE: "3600"}, "Bool": {PRESENT: "true"}}),
    ] {
        assert_eq!(
            kinds(&json!([everything("Allow", &condition)])),
            [MistakeKind::EnrolmentLockedOut]
        );
    }
}

#[test]
fn an_allow_that_lets_keys_in_is_told_as_latent_where_another_statement_stops_them() {
    let statements = json!([
        everything("Allow", &json!({"BoolIfExists": {PRESENT: "true"}})),
        everything("Deny", &json!({"Null": {AGE: "true"}})),
    ]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    EnrolmentLockedOut
    Somebody without an MFA device cannot enrol one: making and enabling it is only allowed with MFA. An administrator has to do it for every newcomer.
    > Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the user's own name, as 'daypass policy show --kind self-service' does, or leave it so on purpose.
    AllowWithBoolIfExists at 0
    This Allow ('BoolIfExists aws:MultiFactorAuthPresent true') lets long-term keys through: it holds where the key is absent, too. For now other statements deny it; without them a stolen key could do * on *.
    > Write Bool, without anything before or after it.
    ");
}

#[test]
fn for_all_values_is_told_in_an_allow_and_fine_in_a_deny() {
    let statements = json!([everything(
        "Allow",
        &json!({"ForAllValues:Bool": {PRESENT: "true"}})
    )]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    ForAllValues at 0
    This Allow ('ForAllValues:Bool aws:MultiFactorAuthPresent true') lets long-term keys through: 'ForAllValues:' holds where the key is absent. A stolen key can do * on *.
    > Write Bool, without anything before or after it.
    ");
    let statements = json!([everything(
        "Deny",
        &json!({"ForAllValues:Bool": {PRESENT: "false"}})
    )]);
    assert_eq!(kinds(&statements), [MistakeKind::EnrolmentLockedOut]);
}

#[test]
fn an_allow_without_a_condition_is_a_mistake_only_beside_one_with() {
    let open = json!({"Sid": "Open", "Effect": "Allow", "Action": ["ec2:Describe*", "iam:GetUser"], "Resource": "*"});
    let statements = json!([
        everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
        open
    ]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    AllowWithoutCondition at 1
    This Allow asks for no MFA, while another one does: without MFA one can do ec2:Describe* on *.
    > Add the other statement's condition to this one, or deny everything without MFA in a statement of its own, which covers whatever is allowed later.
    EnrolmentLockedOut
    Somebody without an MFA device cannot enrol one: making and enabling it is only allowed with MFA. An administrator has to do it for every newcomer.
    > Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the user's own name, as 'daypass policy show --kind self-service' does, or leave it so on purpose.
    ");
    assert_eq!(kinds(&json!([open])), []);
    let only_enrolment = json!({"Effect": "Allow", "Action": ["iam:GetUser", "sts:GetSessionToken"], "Resource": "*"});
    let statements = json!([
        everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
        only_enrolment
    ]);
    assert_eq!(kinds(&statements), [MistakeKind::EnrolmentLockedOut]);
}

#[test]
fn an_age_limit_without_null_passes_those_without_an_age() {
    let statements = json!([
        everything("Allow", &json!({})),
        everything("Deny", &json!({"NumericGreaterThan": {AGE: "28800"}})),
    ]);
    insta::assert_snapshot!(told(&found(&statements)), @r#"
    AgeWithoutNull at 1
    This Deny ('NumericGreaterThan aws:MultiFactorAuthAge 28800') only knows callers that have an MFA age, and those without MFA have none. A stolen key can do * on *.
    > Add a second Deny statement with the condition "Null": {"aws:MultiFactorAuthAge": "true"}.
    "#);
    let with_null = json!([
        everything("Allow", &json!({})),
        everything("Deny", &json!({"NumericGreaterThan": {AGE: "28800"}})),
        everything("Deny", &json!({"Null": {AGE: "true"}})),
    ]);
    assert_eq!(kinds(&with_null), [MistakeKind::EnrolmentLockedOut]);
    let if_exists = json!([everything(
        "Deny",
        &json!({"NumericGreaterThanIfExists": {AGE: "28800"}})
    )]);
    assert_eq!(kinds(&if_exists), [MistakeKind::EnrolmentLockedOut]);
}

#[test]
fn misspelt_keys_and_operators_are_told_with_the_right_ones() {
    let statements = json!([everything(
        "Deny",
        &json!({
            "BoolIfExist": {PRESENT: "false"},
            "Bool": {"aws:MultiFactorAuthenticationPresent": "false"},
        })
    )]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    Misspelt at 0
    There is no condition key 'aws:MultiFactorAuthenticationPresent'; IAM takes it all the same, and no request has it. It is probably meant to be aws:MultiFactorAuthPresent.
    > Write aws:MultiFactorAuthPresent.
    Misspelt at 0
    There is no operator 'BoolIfExist', and IAM refuses a policy with it.
    > Write BoolIfExists.
    ");
    let of_key = |key: &str| {
        kinds(&json!([everything(
            "Deny",
            &json!({"Bool": {key: "false"}})
        )]))
    };
    for key in [
        "aws:MFAPresent",
        "MultiFactorAuthPresent",
        "aws:MultFactorAuthPresent",
        "aws:MultiFactorAuthAged",
        "aws:MuxtifaxtorauthAxe",
    ] {
        assert!(of_key(key).contains(&MistakeKind::Misspelt), "{key}");
    }
    for key in [
        "AWS:multifactorAuthPresent",
        "aws:PrincipalTag/mfa",
        "aws:SecureTransport",
        "aws:MuxtifaxtxrauthAxe",
        "saml:mfa",
    ] {
        assert!(!of_key(key).contains(&MistakeKind::Misspelt), "{key}");
    }
}

#[test]
fn a_condition_that_stands_twice_in_other_letters_is_told_once() {
    let statements = json!([everything(
        "Allow",
        &json!({"Bool": {PRESENT: "true"}, "bool": {"aws:multifactorauthpresent": "false"}})
    )]);
    insta::assert_snapshot!(told(&found(&statements)), @"
    Misspelt at 0
    The condition 'Bool aws:MultiFactorAuthPresent' stands twice, in other letters, which make no difference: AWS does not say which of the two counts.
    > Write it once.
    ");
}

fn self_service(extra: &[&str], own: bool) -> Value {
    let actions: Vec<&str> = ["iam:EnableMFADevice", "iam:CreateVirtualMFADevice"]
        .iter()
        .chain(extra)
        .copied()
        .collect();
    let resources = if own {
        json!([
            "arn:aws:iam::*:mfa/${aws:username}",
            "arn:aws:iam::*:user/${aws:username}"
        ])
    } else {
        json!("*")
    };
    let mut deny = everything("Deny", &json!({"BoolIfExists": {PRESENT: "false"}}));
    deny["NotAction"] = json!(actions);
    deny.as_object_mut().unwrap().remove("Action");
    json!([
        deny,
        everything("Allow", &json!({"Bool": {PRESENT: "true"}})),
        {"Effect": "Allow", "Action": actions, "Resource": resources},
    ])
}

#[test]
fn enrolment_that_is_open_is_told_with_what_a_thief_can_do() {
    insta::assert_snapshot!(told(&found(&self_service(&[], false))), @"
    EnrolmentOpen
    With a stolen key or password and without MFA, somebody can give a device of their own to any user (iam:EnableMFADevice); and enrol a second device beside the owner's, under any name (iam:CreateVirtualMFADevice), and then work with MFA.
    > Without MFA allow iam:CreateVirtualMFADevice on arn:aws:iam::*:mfa/${aws:username} and iam:EnableMFADevice on arn:aws:iam::*:user/${aws:username} alone, and neither iam:DeactivateMFADevice nor iam:DeleteVirtualMFADevice on anything; 'daypass policy show --kind self-service' does it.
    ");
    let removal = self_service(
        &["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"],
        true,
    );
    insta::assert_snapshot!(told(&found(&removal)), @"
    AllowWithoutCondition at 2
    This Allow asks for no MFA, while another one does: without MFA one can do iam:DeactivateMFADevice on arn:aws:iam::*:mfa/${aws:username}.
    > Add the other statement's condition to this one, or deny everything without MFA in a statement of its own, which covers whatever is allowed later.
    EnrolmentOpen
    With a stolen key or password and without MFA, somebody can take the owner's device away (iam:DeactivateMFADevice); and delete a device that is not in use (iam:DeleteVirtualMFADevice).
    > Without MFA allow iam:CreateVirtualMFADevice on arn:aws:iam::*:mfa/${aws:username} and iam:EnableMFADevice on arn:aws:iam::*:user/${aws:username} alone, and neither iam:DeactivateMFADevice nor iam:DeleteVirtualMFADevice on anything; 'daypass policy show --kind self-service' does it.
    ");
    assert_eq!(kinds(&self_service(&[], true)), []);
}

#[test]
fn enrolment_that_is_locked_out_is_told() {
    insta::assert_snapshot!(told(&found(&everything("Deny", &json!({"Null": {AGE: "true"}})))), @"
    EnrolmentLockedOut
    Somebody without an MFA device cannot enrol one: making and enabling it is only allowed with MFA. An administrator has to do it for every newcomer.
    > Except iam:CreateVirtualMFADevice and iam:EnableMFADevice on the user's own name, as 'daypass policy show --kind self-service' does, or leave it so on purpose.
    ");
}

#[test]
fn what_a_thief_can_do_is_told_where_nobody_can_enrol_too() {
    let leaving = |action: &str| {
        json!([{"Effect": "Deny", "NotAction": [action, "sts:GetSessionToken"], "Resource": "*",
                "Condition": {"Null": {AGE: "true"}}}])
    };
    for action in [
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
        "iam:EnableMFADevice",
    ] {
        assert_eq!(
            kinds(&leaving(action)),
            [MistakeKind::EnrolmentOpen, MistakeKind::EnrolmentLockedOut],
            "{action}"
        );
    }
    assert_eq!(
        kinds(&leaving("iam:CreateVirtualMFADevice")),
        [MistakeKind::EnrolmentLockedOut]
    );
}

#[test]
fn an_intended_limit_is_compared_with_the_one_there_is() {
    let with = |condition: &Value| {
        let intent = Intent {
            max_age: Some(Duration::from_secs(28800)),
        };
        let mistakes = judge(&group(&json!([everything("Allow", condition)])), &intent).mistakes;
        told(
            &mistakes
                .into_iter()
                .filter(|mistake| mistake.statement.is_none())
                .take(1)
                .collect::<Vec<_>>(),
        )
    };
    insta::assert_snapshot!(with(&json!({"Bool": {PRESENT: "true"}})), @r#"
    NoAgeLimit
    Nothing limits the age of MFA: a session can be used until it expires, up to 36 h, where 8 h is intended.
    > Add a Deny statement with the condition "NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}.
    "#);
    insta::assert_snapshot!(with(&json!({"NumericLessThan": {AGE: "43200"}})), @"
    AgeLimitTooLong
    Sessions can be used until their MFA is 12 h old, where 8 h is intended.
    > Set the limit of aws:MultiFactorAuthAge to 28800 seconds, in every statement that names it.
    ");
    assert!(with(&json!({"NumericLessThan": {AGE: "28800"}})).starts_with("EnrolmentLockedOut"));
}

#[test]
fn conditions_that_nobody_meets_at_once_are_told() {
    for conditions in [
        json!({"Null": {AGE: "true"}, "NumericGreaterThan": {AGE: "28800"}}),
        json!({"Bool": {PRESENT: "false"}, "NumericGreaterThan": {AGE: "28800"}}),
        json!({"BoolIfExists": {PRESENT: "false"}, "NumericGreaterThan": {AGE: "28800"}}),
    ] {
        let found = found(&json!([everything("Deny", &conditions)]));
        assert!(
            found[0]
                .what
                .starts_with("All conditions of a statement have to hold at once"),
            "{conditions}: {found:?}"
        );
    }
    insta::assert_snapshot!(told(&found(&json!([everything(
        "Deny",
        &json!({"Null": {AGE: "true"}, "NumericGreaterThan": {AGE: "28800"}})
    )]))), @r#"
    AgeWithoutNull at 0
    All conditions of a statement have to hold at once, and nobody meets all of this Deny's: a caller without MFA has no MFA age, and one with an age has MFA. It denies nothing. A stolen key can do * on *.
    > Make two Deny statements of it: one with the condition "Null": {"aws:MultiFactorAuthAge": "true"} and one with that on the limit of aws:MultiFactorAuthAge.
    "#);
}
