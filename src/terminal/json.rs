//! JSON that people look at, too.

use serde_json::Value;

use super::acts_on_a_terminal;

/// Renders a value, indented and with an end of line.
///
/// JSON escapes control characters up to U+001F only. The others, and the marks that turn the direction of
/// writing, are escaped here as well: nothing that a name holds reaches a terminal or a log, and a program
/// reads the same value.
pub fn json(value: &Value) -> String {
    let plain = format!("{value:#}");
    let mut text = String::with_capacity(plain.len() + 1);
    for character in plain.chars() {
        if character == '\n' || !acts_on_a_terminal(character) {
            text.push(character);
            continue;
        }
        // Outside of strings there is none of them: it is a character of a string.
        for unit in character.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::json;

    #[test]
    fn nothing_in_it_acts_on_a_terminal_and_the_value_is_the_same() {
        let before =
            value!({"a\u{7f}": ["\u{9b}31m", "x\u{202e}y", "\u{1b}[2J", "ä \"q\" \\ \u{1f511}\n"]});
        let text = json(&before);
        assert_eq!(
            text,
            "{\n  \"a\\u007f\": [\n    \"\\u009b31m\",\n    \"x\\u202ey\",\n    \"\\u001b[2J\",\n    \
             \"ä \\\"q\\\" \\\\ \u{1f511}\\n\"\n  ]\n}\n"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            before
        );
    }
}
