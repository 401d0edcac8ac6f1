//! A user without a device, in a home whose profile has nothing but a long-term key.

use daypass_sandbox::{Device, User};

use super::{FIRST, SECOND, THIRD};
use crate::support::{Home, PassStandIn, Pty};

/// What the device of the new user is called.
pub const GRACE: &str = "arn:aws:iam::123456789012:mfa/grace";

/// The home of somebody who starts today.
pub struct Newcomer {
    pub home: Home,
    pub user: User,
}

impl Newcomer {
    /// The profile `work` is the new user's.
    pub fn new() -> Self {
        let newcomer = Newcomer::of_administrator();
        let user = &newcomer.user;
        newcomer.home.write_config(&newcomer.config());
        newcomer.home.write_credentials(&format!(
            "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
            user.access_key_id, user.secret_access_key
        ));
        newcomer
    }

    /// The profile `work` is that of a colleague who has a device.
    pub fn of_administrator() -> Self {
        let home = Home::new();
        let user = home.sandbox.add_user("grace");
        Newcomer { home, user }
    }

    /// The config file before.
    pub fn config(&self) -> String {
        "# mine\n[profile work]\nregion = eu-west-1\n".to_owned()
    }

    /// The new device, enabled or not.
    pub fn device(&self) -> Device {
        let record = self.home.sandbox.device(GRACE).expect("the device");
        record.device().expect("a seed")
    }

    /// Types two codes in a row.
    pub fn type_pair(&self, terminal: &mut Pty<'_>) -> Device {
        terminal.expect(FIRST);
        let device = self.device();
        self.type_pair_of(terminal, &device);
        device
    }

    /// The same for any device, once the question stands.
    pub fn type_pair_of(&self, terminal: &mut Pty<'_>, device: &Device) {
        let [first, second] = self.home.sandbox.consecutive_codes(device);
        terminal.send(&format!("{first}\r"));
        terminal.expect(SECOND);
        terminal.send(&format!("{second}\r"));
    }

    /// Types the code of the first login.
    pub fn type_third(&self, terminal: &mut Pty<'_>, device: &Device) {
        terminal.expect(THIRD);
        let code = self.home.sandbox.fresh_code(device);
        terminal.send(&format!("{code}\r"));
    }

    /// Nothing has come of it: no device, no seed, no change of a file.
    pub fn assert_untouched(&self) {
        assert_eq!(self.home.sandbox.device(GRACE), None);
        assert_eq!(self.home.config(), self.config());
    }
}

/// Makes the profile `work` that of this user, with `pass` as the keychain, and tells the config file.
pub fn with_pass(pass: &PassStandIn, user: &User) -> String {
    let config = "[profile work]\nregion = eu-west-1\ndaypass_keychain = pass\n".to_owned();
    pass.home.write_config(&config);
    pass.home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        user.access_key_id, user.secret_access_key
    ));
    config
}
