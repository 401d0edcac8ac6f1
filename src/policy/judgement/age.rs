//! The age past which a session with MFA can do nothing any more.

use std::{collections::BTreeSet, time::Duration};

use super::{Possible, verdict::Outcomes};
use crate::policy::caller::Caller;

/// The most ages that are looked at. A policy has one or two.
const MOST_AGES: usize = 400;
/// The longest limit that is one, ten years: no session lives longer than a day and a half, and numbers that no float
/// tells from their neighbours would make the seconds beside them look the same.
const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;

/// The smallest age past which nothing but enrolment is possible, if there is one.
///
/// Between the numbers that the conditions name nothing changes, so it is enough to look at each of them and at the
/// seconds beside it, from the oldest on.
pub(super) fn limit(outcomes: &mut Outcomes<'_>) -> Option<Duration> {
    let named: BTreeSet<u64> = outcomes
        .evaluation
        .all_rules()
        .flat_map(|rule| rule.conditions.iter())
        .flat_map(|(test, _)| test.ages())
        .filter(|age| (0.0..=LONGEST).contains(age))
        // Ages are whole seconds.
        .map(|age| age as u64)
        .collect();
    let ages: BTreeSet<u64> = named
        .iter()
        .flat_map(|&age| [age.saturating_sub(1), age, age.saturating_add(1)])
        .chain([0])
        .collect();
    let mut blocked = false;
    for &age in ages.iter().rev().take(MOST_AGES) {
        let caller = Caller::WithMfa {
            age: Duration::from_secs(age),
        };
        if outcomes.around(caller) <= Possible::Enrolment {
            blocked = true;
            continue;
        }
        // The last age at which something is possible. `NumericLessThan 28800` stops at 28,800 and means it.
        let next = age.saturating_add(1);
        let limit = if !named.contains(&age) && named.contains(&next) {
            next
        } else {
            age
        };
        return blocked.then(|| Duration::from_secs(limit));
    }
    None
}
