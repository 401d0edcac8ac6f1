//! The people whose sessions the program writes.

use daypass_sandbox::{Device, Sandbox, User};

/// Users of the sandbox with a device and a profile each.
pub struct Crew {
    pub people: Vec<(String, User, Device)>,
}

impl Crew {
    pub fn new(sandbox: &Sandbox, size: usize) -> Crew {
        let person = |number| {
            let name = format!("p{number}");
            let user = sandbox.add_user(&name);
            let device = sandbox.add_virtual_device(&user, &name);
            (name, user, device)
        };
        Crew {
            people: (0..size).map(person).collect(),
        }
    }

    /// Their long-term keys, a section each.
    pub fn keys(&self) -> Vec<String> {
        let key = |(name, user, _): &(String, User, Device)| {
            format!(
                "[{name}-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                user.access_key_id, user.secret_access_key
            )
        };
        self.people.iter().map(key).collect()
    }

    /// The names of their session sections.
    pub fn sessions(&self) -> Vec<String> {
        let names = self.people.iter();
        names.map(|(name, _, _)| format!("{name}-mfa")).collect()
    }

    /// Their profiles; the code of each is in a file in the home.
    pub fn config(&self) -> String {
        let profile = |(name, _, device): &(String, User, Device)| {
            format!(
                "[profile {name}]\nregion = eu-west-1\nmfa_serial = {}\nmfa_process = cat code-{name}\n",
                device.serial
            )
        };
        self.people.iter().map(profile).collect()
    }
}
