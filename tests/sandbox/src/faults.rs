//! Misbehaviour on demand.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// A way in which a service, or the network before it, can let a client down.
///
/// Except for [`Fault::DropAfter`], [`Fault::Slow`] and [`Fault::Truncated`], the action is not
/// carried out: a code in the request stays unspent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without an answer, and nothing was done.
    Drop,
    /// The action is carried out, then the connection is closed without an answer.
    DropAfter,
    /// 500, `InternalFailure`.
    Status500,
    /// 503, `ServiceUnavailable`.
    Status503,
    /// 400, `Throttling`, "Rate exceeded".
    Throttle,
    /// The action is carried out, and answered after this time.
    Slow(Duration),
    /// The action is carried out, and the answer breaks off in its middle.
    Truncated,
    /// 200 with a web page, as the portal of a hotel's network gives it.
    Garbage,
    /// 200 with bytes that are no text.
    GarbageBinary,
}

impl Fault {
    /// Reads a fault's name as the control address takes it; `delay` is for `slow`.
    pub(crate) fn parse(name: &str, delay: Duration) -> Option<Fault> {
        Some(match name {
            "drop" => Fault::Drop,
            "drop-after" => Fault::DropAfter,
            "500" => Fault::Status500,
            "503" => Fault::Status503,
            "throttle" => Fault::Throttle,
            "slow" => Fault::Slow(delay),
            "truncated" => Fault::Truncated,
            "garbage" => Fault::Garbage,
            "garbage-binary" => Fault::GarbageBinary,
            _ => return None,
        })
    }
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// At the next calls, this many.
    Next(usize),
    /// At every call until [`Sandbox::behave`](crate::Sandbox::behave).
    Always,
}

/// The faults that are still to strike, per action.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: HashMap<String, VecDeque<(Fault, Times)>>,
}

impl Faults {
    /// Plans a fault after those already planned for this action.
    pub(crate) fn plan(&mut self, action: &str, fault: Fault, times: Times) {
        self.planned
            .entry(action.to_owned())
            .or_default()
            .push_back((fault, times));
    }

    /// Takes the fault that strikes this call, if one does.
    pub(crate) fn strike(&mut self, action: &str) -> Option<Fault> {
        let planned = self.planned.get_mut(action)?;
        loop {
            match planned.front_mut()? {
                (fault, Times::Always) => return Some(*fault),
                (fault, Times::Next(left)) if *left > 0 => {
                    *left -= 1;
                    return Some(*fault);
                }
                _ => planned.pop_front(),
            };
        }
    }

    /// Forgets everything planned.
    pub(crate) fn clear(&mut self) {
        self.planned.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_strike_in_the_order_of_their_planning_and_then_end() {
        let mut faults = Faults::default();
        faults.plan("A", Fault::Drop, Times::Next(2));
        faults.plan("A", Fault::Throttle, Times::Next(1));
        let struck: Vec<_> = (0..4).map(|_| faults.strike("A")).collect();
        let (drop, throttle) = (Some(Fault::Drop), Some(Fault::Throttle));
        assert_eq!(struck, [drop, drop, throttle, None]);
        assert_eq!(faults.strike("B"), None);
    }
}
