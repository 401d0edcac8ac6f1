//! What others were asked: AWS, the keychain, the `credential_process`. Nobody is bothered by it.

use std::collections::BTreeMap;

use super::{
    Subject, Survey,
    age_limit::{self, Limit},
    credential_process::{self, Line},
    process_run::{self, Run},
};
use crate::{
    aws::{
        client::{Aws, ClientError, Signer},
        error::AwsError,
        iam::{
            access_keys::{self, ListedKey},
            mfa_devices::{self, AssignedDevice},
        },
        sts::{self, Identity},
    },
    cached_session::{self, Lookup},
    credentials::{Freshness, LongTermKey, Session},
    keychain::{Item, Keychain, KeychainError, Questions},
    long_term_key::{self, KeyError},
    profile::{Files, KeySource, Profile},
    terminal::{Progress, trace},
};
use chrono::TimeDelta;

/// Who may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody.
    All,
    /// Nobody on the network.
    Offline,
}

/// Why AWS did not tell.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It could not even be asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It did not answer, or refused.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// What others said.
#[derive(Default)]
pub struct Inquiry {
    /// Whether AWS was not to be asked.
    pub is_offline: bool,
    /// Of each place where AWS is asked: by how much the clock is ahead of AWS's.
    pub(super) places: BTreeMap<Door, Result<Option<TimeDelta>, AskError>>,
    /// Of each long-term key.
    pub(super) keys: BTreeMap<String, OfKey>,
    /// Of each profile that keeps something in a keychain: the first thing that is wrong there.
    pub(super) keychains: BTreeMap<String, Vec<Kept>>,
    /// How the `credential_process` of a profile ended.
    pub(super) runs: BTreeMap<String, Run>,
    /// By profile, what policies do at which MFA age.
    pub(super) age_limits: BTreeMap<String, Result<Limit, AskError>>,
}

/// Where AWS STS is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Door {
    /// The region.
    pub(super) region: String,
    /// The profile, if it names an address of its own.
    pub(super) profile: Option<String>,
}

impl Door {
    /// The one of a profile.
    pub(super) fn of(files: &Files, profile: &Profile) -> Self {
        let name = &profile.session_profile;
        let has_own = ["endpoint_url", "services", "sts_regional_endpoints"]
            .iter()
            .any(|key| !matches!(files.config.value(name, key), Ok(None)));
        Door {
            region: profile.region.clone(),
            profile: has_own.then(|| name.clone()),
        }
    }
}

/// What was said of a long-term key.
#[derive(Default)]
pub(super) struct OfKey {
    /// Why its secret cannot be read, if it cannot.
    pub(super) unreadable: Option<KeyError>,
    /// Whose it is.
    pub(super) identity: Option<Result<Identity, AskError>>,
    /// The MFA devices of that user.
    pub(super) devices: Option<Result<Vec<AssignedDevice>, AskError>>,
    /// The access keys of that user.
    pub(super) listed: Option<Result<Vec<ListedKey>, AskError>>,
}

/// Something that a profile keeps in a keychain.
pub(super) struct Kept {
    pub(super) what: &'static str,
    pub(super) keychain: Keychain,
    /// Whether it is there; `None` if that keychain has failed for another profile.
    pub(super) found: Option<Result<bool, KeychainError>>,
}

impl Inquiry {
    /// Asks all that the survey leaves open.
    pub fn of(survey: &Survey, scope: Scope) -> Self {
        let mut inquiry = Inquiry {
            is_offline: scope == Scope::Offline,
            ..Inquiry::default()
        };
        let mut closed = Vec::new();
        for subject in &survey.subjects {
            let Ok(profile) = &subject.profile else {
                continue;
            };
            let kept = look_into_keychain(profile, &mut closed);
            if !kept.is_empty() {
                inquiry.keychains.insert(subject.name.clone(), kept);
            }
            let session = cached_session(&survey.files, profile, &closed);
            if scope == Scope::All {
                inquiry.ask_aws(survey, subject, profile, session.as_ref(), &closed);
            }
        }
        for subject in &survey.subjects {
            inquiry.run_process(survey, subject);
        }
        inquiry
    }

    fn ask_aws(
        &mut self,
        survey: &Survey,
        subject: &Subject,
        profile: &Profile,
        session: Option<&Session>,
        closed: &[Keychain],
    ) {
        let door = Door::of(&survey.files, profile);
        let _progress = Progress::show(&format!("daypass: asking AWS about {} ...", subject.name));
        let place = self.places.entry(door).or_insert_with(|| knock(profile));
        if place.is_err() {
            return;
        }
        let Some(key) = &profile.key else { return };
        let is_closed =
            matches!(key, KeySource::Keychain { .. }) && closed.contains(&profile.keychain());
        if is_closed {
            return;
        }
        let id = key.access_key_id().to_owned();
        if !self.keys.contains_key(&id) {
            let of_key = ask_about_key(&survey.files, profile, session);
            self.keys.insert(id.clone(), of_key);
        }
        let identity = self
            .keys
            .get(&id)
            .and_then(|of_key| of_key.identity.as_ref());
        // Policies know MFA from sessions only. A role's session has no MFA age; that of its source has, which is
        // told of the source if that is looked at too.
        let is_told = |other: &Subject| other.name == profile.session_profile;
        let is_own = is_told(subject) || !survey.subjects.iter().any(is_told);
        if let (Some(Ok(identity)), Some(session), true) = (identity, session, is_own) {
            let age = survey.now - session.mfa_time;
            let limit = with_session(profile, session).and_then(|aws| {
                let counted_on = profile.mfa_age_limit;
                Ok(age_limit::ask(&aws, &identity.arn, counted_on, age)?)
            });
            self.age_limits.insert(subject.name.clone(), limit);
        }
    }

    fn run_process(&mut self, survey: &Survey, subject: &Subject) {
        let line = credential_process::line_of(&survey.files, &subject.name);
        let Some((Line::Daypass(command), _)) = line else {
            return;
        };
        if !crate::program::is_executable(&command.program) {
            return;
        }
        // Without a session it would ask AWS for one.
        let is_cached = || {
            let profile = subject.profile.as_ref().ok()?;
            let session = cached_session(&survey.files, profile, &[])?;
            let freshness = session.freshness(profile.mfa_age_limit, survey.now);
            (freshness == Freshness::Valid && profile.roles.is_empty()).then_some(())
        };
        if self.is_offline && is_cached().is_none() {
            return;
        }
        let text = format!(
            "daypass: running the credential_process of {} ...",
            subject.name
        );
        let _progress = Progress::show(&text);
        let own = survey.own_program.as_deref();
        self.runs
            .insert(subject.name.clone(), process_run::run(&command, own));
    }
}

fn cached_session(files: &Files, profile: &Profile, closed: &[Keychain]) -> Option<Session> {
    let is_in_keychain = profile.session_store == crate::profile::SessionStore::Keychain;
    if is_in_keychain && closed.contains(&profile.keychain()) {
        return None;
    }
    match cached_session::find(files, profile, Questions::Forbidden) {
        Ok(Lookup::Hit(session))
            if session.freshness(profile.mfa_age_limit, crate::time::now())
                != Freshness::Expired =>
        {
            Some(session)
        }
        _ => None,
    }
}

fn knock(profile: &Profile) -> Result<Option<TimeDelta>, AskError> {
    trace(1, || {
        format!("an unsigned request to AWS STS, region {}", profile.region)
    });
    let aws = Aws::for_a_look(None, &profile.session_profile, &profile.region)?;
    Ok(sts::knock(&aws.with_sts_endpoint(profile.sts_endpoint))?)
}

fn with_session(profile: &Profile, session: &Session) -> Result<Aws, AskError> {
    let signer = Signer::Session(&session.credentials);
    Ok(Aws::for_a_look(
        Some(signer),
        &profile.session_profile,
        &profile.region,
    )?)
}

fn with_key(profile: &Profile, key: &LongTermKey) -> Result<Aws, AskError> {
    let signer = Signer::LongTermKey(key);
    let aws = Aws::for_a_look(Some(signer), &profile.session_profile, &profile.region)?;
    Ok(aws.with_sts_endpoint(profile.sts_endpoint))
}

fn ask_about_key(files: &Files, profile: &Profile, session: Option<&Session>) -> OfKey {
    let mut answer = OfKey::default();
    let key = match long_term_key::read(files, profile, Questions::Forbidden) {
        Ok(key) => key,
        Err(error) => {
            answer.unreadable = Some(error);
            return answer;
        }
    };
    trace(1, || {
        format!("sts:GetCallerIdentity with {}", key.access_key_id)
    });
    let identity = with_key(profile, &key).and_then(|aws| Ok(sts::get_caller_identity(&aws)?));
    if let Ok(identity) = &identity {
        let user = identity.user_name();
        // Companies deny IAM without MFA, so the session asks if there is one.
        let aws = match session {
            Some(session) => with_session(profile, session),
            None => with_key(profile, &key),
        };
        match aws {
            Ok(aws) => {
                trace(1, || "iam:ListMFADevices, iam:ListAccessKeys".to_owned());
                answer.devices = Some(mfa_devices::list(&aws, user).map_err(AskError::from));
                answer.listed = Some(access_keys::list(&aws, user).map_err(AskError::from));
            }
            Err(error) => answer.devices = Some(Err(error)),
        }
    }
    answer.identity = Some(identity);
    answer
}

fn look_into_keychain(profile: &Profile, closed: &mut Vec<Keychain>) -> Vec<Kept> {
    let keychain = profile.keychain();
    let mut items: Vec<(&'static str, Item<'_>)> = Vec::new();
    if let Some(KeySource::Keychain { access_key_id }) = &profile.key {
        items.push((
            "the secret of the long-term key",
            Item::AccessKey(access_key_id),
        ));
    }
    if let (true, Some(serial)) = (profile.codes.has_seed, &profile.mfa_serial) {
        items.push(("the TOTP seed", Item::Seed(serial)));
    }
    let mut kept = Vec::new();
    for (what, item) in items {
        let found = (!closed.contains(&keychain)).then(|| {
            let found = keychain.read(item, Questions::Forbidden);
            if found.is_err() {
                closed.push(keychain);
            }
            found.map(|secret| secret.is_some())
        });
        kept.push(Kept {
            what,
            keychain,
            found,
        });
    }
    kept
}
