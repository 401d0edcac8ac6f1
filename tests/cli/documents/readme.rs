//! `README.md`: the first day.

use std::fs;

use daypass_sandbox::Role;

use super::{blocks, homes};
use crate::{
    aws_tools::moto::{self, Moto},
    demo::demo,
    enroll::newcomer::{GRACE, Newcomer},
    integrations::place::{Place, output},
    policy,
    support::{DAYPASS, Pty, set_mode},
};

const BY_HAND: &str = "What is there already is taken over";

/// In a fresh clone and an empty home, with a cargo that has built already.
pub fn two_commands(block: &str) {
    let place = Place::new();
    let home = &place.home;
    fs::remove_file(home.path(".local/bin/daypass")).expect("nothing is installed");
    for file in ["install.sh", "Cargo.toml"] {
        place.write(&format!("clone/{file}"), &blocks::text_of(file));
    }
    set_mode(&home.path("clone/install.sh"), 0o755);
    for directory in ["completions", "man"] {
        for entry in fs::read_dir(blocks::path_of(directory)).expect(directory) {
            let name = format!(
                "{directory}/{}",
                entry.expect("a file").file_name().display()
            );
            place.write(&format!("clone/{name}"), &blocks::text_of(&name));
        }
    }
    // What it "builds" runs the program under test.
    place.write("built", &format!("#!/bin/sh\nexec {DAYPASS} \"$@\"\n"));
    set_mode(&home.path("built"), 0o755);
    place.stand_in(
        "cargo",
        &format!(
            "case \"$*\" in\n\
             --version) echo 'cargo 1.999.0 (a stand-in)' ;;\n\
             demo) exec {} --daypass {DAYPASS} ;;\n\
             'build --release --locked')\n\
                 mkdir -p \"$CARGO_TARGET_DIR/release\"\n\
                 cp \"$HOME/built\" \"$CARGO_TARGET_DIR/release/daypass\" ;;\n\
             *) echo \"cargo $*\" >&2; exit 64 ;;\n\
             esac\n",
            demo()
        ),
    );
    let script = format!("cd clone && set -e\n{block}");
    let run = place.shell("sh", &script).run();
    assert!(output(&run).contains("8. One new code"), "{}", run.report());
    let run = place.shell("sh", "daypass --version").run();
    assert_eq!(
        output(&run),
        format!("daypass {}", env!("CARGO_PKG_VERSION"))
    );
    let installed = home.path(".local/share/bash-completion/completions/daypass");
    assert!(installed.is_file());
}

/// In an empty home, with a key that the console has just shown.
pub fn set_up(block: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    let home = &place.home;
    fs::remove_dir_all(home.path(".aws")).expect("an empty home");
    let mut terminal = Pty::start(&place.shell("sh", block));
    for (question, answer) in [
        ("Access key id (AKIA...):", home.user.access_key_id.as_str()),
        ("Secret access key", &home.user.secret_access_key),
        ("MFA device [arn:aws:iam::123456789012:mfa/ada]:", ""),
        ("AWS region to work in", "eu-west-1"),
        ("Apply this? [Y/n]", ""),
        ("MFA code, to log in now", &home.code()),
    ] {
        terminal.expect(question);
        terminal.send(&format!("{answer}\r"));
    }
    terminal.expect("you are logged in until");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{run:?}");
    place.assert_ada(
        &place
            .shell("sh", "aws sts get-caller-identity --profile work")
            .run(),
    );
}

pub fn any_tool(block: &str) {
    let Some(place) = Place::logged_in().with_aws() else {
        return;
    };
    let moto = Moto::serve(&place.program("moto_server", moto::ARGUMENTS.split(' ')));
    let script = format!("set -e\naws s3 mb s3://reports --profile work >/dev/null\n{block}");
    let run = place
        .shell("sh", &script)
        .env("AWS_ENDPOINT_URL", &moto.url)
        .run();
    assert!(output(&run).ends_with(" reports"), "{}", run.report());
}

/// A home with the session of `work`, the profiles of the two blocks about roles, and the role.
fn with_role(role: &str, session: &str) -> Option<Place> {
    let place = Place::logged_in().with_aws()?;
    let home = &place.home;
    let arn = home.sandbox.add_role(Role {
        account: "210987654321".to_owned(),
        trusted: vec![home.user.arn.clone()],
        require_mfa: true,
        ..Role::default()
    });
    assert!(role.contains(&format!("= {arn}\n")), "{role}");
    let session = with_daypass(session);
    home.write_config(&format!(
        "{}\n{role}\n{session}",
        home.profile_section("work")
    ));
    Some(place)
}

/// The profile with the daypass under test in it.
fn with_daypass(block: &str) -> String {
    let text = block.replace("/home/ada/.local/bin/daypass", DAYPASS);
    assert_ne!(text, block);
    text
}

fn assert_assumed(place: &Place, command: &str) {
    let run = place
        .shell("sh", &format!("{command} --query Arn --output text"))
        .run();
    let role = "arn:aws:sts::210987654321:assumed-role/Admin/";
    assert!(output(&run).starts_with(role), "{}", run.report());
}

/// AWS tools assume it, and daypass does.
pub fn role(block: &str) {
    let session = blocks::text_of_block("README.md", "Roles", "ini", 1);
    let Some(place) = with_role(block, &session) else {
        return;
    };
    assert_assumed(&place, "aws sts get-caller-identity --profile prod");
    assert_eq!(place.home.sandbox.calls("AssumeRole"), 1);
    assert_assumed(&place, "daypass exec prod -- aws sts get-caller-identity");
    assert_eq!(place.home.sandbox.calls("GetSessionToken"), 1);
}

/// AWS tools get it from daypass, which asks AWS once.
pub fn role_session(block: &str) {
    let heading = "The first day, with a real AWS account";
    let role = blocks::text_of_block("README.md", heading, "ini", 1);
    let Some(place) = with_role(&role, block) else {
        return;
    };
    for _ in 0..2 {
        assert_assumed(&place, "aws sts get-caller-identity --profile prod-session");
    }
    assert_eq!(place.home.sandbox.calls("AssumeRole"), 1);
    assert!(
        place
            .home
            .credential("prod-mfa", "aws_session_token")
            .is_some()
    );
}

/// Both files as the README has them, with what is one's own in the place of what is Ada's.
fn written_by_hand(key: &str, profile: &str) {
    let Some(place) = Place::new().with_aws() else {
        return;
    };
    let home = &place.home;
    let key = key
        .replacen("= AKIA...", &format!("= {}", home.user.access_key_id), 1)
        .replacen("= ...", &format!("= {}", home.user.secret_access_key), 1);
    assert!(!key.contains("..."), "both halves are left out");
    home.write_credentials(&key);
    assert!(
        profile.contains(&format!("= {}\n", home.device.serial)),
        "{profile}"
    );
    home.write_config(&with_daypass(profile));
    home.log_in();
    place.assert_ada(
        &place
            .shell("sh", "aws sts get-caller-identity --profile work")
            .run(),
    );
    let run = home.daypass(["doctor", "work", "--json"]).run();
    assert_ne!(run.json()["status"], "fail", "{}", run.report());
}

pub fn key_by_hand(block: &str) {
    written_by_hand(
        block,
        &blocks::text_of_block("README.md", BY_HAND, "ini", 2),
    );
}

pub fn profile_by_hand(block: &str) {
    written_by_hand(
        &blocks::text_of_block("README.md", BY_HAND, "ini", 1),
        block,
    );
}

pub fn enroll(block: &str) {
    let newcomer = Newcomer::new();
    let path = homes::path_with_daypass(&newcomer.home);
    let run = newcomer
        .home
        .program("sh", ["-c", block])
        .env("PATH", &path);
    let mut terminal = Pty::start(&run);
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    terminal.expect("logged in");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);
    assert!(
        newcomer
            .home
            .config()
            .ends_with(&format!("\nmfa_serial = {GRACE}\n"))
    );
}

/// `work.json` is the page's about policies.
pub fn policies(block: &str) {
    let place = Place::new();
    policy::page::write_files(&place.home);
    let run = place.shell("sh", &format!("set -e\n{block}")).run();
    assert!(output(&run).starts_with("enforced: "), "{}", run.report());
    assert!(place.read("mfa.json").contains("\"28800\""));
    // And without the policy that the first command wrote, it is not.
    let run = place
        .shell("sh", "daypass policy check work.json --max-age 8h")
        .run();
    assert_eq!(run.exit, 10, "{}", run.report());
}
