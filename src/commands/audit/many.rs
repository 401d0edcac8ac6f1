//! Asking AWS about many accounts: a role in each, assumed with the session of the profile.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::thread;

use super::{OfAccount, asking::Shown};
use crate::{
    arn::RoleArn,
    audit::{account::Inputs, error::AuditError, live},
    aws::{
        client::{Aws, ClientError, Signer},
        error::AwsError,
        organizations::Organizations,
        sts,
    },
    commands::{GlobalArgs, warn_if_unsaved},
    credentials::TemporaryCredentials,
    failure::{self, Failure},
    profile::{Files, LONGEST_ROLE_SESSION, Profile, Role},
    profile_credentials,
    session::{Request, Wants},
    terminal::{trace, with_causes},
};

/// How many accounts are asked at the same time. IAM counts the requests of each account by itself, STS those of the
/// one that assumes.
const AT_ONCE: usize = 6;

/// Which accounts are to be audited.
pub(super) enum Accounts {
    /// These.
    Listed(Vec<String>),
    /// All of the organization that are active.
    OfOrganization,
}

/// Reads the accounts, each as that role of its own; the profile's own account as the profile. Says besides which
/// accounts were left out.
pub(super) fn inputs(
    files: &mut Files,
    profile: &Profile,
    role_name: &str,
    accounts: Accounts,
    global: &GlobalArgs,
) -> Result<(Vec<OfAccount>, Vec<String>), Failure> {
    let request = Request::new(Wants::Best, !global.no_prompt);
    let obtained = profile_credentials::obtain(files, profile, &request, failure::tell)?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    // What is wrong with the network's set-up is wrong for all of them.
    let aws = connect(profile, &obtained.credentials).map_err(AuditError::from)?;
    // The serial of a hardware device does not tell the account.
    let own = obtained.account_id.map_or_else(
        || sts::get_caller_identity(&aws).map(|identity| identity.account_id),
        Ok,
    );
    let own = own.map_err(|source| AuditError::Nothing {
        profile: profile.session_profile.clone(),
        source,
    })?;
    let crew = Crew {
        profile,
        role_name,
        own: &own,
        credentials: &obtained.credentials,
    };
    let (accounts, notes) = match accounts {
        Accounts::Listed(accounts) => (accounts, Vec::new()),
        Accounts::OfOrganization => of_organization(&aws, profile)?,
    };
    Ok((crew.read_all(&accounts), notes))
}

/// The active accounts of the organization, and what is to be told of the others.
fn of_organization(aws: &Aws, profile: &Profile) -> Result<(Vec<String>, Vec<String>), AuditError> {
    let shown = Shown::default();
    shown.say("listing the accounts of the organization");
    let listed = Organizations::new(aws)?.accounts();
    drop(shown);
    let listed = listed.map_err(|source| AuditError::Organization {
        profile: profile.session_profile.clone(),
        source,
    })?;
    let (active, suspended): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|account| account.is_active);
    let notes = suspended.into_iter().map(|account| {
        let name = account.name;
        format!(
            "account {} '{name}' is not active and was left out",
            account.id
        )
    });
    let notes = notes.collect();
    Ok((
        active.into_iter().map(|account| account.id).collect(),
        notes,
    ))
}

fn connect(profile: &Profile, credentials: &TemporaryCredentials) -> Result<Aws, ClientError> {
    let signer = Signer::Session(credentials);
    let aws = Aws::new(signer, &profile.session_profile, &profile.region)?;
    Ok(aws.with_sts_endpoint(profile.sts_endpoint))
}

/// What all accounts are asked with.
struct Crew<'a> {
    profile: &'a Profile,
    role_name: &'a str,
    /// The account that the credentials are of.
    own: &'a str,
    credentials: &'a TemporaryCredentials,
}

impl Crew<'_> {
    /// Reads accounts, several at a time, in their order.
    fn read_all(&self, accounts: &[String]) -> Vec<OfAccount> {
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let read: Vec<Mutex<Option<OfAccount>>> =
            accounts.iter().map(|_| Mutex::new(None)).collect();
        let shown = Mutex::new(Shown::default());
        let say = |text: &str| {
            if let Ok(shown) = shown.lock() {
                shown.say(text);
            }
        };
        say(&format!("auditing {} accounts", accounts.len()));
        thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(accounts.len()) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(account) = accounts.get(index) else {
                            return;
                        };
                        let inputs = self.read(account);
                        if let Ok(mut place) = read[index].lock() {
                            *place = Some(inputs);
                        }
                        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                        say(&format!(
                            "auditing {} accounts: {done} done",
                            accounts.len()
                        ));
                    }
                });
            }
        });
        drop(shown);
        let read = read.into_iter().zip(accounts);
        read.map(|(place, account)| {
            let inputs = place.into_inner().ok().flatten();
            inputs.unwrap_or_else(|| Err((Some(account.clone()), "it was not read".to_owned())))
        })
        .collect()
    }

    fn read(&self, account: &str) -> OfAccount {
        let failed = |error: &dyn std::error::Error| (Some(account.to_owned()), with_causes(error));
        let aws = connect(self.profile, self.credentials).map_err(|error| failed(&error))?;
        if self.own == account {
            return self.read_as(&aws, account).map_err(|error| failed(&error));
        }
        let role = self.role(account).map_err(|error| failed(&error))?;
        trace(1, || format!("assuming {}", role.arn));
        let session =
            sts::assume_role(&aws, &role, role.duration).map_err(|error| failed(&error))?;
        let aws = connect(self.profile, &session).map_err(|error| failed(&error))?;
        self.read_as(&aws, account).map_err(|error| failed(&error))
    }

    fn read_as(&self, aws: &Aws, account: &str) -> Result<Inputs, AwsError> {
        live::read(aws, Some(account.to_owned()), &|text| {
            trace(1, || format!("{account}: {text}"));
        })
    }

    /// The role of an account, for an hour at most and not kept anywhere.
    fn role(&self, account: &str) -> Result<Role, crate::arn::NotARole> {
        let serial = self.profile.mfa_serial.as_ref();
        let of_role = self.profile.role().map(|role| role.arn.partition());
        let of_serial = serial.and_then(|serial| serial.as_str().split(':').nth(1));
        let partition = of_role.or(of_serial).unwrap_or("aws");
        let arn = format!("arn:{partition}:iam::{account}:role/{}", self.role_name);
        Ok(Role {
            profile: self.profile.name.clone(),
            arn: RoleArn::parse(&arn)?,
            session_name: "daypass-audit".to_owned(),
            duration: LONGEST_ROLE_SESSION,
            cut_from: None,
            external_id: None,
            tags: Vec::new(),
            transitive_tags: Vec::new(),
            source_identity: None,
            region: self.profile.region.clone(),
            sts_endpoint: self.profile.sts_endpoint,
            section: String::new(),
            digest: String::new(),
        })
    }
}
