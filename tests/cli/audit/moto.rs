//! Against moto's server.

use super::*;
use crate::aws_tools::{client::Client, moto::Moto};

const ACCOUNT_SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/audit/moto_account.py"
);

/// moto's root user has nothing, and its devices are virtual ones.
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
            "key-without-mfa user/deploy/key/1",
            "group-without-mfa group/operators",
            "locked-out user/bob",
            "single-device user/cyd",
            "unassigned-device device/arn:aws:iam::123456789012:mfa/left-behind",
        ],
        "{}",
        run.report()
    );
    assert_eq!(home.sandbox.connections(), 0);
}
