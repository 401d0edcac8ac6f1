//! What the actions about access keys have in common.

use super::Context;
use crate::{
    caller::Credentials,
    constraints::{Constraints, is_word},
    error::ApiError,
    keys::StoredKey,
    model::StoredUser,
    query::Parameters,
};

/// Takes `AccessKeyId`, within the limits of the API's own model.
pub(super) fn id<'a>(parameters: &'a Parameters, constraints: &mut Constraints) -> &'a str {
    let id = constraints.required(parameters, "AccessKeyId", "accessKeyId");
    if !id.is_empty() {
        constraints.characters("accessKeyId", id, r"[\w]+", is_word);
        constraints.length("accessKeyId", id, 16, 128);
    }
    id
}

/// The user that an action about keys is about.
///
/// "If a temporary access key is used, then UserName is required" (API reference of
/// `UpdateAccessKey` and `ListAccessKeys`; that it holds for the others too is assumed). The root
/// user has no name to give.
pub(super) fn owner<'a>(context: &'a Context) -> Result<&'a StoredUser, ApiError> {
    let user = context.user()?;
    let is_named = context.parameters.text("UserName").is_some();
    if is_named || user.is_root() || context.caller.credentials == Credentials::LongTermKey {
        return Ok(user);
    }
    Err(super::must_name_user())
}

/// A user's key.
pub(super) fn find<'a>(
    context: &'a Context,
    user: &StoredUser,
    id: &str,
) -> Result<&'a StoredKey, ApiError> {
    let mut keys = context.state.keys_of(&user.arn);
    keys.find(|key| key.id == id).ok_or_else(|| no_such_key(id))
}

pub(super) fn no_such_key(id: &str) -> ApiError {
    ApiError::no_such_entity(format!("The Access Key with id {id} cannot be found."))
}
