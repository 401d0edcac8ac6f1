//! Sixty-four processes that write sessions of sixty-four profiles into one file at once.

use std::{
    fs,
    process::{Child, Command, Stdio},
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use crate::{
    anvil,
    crew::Crew,
    support::{Home, python_environment},
    witness::{Botocore, Watch},
};

const CROWD: usize = 64;

/// Longer than this takes nobody, on two cores.
const AT_MOST: Duration = Duration::from_secs(10);

/// Starts a command with its output kept for later.
fn start(mut command: Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[test]
fn sixty_four_at_once_all_get_their_session_into_the_file() {
    let _alone = crate::alone();
    let home = Home::new();
    let crew = Crew::new(&home.sandbox, CROWD);
    // Half of the sections are there, with a comment; the others will be appended.
    let text = anvil::text(0, &crew.keys(), &crew.sessions()[..CROWD / 2], 0);
    home.write_credentials(&text);
    home.write_config(&crew.config());
    let credentials = home.path(".aws/credentials");
    let codes: Vec<String> = crew
        .people
        .iter()
        .map(|(_, _, device)| home.sandbox.fresh_code(device))
        .collect();

    let watch = Watch::default();
    let botocore = Botocore::start(&credentials, home.path("stop"));
    let (took, listings) = thread::scope(|scope| {
        let over = watch.over();
        scope.spawn(|| watch.parse(&credentials));
        let listings = scope.spawn(|| list_profiles(&home, &watch));
        let begin = Instant::now();
        let logins: Vec<Child> = crew
            .people
            .iter()
            .zip(&codes)
            .map(|((name, _, _), code)| {
                start(home.daypass(["login", name, "--code", code]).command())
            })
            .collect();
        for (login, (name, _, _)) in logins.into_iter().zip(&crew.people) {
            let output = home.end_of(login);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success() && stderr.is_empty(),
                "{name}: {stderr}"
            );
        }
        let took = begin.elapsed();
        drop(over);
        (took, listings.join().expect("the AWS CLI"))
    });
    let botocore_reads = botocore.map_or(0, Botocore::end);

    for (name, _, _) in &crew.people {
        let run = home
            .daypass(["credential-process", name, "--no-prompt"])
            .run();
        assert_eq!(run.exit, 0, "{name}: {}", run.report());
    }
    assert_eq!(home.sandbox.calls("GetSessionToken"), CROWD);
    eprintln!(
        "crowd: {CROWD} logins at once in {:.2} s; meanwhile {} reads by daypass's reader, \
         {botocore_reads} by botocore, {listings} by the AWS CLI",
        took.as_secs_f64(),
        watch.reads.load(Ordering::Relaxed)
    );
    assert!(took < AT_MOST, "it took {took:?}");

    // Without the sessions, every byte is where it was.
    assert_eq!(home.daypass(["logout", "--all"]).run().exit, 0);
    assert_eq!(fs::read_to_string(&credentials).expect("credentials"), text);
    let left = fs::read_dir(home.path(".aws")).expect("~/.aws").count();
    assert_eq!(left, 3, "config, credentials and the turns");
}

/// Lists a profile with the AWS CLI until the end; returns how often.
fn list_profiles(home: &Home, watch: &Watch) -> usize {
    let Some(programs) = python_environment() else {
        return 0;
    };
    let aws = programs.join("aws").display().to_string();
    let mut listings = 0;
    while listings < 2 || !watch.is_over() {
        let run = home
            .program(&aws, ["configure", "list", "--profile", "p1"])
            .run();
        assert!(
            run.exit == 0 && run.stdout.contains("region"),
            "{}",
            run.report()
        );
        listings += 1;
    }
    listings
}
