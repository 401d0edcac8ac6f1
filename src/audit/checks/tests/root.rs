//! What is asked of the root user.

use super::*;
use crate::audit::account::{RootSummary, VirtualDevice};

#[test]
fn a_root_user_without_mfa_is_found_by_the_report_and_by_the_summary() {
    let without = || Inputs {
        credential_report: Ok(CredentialReport {
            rows: vec![Row {
                mfa_active: false,
                ..root()
            }],
        }),
        ..reported(vec![])
    };
    assert_eq!(found("root-mfa", without()), ["critical root"]);
    assert_eq!(found("root-mfa", reported(vec![])), NOTHING);
    // The summary is newer.
    let enabled = RootSummary {
        mfa_enabled: true,
        access_keys_present: false,
        password_present: true,
    };
    let newer = Inputs {
        summary: Ok(enabled),
        ..without()
    };
    assert_eq!(found("root-mfa", newer), NOTHING);
    let unknown = Inputs {
        credential_report: none(),
        ..reported(vec![])
    };
    assert_eq!(
        ask("root-mfa", unknown),
        (vec![], vec!["it was not read".to_owned()])
    );
}

/// Organizations take the credentials of the root users of their accounts away: nobody can sign in then.
#[test]
fn a_root_user_without_credentials_needs_no_mfa() {
    let ask_with = |id: &str, password_present, access_keys_present, row: Row| {
        let summary = RootSummary {
            mfa_enabled: false,
            access_keys_present,
            password_present,
        };
        let inputs = Inputs {
            credential_report: Ok(CredentialReport { rows: vec![row] }),
            summary: Ok(summary),
            virtual_devices: Ok(Vec::new()),
            ..reported(vec![])
        };
        ask(id, inputs).0
    };
    let row = || Row {
        mfa_active: false,
        ..root()
    };
    assert_eq!(ask_with("root-mfa", false, false, row()), NOTHING);
    assert_eq!(ask_with("root-hardware-mfa", false, false, row()), NOTHING);
    let critical = ["critical root"];
    assert_eq!(ask_with("root-mfa", true, false, row()), critical);
    assert_eq!(ask_with("root-mfa", false, true, row()), critical);
    let with_password = with_password(row(), 10, None);
    assert_eq!(ask_with("root-mfa", false, false, with_password), critical);
}

#[test]
fn a_root_user_with_keys_is_found_and_one_with_an_inactive_key_is_not() {
    let report = |root: Row| Inputs {
        credential_report: Ok(CredentialReport { rows: vec![root] }),
        ..reported(vec![])
    };
    let with = with_key(root(), 10, None);
    let mut inactive = with.clone();
    inactive.keys[0].active = false;
    assert_eq!(found("root-access-keys", report(with)), ["critical root"]);
    assert_eq!(found("root-access-keys", report(inactive)), NOTHING);
}

#[test]
fn a_virtual_device_of_the_root_user_is_found_and_a_hardware_one_is_not() {
    let device = |serial: &str, owner: &str| VirtualDevice {
        serial: format!("arn:aws:iam::{ACCOUNT}:mfa/{serial}"),
        owner: Some(format!("arn:aws:iam::{ACCOUNT}:{owner}")),
    };
    let with = |devices: Vec<VirtualDevice>| Inputs {
        virtual_devices: Ok(devices),
        ..reported(vec![])
    };
    let of_root = with(vec![device("root-account-mfa-device", "root")]);
    assert_eq!(found("root-hardware-mfa", of_root), ["medium root"]);
    let of_user = with(vec![device("ada", "user/ada"), device("root", "user/root")]);
    assert_eq!(found("root-hardware-mfa", of_user), NOTHING);
    let (nothing, unchecked) = ask("root-hardware-mfa", reported(vec![]));
    assert_eq!((nothing.len(), unchecked.len()), (0, 1));
}
