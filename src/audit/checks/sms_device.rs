//! A user has an SMS device, which AWS no longer supports.

use crate::devices::{DeviceType, MfaDevice};

use super::{Answer, Check, Context, Finding, Severity, Subject, users::with_devices, value};

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
        let is_sms = |device: &&MfaDevice| device.device_type() == DeviceType::Sms;
        let name = value(&user.name);
        // Whoever has another device needs no further one; nor does a second telephone.
        let mut before = match devices.iter().all(|device| is_sms(&device)) {
            true => format!("daypass enroll --user{name} && "),
            false => String::new(),
        };
        for device in devices.iter().filter(is_sms) {
            let before = std::mem::take(&mut before);
            answer.found(Finding {
                severity: CHECK.severity,
                subject: Subject::User(user.name.clone()),
                what: format!("{} is a telephone number", device.serial()),
                facts: vec![("serial", device.serial().into())],
                fix: format!(
                    "{before}aws iam deactivate-mfa-device --user-name{name} --serial-number{}",
                    value(device.serial())
                ),
            });
        }
    }
    answer
}
