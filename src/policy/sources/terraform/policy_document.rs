//! `data "aws_iam_policy_document"`: its statements, and how documents are laid over each other.
//!
//! Source: the AWS provider's documentation of the data source. Sources come first and have to differ in their
//! Sids, the document's own statements replace theirs, and overrides replace both, each by Sid; a statement
//! without a Sid is added.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::{
    expr::Expression,
    structure::{Block, Body},
};

use super::{
    evaluation::{Context, Evaluator, entries},
    module::{Resource, attribute},
};
use crate::policy::sources::{
    Fault,
    value::{Symbol, Text, Value},
};

const VERSION: &str = "2012-10-17";

/// Whether it has a principal, and so is a trust policy or a resource's.
pub(super) fn is_of_a_resource(resource: &Resource<'_>) -> bool {
    let mut bodies = vec![&resource.block.body];
    while let Some(body) = bodies.pop() {
        for block in body.blocks() {
            let label = block.labels.first().map(|label| label.as_str());
            let name = match block.ident.as_str() {
                "dynamic" => label.unwrap_or("dynamic"),
                name => name,
            };
            if name == "principals" || name == "not_principals" {
                return true;
            }
            bodies.push(&block.body);
        }
    }
    false
}

/// The JSON of the document.
///
/// # Errors
/// As [`Evaluator::value`], and [`Fault::Form`] for what the provider refuses.
pub(super) fn json(
    evaluator: &Evaluator<'_>,
    resource: &Resource<'_>,
    context: &Context<'_>,
) -> Result<Text, Fault> {
    let body = &resource.block.body;
    let reader = Reader {
        evaluator,
        address: resource.address(),
    };
    let mut merged = Layers::default();
    for source in reader.documents(body, "source_json", context)? {
        merged.lay(source);
    }
    let mut sids = BTreeSet::new();
    for source in reader.documents(body, "source_policy_documents", context)? {
        reader.unique_sids(&source, &mut sids, "source_policy_documents")?;
        merged.lay(source);
    }
    let version = match attribute(body, "version") {
        Some(version) => evaluator.value(version, context)?,
        None => Value::text(VERSION),
    };
    let own = Layer {
        version,
        statements: reader.blocks(body, "statement", context, &mut |body, context| {
            reader.statement(body, context)
        })?,
    };
    reader.unique_sids(&own, &mut BTreeSet::new(), "its statements")?;
    merged.lay(own);
    for attribute in ["override_policy_documents", "override_json"] {
        for source in reader.documents(body, attribute, context)? {
            merged.lay(source);
        }
    }
    let document = BTreeMap::from([
        ("Version".to_owned(), merged.version()),
        ("Statement".to_owned(), Value::List(merged.statements)),
    ]);
    Ok(Value::Map(document).to_json_text())
}

/// A document to be laid over others.
struct Layer {
    version: Value,
    statements: Vec<Value>,
}

/// Documents laid over each other.
#[derive(Default)]
struct Layers {
    versions: Vec<Value>,
    statements: Vec<Value>,
    by_sid: BTreeMap<String, usize>,
}

impl Layers {
    fn lay(&mut self, layer: Layer) {
        if !layer.version.is_null() {
            self.versions.push(layer.version);
        }
        for statement in layer.statements {
            match sid(&statement) {
                Sid::None => self.statements.push(statement),
                Sid::Known(sid) => match self.by_sid.get(&sid) {
                    Some(&index) => self.statements[index] = statement,
                    None => {
                        self.by_sid.insert(sid, self.statements.len());
                        self.statements.push(statement);
                    }
                },
                Sid::Unknown(symbol) => {
                    // It may replace any that has a Sid.
                    for &index in self.by_sid.values() {
                        self.statements[index] = Value::Unknown(symbol.clone());
                    }
                    self.statements.push(statement);
                }
            }
        }
    }

    /// The newest of all, as the provider has it.
    fn version(&self) -> Value {
        if let Some(unknown) = self
            .versions
            .iter()
            .find(|version| version.symbol().is_some())
        {
            return unknown.clone();
        }
        let texts = self.versions.iter().filter_map(Value::to_text);
        texts
            .max_by(|left, right| left.text.cmp(&right.text))
            .map_or(Value::text(VERSION), Value::Text)
    }
}

enum Sid {
    None,
    Known(String),
    Unknown(Symbol),
}

fn sid(statement: &Value) -> Sid {
    match statement {
        Value::Unknown(symbol) => Sid::Unknown(symbol.clone()),
        statement => match statement.get("Sid").and_then(Value::to_text) {
            None => Sid::None,
            Some(text) => match text.symbols.first() {
                Some(symbol) => Sid::Unknown(symbol.clone()),
                None if text.text.is_empty() => Sid::None,
                None => Sid::Known(text.text),
            },
        },
    }
}

struct Reader<'e, 'm> {
    evaluator: &'e Evaluator<'m>,
    address: String,
}

/// What reads a block's body.
type ReadBlock<'r> = &'r mut dyn FnMut(&Body, &Context<'_>) -> Result<Value, Fault>;

impl Reader<'_, '_> {
    /// The documents that an attribute names, one or a list of them.
    fn documents(
        &self,
        body: &Body,
        name: &str,
        context: &Context<'_>,
    ) -> Result<Vec<Layer>, Fault> {
        let Some(expression) = attribute(body, name) else {
            return Ok(Vec::new());
        };
        let values = match self.evaluator.value(expression, context)? {
            Value::List(values) => values,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let mut layers = Vec::new();
        for value in values {
            match value {
                Value::Text(text) if text.text.trim().is_empty() => {}
                Value::Text(text) => layers.push(self.document(&text, name)?),
                Value::Null => {}
                other => layers.push(Layer {
                    version: Value::Null,
                    statements: vec![self.unknown(&other, name)],
                }),
            }
        }
        Ok(layers)
    }

    fn document(&self, text: &Text, name: &str) -> Result<Layer, Fault> {
        let json = match serde_json::from_str(&text.text) {
            Ok(json) => json,
            Err(error) => match text.symbols.first() {
                Some(symbol) => {
                    return Ok(Layer {
                        version: Value::Null,
                        statements: vec![Value::Unknown(symbol.clone())],
                    });
                }
                None => {
                    let what = format!("{}: {name}: it is no JSON: {error}", self.address);
                    return Err(Fault::Form(what));
                }
            },
        };
        let document = Value::from_json(&json, &text.symbols.iter().cloned().collect());
        self.evaluator.spend(document.size())?;
        if let Value::Unknown(_) = document {
            return Ok(Layer {
                version: Value::Null,
                statements: vec![document],
            });
        }
        Ok(Layer {
            version: document.get("Version").cloned().unwrap_or(Value::Null),
            statements: match document.get("Statement") {
                Some(Value::List(statements)) => statements.clone(),
                Some(one) => vec![one.clone()],
                None => Vec::new(),
            },
        })
    }

    fn unknown(&self, value: &Value, name: &str) -> Value {
        match value.symbol() {
            Some(symbol) => Value::Unknown(symbol.clone()),
            None => Value::unknown(&format!("{name} of {}", self.address)),
        }
    }

    fn unique_sids(
        &self,
        layer: &Layer,
        seen: &mut BTreeSet<String>,
        place: &str,
    ) -> Result<(), Fault> {
        for statement in &layer.statements {
            if let Sid::Known(sid) = sid(statement) {
                if !seen.insert(sid.clone()) {
                    let what = format!("{}: two of {place} have the Sid '{sid}'", self.address);
                    return Err(Fault::Form(what));
                }
            }
        }
        Ok(())
    }

    /// The values of the blocks of a name, those that a `dynamic` block makes too.
    fn blocks(
        &self,
        body: &Body,
        name: &str,
        context: &Context<'_>,
        read: ReadBlock<'_>,
    ) -> Result<Vec<Value>, Fault> {
        let mut values = Vec::new();
        for block in body.blocks() {
            if block.ident.as_str() == name {
                values.push(read(&block.body, context)?);
            } else if is_dynamic(block, name) {
                self.dynamic(block, name, context, read, &mut values)?;
            }
        }
        Ok(values)
    }

    fn dynamic(
        &self,
        block: &Block,
        name: &str,
        context: &Context<'_>,
        read: ReadBlock<'_>,
        values: &mut Vec<Value>,
    ) -> Result<(), Fault> {
        let content = block.body.get_blocks("content").next();
        let (Some(each), Some(content)) = (attribute(&block.body, "for_each"), content) else {
            let what = format!(
                "{}: dynamic {name} without for_each or content",
                self.address
            );
            return Err(Fault::Form(what));
        };
        let collection = self.evaluator.value(each, context)?;
        let Some(entries) = entries(&collection) else {
            if !collection.is_null() {
                values.push(context.unknown(each));
            }
            return Ok(());
        };
        let iterator = match attribute(&block.body, "iterator") {
            Some(Expression::Variable(iterator)) => iterator.as_str(),
            _ => name,
        };
        for (key, value) in entries {
            if let Value::Unknown(_) = value {
                // Nobody knows how many it stands for.
                values.push(value);
                continue;
            }
            // Of a set, the key is the value; of a list nobody asks for it.
            let entry = BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]);
            let names = BTreeMap::from([(iterator.to_owned(), Value::Map(entry))]);
            values.push(read(&content.body, &context.with(names))?);
        }
        Ok(())
    }

    fn statement(&self, body: &Body, context: &Context<'_>) -> Result<Value, Fault> {
        self.evaluator.spend(1)?;
        let mut statement = BTreeMap::new();
        if let Some(sid) = attribute(body, "sid") {
            let sid = self.evaluator.value(sid, context)?;
            if !sid.is_null() && sid != Value::text("") {
                statement.insert("Sid".to_owned(), sid);
            }
        }
        let effect = match attribute(body, "effect") {
            Some(effect) => self.evaluator.value(effect, context)?,
            None => Value::Null,
        };
        let effect = if effect.is_null() {
            Value::text("Allow")
        } else {
            effect
        };
        statement.insert("Effect".to_owned(), effect);
        for (name, element) in [
            ("actions", "Action"),
            ("not_actions", "NotAction"),
            ("resources", "Resource"),
            ("not_resources", "NotResource"),
        ] {
            let Some(expression) = attribute(body, name) else {
                continue;
            };
            let value = self.evaluator.value(expression, context)?;
            let value = if name.ends_with("resources") {
                with_variables(value)
            } else {
                value
            };
            if !value.is_null() && value != Value::List(Vec::new()) {
                statement.insert(element.to_owned(), value);
            }
        }
        if body.has_blocks("principals") || body.has_blocks("not_principals") {
            statement.insert("Principal".to_owned(), Value::text("*"));
        }
        let conditions = self.blocks(body, "condition", context, &mut |body, context| {
            self.condition(body, context)
        })?;
        match together(conditions) {
            Ok(operators) if operators.is_empty() => {}
            Ok(operators) => {
                statement.insert("Condition".to_owned(), Value::Map(operators));
            }
            Err(symbol) => return Ok(Value::Unknown(symbol)),
        }
        Ok(Value::Map(statement))
    }

    /// A condition as a list of its operator, its key and its values.
    fn condition(&self, body: &Body, context: &Context<'_>) -> Result<Value, Fault> {
        let mut parts = Vec::new();
        for name in ["test", "variable", "values"] {
            let Some(expression) = attribute(body, name) else {
                let what = format!("{}: a condition without {name}", self.address);
                return Err(Fault::Form(what));
            };
            parts.push(self.evaluator.value(expression, context)?);
        }
        let values = parts.pop().map(with_variables);
        parts.extend(values);
        Ok(Value::List(parts))
    }
}

fn is_dynamic(block: &Block, name: &str) -> bool {
    block.ident.as_str() == "dynamic"
        && block
            .labels
            .first()
            .is_some_and(|label| label.as_str() == name)
}

/// Puts conditions together by operator and key, or tells what it is that nobody knows.
fn together(conditions: Vec<Value>) -> Result<BTreeMap<String, Value>, Symbol> {
    let mut operators: BTreeMap<String, Value> = BTreeMap::new();
    for condition in conditions {
        let unknown = |value: &Value| match value.symbol() {
            Some(symbol) => symbol.clone(),
            None => Symbol::new("condition"),
        };
        let Value::List(parts) = condition else {
            return Err(unknown(&condition));
        };
        let [test, variable, values] = parts.as_slice() else {
            return Err(Symbol::new("condition"));
        };
        let name = |value: &Value| {
            let text = value.to_text();
            let text = text.as_ref().and_then(Text::as_known).map(str::to_owned);
            text.ok_or_else(|| unknown(value))
        };
        let (test, variable) = (name(test)?, name(variable)?);
        let keys = operators
            .entry(test)
            .or_insert_with(|| Value::Map(BTreeMap::new()));
        let Value::Map(keys) = keys else {
            continue;
        };
        let all = keys
            .entry(variable)
            .or_insert_with(|| Value::List(Vec::new()));
        let values = match values {
            Value::List(values) => values.clone(),
            one => vec![one.clone()],
        };
        if let Value::List(all) = all {
            all.extend(values);
        }
    }
    Ok(operators)
}

/// `&{…}` is how the data source writes a policy variable.
fn with_variables(value: Value) -> Value {
    match value {
        Value::Text(mut text) => {
            text.text = text.text.replace("&{", "${");
            Value::Text(text)
        }
        Value::List(values) => Value::List(values.into_iter().map(with_variables).collect()),
        other => other,
    }
}
