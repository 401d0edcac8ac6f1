//! The query protocol's parameters: `application/x-www-form-urlencoded`.

use std::collections::BTreeMap;

use crate::error::ApiError;

/// The parameters of one request, each named once.
#[derive(Debug, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads forms (the query string, the body), one after the other.
    ///
    /// Refuses a form that is not UTF-8 or has a broken escape, and a name that comes twice:
    /// no SDK sends either, so whoever does has a bug.
    pub(crate) fn parse(forms: &[&[u8]]) -> Result<Parameters, ApiError> {
        let mut parameters = BTreeMap::new();
        for form in forms {
            for (name, value) in pairs(form)? {
                if parameters.insert(name.clone(), value).is_some() {
                    return Err(ApiError::malformed_input(format!(
                        "Duplicate parameter {name}"
                    )));
                }
            }
        }
        Ok(Parameters(parameters))
    }

    /// The value of a parameter; an empty one counts as absent, as it does at AWS.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The entries of a list, `NAME.member.1.FIELD`, in the order of their numbers: each with its
    /// number and its fields. A plain entry, `NAME.member.1`, has one field, of no name.
    pub(crate) fn members(&self, name: &str) -> BTreeMap<u32, BTreeMap<&str, &str>> {
        let mut members: BTreeMap<u32, BTreeMap<&str, &str>> = BTreeMap::new();
        for (parameter, value) in &self.0 {
            let rest = parameter
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(".member."));
            let Some(rest) = rest else { continue };
            let (number, field) = rest.split_once('.').unwrap_or((rest, ""));
            if let Ok(number) = number.parse() {
                members.entry(number).or_default().insert(field, value);
            }
        }
        members
    }

    /// The value of a parameter that is a whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.text(name)
            .map(|value| {
                value.parse().map_err(|_| {
                    ApiError::malformed_input(format!("Invalid integer value '{value}'"))
                })
            })
            .transpose()
    }
}

/// Splits a form into its decoded names and values, in their order.
pub(crate) fn pairs(form: &[u8]) -> Result<Vec<(String, String)>, ApiError> {
    form.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
                Some(equals) => (&pair[..equals], &pair[equals + 1..]),
                None => (pair, &[][..]),
            };
            decode(name)
                .zip(decode(value))
                .ok_or_else(|| ApiError::new(404, "MalformedQueryString", "Malformed query string"))
        })
        .collect()
}

fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (high, low) = (digit(*rest.first()?)?, digit(*rest.get(1)?)?);
                bytes.push(high * 16 + low);
                rest = &rest[2..];
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// The value of a hexadecimal digit.
pub(crate) fn digit(character: u8) -> Option<u8> {
    char::from(character)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_plus_signs_are_decoded() {
        let decoded = pairs(b"a=b+c%2F%c3%a9&flag&empty=").unwrap();
        let expected = [("a", "b c/é"), ("flag", ""), ("empty", "")];
        assert!(decoded.iter().map(|(n, v)| (&**n, &**v)).eq(expected));
    }

    #[test]
    fn broken_escapes_are_refused() {
        for form in ["a=%", "a=%4", "a=%zz", "%ff=1"] {
            assert_eq!(
                pairs(form.as_bytes()).unwrap_err().code,
                "MalformedQueryString",
                "{form}"
            );
        }
    }

    #[test]
    fn entries_of_lists_come_in_the_order_of_their_numbers() {
        let form = b"Tags.member.10.Key=b&Tags.member.2.Key=a&Tags.member.2.Value=&Keys.member.1=c";
        let parameters = Parameters::parse(&[form]).unwrap();
        let tags: Vec<_> = parameters.members("Tags").into_iter().collect();
        let expected = [
            (2, [("Key", "a"), ("Value", "")].into()),
            (10, [("Key", "b")].into()),
        ];
        assert_eq!(tags, expected);
        assert_eq!(parameters.members("Keys")[&1][""], "c");
    }

    #[test]
    fn a_name_may_come_once_only() {
        let error = Parameters::parse(&[b"Action=A", b"Action=B"]).unwrap_err();
        assert_eq!(error.code, "MalformedInput");
    }
}
