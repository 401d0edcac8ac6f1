//! A virtual device belongs to nobody.

use super::{Answer, Check, Context, Finding, Severity, Subject, value};

pub(super) const CHECK: Check = Check {
    id: "unassigned-device",
    title: "virtual devices belong to nobody",
    severity: Severity::Low,
    question: "Does every virtual MFA device belong to a user?",
    references: &[],
    remediation: "delete what an enrolment that broke off has left, so that its name is free again",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    match &context.account.virtual_devices {
        Ok(devices) => {
            for device in devices.iter().filter(|device| device.owner.is_none()) {
                answer.found(Finding {
                    severity: CHECK.severity,
                    subject: Subject::Device(device.serial.clone()),
                    what: "was made and never enabled".to_owned(),
                    facts: Vec::new(),
                    fix: format!(
                        "aws iam delete-virtual-mfa-device --serial-number{}",
                        value(&device.serial)
                    ),
                });
            }
        }
        Err(why) => answer.unknown(why),
    }
    answer
}
