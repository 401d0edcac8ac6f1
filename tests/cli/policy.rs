//! `daypass policy`

mod check;
pub mod page;
mod show;
