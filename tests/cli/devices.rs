//! `daypass devices`

use crate::support::Home;

mod listing;
mod moto;
mod remove;
mod resync;

/// A second user of the account, whose profile `admin` may do everything for everybody.
fn with_administrator(home: &Home) {
    let admin = home.sandbox.add_user("grace");
    home.write_credentials(&format!(
        "{}[admin]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.credentials(),
        admin.access_key_id,
        admin.secret_access_key
    ));
}
