//! What a reader makes of a shared file, in a form in which readers can be compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use daypass::shared_files::Kind;

/// The kinds of sections that have a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    Profile,
    SsoSession,
    Services,
}

/// A named section.
pub type Name = (Group, String);

/// Where a value stands. A setting with settings nested below it is an empty value and a value for
/// each of the nested ones.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub name: Name,
    pub key: String,
    pub nested: Option<String>,
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {:?}", self.name, self.key)?;
        match &self.nested {
            Some(nested) => write!(formatter, " {nested:?}"),
            None => Ok(()),
        }
    }
}

/// One reader's view of a file that it accepted.
pub trait Reading {
    /// Whether there is such a section; `None` from a reader that cannot say.
    fn has(&self, name: &Name) -> Option<bool>;
    fn value(&self, place: &Place) -> Option<String>;
    /// Everything that the reader can list.
    fn listed(&self) -> Listed;
}

/// A reading as the list of what is there.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Listed {
    pub names: BTreeSet<Name>,
    pub values: BTreeMap<Place, String>,
}

impl Listed {
    /// Adds a setting whose value, if it starts with a line feed, is a list of nested settings.
    pub fn add(&mut self, name: &Name, key: &str, value: &str) {
        let place = |nested| Place {
            name: name.clone(),
            key: key.to_owned(),
            nested,
        };
        let Some(lines) = value.strip_prefix('\n') else {
            self.values.insert(place(None), value.to_owned());
            return;
        };
        self.values.insert(place(None), String::new());
        for (sub_key, value) in lines.split('\n').filter_map(|line| line.split_once('=')) {
            let trim = |text: &str| text.trim_matches([' ', '\t']).to_owned();
            self.values.insert(place(Some(trim(sub_key))), trim(value));
        }
    }

    /// Lays the reading of the credentials file over that of the config file.
    pub fn merge(&mut self, credentials: Listed) {
        self.names.extend(credentials.names);
        self.values.extend(credentials.values);
    }
}

impl Reading for Listed {
    fn has(&self, name: &Name) -> Option<bool> {
        Some(self.names.contains(name))
    }

    fn value(&self, place: &Place) -> Option<String> {
        self.values.get(place).cloned()
    }

    fn listed(&self) -> Listed {
        self.clone()
    }
}

/// The names and places at which two readings agree and a third one does not, in words.
pub fn disagreements(one: &dyn Reading, other: &dyn Reading, ours: &dyn Reading) -> Vec<String> {
    let mut all = one.listed();
    all.merge(other.listed());
    all.merge(ours.listed());
    let names = all.names.iter().filter_map(|name| {
        let agreed = one.has(name)?;
        (other.has(name) == Some(agreed) && ours.has(name)? != agreed).then(|| match agreed {
            true => format!("{name:?} is missing"),
            false => format!("{name:?} should not be there"),
        })
    });
    // Of a section that only one of them has, the other says nothing by having no value.
    let is_common = |place: &&Place| {
        let has = [one.has(&place.name), other.has(&place.name)];
        has.iter().all(|has| *has != Some(false)) || has.iter().all(|has| *has == Some(false))
    };
    let values = all.values.keys().filter(is_common).filter_map(|place| {
        let agreed = one.value(place);
        let read = ours.value(place);
        (other.value(place) == agreed && read != agreed)
            .then(|| format!("{place:?} is {read:?} instead of {agreed:?}"))
    });
    names.chain(values).collect()
}

/// A file for the readers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub kind: Kind,
    pub bytes: Vec<u8>,
}

impl File {
    /// The file for a message, as a literal that can be pasted into a test.
    pub fn literal(&self) -> String {
        format!("{:?} b\"{}\"", self.kind, self.bytes.escape_ascii())
    }
}
