//! How many there are of a resource, by `count` and `for_each`.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    evaluation::{Context, Evaluator},
    iam::{Record, attributes_of},
    module::{Mode, Resource, attribute},
};
use crate::policy::sources::{
    Fault,
    value::{Symbol, Value},
};

/// The most instances of one resource that are told apart.
const MOST: usize = 10_000;

/// One of a resource.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// What it is chosen by; none for a resource that there is one of.
    pub key: Option<Value>,
    /// `each` or `count`.
    pub names: BTreeMap<String, Value>,
    /// Whether it is known to be there.
    pub is_certain: bool,
}

impl Instance {
    fn single(is_certain: bool) -> Self {
        Self {
            key: None,
            names: BTreeMap::new(),
            is_certain,
        }
    }

    fn counted(index: usize) -> Self {
        let index = Value::Number(index.into());
        Self {
            key: Some(index.clone()),
            names: named("count", [("index", index)]),
            is_certain: true,
        }
    }

    fn of_each(key: Value, value: Value) -> Self {
        Self {
            key: Some(key.clone()),
            names: named("each", [("key", key), ("value", value)]),
            is_certain: true,
        }
    }

    /// The address of this instance of the resource.
    pub fn address(&self, resource: &Resource<'_>) -> String {
        let address = resource.address();
        match &self.key {
            None => address,
            Some(Value::Number(index)) => format!("{address}[{index}]"),
            Some(key) => {
                let key = key.to_text().unwrap_or_default();
                format!("{address}[\"{}\"]", key.text)
            }
        }
    }

    /// Whether this is the instance with the key, be it written as a number or as a text.
    pub fn has_key(&self, key: &Value) -> bool {
        let own = self.key.as_ref().and_then(Value::to_text);
        own.is_some() && own == key.to_text()
    }
}

/// A name for a map.
fn named<const N: usize>(name: &str, entries: [(&str, Value); N]) -> BTreeMap<String, Value> {
    let map = entries.map(|(key, value)| (key.to_owned(), value));
    BTreeMap::from([(name.to_owned(), Value::Map(map.into()))])
}

impl Evaluator<'_> {
    /// The instances of a resource. Where their number is not known there is one, which is not certain.
    ///
    /// # Errors
    /// As [`Evaluator::value`].
    pub fn instances(&self, resource: &Resource<'_>) -> Result<Rc<Vec<Instance>>, Fault> {
        let address = resource.address();
        let known = self.known_instances.borrow().get(&address).cloned();
        if let Some(instances) = known {
            self.spend(1 + instances.len() / 16)?;
            return Ok(instances);
        }
        let instances = Rc::new(self.instances_anew(resource)?);
        let mut known = self.known_instances.borrow_mut();
        known.insert(address, Rc::clone(&instances));
        Ok(instances)
    }

    fn instances_anew(&self, resource: &Resource<'_>) -> Result<Vec<Instance>, Fault> {
        let body = &resource.block.body;
        let context = Context::top(resource.file);
        let address = resource.address();
        if let Some(count) = attribute(body, "count") {
            let count = self.once(format!("{address}.count"), || self.value(count, &context))?;
            return match count.as_index().filter(|count| *count <= MOST) {
                Some(count) => {
                    self.spend(count)?;
                    Ok((0..count).map(Instance::counted).collect())
                }
                None => Ok(vec![Instance::single(false)]),
            };
        }
        if let Some(each) = attribute(body, "for_each") {
            let each = self.once(format!("{address}.for_each"), || self.value(each, &context))?;
            return Ok(match each {
                Value::List(values) if values.iter().all(|value| value.symbol().is_none()) => {
                    values
                        .into_iter()
                        .map(|value| Instance::of_each(value.clone(), value))
                        .collect()
                }
                Value::Map(map) => map
                    .into_iter()
                    .map(|(key, value)| Instance::of_each(Value::text(key), value))
                    .collect(),
                _ => vec![Instance::single(false)],
            });
        }
        Ok(vec![Instance::single(true)])
    }

    /// The attributes of an instance that matter to IAM.
    ///
    /// # Errors
    /// As [`Evaluator::value`].
    pub fn record(&self, resource: &Resource<'_>, instance: &Instance) -> Result<Record, Fault> {
        let body = &resource.block.body;
        let context = Context::of(resource, instance);
        let address = instance.address(resource);
        let mut attributes = BTreeMap::new();
        for name in attributes_of(&resource.kind) {
            if let Some(expression) = attribute(body, name) {
                let value = self.once(format!("{address}.{name}"), || {
                    self.value(expression, &context)
                })?;
                attributes.insert((*name).to_owned(), value);
            }
        }
        if resource.mode == Mode::Managed && resource.kind == "aws_iam_role" {
            attributes.insert(
                "inline_policy".into(),
                self.inline_policies(resource, &context)?,
            );
        }
        Ok(Record {
            kind: resource.kind.clone(),
            address,
            at: resource.file.location(resource.block),
            is_certain: instance.is_certain,
            attributes,
        })
    }

    fn inline_policies(
        &self,
        resource: &Resource<'_>,
        context: &Context<'_>,
    ) -> Result<Value, Fault> {
        let body = &resource.block.body;
        let is_dynamic = body.get_blocks("dynamic").any(|block| {
            block
                .labels
                .first()
                .is_some_and(|label| label.as_str() == "inline_policy")
        });
        if is_dynamic {
            let what = format!("dynamic inline_policy of {}", resource.address());
            return Ok(Value::Unknown(Symbol::new(&what)));
        }
        let mut policies = Vec::new();
        for block in body.get_blocks("inline_policy") {
            let mut policy = BTreeMap::new();
            for name in ["name", "policy"] {
                if let Some(expression) = attribute(&block.body, name) {
                    policy.insert(name.to_owned(), self.value(expression, context)?);
                }
            }
            policies.push(Value::Map(policy));
        }
        Ok(Value::List(policies))
    }
}
