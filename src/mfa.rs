//! Where codes come from, and who may ask for one.

pub mod code;
pub mod memory;
pub mod pair;
pub mod pinentry;
pub mod process;
pub mod seed;
pub mod source;
pub mod turn;
