//! Writers that are killed at random moments, several at once, while readers watch.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use daypass::shared_files::{Kind, SharedFile};

use crate::{
    anvil::{self, Anvil, EDITOR_KEYS, Seen, editor_section, editor_value},
    crew::Crew,
    random::{Random, seed},
    support::{DAYPASS, Home, mode, set_mode},
    witness::{Botocore, Watch},
};

/// How many editors are at work at once.
const EDITORS: usize = 3;

/// How often all editors together are killed.
const KILLS_OF_EDITORS: usize = 801;

/// How often the program itself is killed.
const KILLS_OF_PROGRAM: usize = 240;

/// How long an editor lives at most: about as long as a few edits.
pub const SHORT: Duration = Duration::from_millis(30);

/// Makes this test program an editor: file, slot and generation.
const EDITOR: &str = "DAYPASS_TEST_EDITOR";

#[test]
fn editor() {
    // The writer that the tests below kill; by itself it has nothing to do.
    let Ok(job) = std::env::var(EDITOR) else {
        return;
    };
    let mut job = job.rsplitn(3, ':');
    let mut generation: u64 = job.next().unwrap().parse().unwrap();
    let section = editor_section(job.next().unwrap().parse().unwrap());
    let file = SharedFile {
        path: job.next().unwrap().into(),
        kind: Kind::Credentials,
    };
    loop {
        eprintln!("begin {generation}");
        let value = editor_value(generation);
        let pairs = EDITOR_KEYS.map(|key| (key, value.as_str()));
        file.edit(|document| document.set(&section, &pairs))
            .expect("the edit is done");
        eprintln!("done {generation}");
        generation += 1;
    }
}

/// An editor process and what it has said.
struct Editor {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
}

impl Editor {
    /// Starts one and waits until it edits.
    fn start(path: &Path, slot: usize, generation: u64) -> Editor {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::editor", "--nocapture"])
            .env(EDITOR, format!("{}:{slot}:{generation}", path.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the editor starts");
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert!(line.starts_with("begin"), "{line}");
        Editor { child, said }
    }

    /// Kills it; returns the last generation that it said it had written.
    fn kill(mut self) -> Option<u64> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        // The kill may have cut the last line short.
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut done = whole.lines().filter_map(|line| line.strip_prefix("done "));
        assert!(!said.contains("panicked"), "{said}");
        done.next_back().map(|number| number.parse().unwrap())
    }
}

/// Kills an editor so many times, after `longest` at the latest, and looks at the file each time;
/// returns how many edits were done.
pub fn kill_editors(
    look: impl Fn() -> Seen,
    path: &Path,
    slot: usize,
    (kills, longest): (usize, Duration),
    mut random: Random,
) -> u64 {
    let (mut next, mut edits) = (0, 0);
    for _ in 0..kills {
        let editor = Editor::start(path, slot, next);
        thread::sleep(Duration::from_micros(
            random.below(longest.as_micros() as u64),
        ));
        let done = editor.kill();
        let now = look().editors[&editor_section(slot)];
        // What was said to be done is there, and at most the one that was being written.
        let least = done.map_or(next.checked_sub(1), Some);
        let most = done.map_or(next, |done| done + 1);
        assert!(
            now == least || now == Some(most),
            "lost an edit: {now:?}, done {least:?}"
        );
        let begin = next;
        next = now.map_or(0, |now| now + 1);
        edits += next - begin;
    }
    edits
}

/// Kills the program itself again and again, in the middle of whatever it does.
fn kill_program(anvil: &Anvil, home: &Home, crew: &Crew, kills: usize, mut random: Random) {
    let commands = [
        ["login", "--force"].as_slice(),
        &["credential-process"],
        &["login"],
        &["logout"],
        &["logout"],
    ];
    // How long each takes when nobody kills it.
    let mut durations = [300, 300, 300, 60, 60].map(Duration::from_millis);
    let mut kill = 0;
    while kill < kills {
        let (name, _, device) = &crew.people[random.below(crew.people.len() as u64) as usize];
        fs::write(
            home.path(&format!("code-{name}")),
            home.sandbox.code(device),
        )
        .unwrap();
        let which = random.below(commands.len() as u64) as usize;
        let words = commands[which].iter().copied().chain([name.as_str()]);
        let mut command = home.daypass(words).command();
        let begin = Instant::now();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let whole = durations[which].as_micros() as u64;
        thread::sleep(Duration::from_micros(random.below(whole * 12 / 10)));
        if child.try_wait().unwrap().is_some() {
            // It was done before: not a kill, but now it is known how long it takes.
            durations[which] = begin.elapsed();
        } else {
            kill += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if let Err(error) = anvil.look(&home.path(".aws/credentials")) {
            panic!("kill {kill}, {} {name}: {error}", commands[which][0]);
        }
    }
}

/// A directory in memory, if there is such a thing: a disk would let the writers wait for it most
/// of the time, and a kill then hits nothing.
pub fn directory_in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// Our own files beside the credentials file, all of which must be private.
pub fn leftovers(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .contains(".daypass-")
        {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
            found.push(path);
        }
    }
    found
}

#[test]
fn a_thousand_writers_are_killed_and_nothing_is_lost() {
    let _alone = crate::alone();
    let seed = seed();
    let begin = Instant::now();
    let home = Home::new();
    let crew = Crew::new(&home.sandbox, 24);
    let text = anvil::text(EDITORS, &crew.keys(), &crew.sessions(), 0);
    let anvil = Anvil::new(&text);
    let credentials = home.path(".aws/credentials");
    let memory = directory_in_memory();
    let dotfiles = memory.path().to_owned();
    fs::write(dotfiles.join("credentials"), &text).unwrap();
    set_mode(&dotfiles.join("credentials"), 0o600);
    fs::remove_file(&credentials).unwrap();
    std::os::unix::fs::symlink(dotfiles.join("credentials"), &credentials).unwrap();
    home.write_config(&crew.config());

    let watch = Watch::default();
    let botocore = Botocore::start(&credentials, home.path("stop"));
    let edits: u64 = thread::scope(|scope| {
        let _over = watch.over();
        scope.spawn(|| watch.read(&anvil, &credentials));
        let editors: Vec<_> = (0..EDITORS)
            .map(|slot| {
                let (anvil, credentials) = (&anvil, &credentials);
                let look = || {
                    anvil
                        .look(credentials)
                        .unwrap_or_else(|error| panic!("{error}"))
                };
                let kills = KILLS_OF_EDITORS / EDITORS;
                let random = Random::new(seed + slot as u64);
                scope.spawn(move || kill_editors(look, credentials, slot, (kills, SHORT), random))
            })
            .collect();
        let random = Random::new(seed + 1_000);
        kill_program(&anvil, &home, &crew, KILLS_OF_PROGRAM, random);
        editors
            .into_iter()
            .map(|editor| editor.join().unwrap())
            .sum()
    });
    let botocore_reads = botocore.map_or(0, Botocore::end);

    // At most what each writer was writing when it was killed.
    let left = leftovers(&dotfiles);
    assert!(left.len() <= EDITORS + 1, "{left:?}");
    // Nobody has to tidy up: everybody logs in at once, and the next edit removes what is left.
    for (name, _, device) in &crew.people {
        let code = home.sandbox.fresh_code(device);
        let login = Instant::now();
        let run = home
            .daypass(["login", name, "--force", "--code", &code])
            .run();
        assert_eq!(run.exit, 0, "{}", run.report());
        assert!(
            login.elapsed() < Duration::from_secs(5),
            "{:?}",
            login.elapsed()
        );
    }
    assert_eq!(leftovers(&dotfiles), Vec::<PathBuf>::new());
    assert_eq!(
        anvil.look(&credentials).unwrap().sessions.len(),
        crew.people.len()
    );
    assert!(credentials.is_symlink());
    for (_, user, _) in &crew.people {
        let turn = home.path(&format!(".aws/daypass/{}.json", user.access_key_id));
        assert_eq!(mode(&turn), 0o600);
        let memory = fs::read_to_string(&turn).unwrap();
        serde_json::from_str::<serde_json::Value>(&memory).expect("a whole memory");
    }
    eprintln!(
        "crash: seed {seed}: {} kills ({KILLS_OF_PROGRAM} of {DAYPASS}), {edits} edits by editors, \
         {} reads by daypass's reader, {botocore_reads} by botocore, {} sessions from AWS, {:.1} s",
        KILLS_OF_EDITORS + KILLS_OF_PROGRAM,
        watch.reads.load(Ordering::Relaxed),
        home.sandbox.calls("GetSessionToken"),
        begin.elapsed().as_secs_f64()
    );
}
