//! A value within a file of JSON, and the path to it for whoever has to be told what is wrong.

use std::fmt;

use serde_json::Value;

/// A value, where it is, and what is around it.
pub(super) struct Node<'a> {
    value: &'a Value,
    step: Step<'a>,
    parent: Option<&'a Node<'a>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// An element of a list of the whole file.
    Element(&'a str, usize),
    Field(&'a str),
    Index(usize),
}

/// What is wrong with a value.
pub(super) struct Fault {
    path: String,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.what)
    }
}

impl<'a> Node<'a> {
    pub(super) fn element(list: &'a str, index: usize, value: &'a Value) -> Self {
        Node {
            value,
            step: Step::Element(list, index),
            parent: None,
        }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    fn path(&self) -> String {
        let before = self.parent.map(Node::path).unwrap_or_default();
        match self.step {
            Step::Element(list, index) => format!("{list}[{index}]"),
            Step::Field(name) => format!("{before}.{name}"),
            Step::Index(index) => format!("{before}[{index}]"),
        }
    }

    pub(super) fn fault(&self, what: &str) -> Fault {
        Fault {
            path: self.path(),
            what: what.to_owned(),
        }
    }

    /// A field that may be missing; null counts as missing.
    pub(super) fn optional<'b>(&'b self, name: &'b str) -> Result<Option<Node<'b>>, Fault> {
        let object = self
            .value
            .as_object()
            .ok_or_else(|| self.fault("it is not an object"))?;
        let value = object.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| Node {
            value,
            step: Step::Field(name),
            parent: Some(self),
        }))
    }

    /// A field that has to be there.
    pub(super) fn field<'b>(&'b self, name: &'b str) -> Result<Node<'b>, Fault> {
        self.optional(name)?
            .ok_or_else(|| self.fault(&format!("{name} is missing")))
    }

    pub(super) fn text(&self) -> Result<&'a str, Fault> {
        match self.value.as_str() {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.fault("it is not a text")),
        }
    }

    pub(super) fn flag(&self) -> Result<bool, Fault> {
        self.value
            .as_bool()
            .ok_or_else(|| self.fault("it is neither true nor false"))
    }

    pub(super) fn elements<'b>(&'b self) -> Result<impl Iterator<Item = Node<'b>>, Fault> {
        let list = self
            .value
            .as_array()
            .ok_or_else(|| self.fault("it is not a list"))?;
        Ok(list.iter().enumerate().map(|(index, value)| Node {
            value,
            step: Step::Index(index),
            parent: Some(self),
        }))
    }
}
