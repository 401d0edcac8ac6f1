//! The same against moto's server, by people who have never heard of daypass.

use super::{FIRST, SECOND, THIRD};
use crate::{
    aws_tools::{client::Client, moto::Moto},
    support::Pty,
};

const NEW_USER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/enroll/new_moto_user.py"
);

#[test]
fn moto_takes_the_new_device_and_a_second_one() {
    let Some(client) = Client::new() else { return };
    let moto = Moto::start(&client);
    let home = &client.home;
    let script = client
        .python(NEW_USER)
        .env("AWS_ENDPOINT_URL", &moto.url)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1");
    let key = client.run(&script).json();
    let value = |name: &str| key[name].as_str().expect("text").to_owned();
    home.write_config("[profile work]\nregion = eu-west-1\n");
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        value("access_key_id"),
        value("secret_access_key"),
    ));

    let enroll = |arguments: &[&str]| {
        let words = ["enroll", "work"].iter().chain(arguments).copied();
        Pty::start(&home.daypass(words).env("AWS_ENDPOINT_URL", &moto.url))
    };
    // Given up: nothing is left.
    let mut terminal = enroll(&[]);
    terminal.expect(FIRST);
    terminal.send("\x03");
    terminal.expect("the device grace was deleted again");
    assert_eq!(terminal.finish().exit, 1);

    // moto takes any codes.
    let type_codes = |terminal: &mut Pty<'_>, codes: &[(&str, &str)]| {
        for (question, code) in codes {
            terminal.expect(question);
            terminal.send(&format!("{code}\r"));
        }
    };
    let mut terminal = enroll(&[]);
    let three = [(FIRST, "702913"), (SECOND, "702914"), (THIRD, "702915")];
    type_codes(&mut terminal, &three);
    terminal.expect("logged in");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);
    let serial = "arn:aws:iam::123456789012:mfa/grace";
    assert!(home.config().contains(&format!("mfa_serial = {serial}\n")));

    // What is left of an attempt is found, and replaced.
    let orphan = client
        .python(NEW_USER)
        .env("ORPHAN", "tablet")
        .env("AWS_ENDPOINT_URL", &moto.url)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1");
    client.run(&orphan).json();
    let mut terminal = enroll(&["--name", "tablet"]);
    terminal.expect("Replace it? [y/N]");
    terminal.send("y\r");
    type_codes(&mut terminal, &three[..2]);
    terminal.expect("as a further device");
    assert_eq!(terminal.finish().exit, 0);
    assert!(home.config().contains(&format!("mfa_serial = {serial}\n")));
}
