//! `daypass doctor`

use std::{fs, os::unix::fs::symlink, time::Duration};

use daypass_sandbox::{Fault, Times};
use serde_json::Value;

use crate::support::{DAYPASS, Home, Invocation, Pty, assert_report, is_there, set_mode};

/// A home in which all is well: the program on PATH is the one that is tested.
fn home() -> Home {
    let home = Home::new();
    fs::create_dir(home.path("bin")).expect("~/bin");
    symlink(DAYPASS, home.path("bin/daypass")).expect("a link");
    set_mode(&home.path(".aws"), 0o700);
    home
}

fn doctor<'a>(home: &'a Home, arguments: &[&str]) -> Invocation<'a> {
    let path = format!("{}:/usr/bin:/bin", home.path("bin").display());
    let arguments = ["doctor"].into_iter().chain(arguments.iter().copied());
    home.daypass(arguments).env("PATH", &path)
}

/// What is wrong, as `STATUS CHECK PROFILE`, without what is so in every sandbox.
fn wrong(json: &Value) -> Vec<String> {
    let findings = json["findings"].as_array().expect("findings").iter();
    findings
        .filter(|finding| matches!(finding["status"].as_str(), Some("warn" | "fail")))
        .filter(|finding| {
            !finding["what"]
                .as_str()
                .expect("a text")
                .contains("AWS_ENDPOINT_URL")
        })
        .map(|finding| {
            let field = |name: &str| finding[name].as_str().unwrap_or("-");
            format!(
                "{} {} {}",
                field("status"),
                field("check"),
                field("profile")
            )
        })
        .collect()
}

fn found(home: &Home) -> Vec<String> {
    wrong(&doctor(home, &["--json"]).run().json())
}

#[test]
fn of_a_set_up_in_order_it_says_so() {
    let home = home();
    home.log_in();
    assert_report!(doctor(&home, &[]).run().report(), @"
    exit 0
    --- stdout
      ok    ~/.aws/config and ~/.aws/credentials can be read
      ok    no section or setting is there twice
      ok    files and directories are yours, and closed to others
      warn  requests do not go to AWS itself: AWS_ENDPOINT_URL is set
            daypass and newer AWS tools send keys' signatures and codes to that
            address
            hint: unset AWS_ENDPOINT_URL, unless that is meant
      ok    the shell finds this daypass, ~/bin/daypass
      ok    every session in the credentials file belongs to a profile
      ok    AWS STS in eu-west-1 answers
      ok    this machine's clock is right, within 1 s

    profile work
      ok    its settings can be used
      ok    AWS knows [KEY]: arn:aws:iam::123456789012:user/ada
      ok    the long-term key is 0 days old
      ok    arn:aws:iam::123456789012:mfa/ada is a device of ada
      ok    no policy ends a session before the MFA age of 8 h
      ok    credential_process works: credentials until [HH:MM]

    1 warning
    ");
}

#[test]
fn offline_nobody_is_asked_and_nothing_is_changed() {
    let home = home();
    let before = (home.config(), home.credentials());
    let run = doctor(&home, &["--offline"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(home.sandbox.connections(), 0);
    assert!(run.stdout.contains("--offline"), "{}", run.report());
    assert_eq!((home.config(), home.credentials()), before);
}

#[test]
fn the_json_has_every_field() {
    let home = home();
    set_mode(&home.path(".aws/credentials"), 0o644);
    let run = doctor(&home, &["work", "--json"]).run();
    assert_eq!(run.exit, 1, "{}", run.report());
    let json = run.json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["daypass"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["status"], "fail");
    let findings = json["findings"].as_array().unwrap();
    let of = |check: &str| {
        findings
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()
    };
    let path = home.path(".aws/credentials");
    assert_eq!(
        of("file-access"),
        &serde_json::json!({
            "check": "file-access",
            "profile": null,
            "status": "fail",
            "what": "~/.aws/credentials is open to other users (mode 0644)",
            "meaning": "they can take your access keys and sessions",
            "mend": format!("chmod 600 {}", path.display()),
        })
    );
    assert_eq!(of("credential-process")["profile"], "work");
    assert_eq!(of("credential-process")["status"], "ok");
}

#[test]
fn warnings_alone_are_no_failure() {
    let home = home();
    home.write_config(&(home.config() + "daypass_totpp = keychain\n"));
    let run = doctor(&home, &["--json"]).run();
    assert_eq!(
        (run.exit, run.json()["status"].as_str()),
        (0, Some("warn")),
        "{}",
        run.report()
    );
}

#[test]
fn an_unknown_profile_is_an_error_with_near_names() {
    let home = home();
    let run = doctor(&home, &["wrok"]).run();
    assert_eq!(run.exit, 1);
    assert!(
        run.stderr.contains("did you mean work?"),
        "{}",
        run.report()
    );
}

#[test]
fn a_file_that_cannot_be_parsed_is_named_with_its_line() {
    let home = home();
    home.write_config("[profile work]\nregion\n");
    assert_report!(doctor(&home, &[]).run().report(), @r#"
    exit 1
    --- stdout
      FAIL  ~/.aws/config, line 2: there is no "="
            no AWS tool can use any profile of this file
            hint: mend this line in an editor; daypass changes no file that it
                  cannot read in full
      --    not checked: the profiles are looked at once both files can be read
      ok    files and directories are yours, and closed to others
      warn  requests do not go to AWS itself: AWS_ENDPOINT_URL is set
            daypass and newer AWS tools send keys' signatures and codes to that
            address
            hint: unset AWS_ENDPOINT_URL, unless that is meant
      ok    the shell finds this daypass, ~/bin/daypass

    1 failure, 1 warning, 1 not checked
    "#);
}

#[test]
fn a_key_that_aws_does_not_know_is_found() {
    let home = home();
    assert_eq!(found(&home), [] as [&str; 0]);
    let credentials = home.credentials();
    home.write_credentials(&credentials.replace(&home.user.access_key_id, "AKIAUNKNOWNUNKNOWNAA"));
    assert_eq!(found(&home), ["fail long-term-key work"]);
}

#[test]
fn a_device_of_somebody_else_is_found() {
    let home = home();
    home.log_in();
    let config = home.config();
    let grace = home.sandbox.add_user("grace");
    let other = home.sandbox.add_virtual_device(&grace, "grace");
    home.write_config(&config.replace(&home.device.serial, &other.serial));
    // With the session of the right device gone, IAM tells nothing; so the rule is taken away.
    home.sandbox.set_mfa_age_limit(&home.user, None);
    assert_eq!(found(&home), ["fail mfa-device work"]);
    home.write_config(&config);
    assert_eq!(found(&home), [] as [&str; 0]);
    home.write_config(&config.replace("123456789012", "210987654321"));
    assert_eq!(found(&home), ["fail mfa-device work"]);
}

#[test]
fn a_clock_that_is_off_is_found_by_the_date_of_an_answer() {
    let home = home();
    for (offset, expected) in [
        (20, &[][..]),
        (-60, &["warn clock -"]),
        (3_600, &["fail clock -"]),
    ] {
        home.sandbox.set_clock_offset(offset);
        assert_eq!(found(&home), expected, "{offset}");
    }
}

#[test]
fn an_address_where_nobody_answers_is_found_soon() {
    let home = home();
    let started = std::time::Instant::now();
    let run = doctor(&home, &["--json"])
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .without("AWS_ENDPOINT_URL_STS")
        .run();
    assert_eq!(wrong(&run.json()), ["fail sts -"], "{}", run.report());
    assert_eq!(run.exit, 1);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn aws_in_trouble_is_told_from_no_aws() {
    let home = home();
    home.sandbox
        .misbehave("GetCallerIdentity", Fault::Status503, Times::Always);
    assert_eq!(found(&home), ["fail sts -"]);
}

#[test]
fn a_limit_of_the_policy_that_is_shorter_is_found() {
    let home = home();
    home.log_in();
    assert_eq!(found(&home), [] as [&str; 0]);
    home.sandbox
        .set_mfa_age_limit(&home.user, Some(Duration::from_secs(4 * 3_600)));
    let run = doctor(&home, &[]).run();
    assert!(
        run.stdout
            .contains("put daypass_mfa_age_limit = 4h into [profile work]"),
        "{}",
        run.report()
    );
    home.write_config(&(home.config() + "daypass_mfa_age_limit = 4h\n"));
    assert_eq!(found(&home), [] as [&str; 0]);
    home.sandbox.deny(&home.user, "iam:SimulatePrincipalPolicy");
    let run = doctor(&home, &[]).run();
    assert!(
        run.stdout.contains("not checked: at which MFA age"),
        "{}",
        run.report()
    );
}

#[test]
fn a_limit_is_suspected_where_policies_deny_all_to_a_session_that_is_good() {
    if !is_there("faketime") {
        return;
    }
    let home = home();
    home.log_in();
    let four_hours = Some(Duration::from_secs(4 * 3_600));
    home.sandbox.set_mfa_age_limit(&home.user, four_hours);
    let after = |hours: i64| {
        home.sandbox.set_clock_offset(hours * 3_600);
        doctor(&home, &["--json"]).at(hours * 3_600).run()
    };
    let run = after(5);
    assert_eq!(
        wrong(&run.json()),
        ["warn mfa-age-limit work"],
        "{}",
        run.report()
    );
    let mend = "if the new session is denied nothing, put a daypass_mfa_age_limit below 5h into [profile work]";
    assert!(run.stdout.contains(mend), "{}", run.report());
    assert!(
        !run.stdout.contains("put daypass_mfa_age_limit ="),
        "{}",
        run.report()
    );
    // Where a call is answered there is no such policy for it, at this age.
    home.sandbox.set_mfa_age_limit(&home.user, None);
    home.sandbox.deny(&home.user, "iam:SimulatePrincipalPolicy");
    let run = after(5);
    assert_eq!(wrong(&run.json()), [] as [&str; 0], "{}", run.report());
    let said = "at the present age of 5 h none denies iam:ListAccountAliases to the session";
    assert!(run.stdout.contains(said), "{}", run.report());
}

#[test]
fn a_limit_that_is_shorter_is_found_for_a_role_by_its_source() {
    let home = home();
    home.log_in();
    let two_hours = Some(Duration::from_secs(2 * 3_600));
    home.sandbox.set_mfa_age_limit(&home.user, two_hours);
    let role =
        "[profile prod]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = work\n";
    home.write_config(&(home.config() + role));
    let run = doctor(&home, &["prod", "--json"]).run();
    assert_eq!(
        wrong(&run.json()),
        ["warn mfa-age-limit prod"],
        "{}",
        run.report()
    );
    assert!(
        run.stdout
            .contains("put daypass_mfa_age_limit = 2h into [profile work]"),
        "{}",
        run.report()
    );
    // Of both, it is said once.
    assert_eq!(found(&home), ["warn mfa-age-limit work"]);
}

#[test]
fn a_credential_process_is_run_and_its_answer_is_read() {
    let home = home();
    home.log_in();
    let config = home.config();
    let script = |name: &str, text: &str| {
        let path = home.path(&format!("{name}/daypass"));
        fs::create_dir(home.path(name)).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        set_mode(&path, 0o755);
        config.replace(DAYPASS, &path.display().to_string())
    };
    let json = |expiration: &str| {
        format!(
            "echo '{{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"SessionToken\":\"c\",\"Expiration\":\"{expiration}\"}}'"
        )
    };
    let other = "warn credential-process work";
    let fail = "fail credential-process work";
    for (name, text, expected) in [
        ("good", json("2099-01-01T00:00:00Z"), &[other][..]),
        ("ended", json("2020-01-01T00:00:00Z"), &[other, fail]),
        ("text", "echo hello".to_owned(), &[other, fail]),
        ("failing", "echo no >&2; exit 1".to_owned(), &[other, fail]),
        ("login", "exit 3".to_owned(), &[other]),
    ] {
        home.write_config(&script(name, &text));
        assert_eq!(found(&home), expected, "{name}");
    }
    home.write_config(&config.replace(DAYPASS, "/nowhere/daypass"));
    assert_eq!(found(&home), [fail]);
    home.write_config(&config.replace(DAYPASS, "~/bin/daypass"));
    assert_eq!(found(&home), [fail]);
    home.write_config(&config.replace("credential-process work", "credential-process other"));
    assert_eq!(found(&home), [other, fail]);
}

#[test]
fn nobody_is_asked_for_a_code_on_a_terminal() {
    let home = home();
    let terminal = Pty::start(&doctor(&home, &[])).finish();
    assert_eq!(terminal.exit, 0, "{terminal:?}");
    assert!(!terminal.screen.contains("MFA code"), "{terminal:?}");
    assert!(
        terminal.screen.contains("there is no session now"),
        "{terminal:?}"
    );
    assert_eq!(home.sandbox.calls("GetSessionToken"), 0);
}

#[test]
fn a_keychain_that_is_not_there_is_found() {
    let home = home();
    home.write_config(&format!(
        "{}daypass_access_key_id = {}\n",
        home.profile_section("work"),
        home.user.access_key_id
    ));
    let run = doctor(&home, &["--offline", "--json"])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .run();
    assert_eq!(
        wrong(&run.json()),
        ["fail keychain work"],
        "{}",
        run.report()
    );
}

#[test]
fn an_old_key_is_found_by_the_date_that_aws_has() {
    if !is_there("faketime") {
        return;
    }
    let home = home();
    home.log_in();
    home.sandbox.set_mfa_age_limit(&home.user, None);
    let days = |days: u64| {
        let seconds = days * 24 * 3_600 + 60;
        home.sandbox.set_clock_offset(seconds.try_into().unwrap());
        let run = doctor(&home, &["--json"])
            .at(seconds.try_into().unwrap())
            .run();
        wrong(&run.json())
    };
    assert_eq!(days(90), [] as [&str; 0]);
    assert_eq!(days(91), ["warn key-age work"]);
}

#[test]
fn lines_are_no_wider_than_the_terminal() {
    let home = home();
    home.write_config(&format!(
        "{}[profile a]\nsource_profile = work\n",
        home.config()
    ));
    let run = doctor(&home, &[])
        .env("AWS_ACCESS_KEY_ID", &home.user.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", "x")
        .run();
    let home_path = home.path("").display().to_string();
    for line in run.stdout.lines() {
        let is_whole =
            line.contains("daypass setup") || line.contains("arn:") || line.contains(&home_path);
        assert!(line.chars().count() <= 80 || is_whole, "{line}");
    }
}
