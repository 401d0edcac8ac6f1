//! From a role profile along `source_profile` to the session.

use daypass_sandbox::Role;

use super::Roles;
use crate::support::{Home, Pty, assert_report};

#[test]
fn a_chain_of_four_costs_one_code() {
    let home = Home::new();
    let mut config = home.profile_section("work");
    let (mut trusted, mut source) = (home.user.arn.clone(), "work".to_owned());
    for number in 1..=4 {
        let arn = home.sandbox.add_role(Role {
            name: format!("Role{number}"),
            trusted: vec![trusted],
            ..Role::default()
        });
        config +=
            &format!("[profile role-{number}]\nrole_arn = {arn}\nsource_profile = {source}\n");
        (trusted, source) = (arn, format!("role-{number}"));
    }
    home.write_config(&config);
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "role-4"]));
    terminal.expect("MFA code for work (device ada):");
    terminal.send(&format!("{}\r", home.code()));
    let run = terminal.finish();
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run:?}");
    let sessions = home.sandbox.sessions();
    let actions: Vec<&str> = sessions.iter().map(|issued| &*issued.action).collect();
    assert_eq!(
        actions,
        [
            "GetSessionToken",
            "AssumeRole",
            "AssumeRole",
            "AssumeRole",
            "AssumeRole"
        ]
    );
    for (before, after) in sessions.iter().zip(&sessions[1..]) {
        assert_eq!(after.requested_with, before.access_key_id);
    }
    assert!(run.stdout.contains(&sessions[4].access_key_id));
    // Each link is a session of its own by now.
    for (number, issued) in sessions.iter().enumerate().skip(1) {
        let profile = format!("role-{number}");
        let run = home.daypass(["credential-process", &profile]).run();
        assert_eq!(run.json()["AccessKeyId"], issued.access_key_id.as_str());
    }
    assert_eq!(home.sandbox.sessions().len(), 5);
}

#[test]
fn a_circle_is_told_profile_by_profile_with_the_line_that_closes_it() {
    let home = Home::new();
    let role = |name, source| {
        format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = {source}\n"
        )
    };
    home.write_config(&(role("prod", "stage") + &role("stage", "test") + &role("test", "stage")));
    let run = home.daypass(["credential-process", "prod"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: source_profile goes round in a circle: prod -> stage -> test -> stage (~/.aws/config, line 9)
      hint: take one of these source_profile lines out of the config file
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_role_profile_that_names_itself_is_assumed_with_its_own_key() {
    let home = Home::new();
    let arn = home.sandbox.add_role(Role {
        require_mfa: true,
        ..Role::default()
    });
    home.write_config(&format!(
        "[profile prod]\nrole_arn = {arn}\nsource_profile = prod\nmfa_serial = {}\nregion = eu-west-1\n\
         duration_seconds = 1800\n",
        home.device.serial
    ));
    home.write_credentials(&home.long_term_section("prod"));
    let code = home.code();
    let login = home.daypass(["login", "prod", "--code", &code]).run();
    assert_eq!(login.exit, 0, "{}", login.report());
    let run = home.daypass(["credential-process", "prod"]).run();
    let sessions = home.sandbox.sessions();
    assert_eq!(sessions.len(), 2);
    // The setting is the role's, and the session as long as any.
    assert_eq!(sessions[0].duration.as_secs(), 8 * 3_600);
    assert_eq!(sessions[1].duration.as_secs(), 1_800);
    assert_eq!(
        run.json()["AccessKeyId"],
        sessions[1].access_key_id.as_str()
    );
    let id = |section| home.credential(section, "aws_access_key_id");
    assert_eq!(id("prod-mfa").as_ref(), Some(&sessions[0].access_key_id));
    assert_eq!(id("prod-role").as_ref(), Some(&sessions[1].access_key_id));
}

#[test]
fn a_source_with_a_key_of_its_own_is_where_the_chain_begins() {
    let roles = Roles::new();
    let home = &roles.home;
    let bob = home.sandbox.add_user("bob");
    let device = home.sandbox.add_virtual_device(&bob, "bob");
    let of_bob = home.sandbox.add_role(Role {
        name: "OfBob".to_owned(),
        trusted: vec![bob.arn.clone()],
        ..Role::default()
    });
    roles.configure(
        "duration_seconds = 3600\n",
        &format!("mfa_serial = {}\n", device.serial),
    );
    home.write_config(&home.config().replace(&roles.deploy, &of_bob));
    home.write_credentials(&format!(
        "{}[prod]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.credentials(),
        bob.access_key_id,
        bob.secret_access_key
    ));
    // AWS tools look no further than to prod's key either.
    let mut terminal = Pty::start_captured(&home.daypass(["credential-process", "deploy"]));
    terminal.expect("MFA code for prod (device bob):");
    terminal.send(&format!("{}\r", home.sandbox.fresh_code(&device)));
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    let sessions = home.sandbox.sessions();
    assert_eq!(sessions[0].arn, bob.arn);
    // Not what the role may last, which is the other thing that prod is.
    assert_eq!(sessions[0].duration.as_secs(), 8 * 3_600);
    assert_eq!(sessions[1].role_arn.as_ref(), Some(&of_bob));

    // Asked for itself, prod is its role, with the session of its source.
    home.log_in();
    let prod = roles.issued(&roles.credentials("prod"));
    assert_eq!(prod.role_arn.as_ref(), Some(&roles.admin));
    // Neither has taken the other's place.
    let made = home.sandbox.sessions().len();
    roles.credentials("prod");
    roles.credentials("deploy");
    assert_eq!(home.sandbox.sessions().len(), made);
    let role = |section| home.credential(section, "daypass_role_arn");
    assert_eq!(
        (role("prod-mfa"), role("prod-role").as_ref()),
        (None, Some(&roles.admin))
    );
}

#[test]
fn a_role_without_a_source_is_told_what_it_lacks() {
    let home = Home::new();
    home.write_config("[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/x\n");
    let run = home.daypass(["credential-process", "prod"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' has a role_arn and no source_profile whose session could assume the role (~/.aws/config, line 2)
      hint: put source_profile = NAME into [profile prod], where NAME is the profile that you log in with
    ");
}

#[test]
fn credentials_of_the_machine_are_refused_with_the_reason() {
    let home = Home::new();
    let role = "role_arn = arn:aws:iam::123456789012:role/x\n";
    home.write_config(&format!(
        "[profile build]\n{role}credential_source = Ec2InstanceMetadata\n\
         [profile prod]\n{role}source_profile = build\n"
    ));
    let run = home.daypass(["credential-process", "build"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'build' takes the credentials for its role from the machine (credential_source, ~/.aws/config, line 3): they are nobody's session, and were made without MFA
      hint: for a session with MFA, put source_profile = NAME in the place of credential_source, where [profile NAME] has a long-term key; without MFA, AWS tools assume this role by themselves: aws sts get-caller-identity --profile build
    ");
    let run = home.daypass(["env", "prod"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'build' takes the credentials for its role from the machine (credential_source, ~/.aws/config, line 3): they are nobody's session, and were made without MFA
      hint: for a session with MFA, put source_profile = NAME in the place of credential_source, where [profile NAME] has a long-term key; without MFA, AWS tools assume this role by themselves: aws sts get-caller-identity --profile build
    ");
    assert_eq!(home.sandbox.connections(), 0);
}

#[test]
fn a_source_that_does_not_exist_is_named_with_its_place() {
    let home = Home::new();
    let role = "role_arn = arn:aws:iam::123456789012:role/x\n";
    home.write_config(&format!("[profile prod]\n{role}source_profile = wrok\n"));
    let run = home.daypass(["credential-process", "prod"]).run();
    assert_report!(run.report(), @"
    exit 1
    --- stderr
    daypass: error: profile 'prod' names the source_profile 'wrok', which does not exist (~/.aws/config, line 3)
      hint: correct the name, or add a section for it
    ");
}

#[test]
fn the_device_may_stand_in_either_profile_and_the_roles_own_counts() {
    for (of_work, of_prod) in [(true, false), (false, true), (true, true)] {
        let roles = Roles::new();
        let second = roles
            .home
            .sandbox
            .add_virtual_device(&roles.home.user, "second");
        let own = format!("mfa_serial = {}\n", second.serial);
        roles.configure(if of_prod { &own } else { "" }, "");
        if !of_work {
            let line = format!("mfa_serial = {}\n", roles.home.device.serial);
            roles
                .home
                .write_config(&roles.home.config().replacen(&line, "", 1));
        }
        let mut terminal = Pty::start_captured(&roles.home.daypass(["credential-process", "prod"]));
        let (name, device) = if of_prod {
            ("second", &second)
        } else {
            ("ada", &roles.home.device)
        };
        terminal.expect(&format!("MFA code for work (device {name}):"));
        terminal.send(&format!("{}\r", roles.home.sandbox.fresh_code(device)));
        assert_eq!(terminal.finish().exit, 0);
        assert_eq!(
            roles.home.credential("prod-mfa", "daypass_mfa_serial"),
            Some(device.serial.clone())
        );
        // And it is named after the person.
        let issued = roles.home.sandbox.sessions();
        assert_eq!(issued[1].name.as_deref(), Some(name));
    }
}
