//! CloudFormation templates.
//!
//! Sources: the AWS CloudFormation User Guide on `AWS::IAM::*`, on intrinsic functions and on pseudo parameters.

use crate::policy::{
    principal::{Location, PrincipalKind},
    sources::{
        Fault, Place, SourceError,
        account::{Account, Given},
        value::Value,
        yaml::Node,
    },
};
use intrinsics::Template;

mod elsewhere;
mod intrinsics;

/// Whether this is a template.
pub(super) fn is_template(root: &Node) -> bool {
    let has_types = |resources: &Node| {
        resources
            .entries()
            .iter()
            .any(|(_, _, resource)| resource.get("Type").is_some())
    };
    root.get("AWSTemplateFormatVersion").is_some() || root.get("Resources").is_some_and(has_types)
}

/// Adds what a template makes to the account.
///
/// # Errors
/// [`SourceError`].
pub(super) fn read(file: &str, root: &Node, account: &mut Account) -> Result<(), SourceError> {
    let template = Template::new(root);
    let whole = Location {
        file: file.to_owned(),
        line: None,
    };
    let Some(resources) = root.get("Resources") else {
        return Err(SourceError::of(file, Fault::NoPolicies));
    };
    for (id, line, node) in resources.entries() {
        let Some(kind) = node.get("Type").and_then(Node::as_text) else {
            continue;
        };
        let Some(kind) = kind.strip_prefix("AWS::IAM::") else {
            continue;
        };
        let mut resource = Resource {
            template: &template,
            id,
            node,
            at: Location {
                line: *line,
                ..whole.clone()
            },
            is_certain: true,
        };
        if resource.is_there(account)? {
            resource.add(kind, account)?;
        }
    }
    elsewhere::note(&template, &whole, account).map_err(|fault| SourceError::of(file, fault))?;
    for name in template.defaults_used() {
        account.note(
            &whole,
            format!("the parameter {name} is taken at its default"),
        );
    }
    Ok(())
}

struct Resource<'t> {
    template: &'t Template<'t>,
    id: &'t str,
    node: &'t Node,
    at: Location,
    /// Whether it is made whatever the parameters are.
    is_certain: bool,
}

impl Resource<'_> {
    /// Whether its condition lets it be.
    fn is_there(&mut self, account: &mut Account) -> Result<bool, SourceError> {
        let Some(name) = self.node.get("Condition").and_then(Node::as_text) else {
            return Ok(true);
        };
        let holds = self.template.condition(name);
        match holds.map_err(|fault| self.fault(None, fault))?.as_bool() {
            Some(true) => {}
            Some(false) => {
                let what = format!("{} is left out, since {name} is false", self.id);
                account.note(&self.at, what);
                return Ok(false);
            }
            None => {
                self.is_certain = false;
                let what = format!("whether there is {} hangs on the condition {name}", self.id);
                account.note(&self.at, what);
            }
        }
        Ok(true)
    }

    fn add(&self, kind: &str, account: &mut Account) -> Result<(), SourceError> {
        match kind {
            "Group" => self.principal(PrincipalKind::Group, account),
            "User" => self.principal(PrincipalKind::User, account),
            "Role" => self.principal(PrincipalKind::Role, account),
            "Policy" => self.inline_policy(account),
            "ManagedPolicy" => self.managed_policy(account),
            "GroupPolicy" => self.policy_of_one(PrincipalKind::Group, "GroupName", account),
            "UserPolicy" => self.policy_of_one(PrincipalKind::User, "UserName", account),
            "RolePolicy" => self.policy_of_one(PrincipalKind::Role, "RoleName", account),
            "UserToGroupAddition" => {
                let group = self.value("GroupName")?;
                let users = self.value("Users")?;
                for group in self.names("GroupName", &group)? {
                    for user in self.names("Users", &users)? {
                        account.join(&user, &group, &self.at);
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn principal(&self, kind: PrincipalKind, account: &mut Account) -> Result<(), SourceError> {
        let name = self
            .template
            .name_of(self.id)
            .map_err(|fault| self.fault(None, fault))?
            .text;
        account.declare(kind, &name);
        // Of a user it has to be seen that its name is not known: policy variables stand for it.
        let shown = match kind {
            PrincipalKind::User => &name,
            _ => self.shown(&name),
        };
        account.show(kind, &name, shown);
        let arns = self.value("ManagedPolicyArns")?;
        for arn in arns
            .to_texts()
            .ok_or_else(|| self.no_texts("ManagedPolicyArns"))?
        {
            account.attach(kind, &name, arn, &self.at, true);
        }
        if let Value::List(policies) = self.value("Policies")? {
            for policy in &policies {
                let policy_name = match policy.get("PolicyName").and_then(Value::to_text) {
                    Some(text) => text.text,
                    None => "without a name".to_owned(),
                };
                let label = format!("inline policy '{policy_name}' of {kind} '{shown}'");
                // A policy that is not known as a whole is one value.
                let document = policy.get("PolicyDocument").unwrap_or(policy);
                let given = account.document(&label, document, &self.at)?;
                account.give(kind, &name, given);
            }
        }
        if kind == PrincipalKind::User {
            let groups = self.value("Groups")?;
            for group in self.names("Groups", &groups)? {
                account.join(&name, &group, &self.at);
            }
        }
        let boundary = self.value("PermissionsBoundary")?;
        if !boundary.is_null() {
            account.bound(kind, &name, boundary, &self.at);
        }
        Ok(())
    }

    fn inline_policy(&self, account: &mut Account) -> Result<(), SourceError> {
        let name = self.own_name("PolicyName")?;
        let label = format!("policy '{name}'");
        let given = self.given(&label, account)?;
        let holders = self.holders()?;
        if holders.is_empty() {
            account.manage(Vec::new(), &name, given);
            return Ok(());
        }
        for (kind, holder) in holders {
            account.give(kind, &holder, given.clone());
        }
        Ok(())
    }

    fn managed_policy(&self, account: &mut Account) -> Result<(), SourceError> {
        let name = self.own_name("ManagedPolicyName")?;
        let label = format!("managed policy '{name}'");
        let given = self.given(&label, account)?;
        let symbol = Value::unknown(self.id).to_text().unwrap_or_default();
        account.manage(vec![symbol.text.clone()], &name, given);
        for (kind, holder) in self.holders()? {
            account.attach(kind, &holder, symbol.clone(), &self.at, true);
        }
        Ok(())
    }

    fn policy_of_one(
        &self,
        kind: PrincipalKind,
        property: &str,
        account: &mut Account,
    ) -> Result<(), SourceError> {
        let name = self.own_name("PolicyName")?;
        let holder = self.value(property)?;
        for holder in self.names(property, &holder)? {
            let shown = self.shown(&holder);
            let label = format!("inline policy '{name}' of {kind} '{shown}'");
            let given = self.given(&label, account)?;
            account.give(kind, &holder, given);
        }
        Ok(())
    }

    fn given(&self, label: &str, account: &mut Account) -> Result<Given, SourceError> {
        let document = self.value("PolicyDocument")?;
        if document.is_null() {
            let fault = Fault::Form("missing".into());
            return Err(self.fault(Some("PolicyDocument"), fault));
        }
        let given = account.document(label, &document, &self.at)?;
        Ok(if self.is_certain {
            given
        } else {
            given.made_uncertain()
        })
    }

    /// Those that the policy itself names.
    fn holders(&self) -> Result<Vec<(PrincipalKind, String)>, SourceError> {
        let mut holders = Vec::new();
        for (property, kind) in [
            ("Groups", PrincipalKind::Group),
            ("Users", PrincipalKind::User),
            ("Roles", PrincipalKind::Role),
        ] {
            let value = self.value(property)?;
            let names = self.names(property, &value)?;
            holders.extend(names.into_iter().map(|name| (kind, name)));
        }
        Ok(holders)
    }

    /// A name for people: the logical ID in place of its symbol.
    fn shown<'n>(&self, name: &'n str) -> &'n str {
        let id = name
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'));
        id.filter(|id| self.template.has(id)).unwrap_or(name)
    }

    fn own_name(&self, property: &str) -> Result<String, SourceError> {
        let name = self.value(property)?.to_text();
        Ok(name.map_or_else(|| self.id.to_owned(), |name| name.text))
    }

    fn names(&self, property: &str, value: &Value) -> Result<Vec<String>, SourceError> {
        let texts = value.to_texts().ok_or_else(|| self.no_texts(property))?;
        Ok(texts.into_iter().map(|text| text.text).collect())
    }

    /// A property, or null where there is none.
    fn value(&self, property: &str) -> Result<Value, SourceError> {
        match self
            .node
            .get("Properties")
            .and_then(|node| node.get(property))
        {
            None => Ok(Value::Null),
            Some(node) => {
                let value = self.template.resolve(node);
                value.map_err(|fault| self.fault(Some(property), fault))
            }
        }
    }

    fn no_texts(&self, property: &str) -> SourceError {
        self.fault(
            Some(property),
            Fault::Form("no text, and no list of texts".into()),
        )
    }

    fn fault(&self, property: Option<&str>, fault: Fault) -> SourceError {
        let mut path = format!("Resources.{}", self.id);
        if let Some(property) = property {
            path = format!("{path}.Properties.{property}");
        }
        SourceError {
            file: self.at.file.clone(),
            place: Some(Place::Path(path)),
            fault,
        }
    }
}
