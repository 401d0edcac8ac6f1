//! Large files: the time that they take grows with their size and not faster, and what is absurd is
//! answered or refused all the same.

use std::time::{Duration, Instant};

use super::*;

/// A file of this size is far more than anybody has, and still answered at once: the limit is one
/// for a machine that has better things to do, and a hang would be minutes.
const LIMIT: Duration = Duration::from_secs(60);

/// Parses a file and looks everything up that there is. Returns whether it was accepted.
fn read(bytes: &[u8]) -> bool {
    let Ok(document) = Document::parse(Kind::Credentials, bytes.to_vec()) else {
        return false;
    };
    assert!(document.profile_names().len() <= bytes.len());
    if let Some(section) = document.profile("a") {
        section.keys();
        let _ = section.value("k");
        let _ = section.nested("k", "x");
    }
    true
}

/// Changes a file and changes it back, where it is accepted and has room for more.
fn edit(bytes: &[u8]) {
    let Ok(mut document) = Document::parse(Kind::Credentials, bytes.to_vec()) else {
        return;
    };
    for profile in ["a", "new"] {
        document.set(profile, &[("k", "new"), ("j", "w")]).unwrap();
        let section = document.profile(profile).unwrap();
        assert_eq!(section.value("k").unwrap().unwrap().text, "new");
        document.remove(profile, &["k", "j"]).unwrap();
    }
}

/// The lesser of two measurements.
fn time(bytes: &[u8]) -> Duration {
    let measure = |_| {
        let start = Instant::now();
        read(bytes);
        edit(bytes);
        start.elapsed()
    };
    (0..2).map(measure).min().unwrap_or_default()
}

/// Files of about this many bytes that are made of one thing.
fn monotonous(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let of = |start: &str, repeated: &str| {
        let mut bytes = start.as_bytes().to_vec();
        while bytes.len() + repeated.len() <= size {
            bytes.extend_from_slice(repeated.as_bytes());
        }
        bytes
    };
    let numbered = |line: fn(usize) -> String| {
        let mut text = String::from("[a]\n");
        for number in 0.. {
            let line = line(number);
            if text.len() + line.len() > size {
                break;
            }
            text.push_str(&line);
        }
        text.into_bytes()
    };
    let half = "x".repeat(size / 2);
    vec![
        ("brackets", of("", "[")),
        ("closed brackets", of("[", "]")),
        ("one key, without a value", of("[a]\n", "k=\n")),
        ("one key, with nested ones", of("[a]\n", "k=\n x=\n")),
        ("one key, with comments", of("[a]\n", "k=v # c\n  # d\n")),
        ("blank lines", of("[a]\n", "\n")),
        ("blank lines between", of("[a]\nk=v\n", "\n")),
        ("one line", of("[a]\nk=", "v")),
        ("one line of spaces", of("[a]\nk=v", " ")),
        ("one comment", of("", "#")),
        ("comments, indented", of("[a]\nk=v\n", " #\n")),
        ("continuations", of("[a]\nk=v\n", " w\n")),
        ("nested keys", of("[a]\nk=\n", " x=1\n")),
        (
            "continuations of a long line",
            of(&format!("[a]\nk={half}\n"), " w\n"),
        ),
        (
            "nested keys below a long comment",
            of(&format!("[a]\nk= #{half}\n"), " x=\n"),
        ),
        ("one section", of("", "[a]\n")),
        ("one section, with a key", of("", "[a]\nk=v\n")),
        ("one section among others", of("", "[a]\nk=v\n\n[b]\n")),
        ("sections", numbered(|number| format!("[{number}]\n"))),
        ("keys", numbered(|number| format!("k{number}=\n"))),
    ]
}

#[test]
fn a_file_of_two_mebibytes_with_five_hundred_profiles_is_read_and_edited_at_once() {
    let mut text = String::new();
    for number in 0..500 {
        text.push_str(&format!("[p{number}]\naws_access_key_id = AKIA{number}\n"));
        text.push_str(&format!("# {}\n\n", "c".repeat(4_200)));
    }
    assert!(text.len() > 2 << 20);
    let start = Instant::now();
    let mut document = Document::parse(Kind::Credentials, text.clone().into()).unwrap();
    let names = document.profile_names();
    assert_eq!(names.len(), 500);
    for (number, name) in names.iter().enumerate() {
        let key = document.profile(name).unwrap().value("aws_access_key_id");
        assert_eq!(key.unwrap().unwrap().text, format!("AKIA{number}"));
    }
    for number in [0, 250, 499] {
        let name = format!("p{number}");
        document.set(&name, &[("region", "eu-west-1")]).unwrap();
        document.remove(&name, &["region"]).unwrap();
    }
    assert!(document.bytes() == text.as_bytes());
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn eight_times_the_size_takes_about_eight_times_the_time() {
    let small = monotonous(16 << 10);
    let large = monotonous(128 << 10);
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        let is_linear = || {
            // Quadratic would be 64. The milliseconds are for what is too fast to be measured.
            time(large) < time(small) * 24 + Duration::from_millis(30)
        };
        // A busy machine may spoil one measurement.
        assert!(
            (0..3).any(|_| is_linear()),
            "{name}: {:?}, then {:?}",
            time(small),
            time(large)
        );
    }
}

#[test]
fn the_largest_files_are_answered_or_refused_without_a_hang() {
    let filled = |size: usize, start: &str, repeated: &str| {
        let count = (size - start.len()) / repeated.len();
        format!("{start}{}", repeated.repeat(count))
    };
    let sections: String = (0..250_000).map(|number| format!("[{number}]\n")).collect();
    // What has many lines takes seconds in a build without optimisation, so it is a quarter as large.
    for (name, text, is_right) in [
        ("brackets", filled(MAXIMUM_SIZE, "", "["), false),
        ("one line", filled(MAXIMUM_SIZE, "[a]\nk=", "v"), true),
        ("one key", filled(MAXIMUM_SIZE / 4, "[a]\n", "k=\n"), true),
        ("blank lines", filled(MAXIMUM_SIZE / 4, "", "\n"), true),
        ("sections", sections, true),
    ] {
        let start = Instant::now();
        let is_accepted = read(text.as_bytes());
        let elapsed = start.elapsed();
        assert!(elapsed < LIMIT, "{name}: {elapsed:?}");
        assert_eq!(is_accepted, is_right, "{name}");
    }
}

#[test]
fn a_key_that_is_there_half_a_million_times_is_edited_without_a_hang() {
    let start = Instant::now();
    edit(format!("[a]\n{}", "k=\n".repeat(500_000)).as_bytes());
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
}
