//! What caused each error, in lines of its own below it.

use std::error::Error;

use super::Failure;
use crate::{
    console::error::ConsoleError, devices::error::DeviceError, enrolment::EnrolmentError,
    policy_rollout::error::RolloutError, rotation::RotationError, session::SessionError,
    setup::SetupError,
};

impl Failure {
    /// What caused it, from the nearest on.
    pub(super) fn causes(&self) -> Vec<String> {
        match self {
            Failure::Session(error) => session_causes(error),
            Failure::NoCode { error, .. } => chain(error.source()),
            Failure::Setup(error) => match error.as_ref() {
                SetupError::Key { error, .. } => chain(error.source()),
                other => chain(other.source()),
            },
            Failure::Device(error) => device_causes(error),
            Failure::Console(error) => match error.as_ref() {
                ConsoleError::Federation { error, .. } | ConsoleError::SignIn { error, .. } => {
                    chain(error.source())
                }
                other => chain(other.source()),
            },
            Failure::Enrolment { error, .. } => enrolment_causes(error),
            Failure::Rollout { error, .. } => match error.as_ref() {
                RolloutError::Request(error) => chain(error.source()),
                other => chain(other.source()),
            },
            Failure::Rotation(error) => match error.as_ref() {
                RotationError::Aws { error, .. }
                | RotationError::AnswerLost { error, .. }
                | RotationError::NewKeyFails { error, .. } => chain(error.source()),
                RotationError::NotStored {
                    undo: Some(undo),
                    source,
                    ..
                } => {
                    let mut causes = chain(Some(source));
                    causes.extend(chain(Some(undo)));
                    causes
                }
                other => chain(other.source()),
            },
            other => chain(other.source()),
        }
    }
}

fn enrolment_causes(error: &EnrolmentError) -> Vec<String> {
    match error {
        EnrolmentError::Session(error) => session_causes(error),
        EnrolmentError::Denied { error, .. } | EnrolmentError::PerhapsMade { error, .. } => {
            chain(error.source())
        }
        EnrolmentError::LeftBehind {
            serial,
            source,
            error,
        } => {
            let mut texts = enrolment_causes(source);
            texts.push(format!("{serial} could not be deleted again: {error}"));
            texts
        }
        EnrolmentError::NotReplaced { error, .. } => vec![error.to_string()],
        EnrolmentError::NotLoggedIn { source, .. } => {
            let mut texts = vec![source.to_string()];
            texts.extend(enrolment_causes(source));
            texts
        }
        other => chain(other.source()),
    }
}

/// What caused it that no session could be had.
pub(super) fn session_causes(error: &SessionError) -> Vec<String> {
    match error {
        SessionError::Aws { error, .. } => chain(error.source()),
        SessionError::Role { error, .. } => chain(error.source()),
        SessionError::NoDevice { others, .. } => others.iter().map(ToString::to_string).collect(),
        other => chain(other.source()),
    }
}

fn device_causes(error: &DeviceError) -> Vec<String> {
    match error {
        DeviceError::Denied { error, .. }
        | DeviceError::Aws { error, .. }
        | DeviceError::RefusedCodes { error, .. }
        | DeviceError::ResyncUnknown { error, .. } => chain(error.source()),
        DeviceError::Needed { reasons, .. } => reasons.iter().map(ToString::to_string).collect(),
        other => chain(other.source()),
    }
}

fn chain(first: Option<&dyn Error>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = first;
    while let Some(cause) = next {
        let text = cause.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        next = cause.source();
    }
    texts
}
