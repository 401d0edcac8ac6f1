//! Readers that look at the file again and again while it is written.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use daypass::shared_files::{Kind, SharedFile};

use crate::{anvil::Anvil, support::python_environment};

/// What the readers of a run share.
#[derive(Default)]
pub struct Watch {
    is_over: AtomicBool,
    /// How often the file was read.
    pub reads: AtomicUsize,
}

/// Ends the readers when it is dropped.
pub struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Watch {
    /// Ends the readers when what is returned is dropped, so also when a writer's check fails.
    pub fn over(&self) -> Over<'_> {
        Over(&self.is_over)
    }

    /// Whether the readers have been ended.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Reads the file as the program does, and every byte of it besides, until the end.
    pub fn read(&self, anvil: &Anvil, path: &Path) {
        let file = SharedFile {
            path: path.to_owned(),
            kind: Kind::Credentials,
        };
        while !self.is_over() {
            let document = file.read().expect("the file parses");
            let text = String::from_utf8(document.bytes().to_vec()).expect("text");
            if let Err(error) = anvil.examine(&text).and_then(|_| anvil.look(path)) {
                panic!("{error}");
            }
            self.reads.fetch_add(2, Ordering::Relaxed);
        }
    }

    /// Reads the file as the program does until the end, where only that it parses is promised.
    pub fn parse(&self, path: &Path) {
        let file = SharedFile {
            path: path.to_owned(),
            kind: Kind::Credentials,
        };
        while !self.is_over() {
            file.read().expect("the file parses");
            self.reads.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// botocore's own parser in a process of its own.
pub struct Botocore {
    child: Child,
    stop: PathBuf,
}

impl Botocore {
    /// Starts it, where the tests' Python environment is there.
    pub fn start(credentials: &Path, stop: PathBuf) -> Option<Botocore> {
        let python = python_environment()?.join("python");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hammers/reader.py");
        let child = Command::new(python)
            .args(["-I", script])
            .args([credentials, &stop])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Python starts");
        Some(Botocore { child, stop })
    }

    /// Ends it and returns how often it has parsed the file.
    pub fn end(self) -> usize {
        fs::write(&self.stop, "").expect("a file");
        let output = self.child.wait_with_output().expect("Python ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "botocore saw a broken file:\n{said}"
        );
        let reads = String::from_utf8_lossy(&output.stdout);
        reads.trim().parse().expect("a number of reads")
    }
}
