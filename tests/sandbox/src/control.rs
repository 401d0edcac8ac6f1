//! The control address: what the library's methods do, for those outside the process.
//!
//! Plain HTTP, parameters in the query, one line or `key=value` lines of plain text back; 400
//! with one line where something is wrong. `curl "$DAYPASS_SANDBOX_CONTROL/code?user=ada"`.

mod identities;

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use tokio::time::sleep;

use crate::{
    Delay, Device, Fault, Role, Times,
    devices::serial,
    keys::Status,
    model::{ACCOUNT, PARTITIONS, State},
    query::pairs,
    server::Shared,
    totp,
};

/// Answers one request.
pub(crate) async fn answer(shared: &Shared, path: &str, query: &str) -> Result<String, String> {
    let query = Query::parse(query)?;
    match path {
        "/code" => code(shared, &query).await,
        "/codes" => codes(shared, &query).await,
        "/connections" => Ok(shared.connections.load(Ordering::Relaxed).to_string()),
        _ => change(&mut shared.state(), path, &query),
    }
}

/// Everything that takes no time.
fn change(state: &mut State, path: &str, query: &Query) -> Result<String, String> {
    match path {
        "/advance" => state.clock.advance(query.duration("seconds")?),
        "/age" => state.age(query.duration("seconds")?),
        "/offset" => state.clock.set_offset(query.number("seconds")?),
        "/now" => return Ok(state.clock.now().format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        "/misbehave" => misbehave(state, query)?,
        "/behave" => state.faults.clear(),
        "/calls" => {
            let action = query.get("action");
            let named = |name: &str| action.is_none_or(|action| action == name);
            let calls = state.log.iter().filter(|call| named(&call.action));
            return Ok(calls.count().to_string());
        }
        "/log" => {
            let calls = state.log.iter();
            let lines: Vec<_> = calls
                .map(|call| format!("{} {} {}", call.action, call.access_key_id, call.outcome))
                .collect();
            return Ok(lines.join("\n"));
        }
        "/sessions" => return Ok(sessions(state)),
        "/sign-ins" => return Ok(sign_ins(state)),
        "/user" => return add_user(state, query),
        "/device" => return add_device(state, query),
        "/devices" => return Ok(devices(state)),
        "/role" => return Ok(format!("role_arn={}", add_role(state, query)?)),
        "/key" => return key(state, query),
        "/keys" => return keys(state, query),
        "/key-delay" => {
            state.new_key_delay = query.delay("new_calls", "new_seconds")?;
            state.old_key_delay = query.delay("old_calls", "old_seconds")?;
        }
        "/limit" => {
            let limit = query.optional_duration("seconds")?;
            let arn = query.user(state)?;
            if let Some(user) = state.user_mut(&arn) {
                user.mfa_age_limit = limit;
            }
        }
        "/deny" => {
            let (arn, action) = (query.user(state)?, query.required("action")?);
            if let Some(user) = state.user_mut(&arn) {
                user.denied.insert(action.to_owned());
            }
        }
        "/disable-region" => {
            let region = query.required("region")?.to_owned();
            state.disabled_regions.insert(region);
        }
        _ => return identities::answer(state, path, query),
    }
    Ok("ok".to_owned())
}

/// The temporary credentials that were given out, one on a line: action, id, who they are, who asked
/// for them, seconds.
fn sessions(state: &State) -> String {
    let issued = state.sessions.iter().map(|session| &session.issued);
    let lines: Vec<_> = issued
        .map(|issued| {
            format!(
                "{} {} {} {} {}",
                issued.action,
                issued.access_key_id,
                issued.arn,
                issued.requested_with,
                issued.duration.as_secs()
            )
        })
        .collect();
    lines.join("\n")
}

/// The sign-ins to the console, one on a line: the id of the credentials, who they are, how often a
/// browser came, where it went last.
fn sign_ins(state: &State) -> String {
    let lines: Vec<_> = state
        .sign_ins
        .iter()
        .map(|sign_in| {
            let last = sign_in.destinations.last().map_or("-", String::as_str);
            let count = sign_in.destinations.len();
            format!("{} {} {count} {last}", sign_in.access_key_id, sign_in.arn)
        })
        .collect();
    lines.join("\n")
}

/// The code of a device; with `fresh=1` one that has not been used, waited for if need be.
async fn code(shared: &Shared, query: &Query) -> Result<String, String> {
    let is_fresh = query.get("fresh").is_some_and(|fresh| fresh != "0");
    loop {
        let wait = {
            let state = shared.state();
            let serial = query.serial(&state)?;
            if !is_fresh {
                let seed = state
                    .device(&serial)
                    .and_then(|device| device.seed.as_ref());
                let seed = seed.ok_or_else(|| format!("{serial} gives no codes"))?;
                return Ok(totp::code(seed, totp::step_at(state.clock.now())));
            }
            match state.fresh_code(&serial) {
                None => return Err(format!("{serial} gives no codes")),
                Some(Ok(code)) => return Ok(code),
                Some(Err(wait)) => wait,
            }
        };
        sleep(wait).await;
    }
}

/// Two consecutive codes of a device, the first and the second, waited for if need be.
async fn codes(shared: &Shared, query: &Query) -> Result<String, String> {
    loop {
        let wait = {
            let state = shared.state();
            let serial = query.serial(&state)?;
            match state.consecutive_codes(&serial) {
                None => return Err(format!("{serial} gives no codes")),
                Some(Ok(codes)) => return Ok(codes.join(" ")),
                Some(Err(wait)) => wait,
            }
        };
        sleep(wait).await;
    }
}

/// The devices that IAM has on record, one on a line: serial, user, whether it is in sync.
fn devices(state: &State) -> String {
    let lines: Vec<_> = state
        .devices
        .iter()
        .map(|device| {
            let device = device.as_registered();
            let user = device.user_arn.as_deref().unwrap_or("-");
            let sync = if device.is_in_sync { "in" } else { "out" };
            format!("{} {user} {sync}", device.serial)
        })
        .collect();
    lines.join("\n")
}

fn misbehave(state: &mut State, query: &Query) -> Result<(), String> {
    let delay = query.optional_duration("seconds")?.unwrap_or_default();
    let name = query.required("fault")?;
    let fault = Fault::parse(name, delay).ok_or_else(|| format!("there is no fault {name}"))?;
    let times = match query.get("times") {
        Some("always") => Times::Always,
        Some(_) => Times::Next(query.number("times")?),
        None => Times::Next(1),
    };
    state.faults.plan(query.required("action")?, fault, times);
    Ok(())
}

fn add_user(state: &mut State, query: &Query) -> Result<String, String> {
    let name = query.required("name")?;
    let limit = query.optional_duration("mfa_age_limit")?;
    let partition = query.partition()?;
    if state.user_named(partition, ACCOUNT, name).is_some() {
        return Err(format!("there is a user {name} already"));
    }
    let user = state.add_user(partition, ACCOUNT, query.get("path").unwrap_or("/"), name);
    if let Some(user) = state.user_mut(&user.arn) {
        user.mfa_age_limit = limit;
    }
    let device = state.add_virtual_device(&user.arn, name);
    Ok(format!(
        "access_key_id={}\nsecret_access_key={}\nuser_arn={}\nmfa_serial={}\nmfa_seed={}",
        user.access_key_id, user.secret_access_key, user.arn, device.serial, device.seed
    ))
}

fn add_device(state: &mut State, query: &Query) -> Result<String, String> {
    let arn = query.user(state)?;
    // The first of each kind needs no name; further ones do, for serials are unique.
    let name = query.get("name").or(query.get("user")).unwrap_or_default();
    let with_seed = |device: Device| format!("serial={}\nseed={}", device.serial, device.seed);
    let kind = query.get("kind").unwrap_or("virtual");
    let serial = match kind {
        "virtual" => serial(&arn, &format!("mfa/{name}")),
        "hardware" => match query.get("name") {
            Some(serial) => serial.to_owned(),
            None => format!("GAHT{:08}", fastrand::u32(..100_000_000)),
        },
        "sms" => serial(&arn, &format!("sms-mfa/{name}")),
        _ => String::new(),
    };
    if state.device(&serial).is_some() {
        return Err(format!("there is a device {serial} already"));
    }
    // What is nobody's is still of somebody's account.
    let user = Some(&*arn).filter(|_| query.get("unassigned").is_none_or(|value| value == "0"));
    match kind {
        "virtual" | "hardware" => Ok(with_seed(state.add_code_device(user, &serial))),
        "fido" => Ok(format!("serial={}", state.add_fido_device(&arn, name))),
        "sms" => Ok(format!("serial={}", state.add_sms_device(&arn, name))),
        _ => Err(format!("there is no kind {kind} of device")),
    }
}

fn add_role(state: &mut State, query: &Query) -> Result<String, String> {
    let defaults = Role::default();
    let partition = query.partition()?;
    Ok(state.add_role(Role {
        name: query.required("name")?.to_owned(),
        trusted: match query.get("trusted") {
            Some(arns) => arns.split(',').map(str::to_owned).collect(),
            None => vec![format!("arn:{partition}:iam::{ACCOUNT}:root")],
        },
        max_session_duration: query
            .optional_duration("max_session_duration")?
            .unwrap_or(defaults.max_session_duration),
        partition: partition.to_owned(),
        account: query.get("account").unwrap_or(ACCOUNT).to_owned(),
        require_mfa: query.get("require_mfa").is_some_and(|value| value != "0"),
        external_id: query.get("external_id").map(str::to_owned),
        ..defaults
    }))
}

/// Adds a key to a user, or sets the status of the key that is named.
fn key(state: &mut State, query: &Query) -> Result<String, String> {
    let Some(id) = query.get("id") else {
        let arn = query.user(state)?;
        let key = state.add_key(&arn);
        return Ok(format!(
            "access_key_id={}\nsecret_access_key={}",
            key.access_key_id, key.secret_access_key
        ));
    };
    let known = match query.get("status") {
        Some("Active") => state.set_key_status(id, Status::Active),
        Some("Inactive") => state.set_key_status(id, Status::Inactive),
        Some("Deleted") => state.set_key_status(id, Status::Deleted),
        _ => return Err("status is Active, Inactive or Deleted".to_owned()),
    };
    if known {
        Ok("ok".to_owned())
    } else {
        Err(format!("there is no key {id}"))
    }
}

/// The keys of a user, one on a line: id, status, whether the services take it.
fn keys(state: &State, query: &Query) -> Result<String, String> {
    let arn = query.user(state)?;
    let lines: Vec<_> = state
        .keys_of(&arn)
        .map(|key| {
            let works = if key.works() { "works" } else { "refused" };
            format!("{} {} {works}", key.id, key.status.name())
        })
        .collect();
    Ok(lines.join("\n"))
}

/// The parameters of a request.
struct Query(HashMap<String, String>);

impl Query {
    fn parse(query: &str) -> Result<Query, String> {
        let pairs = pairs(query.as_bytes()).map_err(|error| error.message)?;
        Ok(Query(pairs.into_iter().collect()))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn required(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| format!("{name}=… is missing"))
    }

    /// The partition that is named, or `aws`.
    fn partition(&self) -> Result<&str, String> {
        let partition = self.get("partition").unwrap_or("aws");
        PARTITIONS
            .contains(&partition)
            .then_some(partition)
            .ok_or_else(|| format!("there is no partition {partition}"))
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.required(name)?;
        text.parse()
            .map_err(|_| format!("{name}={text} is no such number"))
    }

    fn duration(&self, name: &str) -> Result<Duration, String> {
        let seconds: f64 = self.number(name)?;
        Duration::try_from_secs_f64(seconds).map_err(|_| format!("{name}={seconds} is no duration"))
    }

    /// A duration that may be left out, or left empty.
    fn optional_duration(&self, name: &str) -> Result<Option<Duration>, String> {
        match self.get(name) {
            None | Some("" | "none") => Ok(None),
            Some(_) => self.duration(name).map(Some),
        }
    }

    /// A delay in calls or in seconds; none if neither is given.
    fn delay(&self, calls: &str, seconds: &str) -> Result<Delay, String> {
        match self.optional_duration(seconds)? {
            Some(time) => Ok(Delay::Time(time)),
            None if self.get(calls).is_some() => self.number(calls).map(Delay::Calls),
            None => Ok(Delay::default()),
        }
    }

    /// The ARN of the user who is named.
    fn user(&self, state: &State) -> Result<String, String> {
        let name = self.required("user")?;
        let mut users = state.users.iter().filter(|user| !user.is_root());
        let user = users.find(|user| user.name == name);
        user.map(|user| user.arn.clone())
            .ok_or_else(|| format!("there is no user {name}"))
    }

    /// The serial that is given, or that of the user's first device that gives codes.
    fn serial(&self, state: &State) -> Result<String, String> {
        if let Some(serial) = self.get("serial") {
            return Ok(serial.to_owned());
        }
        let arn = self.user(state)?;
        let mut devices = state.devices.iter();
        devices
            .find(|device| device.is_of(&arn) && device.seed.is_some())
            .map(|device| device.serial.clone())
            .ok_or_else(|| format!("{arn} has no device that gives codes"))
    }
}
