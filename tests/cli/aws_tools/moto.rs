//! moto's server: a second opinion on what AWS is, by people who have never heard of daypass.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::client::{Client, Group};
use crate::support::Invocation;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Any free port of loopback.
pub const ARGUMENTS: &str = "-H 127.0.0.1 -p 0";

/// Makes a user with a key and a device.
const USER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/aws_tools/moto_user.py"
);

/// A server on a free port of loopback. It ends when this is dropped.
pub struct Moto {
    pub url: String,
    _server: Group,
}

impl Moto {
    /// A run that asks this server.
    pub fn asked_by<'a>(&self, run: Invocation<'a>) -> Invocation<'a> {
        run.env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
    }

    /// Makes the user ada with a key, which the client's home has from then on, and a device; returns its serial.
    pub fn make_user(&self, client: &Client) -> String {
        let user = client.run(&self.asked_by(client.python(USER))).json();
        let value = |key: &str| user[key].as_str().expect("a text").to_owned();
        client.home.write_credentials(&format!(
            "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            value("access_key_id"),
            value("secret_access_key"),
        ));
        value("serial")
    }

    pub fn start(client: &Client) -> Self {
        Self::serve(&client.moto_server(ARGUMENTS))
    }

    /// Starts it by a run of `moto_server` with [`ARGUMENTS`].
    pub fn serve(moto_server: &Invocation<'_>) -> Self {
        let mut server = Group(
            moto_server
                .command()
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("moto_server starts"),
        );
        let log = BufReader::new(server.0.stderr.take().expect("its log"));
        let (sender, url) = mpsc::channel();
        thread::spawn(move || {
            // To its end, so that the server is never kept waiting for a reader.
            for line in log.lines().map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("Running on ") {
                    let _ = sender.send(url.trim().to_owned());
                }
            }
        });
        Moto {
            url: url.recv_timeout(PATIENCE).expect("moto's server starts"),
            _server: server,
        }
    }
}
