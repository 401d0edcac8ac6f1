//! The same against moto's server.

use super::shown;
use crate::{
    aws_tools::{client::Client, moto::Moto},
    support::Invocation,
};

const MOTO_GROUP: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/policy_apply/moto.py"
);

#[test]
fn moto_takes_the_policy_its_versions_and_the_way_back() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    let of_moto = |run: Invocation<'_>| moto.asked_by(run).run();
    client.set_device(&moto.make_user(&client));
    let apply = |more: &[&str]| {
        let words = [
            "policy", "apply", "work", "--group", "devs", "--yes", "--code", "123456",
        ];
        let run = of_moto(client.home.daypass(words.iter().chain(more).copied()));
        assert_eq!(run.exit, 0, "{}", run.report());
        run
    };
    let told = || of_moto(client.python(MOTO_GROUP)).json();
    apply(&["--create-group"]);
    let name = "daypass-mfa-devs";
    let document = shown(&client.home, &[]);
    assert_eq!(
        told()["attached"],
        serde_json::json!([[name, "v1", document]])
    );
    for hours in 1..=5 {
        apply(&["--max-age", &format!("{hours}h")]);
    }
    let document = shown(&client.home, &["--max-age", "5h"]);
    assert_eq!(
        told()["attached"],
        serde_json::json!([[name, "v6", document]])
    );
    apply(&["--undo"]);
    let document = shown(&client.home, &["--max-age", "4h"]);
    assert_eq!(
        told()["attached"],
        serde_json::json!([[name, "v5", document]])
    );
    for _ in 0..4 {
        apply(&["--undo"]);
    }
    assert_eq!(told(), serde_json::json!({"attached": [], "local": []}));
    assert_eq!(client.home.sandbox.connections(), 0);
}
