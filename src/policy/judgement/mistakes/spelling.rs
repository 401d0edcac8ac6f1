//! Keys and operators that are nearly those of MFA.

use super::{Mistake, MistakeKind, Stage, Staged};
use crate::policy::{
    condition::{Key, MFA_AGE, MFA_PRESENT, Operator},
    document::{Condition, Statement},
    judgement::StatementReference,
    principal::{Policy, Principal},
};

/// A key this long is no slip.
const LONGEST: usize = 64;
/// With more letters added, left out, changed or swapped than that it is another key.
const MOST_SLIPS: usize = 3;

pub(super) fn find(principal: &Principal) -> Vec<Staged> {
    statements(principal)
        .flat_map(|(policy, index, statement)| in_statement(policy, index, statement))
        .collect()
}

/// Whether a condition is on a key that was probably meant to be one of MFA's.
pub(in crate::policy::judgement) fn has_a_misspelt_key(principal: &Principal) -> bool {
    let mut conditions = statements(principal).flat_map(|(_, _, statement)| &statement.conditions);
    conditions.any(|condition| key(condition).is_some())
}

fn statements(principal: &Principal) -> impl Iterator<Item = (&Policy, usize, &Statement)> {
    let policies = principal.policies.iter().chain(&principal.boundary);
    policies.flat_map(|policy| {
        let numbered = policy.document.statements.iter().enumerate();
        numbered.map(move |(index, statement)| (policy, index, statement))
    })
}

fn in_statement(policy: &Policy, index: usize, statement: &Statement) -> Vec<Staged> {
    let reference = || StatementReference {
        policy: policy.name.clone(),
        index,
        sid: statement.sid.clone(),
    };
    let slips = statement.conditions.iter().flat_map(|condition| {
        let key = key(condition).map(|right| {
            let what = format!(
                "There is no condition key '{}'; IAM takes it all the same, and no request has it. It is probably \
                 meant to be {right}.",
                condition.key.escape_debug()
            );
            (what, format!("Write {right}."))
        });
        let again = twice(statement, condition);
        [key, operator(condition), again].into_iter().flatten()
    });
    let told = slips.map(|(what, fix)| {
        let mistake = Mistake {
            kind: MistakeKind::Misspelt,
            statement: Some(reference()),
            what,
            fix,
        };
        (Stage::InEffect, mistake)
    });
    told.collect()
}

/// That a condition on MFA stands twice, told at the first of them.
fn twice(statement: &Statement, condition: &Condition) -> Option<(String, String)> {
    let is_this = |other: &&Condition| {
        other.operator.eq_ignore_ascii_case(&condition.operator)
            && other.key.eq_ignore_ascii_case(&condition.key)
    };
    let first = statement.conditions.iter().find(is_this)?;
    if Key::named(&condition.key) == Key::Other
        || !std::ptr::eq(first, condition)
        || !statement.has_again(condition)
    {
        return None;
    }
    let what = format!(
        "The condition '{} {}' stands twice, in other letters, which make no difference: AWS does not say which of the \
         two counts.",
        condition.operator, condition.key
    );
    Some((what, "Write it once.".to_owned()))
}

/// What an operator that does not exist was probably meant to be.
fn operator(condition: &Condition) -> Option<(String, String)> {
    if Operator::named(&condition.operator).is_some() {
        return None;
    }
    let name: String = condition.operator.escape_debug().take(LONGEST).collect();
    let what = format!("There is no operator '{name}', and IAM refuses a policy with it.");
    let fix = match Operator::near(&condition.operator) {
        Some(near) => format!("Write {near}."),
        None => "Write one of the operators that IAM documents.".to_owned(),
    };
    Some((what, fix))
}

/// The key of MFA that another one was probably meant to be.
fn key(condition: &Condition) -> Option<&'static str> {
    let name = condition.key.as_str();
    if Key::named(name) != Key::Other || name.len() > LONGEST || name.contains('/') {
        return None;
    }
    let name = name.trim().to_ascii_lowercase();
    let name = match name.split_once(':') {
        None => name.as_str(),
        Some(("aws" | "iam" | "sts", name)) => name,
        Some(_) => return None,
    };
    let near =
        |key: &str| strsim::damerau_levenshtein(name, &key["aws:".len()..].to_ascii_lowercase());
    let is_about_mfa =
        name.contains("mfa") || name.contains("multifactor") || name.contains("multi-factor");
    // A slip brings one letter at most that was not there, and to look for those is much quicker.
    let lacks_more = |key: &str| {
        let letters = key["aws:".len()..].chars();
        let lacking = letters.filter(|letter| !name.contains(letter.to_ascii_lowercase()));
        lacking.count() > MOST_SLIPS
    };
    let is_far = |key: &str| lacks_more(key) || near(key) > MOST_SLIPS;
    if !is_about_mfa && is_far(MFA_PRESENT) && is_far(MFA_AGE) {
        return None;
    }
    let is_age =
        name.ends_with("age") || near(MFA_AGE) < near(MFA_PRESENT) && !name.contains("present");
    Some(if is_age { MFA_AGE } else { MFA_PRESENT })
}
