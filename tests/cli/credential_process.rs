//! `daypass credential-process`: what it prints, and when it renews.

use std::{
    io::Read,
    process::{Child, Stdio},
    time::Duration,
};

use crate::support::{DAYPASS, Home, Pty, is_there, may_look_into_daypass};

const AT_7_45: i64 = 7 * 3_600 + 45 * 60;

#[test]
fn a_cached_session_is_one_json_document_and_no_connection() {
    let home = Home::new();
    home.log_in();
    let connections = home.sandbox.connections();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    let json = run.json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "AccessKeyId",
            "AccountId",
            "Expiration",
            "SecretAccessKey",
            "SessionToken",
            "Version"
        ]
    );
    assert_eq!(json["Version"], 1);
    assert_eq!(json["AccountId"], "123456789012");
    for (field, key) in [
        ("AccessKeyId", "aws_access_key_id"),
        ("SecretAccessKey", "aws_secret_access_key"),
        ("SessionToken", "aws_session_token"),
        ("Expiration", "expiration"),
    ] {
        assert_eq!(
            json[field].as_str(),
            home.credential("work-mfa", key).as_deref(),
            "{field}"
        );
    }
    assert_eq!(home.sandbox.connections(), connections);
}

#[test]
fn a_cached_session_starts_no_runtime_and_opens_nothing_but_the_two_files() {
    if !is_there("strace") || !may_look_into_daypass() {
        return;
    }
    let home = Home::new();
    home.log_in();
    let program = ["-f", "-o", "trace", DAYPASS, "credential-process", "work"];
    assert_eq!(home.program("strace", program).run().exit, 0);
    let trace = std::fs::read_to_string(home.path("trace")).unwrap();
    for call in [
        "socket(",
        "connect(",
        "clone(",
        "clone3(",
        "fork(",
        "epoll_create",
        "eventfd",
    ] {
        assert!(!trace.contains(call), "{call}\n{trace}");
    }
    let system = ["/lib/", "/usr/lib/", "/etc/ld.so."];
    let (system, opened): (Vec<&str>, Vec<&str>) = trace
        .lines()
        .filter(|line| line.contains("open") && line.contains('"') && !line.contains("= -1"))
        .filter_map(|line| line.split('"').nth(1))
        .partition(|path| system.iter().any(|prefix| path.starts_with(prefix)));
    if cfg!(target_env = "gnu") {
        // To find, map and link another one takes a tenth of a millisecond.
        let mut libraries = system.iter().filter(|path| path.contains(".so."));
        assert!(
            libraries.all(|path| path.ends_with("/libc.so.6") || path.ends_with("/ld.so.cache")),
            "{system:?}"
        );
    }
    let home_path = |path| home.path(path).display().to_string();
    assert_eq!(
        opened,
        [home_path(".aws/config"), home_path(".aws/credentials")]
    );
}

#[test]
fn the_expiration_is_the_age_limit_even_for_longer_sessions() {
    let home = Home::new();
    home.write_config(&(home.profile_section("work") + "duration_seconds = 43200\n"));
    home.log_in();
    let json = home.daypass(["credential-process", "work"]).run().json();
    let moment = |text: &str| daypass::time::parse_timestamp(text).unwrap();
    let mfa_time = moment(&home.credential("work-mfa", "daypass_mfa_time").unwrap());
    let expiration = moment(json["Expiration"].as_str().unwrap());
    assert_eq!((expiration - mfa_time).num_seconds(), 28_800);
    let raw = moment(&home.credential("work-mfa", "expiration").unwrap());
    assert_eq!((raw - mfa_time).num_seconds(), 43_200);
}

#[test]
fn in_the_refresh_window_the_old_session_is_served_when_nobody_can_be_asked() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(
        run.json()["AccessKeyId"].as_str().map(str::to_owned),
        home.credential("work-mfa", "aws_access_key_id")
    );
    // Not even a terminal is bothered while the old session is good.
    let terminal = Pty::start_captured(&home.daypass(["credential-process", "work"]).at(AT_7_45));
    assert_eq!(terminal.finish().exit, 0);
    let run = home
        .daypass(["credential-process", "work"])
        .at(8 * 3_600 + 1)
        .run();
    assert_eq!(run.exit, 3, "{}", run.report());
}

#[test]
fn in_the_refresh_window_mfa_process_renews_silently() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    let old = home.credential("work-mfa", "aws_access_key_id");
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(home.credential("work-mfa", "aws_access_key_id"), old);
}

#[test]
fn a_renewal_that_fails_in_the_refresh_window_costs_nothing() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    home.write_config(&(home.profile_section("work") + "mfa_process = false\n"));
    let run = home
        .daypass(["credential-process", "work"])
        .at(AT_7_45)
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(
        run.stderr
            .contains("warning: the session could not be renewed yet"),
        "{}",
        run.report()
    );
}

#[test]
fn a_profile_that_gets_a_serial_no_longer_uses_the_session_of_another_device() {
    let home = Home::new();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.log_in();
    assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 0);
    home.write_config("[profile work]\nmfa_serial = arn:aws:iam::123456789012:mfa/new-phone\n");
    assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 3);
}

#[test]
fn a_short_session_is_not_renewed_at_every_call() {
    let home = Home::new();
    let process = format!(
        "mfa_process = echo {}\nduration_seconds = 900\n",
        home.code()
    );
    home.write_config(&(home.profile_section("work") + &process));
    for _ in 0..3 {
        assert_eq!(home.daypass(["credential-process", "work"]).run().exit, 0);
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_locked_credentials_file_does_not_keep_the_session_back() {
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let locked = std::fs::File::open(home.path(".aws/credentials")).unwrap();
    locked.lock().unwrap();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.stderr.contains("kept it locked"), "{}", run.report());
}

#[test]
fn a_renewal_that_failed_is_not_tried_again_at_every_call() {
    if !is_there("faketime") {
        return;
    }
    let home = Home::new();
    home.log_in();
    home.sandbox.advance(Duration::from_secs(AT_7_45 as u64));
    std::fs::write(home.path("code"), "echo run >> runs; exit 1\n").unwrap();
    home.write_config(&(home.profile_section("work") + "mfa_process = sh code\n"));
    for _ in 0..3 {
        let run = home
            .daypass(["credential-process", "work"])
            .at(AT_7_45)
            .run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
    assert_eq!(std::fs::read_to_string(home.path("runs")).unwrap(), "run\n");
}

#[test]
fn an_ascii_terminal_control_in_a_profile_name_makes_it_no_profile() {
    let home = Home::new();
    home.write_config("[profile e\u{1b}[31mvil]\nmfa_serial = GAHT12345678\n");
    let run = home.daypass(["status"]).run();
    assert!(!run.stdout.contains('\u{1b}'), "{}", run.report());
}

#[test]
fn a_caller_that_has_gone_does_not_cost_the_session() {
    let home = Home::new();
    let process = format!("mfa_process = echo {}\n", home.code());
    home.write_config(&(home.profile_section("work") + &process));
    let mut child: Child = home
        .daypass(["credential-process", "work"])
        .command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{stderr}");
    assert!(home.credential("work-mfa", "aws_session_token").is_some());
}

#[test]
fn a_session_that_cannot_be_saved_is_handed_out_all_the_same() {
    let home = Home::new();
    home.break_credentials_with_mfa_process();
    let run = home.daypass(["credential-process", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.json()["SessionToken"].is_string());
    assert!(
        run.stderr
            .contains("warning: the session could not be saved"),
        "{}",
        run.report()
    );
}
