//! The environment variables that hand a session to a program.

use crate::{credentials::TemporaryCredentials, time};

mod format;

pub use format::{Format, Unwritable};

/// The region, as most SDKs call it.
pub const REGION: &str = "AWS_REGION";

/// The region, as botocore calls it.
pub const DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";

/// What is set, in this order.
pub const NAMES: [&str; 6] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    REGION,
    DEFAULT_REGION,
];

/// What must not be set beside it: AWS tools would use another profile, or boto's token of old, or call
/// the endpoints of another account, which the SDKs take from `AWS_ACCOUNT_ID` beside the keys.
pub const CONFLICTING: [&str; 5] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCOUNT_ID",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_EXPIRATION",
];

/// The variables of one session. The allocator wipes them in the end, as it wipes everything.
pub struct SessionVariables([(&'static str, String); 6]);

impl SessionVariables {
    /// The variables of a profile's credentials, for tools that work in `region`.
    pub fn of(credentials: &TemporaryCredentials, region: &str) -> Self {
        let values = [
            credentials.access_key_id.as_str(),
            credentials.secret_access_key.expose(),
            credentials.session_token.expose(),
            &time::render_timestamp(credentials.expiration),
            region,
            region,
        ];
        let mut values = values.into_iter();
        SessionVariables(NAMES.map(|name| (name, values.next().unwrap_or_default().to_owned())))
    }

    /// The names and values, in the order of [`NAMES`].
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }

    /// The commands of a shell, or the lines of a file, that set the variables and unset what conflicts
    /// with them.
    ///
    /// # Errors
    /// When a value cannot be written in that format so that it is read back as it is.
    pub fn render(&self, format: Format) -> Result<String, Unwritable> {
        format.render(&self.pairs(), &CONFLICTING)
    }
}

/// The commands that unset everything again.
///
/// # Errors
/// When the format cannot say that a variable is not set.
pub fn render_unset(format: Format) -> Result<String, Unwritable> {
    format.render(&[], &NAMES)
}
