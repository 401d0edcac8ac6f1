//! Who and what there is in the sandbox's accounts.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{
    AccessKey, Call, Device, Role, SignIn, User,
    clock::{Clock, delta},
    error::ApiError,
    faults::Faults,
    random,
    sessions::{Owner, Session},
    totp,
};

/// The account that everything is in unless another is named.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The partitions that there are.
pub(crate) const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// Everything that the sandbox knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) users: Vec<StoredUser>,
    pub(crate) keys: Vec<StoredKey>,
    pub(crate) devices: Vec<StoredDevice>,
    pub(crate) roles: Vec<StoredRole>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) sign_ins: Vec<SignIn>,
    /// The alias of each account that has one.
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) disabled_regions: BTreeSet<String>,
    /// The most entries in an answer, whatever the request asks for.
    pub(crate) page_size: Option<usize>,
    pub(crate) faults: Faults,
    pub(crate) log: Vec<Call>,
    /// Every code that was handed out to a test, to be known again wherever it shows up.
    pub(crate) codes: BTreeSet<String>,
}

/// An IAM user, or the root user of an account.
#[derive(Clone, Debug)]
pub(crate) struct StoredUser {
    pub(crate) account: String,
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: DateTime<Utc>,
    /// The company's rule: everything is denied past this MFA age, and without MFA.
    pub(crate) mfa_age_limit: Option<Duration>,
    /// Actions denied to this user, such as `iam:ListMFADevices`.
    pub(crate) denied: BTreeSet<String>,
}

impl StoredUser {
    pub(crate) fn is_root(&self) -> bool {
        self.arn.ends_with(":root")
    }
}

/// A long-term key.
#[derive(Clone, Debug)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) user_arn: String,
    pub(crate) active: bool,
    pub(crate) created: DateTime<Utc>,
}

/// An MFA device.
#[derive(Clone, Debug)]
pub(crate) struct StoredDevice {
    pub(crate) serial: String,
    pub(crate) user_arn: String,
    /// The base32 seed; devices without one (FIDO, SMS) give no codes that STS takes.
    pub(crate) seed: Option<String>,
    pub(crate) enabled: DateTime<Utc>,
    /// The newest time step whose code was accepted. It and all before it are spent.
    pub(crate) last_step: Option<u64>,
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct StoredRole {
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) role: Role,
}

impl State {
    pub(crate) fn user(&self, arn: &str) -> Option<&StoredUser> {
        self.users.iter().find(|user| user.arn == arn)
    }

    pub(crate) fn user_mut(&mut self, arn: &str) -> Option<&mut StoredUser> {
        self.users.iter_mut().find(|user| user.arn == arn)
    }

    pub(crate) fn user_named(
        &self,
        partition: &str,
        account: &str,
        name: &str,
    ) -> Option<&StoredUser> {
        let mut users = self.users.iter().filter(|user| !user.is_root());
        users.find(|user| {
            partition_of(&user.arn) == partition && user.account == account && user.name == name
        })
    }

    pub(crate) fn add_user(
        &mut self,
        partition: &str,
        account: &str,
        path: &str,
        name: &str,
    ) -> User {
        assert!(
            PARTITIONS.contains(&partition),
            "there is no partition {partition}"
        );
        assert!(
            self.user_named(partition, account, name).is_none(),
            "there is a user {name} already"
        );
        let arn = format!("arn:{partition}:iam::{account}:user{path}{name}");
        self.store_user(account, path, name, random::identifier("AIDA"), arn)
    }

    /// The root user of an account, made when first asked for.
    pub(crate) fn root(&mut self, account: &str) -> User {
        let arn = format!("arn:aws:iam::{account}:root");
        match (
            self.user(&arn),
            self.keys.iter().find(|key| key.user_arn == arn),
        ) {
            (Some(user), Some(key)) => user.with_key(key.as_given()),
            _ => self.store_user(account, "/", "root", account.to_owned(), arn),
        }
    }

    fn store_user(
        &mut self,
        account: &str,
        path: &str,
        name: &str,
        id: String,
        arn: String,
    ) -> User {
        let user = StoredUser {
            account: account.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
            id,
            arn,
            created: self.clock.now(),
            mfa_age_limit: None,
            denied: BTreeSet::new(),
        };
        let key = self.add_key(&user.arn);
        let given = user.with_key(key);
        self.users.push(user);
        given
    }

    pub(crate) fn add_key(&mut self, user_arn: &str) -> AccessKey {
        let key = StoredKey {
            id: random::identifier("AKIA"),
            secret: random::long_term_secret(),
            user_arn: user_arn.to_owned(),
            active: true,
            created: self.clock.now(),
        };
        let given = key.as_given();
        self.keys.push(key);
        given
    }

    pub(crate) fn set_key_status(&mut self, id: &str, active: bool) -> bool {
        let key = self.keys.iter_mut().find(|key| key.id == id);
        key.map(|key| key.active = active).is_some()
    }

    pub(crate) fn delete_key(&mut self, id: &str) -> bool {
        let before = self.keys.len();
        self.keys.retain(|key| key.id != id);
        self.keys.len() < before
    }

    pub(crate) fn add_virtual_device(&mut self, user_arn: &str, name: &str) -> Device {
        let serial = serial(user_arn, &format!("mfa/{name}"));
        self.add_code_device(user_arn, &serial)
    }

    /// Adds a device with a seed under this very serial: a hardware token.
    pub(crate) fn add_code_device(&mut self, user_arn: &str, serial: &str) -> Device {
        let seed = random::seed();
        self.store_device(user_arn, serial.to_owned(), Some(seed.clone()));
        Device {
            serial: serial.to_owned(),
            seed,
        }
    }

    pub(crate) fn add_fido_device(&mut self, user_arn: &str, name: &str) -> String {
        let id = random::identifier("");
        let serial = serial(user_arn, &format!("u2f/user/{name}-{id}"));
        self.store_device(user_arn, serial, None)
    }

    pub(crate) fn add_sms_device(&mut self, user_arn: &str, name: &str) -> String {
        let serial = serial(user_arn, &format!("sms-mfa/{name}"));
        self.store_device(user_arn, serial, None)
    }

    fn store_device(&mut self, user_arn: &str, serial: String, seed: Option<String>) -> String {
        assert!(
            self.device(&serial).is_none(),
            "there is a device {serial} already"
        );
        self.devices.push(StoredDevice {
            serial: serial.clone(),
            user_arn: user_arn.to_owned(),
            seed,
            enabled: self.clock.now(),
            last_step: None,
        });
        serial
    }

    pub(crate) fn device(&self, serial: &str) -> Option<&StoredDevice> {
        self.devices.iter().find(|device| device.serial == serial)
    }

    pub(crate) fn add_role(&mut self, role: Role) -> String {
        assert!(
            PARTITIONS.contains(&&*role.partition),
            "there is no partition {}",
            role.partition
        );
        let arn = format!(
            "arn:{}:iam::{}:role/{}",
            role.partition, role.account, role.name
        );
        self.roles.push(StoredRole {
            arn: arn.clone(),
            id: random::identifier("AROA"),
            role,
        });
        arn
    }

    /// Lets a user prove a device by its code, which is spent by that.
    pub(crate) fn verify_code(
        &mut self,
        user_arn: &str,
        serial: &str,
        code: &str,
    ) -> Result<(), ApiError> {
        let current = totp::step_at(self.clock.now());
        let device = self
            .devices
            .iter_mut()
            .find(|device| device.serial == serial && device.user_arn == user_arn);
        let Some((device, seed)) =
            device.and_then(|device| device.seed.clone().map(|seed| (device, seed)))
        else {
            return Err(ApiError::access_denied(
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify \
                 your MFA serial number is valid and associated with this user.",
            ));
        };
        // One step to either side, as RFC 6238 advises for clocks that are a little off.
        let accepted = (current.saturating_sub(1)..=current.saturating_add(1))
            .filter(|step| device.last_step.is_none_or(|last| *step > last))
            .find(|step| totp::code(&seed, *step) == code);
        match accepted {
            Some(step) => {
                device.last_step = Some(step);
                Ok(())
            }
            None => Err(ApiError::access_denied(
                "MultiFactorAuthentication failed with invalid MFA one time pass code.",
            )),
        }
    }

    /// A code that the device would be accepted with now, or how long to wait for one.
    pub(crate) fn fresh_code(&self, serial: &str) -> Option<Result<String, Duration>> {
        let device = self.device(serial)?;
        let seed = device.seed.as_deref()?;
        let now = self.clock.precise_now();
        let current = totp::step_at(now);
        let step = device
            .last_step
            .map_or(current, |last| current.max(last.saturating_add(1)));
        Some(if step <= current + 1 {
            Ok(totp::code(seed, step))
        } else {
            Err(totp::until(step - 1, now))
        })
    }

    /// Makes everything older, as if `duration` had passed, and leaves the clock alone.
    pub(crate) fn age(&mut self, duration: Duration) {
        let steps = totp::steps_in(duration);
        let duration = delta(duration);
        let earlier = |time: &mut DateTime<Utc>| {
            *time = time
                .checked_sub_signed(duration)
                .unwrap_or(DateTime::<Utc>::MIN_UTC);
        };
        for session in &mut self.sessions {
            earlier(&mut session.issued.expires);
            if let Owner::User {
                mfa_time: Some(time),
                ..
            } = &mut session.owner
            {
                earlier(time);
            }
        }
        for sign_in in &mut self.sign_ins {
            earlier(&mut sign_in.created);
            earlier(&mut sign_in.session_ends);
        }
        for device in &mut self.devices {
            earlier(&mut device.enabled);
            device.last_step = device.last_step.map(|step| step.saturating_sub(steps));
        }
        self.keys
            .iter_mut()
            .for_each(|key| earlier(&mut key.created));
        self.users
            .iter_mut()
            .for_each(|user| earlier(&mut user.created));
    }
}

impl StoredUser {
    fn with_key(&self, key: AccessKey) -> User {
        User {
            name: self.name.clone(),
            arn: self.arn.clone(),
            access_key_id: key.access_key_id,
            secret_access_key: key.secret_access_key,
        }
    }
}

impl StoredKey {
    fn as_given(&self) -> AccessKey {
        AccessKey {
            access_key_id: self.id.clone(),
            secret_access_key: self.secret.clone(),
        }
    }
}

/// The serial of a device in the account of a user: `mfa/NAME` and the like, as an ARN.
pub(crate) fn serial(user_arn: &str, device: &str) -> String {
    let (partition, account) = (partition_of(user_arn), account_of(user_arn));
    format!("arn:{partition}:iam::{account}:{device}")
}

/// The partition that a region belongs to, by the expressions of botocore's `partitions.json`.
pub(crate) fn partition_of_region(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// The partition in an ARN: `aws`, `aws-cn` or `aws-us-gov`.
pub(crate) fn partition_of(arn: &str) -> &str {
    arn.split(':').nth(1).unwrap_or_default()
}

/// The account's number in an ARN.
pub(crate) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
