//! A user with access keys has only devices that give no codes for the command line.

use super::{Answer, Check, Context, Finding, Severity, Subject, users::with_credentials, value};

pub(super) const CHECK: Check = Check {
    id: "fido-only-with-keys",
    title: "users with access keys have security keys only",
    severity: Severity::Medium,
    question: "Does every user with active access keys and MFA have a device that gives codes?",
    references: &[],
    remediation: "enrol a virtual device besides: STS takes no answer of a security key",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let account = context.account;
    let mut answer = Answer::default();
    let mut without_devices = Vec::new();
    for (user, credentials) in with_credentials(account, &mut answer) {
        if credentials.active_keys().next().is_none() {
            continue;
        }
        let devices = match &user.devices {
            Ok(devices) => devices,
            Err(why) => {
                without_devices.push((user, why));
                continue;
            }
        };
        if devices.is_empty() || devices.iter().any(crate::devices::MfaDevice::gives_codes) {
            continue;
        }
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::User(user.name.clone()),
            what: "has active access keys, and no MFA device that gives codes for the command line"
                .to_owned(),
            facts: vec![("devices", devices.len().into())],
            fix: format!("daypass enroll --user{}", value(&user.name)),
        });
    }
    answer.unknown_of(account.gaps.devices.as_ref(), &without_devices);
    answer
}
