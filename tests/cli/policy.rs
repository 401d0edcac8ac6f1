//! `daypass policy`

mod check;
mod page;
mod show;
