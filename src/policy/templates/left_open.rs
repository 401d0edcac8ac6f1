//! What the policies that daypass writes cannot do.

use super::Kind;

/// What a policy of this kind leaves open, since IAM has no means against it or because it is meant so: a
/// sentence or two each.
pub fn left_open(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Strict => &STRICT,
        Kind::SelfService => &SELF_SERVICE,
    }
}

const STRICT: [&str; 3] = [
    "nobody in the group can enrol a first device: an administrator does it, with daypass enroll --user NAME",
    MACHINES,
    ROLES,
];

const SELF_SERVICE: [&str; 8] = [
    "until somebody has enrolled, whoever has the key or the password can do so first: enrol on the day that \
     the user is made",
    "users who have devices already, and none with their own name, have left that name free: let them enrol one \
     more, with daypass enroll --name USER",
    "even then, a stolen key can still enable a hardware token, or a virtual device that another user of the \
     account has made: IAM cannot name the device in iam:EnableMFADevice. Have CloudTrail report that call",
    "a device that an interrupted enrolment has left is deleted by an administrator, with aws iam \
     delete-virtual-mfa-device --serial-number ARN: without MFA nobody deletes one",
    "whoever knows the password can change it without MFA, since a first one often has to be: that opens nothing, \
     but the owner needs an administrator then",
    "no user's name should be another's with a hyphen and more behind it: with MFA, ada could make the device ada-smith",
    MACHINES,
    ROLES,
];

const MACHINES: &str =
    "machine users with a key and nobody to type codes are stopped too: keep them out of the group";

const ROLES: &str =
    "a role that was assumed in time is good until its own end: its session has no MFA age";
