//! `daypass policy`

mod check;
mod show;
