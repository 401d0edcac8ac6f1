//! What the person who enrols sees: the QR code, or the seed as text where that is asked for.

use std::io;

use crate::{
    enrolment::{
        address,
        qr::{Ink, Modules, QUIET_ZONE},
    },
    secret::Secret,
    terminal::{Page, Terminal, speaks_utf8, terminal_has_colors},
};

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Code,
    Text,
}

/// A page with the QR code; where the terminal has no pages, lines like any others.
pub(super) struct Display<'a> {
    page: Option<Page>,
    modules: &'a Modules,
    seed: &'a Secret,
    label: String,
    pub(super) view: View,
}

impl<'a> Display<'a> {
    /// Opens the page and shows nothing yet.
    pub(super) fn open(
        terminal: &Terminal,
        modules: &'a Modules,
        seed: &'a Secret,
        label: String,
        view: View,
    ) -> io::Result<Self> {
        Ok(Display {
            page: match terminal.can_erase() {
                true => Some(terminal.page()?),
                false => None,
            },
            modules,
            seed,
            label,
            view,
        })
    }

    /// The letters that lead to the other view.
    pub(super) fn letters(&self) -> &'static [(char, &'static str)] {
        match self.view {
            View::Code => &[('s', "seed as text"), ('r', "redraw")],
            View::Text => &[('q', "QR code"), ('r', "redraw")],
        }
    }

    /// Does what one of these letters stands for.
    pub(super) fn take(&mut self, letter: char) {
        match letter {
            's' => self.view = View::Text,
            'q' => self.view = View::Code,
            _ => {}
        }
    }

    /// Shows it, as large as the window is now.
    pub(super) fn draw(&mut self, terminal: &mut Terminal) -> io::Result<()> {
        let text = match self.view {
            View::Code => self.code(terminal.size()),
            View::Text => self.text(),
        };
        match &mut self.page {
            Some(page) => page.show(text.expose()),
            None => {
                terminal.say(text.expose().trim_end());
                Ok(())
            }
        }
    }

    fn code(&self, (columns, rows): (usize, usize)) -> Secret {
        if !speaks_utf8() {
            return Secret::new(
                "This terminal cannot draw a QR code: type s for the seed as text, or use --qr-file.\n",
            );
        }
        let ink = ink();
        let title = format!("Scan this with an authenticator app: {}\n", self.label);
        // A line for the question, and one for the title where there is room.
        if let Some(quiet) = self.modules.quiet_zone_for(columns, rows.saturating_sub(2)) {
            return Secret::new(title + &self.modules.draw(quiet, ink));
        }
        if let Some(quiet) = self.modules.quiet_zone_for(columns, rows.saturating_sub(1)) {
            return Secret::new(self.modules.draw(quiet, ink));
        }
        let (wide, high) = (self.modules.side(QUIET_ZONE), self.modules.rows(QUIET_ZONE));
        Secret::new(format!(
            "This window is too small for the QR code, which takes {wide} columns and {} rows:\n\
             make it larger and type r, type s for the seed as text, or use --qr-file.\n",
            high + 2
        ))
    }

    fn text(&self) -> Secret {
        let seed = address::grouped(self.seed);
        Secret::new(format!(
            "Type this into an authenticator app, as a time-based key of\n{}:\n\n{}\n\n\
             Whoever has read it can make your codes.\n",
            self.label,
            seed.expose()
        ))
    }
}

/// Black on white if the terminal may have colours. Else its own two have to do, and only the terminal
/// knows which of them is dark; most are dark.
fn ink() -> Ink {
    if terminal_has_colors() {
        return Ink::BlackOnWhite;
    }
    ink_for(std::env::var("COLORFGBG").ok().as_deref())
}

/// `COLORFGBG` is what some terminals say of their colours: `15;0`, foreground and background.
fn ink_for(colors: Option<&str>) -> Ink {
    let background = colors.and_then(|colors| colors.rsplit(';').next());
    match background {
        Some("7" | "15") => Ink::DarkText,
        _ => Ink::LightText,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_the_terminal_is_taken_for_dark_unless_it_says_that_it_is_light() {
        for (colors, ink) in [
            (None, Ink::LightText),
            (Some("15;0"), Ink::LightText),
            (Some("0;15"), Ink::DarkText),
            (Some("0;default;7"), Ink::DarkText),
            (Some(""), Ink::LightText),
        ] {
            assert_eq!(ink_for(colors), ink, "{colors:?}");
        }
    }
}
