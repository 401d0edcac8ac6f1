//! Renewing what is served, before it ends and without anybody's doing if possible.
//!
//! - Whatever can be had without a question is had quietly: a session that somebody else has renewed, a
//!   role assumed anew, a code of `mfa_process` or of a seed.
//! - Else the code is asked for on the terminal, or through pinentry, while the old credentials are served.
//! - Where nobody can be asked, it is said once that they will end, and once that they have. The files are
//!   looked at again and again: `daypass login` in another terminal mends it.

use std::{
    io,
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, SystemTime},
};

use crate::{
    cached_session::{self, Lookup},
    credentials::Freshness,
    keychain::Questions,
    mfa::{
        memory::ToldFailure,
        source::{CodeError, CodeSource, Person},
    },
    profile::{Files, Profile, ProfileError},
    profile_credentials::{self, ProfileCredentials},
    session::{Request, SessionError, Wants},
    terminal::{self, Terminal, printable, trace, warn, with_causes},
    time,
};

use super::{
    schedule::{Phase, Schedule},
    served::{Served, Woken},
};

/// How often to look at the clock, and at the files when they matter.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// How long the end of the program waits for an answer of AWS's.
const AWS_TAKES: Duration = Duration::from_secs(5);

/// Whose credentials are renewed, and how.
pub struct Renewal {
    /// The profile, as it was when the program started.
    pub profile: Profile,
    /// Whether anybody may be asked.
    pub may_ask: bool,
    /// What the program is called that uses the credentials.
    pub program: String,
    /// The command that renews the session in another terminal.
    pub login: String,
    /// Renders a failure for those who wait for the same.
    pub tell: fn(&SessionError) -> ToldFailure,
}

/// Why there are no new credentials.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Files(#[from] ProfileError),
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Renewal {
    /// What a person can do about a session that has ended.
    pub(super) fn what_to_run(&self) -> &str {
        &self.login
    }

    /// Renews what is served, in a thread of its own, until nobody is to be served any more.
    pub(super) fn start(self, served: Arc<Served>) -> io::Result<JoinHandle<()>> {
        let renewer = Renewer {
            renewal: self,
            served,
            schedule: Schedule::default(),
            said: Said::Nothing,
            files_as_of: None,
        };
        thread::Builder::new()
            .name("renewal".to_owned())
            .spawn(|| renewer.run())
    }
}

/// Waits until whoever renews has come to an end, but not for long.
pub(super) fn wait_for(renewer: JoinHandle<()>) {
    #[cfg(unix)]
    terminal::end_questions();
    let deadline = std::time::Instant::now() + AWS_TAKES;
    while !renewer.is_finished() && std::time::Instant::now() < deadline {
        thread::sleep(Duration::from_millis(5));
    }
}

/// What people have been told about the credentials that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Nothing,
    WillEnd,
    HasEnded,
}

struct Renewer {
    renewal: Renewal,
    served: Arc<Served>,
    schedule: Schedule,
    said: Said,
    /// When the credentials file was last written, as of the last try.
    files_as_of: Option<SystemTime>,
}

impl Renewer {
    fn run(mut self) {
        #[cfg(unix)]
        terminal::write_in_background();
        loop {
            let woken = self.served.wait(LOOK_AGAIN);
            if woken == Woken::Over {
                return;
            }
            let now = time::now();
            let (since, end) = self.served.span();
            let phase = Phase::at(now, since, end);
            let changed = phase != Phase::Good && self.files_changed();
            if self.schedule.is_due(now, phase, woken, changed) {
                trace(2, || format!("renewing: {phase:?}, woken by {woken:?}"));
                self.renew(phase, woken);
                // Clients that have asked meanwhile had their answer.
                self.served.answer_clients();
            }
        }
    }

    fn renew(&mut self, phase: Phase, woken: Woken) {
        let quietly = self.obtain(&Request::new(Wants::Good, false));
        if let Ok(credentials) = &quietly
            && self.serve(credentials)
        {
            return;
        }
        // Nobody's code brings AWS nearer, or lets a role be assumed.
        let wants_a_code = !self.has_mfa_session();
        let needs_a_person = wants_a_code
            .then(|| self.person(quietly.as_ref().err()))
            .flatten();
        self.schedule.failed(time::now(), phase, woken);
        match needs_a_person {
            Some(person) if self.schedule.may_ask(phase, woken) => self.ask(phase, person),
            Some(_) => {}
            None => {
                if let Err(error) = &quietly
                    && self.said < Said::HasEnded
                {
                    trace(1, || format!("no new credentials: {}", with_causes(error)));
                }
                let helps = self.helps(phase, wants_a_code, quietly.as_ref().err());
                self.warn_of_end(phase, &helps);
            }
        }
    }

    /// What there is to do where nobody is asked.
    fn helps(&self, phase: Phase, wants_a_code: bool, error: Option<&Failure>) -> String {
        if !wants_a_code {
            let why = error.map(|error| format!("{}; ", with_causes(error)));
            return why.unwrap_or_default() + "daypass goes on trying to renew it";
        }
        let login = &self.renewal.login;
        let what = match phase {
            Phase::Good | Phase::Ending => "renew it",
            Phase::Ended => "go on",
        };
        format!("to {what}, run {login} in another terminal")
    }

    /// Whether the session of a role is all that is missing: what it is assumed with is there.
    fn has_mfa_session(&self) -> bool {
        let profile = &self.renewal.profile;
        if profile.role().is_none() {
            return false;
        }
        let found = Files::read()
            .ok()
            .and_then(|files| cached_session::find(&files, profile, Questions::Forbidden).ok());
        let Some(Lookup::Hit(session)) = found else {
            return false;
        };
        session.freshness(profile.mfa_age_limit, time::now()) != Freshness::Expired
    }

    /// Gets credentials for a request, with the files as they are now.
    fn obtain(&mut self, request: &Request) -> Result<ProfileCredentials, Failure> {
        let mut files = Files::read()?;
        self.files_as_of = written_at(&files.credentials.file.path);
        let Renewal { profile, tell, .. } = &self.renewal;
        let obtained = profile_credentials::obtain(&mut files, profile, request, tell)?;
        // Our own write is no news.
        self.files_as_of = written_at(&files.credentials.file.path);
        if let Some(error) = &obtained.unsaved {
            warn(format_args!(
                "the new session could not be saved, and serves {} only: {}",
                self.renewal.program,
                with_causes(error)
            ));
        }
        Ok(obtained)
    }

    /// Serves new credentials. Returns whether they are new.
    fn serve(&mut self, credentials: &ProfileCredentials) -> bool {
        if !self.served.put(credentials) {
            return false;
        }
        self.schedule = Schedule::default();
        let now = time::now();
        let until = time::render_local(credentials.credentials.expiration, now);
        let text = format!(
            "the session of '{}' is renewed: good until {until}",
            self.renewal.profile.name
        );
        // Whoever heard that it ends is to hear that it does not.
        if self.said > Said::Nothing {
            self.say(&text);
        } else {
            trace(1, || text);
        }
        self.said = Said::Nothing;
        true
    }

    /// Somebody who can be asked for what the quiet try wanted.
    fn person(&self, error: Option<&Failure>) -> Option<CodeSource> {
        if !self.renewal.may_ask {
            return None;
        }
        let keychain_asks =
            matches!(error, Some(Failure::Session(error)) if error.of_keychain().is_some());
        let source = CodeSource::choose(None, &self.renewal.profile.codes, true);
        match source.ok().flatten()? {
            source @ CodeSource::Person(_) => Some(source),
            // The terminal is asked if the seed cannot be read.
            source @ CodeSource::Seed(..) => Some(source),
            source => keychain_asks.then_some(source),
        }
    }

    fn ask(&mut self, phase: Phase, source: CodeSource) {
        self.announce(phase, source);
        let answer = self.obtain(&Request::new(Wants::Fresh, true));
        let error = match answer {
            Ok(credentials) => {
                self.serve(&credentials);
                return;
            }
            Err(error) => error,
        };
        if self.served.is_over() {
            return;
        }
        self.schedule.asked(time::now());
        match &error {
            Failure::Session(SessionError::Code(CodeError::Cancelled)) => self.schedule.declined(),
            Failure::Session(SessionError::FailedBefore(told)) if told.lasts => {
                self.schedule.declined();
            }
            Failure::Session(SessionError::Code(CodeError::TimedOut | CodeError::Interrupted)) => {
                self.schedule.unanswered();
                return;
            }
            _ => {}
        }
        self.say(&format!(
            "not renewed: {}; {} in another terminal renews it",
            with_causes(&error),
            self.renewal.login
        ));
    }

    /// Says who wants a code and why, before the question appears in the middle of a program's output.
    fn announce(&mut self, phase: Phase, source: CodeSource) {
        let text = match phase {
            Phase::Good | Phase::Ending if self.said >= Said::WillEnd => return,
            Phase::Ended if self.said >= Said::HasEnded => return,
            Phase::Good | Phase::Ending => format!("{}: a code renews it", self.ends()),
            Phase::Ended => format!("{}: a code renews it", self.has_ended()),
        };
        self.said = said_in(phase);
        match source {
            CodeSource::Person(Person::Terminal(mut terminal)) => {
                terminal.say(&format!("daypass: {text}"));
            }
            _ => terminal::remark(&format!("daypass: {text}\n")),
        }
    }

    /// Warns where nobody can be asked: once when the end is near, and once when it has come. `helps` says
    /// what there is to do.
    fn warn_of_end(&mut self, phase: Phase, helps: &str) {
        let said = said_in(phase);
        if self.said >= said {
            return;
        }
        self.said = said;
        let what = match phase {
            Phase::Good | Phase::Ending => self.ends(),
            Phase::Ended => self.has_ended(),
        };
        warn(format_args!("{what}; {helps}"));
    }

    fn ends(&self) -> String {
        let (_, end) = self.served.span();
        let end = time::render_local(end, time::now());
        let Renewal {
            profile, program, ..
        } = &self.renewal;
        let name = &profile.name;
        format!("the session of '{name}', which {program} is using, ends at {end}")
    }

    fn has_ended(&self) -> String {
        let Renewal {
            profile, program, ..
        } = &self.renewal;
        let name = &profile.name;
        format!("the session of '{name}', which {program} is using, has ended")
    }

    /// Tells the people at the terminal, or whoever reads stderr.
    fn say(&self, text: &str) {
        let text = format!("daypass: {}", printable(text));
        let terminal = if self.renewal.may_ask {
            Terminal::open()
        } else {
            None
        };
        match terminal {
            Some(mut terminal) => terminal.say(&text),
            None => terminal::remark(&format!("{text}\n")),
        }
    }

    fn files_changed(&self) -> bool {
        let path = crate::shared_files::credentials_path();
        path.is_ok_and(|path| written_at(&path) != self.files_as_of)
    }
}

fn said_in(phase: Phase) -> Said {
    match phase {
        Phase::Good => Said::Nothing,
        Phase::Ending => Said::WillEnd,
        Phase::Ended => Said::HasEnded,
    }
}

fn written_at(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}
