//! `daypass credential-process`: the protocol by which AWS tools ask for credentials.

use serde_json::to_writer;

use crate::{
    commands::{GlobalArgs, ProfileArgs, warn_if_unsaved},
    failure::{self, Exit, Failure},
    profile::{self, Files, Overrides, SessionStore},
    profile_credentials::{self, ProfileCredentials},
    session::{Request, Wants},
    terminal, time,
};

/// Print credentials for AWS tools (the credential_process protocol)
///
/// AWS tools run this by themselves; it is what the profile's credential_process line names. A cached
/// session is printed without any network access. If there is none, the code is asked for on the
/// terminal, even though AWS tools capture stdout and stderr.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
In ~/.aws/config:
  [profile work]
  mfa_serial         = arn:aws:iam::123456789012:mfa/ada
  credential_process = /full/path/to/daypass credential-process work

Examples:
  daypass credential-process work
  daypass credential-process work | jq -r .Expiration")]
pub struct CredentialProcessArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// Where the session is kept; daypass_session_store of the profile, then 'file', if not given
    #[arg(long, value_name = "STORE")]
    session_store: Option<SessionStore>,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the profile from having a session; stdout is then empty.
pub fn run(args: CredentialProcessArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let overrides = Overrides {
        session_store: args.session_store,
        ..Overrides::default()
    };
    let profile = profile::resolve(&files, &selection, &overrides)?;
    let request = Request::new(Wants::Good, !global.no_prompt);
    let obtained = profile_credentials::obtain(&mut files, &profile, &request, failure::tell)?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    let json = render(&obtained)?;
    // Nothing else that is secret waits in memory for a caller that is slow to read.
    drop((files, obtained));
    terminal::output(&json)?;
    Ok(Exit::Done)
}

/// Renders the Version 1 JSON document. The allocator wipes it in the end, as it wipes everything.
///
/// # Errors
/// Never in practice: strings are always written as JSON.
/// Source: AWS SDKs and Tools reference, "Process credential provider".
pub fn render(obtained: &ProfileCredentials) -> Result<String, std::io::Error> {
    let credentials = &obtained.credentials;
    let expiration = time::render_timestamp(credentials.expiration);
    let mut fields = vec![
        ("AccessKeyId", credentials.access_key_id.as_str()),
        ("SecretAccessKey", credentials.secret_access_key.expose()),
        ("SessionToken", credentials.session_token.expose()),
        ("Expiration", &expiration),
    ];
    if let Some(account_id) = &obtained.account_id {
        fields.push(("AccountId", account_id));
    }
    let room: usize = fields.iter().map(|(_, value)| value.len()).sum();
    let mut json = Vec::with_capacity(200 + room);
    json.extend_from_slice(b"{\"Version\":1");
    for (name, value) in fields {
        json.push(b',');
        to_writer(&mut json, name)?;
        json.push(b':');
        to_writer(&mut json, value)?;
    }
    json.extend_from_slice(b"}\n");
    Ok(String::from_utf8(json).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{credentials::TemporaryCredentials, secret::Secret};

    fn obtained(account_id: Option<&str>) -> ProfileCredentials {
        ProfileCredentials {
            credentials: TemporaryCredentials {
                access_key_id: "ASIAEXAMPLE".into(),
                secret_access_key: Secret::new("a/b+c="),
                session_token: Secret::new("quote\" and \\"),
                expiration: time::parse_timestamp("2026-11-22T17:31:04Z").unwrap(),
            },
            account_id: account_id.map(str::to_owned),
            renewed: false,
            unsaved: None,
        }
    }

    #[test]
    fn the_document_is_version_1_json_whatever_the_values_hold() {
        let text = render(&obtained(Some("123456789012"))).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "Version": 1,
                "AccessKeyId": "ASIAEXAMPLE",
                "SecretAccessKey": "a/b+c=",
                "SessionToken": "quote\" and \\",
                "Expiration": "2026-11-22T17:31:04Z",
                "AccountId": "123456789012",
            })
        );
    }

    #[test]
    fn an_unknown_account_is_left_out() {
        let text = render(&obtained(None)).unwrap();
        assert!(!text.contains("AccountId"));
    }
}
