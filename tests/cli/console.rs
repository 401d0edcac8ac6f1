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

mod browsers;
mod endpoint;
mod roles;

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
