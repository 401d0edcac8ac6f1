//! The console's federation endpoint, `/federation`.
//!
//! It trades temporary credentials for a token that a browser signs in with. What AWS says of it:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>.
//! It takes no signature, and it refuses in one and the same words whatever is wrong.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    SignIn,
    clock::delta,
    error::ApiError,
    model::State,
    query::Parameters,
    random,
    sessions::{Owner, Session},
};

/// Where the endpoint is.
pub(crate) const PATH: &str = "/federation";

/// How long a token is good for.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

/// What the endpoint does when all is well.
pub(crate) enum Reply {
    /// 200 with this JSON.
    Token(String),
    /// 302 to this address, with this cookie.
    SignedIn { destination: String, cookie: String },
}

/// Answers a request.
pub(crate) fn answer(state: &mut State, parameters: &Parameters) -> Result<Reply, ApiError> {
    match parameters.text("Action") {
        Some("getSigninToken") => give_token(state, parameters),
        Some("login") => sign_in(state, parameters),
        _ => Err(refused()),
    }
}

/// The id of the credentials that a request is about, right or wrong, if it has any.
pub(crate) fn access_key_id(state: &State, parameters: &Parameters) -> Option<String> {
    if let Ok(given) = GivenCredentials::read(parameters) {
        return Some(given.access_key_id);
    }
    let token = parameters.text("SigninToken")?;
    let mut sign_ins = state.sign_ins.iter();
    sign_ins
        .find(|sign_in| sign_in.token == token)
        .map(|sign_in| sign_in.access_key_id.clone())
}

/// The refusal as AWS's support pages quote it: credentials that are invalid, and a
/// `SessionDuration` for a role that was assumed with temporary credentials.
/// (`premiumsupport/knowledge-center/invalid-credentials-parameter`.) That other mistakes meet the
/// same page is assumed; their status is 400 by all reports.
fn refused() -> ApiError {
    ApiError::new(400, "BadRequest", "Invalid credentials parameter")
}

/// The page that goes with a refusal.
pub(crate) fn page(error: &ApiError) -> String {
    let description = match error.status {
        400 => "The request sent by the client was syntactically incorrect",
        _ => "The server could not fulfil this request",
    };
    format!(
        "<html><head><title>Error report</title></head><body>\
         <h1>HTTP Status {} - {}</h1><p><b>type</b> Status report</p>\
         <p><b>message</b> {}</p><p><b>description</b> {description}</p></body></html>\n",
        error.status, error.message, error.message
    )
}

/// What the `Session` parameter holds.
struct GivenCredentials {
    access_key_id: String,
    secret: String,
    token: String,
}

impl GivenCredentials {
    fn read(parameters: &Parameters) -> Result<GivenCredentials, ApiError> {
        let json = parameters.text("Session").ok_or_else(refused)?;
        let json: serde_json::Value = serde_json::from_str(json).map_err(|_| refused())?;
        let member = |name: &str| {
            let text = json.get(name).and_then(serde_json::Value::as_str);
            text.map(str::to_owned).ok_or_else(refused)
        };
        Ok(GivenCredentials {
            access_key_id: member("sessionId")?,
            secret: member("sessionKey")?,
            token: member("sessionToken")?,
        })
    }

    /// Finds the session that these are the credentials of. Long-term keys are of none.
    fn session<'a>(&self, state: &'a State) -> Option<&'a Session> {
        let session = state.session(&self.access_key_id)?;
        let is_right = session.secret == self.secret && session.token == self.token;
        (is_right && session.issued.expires > state.clock.now()).then_some(session)
    }
}

fn give_token(state: &mut State, parameters: &Parameters) -> Result<Reply, ApiError> {
    let now = state.clock.now();
    let given = GivenCredentials::read(parameters)?;
    let session = given.session(state).ok_or_else(refused)?;
    let may_ask_for_duration = match session.owner {
        // Sessions of users have no way into the console: they need GetFederationToken.
        // (99designs/aws-vault#106.)
        Owner::User { .. } => return Err(refused()),
        Owner::FederatedUser { .. } => false,
        // Chained is a role that was assumed with any temporary credentials, those of
        // GetSessionToken included. (99designs/aws-vault#92, gravitational/teleport#9792.)
        Owner::Role { .. } => !session.issued.is_chained,
    };
    let session_duration = match parameters.text("SessionDuration") {
        None => None,
        Some(seconds) => Some(
            seconds
                .parse()
                .ok()
                .filter(|seconds| may_ask_for_duration && (900..=43_200).contains(seconds))
                .map(Duration::from_secs)
                .ok_or_else(refused)?,
        ),
    };
    let sign_in = SignIn {
        access_key_id: given.access_key_id,
        arn: session.issued.arn.clone(),
        token: random::signin_token(),
        created: now,
        session_duration,
        session_ends: session_duration
            .map_or(session.issued.expires, |duration| now + delta(duration)),
        destinations: Vec::new(),
        issuers: Vec::new(),
    };
    // The token's alphabet needs no escapes in JSON.
    let json = format!("{{\"SigninToken\":\"{}\"}}", sign_in.token);
    state.sign_ins.push(sign_in);
    Ok(Reply::Token(json))
}

fn sign_in(state: &mut State, parameters: &Parameters) -> Result<Reply, ApiError> {
    let now = state.clock.now();
    let token = parameters.text("SigninToken");
    let sign_in = state
        .sign_ins
        .iter_mut()
        .find(|sign_in| Some(sign_in.token.as_str()) == token)
        .filter(|sign_in| is_good(sign_in, now))
        .ok_or_else(refused)?;
    let destination = parameters
        .text("Destination")
        .filter(|text| is_address(text))
        .ok_or_else(refused)?;
    sign_in.destinations.push(destination.to_owned());
    let issuer = parameters.text("Issuer").map(str::to_owned);
    sign_in.issuers.extend(issuer);
    Ok(Reply::SignedIn {
        destination: destination.to_owned(),
        // Nothing in the sandbox reads it: what matters is that it is a secret in a cookie.
        cookie: format!(
            "aws-creds={}; Path=/; Secure; HttpOnly",
            random::signin_token()
        ),
    })
}

/// Whether the token still signs in.
fn is_good(sign_in: &SignIn, now: DateTime<Utc>) -> bool {
    now - sign_in.created < TOKEN_LIFE && now < sign_in.session_ends
}

/// Whether a `Location` header can take it.
fn is_address(text: &str) -> bool {
    text.starts_with("http") && text.bytes().all(|byte| byte.is_ascii_graphic())
}
