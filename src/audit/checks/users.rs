//! What the checks of users have in common: whom they can look at. Of the others they say why not.

use crate::{
    audit::{
        account::{Account, Judged, Known, Unknown, User},
        credential_report::Row,
    },
    devices::MfaDevice,
};

use super::{Answer, policies::unknown_policies};

/// The users of whom the credential report tells, with their lines of it.
pub(super) fn with_credentials<'a>(
    account: &'a Account,
    answer: &mut Answer,
) -> Vec<(&'a User, &'a Row)> {
    let missing = account.gaps.credential_report.as_ref();
    knowing(account, |user| &user.credentials, missing, answer)
}

/// The users whose devices are known, with these.
pub(super) fn with_devices<'a>(
    account: &'a Account,
    answer: &mut Answer,
) -> Vec<(&'a User, &'a Vec<MfaDevice>)> {
    let missing = account.gaps.devices.as_ref();
    knowing(account, |user| &user.devices, missing, answer)
}

/// Those of the users whose policies are known, with their credentials and what the policies come to.
pub(super) fn with_policies<'a>(
    account: &'a Account,
    users: impl Iterator<Item = (&'a User, &'a Row)>,
    answer: &mut Answer,
) -> Vec<(&'a User, &'a Row, &'a Judged)> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (user, credentials) in users {
        match &user.policies {
            Ok(judged) => known.push((user, credentials, judged)),
            Err(why) => unknown.push((user, why)),
        }
    }
    answer.unknown_of(account.gaps.details.as_ref(), &unknown);
    unknown_policies(answer, known.iter().map(|(_, _, judged)| *judged));
    known
}

/// The users of whom a part is known; `missing` says why all of it is not, where it is not.
fn knowing<'a, T>(
    account: &'a Account,
    part: impl Fn(&'a User) -> &'a Known<T>,
    missing: Option<&Unknown>,
    answer: &mut Answer,
) -> Vec<(&'a User, &'a T)> {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for user in &account.users {
        match part(user) {
            Ok(part) => known.push((user, part)),
            Err(why) => unknown.push((user, why)),
        }
    }
    answer.unknown_of(missing, &unknown);
    known
}
