//! What the actions about MFA devices have in common.

use super::Context;
use crate::{
    constraints::{Constraints, is_word},
    error::ApiError,
    query::Parameters,
};

/// Takes `SerialNumber`, within the limits of the API's own model.
pub(super) fn serial<'a>(parameters: &'a Parameters, constraints: &mut Constraints) -> &'a str {
    let serial = constraints.required(parameters, "SerialNumber", "serialNumber");
    if !serial.is_empty() {
        let allowed = |character| is_word(character) || "+=/:,.@-".contains(character);
        constraints.characters("serialNumber", serial, r"[\w+=/:,.@-]+", allowed);
        constraints.length("serialNumber", serial, 9, 256);
    }
    serial
}

/// Takes `AuthenticationCode1` and `AuthenticationCode2`, within the same limits.
pub(super) fn codes<'a>(parameters: &'a Parameters, constraints: &mut Constraints) -> [&'a str; 2] {
    [
        ("AuthenticationCode1", "authenticationCode1"),
        ("AuthenticationCode2", "authenticationCode2"),
    ]
    .map(|(name, member)| {
        let code = constraints.required(parameters, name, member);
        if !code.is_empty() {
            let allowed = |character: char| character.is_ascii_digit();
            constraints.characters(member, code, r"[\d]+", allowed);
            constraints.length(member, code, 6, 6);
        }
        code
    })
}

/// The resource of actions that are about the device itself.
pub(super) fn resource(context: &Context) -> String {
    let serial = context.parameters.text("SerialNumber");
    serial.unwrap_or("null").to_owned()
}

/// Two codes that are not consecutive, not in order, spent, or of another device.
pub(super) fn invalid_codes() -> ApiError {
    ApiError::new(
        403,
        "InvalidAuthenticationCode",
        "Authentication code for device is not valid.",
    )
}

/// The words are those of `DeleteVirtualMFADevice`; that the others have them too is assumed.
pub(super) fn no_such_device(serial: &str) -> ApiError {
    ApiError::no_such_entity(format!(
        "VirtualMFADevice with serial number {serial} doesn't exist."
    ))
}
