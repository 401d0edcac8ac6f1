//! The handle's methods for users, their keys and devices, and what is denied to them.

use std::{thread, time::Duration};

use crate::{
    AccessKey, Delay, Device, RegisteredDevice, RegisteredKey, Sandbox, User,
    devices::{StoredDevice, serial},
    keys::{Status, StoredKey},
    model::{ACCOUNT, StoredUser},
    totp,
};

impl Sandbox {
    /// Adds a user to account 123456789012, with one active key and no device.
    pub fn add_user(&self, name: &str) -> User {
        self.add_user_in(ACCOUNT, "/", name)
    }

    /// Adds a user to account 123456789012 of this partition, `aws-cn` or `aws-us-gov`. Their
    /// requests are to be signed for a region of it.
    pub fn add_user_in_partition(&self, partition: &str, name: &str) -> User {
        self.shared.state().add_user(partition, ACCOUNT, "/", name)
    }

    /// Adds a user to this account under this path, which begins and ends with a slash.
    pub fn add_user_in(&self, account: &str, path: &str, name: &str) -> User {
        self.shared.state().add_user("aws", account, path, name)
    }

    /// The root user of account 123456789012, with a key.
    pub fn root(&self) -> User {
        self.shared.state().root(ACCOUNT)
    }

    /// Adds a key to a user. (IAM's limit of two is IAM's own to keep, not this method's.)
    pub fn add_key(&self, user: &User) -> AccessKey {
        self.shared.state().add_key(&user.arn)
    }

    /// Makes a long-term key active or inactive, at once.
    pub fn set_key_status(&self, access_key_id: &str, active: bool) {
        let status = if active {
            Status::Active
        } else {
            Status::Inactive
        };
        let known = self.shared.state().set_key_status(access_key_id, status);
        assert!(known, "there is no key {access_key_id}");
    }

    /// Deletes a long-term key, at once.
    pub fn delete_key(&self, access_key_id: &str) {
        let mut state = self.shared.state();
        let known = state.set_key_status(access_key_id, Status::Deleted);
        assert!(known, "there is no key {access_key_id}");
    }

    /// Sets how long a key is unknown (`InvalidClientTokenId`) that `CreateAccessKey` has created
    /// or `UpdateAccessKey` made active. There is no such delay to begin with.
    pub fn set_new_key_delay(&self, delay: Delay) {
        self.shared.state().new_key_delay = delay;
    }

    /// Sets how long a key works on that `UpdateAccessKey` has made inactive or `DeleteAccessKey`
    /// deleted. There is no such delay to begin with.
    pub fn set_old_key_delay(&self, delay: Delay) {
        self.shared.state().old_key_delay = delay;
    }

    /// Lets a session end with the key that it was made with, or with which the session was made that it was made
    /// with: at once when that is deactivated or deleted. AWS is not known to do so; others are.
    pub fn end_sessions_with_keys(&self) {
        self.shared.state().sessions_end_with_keys = true;
    }

    /// Puts new virtual devices that ask for no path under this one, `/team/`, so that their serials are not what
    /// their names let expect.
    pub fn set_device_path(&self, path: &str) {
        self.shared.state().device_path = Some(path.to_owned());
    }

    /// The keys of a user, oldest first, without those that were deleted.
    pub fn keys_of(&self, user: &User) -> Vec<RegisteredKey> {
        let state = self.shared.state();
        let keys = state.keys_of(&user.arn);
        keys.map(StoredKey::as_registered).collect()
    }

    /// The key of this id, unless it was deleted.
    pub fn key(&self, access_key_id: &str) -> Option<RegisteredKey> {
        let state = self.shared.state();
        state.key(access_key_id).map(StoredKey::as_registered)
    }

    /// Gives a user a virtual device, `arn:PARTITION:iam::ACCOUNT:mfa/NAME`.
    pub fn add_virtual_device(&self, user: &User, name: &str) -> Device {
        self.shared.state().add_virtual_device(&user.arn, name)
    }

    /// Adds a virtual device that is nobody's, as an abandoned enrolment leaves one, to the
    /// account of this user.
    pub fn add_unassigned_virtual_device(&self, near: &User, name: &str) -> Device {
        let serial = serial(&near.arn, &format!("mfa/{name}"));
        self.shared.state().add_code_device(None, &serial)
    }

    /// Adds a hardware token that is still nobody's.
    pub fn add_unassigned_hardware_device(&self, serial: &str) -> Device {
        self.shared.state().add_code_device(None, serial)
    }

    /// Gives a user a hardware token with this number, such as `GAHT12345678`.
    pub fn add_hardware_device(&self, user: &User, serial: &str) -> Device {
        self.shared.state().add_code_device(Some(&user.arn), serial)
    }

    /// Gives a user a FIDO key, which gives no codes, and returns its serial.
    pub fn add_fido_device(&self, user: &User, name: &str) -> String {
        self.shared.state().add_fido_device(&user.arn, name)
    }

    /// Gives a user codes by SMS, which STS does not take, and returns the serial.
    pub fn add_sms_device(&self, user: &User, name: &str) -> String {
        self.shared.state().add_sms_device(&user.arn, name)
    }

    /// All devices that IAM has on record, oldest first, those of nobody included.
    pub fn devices(&self) -> Vec<RegisteredDevice> {
        let state = self.shared.state();
        let devices = state.devices.iter();
        devices.map(StoredDevice::as_registered).collect()
    }

    /// The device of this serial, if IAM has it on record.
    pub fn device(&self, serial: &str) -> Option<RegisteredDevice> {
        let state = self.shared.state();
        state.device(serial).map(StoredDevice::as_registered)
    }

    /// The devices that are enabled for a user, of every kind.
    pub fn devices_of(&self, user: &User) -> Vec<RegisteredDevice> {
        let state = self.shared.state();
        let devices = state.devices_of(&user.arn);
        devices.map(StoredDevice::as_registered).collect()
    }

    /// The code that the device shows now, by the sandbox's clock, spent or not.
    pub fn code(&self, device: &Device) -> String {
        let code = totp::code(&device.seed, totp::step_at(self.now()));
        self.shared.state().codes.insert(code.clone());
        code
    }

    /// The code that the device shows this many steps of 30 seconds from now, or before now.
    pub fn code_at(&self, device: &Device, steps: i64) -> String {
        let step = totp::step_at(self.now()).saturating_add_signed(steps);
        let code = totp::code(&device.seed, step);
        self.shared.state().codes.insert(code.clone());
        code
    }

    /// The two codes that `EnableMFADevice` and `ResyncMFADevice` would take now.
    ///
    /// They are the current one and the next; if the current one is spent, it sleeps until there
    /// are others, for up to a minute.
    pub fn consecutive_codes(&self, device: &Device) -> [String; 2] {
        loop {
            let codes = self.shared.state().consecutive_codes(&device.serial);
            match codes.expect("the device is one of this sandbox") {
                Ok(codes) => {
                    self.shared.state().codes.extend(codes.clone());
                    return codes;
                }
                Err(wait) => thread::sleep(wait),
            }
        }
    }

    /// Every code that [`Sandbox::code`] and its kin have handed out.
    pub fn codes(&self) -> Vec<String> {
        self.shared.state().codes.iter().cloned().collect()
    }

    /// A code that the device would be accepted with now.
    ///
    /// That is the current one, or the next if that is spent; if both are, it sleeps until
    /// there is another, for up to 30 seconds.
    pub fn fresh_code(&self, device: &Device) -> String {
        loop {
            let code = self.shared.state().fresh_code(&device.serial);
            match code.expect("the device is one of this sandbox") {
                Ok(code) => {
                    self.shared.state().codes.insert(code.clone());
                    return code;
                }
                Err(wait) => thread::sleep(wait),
            }
        }
    }

    /// Denies a user everything past this MFA age and without MFA, as the company's policy does;
    /// `None` is no such rule, which is how users begin.
    pub fn set_mfa_age_limit(&self, user: &User, limit: Option<Duration>) {
        self.change_user(user, |user| user.mfa_age_limit = limit);
    }

    /// Denies a user one action, such as `iam:ListMFADevices`.
    pub fn deny(&self, user: &User, action: &str) {
        self.change_user(user, |user| {
            user.denied.insert(action.to_owned());
        });
    }

    fn change_user(&self, user: &User, change: impl FnOnce(&mut StoredUser)) {
        let mut state = self.shared.state();
        change(
            state
                .user_mut(&user.arn)
                .expect("the user is one of this sandbox"),
        );
    }
}
