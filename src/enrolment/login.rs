//! The first login with a new device, which shows that it is in step with AWS.

use crate::{
    aws::{client::Aws, error::AwsError, iam::mfa_devices},
    enrolment::{error::EnrolmentError, journal::Journal},
    mfa::{
        code::{Code, NotACode},
        memory::ToldFailure,
        pair::{self, Asked, Asker},
        seed::Seed,
        source::{CodeError, GivenCode},
    },
    profile::{Files, Profile},
    serial::Serial,
    session::{self, Obtained, Request, SessionError, Wants},
    terminal::Terminal,
};

/// How many codes AWS may refuse before we stop.
const TRIES: usize = 3;

/// Where the codes of the new device come from.
pub(super) enum Codes<'a> {
    /// They are typed.
    Typed(&'a mut Terminal),
    /// They are made here.
    Made(&'a Seed),
}

/// A new device, and whose it is.
pub(super) struct FirstLogin<'a> {
    pub(super) aws: &'a Aws,
    pub(super) profile: &'a Profile,
    pub(super) user: &'a str,
    pub(super) serial: &'a Serial,
    pub(super) codes: Codes<'a>,
    /// The last code that AWS has seen.
    pub(super) last: Code,
}

impl FirstLogin<'_> {
    /// Logs in with a further code. If AWS refuses it, the device may be out of step since its codes came
    /// late; two more bring it back.
    pub(super) fn run(
        mut self,
        files: &mut Files,
        tell: impl Fn(&SessionError) -> ToldFailure,
    ) -> Result<Obtained, EnrolmentError> {
        let mut may_resync = true;
        let mut tries = 0;
        loop {
            tries += 1;
            let code = self.next()?;
            let request = Request {
                given: Some(GivenCode::Digits(code.clone())),
                force: true,
                ..Request::new(Wants::Fresh, true)
            };
            self.last = code;
            let error = match session::obtain(files, self.profile, &request, &tell) {
                Ok(obtained) => return Ok(obtained),
                Err(error) => error,
            };
            // A device that is enabled a moment ago may not be known everywhere yet.
            let is_unknown = matches!(
                &error,
                SessionError::Aws {
                    error: AwsError::UnknownDevice,
                    ..
                }
            );
            if tries >= TRIES || !(is_unknown || error.is_refused_code()) {
                return Err(error.into());
            }
            if error.is_refused_code() && may_resync {
                may_resync = false;
                let spent = self.resync()?;
                let [first, second] = &spent;
                Journal::of(files, self.profile).add_spent(self.serial, [first, second]);
            }
        }
    }

    fn next(&mut self) -> Result<Code, EnrolmentError> {
        Ok(match &mut self.codes {
            Codes::Made(seed) => pair::make_next(seed, Some(&self.last), || false)?,
            Codes::Typed(terminal) => Asker {
                terminal,
                device: "the new device",
                notice: "",
                letters: &[],
            }
            .next(&self.last, "a third code, to log in")?,
        })
    }

    /// Brings the device back into step with two codes.
    fn resync(&mut self) -> Result<[Code; 2], EnrolmentError> {
        let [first, second] = match &mut self.codes {
            Codes::Made(seed) => pair::make(seed, Some(&self.last), || false)?,
            Codes::Typed(terminal) => {
                terminal.say(
                    "daypass: AWS refused this code: it was mistyped, or the device is out of step. Two codes \
                     mend both.",
                );
                let mut asker = Asker {
                    terminal,
                    device: "the new device",
                    notice: "",
                    letters: &[],
                };
                match asker.pair()? {
                    Asked::Pair(codes) => codes,
                    // No letters were offered.
                    Asked::Letter(_) => return Err(CodeError::Mistyped(NotACode).into()),
                }
            }
        };
        mfa_devices::resync(self.aws, self.user, self.serial, [&first, &second])?;
        self.last = second.clone();
        Ok([first, second])
    }
}
