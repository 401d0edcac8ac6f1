//! Files that cannot be replaced, or not written at all, as an ordinary user meets them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown, symlink},
    process::Command,
};

use crate::{
    ordinary_user::{OrdinaryUser, is_root},
    support::{DAYPASS, Home, Invocation, assert_report, is_there, mode, set_mode},
};

/// A login is refused before a code is spent; a tool is served all the same. Returns what the two
/// said.
fn cannot_be_saved(user: &OrdinaryUser, variables: &[(&str, &str)]) -> (String, String) {
    let run = |words: &[&str]| {
        let run = user.daypass(words);
        let with = |run, (name, value): &(&str, &str)| Invocation::env(run, name, value);
        variables.iter().fold(run, with).run()
    };
    let login = run(&["login", "work"]);
    assert_eq!(login.exit, 1, "{}", login.report());
    assert_eq!(
        user.home.sandbox.calls("GetSessionToken"),
        0,
        "a code was spent"
    );
    let tool = run(&["credential-process", "work"]);
    assert_eq!(tool.exit, 0, "{}", tool.report());
    assert!(tool.json()["SessionToken"].is_string());
    let served = tool.report().replace(&tool.stdout, "[JSON]\n");
    (login.report(), served)
}

/// So that nothing but the session would be in the credentials file.
fn keep_the_key_in_the_config_file(user: &OrdinaryUser) {
    let key = user.home.long_term_section("work");
    let (_, key) = key.split_once('\n').expect("a header");
    user.home.write_config(&(user.home.config() + key));
}

#[test]
fn a_read_only_file_in_a_read_only_directory_is_noticed_before_a_code_is_spent() {
    let user = OrdinaryUser::new();
    let before = user.home.credentials();
    set_mode(&user.home.path(".aws/credentials"), 0o400);
    set_mode(&user.home.path(".aws"), 0o500);
    let (login, tool) = cannot_be_saved(&user, &[]);
    assert_report!(login, @r#"
    exit 1
    --- stderr
    daypass: error: cannot write ~/.aws/credentials; nothing was changed
      caused by: Permission denied (os error 13)
      hint: chmod u+w ~/.aws/credentials; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/credentials
    "#);
    assert_report!(tool, @r#"
    exit 0
    --- stdout
    [JSON]
    --- stderr
    daypass: warning: the session could not be saved and serves this once only: cannot write ~/.aws/credentials; nothing was changed: Permission denied (os error 13); hint: chmod u+w ~/.aws/credentials; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/credentials
    "#);
    assert_eq!(user.home.credentials(), before);
}

#[test]
fn a_file_of_somebody_else_is_not_written() {
    let user = OrdinaryUser::new();
    if !is_root() {
        eprintln!("SKIPPED: only the superuser can give a file away");
        return;
    }
    let path = user.home.path(".aws/credentials");
    chown(&path, Some(0), Some(0)).unwrap();
    set_mode(&path, 0o644);
    let before = user.home.credentials();
    let (login, tool) = cannot_be_saved(&user, &[]);
    assert_report!(login, @r#"
    exit 1
    --- stderr
    daypass: error: cannot write ~/.aws/credentials; nothing was changed
      caused by: Permission denied (os error 13)
      hint: chmod u+w ~/.aws/credentials; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/credentials
    "#);
    assert_report!(tool, @r#"
    exit 0
    --- stdout
    [JSON]
    --- stderr
    daypass: warning: the session could not be saved and serves this once only: cannot write ~/.aws/credentials; nothing was changed: Permission denied (os error 13); hint: chmod u+w ~/.aws/credentials; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/credentials
    "#);
    assert_eq!(user.home.credentials(), before);
    assert_eq!(fs::metadata(&path).unwrap().uid(), 0);
}

#[test]
fn a_link_to_a_file_that_cannot_be_made_is_noticed_too() {
    let user = OrdinaryUser::new();
    keep_the_key_in_the_config_file(&user);
    fs::create_dir(user.home.path("closed")).unwrap();
    set_mode(&user.home.path("closed"), 0o555);
    if is_root() {
        chown(user.home.path("closed"), Some(0), Some(0)).unwrap();
    }
    let path = user.home.path(".aws/credentials");
    fs::remove_file(&path).unwrap();
    symlink("../closed/credentials", &path).unwrap();
    let (login, tool) = cannot_be_saved(&user, &[]);
    assert_report!(login, @r#"
    exit 1
    --- stderr
    daypass: error: cannot make ~/.aws/../closed/credentials
      caused by: Permission denied (os error 13)
      hint: chmod u+wx ~/.aws/../closed; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/../closed
    "#);
    assert_report!(tool, @r#"
    exit 0
    --- stdout
    [JSON]
    --- stderr
    daypass: warning: the session could not be saved and serves this once only: cannot make ~/.aws/../closed/credentials: Permission denied (os error 13); hint: chmod u+wx ~/.aws/../closed; or, if it belongs to somebody else: sudo chown "$USER" ~/.aws/../closed
    "#);
    assert!(path.is_symlink());
}

#[test]
fn a_file_that_is_no_file_is_noticed_too() {
    let user = OrdinaryUser::new();
    keep_the_key_in_the_config_file(&user);
    let (login, tool) = cannot_be_saved(&user, &[("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")]);
    assert_report!(login, @"
    exit 1
    --- stderr
    daypass: error: /dev/null is not a regular file
      hint: AWS tools need a plain file there: let AWS_SHARED_CREDENTIALS_FILE (or AWS_CONFIG_FILE) name one, or make room for it
    ");
    assert_report!(tool, @"
    exit 0
    --- stdout
    [JSON]
    --- stderr
    daypass: warning: the session could not be saved and serves this once only: /dev/null is not a regular file; hint: AWS tools need a plain file there: let AWS_SHARED_CREDENTIALS_FILE (or AWS_CONFIG_FILE) name one, or make room for it
    ");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let user = OrdinaryUser::new();
    keep_the_key_in_the_config_file(&user);
    let path = user
        .home
        .path("closed/aws/credentials")
        .display()
        .to_string();
    fs::create_dir(user.home.path("closed")).unwrap();
    set_mode(&user.home.path("closed"), 0o555);
    if is_root() {
        chown(user.home.path("closed"), Some(0), Some(0)).unwrap();
    }
    let (login, tool) = cannot_be_saved(&user, &[("AWS_SHARED_CREDENTIALS_FILE", &path)]);
    assert_report!(login, @r#"
    exit 1
    --- stderr
    daypass: error: cannot make the directory ~/closed/aws
      caused by: Permission denied (os error 13)
      hint: chmod u+wx ~/closed; or, if it belongs to somebody else: sudo chown "$USER" ~/closed
    "#);
    assert_report!(tool, @r#"
    exit 0
    --- stdout
    [JSON]
    --- stderr
    daypass: warning: the session could not be saved and serves this once only: cannot make the directory ~/closed/aws: Permission denied (os error 13); hint: chmod u+wx ~/closed; or, if it belongs to somebody else: sudo chown "$USER" ~/closed
    "#);
}

#[test]
fn a_directory_that_is_not_there_is_made_private() {
    let user = OrdinaryUser::new();
    keep_the_key_in_the_config_file(&user);
    let path = user.home.path("new/aws/credentials");
    user.home.allow_secrets_in("new/aws/credentials");
    let run = user.daypass(&["login", "work"]);
    let run = run
        .env("AWS_SHARED_CREDENTIALS_FILE", &path.display().to_string())
        .run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert_eq!(mode(&user.home.path("new")), 0o700);
    assert_eq!(mode(&user.home.path("new/aws")), 0o700);
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_link_that_leads_nowhere_yet_gets_its_file() {
    let user = OrdinaryUser::new();
    let path = user.home.path(".aws/credentials");
    fs::rename(&path, user.home.path("elsewhere")).unwrap();
    keep_the_key_in_the_config_file(&user);
    symlink("../there", &path).unwrap();
    user.home.allow_secrets_in("there");
    let run = user.daypass(&["login", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert!(path.is_symlink() && user.home.path("there").is_file());
    assert_eq!(mode(&user.home.path("there")), 0o600);
}

#[test]
fn a_file_of_ones_own_in_a_read_only_directory_is_written_in_place() {
    let user = OrdinaryUser::new();
    let path = user.home.path(".aws/credentials");
    set_mode(&user.home.path(".aws"), 0o500);
    let before = fs::metadata(&path).unwrap().ino();
    let run = user.daypass(&["login", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    let run = user.daypass(&["logout", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert_eq!(fs::metadata(&path).unwrap().ino(), before);
    assert_eq!(copies(&user), Vec::<String>::new());
}

#[test]
fn a_mode_that_cannot_be_tightened_is_warned_of() {
    let user = OrdinaryUser::new();
    if !is_root() {
        eprintln!("SKIPPED: only the superuser can give a file away");
        return;
    }
    let path = user.home.path(".aws/credentials");
    chown(&path, Some(0), Some(0)).unwrap();
    set_mode(&path, 0o666);
    user.home.allow_open_modes();
    let run = user.daypass(&["login", "work"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    --- stderr
    daypass: warning: ~/.aws/credentials is open to others (mode 0666), and only its owner can close it: sudo chmod 600 ~/.aws/credentials
    ");
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!((metadata.uid(), mode(&path)), (0, 0o666));
}

#[test]
fn a_group_that_may_do_nothing_with_the_file_does_not_stand_in_the_way() {
    let user = OrdinaryUser::new();
    if !is_root() {
        eprintln!("SKIPPED: only the superuser can give a file to any group");
        return;
    }
    let path = user.home.path(".aws/credentials");
    chown(&path, None, Some(0)).unwrap();
    set_mode(&path, 0o400);
    let run = user.daypass(&["login", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert_eq!(mode(&path), 0o400);
}

#[test]
fn a_write_in_place_that_was_cut_short_is_mended_by_what_the_hint_says() {
    if !is_there("prlimit") {
        return;
    }
    let user = OrdinaryUser::new();
    let before = user.home.credentials();
    set_mode(&user.home.path(".aws"), 0o500);
    // The system kills the program when the file gets this long: in the middle of a key's name.
    let limit =
        before.len() + "\n[work-mfa]\naws_access_key_id = ASIA0123456789ABCDEF\naws_sec".len();
    let words = user.daypass(&["login", "work"]);
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--fsize={limit}"))
        .args(words.words())
        .env_clear()
        .envs(words.variables().iter().cloned())
        .current_dir(user.home.path(""));
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{output:?}");
    let torn = user.home.credentials();
    assert!(
        torn.starts_with(&before) && torn.ends_with("\naws_sec"),
        "{torn}"
    );
    assert_eq!(copies(&user).len(), 1);

    let run = user.daypass(&["status", "work"]).run();
    let copy = copies(&user).remove(0);
    let (_, name) = copy.rsplit_once('/').unwrap();
    let report = run.report().replace(name, "[COPY]");
    assert_report!(report, @r#"
    exit 1
    --- stderr
    daypass: error: ~/.aws/credentials, line 7: there is no "="
      hint: writing this file was cut short; this puts back what it held before: cp ~/tmp/[COPY] ~/.aws/credentials
    "#);
    let (_, hint) = run
        .stderr
        .split_once("this puts back what it held before: ")
        .unwrap();
    assert!(
        Command::new("sh")
            .args(["-c", hint])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(user.home.credentials(), before);

    // And the next write removes the copy.
    fs::write(user.home.path("code"), user.home.code()).unwrap();
    user.home.note_inputs();
    let run = user.daypass(&["login", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    assert_eq!(copies(&user), Vec::<String>::new());
}

#[test]
fn a_copy_that_nobody_can_judge_is_kept_and_named() {
    let user = OrdinaryUser::new();
    let name = ".credentials.daypass-copy-0123456789abcdef-aBcDeF";
    fs::write(user.home.path(".aws").join(name), "[a]\nk = old\n").unwrap();
    set_mode(&user.home.path(".aws").join(name), 0o600);
    if is_root() {
        chown(user.home.path(".aws").join(name), Some(65_534), None).unwrap();
    }
    let run = user.daypass(&["login", "work"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: logged in until [HH:MM] (8 h left)
    --- stderr
    daypass: warning: a write of ~/.aws/credentials was cut short once, and what it held before is in ~/.aws/.credentials.daypass-copy-0123456789abcdef-aBcDeF: compare the two (diff shows secrets), put back what is missing, then remove the copy
    ");
    assert!(user.home.path(".aws").join(name).exists());
}

#[test]
fn a_full_disk_costs_neither_the_old_content_nor_the_session() {
    if !is_there("unshare") {
        return;
    }
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "mfa_process = cat code\n"));
    let before = home.credentials();
    home.allow_secrets_in("kept/credentials");
    // A small file system over ~/.aws that is then filled to its end.
    let script =
        "cp -a .aws kept && mount -t tmpfs -o size=64k none .aws && cp -a kept/. .aws || exit 77
        for number in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
            head -c 4096 /dev/zero > .aws/fill$number || break
        done 2>/dev/null
        \"$@\"; status=$?; cmp .aws/credentials kept/credentials || exit 9; exit $status";
    for (words, exit) in [(["credential-process", "work"], 0), (["login", "work"], 1)] {
        fs::write(home.path("code"), home.code()).unwrap();
        home.note_inputs();
        let arguments = [
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            script,
            "sh",
            DAYPASS,
        ];
        let run = home
            .program("unshare", arguments.into_iter().chain(words))
            .run();
        let _ = fs::remove_dir_all(home.path("kept"));
        if run.exit == 77 || run.stderr.starts_with("unshare: ") {
            assert!(std::env::var_os("CI").is_none(), "{}", run.report());
            eprintln!("SKIPPED: this system does not allow mounts in a namespace");
            return;
        }
        assert_eq!(run.exit, exit, "{}", run.report());
        assert!(
            run.stderr.contains("the disk is full; nothing was changed"),
            "{}",
            run.report()
        );
        assert_eq!(run.stdout.contains("SessionToken"), exit == 0);
        assert_eq!(home.credentials(), before);
    }
}

/// The names of the copies that are left, with their directories.
fn copies(user: &OrdinaryUser) -> Vec<String> {
    let mut found = Vec::new();
    for directory in [".aws", "tmp"] {
        for entry in fs::read_dir(user.home.path(directory)).unwrap() {
            let path = entry.unwrap().path().display().to_string();
            if path.contains(".daypass-") {
                found.push(path);
            }
        }
    }
    found
}
