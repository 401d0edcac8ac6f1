//! What the endpoint serves, and how it and whoever renews it hear of one another.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    credentials::TemporaryCredentials,
    profile_credentials::ProfileCredentials,
    time::{self, Timestamp},
};

/// The credentials that are served now.
pub(super) struct Served {
    state: Mutex<State>,
    /// Wakes whoever renews.
    renewer: Condvar,
    /// Wakes the requests that wait for new credentials.
    requests: Notify,
}

struct State {
    credentials: TemporaryCredentials,
    account_id: Option<String>,
    /// When these were put here.
    since: Timestamp,
    /// What a client is told when there are none.
    trouble: String,
    /// Whether a client has asked in vain.
    client_waits: bool,
    is_over: bool,
}

/// Why whoever renews was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Woken {
    /// The time was up.
    Time,
    /// A client has asked, and there was nothing that is still good.
    Client,
    /// Nobody is to be served any more.
    Over,
}

impl Served {
    pub(super) fn new(first: &ProfileCredentials, what_to_run: &str) -> Self {
        Served {
            state: Mutex::new(State {
                credentials: first.credentials.clone(),
                account_id: first.account_id.clone(),
                since: time::now(),
                trouble: format!("the session has ended: {what_to_run}"),
                client_waits: false,
                is_over: false,
            }),
            renewer: Condvar::new(),
            requests: Notify::new(),
        }
    }

    /// Serves these from now on. Returns whether they are others than before.
    pub(super) fn put(&self, new: &ProfileCredentials) -> bool {
        let mut state = self.state();
        let is_new = state.credentials.access_key_id != new.credentials.access_key_id
            || state.credentials.expiration != new.credentials.expiration;
        if is_new {
            state.credentials = new.credentials.clone();
            state.account_id.clone_from(&new.account_id);
            state.since = time::now();
            drop(state);
            self.requests.notify_waiters();
        }
        is_new
    }

    /// When what is served began to be, and when it ends.
    pub(super) fn span(&self) -> (Timestamp, Timestamp) {
        let state = self.state();
        (state.since, state.credentials.expiration)
    }

    /// Waits until there may be something to do, for `limit` at most.
    pub(super) fn wait(&self, limit: Duration) -> Woken {
        let state = self.state();
        let is_idle = |state: &mut State| !state.client_waits && !state.is_over;
        let (mut state, _) = self
            .renewer
            .wait_timeout_while(state, limit, is_idle)
            .unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            Woken::Over
        } else if std::mem::take(&mut state.client_waits) {
            Woken::Client
        } else {
            Woken::Time
        }
    }

    /// Forgets that clients have asked in vain: they had their answer.
    pub(super) fn answer_clients(&self) {
        self.state().client_waits = false;
    }

    /// Renders what is still good with `render`.
    pub(super) fn good<T>(
        &self,
        render: impl FnOnce(&TemporaryCredentials, Option<&str>) -> T,
    ) -> Option<T> {
        let state = self.state();
        // Whole seconds are handed out: with less than one left, they would not end in the future.
        let left = state.credentials.expiration - time::now();
        (left.num_seconds() >= 1).then(|| render(&state.credentials, state.account_id.as_deref()))
    }

    /// Says that a client waits for credentials; the future ends when there are new ones.
    pub(super) fn new_ones(&self) -> impl Future<Output = ()> + '_ {
        let notified = self.requests.notified();
        self.state().client_waits = true;
        self.renewer.notify_all();
        notified
    }

    /// What a client is told when there are no credentials.
    pub(super) fn trouble(&self) -> String {
        self.state().trouble.clone()
    }

    /// Ends the work of whoever renews.
    pub(super) fn end(&self) {
        self.state().is_over = true;
        self.renewer.notify_all();
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.state().is_over
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is in there is whole at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
