//! moto's server: a second opinion on what AWS is, by people who have never heard of daypass.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use super::client::{Client, Group};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server on a free port of loopback. It ends when this is dropped.
pub struct Moto {
    pub url: String,
    _server: Group,
}

impl Moto {
    pub fn start(client: &Client) -> Self {
        let mut server = Group(
            client
                .moto_server("-H 127.0.0.1 -p 0")
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
