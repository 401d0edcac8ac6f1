//! What a cached session costs, in instructions: a count, which a busy machine does not change.
//!
//! It is the development build that is counted, since the tests have no other, and `main` alone: what the
//! loader does before it depends on the machine. What the released program costs says `./benches/run`.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use crate::support::{DAYPASS, Home, is_there};

/// The most that each may take with 30 profiles, in instructions: what it takes today and a tenth.
///
/// A change that costs more has to say what for. A new compiler may move them all a little.
const CEILINGS: [(&[&str], u64); 3] = [
    (&["credential-process", "work"], 3_150_000),
    (&["status", "--short", "work"], 3_250_000),
    (&["env", "work"], 3_300_000),
];

/// The most that a further profile may take, with a key and a session of its own: 20 lines, 1,000 bytes.
const PROFILE: u64 = 60_000;

#[test]
fn a_cached_session_takes_no_more_instructions_than_the_ceiling() {
    if !is_there("valgrind") {
        return;
    }
    let home = home_with_profiles(30);
    let counts: Vec<_> = CEILINGS
        .iter()
        .map(|(command, ceiling)| (command.join(" "), instructions(&home, command), ceiling))
        .collect();
    let is_within = |(_, count, ceiling): &(String, u64, &u64)| {
        // Far below it, the ceiling would hold nothing up.
        (**ceiling / 2..=**ceiling).contains(count)
    };
    assert!(counts.iter().all(is_within), "{counts:?}");
}

#[test]
fn a_further_profile_costs_no_more_instructions_than_reading_its_lines() {
    if !is_there("valgrind") {
        return;
    }
    let command = ["credential-process", "work"];
    let few = instructions(&home_with_profiles(30), &command);
    let many = instructions(&home_with_profiles(130), &command);
    let each = (many - few) / 100;
    assert!(each < PROFILE, "{each} for each profile");
}

/// A home with a session for `work` and as many others as make up the number.
fn home_with_profiles(number: usize) -> Home {
    let home = Home::new();
    home.log_in();
    let (mut config, mut credentials) = (home.config(), home.credentials());
    let sections_of_work = credentials.clone();
    for other in 1..number {
        let name = format!("team-{other}");
        config += &home.profile_section(&name);
        credentials += &sections_of_work.replace("[work", &format!("[{name}"));
    }
    home.write_config(&config);
    home.write_credentials(&credentials);
    home
}

/// How many instructions a command takes from the beginning of `main` to its end.
fn instructions(home: &Home, command: &[&str]) -> u64 {
    let counted = [
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        "--toggle-collect=main",
        DAYPASS,
    ];
    let run = home
        .program("valgrind", counted.iter().chain(command).copied())
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    let count = run.stderr.split("Collected : ").nth(1).expect("a count");
    let digits = count.split_whitespace().next().expect("digits");
    digits.parse().expect("a number")
}
