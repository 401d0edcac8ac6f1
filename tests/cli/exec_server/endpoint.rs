//! The endpoint: what it says to whom, and how soon.

use std::{
    fs,
    io::Write,
    time::{Duration, Instant},
};

use super::{
    moved_clock::MovedClock,
    served::{Answer, Served, run_of},
};
use crate::support::{Home, is_there};

#[test]
fn the_endpoint_hands_out_the_session_in_the_words_of_the_protocol() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let (status, body) = served.ask();
    let session = |key| home.credential("work-mfa", key).expect("a session");
    assert_eq!(status, 200);
    assert_eq!(
        body,
        serde_json::json!({
            "AccessKeyId": session("aws_access_key_id"),
            "SecretAccessKey": session("aws_secret_access_key"),
            "Token": session("aws_session_token"),
            "Expiration": session("expiration"),
            "AccountId": "123456789012",
        })
    );
    assert_eq!(served.end(), "");
}

#[test]
fn who_is_not_the_command_gets_nothing() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let good = served.request("GET", "/credentials");
    let host = format!("Host: {}\r\n", served.address);
    let authorization = format!("Authorization: {}\r\n", served.token);
    let port = served.address.trim_start_matches("127.0.0.1:");
    // All but the last digit.
    let other = if served.token.ends_with('0') {
        '1'
    } else {
        '0'
    };
    let nearly = format!("{}{other}", &served.token[..63]);
    for (request, status, code) in [
        (good.replace(&authorization, ""), 401, "NoToken"),
        (good.replace(&served.token, "wrong"), 403, "WrongToken"),
        (good.replace(&served.token, &nearly), 403, "WrongToken"),
        (good.replace(&served.token, ""), 403, "WrongToken"),
        (
            good.replace(&served.token, &format!("Bearer {}", served.token)),
            403,
            "WrongToken",
        ),
        (
            good.replace(&authorization, &authorization.repeat(2)),
            403,
            "WrongToken",
        ),
        (good.replace(&host, ""), 403, "WrongHost"),
        (good.replace(&host, &host.repeat(2)), 403, "WrongHost"),
        (
            good.replace(&host, &format!("Host: evil.example:{port}\r\n")),
            403,
            "WrongHost",
        ),
        (
            good.replace(&host, &format!("Host: localhost:{port}\r\n")),
            403,
            "WrongHost",
        ),
        (
            good.replace("GET /", "GET http://evil.example/"),
            403,
            "WrongHost",
        ),
        (good.replace("/credentials", "/"), 404, "NotFound"),
        (
            good.replace("/credentials", "/credentials/x"),
            404,
            "NotFound",
        ),
        (good.replace("GET", "POST"), 405, "NotAllowed"),
        (good.replace("GET", "PUT"), 405, "NotAllowed"),
        (good.replace("GET", "DELETE"), 405, "NotAllowed"),
    ] {
        let answer = served.send(&request);
        assert_eq!(answer.status, status, "{request}{answer:?}");
        let body = answer.json();
        assert_eq!(body["code"], code, "{request}{answer:?}");
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|text| text.starts_with("daypass: ")),
            "{answer:?}"
        );
        home.assert_no_secret("a refusal", &answer.body);
        assert!(!answer.body.contains(&served.token), "{answer:?}");
    }
    assert_eq!(served.ask().0, 200);
}

#[test]
fn a_head_that_is_too_long_or_makes_no_sense_is_refused() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let good = served.request("GET", "/credentials");
    let with = |header: String| good.replace("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"));
    for (request, status) in [
        (with(format!("X-Long: {}", "x".repeat(64 * 1024))), 431),
        (
            with(
                (0..100)
                    .map(|n| format!("X-{n}: x\r\n"))
                    .collect::<String>()
                    + "X: x",
            ),
            431,
        ),
        ("\u{16}\u{3}\u{1} this is TLS\r\n\r\n".to_owned(), 400),
        ("GET\r\n\r\n".to_owned(), 400),
    ] {
        let mut stream = served.connect();
        // The endpoint may close the connection before it has read all of it.
        let _ = stream.write_all(request.as_bytes());
        let answer = Answer::read(stream);
        assert!(
            answer.status == status || answer.status == 0,
            "{answer:?} to {} bytes",
            request.len()
        );
        assert!(!answer.body.contains("AccessKeyId"));
    }
    assert_eq!(served.ask().0, 200);
}

#[test]
fn whoever_connects_and_says_nothing_keeps_nobody_out() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let mut silent: Vec<_> = (0..300)
        .map(|_| {
            let mut stream = served.connect();
            let _ = stream.write_all(b"GET /cred");
            stream
        })
        .collect();
    let started = Instant::now();
    assert_eq!(served.ask().0, 200);
    let took = started.elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    // The first ones have been closed for the sake of others, long before the two seconds of a slow one.
    let first = silent.remove(0);
    assert_eq!(Answer::read(first).status, 0);
    let took = started.elapsed();
    assert!(took < Duration::from_millis(1_500), "{took:?}");
    // The last one has not been closed for the sake of others: it is for its own slowness.
    let slow = silent.pop().expect("a connection");
    let answer = Answer::read(slow);
    assert_ne!(answer.status, 200);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_request_is_answered_at_once() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let mut took: Vec<Duration> = (0..50)
        .map(|_| {
            let started = Instant::now();
            assert_eq!(served.ask().0, 200);
            started.elapsed()
        })
        .collect();
    took.sort();
    println!("median {:?}, slowest {:?}", took[25], took[49]);
    // The SDK for JavaScript waits for a second.
    assert!(took[25] < Duration::from_millis(100), "{took:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_but_a_port_of_loopback_is_listened_on_and_only_while_the_command_runs() {
    let home = Home::new();
    home.log_in();
    let served = Served::start(&home);
    let port: u16 = served.address["127.0.0.1:".len()..]
        .parse()
        .expect("a port");
    let sockets = sockets_of(served.id());
    let listening = |file: &str| {
        let table = fs::read_to_string(file).expect("the table of sockets");
        table
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            // State 0A is LISTEN.
            .filter(|fields| fields[3] == "0A" && sockets.contains(&fields[9].to_owned()))
            .map(|fields| fields[1].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listening("/proc/net/tcp"), [format!("0100007F:{port:04X}")]);
    assert!(listening("/proc/net/tcp6").is_empty());
    let address = served.address.clone();
    assert_eq!(served.end(), "");
    assert!(std::net::TcpStream::connect(address).is_err());
}

/// The numbers of the sockets that a process has open.
#[cfg(target_os = "linux")]
fn sockets_of(id: u32) -> Vec<String> {
    let entries = fs::read_dir(format!("/proc/{id}/fd")).expect("root may look");
    entries
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|link| {
            let link = link.to_string_lossy().into_owned();
            Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
        })
        .collect()
}

#[test]
fn a_request_that_finds_the_session_ended_waits_for_a_renewal_that_asks_nobody() {
    let home = Home::new();
    let (Some(mut clock), true) = (MovedClock::start(&home), is_there("oathtool")) else {
        return;
    };
    let code = format!("mfa_process = oathtool --totp -b {}\n", home.device.seed);
    home.write_config(&(home.profile_section("work") + &code));
    let served = Served::start_as(&clock.rules(run_of(&home)));
    assert_eq!(served.ask().0, 200);
    clock.advance(Duration::from_secs(9 * 3_600));
    let started = Instant::now();
    let (status, body) = served.ask();
    let took = started.elapsed();
    // On a machine that is busy with other tests, a renewal may take longer than a client waits.
    let waited = took > Duration::from_millis(700) && took < Duration::from_secs(1);
    assert!(
        status == 200 || (status == 503 && waited),
        "{took:?}: {body}"
    );
    assert_eq!(served.end(), "");
}

#[test]
fn a_session_that_has_ended_is_found_again_after_a_login_elsewhere() {
    let home = Home::new();
    let Some(mut clock) = MovedClock::start(&home) else {
        return;
    };
    home.log_in();
    let served = Served::start_as(&clock.rules(run_of(&home)));
    clock.advance(Duration::from_secs(9 * 3_600));
    let started = Instant::now();
    let (status, body) = served.ask();
    let took = started.elapsed();
    assert_eq!(status, 503, "{body}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    let message = "daypass: the session has ended: daypass login work";
    assert_eq!(
        (&body["message"], &body["Message"]),
        (&message.into(), &message.into())
    );
    let code = home.code();
    let login = ["login", "work", "--code", &code];
    let login = clock.rules(home.daypass(login)).run();
    assert_eq!(login.exit, 0, "{}", login.report());
    let (status, body) = served.ask();
    assert_eq!(status, 200, "{body}");
    let stderr = served.end();
    assert!(
        stderr.contains("has ended; to go on, run daypass login work"),
        "{stderr}"
    );
    assert!(stderr.contains("is renewed"), "{stderr}");
}
