//! What names stand for: variables, locals, resources and data, and what follows them.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};

use super::{
    evaluation::{Context, Evaluated, Evaluator},
    iam,
    instances::Instance,
    module::{Mode, Resource, attribute},
    operators, policy_document,
};
use crate::policy::sources::{
    Fault,
    value::{Symbol, Value},
};

impl Evaluator<'_> {
    pub(super) fn traversal(&self, traversal: &Traversal, context: &Context<'_>) -> Evaluated {
        let steps: Vec<&TraversalOperator> = traversal
            .operators
            .iter()
            .map(|step| step.value())
            .collect();
        let whole = context.symbol(traversal);
        let Expression::Variable(root) = &traversal.expr else {
            let value = self.value(&traversal.expr, context)?;
            return self.steps(value, &steps, &whole, context);
        };
        if let Some(value) = context.name(root.as_str()) {
            self.spend(value.size())?;
            return self.steps(value.clone(), &steps, &whole, context);
        }
        let unknown = || Ok(Value::Unknown(whole.clone()));
        match (root.as_str(), names(&steps).as_slice()) {
            ("var", [name, ..]) => {
                let value = self.variable(name)?;
                self.steps(value, &steps[1..], &whole, context)
            }
            ("local", [name, ..]) => {
                let value = self.local(name)?;
                self.steps(value, &steps[1..], &whole, context)
            }
            ("module" | "path" | "terraform" | "self" | "each" | "count", _) => unknown(),
            ("data", [kind, name, ..]) => {
                let address = format!("data.{kind}.{name}");
                self.resource_steps(&address, &steps[2..], &whole, context)
            }
            (kind, [name, ..]) => {
                let address = format!("{kind}.{name}");
                self.resource_steps(&address, &steps[1..], &whole, context)
            }
            _ => unknown(),
        }
    }

    fn variable(&self, name: &str) -> Evaluated {
        let Some(variable) = self.module.variables.get(name) else {
            return Ok(Value::unknown(&format!("var.{name}")));
        };
        let Some(default) = variable.default else {
            return Ok(Value::unknown(&format!("var.{name}")));
        };
        let at = variable.file.location(variable.block);
        self.defaults.borrow_mut().insert(name.to_owned(), at);
        self.once(format!("var.{name}"), || {
            self.value(default, &Context::top(variable.file))
        })
    }

    fn local(&self, name: &str) -> Evaluated {
        match self.module.locals.get(name) {
            Some((file, expression)) => self.once(format!("local.{name}"), || {
                self.value(expression, &Context::top(file))
            }),
            None => Ok(Value::unknown(&format!("local.{name}"))),
        }
    }

    /// The value of what has a name in the module, evaluated once.
    pub fn once(&self, name: String, evaluate: impl FnOnce() -> Evaluated) -> Evaluated {
        let known = self.known.borrow().get(&name).cloned();
        if let Some(value) = known {
            self.spend(value.size())?;
            return Ok(value);
        }
        if !self.busy.borrow_mut().insert(name.clone()) {
            return Err(Fault::Form(format!("{name} refers to itself")));
        }
        let value = evaluate()?;
        self.busy.borrow_mut().remove(&name);
        self.spend(value.size())?;
        self.known.borrow_mut().insert(name, value.clone());
        Ok(value)
    }

    /// What follows the address of a resource: an instance or all of them, then an attribute.
    fn resource_steps(
        &self,
        address: &str,
        steps: &[&TraversalOperator],
        whole: &Symbol,
        context: &Context<'_>,
    ) -> Evaluated {
        let unknown = || Ok(Value::Unknown(whole.clone()));
        let Some(resource) = self.module.resource(address) else {
            return unknown();
        };
        let instances = self.instances(resource)?;
        let (chosen, steps) = match steps {
            [TraversalOperator::Index(index), steps @ ..] => {
                (Some(self.value(index, context)?), steps)
            }
            [TraversalOperator::LegacyIndex(index), steps @ ..] => {
                (Some(Value::Number((*index.value()).into())), steps)
            }
            [
                TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_),
                TraversalOperator::GetAttr(name),
                steps @ ..,
            ] => {
                let mut values = Vec::new();
                for instance in instances.iter() {
                    if !instance.is_certain {
                        return unknown();
                    }
                    let value = self.attribute(resource, instance, name.as_str(), whole)?;
                    values.push(self.steps(value, steps, whole, context)?);
                }
                return Ok(Value::List(values));
            }
            steps => (None, steps),
        };
        let [TraversalOperator::GetAttr(name), steps @ ..] = steps else {
            return match (chosen, steps) {
                (None, []) => self.all_instances(resource, &instances, whole),
                _ => unknown(),
            };
        };
        let found = match &chosen {
            None => instances.iter().find(|instance| instance.key.is_none()),
            Some(key) => instances.iter().find(|instance| instance.has_key(key)),
        };
        let Some(instance) = found else {
            return unknown();
        };
        let value = self.attribute(resource, instance, name.as_str(), whole)?;
        self.steps(value, steps, whole, context)
    }

    /// A resource of IAM's as a whole, by instance, with what others take from it: its names.
    fn all_instances(
        &self,
        resource: &Resource<'_>,
        instances: &[Instance],
        whole: &Symbol,
    ) -> Evaluated {
        let is_known = resource.mode == Mode::Managed && resource.kind.starts_with("aws_iam_");
        if !is_known || instances.iter().any(|instance| !instance.is_certain) {
            return Ok(Value::Unknown(whole.clone()));
        }
        let (mut list, mut map) = (Vec::new(), BTreeMap::new());
        for instance in instances {
            let mut names = BTreeMap::new();
            for name in ["name", "id", "arn"] {
                let value = self.attribute(resource, instance, name, whole)?;
                names.insert(name.to_owned(), value);
            }
            match &instance.key {
                None => return Ok(Value::Map(names)),
                Some(Value::Text(key)) => {
                    map.insert(key.text.clone(), Value::Map(names));
                }
                Some(_) => list.push(Value::Map(names)),
            }
        }
        Ok(if list.is_empty() {
            Value::Map(map)
        } else {
            Value::List(list)
        })
    }

    fn attribute(
        &self,
        resource: &Resource<'_>,
        instance: &Instance,
        name: &str,
        whole: &Symbol,
    ) -> Evaluated {
        let address = instance.address(resource);
        let context = Context::of(resource, instance);
        let name = match (resource.mode, resource.kind.as_str(), name) {
            (Mode::Data, "aws_iam_policy_document", "json" | "minified_json") => {
                return self.once(format!("{address}.json"), || {
                    let text = policy_document::json(self, resource, &context)?;
                    Ok(Value::Text(text))
                });
            }
            (Mode::Managed, "aws_iam_policy", "arn" | "id") => {
                return Ok(Value::Unknown(iam::arn_symbol(&address)));
            }
            (Mode::Managed, "aws_iam_group" | "aws_iam_user" | "aws_iam_role", "name" | "id") => {
                match attribute(&resource.block.body, "name") {
                    None => return Ok(Value::text(address)),
                    Some(_) => "name",
                }
            }
            (_, _, name) => name,
        };
        match attribute(&resource.block.body, name) {
            Some(expression) => self.once(format!("{address}.{name}"), || {
                self.value(expression, &context)
            }),
            None => Ok(Value::Unknown(whole.clone())),
        }
    }

    /// Follows what stands after a value.
    fn steps(
        &self,
        mut value: Value,
        steps: &[&TraversalOperator],
        whole: &Symbol,
        context: &Context<'_>,
    ) -> Evaluated {
        for (position, step) in steps.iter().enumerate() {
            let next = match (step, value) {
                (TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_), value) => {
                    let values = match value {
                        Value::List(values) => values,
                        Value::Null => Vec::new(),
                        Value::Unknown(_) => return Ok(Value::Unknown(whole.clone())),
                        one => vec![one],
                    };
                    let rest = &steps[position + 1..];
                    let values = values
                        .into_iter()
                        .map(|value| self.steps(value, rest, whole, context));
                    return Ok(Value::List(values.collect::<Result<_, _>>()?));
                }
                (TraversalOperator::GetAttr(name), Value::Map(mut map)) => {
                    map.remove(name.as_str())
                }
                (TraversalOperator::Index(index), value) => {
                    let index = self.value(index, context)?;
                    operators::index(value, &index)
                }
                (TraversalOperator::LegacyIndex(index), value) => {
                    operators::index(value, &Value::Number((*index.value()).into()))
                }
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None => return Ok(Value::Unknown(whole.clone())),
            }
        }
        Ok(value)
    }
}

/// The names of the attributes at the beginning of some steps.
fn names<'s>(steps: &[&'s TraversalOperator]) -> Vec<&'s str> {
    let names = steps.iter().map_while(|step| match step {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}
