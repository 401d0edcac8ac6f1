//! The credential report, the authorization details, the summary: with AWS's own client.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use daypass_sandbox::{Delay, Password, RootDevice, Sandbox};

use crate::{client::Client, presence::python_environment};

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn a_report_is_generated_in_the_background_and_lasts_for_four_hours() {
    let sandbox = Sandbox::start();
    let client = Client::of(&sandbox, &sandbox.add_user("ada"));
    let generate = || {
        client
            .call("GenerateCredentialReport", &[])
            .text("State")
            .unwrap()
    };
    let get = || {
        let answer = client.call("GetCredentialReport", &[]);
        (answer.status, answer.outcome())
    };
    assert_eq!(get(), (410, "ReportNotPresent".to_owned()));
    assert_eq!(generate(), "STARTED");
    assert_eq!(get(), (404, "ReportInProgress".to_owned()));
    assert_eq!(generate(), "COMPLETE");
    assert_eq!(get(), (200, "ok".to_owned()));
    // A newcomer is in the next one only.
    let read = || {
        client
            .call("GetCredentialReport", &[])
            .text("Content")
            .unwrap()
    };
    let first = read();
    sandbox.add_user("eve");
    sandbox.age(4 * HOUR);
    assert_eq!((generate(), read()), ("COMPLETE".to_owned(), first.clone()));
    sandbox.age(Duration::from_secs(1));
    assert_eq!(get(), (410, "ReportExpired".to_owned()));
    sandbox.set_report_delay(Delay::Time(Duration::from_secs(30)));
    assert_eq!(
        [generate(), generate(), generate()],
        ["STARTED", "INPROGRESS", "INPROGRESS"]
    );
    sandbox.age(Duration::from_secs(30));
    assert_eq!(generate(), "COMPLETE");
    assert_ne!(read(), first);
}

/// Prints what boto3 makes of the answers.
const READ: &str = r#"
import json, boto3
iam = boto3.client("iam")
while iam.generate_credential_report()["State"] != "COMPLETE":
    pass
report = iam.get_credential_report()
pages = list(iam.get_paginator("get_account_authorization_details").paginate())
of = lambda name: [entry for page in pages for entry in page[name]]
roles = iam.get_account_authorization_details(Filter=["Role"])
print(json.dumps({
    "format": report["ReportFormat"],
    "report": report["Content"].decode(),
    "pages": len(pages),
    "users": of("UserDetailList"),
    "groups": of("GroupDetailList"),
    "roles": of("RoleDetailList"),
    "policies": of("Policies"),
    "only_roles": [len(roles[name]) for name in
        ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")],
    "summary": iam.get_account_summary()["SummaryMap"],
    "boundary": iam.get_user(UserName="ada")["User"]["PermissionsBoundary"],
    "login": iam.get_login_profile(UserName="ada")["LoginProfile"]["UserName"],
    "trust": iam.list_roles()["Roles"][0]["AssumeRolePolicyDocument"],
    "virtual": iam.list_virtual_mfa_devices()["VirtualMFADevices"],
}, default=str))
"#;

#[test]
fn boto3_reads_the_report_the_details_and_the_summary() {
    let Some(programs) = python_environment() else {
        return;
    };
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user("ada");
    sandbox.add_virtual_device(&ada, "ada");
    let eve = sandbox.add_user("eve");
    let devs = sandbox.add_group("devs");
    sandbox.add_to_group(&ada, &devs);
    let allow = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#;
    let policy = sandbox.add_policy("own", allow);
    sandbox.attach_policy(&devs, "arn:aws:iam::aws:policy/AdministratorAccess");
    sandbox.attach_policy(&devs, &policy);
    sandbox.put_inline_policy(&ada.arn, "a+c", allow);
    sandbox.set_permissions_boundary(&ada.arn, Some(&policy));
    let role = sandbox.add_role(daypass_sandbox::Role {
        require_mfa: true,
        ..daypass_sandbox::Role::default()
    });
    sandbox.add_root_device(RootDevice::Virtual);
    let now = sandbox.now();
    sandbox.set_password(
        &ada,
        Some(Password {
            created: now - 90 * HOUR,
            changed: now - 80 * HOUR,
            last_used: Some(now - HOUR),
        }),
    );
    sandbox.set_key_status(&eve.access_key_id, false);
    sandbox.set_page_size(2);
    let output = Command::new(programs.join("python3"))
        .args(["-c", READ])
        .env_clear()
        .envs(sandbox.environment())
        .env("AWS_ACCESS_KEY_ID", &ada.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &ada.secret_access_key)
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();

    let report = told["report"].as_str().unwrap();
    let rows: Vec<Vec<_>> = report
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    assert!(rows.iter().all(|row| row.len() == 22), "{report}");
    let of = |user: usize, column: &str| {
        let at = rows[0].iter().position(|name| *name == column);
        rows[user][at.unwrap_or_else(|| panic!("no column {column}"))].to_owned()
    };
    assert_eq!(
        [1, 2, 3].map(|user| [
            of(user, "user"),
            of(user, "password_enabled"),
            of(user, "mfa_active")
        ]),
        [
            ["<root_account>", "not_supported", "true"],
            ["ada", "true", "true"],
            ["eve", "false", "false"],
        ]
    );
    let changed = (now - 80 * HOUR)
        .format("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string();
    assert_eq!(of(2, "password_last_changed"), changed);
    assert_eq!(of(2, "access_key_1_last_used_service"), "iam");
    assert_eq!(of(3, "access_key_1_active"), "false");
    assert_ne!(of(3, "access_key_1_last_rotated"), "N/A");
    assert_eq!(of(3, "access_key_2_last_rotated"), "N/A");

    assert_eq!(told["pages"], 3);
    let document: serde_json::Value = serde_json::from_str(allow).unwrap();
    let user = &told["users"][0];
    assert_eq!(user["GroupList"], serde_json::json!(["devs"]));
    assert_eq!(user["UserPolicyList"][0]["PolicyDocument"], document);
    assert_eq!(
        user["PermissionsBoundary"]["PermissionsBoundaryArn"],
        policy.as_str()
    );
    let attached: Vec<_> = told["groups"][0]["AttachedManagedPolicies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| policy["PolicyName"].as_str().unwrap())
        .collect();
    assert_eq!(attached, ["AdministratorAccess", "own"]);
    assert_eq!(told["roles"][0]["Arn"], role.as_str());
    assert_eq!(told["trust"], told["roles"][0]["AssumeRolePolicyDocument"]);
    let policies = told["policies"].as_array().unwrap();
    let names: Vec<_> = policies
        .iter()
        .map(|policy| &policy["PolicyName"])
        .collect();
    assert_eq!(names, ["own", "AdministratorAccess"]);
    assert_eq!(policies[0]["PolicyVersionList"][0]["Document"], document);
    assert_eq!(policies[0]["PermissionsBoundaryUsageCount"], 1);
    assert_eq!(told["only_roles"], serde_json::json!([0, 0, 1, 0]));
    for (key, value) in [
        ("Users", 2),
        ("Groups", 1),
        ("Policies", 1),
        ("MFADevices", 2),
        ("MFADevicesInUse", 2),
        ("AccountMFAEnabled", 1),
        ("AccountAccessKeysPresent", 0),
    ] {
        assert_eq!(told["summary"][key], value, "{key}");
    }
    assert_eq!(told["login"], "ada");
    let serial = "arn:aws:iam::123456789012:mfa/root-account-mfa-device";
    let root = told["virtual"]
        .as_array()
        .unwrap()
        .iter()
        .find(|device| device["SerialNumber"] == serial);
    assert_eq!(
        root.unwrap()["User"]["Arn"],
        "arn:aws:iam::123456789012:root"
    );
}
