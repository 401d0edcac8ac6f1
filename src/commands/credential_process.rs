//! `daypass credential-process`: the protocol by which AWS tools ask for credentials.

use serde_json::to_writer;
use zeroize::Zeroizing;

use crate::{
    commands::{GlobalArgs, ProfileArgs},
    credentials::Session,
    failure::{self, Exit, Failure},
    profile::{self, Files, Overrides},
    session::{self, Request, Wants},
    terminal::{self, warn, with_causes},
    time::{self, Timestamp},
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
  credential_process = /full/path/to/daypass credential-process work")]
pub struct CredentialProcessArgs {
    #[command(flatten)]
    profile: ProfileArgs,
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps the profile from having a session; stdout is then empty.
pub fn run(args: CredentialProcessArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    if let Some(role_arn) = profile.role_arn {
        return Err(Failure::RoleProfile {
            profile: profile.name,
            role_arn,
            source_profile: profile.session_profile,
        });
    }
    let request = Request {
        given: None,
        force: false,
        may_ask: !global.no_prompt,
        wants: Wants::Good,
    };
    let obtained = session::obtain(&mut files, &profile, &request, failure::tell)?;
    if let Some(error) = &obtained.unsaved {
        let hint = failure::unsaved_hint(error).map(|hint| format!("; hint: {hint}"));
        warn(format_args!(
            "the session could not be saved and serves this once only: {}{}",
            with_causes(error),
            hint.unwrap_or_default()
        ));
    }
    let expiry = obtained.session.effective_expiry(profile.mfa_age_limit);
    terminal::output(&render(&obtained.session, expiry)?)?;
    Ok(Exit::Done)
}

/// Renders the Version 1 JSON document.
///
/// Source: AWS SDKs and Tools reference, "Process credential provider".
fn render(session: &Session, expiry: Timestamp) -> Result<Zeroizing<String>, std::io::Error> {
    let expiration = time::render_timestamp(expiry);
    let mut fields = vec![
        ("AccessKeyId", session.access_key_id.as_str()),
        ("SecretAccessKey", session.secret_access_key.expose()),
        ("SessionToken", session.session_token.expose()),
        ("Expiration", &expiration),
    ];
    if let Some(account_id) = session.account_id() {
        fields.push(("AccountId", account_id));
    }
    // Room for everything from the start: a buffer that grows leaves copies of secrets behind.
    let room = 200
        + fields
            .iter()
            .map(|(_, value)| 2 * value.len())
            .sum::<usize>();
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    json.extend_from_slice(b"{\"Version\":1");
    for (name, value) in fields {
        json.push(b',');
        to_writer(&mut *json, name)?;
        json.push(b':');
        to_writer(&mut *json, value)?;
    }
    json.extend_from_slice(b"}\n");
    let text = String::from_utf8(std::mem::take(&mut *json));
    Ok(Zeroizing::new(text.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{secret::Secret, serial::Serial};

    fn session(serial: &str) -> Session {
        let moment = time::parse_timestamp("2026-11-22T17:31:04Z").unwrap();
        Session {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: Secret::new("a/b+c="),
            session_token: Secret::new("quote\" and \\"),
            expiration: moment,
            mfa_time: moment,
            mfa_serial: Serial::parse(serial).unwrap(),
            source_access_key_id: "AKIAEXAMPLE".into(),
        }
    }

    #[test]
    fn the_document_is_version_1_json_whatever_the_values_hold() {
        let session = session("arn:aws:iam::123456789012:mfa/ada");
        let text = render(&session, session.expiration).unwrap();
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
        let session = session("GAHT12345678");
        let text = render(&session, session.expiration).unwrap();
        assert!(!text.contains("AccountId"));
    }
}
