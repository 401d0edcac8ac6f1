//! The settings of a role: what AWS would refuse is refused before anybody is asked for a code.

use super::Roles;
use crate::support::assert_report;

/// What the settings of `prod` are told, without the line that says `exit 1`.
fn told(roles: &Roles, settings: &str) -> String {
    roles.configure(settings, "");
    let run = roles.refused("prod");
    assert_eq!(run.exit, 1, "{}", run.report());
    assert_eq!(roles.home.sandbox.connections(), 0);
    run.report()
}

#[test]
fn every_setting_is_held_to_the_rules_of_aws() {
    let roles = Roles::new();
    assert_report!(told(&roles, "role_session_name = ada lovelace"), @"
    exit 1
    --- stderr
    daypass: error: role_session_name cannot be used: AWS takes 2 to 64 letters, digits and _+=,.@- (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "external_id = x"), @"
    exit 1
    --- stderr
    daypass: error: external_id cannot be used: AWS takes 2 to 1224 letters, digits and _+=,.@:/- (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "source_identity = aws:ada"), @"
    exit 1
    --- stderr
    daypass: error: source_identity cannot be used: AWS takes 2 to 64 letters, digits and _+=,.@- (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "session_tags = team"), @"
    exit 1
    --- stderr
    daypass: error: session_tags cannot be used: it is written KEY=VALUE,KEY=VALUE: at most 50, no key twice, keys of 1 to 128 and values of up to 256 letters, digits, spaces and _.:/=+-@, none beginning with aws: (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "session_tags = aws:team=blue"), @"
    exit 1
    --- stderr
    daypass: error: session_tags cannot be used: it is written KEY=VALUE,KEY=VALUE: at most 50, no key twice, keys of 1 to 128 and values of up to 256 letters, digits, spaces and _.:/=+-@, none beginning with aws: (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "transitive_session_tags = te*m"), @"
    exit 1
    --- stderr
    daypass: error: transitive_session_tags cannot be used: it is written KEY,KEY: keys of session_tags in the same profile (~/.aws/config, line 10)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "session_tags = team=blue\ntransitive_session_tags = Team,project"), @"
    exit 1
    --- stderr
    daypass: error: transitive_session_tags cannot be used: it is written KEY,KEY: keys of session_tags in the same profile (~/.aws/config, line 11)
      hint: correct the line, or take it out of the profile
    ");
    assert_report!(told(&roles, "sts_regional_endpoints = global"), @"
    exit 1
    --- stderr
    daypass: error: sts_regional_endpoints cannot be 'global' (~/.aws/config, line 10)
      hint: sts_regional_endpoints is one of: regional or legacy
    ");
}

#[test]
fn a_duration_that_no_role_has_is_refused_with_one_that_every_role_has() {
    let roles = Roles::new();
    assert_report!(told(&roles, "duration_seconds = 36h"), @"
    exit 1
    --- stderr
    daypass: error: duration_seconds cannot be used (~/.aws/config, line 10)
      caused by: AWS gives sessions of roles for 15m to 12h (900 to 43200 seconds), not for 36 h
      hint: write duration_seconds = 3600 for an hour: AWS gives no more to a role that is assumed with a session
    ");
    assert_report!(told(&roles, "duration_seconds = 600"), @"
    exit 1
    --- stderr
    daypass: error: duration_seconds cannot be used (~/.aws/config, line 10)
      caused by: AWS gives sessions of roles for 15m to 12h (900 to 43200 seconds), not for 10 min
      hint: write duration_seconds = 3600 for an hour: AWS gives no more to a role that is assumed with a session
    ");
}

#[test]
fn a_longer_duration_is_cut_to_an_hour_and_tools_are_not_told_each_time() {
    let roles = Roles::new();
    roles.configure("duration_seconds = 43200\n", "");
    roles.home.log_in();
    let run = roles.credentials("prod");
    assert_eq!(run.stderr, "");
    assert_eq!(roles.issued(&run).duration.as_secs(), 3_600);

    roles.configure("duration_seconds = 12h\nexternal_id = other\n", "");
    let run = roles.home.daypass(["-v", "credential-process", "prod"]);
    let run = run.run();
    assert!(
        run.stderr
            .contains("duration_seconds of 12 h is cut to an hour for the role of profile 'prod'"),
        "{}",
        run.report()
    );
}

#[test]
fn a_duration_of_more_than_twelve_hours_of_a_source_is_the_sources_own() {
    let roles = Roles::new();
    let config = roles.home.config();
    roles.home.write_config(&config.replacen(
        "[profile work]\n",
        "[profile work]\nduration_seconds = 36h\ndaypass_mfa_age_limit = 36h\n",
        1,
    ));
    roles.home.log_in();
    roles.credentials("prod");
    let durations: Vec<u64> = roles
        .home
        .sandbox
        .sessions()
        .iter()
        .map(|issued| issued.duration.as_secs())
        .collect();
    assert_eq!(durations, [36 * 3_600, 3_600]);
}

#[test]
fn what_is_no_role_is_shown_unless_it_may_be_a_secret() {
    let roles = Roles::new();
    let config = roles.home.config();
    let told = |text: &str| {
        roles.home.write_config(&config.replace(&roles.admin, text));
        roles.refused("prod").report()
    };
    assert_report!(told("Admin"), @"
    exit 1
    --- stderr
    daypass: error: the role of profile 'prod' cannot be assumed (~/.aws/config, line 8)
      caused by: 'Admin' is not the ARN of a role: it looks like arn:aws:iam::123456789012:role/Admin
      hint: the AWS console shows the ARN of a role under IAM, Roles
    ");
    assert_report!(told("arn:aws:iam::123456789012:user/ada"), @"
    exit 1
    --- stderr
    daypass: error: the role of profile 'prod' cannot be assumed (~/.aws/config, line 8)
      caused by: 'arn:aws:iam::123456789012:user/ada' is not the ARN of a role: it looks like arn:aws:iam::123456789012:role/Admin
      hint: the AWS console shows the ARN of a role under IAM, Roles
    ");
    // The run itself is searched for it.
    let secret = roles.home.user.secret_access_key.clone();
    assert_report!(told(&secret), @"
    exit 1
    --- stderr
    daypass: error: the role of profile 'prod' cannot be assumed (~/.aws/config, line 8)
      caused by: '(40 characters)' is not the ARN of a role: it looks like arn:aws:iam::123456789012:role/Admin
      hint: the AWS console shows the ARN of a role under IAM, Roles
    ");
}

#[test]
fn a_secret_in_the_place_of_any_setting_is_not_repeated() {
    let roles = Roles::new();
    let secret = roles.home.user.secret_access_key.clone();
    for key in [
        "role_session_name",
        "external_id",
        "source_identity",
        "session_tags",
        "transitive_session_tags",
        "duration_seconds",
        "region",
        "sts_regional_endpoints",
        "mfa_serial",
        "source_profile",
        "credential_source",
    ] {
        roles.configure(&format!("{key} = {secret}!\n"), "");
        let run = roles
            .home
            .daypass(["-vvv", "credential-process", "prod"])
            .run();
        assert_ne!(run.exit, 0, "{}", run.report());
    }
}

#[test]
fn hostile_bytes_in_the_section_of_a_role_are_no_surprise() {
    let roles = Roles::new();
    roles.home.log_in();
    let config = roles.home.config().into_bytes();
    let path = roles.home.path(".aws/config");
    for hostile in [
        b"external_id = \xff\xfe\n".as_slice(),
        b"role_session_name = \x1b[31mred\n",
        b"session_tags = a=\xe2\x80\xae\n",
        b"source_identity = a\n  aws_secret_access_key = x\n",
        b"duration_seconds = 99999999999999999999999\n",
        b"region = ../../x\n",
        b"daypass_session_section = a]b\n",
    ] {
        let at = config
            .windows(14)
            .position(|window| window == b"[profile deplo")
            .unwrap();
        let mut bytes = config[..at].to_vec();
        bytes.extend_from_slice(hostile);
        bytes.extend_from_slice(&config[at..]);
        std::fs::write(&path, bytes).unwrap();
        let run = roles.refused("prod");
        assert_eq!(run.exit, 1, "{}", run.report());
        assert!(run.stderr.contains("hint:"), "{}", run.report());
        assert!(!run.stderr.contains('\x1b'), "{}", run.report());
        assert_eq!(roles.home.sandbox.calls("AssumeRole"), 0);
    }
}

#[test]
fn a_changed_setting_makes_the_session_count_as_absent() {
    const TAGS: &str = "session_tags = team=red";
    let roles = Roles::new();
    roles.home.log_in();
    let mut assumed = 0;
    for (before, after) in [
        ("", "external_id = partner"),
        ("", "role_session_name = ada-2"),
        ("", "source_identity = ada"),
        ("", TAGS),
        (TAGS, "session_tags = team=blue"),
        (
            TAGS,
            "session_tags = team=red\ntransitive_session_tags = team",
        ),
    ] {
        for settings in [before, after] {
            // Of its source: the session at the end of the chain is another one too.
            roles.configure(settings, "");
            roles.credentials("deploy");
            assumed += 2;
            assert_eq!(roles.calls(), (1, assumed), "{settings}");
            roles.credentials("deploy");
            assert_eq!(roles.calls(), (1, assumed), "{settings}");
        }
        let settings = "role_session_name = something-else";
        roles.configure(settings, "");
        roles.credentials("deploy");
        assumed += 2;
    }
    // Its own alone.
    roles.configure(
        "role_session_name = something-else",
        "external_id = partner",
    );
    roles.credentials("deploy");
    assert_eq!(roles.calls(), (1, assumed + 1));
    // Neither who it is nor what it may: it is only for how long, and from where.
    roles.configure(
        "role_session_name = something-else\nduration_seconds = 900\nsts_regional_endpoints = legacy",
        "external_id = partner",
    );
    roles.credentials("deploy");
    assert_eq!(roles.calls(), (1, assumed + 1));
}

#[test]
fn a_role_session_of_another_key_or_device_counts_as_absent() {
    let roles = Roles::new();
    roles.home.log_in();
    roles.credentials("prod");
    let key = roles.home.sandbox.add_key(&roles.home.user);
    let credentials = roles.home.credentials();
    let with_other_key = credentials
        .replacen(&roles.home.user.access_key_id, &key.access_key_id, 1)
        .replacen(
            &roles.home.user.secret_access_key,
            &key.secret_access_key,
            1,
        );
    roles.home.write_credentials(&with_other_key);
    assert_eq!(roles.refused("prod").exit, 3);
    roles.home.write_credentials(&credentials);
    roles.credentials("prod");
    let device = roles
        .home
        .sandbox
        .add_virtual_device(&roles.home.user, "second");
    roles.configure(&format!("mfa_serial = {}\n", device.serial), "");
    assert_eq!(roles.refused("prod").exit, 3);
    assert_eq!(roles.calls(), (1, 1));
}

#[test]
fn the_environment_of_a_role_is_that_of_the_role() {
    let roles = Roles::new();
    roles.home.log_in();
    let run = roles
        .home
        .daypass(["env", "deploy", "--format", "json"])
        .run();
    let variables = run.json();
    let id = variables["AWS_ACCESS_KEY_ID"].as_str().unwrap();
    let issued = roles.home.sandbox.session(id).unwrap();
    assert_eq!(issued.role_arn.as_ref(), Some(&roles.deploy));
    assert_eq!(variables["AWS_REGION"], "eu-central-1");
    assert_eq!(variables["AWS_DEFAULT_REGION"], "eu-central-1");
}
