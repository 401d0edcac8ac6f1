//! `daypass exec --server`: the command is given an endpoint that has credentials for as long as it runs.

use std::{
    env,
    ffi::{OsStr, OsString},
    process::ExitCode,
};

use crate::{
    commands::GlobalArgs,
    credential_server::{CredentialServer, Renewal},
    failure::{self, Failure, word},
    handover::{Command, Environment, HandoverError, changed_environment},
    private_files::{self, PrivateFiles},
    profile::{Files, Profile},
    profile_credentials::ProfileCredentials,
    session_variables,
    terminal::printable,
};

/// Where the endpoint is, in the words of AWS's containers.
const ENDPOINT: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// What lets a client in.
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

/// What SDKs would take before the endpoint, or instead of its token, besides keys and profiles.
const PREFERRED: [&str; 6] = [
    "AWS_ACCOUNT_ID",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// Variables that lead requests for plain HTTP through a proxy, in the order of curl.
const PROXIES: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// Runs the command, with `obtained` to begin with, and serves it until it ends.
pub(super) fn run(
    command: &Command,
    files: Files,
    profile: Profile,
    obtained: ProfileCredentials,
    mark: Option<&str>,
    global: &GlobalArgs,
) -> Result<ExitCode, Failure> {
    // Before there is anything that a signal could leave behind.
    #[cfg(unix)]
    let signals = crate::child::Signals::handle().map_err(|error| command.failed(error))?;
    let private = private_files_if_needed(&files, &profile)?;
    drop(files);
    let mut set = vec![
        (session_variables::REGION, profile.region.clone()),
        (session_variables::DEFAULT_REGION, profile.region.clone()),
    ];
    set.extend(mark.map(|mark| (crate::environment::SHELL_PROFILE, mark.to_owned())));
    let unset = super::unset(&profile);
    let server = CredentialServer::start(&obtained, renewal(command, profile, global))
        .map_err(HandoverError::NoServer)?;
    drop(obtained);
    set.push((ENDPOINT, server.url()));
    let environment = environment(&set, &unset, &server, private.as_ref());
    #[cfg(unix)]
    {
        let ended = crate::child::run(command.as_child(environment), &signals)
            .map_err(|error| command.failed(error))?;
        // In this order: nobody is served, the terminal is as it was, nothing is left in the file system.
        drop(server);
        drop(private);
        Ok(crate::child::end_like(ended).into())
    }
    #[cfg(not(unix))]
    {
        let code = command.run(&environment)?;
        drop((server, private));
        Ok(code.into())
    }
}

fn renewal(command: &Command, profile: Profile, global: &GlobalArgs) -> Renewal {
    let program = command.words().first().map(OsString::as_os_str);
    let program = std::path::Path::new(program.unwrap_or_default()).file_name();
    Renewal {
        may_ask: !global.no_prompt,
        program: printable(&program.unwrap_or_default().to_string_lossy()),
        login: format!("daypass login {}", word(&profile.session_profile)),
        tell: failure::tell,
        profile,
    }
}

/// Files of the command's own, if its SDK would find credentials in those of the user.
fn private_files_if_needed(
    files: &Files,
    profile: &Profile,
) -> Result<Option<PrivateFiles>, HandoverError> {
    let Some(place) = private_files::default_that_gives_credentials(files) else {
        return Ok(None);
    };
    crate::terminal::remark_sentences(&format!(
        "daypass: [default] has credentials of its own ({place}), which would be used instead: the command \
         gets a config file with the settings of '{}' alone\n",
        printable(&profile.name)
    ));
    let made = PrivateFiles::make(files, profile).map_err(HandoverError::NoPrivateFiles)?;
    Ok(Some(made))
}

/// The environment of the command.
fn environment(
    set: &[(&str, String)],
    unset: &[&str],
    server: &CredentialServer,
    private: Option<&PrivateFiles>,
) -> Environment {
    let mut all: Vec<(&str, OsString)> = set
        .iter()
        .map(|(name, value)| (*name, value.into()))
        .collect();
    all.push((TOKEN, server.token().expose().into()));
    if let Some(private) = private {
        all.push(("AWS_CONFIG_FILE", private.config().into()));
        all.push(("AWS_SHARED_CREDENTIALS_FILE", private.credentials().into()));
    }
    all.extend(without_proxy(|name| env::var_os(name)));
    let names = all.iter().map(|(name, _)| *name);
    let unset: Vec<&str> = session_variables::NAMES
        .into_iter()
        .chain(PREFERRED)
        .chain(unset.iter().copied())
        .chain(names)
        .collect();
    let mut environment = changed_environment(&[], &unset);
    environment.extend(all.into_iter().map(|(name, value)| (name.into(), value)));
    environment
}

/// What keeps requests to the endpoint, and the token in them, from going to a proxy.
///
/// boto3, the AWS CLI and the SDK for JavaScript use none for this; others and curl do.
fn without_proxy(variable: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, OsString)> {
    const US: &str = "127.0.0.1";
    let value = |name| variable(name).filter(|value| !value.is_empty());
    if !PROXIES.into_iter().any(|name| value(name).is_some()) {
        return Vec::new();
    }
    let names = ["no_proxy", "NO_PROXY"];
    let given: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((name, value(name)?)))
        .collect();
    if given.is_empty() {
        return names.map(|name| (name, US.into())).to_vec();
    }
    given
        .into_iter()
        .filter(|(_, value)| !covers(value, US))
        .map(|(name, mut value)| {
            value.push(",");
            value.push(US);
            (name, value)
        })
        .collect()
}

fn covers(list: &OsStr, host: &str) -> bool {
    let list = list.to_string_lossy();
    list.split([',', ' '])
        .any(|entry| entry == host || entry == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_kept_out_only_where_there_is_one() {
        let with = |variables: &[(&str, &str)]| {
            let value = |wanted: &str| {
                let found = variables.iter().find(|(name, _)| *name == wanted);
                found.map(|(_, value)| OsString::from(value))
            };
            let set = without_proxy(value);
            set.into_iter()
                .map(|(name, value)| format!("{name}={}", value.display()))
                .collect::<Vec<_>>()
        };
        assert!(with(&[]).is_empty());
        assert!(with(&[("https_proxy", "http://proxy:1"), ("http_proxy", "")]).is_empty());
        assert!(with(&[("NO_PROXY", "internal")]).is_empty());
        let proxy = ("HTTP_PROXY", "http://proxy:1");
        assert_eq!(with(&[proxy]), ["no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1"]);
        assert_eq!(
            with(&[proxy, ("NO_PROXY", "internal")]),
            ["NO_PROXY=internal,127.0.0.1"]
        );
        for covered in ["*", "a,127.0.0.1", "127.0.0.1, b"] {
            assert!(with(&[proxy, ("no_proxy", covered)]).is_empty());
        }
    }
}
