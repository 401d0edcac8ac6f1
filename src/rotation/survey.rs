//! How a rotation stands: what is stored here, and what AWS lists.

use crate::{
    aws::{
        client::{Aws, ClientError},
        error::AwsError,
        iam::access_keys::{self, ListedKey},
        sts::{self, Identity},
    },
    credentials::LongTermKey,
    iam_caller::IamCaller,
    keychain::Questions,
    long_term_key,
    mfa::turn::{self, Turn, TurnError},
    profile::{self, Files, Overrides, Profile, ProfileError, Selection},
    rotation::{
        RotationError,
        plan::{Next, decide},
        record::{self, Record},
        verify,
    },
    shared_files::Warning,
    terminal::{Progress, trace, with_causes},
    time::Timestamp,
};

/// A rotation that is known and not yet begun, or not yet finished.
pub struct Rotation<'a> {
    pub(super) profile: &'a Profile,
    pub(super) record: Record,
    pub(super) caller: IamCaller,
    pub(super) aws: Aws,
    /// Whose key it is.
    pub identity: Identity,
    /// All keys of the user.
    pub listed: Vec<ListedKey>,
    /// What is to be done.
    pub next: Next,
    /// What the owner of the files should know.
    pub(super) warnings: Vec<Warning>,
    /// Whether AWS has ended the session that asked.
    pub(super) session_ended: bool,
}

/// When a key was used last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastUse {
    /// Then.
    At(Timestamp),
    /// Never, as far as AWS knows.
    Never,
    /// AWS does not tell.
    Unknown,
}

/// What a wait for the turn has led to.
pub enum Place {
    /// The turn, with the files as they are now.
    InTurn(Turn),
    /// Another daypass has replaced the key meanwhile; the profile has this one now.
    DoneByAnother(String),
}

/// Has whoever else wants to use or to replace the profile's key wait, and reads the files again.
///
/// # Errors
/// When somebody else does not let go, or the files cannot be read any more.
pub fn take_turn(files: &mut Files, profile: &Profile) -> Result<Place, RotationError> {
    let before = Record::read(files, profile)?.recorded.current;
    let mut progress = None;
    let waiting = || {
        progress = Some(Progress::show(
            "daypass: another command is busy with this access key: waiting for it ...",
        ));
        true
    };
    let path = &files.credentials.file.path;
    let turn = match Turn::take(path, &before, turn::PATIENCE, waiting) {
        Err(TurnError::Unusable { .. }) => Turn::unlocked(),
        turn => turn.map_err(RotationError::Turn)?,
    };
    *files = Files::read()?;
    let now = Record::read(files, &resolve_again(files, profile)?)?;
    if now.recorded.current != before {
        return Ok(Place::DoneByAnother(now.recorded.current));
    }
    Ok(Place::InTurn(turn))
}

/// Has the sessions count as made with the profile's key that count as made with the other one on record.
///
/// An earlier run may have ended between the two files. Both keys are of the same user: a session is relabelled
/// only after AWS has said so.
///
/// # Errors
/// When the credentials file cannot be written.
pub fn adopt_sessions(files: &mut Files, profile: &Profile) -> Result<(), RotationError> {
    let recorded = Record::read(files, profile)?.recorded;
    let Some(other) = recorded.new.or(recorded.old) else {
        return Ok(());
    };
    let file = &files.credentials.file;
    file.edit(|document| record::relabel_sessions(document, &other, &recorded.current))?;
    files.read_credentials_again()?;
    Ok(())
}

impl<'a> Rotation<'a> {
    /// Finds out where the rotation stands. Changes nothing.
    ///
    /// # Errors
    /// When AWS does not tell, or the profile's key cannot be replaced.
    pub fn survey(
        files: &Files,
        profile: &'a Profile,
        caller: IamCaller,
    ) -> Result<Self, RotationError> {
        let mut record = Record::read(files, profile)?;
        let aws = caller.connect(profile)?;
        let _progress = Progress::show("daypass: asking AWS for the access keys of the user ...");
        let nothing_yet = |error: AwsError, user_arn: &str| RotationError::Aws {
            profile: profile.name.clone(),
            user_arn: user_arn.to_owned(),
            with_mfa: caller.has_mfa(),
            error: Box::new(error),
        };
        // Asked with the key itself, which may be a new one: it is its user whose keys are listed.
        let key = long_term_key::read(files, profile, Questions::Allowed)?;
        let with_key = connect(profile, &key)?;
        let identity = verify::patiently(|| sts::get_caller_identity(&with_key))
            .map_err(|error| nothing_yet(error, "*"))?;
        trace(1, || format!("iam:ListAccessKeys for {identity}"));
        let listed = verify::patiently(|| access_keys::list(&aws, identity.user_name()))
            .map_err(|error| nothing_yet(error, &identity.arn))?;
        let mut next = decide(&record.recorded, &listed);
        if let (
            Next::MakeRoom {
                other,
                is_younger: true,
            },
            Some(keychain),
        ) = (&next, record.home.keychain)
            && other.is_active
            && record::others_with(files, &record.home, &other.access_key_id).is_empty()
            && record::is_in_keychain(keychain, &other.access_key_id)?
        {
            // An earlier run ended between keychain and file.
            record.recorded.new = Some(other.access_key_id.clone());
            next = decide(&record.recorded, &listed);
        }
        Ok(Rotation {
            profile,
            record,
            caller,
            aws,
            identity,
            listed,
            next,
            warnings: Vec::new(),
            session_ended: false,
        })
    }

    /// The id of the key that the profile has now.
    pub fn current(&self) -> &str {
        &self.record.recorded.current
    }

    /// When that key was made, if AWS lists it.
    pub fn created(&self) -> Option<Timestamp> {
        let mut listed = self.listed.iter();
        listed
            .find(|key| key.access_key_id == self.current())
            .and_then(|key| key.created)
    }

    /// Where the secret is, as people say it.
    pub fn kept_in(&self, files: &Files) -> String {
        let home = &self.record.home;
        match home.keychain {
            Some(keychain) => keychain.to_string(),
            None => {
                let path = &record::file(files, home.kind).file.path;
                format!("[{}] of {}", home.section, path.display())
            }
        }
    }

    /// The other profiles and sections that name this key.
    pub fn others_with(&self, files: &Files, access_key_id: &str) -> Vec<String> {
        record::others_with(files, &self.record.home, access_key_id)
    }

    /// When a key was used last.
    pub fn last_use(&self, access_key_id: &str) -> LastUse {
        match access_keys::last_used(&self.aws, access_key_id) {
            Ok(Some(moment)) => LastUse::At(moment),
            Ok(None) => LastUse::Never,
            Err(error) => {
                trace(1, || with_causes(&error));
                LastUse::Unknown
            }
        }
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.identity.user_name()
    }
}

/// A connection that signs with this key.
pub(super) fn connect(profile: &Profile, key: &LongTermKey) -> Result<Aws, ClientError> {
    let aws = Aws::new(key, &profile.session_profile, &profile.region)?;
    Ok(aws.with_sts_endpoint(profile.sts_endpoint))
}

/// The profile as the files have it now.
pub(super) fn resolve_again(files: &Files, profile: &Profile) -> Result<Profile, ProfileError> {
    let selection = Selection::from_arguments(Some(profile.name.clone()));
    profile::resolve(files, &selection, &Overrides::default())
}
