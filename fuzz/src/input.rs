//! How an input is cut into the things that a check is about.

/// A line of this stands between two parts of an input, so that seeds and found cases can be read.
const BETWEEN: &[u8] = b"\n---\n";

/// Cuts an input into its parts. Parts that are not there are empty, and the last one has the rest.
pub fn parts<const COUNT: usize>(mut bytes: &[u8]) -> [&[u8]; COUNT] {
    let mut parts = [&bytes[..0]; COUNT];
    for (index, part) in parts.iter_mut().enumerate() {
        let end = bytes
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN)
            .filter(|_| index + 1 < COUNT);
        let Some(end) = end else {
            *part = bytes;
            break;
        };
        // The line feed in front belongs to the part, which may need one at its end.
        *part = &bytes[..=end];
        bytes = &bytes[end + BETWEEN.len()..];
    }
    parts
}

/// The lines of a part, as text.
pub fn lines(part: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(part);
    text.lines().map(str::to_owned).collect()
}
