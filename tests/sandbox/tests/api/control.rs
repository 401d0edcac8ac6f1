//! The control address, and the program that offers it.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use daypass_sandbox::{Device, Sandbox, User};

use crate::client::{Client, exchange, federation};

fn ask(control: &str, request: &str) -> (u16, String) {
    let host = control.replace("http://", "");
    let request = format!("GET {request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let answer = exchange(&host, request.as_bytes()).unwrap();
    (answer.status, answer.body.trim_end().to_owned())
}

#[track_caller]
fn ok(control: &str, request: &str) -> String {
    let (status, text) = ask(control, request);
    assert_eq!(status, 200, "{text}");
    text
}

fn values(lines: &str) -> HashMap<&str, &str> {
    lines
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect()
}

fn grace(control: &str) -> (User, Device) {
    let text = ok(control, "/user?name=grace&mfa_age_limit=28800");
    let values = values(&text);
    let value = |name: &str| values[name].to_owned();
    let user = User {
        name: "grace".to_owned(),
        arn: value("user_arn"),
        access_key_id: value("access_key_id"),
        secret_access_key: value("secret_access_key"),
    };
    let device = Device {
        serial: value("mfa_serial"),
        seed: value("mfa_seed"),
    };
    (user, device)
}

#[test]
fn a_user_made_from_outside_logs_in_with_a_code_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, device) = grace(&control);
    let key = Client::of(&sandbox, &grace);
    for _ in 0..2 {
        let code = ok(&control, "/code?user=grace&fresh=1");
        assert_eq!(key.login(&device, &code).outcome(), "ok");
    }
    assert_eq!(ok(&control, "/calls?action=GetSessionToken"), "2");
    assert_eq!(ok(&control, "/connections"), "2");
    let line = format!("GetSessionToken {} ok", grace.access_key_id);
    assert_eq!(ok(&control, "/log"), format!("{line}\n{line}"));
}

#[test]
fn time_and_rules_move_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, device) = grace(&control);
    let key = Client::of(&sandbox, &grace);
    let session = key.logged_in(&device);
    let aliases = || session.call("ListAccountAliases", &[]).outcome();
    assert_eq!(aliases(), "ok");
    ok(&control, "/age?seconds=28801");
    assert_eq!(aliases(), "AccessDenied");
    ok(&control, "/limit?user=grace&seconds=");
    assert_eq!(aliases(), "ok");
    ok(&control, "/deny?user=grace&action=iam:ListAccountAliases");
    assert_eq!(aliases(), "AccessDenied");
    ok(&control, "/advance?seconds=28800");
    assert_eq!(aliases(), "ExpiredToken");
    ok(&control, "/offset?seconds=0");
    assert_eq!(aliases(), "AccessDenied");
    let path = format!("/key?user=grace&id={}&status=Inactive", grace.access_key_id);
    ok(&control, &path);
    let answer = key.call("GetCallerIdentity", &[]);
    assert_eq!(answer.outcome(), "InvalidClientTokenId");
}

#[test]
fn devices_roles_and_faults_come_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, _) = grace(&control);
    let key = Client::of(&sandbox, &grace);
    for (kind, expected) in [
        ("hardware", "serial=GAHT"),
        (
            "virtual&name=second",
            "serial=arn:aws:iam::123456789012:mfa/second\nseed=",
        ),
        ("fido", "serial=arn:aws:iam::123456789012:u2f/user/grace-"),
        ("sms", "serial=arn:aws:iam::123456789012:sms-mfa/grace"),
    ] {
        let text = ok(&control, &format!("/device?user=grace&kind={kind}"));
        assert!(text.starts_with(expected), "{text}");
    }
    let text = ok(&control, "/role?name=Reader&account=210987654321");
    assert_eq!(text, "role_arn=arn:aws:iam::210987654321:role/Reader");
    ok(
        &control,
        "/misbehave?action=GetCallerIdentity&fault=throttle&times=2",
    );
    for expected in ["Throttling", "Throttling", "ok"] {
        assert_eq!(key.call("GetCallerIdentity", &[]).outcome(), expected);
    }
}

#[test]
fn an_enrolment_is_prepared_and_watched_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, device) = grace(&control);
    let text = ok(&control, "/device?user=grace&name=spare&unassigned=1");
    let spare = values(&text)["serial"].to_owned();
    let expected = [
        format!("{} {} in", device.serial, grace.arn),
        format!("{spare} - in"),
    ];
    assert_eq!(ok(&control, "/devices"), expected.join("\n"));
    ok(&control, "/limit?user=grace&seconds=");
    let codes = ok(&control, &format!("/codes?serial={spare}"));
    let (first, second) = codes.split_once(' ').unwrap();
    let parameters = [
        ("UserName", "grace"),
        ("SerialNumber", &*spare),
        ("AuthenticationCode1", first),
        ("AuthenticationCode2", second),
    ];
    let answer = Client::of(&sandbox, &grace).call("EnableMFADevice", &parameters);
    assert_eq!(answer.outcome(), "ok");
    let line = format!("{spare} {} in", grace.arn);
    assert!(ok(&control, "/devices").ends_with(&line));
}

#[test]
fn keys_and_their_delays_are_set_and_watched_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, _) = grace(&control);
    ok(&control, "/limit?user=grace&seconds=");
    ok(&control, "/key-delay?new_calls=1&old_seconds=60");
    let old = Client::of(&sandbox, &grace);
    let answer = old.call("CreateAccessKey", &[]);
    let id = answer.text("AccessKeyId").unwrap();
    let keys = |old: &str, new: &str| {
        let expected = format!("{} {old}\n{id} {new}", grace.access_key_id);
        assert_eq!(ok(&control, "/keys?user=grace"), expected);
    };
    keys("Active works", "Active refused");
    let new = Client::new(&sandbox, &id, &answer.text("SecretAccessKey").unwrap());
    for expected in ["InvalidClientTokenId", "ok"] {
        assert_eq!(new.call("GetCallerIdentity", &[]).outcome(), expected);
    }
    let parameters = [
        ("AccessKeyId", &*grace.access_key_id),
        ("Status", "Inactive"),
    ];
    assert_eq!(new.call("UpdateAccessKey", &parameters).outcome(), "ok");
    keys("Inactive works", "Active works");
    ok(&control, "/advance?seconds=60");
    let answer = old.call("GetCallerIdentity", &[]);
    assert_eq!(answer.outcome(), "InvalidClientTokenId");
    keys("Inactive refused", "Active works");
}

#[test]
fn partitions_sessions_and_sign_ins_are_known_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let text = ok(&control, "/user?name=lin&partition=aws-cn");
    let lin = values(&text);
    assert_eq!(lin["user_arn"], "arn:aws-cn:iam::123456789012:user/lin");
    assert_eq!(lin["mfa_serial"], "arn:aws-cn:iam::123456789012:mfa/lin");
    let text = ok(
        &control,
        "/role?name=Reader&partition=aws-cn&max_session_duration=7200",
    );
    let role = "arn:aws-cn:iam::123456789012:role/Reader";
    assert_eq!(text, format!("role_arn={role}"));
    let mut key = Client::new(&sandbox, lin["access_key_id"], lin["secret_access_key"]);
    key.region = "cn-north-1";
    let parameters = [
        ("RoleArn", role),
        ("RoleSessionName", "lin"),
        ("DurationSeconds", "7200"),
    ];
    let session = key.with_session(&key.call("AssumeRole", &parameters));
    let (id, arn) = (
        &session.access_key_id,
        "arn:aws-cn:sts::123456789012:assumed-role/Reader/lin",
    );
    let expected = format!("AssumeRole {id} {arn} {} 7200", key.access_key_id);
    assert_eq!(ok(&control, "/sessions"), expected);

    let credentials = session.federation_session();
    let parameters = [("Action", "getSigninToken"), ("Session", &*credentials)];
    assert_eq!(federation(&sandbox, &parameters).status, 200);
    assert_eq!(ok(&control, "/sign-ins"), format!("{id} {arn} 0 -"));
    let token = &sandbox.sign_ins()[0].token;
    let parameters = [
        ("Action", "login"),
        ("Destination", "https://console.amazonaws.cn/"),
        ("SigninToken", token),
    ];
    assert_eq!(federation(&sandbox, &parameters).status, 302);
    let expected = format!("{id} {arn} 1 https://console.amazonaws.cn/");
    assert_eq!(ok(&control, "/sign-ins"), expected);
}

#[test]
fn what_cannot_be_done_is_said() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let _ = grace(&control);
    for request in [
        "/nothing",
        "/code",
        "/code?user=eve",
        "/codes?user=eve",
        "/codes?serial=GAHT00000000",
        "/code?serial=GAHT00000000",
        "/advance",
        "/advance?seconds=-1",
        "/misbehave?action=A&fault=unheard-of",
        "/user?name=grace",
        "/user?name=ada&partition=aws-moon",
        "/role?name=Reader&partition=aws-moon",
        "/role?name=Reader&max_session_duration=long",
        "/device?user=grace",
        "/device?user=grace&kind=pigeon",
        "/key?id=AKIA&status=Inactive",
        "/keys",
        "/key-delay?new_calls=some",
    ] {
        let (status, text) = ask(&control, request);
        assert_eq!(status, 400, "{request}: {text}");
        assert!(!text.is_empty() && !text.contains('\n'), "{text}");
    }
}

#[test]
fn the_program_prints_exports_and_ends_with_its_input() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_daypass-sandbox"))
        .args(["--user", "grace", "--no-limit"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(program.stdout.take().unwrap());
    let mut exports = HashMap::new();
    while !exports.contains_key("DAYPASS_SANDBOX_MFA_SEED") {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "{exports:?}");
        let export = line.strip_prefix("export ").unwrap().trim_end();
        let (name, value) = export.split_once('=').unwrap();
        exports.insert(name.to_owned(), value.trim_matches('\'').to_owned());
    }
    assert!(exports["AWS_ENDPOINT_URL"].starts_with("http://127.0.0.1:"));
    assert_eq!(
        exports["DAYPASS_SANDBOX_MFA_SERIAL"],
        "arn:aws:iam::123456789012:mfa/grace"
    );
    assert_eq!(
        exports["DAYPASS_SANDBOX_FEDERATION_URL"],
        format!("{}/federation", exports["AWS_ENDPOINT_URL"])
    );
    assert_eq!(
        exports["DAYPASS_SANDBOX_ROLE_ARN"],
        "arn:aws:iam::123456789012:role/Admin"
    );
    let code = ok(&exports["DAYPASS_SANDBOX_CONTROL"], "/code?user=grace");
    assert_eq!(code.len(), 6);
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
}

#[test]
fn a_flag_that_is_not_known_is_a_usage_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_daypass-sandbox"))
        .arg("--nonsense")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown argument --nonsense"));
}

#[test]
fn groups_policies_and_passwords_are_made_from_outside() {
    let sandbox = Sandbox::start();
    let control = sandbox.serve_control();
    let (grace, _) = grace(&control);
    let text =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let text = text
        .replace('"', "%22")
        .replace('{', "%7B")
        .replace('}', "%7D");
    let group = "arn:aws:iam::123456789012:group/devs";
    let policy = "arn:aws:iam::123456789012:policy/mfa";
    let made = ok(&control, "/group?name=devs");
    assert_eq!(made, format!("group_arn={group}"));
    ok(&control, "/member?group=devs&user=grace");
    for version in ["v1", "v2"] {
        let made = ok(&control, &format!("/policy?name=mfa&document={text}"));
        assert_eq!(values(&made)["version"], version);
    }
    ok(&control, "/attach?group=devs&policy=mfa");
    ok(
        &control,
        &format!("/inline-policy?user=grace&name=own&document={text}"),
    );
    ok(&control, "/password?user=grace&used_seconds_ago=60");
    ok(&control, "/root-device?kind=hardware");
    ok(&control, "/limit?user=grace&seconds=");
    assert_eq!(
        ok(&control, "/groups"),
        format!("{group} {} {policy}", grace.arn)
    );
    assert_eq!(ok(&control, "/policies"), format!("{policy} v2 v1,v2"));
    let client = Client::of(&sandbox, &grace);
    let of_grace = [("UserName", "grace")];
    let outcome = |action: &str| client.call(action, &of_grace);
    assert_eq!(outcome("GetLoginProfile").outcome(), "ok");
    let inline = outcome("ListUserPolicies").text("member");
    assert_eq!(inline.as_deref(), Some("own"));
    let summary = client.call("GetAccountSummary", &[]).body;
    let mfa = "<key>AccountMFAEnabled</key><value>1</value>";
    assert!(summary.contains(mfa), "{summary}");
    for request in [
        "/attach?group=none&policy=mfa",
        "/policy?name=x&document=x",
        "/none",
    ] {
        assert_eq!(ask(&control, request).0, 400, "{request}");
    }
}
