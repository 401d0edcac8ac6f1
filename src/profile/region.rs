//! In which region AWS is asked, and at which of its addresses.

use std::borrow::Cow;

use crate::{
    arn::{Arn, RoleArn},
    environment,
    profile::{Files, Place, ProfileError, setting, words},
    serial::Serial,
};

/// At which address STS is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StsEndpoint {
    /// The one of the region.
    #[default]
    Regional,
    /// `sts.amazonaws.com` for the regions that AWS had when that was the only one. Its sessions may be
    /// refused in regions that an account has to switch on.
    Legacy,
}

/// Reads `AWS_STS_REGIONAL_ENDPOINTS`, then `sts_regional_endpoints` of the profile, in the order of the
/// SDKs.
pub(super) fn sts_endpoint(files: &Files, profile: &str) -> Result<StsEndpoint, ProfileError> {
    let variable = || {
        let place = Place::Variable("AWS_STS_REGIONAL_ENDPOINTS");
        Some((environment::sts_regional_endpoints()?.into(), place))
    };
    let found = match variable() {
        None => setting(files, profile, "sts_regional_endpoints")?,
        found => found,
    };
    Ok(words::word("sts_regional_endpoints", found)?.unwrap_or_default())
}

/// The name of a region, which becomes a part of the name of a host: whatever else stood there would be
/// asked for all over the network.
pub(super) fn checked_region(
    profile: &str,
    name: Cow<'_, str>,
    place: Place,
) -> Result<String, ProfileError> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.len() < 32 && name.bytes().all(is_allowed) {
        return Ok(name.into_owned());
    }
    Err(ProfileError::Region {
        profile: profile.to_owned(),
        place,
    })
}

/// Whether a text has the form of all of AWS's regions: `eu-west-1`, `us-gov-west-1`, `eusc-de-east-1`. It is asked
/// of what people type; files may name what other tools understand.
pub fn can_be_a_region(text: &str) -> bool {
    const LONGEST: usize = 32;
    let parts: Vec<&str> = text.split('-').collect();
    let [area, middle @ .., number] = parts.as_slice() else {
        return false;
    };
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    text.len() < LONGEST
        && (2..=5).contains(&area.len())
        && is_word(area)
        && !middle.is_empty()
        && middle.iter().all(|part| is_word(part))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn region_of_environment<'a>() -> Option<(Cow<'a, str>, Place)> {
    let place = Place::Variable("AWS_REGION or AWS_DEFAULT_REGION");
    Some((environment::region()?.into(), place))
}

/// The region to ask AWS in for this profile, whether it is there yet or not.
///
/// # Errors
/// When the setting cannot be read, or is no region.
pub fn region(
    files: &Files,
    profile: &str,
    serial: Option<&Serial>,
) -> Result<String, ProfileError> {
    match setting(files, profile, "region")?.or_else(region_of_environment) {
        Some((name, place)) => checked_region(profile, name, place),
        None => Ok(default_region(serial, None).to_owned()),
    }
}

/// A region of the partition that the device or the role is in, for profiles without one.
pub(super) fn default_region(serial: Option<&Serial>, role: Option<&RoleArn>) -> &'static str {
    let partition = serial
        .and_then(|serial| Arn::parse(serial.as_str()))
        .map(|arn| arn.partition)
        .or(role.map(RoleArn::partition));
    match partition {
        Some("aws-cn") => "cn-north-1",
        Some("aws-us-gov") => "us-gov-west-1",
        _ => "us-east-1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_by_mistake_is_no_region() {
        for region in [
            "eu-west-1",
            "us-gov-west-1",
            "ap-southeast-5",
            "eusc-de-east-1",
            "cn-north-1",
        ] {
            assert!(can_be_a_region(region), "{region}");
        }
        for text in [
            "",
            "y",
            "yes",
            "eu",
            "eu-west",
            "1",
            "-",
            "eu--1",
            "EU-WEST-1",
            "eu-west-1a",
            "eu west 1",
            "a-b-1",
        ] {
            assert!(!can_be_a_region(text), "{text}");
        }
    }
}
