//! What AWS answered, translated into what it means.

use std::error::Error;

use aws_sdk_sts::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    serial::Serial,
    terminal::excerpt,
    time::{self, render_span},
};

/// A request that came to nothing, and why.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// The code was wrong, or AWS had seen it before: the answer is the same.
    #[error("AWS refused the MFA code")]
    InvalidCode {
        /// By how much this machine's clock is ahead of AWS's.
        clock_ahead: Option<TimeDelta>,
    },
    /// The serial is not of a device of this user.
    #[error("AWS does not know this MFA device for the user of this key")]
    UnknownDevice,
    /// The request was signed at another time than AWS's.
    #[error("this machine's clock is {} AWS's, and AWS accepts five minutes", off(*clock_ahead))]
    Clock {
        /// By how much this machine's clock is ahead of AWS's.
        clock_ahead: Option<TimeDelta>,
    },
    /// The key is not known, or not active.
    #[error(
        "AWS does not know this access key: it was deleted or deactivated, or belongs to another partition"
    )]
    UnknownKey,
    /// The secret does not fit the key.
    #[error(
        "AWS refused the signature: the secret access key does not belong to the access key id"
    )]
    WrongSecret,
    /// The credentials are those of a session that has ended.
    #[error("the credentials have expired")]
    Expired,
    /// The region has to be switched on first.
    #[error("AWS STS is not switched on in region {region} for this account")]
    RegionDisabled {
        /// The region.
        region: String,
    },
    /// A policy forbids the action.
    #[error("AWS denied {action}: {message}")]
    Denied {
        /// The action.
        action: &'static str,
        /// AWS's words.
        message: String,
    },
    /// Two codes, to enable or resync a device, were wrong, not consecutive or too old.
    #[error("AWS refused the two codes")]
    InvalidCodePair {
        /// By how much this machine's clock is ahead of AWS's.
        clock_ahead: Option<TimeDelta>,
    },
    /// What was to be made is there already.
    #[error("AWS refused {action}: {message}")]
    EntityAlreadyExists {
        /// The action.
        action: &'static str,
        /// AWS's words.
        message: String,
    },
    /// What was named does not exist.
    #[error("AWS refused {action}: {message}")]
    NoSuchEntity {
        /// The action.
        action: &'static str,
        /// AWS's words.
        message: String,
    },
    /// There are as many as AWS allows.
    #[error("AWS refused {action}: {message}")]
    LimitExceeded {
        /// The action.
        action: &'static str,
        /// AWS's words.
        message: String,
    },
    /// What was to be deleted is in use.
    #[error("AWS refused {action}: {message}")]
    DeleteConflict {
        /// The action.
        action: &'static str,
        /// AWS's words.
        message: String,
    },
    /// Too many requests.
    #[error("AWS is being asked too often (throttling), and was asked three times")]
    Throttled,
    /// Any other refusal.
    #[error("AWS refused {action}: {message} ({code})")]
    Refused {
        /// The action.
        action: &'static str,
        /// AWS's error code.
        code: String,
        /// AWS's words.
        message: String,
    },
    /// The service is in trouble.
    #[error("AWS could not answer: HTTP status {status}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is not AWS's.
    #[error("the answer does not come from AWS, or was damaged on the way")]
    Unreadable {
        /// The HTTP status.
        status: Option<u16>,
    },
    /// The text of a policy in AWS's answer has a broken escape, or is not UTF-8.
    #[error("AWS's answer has the text of {policy} with a broken escape, or not in UTF-8")]
    DamagedDocument {
        /// What people call the policy.
        policy: String,
    },
    /// No answer in time.
    #[error("AWS did not answer in time")]
    TimedOut,
    /// No connection.
    #[error("AWS cannot be reached")]
    Unreachable {
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

fn off(clock_ahead: Option<TimeDelta>) -> String {
    match clock_ahead {
        Some(ahead) if ahead < TimeDelta::zero() => format!("{} behind", render_span(ahead)),
        Some(ahead) => format!("{} ahead of", render_span(ahead)),
        None => "more than five minutes off".to_owned(),
    }
}

impl AwsError {
    /// An answer that lacks what it must hold.
    pub(super) fn unreadable() -> Self {
        AwsError::Unreadable { status: None }
    }

    /// Translates an error of the SDK.
    pub(super) fn from_sdk<E>(
        action: &'static str,
        region: &str,
        error: SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match error {
            SdkError::ServiceError(context) => {
                refusal(action, region, context.err(), context.raw())
            }
            SdkError::ResponseError(context) => AwsError::Unreadable {
                status: Some(context.raw().status().as_u16()),
            },
            SdkError::TimeoutError(_) => AwsError::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => AwsError::TimedOut,
            other => AwsError::Unreachable {
                source: match other.into_source() {
                    Ok(source) => source,
                    Err(error) => Box::new(error),
                },
            },
        }
    }

    /// Why AWS may have refused a code, for a person to go through. Empty for other errors.
    pub fn likely_causes(&self, serial: &Serial) -> String {
        let AwsError::InvalidCode { clock_ahead } = self else {
            return String::new();
        };
        let clock = match clock_ahead {
            Some(ahead) if ahead.num_seconds().abs() >= 5 => format!(
                " This machine's clock is {} off AWS's, which spoils codes that are made on it.",
                render_span(*ahead)
            ),
            _ => String::new(),
        };
        format!(
            "Mistyped, used already (a code is good once), or from another device than {serial}? Wait \
             for the next one.{clock}"
        )
    }

    /// Whether AWS has answered, and will not do it: with other credentials it may.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            AwsError::Denied { .. }
                | AwsError::Expired
                | AwsError::UnknownKey
                | AwsError::WrongSecret
        )
    }

    /// Whether the request may have been carried out all the same: its answer was lost or damaged.
    pub fn may_have_been_done(&self) -> bool {
        matches!(
            self,
            AwsError::Unavailable { .. }
                | AwsError::Unreadable { .. }
                | AwsError::TimedOut
                | AwsError::Unreachable { .. }
        )
    }

    /// Whether AWS refused the code itself: another one may do.
    pub fn is_refused_code(&self) -> bool {
        matches!(self, AwsError::InvalidCode { .. })
    }
}

/// Sources: the STS and IAM API references, "Common errors", and AWS's messages as it sends them.
fn refusal<E: ProvideErrorMetadata>(
    action: &'static str,
    region: &str,
    error: &E,
    response: &HttpResponse,
) -> AwsError {
    let status = response.status().as_u16();
    let message = error.message().unwrap_or_default();
    let Some(code) = error.code() else {
        return if status >= 500 {
            AwsError::Unavailable { status }
        } else {
            AwsError::Unreadable {
                status: Some(status),
            }
        };
    };
    match code {
        "AccessDenied" if message.contains("invalid MFA one time pass code") => {
            AwsError::InvalidCode {
                clock_ahead: clock_ahead(response),
            }
        }
        "AccessDenied" if message.contains("unable to validate MFA code") => {
            AwsError::UnknownDevice
        }
        "AccessDenied" | "AccessDeniedException" => AwsError::Denied {
            action,
            message: excerpt(message),
        },
        "InvalidAuthenticationCode" => AwsError::InvalidCodePair {
            clock_ahead: clock_ahead(response),
        },
        "EntityAlreadyExists" => AwsError::EntityAlreadyExists {
            action,
            message: excerpt(message),
        },
        "NoSuchEntity" => AwsError::NoSuchEntity {
            action,
            message: excerpt(message),
        },
        "LimitExceeded" => AwsError::LimitExceeded {
            action,
            message: excerpt(message),
        },
        "DeleteConflict" => AwsError::DeleteConflict {
            action,
            message: excerpt(message),
        },
        "SignatureDoesNotMatch" | "RequestExpired" | "RequestTimeTooSkewed"
            if code != "SignatureDoesNotMatch" || message.starts_with("Signature ") =>
        {
            AwsError::Clock {
                clock_ahead: clock_ahead(response),
            }
        }
        "SignatureDoesNotMatch" => AwsError::WrongSecret,
        "InvalidClientTokenId" => AwsError::UnknownKey,
        "ExpiredToken" | "ExpiredTokenException" => AwsError::Expired,
        "RegionDisabledException" => AwsError::RegionDisabled {
            region: region.to_owned(),
        },
        "Throttling"
        | "ThrottlingException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException" => AwsError::Throttled,
        _ if status >= 500 => AwsError::Unavailable { status },
        _ => AwsError::Refused {
            action,
            code: excerpt(code),
            message: excerpt(message),
        },
    }
}

/// By how much this machine's clock is ahead of the one that dated the answer.
fn clock_ahead(response: &HttpResponse) -> Option<TimeDelta> {
    let date = DateTime::parse_from_rfc2822(response.headers().get("date")?).ok()?;
    Some(time::now() - date.with_timezone(&Utc))
}
