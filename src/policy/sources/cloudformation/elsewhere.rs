//! What of a template says elsewhere what it makes: macros, parts of other files, nested stacks, programs.
//!
//! All of these may hang policies on those that the template makes. Whoever that may be then has policies of which nobody
//! knows more than that.

use super::intrinsics::Template;
use crate::policy::{
    principal::{Location, PrincipalKind},
    sources::{
        Fault,
        account::Account,
        yaml::{Content, Node},
    },
};

/// The macros of AWS's own that leave alone what is of IAM, but for roles of functions, which are no people.
const HARMLESS: [&str; 5] = [
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::Serverless-",
    "AWS::ServiceCatalog",
];

/// Notes what is not read, and gives those that it may concern policies that nobody knows.
///
/// # Errors
/// [`Fault::TooMuch`], [`Fault::TooDeep`].
pub(super) fn note(
    template: &Template<'_>,
    whole: &Location,
    account: &mut Account,
) -> Result<(), Fault> {
    for name in macros(template.root()) {
        if HARMLESS.iter().any(|known| name.starts_with(known)) {
            continue;
        }
        let what = format!("the macro {name} may change what the template says");
        account.note(whole, what);
        account.give_everybody_unknown(&format!("policies by the macro {name}"));
    }
    let resources = template.root().get("Resources");
    for (id, line, node) in resources.map_or(&[][..], Node::entries) {
        let at = Location {
            line: *line,
            ..whole.clone()
        };
        if id.starts_with("Fn::") {
            account.note(&at, format!("the resources of {id} are not unfolded"));
            if id == "Fn::Transform" || makes_policies(node) {
                account.give_everybody_unknown(&format!("policies by {id}"));
            }
            continue;
        }
        let kind = node.get("Type").and_then(Node::as_text).unwrap_or("");
        if kind.starts_with("AWS::IAM::") {
            if let Some(name) = unfolded(node) {
                account.note(&at, format!("what {name} adds to {id} is not read"));
                account.give_everybody_unknown(&format!("policies by {name} of {id}"));
            }
            continue;
        }
        let is_template = kind == "AWS::CloudFormation::Stack" || kind.ends_with("::MODULE");
        let is_program =
            kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource";
        if !is_template && !is_program {
            continue;
        }
        let concerned = handed(template, node)?;
        if is_template || !concerned.is_empty() {
            account.note(
                &at,
                format!("{id} is not read: what it makes is not judged"),
            );
        }
        for (kind, name) in concerned {
            account.give_unknown(kind, &name, format!("policies by {id}"));
        }
    }
    Ok(())
}

/// The names of the macros of the whole template.
fn macros(root: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    if let Some(transform) = root.get("Transform") {
        let all = match transform.items() {
            [] => std::slice::from_ref(transform),
            several => several,
        };
        names.extend(all.iter().map(|node| {
            let name = node.as_text().or_else(|| node.get("Name")?.as_text());
            name.unwrap_or("without a name")
        }));
    }
    if root.get("Fn::Transform").is_some() {
        names.push("Fn::Transform");
    }
    names
}

/// Whether something that makes resources makes policies among them, or may.
fn makes_policies(node: &Node) -> bool {
    any(
        node,
        &mut |text| text.starts_with("AWS::IAM::"),
        &mut |key| key == "Fn::Transform",
    )
}

/// What adds to the properties of a resource.
fn unfolded(node: &Node) -> Option<&str> {
    let of = |node: &'_ Node| {
        node.entries()
            .iter()
            .position(|(key, ..)| key == "Fn::Transform" || key.starts_with("Fn::ForEach::"))
    };
    let properties = node.get("Properties");
    [Some(node), properties]
        .into_iter()
        .flatten()
        .find_map(|node| Some(node.entries()[of(node)?].0.as_str()))
}

/// The users, groups and roles of the template that are handed to a resource.
fn handed(template: &Template<'_>, node: &Node) -> Result<Vec<(PrincipalKind, String)>, Fault> {
    let mut concerned = Vec::new();
    let resources = template.root().get("Resources");
    for (id, _, resource) in resources.map_or(&[][..], Node::entries) {
        let kind = match resource.get("Type").and_then(Node::as_text) {
            Some("AWS::IAM::Group") => PrincipalKind::Group,
            Some("AWS::IAM::User") => PrincipalKind::User,
            Some("AWS::IAM::Role") => PrincipalKind::Role,
            _ => continue,
        };
        let name = template.name_of(id)?.text;
        let mut is_named = |text: &str| {
            text == id
                || text == name
                || text
                    .strip_prefix(id.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
                || text.contains(&format!("${{{id}}}"))
                || text.contains(&format!("${{{id}."))
        };
        if any(node, &mut is_named, &mut |_| false) {
            concerned.push((kind, name));
        }
    }
    Ok(concerned)
}

/// Whether any text, or any key, somewhere in it is such a one.
fn any(
    node: &Node,
    is_text: &mut impl FnMut(&str) -> bool,
    is_key: &mut impl FnMut(&str) -> bool,
) -> bool {
    match &node.content {
        Content::Scalar(_) => node.as_text().is_some_and(&mut *is_text),
        Content::Sequence(items) => items.iter().any(|item| any(item, is_text, is_key)),
        Content::Mapping(entries) => entries
            .iter()
            .any(|(key, _, node)| is_key(key) || any(node, is_text, is_key)),
    }
}
