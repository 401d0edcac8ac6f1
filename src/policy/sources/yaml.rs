//! YAML, with the tags and the lines of its nodes; JSON is read by the same means where its lines are wanted.
//!
//! The parser has events and no tree, so that the depth is ours to bound, and so is what aliases unfold to.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::Value as Json;

use crate::{
    policy::sources::{
        Fault, Place,
        value::{Budget, Value},
    },
    terminal,
};

/// The levels that collections may be nested in; CloudFormation's own limit is far below.
const DEEPEST: usize = 100;

/// A node of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The line at which it begins, from 1; none for JSON whose lines are not known.
    pub line: Option<u32>,
    /// The name of its tag, such as `Sub` of `!Sub`.
    pub tag: Option<String>,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// A null, a boolean, a number or a text.
    Scalar(Value),
    Sequence(Vec<Node>),
    /// The keys with the line of each, in order.
    Mapping(Vec<(String, Option<u32>, Node)>),
}

/// What is wrong, and where.
pub(super) type Wrong = (Option<Place>, Fault);

impl Node {
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|(name, _, _)| name == key);
        found.map(|(_, _, node)| node)
    }

    /// The entries of a mapping, none for anything else.
    pub fn entries(&self) -> &[(String, Option<u32>, Node)] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence, none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar that is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::Text(text)) => text.as_known(),
            _ => None,
        }
    }

    /// A node for JSON without lines.
    pub fn from_json(json: &Json) -> Self {
        let content = match json {
            Json::Array(values) => Content::Sequence(values.iter().map(Node::from_json).collect()),
            Json::Object(object) => Content::Mapping(
                object
                    .iter()
                    .map(|(key, value)| (key.clone(), None, Node::from_json(value)))
                    .collect(),
            ),
            scalar => Content::Scalar(Value::from_json(scalar, &Default::default())),
        };
        Node {
            line: None,
            tag: None,
            content,
        }
    }

    /// The levels of collections in it.
    fn depth(&self) -> usize {
        let deepest = |depth: Option<usize>| 1 + depth.unwrap_or(0);
        match &self.content {
            Content::Scalar(_) => 0,
            Content::Sequence(items) => deepest(items.iter().map(Node::depth).max()),
            Content::Mapping(entries) => {
                deepest(entries.iter().map(|(_, _, node)| node.depth()).max())
            }
        }
    }

    fn size(&self) -> usize {
        1 + match &self.content {
            Content::Scalar(value) => value.size(),
            Content::Sequence(items) => items.iter().map(Node::size).sum(),
            Content::Mapping(entries) => entries
                .iter()
                .map(|(key, _, node)| 1 + key.len() / 16 + node.size())
                .sum(),
        }
    }
}

/// Reads the first document of the text.
///
/// # Errors
/// [`Fault::Syntax`], [`Fault::TooDeep`], and [`Fault::TooMuch`] for aliases that unfold without measure.
pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let mut building = Building::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            (
                place(marker.line(), marker.col()),
                syntax(&terminal::printable(error.info())),
            )
        })?;
        let here = place(span.start.line(), span.start.col());
        if building.take(event, span).map_err(|fault| (here, fault))? {
            break;
        }
    }
    match building.root {
        Some(node) => Ok(node),
        None => Err((None, syntax("it is empty"))),
    }
}

fn place(line: usize, column: usize) -> Option<Place> {
    Some(Place::Line {
        line: u32::try_from(line).ok()?,
        column: u32::try_from(column + 1).ok(),
    })
}

fn syntax(what: &str) -> Fault {
    Fault::Syntax {
        language: "YAML",
        what: what.to_owned(),
    }
}

/// A collection whose end has not come.
struct Open {
    anchor: usize,
    node: Node,
    keys: HashSet<String>,
    /// The key whose value comes next, with its line.
    key: Option<(String, Option<u32>)>,
}

struct Building {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    budget: Budget,
}

impl Default for Building {
    fn default() -> Self {
        Self {
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            budget: Budget::new(),
        }
    }
}

impl Building {
    /// Takes the next event, and says whether the document is whole.
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<bool, Fault> {
        let line = u32::try_from(span.start.line()).ok();
        let node = |tag: Option<&Tag>, content| Node {
            line,
            tag: tag.map(|tag| tag.suffix.clone()),
            content,
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                let tag = tag.as_deref().filter(|tag| !tag.is_yaml_core_schema());
                self.add(anchor, node(tag, Content::Scalar(value)))?;
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(anchor, node(tag.as_deref(), Content::Sequence(Vec::new())))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(anchor, node(tag.as_deref(), Content::Mapping(Vec::new())))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.add(open.anchor, open.node)?;
                }
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor);
                let node = node.ok_or_else(|| syntax("an alias inside of what it stands for"))?;
                // Counted before it is copied.
                self.budget.spend(node.size())?;
                if self.open.len() + node.depth() > DEEPEST {
                    return Err(Fault::TooDeep(DEEPEST));
                }
                let node = node.clone();
                self.add(0, node)?;
            }
            Event::DocumentEnd => return Ok(true),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(false)
    }

    fn begin(&mut self, anchor: usize, node: Node) -> Result<(), Fault> {
        if self.open.len() >= DEEPEST {
            return Err(Fault::TooDeep(DEEPEST));
        }
        self.open.push(Open {
            anchor,
            node,
            keys: HashSet::new(),
            key: None,
        });
        Ok(())
    }

    fn add(&mut self, anchor: usize, node: Node) -> Result<(), Fault> {
        self.budget.spend(1)?;
        if anchor != 0 {
            self.budget.spend(node.size())?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.content, open.key.take()) {
            (Content::Sequence(items), _) => items.push(node),
            (Content::Mapping(_), None) => {
                let key = key(&node)?;
                if !open.keys.insert(key.clone()) {
                    let what = format!("the key '{}' stands twice", terminal::excerpt(&key));
                    return Err(syntax(&what));
                }
                open.key = Some((key, node.line));
            }
            (Content::Mapping(entries), Some((key, line))) => entries.push((key, line, node)),
            (Content::Scalar(_), _) => {}
        }
        Ok(())
    }
}

fn key(node: &Node) -> Result<String, Fault> {
    match &node.content {
        Content::Scalar(value) if value.to_text().is_some_and(|text| text.text == "<<") => {
            Err(syntax("a merge (`<<`), which CloudFormation does not know"))
        }
        Content::Scalar(value) if node.tag.is_none() => Ok(match value.to_text() {
            Some(text) => text.text,
            None => "null".to_owned(),
        }),
        _ => Err(syntax("a key that is no text")),
    }
}

/// What a scalar is by YAML 1.2's core schema, as far as policies care: other numbers are texts.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix == "str");
    if style != ScalarStyle::Plain || is_text {
        return Value::text(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            // An account's number may begin with a nought.
            Ok(number) if number.to_string() == text => Value::Number(number.into()),
            _ => Value::text(text),
        },
    }
}
