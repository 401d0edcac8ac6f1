//! Who and what in an account is not protected by MFA.
//!
//! [`accounts`] says which, where it is about many. [`live`] asks AWS and [`offline`] reads files. [`credential_report`]
//! and [`authorization_details`] read what AWS tells of an account, [`freshness`] has the report know what is newer,
//! [`account`] joins it all and says what is unknown, [`checks`] ask their questions of it (pure), [`report`] is their
//! answers together with what [`ignore`] takes out of them and what [`compare`] says of an earlier report, and
//! [`formats`] renders it.

pub mod account;
pub mod accounts;
pub mod authorization_details;
pub mod checks;
pub mod compare;
pub mod credential_report;
mod encoding;
pub mod error;
pub mod formats;
mod freshness;
pub mod ignore;
mod judged;
pub mod live;
pub mod offline;
mod permission;
pub mod report;
mod separated;
