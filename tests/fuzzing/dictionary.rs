//! libFuzzer's dictionaries: one list of tokens for both ways of making inputs.

/// The tokens of a dictionary: a quoted string on each line, with `\"`, `\\` and `\xAB` in it.
pub fn parse(text: &str) -> Vec<Vec<u8>> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| token(line).unwrap_or_else(|| panic!("no token: {line}")))
        .collect()
}

fn token(line: &str) -> Option<Vec<u8>> {
    let quoted = line.strip_prefix('"')?.strip_suffix('"')?;
    let mut token = Vec::new();
    let mut rest = quoted.bytes();
    while let Some(byte) = rest.next() {
        token.push(match byte {
            b'"' => return None,
            b'\\' => match rest.next()? {
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    u8::from_str_radix(str::from_utf8(&digits).ok()?, 16).ok()?
                }
                escaped @ (b'"' | b'\\') => escaped,
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(token)
}

#[test]
fn a_token_is_what_libfuzzer_reads() {
    let text = "# tokens\n\n\"a b\"\n\"\\x0a---\\x0a\"\n\"\\\"\\\\\"\n";
    assert_eq!(parse(text), [&b"a b"[..], b"\n---\n", b"\"\\"]);
    for line in ["a", "\"a", "\"a\"b\"", "\"\\n\"", "\"\\xg0\""] {
        assert_eq!(token(line), None, "{line}");
    }
}
