//! What a person is shown, whatever the files hold.

use chrono::FixedOffset;
use daypass::{cli::Typed, failure::Failure, terminal};

/// Every secret of seeds and dictionaries holds one of these.
///
/// Damage may put what is left of a secret right behind an id, or between two letters of a name. Of letters
/// and digits alone no program could tell that; so no text that could be an id holds a mark. The first has a
/// character in it that no id has. The second is letters only, as a secret may be, and as long as one, which
/// no id with small letters is.
const MARKS: [&str; 2] = ["hunter/2", "hunterhunterhunterhunterhunterhu"];

/// Whether a text holds what stands for a secret.
pub fn is_secret(text: &str) -> bool {
    MARKS.iter().any(|mark| text.contains(mark))
}

/// A zone far from UTC, so that local times are others. This machine's own is read again every second,
/// which would make every run another one.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(14 * 3_600).expect("a zone")
}

/// Checks a failure as it is printed.
pub fn failure(failure: &Failure, may_hold_secret: bool) {
    terminal::configure(terminal::ColorChoice::Never, 0);
    let text = failure.render(Typed::of(&[]));
    assert!(text.starts_with("daypass: error: "), "no error: {text:?}");
    assert!(text.ends_with('\n'), "no line end: {text:?}");
    // One line each for the error, its causes and the hint; nothing that a file says adds another.
    for line in text.lines().skip(1) {
        let known = line.starts_with("  caused by: ") || line.starts_with("  hint: ");
        assert!(known, "a line of its own: {text:?}");
    }
    self::text(
        text.trim_end_matches('\n').replace('\n', " "),
        may_hold_secret,
    );
}

/// Checks a text that is shown on a line.
pub fn text(text: impl AsRef<str>, may_hold_secret: bool) {
    let text = text.as_ref();
    let control = text.chars().find(|character| character.is_control());
    assert_eq!(control, None, "a control character in {text:?}");
    unless_secret(text, may_hold_secret);
}

/// Checks that a text, fit for a terminal or not, holds no secret.
pub fn unless_secret(text: &str, may_hold_secret: bool) {
    assert!(
        may_hold_secret || !is_secret(text),
        "a secret is shown: {text:?}"
    );
}
