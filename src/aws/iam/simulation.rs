//! What a user's policies would decide at another MFA age.

use std::time::Duration;

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, PolicyEvaluationDecisionType};

use crate::aws::{client::Aws, error::AwsError};

/// Calls `SimulatePrincipalPolicy`: which of these actions the user may call with MFA of this age, in the order in
/// which AWS answers. Organisation-wide policies without conditions count too; no resource is named.
///
/// # Errors
/// [`AwsError`], `Denied` above all: few users may ask.
pub fn is_allowed(
    aws: &Aws,
    user_arn: &str,
    actions: &[&str],
    mfa_age: Duration,
) -> Result<Vec<(String, bool)>, AwsError> {
    const ACTION: &str = "iam:SimulatePrincipalPolicy";
    let entry = |key: &str, kind, value: String| {
        ContextEntry::builder()
            .context_key_name(key)
            .context_key_type(kind)
            .context_key_values(value)
            .build()
    };
    let age = mfa_age.as_secs().to_string();
    let pages = super::client(aws)
        .simulate_principal_policy()
        .policy_source_arn(user_arn)
        .set_action_names(Some(actions.iter().map(ToString::to_string).collect()))
        .context_entries(entry(
            "aws:MultiFactorAuthPresent",
            ContextKeyTypeEnum::Boolean,
            "true".to_owned(),
        ))
        .context_entries(entry(
            "aws:MultiFactorAuthAge",
            ContextKeyTypeEnum::Numeric,
            age,
        ))
        .into_paginator()
        .items()
        .send();
    let results = aws.ask(ACTION, pages.collect::<Result<Vec<_>, _>>())?;
    let allowed = PolicyEvaluationDecisionType::Allowed;
    Ok(results
        .into_iter()
        .map(|result| {
            let is_allowed = result.eval_decision == allowed;
            (result.eval_action_name, is_allowed)
        })
        .collect())
}
