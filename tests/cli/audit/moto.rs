//! Against moto's server.

use super::*;
use crate::aws_tools::{client::Client, moto::Moto};

const ACCOUNT_SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/audit/moto_account.py"
);

/// What moto cannot represent, by check; what it has of it is near to a finding, and is none.
///
/// - `root-mfa`: its root user has no device and can have none. That is the finding; there is no near miss.
/// - `root-access-keys`, `root-hardware-mfa`: its root user has neither keys nor devices, and no line in the report.
/// - `old-key`, `unused-key`, `unused-password`: all that it has was made just now, and its clock cannot be moved.
#[test]
fn moto_tells_of_an_account_and_each_finding_is_found() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    let python = client
        .python(ACCOUNT_SCRIPT)
        .env("AWS_ENDPOINT_URL", &moto.url)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1");
    let auditor = client.run(&python).json();
    let home = &client.home;
    home.write_config("[profile audit]\nregion = eu-west-1\n");
    home.write_credentials(&format!(
        "[audit-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        auditor["id"].as_str().expect("an id"),
        auditor["secret"].as_str().expect("a secret"),
    ));
    let run = home
        .daypass(["audit", "audit", "--format", "json"])
        .env("AWS_ENDPOINT_URL", &moto.url)
        .run();
    assert_eq!(run.exit, 10, "{}", run.report());
    assert_eq!(
        found(&run),
        [
            "root-mfa root",
            "console-without-mfa user/bob",
            "console-without-mfa user/newcomer",
            "key-without-mfa user/deploy/key/1",
            "group-without-mfa group/operators",
            "group-without-mfa group/broken",
            // The operator, and an age that nobody has without MFA.
            "broken-enforcement policy/inline policy 'mfa' of group 'broken'",
            "broken-enforcement policy/inline policy 'mfa' of group 'broken'",
            // The resource of the enrolment is not the user's own.
            "broken-enforcement policy/group 'self-service'",
            "age-limit group/endless",
            "locked-out user/bob",
            "fido-only-with-keys user/fido",
            "sms-device user/sms",
            "single-device user/cyd",
            "unassigned-device device/arn:aws:iam::123456789012:mfa/left-behind",
        ],
        "{}",
        run.report()
    );
    assert_eq!(home.sandbox.connections(), 0);
}
