//! What a terminal shows in the end of all that it was sent.

/// The rows of a terminal, those included that have scrolled off it.
///
/// It knows what daypass sends: carriage return, line feed, backspace, erasing, moving up, colours;
/// and that a full row goes on in the next. Whatever else a shell sends is left out.
pub struct Screen {
    rows: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    pub const COLUMNS: u16 = 80;

    /// The text on the screen after all this.
    pub fn after(transcript: &str) -> String {
        let mut screen = Screen {
            rows: vec![Vec::new()],
            row: 0,
            column: 0,
        };
        let mut characters = transcript.chars();
        while let Some(character) = characters.next() {
            match character {
                '\r' => screen.column = 0,
                '\n' => screen.down(),
                '\x08' => screen.column = screen.column.saturating_sub(1),
                '\x1b' => screen.escape(&mut characters),
                character if character.is_control() => {}
                character => screen.put(character),
            }
        }
        let rows: Vec<String> = screen.rows.iter().map(|row| row.iter().collect()).collect();
        rows.join("\n")
    }

    fn down(&mut self) {
        self.row += 1;
        if self.row == self.rows.len() {
            self.rows.push(Vec::new());
        }
    }

    fn put(&mut self, character: char) {
        if self.column == usize::from(Self::COLUMNS) {
            self.column = 0;
            self.down();
        }
        let row = &mut self.rows[self.row];
        if row.len() <= self.column {
            row.resize(self.column + 1, ' ');
        }
        row[self.column] = character;
        self.column += 1;
    }

    fn escape(&mut self, characters: &mut std::str::Chars<'_>) {
        if characters.next() != Some('[') {
            return;
        }
        let mut parameter = String::new();
        for character in characters {
            match character {
                ' '..='?' => parameter.push(character),
                'K' | 'J' => {
                    self.rows[self.row].truncate(self.column);
                    if character == 'J' {
                        self.rows.truncate(self.row + 1);
                    }
                    return;
                }
                'A' => {
                    self.row = self.row.saturating_sub(parameter.parse().unwrap_or(1));
                    return;
                }
                _ => return,
            }
        }
    }
}

#[test]
fn the_screen_shows_what_was_not_erased() {
    for (sent, shown) in [
        ("code: 123456\r\x1b[Jdone\r\n", "done\n"),
        ("12\x08 \x083", "13"),
        ("one\r\n\x1b[31mtwo\x1b[0m\x1b[1A\r\x1b[Jthree", "three"),
        ("code: 123456\r\nnext", "code: 123456\nnext"),
    ] {
        assert_eq!(Screen::after(sent), shown, "{sent:?}");
    }
    let long = "x".repeat(78) + "123456";
    assert_eq!(Screen::after(&(long.clone() + "\x1b[1A\r\x1b[J")), "");
    assert!(Screen::after(&(long + "\r\x1b[J")).contains("12"));
}
