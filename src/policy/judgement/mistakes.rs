//! Known mistakes, in plain words.

use std::time::Duration;

use super::{Basis, Intent, Mistake, Verdict, verdict::Outcomes};
use crate::policy::principal::Principal;

/// Finds the mistakes, worst first.
pub(super) fn find(
    principal: &Principal,
    intent: &Intent,
    basis: Basis,
    verdict: Verdict,
    age_limit: Option<Duration>,
    outcomes: &mut Outcomes<'_>,
) -> Vec<Mistake> {
    let _ = (principal, intent, basis, verdict, age_limit, outcomes);
    Vec::new()
}
