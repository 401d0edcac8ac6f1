//! Where codes come from, and who may ask for one.

pub mod code;
pub mod process;
pub mod source;
pub mod turn;
