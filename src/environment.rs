//! Every environment variable that daypass itself reads.
//!
//! The locations of the shared files (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `HOME`) are
//! read in [`crate::shared_files`]; `NO_COLOR` and `TERM` in [`crate::terminal`]; the proxy and
//! endpoint variables (`HTTPS_PROXY`, `AWS_ENDPOINT_URL`, …) by the AWS SDK.

use std::env;

use crate::{
    credentials::{LongTermKey, is_access_key_id},
    secret::Secret,
};

/// `AWS_PROFILE`: the profile to use when the command names none.
pub fn profile() -> Option<String> {
    non_empty("AWS_PROFILE")
}

/// `AWS_MFA_SERIAL`: the device to use when no file names one.
pub fn mfa_serial() -> Option<String> {
    non_empty("AWS_MFA_SERIAL")
}

/// `AWS_VAULT`: the profile for which `aws-vault exec` runs this.
pub fn aws_vault_profile() -> Option<String> {
    non_empty("AWS_VAULT")
}

/// `DAYPASS_PROFILE`: the profile of the shell that `daypass exec` has started around this.
pub fn shell_profile() -> Option<String> {
    non_empty(SHELL_PROFILE)
}

/// The mark of a shell that `daypass exec` has started: its value is the profile.
pub const SHELL_PROFILE: &str = "DAYPASS_PROFILE";

/// `AWS_REGION`, then `AWS_DEFAULT_REGION`: the region when the profile has none.
pub fn region() -> Option<String> {
    non_empty("AWS_REGION").or_else(|| non_empty("AWS_DEFAULT_REGION"))
}

/// `AWS_STS_REGIONAL_ENDPOINTS`: `regional` or `legacy`, before what the profile says.
pub fn sts_regional_endpoints() -> Option<String> {
    non_empty("AWS_STS_REGIONAL_ENDPOINTS")
}

/// `AWS_CA_BUNDLE`: a file of certificates to trust instead of the system's.
pub fn ca_bundle() -> Option<String> {
    non_empty("AWS_CA_BUNDLE")
}

/// `AWS_ENDPOINT_URL_SIGNIN`, then `AWS_ENDPOINT_URL`: where to sign in instead of at AWS's own address,
/// with the name of the variable; none if `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` says that they do not count.
pub fn sign_in_endpoint() -> Option<(String, &'static str)> {
    let ignored = non_empty("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if ignored.is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        return None;
    }
    ["AWS_ENDPOINT_URL_SIGNIN", "AWS_ENDPOINT_URL"]
        .into_iter()
        .find_map(|name| Some((non_empty(name)?, name)))
}

/// `BROWSER`: the programs that open an address, as people and other programs set it.
pub fn browser() -> Option<String> {
    non_empty("BROWSER")
}

/// `DISPLAY` or `WAYLAND_DISPLAY`: there is a desktop to open a window on.
pub fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .into_iter()
        .any(|name| non_empty(name).is_some())
}

/// `SSH_CONNECTION`: whoever sits here sits at another machine.
pub fn is_remote() -> bool {
    non_empty("SSH_CONNECTION").is_some()
}

/// `WSL_DISTRO_NAME`: this is Linux inside of Windows.
pub fn is_inside_windows() -> bool {
    non_empty("WSL_DISTRO_NAME").is_some()
}

/// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, if they are a long-term key.
///
/// A session key, or a key that comes with `AWS_SESSION_TOKEN`, cannot get a session.
pub fn long_term_key() -> Option<LongTermKey> {
    let access_key_id = non_empty("AWS_ACCESS_KEY_ID")?;
    if !access_key_id.starts_with("AKIA") || non_empty("AWS_SESSION_TOKEN").is_some() {
        return None;
    }
    Some(LongTermKey {
        access_key_id,
        secret_access_key: Secret::new(non_empty("AWS_SECRET_ACCESS_KEY")?),
    })
}

/// The variables by which AWS tools find their credentials, files and addresses, as far as they are set, with their
/// values. None of them holds a secret.
pub fn of_aws_tools() -> Vec<(&'static str, String)> {
    [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_IAM",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_VAULT",
        SHELL_PROFILE,
    ]
    .into_iter()
    .filter_map(|name| Some((name, non_empty(name)?)))
    .collect()
}

/// What the environment has of an access key, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyVariables {
    /// `AWS_ACCESS_KEY_ID`, if it is one; empty if it is set to something else, which may be a secret.
    pub access_key_id: Option<String>,
    /// Whether `AWS_SECRET_ACCESS_KEY` is set.
    pub has_secret: bool,
    /// Whether `AWS_SESSION_TOKEN` is set.
    pub has_token: bool,
}

/// What the environment has of an access key.
pub fn key_variables() -> KeyVariables {
    let access_key_id = non_empty("AWS_ACCESS_KEY_ID");
    KeyVariables {
        access_key_id: access_key_id.map(|id| {
            if is_access_key_id(&id) {
                id
            } else {
                String::new()
            }
        }),
        has_secret: non_empty("AWS_SECRET_ACCESS_KEY").is_some(),
        has_token: non_empty("AWS_SESSION_TOKEN").is_some(),
    }
}

fn non_empty(name: &str) -> Option<String> {
    // A value that is not UTF-8 names nothing that exists; taking it for unset would use something else.
    let value = env::var_os(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.is_empty())
}
