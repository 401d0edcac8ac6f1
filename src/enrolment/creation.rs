//! The device at AWS that belongs to nobody yet: made, in the place of one that is left of an earlier attempt.

use crate::{
    aws::{
        error::AwsError,
        iam::mfa_devices::{self, Assignment, CreatedDevice},
    },
    enrolment::{
        attempt::{Attempt, ended},
        error::EnrolmentError,
    },
    mfa::source::CodeError,
    terminal::{Answer, Progress, Terminal, Typing, trace, with_causes},
};

impl Attempt<'_> {
    /// Makes the device; one of that name that belongs to nobody is replaced.
    pub(super) fn create(&mut self) -> Result<CreatedDevice, EnrolmentError> {
        let mut was_there = self.is_there();
        let mut may_replace = true;
        loop {
            self.check_signals()?;
            let answer = {
                let _progress = Progress::show("daypass: asking AWS for a device ...");
                mfa_devices::create(self.aws, self.serial.device_name())
            };
            match answer {
                Ok(device) => return Ok(device),
                Err(AwsError::EntityAlreadyExists { .. }) if may_replace => {
                    may_replace = false;
                    self.replace()?;
                    was_there = Some(false);
                }
                Err(error) if error.may_have_been_done() => {
                    return Err(self.lost(was_there, error));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether there is a device of this name that belongs to nobody, if AWS tells.
    fn is_there(&self) -> Option<bool> {
        let devices = {
            let _progress = Progress::show("daypass: asking AWS for a device ...");
            mfa_devices::list_virtual(self.aws, Assignment::Unassigned)
        };
        let devices = devices
            .inspect_err(|error| trace(1, || with_causes(error)))
            .ok()?;
        let mut serials = devices.iter().map(|device| device.serial.as_str());
        Some(serials.any(|serial| serial == self.serial.as_str()))
    }

    /// No answer came: if AWS has made a device, its seed is lost and nobody can ever use it. It is deleted where
    /// there was none of its name before; one that was there may be somebody's who is just enrolling.
    fn lost(&self, was_there: Option<bool>, error: AwsError) -> EnrolmentError {
        if was_there == Some(true) {
            // AWS makes no second one of a name.
            return error.into();
        }
        if was_there == Some(false) {
            match mfa_devices::delete_virtual(self.aws, self.serial.as_str()) {
                Ok(()) => {
                    trace(1, || {
                        format!("{} had been made, and was deleted", self.serial)
                    });
                    return error.into();
                }
                Err(AwsError::NoSuchEntity { .. } | AwsError::DeleteConflict { .. }) => {
                    return error.into();
                }
                Err(left) => trace(1, || with_causes(&left)),
            }
        }
        EnrolmentError::PerhapsMade {
            serial: self.serial.clone(),
            error,
        }
    }

    /// Deletes a device of this name that nobody has enabled, once that is agreed to.
    ///
    /// AWS itself deletes no device that somebody uses, which makes it safe where nobody may look.
    fn replace(&mut self) -> Result<(), EnrolmentError> {
        let assigned = |owner: Option<String>| EnrolmentError::Assigned {
            serial: self.serial.clone(),
            owner,
        };
        if self.subject.has(&self.serial) {
            return Err(assigned(Some(self.subject.user_arn.clone())));
        }
        match mfa_devices::list_virtual(self.aws, Assignment::Assigned) {
            Ok(devices) => {
                let mut devices = devices.into_iter();
                if let Some(device) = devices.find(|device| device.serial == self.serial.as_str()) {
                    return Err(assigned(device.user_arn));
                }
            }
            Err(error) => trace(1, || with_causes(&error)),
        }
        if !self.wish.yes {
            let Some(terminal) = self.terminal else {
                return Err(EnrolmentError::NotAgreed {
                    serial: self.serial.clone(),
                });
            };
            let question = format!(
                "daypass: {} is left of an earlier attempt, and nobody can use it. Replace it? [y/N]",
                self.serial
            );
            if !agrees(terminal, &question, false)? {
                return Err(CodeError::Cancelled.into());
            }
        }
        self.check_signals()?;
        match mfa_devices::delete_virtual(self.aws, self.serial.as_str()) {
            Ok(()) | Err(AwsError::NoSuchEntity { .. }) => Ok(()),
            Err(AwsError::DeleteConflict { .. }) => Err(assigned(None)),
            Err(error @ AwsError::Denied { .. }) => Err(EnrolmentError::NotReplaced {
                serial: self.serial.clone(),
                error,
            }),
            Err(error) => Err(error.into()),
        }
    }
}

/// Asks a question that is answered by y or n; Return means `usually`.
pub(super) fn agrees(
    terminal: &mut Terminal,
    question: &str,
    usually: bool,
) -> Result<bool, EnrolmentError> {
    match terminal.ask(question, Typing::Line) {
        Ok(Answer::Line(line)) => Ok(match line.trim().to_ascii_lowercase().as_str() {
            "" => usually,
            answer => matches!(answer, "y" | "yes"),
        }),
        other => Err(ended(other)),
    }
}
