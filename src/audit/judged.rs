//! The policies of users and groups, put together and judged.
//!
//! In most accounts many users have the very same policies. What is judged once is not judged again, unless a
//! policy has variables: `${aws:username}` is somebody else each time. Mistakes are looked for in the policies that
//! speak of MFA alone, which are few in any account: it takes longer than all the rest.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    audit::authorization_details::{
        AuthorizationDetails, GroupDetail, InlinePolicy, PolicySet, PolicyText, UserDetail,
    },
    policy::{
        document::{Document, Patterns},
        judgement::{self, Intent, Judgement, Mistake},
        principal::{Policy, Principal, PrincipalKind},
    },
};

/// Judges the policies of one account.
pub(super) struct Judge<'a> {
    details: &'a AuthorizationDetails,
    groups: HashMap<&'a str, &'a GroupDetail>,
    intent: Intent,
    mistakes: HashMap<Vec<usize>, Arc<[Mistake]>>,
    judged: HashMap<Key, Arc<Judgement>>,
    with_variables: HashSet<usize>,
}

/// Policies by where they are in memory, in order; the boundary; how many are unknown.
type Key = (PrincipalKind, Vec<usize>, Option<usize>, Vec<String>);

impl<'a> Judge<'a> {
    pub(super) fn of(details: &'a AuthorizationDetails, intent: &Intent) -> Self {
        let groups = details.groups.iter();
        Judge {
            details,
            groups: groups.map(|group| (group.name.as_str(), group)).collect(),
            intent: *intent,
            mistakes: HashMap::new(),
            judged: HashMap::new(),
            with_variables: HashSet::new(),
        }
    }

    pub(super) fn principal_of_user(&self, user: &UserDetail) -> Principal {
        let mut principal = empty(PrincipalKind::User, &user.name);
        let owner = format!("user '{}'", user.name);
        self.add(&mut principal, &user.policies, &owner);
        for name in &user.groups {
            match self.groups.get(name.as_str()) {
                Some(group) => {
                    self.add(&mut principal, &group.policies, &format!("group '{name}'"));
                }
                None => {
                    let unknown = format!("the policies of group '{name}'");
                    principal.unknown_policies.push(unknown);
                }
            }
        }
        if let Some(arn) = &user.boundary {
            match self.managed(arn) {
                Ok(policy) => principal.boundary = Some(policy),
                Err(unknown) => principal.unknown_policies.push(unknown),
            }
        }
        principal
    }

    pub(super) fn principal_of_group(&self, group: &GroupDetail) -> Principal {
        let mut principal = empty(PrincipalKind::Group, &group.name);
        let owner = format!("group '{}'", group.name);
        self.add(&mut principal, &group.policies, &owner);
        principal
    }

    fn add(&self, principal: &mut Principal, set: &PolicySet, owner: &str) {
        for InlinePolicy { name, document } in &set.inline {
            let name = format!("inline policy '{name}' of {owner}");
            take(principal, policy(name, document));
        }
        for arn in &set.attached {
            // A policy of two groups is one.
            let known = |policy: &Policy| policy.name == *arn;
            if !principal.policies.iter().any(known) {
                take(principal, self.managed(arn));
            }
        }
    }

    fn managed(&self, arn: &str) -> Result<Policy, String> {
        match self.details.policies.get(arn) {
            Some(managed) => policy(arn.to_owned(), &managed.document),
            None => Err(arn.to_owned()),
        }
    }

    pub(super) fn judge(&mut self, principal: &Principal) -> Arc<Judgement> {
        let documents = || {
            let own = principal.policies.iter().chain(&principal.boundary);
            own.map(|policy| &policy.document)
        };
        let mut varies = false;
        for document in documents() {
            let at = Arc::as_ptr(document).addr();
            if self.with_variables.contains(&at) || has_variables(document) {
                self.with_variables.insert(at);
                varies = true;
            }
        }
        // The name of an inline policy tells whose it is, so its document is at a place of its own.
        let key: Key = (
            principal.kind,
            principal
                .policies
                .iter()
                .map(|policy| Arc::as_ptr(&policy.document).addr())
                .collect(),
            principal
                .boundary
                .as_ref()
                .map(|policy| Arc::as_ptr(&policy.document).addr()),
            principal.unknown_policies.clone(),
        );
        if !varies && let Some(judged) = self.judged.get(&key) {
            return Arc::clone(judged);
        }
        let judged = Arc::new(judgement::judge_without_mistakes(principal));
        if !varies {
            self.judged.insert(key, Arc::clone(&judged));
        }
        judged
    }
}

impl Judge<'_> {
    /// The mistakes of the policies of a principal that speak of MFA, all of these together.
    pub(super) fn mistakes(&mut self, principal: &Principal) -> Arc<[Mistake]> {
        let speaking = || {
            principal
                .policies
                .iter()
                .filter(|policy| speaks_of_mfa(&policy.document))
        };
        let key: Vec<usize> = speaking()
            .map(|policy| Arc::as_ptr(&policy.document).addr())
            .collect();
        let known = self.mistakes.entry(key).or_insert_with(|| {
            let speaking = Principal {
                policies: speaking().cloned().collect(),
                boundary: None,
                unknown_policies: Vec::new(),
                ..principal.clone()
            };
            judgement::judge(&speaking, &self.intent).mistakes.into()
        });
        Arc::clone(known)
    }
}

/// Whether a condition is on a key of MFA, or on what may be meant for one.
fn speaks_of_mfa(document: &Document) -> bool {
    let mut conditions = document
        .statements
        .iter()
        .flat_map(|statement| &statement.conditions);
    conditions.any(|condition| {
        let key = condition.key.to_ascii_lowercase();
        key.contains("factor") || key.contains("mfa")
    })
}

fn empty(kind: PrincipalKind, name: &str) -> Principal {
    Principal {
        kind,
        name: name.to_owned(),
        policies: Vec::new(),
        boundary: None,
        unknown_policies: Vec::new(),
    }
}

fn policy(name: String, document: &PolicyText) -> Result<Policy, String> {
    match document {
        Ok(document) => Ok(Policy {
            name,
            location: None,
            document: Arc::clone(document),
        }),
        Err(why) => Err(format!("{name} ({why})")),
    }
}

fn take(principal: &mut Principal, policy: Result<Policy, String>) {
    match policy {
        Ok(policy) => principal.policies.push(policy),
        Err(unknown) => principal.unknown_policies.push(unknown),
    }
}

fn has_variables(document: &Document) -> bool {
    let varies = |text: &String| text.contains("${");
    document.statements.iter().any(|statement| {
        let resources = match &statement.resources {
            Patterns::Any(resources) | Patterns::NoneOf(resources) => resources,
        };
        let mut values = statement
            .conditions
            .iter()
            .flat_map(|condition| &condition.values);
        resources.iter().any(varies) || values.any(varies)
    })
}
