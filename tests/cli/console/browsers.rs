//! The way to the browser: who opens it, what it is given, and what if there is none.

use super::*;

#[test]
fn the_browser_gets_an_address_that_leads_to_the_sign_in_once() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    let browser = script(&home, "browser", BROWSER);
    let run = home
        .daypass(["console", "work", "-s", "s3"])
        .env("BROWSER", &browser)
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: waiting for the browser to open http://[ADDRESS]/[RANDOM] (Ctrl-C gives up)
    ");
    wait_for(&home.path("done"));
    assert_eq!(
        read(&home, "visited"),
        "302 https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"
    );
    // Gone while daypass is still there, and with it afterwards.
    let again = read(&home, "again");
    assert!(["410", "000"].contains(&again.as_str()), "{again}");
    let words = read(&home, "started-with");
    home.assert_no_secret("the command line of the browser", &words);
    assert!(words.contains("http://127.0.0.1:"), "{words}");
    assert_eq!(home.sandbox.calls("login"), 1);
}

#[test]
fn the_next_browser_is_tried_where_one_fails() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    let failing = script(&home, "failing", "exit 3\n");
    let working = script(&home, "working", BROWSER);
    let run = home
        .daypass(["console", "work"])
        .env("BROWSER", &format!("{failing}:{working} %s"))
        .run();
    wait_for(&home.path("done"));
    assert_report!(run.report(), @"
    exit 0
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: waiting for the browser to open http://[ADDRESS]/[RANDOM] (Ctrl-C gives up)
    daypass: warning: failing failed (exit status: 3)
    ");
    assert_eq!(home.sandbox.calls("login"), 1);
}

#[test]
fn the_desktops_own_opener_is_used_where_there_is_a_display() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    script(&home, "xdg-open", BROWSER);
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", home.path("bin").display());
    let run = home
        .daypass(["console", "work"])
        .env("PATH", &path)
        .env("WAYLAND_DISPLAY", "wayland-0")
        .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    wait_for(&home.path("done"));
    assert!(read(&home, "visited").starts_with("302 https://"));
}

#[test]
fn a_browser_of_the_terminal_has_it_to_itself_until_it_ends() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    let text = "curl -s -o /dev/null \"$1\"\necho 'a page'\nread key\necho \"the key $key\"\n";
    let browser = script(&home, "w3m", text);
    let console = home.daypass(["console", "work"]).env("BROWSER", &browser);
    let mut terminal = Pty::start(&console);
    terminal.expect("a page");
    terminal.send("q\r");
    terminal.expect("the key q");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn where_there_is_no_browser_the_address_is_printed_and_it_says_why() {
    let home = home();
    assert_report!(home.daypass(["console", "work"]).run().report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: warning: the address is printed, since there is no display to open a browser on (DISPLAY and WAYLAND_DISPLAY are not set)
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
    let run = home
        .daypass(["console", "work"])
        .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: warning: the address is printed, since this is a session of SSH without a display
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
    // What starts every run here.
    let only_setsid = home.path("bin");
    fs::create_dir(&only_setsid).expect("~/bin");
    let setsid = path_of("setsid").expect("setsid");
    std::os::unix::fs::symlink(setsid, only_setsid.join("setsid")).expect("a link");
    let run = home
        .daypass(["console", "work"])
        .env("DISPLAY", ":0")
        .env("PATH", &only_setsid.display().to_string())
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: warning: the address is printed, since xdg-open is not installed
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
}

#[test]
fn a_browser_that_is_not_there_is_named() {
    let home = home();
    let run = home
        .daypass(["console", "work"])
        .env("BROWSER", "nosuch")
        .run();
    assert!(
        run.stderr.contains("the address is printed, since BROWSER names no program that is there ('nosuch'), and there is no display"),
        "{}",
        run.report()
    );
}

#[test]
fn where_every_browser_fails_the_address_is_printed() {
    let home = home();
    let failing = script(&home, "failing", "exit 3\n");
    let run = home
        .daypass(["console", "work"])
        .env("BROWSER", &format!("{failing}:/nowhere/browser"))
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: waiting for the browser to open http://[ADDRESS]/[RANDOM] (Ctrl-C gives up)
    daypass: warning: failing failed (exit status: 3)
    daypass: warning: browser cannot be started: No such file or directory (os error 2)
    daypass: warning: the address is printed, since no browser could be opened
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
}

#[test]
fn ctrl_c_ends_the_wait_and_the_address_with_it() {
    let home = home();
    let mut terminal = Pty::start(
        &home
            .daypass(["console", "work"])
            .env("BROWSER", "true")
            .env("COLUMNS", "200"),
    );
    terminal.expect("(Ctrl-C gives up)");
    let port = listening_port(terminal.id());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    terminal.send("\x03");
    let run = terminal.finish();
    assert_ne!(run.exit, 0);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert_eq!(home.sandbox.calls("login"), 0);
}

/// The port on which a process listens.
fn listening_port(process: u32) -> u16 {
    let inodes: Vec<String> = fs::read_dir(format!("/proc/{process}/fd"))
        .expect("the open files")
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .filter_map(|link| {
            let link = link.display().to_string();
            let inode = link.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let table = fs::read_to_string("/proc/net/tcp").expect("the table of connections");
    table
        .lines()
        .map(|line| line.split_ascii_whitespace().collect::<Vec<_>>())
        .find(|fields| fields[3] == "0A" && inodes.iter().any(|inode| inode == fields[9]))
        .and_then(|fields| u16::from_str_radix(fields[1].split(':').nth(1)?, 16).ok())
        .expect("a port")
}

#[test]
fn other_users_of_the_machine_are_not_sent_anywhere() {
    if !is_there("setpriv") || !is_there("curl") || !rustix::process::geteuid().is_root() {
        return;
    }
    let home = home();
    let directory = tempfile::tempdir().expect("a directory");
    set_mode(directory.path(), 0o777);
    let noted = directory.path().join("noted");
    // daypass is not root here, so that root's browser is not its own.
    let thief = format!(
        "setpriv --reuid=65534 --regid=65534 --clear-groups curl -s -w '%{{http_code}}' \"$1\" > {}\n\
         curl -s -o /dev/null \"$1\"\ntouch done\n",
        noted.display()
    );
    let browser = script(&home, "browser", &thief);
    let run = home
        .daypass(["console", "work"])
        .env("BROWSER", &browser)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    wait_for(&home.path("done"));
    assert_eq!(fs::read_to_string(noted).expect("what was noted"), "000");
}
