//! Session policies: what a request may narrow the permissions of a session by.

use super::tags::SessionTags;
use crate::{constraints::Constraints, error::ApiError, query::Parameters};

/// The most characters that session policies may have.
const LONGEST: usize = 2048;

/// The policies that come with a request. The sandbox keeps them, and does not evaluate them.
#[derive(Debug, Default)]
pub(super) struct SessionPolicies {
    pub(super) inline: Option<String>,
    pub(super) arns: Vec<String>,
}

impl SessionPolicies {
    /// Takes `Policy` and `PolicyArns`, within the limits of the API's own model.
    pub(super) fn read(parameters: &Parameters, constraints: &mut Constraints) -> SessionPolicies {
        let inline = parameters.text("Policy");
        if let Some(policy) = inline {
            let allowed = |character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{ff}');
            let pattern = r"[\u0009\u000A\u000D\u0020-\u00FF]+";
            constraints.characters("policy", policy, pattern, allowed);
            constraints.length("policy", policy, 1, LONGEST);
        }
        let mut arns = Vec::new();
        for (index, entry) in parameters.members("PolicyArns") {
            let arn = entry.get("arn").copied().unwrap_or_default();
            constraints.length(&format!("policyArns.{index}.member.arn"), arn, 20, LONGEST);
            arns.push(arn.to_owned());
        }
        SessionPolicies {
            inline: inline.map(str::to_owned),
            arns,
        }
    }

    /// Refuses an inline policy that is not a JSON object with statements.
    ///
    /// The code is the API model's; the words of AWS depend on the mistake, these are ours.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        if self.arns.len() > 10 {
            return Err(ApiError::validation(
                "The number of managed session policies exceeds the limit of 10.",
            ));
        }
        let is_policy = |text: &String| {
            let json = serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
            json.get("Statement").is_some()
        };
        if self.inline.as_ref().is_none_or(is_policy) {
            return Ok(());
        }
        Err(ApiError::new(
            400,
            "MalformedPolicyDocument",
            "The policy is not in the valid JSON format.",
        ))
    }

    /// The `PackedPolicySize` of an answer: a percentage, if there is anything to pack.
    ///
    /// How AWS packs is not documented. This is the share of plain text in its limit.
    pub(super) fn packed_size(&self, tags: &SessionTags) -> Option<usize> {
        let policies = self.inline.iter().chain(&self.arns).map(String::len);
        let tags = tags.tags.iter().map(|(key, value)| key.len() + value.len());
        let size: usize = policies.chain(tags).sum();
        (size > 0).then(|| (size * 100).div_ceil(LONGEST).min(100))
    }
}
