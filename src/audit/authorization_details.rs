//! Users, groups and policies as `aws iam get-account-authorization-details` prints them.
//!
//! A file is read element by element, so that of an account of any size only what is asked of it stays in memory:
//! roles and old versions of policies are passed over. Documents may be objects, as the AWS CLI has them, or text
//! as IAM itself sends it, encoded as in an address. Several pages may follow each other.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    io::Read,
    sync::Arc,
};

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::Value;

use crate::{
    policy::document::{Document, DocumentError},
    terminal::{excerpt, misplaced},
    time::{self, Timestamp},
};

mod node;

use node::{Fault, Node};

/// The users, groups and policies of an account.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationDetails {
    /// The users, in AWS's order.
    pub users: Vec<UserDetail>,
    /// The groups, in AWS's order.
    pub groups: Vec<GroupDetail>,
    /// The managed policies by their ARN.
    pub policies: HashMap<String, ManagedPolicy>,
    /// Whether AWS had more to tell than there is.
    pub is_truncated: bool,
}

/// A user and its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetail {
    /// The name.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The policies that are its own.
    pub policies: PolicySet,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
}

/// A group and its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDetail {
    /// The name.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// Its policies.
    pub policies: PolicySet,
}

/// The policies of a user or a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicySet {
    /// Those that are part of it.
    pub inline: Vec<InlinePolicy>,
    /// The ARNs of those that are attached to it.
    pub attached: Vec<String>,
}

/// A policy that is part of a user or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePolicy {
    /// Its name.
    pub name: String,
    /// Its text.
    pub document: PolicyText,
}

/// A policy that can be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its name.
    pub name: String,
    /// The text of its default version.
    pub document: PolicyText,
}

/// The text of a policy, or why it cannot be read.
pub type PolicyText = Result<Arc<Document>, String>;

/// Why something is not what `get-account-authorization-details` prints.
#[derive(Debug, thiserror::Error)]
pub enum DetailsError {
    /// It cannot be read to its end.
    #[error("it cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// What is wrong, and where.
    #[error("line {line}, column {column}: {what}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1; of an element that is wrong it is behind its end.
        column: usize,
        /// What is wrong, after the path to it: `UserDetailList[3].UserName: …`.
        what: String,
    },
    /// There is no JSON at all.
    #[error("there is nothing")]
    Empty,
}

impl AuthorizationDetails {
    /// Reads all pages, one after the other.
    ///
    /// # Errors
    /// [`DetailsError`], with the line and the path to what is wrong.
    pub fn read(reader: impl Read) -> Result<Self, DetailsError> {
        let mut whole: Option<AuthorizationDetails> = None;
        for page in serde_json::Deserializer::from_reader(reader).into_iter::<Self>() {
            let page = page.map_err(malformed)?;
            match &mut whole {
                Some(whole) => whole.append(page),
                None => whole = Some(page),
            }
        }
        whole.ok_or(DetailsError::Empty)
    }

    /// Adds another page. What both have is taken from the first, so that nobody is counted twice.
    pub fn append(&mut self, page: AuthorizationDetails) {
        let users: HashSet<String> = self.users.iter().map(|user| user.arn.clone()).collect();
        let groups: HashSet<String> = self.groups.iter().map(|group| group.arn.clone()).collect();
        let new_users = page.users.into_iter();
        self.users
            .extend(new_users.filter(|user| !users.contains(&user.arn)));
        let new_groups = page.groups.into_iter();
        self.groups
            .extend(new_groups.filter(|group| !groups.contains(&group.arn)));
        for (arn, policy) in page.policies {
            self.policies.entry(arn).or_insert(policy);
        }
        // Each page but the last says that it is not the last, and nobody promises their order here.
        self.is_truncated &= page.is_truncated;
    }
}

/// Reads the text of a policy as IAM sends it: JSON, or JSON encoded as in an address.
///
/// # Errors
/// What is wrong with it. That it is JSON and still no policy that IAM would take today is no error of whoever
/// sends it: it is the inner one.
pub fn parse_document(text: &str) -> Result<PolicyText, String> {
    let text = text.trim();
    let decoded;
    let text = if text.starts_with('%') {
        decoded = decode(text).ok_or("it is neither JSON nor encoded as in an address")?;
        decoded.as_str()
    } else {
        text
    };
    match Document::parse(text) {
        Ok(document) => Ok(Ok(Arc::new(document))),
        Err(error @ (DocumentError::NotJson { .. } | DocumentError::TooLong)) => {
            Err(error.to_string())
        }
        Err(error) => Ok(Err(excerpt(&error.to_string()))),
    }
}

/// Undoes the encoding of RFC 3986.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = others.get(..2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let byte = digit(digits[0])? * 16 + digit(digits[1])?;
        bytes.push(u8::try_from(byte).ok()?);
        rest = &others[2..];
    }
    String::from_utf8(bytes).ok()
}

fn malformed(error: serde_json::Error) -> DetailsError {
    if error.is_io() {
        return DetailsError::Unreadable(error.into());
    }
    let (line, column) = (error.line().max(1), error.column().max(1));
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    DetailsError::Malformed {
        line,
        column,
        what: excerpt(text.strip_suffix(&place).unwrap_or(&text)),
    }
}

impl<'de> Deserialize<'de> for AuthorizationDetails {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Page)
    }
}

struct Page;

impl<'de> Visitor<'de> for Page {
    type Value = AuthorizationDetails;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what aws iam get-account-authorization-details prints")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = AuthorizationDetails::default();
        let mut is_one = false;
        while let Some(key) = map.next_key::<String>()? {
            let list: (&'static str, Take) = match key.as_str() {
                "UserDetailList" => ("UserDetailList", take_user),
                "GroupDetailList" => ("GroupDetailList", take_group),
                "Policies" => ("Policies", take_policy),
                "IsTruncated" => {
                    page.is_truncated = map.next_value::<Value>()? == Value::Bool(true);
                    continue;
                }
                _ => {
                    is_one |= key == "RoleDetailList";
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            is_one = true;
            map.next_value_seed(List {
                name: list.0,
                take: list.1,
                page: &mut page,
            })?;
        }
        if is_one {
            Ok(page)
        } else {
            Err(A::Error::custom(
                "it has none of UserDetailList, GroupDetailList and Policies",
            ))
        }
    }
}

/// Adds an element of a list to the page.
type Take = fn(&mut AuthorizationDetails, &Node<'_>) -> Result<(), Fault>;

struct List<'a> {
    name: &'static str,
    take: Take,
    page: &'a mut AuthorizationDetails,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a list of objects in {}", self.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = list.next_element::<Value>()? {
            let node = Node::element(self.name, index, &value);
            (self.take)(self.page, &node).map_err(A::Error::custom)?;
            index += 1;
        }
        Ok(())
    }
}

fn take_user(page: &mut AuthorizationDetails, node: &Node<'_>) -> Result<(), Fault> {
    let mut groups = Vec::new();
    if let Some(list) = node.optional("GroupList")? {
        for group in list.elements()? {
            groups.push(group.text()?.to_owned());
        }
    }
    let boundary = match node.optional("PermissionsBoundary")? {
        Some(boundary) => Some(boundary.field("PermissionsBoundaryArn")?.text()?.to_owned()),
        None => None,
    };
    page.users.push(UserDetail {
        name: node.field("UserName")?.text()?.to_owned(),
        arn: node.field("Arn")?.text()?.to_owned(),
        created: moment(node, "CreateDate")?,
        policies: policy_set(node, "UserPolicyList")?,
        groups,
        boundary,
    });
    Ok(())
}

fn take_group(page: &mut AuthorizationDetails, node: &Node<'_>) -> Result<(), Fault> {
    page.groups.push(GroupDetail {
        name: node.field("GroupName")?.text()?.to_owned(),
        arn: node.field("Arn")?.text()?.to_owned(),
        policies: policy_set(node, "GroupPolicyList")?,
    });
    Ok(())
}

fn take_policy(page: &mut AuthorizationDetails, node: &Node<'_>) -> Result<(), Fault> {
    let arn = node.field("Arn")?.text()?.to_owned();
    let name = node.field("PolicyName")?.text()?.to_owned();
    let versions = node.field("PolicyVersionList")?;
    let wanted = match node.optional("DefaultVersionId")? {
        Some(id) => Some(id.text()?),
        None => None,
    };
    for version in versions.elements()? {
        let is_default = match version.optional("IsDefaultVersion")? {
            Some(is_default) => is_default.flag()?,
            None => match version.optional("VersionId")? {
                Some(id) => Some(id.text()?) == wanted,
                None => false,
            },
        };
        if is_default {
            let document = document(&version.field("Document")?)?;
            page.policies.insert(arn, ManagedPolicy { name, document });
            return Ok(());
        }
    }
    Err(versions.fault("no version is the default one"))
}

fn policy_set(node: &Node<'_>, inline_list: &'static str) -> Result<PolicySet, Fault> {
    let mut set = PolicySet::default();
    if let Some(list) = node.optional(inline_list)? {
        for policy in list.elements()? {
            set.inline.push(InlinePolicy {
                name: policy.field("PolicyName")?.text()?.to_owned(),
                document: document(&policy.field("PolicyDocument")?)?,
            });
        }
    }
    if let Some(list) = node.optional("AttachedManagedPolicies")? {
        for policy in list.elements()? {
            set.attached
                .push(policy.field("PolicyArn")?.text()?.to_owned());
        }
    }
    Ok(set)
}

fn document(node: &Node<'_>) -> Result<PolicyText, Fault> {
    match node.value() {
        Value::String(text) => parse_document(text).map_err(|error| node.fault(&excerpt(&error))),
        value @ Value::Object(_) => {
            let document = Document::from_value(value);
            Ok(document
                .map(Arc::new)
                .map_err(|error| excerpt(&error.to_string())))
        }
        _ => Err(node.fault("it is neither an object nor a text")),
    }
}

fn moment(node: &Node<'_>, name: &'static str) -> Result<Option<Timestamp>, Fault> {
    let Some(field) = node.optional(name)? else {
        return Ok(None);
    };
    // With cli_timestamp_format = wire it is what AWS sent, else RFC 3339; some tools write seconds.
    if let Some(seconds) = field.value().as_f64() {
        #[allow(clippy::cast_possible_truncation)] // Saturates, and is then no moment.
        return Ok(Timestamp::from_timestamp(seconds as i64, 0));
    }
    let text = field.text()?;
    match time::parse_timestamp(text) {
        Some(moment) => Ok(Some(moment)),
        None => Err(field.fault(&format!("'{}' is no date", misplaced(text)))),
    }
}

#[cfg(test)]
mod tests;
