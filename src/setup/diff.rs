//! A file before and after, as people compare them, without a secret.

use std::{fmt::Write, ops::Range};

use crate::terminal::{Painter, Style, printable};

/// How many lines are shown around a change.
const AROUND: usize = 2;

/// What of a line's key tells that its value is a secret.
const SECRET_KEYS: [&str; 4] = ["secret", "token", "password", "seed"];

/// What stands for a secret.
const MASK: &str = "****";

/// Renders what differs; nothing if nothing does.
pub fn render(before: &[u8], after: &[u8], paint: Painter) -> String {
    let (before, after) = (Text::of(before), Text::of(after));
    let edits = compare(&before.lines, &after.lines);
    let mut text = String::new();
    for hunk in hunks(&edits) {
        let line = edits[hunk.start].after_line() + 1;
        let _ = writeln!(
            text,
            "{}",
            paint.paint(Style::Dim, format_args!("@@ line {line} @@"))
        );
        for edit in &edits[hunk] {
            let (sign, shown, style) = match edit {
                Edit::Kept(_, line) => (' ', &after.shown[*line], None),
                Edit::Removed(line, _) => ('-', &before.shown[*line], Some(Style::Red)),
                Edit::Added(line) => ('+', &after.shown[*line], Some(Style::Green)),
            };
            let line = format!("{sign}{shown}");
            let line = line.trim_end();
            let _ = match style {
                Some(style) => writeln!(text, "{}", paint.paint(style, line)),
                None => writeln!(text, "{line}"),
            };
        }
    }
    text
}

/// The lines of a file: as they are, to be compared, and as they may be shown.
struct Text<'a> {
    lines: Vec<&'a [u8]>,
    shown: Vec<String>,
}

impl<'a> Text<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let mut shown = Vec::with_capacity(lines.len());
        let mut is_secret = false;
        for line in &lines {
            let line = String::from_utf8_lossy(line);
            let is_indented = line.starts_with([' ', '\t']) && !line.trim().is_empty();
            // An indented line goes on with the value above it.
            is_secret = match (is_indented, has_secret_key(&line)) {
                (true, more) => is_secret || more,
                (false, new) => new,
            };
            shown.push(masked(&line, is_secret));
        }
        Text { lines, shown }
    }
}

fn has_secret_key(line: &str) -> bool {
    let line = line.trim_start_matches(|character: char| {
        character.is_whitespace() || character == '#' || character == ';'
    });
    let key = line.split(['=', ':']).next().unwrap_or_default();
    let key = key.to_ascii_lowercase();
    SECRET_KEYS.iter().any(|secret| key.contains(secret))
}

fn masked(line: &str, is_secret: bool) -> String {
    let line = line.trim_end_matches(['\r', '\n']);
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    if is_secret {
        let start = line.split_inclusive(['=', ':']).next().unwrap_or_default();
        return if start.len() == line.len() {
            format!("{indent}{MASK}")
        } else {
            format!("{} {MASK}", printable_line(start))
        };
    }
    let is_comment = line.trim_start().starts_with(['#', ';']);
    if !is_comment {
        return printable_line(line);
    }
    // Somebody may have noted a secret there.
    let words = line.split(' ').map(|word| {
        let is_like_a_secret = word.len() >= 32
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"/+=_-".contains(&byte))
            && word.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if is_like_a_secret { MASK } else { word }
    });
    printable_line(&words.collect::<Vec<_>>().join(" "))
}

fn printable_line(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    format!("{}{}", " ".repeat(indent), printable(line))
}

/// What happened to a line; the numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    /// It is in both.
    Kept(usize, usize),
    /// It was here before; and where in the new file that is.
    Removed(usize, usize),
    /// It is new.
    Added(usize),
}

impl Edit {
    fn after_line(self) -> usize {
        match self {
            Edit::Kept(_, after) | Edit::Removed(_, after) | Edit::Added(after) => after,
        }
    }
}

/// The changed parts with the lines around them.
fn hunks(edits: &[Edit]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (index, edit) in edits.iter().enumerate() {
        if matches!(edit, Edit::Kept(..)) {
            continue;
        }
        let end = (index + 1 + AROUND).min(edits.len());
        match hunks.last_mut() {
            Some(last) if index.saturating_sub(AROUND) <= last.end => last.end = end,
            _ => hunks.push(index.saturating_sub(AROUND)..end),
        }
    }
    hunks
}

/// The shortest way from one to the other: Myers, "An O(ND) Difference Algorithm and Its Variations",
/// 1986. Quick as long as little has changed, however long the file is.
fn compare(before: &[&[u8]], after: &[&[u8]]) -> Vec<Edit> {
    let limit = before.len() + after.len();
    // How far down the file before one gets on each diagonal; shifted, since diagonals go below 0.
    let mut furthest = vec![0_usize; 2 * limit + 3];
    let diagonal = |number: isize| (number + limit as isize + 1) as usize;
    let mut trace: Vec<Vec<usize>> = Vec::new();
    'search: for distance in 0..=limit as isize {
        // Only these diagonals can be asked for on the way back.
        let span = diagonal(-distance - 1)..=diagonal(distance + 1);
        trace.push(furthest[span].to_vec());
        for number in (-distance..=distance).step_by(2) {
            let (down, right) = (
                furthest[diagonal(number + 1)],
                furthest[diagonal(number - 1)],
            );
            let is_down = number == -distance || (number != distance && right < down);
            let mut x = if is_down { down } else { right + 1 };
            while let (Some(one), Some(other)) =
                (before.get(x), after.get((x as isize - number) as usize))
                && one == other
            {
                x += 1;
            }
            furthest[diagonal(number)] = x;
            if x >= before.len() && x as isize - number >= after.len() as isize {
                break 'search;
            }
        }
    }
    walk_back(before.len(), after.len(), &trace)
}

fn walk_back(before: usize, after: usize, trace: &[Vec<usize>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut x, mut y) = (before, after);
    for (distance, furthest) in trace.iter().enumerate().rev() {
        let at = |number: isize| furthest[(number + distance as isize + 1) as usize];
        let number = x as isize - y as isize;
        let limit = distance as isize;
        let is_down = number == -limit || (number != limit && at(number - 1) < at(number + 1));
        let from = if is_down { number + 1 } else { number - 1 };
        let (start_x, start_y) = match distance {
            0 => (0, 0),
            _ => (at(from), (at(from) as isize - from) as usize),
        };
        while x > start_x && y > start_y {
            (x, y) = (x - 1, y - 1);
            edits.push(Edit::Kept(x, y));
        }
        if distance > 0 {
            edits.push(if is_down {
                Edit::Added(start_y)
            } else {
                Edit::Removed(start_x, start_y)
            });
            (x, y) = (start_x, start_y);
        }
    }
    edits.reverse();
    edits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> String {
        render(before.as_bytes(), after.as_bytes(), Painter::never())
    }

    #[test]
    fn changes_are_shown_with_the_lines_around_them() {
        let before = "[a]\nx = 1\n\n# note\n[b]\ny = 2\nz = 3\n";
        let after = "[a]\nx = 1\n\n# note\n[b]\ny = 4\nz = 3\n\n[c]\n";
        insta::assert_snapshot!(shown(before, after), @"
        @@ line 4 @@
         # note
         [b]
        -y = 2
        +y = 4
         z = 3
        +
        +[c]
        ");
        assert_eq!(shown(before, before), "");
    }

    #[test]
    fn no_secret_is_shown_wherever_it_stands() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        for line in [
            format!("aws_secret_access_key = {secret}"),
            format!("AWS_SECRET_ACCESS_KEY={secret}"),
            format!("aws_session_token : {secret}"),
            format!("# aws_secret_access_key = {secret}"),
            format!("# the old one was {secret}"),
            format!("aws_secret_access_key =\n  {secret}"),
            format!("my_password = {secret}\n\tand {secret}"),
        ] {
            let text = shown(&format!("[a]\n{line}\n"), "[a]\n");
            assert!(!text.contains("wJalr"), "{text}");
            assert!(text.contains(MASK), "{text}");
        }
    }

    #[test]
    fn a_change_of_a_secret_alone_is_seen() {
        let text = shown(
            "[a]\naws_secret_access_key = 1\n",
            "[a]\naws_secret_access_key = 2\n",
        );
        assert_eq!(text.matches(MASK).count(), 2, "{text}");
    }

    proptest! {
        #[test]
        fn the_edits_lead_from_one_to_the_other(
            before in prop::collection::vec(0_u8..4, 0..30),
            after in prop::collection::vec(0_u8..4, 0..30),
        ) {
            let lines = |numbers: &[u8]| numbers.iter().map(|number| vec![*number]).collect::<Vec<_>>();
            let (one, other) = (lines(&before), lines(&after));
            let one: Vec<&[u8]> = one.iter().map(Vec::as_slice).collect();
            let other: Vec<&[u8]> = other.iter().map(Vec::as_slice).collect();
            let edits = compare(&one, &other);
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for edit in edits {
                match edit {
                    Edit::Kept(x, y) => {
                        prop_assert_eq!(one[x], other[y]);
                        old.push(one[x]);
                        new.push(other[y]);
                    }
                    Edit::Removed(x, _) => old.push(one[x]),
                    Edit::Added(y) => new.push(other[y]),
                }
            }
            prop_assert_eq!(old, one);
            prop_assert_eq!(new, other);
        }
    }
}
