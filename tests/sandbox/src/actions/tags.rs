//! Session tags, and which of them the next session in a chain inherits.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>. The refusals are worded
//! as LocalStack has recorded them at AWS (its `tests/aws/services/sts/test_sts.snapshot.json`).

use crate::{
    constraints::Constraints, error::ApiError, query::Parameters, sessions::IssuedSession,
};

/// The tags of a request, and later those of its session.
#[derive(Debug, Default)]
pub(super) struct SessionTags {
    pub(super) tags: Vec<(String, String)>,
    pub(super) transitive: Vec<String>,
}

impl SessionTags {
    /// Takes `Tags` and `TransitiveTagKeys`, within the limits of the API's own model.
    pub(super) fn read(parameters: &Parameters, constraints: &mut Constraints) -> SessionTags {
        let mut tags = Vec::new();
        for (index, entry) in parameters.members("Tags") {
            let member = format!("tags.{index}.member.key");
            let key = entry.get("Key").copied();
            let Some(key) = constraints.given(&member, key) else {
                continue;
            };
            constrain_key(constraints, &member, key);
            let member = format!("tags.{index}.member.value");
            let value = entry.get("Value").copied();
            let Some(value) = constraints.given(&member, value) else {
                continue;
            };
            let pattern = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*";
            constraints.characters(&member, value, pattern, is_of_tag);
            constraints.length(&member, value, 0, 256);
            tags.push((key.to_owned(), value.to_owned()));
        }
        constraints.count("tags", tags.len(), 50);
        let mut transitive = Vec::new();
        for (index, entry) in parameters.members("TransitiveTagKeys") {
            let key = entry.get("").copied().unwrap_or_default();
            constrain_key(
                constraints,
                &format!("transitiveTagKeys.{index}.member"),
                key,
            );
            transitive.push(key.to_owned());
        }
        constraints.count("transitiveTagKeys", transitive.len(), 50);
        SessionTags { tags, transitive }
    }

    /// Refuses keys that are given twice or are AWS's own, in whatever case.
    pub(super) fn check_keys(&self) -> Result<(), ApiError> {
        let mut keys: Vec<_> = self
            .tags
            .iter()
            .map(|(key, _)| key.to_lowercase())
            .collect();
        // IAM's rules for tags reserve the prefix; the words are ours.
        let reserved = |text: &String| text.to_lowercase().starts_with("aws:");
        if self
            .tags
            .iter()
            .any(|(key, value)| reserved(key) || reserved(value))
        {
            return Err(invalid(
                "Tag keys and values that begin with aws: are reserved for system use.",
            ));
        }
        keys.sort();
        keys.dedup();
        if keys.len() < self.tags.len() {
            return Err(invalid(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        Ok(())
    }

    /// Adds what the calling session hands on, which the request may not override.
    pub(super) fn inherit(self, calling: Option<&IssuedSession>) -> Result<SessionTags, ApiError> {
        let (inherited, kept) = calling.map_or((Vec::new(), Vec::new()), |session| {
            let is_kept = |(key, _): &&(String, String)| has(&session.transitive_tag_keys, key);
            let tags = session.tags.iter().filter(is_kept).cloned().collect();
            (tags, session.transitive_tag_keys.clone())
        });
        if self.tags.iter().any(|(key, _)| has(&kept, key)) {
            return Err(invalid(
                "One of the specified transitive tag keys can't be set because it conflicts with \
                 a transitive tag key from the calling session.",
            ));
        }
        let given: Vec<_> = self.tags.iter().map(|(key, _)| key.clone()).collect();
        if !self.transitive.iter().all(|key| has(&given, key)) {
            return Err(invalid(
                "The specified transitive tag key must be included in the requested tags.",
            ));
        }
        Ok(SessionTags {
            tags: [inherited, self.tags].concat(),
            transitive: [kept, self.transitive].concat(),
        })
    }
}

/// Whether the key is among these. The case of keys is kept, and makes no difference.
fn has(keys: &[String], key: &str) -> bool {
    let key = key.to_lowercase();
    keys.iter().any(|other| other.to_lowercase() == key)
}

fn constrain_key(constraints: &mut Constraints, member: &str, key: &str) {
    let pattern = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+";
    constraints.characters(member, key, pattern, is_of_tag);
    constraints.length(member, key, 1, 128);
}

/// AWS's `[\p{L}\p{Z}\p{N}_.:/=+\-@]`: letters, separators and numbers of every script, and a few
/// signs.
fn is_of_tag(character: char) -> bool {
    let is_separator = character.is_whitespace() && !character.is_control();
    character.is_alphanumeric() || is_separator || "_.:/=+-@".contains(character)
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(400, "InvalidParameterValue", message)
}
