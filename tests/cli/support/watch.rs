//! The watch over every run: no secret of the sandbox's may show up where it has no business.
//!
//! Keys, tokens and seeds carry the sandbox's markers, so that any of them is found, those of
//! sessions included that the test has never seen. Codes are known since the sandbox hands them out.

use std::{
    collections::HashMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::Mutex,
};

use daypass_sandbox::planted;

use super::{Home, mode};

/// What is known of a home's files.
#[derive(Default)]
pub struct Watch {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The files that a test has written, with a digest of what it wrote.
    inputs: HashMap<PathBuf, u64>,
    /// Files that may hold secrets since the test put them there.
    allowed: Vec<PathBuf>,
    /// Codes besides the sandbox's own.
    codes: Vec<String>,
    /// Whether files may be open to others since the test is about one that cannot be closed.
    may_be_open: bool,
}

/// The marker of the first kind of secret that is in there.
pub fn find_marker(bytes: &[u8]) -> Option<&'static str> {
    let has = |marker: &str| {
        bytes
            .windows(marker.len())
            .any(|at| at == marker.as_bytes())
    };
    planted::ALL.into_iter().find(|marker| has(marker))
}

/// The first of the codes that stands in the text as a word of its own: six digits may well be a
/// part of an account's number, of a token or of the fraction of a second.
fn find_code<'a>(codes: &'a [String], text: &str) -> Option<&'a String> {
    let is_part_of_word = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '+' | '/' | '=' | '_')
    };
    codes.iter().find(|code| {
        text.match_indices(code.as_str()).any(|(at, code)| {
            let before = text[..at].chars().next_back();
            let mut after = text[at + code.len()..].chars();
            let next = after.next();
            // A full stop ends a sentence, or begins the digits of a fraction.
            let ends = next == Some('.') && !after.next().is_some_and(|c| c.is_ascii_digit());
            !before.is_some_and(is_part_of_word) && (ends || !next.is_some_and(is_part_of_word))
        })
    })
}

impl Home {
    /// Nothing that was printed may hold a secret of the sandbox's, or a code.
    pub fn assert_no_secret(&self, what: &str, text: &str) {
        self.assert_no_marker(what, text);
        let code = find_code(&self.known_codes(), text).cloned();
        assert_eq!(code, None, "a code shows up in {what}:\n{text}");
    }

    /// Nothing that was printed may hold a key, a token or a seed.
    pub fn assert_no_marker(&self, what: &str, text: &str) {
        let marker = find_marker(text.as_bytes());
        assert_eq!(marker, None, "a secret shows up in {what}:\n{text}");
    }

    /// What a command hands out holds the secrets of a session in their two fields, and no other
    /// secret anywhere.
    pub fn assert_credentials_of_a_session_only(&self, stdout: &str) {
        let Ok(mut json) = serde_json::from_str::<serde_json::Value>(stdout) else {
            return self.assert_no_secret("stdout", stdout);
        };
        for (field, marker) in [
            ("SecretAccessKey", planted::SESSION_SECRET),
            ("SessionToken", planted::SESSION_TOKEN),
        ] {
            let value = json[field].take();
            let other = planted::ALL
                .iter()
                .filter(|other| **other != marker)
                .find(|other| value.to_string().contains(**other));
            assert_eq!(other, None, "{field} holds another secret");
        }
        self.assert_no_secret("the other fields of the credentials", &json.to_string());
    }

    /// What sets variables holds the secrets of a session, and no other secret.
    pub fn assert_variables_of_a_session_only(&self, stdout: &str) {
        let of_session = [planted::SESSION_SECRET, planted::SESSION_TOKEN];
        let mut text = stdout.to_owned();
        for marker in of_session {
            text = text.replace(marker, "");
        }
        self.assert_no_marker("the variables of a session", &text);
    }

    /// What the console is signed in to with holds one sign-in token, and no other secret.
    pub fn assert_sign_in_address_only(&self, stdout: &str) {
        let mut text = stdout.to_owned();
        if let [line] = stdout.lines().collect::<Vec<_>>()[..]
            && line.starts_with("http")
        {
            text = text.replace(planted::SIGNIN_TOKEN, "");
        }
        self.assert_no_secret("the sign-in address", &text);
    }

    /// Waits for a run that was started by itself, and checks what it printed as every run is checked.
    #[allow(dead_code)] // not every test program starts one
    pub fn end_of(&self, child: std::process::Child) -> std::process::Output {
        let output = child.wait_with_output().expect("the program ends");
        self.assert_no_secret("stderr", &String::from_utf8_lossy(&output.stderr));
        self.assert_credentials_of_a_session_only(&String::from_utf8_lossy(&output.stdout));
        output
    }

    /// Adds a code to those that may show up nowhere.
    pub fn note_code(&self, code: &str) {
        self.state().codes.push(code.to_owned());
    }

    /// Lets a file hold secrets: the test has them written there.
    pub fn allow_secrets_in(&self, path: &str) {
        self.state().allowed.push(self.path(path));
    }

    /// Lets files be open to others: the test is about one that daypass cannot close.
    #[allow(dead_code)] // not every test program has such a one
    pub fn allow_open_modes(&self) {
        self.state().may_be_open = true;
    }

    /// The files that a killed writer left half-done in `~/.aws`; the next write of the same file takes them away.
    pub fn left_behind(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path(".aws")).expect("~/.aws");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        names.filter(|name| name.contains("-tmp-")).collect()
    }

    /// Lets them hold what the file itself holds.
    pub fn allow_left_behind(&self) {
        self.allow_open_modes();
        for name in self.left_behind() {
            self.allow_secrets_in(&format!(".aws/{name}"));
        }
    }

    /// Takes the files as they are for the test's own, before a run.
    pub fn note_inputs(&self) {
        let files = self.files();
        let mut state = self.state();
        for (path, content) in files {
            if !is_made_by_daypass(&self.relative(&path)) {
                state.inputs.insert(path, digest(&content));
            }
        }
    }

    /// No file but the credentials file, and what the test itself wrote, may hold a secret; and
    /// what daypass made is its owner's alone.
    pub fn assert_no_secret_in_files(&self) {
        if let Some(trouble) = self.secret_in_files() {
            panic!("{trouble}");
        }
    }

    fn secret_in_files(&self) -> Option<String> {
        let codes = self.known_codes();
        for (path, content) in self.files() {
            let relative = self.relative(&path);
            if self.state().inputs.get(&path) == Some(&digest(&content)) {
                continue;
            }
            let may_be_open = self.state().may_be_open;
            if let Some(trouble) = open_to_others(&path, &relative)
                && !may_be_open
            {
                return Some(trouble);
            }
            if self.state().allowed.contains(&path) {
                continue;
            }
            // The AWS CLI keeps the sessions of roles in a cache of its own.
            let marker = match relative.to_str() {
                Some(".aws/credentials") => None,
                Some(path) if path.starts_with(".aws/cli/") => None,
                // What setup found; that a moved secret is not in it has tests of its own.
                Some(path) if path.starts_with(".aws/") && path.contains(".backup-") => None,
                // What the credentials file held before a write in place that was cut short.
                Some(path) if path.contains("/.credentials.daypass-copy-") => None,
                _ => find_marker(&content),
            };
            let code = find_code(&codes, &String::from_utf8_lossy(&content));
            if let Some(found) = marker.or(code.map(String::as_str)) {
                let shown = String::from_utf8_lossy(&content);
                let path = relative.display();
                return Some(format!("{found} is in ~/{path}:\n{shown}"));
            }
        }
        None
    }

    fn known_codes(&self) -> Vec<String> {
        let mut codes = self.sandbox.codes();
        codes.extend(self.state().codes.iter().cloned());
        codes
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A test that has failed meanwhile has not left it in disorder.
        self.watch
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(self.path("")).unwrap_or(path).to_owned()
    }

    /// Every file of the home and what is in it.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut directories = vec![self.path("")];
        while let Some(directory) = directories.pop() {
            // What runs beside the test may remove what is being looked at.
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                let Ok(kind) = entry.file_type() else {
                    continue;
                };
                if kind.is_dir() {
                    directories.push(entry.path());
                } else if kind.is_file()
                    && let Ok(content) = fs::read(entry.path())
                {
                    files.push((entry.path(), content));
                }
            }
        }
        files
    }
}

impl Drop for Home {
    /// Looks through the files for the last time: not every run is waited for.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.assert_no_secret_in_files();
        }
    }
}

/// Whether a file is where only daypass writes.
fn is_made_by_daypass(relative: &Path) -> bool {
    let name = relative.file_name().unwrap_or_default().to_string_lossy();
    relative.starts_with(".aws/daypass")
        || (relative.starts_with(".aws") && name.contains(".daypass-"))
        || (relative.starts_with(".aws") && name.contains(".backup-"))
        || (relative.starts_with("tmp") && relative.to_string_lossy().contains("daypass-"))
}

/// Complains of a file that daypass has written, or of a directory that it has made, if others may
/// look into it.
fn open_to_others(path: &Path, relative: &Path) -> Option<String> {
    if !is_made_by_daypass(relative) && relative != Path::new(".aws/credentials") {
        return None;
    }
    let file_mode = mode(path);
    let directory = path.parent()?;
    let directory_mode = mode(directory);
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let is_its_own = name.starts_with("daypass");
    if file_mode & 0o077 != 0 || (is_its_own && directory_mode & 0o077 != 0) {
        return Some(format!(
            "~/{} is open to others: {file_mode:o} in a directory {directory_mode:o}",
            relative.display()
        ));
    }
    None
}

fn digest(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}
