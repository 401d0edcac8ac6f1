//! daypass as a reader.

use daypass::shared_files::{Document, Section};

use crate::reading::{File, Group, Listed, Name, Place, Reading};

pub fn read(file: &File) -> Result<Document, String> {
    Document::parse(file.kind, file.bytes.clone()).map_err(|error| error.to_string())
}

impl Reading for Document {
    fn has(&self, name: &Name) -> Option<bool> {
        Some(section(self, name).is_some())
    }

    fn value(&self, place: &Place) -> Option<String> {
        let section = section(self, &place.name)?;
        let value = match &place.nested {
            None => section.value(&place.key),
            Some(nested) => section.nested(&place.key, nested),
        };
        // Where a value is not UTF-8 the others have not read the file.
        value.ok()?.map(|value| value.text.into_owned())
    }

    fn listed(&self) -> Listed {
        let mut listed = Listed::default();
        for name in self.profile_names() {
            let name = (Group::Profile, name.into_owned());
            // A name that is not UTF-8 is shown with replacement characters and cannot be asked for.
            let Some(section) = section(self, &name) else {
                continue;
            };
            for key in section.keys() {
                if let Ok(Some(value)) = section.value(&key) {
                    listed.add(&name, &key.to_lowercase(), &value.text);
                }
            }
            listed.names.insert(name);
        }
        listed
    }
}

fn section<'d>(document: &'d Document, (group, name): &Name) -> Option<Section<'d>> {
    match group {
        Group::Profile => document.profile(name),
        Group::SsoSession => document.sso_session(name),
        Group::Services => document.services(name),
    }
}
