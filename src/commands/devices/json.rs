//! The devices as JSON, for programs.

use serde_json::json;

use super::list::Row;
use crate::{devices::owner::Owner, terminal, time};

/// Renders an array with an object for each device.
pub(super) fn render(rows: &[Row], owner: &Owner) -> String {
    let objects: Vec<_> = rows.iter().map(|row| object(row, owner)).collect();
    terminal::json(&serde_json::Value::Array(objects))
}

fn object(row: &Row, owner: &Owner) -> serde_json::Value {
    let Row { device, usage } = row;
    let sessions = usage.sessions.iter().map(|made| made.profile.as_str());
    json!({
        "serial": device.serial(),
        "name": device.name(),
        "type": device.device_type().word(),
        "enabled_at": device.enabled_at.map(time::render_timestamp),
        "gives_codes": device.gives_codes(),
        "profiles": usage.profiles(),
        "profiles_with_a_session": sessions.collect::<Vec<_>>(),
        "seed_in_keychain": !usage.seeds.is_empty(),
        // The root user has none.
        "user": owner.name(),
        "account_id": owner.account_id(),
    })
}
