//! What a template's functions stand for, as far as the template tells.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use crate::policy::sources::{
    Fault,
    value::{Budget, Symbol, Text, Value},
    yaml::{Content, Node},
};

/// How deeply functions, and conditions that refer to others, may be nested in all.
const DEEPEST: usize = 128;

/// A template, and what was asked of it.
pub(super) struct Template<'t> {
    root: &'t Node,
    resources: BTreeMap<&'t str, &'t Node>,
    budget: Budget,
    depth: Cell<usize>,
    defaults: RefCell<BTreeSet<String>>,
}

type Resolved = Result<Value, Fault>;

impl<'t> Template<'t> {
    pub fn new(root: &'t Node) -> Self {
        let resources = root.get("Resources").map_or(&[][..], Node::entries);
        Self {
            root,
            resources: resources
                .iter()
                .map(|(id, _, node)| (id.as_str(), node))
                .collect(),
            budget: Budget::new(),
            depth: Cell::new(0),
            defaults: RefCell::default(),
        }
    }

    /// The template as it was written.
    pub fn root(&self) -> &'t Node {
        self.root
    }

    /// Whether there is a resource of this logical ID.
    pub fn has(&self, id: &str) -> bool {
        self.resources.contains_key(id)
    }

    /// The parameters that were needed, and that have a default.
    pub fn defaults_used(&self) -> Vec<String> {
        self.defaults.borrow().iter().cloned().collect()
    }

    /// What a user, group or role is called: by its name, or by a symbol where AWS makes one up.
    pub fn name_of(&self, id: &str) -> Result<Text, Fault> {
        let properties = self.resource(id).and_then(|node| node.get("Properties"));
        for property in ["GroupName", "UserName", "RoleName"] {
            if let Some(node) = properties.and_then(|node| node.get(property))
                && let Some(text) = self.resolve(node)?.to_text()
            {
                return Ok(text);
            }
        }
        Ok(Symbol::new(id).into())
    }

    /// The value of a node.
    ///
    /// # Errors
    /// [`Fault::TooMuch`], [`Fault::TooDeep`].
    pub fn resolve(&self, node: &Node) -> Resolved {
        self.nested(|| self.value_of(node))
    }

    fn value_of(&self, node: &Node) -> Resolved {
        self.budget.spend(1)?;
        if let Some(tag) = &node.tag {
            return self.function(tag, node);
        }
        let value = match &node.content {
            Content::Scalar(value) => {
                self.budget.spend(value.size())?;
                value.clone()
            }
            Content::Sequence(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    let value = self.resolve(item)?;
                    if !is_no_value(&value) {
                        values.push(value);
                    }
                }
                Value::List(values)
            }
            Content::Mapping(entries) => {
                if let [(name, _, argument)] = entries.as_slice() {
                    let function = name.strip_prefix("Fn::");
                    if let Some(function) = function.or((name == "Ref").then_some("Ref")) {
                        return self.function(function, argument);
                    }
                }
                let mut map = BTreeMap::new();
                for (key, _, node) in entries {
                    let value = self.resolve(node)?;
                    if !is_no_value(&value) {
                        map.insert(key.clone(), value);
                    }
                }
                Value::Map(map)
            }
        };
        Ok(value)
    }

    /// Whether one of the template's conditions holds.
    ///
    /// # Errors
    /// [`Fault::TooMuch`], [`Fault::TooDeep`].
    pub fn condition(&self, name: &str) -> Resolved {
        match self.root.get("Conditions").and_then(|node| node.get(name)) {
            Some(node) => self.nested(|| self.holds(node)),
            None => Ok(Value::unknown(name)),
        }
    }

    fn holds(&self, node: &Node) -> Resolved {
        match &node.tag {
            Some(tag) if tag == "Condition" => match scalar_text(node) {
                Some(name) => self.condition(&name),
                None => Ok(Value::unknown("Condition")),
            },
            Some(_) => self.resolve(node),
            None => match node.entries() {
                [(name, _, argument)] if name == "Condition" => match argument.as_text() {
                    Some(name) => self.condition(name),
                    None => Ok(Value::unknown("Condition")),
                },
                _ => self.resolve(node),
            },
        }
    }

    fn nested(&self, resolve: impl FnOnce() -> Resolved) -> Resolved {
        if self.depth.get() >= DEEPEST {
            return Err(Fault::TooDeep(DEEPEST));
        }
        self.depth.set(self.depth.get() + 1);
        let value = resolve();
        self.depth.set(self.depth.get() - 1);
        value
    }

    /// The value of a function; its own tag on `argument` has been seen.
    fn function(&self, name: &str, argument: &Node) -> Resolved {
        let items = argument.items();
        match (name, items) {
            ("Ref", _) => match scalar_text(argument) {
                Some(name) => self.reference(&name),
                None => Ok(Value::unknown("Ref")),
            },
            ("GetAtt", []) => match scalar_text(argument) {
                Some(path) => Ok(self.attribute(&path)),
                None => Ok(Value::unknown("GetAtt")),
            },
            ("GetAtt", items) => {
                let path: Vec<String> = items.iter().filter_map(scalar_text).collect();
                Ok(self.attribute(&path.join(".")))
            }
            ("Sub", []) => match scalar_text(argument) {
                Some(text) => self.substitute(&text, &Value::Null),
                None => Ok(Value::unknown("Fn::Sub")),
            },
            ("Sub", [text, variables]) => match scalar_text(text) {
                Some(text) => self.substitute(&text, &self.resolve(variables)?),
                None => Ok(Value::unknown("Fn::Sub")),
            },
            ("Join", [delimiter, list]) => self.join(delimiter, list),
            ("Split", [delimiter, text]) => self.split(delimiter, text),
            ("Select", [index, list]) => {
                let (index, list) = (self.resolve(index)?, self.resolve(list)?);
                Ok(match (index.as_index(), list) {
                    (Some(index), Value::List(mut list)) if index < list.len() => {
                        list.swap_remove(index)
                    }
                    _ => Value::unknown("Fn::Select"),
                })
            }
            ("If", [condition, yes, no]) => self.choose(condition, yes, no),
            ("FindInMap", [map, first, second]) => self.find_in_map([map, first, second]),
            ("ToJsonString", _) => {
                let untagged = Node {
                    tag: None,
                    ..argument.clone()
                };
                Ok(Value::Text(self.resolve(&untagged)?.to_json_text()))
            }
            ("Equals", [left, right]) => {
                let (left, right) = (self.resolve(left)?, self.resolve(right)?);
                Ok(match left.symbol().or(right.symbol()) {
                    Some(symbol) => Value::Unknown(symbol.clone()),
                    None => Value::Bool(left.to_text() == right.to_text()),
                })
            }
            ("Not", [one]) => Ok(match self.holds(one)? {
                Value::Bool(bool) => Value::Bool(!bool),
                other => other,
            }),
            ("And", items) => self.all(items, true),
            ("Or", items) => self.all(items, false),
            (name, _) => Ok(match scalar_text(argument) {
                Some(text) => Value::unknown(&format!("Fn::{name} {text}")),
                None => Value::unknown(&format!("Fn::{name}")),
            }),
        }
    }

    fn reference(&self, name: &str) -> Resolved {
        if let Some(parameter) = self.root.get("Parameters").and_then(|node| node.get(name)) {
            let Some(default) = parameter.get("Default") else {
                return Ok(Value::unknown(name));
            };
            self.defaults.borrow_mut().insert(name.to_owned());
            let kind = parameter.get("Type").and_then(Node::as_text).unwrap_or("");
            let text = scalar_text(default).unwrap_or_default();
            self.budget.spend(text.len() / 16)?;
            // What comes from the store of parameters is known to AWS alone.
            if kind.starts_with("AWS::SSM::") {
                return Ok(Value::unknown(name));
            }
            if kind == "CommaDelimitedList" || kind.starts_with("List<") {
                let items = text.split(',').map(|item| Value::text(item.trim()));
                return Ok(Value::List(items.collect()));
            }
            return Ok(Value::text(text));
        }
        match self
            .resource(name)
            .and_then(|node| node.get("Type")?.as_text())
        {
            Some("AWS::IAM::Group" | "AWS::IAM::User" | "AWS::IAM::Role") => {
                Ok(Value::Text(self.name_of(name)?))
            }
            _ => Ok(Value::unknown(name)),
        }
    }

    fn attribute(&self, path: &str) -> Value {
        let id = path.split('.').next().unwrap_or(path);
        let kind = self
            .resource(id)
            .and_then(|node| node.get("Type")?.as_text());
        match (kind, path.ends_with(".PolicyArn")) {
            // The same as Ref of it.
            (Some("AWS::IAM::ManagedPolicy"), true) => Value::unknown(id),
            _ => Value::unknown(path),
        }
    }

    /// `${Name}`, `${Resource.Attribute}` and `${!Literal}` in a text.
    fn substitute(&self, text: &str, variables: &Value) -> Resolved {
        let mut whole = Text::default();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            let name = rest[start + 2..start + length].trim();
            whole.text.push_str(&rest[..start]);
            rest = &rest[start + length + 1..];
            if let Some(literal) = name.strip_prefix('!') {
                whole.text.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let value = match variables.get(name) {
                Some(value) => value.clone(),
                None if name.contains('.') => self.attribute(name),
                None => self.reference(name)?,
            };
            self.budget.spend(value.size())?;
            match value.to_text() {
                Some(text) => whole.push(&text),
                None => whole.push(&Symbol::new(name).into()),
            }
        }
        whole.text.push_str(rest);
        self.budget.spend(whole.text.len() / 16)?;
        Ok(Value::Text(whole))
    }

    fn join(&self, delimiter: &Node, list: &Node) -> Resolved {
        let delimiter = scalar_text(delimiter).unwrap_or_default();
        let list = self.resolve(list)?;
        let (Value::List(_), Some(texts)) = (&list, list.to_texts()) else {
            return Ok(Value::unknown("Fn::Join"));
        };
        self.budget
            .spend(texts.len() * (1 + delimiter.len() / 16))?;
        let mut whole = Text::default();
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                whole.text.push_str(&delimiter);
            }
            whole.push(text);
        }
        Ok(Value::Text(whole))
    }

    fn split(&self, delimiter: &Node, text: &Node) -> Resolved {
        let text = self.resolve(text)?.to_text();
        Ok(match (scalar_text(delimiter), text) {
            (Some(delimiter), Some(text)) if !delimiter.is_empty() => match text.as_known() {
                Some(text) => Value::List(text.split(&delimiter).map(Value::text).collect()),
                None => Value::unknown("Fn::Split"),
            },
            _ => Value::unknown("Fn::Split"),
        })
    }

    fn choose(&self, condition: &Node, yes: &Node, no: &Node) -> Resolved {
        let Some(name) = scalar_text(condition) else {
            return Ok(Value::unknown("Fn::If"));
        };
        match self.condition(&name)?.as_bool() {
            Some(true) => self.resolve(yes),
            Some(false) => self.resolve(no),
            None => {
                let (yes, no) = (self.resolve(yes)?, self.resolve(no)?);
                Ok(if yes == no {
                    yes
                } else {
                    Value::unknown(&format!("Fn::If {name}"))
                })
            }
        }
    }

    fn find_in_map(&self, path: [&Node; 3]) -> Resolved {
        let mut place = self.root.get("Mappings");
        for step in path {
            let step = self.resolve(step)?.to_text();
            let step = step.as_ref().and_then(Text::as_known);
            place = step.and_then(|step| place?.get(step));
        }
        match place {
            Some(node) => self.resolve(node),
            None => Ok(Value::unknown("Fn::FindInMap")),
        }
    }

    /// Whether all hold, or else whether any does.
    fn all(&self, conditions: &[Node], all: bool) -> Resolved {
        let mut unknown = None;
        for condition in conditions {
            match self.holds(condition)? {
                Value::Bool(bool) if bool != all => return Ok(Value::Bool(bool)),
                Value::Bool(_) => {}
                other => unknown = Some(other),
            }
        }
        Ok(unknown.unwrap_or(Value::Bool(all)))
    }

    fn resource(&self, id: &str) -> Option<&'t Node> {
        self.resources.get(id).copied()
    }
}

/// The text of a scalar, whatever its tag.
fn scalar_text(node: &Node) -> Option<String> {
    match &node.content {
        Content::Scalar(value) => Some(value.to_text()?.text),
        _ => None,
    }
}

fn is_no_value(value: &Value) -> bool {
    matches!(value, Value::Unknown(symbol) if symbol.expression() == "AWS::NoValue")
}
