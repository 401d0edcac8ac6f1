//! The values of expressions.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use hcl_edit::{
    Ident, Span,
    expr::{Expression, ForExpr, Object, ObjectKey, Traversal, TraversalOperator},
};

use super::{
    File, functions,
    instances::Instance,
    module::{Mode, Module, Resource, attribute},
    operators, policy_document, templates,
};
use crate::policy::{
    principal::Location,
    sources::{
        Fault,
        terraform::iam,
        value::{Budget, Symbol, Text, Value},
    },
};

/// How deeply expressions may be nested, those that they refer to included.
const DEEPEST: usize = 150;

pub(super) type Evaluated = Result<Value, Fault>;

/// A module, and what is known of it by now.
pub(super) struct Evaluator<'m> {
    pub module: &'m Module<'m>,
    budget: Budget,
    depth: Cell<usize>,
    known: RefCell<BTreeMap<String, Value>>,
    /// What is being evaluated, against circles.
    busy: RefCell<BTreeSet<String>>,
    pub(super) known_instances: RefCell<BTreeMap<String, Rc<Vec<Instance>>>>,
    defaults: RefCell<BTreeMap<String, Location>>,
}

/// Where an expression stands.
pub(super) struct Context<'c> {
    pub file: &'c File<'c>,
    /// Names that are known here and nowhere else: `each`, `count`, those of `for`.
    names: BTreeMap<String, Value>,
    outer: Option<&'c Context<'c>>,
}

impl<'c> Context<'c> {
    pub fn top(file: &'c File<'c>) -> Self {
        Self {
            file,
            names: BTreeMap::new(),
            outer: None,
        }
    }

    /// Within an instance of a resource.
    pub fn of(resource: &Resource<'c>, instance: &Instance) -> Self {
        Self {
            names: instance.names.clone(),
            ..Self::top(resource.file)
        }
    }

    pub fn with(&'c self, names: BTreeMap<String, Value>) -> Self {
        Self {
            file: self.file,
            names,
            outer: Some(self),
        }
    }

    fn name(&self, name: &str) -> Option<&Value> {
        let own = self.names.get(name);
        own.or_else(|| self.outer.and_then(|outer| outer.name(name)))
    }

    /// What stands for a part of the file that is not known.
    pub fn symbol(&self, part: &impl Span) -> Symbol {
        Symbol::new(self.file.text_of(part))
    }

    pub fn unknown(&self, part: &impl Span) -> Value {
        Value::Unknown(self.symbol(part))
    }
}

impl<'m> Evaluator<'m> {
    pub fn new(module: &'m Module<'m>) -> Self {
        Self {
            module,
            budget: Budget::new(),
            depth: Cell::new(0),
            known: RefCell::default(),
            busy: RefCell::default(),
            known_instances: RefCell::default(),
            defaults: RefCell::default(),
        }
    }

    /// The variables that were needed and have a default, with where they stand.
    pub fn defaults_used(&self) -> BTreeMap<String, Location> {
        self.defaults.borrow().clone()
    }

    pub fn spend(&self, amount: usize) -> Result<(), Fault> {
        self.budget.spend(amount)
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// [`Fault::TooDeep`], [`Fault::TooMuch`], and [`Fault::Form`] for a circle.
    pub fn value(&self, expression: &Expression, context: &Context<'_>) -> Evaluated {
        self.budget.spend(1)?;
        if self.depth.get() >= DEEPEST {
            return Err(Fault::TooDeep(DEEPEST));
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.value_here(expression, context);
        self.depth.set(self.depth.get() - 1);
        let value = value?;
        if let Value::Text(text) = &value {
            self.budget.spend(text.text.len() / 16)?;
        }
        Ok(value)
    }

    fn value_here(&self, expression: &Expression, context: &Context<'_>) -> Evaluated {
        match expression {
            Expression::Null(_) => Ok(Value::Null),
            Expression::Bool(bool) => Ok(Value::Bool(*bool.value())),
            Expression::Number(number) => Ok(operators::number(number.value())),
            Expression::String(text) => Ok(Value::text(text.as_str())),
            Expression::Array(array) => {
                let values = array.iter().map(|item| self.value(item, context));
                Ok(Value::List(values.collect::<Result<_, _>>()?))
            }
            Expression::Object(object) => self.object(object, context),
            Expression::StringTemplate(template) => {
                templates::value(self, template.iter(), context)
            }
            Expression::HeredocTemplate(heredoc) => {
                templates::heredoc(self, &heredoc.template, context)
            }
            Expression::Parenthesis(inner) => self.value(inner.inner(), context),
            Expression::Variable(name) => Ok(match context.name(name.as_str()) {
                Some(value) => {
                    self.budget.spend(value.size())?;
                    value.clone()
                }
                None => context.unknown(expression),
            }),
            Expression::Conditional(conditional) => {
                let yes = &conditional.true_expr;
                let no = &conditional.false_expr;
                match self.value(&conditional.cond_expr, context)?.as_bool() {
                    Some(true) => self.value(yes, context),
                    Some(false) => self.value(no, context),
                    None => {
                        let (yes, no) = (self.value(yes, context)?, self.value(no, context)?);
                        Ok(if yes == no {
                            yes
                        } else {
                            context.unknown(expression)
                        })
                    }
                }
            }
            Expression::FuncCall(call) => functions::call(self, call, context),
            Expression::Traversal(traversal) => self.traversal(traversal, context),
            Expression::UnaryOp(operation) => {
                let value = self.value(&operation.expr, context)?;
                let known = operators::unary(*operation.operator.value(), &value);
                Ok(known.unwrap_or_else(|| context.unknown(expression)))
            }
            Expression::BinaryOp(operation) => {
                let left = self.value(&operation.lhs_expr, context)?;
                let right = self.value(&operation.rhs_expr, context)?;
                let known = operators::binary(*operation.operator.value(), &left, &right);
                Ok(known.unwrap_or_else(|| context.unknown(expression)))
            }
            Expression::ForExpr(for_expression) => self.for_expression(for_expression, context),
        }
    }

    fn object(&self, object: &Object, context: &Context<'_>) -> Evaluated {
        let mut map = BTreeMap::new();
        for (key, value) in object.iter() {
            let key = match key {
                ObjectKey::Ident(name) => name.as_str().to_owned(),
                // A bare name is a text here, as are those that the parser takes for variables.
                ObjectKey::Expression(Expression::Variable(name)) => name.as_str().to_owned(),
                ObjectKey::Expression(key) => match self.value(key, context)?.to_text() {
                    Some(text) if text.symbols.is_empty() => text.text,
                    // Which key it is matters as much as its value.
                    _ => return Ok(context.unknown(key)),
                },
            };
            map.insert(key, self.value(value.expr(), context)?);
        }
        Ok(Value::Map(map))
    }

    fn for_expression(&self, expression: &ForExpr, context: &Context<'_>) -> Evaluated {
        let intro = &expression.intro;
        let collection = self.value(&intro.collection_expr, context)?;
        let Some(entries) = entries(&collection) else {
            return Ok(context.unknown(expression));
        };
        let (mut list, mut map) = (Vec::new(), BTreeMap::<String, Value>::new());
        for (key, value) in entries {
            let mut names = BTreeMap::new();
            if let Some(name) = &intro.key_var {
                names.insert(name.as_str().to_owned(), key);
            }
            names.insert(intro.value_var.as_str().to_owned(), value);
            let inner = context.with(names);
            if let Some(condition) = &expression.cond {
                match self.value(&condition.expr, &inner)?.as_bool() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => return Ok(context.unknown(expression)),
                }
            }
            let value = self.value(&expression.value_expr, &inner)?;
            let Some(key) = &expression.key_expr else {
                list.push(value);
                continue;
            };
            let key = self.value(key, &inner)?.to_text();
            let Some(key) = key.as_ref().and_then(Text::as_known) else {
                return Ok(context.unknown(expression));
            };
            match map.get_mut(key) {
                Some(Value::List(values)) if expression.grouping => values.push(value),
                _ if expression.grouping => {
                    map.insert(key.to_owned(), Value::List(vec![value]));
                }
                _ => {
                    map.insert(key.to_owned(), value);
                }
            }
        }
        Ok(match expression.key_expr {
            Some(_) => Value::Map(map),
            None => Value::List(list),
        })
    }

    fn traversal(&self, traversal: &Traversal, context: &Context<'_>) -> Evaluated {
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
            self.budget.spend(value.size())?;
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
            self.budget.spend(value.size())?;
            return Ok(value);
        }
        if !self.busy.borrow_mut().insert(name.clone()) {
            return Err(Fault::Form(format!("{name} refers to itself")));
        }
        let value = evaluate()?;
        self.busy.borrow_mut().remove(&name);
        self.budget.spend(value.size())?;
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
                    let value = self.attribute(resource, instance, name.value(), whole)?;
                    values.push(self.steps(value, steps, whole, context)?);
                }
                return Ok(Value::List(values));
            }
            steps => (None, steps),
        };
        let [TraversalOperator::GetAttr(name), steps @ ..] = steps else {
            return unknown();
        };
        let found = match &chosen {
            None => instances.iter().find(|instance| instance.key.is_none()),
            Some(key) => instances.iter().find(|instance| instance.has_key(key)),
        };
        let Some(instance) = found else {
            return unknown();
        };
        let value = self.attribute(resource, instance, name.value(), whole)?;
        self.steps(value, steps, whole, context)
    }

    fn attribute(
        &self,
        resource: &Resource<'_>,
        instance: &Instance,
        name: &Ident,
        whole: &Symbol,
    ) -> Evaluated {
        let address = instance.address(resource);
        let name = name.as_str();
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

/// The entries of a list or a map, if it is one.
pub(super) fn entries(collection: &Value) -> Option<Vec<(Value, Value)>> {
    match collection {
        Value::List(values) => Some(
            values
                .iter()
                .enumerate()
                .map(|(index, value)| (Value::Number(index.into()), value.clone()))
                .collect(),
        ),
        Value::Map(map) => Some(
            map.iter()
                .map(|(key, value)| (Value::text(key), value.clone()))
                .collect(),
        ),
        _ => None,
    }
}
