//! What AWS answers when it refuses: status, code and message.

/// A refusal, worded as AWS words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The code that SDKs act upon.
    pub(crate) code: &'static str,
    /// The sentence that people see.
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            code,
            message: message.into(),
        }
    }

    pub(crate) fn access_denied(message: impl Into<String>) -> ApiError {
        ApiError::new(403, "AccessDenied", message)
    }

    pub(crate) fn validation(message: impl Into<String>) -> ApiError {
        ApiError::new(400, "ValidationError", message)
    }

    pub(crate) fn malformed_input(message: impl Into<String>) -> ApiError {
        ApiError::new(400, "MalformedInput", message)
    }

    pub(crate) fn no_such_entity(message: impl Into<String>) -> ApiError {
        ApiError::new(404, "NoSuchEntity", message)
    }

    /// The key is unknown, inactive, deleted, or lacks its token.
    pub(crate) fn invalid_client_token() -> ApiError {
        ApiError::new(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        )
    }

    pub(crate) fn incomplete_signature(message: impl Into<String>) -> ApiError {
        ApiError::new(400, "IncompleteSignature", message)
    }

    pub(crate) fn signature_does_not_match(message: impl Into<String>) -> ApiError {
        ApiError::new(403, "SignatureDoesNotMatch", message)
    }

    pub(crate) fn throttling() -> ApiError {
        ApiError::new(400, "Throttling", "Rate exceeded")
    }

    pub(crate) fn internal_failure() -> ApiError {
        ApiError::new(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.",
        )
    }

    pub(crate) fn service_unavailable() -> ApiError {
        ApiError::new(
            503,
            "ServiceUnavailable",
            "The request has failed due to a temporary failure of the server.",
        )
    }
}
