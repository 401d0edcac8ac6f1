//! The AWS SDK for Rust as a reader: the parser that `aws-config` itself uses.

use std::collections::HashMap;

use aws_runtime::env_config::{
    file::{EnvConfigFileKind, EnvConfigFiles},
    property::PropertiesKey,
    section::EnvConfigSections,
    source,
};
use aws_types::os_shim_internal::{Env, Fs};
use daypass::shared_files::Kind;

use crate::reading::{File, Group, Listed, Name, Place, Reading};

/// A file that the SDK has refused.
pub struct Refusal {
    /// The line, counted from 1.
    pub line: usize,
    pub message: String,
}

/// Reads one file as the SDK would find it on disk, or several of different kinds together.
pub fn read(files: &[File]) -> Result<EnvConfigSections, Refusal> {
    let kind = |kind| match kind {
        Kind::Config => EnvConfigFileKind::Config,
        Kind::Credentials => EnvConfigFileKind::Credentials,
    };
    let mut builder = EnvConfigFiles::builder();
    let mut contents = Vec::new();
    for (file, path) in files.iter().zip(["one", "two"]) {
        builder = builder.with_file(kind(file.kind), path);
        contents.push((path.to_owned(), file.bytes.clone()));
    }
    let contents: HashMap<String, Vec<u8>> = contents.into_iter().collect();
    let loading = async {
        source::load(
            &Env::from_slice(&[]),
            &Fs::from_map(contents),
            &builder.build(),
        )
        .await
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let source = runtime.expect("a runtime").block_on(loading);
    EnvConfigSections::parse(source.expect("the files are there")).map_err(|error| {
        let text = error.to_string();
        let line = text.split("on line ").nth(1).expect("a line");
        let (line, message) = line.split_once(":\n  ").expect("a message");
        Refusal {
            line: line.parse().expect("a number"),
            message: message.to_owned(),
        }
    })
}

impl Reading for EnvConfigSections {
    fn has(&self, (group, name): &Name) -> Option<bool> {
        match group {
            Group::Profile => Some(self.get_profile(name).is_some()),
            Group::SsoSession => Some(self.sso_session(name).is_some()),
            Group::Services => None,
        }
    }

    fn value(&self, place: &Place) -> Option<String> {
        let (group, name) = &place.name;
        let value = match group {
            Group::Profile => self.get_profile(name)?.get(&place.key)?,
            Group::SsoSession => self.sso_session(name)?.get(&place.key)?,
            Group::Services => {
                let key = PropertiesKey::builder()
                    .section_key("services")
                    .section_name(name)
                    .property_name(&place.key)
                    .sub_property_name(place.nested.as_ref()?)
                    .build();
                return self.other_sections().get(&key.ok()?).cloned();
            }
        };
        let mut listed = Listed::default();
        listed.add(&place.name, &place.key, value);
        listed.value(place)
    }

    /// The names alone: the SDK does not list a section's keys.
    fn listed(&self) -> Listed {
        let profiles = self.profiles().map(|name| (Group::Profile, name));
        let sessions = self.sso_sessions().map(|name| (Group::SsoSession, name));
        Listed {
            names: profiles
                .chain(sessions)
                .map(|(group, name)| (group, name.to_owned()))
                .collect(),
            ..Listed::default()
        }
    }
}
