//! AWS's own client: what it makes of the sandbox's answers, and the sandbox of its requests.
//!
//! It needs `DAYPASS_TEST_VENV`, as the tests of daypass do. `./tests/run` provides it.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use daypass_sandbox::{Role, Sandbox};

use crate::presence::python_environment;

/// The documentation's own way into the console, with a chain of roles before it.
const CONSOLE: &str = r#"
import json, sys, urllib.parse, urllib.request
import boto3

region, first, second, federation = sys.argv[1:]

def client(credentials=None):
    given = credentials and dict(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    return boto3.client("sts", region_name=region, **(given or {}))

def sign_in(credentials, **more):
    session = {
        "sessionId": credentials["AccessKeyId"],
        "sessionKey": credentials["SecretAccessKey"],
        "sessionToken": credentials["SessionToken"],
    }
    query = {"Action": "getSigninToken", "Session": json.dumps(session), **more}
    answer = urllib.request.urlopen(federation + "?" + urllib.parse.urlencode(query))
    return json.load(answer)["SigninToken"]

one = client().assume_role(
    RoleArn=first, RoleSessionName="one", DurationSeconds=7200, ExternalId="partner",
    SourceIdentity="ada", Tags=[{"Key": "Project", "Value": "Engine / Co."}],
    TransitiveTagKeys=["Project"],
)
two = client(one["Credentials"]).assume_role(RoleArn=second, RoleSessionName="two")
policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
federated = client().get_federation_token(
    Name="ada", DurationSeconds=900, Policy=json.dumps(policy),
    PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
)
print(client(two["Credentials"]).get_caller_identity()["Arn"])
print(two["SourceIdentity"])
print(federated["FederatedUser"]["FederatedUserId"], federated["PackedPolicySize"] > 0)
sign_in(one["Credentials"], SessionDuration=43200)
sign_in(two["Credentials"])
sign_in(federated["Credentials"])
try:
    sign_in(two["Credentials"], SessionDuration=3600)
except urllib.error.HTTPError as error:
    print(error.code)
for tags in ([{"Key": "project", "Value": "x"}], [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]):
    try:
        client(one["Credentials"]).assume_role(RoleArn=second, RoleSessionName="three", Tags=tags)
    except client().exceptions.ClientError as error:
        print(error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
"#;

#[test]
fn a_chain_a_federated_user_and_the_console_work_with_boto3() {
    let Some(programs) = python_environment() else {
        return;
    };
    let sandbox = Sandbox::start();
    let ada = sandbox.add_user_in_partition("aws-cn", "ada");
    let role = |name: &str, external_id: Option<&str>| {
        sandbox.add_role(Role {
            name: name.to_owned(),
            partition: "aws-cn".to_owned(),
            trusted: vec!["arn:aws-cn:iam::123456789012:root".to_owned()],
            max_session_duration: Duration::from_secs(7_200),
            external_id: external_id.map(str::to_owned),
            ..Role::default()
        })
    };
    let (first, second) = (role("First", Some("partner")), role("Second", None));
    let output = Command::new(programs.join("python3"))
        .args(["-c", CONSOLE, "cn-north-1", &first, &second])
        .arg(sandbox.federation_url())
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
    let stdout = String::from_utf8_lossy(&output.stdout);
    let expected = [
        "arn:aws-cn:sts::123456789012:assumed-role/Second/two",
        "ada",
        "123456789012:ada True",
        "400",
        "InvalidParameterValue 400",
        "InvalidParameterValue 400",
    ];
    assert_eq!(stdout.lines().collect::<Vec<_>>(), expected);
    let sessions = sandbox.sessions();
    let tag = ("Project".to_owned(), "Engine / Co.".to_owned());
    assert_eq!(sessions[1].tags, [tag]);
    assert_eq!(sessions[1].requested_with, sessions[0].access_key_id);
    assert!(sessions.iter().all(|issued| issued.region == "cn-north-1"));
    let principals: Vec<_> = sandbox.sign_ins().into_iter().map(|to| to.arn).collect();
    let issued: Vec<_> = sessions.into_iter().map(|issued| issued.arn).collect();
    assert_eq!(principals, issued);
}
