//! The temporary credentials that were given out, and the console sessions that were begun with
//! them.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{clock::delta, model::State, random};

/// Temporary credentials that the sandbox has given out, with what they were made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedSession {
    /// Their id, `ASIA…`.
    pub access_key_id: String,
    /// The action that made them: `GetSessionToken`, `AssumeRole` or `GetFederationToken`.
    pub action: String,
    /// Who those are that use them, as `GetCallerIdentity` tells.
    pub arn: String,
    /// The id of the key that the request for them was signed with.
    pub requested_with: String,
    /// Who asked for them, as `GetCallerIdentity` tells.
    pub requested_by: String,
    /// The region that the request was signed for.
    pub region: String,
    /// Whether a device was proved: in the request itself or, for a role, by the session that
    /// assumed it.
    pub with_mfa: bool,
    /// Whether temporary credentials asked for them, which makes a role session a chained one.
    pub is_chained: bool,
    /// How long they live.
    pub duration: Duration,
    /// When they end.
    pub expires: DateTime<Utc>,
    /// The role that was assumed.
    pub role_arn: Option<String>,
    /// The name of the role session, or of the federated user.
    pub name: Option<String>,
    /// The external id that came with the request, needed or not.
    pub external_id: Option<String>,
    /// The session's tags, those inherited in a chain first.
    pub tags: Vec<(String, String)>,
    /// The keys of the tags that the next session in a chain inherits.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity, inherited or given.
    pub source_identity: Option<String>,
    /// The session policy.
    pub policy: Option<String>,
    /// The ARNs of managed session policies.
    pub policy_arns: Vec<String>,
}

/// A token for the console that the federation endpoint has given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The id of the temporary credentials that it was given for.
    pub access_key_id: String,
    /// Whose console session it is for, as `GetCallerIdentity` tells.
    pub arn: String,
    /// The token.
    pub token: String,
    /// When it was given out.
    pub created: DateTime<Utc>,
    /// The `SessionDuration` that was asked for, if any was.
    pub session_duration: Option<Duration>,
    /// When the console session ends: after that duration, or else with the credentials.
    pub session_ends: DateTime<Utc>,
    /// Where the browser was sent with it, each time.
    pub destinations: Vec<String>,
    /// Whom those requests named as their issuer.
    pub issuers: Vec<String>,
}

/// Temporary credentials.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) secret: String,
    pub(crate) token: String,
    pub(crate) owner: Owner,
    pub(crate) issued: IssuedSession,
}

/// Whose temporary credentials they are.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    /// `GetSessionToken` gave them to a user, who had proved a device at that time, or had not.
    User {
        arn: String,
        mfa_time: Option<DateTime<Utc>>,
    },
    /// `AssumeRole` gave them. They carry no MFA time.
    Role {
        role_arn: String,
        session_name: String,
    },
    /// `GetFederationToken` gave them to a user. They carry no MFA time.
    FederatedUser { user_arn: String, name: String },
}

impl State {
    /// Makes temporary credentials that live from now, for as long as `issued` says; their id and
    /// their end are filled in here.
    pub(crate) fn open_session(&mut self, owner: Owner, issued: IssuedSession) -> Session {
        let session = Session {
            secret: random::session_secret(),
            token: random::session_token(),
            owner,
            issued: IssuedSession {
                access_key_id: random::identifier("ASIA"),
                expires: self.clock.now() + delta(issued.duration),
                ..issued
            },
        };
        self.sessions.push(session.clone());
        session
    }

    /// Whether the key is gone or inactive that these credentials go back to, where that ends them.
    pub(crate) fn has_ended_with_key(&self, session: &Session) -> bool {
        if !self.sessions_end_with_keys {
            return false;
        }
        let origin = &session.issued.requested_with;
        match self.session(origin) {
            Some(before) => self.has_ended_with_key(before),
            None => {
                let mut keys = self.keys.iter();
                !keys.any(|key| key.id == *origin && key.works())
            }
        }
    }

    /// The temporary credentials of this id.
    pub(crate) fn session(&self, access_key_id: &str) -> Option<&Session> {
        self.sessions
            .iter()
            .find(|session| session.issued.access_key_id == access_key_id)
    }
}
