//! What `terraform show -json` prints of a plan or of a state.
//!
//! The values are Terraform's own. What is known only once it is applied, such as the ARN of a policy that the
//! plan makes, is looked up in the plan's copy of the configuration, through the inputs and outputs of modules.
//! Source: Terraform's documentation of its JSON output format.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::policy::{
    principal::Location,
    sources::{
        SourceError,
        account::Account,
        terraform::iam::{self, Record, attributes_of},
        value::{Symbol, Value},
    },
};
use configuration::Configuration;

mod configuration;
mod deferred;

/// How deeply modules may be nested.
const DEEPEST: usize = 32;

/// Whether this is a plan or a state.
pub(super) fn is_shown(json: &Json) -> bool {
    json.get("planned_values").is_some()
        || (json.get("values").is_some() && json.get("format_version").is_some())
}

/// Adds what the plan or the state has to the account.
///
/// # Errors
/// [`SourceError`].
pub(super) fn read(file: &str, json: &Json, account: &mut Account) -> Result<(), SourceError> {
    let values = json.get("planned_values").or_else(|| json.get("values"));
    let root = values.and_then(|values| values.get("root_module"));
    let plan = Plan {
        at: Location {
            file: file.to_owned(),
            line: None,
        },
        configuration: Configuration::new(json),
    };
    match root {
        Some(root) => plan.module(root, 0, account),
        None => Ok(()),
    }
}

struct Plan<'j> {
    at: Location,
    configuration: Configuration<'j>,
}

impl Plan<'_> {
    fn module(
        &self,
        module: &Json,
        depth: usize,
        account: &mut Account,
    ) -> Result<(), SourceError> {
        let data = deferred::documents(module);
        for resource in list(module, "resources") {
            let text = |name: &str| resource.get(name).and_then(Json::as_str);
            let (Some(kind), Some(address), Some("managed")) =
                (text("type"), text("address"), text("mode"))
            else {
                continue;
            };
            if attributes_of(kind).is_empty() {
                continue;
            }
            let record = self.record(kind, address, resource, &data);
            iam::add(&record, account)?;
        }
        if depth >= DEEPEST {
            account.note(&self.at, "modules that are nested more deeply are not read");
            return Ok(());
        }
        for child in list(module, "child_modules") {
            self.module(child, depth + 1, account)?;
        }
        Ok(())
    }

    fn record(
        &self,
        kind: &str,
        address: &str,
        resource: &Json,
        data: &BTreeMap<String, Value>,
    ) -> Record {
        let values = resource.get("values");
        let mut attributes = BTreeMap::new();
        let wanted = attributes_of(kind).iter().copied();
        let blocks = (kind == "aws_iam_role").then_some("inline_policy");
        for name in wanted.chain(blocks) {
            let value = match values.and_then(|values| values.get(name)) {
                Some(Json::Null) => None,
                Some(json) => Some(Value::from_json(json, &Default::default())),
                None => self.open(address, name, data),
            };
            if let Some(value) = value {
                attributes.insert(name.to_owned(), value);
            }
        }
        Record {
            kind: kind.to_owned(),
            address: address.to_owned(),
            at: self.at.clone(),
            is_certain: true,
            attributes,
        }
    }

    /// What stands for an attribute that is not known yet, if the configuration gives it one.
    fn open(&self, address: &str, name: &str, data: &BTreeMap<String, Value>) -> Option<Value> {
        let targets = self.configuration.references(address, name);
        if !self.configuration.has(address, name) {
            return None;
        }
        let of_policy = |target: &&String| {
            let (_, resource) = configuration::split(target);
            resource.starts_with("aws_iam_policy.")
        };
        let is_list = name.ends_with('s');
        let unknown = || Value::unknown(&format!("{address}.{name}"));
        match name {
            "policy_arn" | "policy_arns" | "permissions_boundary" | "managed_policy_arns" => {
                let policies: Vec<&String> = targets.iter().filter(of_policy).collect();
                let arns: Vec<Value> = policies
                    .iter()
                    .map(|target| Value::Unknown(iam::arn_symbol(target)))
                    .collect();
                match arns.as_slice() {
                    [] => Some(unknown()),
                    [one] if !is_list => Some(one.clone()),
                    _ if is_list && arns.len() == targets.len() => Some(Value::List(arns)),
                    _ => Some(unknown()),
                }
            }
            "policy" => {
                let documents: Vec<&Value> = targets
                    .iter()
                    .filter_map(|target| data.get(target))
                    .collect();
                match (documents.as_slice(), targets.len()) {
                    ([document], 1) => Some((*document).clone()),
                    _ => Some(unknown()),
                }
            }
            // What a group or a user is called is its address until somebody gives it a name.
            "group" | "user" | "role" | "group_name" | "user_name" | "role_name" => {
                match targets.as_slice() {
                    [target] => Some(Value::text(target.clone())),
                    _ => Some(unknown()),
                }
            }
            "name" | "arn" => None,
            _ => Some(Value::Unknown(Symbol::new(&format!("{address}.{name}")))),
        }
    }
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json.get(name)
        .and_then(Json::as_array)
        .map_or(&[], Vec::as_slice)
}
