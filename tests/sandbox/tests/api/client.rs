//! A client of a few lines, which signs by itself: a mistake in the sandbox's own code for
//! signatures is not made here a second time.

use std::{
    fmt::Write as _,
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use chrono::{DateTime, Utc};
use daypass_sandbox::{AccessKey, Device, Sandbox, User};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// Signs with one set of credentials. Whatever is public may be set to something wrong.
#[derive(Clone)]
pub struct Client<'a> {
    sandbox: &'a Sandbox,
    pub access_key_id: String,
    pub secret: String,
    pub token: Option<String>,
    pub region: &'static str,
    /// The service of the credential scope, if it is not to be the action's.
    pub service: Option<&'static str>,
    /// The date to sign for, if it is not to be the sandbox's.
    pub date: Option<DateTime<Utc>>,
    /// The headers that are signed.
    pub signed_headers: &'static str,
    /// What the body that is sent has more than the one that was signed.
    pub tampering: &'static str,
}

impl<'a> Client<'a> {
    pub fn new(sandbox: &'a Sandbox, id: &str, secret: &str) -> Client<'a> {
        Client {
            sandbox,
            access_key_id: id.to_owned(),
            secret: secret.to_owned(),
            token: None,
            region: "us-east-1",
            service: None,
            date: None,
            signed_headers: "content-type;host;x-amz-date",
            tampering: "",
        }
    }

    /// With a user's first key.
    pub fn of(sandbox: &'a Sandbox, user: &User) -> Client<'a> {
        Client::new(sandbox, &user.access_key_id, &user.secret_access_key)
    }

    /// With another key.
    pub fn with_key(sandbox: &'a Sandbox, key: &AccessKey) -> Client<'a> {
        Client::new(sandbox, &key.access_key_id, &key.secret_access_key)
    }

    /// With the credentials that an answer carries.
    pub fn with_session(&self, answer: &Answer) -> Client<'a> {
        assert_eq!(answer.outcome(), "ok", "{}", answer.body);
        Client {
            token: answer.text("SessionToken"),
            region: self.region,
            signed_headers: "content-type;host;x-amz-date;x-amz-security-token",
            ..Client::new(
                self.sandbox,
                &answer.text("AccessKeyId").unwrap(),
                &answer.text("SecretAccessKey").unwrap(),
            )
        }
    }

    /// The credentials as the federation endpoint takes them.
    pub fn federation_session(&self) -> String {
        let token = self.token.as_deref().unwrap_or_default();
        format!(
            r#"{{"sessionId":"{}","sessionKey":"{}","sessionToken":"{token}"}}"#,
            self.access_key_id, self.secret
        )
    }

    /// Asks for a session with this device.
    pub fn login(&self, device: &Device, code: &str) -> Answer {
        self.call(
            "GetSessionToken",
            &[("SerialNumber", &device.serial), ("TokenCode", code)],
        )
    }

    /// A client with a session that was made with MFA, for twelve hours.
    pub fn logged_in(&self, device: &Device) -> Client<'a> {
        self.with_session(&self.login(device, &self.sandbox.fresh_code(device)))
    }

    /// Calls an action, and expects an answer.
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.try_call(action, parameters).unwrap()
    }

    /// Calls an action.
    pub fn try_call(&self, action: &str, parameters: &[(&str, &str)]) -> io::Result<Answer> {
        let is_sts = [
            "AssumeRole",
            "GetCallerIdentity",
            "GetFederationToken",
            "GetSessionToken",
        ]
        .contains(&action);
        let (service, version) = if is_sts {
            ("sts", "2011-06-15")
        } else {
            ("iam", "2010-05-08")
        };
        let mut body = format!("Action={action}&Version={version}");
        for (name, value) in parameters {
            write!(body, "&{name}={}", escape(value)).unwrap();
        }
        let date = self.date.unwrap_or_else(|| self.sandbox.now());
        let host = self.sandbox.url().replace("http://", "");
        let mut headers = vec![
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
            ("host", host.clone()),
            ("x-amz-date", date.format("%Y%m%dT%H%M%SZ").to_string()),
        ];
        if let Some(token) = &self.token {
            headers.push(("x-amz-security-token", token.clone()));
        }
        headers.push((
            "authorization",
            self.authorization(self.service.unwrap_or(service), date, &headers, &body),
        ));
        body += self.tampering;
        let mut request = "POST / HTTP/1.1\r\nconnection: close\r\n".to_owned();
        for (name, value) in &headers {
            write!(request, "{name}: {value}\r\n").unwrap();
        }
        write!(request, "content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        exchange(&host, request.as_bytes())
    }

    fn authorization(
        &self,
        service: &str,
        date: DateTime<Utc>,
        headers: &[(&str, String)],
        body: &str,
    ) -> String {
        let mut canonical = "POST\n/\n\n".to_owned();
        for (name, value) in headers {
            if self.signed_headers.split(';').any(|signed| signed == *name) {
                writeln!(canonical, "{name}:{value}").unwrap();
            }
        }
        write!(canonical, "\n{}\n{}", self.signed_headers, digest(body)).unwrap();
        let day = date.format("%Y%m%d").to_string();
        let scope = format!("{day}/{}/{service}/aws4_request", self.region);
        let text = format!(
            "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
            date.format("%Y%m%dT%H%M%SZ"),
            digest(&canonical)
        );
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in scope.split('/').chain([text.as_str()]) {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={}",
            self.access_key_id,
            self.signed_headers,
            hex(&key)
        )
    }
}

/// An answer, taken apart as far as the tests need it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The text of the first element of this name, without its escapes.
    pub fn text(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        let text = [
            ("apos", "'"),
            ("quot", "\""),
            ("lt", "<"),
            ("gt", ">"),
            ("amp", "&"),
        ]
        .iter()
        .fold(text.to_owned(), |text, (name, character)| {
            text.replace(&format!("&{name};"), character)
        });
        Some(text)
    }

    /// AWS's error code, or `ok`.
    pub fn outcome(&self) -> String {
        if self.status == 200 {
            return "ok".to_owned();
        }
        self.text("Code").unwrap()
    }

    /// Status, code and message of a refusal.
    pub fn refusal(&self) -> (u16, String, String) {
        (
            self.status,
            self.outcome(),
            self.text("Message").unwrap_or_default(),
        )
    }
}

/// Asks the federation endpoint by GET.
pub fn federation(sandbox: &Sandbox, parameters: &[(&str, &str)]) -> Answer {
    try_federation(sandbox, parameters).unwrap()
}

/// Asks the federation endpoint by GET, which may fail.
pub fn try_federation(sandbox: &Sandbox, parameters: &[(&str, &str)]) -> io::Result<Answer> {
    let query: Vec<_> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    let host = sandbox.url().replace("http://", "");
    let request = format!(
        "GET /federation?{} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n",
        query.join("&")
    );
    exchange(&host, request.as_bytes())
}

/// Asks the federation endpoint by POST, with a form.
pub fn post_federation(sandbox: &Sandbox, parameters: &[(&str, &str)]) -> Answer {
    let form: Vec<_> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    let (host, form) = (sandbox.url().replace("http://", ""), form.join("&"));
    let request = format!(
        "POST /federation HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    exchange(&host, request.as_bytes()).unwrap()
}

/// Sends bytes as they are and reads until the sandbox closes the connection.
pub fn exchange(host: &str, request: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, text.to_string());
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    Ok(Answer {
        status: status.ok_or_else(broken)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").unwrap();
        }
        escaped
    })
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
