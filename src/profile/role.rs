//! The roles that a profile assumes with its session, as AWS tools and aws-vault spell their settings.

use std::{borrow::Cow, fmt::Write as _, time::Duration};

use sha2::{Digest, Sha256};

use crate::{
    arn::RoleArn,
    profile::{
        Files, Lineage, Place, ProfileError, StsEndpoint,
        duration::RoleDuration,
        region::{checked_region, sts_endpoint},
        setting, text,
    },
    serial::Serial,
};

/// The duration asked of `AssumeRole` unless configured, which every role allows.
const DEFAULT_DURATION: Duration = Duration::from_secs(3_600);

/// The longest that AWS gives a role that is assumed with a session. Source: the IAM user guide, "Role
/// chaining"; what `GetSessionToken` gave counts as a link of the chain like the session of a role
/// (aws-runas#11, aws-vault#263).
pub const LONGEST_ROLE_SESSION: Duration = Duration::from_secs(3_600);

/// A role to assume, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The profile that names it.
    pub profile: String,
    /// The role.
    pub arn: RoleArn,
    /// What CloudTrail shows beside the role.
    pub session_name: String,
    /// The duration to ask of `AssumeRole`.
    pub duration: Duration,
    /// What `duration_seconds` says, and where, if it is more than AWS gives.
    pub cut_from: Option<(Duration, Place)>,
    /// What the role's trust policy may ask for.
    pub external_id: Option<String>,
    /// The session tags.
    pub tags: Vec<(String, String)>,
    /// Which of the tags go on to the next role of the chain.
    pub transitive_tags: Vec<String>,
    /// Who is behind the session, for the whole chain.
    pub source_identity: Option<String>,
    /// The region for STS.
    pub region: String,
    /// At which address STS is asked.
    pub sts_endpoint: StsEndpoint,
    /// The section of the credentials file that holds the cached session of the role.
    pub section: String,
    /// A digest of everything that makes a session of this role another one, that of its source included.
    /// A cached session with another digest counts as absent.
    pub digest: String,
}

/// Reads the roles of a profile, in the order in which they are assumed.
pub(super) fn roles(
    files: &Files,
    lineage: &Lineage,
    region: &str,
    serial: Option<&Serial>,
) -> Result<Vec<Role>, ProfileError> {
    let mut roles: Vec<Role> = Vec::new();
    for profile in lineage.role_profiles() {
        let Some(arn) = role_arn(files, profile)? else {
            continue;
        };
        let mut role = read(files, profile, arn, region, serial)?;
        role.section = lineage.role_section(files, profile)?;
        let is_taken = role.section == lineage.session_section
            || roles.iter().any(|other| other.section == role.section);
        if is_taken {
            return Err(ProfileError::SameSection {
                profile: role.profile,
                section: role.section,
            });
        }
        if role.duration > LONGEST_ROLE_SESSION {
            let place = setting(files, profile, "duration_seconds")?.map(|(_, place)| place);
            role.cut_from = place.map(|place| (role.duration, place));
            role.duration = LONGEST_ROLE_SESSION;
        }
        role.digest = digest(&role, roles.last());
        roles.push(role);
    }
    Ok(roles)
}

fn role_arn(files: &Files, profile: &str) -> Result<Option<RoleArn>, ProfileError> {
    let Some((text, place)) = setting(files, profile, "role_arn")? else {
        return Ok(None);
    };
    RoleArn::parse(&text)
        .map(Some)
        .map_err(|source| ProfileError::RoleArn {
            profile: profile.to_owned(),
            place,
            source,
        })
}

fn read(
    files: &Files,
    profile: &str,
    arn: RoleArn,
    region: &str,
    serial: Option<&Serial>,
) -> Result<Role, ProfileError> {
    let own = |key| setting(files, profile, key);
    let session_name = checked("role_session_name", SESSION_NAME, own("role_session_name")?)?;
    let tags = tags(own("session_tags")?)?;
    Ok(Role {
        profile: profile.to_owned(),
        arn,
        session_name: session_name.unwrap_or_else(|| default_session_name(serial)),
        duration: duration(own("duration_seconds")?)?,
        cut_from: None,
        external_id: checked("external_id", EXTERNAL_ID, own("external_id")?)?,
        transitive_tags: transitive_tags(own("transitive_session_tags")?, &tags)?,
        tags,
        source_identity: checked("source_identity", SOURCE_IDENTITY, own("source_identity")?)?,
        region: match own("region")? {
            Some((name, place)) => checked_region(profile, name, place)?,
            None => region.to_owned(),
        },
        sts_endpoint: sts_endpoint(files, profile)?,
        section: String::new(),
        digest: String::new(),
    })
}

/// What AWS takes for a setting. Source: the STS API reference, `AssumeRole`.
#[derive(Clone, Copy)]
struct Rule {
    shortest: usize,
    longest: usize,
    /// What is allowed besides ASCII letters and digits.
    others: &'static str,
    /// The same in words.
    words: &'static str,
}

const SESSION_NAME: Rule = Rule {
    shortest: 2,
    longest: 64,
    others: "_+=,.@-",
    words: "AWS takes 2 to 64 letters, digits and _+=,.@-",
};
const SOURCE_IDENTITY: Rule = SESSION_NAME;
const EXTERNAL_ID: Rule = Rule {
    shortest: 2,
    longest: 1_224,
    others: "_+=,.@:/-",
    words: "AWS takes 2 to 1224 letters, digits and _+=,.@:/-",
};

impl Rule {
    fn allows(self, text: &str) -> bool {
        let is_allowed =
            |character: char| character.is_ascii_alphanumeric() || self.others.contains(character);
        (self.shortest..=self.longest).contains(&text.len()) && text.chars().all(is_allowed)
    }
}

fn checked(
    key: &'static str,
    rule: Rule,
    found: Option<(Cow<'_, str>, Place)>,
) -> Result<Option<String>, ProfileError> {
    match found {
        Some((text, place)) if !rule.allows(&text) => Err(ProfileError::RoleSetting {
            key,
            rule: rule.words,
            place,
        }),
        found => Ok(text(found)),
    }
}

/// The name of the device, which is most often that of its user: CloudTrail then shows who it was.
fn default_session_name(serial: Option<&Serial>) -> String {
    serial
        .map(Serial::device_name)
        .filter(|name| SESSION_NAME.allows(name))
        .unwrap_or("daypass")
        .to_owned()
}

fn duration(found: Option<(Cow<'_, str>, Place)>) -> Result<Duration, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(DEFAULT_DURATION);
    };
    RoleDuration::parse(&text)
        .map(RoleDuration::get)
        .map_err(|source| ProfileError::Duration {
            key: "duration_seconds",
            place,
            source,
        })
}

/// The most session tags that AWS takes.
const MOST_TAGS: usize = 50;
const TAGS: &str = "it is written KEY=VALUE,KEY=VALUE: at most 50, no key twice, keys of 1 to 128 and values of \
                    up to 256 letters, digits, spaces and _.:/=+-@, none beginning with aws:";
const TRANSITIVE_TAGS: &str = "it is written KEY,KEY: keys of session_tags in the same profile";

fn tags(found: Option<(Cow<'_, str>, Place)>) -> Result<Vec<(String, String)>, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(Vec::new());
    };
    let mut tags: Vec<(String, String)> = Vec::new();
    for tag in text.split(',') {
        let tag = tag
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()));
        // AWS does not tell keys apart by case.
        let is_new = |key: &str| {
            !tags
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(key))
        };
        match tag {
            Some((key, value)) if is_tag(key, 1, 128) && is_tag(value, 0, 256) && is_new(key) => {
                tags.push((key.to_owned(), value.to_owned()));
            }
            _ => return Err(not_tags(place)),
        }
    }
    if tags.len() > MOST_TAGS {
        return Err(not_tags(place));
    }
    Ok(tags)
}

fn transitive_tags(
    found: Option<(Cow<'_, str>, Place)>,
    tags: &[(String, String)],
) -> Result<Vec<String>, ProfileError> {
    let Some((text, place)) = found else {
        return Ok(Vec::new());
    };
    let keys: Vec<String> = text.split(',').map(|key| key.trim().to_owned()).collect();
    let is_given = |key: &String| {
        tags.iter()
            .any(|(given, _)| given.eq_ignore_ascii_case(key))
    };
    if keys.len() > MOST_TAGS || !keys.iter().all(is_given) {
        return Err(ProfileError::RoleSetting {
            key: "transitive_session_tags",
            rule: TRANSITIVE_TAGS,
            place,
        });
    }
    Ok(keys)
}

fn is_tag(text: &str, shortest: usize, longest: usize) -> bool {
    let is_allowed = |character: char| {
        character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
    };
    // AWS keeps the prefix for itself.
    let is_reserved = text
        .get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
    let length = text.chars().count();
    (shortest..=longest).contains(&length) && text.chars().all(is_allowed) && !is_reserved
}

fn not_tags(place: Place) -> ProfileError {
    ProfileError::RoleSetting {
        key: "session_tags",
        rule: TAGS,
        place,
    }
}

/// Half of a SHA-256, in hexadecimal: it tells changes apart and is no secret.
fn digest(role: &Role, source: Option<&Role>) -> String {
    let mut digest = Sha256::new();
    let mut take = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    take(source.map_or("", |source| &source.digest));
    take(role.arn.as_str());
    take(&role.session_name);
    take(role.external_id.as_deref().unwrap_or_default());
    take(role.source_identity.as_deref().unwrap_or_default());
    for (key, value) in &role.tags {
        take(key);
        take(value);
    }
    // Where the tags end.
    take("");
    role.transitive_tags.iter().for_each(|key| take(key));
    let mut text = String::with_capacity(32);
    for byte in &digest.finalize()[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::Line("/home/ada/.aws/config".into(), 7)
    }

    fn tags_of(text: &str) -> Option<Vec<(String, String)>> {
        tags(Some((text.into(), place()))).ok()
    }

    #[test]
    fn session_tags_are_read_as_aws_vault_writes_them() {
        let pairs = |pairs: &[(&str, &str)]| {
            let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
            Some(pairs.iter().map(owned).collect::<Vec<_>>())
        };
        assert_eq!(
            tags_of("team=blue, project = day pass ,empty=,formula=a=b"),
            pairs(&[
                ("team", "blue"),
                ("project", "day pass"),
                ("empty", ""),
                ("formula", "a=b")
            ])
        );
        for wrong in [
            "",
            "team",
            "=blue",
            "team=blue,",
            "team=blue,TEAM=red",
            "team=bl*e",
            "aws:team=blue",
            "team=AWS:blue",
        ] {
            assert_eq!(tags_of(wrong), None, "{wrong}");
        }
        let many: Vec<String> = (0..51).map(|number| format!("k{number}=v")).collect();
        assert!(tags_of(&many[..50].join(",")).is_some());
        assert_eq!(tags_of(&many.join(",")), None);
    }

    #[test]
    fn names_are_held_to_the_rules_of_aws() {
        assert!(SESSION_NAME.allows("ada@example.com"));
        for wrong in ["a", "ada lovelace", "ad\u{e9}", &"a".repeat(65)] {
            assert!(!SESSION_NAME.allows(wrong), "{wrong}");
        }
        assert!(EXTERNAL_ID.allows("urn:partner/42"));
        assert!(!EXTERNAL_ID.allows("a b"));
    }

    #[test]
    fn the_session_is_named_after_the_device_if_aws_takes_that() {
        let name = |serial: &str| default_session_name(Serial::parse(serial).ok().as_ref());
        assert_eq!(name("arn:aws:iam::123456789012:mfa/ada"), "ada");
        assert_eq!(name("arn:aws:iam::123456789012:mfa/a"), "daypass");
        assert_eq!(default_session_name(None), "daypass");
    }
}
