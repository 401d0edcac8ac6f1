//! What policies would decide at another MFA age.

use std::time::Duration;

use daypass_sandbox::Sandbox;

use crate::client::Client;

const AGE: [(&str, &str); 3] = [
    (
        "ContextEntries.member.1.ContextKeyName",
        "aws:MultiFactorAuthAge",
    ),
    ("ContextEntries.member.1.ContextKeyType", "numeric"),
    ("ActionNames.member.1", "s3:ListAllMyBuckets"),
];
const VALUE: &str = "ContextEntries.member.1.ContextKeyValues.member.1";

#[test]
fn a_limit_decides_by_the_age_that_is_given() {
    let sandbox = Sandbox::start();
    let (ada, grace) = (sandbox.add_user("ada"), sandbox.add_user("grace"));
    sandbox.set_mfa_age_limit(&ada, Some(Duration::from_secs(3_600)));
    sandbox.deny(&grace, "s3:ListAllMyBuckets");
    let client = Client::of(&sandbox, &grace);
    let ask = |arn: &str, more: &[(&str, &str)]| {
        let parameters = [&[("PolicySourceArn", arn)][..], &AGE, more].concat();
        client.call("SimulatePrincipalPolicy", &parameters)
    };
    let decision = |arn: &str, age: &str| ask(arn, &[(VALUE, age)]).text("EvalDecision").unwrap();
    assert_eq!(decision(&ada.arn, "60"), "allowed");
    assert_eq!(decision(&ada.arn, "3600"), "allowed");
    assert_eq!(decision(&ada.arn, "3601"), "explicitDeny");
    assert_eq!(decision(&grace.arn, "60"), "explicitDeny");
    assert_eq!(ask(&ada.arn, &[(VALUE, "soon")]).outcome(), "InvalidInput");
    let nobody = "arn:aws:iam::123456789012:user/nobody";
    assert_eq!(ask(nobody, &[(VALUE, "60")]).outcome(), "NoSuchEntity");
}

#[test]
fn who_may_not_ask_is_denied() {
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    sandbox.deny(&ada, "iam:SimulatePrincipalPolicy");
    let parameters = [
        &[("PolicySourceArn", ada.arn.as_str()), (VALUE, "60")][..],
        &AGE,
    ]
    .concat();
    let answer = Client::of(&sandbox, &ada).call("SimulatePrincipalPolicy", &parameters);
    assert_eq!(answer.outcome(), "AccessDenied");
}
