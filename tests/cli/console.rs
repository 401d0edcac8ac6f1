//! `daypass console`

use std::{
    fs,
    io::Read,
    net::TcpStream,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use daypass_sandbox::{Fault, Role, Times};

use crate::support::{Home, Invocation, Pty, Run, assert_report, is_there, path_of, set_mode};

/// The home of a user whose company demands no MFA: a federated user has none.
fn home() -> Home {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home
}

/// A program of the home's own, in `~/bin`.
fn script(home: &Home, name: &str, text: &str) -> String {
    let path = home.path("bin").join(name);
    fs::create_dir_all(home.path("bin")).expect("~/bin");
    fs::write(&path, format!("#!/bin/sh\n{text}")).expect("a script");
    set_mode(&path, 0o755);
    path.display().to_string()
}

/// A browser that notes what it was started with, and where it ends: at the page, at the sign-in, and
/// at the page again.
const BROWSER: &str = "\
tr '\\0' ' ' < /proc/$$/cmdline > started-with
page=$(curl -s -o /dev/null -w '%{redirect_url}' \"$1\")
curl -s -o /dev/null -w '%{http_code} %{redirect_url}' \"$page\" > visited
curl -s -o /dev/null -w '%{http_code}' \"$1\" > again
touch done
";

fn wait_for(path: &Path) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !path.exists() {
        assert!(Instant::now() < deadline, "{} never comes", path.display());
        thread::sleep(Duration::from_millis(10));
    }
}

fn read(home: &Home, name: &str) -> String {
    fs::read_to_string(home.path(name)).expect("a file")
}

/// Where an address that was printed leads a browser.
fn follow(home: &Home, run: &Run) -> String {
    let format = "%{http_code} %{redirect_url}";
    let words = ["-s", "-o", "/dev/null", "-w", format, run.stdout.trim()];
    home.program("curl", words).run().stdout
}

#[test]
fn a_user_is_signed_in_as_a_federated_user_of_the_same_name() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    let run = home.daypass(["console", "work", "--print"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console acts for arn:aws:iam::123456789012:user/ada until [HH:MM], without MFA and without IAM: what your company denies without MFA is denied in it
    daypass: a profile with a role is the better way; daypass console --help says more
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
    assert_eq!(
        follow(&home, &run),
        "302 https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1"
    );
    let sign_ins = home.sandbox.sign_ins();
    assert_eq!(sign_ins.len(), 1);
    assert_eq!(
        sign_ins[0].arn,
        "arn:aws:sts::123456789012:federated-user/ada"
    );
    assert_eq!(sign_ins[0].session_duration, None);
    let session = home.sandbox.session(&sign_ins[0].access_key_id).unwrap();
    assert_eq!(session.requested_with, home.user.access_key_id);
    assert_eq!(session.duration, Duration::from_secs(8 * 3_600));
    // No code was asked for, and no session made or kept.
    assert_eq!(home.sandbox.calls("GetSessionToken"), 0);
    assert_eq!(home.credential("work-mfa", "aws_access_key_id"), None);
}

#[test]
fn the_service_and_the_region_of_the_profile_are_where_it_ends() {
    if !is_there("curl") {
        return;
    }
    let home = home();
    home.write_config(
        &home
            .profile_section("work")
            .replace("eu-west-1", "ap-southeast-2"),
    );
    let run = home
        .daypass(["console", "work", "--print", "--service", "ec2"])
        .run();
    assert_eq!(
        follow(&home, &run),
        "302 https://ap-southeast-2.console.aws.amazon.com/ec2/home?region=ap-southeast-2"
    );
}

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

#[test]
fn a_denied_federation_token_says_what_is_better() {
    // The company denies everything without MFA.
    let home = Home::new();
    let run = home.daypass(["console", "work", "--print"]).run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:GetFederationToken: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/ada with an explicit deny in an identity-based policy
      hint: a profile with a role is the better way: [profile NAME] with role_arn and source_profile = work, then daypass console NAME; without one, ask the administrator for the permission sts:GetFederationToken, which has to hold without MFA
    ");
    assert_eq!(home.sandbox.calls("getSigninToken"), 0);
}

#[test]
fn faults_of_the_endpoint_are_told_by_exit_code() {
    let home = home();
    for (fault, exit, what) in [
        (Fault::Status500, 5, "AWS could not answer: HTTP status 500"),
        (Fault::Status503, 5, "AWS could not answer: HTTP status 503"),
        (Fault::Garbage, 5, "the answer does not come from AWS"),
        (Fault::GarbageBinary, 5, "the answer does not come from AWS"),
        (Fault::Truncated, 5, "the answer does not come from AWS"),
        (Fault::Drop, 5, "AWS cannot be reached"),
        (Fault::Throttle, 4, "AWS refused to sign in to the console"),
        (
            Fault::Slow(Duration::from_secs(30)),
            5,
            "AWS did not answer in time",
        ),
    ] {
        home.sandbox
            .misbehave("getSigninToken", fault, Times::Next(1));
        let run = home.daypass(["console", "work", "--print"]).run();
        assert_eq!(run.exit, exit, "{fault:?}: {}", run.report());
        assert!(run.stderr.contains(what), "{fault:?}: {}", run.report());
        assert_eq!(run.stdout, "", "{fault:?}");
    }
}

#[test]
fn a_refusal_of_the_endpoint_says_what_may_be_wrong() {
    let home = home();
    let endpoint = refusing_endpoint();
    let run = home
        .daypass(["console", "work", "--print"])
        .env("AWS_ENDPOINT_URL_SIGNIN", &endpoint)
        .run();
    assert_report!(run.report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused to sign in to the console: the sign-in did not take the credentials (HTTP status 400)
      hint: they may have been revoked, or be of another partition than the address; this forgets what is cached: daypass logout work
    ");
}

/// An endpoint that refuses one request, as AWS does.
fn refusing_endpoint() -> String {
    use std::io::Write;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = [0; 64 * 1024];
        let _ = stream.read(&mut request);
        let page = "<h1>HTTP Status 400 - Invalid credentials parameter</h1>";
        let head = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html";
        let _ = write!(
            stream,
            "{head}\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        );
    });
    format!("http://{address}")
}

#[test]
fn the_endpoint_comes_from_the_flag_then_from_the_environment() {
    let home = home();
    let nowhere = "http://127.0.0.1:9/";
    let sandbox = home.sandbox.federation_url();
    let print = |run: Invocation| run.run().exit;
    let plain = || home.daypass(["console", "work", "--print"]);
    let flag = ["console", "work", "--print", "--federation-endpoint"];
    let flagged = |url: &str| home.daypass(flag.into_iter().chain([url]));
    // The environment's AWS_ENDPOINT_URL is the sandbox.
    assert_eq!(print(plain()), 0);
    assert_eq!(print(plain().env("AWS_ENDPOINT_URL_SIGNIN", nowhere)), 5);
    assert_eq!(print(flagged(nowhere)), 5);
    assert_eq!(
        print(flagged(&sandbox).env("AWS_ENDPOINT_URL_SIGNIN", nowhere)),
        0
    );
}

#[test]
fn credentials_are_not_sent_in_the_clear_over_the_network() {
    let home = home();
    let run = home
        .daypass([
            "console",
            "work",
            "--print",
            "--federation-endpoint",
            "http://signin.aws.amazon.com/federation",
        ])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: --federation-endpoint names an address without https: the credentials could be read on the way
      hint: leave it out: https://signin.aws.amazon.com/federation is AWS's own; http is for this machine only
    ");
    let run = home
        .daypass(["console", "work"])
        .env("AWS_ENDPOINT_URL_SIGNIN", "ftp://127.0.0.1/")
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: AWS_ENDPOINT_URL_SIGNIN does not hold the address of a federation endpoint
      hint: unset it: https://signin.aws.amazon.com/federation is AWS's own; http is for this machine only
    ");
    assert_eq!(home.sandbox.total_calls(), 0);
}

#[test]
fn what_is_no_service_is_not_made_a_part_of_an_address() {
    let home = home();
    let run = home
        .daypass(["console", "work", "--service", "ec2/../iam"])
        .run();
    assert_report!(run.report(), @"
    exit 2
    --- stderr
    daypass: error: invalid value 'ec2/../iam' for '--service <NAME>': a service is named as in the console's addresses, with small letters, digits and dashes: ec2, s3, cloudwatch
      hint: daypass --help shows the commands, daypass COMMAND --help their options
    ");
}

#[test]
fn a_device_of_an_unknown_partition_has_no_console_here() {
    let home = home();
    home.write_config(&home.config().replace("arn:aws:", "arn:aws-iso:"));
    let run = home.daypass(["console", "work", "--print"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: daypass does not know where the console of the partition 'aws-iso' is
    ");
}

#[test]
fn the_address_goes_down_a_pipe_that_nobody_reads_any_more() {
    let home = home();
    let mut child = home
        .daypass(["console", "work", "--print"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success());
    home.assert_no_secret("stderr", &String::from_utf8_lossy(&output.stderr));
}

/// A home whose user may assume a role, and a profile `prod` for it.
fn home_with_role(role: Role) -> Home {
    let home = Home::new();
    let arn = home.sandbox.add_role(role);
    let prod =
        format!("[profile prod]\nregion = eu-central-1\nrole_arn = {arn}\nsource_profile = work\n");
    home.write_config(&(home.config() + &prod));
    home
}

fn role_with_mfa() -> Role {
    Role {
        require_mfa: true,
        ..Role::default()
    }
}

#[test]
fn a_profile_with_a_role_is_signed_in_with_the_role_and_with_mfa() {
    if !is_there("curl") {
        return;
    }
    let home = home_with_role(role_with_mfa());
    home.log_in();
    let run = home
        .daypass(["console", "prod", "--print", "-s", "lambda"])
        .run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    http://[ADDRESS]/federation?Action=login&Destination=https%3A%2F%2Feu-central-1.console.aws.amazon.com%2Flambda%2Fhome%3Fregion%3Deu-central-1&SigninToken=[TOKEN]
    --- stderr
    daypass: the console has the role arn:aws:iam::123456789012:role/Admin until [HH:MM]
    daypass: this address is good for 15 minutes, and gives whoever has it the console
    ");
    assert_eq!(
        follow(&home, &run),
        "302 https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1"
    );
    let sign_ins = home.sandbox.sign_ins();
    let session = home.sandbox.session(&sign_ins[0].access_key_id).unwrap();
    assert_eq!(session.action, "AssumeRole");
    assert!(session.with_mfa);
    // AWS would refuse a duration, and lets the console go on as long as the role.
    assert_eq!(sign_ins[0].session_duration, None);
    assert_eq!(sign_ins[0].session_ends, session.expires);
    assert_eq!(home.sandbox.calls("GetFederationToken"), 0);
}

#[test]
fn a_role_that_is_assumed_already_is_signed_in_with_again() {
    let home = home_with_role(role_with_mfa());
    home.log_in();
    for _ in 0..2 {
        let run = home.daypass(["console", "prod", "--print"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);
    assert_eq!(home.sandbox.calls("getSigninToken"), 2);
}

#[test]
fn a_role_without_a_session_asks_for_a_code_on_the_terminal_only() {
    let home = home_with_role(role_with_mfa());
    let run = home.daypass(["console", "prod", "--print"]).run();
    assert_eq!(run.exit, 3, "{}", run.report());
    if !is_there("curl") {
        return;
    }
    let browser = script(&home, "browser", BROWSER);
    let console = home.daypass(["console", "prod"]).env("BROWSER", &browser);
    let mut terminal = Pty::start(&console);
    terminal.expect("MFA code for work");
    terminal.send(&format!("{}\r", home.code()));
    assert_eq!(terminal.finish().exit, 0);
    wait_for(&home.path("done"));
    assert_eq!(home.sandbox.calls("login"), 1);
    // Where nobody may be asked, it is not.
    home.daypass(["logout", "--all"]).run();
    let never = Pty::start(&home.daypass(["console", "prod", "--print", "--no-prompt"]));
    assert_eq!(never.finish().exit, 3);
}

#[test]
fn a_role_behind_a_role_is_signed_in_with() {
    let home = home_with_role(role_with_mfa());
    let first = "arn:aws:iam::123456789012:role/Admin";
    let arn = home.sandbox.add_role(Role {
        name: "Deploy".to_owned(),
        account: "210987654321".to_owned(),
        trusted: vec![first.to_owned()],
        ..Role::default()
    });
    let profile = format!("[profile deploy]\nrole_arn = {arn}\nsource_profile = prod\n");
    home.write_config(&(home.config() + &profile));
    home.log_in();
    let run = home.daypass(["console", "deploy", "--print"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let arn = &home.sandbox.sign_ins()[0].arn;
    let role = "arn:aws:sts::210987654321:assumed-role/Deploy/";
    assert!(arn.starts_with(role), "{arn}");
}

#[test]
fn a_role_that_cannot_be_assumed_is_told_before_any_sign_in() {
    let home = home_with_role(Role {
        trusted: Vec::new(),
        ..Role::default()
    });
    home.log_in();
    let run = home.daypass(["console", "prod"]).run();
    assert_eq!(run.exit, 4, "{}", run.report());
    assert_eq!(home.sandbox.calls("getSigninToken"), 0);
}
