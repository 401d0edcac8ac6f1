//! Where a rotation stands: decided from what is recorded here and what AWS lists, and from nothing else.

use crate::aws::iam::access_keys::ListedKey;

/// The ids that are on record for a profile, on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The key that the profile names.
    pub current: String,
    /// A new one that has not taken its place yet.
    pub new: Option<String>,
    /// The one whose place it has taken.
    pub old: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Everything, from `CreateAccessKey` on.
    Begin,
    /// Everything, once this key has gone: AWS allows two.
    MakeRoom {
        /// The key that is not the profile's.
        other: ListedKey,
        /// Whether it may be one whose secret nobody has: no older than the profile's own.
        is_younger: bool,
    },
    /// An earlier run has stored this key; it is to be tried and put in its place.
    PutInPlace {
        /// The new key.
        new: String,
    },
    /// An earlier run has put the new key in its place; this old one is to go.
    Retire {
        /// The old key.
        old: String,
    },
    /// An earlier run has come to its end but for the record.
    Forget {
        /// The old key, which AWS does not know any more.
        old: String,
    },
    /// AWS does not list the profile's key: it is not of this user.
    NotListed,
}

/// Decides what is to be done next.
pub fn decide(recorded: &Recorded, listed: &[ListedKey]) -> Next {
    let find = |id: &str| listed.iter().find(|key| key.access_key_id == id);
    // Its place is taken by a key that was tried before: no need for AWS to list that one yet.
    if let Some(old) = &recorded.old {
        let old = old.clone();
        return match find(&old) {
            Some(_) => Next::Retire { old },
            None => Next::Forget { old },
        };
    }
    let Some(current) = find(&recorded.current) else {
        return Next::NotListed;
    };
    // Whether or not it is listed yet: trying it tells.
    if let Some(new) = &recorded.new {
        return Next::PutInPlace { new: new.clone() };
    }
    let mut others = listed.iter();
    match others.find(|key| key.access_key_id != recorded.current) {
        Some(other) => Next::MakeRoom {
            is_younger: other.created >= current.created,
            other: other.clone(),
        },
        None => Next::Begin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time;

    fn key(access_key_id: &str, created: &str) -> ListedKey {
        ListedKey {
            access_key_id: access_key_id.into(),
            is_active: true,
            created: time::parse_timestamp(created),
        }
    }

    fn recorded(new: Option<&str>, old: Option<&str>) -> Recorded {
        Recorded {
            current: "AKIAOURS".into(),
            new: new.map(str::to_owned),
            old: old.map(str::to_owned),
        }
    }

    const EARLY: &str = "2026-01-02T03:04:05Z";
    const LATE: &str = "2026-11-22T03:04:05Z";

    #[test]
    fn a_user_with_one_key_begins() {
        let listed = [key("AKIAOURS", EARLY)];
        assert_eq!(decide(&recorded(None, None), &listed), Next::Begin);
    }

    #[test]
    fn a_second_key_has_to_go_first_and_may_be_one_whose_secret_is_lost() {
        for (created, is_younger) in [(LATE, true), ("2025-01-01T00:00:00Z", false)] {
            let listed = [key("AKIAOTHER", created), key("AKIAOURS", EARLY)];
            let other = listed[0].clone();
            let next = Next::MakeRoom { other, is_younger };
            assert_eq!(decide(&recorded(None, None), &listed), next);
        }
    }

    #[test]
    fn a_key_on_record_is_put_in_its_place_whether_aws_lists_it_yet_or_not() {
        let next = Next::PutInPlace {
            new: "AKIANEW".into(),
        };
        let ours = key("AKIAOURS", EARLY);
        for listed in [vec![ours.clone()], vec![ours, key("AKIANEW", LATE)]] {
            assert_eq!(decide(&recorded(Some("AKIANEW"), None), &listed), next);
        }
    }

    #[test]
    fn an_old_key_on_record_goes_and_is_forgotten_once_it_is_gone() {
        let old = || "AKIAOLD".to_owned();
        let both = [key("AKIAOLD", EARLY), key("AKIAOURS", LATE)];
        let stored = recorded(None, Some("AKIAOLD"));
        assert_eq!(decide(&stored, &both), Next::Retire { old: old() });
        assert_eq!(decide(&stored, &both[1..]), Next::Forget { old: old() });
        // Lists may lag behind.
        assert_eq!(decide(&stored, &both[..1]), Next::Retire { old: old() });
        assert_eq!(decide(&stored, &[]), Next::Forget { old: old() });
    }

    #[test]
    fn nothing_is_made_for_a_user_whose_key_it_is_not() {
        let listed = [key("AKIAOTHER", EARLY)];
        assert_eq!(decide(&recorded(None, None), &listed), Next::NotListed);
        assert_eq!(
            decide(&recorded(Some("AKIANEW"), None), &listed),
            Next::NotListed
        );
    }
}
