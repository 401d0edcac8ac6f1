//! The AWS CLI, run by `daypass exec`.

use crate::{aws_tools::client::Client, support::DAYPASS};

#[test]
fn the_aws_cli_works_with_what_it_is_given() {
    let Some(client) = Client::new() else { return };
    client.home.sandbox.set_account_alias(Some("acme"));
    client.home.log_in();
    // Without the files: whatever it knows it has from its environment.
    let aws = "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null exec aws \"$@\"";
    for (arguments, answer) in [
        (
            "sts get-caller-identity --query Arn --output text",
            "arn:aws:iam::123456789012:user/ada\n",
        ),
        (
            "iam list-account-aliases --query AccountAliases[0] --output text",
            "acme\n",
        ),
    ] {
        let script =
            format!("AWS_PROFILE=nobody {DAYPASS} exec work -- sh -c '{aws}' aws {arguments}");
        let run = client.run(&client.shell(&script));
        assert_eq!(run.stdout, answer, "{run:?}");
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
    }
    assert_eq!(client.runs(), 0, "it had to ask daypass");
}
