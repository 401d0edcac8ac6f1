//! What a camera would see of a terminal, and what a reader of QR codes makes of it.

use std::{fs, path::Path, process::Command};

/// The pixels of half a cell.
const SCALE: usize = 8;

/// How bright the colours of a terminal are that nothing is said about.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    pub text: u8,
    pub background: u8,
}

pub const DARK: Theme = Theme {
    text: 220,
    background: 20,
};

pub const LIGHT: Theme = Theme {
    text: 30,
    background: 250,
};

/// A picture in shades of grey: two pixels, in rows above each other, for each cell of a terminal.
pub struct Picture {
    width: usize,
    rows: Vec<Vec<u8>>,
}

impl Picture {
    /// Takes a picture of what `tmux capture-pane -e -N` tells of a terminal's cells.
    pub fn of(captured: &str, columns: usize, theme: Theme) -> Self {
        let mut rows = Vec::new();
        let (mut text, mut background) = (theme.text, theme.background);
        for line in captured.lines() {
            let (mut upper, mut lower) = (Vec::new(), Vec::new());
            let mut rest = line;
            while let Some(character) = rest.chars().next() {
                if let Some(sequence) = rest.strip_prefix("\x1b[") {
                    let (parameters, after) = sequence.split_once('m').expect("a colour");
                    paint(parameters, theme, &mut text, &mut background);
                    rest = after;
                    continue;
                }
                let (above, below) = match character {
                    '█' => (text, text),
                    '▀' => (text, background),
                    '▄' => (background, text),
                    // Other letters are of no matter to whoever reads the code.
                    _ => (background, background),
                };
                upper.push(above);
                lower.push(below);
                rest = &rest[character.len_utf8()..];
            }
            assert!(upper.len() <= columns, "{line}");
            upper.resize(columns, theme.background);
            lower.resize(columns, theme.background);
            rows.extend([upper, lower]);
        }
        Picture {
            width: columns,
            rows,
        }
    }

    /// Writes it in the simplest format that there is.
    pub fn write(&self, path: &Path) {
        let (width, height) = (self.width * SCALE, self.rows.len() * SCALE);
        let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
        for row in &self.rows {
            let pixels: Vec<u8> = row.iter().flat_map(|pixel| [*pixel; SCALE]).collect();
            (0..SCALE).for_each(|_| bytes.extend(&pixels));
        }
        fs::write(path, bytes).expect("a picture");
    }
}

fn paint(parameters: &str, theme: Theme, text: &mut u8, background: &mut u8) {
    let numbers: Vec<u8> = parameters
        .split([';', ':'])
        .map(|number| number.parse().unwrap_or_default())
        .collect();
    let mut rest = numbers.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (0, _) => {
                (*text, *background) = (theme.text, theme.background);
                after
            }
            (39, _) => {
                *text = theme.text;
                after
            }
            (49, _) => {
                *background = theme.background;
                after
            }
            (38, [5, color, ..]) => {
                *text = shade(*color);
                &after[2..]
            }
            (48, [5, color, ..]) => {
                *background = shade(*color);
                &after[2..]
            }
            _ => after,
        };
    }
}

/// How bright a colour of the fixed part of the 256 is.
fn shade(color: u8) -> u8 {
    match color {
        16 => 0,
        231 => 255,
        other => panic!("colour {other} is not expected"),
    }
}

/// What zbar reads in a picture.
pub fn decoded(path: &Path) -> String {
    try_to_decode(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What zbar reads in a picture, or what it says if it finds nothing.
pub fn try_to_decode(path: &Path) -> Result<String, String> {
    let output = Command::new("zbarimg")
        .args([
            "--quiet",
            "--raw",
            "--nodbus",
            "-Sdisable",
            "-Sqrcode.enable",
        ])
        .arg(path)
        .output()
        .expect("zbarimg starts");
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{output:?}"))
    }
}
