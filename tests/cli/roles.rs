//! Role profiles: one MFA session serves all roles, and a role costs no code of its own.

use daypass_sandbox::{IssuedSession, Role};

use crate::support::{Home, Pty, Run, assert_report};

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
