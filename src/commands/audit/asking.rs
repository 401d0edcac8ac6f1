//! Asking AWS about accounts: as whom, and with what shown meanwhile.

use std::{cell::RefCell, time::Duration};

use super::{
    OfAccount,
    many::{self, Accounts},
};
use crate::{
    audit::{error::AuditError, live},
    aws::client::{Aws, Signer},
    commands::{GlobalArgs, warn_if_unsaved},
    failure::{self, Failure},
    iam_caller::IamCaller,
    profile::{self, Files, Overrides, Profile, Selection},
    profile_credentials,
    session::{Request, Wants},
    terminal::{Progress, trace},
};

/// What was asked of AWS.
pub(super) struct Asked {
    /// Each account, or why it was not read.
    pub(super) inputs: Vec<OfAccount>,
    /// The age limit that policies should enforce.
    pub(super) max_age: Duration,
    /// What is to be told of the accounts that were not asked about.
    pub(super) notes: Vec<String>,
}

/// Reads the account of the profile, or many as a role of theirs.
pub(super) fn ask(
    selection: &Selection,
    max_age: Option<Duration>,
    many: Option<(&str, Accounts)>,
    global: &GlobalArgs,
) -> Result<Asked, Failure> {
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, selection, &Overrides::default())?;
    let max_age = max_age.unwrap_or(profile.mfa_age_limit);
    if let Some((role_name, accounts)) = many {
        let (inputs, notes) = many::inputs(&mut files, &profile, role_name, accounts, global)?;
        return Ok(Asked {
            inputs,
            max_age,
            notes,
        });
    }
    let (aws, account_id) = connect(&mut files, &profile, global)?;
    let shown = Shown::default();
    let inputs = live::read(&aws, account_id, &|text| shown.say(text));
    drop(shown);
    let inputs = inputs.map_err(|source| AuditError::Nothing {
        profile: profile.session_profile.clone(),
        source,
    })?;
    Ok(Asked {
        inputs: vec![Ok(inputs)],
        max_age,
        notes: Vec::new(),
    })
}

/// A connection as the role of the profile if it has one, else as its user.
fn connect(
    files: &mut Files,
    profile: &Profile,
    global: &GlobalArgs,
) -> Result<(Aws, Option<String>), Failure> {
    let request = Request::new(Wants::Best, !global.no_prompt);
    if profile.role().is_none() {
        let caller = IamCaller::of(files, profile, &request, failure::tell)?;
        return Ok((caller.connect(profile).map_err(AuditError::from)?, None));
    }
    let obtained = profile_credentials::obtain(files, profile, &request, failure::tell)?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    let signer = Signer::Session(&obtained.credentials);
    let aws = Aws::new(signer, &profile.session_profile, &profile.region);
    let aws = aws.map_err(AuditError::from)?;
    Ok((
        aws.with_sts_endpoint(profile.sts_endpoint),
        obtained.account_id,
    ))
}

/// What is being waited for, on a terminal.
#[derive(Default)]
pub(super) struct Shown {
    line: RefCell<Option<Progress>>,
}

impl Shown {
    pub(super) fn say(&self, text: &str) {
        trace(1, || text.to_owned());
        // The old line is taken away first.
        self.line.replace(None);
        let line = Progress::show(&format!("daypass: {text} ..."));
        self.line.replace(Some(line));
    }
}
