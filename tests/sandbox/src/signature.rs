//! Signature Version 4, verified from the request as it arrived.
//!
//! Written from AWS's description of the algorithm, and on purpose without AWS's own crates:
//! what is to be tested is signed with those.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use hyper::HeaderMap;
use sha2::{Digest, Sha256};

use crate::{
    error::ApiError,
    query::{digit, pairs},
    service::Service,
};

/// How far a request's date may be from the clock here, either way.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// The parts of a request that a signature covers.
#[derive(Debug)]
pub(crate) struct SignedRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// The `Authorization` header, taken apart.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) region: &'a str,
    date: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Finds and parses the header.
    pub(crate) fn read(headers: &'a HeaderMap) -> Result<Authorization<'a>, ApiError> {
        let Some(header) = headers.get("authorization") else {
            return Err(ApiError::new(
                403,
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            ));
        };
        let header = header.to_str().unwrap_or_default();
        let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
        if algorithm != "AWS4-HMAC-SHA256" {
            return Err(ApiError::incomplete_signature(format!(
                "Unsupported AWS 'algorithm': '{algorithm}'."
            )));
        }
        let part = |name: &str| {
            rest.split(',')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let missing = |name: &str| {
            ApiError::incomplete_signature(format!(
                "Authorization header requires '{name}' parameter. Authorization={algorithm}"
            ))
        };
        let credential = part("Credential").ok_or_else(|| missing("Credential"))?;
        let signed_headers = part("SignedHeaders").ok_or_else(|| missing("SignedHeaders"))?;
        let signature = part("Signature").ok_or_else(|| missing("Signature"))?;
        let [access_key_id, date, region, service, "aws4_request"] =
            credential.split('/').collect::<Vec<_>>()[..]
        else {
            return Err(ApiError::incomplete_signature(format!(
                "Credential must have exactly 5 slash-delimited elements, \
                 e.g. keyid/date/region/service/term, got '{credential}'"
            )));
        };
        Ok(Authorization {
            access_key_id,
            region,
            date,
            service,
            signed_headers: signed_headers.split(';').collect(),
            signature,
        })
    }

    /// Checks that the credential scope and the signed headers are what the service demands.
    pub(crate) fn check_scope(
        &self,
        service: Service,
        headers: &HeaderMap,
    ) -> Result<(), ApiError> {
        if self.service != service.name() {
            return Err(ApiError::signature_does_not_match(format!(
                "Credential should be scoped to correct service: '{}'. ",
                service.name()
            )));
        }
        // Any region will do, even for IAM, whose scope is `us-east-1` at AWS: an SDK that is
        // pointed to another address signs for the region of its configuration.
        let is_region = |character: char| character.is_ascii_alphanumeric() || character == '-';
        if self.region.is_empty() || !self.region.chars().all(is_region) {
            return Err(ApiError::signature_does_not_match(
                "Credential should be scoped to a valid region. ",
            ));
        }
        if !self.signed_headers.contains(&"host") {
            return Err(ApiError::signature_does_not_match(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            ));
        }
        for name in ["x-amz-date", "x-amz-security-token"] {
            if headers.contains_key(name) && !self.signed_headers.contains(&name) {
                return Err(ApiError::signature_does_not_match(format!(
                    "'{name}' must be a 'SignedHeader' in the AWS Authorization."
                )));
            }
        }
        Ok(())
    }

    /// Checks the request's date against the clock here, and against the credential scope.
    pub(crate) fn check_date(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Result<(), ApiError> {
        let (text, date) = request_date(headers)?;
        if self.date != &text[..8] {
            return Err(ApiError::signature_does_not_match(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
                 from HTTP: '{}' != '{}', from '{text}'.",
                self.date,
                &text[..8]
            )));
        }
        let (earliest, latest) = (now - TOLERANCE, now + TOLERANCE);
        if date < earliest {
            return Err(ApiError::signature_does_not_match(format!(
                "Signature expired: {text} is now earlier than {} ({} - 5 min.)",
                stamp(earliest),
                stamp(now)
            )));
        }
        if date > latest {
            return Err(ApiError::signature_does_not_match(format!(
                "Signature not yet current: {text} is still later than {} ({} + 5 min.)",
                stamp(latest),
                stamp(now)
            )));
        }
        Ok(())
    }

    /// Checks the signature itself.
    pub(crate) fn check_signature(
        &self,
        secret: &str,
        request: &SignedRequest,
    ) -> Result<(), ApiError> {
        let (date, _) = request_date(request.headers)?;
        let scope = format!(
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        );
        let canonical = canonical_request(request, &self.signed_headers);
        let text = format!(
            "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
            hex(&Sha256::digest(canonical))
        );
        let key = [self.date, self.region, self.service, "aws4_request"]
            .iter()
            .fold(format!("AWS4{secret}").into_bytes(), |key, part| {
                mac(&key, part).finalize().into_bytes().to_vec()
            });
        let given = unhex(self.signature).unwrap_or_default();
        let matches = mac(&key, &text).verify_slice(&given).is_ok();
        let body_is_the_named_one = request
            .headers
            .get("x-amz-content-sha256")
            .is_none_or(|hash| hash.as_bytes() == hex(&Sha256::digest(request.body)).as_bytes());
        if matches && body_is_the_named_one {
            return Ok(());
        }
        Err(ApiError::signature_does_not_match(
            "The request signature we calculated does not match the signature you provided. \
             Check your AWS Secret Access Key and signing method. \
             Consult the service documentation for details.",
        ))
    }
}

/// The request's date, as it was written and as it is meant.
fn request_date(headers: &HeaderMap) -> Result<(&str, DateTime<Utc>), ApiError> {
    let text = headers
        .get("x-amz-date")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| {
            ApiError::incomplete_signature(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' \
                 header.",
            )
        })?;
    match NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ") {
        // The parser takes more than this one form, and the digits are cut out below.
        Ok(date) if text.is_ascii() && text.len() == 16 => Ok((text, date.and_utc())),
        _ => Err(ApiError::incomplete_signature(format!(
            "Date must be in ISO-8601 'basic format'. Got '{text}'."
        ))),
    }
}

fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y%m%dT%H%M%SZ").to_string()
}

fn canonical_request(request: &SignedRequest, signed_headers: &[&str]) -> String {
    let mut canonical = format!(
        "{}\n{}\n{}\n",
        request.method,
        // Services other than S3 escape the path a second time.
        escape(request.path, |byte| byte == b'/'),
        canonical_query(request.query)
    );
    for name in signed_headers {
        let values: Vec<_> = request
            .headers
            .get_all(*name)
            .iter()
            .map(|value| {
                let text = String::from_utf8_lossy(value.as_bytes());
                text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect();
        let _ = writeln!(canonical, "{name}:{}", values.join(","));
    }
    let _ = write!(
        canonical,
        "\n{}\n{}",
        signed_headers.join(";"),
        hex(&Sha256::digest(request.body))
    );
    canonical
}

fn canonical_query(query: &str) -> String {
    // A query that cannot be decoded was refused before; it has no canonical form.
    let mut pairs: Vec<_> = pairs(query.as_bytes())
        .unwrap_or_default()
        .iter()
        .map(|(name, value)| (escape(name, |_| false), escape(value, |_| false)))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn escape(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep(byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key)
        .expect("HMAC takes keys of every length")
        .chain_update(text)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    // Lower case only, as AWS has it.
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn list_users_of_the_documentation() -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "iam.amazonaws.com"),
            (
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ),
            ("x-amz-date", "20150830T123600Z"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date, \
                 Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            ),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers
    }

    fn verify(headers: &HeaderMap, secret: &str, query: &str) -> Result<(), ApiError> {
        let request = SignedRequest {
            method: "GET",
            path: "/",
            query,
            headers,
            body: b"",
        };
        Authorization::read(headers)?.check_signature(secret, &request)
    }

    /// The worked example of AWS's general reference: ListUsers with the query in the URL.
    #[test]
    fn the_example_of_the_documentation_verifies() {
        let headers = list_users_of_the_documentation();
        verify(&headers, SECRET, "Action=ListUsers&Version=2010-05-08").unwrap();
        // The order in the URL is no part of what is signed.
        verify(&headers, SECRET, "Version=2010-05-08&Action=ListUsers").unwrap();
    }

    #[test]
    fn whatever_is_changed_in_the_example_breaks_its_signature() {
        let query = "Action=ListUsers&Version=2010-05-08";
        let headers = list_users_of_the_documentation();
        verify(&headers, &SECRET.replace('K', "k"), query).unwrap_err();
        verify(&headers, SECRET, "Action=ListRoles&Version=2010-05-08").unwrap_err();
        for (name, value) in [
            ("host", "iam.example.com"),
            ("content-type", "text/plain"),
            ("x-amz-date", "20150830T123601Z"),
            ("x-amz-content-sha256", "0"),
        ] {
            let mut changed = headers.clone();
            changed.insert(name, HeaderValue::from_static(value));
            let error = verify(&changed, SECRET, query).unwrap_err();
            assert_eq!(error.code, "SignatureDoesNotMatch", "{name}");
        }
    }

    #[test]
    fn headers_that_make_no_sense_are_incomplete() {
        for value in [
            "",
            "Basic YTpi",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
            "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", HeaderValue::from_static(value));
            let error = Authorization::read(&headers).unwrap_err();
            assert_eq!(error.code, "IncompleteSignature", "{value}");
        }
    }
}
