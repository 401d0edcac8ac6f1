//! Policy documents in JSON: bare, or as the AWS CLI prints them.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::policy::{
    document::{Document, DocumentError},
    principal::{Location, Policy},
    sources::{Fault, Source, SourceError},
};

/// Reads the policy of a file with a single one.
///
/// # Errors
/// [`Fault::UnknownForm`] where it has none, [`Fault::Document`] where it is none.
pub(super) fn policy(source: &Source, json: &Json) -> Result<Policy, SourceError> {
    let fail = |fault| SourceError::of(&source.name, fault);
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let (name, document) = if let Some(version) = json.get("PolicyVersion") {
        let name = match version.get("VersionId").and_then(Json::as_str) {
            Some(id) => format!("{}, version {id}", source.name),
            None => source.name.clone(),
        };
        (name, part(&source.text, version.get("Document")))
    } else if let Some(document) = json.get("PolicyDocument") {
        let holders = [
            ("GroupName", "group"),
            ("UserName", "user"),
            ("RoleName", "role"),
        ];
        let holder = holders
            .iter()
            .find_map(|(key, kind)| Some((*kind, text(key)?)));
        let name = match (text("PolicyName"), holder) {
            (Some(name), Some((kind, holder))) => {
                format!("inline policy '{name}' of {kind} '{holder}'")
            }
            (Some(name), None) => format!("policy '{name}'"),
            (None, _) => source.name.clone(),
        };
        (name, part(&source.text, Some(document)))
    } else if is_like_a_document(json) {
        (source.name.clone(), Document::parse(&source.text))
    } else if json
        .get("Policy")
        .is_some_and(|policy| policy.get("DefaultVersionId").is_some())
    {
        let what =
            "this tells of a policy, but not what it says: `aws iam get-policy-version` does";
        return Err(fail(Fault::Form(what.into())));
    } else {
        return Err(fail(Fault::UnknownForm));
    };
    let document = document.map_err(|error| {
        fail(Fault::Document {
            policy: "policy".into(),
            error,
        })
    })?;
    Ok(Policy {
        name,
        location: Some(Location {
            file: source.name.clone(),
            line: Some(1),
        }),
        document: Arc::new(document),
    })
}

/// Whether somebody meant this as a policy document, be it a good one or not.
fn is_like_a_document(json: &Json) -> bool {
    json.as_object().is_some_and(|object| {
        object.is_empty()
            || object.keys().any(|key| {
                let key = key.to_ascii_lowercase();
                key.starts_with("statement") || key == "version" || key == "effect"
            })
    })
}

/// A document within what AWS answers: an object, or the text of one, as the API itself has it.
fn part(text: &str, document: Option<&Json>) -> Result<Document, DocumentError> {
    match document {
        Some(Json::String(encoded)) => Document::parse(&percent_decoded(encoded)),
        Some(document) => match crate::policy::document::repeated_key(text) {
            Some(repeated) => Err(DocumentError::Repeated(repeated)),
            None => Document::from_value(document),
        },
        None => Err(DocumentError::NotAPolicy {
            path: "Document".into(),
            what: "missing".into(),
        }),
    }
}

/// Undoes the encoding of RFC 3986; what is none stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                digit(*high).zip(digit(*low))
            }
            _ => None,
        };
        match code.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
