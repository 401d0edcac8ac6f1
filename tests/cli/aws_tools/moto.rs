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

/// A server on a free port of loopback. It ends when this is dropped.
pub struct Moto {
    pub url: String,
    _server: Group,
}

impl Moto {
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
