//! A user has one device, and nothing when it is lost.

use super::{Answer, Check, Context, Finding, Severity, Subject, users::with_devices, value};

pub(super) const CHECK: Check = Check {
    id: "single-device",
    title: "users have one MFA device and no other to fall back on",
    severity: Severity::Low,
    question: "Does every user with MFA have a second device?",
    references: &[],
    remediation: "enrol a second device: AWS takes up to eight",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, devices) in with_devices(context.account, &mut answer) {
        let [device] = devices.as_slice() else {
            continue;
        };
        answer.found(Finding {
            severity: CHECK.severity,
            subject: Subject::User(user.name.clone()),
            what: format!("has {} and no other device", device.serial()),
            facts: vec![("serial", device.serial().into())],
            fix: format!(
                "daypass enroll --user{} --name{}",
                value(&user.name),
                value(&format!("{}-backup", user.name))
            ),
        });
    }
    answer
}
