//! Words in lines.

/// Words in lines of at most this many characters. A word that is longer is broken, wherever that is.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    // How full the last line is.
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                let letters: Vec<char> = word.chars().collect();
                for part in letters.chunks(width) {
                    lines.push(part.iter().collect());
                    used = part.len();
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_it_may_be_and_no_letter_is_lost() {
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a éééééé b", 4), ["a", "éééé", "éé b"]);
        assert_eq!(wrapped(" ", 4), Vec::<String>::new());
        assert_eq!(wrapped("ab", 0), ["a", "b"]);
    }
}
