//! Terraform's files: one module, as far as it can be told without running Terraform.
//!
//! Nothing outside of the given files is looked at, neither other modules nor what `file()` names.

use hcl_edit::{Span, structure::Body};

use crate::{
    policy::{
        principal::{Location, PrincipalKind},
        sources::{Fault, Place, Source, SourceError, account::Account, value::Value},
    },
    terminal,
};
use evaluation::{Context, Evaluator};
use module::{Mode, Module, Resource};

mod evaluation;
mod functions;
pub(super) mod iam;
mod instances;
mod module;
mod operators;
mod policy_document;
mod references;
mod templates;

/// A file with its structure.
struct File<'s> {
    name: &'s str,
    text: &'s str,
    body: Body,
    /// Where its lines begin.
    lines: Vec<usize>,
}

impl<'s> File<'s> {
    fn parse(source: &'s Source) -> Result<Self, SourceError> {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let body = text.parse::<Body>().map_err(|error| SourceError {
            file: source.name.clone(),
            place: Some(Place::Line {
                line: u32::try_from(error.location().line()).unwrap_or(u32::MAX),
                column: u32::try_from(error.location().column()).ok(),
            }),
            fault: Fault::Syntax {
                language: "Terraform",
                what: terminal::printable(error.message()),
            },
        })?;
        let ends = text.match_indices('\n').map(|(index, _)| index + 1);
        Ok(Self {
            name: &source.name,
            text,
            body,
            lines: std::iter::once(0).chain(ends).collect(),
        })
    }

    /// Where a part of it begins.
    fn location(&self, part: &impl Span) -> Location {
        let line = part.span().map(|span| {
            let line = self.lines.partition_point(|begin| *begin <= span.start);
            u32::try_from(line).unwrap_or(u32::MAX)
        });
        Location {
            file: self.name.to_owned(),
            line,
        }
    }

    /// The text of a part of it.
    fn text_of(&self, part: &impl Span) -> &'s str {
        part.span()
            .and_then(|span| self.text.get(span))
            .unwrap_or("…")
    }
}

/// Adds what a module makes to the account.
///
/// # Errors
/// [`SourceError`].
pub(super) fn read(sources: &[&Source], account: &mut Account) -> Result<(), SourceError> {
    let files = sources
        .iter()
        .map(|source| File::parse(source))
        .collect::<Result<Vec<_>, _>>()?;
    refuse_overrides(sources)?;
    let module = Module::index(&files);
    let evaluator = Evaluator::new(&module);
    for resource in &module.resources {
        if resource.mode == Mode::Managed && !iam::attributes_of(&resource.kind).is_empty() {
            add(resource, &evaluator, account).map_err(|error| match error {
                Wrong::Here(fault) => located(resource, fault),
                Wrong::There(error) => error,
            })?;
        }
    }
    for call in &module.calls {
        let at = call.file.location(call.block);
        let what = format!(
            "module {} is not read: what it makes is not judged",
            call.name
        );
        account.note(&at, what);
        policies_by_module(call, &evaluator, &module, account)?;
    }
    if account.is_empty() {
        unused_documents(&evaluator, &module, account)?;
    }
    for (name, at) in evaluator.defaults_used() {
        account.note(&at, format!("var.{name} is taken at its default"));
    }
    Ok(())
}

/// Terraform merges files of such names into the blocks of the others; taken as any other they would add to them.
fn refuse_overrides(sources: &[&Source]) -> Result<(), SourceError> {
    let is_override = |source: &&&Source| {
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        name == "override.tf" || name.ends_with("_override.tf")
    };
    match sources.iter().find(is_override) {
        None => Ok(()),
        Some(source) => {
            let what = "Terraform merges what is in this file into the others, which is not done here: give what \
                        `terraform show -json` prints of a plan";
            Err(SourceError::of(&source.name, Fault::Form(what.into())))
        }
    }
}

enum Wrong {
    Here(Fault),
    There(SourceError),
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Wrong::Here(fault)
    }
}

fn located(resource: &Resource<'_>, fault: Fault) -> SourceError {
    let at = resource.file.location(resource.block);
    SourceError {
        file: at.file,
        place: at.line.map(|line| Place::Line { line, column: None }),
        fault,
    }
}

fn add(
    resource: &Resource<'_>,
    evaluator: &Evaluator<'_>,
    account: &mut Account,
) -> Result<(), Wrong> {
    for instance in evaluator.instances(resource)?.iter() {
        let record = evaluator.record(resource, instance)?;
        iam::add(&record, account).map_err(Wrong::There)?;
    }
    Ok(())
}

/// A module that is handed a user, group or role may hang policies on it.
fn policies_by_module(
    call: &module::Call<'_>,
    evaluator: &Evaluator<'_>,
    module: &Module<'_>,
    account: &mut Account,
) -> Result<(), SourceError> {
    let text = with_locals(call.file.text_of(call.block), module);
    for resource in &module.resources {
        let kind = match resource.kind.as_str() {
            "aws_iam_group" => PrincipalKind::Group,
            "aws_iam_user" => PrincipalKind::User,
            "aws_iam_role" => PrincipalKind::Role,
            _ => continue,
        };
        if resource.mode != Mode::Managed || !mentions(&text, &resource.address()) {
            continue;
        }
        let instances = evaluator.instances(resource);
        for instance in instances.map_err(|fault| located(resource, fault))?.iter() {
            let record = evaluator.record(resource, instance);
            let record = record.map_err(|fault| located(resource, fault))?;
            account.give_unknown(
                kind,
                &record.name(),
                format!("policies by module.{}", call.name),
            );
        }
    }
    Ok(())
}

/// A text, with what the locals in it say, and the locals in those.
fn with_locals(text: &str, module: &Module<'_>) -> String {
    let mut whole = text.to_owned();
    let mut left: Vec<_> = module.locals.iter().collect();
    loop {
        let before = left.len();
        left.retain(|(name, (file, expression))| {
            let is_in = mentions(&whole, &format!("local.{name}"));
            if is_in {
                whole.push('\n');
                whole.push_str(file.text_of(*expression));
            }
            !is_in
        });
        if left.len() == before {
            return whole;
        }
    }
}

/// Whether an address stands in a text, and not as the beginning of a longer one.
fn mentions(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(start, _)| {
        let next = text[start + address.len()..].chars().next();
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_' || next == '-')
    })
}

/// A module with nothing but documents: each is a policy of somebody's.
fn unused_documents(
    evaluator: &Evaluator<'_>,
    module: &Module<'_>,
    account: &mut Account,
) -> Result<(), SourceError> {
    for resource in &module.resources {
        if resource.mode != Mode::Data
            || resource.kind != "aws_iam_policy_document"
            || policy_document::is_of_a_resource(resource)
        {
            continue;
        }
        let fail = |fault| located(resource, fault);
        for instance in evaluator.instances(resource).map_err(fail)?.iter() {
            let address = instance.address(resource);
            let context = Context::of(resource, instance);
            let json = policy_document::json(evaluator, resource, &context);
            let at = resource.file.location(resource.block);
            let given = account.document(&address, &Value::Text(json.map_err(fail)?), &at)?;
            account.manage(Vec::new(), &address, given);
        }
    }
    Ok(())
}
