//! What a policy that enforces MFA would do to each member of a group: decided from what AWS told, and from nothing
//! else.

use crate::{devices::MfaDevice, policy::templates::Kind, rotation::survey::LastUse};

/// A member of the group, as far as AWS told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name of the user.
    pub name: String,
    /// The ARN of the user.
    pub arn: String,
    /// The MFA devices; none if AWS did not tell.
    pub devices: Option<Vec<MfaDevice>>,
    /// Whether there is a password for the console; none if AWS did not tell.
    pub has_password: Option<bool>,
    /// The active access keys; none if AWS did not tell.
    pub keys: Option<Vec<ActiveKey>>,
    /// The names of the roles that trust the user by name and ask for no MFA.
    pub trusted_by: Vec<String>,
}

/// An access key that is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveKey {
    /// `AKIA…`
    pub access_key_id: String,
    /// When it was used last.
    pub last_use: LastUse,
}

/// What becomes of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Afterwards {
    /// Logs in with a code, and works on.
    WorksOn,
    /// Works on with codes; but there is a key in use and no password, so that it may be a program that has no codes.
    PerhapsAMachine(ActiveKey),
    /// Works on in the console, with a security key.
    ConsoleOnly,
    /// Has no device, and can enrol one by what the policy leaves open.
    HasToEnrol,
    /// Can do nothing today either: there is no password and no active key.
    CannotSignIn,
    /// Is locked out.
    LockedOut(Reason),
}

/// Why a member would be locked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is no device, and nobody without one can enrol one.
    NoDevice,
    /// A key in use and no password: a program, which has no codes.
    Machine(ActiveKey),
    /// A key in use, and no device but such as give no codes for the command line.
    NoCodes(ActiveKey),
    /// AWS did not tell enough to know.
    NotTold(&'static str),
}

impl Member {
    /// What becomes of the member under a policy of this kind.
    pub fn afterwards(&self, kind: Kind) -> Afterwards {
        let Some(devices) = &self.devices else {
            return Afterwards::LockedOut(Reason::NotTold("iam:ListMFADevices"));
        };
        let Some(keys) = &self.keys else {
            return Afterwards::LockedOut(Reason::NotTold("iam:ListAccessKeys"));
        };
        let in_use = keys.iter().find(|key| key.last_use != LastUse::Never);
        let machine = in_use.filter(|_| self.has_password == Some(false));
        if devices.iter().any(MfaDevice::gives_codes) {
            return match machine {
                Some(key) => Afterwards::PerhapsAMachine(key.clone()),
                None => Afterwards::WorksOn,
            };
        }
        if let Some(key) = machine {
            return Afterwards::LockedOut(Reason::Machine(key.clone()));
        }
        if self.has_password == Some(false) && keys.is_empty() {
            return Afterwards::CannotSignIn;
        }
        match (devices.is_empty(), in_use, kind) {
            (false, Some(key), _) => Afterwards::LockedOut(Reason::NoCodes(key.clone())),
            (false, None, _) => Afterwards::ConsoleOnly,
            (true, _, Kind::Strict) => Afterwards::LockedOut(Reason::NoDevice),
            (true, Some(_), Kind::SelfService) if self.has_password.is_none() => {
                Afterwards::LockedOut(Reason::NotTold("iam:GetLoginProfile"))
            }
            (true, _, Kind::SelfService) => Afterwards::HasToEnrol,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;

    const APP: &str = "arn:aws:iam::123456789012:mfa/ada";
    const FIDO: &str = "arn:aws:iam::123456789012:u2f/user/ada/key-A";
    const SMS: &str = "arn:aws:iam::123456789012:sms-mfa/ada";

    fn key(last_use: LastUse) -> ActiveKey {
        ActiveKey {
            access_key_id: "AKIAOURS".into(),
            last_use,
        }
    }

    fn used() -> ActiveKey {
        key(LastUse::At(
            time::parse_timestamp("2026-11-20T00:00:00Z").unwrap(),
        ))
    }

    fn afterwards(
        devices: &[&str],
        has_password: Option<bool>,
        keys: &[ActiveKey],
        kind: Kind,
    ) -> Afterwards {
        let devices = devices.iter().map(|serial| MfaDevice::new(serial, None));
        let member = Member {
            name: "ada".into(),
            arn: "arn:aws:iam::123456789012:user/ada".into(),
            devices: Some(devices.collect()),
            has_password,
            keys: Some(keys.to_vec()),
            trusted_by: Vec::new(),
        };
        member.afterwards(kind)
    }

    #[test]
    fn what_becomes_of_a_member_follows_from_devices_password_keys_and_kind() {
        use Afterwards::{
            CannotSignIn, ConsoleOnly, HasToEnrol, LockedOut, PerhapsAMachine, WorksOn,
        };
        let (yes, no) = (Some(true), Some(false));
        let never = || key(LastUse::Never);
        let unknown = || key(LastUse::Unknown);
        let machine = |key| LockedOut(Reason::Machine(key));
        let no_codes = |key| LockedOut(Reason::NoCodes(key));
        // Devices, password, keys; under the strict policy, under the self-service one.
        let cases: Vec<(
            &[&str],
            Option<bool>,
            Vec<ActiveKey>,
            Afterwards,
            Afterwards,
        )> = vec![
            (&[APP], yes, vec![used()], WorksOn, WorksOn),
            (&["GAHT12345678"], yes, vec![], WorksOn, WorksOn),
            (&[APP, FIDO], None, vec![used()], WorksOn, WorksOn),
            (&[APP], no, vec![never()], WorksOn, WorksOn),
            (
                &[APP],
                no,
                vec![used()],
                PerhapsAMachine(used()),
                PerhapsAMachine(used()),
            ),
            (
                &[],
                no,
                vec![never(), used()],
                machine(used()),
                machine(used()),
            ),
            (
                &[],
                no,
                vec![unknown()],
                machine(unknown()),
                machine(unknown()),
            ),
            (&[FIDO], no, vec![used()], machine(used()), machine(used())),
            (
                &[FIDO],
                yes,
                vec![used()],
                no_codes(used()),
                no_codes(used()),
            ),
            (
                &[SMS],
                yes,
                vec![used()],
                no_codes(used()),
                no_codes(used()),
            ),
            (
                &[FIDO],
                None,
                vec![used()],
                no_codes(used()),
                no_codes(used()),
            ),
            (&[FIDO], yes, vec![never()], ConsoleOnly, ConsoleOnly),
            (&[FIDO], yes, vec![], ConsoleOnly, ConsoleOnly),
            (&[], yes, vec![], LockedOut(Reason::NoDevice), HasToEnrol),
            (
                &[],
                yes,
                vec![used()],
                LockedOut(Reason::NoDevice),
                HasToEnrol,
            ),
            (
                &[],
                no,
                vec![never()],
                LockedOut(Reason::NoDevice),
                HasToEnrol,
            ),
            (&[], None, vec![], LockedOut(Reason::NoDevice), HasToEnrol),
            (
                &[],
                None,
                vec![used()],
                LockedOut(Reason::NoDevice),
                LockedOut(Reason::NotTold("iam:GetLoginProfile")),
            ),
            (&[], no, vec![], CannotSignIn, CannotSignIn),
            (&[FIDO], no, vec![], CannotSignIn, CannotSignIn),
        ];
        for (devices, password, keys, strict, self_service) in cases {
            for (kind, expected) in [(Kind::Strict, strict), (Kind::SelfService, self_service)] {
                assert_eq!(
                    afterwards(devices, password, &keys, kind),
                    expected,
                    "{devices:?}, {password:?}, {keys:?}, {kind:?}"
                );
            }
        }
    }

    #[test]
    fn what_aws_does_not_tell_counts_as_locked_out() {
        let member = |devices, keys| Member {
            name: "ada".into(),
            arn: "arn:aws:iam::123456789012:user/ada".into(),
            devices,
            has_password: Some(true),
            keys,
            trusted_by: Vec::new(),
        };
        for (member, action) in [
            (member(None, Some(Vec::new())), "iam:ListMFADevices"),
            (member(Some(Vec::new()), None), "iam:ListAccessKeys"),
        ] {
            let expected = Afterwards::LockedOut(Reason::NotTold(action));
            assert_eq!(member.afterwards(Kind::SelfService), expected);
        }
    }
}
