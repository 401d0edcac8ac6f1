//! The same against moto's server.

use crate::{
    aws_tools::{client::Client, moto::Moto},
    support::{Pty, Run},
};

/// moto answers to every session as a user of its own, so that the user has to be named, as an
/// administrator does.
#[test]
fn moto_lists_and_removes_a_device() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    client
        .home
        .write_config("[profile work]\nregion = eu-west-1\n");
    let serial = moto.make_user(&client);
    let daypass = |words: &[&str]| -> Run {
        let words = words.iter().chain(&["-p", "work", "--user", "ada"]);
        let run = client.home.daypass(words.copied());
        run.env("AWS_ENDPOINT_URL", &moto.url).run()
    };
    let listed = daypass(&["devices", "--json"]).json();
    assert_eq!(listed[0]["serial"], serial.as_str(), "{listed}");
    assert_eq!(listed[0]["type"], "virtual");

    // moto has no ResyncMFADevice: the two codes come to it, and it says so.
    let words = "devices resync ada -p work --user ada".split(' ');
    let resync = client
        .home
        .daypass(words)
        .env("AWS_ENDPOINT_URL", &moto.url);
    let mut terminal = Pty::start(&resync);
    terminal.expect(&format!("AWS wants two codes of {serial}"));
    terminal.expect("first code of ada:");
    terminal.send("702913\r");
    terminal.expect("the next code");
    terminal.send("702914\r");
    terminal.expect("it is not known whether");
    terminal.expect("AWS could not answer: HTTP status 500");
    let run = terminal.finish();
    assert_eq!(run.exit, 5, "{}", run.screen);

    let refused = daypass(&["devices", "remove", "ada", "--yes"]);
    assert_eq!(refused.exit, 1, "{}", refused.report());
    let removed = daypass(&["devices", "remove", "ada", "--yes", "--force"]);
    assert_eq!(removed.exit, 0, "{}", removed.report());
    assert_eq!(
        daypass(&["devices", "--json"]).json(),
        serde_json::json!([])
    );
    // moto has deleted it as well.
    let again = daypass(&["devices", "remove", &serial, "--yes"]);
    assert!(
        again.stderr.contains("has no MFA device"),
        "{}",
        again.report()
    );
    assert_eq!(client.home.sandbox.connections(), 0);
}
