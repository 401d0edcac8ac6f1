//! The users, groups and roles of one IAM account, who is in what, and which policies hang on whom.
//!
//! The readers fill it in any order; what is attached to whom is told at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    policy::{
        principal::{Location, Policy, Principal, PrincipalKind},
        sources::{
            Fault, Note, SourceError,
            partial::{self, Part},
            value::{Symbol, Text, Value},
        },
    },
    terminal,
};

/// The most policies that all principals may have together, each counted with each of its groups' policies.
const MOST_POLICIES: usize = 500_000;

/// An account, as far as some files tell of it.
#[derive(Debug, Default)]
pub(super) struct Account {
    entities: Vec<Entity>,
    by_name: BTreeMap<(u8, String), usize>,
    managed: Vec<Managed>,
    by_arn: BTreeMap<String, usize>,
    by_policy_name: BTreeMap<String, usize>,
    attachments: Vec<Attachment>,
    notes: BTreeSet<Note>,
}

/// A user, a group or a role.
#[derive(Debug)]
struct Entity {
    kind: PrincipalKind,
    /// What people call it: its name, where that is known.
    name: String,
    /// Whether the files have it, or only speak of it.
    is_described: bool,
    given: Given,
    groups: Vec<(String, Location)>,
    boundary: Option<(Value, Location)>,
}

/// Policies, and what is known only to be one.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    pub policies: Vec<Policy>,
    pub unknown: Vec<String>,
}

/// A managed policy of the account's own.
#[derive(Debug)]
struct Managed {
    name: String,
    given: Given,
    is_attached: bool,
}

#[derive(Debug)]
struct Attachment {
    kind: PrincipalKind,
    name: String,
    policy: Text,
    at: Location,
    is_certain: bool,
}

impl Account {
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.managed.is_empty()
    }

    /// Says what is not known.
    pub fn note(&mut self, at: &Location, what: impl Into<String>) {
        self.notes.insert(Note {
            file: at.file.clone(),
            line: at.line,
            what: terminal::printable(&what.into()),
        });
    }

    /// Has the account have somebody.
    pub fn declare(&mut self, kind: PrincipalKind, name: &str) {
        self.entity(kind, name).is_described = true;
    }

    /// Gives somebody a policy of their own.
    pub fn give(&mut self, kind: PrincipalKind, name: &str, given: Given) {
        let own = &mut self.entity(kind, name).given;
        own.policies.extend(given.policies);
        own.unknown.extend(given.unknown);
    }

    /// Gives somebody a policy of which no more is known than that there may be one.
    pub fn give_unknown(&mut self, kind: PrincipalKind, name: &str, unknown: String) {
        self.entity(kind, name).given.unknown.push(unknown);
    }

    /// As [`Self::give_unknown`], for everybody that there is by now.
    pub fn give_everybody_unknown(&mut self, unknown: &str) {
        for entity in &mut self.entities {
            entity.given.unknown.push(unknown.to_owned());
        }
        for managed in &mut self.managed {
            managed.given.unknown.push(unknown.to_owned());
        }
    }

    /// What people call somebody whose name is not known.
    pub fn show(&mut self, kind: PrincipalKind, name: &str, shown: &str) {
        self.entity(kind, name).name = shown.to_owned();
    }

    /// Adds a managed policy; `arns` are the texts that stand for its ARN.
    pub fn manage(&mut self, arns: Vec<String>, name: &str, given: Given) {
        let index = self.managed.len();
        self.by_policy_name.entry(name.to_owned()).or_insert(index);
        for arn in arns {
            self.by_arn.entry(arn).or_insert(index);
        }
        self.managed.push(Managed {
            name: name.to_owned(),
            given,
            is_attached: false,
        });
    }

    /// Attaches a managed policy by what stands for its ARN.
    pub fn attach(
        &mut self,
        kind: PrincipalKind,
        name: &str,
        policy: Text,
        at: &Location,
        is_certain: bool,
    ) {
        self.entity(kind, name);
        self.attachments.push(Attachment {
            kind,
            name: name.to_owned(),
            policy,
            at: at.clone(),
            is_certain,
        });
    }

    /// Puts a user into a group.
    pub fn join(&mut self, user: &str, group: &str, at: &Location) {
        self.entity(PrincipalKind::Group, group);
        let groups = &mut self.entity(PrincipalKind::User, user).groups;
        groups.push((group.to_owned(), at.clone()));
    }

    /// Sets somebody's permissions boundary, by what stands for its ARN.
    pub fn bound(&mut self, kind: PrincipalKind, name: &str, boundary: Value, at: &Location) {
        self.entity(kind, name).boundary = Some((boundary, at.clone()));
    }

    /// Reads a policy's document, and notes what is not known of it.
    ///
    /// # Errors
    /// [`SourceError`] at `at`, where it is no policy.
    pub fn document(
        &mut self,
        name: &str,
        value: &Value,
        at: &Location,
    ) -> Result<Given, SourceError> {
        let partial = partial::read(value).map_err(|error| SourceError::at(at, name, error))?;
        let mut given = Given::default();
        if let Some(document) = partial.document {
            given.policies.push(Policy {
                name: name.to_owned(),
                location: Some(at.clone()),
                document: Arc::new(document),
            });
        }
        for (part, symbol) in partial.unknown {
            let part = match part {
                Part::Whole => name.to_owned(),
                Part::Statement(index) => format!("statement {} of {name}", index + 1),
            };
            let (open, why) = (symbol.as_str(), why(&symbol));
            self.note(
                at,
                format!("{part} hangs on {open} ({why}): judged without it"),
            );
            given.unknown.push(part);
        }
        for symbol in partial
            .open
            .iter()
            .filter(|symbol| !is_of_the_account(symbol))
        {
            let what = format!(
                "{} in {name} ({}) stands for anything",
                symbol.as_str(),
                why(symbol)
            );
            self.note(at, what);
        }
        Ok(given)
    }

    /// Everybody with their policies, in the order in which the files have them, and the policies of nobody.
    ///
    /// # Errors
    /// [`Fault::TooMuch`] where there are more than [`MOST_POLICIES`] in all.
    pub fn into_principals(mut self) -> Result<(Vec<Principal>, BTreeSet<Note>), Fault> {
        for attachment in std::mem::take(&mut self.attachments) {
            let mut given = match self.managed_policy(&attachment.policy) {
                Some(given) => given,
                None => self.unknown_policy(&attachment.policy, &attachment.at),
            };
            if !attachment.is_certain {
                given = given.made_uncertain();
            }
            self.give(attachment.kind, &attachment.name, given);
        }
        let mut principals = Vec::new();
        let mut count = 0;
        for index in 0..self.entities.len() {
            if self.entities[index].is_described || !self.entities[index].given.is_empty() {
                count += self.policies_of(index);
                if count > MOST_POLICIES {
                    return Err(Fault::TooMuch(MOST_POLICIES));
                }
                principals.push(self.principal(index));
            }
        }
        for managed in self.managed.iter().filter(|managed| !managed.is_attached) {
            principals.push(Principal {
                kind: PrincipalKind::Policies,
                name: managed.name.clone(),
                policies: managed.given.policies.clone(),
                boundary: None,
                unknown_policies: managed.given.unknown.clone(),
            });
        }
        Ok((principals, self.notes))
    }

    /// How many policies an entity comes to have, unknown ones too.
    fn policies_of(&self, index: usize) -> usize {
        let entity = &self.entities[index];
        let groups = entity.groups.iter().filter_map(|(group, _)| {
            self.by_name
                .get(&(order(PrincipalKind::Group), group.clone()))
        });
        let of_groups = groups.map(|&group| self.entities[group].given.len());
        entity.given.len() + of_groups.sum::<usize>()
    }

    fn principal(&mut self, index: usize) -> Principal {
        let entity = &self.entities[index];
        let (kind, name) = (entity.kind, entity.name.clone());
        let mut given = entity.given.clone();
        let (groups, boundary) = (entity.groups.clone(), entity.boundary.clone());
        if let (false, Some(at)) = (entity.is_described, given.first_place()) {
            let what = if name.contains("${") {
                format!("which {kind} {name} is, is not known: its policies count for no other")
            } else {
                format!("{kind} {name} is described elsewhere, and may have more policies")
            };
            self.note(&at, what);
            given
                .unknown
                .push(format!("other policies of {kind} {name}"));
        }
        for (group, at) in groups {
            let Some(&of_group) = self
                .by_name
                .get(&(order(PrincipalKind::Group), group.clone()))
            else {
                continue;
            };
            if !self.entities[of_group].is_described {
                let what =
                    format!("{kind} {name} is in group {group}, which is described elsewhere");
                self.note(&at, what);
                given.unknown.push(format!("policies of group {group}"));
            }
            given.extend(&self.entities[of_group].given);
        }
        given.unknown.sort();
        given.unknown.dedup();
        let boundary = boundary.and_then(|(value, at)| self.boundary(kind, &name, &value, &at));
        Principal {
            kind,
            name,
            policies: given.policies,
            boundary,
            unknown_policies: given.unknown,
        }
    }

    fn boundary(
        &mut self,
        kind: PrincipalKind,
        name: &str,
        value: &Value,
        at: &Location,
    ) -> Option<Policy> {
        let arn = value.to_text()?;
        let given = self.managed_policy(&arn).unwrap_or_default();
        match (
            <[Policy; 1]>::try_from(given.policies),
            given.unknown.is_empty(),
        ) {
            (Ok([policy]), true) => Some(policy),
            // What a boundary does not allow is forbidden, so that a part of one would forbid too much.
            _ => {
                let what = format!(
                    "the permissions boundary {} of {kind} {name} is not known: judged as if there were none",
                    arn.text
                );
                self.note(at, what);
                None
            }
        }
    }

    /// The policy that an ARN, or what stands for one, means.
    fn managed_policy(&mut self, arn: &Text) -> Option<Given> {
        // One may write the ARN of a policy that the same files make. AWS's own have no account.
        let name_in_arn = || match arn.text.split_once(":policy/") {
            Some((account, path)) if !account.ends_with(":aws") => {
                self.by_policy_name.get(path.rsplit('/').next()?)
            }
            _ => None,
        };
        let index = *self.by_arn.get(&arn.text).or_else(name_in_arn)?;
        let managed = &mut self.managed[index];
        managed.is_attached = true;
        Some(managed.given.clone())
    }

    fn unknown_policy(&mut self, arn: &Text, at: &Location) -> Given {
        let why = match arn.symbols.first() {
            Some(symbol) => why(symbol),
            None => "not in the files",
        };
        self.note(at, format!("policy {}: {why}; judged without it", arn.text));
        Given {
            policies: Vec::new(),
            unknown: vec![arn.text.clone()],
        }
    }

    fn entity(&mut self, kind: PrincipalKind, name: &str) -> &mut Entity {
        let key = (order(kind), name.to_owned());
        let index = *self.by_name.entry(key).or_insert_with(|| {
            self.entities.push(Entity {
                kind,
                name: name.to_owned(),
                is_described: false,
                given: Given::default(),
                groups: Vec::new(),
                boundary: None,
            });
            self.entities.len() - 1
        });
        &mut self.entities[index]
    }
}

impl Given {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn len(&self) -> usize {
        self.policies.len() + self.unknown.len()
    }

    fn extend(&mut self, other: &Given) {
        self.policies.extend(other.policies.iter().cloned());
        self.unknown.extend(other.unknown.iter().cloned());
    }

    fn first_place(&self) -> Option<Location> {
        self.policies
            .iter()
            .find_map(|policy| policy.location.clone())
    }

    /// The same where nobody knows whether it is there at all.
    pub fn made_uncertain(mut self) -> Self {
        let names = self.policies.drain(..).map(|policy| policy.name);
        self.unknown.extend(names);
        self
    }
}

/// Whether the symbol is one that each account fills in, and that says nothing about a policy.
fn is_of_the_account(symbol: &Symbol) -> bool {
    let expression = symbol.expression();
    [
        "AWS::",
        "data.aws_caller_identity.",
        "data.aws_partition.",
        "data.aws_region.",
    ]
    .iter()
    .any(|start| expression.starts_with(start))
}

/// Why a symbol has no value.
fn why(symbol: &Symbol) -> &'static str {
    let expression = symbol.expression();
    let starts = |start: &str| expression.starts_with(start);
    if starts("var.") {
        "a variable without a default"
    } else if starts("module.") {
        "a part of a module, which is not read"
    } else if ["file(", "templatefile(", "fileset(", "filebase64("]
        .iter()
        .any(|name| starts(name))
    {
        "another file, which is not read"
    } else {
        "known only once it is made"
    }
}

fn order(kind: PrincipalKind) -> u8 {
    match kind {
        PrincipalKind::User => 0,
        PrincipalKind::Group => 1,
        PrincipalKind::Role => 2,
        PrincipalKind::Policies => 3,
    }
}
