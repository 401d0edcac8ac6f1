//! What is asked of devices.

use std::collections::HashMap;

use super::*;
use crate::{audit::account::VirtualDevice, devices::MfaDevice};

fn devices(of: &[(&str, &[&str])]) -> Known<HashMap<String, Known<Vec<MfaDevice>>>> {
    let of = of.iter().map(|(user, serials)| {
        let devices = serials.iter().map(|serial| MfaDevice::new(serial, None));
        ((*user).to_owned(), Ok(devices.collect()))
    });
    Ok(of.collect())
}

const VIRTUAL: &str = "arn:aws:iam::123456789012:mfa/phone";
const FIDO: &str = "arn:aws:iam::123456789012:u2f/user/ada/key-ABC";
const SMS: &str = "arn:aws:iam::123456789012:sms-mfa/ada";

#[test]
fn security_keys_alone_are_found_only_where_there_are_keys_for_the_command_line() {
    let inputs = Inputs {
        devices: devices(&[
            ("ada", &[FIDO]),
            ("bob", &[FIDO, VIRTUAL]),
            ("cyd", &[FIDO]),
            ("dan", &["GAHT12345678"]),
        ]),
        ..reported(vec![
            with_mfa(with_key(row("ada"), 1, None)),
            with_mfa(with_key(row("bob"), 1, None)),
            with_mfa(with_password(row("cyd"), 1, None)),
            with_mfa(with_key(row("dan"), 1, None)),
            with_key(row("eve"), 1, None),
        ])
    };
    assert_eq!(found("fido-only-with-keys", inputs), ["medium user/ada"]);
}

#[test]
fn telephones_and_single_devices_are_found() {
    let inputs = || Inputs {
        devices: devices(&[
            ("ada", &[SMS]),
            ("bob", &[VIRTUAL, FIDO]),
            ("cyd", &[VIRTUAL]),
        ]),
        ..reported(vec![
            with_mfa(row("ada")),
            with_mfa(row("bob")),
            with_mfa(row("cyd")),
            row("dan"),
        ])
    };
    assert_eq!(found("sms-device", inputs()), ["medium user/ada"]);
    assert_eq!(
        found("single-device", inputs()),
        ["low user/ada", "low user/cyd"]
    );
}

#[test]
fn a_device_of_nobody_is_found() {
    let device = |name: &str, owner: Option<&str>| VirtualDevice {
        serial: format!("arn:aws:iam::{ACCOUNT}:mfa/{name}"),
        owner: owner.map(str::to_owned),
    };
    let inputs = Inputs {
        virtual_devices: Ok(vec![device("ada", Some("ada")), device("left", None)]),
        ..reported(vec![])
    };
    let expected = format!("low device/arn:aws:iam::{ACCOUNT}:mfa/left");
    assert_eq!(found("unassigned-device", inputs), [expected]);
}

#[test]
fn a_telephone_is_taken_away_once_there_is_another_device() {
    let phone =
        |name: &str| MfaDevice::new(&format!("arn:aws:iam::{ACCOUNT}:sms-mfa/{name}"), None);
    let other = MfaDevice::new("GAHT12345678", None);
    let fixes = |devices: Vec<MfaDevice>| -> Vec<bool> {
        let inputs = Inputs {
            devices: Ok(HashMap::from([("ada".to_owned(), Ok(devices))])),
            ..reported(vec![with_mfa(row("ada"))])
        };
        let account = Account::of(inputs, &Intent::default());
        let context = Context {
            account: &account,
            now: now(),
            max_age: EIGHT_HOURS,
        };
        let findings = (sms_device::CHECK.ask)(&context).findings.into_iter();
        findings
            .map(|finding| {
                finding
                    .fix
                    .starts_with("daypass enroll --user ada && aws iam deactivate")
            })
            .collect()
    };
    assert_eq!(fixes(vec![phone("a"), phone("b")]), [true, false]);
    assert_eq!(fixes(vec![phone("a"), other]), [false]);
}
