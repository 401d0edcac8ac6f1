//! `daypass enroll`

mod begun;
mod interrupted;
mod moto;
pub mod newcomer;
mod on_screen;
mod picture;
mod refused;

use daypass_sandbox::RegisteredDevice;

use crate::support::{PassStandIn, Pty, assert_report, is_there, mode};
use newcomer::{GRACE, Newcomer};

const FIRST: &str = "first code";
const SECOND: &str = "the next code";
const THIRD: &str = "a third code, to log in";

#[test]
fn a_newcomer_has_a_device_a_profile_that_knows_it_and_a_session() {
    let newcomer = Newcomer::new();
    let home = &newcomer.home;
    let mut terminal = Pty::start(&home.daypass(["-vvv", "enroll", "work"]));
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    terminal.expect("logged in");
    terminal.expect("daypass enroll work --name grace-2");
    let run = terminal.finish();
    assert_eq!(run.exit, 0, "{}", run.screen);

    let record = home.sandbox.device(GRACE).expect("the device");
    assert_eq!(record.user_arn.as_deref(), Some(newcomer.user.arn.as_str()));
    assert!(record.is_in_sync);
    assert_eq!(
        home.config(),
        format!("{}mfa_serial = {GRACE}\n", newcomer.config())
    );
    assert!(home.credential("work-mfa", "aws_session_token").is_some());
    let status = home.daypass(["status", "work", "--check"]).run();
    assert_eq!(status.exit, 0, "{}", status.report());
}

#[test]
fn a_wrong_pair_is_asked_for_again_and_nothing_of_it_stays_on_the_screen() {
    let newcomer = Newcomer::new();
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect("first code of the new device (s: seed as text, r: redraw):");
    let device = newcomer.device();
    let [first, second] = newcomer.home.sandbox.consecutive_codes(&device);
    // In the wrong order, and once something that is no code at all.
    terminal.send("12345\r");
    // With six digits behind it, it has to fit into 80 columns, or it pushes the QR code off the screen.
    terminal.expect("daypass: a code is six digits; first code (s: seed as text, r: redraw):");
    terminal.send(&format!("{second}\r"));
    terminal.expect(SECOND);
    terminal.send(&format!("{second}\r"));
    terminal.expect("not the same one again; ");
    terminal.send(&format!("{first}\r"));
    terminal.expect("AWS refused them; ");
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(newcomer.home.sandbox.calls("EnableMFADevice"), 2);
}

#[test]
fn three_wrong_pairs_end_it_and_the_device_is_gone() {
    let newcomer = Newcomer::new();
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    for _ in 0..3 {
        terminal.expect(FIRST);
        terminal.send("702913\r");
        terminal.expect(SECOND);
        terminal.send("702914\r");
    }
    newcomer.home.note_code("702913");
    terminal.expect("the device grace was deleted again");
    terminal.expect("AWS refused the two codes");
    terminal.expect("type two codes of the new device");
    assert_eq!(terminal.finish().exit, 4);
    newcomer.assert_untouched();
}

#[test]
fn a_late_pair_is_mended_by_two_more_codes() {
    let newcomer = Newcomer::new();
    let sandbox = &newcomer.home.sandbox;
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    let device = newcomer.device();
    // The codes of three minutes ago: AWS takes them and takes the device's clock to be slow.
    for (question, steps) in [("", -6), (SECOND, -5)] {
        terminal.expect(question);
        terminal.send(&format!("{}\r", sandbox.code_at(&device, steps)));
    }
    terminal.expect(THIRD);
    assert!(!sandbox.device(GRACE).expect("the device").is_in_sync);
    terminal.send(&format!("{}\r", sandbox.code(&device)));
    terminal.expect("the device is out of step");
    newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    assert_eq!(terminal.finish().exit, 0);
    assert!(sandbox.device(GRACE).expect("the device").is_in_sync);
    assert_eq!(sandbox.calls("ResyncMFADevice"), 1);
}

#[test]
fn the_seed_is_text_on_request_only_and_gone_afterwards() {
    let newcomer = Newcomer::new();
    let mut terminal = Pty::start(&newcomer.home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    let device = newcomer.device();
    let group = device.seed[..4].to_owned() + " " + &device.seed[4..8];
    assert!(!terminal.shown_so_far().contains(&group));
    terminal.send("s\r");
    terminal.expect(&group);
    terminal.expect("q: QR code");
    terminal.send("q\r");
    terminal.expect("Scan this with an authenticator app: AWS, grace@123456789012");
    terminal.send("\x03");
    let run = terminal.finish();
    assert_eq!(run.exit, 1);
    newcomer.assert_untouched();
}

#[test]
fn with_the_seed_in_the_keychain_nobody_types_a_code() {
    let pass = PassStandIn::new();
    let sandbox = &pass.home.sandbox;
    let user = sandbox.add_user("grace");
    let newcomer = newcomer::with_pass(&pass, &user);
    let run = pass.daypass(["enroll", "work", "--store-seed"]).run();
    assert_report!(run.report(), @"
    exit 0
    --- stdout
    work: enrolled arn:aws:iam::123456789012:mfa/grace
    work: its seed is in pass; daypass now makes the codes itself
    work: logged in until [HH:MM] (8 h left)
    A second device saves you when this one is lost; AWS allows eight: daypass enroll work --name grace-2
    ");
    let device = sandbox.device(GRACE).expect("the device");
    let entries = pass.entries("totp:");
    assert_eq!(entries.len(), 1);
    assert_eq!(pass.shown(&entries[0]).trim(), device.seed.expect("a seed"));
    assert_eq!(
        pass.home.config(),
        format!("{newcomer}mfa_serial = {GRACE}\ndaypass_totp = keychain\n")
    );
    // The codes go on coming by themselves.
    let run = pass.daypass(["login", "work", "--force"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}

#[test]
fn pictures_are_their_owners_alone_and_say_the_address() {
    if !is_there("zbarimg") {
        return;
    }
    for name in ["device.svg", "device.png"] {
        let newcomer = Newcomer::new();
        let home = &newcomer.home;
        home.sandbox.set_account_alias(Some("acme"));
        home.allow_secrets_in(name);
        let arguments = ["enroll", "work", "--qr-file", name];
        let mut terminal = Pty::start(&home.daypass(arguments));
        terminal.expect(FIRST);
        let device = newcomer.device();
        let path = home.path(name);
        assert_eq!(mode(&path), 0o600);
        let said = picture::decoded(&path);
        assert_eq!(
            said,
            format!(
                "otpauth://totp/AWS:grace@acme?secret={}&issuer=AWS",
                device.seed
            )
        );
        // What is given up leaves no picture.
        terminal.send("\x03");
        terminal.expect("deleted again");
        assert_eq!(terminal.finish().exit, 1);
        assert!(!path.exists());
    }
}

#[test]
fn an_administrator_enrols_somebody_else_and_the_profile_stays_as_it_is() {
    let newcomer = Newcomer::of_administrator();
    let home = &newcomer.home;
    home.log_in();
    let before = home.config();
    let mut terminal = Pty::start(&home.daypass(["enroll", "work", "--user", "grace"]));
    newcomer.type_pair(&mut terminal);
    terminal.expect("daypass setup --serial");
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(home.config(), before);
    let device: RegisteredDevice = home.sandbox.device(GRACE).expect("the device");
    assert_eq!(device.user_arn.as_deref(), Some(newcomer.user.arn.as_str()));
    assert_eq!(home.sandbox.calls("GetSessionToken"), 1);
}

#[test]
fn a_second_device_is_a_backup_and_the_profile_keeps_the_first() {
    let newcomer = Newcomer::of_administrator();
    let home = &newcomer.home;
    home.log_in();
    let before = home.config();
    let mut terminal = Pty::start(&home.daypass(["enroll", "work"]));
    terminal.expect(FIRST);
    let serial = "arn:aws:iam::123456789012:mfa/ada-2";
    let device = home
        .sandbox
        .device(serial)
        .and_then(|device| device.device());
    newcomer.type_pair_of(&mut terminal, &device.expect("a seed"));
    terminal.expect("as a further device; the profile keeps");
    terminal.expect(&format!("daypass setup work --serial {serial}"));
    assert_eq!(terminal.finish().exit, 0);
    assert_eq!(home.config(), before);
    assert_eq!(home.sandbox.devices_of(&home.user).len(), 2);
}

#[test]
fn a_device_that_never_was_does_not_keep_the_first_one_from_being_made() {
    let newcomer = Newcomer::new();
    let home = &newcomer.home;
    home.sandbox.deny(&newcomer.user, "iam:ListMFADevices");
    home.write_config(&format!("{}mfa_serial = {GRACE}\n", newcomer.config()));
    let mut terminal = Pty::start(&home.daypass(["enroll", "work"]));
    terminal.expect("MFA code for work (device grace)");
    terminal.send("123456\r");
    terminal.expect("is no device of this user");
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    assert_eq!(terminal.finish().exit, 0);
    assert!(home.config().contains(&format!("mfa_serial = {GRACE}\n")));
}

#[test]
fn a_device_that_is_lost_and_was_taken_away_is_replaced() {
    let newcomer = Newcomer::new();
    let home = &newcomer.home;
    let gone = "arn:aws:iam::123456789012:mfa/gone";
    home.write_config(&format!("{}mfa_serial = {gone}\n", newcomer.config()));
    let mut terminal = Pty::start(&home.daypass(["enroll", "work"]));
    terminal.expect("is no device of this user any more");
    let device = newcomer.type_pair(&mut terminal);
    newcomer.type_third(&mut terminal, &device);
    assert_eq!(terminal.finish().exit, 0);
    assert!(home.config().contains(&format!("mfa_serial = {GRACE}\n")));
    assert!(!home.config().contains(gone));
}

#[test]
fn a_device_that_was_taken_away_is_replaced_although_its_session_lives() {
    let newcomer = Newcomer::of_administrator();
    let home = &newcomer.home;
    home.log_in();
    let removal = ["devices", "remove", "ada", "-p", "work", "--force", "--yes"];
    assert_eq!(home.daypass(removal).run().exit, 0);
    let mut terminal = Pty::start(&home.daypass(["enroll", "work"]));
    terminal.expect("is no device of this user any more");
    terminal.expect(FIRST);
    let devices = home.sandbox.devices();
    let record = devices
        .iter()
        .find(|device| device.serial.ends_with("mfa/ada"));
    let device = record.and_then(|record| record.device()).expect("a seed");
    newcomer.type_pair_of(&mut terminal, &device);
    newcomer.type_third(&mut terminal, &device);
    terminal.expect("logged in");
    assert_eq!(terminal.finish().exit, 0);
}

#[test]
fn nobody_to_ask_is_told_at_once_and_aws_is_not_asked() {
    let newcomer = Newcomer::new();
    let run = newcomer.home.daypass(["enroll", "work"]).run();
    assert_report!(run.report(), @"
    exit 3
    --- stderr
    daypass: error: somebody has to scan a QR code and type two codes, and nobody can be asked here
      hint: run it in a terminal, or have the codes made here with --store-seed, which keeps both factors on this machine
    ");
    assert_eq!(newcomer.home.sandbox.connections(), 0);
}
