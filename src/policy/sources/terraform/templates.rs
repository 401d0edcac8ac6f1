//! Texts with `${…}` and `%{…}` in them.

use std::collections::BTreeMap;

use hcl_edit::template::{Directive, Element, Template};

use super::evaluation::{Context, Evaluated, Evaluator, entries};
use crate::policy::sources::{
    Fault,
    value::{Text, Value},
};

/// A quoted text. One with a single interpolation and nothing else is the value itself.
pub(super) fn value<'t>(
    evaluator: &Evaluator<'_>,
    elements: impl Iterator<Item = &'t Element>,
    context: &Context<'_>,
) -> Evaluated {
    let elements: Vec<&Element> = elements.collect();
    if let [Element::Interpolation(only)] = elements.as_slice() {
        return evaluator.value(&only.expr, context);
    }
    let mut whole = Text::default();
    for element in elements {
        push(evaluator, element, context, &mut whole)?;
    }
    Ok(Value::Text(whole))
}

/// A text from `<<` on.
pub(super) fn heredoc(
    evaluator: &Evaluator<'_>,
    template: &Template,
    context: &Context<'_>,
) -> Evaluated {
    let mut whole = Text::default();
    all(evaluator, template, context, &mut whole)?;
    Ok(Value::Text(whole))
}

fn all(
    evaluator: &Evaluator<'_>,
    template: &Template,
    context: &Context<'_>,
    whole: &mut Text,
) -> Result<(), Fault> {
    for element in template.iter() {
        push(evaluator, element, context, whole)?;
    }
    Ok(())
}

fn push(
    evaluator: &Evaluator<'_>,
    element: &Element,
    context: &Context<'_>,
    whole: &mut Text,
) -> Result<(), Fault> {
    match element {
        Element::Literal(text) => {
            evaluator.spend(1 + text.len() / 16)?;
            whole.text.push_str(text.as_str());
        }
        Element::Interpolation(interpolation) => {
            let value = evaluator.value(&interpolation.expr, context)?;
            let text = value.to_text();
            whole.push(&text.unwrap_or_else(|| context.symbol(&interpolation.expr).into()));
        }
        Element::Directive(directive) => match directive.as_ref() {
            Directive::If(choice) => {
                let condition = &choice.if_expr.cond_expr;
                match evaluator.value(condition, context)?.as_bool() {
                    Some(true) => all(evaluator, &choice.if_expr.template, context, whole)?,
                    Some(false) => {
                        if let Some(otherwise) = &choice.else_expr {
                            all(evaluator, &otherwise.template, context, whole)?;
                        }
                    }
                    None => whole.push(&context.symbol(condition).into()),
                }
            }
            Directive::For(repetition) => {
                let intro = &repetition.for_expr;
                let collection = evaluator.value(&intro.collection_expr, context)?;
                let Some(entries) = entries(&collection) else {
                    whole.push(&context.symbol(&intro.collection_expr).into());
                    return Ok(());
                };
                for (key, value) in entries {
                    let mut names = BTreeMap::new();
                    if let Some(name) = &intro.key_var {
                        names.insert(name.as_str().to_owned(), key);
                    }
                    names.insert(intro.value_var.as_str().to_owned(), value);
                    all(evaluator, &intro.template, &context.with(names), whole)?;
                }
            }
        },
    }
    Ok(())
}
