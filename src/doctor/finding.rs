//! What a check has found.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is as it should be.
    Ok,
    /// Nobody could be asked, or it was not to be.
    NotChecked,
    /// It works, and it is not as it should be.
    Warn,
    /// It does not work, or it is open to others.
    Fail,
}

impl Level {
    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::NotChecked => "not-checked",
            Level::Warn => "warn",
            Level::Fail => "fail",
        }
    }
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check, as programs know it.
    pub check: &'static str,
    /// The profile that it is about, if it is about one.
    pub profile: Option<String>,
    /// How bad it is.
    pub level: Level,
    /// What is so.
    pub what: String,
    /// What that means, unless it is plain.
    pub meaning: Option<String>,
    /// The command that mends it, or what to do.
    pub mend: Option<String>,
}

impl Finding {
    fn new(check: &'static str, level: Level, what: impl Into<String>) -> Self {
        Finding {
            check,
            profile: None,
            level,
            what: what.into(),
            meaning: None,
            mend: None,
        }
    }

    /// It is as it should be.
    pub fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Finding::new(check, Level::Ok, what)
    }

    /// Nobody could be asked.
    pub fn not_checked(check: &'static str, what: impl Into<String>) -> Self {
        Finding::new(check, Level::NotChecked, what)
    }

    /// It works, and it is not as it should be.
    pub fn warn(check: &'static str, what: impl Into<String>) -> Self {
        Finding::new(check, Level::Warn, what)
    }

    /// It does not work.
    pub fn fail(check: &'static str, what: impl Into<String>) -> Self {
        Finding::new(check, Level::Fail, what)
    }

    /// What it means.
    pub fn meaning(mut self, text: impl Into<String>) -> Self {
        self.meaning = Some(text.into());
        self
    }

    /// What mends it.
    pub fn mend(mut self, text: impl Into<String>) -> Self {
        self.mend = Some(text.into());
        self
    }

    /// The same, if something is known to mend it.
    pub fn maybe_mend(mut self, text: Option<String>) -> Self {
        self.mend = text;
        self
    }

    /// About this profile.
    pub fn of(mut self, profile: &str) -> Self {
        self.profile = Some(profile.to_owned());
        self
    }
}
