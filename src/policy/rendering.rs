//! The policies that daypass writes, as the files that people keep: JSON, Terraform, CloudFormation.

use std::time::Duration;

use crate::{
    policy::{
        document::Version,
        templates::{self, Explained, Kind},
    },
    terminal::fitted,
    time,
};

mod cloudformation;
mod json;
mod terraform;

/// The name of the policy, where it needs one.
pub const POLICY_NAME: &str = "daypass-mfa";

/// The name of the group that it is attached to in the examples.
const GROUP_NAME: &str = "mfa-enforced";

/// The most columns of a comment.
const COLUMNS: usize = 80;

/// A policy to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Which.
    pub kind: Kind,
    /// How long MFA counts.
    pub max_age: Duration,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: &'a str,
}

impl Wanted<'_> {
    /// The document as IAM takes it, with its elements in the order in which AWS writes its own.
    pub fn json(&self) -> String {
        let document = templates::enforcing(self.kind, self.max_age, self.partition);
        json::render(&document.to_value())
    }

    /// A module of Terraform's: the document, the policy, a group, and the policy on the group.
    pub fn terraform(&self) -> String {
        terraform::render(self)
    }

    /// A template of CloudFormation's with the same, in YAML.
    pub fn cloudformation(&self) -> String {
        cloudformation::render(self)
    }

    fn statements(&self) -> Vec<Explained> {
        templates::explained(self.kind, self.max_age, self.partition)
    }

    fn version(&self) -> &'static str {
        Version::V2012.text()
    }

    /// What it does, and what it does not.
    fn heading(&self) -> String {
        let age = time::render_duration(self.max_age);
        let mut text = comment("", &format!("{} MFA counts for {age}.", summary(self.kind)));
        text += "#\n# What it leaves open:\n";
        for open in templates::left_open(self.kind) {
            text += &fitted(open, COLUMNS - 4)
                .iter()
                .enumerate()
                .map(|(at, line)| format!("# {} {line}\n", if at == 0 { "-" } else { " " }))
                .collect::<String>();
        }
        text
    }
}

fn summary(kind: Kind) -> &'static str {
    match kind {
        Kind::Strict => "Without MFA the members of this group can do nothing.",
        Kind::SelfService => {
            "Without MFA the members of this group can change their password and enrol a first MFA device of their own, and \
             nothing else."
        }
    }
}

/// A comment of as many lines as it takes.
fn comment(indent: &str, text: &str) -> String {
    fitted(text, COLUMNS - indent.len() - 2)
        .iter()
        .map(|line| format!("{indent}# {line}\n"))
        .collect()
}

/// A text between double quotes, as JSON, YAML and Terraform have it alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document::Document;

    const BOTH: [Kind; 2] = [Kind::Strict, Kind::SelfService];

    fn wanted(kind: Kind) -> Wanted<'static> {
        Wanted {
            kind,
            max_age: Duration::from_secs(28_800),
            partition: "aws",
        }
    }

    #[test]
    fn the_json_is_the_document() {
        for kind in BOTH {
            let text = wanted(kind).json();
            let read = Document::parse(&text);
            assert_eq!(
                read,
                Ok(templates::enforcing(kind, wanted(kind).max_age, "aws"))
            );
            assert!(text.starts_with(
                "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Sid\""
            ));
        }
    }

    #[test]
    fn every_statement_is_explained_and_no_comment_is_wider_than_a_terminal() {
        for kind in BOTH {
            for text in [wanted(kind).terraform(), wanted(kind).cloudformation()] {
                for line in text
                    .lines()
                    .filter(|line| line.trim_start().starts_with('#'))
                {
                    assert!(line.chars().count() <= COLUMNS, "{line}");
                }
                let flat: Vec<&str> = text
                    .split_whitespace()
                    .filter(|word| *word != "#")
                    .collect();
                let flat = flat.join(" ");
                for explained in wanted(kind).statements() {
                    assert!(flat.contains(&explained.why), "{}", explained.why);
                }
                for open in templates::left_open(kind) {
                    assert!(flat.contains(open), "{open}");
                }
            }
        }
    }

    #[test]
    fn the_variable_of_the_user_is_left_to_iam() {
        let terraform = wanted(Kind::SelfService).terraform();
        // Terraform would look for a value of its own.
        assert!(!terraform.contains("${aws:"), "{terraform}");
        assert!(terraform.contains("mfa/&{aws:username}\""), "{terraform}");
        let cloudformation = wanted(Kind::SelfService).cloudformation();
        assert!(!cloudformation.contains("Fn::Sub"), "{cloudformation}");
        assert!(!cloudformation.contains("!Sub"), "{cloudformation}");
        assert!(
            cloudformation.contains("mfa/${aws:username}\""),
            "{cloudformation}"
        );
    }
}
