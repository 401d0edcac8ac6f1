//! The same against moto's server.

use std::fs;

use super::ROTATE;
use crate::{
    aws_tools::{client::Client, moto::Moto},
    support::Home,
};

const MOTO_USER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/moto_user.py"
);

fn stored(home: &Home) -> String {
    let id = home.credential("work-long-term", "aws_access_key_id");
    id.expect("a key")
}

#[test]
fn moto_lets_a_key_be_replaced_too() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    let of_moto = |run: crate::support::Invocation<'_>| {
        run.env("AWS_ENDPOINT_URL", &moto.url)
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .run()
    };
    let user = of_moto(client.python(MOTO_USER)).json();
    let value = |key: &str| user[key].as_str().expect("a text").to_owned();
    client.set_device(&value("serial"));
    client.home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        value("access_key_id"),
        value("secret_access_key"),
    ));
    let words = ROTATE.into_iter().chain(["--code", "123456"]);
    let run = of_moto(client.home.daypass(words));
    assert_eq!(run.exit, 0, "{}", run.report());
    let new = stored(&client.home);
    assert_ne!(new, value("access_key_id"));
    let left = client.home.path("keys.py");
    fs::write(
        &left,
        "import boto3, json\niam = boto3.client('iam', aws_access_key_id='t', aws_secret_access_key='t')\n\
         keys = iam.list_access_keys(UserName='ada')['AccessKeyMetadata']\n\
         print(json.dumps([[key['AccessKeyId'], key['Status']] for key in keys]))\n",
    )
    .expect("a script");
    let left = left.display().to_string();
    let keys = of_moto(client.python(&left)).json();
    assert_eq!(keys, serde_json::json!([[new, "Active"]]));
    assert_eq!(client.home.sandbox.connections(), 0);
}
