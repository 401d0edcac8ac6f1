//! An enrolment that is killed once AWS was asked to enable the device: the next one takes it up.

use std::{fs, thread, time::Duration};

use daypass_sandbox::{Device, Fault, Times};

use super::{
    FIRST, SECOND, THIRD,
    newcomer::{GRACE, Newcomer, with_pass},
};
use crate::support::{DAYPASS, Invocation, PassStandIn, Pty, assert_report, is_there};

const TAKES_UP: &str = "broke off before it was done. Does your app show its codes? [Y/n]";

/// Enrols on a terminal and is killed while AWS's answer to this action is on its way.
fn killed_after(newcomer: &Newcomer, action: &str) {
    let sandbox = &newcomer.home.sandbox;
    let slow = Fault::Slow(Duration::from_secs(30));
    sandbox.misbehave(action, slow, Times::Next(1));
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    if action == "EnableMFADevice" || action == "GetSessionToken" {
        let device = newcomer.type_pair(&mut terminal);
        if action == "GetSessionToken" {
            third(newcomer, &mut terminal, THIRD, &device);
        }
    }
    wait_for(newcomer, action);
    terminal.signal("KILL");
    terminal.wait();
    sandbox.behave();
}

fn wait_for(newcomer: &Newcomer, action: &str) {
    while newcomer.home.sandbox.calls(action) == 0 {
        thread::sleep(Duration::from_millis(2));
    }
}

/// Types the code of a login, for which half a minute passes at AWS.
fn third(newcomer: &Newcomer, terminal: &mut Pty<'_>, question: &str, device: &Device) {
    let sandbox = &newcomer.home.sandbox;
    terminal.expect(question);
    sandbox.advance(Duration::from_secs(30));
    terminal.send(&format!("{}\r", sandbox.fresh_code(device)));
}

/// There is the one device, the profile names it, and there is a session made with it.
fn assert_enrolled(newcomer: &Newcomer, about: &str) {
    let home = &newcomer.home;
    let devices = home.sandbox.devices();
    let enabled: Vec<&str> = devices
        .iter()
        .filter(|device| device.user_arn.as_ref() == Some(&newcomer.user.arn))
        .map(|device| device.serial.as_str())
        .collect();
    assert_eq!(enabled, [GRACE], "{about}");
    let config = format!("{}mfa_serial = {GRACE}\n", newcomer.config());
    assert_eq!(home.config(), config, "{about}");
    let made_with = home.credential("work-mfa", "daypass_mfa_serial");
    assert_eq!(made_with.as_deref(), Some(GRACE), "{about}");
}

/// Enrols again, and answers whatever is asked.
fn finish(newcomer: &Newcomer, about: &str) {
    let sandbox = &newcomer.home.sandbox;
    if newcomer.home.config().contains(GRACE) {
        // The profile was told: what is left is a login.
        sandbox.advance(Duration::from_secs(60));
        let code = sandbox.fresh_code(&newcomer.device());
        let run = newcomer
            .home
            .daypass(["login", "work", "--code", &code])
            .run();
        assert_eq!(run.exit, 0, "{about}: {}", run.report());
        return;
    }
    let record = sandbox.device(GRACE);
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    match record {
        Some(device) if device.user_arn.is_some() => {
            terminal.expect(TAKES_UP);
            terminal.send("\r");
            let device = device.device().expect("a seed");
            sandbox.advance(Duration::from_secs(60));
            terminal.expect("MFA code");
            terminal.send(&format!("{}\r", sandbox.fresh_code(&device)));
        }
        left => {
            if left.is_some() {
                terminal.expect("Replace it? [y/N]");
                terminal.send("y\r");
            }
            let device = newcomer.type_pair(&mut terminal);
            third(newcomer, &mut terminal, THIRD, &device);
        }
    }
    terminal.expect("A second device saves you");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{about}: {}", run.screen);
}

#[test]
fn an_enrolment_that_is_killed_while_aws_answers_is_finished_by_the_next() {
    for action in [
        "GetCallerIdentity",
        "GetUser",
        "ListMFADevices",
        "ListVirtualMFADevices",
        "CreateVirtualMFADevice",
        "EnableMFADevice",
        "GetSessionToken",
    ] {
        let newcomer = Newcomer::new();
        killed_after(&newcomer, action);
        finish(&newcomer, action);
        assert_enrolled(&newcomer, action);
    }
}

/// The system calls that leave something behind, here or at AWS.
const CALLS: [&str; 8] = [
    "renameat",
    "renameat2",
    "rename",
    "fsync",
    "sendto",
    "writev",
    "unlink",
    "flock",
];

/// An enrolment under strace, whose log is in the home.
fn traced<'a>(newcomer: &'a Newcomer, injection: Option<&str>) -> Invocation<'a> {
    let home = &newcomer.home;
    home.allow_secrets_in("tmp/strace");
    let log = home.path("tmp/strace").display().to_string();
    let trace = format!("--trace=?{}", CALLS.join(",?"));
    let mut words = vec!["-f", "-o", &log, &trace];
    words.extend(injection);
    words.extend([DAYPASS, "enroll", "work"]);
    home.program("strace", words)
}

/// Types what is asked for, until the program ends; tells whether it came to its end.
fn types_all(newcomer: &Newcomer, terminal: &mut Pty<'_>) -> bool {
    let sandbox = &newcomer.home.sandbox;
    if !terminal.comes_to(FIRST) {
        return false;
    }
    let device = newcomer.device();
    let [first, second] = sandbox.consecutive_codes(&device);
    terminal.send(&format!("{first}\r"));
    if !terminal.comes_to(SECOND) {
        return false;
    }
    terminal.send(&format!("{second}\r"));
    if !terminal.comes_to(THIRD) {
        return false;
    }
    sandbox.advance(Duration::from_secs(30));
    terminal.send(&format!("{}\r", sandbox.fresh_code(&device)));
    terminal.comes_to("A second device saves you")
}

#[test]
fn an_enrolment_that_is_killed_at_any_system_call_is_finished_by_the_next() {
    if !is_there("strace") {
        return;
    }
    let whole = Newcomer::new();
    let mut terminal = Pty::start(&traced(&whole, None));
    assert!(types_all(&whole, &mut terminal));
    assert_eq!(terminal.finish().exit, 0);
    let log = fs::read_to_string(whole.home.path("tmp/strace")).expect("the log");
    let name = |line: &str| {
        let word = line
            .split_whitespace()
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        word.split('(').next().unwrap_or_default().to_owned()
    };
    let made: Vec<String> = log.lines().map(name).collect();
    let mut kills = 0;
    for call in CALLS {
        let count = made.iter().filter(|made| *made == call).count();
        for number in 1..=count {
            kills += 1;
            let newcomer = Newcomer::new();
            let about = format!("killed at {call} number {number}");
            let injection = format!("--inject={call}:signal=SIGKILL:when={number}");
            let mut terminal = Pty::start(&traced(&newcomer, Some(&injection)));
            let is_whole = types_all(&newcomer, &mut terminal);
            terminal.wait();
            newcomer.home.allow_left_behind();
            if !is_whole {
                finish(&newcomer, &about);
            }
            assert_enrolled(&newcomer, &about);
        }
    }
    assert!(kills > 20, "{made:?}");
}

#[test]
fn whoever_has_thrown_the_codes_away_gets_a_new_device() {
    let newcomer = Newcomer::new();
    killed_after(&newcomer, "EnableMFADevice");
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(TAKES_UP);
    terminal.send("n\r");
    terminal.expect(FIRST);
    let name = format!("{GRACE}-2");
    assert!(newcomer.home.sandbox.device(&name).is_some());
    terminal.send("\x03");
    assert_eq!(terminal.finish().exit, 1);
    // It is not asked about again.
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    terminal.send("\x03");
    let run = terminal.finish();
    assert!(!run.screen.contains("earlier run"), "{}", run.screen);
}

#[test]
fn a_device_is_taken_up_although_aws_does_not_tell_which_there_are() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    sandbox.deny(&newcomer.user, "iam:ListMFADevices");
    sandbox.deny(&newcomer.user, "iam:ListVirtualMFADevices");
    killed_after(&newcomer, "EnableMFADevice");
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work", "--yes"]));
    terminal.expect("MFA code");
    sandbox.advance(Duration::from_secs(60));
    let code = sandbox.fresh_code(&newcomer.device());
    terminal.send(&format!("{code}\r"));
    terminal.expect("A second device saves you");
    assert_eq!(terminal.finish().exit, 0);
    assert_enrolled(&newcomer, "unlisted");
}

#[test]
fn a_seed_in_the_keychain_is_taken_up_with_its_device_and_nobody_is_asked() {
    let pass = PassStandIn::new();
    let sandbox = &pass.home.sandbox;
    let user = sandbox.add_user("grace");
    let config = with_pass(&pass, &user);
    let slow = Fault::Slow(Duration::from_secs(30));
    sandbox.misbehave("EnableMFADevice", slow, Times::Next(1));
    let enroll = ["enroll", "work", "--store-seed"];
    let mut child = pass.daypass(enroll).command().spawn().expect("it starts");
    while sandbox.calls("EnableMFADevice") == 0 {
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    sandbox.behave();
    assert_eq!(pass.home.config(), config);
    let run = pass
        .daypass(["enroll", "work", "--no-prompt", "--store-seed"])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert!(run.stderr.contains("going on with it"), "{}", run.report());
    assert!(run.stdout.contains("logged in"), "{}", run.report());
    assert_eq!(sandbox.calls("CreateVirtualMFADevice"), 1);
    assert_eq!(pass.entries("totp:").len(), 1);
    let told = format!("{config}mfa_serial = {GRACE}\ndaypass_totp = keychain\n");
    assert_eq!(pass.home.config(), told);
}

#[test]
fn a_profile_that_could_not_be_told_is_told_by_the_next_run() {
    let pass = PassStandIn::new();
    let sandbox = &pass.home.sandbox;
    let user = sandbox.add_user("grace");
    let config = with_pass(&pass, &user);
    // An editor saves what cannot be edited while the codes are waited for.
    pass.spoil_config_on("insert");
    let enroll = ["enroll", "work", "--store-seed"];
    let run = pass.daypass(enroll).run();
    assert_report!(run.report(), @r#"
    exit 1
    --- stderr
    daypass: error: arn:aws:iam::123456789012:mfa/grace is enabled, but profile 'work' could not be told
      caused by: cannot change ~/.aws/config; nothing was changed
      caused by: line 4 is read differently by different programs: it has a carriage return inside, unusual white space or a colon before the "="
      hint: mend that, then daypass enroll work takes this device up; or write mfa_serial = arn:aws:iam::123456789012:mfa/grace and daypass_totp = keychain into the section of profile 'work' yourself
    "#);
    pass.home.write_config(&config);
    let run = pass.daypass(enroll).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    assert_eq!(sandbox.devices_of(&user).len(), 1);
    let told = format!("{config}mfa_serial = {GRACE}\ndaypass_totp = keychain\n");
    assert_eq!(pass.home.config(), told);
}
