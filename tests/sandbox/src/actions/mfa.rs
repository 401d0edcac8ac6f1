//! The pair of parameters by which a user proves an MFA device to STS.

use super::Context;
use crate::{
    constraints::{Constraints, is_word},
    error::ApiError,
};

/// Checks the form of `SerialNumber` and `TokenCode`.
pub(super) fn constrain(context: &Context, constraints: &mut Constraints) {
    if let Some(serial) = context.parameters.text("SerialNumber") {
        constraints.characters("serialNumber", serial, r"[\w+=/:,.@-]*", |character| {
            is_word(character) || "+=/:,.@-".contains(character)
        });
        constraints.length("serialNumber", serial, 9, 256);
    }
    if let Some(code) = context.parameters.text("TokenCode") {
        constraints.characters("tokenCode", code, r"[\d]*", |character| {
            character.is_ascii_digit()
        });
        constraints.length("tokenCode", code, 6, 6);
    }
}

/// Verifies the device if one is named, and tells whether one was.
pub(super) fn prove(context: &mut Context) -> Result<bool, ApiError> {
    let parameters = context.parameters;
    match (
        parameters.text("SerialNumber"),
        parameters.text("TokenCode"),
    ) {
        (None, None) => Ok(false),
        (Some(serial), Some(code)) => {
            context
                .state
                .verify_code(&context.caller.arn, serial, code)?;
            Ok(true)
        }
        _ => Err(ApiError::access_denied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time \
             pass code.",
        )),
    }
}
