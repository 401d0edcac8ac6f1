//! Every check has what it must find, and beside it what looks much like it and must not be found.

use crate::{
    doctor::{
        Finding, Hints, Inquiry, Level, Survey, examine,
        survey::{self, Access, Subject},
    },
    environment::KeyVariables,
    profile::{Files, ReadFile},
    shared_files::{Document, Kind, SharedFile},
    time,
};

/// Hints that say nothing.
pub(super) fn hints() -> Hints {
    Hints {
        profile: |_| Some("mend the profile".to_owned()),
        file: |_| None,
        keychain: |_| "mend the keychain".to_owned(),
        aws: |_, _| None,
    }
}

/// What there is where the two files say this.
pub(super) fn survey(config: &str, credentials: &str) -> Survey {
    let read = |name: &str, kind, text: &str| ReadFile {
        file: SharedFile {
            path: format!("/home/ada/.aws/{name}").into(),
            kind,
        },
        document: Document::parse(kind, text.into()).unwrap(),
    };
    let files = Files {
        config: read("config", Kind::Config, config),
        credentials: read("credentials", Kind::Credentials, credentials),
    };
    let names = files.profile_names();
    let served = names.iter().filter(|name| survey::is_served(&files, name));
    let subjects = served.map(|name| Subject::of(&files, name)).collect();
    Survey {
        broken: Vec::new(),
        access: Vec::new(),
        variables: Vec::new(),
        key_variables: KeyVariables::default(),
        programs: Vec::new(),
        own_program: None,
        subjects,
        named: None,
        now: time::now(),
        files,
    }
}

fn findings(survey: &Survey) -> Vec<Finding> {
    let inquiry = Inquiry {
        is_offline: true,
        ..Inquiry::default()
    };
    examine(survey, &inquiry, &hints())
}

/// What is wrong, as `LEVEL CHECK PROFILE`.
fn wrong(survey: &Survey) -> Vec<String> {
    let findings = findings(survey)
        .into_iter()
        .filter(|finding| finding.level >= Level::Warn);
    findings
        .map(|finding| {
            assert!(finding.mend.is_some(), "{finding:?}");
            let profile = finding
                .profile
                .map_or(String::new(), |profile| format!(" {profile}"));
            format!("{} {}{profile}", finding.level.word(), finding.check)
        })
        .collect()
}

const MFA: &str = "mfa_serial = arn:aws:iam::123456789012:mfa/ada\n";
const KEY: &str = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
const SESSION: &str =
    "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\naws_session_token = x\n";
const PROCESS: &str = "credential_process = /bin/sh credential-process work\n";

/// The files of a person for whom all is well.
fn well() -> (String, String) {
    (
        format!("[profile work]\nregion = eu-west-1\n{MFA}{PROCESS}"),
        format!("[work-long-term]\n{KEY}"),
    )
}

#[test]
fn of_a_set_up_in_order_nothing_is_said() {
    let (config, credentials) = well();
    assert_eq!(wrong(&survey(&config, &credentials)), [] as [String; 0]);
}

#[test]
fn files_with_mistakes_are_found_and_others_are_not() {
    let (config, credentials) = well();
    for (more_config, more_credentials, expected) in [
        // What is there twice.
        ("[profile work]\n", "", &["fail duplicates"][..]),
        ("output = json\nOutput = text\n", "", &["fail duplicates"]),
        ("s3 =\n  output = json\noutput = text\n", "", &[]),
        ("", "[work-long-term]\n", &["fail duplicates"]),
        // Static keys.
        (
            "",
            &format!("[work]\n{SESSION}"),
            &["fail static-keys work"],
        ),
        ("", &format!("[work]\n{KEY}"), &["fail static-keys work"]),
        (KEY, "", &["warn static-keys work"]),
        (
            KEY,
            &format!("[work]\n{KEY}"),
            &["fail static-keys work", "warn static-keys work"],
        ),
        ("", "[work]\nregion = eu-west-1\n", &[]),
        ("", &format!("[other]\n{KEY}"), &[]),
        (
            &format!("[profile plain]\n{MFA}"),
            &format!("[plain]\n{KEY}"),
            &["warn static-keys plain"],
        ),
        (
            &format!("[profile plain]\n{MFA}"),
            &format!("[plain-long-term]\n{KEY}"),
            &["warn credential-process plain"],
        ),
        (
            &format!("[profile plain]\n{MFA}daypass_session_section = plain\n"),
            &format!("[plain-long-term]\n{KEY}"),
            &[],
        ),
        // Settings.
        ("daypass_mfa_agelimit = 4h\n", "", &["warn settings work"]),
        ("daypass_mfa_age_limit = 4h\n", "", &[]),
        ("mfa_serail = x\n", "", &["warn settings work"]),
        ("cli_pager = x\n", "", &[]),
        ("daypass_mfa_age_limit = soon\n", "", &["fail profile work"]),
        (
            &format!("[profile a]\n{MFA}credential_process = daypass credential-process a\n"),
            &format!("[a-long-term]\n{KEY}"),
            &["warn credential-process a"],
        ),
        (
            &format!("[profile a]\n{MFA}credential_process = ~/daypass credential-process a\n"),
            &format!("[a-long-term]\n{KEY}"),
            &["fail credential-process a"],
        ),
        // A profile that only its credential_process makes one of daypass's.
        (
            "[profile b]\ncredential_process = /gone/daypass credential-process b\n",
            "",
            &[
                "fail long-term-key b",
                "warn mfa-device b",
                "fail credential-process b",
            ],
        ),
        // A key that is missing is told of the profile whose it is.
        (
            &format!(
                "[profile b]\n{MFA}{PROCESS}[profile c]\nsource_profile = b\nrole_arn = \
                 arn:aws:iam::210987654321:role/C\n"
            ),
            "",
            &["fail long-term-key b"],
        ),
        // Sources and roles.
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = work\n",
            "",
            &[],
        ),
        (
            "[profile a]\nsource_profile = work\n",
            "",
            &["warn source-profile a"],
        ),
        (
            &format!("[profile a]\nsource_profile = work\n{PROCESS}"),
            "",
            &[],
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\n",
            "",
            &["fail profile a"],
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\ncredential_source = Environment\n",
            "",
            &[],
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = b\n[profile b]\nrole_arn = \
             arn:aws:iam::210987654321:role/B\nsource_profile = a\n",
            "",
            &["fail profile a", "fail profile b"],
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = gone\n",
            "",
            &["fail profile a"],
        ),
        (
            "[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = work\nduration_seconds = 7200\n",
            "",
            &["warn profile a"],
        ),
        // Leftovers.
        (
            "",
            "[old-mfa]\ndaypass_mfa_time = 2026-01-01T00:00:00Z\naws_session_token = x\nexpiration = 2026-01-01T08:00:00Z\n",
            &["warn leftovers"],
        ),
        (
            "",
            "[work-mfa]\ndaypass_mfa_time = 2026-01-01T00:00:00Z\naws_session_token = x\nexpiration = 2026-01-01T08:00:00Z\n",
            &[],
        ),
        // Sections of the session that hide a process.
        (
            "daypass_session_section = work\n",
            "",
            &["fail profile work"],
        ),
        ("daypass_session_section = elsewhere\n", "", &[]),
        // Devices that give no codes.
        (
            "[profile a]\nmfa_serial = arn:aws:iam::123456789012:u2f/user/ada/key-ABC\nsource_profile = work\n",
            "",
            &["fail profile a"],
        ),
        (
            "[profile a]\nmfa_serial = arn:aws:iam::123456789012:sms-mfa/ada\nsource_profile = work\n",
            "",
            &["fail profile a"],
        ),
    ] {
        let survey = survey(
            &format!("{config}{more_config}"),
            &format!("{credentials}{more_credentials}"),
        );
        assert_eq!(
            wrong(&survey),
            expected,
            "{more_config}---\n{more_credentials}"
        );
    }
}

#[test]
fn what_aws_mfa_has_left_is_found_once_it_has_ended() {
    let (config, credentials) = well();
    let section = |year: u32| {
        format!(
            "{credentials}[play-long-term]\n{KEY}[play]\n{SESSION}expiration = {year}-01-01 08:00:00\n"
        )
    };
    let play = format!("{config}[profile play]\n{MFA}");
    let leftovers = |config: &str, credentials: &str| {
        wrong(&survey(config, credentials)).contains(&"warn leftovers".to_owned())
    };
    assert!(leftovers(&play, &section(2026)));
    assert!(!leftovers(&play, &section(2099)));
    // There daypass writes the next session.
    let classic = format!("{play}daypass_session_section = play\n");
    assert!(!leftovers(&classic, &section(2026)));
}

#[test]
fn variables_that_win_over_a_profile_are_found() {
    let (config, credentials) = well();
    let id = |text: &str| Some(text.to_owned());
    let (akia, asia) = (id("AKIAIOSFODNN7EXAMPLE"), id("ASIAIOSFODNN7EXAMPLE"));
    for (access_key_id, has_secret, has_token, expected) in [
        (None, false, false, &[][..]),
        (akia.clone(), true, false, &["fail environment"]),
        (akia.clone(), true, true, &["fail environment"]),
        (akia, false, false, &["fail environment"]),
        (id(""), true, false, &["fail environment"]),
        (asia.clone(), true, true, &["warn environment"]),
        (None, true, false, &["warn environment"]),
        (None, false, true, &[]),
    ] {
        let mut survey = survey(&config, &credentials);
        survey.key_variables = KeyVariables {
            access_key_id,
            has_secret,
            has_token,
        };
        assert_eq!(wrong(&survey), expected, "{:?}", survey.key_variables);
    }
    for (variables, expected) in [
        (&[("AWS_PROFILE", "work")][..], &[][..]),
        (&[("AWS_PROFILE", "wrok")], &["fail environment"]),
        (
            &[("AWS_DEFAULT_PROFILE", "work"), ("AWS_PROFILE", "work")],
            &[],
        ),
        (&[("AWS_DEFAULT_PROFILE", "work")], &["warn environment"]),
        (
            &[("AWS_ENDPOINT_URL", "http://localhost")],
            &["warn environment"],
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", "http://localhost"),
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ],
            &[],
        ),
        (
            &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/x"), ("AWS_ROLE_ARN", "x")],
            &["warn environment"],
        ),
        (&[("AWS_ROLE_ARN", "x")], &[]),
        (
            &[("AWS_CONFIG_FILE", "/home/ada/.aws/config")],
            &["fail environment"],
        ),
    ] {
        let mut survey = survey(&config, &credentials);
        survey.variables = variables
            .iter()
            .copied()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        assert_eq!(wrong(&survey), expected, "{variables:?}");
    }
    // The shell of daypass exec is no mistake.
    let mut survey = survey(&config, &credentials);
    survey.key_variables = KeyVariables {
        access_key_id: asia,
        has_secret: true,
        has_token: true,
    };
    survey.variables = vec![("DAYPASS_PROFILE", "work".to_owned())];
    assert_eq!(wrong(&survey), [] as [String; 0]);
}

#[test]
fn files_that_are_open_to_others_are_found() {
    let (config, credentials) = well();
    for (name, kind, mode, is_of_another, expected) in [
        ("credentials", Some(Kind::Credentials), 0o600, false, 0),
        ("credentials", Some(Kind::Credentials), 0o640, false, 1),
        ("credentials", Some(Kind::Credentials), 0o602, false, 1),
        ("credentials", Some(Kind::Credentials), 0o400, true, 1),
        ("config", Some(Kind::Config), 0o644, false, 0),
        ("config", Some(Kind::Config), 0o664, false, 1),
        ("", None, 0o755, false, 0),
        ("", None, 0o775, false, 1),
        ("", None, 0o700, true, 1),
    ] {
        let mut survey = survey(&config, &credentials);
        let path = format!("/home/ada/.aws/{name}").into();
        survey.access = vec![Access {
            path,
            kind,
            mode,
            is_of_another,
        }];
        let expected = vec!["fail file-access"; expected];
        assert_eq!(wrong(&survey), expected, "{name} {mode:o} {is_of_another}");
    }
}

#[test]
fn without_a_profile_that_uses_mfa_a_set_up_has_yet_to_come() {
    let mut survey = survey("[profile plain]\nregion = x\n", "");
    assert_eq!(wrong(&survey), ["warn files"]);
    survey.named = Some("plain".to_owned());
    assert_eq!(wrong(&survey), [] as [String; 0]);
}

#[test]
fn files_that_are_named_by_variables_are_looked_at() {
    let (config, credentials) = well();
    let mut survey = survey(&config, &credentials);
    survey.variables = vec![("AWS_SHARED_CREDENTIALS_FILE", "keys".to_owned())];
    survey.files.credentials.file.path = "keys".into();
    assert_eq!(wrong(&survey), ["warn environment"]);
    survey.variables = vec![("AWS_SHARED_CREDENTIALS_FILE", "/else/where".to_owned())];
    survey.files.credentials.file.path = "/else/where".into();
    let said = findings(&survey);
    let what = "AWS_SHARED_CREDENTIALS_FILE is set: AWS tools and daypass use /else/where";
    let found = said.iter().find(|finding| finding.what == what);
    assert_eq!(found.map(|finding| finding.level), Some(Level::Ok));
}

#[test]
fn what_nobody_was_asked_is_not_checked() {
    let (config, credentials) = well();
    let said = findings(&survey(&config, &credentials));
    let not_checked = said
        .iter()
        .filter(|finding| finding.level == Level::NotChecked);
    let checks: Vec<_> = not_checked.map(|finding| finding.check).collect();
    assert_eq!(checks, ["sts"]);
    let process = config.replace("/bin/sh", "/bin/../gone/daypass");
    assert_eq!(
        wrong(&survey(&process, &credentials)),
        ["fail credential-process work"]
    );
}

#[test]
fn keys_that_hide_a_process_are_removed_if_they_are_a_session_and_moved_if_they_are_not() {
    let (config, credentials) = well();
    for (keys, mend) in [
        (SESSION, "in an editor, remove [work] from"),
        (KEY, "daypass setup work"),
    ] {
        let said = findings(&survey(&config, &format!("{credentials}[work]\n{keys}")));
        let found = said.iter().find(|finding| finding.check == "static-keys");
        let found = found.and_then(|finding| finding.mend.clone()).unwrap();
        assert!(found.starts_with(mend), "{found}");
    }
}

#[test]
fn a_second_daypass_on_the_path_is_found() {
    let (config, credentials) = well();
    for (programs, expected) in [
        (&["/a/daypass"][..], 0),
        (&["/a/daypass", "/b/daypass"], 1),
        (&["/b/daypass", "/a/daypass"], 1),
        (&["/b/daypass"], 1),
        (&[], 1),
    ] {
        let mut survey = survey(&config, &credentials);
        survey.own_program = Some("/a/daypass".into());
        survey.programs = programs.iter().map(Into::into).collect();
        let expected = vec!["warn programs"; expected];
        assert_eq!(wrong(&survey), expected, "{programs:?}");
    }
}
