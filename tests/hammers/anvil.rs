//! The credentials file that the hammers fall on: which of its bytes are nobody's and may never
//! change, and what of the rest is one writer's complete value.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
    path::Path,
    sync::Mutex,
};

/// The keys that an editor writes, all with the same value.
pub const EDITOR_KEYS: [&str; 7] = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"];

/// The keys that the program writes into a session section.
const SESSION_KEYS: [&str; 7] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "expiration",
    "daypass_mfa_time",
    "daypass_mfa_serial",
    "daypass_source_access_key_id",
];

/// What the file must look like.
pub struct Anvil {
    /// Everything that belongs to no writer.
    foreign: String,
    /// Each session that was ever seen, by its id: two that share an id must share everything.
    sessions: Mutex<HashMap<String, Vec<String>>>,
}

/// What a look at the file has found.
#[derive(Default)]
pub struct Seen {
    /// The generation that each editor has written, if its section is filled.
    pub editors: BTreeMap<String, Option<u64>>,
    /// The access key id of each session section that is filled.
    pub sessions: BTreeMap<String, String>,
}

/// The section of an editor.
pub fn editor_section(slot: usize) -> String {
    format!("editor-{slot}")
}

/// The value that an editor writes in a generation. Its length changes each time.
pub fn editor_value(generation: u64) -> String {
    let filling = "x".repeat((generation * 37 % 90) as usize);
    format!("{generation}:{filling}:end")
}

fn generation(value: &str) -> Option<u64> {
    let number = value.split(':').next()?.parse().ok()?;
    (value == editor_value(number)).then_some(number)
}

/// A file with sections for editors and for profiles' sessions, `keys` among them, and comments
/// and oddities of other people between all of them.
pub fn text(editors: usize, keys: &[String], sessions: &[String], ballast: usize) -> String {
    let mut text = String::from(
        "# Do not lose this line\n\n[somebody]\r\naws_access_key_id = AKIASOMEBODYELSE0000\r\n; nor this\r\n",
    );
    for slot in 0..editors {
        let _ = write!(
            text,
            "\n[{}]\n# before editor {slot}\n\n#\tafter editor {slot}\n  \n",
            editor_section(slot)
        );
    }
    for (number, key) in keys.iter().enumerate() {
        let _ = write!(text, "# key {number}\n{key}");
    }
    for (number, session) in sessions.iter().enumerate() {
        let _ = write!(
            text,
            "[{session}]\n# session {number}: comment\nregion = eu-west-1\n\n"
        );
    }
    for number in 0..ballast {
        let _ = write!(text, "[ballast-{number}]\nx = {}\n", "y".repeat(500));
    }
    text + "[last]\nname = without an end of line"
}

impl Anvil {
    pub fn new(text: &str) -> Anvil {
        let (foreign, _) = divide(text);
        Anvil {
            foreign,
            sessions: Mutex::default(),
        }
    }

    /// Looks at the file once: its mode, its type, every byte.
    pub fn look(&self, path: &Path) -> Result<Seen, String> {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(path).map_err(|error| format!("lost: {error}"))?;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(format!("open to others: {mode:o}"));
        }
        let bytes = fs::read(path).map_err(|error| format!("lost: {error}"))?;
        let text = String::from_utf8(bytes).map_err(|error| format!("torn: {error}"))?;
        self.examine(&text)
    }

    /// Examines the content.
    pub fn examine(&self, text: &str) -> Result<Seen, String> {
        let (foreign, sections) = divide(text);
        if foreign != self.foreign {
            return Err(difference(&self.foreign, &foreign));
        }
        let mut seen = Seen::default();
        for (name, values) in sections {
            if name.starts_with("editor-") {
                seen.editors.insert(name.clone(), editor(&name, &values)?);
            } else if let Some(id) = self.session(&name, &values)? {
                seen.sessions.insert(name, id);
            }
        }
        Ok(seen)
    }

    fn session(&self, name: &str, values: &[String]) -> Result<Option<String>, String> {
        if values.is_empty() {
            return Ok(None);
        }
        if values.len() != SESSION_KEYS.len() {
            return Err(format!(
                "half a session in [{name}]: {} lines",
                values.len()
            ));
        }
        let mut known = self.sessions.lock().expect("no panic elsewhere");
        let first = known
            .entry(values[0].clone())
            .or_insert_with(|| values.to_vec());
        if first != values {
            return Err(format!("[{name}] is mixed of two sessions"));
        }
        Ok(Some(values[0].clone()))
    }
}

/// Where two texts part.
fn difference(expected: &str, found: &str) -> String {
    let same = expected.bytes().zip(found.bytes());
    let at = same.take_while(|(one, other)| one == other).count();
    let from = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(60).min(text.len())..];
        String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
    };
    format!(
        "somebody's bytes have changed at {at}:\n{:?}\ninstead of\n{:?}",
        from(found),
        from(expected)
    )
}

fn editor(name: &str, values: &[String]) -> Result<Option<u64>, String> {
    match values {
        [] => Ok(None),
        values if values.len() != EDITOR_KEYS.len() => {
            Err(format!("half a value in [{name}]: {values:?}"))
        }
        values if values.iter().any(|value| *value != values[0]) => {
            Err(format!("[{name}] is mixed of two values: {values:?}"))
        }
        values => match generation(&values[0]) {
            Some(generation) => Ok(Some(generation)),
            None => Err(format!("[{name}] is torn: {:?}", values[0])),
        },
    }
}

/// Divides a file into what belongs to no writer, and the values of each writer's section.
fn divide(text: &str) -> (String, Vec<(String, Vec<String>)>) {
    let mut foreign = String::new();
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    let mut keys: &[&str] = &[];
    for line in text.split_inclusive('\n') {
        if let Some(name) = line
            .trim()
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
        {
            keys = match name {
                name if name.starts_with("editor-") => &EDITOR_KEYS,
                name if name.ends_with("-mfa") => &SESSION_KEYS,
                _ => &[],
            };
            if !keys.is_empty() {
                sections.push((name.to_owned(), Vec::new()));
            }
        } else if let Some((key, value)) = line.split_once('=')
            && keys.contains(&key.trim())
            && let Some((_, values)) = sections.last_mut()
        {
            values.push(value.trim().to_owned());
            continue;
        }
        foreign.push_str(line);
    }
    (foreign, sections)
}
