//! Which resources an expression of the configuration refers to, across modules.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// How many modules an expression is followed through.
const FARTHEST: usize = 32;

/// The most resources that one expression is said to refer to.
const MOST: usize = 1_000;

/// A plan's copy of the configuration.
pub(super) struct Configuration<'j> {
    root: Option<&'j Json>,
}

/// The modules on the way to an address, each with its instance, and the rest.
///
/// `module.a["x"].module.b.aws_iam_policy.p[0]` is `[a["x"], b]` and `aws_iam_policy.p[0]`.
pub(super) fn split(address: &str) -> (Vec<&str>, &str) {
    let mut modules = Vec::new();
    let mut rest = address;
    while let Some(after) = rest.strip_prefix("module.") {
        let end = end_of_step(after);
        modules.push(&after[..end]);
        rest = after[end..].trim_start_matches('.');
    }
    (modules, rest)
}

/// Where the next dot outside of an index is.
fn end_of_step(text: &str) -> usize {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'.' if !is_quoted => return index,
            _ => {}
        }
    }
    text.len()
}

/// A step of an address without its instance.
fn without_instance(step: &str) -> &str {
    step.split_once('[').map_or(step, |(name, _)| name)
}

impl<'j> Configuration<'j> {
    pub fn new(plan: &'j Json) -> Self {
        Self {
            root: plan
                .get("configuration")
                .and_then(|json| json.get("root_module")),
        }
    }

    /// Whether the configuration gives the attribute of a resource at all.
    pub fn has(&self, address: &str, attribute: &str) -> bool {
        let (modules, resource) = split(address);
        self.expression(&modules, resource, attribute).is_some()
    }

    /// The addresses of the resources that an attribute refers to.
    pub fn references(&self, address: &str, attribute: &str) -> Vec<String> {
        let (modules, resource) = split(address);
        let mut found = BTreeSet::new();
        if let Some(expression) = self.expression(&modules, resource, attribute) {
            self.follow(&modules, expression, FARTHEST, &mut found);
        }
        found.into_iter().collect()
    }

    fn expression(&self, modules: &[&str], resource: &str, attribute: &str) -> Option<&'j Json> {
        let wanted = without_instance(resource);
        let resources = self.module(modules)?.get("resources")?.as_array()?;
        let is_wanted =
            |resource: &&Json| resource.get("address").and_then(Json::as_str) == Some(wanted);
        resources
            .iter()
            .find(is_wanted)?
            .get("expressions")?
            .get(attribute)
    }

    /// The configuration of the module at the end of some calls.
    fn module(&self, modules: &[&str]) -> Option<&'j Json> {
        let mut module = self.root?;
        for step in modules {
            module = module
                .get("module_calls")?
                .get(without_instance(step))?
                .get("module")?;
        }
        Some(module)
    }

    fn follow(
        &self,
        modules: &[&str],
        expression: &'j Json,
        distance: usize,
        found: &mut BTreeSet<String>,
    ) {
        if distance == 0 || found.len() >= MOST {
            return;
        }
        let references = expression.get("references").and_then(Json::as_array);
        let Some(references) = references else {
            return;
        };
        for reference in references.iter().filter_map(Json::as_str) {
            let steps: Vec<&str> = steps(reference);
            match steps.as_slice() {
                // Each resource is named twice: with its attribute, and alone.
                ["var", name, ..] => self.input(modules, name, distance, found),
                ["module", call, output, ..] => {
                    let inner: Vec<&str> = modules.iter().copied().chain([*call]).collect();
                    let module = self.module(&inner);
                    let expression = module
                        .and_then(|module| module.get("outputs")?.get(output)?.get("expression"));
                    if let Some(expression) = expression {
                        self.follow(&inner, expression, distance - 1, found);
                    }
                }
                [
                    "module" | "each" | "count" | "local" | "path" | "terraform",
                    ..,
                ] => {}
                ["data", kind, name, ..] => {
                    found.insert(full(modules, &format!("data.{kind}.{name}")));
                }
                [kind, name, ..] => {
                    found.insert(full(modules, &format!("{kind}.{name}")));
                }
                _ => {}
            }
        }
        // With and without an instance is one resource: the more exact address stays.
        let exact: Vec<String> = found
            .iter()
            .filter(|one| one.ends_with(']'))
            .cloned()
            .collect();
        for one in exact {
            let (modules, resource) = split(&one);
            found.remove(&full(&modules, without_instance(resource)));
        }
    }

    /// What the caller gives the module as an input.
    fn input(&self, modules: &[&str], name: &str, distance: usize, found: &mut BTreeSet<String>) {
        let Some((call, outer)) = modules.split_last() else {
            return;
        };
        let expression = self.module(outer).and_then(|module| {
            let call = module.get("module_calls")?.get(without_instance(call))?;
            call.get("expressions")?.get(name)
        });
        if let Some(expression) = expression {
            self.follow(outer, expression, distance - 1, found);
        }
    }
}

/// The steps of a reference, each with its instance.
fn steps(reference: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut rest = reference;
    while !rest.is_empty() {
        let end = end_of_step(rest);
        steps.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    steps
}

fn full(modules: &[&str], resource: &str) -> String {
    let mut address = String::new();
    for step in modules {
        address.push_str("module.");
        address.push_str(step);
        address.push('.');
    }
    address + resource
}
