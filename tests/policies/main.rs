//! What daypass finds out about policies, compared with an independent evaluator; and hostile policies.

mod agreement;
mod generated;
mod hostile;

#[path = "../cli/support/presence.rs"]
#[allow(dead_code)] // not all that the tests need is needed here
mod presence;
#[path = "../hammers/random.rs"]
#[allow(dead_code)] // the seed of the hammers is not wanted here
mod random;
