//! Against the sandbox.
