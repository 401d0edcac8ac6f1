//! A strict local AWS on loopback, for daypass's tests and demo.
//!
//! The sandbox speaks the query protocol of STS and IAM over plain HTTP, so that every AWS SDK
//! takes it for AWS once its endpoint is set. It is as strict as AWS is: it verifies Signature
//! Version 4 in full, takes each one-time code (RFC 6238) once only, ends sessions, refuses in
//! AWS's own codes and words; and it can play the company whose policy denies every call without
//! MFA, or with MFA older than eight hours. Beside the API it has the federation endpoint of the
//! console, [`Sandbox::federation_url`].
//!
//! Three things that AWS does not offer make it fit for tests:
//!
//! - **Time moves.** [`Sandbox::advance`] and [`Sandbox::set_clock_offset`] move its clock, and
//!   with it the codes, the expiries and the `Date` of its answers. [`Sandbox::age`] leaves the
//!   clock and makes everything in it older instead, for clients whose clock cannot be moved.
//! - **It misbehaves.** [`Sandbox::misbehave`] plans a [`Fault`] for the next calls of an action.
//! - **It tells.** [`Sandbox::calls`], [`Sandbox::connections`] and [`Sandbox::log`] say what was
//!   asked, by whom, and how it ended; [`Sandbox::sessions`] and [`Sandbox::sign_ins`] what was
//!   given out, and what it was made of.
//!
//! ```
//! use daypass_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start();
//! let ada = sandbox.add_user("ada");
//! let device = sandbox.add_virtual_device(&ada, "ada");
//! // Point an SDK to it with `sandbox.environment()`, sign with `ada.access_key_id` and
//! // `ada.secret_access_key`, and call GetSessionToken with the code:
//! assert_eq!(sandbox.code(&device).len(), 6);
//! assert_eq!(sandbox.calls("GetSessionToken"), 0);
//! ```
//!
//! Programs outside the process do all this through [`Sandbox::serve_control`].

#![forbid(unsafe_code)]

mod account;
mod actions;
mod aws_managed;
mod caller;
mod clock;
mod constraints;
mod control;
mod credential_report;
mod devices;
mod document;
mod error;
mod faults;
mod federation;
mod groups;
mod identities;
mod keys;
mod model;
mod organizations;
mod permissions;
pub mod planted;
mod policies;
mod query;
mod random;
mod reply;
mod rules;
mod sandbox;
mod server;
mod service;
mod sessions;
mod signature;
mod totp;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use faults::{Fault, Times};
pub use sandbox::Sandbox;
pub use sessions::{IssuedSession, SignIn};

/// A user of an account, with the first key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's name; `root` for the root user.
    pub name: String,
    /// The user's ARN.
    pub arn: String,
    /// The id of the user's first key, `AKIA…`.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

/// A long-term key of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// The key's id, `AKIA…`.
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
}

/// A long-term key as IAM has it on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredKey {
    /// The key.
    pub key: AccessKey,
    /// The user whose it is.
    pub user_arn: String,
    /// Whether its status is `Active`, and not `Inactive`.
    pub is_active: bool,
    /// Whether the services take it; they learn of a change after a [`Delay`].
    pub works: bool,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// What it was last used for.
    pub last_use: Option<LastUse>,
}

/// What a key was last used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When that was.
    pub time: DateTime<Utc>,
    /// The service, `iam` or `sts`.
    pub service: String,
    /// The region that the request was signed for.
    pub region: String,
}

/// How long the services take to learn what has become of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// Until it has signed this many requests.
    Calls(usize),
    /// Until this time has passed on the sandbox's clock.
    Time(Duration),
}

impl Default for Delay {
    /// None at all.
    fn default() -> Delay {
        Delay::Calls(0)
    }
}

/// An MFA device that gives codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The ARN of a virtual device, the number of a hardware one.
    pub serial: String,
    /// The seed of its codes, in base32.
    pub seed: String,
}

/// An MFA device as IAM has it on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredDevice {
    /// The ARN of a virtual device, of a FIDO key or of a telephone, the number of a hardware token.
    pub serial: String,
    /// The seed of its codes, in base32, if it gives any.
    pub seed: Option<String>,
    /// The user that it is enabled for, if it is.
    pub user_arn: Option<String>,
    /// Since when it is.
    pub enabled: Option<DateTime<Utc>>,
    /// Whether IAM takes its clock to be right. If not, its codes are refused until
    /// `ResyncMFADevice`.
    pub is_in_sync: bool,
    /// Its tags.
    pub tags: Vec<(String, String)>,
}

impl RegisteredDevice {
    /// The device, to have its codes; `None` if it gives none.
    pub fn device(&self) -> Option<Device> {
        Some(Device {
            serial: self.serial.clone(),
            seed: self.seed.clone()?,
        })
    }
}

/// A user's password for the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// When the login profile was made.
    pub created: DateTime<Utc>,
    /// When the password was last changed.
    pub changed: DateTime<Utc>,
    /// When somebody last signed in with it.
    pub last_used: Option<DateTime<Utc>>,
}

/// A device of the root user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootDevice {
    /// An app: `arn:aws:iam::ACCOUNT:mfa/root-account-mfa-device`.
    Virtual,
    /// A token that shows codes.
    Hardware,
    /// A FIDO key or a passkey.
    Fido,
}

/// A group as IAM has it on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredGroup {
    /// The group's ARN.
    pub arn: String,
    /// The ARNs of its members, in the order in which they joined.
    pub members: Vec<String>,
    /// The ARNs of the policies that are attached, in the order in which they were.
    pub attached: Vec<String>,
    /// The names and texts of its inline policies.
    pub inline: Vec<(String, String)>,
}

/// A managed policy as IAM has it on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredPolicy {
    /// The policy's ARN.
    pub arn: String,
    /// The id of the version that is in force, such as `v2`.
    pub default_version: String,
    /// The ids and texts of its versions, oldest first.
    pub versions: Vec<(String, String)>,
    /// The ARNs of those that it is attached to.
    pub attached_to: Vec<String>,
}

impl RegisteredPolicy {
    /// The text that is in force.
    pub fn document(&self) -> &str {
        let mut versions = self.versions.iter();
        let in_force = versions.find(|(id, _)| *id == self.default_version);
        in_force.map_or("", |(_, document)| document)
    }
}

/// An account of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationAccount {
    /// The account's number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether its status is `ACTIVE`, and not `SUSPENDED`.
    pub is_active: bool,
}

/// A role, and whom it trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The role's name.
    pub name: String,
    /// The partition that it is in: `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// The account that it is in.
    pub account: String,
    /// ARNs of users and roles, and `arn:aws:iam::ACCOUNT:root` for all of an account.
    pub trusted: Vec<String>,
    /// The longest session that it gives.
    pub max_session_duration: Duration,
    /// Whether only callers with MFA may assume it.
    pub require_mfa: bool,
    /// The external id that callers must know, if there is one.
    pub external_id: Option<String>,
    /// Whether its trust policy allows `sts:TagSession`, which sessions with tags need, be they
    /// inherited or new.
    pub allows_tags: bool,
    /// Whether its trust policy allows `sts:SetSourceIdentity`, which sessions with a source
    /// identity need, be it inherited or new.
    pub allows_source_identity: bool,
}

impl Default for Role {
    /// A role `Admin` of account 123456789012 that trusts its account, for an hour, and takes tags
    /// and source identities.
    fn default() -> Role {
        Role {
            name: "Admin".to_owned(),
            partition: "aws".to_owned(),
            account: model::ACCOUNT.to_owned(),
            trusted: vec![format!("arn:aws:iam::{}:root", model::ACCOUNT)],
            max_session_duration: Duration::from_secs(3_600),
            require_mfa: false,
            external_id: None,
            allows_tags: true,
            allows_source_identity: true,
        }
    }
}

/// A request as the log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The action that it named, `getSigninToken` and `login` of the federation endpoint included;
    /// empty if it named none.
    pub action: String,
    /// The id of the key that it was signed with, right or wrong, or of the credentials that it
    /// handed the federation endpoint; empty if there was none.
    pub access_key_id: String,
    /// The region that it was signed for; empty if it was not signed.
    pub region: String,
    /// The host that it asked for, with the port.
    pub host: String,
    /// `ok`, AWS's error code, or `dropped` or `garbage` where a fault took the answer's place.
    pub outcome: String,
}
