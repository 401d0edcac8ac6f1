//! Whose device it is going to be, and what it is called.

use crate::{
    arn::Arn,
    aws::{
        client::Aws,
        error::AwsError,
        iam::{mfa_devices, mfa_devices::AssignedDevice, users},
        sts,
    },
    enrolment::error::EnrolmentError,
    serial::Serial,
    terminal::{Progress, trace, with_causes},
};

/// How many devices AWS lets a user have.
const MOST_DEVICES: usize = 8;

/// The user who gets a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The name without the path.
    pub user: String,
    /// `arn:aws:iam::ACCOUNT:user/PATH/NAME`
    pub user_arn: String,
    /// The account as people know it: its alias, or its twelve digits.
    pub account: String,
    /// Whether it is the user of the key.
    pub is_self: bool,
    /// The devices, if AWS tells.
    pub devices: Option<Vec<AssignedDevice>>,
}

impl Subject {
    /// Finds out who it is: the user of that name, or the user of the key. `GetUser` is often denied; then
    /// `GetCallerIdentity`, which nobody can deny, says enough.
    ///
    /// # Errors
    /// [`EnrolmentError`]: there is no such user, or the key is the root user's.
    pub fn find(aws: &Aws, named: Option<&str>) -> Result<Self, EnrolmentError> {
        let _progress = Progress::show("daypass: asking AWS whose device it is ...");
        let caller = sts::get_caller_identity(aws)?;
        let own = caller.user_name().map(str::to_owned);
        let Some(name) = named.map(str::to_owned).or_else(|| own.clone()) else {
            return Err(EnrolmentError::NoUser {
                identity: caller.to_string(),
            });
        };
        let is_self = own.as_ref() == Some(&name);
        let user_arn = match users::get_user(aws, named) {
            Ok(user) => user.arn,
            Err(AwsError::NoSuchEntity { .. }) => return Err(EnrolmentError::NoSuchUser { name }),
            Err(error @ AwsError::Denied { .. }) => {
                trace(1, || with_causes(&error));
                let partition = caller.arn.split(':').nth(1).unwrap_or("aws");
                match is_self {
                    true => caller.arn.clone(),
                    false => format!("arn:{partition}:iam::{}:user/{name}", caller.account_id),
                }
            }
            Err(error) => return Err(error.into()),
        };
        // What cannot be had is done without: few may ask for either.
        let alias = users::account_alias(aws).unwrap_or_else(|error| {
            trace(1, || with_causes(&error));
            None
        });
        let devices = mfa_devices::list(aws, Some(&name));
        let devices = devices
            .inspect_err(|error| trace(1, || with_causes(error)))
            .ok();
        Ok(Subject {
            user: name,
            user_arn,
            account: alias.unwrap_or(caller.account_id),
            is_self,
            devices,
        })
    }

    /// The serial that a device of this name has.
    ///
    /// # Errors
    /// When the ARN of the user makes no sense.
    pub fn serial(&self, name: &str) -> Result<Serial, EnrolmentError> {
        let serial = Arn::parse(&self.user_arn).and_then(|user| {
            let (partition, account) = (user.partition, user.account_id);
            Serial::parse(&format!("arn:{partition}:iam::{account}:mfa/{name}")).ok()
        });
        serial.ok_or_else(|| EnrolmentError::NoUser {
            identity: self.user_arn.clone(),
        })
    }

    /// What the device is called: as was asked for, else as the user, whom many policies allow no other name;
    /// a further one gets a number.
    pub fn device_name(&self, asked_for: Option<&str>) -> String {
        if let Some(name) = asked_for {
            return name.to_owned();
        }
        let is_taken = |name: &str| {
            let serial = self.serial(name).ok();
            serial.is_some_and(|serial| self.has(&serial))
        };
        let numbered = (2..=MOST_DEVICES + 1).map(|number| format!("{}-{number}", self.user));
        std::iter::once(self.user.clone())
            .chain(numbered)
            .find(|name| !is_taken(name))
            .unwrap_or_else(|| self.user.clone())
    }

    /// Whether the user has this device, as far as AWS tells.
    pub fn has(&self, serial: &Serial) -> bool {
        let devices = self.devices.iter().flatten();
        devices
            .into_iter()
            .any(|device| device.serial == serial.as_str())
    }

    /// Makes sure that there is room for another device.
    ///
    /// # Errors
    /// When the user has eight.
    pub fn check_room(&self) -> Result<(), EnrolmentError> {
        match &self.devices {
            Some(devices) if devices.len() >= MOST_DEVICES => Err(EnrolmentError::TooMany {
                user: self.user.clone(),
            }),
            _ => Ok(()),
        }
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        Subject {
            user: "ada".to_owned(),
            user_arn: "arn:aws-cn:iam::123456789012:user/team/ada".to_owned(),
            account: "acme".to_owned(),
            is_self: true,
            devices: Some(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_devices(names: &[&str]) -> Subject {
        let mut subject = Subject::example();
        let devices = names.iter().map(|name| AssignedDevice {
            serial: subject.serial(name).unwrap().as_str().to_owned(),
            enabled_at: None,
        });
        subject.devices = Some(devices.collect());
        subject
    }

    #[test]
    fn a_device_is_named_after_its_user_and_a_further_one_numbered() {
        assert_eq!(with_devices(&[]).device_name(None), "ada");
        assert_eq!(with_devices(&["phone"]).device_name(None), "ada");
        assert_eq!(with_devices(&["ada"]).device_name(None), "ada-2");
        assert_eq!(with_devices(&["ada", "ada-2"]).device_name(None), "ada-3");
        assert_eq!(with_devices(&["ada"]).device_name(Some("ada")), "ada");
        let mut untold = Subject::example();
        untold.devices = None;
        assert_eq!(untold.device_name(None), "ada");
    }

    #[test]
    fn eight_devices_are_all_that_a_user_may_have() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        assert!(with_devices(&names[..7]).check_room().is_ok());
        assert!(with_devices(&names).check_room().is_err());
    }
}
