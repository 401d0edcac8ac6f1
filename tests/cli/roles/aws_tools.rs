//! AWS tools with a profile whose credential process hands out a role, beside one that they assume themselves.

use super::Role;
use crate::aws_tools::client::Client;

const TEN_CALLS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/ten_calls.py"
);
const TEN_CALLS_OF_JAVASCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/ten_calls.js"
);

#[test]
fn aws_tools_get_the_role_from_daypass_or_assume_it_beside() {
    let Some(client) = Client::new() else { return };
    let home = &client.home;
    let arn = home.sandbox.add_role(Role {
        require_mfa: true,
        ..Role::default()
    });
    let process = home.config().lines().last().unwrap_or_default().to_owned();
    let of_role = process.replace("credential-process work", "credential-process prod");
    let config = format!(
        "{}[profile prod]\nregion = eu-west-1\nrole_arn = {arn}\nsource_profile = work\nrole_session_name = ada-prod\n\
         [profile prod-tools]\nregion = eu-west-1\n{of_role}\n",
        home.config()
    );
    home.write_config(&config);
    home.log_in();
    let credentials = home.credentials();
    let expected = "arn:aws:sts::123456789012:assumed-role/Admin/ada-prod";

    let who = client.run(&client.aws("sts get-caller-identity --profile prod-tools"));
    assert_eq!(who.json()["Arn"], expected);
    // Both scripts use the profile `work`: here it is the role's.
    home.write_config(
        &config
            .replace(&process, &of_role)
            .replace("[profile work]", "[profile base]")
            .replace("source_profile = work", "source_profile = base")
            .replace("[profile prod-tools]", "[profile work]"),
    );
    home.write_credentials(
        &home
            .credentials()
            .replace("[work-long-term]", "[base-long-term]")
            .replace("[work-mfa]", "[base-mfa]"),
    );
    let ten = client.run(&client.python(TEN_CALLS));
    assert_eq!((ten.exit, ten.stderr.as_str()), (0, ""), "{ten:?}");
    assert_eq!(ten.stdout.lines().collect::<Vec<_>>(), [expected; 10]);
    if let Some(calls) = client.node(TEN_CALLS_OF_JAVASCRIPT) {
        let ten = client.run(&calls);
        assert_eq!((ten.exit, ten.stderr.as_str()), (0, ""), "{ten:?}");
        assert_eq!(ten.stdout.lines().collect::<Vec<_>>(), [expected; 10]);
    }
    assert_eq!(home.sandbox.calls("AssumeRole"), 1);

    // The tools' own way, with the session of the source.
    home.write_config(&config);
    home.write_credentials(&credentials);
    let who = client.run(&client.aws("sts get-caller-identity --profile prod"));
    assert_eq!(who.json()["Arn"], expected);
    assert_eq!(home.sandbox.calls("AssumeRole"), 2);
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}
