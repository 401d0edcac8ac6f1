//! A program that is served, and what it and others get from the endpoint.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdin, ExitStatus, Output, Stdio},
    time::Duration,
};

use crate::support::{Home, Invocation};

/// What the program prints about its endpoint, before it waits for the end of its input.
const PROGRAM: &str = "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI; \
    echo $AWS_CONTAINER_AUTHORIZATION_TOKEN; cat";

/// A program that waits beside its endpoint.
pub struct Served {
    child: Option<Child>,
    input: Option<ChildStdin>,
    /// `127.0.0.1:PORT`
    pub address: String,
    pub token: String,
}

impl Served {
    /// Starts a program for the profile `work`.
    pub fn start(home: &Home) -> Self {
        Self::start_as(&run_of(home))
    }

    /// Starts it as this run, which is one of [`run_of`].
    pub fn start_as(invocation: &Invocation<'_>) -> Self {
        let mut child = invocation
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(child.stdout.take().expect("stdout"));
        let mut line = || {
            let mut line = String::new();
            output.read_line(&mut line).expect("a line");
            line.trim_end().to_owned()
        };
        let (url, token) = (line(), line());
        let address = url
            .strip_prefix("http://")
            .and_then(|url| url.strip_suffix("/credentials"));
        let Some(address) = address.map(str::to_owned) else {
            panic!("no endpoint: {url:?}, {:?}", child.wait_with_output());
        };
        Served {
            input: child.stdin.take(),
            child: Some(child),
            address,
            token,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// What a client gets that asks as it should: the status and the body.
    pub fn ask(&self) -> (u16, serde_json::Value) {
        let answer = self.send(&self.request("GET", "/credentials"));
        (answer.status, answer.json())
    }

    /// The head of a request with the token.
    pub fn request(&self, method: &str, path: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\r\n",
            self.address, self.token
        )
    }

    /// Sends any bytes, and returns what is answered until the connection is closed.
    pub fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("a request");
        Answer::read(stream)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the endpoint");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a time-out");
        stream
    }

    /// Lets the program end, and returns what daypass has said on stderr.
    pub fn end(mut self) -> String {
        drop(self.input.take());
        let child = self.child.take().expect("it runs");
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        stderr_of(&output)
    }

    /// Waits for the end of the program by itself.
    pub fn wait(mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it runs");
        // What it has started itself lives until the end of its input.
        child.wait().expect("an end")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // At the end of its input, the program ends by itself.
        drop(self.input.take());
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
    }
}

/// The run that [`Served::start`] starts.
pub fn run_of(home: &Home) -> Invocation<'_> {
    home.daypass(["exec", "work", "--server", "--", "sh", "-c", PROGRAM])
}

fn stderr_of(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// What the endpoint has answered.
#[derive(Debug)]
pub struct Answer {
    /// 0 if the connection was closed without an answer.
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn read(mut stream: TcpStream) -> Self {
        let mut text = String::new();
        // A connection that is reset has no answer either.
        let _ = stream.read_to_string(&mut text);
        let status = text.get(9..12).and_then(|status| status.parse().ok());
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        Answer {
            status: status.unwrap_or_default(),
            body: body.unwrap_or_default(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
