//! A home of somebody whom the modes of files keep out, as root they do not.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::support::{DAYPASS, Home, Invocation};

/// Nobody, by the number that all Linux systems give.
const NOBODY: u32 = 65_534;

/// A home of an ordinary user, with a profile whose code is in a file.
pub struct OrdinaryUser {
    pub home: Home,
}

impl OrdinaryUser {
    pub fn new() -> OrdinaryUser {
        let home = Home::new();
        home.write_config(&(home.profile_section("work") + "mfa_process = cat code\n"));
        fs::write(home.path("code"), home.code()).expect("the code");
        home.note_inputs();
        let user = OrdinaryUser { home };
        user.take(&user.home.path(""));
        user
    }

    /// A run of the program by this user.
    pub fn daypass(&self, words: &[&str]) -> Invocation<'_> {
        let program = program().display().to_string();
        let tmp = self.home.path("tmp").display().to_string();
        if !is_root() {
            return self.home.daypass(words.iter().copied()).env("TMPDIR", &tmp);
        }
        let id = NOBODY.to_string();
        let before = ["--reuid", &id, "--regid", &id, "--clear-groups", &program];
        let words = before.into_iter().chain(words.iter().copied());
        self.home.program("setpriv", words).env("TMPDIR", &tmp)
    }

    /// Gives everything below a path to this user.
    fn take(&self, path: &Path) {
        if !is_root() {
            return;
        }
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root can give files away");
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(path).expect("a directory") {
                self.take(&entry.expect("an entry").path());
            }
        }
    }
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// The program, where an ordinary user can reach it: root's checkout may be closed to others.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if !is_root() {
            return DAYPASS.into();
        }
        // In a place of its own that outlives the tests' homes: a static is never dropped.
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("daypass-for-everybody");
        let reachable = directory.ancestors().skip(1).all(|above| {
            let mode = fs::metadata(above).map(|metadata| metadata.permissions().mode());
            mode.is_ok_and(|mode| mode & 0o001 != 0)
        });
        let directory = if reachable {
            directory
        } else {
            std::env::temp_dir().join("daypass-for-everybody")
        };
        fs::create_dir_all(&directory).expect("a directory");
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("its mode");
        let copy = directory.join("daypass");
        if !is_copy(&copy, Path::new(DAYPASS)) {
            // Renamed, since somebody may be running the one that is there.
            let new = directory.join(format!("new-{}", std::process::id()));
            fs::copy(DAYPASS, &new).expect("a copy of the program");
            fs::rename(&new, &copy).expect("its name");
        }
        copy
    })
}

fn is_copy(copy: &Path, of: &Path) -> bool {
    let (Ok(copy), Ok(of)) = (fs::metadata(copy), fs::metadata(of)) else {
        return false;
    };
    copy.len() == of.len() && copy.mtime() > of.mtime()
}
