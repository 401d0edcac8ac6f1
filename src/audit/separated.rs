//! Comma-separated values. Source: RFC 4180; lines may also end with a bare line feed, as AWS writes them.
//!
//! It is strict where the readers of other programs guess: a quote in the middle of a field is an error with its
//! line and column, since what follows could be taken for somebody else's columns.

use std::borrow::Cow;

/// A place in a file: line and column from 1, the latter in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A field, and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) place: Place,
    pub(super) text: Cow<'a, str>,
}

/// What is wrong with the commas and quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeparationError {
    /// A field begins with a quote and has no end.
    #[error("a quoted field has no closing quote")]
    Unclosed,
    /// Something follows the closing quote of a field.
    #[error("a closing quote is followed by something else than a comma")]
    AfterQuote,
    /// A quote within a field that is not quoted.
    #[error("a quote stands within a field that does not begin with one")]
    StrayQuote,
    /// A carriage return that ends no line.
    #[error("a carriage return stands within a line")]
    StrayReturn,
}

/// The records of a text, one after the other. Blank lines are none.
pub(super) struct Records<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Records<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Records {
            rest: text,
            line: 1,
            column: 1,
        }
    }

    fn place(&self) -> Place {
        Place {
            line: self.line,
            column: self.column,
        }
    }

    /// Takes so many bytes, which lie on character boundaries.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        for character in taken.chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        taken
    }

    /// Takes the end of a line if it is next; the end of the text is one.
    fn take_line_end(&mut self) -> bool {
        if self.rest.is_empty() {
            return true;
        }
        let length = match self.rest.as_bytes() {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [b'\r'] => 1,
            _ => return false,
        };
        self.take(length);
        true
    }

    fn field(&mut self) -> Result<Field<'a>, (Place, SeparationError)> {
        let place = self.place();
        if self.rest.starts_with('"') {
            let text = self.quoted()?;
            return Ok(Field { place, text });
        }
        let end = self.rest.find([',', '\n', '\r', '"']);
        let text = self.take(end.unwrap_or(self.rest.len()));
        match self.rest.as_bytes() {
            [b'"', ..] => Err((self.place(), SeparationError::StrayQuote)),
            [b'\r', next, ..] if *next != b'\n' => {
                Err((self.place(), SeparationError::StrayReturn))
            }
            _ => Ok(Field {
                place,
                text: Cow::Borrowed(text),
            }),
        }
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, (Place, SeparationError)> {
        let begin = self.place();
        self.take(1);
        let mut text = Cow::Borrowed("");
        loop {
            let end = self.rest.find('"');
            let end = end.ok_or((begin, SeparationError::Unclosed))?;
            text += self.take(end);
            self.take(1);
            // A doubled quote stands for one.
            if !self.rest.starts_with('"') {
                break;
            }
            text += self.take(1);
        }
        match self.rest.as_bytes() {
            [] | [b',' | b'\n', ..] | [b'\r', b'\n', ..] | [b'\r'] => Ok(text),
            _ => Err((self.place(), SeparationError::AfterQuote)),
        }
    }

    fn record(&mut self) -> Result<Vec<Field<'a>>, (Place, SeparationError)> {
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if self.rest.starts_with(',') {
                self.take(1);
            } else {
                self.take_line_end();
                return Ok(fields);
            }
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Vec<Field<'a>>, (Place, SeparationError)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.take_line_end() {
                break;
            }
        }
        let record = self.record();
        if record.is_err() {
            self.rest = "";
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(csv: &str) -> Vec<Vec<String>> {
        let records = Records::of(csv).map(|record| record.unwrap());
        records
            .map(|fields| fields.into_iter().map(|field| field.text.into()).collect())
            .collect()
    }

    fn error(csv: &str) -> (usize, usize, SeparationError) {
        let (place, error) = Records::of(csv).find_map(Result::err).unwrap();
        (place.line, place.column, error)
    }

    #[test]
    fn fields_are_read_as_rfc_4180_has_them() {
        assert_eq!(
            texts("a,b,\r\n\"x, \"\"y\"\"\nz\",,\"\"\n\n\"é\",1,2"),
            [["a", "b", ""], ["x, \"y\"\nz", "", ""], ["é", "1", "2"]]
        );
        assert_eq!(texts("\n\r\n"), Vec::<Vec<String>>::new());
        assert_eq!(texts("a,b\r"), [["a", "b"]]);
    }

    #[test]
    fn a_field_knows_its_line_and_its_column_in_characters() {
        let records: Vec<_> = Records::of("é,b\n\"1\n2\",c").flatten().collect();
        let place = |record: usize, field: usize| {
            let place = records[record][field].place;
            (place.line, place.column)
        };
        assert_eq!(place(0, 1), (1, 3));
        assert_eq!(place(1, 0), (2, 1));
        assert_eq!(place(1, 1), (3, 4));
    }

    #[test]
    fn what_other_readers_guess_about_is_an_error_with_its_place() {
        assert_eq!(error("a\nb,\"c"), (2, 3, SeparationError::Unclosed));
        assert_eq!(error("a,\"b\"c"), (1, 6, SeparationError::AfterQuote));
        assert_eq!(error("a,b\"c\""), (1, 4, SeparationError::StrayQuote));
        assert_eq!(error("a\rb"), (1, 2, SeparationError::StrayReturn));
    }
}
