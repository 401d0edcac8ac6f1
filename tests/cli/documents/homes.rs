//! The homes that blocks are run in: each is a person's at some point of their way.

use std::{fs, os::unix::fs::symlink};

use daypass_sandbox::{Password, Role, RootDevice};

use crate::support::{DAYPASS, Home};

/// The policy of somebody who may do everything.
const EVERYTHING: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// A person's home at some point of their way.
pub fn home(name: &str) -> Home {
    let home = Home::new();
    let serial = &home.device.serial;
    let region = "region = eu-west-1\n";
    match name {
        "set up" => {}
        "logged in" => home.log_in(),
        "with roles" => {
            let role = home.sandbox.add_role(Role {
                account: "210987654321".to_owned(),
                trusted: vec![home.user.arn.clone()],
                require_mfa: true,
                ..Role::default()
            });
            let roles = format!(
                "[profile prod]\nregion = eu-west-1\nrole_arn = {role}\nsource_profile = work\n"
            );
            home.write_config(&(home.profile_section("work") + &roles));
            home.log_in();
        }
        "administrator" => administrator(&home),
        "plain AWS CLI" => {
            home.write_config(&format!("[profile work]\n{region}"));
            home.write_credentials(&home.long_term_section("work"));
        }
        "aws-mfa" => {
            home.write_config(&format!("[profile work]\n{region}"));
            home.write_credentials(&format!(
                "{}aws_mfa_device = {serial}\n\n[work]\nassumed_role = False\naws_access_key_id = ASIAQQQQQQQQQQQQQQQQ\naws_secret_access_key = gone\naws_session_token = gone\naws_security_token = gone\nexpiration = 2026-01-01 08:00:00\n",
                home.long_term_section("work-long-term"),
            ));
        }
        "static keys in the way" => {
            home.log_in();
            let mut text = home.credentials();
            text.push_str(&home.long_term_section("work"));
            home.write_credentials(&text);
        }
        "a damaged file" => {
            let mut text = home.credentials();
            text.push_str("aws_session_token\n");
            home.write_credentials(&text);
        }
        _ => panic!("no such home: {name}"),
    }
    home
}

/// Makes the user one who looks after an account with one other user in it.
fn administrator(home: &Home) {
    let sandbox = &home.sandbox;
    sandbox.put_inline_policy(&home.user.arn, "administrator", EVERYTHING);
    sandbox.add_root_device(RootDevice::Hardware);
    let developers = sandbox.add_group("developers");
    let grace = sandbox.add_user("grace");
    sandbox.add_to_group(&grace, &developers);
    let now = sandbox.now();
    let password = Password {
        created: now,
        changed: now,
        last_used: Some(now),
    };
    sandbox.set_password(&grace, Some(password));
    home.log_in();
}

/// Puts daypass where its users have it, and gives the `PATH` on which it is found by its name.
pub fn path_with_daypass(home: &Home) -> String {
    let programs = home.path(".local/bin");
    if !programs.exists() {
        fs::create_dir_all(&programs).expect("~/.local/bin");
        symlink(DAYPASS, programs.join("daypass")).expect("a link to daypass");
    }
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{path}", programs.display())
}
