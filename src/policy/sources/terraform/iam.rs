//! The resources of Terraform's AWS provider that make users, groups and roles and hang policies on them.
//!
//! They are the same in a module's text, in a plan and in a state; only how their values are come by differs.
//! Source: the provider's documentation of `aws_iam_*`.

use std::collections::BTreeMap;

use crate::policy::{
    principal::{Location, PrincipalKind},
    sources::{
        Fault, Place, SourceError,
        account::{Account, Given},
        value::{Symbol, Text, Value},
    },
};

/// A resource with the values of its attributes; blocks in it are lists of maps.
#[derive(Debug)]
pub(in crate::policy::sources) struct Record {
    /// Its type, such as `aws_iam_group`.
    pub kind: String,
    /// Its address in the configuration.
    pub address: String,
    pub at: Location,
    /// Whether it is made whatever the variables are.
    pub is_certain: bool,
    pub attributes: BTreeMap<String, Value>,
}

/// The attributes of a resource that matter here; none for other resources.
pub(in crate::policy::sources) fn attributes_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "aws_iam_group" => &["name"],
        "aws_iam_user" => &["name", "permissions_boundary"],
        "aws_iam_role" => &["name", "permissions_boundary", "managed_policy_arns"],
        "aws_iam_policy" => &["name", "policy", "arn"],
        "aws_iam_group_policy" => &["name", "group", "policy"],
        "aws_iam_user_policy" => &["name", "user", "policy"],
        "aws_iam_role_policy" => &["name", "role", "policy"],
        "aws_iam_group_policy_attachment" => &["group", "policy_arn"],
        "aws_iam_user_policy_attachment" => &["user", "policy_arn"],
        "aws_iam_role_policy_attachment" => &["role", "policy_arn"],
        "aws_iam_group_policy_attachments_exclusive" => &["group_name", "policy_arns"],
        "aws_iam_user_policy_attachments_exclusive" => &["user_name", "policy_arns"],
        "aws_iam_role_policy_attachments_exclusive" => &["role_name", "policy_arns"],
        "aws_iam_policy_attachment" => &["groups", "users", "roles", "policy_arn"],
        "aws_iam_user_group_membership" => &["user", "groups"],
        "aws_iam_group_membership" => &["group", "users"],
        _ => &[],
    }
}

/// What stands for the ARN of a policy.
pub(in crate::policy::sources) fn arn_symbol(address: &str) -> Symbol {
    Symbol::new(&format!("{address}.arn"))
}

/// Adds what a resource makes to the account.
///
/// # Errors
/// [`SourceError`] at the resource.
pub(in crate::policy::sources) fn add(
    record: &Record,
    account: &mut Account,
) -> Result<(), SourceError> {
    use PrincipalKind::{Group, Role, User};
    if !record.is_certain {
        let what = format!("whether there is {} is not known", record.address);
        account.note(&record.at, what);
    }
    match record.kind.as_str() {
        "aws_iam_group" => record.principal(Group, account),
        "aws_iam_user" => record.principal(User, account),
        "aws_iam_role" => record.principal(Role, account),
        "aws_iam_policy" => record.managed_policy(account),
        "aws_iam_group_policy" => record.inline_policy(Group, "group", account),
        "aws_iam_user_policy" => record.inline_policy(User, "user", account),
        "aws_iam_role_policy" => record.inline_policy(Role, "role", account),
        "aws_iam_group_policy_attachment" => {
            record.attachment(&[(Group, "group")], "policy_arn", account)
        }
        "aws_iam_user_policy_attachment" => {
            record.attachment(&[(User, "user")], "policy_arn", account)
        }
        "aws_iam_role_policy_attachment" => {
            record.attachment(&[(Role, "role")], "policy_arn", account)
        }
        "aws_iam_group_policy_attachments_exclusive" => {
            record.attachment(&[(Group, "group_name")], "policy_arns", account)
        }
        "aws_iam_user_policy_attachments_exclusive" => {
            record.attachment(&[(User, "user_name")], "policy_arns", account)
        }
        "aws_iam_role_policy_attachments_exclusive" => {
            record.attachment(&[(Role, "role_name")], "policy_arns", account)
        }
        "aws_iam_policy_attachment" => {
            let holders = [(Group, "groups"), (User, "users"), (Role, "roles")];
            record.attachment(&holders, "policy_arn", account)
        }
        "aws_iam_user_group_membership" => record.membership("user", "groups", account),
        "aws_iam_group_membership" => record.membership("users", "group", account),
        _ => Ok(()),
    }
}

impl Record {
    /// What a user, group, role or policy is called: its name, or its address where AWS makes one up.
    pub fn name(&self) -> String {
        let name = self.attributes.get("name").and_then(Value::to_text);
        name.map_or_else(
            || match self.kind.as_str() {
                // Of a user it has to be seen that its name is not known: policy variables stand for it.
                "aws_iam_user" => Symbol::new(&self.address).as_str().to_owned(),
                _ => self.address.clone(),
            },
            |name| name.text,
        )
    }

    fn principal(&self, kind: PrincipalKind, account: &mut Account) -> Result<(), SourceError> {
        let name = self.name();
        account.declare(kind, &name);
        for arn in self.texts("managed_policy_arns")? {
            account.attach(kind, &name, arn, &self.at, self.is_certain);
        }
        match self.attributes.get("inline_policy") {
            Some(Value::List(policies)) => {
                for policy in policies {
                    let own = policy
                        .get("name")
                        .and_then(Value::to_text)
                        .unwrap_or_default();
                    let label = format!("inline policy '{}' of {kind} '{name}'", own.text);
                    let document = policy.get("policy").unwrap_or(policy);
                    // An empty block says that there is to be none.
                    let is_empty = document.is_null()
                        || document == &Value::text("")
                        || document == &Value::Map(BTreeMap::new());
                    if is_empty {
                        continue;
                    }
                    let given = self.document(&label, document, account)?;
                    account.give(kind, &name, given);
                }
            }
            Some(unknown @ Value::Unknown(_)) => {
                let label = format!("inline policies of {kind} '{name}'");
                let given = self.document(&label, unknown, account)?;
                account.give(kind, &name, given);
            }
            _ => {}
        }
        if let Some(boundary) = self.attributes.get("permissions_boundary")
            && !boundary.is_null()
        {
            account.bound(kind, &name, boundary.clone(), &self.at);
        }
        Ok(())
    }

    fn managed_policy(&self, account: &mut Account) -> Result<(), SourceError> {
        let name = self.name();
        let label = format!("policy '{name}'");
        let given = self.document(&label, self.needed("policy")?, account)?;
        let mut arns = vec![arn_symbol(&self.address).as_str().to_owned()];
        if let Some(Value::Text(arn)) = self.attributes.get("arn") {
            arns.push(arn.text.clone());
        }
        account.manage(arns, &name, given);
        Ok(())
    }

    fn inline_policy(
        &self,
        kind: PrincipalKind,
        holder: &str,
        account: &mut Account,
    ) -> Result<(), SourceError> {
        let name = self.name();
        self.needed(holder)?;
        for holder in self.texts(holder)? {
            let label = format!("inline policy '{name}' of {kind} '{}'", holder.text);
            let given = self.document(&label, self.needed("policy")?, account)?;
            account.give(kind, &holder.text, given);
        }
        Ok(())
    }

    fn attachment(
        &self,
        holders: &[(PrincipalKind, &str)],
        policies: &str,
        account: &mut Account,
    ) -> Result<(), SourceError> {
        self.needed(policies)?;
        let arns = self.texts(policies)?;
        for (kind, attribute) in holders {
            for holder in self.texts(attribute)? {
                for arn in &arns {
                    account.attach(*kind, &holder.text, arn.clone(), &self.at, self.is_certain);
                }
            }
        }
        Ok(())
    }

    fn membership(
        &self,
        users: &str,
        groups: &str,
        account: &mut Account,
    ) -> Result<(), SourceError> {
        let (users, groups) = (self.texts(users)?, self.texts(groups)?);
        for user in &users {
            for group in &groups {
                if self.is_certain {
                    account.join(&user.text, &group.text, &self.at);
                    continue;
                }
                let unknown = format!("policies of group {}", group.text);
                account.give_unknown(PrincipalKind::User, &user.text, unknown);
            }
        }
        Ok(())
    }

    fn document(
        &self,
        label: &str,
        value: &Value,
        account: &mut Account,
    ) -> Result<Given, SourceError> {
        let given = account.document(label, value, &self.at)?;
        Ok(if self.is_certain {
            given
        } else {
            given.made_uncertain()
        })
    }

    fn needed(&self, attribute: &str) -> Result<&Value, SourceError> {
        match self.attributes.get(attribute) {
            Some(value) if !value.is_null() => Ok(value),
            _ => Err(self.wrong(attribute, "missing")),
        }
    }

    fn texts(&self, attribute: &str) -> Result<Vec<Text>, SourceError> {
        let texts = match self.attributes.get(attribute) {
            None => Some(Vec::new()),
            Some(value) => value.to_texts(),
        };
        texts.ok_or_else(|| self.wrong(attribute, "no text, and no list of texts"))
    }

    fn wrong(&self, attribute: &str, what: &str) -> SourceError {
        let place = match self.at.line {
            Some(line) => Place::Line { line, column: None },
            None => Place::Path(self.address.clone()),
        };
        SourceError {
            file: self.at.file.clone(),
            place: Some(place),
            fault: Fault::Form(format!("{}.{attribute}: {what}", self.address)),
        }
    }
}
