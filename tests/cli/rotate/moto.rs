//! The same against moto's server.

use std::fs;

use super::ROTATE;
use crate::{
    aws_tools::{client::Client, moto::Moto},
    support::{Home, Invocation},
};

fn stored(home: &Home) -> String {
    let id = home.credential("work-long-term", "aws_access_key_id");
    id.expect("a key")
}

#[test]
fn moto_lets_a_key_be_replaced_too() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    let of_moto = |run: Invocation<'_>| moto.asked_by(run).run();
    client.set_device(&moto.make_user(&client));
    let old = stored(&client.home);
    let words = ROTATE.into_iter().chain(["--code", "123456"]);
    let run = of_moto(client.home.daypass(words));
    assert_eq!(run.exit, 0, "{}", run.report());
    let new = stored(&client.home);
    assert_ne!(new, old);
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
