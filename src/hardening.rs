//! What keeps secrets in memory from ending up elsewhere.

#[cfg(unix)]
use std::sync::atomic::{AtomicU64, Ordering};

/// The largest core dump that this process was allowed when it was started, in bytes; the largest number
/// is no limit.
#[cfg(unix)]
static CORE_LIMIT: AtomicU64 = AtomicU64::new(u64::MAX);

/// Turns core dumps off, and on Linux keeps other processes of the user from reading this one's
/// memory or tracing it.
///
/// A system that refuses is no reason not to work. Children may be read and traced again: the kernel
/// makes a program dumpable when it is executed.
pub fn protect_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let before = getrlimit(Resource::Core);
        CORE_LIMIT.store(before.current.unwrap_or(u64::MAX), Ordering::Relaxed);
        let _ = setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: before.maximum,
            },
        );
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Allows core dumps as they were allowed before [`protect_memory`], for a program that is started next.
///
/// On Linux this process still dumps none, since it is not dumpable.
#[cfg(unix)]
pub fn allow_core_dumps_again() {
    let before = CORE_LIMIT.load(Ordering::Relaxed);
    limit_core_dumps((before != u64::MAX).then_some(before));
}

/// Allows core dumps of this many bytes, or of any size.
#[cfg(unix)]
pub fn limit_core_dumps(current: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Core).maximum;
    let _ = setrlimit(Resource::Core, Rlimit { current, maximum });
}
