//! The values of expressions.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use hcl_edit::{
    Span,
    expr::{Expression, ForExpr, Object, ObjectKey},
};

use super::{
    File, functions,
    instances::Instance,
    module::{Module, Resource},
    operators, templates,
};
use crate::policy::{
    principal::Location,
    sources::{
        Fault,
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
    pub(super) known: RefCell<BTreeMap<String, Value>>,
    /// What is being evaluated, against circles.
    pub(super) busy: RefCell<BTreeSet<String>>,
    pub(super) known_instances: RefCell<BTreeMap<String, Rc<Vec<Instance>>>>,
    pub(super) defaults: RefCell<BTreeMap<String, Location>>,
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

    pub fn name(&self, name: &str) -> Option<&Value> {
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
