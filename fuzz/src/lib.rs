//! What holds for every input, however hostile it is.
//!
//! A check takes the bytes that a program outside of ours may have written, and panics where daypass
//! does or where one of its promises is broken. libFuzzer drives the checks (`targets/`), and so does
//! the test `fuzzing` of the main package, with what a stable compiler has.

#![forbid(unsafe_code)]

mod audited;
mod authorization_details;
mod cached_session;
mod credential_report;
mod document;
mod input;
mod memory;
mod mfa_process;
mod otpauth;
mod policy;
mod policy_source;
mod profile;
mod shown;
mod words;

/// A check, by the name that its target, its seeds, its dictionary and its found cases have.
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// The check.
    pub check: fn(&[u8]),
}

/// Every check there is.
pub const TARGETS: [Target; 11] = [
    Target {
        name: "authorization_details",
        check: authorization_details::check,
    },
    Target {
        name: "cached_session",
        check: cached_session::check,
    },
    Target {
        name: "credential_report",
        check: credential_report::check,
    },
    Target {
        name: "document",
        check: document::check,
    },
    Target {
        name: "memory",
        check: memory::check,
    },
    Target {
        name: "mfa_process",
        check: mfa_process::check,
    },
    Target {
        name: "otpauth",
        check: otpauth::check,
    },
    Target {
        name: "policy",
        check: policy::check,
    },
    Target {
        name: "policy_source",
        check: policy_source::check,
    },
    Target {
        name: "profile",
        check: profile::check,
    },
    Target {
        name: "words",
        check: words::check,
    },
];

/// Runs the check of this name.
pub fn check(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target of this name").check)(bytes);
}

/// The program with which libFuzzer drives the check of this name.
///
/// The standard library seeds its hash maps with what the system's `getrandom` gives. Here that is always the
/// same, so that one input takes one way through the code: libFuzzer would make other inputs of another way,
/// and what CI finds in a commit would be chance.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        #[unsafe(no_mangle)]
        extern "C" fn getrandom(buffer: *mut u8, length: usize, _flags: u32) -> isize {
            // SAFETY: the caller hands over `length` bytes to be written.
            unsafe { buffer.write_bytes(0x2a, length) };
            isize::try_from(length).unwrap_or(-1)
        }

        ::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::check($name, bytes));
    };
}
