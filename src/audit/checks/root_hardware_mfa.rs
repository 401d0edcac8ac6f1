//! The root user's MFA device is a virtual one.

use crate::audit::account::Unknown;

use super::{
    Answer, Check, Context, Finding, Severity, Subject, cis, lacework,
    root_mfa::security_credentials, trivy,
};

pub(super) const CHECK: Check = Check {
    id: "root-hardware-mfa",
    title: "the root user's MFA device is no hardware",
    severity: Severity::Medium,
    question: "Is the root user's MFA device a hardware token or a security key?",
    references: &[
        cis("1.6"),
        trivy("AVD-AWS-0165"),
        lacework("lacework-global-69"),
    ],
    remediation: "replace the root user's virtual device by a hardware token or a security key",
    ask,
};

fn ask(context: &Context<'_>) -> Answer {
    let mut answer = Answer::default();
    let account = context.account;
    match &account.root.has_mfa {
        Ok(true) => {}
        Ok(false) if account.root.is_without_credentials() => return answer,
        // There is another check for that.
        Ok(false) => {
            answer.unknown(&Unknown::because("the root user has no MFA device at all"));
            return answer;
        }
        Err(why) => {
            answer.unknown(why);
            return answer;
        }
    }
    let devices = match &account.virtual_devices {
        Ok(devices) => devices,
        Err(why) => {
            answer.unknown(why);
            return answer;
        }
    };
    let is_of_root = |owner: &String| owner.ends_with(":root");
    for device in devices {
        // The device that the console makes for the root user bears this name.
        let bears_its_name = device.serial.ends_with(":mfa/root-account-mfa-device");
        if device.owner.as_ref().is_some_and(is_of_root)
            || (bears_its_name && device.owner.is_some())
        {
            answer.found(Finding {
                severity: CHECK.severity,
                subject: Subject::Root,
                what: format!(
                    "{} is a virtual device, whose seed can be copied",
                    device.serial
                ),
                facts: vec![("serial", device.serial.clone().into())],
                fix: format!("{} (MFA, Assign MFA device)", security_credentials(account)),
            });
            break;
        }
    }
    answer
}
