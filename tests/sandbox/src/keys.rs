//! Long-term keys: whose they are, whether they are active, and whether that is known everywhere.

use chrono::{DateTime, Utc};

use crate::{
    AccessKey, Delay, LastUse, RegisteredKey, clock::delta, model::State, random, service::Service,
};

/// The most keys that a user may have, active or not. (IAM User Guide, "IAM and STS quotas".)
pub(crate) const MOST_KEYS: usize = 2;

/// A long-term key.
#[derive(Clone, Debug)]
pub(crate) struct StoredKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) user_arn: String,
    /// What IAM has on record, and tells at once.
    pub(crate) status: Status,
    pub(crate) created: DateTime<Utc>,
    pub(crate) last_use: Option<LastUse>,
    /// What the services still go by, after a change.
    pub(crate) lag: Option<Lag>,
}

/// The status of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    Inactive,
    Deleted,
}

impl Status {
    /// AWS's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Active => "Active",
            Status::Inactive => "Inactive",
            Status::Deleted => "Deleted",
        }
    }
}

/// A change that has not come through to the services yet: IAM is eventually consistent.
/// (IAM User Guide, "Changes that I make are not always immediately visible".)
#[derive(Clone, Debug)]
pub(crate) struct Lag {
    /// Whether the key worked before the change.
    worked: bool,
    pub(crate) since: DateTime<Utc>,
    left: Delay,
}

impl StoredKey {
    /// Whether the services take a request that is signed with it.
    pub(crate) fn works(&self) -> bool {
        match &self.lag {
            Some(lag) => lag.worked,
            None => self.status == Status::Active,
        }
    }

    /// Sets the status, which the services learn after that delay.
    fn change(&mut self, status: Status, delay: Delay, now: DateTime<Utc>) {
        self.lag = Some(Lag {
            worked: self.works(),
            since: now,
            left: delay,
        });
        self.status = status;
        self.settle(now);
    }

    /// Ends the lag if its time has come.
    fn settle(&mut self, now: DateTime<Utc>) {
        let is_over = self.lag.as_ref().is_none_or(|lag| match lag.left {
            Delay::Calls(left) => left == 0,
            Delay::Time(left) => now - lag.since >= delta(left),
        });
        if is_over {
            self.lag = None;
        }
    }

    pub(crate) fn as_given(&self) -> AccessKey {
        AccessKey {
            access_key_id: self.id.clone(),
            secret_access_key: self.secret.clone(),
        }
    }

    pub(crate) fn as_registered(&self) -> RegisteredKey {
        RegisteredKey {
            key: self.as_given(),
            user_arn: self.user_arn.clone(),
            is_active: self.status == Status::Active,
            works: self.works(),
            created: self.created,
            last_use: self.last_use.clone(),
        }
    }
}

impl State {
    /// Adds a key that works at once.
    pub(crate) fn add_key(&mut self, user_arn: &str) -> AccessKey {
        let key = StoredKey {
            id: random::identifier("AKIA"),
            secret: random::long_term_secret(),
            user_arn: user_arn.to_owned(),
            status: Status::Active,
            created: self.clock.now(),
            last_use: None,
            lag: None,
        };
        let given = key.as_given();
        self.keys.push(key);
        given
    }

    /// Adds a key that works after the delay of new keys.
    pub(crate) fn create_key(&mut self, user_arn: &str) -> AccessKey {
        let given = self.add_key(user_arn);
        let (now, delay) = (self.clock.precise_now(), self.new_key_delay);
        if let Some(key) = self.keys.last_mut() {
            key.status = Status::Inactive;
            key.change(Status::Active, delay, now);
        }
        given
    }

    /// Sets a key's status, or deletes it, which comes through after a delay.
    pub(crate) fn change_key(&mut self, id: &str, status: Status) {
        let now = self.clock.precise_now();
        let delay = match status {
            Status::Active => self.new_key_delay,
            Status::Inactive | Status::Deleted => self.old_key_delay,
        };
        if let Some(key) = self.key_mut(id) {
            key.change(status, delay, now);
        }
    }

    /// Sets a key's status, or deletes it, at once.
    pub(crate) fn set_key_status(&mut self, id: &str, status: Status) -> bool {
        let key = self.key_mut(id);
        key.map(|key| (key.status, key.lag) = (status, None))
            .is_some()
    }

    fn key_mut(&mut self, id: &str) -> Option<&mut StoredKey> {
        self.keys
            .iter_mut()
            .find(|key| key.id == id && key.status != Status::Deleted)
    }

    pub(crate) fn key(&self, id: &str) -> Option<&StoredKey> {
        self.keys
            .iter()
            .find(|key| key.id == id && key.status != Status::Deleted)
    }

    pub(crate) fn keys_of(&self, user_arn: &str) -> impl Iterator<Item = &StoredKey> {
        self.keys
            .iter()
            .filter(move |key| key.user_arn == user_arn && key.status != Status::Deleted)
    }

    /// Brings a key's lag up to date for a request that is signed with it.
    pub(crate) fn settle_key(&mut self, id: &str) {
        let now = self.clock.precise_now();
        // Deleted keys too: they may work for a while.
        let Some(key) = self.keys.iter_mut().find(|key| key.id == id) else {
            return;
        };
        key.settle(now);
        if let Some(Lag {
            left: Delay::Calls(left),
            ..
        }) = &mut key.lag
        {
            *left -= 1;
        }
    }

    /// Remembers a request that was signed with a key.
    pub(crate) fn record_use(&mut self, id: &str, service: Service, region: &str) {
        let now = self.clock.now();
        if let Some(key) = self.key_mut(id) {
            key.last_use = Some(LastUse {
                time: now,
                service: service.name().to_owned(),
                region: region.to_owned(),
            });
        }
    }
}
