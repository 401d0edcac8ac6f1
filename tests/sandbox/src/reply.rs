//! XML in the query protocol's two envelopes.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::{error::ApiError, service::Service};

/// Collects XML elements in order.
#[derive(Debug, Default)]
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

    /// Adds a moment in AWS's form, `2026-11-22T09:31:04Z`.
    pub(crate) fn time(self, name: &str, value: DateTime<Utc>) -> Xml {
        self.text(name, &value.format("%Y-%m-%dT%H:%M:%SZ").to_string())
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

/// The envelope of an answer.
pub(crate) fn success(service: Service, action: &str, result: &Xml, request_id: &str) -> String {
    format!(
        "<{action}Response xmlns=\"{}\"><{action}Result>{}</{action}Result>\
         <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{action}Response>",
        service.namespace(),
        result.0
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
