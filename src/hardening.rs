//! What keeps secrets in memory from ending up elsewhere.

/// Turns core dumps off, and on Linux keeps other processes of the user from reading this one's
/// memory or tracing it.
///
/// A system that refuses is no reason not to work. Children are not affected for long: the kernel
/// makes a program dumpable again when it is executed.
pub fn protect_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Core).maximum;
        let _ = setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum,
            },
        );
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
