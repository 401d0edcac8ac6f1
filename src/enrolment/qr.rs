//! The QR code: its modules, and how they are drawn on a terminal.

use qrcode::{Color, EcLevel, QrCode, Version, bits::Bits, types::QrError};

use crate::secret::Secret;

/// The light modules around a code, by the standard (ISO/IEC 18004). Readers do with two.
pub const QUIET_ZONE: usize = 4;

/// The fewest light modules around a code that is squeezed into a window.
const NARROWEST_QUIET_ZONE: usize = 2;

/// The modules of a QR code, `true` for dark. It is as secret as what it says.
pub struct Modules {
    width: usize,
    dark: Vec<bool>,
}

/// How a terminal is told of dark and light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Black on white, whatever colours the terminal has.
    BlackOnWhite,
    /// No colours: the terminal's own text is taken for light, as it is on a dark background.
    LightText,
    /// No colours: the terminal's own text is taken for dark.
    DarkText,
}

impl Modules {
    /// Encodes an address at error level L, the smallest code there is.
    ///
    /// # Errors
    /// When it is longer than any QR code can hold.
    pub fn of(address: &Secret) -> Result<Self, QrError> {
        let code = smallest(address.expose())?;
        Ok(Modules {
            width: code.width(),
            dark: code
                .to_colors()
                .into_iter()
                .map(|color| color == Color::Dark)
                .collect(),
        })
    }

    /// How many modules it has on a side, with `quiet` light ones around it.
    pub fn side(&self, quiet: usize) -> usize {
        self.width + 2 * quiet
    }

    /// Whether the module is dark, counted from the corner of the quiet zone. What is outside is light.
    pub fn is_dark(&self, column: usize, row: usize, quiet: usize) -> bool {
        let inside = |at: usize| at.checked_sub(quiet).filter(|at| *at < self.width);
        match (inside(column), inside(row)) {
            (Some(column), Some(row)) => self.dark[row * self.width + column],
            _ => false,
        }
    }

    /// The widest quiet zone with which the code fits into so many columns and rows; `None` if none does.
    pub fn quiet_zone_for(&self, columns: usize, rows: usize) -> Option<usize> {
        (NARROWEST_QUIET_ZONE..=QUIET_ZONE)
            .rev()
            .find(|quiet| self.side(*quiet) <= columns && self.rows(*quiet) <= rows)
    }

    /// How many rows of a terminal it takes: each shows two rows of modules.
    pub fn rows(&self, quiet: usize) -> usize {
        self.side(quiet).div_ceil(2)
    }

    /// Draws it with half blocks, a line of text for each two rows of modules.
    pub fn draw(&self, quiet: usize, ink: Ink) -> String {
        let side = self.side(quiet);
        let mut text = String::new();
        for row in (0..side).step_by(2) {
            if ink == Ink::BlackOnWhite {
                // From the fixed part of the 256 colours: a theme changes the first sixteen.
                text += "\x1b[38;5;16;48;5;231m";
            }
            for column in 0..side {
                let drawn = |row| self.is_dark(column, row, quiet) != (ink == Ink::LightText);
                // Below the last row of an odd number there is nothing to draw, but for light text.
                text.push(match (drawn(row), drawn(row + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            if ink == Ink::BlackOnWhite {
                text += "\x1b[0m";
            }
            text.push('\n');
        }
        text
    }
}

/// The smallest code for an address. The seed, half of it, has capital letters and digits only, which take
/// five and a half bits each where others take eight. The encoder would find such a part by itself, but not for
/// every seed.
fn smallest(address: &str) -> Result<QrCode, QrError> {
    const LARGEST: i16 = 40;
    let is_dense = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let start = address.find("secret=").map_or(0, |at| at + "secret=".len());
    let (before, rest) = address.split_at(start);
    let end = rest.bytes().take_while(|byte| is_dense(*byte)).count();
    let (seed, after) = rest.split_at(end);
    let encode = |version| {
        let mut bits = Bits::new(version);
        bits.push_byte_data(before.as_bytes())?;
        bits.push_alphanumeric_data(seed.as_bytes())?;
        bits.push_byte_data(after.as_bytes())?;
        bits.push_terminator(EcLevel::L)?;
        QrCode::with_bits(bits, EcLevel::L)
    };
    (1..=LARGEST)
        .map(|version| encode(Version::Normal(version)))
        .find(|code| !matches!(code, Err(QrError::DataTooLong)))
        .unwrap_or(Err(QrError::DataTooLong))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrolment::address::address;

    fn modules(user: &str, account: &str) -> Modules {
        Modules::of(&address(&Secret::new("A2".repeat(32)), user, account)).unwrap()
    }

    #[test]
    fn the_code_of_a_usual_name_fits_a_terminal_of_80_by_24_with_a_line_above_and_below() {
        let code = modules("ada", "123456789012");
        assert_eq!(code.side(0), 37);
        assert_eq!(code.quiet_zone_for(80, 22), Some(3));
        assert_eq!(code.rows(3), 22);
        // Whoever has a long name has no line above it.
        let code = modules("ada.lovelace@example.com", "123456789012");
        assert_eq!(code.side(0), 41);
        assert_eq!(code.quiet_zone_for(80, 22), None);
        assert_eq!(code.quiet_zone_for(80, 23), Some(2));
    }

    #[test]
    fn a_window_that_is_too_small_or_too_narrow_is_known() {
        let code = modules("ada", "acme");
        assert_eq!(code.quiet_zone_for(80, 20), None);
        assert_eq!(code.quiet_zone_for(40, 50), None);
        assert_eq!(code.quiet_zone_for(200, 60), Some(QUIET_ZONE));
    }

    #[test]
    fn half_blocks_draw_two_rows_of_modules_in_one() {
        let code = Modules {
            width: 3,
            dark: vec![true, false, true, true, false, false, false, true, true],
        };
        assert_eq!(code.draw(0, Ink::DarkText), "█ ▀\n ▀▀\n");
        // Light is drawn, the row below the last included.
        assert_eq!(code.draw(0, Ink::LightText), " █▄\n█▄▄\n");
        let painted = code.draw(1, Ink::BlackOnWhite);
        let lines: Vec<&str> = painted.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], "\x1b[38;5;16;48;5;231m ▄ ▄ \x1b[0m");
    }
}
