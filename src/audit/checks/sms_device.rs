//! A user has an SMS device, which AWS no longer supports.

use crate::devices::DeviceType;

use super::{Answer, Check, Context, Finding, Severity, Subject, users::with_devices, word};

pub(super) const CHECK: Check = Check {
    id: "sms-device",
    title: "users have SMS as MFA",
    severity: Severity::Medium,
    question: "Is every MFA device something else than a telephone number?",
    references: &[],
    remediation: "enrol another device and remove the telephone number",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    for (user, devices) in with_devices(context.account, &mut answer) {
        for device in devices {
            if device.device_type() == DeviceType::Sms {
                answer.found(Finding {
                    severity: CHECK.severity,
                    subject: Subject::User(user.name.clone()),
                    what: format!("{} is a telephone number", device.serial()),
                    facts: vec![("serial", device.serial().into())],
                    fix: format!(
                        "daypass enroll --user {name} && aws iam deactivate-mfa-device --user-name {name} \
                         --serial-number {}",
                        word(device.serial()),
                        name = word(&user.name),
                    ),
                });
            }
        }
    }
    answer
}
