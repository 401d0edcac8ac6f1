//! XML in the query protocol's two envelopes.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::{error::ApiError, service::Service};

/// Collects XML elements in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// Nothing yet.
    pub(crate) fn new() -> Xml {
        Xml::default()
    }

    /// Adds `<name>value</name>`, escaped.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Xml {
        let _ = write!(self.0, "<{name}>{}</{name}>", escape(value));
        self
    }

    /// Adds bytes, in base64 as the protocol has it.
    pub(crate) fn blob(self, name: &str, bytes: &[u8]) -> Xml {
        self.text(name, &base64(bytes))
    }

    /// Adds a moment in AWS's form, `2026-11-22T09:31:04Z`.
    pub(crate) fn time(self, name: &str, value: DateTime<Utc>) -> Xml {
        self.text(name, &value.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Adds further elements.
    pub(crate) fn and(mut self, more: Xml) -> Xml {
        self.0.push_str(&more.0);
        self
    }

    /// Adds an element that contains others.
    pub(crate) fn group(mut self, name: &str, inner: Xml) -> Xml {
        let _ = write!(self.0, "<{name}>{}</{name}>", inner.0);
        self
    }

    /// Adds a list: each entry in a `<member>`.
    pub(crate) fn list(self, name: &str, entries: impl Iterator<Item = Xml>) -> Xml {
        let members = entries.fold(Xml::new(), |list, entry| list.group("member", entry));
        self.group(name, members)
    }

    /// Adds a list of plain texts.
    pub(crate) fn texts<'a>(self, name: &str, entries: impl Iterator<Item = &'a str>) -> Xml {
        let members = entries.fold(Xml::new(), |list, entry| list.text("member", entry));
        self.group(name, members)
    }
}

/// The envelope of an answer. Actions that have nothing to tell have no `Result` in it.
pub(crate) fn success(service: Service, action: &str, result: &Xml, request_id: &str) -> String {
    let result = match result.0.as_str() {
        "" => String::new(),
        result => format!("<{action}Result>{result}</{action}Result>"),
    };
    format!(
        "<{action}Response xmlns=\"{}\">{result}\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{action}Response>",
        service.namespace(),
    )
}

/// The envelope of a refusal.
pub(crate) fn refusal(service: Service, error: &ApiError, request_id: &str) -> String {
    // The protocol's word for whose fault it is.
    let kind = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let error = Xml::new()
        .text("Type", kind)
        .text("Code", error.code)
        .text("Message", &error.message);
    format!(
        "<ErrorResponse xmlns=\"{}\"><Error>{}</Error><RequestId>{request_id}</RequestId>\
         </ErrorResponse>",
        service.namespace(),
        error.0
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // XML 1.0 has no way at all to write other control characters.
            '\t' | '\n' | '\r' => escaped.push(character),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Base64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let digit = (bits >> (18 - 6 * index)) & 63;
            text.push(if index > chunk.len() {
                '='
            } else {
                char::from(ALPHABET[digit as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
