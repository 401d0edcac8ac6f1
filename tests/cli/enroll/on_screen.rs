//! The QR code on a real terminal, read by a real reader.

use super::{
    FIRST,
    newcomer::Newcomer,
    picture::{DARK, LIGHT, Picture, Theme, decoded, try_to_decode},
};
use crate::{
    aws_tools::tmux::Tmux,
    support::{DAYPASS, Pty, is_there},
};

/// Runs an enrolment in tmux up to its first question, and reads its screen as a camera would.
fn read_from_screen(theme: Theme, variables: &[(&str, &str)]) -> Option<(String, String)> {
    if !is_there("tmux") || !is_there("zbarimg") {
        return None;
    }
    let newcomer = Newcomer::new();
    let home = &newcomer.home;
    let mut invocation = home.daypass([]);
    for (name, value) in variables {
        invocation = invocation.env(name, value);
    }
    let tmux = Tmux::start(&invocation);
    tmux.type_text(&format!("{DAYPASS} enroll work"));
    tmux.press("Enter");
    let screen = tmux.expect("the question", |screen| screen.contains(FIRST));
    // With the code, the question and the title all rows are taken and none has scrolled off.
    assert!(screen.starts_with("Scan this with an authenticator app: AWS, grace@123456789012"));
    let cells = tmux.cells();
    let path = home.path("screen.pgm");
    home.allow_secrets_in("screen.pgm");
    Picture::of(&cells, 80, theme).write(&path);
    let expected = format!(
        "otpauth://totp/AWS:grace@123456789012?secret={}&issuer=AWS",
        newcomer.device().seed
    );
    let read = decoded(&path);
    tmux.press("C-c");
    let after = tmux.expect("the end", |screen| screen.contains("deleted again"));
    // The page is gone, and what was there before is there again.
    assert!(!after.contains('▀'), "{after}");
    assert!(after.contains("enroll work"), "{after}");
    Some((read, expected))
}

#[test]
fn the_code_is_read_from_a_dark_and_from_a_light_terminal_of_80_columns() {
    for theme in [DARK, LIGHT] {
        if let Some((read, expected)) = read_from_screen(theme, &[]) {
            assert_eq!(read, expected, "{theme:?}");
        }
    }
}

#[test]
fn without_colours_the_code_is_read_where_the_terminal_is_as_it_says() {
    let no_color = ("NO_COLOR", "1");
    for (theme, says) in [(DARK, "15;0"), (LIGHT, "0;15")] {
        let variables = [no_color, ("COLORFGBG", says)];
        if let Some((read, expected)) = read_from_screen(theme, &variables) {
            assert_eq!(read, expected, "{theme:?}");
        }
    }
}

#[test]
fn a_window_that_is_too_small_says_so_and_draws_when_it_has_been_made_larger() {
    if !is_there("tmux") || !is_there("zbarimg") {
        return;
    }
    let newcomer = Newcomer::new();
    let home = &newcomer.home;
    let invocation = home.daypass([]);
    let tmux = Tmux::start(&invocation);
    tmux.resize(80, 12);
    tmux.type_text(&format!("{DAYPASS} enroll work"));
    tmux.press("Enter");
    tmux.expect("the advice", |screen| {
        screen.contains("too small for the QR code") && screen.contains(FIRST)
    });
    let path = home.path("screen.pgm");
    home.allow_secrets_in("screen.pgm");
    Picture::of(&tmux.cells(), 80, DARK).write(&path);
    assert!(try_to_decode(&path).is_err());
    tmux.resize(80, 40);
    tmux.type_text("r");
    tmux.press("Enter");
    tmux.expect("the code", |screen| {
        screen.contains('▀') && screen.contains(FIRST)
    });
    Picture::of(&tmux.cells(), 80, DARK).write(&path);
    assert!(decoded(&path).contains(&newcomer.device().seed));
    tmux.press("C-c");
    tmux.expect("the end", |screen| screen.contains("deleted again"));
}

#[test]
fn a_terminal_that_cannot_draw_says_so_and_takes_the_codes_all_the_same() {
    let newcomer = Newcomer::new();
    let invocation = newcomer
        .home
        .daypass(["enroll", "work"])
        .env("TERM", "dumb");
    let mut terminal = Pty::start(&invocation);
    terminal.expect("This terminal cannot draw a QR code: type s for the seed as text");
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    terminal.expect("logged in");
    // What cannot be erased stays, the codes included: they are spent.
    assert!(terminal.wait().success());
}
