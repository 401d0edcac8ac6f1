//! The permissions that an audit lacked, as a statement to ask the administrator for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::audit::report::AccountReport;

/// The credential report takes two actions, and whoever is denied the first is not asked for the second.
const OF_THE_REPORT: [&str; 2] = ["iam:GenerateCredentialReport", "iam:GetCredentialReport"];

/// The actions that are to be allowed where these were denied.
pub(super) fn to_allow(denied: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    let mut actions = denied.clone();
    if OF_THE_REPORT.iter().any(|action| denied.contains(action)) {
        actions.extend(OF_THE_REPORT);
    }
    actions
}

/// A statement of a policy, in one line.
fn statement(actions: &BTreeSet<&'static str>) -> String {
    // IAM knows no narrower resource for most of them.
    let actions = json!(actions.iter().collect::<Vec<_>>());
    format!(r#"{{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}"#)
}

/// What to ask for so that everything can be checked: a sentence for all accounts that lack the same.
pub(super) fn notes(accounts: &[AccountReport]) -> Vec<String> {
    let mut lacking: BTreeMap<&BTreeSet<&'static str>, Vec<&str>> = BTreeMap::new();
    for account in accounts {
        if let Ok(audited) = &account.audited
            && !audited.to_allow.is_empty()
        {
            let id = account.id.as_deref().unwrap_or("?");
            lacking.entry(&audited.to_allow).or_default().push(id);
        }
    }
    let is_one = accounts.len() == 1;
    let lacking = lacking.into_iter();
    lacking
        .map(|(actions, ids)| {
            let whose = if is_one {
                String::new()
            } else {
                format!("{}: ", ids.join(", "))
            };
            format!(
                "{whose}whoever asks may not read everything: ask for AWS's policy SecurityAudit, or for this: {}",
                statement(actions)
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_json_and_has_both_actions_of_the_report() {
        for denied in OF_THE_REPORT {
            let actions = to_allow(&BTreeSet::from([denied, "iam:ListMFADevices"]));
            let statement: serde_json::Value = serde_json::from_str(&statement(&actions)).unwrap();
            assert_eq!(
                statement["Action"],
                json!([OF_THE_REPORT[0], OF_THE_REPORT[1], "iam:ListMFADevices"])
            );
        }
        let actions = to_allow(&BTreeSet::from(["iam:GetAccountSummary"]));
        assert_eq!(actions.len(), 1);
    }
}
