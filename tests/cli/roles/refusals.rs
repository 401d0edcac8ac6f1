//! Roles that AWS does not let be assumed.

use daypass_sandbox::{Fault, Role, Times};

use super::Roles;
use crate::support::{Run, assert_report};

fn told(roles: &Roles, profile: &str, exit: i32) -> Run {
    let run = roles.refused(profile);
    assert_eq!(run.exit, exit, "{}", run.report());
    run
}

#[test]
fn who_is_not_let_in_is_told_all_that_may_be_the_reason() {
    let roles = Roles::new();
    roles.home.log_in();
    roles.add(
        Role {
            name: "Partner".to_owned(),
            external_id: Some("secret-handshake".to_owned()),
            ..Role::default()
        },
        "partner",
        "region = eu-west-1\nexternal_id = wrong\n",
    );
    assert_report!(told(&roles, "partner", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/Partner (role arn:aws:iam::123456789012:role/Partner of profile 'partner')
      hint: ask whoever manages the role: it may not exist, its trust policy and the policies of the user of 'work' must both allow it, and it may want an external_id or session_tags in [profile partner], or a more recent MFA code: daypass login --force work
    ");
    roles.add(
        Role {
            name: "Strangers".to_owned(),
            trusted: vec!["arn:aws:iam::999999999999:root".to_owned()],
            ..Role::default()
        },
        "strangers",
        "region = eu-west-1\n",
    );
    assert_report!(told(&roles, "strangers", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/Strangers (role arn:aws:iam::123456789012:role/Strangers of profile 'strangers')
      hint: ask whoever manages the role: it may not exist, its trust policy and the policies of the user of 'work' must both allow it, and it may want an external_id or session_tags in [profile strangers], or a more recent MFA code: daypass login --force work
    ");
    let config = roles.home.config().replace("role/Admin", "role/Gone");
    roles.home.write_config(&config);
    assert_report!(told(&roles, "prod", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::210987654321:role/Gone (role arn:aws:iam::210987654321:role/Gone of profile 'prod')
      hint: ask whoever manages the role: it may not exist, its trust policy and the policies of the user of 'work' must both allow it, and it may want an external_id or session_tags in [profile prod], or a more recent MFA code: daypass login --force work
    ");
    assert_eq!(roles.home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_role_behind_a_role_is_told_with_that_role() {
    let roles = Roles::new();
    roles.home.log_in();
    let arn = roles.home.sandbox.add_role(Role {
        name: "WithMfa".to_owned(),
        trusted: vec![roles.admin.clone()],
        require_mfa: true,
        ..Role::default()
    });
    let config = roles.home.config().replace(&roles.deploy, &arn);
    roles.home.write_config(&config);
    assert_report!(told(&roles, "deploy", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:sts::210987654321:assumed-role/Admin/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/WithMfa (role arn:aws:iam::123456789012:role/WithMfa of profile 'deploy')
      hint: ask whoever manages the role: it may not exist, its trust policy and the policies of the role of 'prod' must both allow it, and it may want an external_id or session_tags in [profile deploy]; a role that insists on MFA has to be assumed with source_profile = work, since AWS sees no MFA behind another role
    ");
}

#[test]
fn a_role_whose_own_limit_is_lower_says_which_setting_it_is() {
    let roles = Roles::new();
    roles.home.log_in();
    let short = Role {
        name: "Short".to_owned(),
        max_session_duration: std::time::Duration::from_secs(1_800),
        ..Role::default()
    };
    roles.add(
        short,
        "short",
        "region = eu-west-1\nduration_seconds = 3600\n",
    );
    assert_report!(told(&roles, "short", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused sts:AssumeRole: The requested DurationSeconds exceeds the MaxSessionDuration set for this role. (ValidationError) (role arn:aws:iam::123456789012:role/Short of profile 'short')
      hint: take duration_seconds out of [profile short], or lower it: the role has a limit of its own
    ");
}

#[test]
fn tags_that_a_trust_policy_does_not_take_are_refused_by_name() {
    let roles = Roles::new();
    roles.home.log_in();
    let plain = Role {
        name: "Plain".to_owned(),
        allows_tags: false,
        allows_source_identity: false,
        ..Role::default()
    };
    roles.add(
        plain,
        "plain",
        "region = eu-west-1\nsession_tags = team=blue\n",
    );
    assert_report!(told(&roles, "plain", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:TagSession on resource: arn:aws:iam::123456789012:role/Plain (role arn:aws:iam::123456789012:role/Plain of profile 'plain')
      hint: the role's trust policy must allow sts:TagSession for session_tags, those that an earlier role hands on included; have that added, or take the tags out of [profile plain]
    ");
    let config = roles.home.config();
    let config = config.replace("session_tags = team=blue", "source_identity = ada");
    roles.home.write_config(&config);
    assert_report!(told(&roles, "plain", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS denied sts:AssumeRole: User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:SetSourceIdentity on resource: arn:aws:iam::123456789012:role/Plain (role arn:aws:iam::123456789012:role/Plain of profile 'plain')
      hint: the role's trust policy must allow sts:SetSourceIdentity, and a source_identity is the same for all roles of a chain; have that added, or take source_identity out of [profile plain]
    ");
}

#[test]
fn a_tag_that_the_role_before_hands_on_cannot_be_set_again() {
    let roles = Roles::new();
    roles.configure(
        "session_tags = team=blue\ntransitive_session_tags = team\n",
        "session_tags = Team=red\n",
    );
    roles.home.log_in();
    assert_report!(told(&roles, "deploy", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS refused sts:AssumeRole: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session. (InvalidParameterValue) (role arn:aws:iam::123456789012:role/Deploy of profile 'deploy')
      hint: correct the settings of the role in [profile deploy]; daypass --help lists them
    ");
}

#[test]
fn trouble_on_the_way_is_told_apart_from_a_refusal() {
    let roles = Roles::new();
    roles.home.log_in();
    let sandbox = &roles.home.sandbox;
    for (fault, exit) in [
        (Fault::Throttle, 4),
        (Fault::Status500, 5),
        (Fault::Status503, 5),
        (Fault::Drop, 5),
        (Fault::Garbage, 5),
        (Fault::Truncated, 5),
    ] {
        sandbox.misbehave("AssumeRole", fault, Times::Always);
        let run = told(&roles, "prod", exit);
        assert!(run.stderr.contains("hint:"), "{}", run.report());
        if fault == Fault::Throttle {
            assert_report!(run.report(), @"
            exit 4
            --- stderr
            daypass: error: AWS is being asked too often (throttling), and was asked three times (role arn:aws:iam::210987654321:role/Admin of profile 'prod')
              hint: wait a minute, then try again
            ");
        }
        sandbox.behave();
    }
    // No network at all.
    let run = roles.home.daypass(["credential-process", "prod"]);
    let run = run.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").run();
    assert_eq!(run.exit, 5, "{}", run.report());
    // Once is overcome.
    sandbox.misbehave("AssumeRole", Fault::Status503, Times::Next(1));
    roles.credentials("prod");
}

#[test]
fn a_session_that_has_ended_at_aws_only_says_how_to_get_another() {
    let roles = Roles::new();
    roles.home.log_in();
    let id = roles.home.credential("work-mfa", "aws_access_key_id");
    let id = id.expect("a session");
    let unknown = format!("{}AAAA", &id[..id.len() - 4]);
    let credentials = roles.home.credentials().replace(&id, &unknown);
    roles.home.write_credentials(&credentials);
    assert_report!(told(&roles, "prod", 4).report(), @"
    exit 4
    --- stderr
    daypass: error: AWS does not know this access key: it was deleted or deactivated, or belongs to another partition (role arn:aws:iam::210987654321:role/Admin of profile 'prod')
      hint: AWS no longer takes the session of 'work': daypass login --force work
    ");
}

#[test]
fn a_session_that_aws_no_longer_takes_by_its_age_says_so() {
    let roles = Roles::new();
    roles.home.log_in();
    let limit = std::time::Duration::from_secs(60);
    roles
        .home
        .sandbox
        .set_mfa_age_limit(&roles.home.user, Some(limit));
    roles.home.sandbox.age(limit * 2);
    let run = told(&roles, "prod", 4);
    assert!(
        run.stderr.contains("daypass login --force work"),
        "{}",
        run.report()
    );
}
