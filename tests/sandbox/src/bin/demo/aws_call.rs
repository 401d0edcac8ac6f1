//! One call to AWS, signed as every AWS tool signs it (Signature Version 4).

use std::{
    fmt::Write as _,
    io::{self, Read, Write},
    net::TcpStream,
    time::Duration,
};

use daypass_sandbox::Sandbox;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const PATIENCE: Duration = Duration::from_secs(10);
const BODY: &str = "Action=ListAccountAliases&Version=2010-05-08";
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// What a call is signed with.
#[derive(Clone)]
pub struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

/// What AWS said.
#[derive(Debug)]
pub enum Answer {
    /// The account's alias.
    Allowed { alias: String },
    /// AWS's error code and words.
    Refused { code: String, message: String },
}

/// Asks IAM for the account's alias.
pub fn list_account_aliases(sandbox: &Sandbox, credentials: &Credentials) -> io::Result<Answer> {
    let url = sandbox.url();
    let host = url.trim_start_matches("http://");
    let date = sandbox.now().format("%Y%m%dT%H%M%SZ").to_string();
    let mut headers = vec![
        ("content-type", CONTENT_TYPE),
        ("host", host),
        ("x-amz-date", &date),
    ];
    if let Some(token) = &credentials.session_token {
        headers.push(("x-amz-security-token", token));
    }
    let authorization = sign(&headers, &date, credentials);

    // 1.0, so that the end of the answer is the end of the connection.
    let mut request = "POST / HTTP/1.0\r\n".to_owned();
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    let length = BODY.len();
    let _ = write!(
        request,
        "authorization: {authorization}\r\ncontent-length: {length}\r\n\r\n{BODY}"
    );
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;

    if let Some(alias) = element(&answer, "member") {
        return Ok(Answer::Allowed { alias });
    }
    match (element(&answer, "Code"), element(&answer, "Message")) {
        (Some(code), Some(message)) => Ok(Answer::Refused { code, message }),
        _ => Err(io::Error::other(format!("no answer of IAM's: {answer}"))),
    }
}

fn sign(headers: &[(&str, &str)], date: &str, credentials: &Credentials) -> String {
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let mut canonical = "POST\n/\n\n".to_owned();
    for (name, value) in headers {
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let _ = write!(canonical, "\n{names}\n{}", hex(&Sha256::digest(BODY)));

    let day = &date[..8];
    let scope = format!("{day}/us-east-1/iam/aws4_request");
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let secret = format!("AWS4{}", credentials.secret_access_key).into_bytes();
    let signature = [day, "us-east-1", "iam", "aws4_request", &text]
        .iter()
        .fold(secret, |key, part| mac(&key, part));
    format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
        credentials.access_key_id,
        hex(&signature)
    )
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The text of the first element of that name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}
