//! Role profiles: one MFA session serves all roles, and a role costs no code of its own.

use daypass_sandbox::{IssuedSession, Role};

use crate::support::{Home, PassStandIn, Pty, Run, assert_report};

mod aws_tools;
mod chains;
mod crowds;
mod places;
mod refusals;
mod regions;
mod renewal;
mod settings;

const OTHER_ACCOUNT: &str = "210987654321";

/// A home with roles: `prod` is assumed with the session of `work`, and `deploy` with that of `prod`.
struct Roles {
    home: Home,
    admin: String,
    deploy: String,
}

impl Roles {
    fn new() -> Self {
        let home = Home::new();
        let admin = home.sandbox.add_role(Role {
            account: OTHER_ACCOUNT.to_owned(),
            trusted: vec![home.user.arn.clone()],
            require_mfa: true,
            ..Role::default()
        });
        let deploy = home.sandbox.add_role(Role {
            name: "Deploy".to_owned(),
            trusted: vec![admin.clone()],
            ..Role::default()
        });
        let roles = Roles {
            home,
            admin,
            deploy,
        };
        roles.configure("", "");
        roles
    }

    /// Writes the config, with these lines in the two role profiles.
    fn configure(&self, prod: &str, deploy: &str) {
        let work = self.home.profile_section("work");
        self.home.write_config(&format!(
            "{work}\n[profile prod]\nregion = eu-west-1\nrole_arn = {}\nsource_profile = work\n{prod}\n\
             [profile deploy]\nregion = eu-central-1\nrole_arn = {}\nsource_profile = prod\n{deploy}\n",
            self.admin, self.deploy
        ));
    }

    fn credentials(&self, profile: &str) -> Run {
        let run = self.home.daypass(["credential-process", profile]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        run
    }

    /// What AWS knows of the session that was handed out.
    fn issued(&self, run: &Run) -> IssuedSession {
        let json = run.json();
        let id = json["AccessKeyId"].as_str().expect("an id");
        self.home.sandbox.session(id).expect("a session of AWS's")
    }

    fn calls(&self) -> (usize, usize) {
        let sandbox = &self.home.sandbox;
        (
            sandbox.calls("GetSessionToken"),
            sandbox.calls("AssumeRole"),
        )
    }

    /// Hands out the credentials of the profile at a later time, on both clocks.
    fn credentials_after(&self, seconds: u64, profile: &str) -> Run {
        let seconds_from_now = i64::try_from(seconds).expect("a short time");
        self.home.sandbox.set_clock_offset(seconds_from_now);
        let run = self.home.daypass(["credential-process", profile]);
        run.at(seconds_from_now).run()
    }

    /// A role of the other account that trusts these, as a profile of this name with `work` as its source.
    fn add(&self, role: Role, profile: &str, settings: &str) -> String {
        let arn = self.home.sandbox.add_role(role);
        self.home.write_config(&format!(
            "{}\n[profile {profile}]\nrole_arn = {arn}\nsource_profile = work\n{settings}",
            self.home.config()
        ));
        arn
    }

    fn refused(&self, profile: &str) -> Run {
        let run = self.home.daypass(["credential-process", profile]).run();
        assert_ne!(run.exit, 0, "{}", run.report());
        run
    }
}

#[test]
fn one_code_serves_a_chain_of_two_roles_and_each_role_alone() {
    let roles = Roles::new();
    let mut pty = Pty::start_captured(&roles.home.daypass(["credential-process", "deploy"]));
    pty.expect("code");
    pty.send(&format!("{}\r", roles.home.code()));
    assert!(pty.wait().success());
    drop(pty);
    assert_eq!(roles.calls(), (1, 2));

    let deploy = roles.credentials("deploy");
    assert_eq!(
        roles.issued(&deploy).role_arn.as_deref(),
        Some(roles.deploy.as_str())
    );
    assert_eq!(deploy.json()["AccountId"], "123456789012");
    let prod = roles.credentials("prod");
    assert_eq!(
        roles.issued(&prod).role_arn.as_deref(),
        Some(roles.admin.as_str())
    );
    assert_eq!(prod.json()["AccountId"], OTHER_ACCOUNT);
    assert!(roles.issued(&prod).with_mfa);
    // All of it came from the file.
    assert_eq!(roles.calls(), (1, 2));
    for (section, role) in [("prod-mfa", &roles.admin), ("deploy-mfa", &roles.deploy)] {
        let arn = roles.home.credential(section, "daypass_role_arn");
        assert_eq!(arn.as_ref(), Some(role));
        let source = roles.home.credential(section, "daypass_source_profile");
        assert_eq!(source.as_deref(), Some("work"));
    }
}

#[test]
fn a_role_without_a_session_says_where_to_log_in() {
    let roles = Roles::new();
    assert_report!(roles.refused("prod").report(), @"
    exit 3
    --- stderr
    daypass: error: profile 'prod' needs an MFA code, and nobody can be asked for it here
      hint: in a terminal, run: daypass login prod
    ");
}

#[test]
fn a_role_session_is_renewed_without_a_code_while_the_mfa_session_lives() {
    let roles = Roles::new();
    roles.home.log_in();
    let first = roles.issued(&roles.credentials("prod"));
    // Fifty minutes later: in the refresh window of the hour.
    roles
        .home
        .sandbox
        .advance(std::time::Duration::from_secs(50 * 60));
    let run = roles
        .home
        .daypass(["credential-process", "prod"])
        .at(50 * 60);
    let run = run.run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_ne!(run.json()["AccessKeyId"], first.access_key_id.as_str());
    assert_eq!(roles.calls(), (1, 2));
}

#[test]
fn what_the_profile_says_of_its_role_reaches_aws() {
    let roles = Roles::new();
    roles.configure(
        "external_id = partner/42\nrole_session_name = ada@example.com\nduration_seconds = 1800\n\
         session_tags = team=blue, project=day pass\ntransitive_session_tags = team\nsource_identity = ada\n",
        "",
    );
    roles.home.log_in();
    let run = roles.credentials("deploy");
    let deploy = roles.issued(&run);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(deploy.tags, [pair("team", "blue")]);
    assert_eq!(deploy.source_identity.as_deref(), Some("ada"));
    // Named after the device.
    assert_eq!(deploy.name.as_deref(), Some("ada"));
    assert_eq!(deploy.region, "eu-central-1");
    let prod = roles.home.sandbox.session(&deploy.requested_with).unwrap();
    assert_eq!(prod.external_id.as_deref(), Some("partner/42"));
    assert_eq!(prod.name.as_deref(), Some("ada@example.com"));
    assert_eq!(prod.duration.as_secs(), 1_800);
    assert_eq!(prod.region, "eu-west-1");
    assert_eq!(
        prod.tags,
        [pair("team", "blue"), pair("project", "day pass")]
    );
}

#[test]
fn the_logout_of_a_source_forgets_the_sessions_of_its_roles() {
    let roles = Roles::new();
    let before = roles.home.credentials();
    roles.home.log_in();
    roles.credentials("deploy");
    assert_report!(roles.home.daypass(["logout", "work"]).run().report(), @"
    exit 0
    --- stdout
    work: session forgotten, and the sessions of 2 roles made from it
    ");
    assert_eq!(roles.home.credentials(), before);
    assert_eq!(roles.refused("deploy").exit, 3);
    // As `login prod` logs in with work, so `logout prod` logs out there.
    roles.home.log_in();
    roles.credentials("prod");
    let run = roles.home.daypass(["logout", "prod"]).run();
    assert_eq!(
        run.stdout,
        "work: session forgotten, and the session of a role made from it\n"
    );
    assert_eq!(roles.home.credentials(), before);
}

#[test]
fn the_session_of_a_role_that_is_no_longer_in_the_config_is_forgotten_with_its_source() {
    let roles = Roles::new();
    roles.home.log_in();
    roles.credentials("prod");
    roles.home.write_config(&roles.home.profile_section("work"));
    assert_eq!(roles.home.daypass(["logout", "work"]).run().exit, 0);
    assert_eq!(roles.home.credential("prod-mfa", "aws_session_token"), None);
}

#[test]
fn sessions_of_roles_in_a_keychain_go_with_their_source_too() {
    let pass = PassStandIn::new();
    let admin = pass.home.sandbox.add_role(Role {
        trusted: vec![pass.home.user.arn.clone()],
        ..Role::default()
    });
    let role = format!("\n[profile prod]\nrole_arn = {admin}\nsource_profile = work\n");
    let config = pass.profile_section("work") + "daypass_session_store = keychain\n" + &role;
    pass.home.write_config(&config);
    pass.log_in("work");
    let run = pass.daypass(["credential-process", "prod"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(pass.entries("session:").len(), 2);
    let run = pass.daypass(["logout", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(pass.entries("session:"), [""; 0]);
}

#[test]
fn status_shows_the_sessions_of_roles_under_their_source() {
    let roles = Roles::new();
    roles.home.log_in();
    // Nothing was assumed yet, and a role can be had without a code.
    assert_report!(roles.home.daypass(["status"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     valid     ░░░░░░░░░░ [N] s of 8 h          [HH:MM] (8 h left)
    ");
    let before = roles
        .home
        .daypass(["status", "prod", "--json"])
        .run()
        .json();
    assert_eq!(before[0]["section"], "work-mfa");
    assert_eq!(before[0]["state"], "valid");
    assert_eq!(before[0]["role_arn"], roles.admin.as_str());

    roles.credentials("prod");
    assert_report!(roles.home.daypass(["status"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     valid     ░░░░░░░░░░ [N] s of 8 h          [HH:MM] (8 h left)
      prod   valid     role Admin                     [HH:MM] (1 h left)
    ");
    assert_report!(roles.home.daypass(["status", "prod"]).run().report(), @"
    exit 0
    --- stdout
    PROFILE  STATE     MFA AGE                        GOOD UNTIL
    work     valid     ░░░░░░░░░░ [N] s of 8 h          [HH:MM] (8 h left)
      prod   valid     role Admin                     [HH:MM] (1 h left)
    ");
    let run = roles.home.daypass(["status", "--json"]).run();
    let all = run.json();
    let names: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["profile"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["work", "prod"]);
    let prod = &all[1];
    assert_eq!(prod["section"], "prod-mfa");
    assert_eq!(prod["account_id"], OTHER_ACCOUNT);
    assert_eq!(prod["mfa_time"], serde_json::Value::Null);
    let left = prod["seconds_left"].as_i64().unwrap();
    assert!((3_500..=3_600).contains(&left), "{left}");
    // What a prompt tells is how long no code is needed.
    let run = roles.home.daypass(["status", "prod", "--short"]).run();
    assert!(
        run.stdout.starts_with("prod 7h59m") || run.stdout.starts_with("prod 8h00m"),
        "{}",
        run.report()
    );
    let run = roles.home.daypass(["status", "--short"]).run();
    assert!(!run.stdout.contains("prod"), "{}", run.report());
}

#[test]
fn the_check_of_a_role_asks_whether_a_code_is_needed() {
    let roles = Roles::new();
    let check = |later: i64| {
        let run = roles
            .home
            .daypass(["status", "prod", "--check"])
            .at(later)
            .run();
        run.exit
    };
    assert_eq!(check(0), 10);
    roles.home.log_in();
    assert_eq!(check(0), 0);
    assert_eq!(check(8 * 3_600 - 600), 0);
    assert_eq!(check(8 * 3_600 + 1), 10);
}

#[test]
fn exec_and_env_lend_the_session_of_the_role() {
    let roles = Roles::new();
    roles.home.log_in();
    let print = "printf '%s %s' \"$AWS_ACCESS_KEY_ID\" \"$AWS_REGION\"";
    let run = roles
        .home
        .daypass(["exec", "deploy", "--", "sh", "-c", print])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let (id, region) = run.stdout.split_once(' ').expect("two words");
    let session = roles.home.sandbox.session(id).expect("a session of AWS's");
    assert_eq!(session.role_arn.as_deref(), Some(roles.deploy.as_str()));
    assert_eq!(region, "eu-central-1");
    let run = roles
        .home
        .daypass(["env", "deploy", "--format", "json"])
        .run();
    assert_eq!(run.json()["AWS_ACCESS_KEY_ID"], id);
    assert_eq!(roles.calls(), (1, 2));
}

#[test]
fn an_hour_is_the_most_that_a_role_gives_and_people_are_told() {
    let roles = Roles::new();
    roles.configure("duration_seconds = 43200", "");
    roles.home.log_in();
    let run = roles.home.daypass(["exec", "prod", "--", "true"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stderr
    daypass: warning: duration_seconds of 12 h is cut to an hour for the role of profile 'prod': AWS gives no more to a role that is assumed with a session (~/.aws/config, line 10)
    ");
    let run = roles
        .home
        .daypass(["exec", "prod", "--min-ttl", "2h", "--", "true"])
        .run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: AWS gives the role of profile 'prod' an hour at most, since it is assumed with a session, not 2 h
      hint: ask for an hour or less; daypass exec --server keeps a longer run going
    ");
    // Tools renew every hour and would say it each time.
    roles.home.daypass(["logout", "work"]).run();
    roles.home.log_in();
    assert_eq!(roles.credentials("prod").stderr, "");
}
