//! In which region, and at which address, roles are assumed.

use daypass_sandbox::{Call, Role, Sandbox};

use super::Roles;
use crate::support::{Home, assert_report};

fn last(sandbox: &Sandbox, action: &str) -> Call {
    let log = sandbox.log();
    let call = log.into_iter().rev().find(|call| call.action == action);
    call.expect("such a call")
}

type Variables<'a> = &'a [(&'a str, &'a str)];

/// In which region `prod` is assumed.
fn region(roles: &Roles, variables: Variables) -> String {
    let run = roles.home.daypass(["credential-process", "prod"]);
    let run = variables
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value))
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    roles.issued(&run).region
}

#[test]
fn the_region_is_the_roles_own_then_the_sources_then_the_environments() {
    let roles = Roles::new();
    roles.home.log_in();
    let config = roles.home.config();
    let work = "region = eu-west-1\n";
    let prod = "[profile prod]\nregion = eu-west-1\n";
    // Another name for each, so that none is served from the file.
    let own = config.replace(
        prod,
        "[profile prod]\nrole_session_name = one\nregion = eu-north-1\n",
    );
    roles.home.write_config(&own);
    let env: Variables = &[("AWS_REGION", "ap-south-1")];
    assert_eq!(region(&roles, env), "eu-north-1");
    let of_source = config.replace(prod, "[profile prod]\nrole_session_name = two\n");
    roles.home.write_config(&of_source);
    assert_eq!(region(&roles, env), "eu-west-1");
    let none = of_source.replacen(work, "", 1).replace("= two", "= three");
    roles.home.write_config(&none);
    assert_eq!(region(&roles, env), "ap-south-1");
    roles.home.write_config(&none.replace("= three", "= four"));
    assert_eq!(region(&roles, &[]), "us-east-1");
}

#[test]
fn a_region_that_is_none_is_told_with_the_profile_that_has_it() {
    let roles = Roles::new();
    let config = roles.home.config();
    let config = config
        .replacen("region = eu-west-1", "region = eu_west_1", 1)
        .replace("[profile prod]\nregion = eu-west-1\n", "[profile prod]\n");
    roles.home.write_config(&config);
    assert_report!(roles.refused("prod").report(), @"
    exit 1
    --- stderr
    daypass: error: the region of profile 'work' is not the name of one (~/.aws/config, line 2)
      hint: names of regions are small letters, digits and dashes, as in region = eu-west-1
    ");
}

#[test]
fn roles_of_china_and_of_the_government_are_assumed_where_they_are() {
    for (partition, region) in [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")] {
        let home = Home::new();
        let user = home.sandbox.add_user_in_partition(partition, "mei");
        let device = home.sandbox.add_virtual_device(&user, "mei");
        let arn = home.sandbox.add_role(Role {
            partition: partition.to_owned(),
            trusted: vec![user.arn.clone()],
            require_mfa: true,
            ..Role::default()
        });
        assert!(arn.starts_with(&format!("arn:{partition}:iam")));
        home.write_config(&format!(
            "[profile work]\nmfa_serial = {}\n[profile prod]\nrole_arn = {arn}\nsource_profile = work\n",
            device.serial
        ));
        home.write_credentials(&format!(
            "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            user.access_key_id, user.secret_access_key
        ));
        let code = home.sandbox.fresh_code(&device);
        let login = home.daypass(["login", "work", "--code", &code]).run();
        assert_eq!(login.exit, 0, "{}", login.report());
        let run = home.daypass(["credential-process", "prod"]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
        assert_eq!(last(&home.sandbox, "GetSessionToken").region, region);
        assert_eq!(last(&home.sandbox, "AssumeRole").region, region);
    }
}

/// Sends what is for AWS's own addresses to a proxy that refuses it, and says which host it was.
fn asked_host(roles: &Roles, variables: Variables) -> String {
    use std::io::{Read, Write};
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = proxy.local_addr().expect("an address");
    let listening = std::thread::spawn(move || {
        let (mut stream, _) = proxy.accept().expect("a connection");
        let mut request = [0; 1024];
        let length = stream.read(&mut request).expect("a request");
        // No more than one: the port is closed before the answer.
        drop(proxy);
        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let run = roles
        .home
        .daypass(["credential-process", "prod"])
        // An address of nothing is none.
        .env("AWS_ENDPOINT_URL", "")
        .env("HTTPS_PROXY", &format!("http://{address}"));
    let run = variables
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value))
        .run();
    assert_eq!(run.exit, 5, "{}", run.report());
    let request = listening.join().expect("the proxy");
    let host = request.strip_prefix("CONNECT ").expect(&request);
    host.split(':').next().unwrap_or_default().to_owned()
}

#[test]
fn the_address_is_the_regions_own_unless_legacy_is_asked_for() {
    let roles = Roles::new();
    roles.home.log_in();
    assert_eq!(asked_host(&roles, &[]), "sts.eu-west-1.amazonaws.com");
    let legacy: Variables = &[("AWS_STS_REGIONAL_ENDPOINTS", "legacy")];
    assert_eq!(asked_host(&roles, legacy), "sts.amazonaws.com");
    roles.configure("sts_regional_endpoints = legacy\n", "");
    assert_eq!(asked_host(&roles, &[]), "sts.amazonaws.com");
    let regional: Variables = &[("AWS_STS_REGIONAL_ENDPOINTS", "regional")];
    assert_eq!(asked_host(&roles, regional), "sts.eu-west-1.amazonaws.com");
}

#[test]
fn an_address_in_the_profile_of_the_role_or_its_services_is_asked() {
    let roles = Roles::new();
    roles.home.log_in();
    let url = roles.home.sandbox.url();
    for (number, settings) in [
        format!("endpoint_url = {url}\n"),
        format!("services = here\n[services here]\nsts =\n  endpoint_url = {url}\n"),
    ]
    .into_iter()
    .enumerate()
    {
        // The name keeps it from being served from the file.
        roles.configure(
            &format!(
                "sts_regional_endpoints = legacy\nrole_session_name = name{number}\n{settings}"
            ),
            "",
        );
        let run = roles.home.daypass(["credential-process", "prod"]);
        let run = run.without("AWS_ENDPOINT_URL").run();
        assert_eq!(run.exit, 0, "{}", run.report());
        assert_eq!(roles.calls(), (1, number + 1));
        let host = last(&roles.home.sandbox, "AssumeRole").host;
        assert_eq!(format!("http://{host}"), url);
    }
}
