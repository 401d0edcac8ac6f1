//! The MFA devices of the users.

use std::{collections::HashSet, ops::ControlFlow};

use super::{Report, denied_action, is_of_one_request, why};
use crate::{
    audit::{
        account::{DevicesOfUsers, Known, Unknown, VirtualDevice},
        authorization_details::AuthorizationDetails,
        credential_report::Row,
    },
    aws::{
        client::Aws,
        error::AwsError,
        iam::devices_of_users::{self, News},
    },
    devices::MfaDevice,
};

/// After how many refusals, from the first user on, no further one is asked about.
const DENIALS: usize = 3;

/// Why nothing is known of a user who was deleted meanwhile.
const GONE: &str = "is gone";

/// What AWS tells of the users' devices.
pub(super) struct Devices {
    pub(super) known: Known<DevicesOfUsers>,
    /// The action, if it was denied for anybody.
    pub(super) denied: Option<&'static str>,
}

impl Devices {
    fn unknown(why: Unknown, denied: Option<&'static str>) -> Self {
        Devices {
            known: Err(why),
            denied,
        }
    }
}

/// Asks for the devices of each user of whom they are to be known. What else is known cannot take the place of the
/// question: the report tells that there are devices and not which, and virtual ones are not all that there are.
pub(super) fn read(
    aws: &Aws,
    report: &Known<Report>,
    details: &Known<AuthorizationDetails>,
    virtual_devices: &Known<Vec<VirtualDevice>>,
    tell: &dyn Fn(&str),
) -> Result<Devices, AwsError> {
    let names: Vec<&str> = match (report, details) {
        (Ok(report), _) => to_ask_about(report, virtual_devices),
        (Err(_), Ok(details)) => details
            .users
            .iter()
            .map(|user| user.name.as_str())
            .collect(),
        (Err(why), Err(_)) => return Ok(Devices::unknown(why.clone(), None)),
    };
    let mut denied = None;
    let mut listed: Vec<Option<Known<Vec<MfaDevice>>>> = vec![None; names.len()];
    let mut done = 0;
    let mut end = Ok(None);
    devices_of_users::list(aws, &names, |news| {
        let (index, reply) = match news {
            News::Answer(index, reply) => (index, reply),
            News::Pause(rest) => {
                let told = format!("{done} of {}; AWS is asked too often", names.len());
                tell(&format!(
                    "reading MFA devices: {told}, waiting for {} s",
                    rest.as_secs().max(1)
                ));
                return ControlFlow::Continue(());
            }
        };
        done += 1;
        tell(&format!("reading MFA devices: {done} of {}", names.len()));
        listed[index] = Some(match reply {
            Ok(devices) => Ok(devices.into_iter().map(MfaDevice::from).collect()),
            // Somebody has deleted the user meanwhile.
            Err(AwsError::NoSuchEntity { .. }) => Err(Unknown::because(GONE)),
            Err(error) if is_of_one_request(&error) => {
                denied = denied.or(denied_action(&error));
                Err(why(&error))
            }
            Err(error) => {
                end = Err(error);
                return ControlFlow::Break(());
            }
        });
        match refused_throughout(&listed) {
            Some(why) => {
                end = Ok(Some(why));
                ControlFlow::Break(())
            }
            None => ControlFlow::Continue(()),
        }
    });
    if let Some(why) = end? {
        return Ok(Devices::unknown(why, denied));
    }
    let names = names.into_iter().map(str::to_owned);
    let listed = listed.into_iter().map(|devices| {
        devices.unwrap_or_else(|| Err(Unknown::because("AWS did not tell of the MFA devices")))
    });
    Ok(Devices {
        known: Ok(names.zip(listed).collect()),
        denied,
    })
}

/// Whoever has a device as far as the report or the list of virtual devices knows; and whoever has something that MFA
/// protects, who may have enrolled a device since an old report was made.
fn to_ask_about<'a>(
    report: &'a Report,
    virtual_devices: &Known<Vec<VirtualDevice>>,
) -> Vec<&'a str> {
    let owners = virtual_devices.iter().flatten();
    let owners: HashSet<&str> = owners
        .filter_map(|device| device.owner.as_deref())
        .collect();
    let is_worth_asking = |row: &&Row| {
        let has_credentials = row.password.is_some() || row.active_keys().next().is_some();
        !row.is_root()
            && (row.mfa_active
                || owners.contains(row.arn.as_str())
                || (has_credentials && !report.is_new))
    };
    let rows = report.content.rows.iter().filter(is_worth_asking);
    rows.map(|row| row.user.as_str()).collect()
}

/// Why nobody's devices will be told: the first users were all refused, in the order in which they are asked about and
/// not in that of the answers, so that the same account has the same report each time.
fn refused_throughout(listed: &[Option<Known<Vec<MfaDevice>>>]) -> Option<Unknown> {
    let first = listed.get(..DENIALS.min(listed.len()))?;
    let refusals = first.iter().map(|devices| match devices {
        Some(Err(why)) if &*why.0 != GONE => Some(why),
        _ => None,
    });
    let refusals: Option<Vec<&Unknown>> = refusals.collect();
    refusals?.first().map(|why| (*why).clone())
}
