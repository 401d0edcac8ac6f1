//! What stands where in a module's files.

use std::collections::BTreeMap;

use hcl_edit::{
    expr::Expression,
    structure::{Block, Body},
};

use super::File;

/// The parts of a module, by name.
pub(super) struct Module<'f> {
    pub variables: BTreeMap<&'f str, Variable<'f>>,
    pub locals: BTreeMap<&'f str, (&'f File<'f>, &'f Expression)>,
    /// In the order of the files.
    pub resources: Vec<Resource<'f>>,
    by_address: BTreeMap<String, usize>,
    pub calls: Vec<Call<'f>>,
}

/// An input of the module.
pub(super) struct Variable<'f> {
    pub file: &'f File<'f>,
    pub block: &'f Block,
    pub default: Option<&'f Expression>,
}

/// A `resource` or a `data` block.
pub(super) struct Resource<'f> {
    pub file: &'f File<'f>,
    pub block: &'f Block,
    pub mode: Mode,
    /// Its type, such as `aws_iam_group`.
    pub kind: String,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Managed,
    Data,
}

/// A call of another module.
pub(super) struct Call<'f> {
    pub file: &'f File<'f>,
    pub block: &'f Block,
    pub name: String,
}

impl<'f> Module<'f> {
    pub fn index(files: &'f [File<'f>]) -> Self {
        let mut module = Self {
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            resources: Vec::new(),
            by_address: BTreeMap::new(),
            calls: Vec::new(),
        };
        for file in files {
            for block in file.body.blocks() {
                module.add(file, block);
            }
        }
        module
    }

    fn add(&mut self, file: &'f File<'f>, block: &'f Block) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        match (block.ident.as_str(), labels.as_slice()) {
            ("variable", [name]) => {
                let default = attribute(&block.body, "default");
                let variable = Variable {
                    file,
                    block,
                    default,
                };
                self.variables.insert(name, variable);
            }
            ("locals", _) => {
                for local in block.body.attributes() {
                    self.locals.insert(local.key.as_str(), (file, &local.value));
                }
            }
            (mode @ ("resource" | "data"), [kind, name]) => {
                let resource = Resource {
                    file,
                    block,
                    mode: if mode == "data" {
                        Mode::Data
                    } else {
                        Mode::Managed
                    },
                    kind: (*kind).to_owned(),
                    name: (*name).to_owned(),
                };
                self.by_address
                    .insert(resource.address(), self.resources.len());
                self.resources.push(resource);
            }
            ("module", [name]) => self.calls.push(Call {
                file,
                block,
                name: (*name).to_owned(),
            }),
            _ => {}
        }
    }

    pub fn resource(&self, address: &str) -> Option<&Resource<'f>> {
        self.by_address
            .get(address)
            .map(|&index| &self.resources[index])
    }
}

impl Resource<'_> {
    /// Its address in the configuration, without an instance.
    pub fn address(&self) -> String {
        let mode = match self.mode {
            Mode::Managed => "",
            Mode::Data => "data.",
        };
        format!("{mode}{}.{}", self.kind, self.name)
    }
}

/// The expression of an attribute.
pub(super) fn attribute<'b>(body: &'b Body, name: &str) -> Option<&'b Expression> {
    let found = body
        .attributes()
        .find(|attribute| attribute.key.as_str() == name);
    found.map(|attribute| &attribute.value)
}
