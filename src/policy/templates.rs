//! The policies that daypass writes itself; its own evaluator proves each in the tests.

use std::time::Duration;

use crate::{
    policy::document::{Condition, Document, Effect, Patterns, Statement, Version},
    time,
};

mod left_open;
#[cfg(test)]
mod tests;

pub use left_open::left_open;

/// Which policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Kind {
    /// Nothing at all without MFA: an administrator enrols the devices.
    Strict,
    /// Without MFA nobody can do anything but enrol a first device of their own.
    SelfService,
}

/// A statement, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The statement.
    pub statement: Statement,
    /// Why, in a sentence or two.
    pub why: String,
}

/// Writes the policy that denies everything without MFA, or with MFA that is older than `max_age`.
///
/// `partition` is `aws`, `aws-cn` or `aws-us-gov`.
pub fn enforcing(kind: Kind, max_age: Duration, partition: &str) -> Document {
    let explained = explained(kind, max_age, partition);
    Document {
        version: Version::V2012,
        statements: explained.into_iter().map(|one| one.statement).collect(),
    }
}

/// The statements of [`enforcing`], each with its reason.
pub fn explained(kind: Kind, max_age: Duration, partition: &str) -> Vec<Explained> {
    match kind {
        Kind::Strict => vec![without_mfa(), with_old_mfa(max_age)],
        Kind::SelfService => self_service(max_age, partition),
    }
}

/// What everybody needs to get a session with MFA. AWS asks for no permission for it; that a Deny cannot forbid
/// it either is left to nobody's memory.
const LOGIN: &str = "sts:GetSessionToken";

/// To see one's own devices, as the console and `daypass devices` do.
const SEE_ONESELF: [&str; 3] = ["iam:GetMFADevice", "iam:GetUser", "iam:ListMFADevices"];

/// The console lists the devices before it makes one, and shows what a password has to be like.
const SEE: [&str; 2] = ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"];

/// A first password often has to be changed before anything else can be done.
const CHANGE_PASSWORD: &str = "iam:ChangePassword";

const CREATE: &str = "iam:CreateVirtualMFADevice";

/// To put a device into use; codes of it have to be sent along.
const ENABLE: [&str; 2] = ["iam:EnableMFADevice", "iam:ResyncMFADevice"];

fn without_mfa() -> Explained {
    Explained {
        statement: deny(
            "DenyAllWithoutMFA",
            Patterns::NoneOf(texts([LOGIN])),
            everything(),
            vec![no_mfa()],
        ),
        why: "Without MFA there is no age of it: with an access key, in a session that was made without a code, after \
              a sign-in with the password alone. What is left is asking for a session with MFA."
            .to_owned(),
    }
}

fn with_old_mfa(max_age: Duration) -> Explained {
    Explained {
        statement: deny(
            "DenyAllWithOldMFA",
            everything(),
            everything(),
            vec![condition(
                "NumericGreaterThan",
                "aws:MultiFactorAuthAge",
                &[&max_age.as_secs().to_string()],
            )],
        ),
        why: format!(
            "MFA counts for {}. The age is in seconds.",
            time::render_duration(max_age)
        ),
    }
}

/// The names of a user's own things.
struct Own {
    /// The user, with and without a path.
    user: [String; 2],
    /// The device that bears the user's name.
    first: String,
    /// Those that begin with it: `ada-2`, `ada-tablet`.
    further: String,
}

impl Own {
    fn of(partition: &str) -> Self {
        let iam = format!("arn:{partition}:iam::*");
        Own {
            user: [
                format!("{iam}:user/${{aws:username}}"),
                format!("{iam}:user/*/${{aws:username}}"),
            ],
            first: format!("{iam}:mfa/${{aws:username}}"),
            further: format!("{iam}:mfa/${{aws:username}}-*"),
        }
    }
}

fn self_service(max_age: Duration, partition: &str) -> Vec<Explained> {
    let own = Own::of(partition);
    let mut all = permissions(&own, max_age);
    all.extend(prohibitions(&own));
    all.push(with_old_mfa(max_age));
    all
}

/// What a newcomer needs, and what looking after one's devices takes later.
fn permissions(own: &Own, max_age: Duration) -> Vec<Explained> {
    let mut on_oneself: Vec<&str> = SEE_ONESELF.into();
    on_oneself.extend(ENABLE);
    let recent_mfa = || {
        vec![condition(
            "NumericLessThanEquals",
            "aws:MultiFactorAuthAge",
            &[&max_age.as_secs().to_string()],
        )]
    };
    vec![
        Explained {
            statement: allow("AllowSeeingDevices", &SEE, &["*"], Vec::new()),
            why: "The console lists the virtual devices before it makes one.".to_owned(),
        },
        Explained {
            statement: allow(
                "AllowChangingOwnPassword",
                &[CHANGE_PASSWORD],
                &[&own.user[0], &own.user[1]],
                Vec::new(),
            ),
            why: "A first password often has to be changed before anything else; it takes the old one."
                .to_owned(),
        },
        Explained {
            statement: allow(
                "AllowMakingTheFirstDevice",
                &[CREATE],
                &[&own.first],
                Vec::new(),
            ),
            why: "The first device has the user's name and no other, so that nobody can make one for a user who \
                  has it already."
                .to_owned(),
        },
        Explained {
            statement: allow(
                "AllowEnablingOwnDevices",
                &on_oneself,
                &[&own.user[0], &own.user[1]],
                Vec::new(),
            ),
            why: "Two codes of the device put it into use.".to_owned(),
        },
        Explained {
            statement: allow(
                "AllowFurtherDevicesWithMFA",
                &[CREATE, "iam:DeleteVirtualMFADevice"],
                &[&own.first, &own.further],
                recent_mfa(),
            ),
            why: "A second device, such as ada-2, is a backup of the first; making it takes the first.".to_owned(),
        },
        Explained {
            statement: allow(
                "AllowTakingDevicesAwayWithMFA",
                &["iam:DeactivateMFADevice"],
                &[&own.user[0], &own.user[1]],
                recent_mfa(),
            ),
            why: "A device goes only with a code, or a stolen key could take it away.".to_owned(),
        },
    ]
}

/// What no other policy of the user can give back without MFA.
fn prohibitions(own: &Own) -> Vec<Explained> {
    let mut of_enrolment = vec![CREATE];
    of_enrolment.extend(ENABLE);
    of_enrolment.extend(SEE_ONESELF);
    of_enrolment.push(CHANGE_PASSWORD);
    let mut left = of_enrolment.clone();
    left.extend(SEE);
    left.push(LOGIN);
    vec![
        Explained {
            statement: deny(
                "DenyAllButEnrolmentWithoutMFA",
                Patterns::NoneOf(texts(left)),
                everything(),
                vec![no_mfa()],
            ),
            why: "Without MFA there is no age of it: with an access key, in a session that was made without a code, \
                  after a sign-in with the password alone."
                .to_owned(),
        },
        Explained {
            statement: deny(
                "DenyEnrolmentOfOthersWithoutMFA",
                Patterns::Any(texts(of_enrolment)),
                Patterns::NoneOf(vec![
                    own.first.clone(),
                    own.user[0].clone(),
                    own.user[1].clone(),
                ]),
                vec![no_mfa()],
            ),
            why: "Nor does another policy help to a device of another name, or to one for somebody else."
                .to_owned(),
        },
        Explained {
            statement: deny(
                "DenyPasskeyAsFirstDevice",
                Patterns::Any(texts(["iam:EnableMFADevice"])),
                everything(),
                vec![
                    no_mfa(),
                    condition(
                        "StringEquals",
                        "iam:RegisterSecurityKey",
                        &["Create", "Activate"],
                    ),
                ],
            ),
            why: "Passkeys and security keys give no codes for the command line, and would leave the name of the \
                  first device free. As further devices they are welcome."
                .to_owned(),
        },
    ]
}

/// No caller without MFA has an age of it, a long-term key included.
fn no_mfa() -> Condition {
    condition("Null", "aws:MultiFactorAuthAge", &["true"])
}

fn condition(operator: &str, key: &str, values: &[&str]) -> Condition {
    Condition {
        operator: operator.to_owned(),
        key: key.to_owned(),
        values: texts(values.iter().copied()),
    }
}

fn everything() -> Patterns {
    Patterns::Any(texts(["*"]))
}

fn allow(sid: &str, actions: &[&str], resources: &[&str], conditions: Vec<Condition>) -> Statement {
    Statement {
        sid: Some(sid.to_owned()),
        effect: Effect::Allow,
        actions: Patterns::Any(texts(actions.iter().copied())),
        resources: Patterns::Any(texts(resources.iter().copied())),
        conditions,
    }
}

fn deny(
    sid: &str,
    actions: Patterns,
    resources: Patterns,
    conditions: Vec<Condition>,
) -> Statement {
    Statement {
        sid: Some(sid.to_owned()),
        effect: Effect::Deny,
        actions,
        resources,
        conditions,
    }
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
