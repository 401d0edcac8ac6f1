//! Ada's home in a temporary directory, and AWS as the sandbox plays it.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use daypass_sandbox::{Device, Sandbox, User};
use totp_rs::{Builder, Secret};

use crate::dates;

/// The company's rule.
pub const MFA_AGE_LIMIT: Duration = Duration::from_secs(8 * 3_600);

/// What the profile asks AWS for: more than the company's rule allows to be used.
const SESSION_SECONDS: u32 = 12 * 3_600;

const STEP_SECONDS: i64 = 30;

/// A home with one profile, `work`, and the account that it belongs to.
#[derive(Debug)]
pub struct PrivateHome {
    /// The home directory.
    pub path: PathBuf,
    /// The real program.
    pub daypass: PathBuf,
    /// AWS.
    pub sandbox: Sandbox,
    /// Ada, with her access key.
    pub user: User,
    device: Device,
    codes: Mutex<Codes>,
}

/// Which codes have been given out.
#[derive(Debug, Default)]
struct Codes {
    /// The time step of the last one.
    last: Option<i64>,
    /// How many logins AWS had seen by then.
    logins: usize,
}

impl PrivateHome {
    /// Writes Ada's two AWS files into an empty directory.
    pub fn furnish(path: &Path, daypass: PathBuf) -> io::Result<Self> {
        let sandbox = Sandbox::start();
        let user = sandbox.add_user("ada");
        let device = sandbox.add_virtual_device(&user, "ada");
        sandbox.set_mfa_age_limit(&user, Some(MFA_AGE_LIMIT));
        sandbox.set_account_alias(Some("ada-and-company"));

        let aws = path.join(".aws");
        fs::create_dir(&aws)?;
        let config = format!(
            "[profile work]\n\
             region             = eu-west-1\n\
             mfa_serial         = {}\n\
             duration_seconds   = {SESSION_SECONDS}\n\
             credential_process = {} credential-process work\n",
            device.serial,
            quoted(&daypass),
        );
        let credentials = format!(
            "# Ada's own access key, and this is her own comment.\n\
             [work-long-term]\n\
             aws_access_key_id     = {}\n\
             aws_secret_access_key = {}\n",
            user.access_key_id, user.secret_access_key,
        );
        fs::write(aws.join("config"), config)?;
        let file = aws.join("credentials");
        fs::write(&file, credentials)?;
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        Ok(PrivateHome {
            path: path.to_owned(),
            daypass,
            sandbox,
            user,
            device,
            codes: Mutex::default(),
        })
    }

    /// What a program needs to take this for its home, and the sandbox for AWS.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let home = self.path.clone().into_os_string();
        let mut variables = vec![("USERPROFILE", home.clone()), ("HOME", home)];
        let sandbox = self.sandbox.environment().into_iter();
        variables.extend(
            sandbox
                // The profile has a region of its own.
                .filter(|(name, _)| !name.contains("REGION"))
                .map(|(name, value)| (name, value.into())),
        );
        variables.push(("no_proxy", "127.0.0.1".into()));
        variables
    }

    /// The same, with what makes output readable to the person at hand, for an empty environment.
    pub fn whole_environment(&self) -> Vec<(&'static str, OsString)> {
        let kept = [
            "TZ",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TERM",
            "NO_COLOR",
            "SystemRoot",
        ];
        let kept = kept
            .into_iter()
            .filter_map(|name| Some((name, env::var_os(name)?)));
        kept.chain(self.environment()).collect()
    }

    /// The code that Ada's device shows; one that AWS has not seen.
    ///
    /// # Errors
    /// The time to wait for it, where all that AWS would take now are used.
    pub fn code(&self) -> Result<String, Duration> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.sandbox.now().timestamp();
        let current = now.div_euclid(STEP_SECONDS);
        let logins = self.sandbox.calls("GetSessionToken");
        // One that nobody has logged in with since can be shown again while it lasts.
        let used = i64::from(logins > codes.logins);
        let step = codes.last.map_or(current, |last| current.max(last + used));
        // AWS takes the next one too, for devices whose clock is ahead.
        if step > current + 1 {
            let wait = (step - 1) * STEP_SECONDS - now;
            return Err(Duration::from_secs(u64::try_from(wait).unwrap_or(1)));
        }
        *codes = Codes {
            last: Some(step),
            logins,
        };
        let seed = Secret::try_from_base32(&self.device.seed);
        let seed = seed.unwrap_or_else(|_| Secret::from(Vec::new()));
        let time = u64::try_from(step * STEP_SECONDS).unwrap_or(0);
        let device = Builder::new().with_secret(seed).build_noncompliant();
        Ok(device.generate(time).to_string())
    }

    /// Moves every date, AWS's and those below `~/.aws`, into the past: the same as waiting.
    pub fn later(&self, duration: Duration) -> io::Result<()> {
        let by = TimeDelta::from_std(duration).map_err(io::Error::other)?;
        self.sandbox.age(duration);
        move_dates(&self.path.join(".aws"), by)
    }

    /// The credentials file.
    pub fn credentials(&self) -> io::Result<String> {
        fs::read_to_string(self.path.join(".aws/credentials"))
    }
}

fn move_dates(directory: &Path, by: TimeDelta) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            move_dates(&path, by)?;
        } else if let Ok(text) = fs::read_to_string(&path) {
            let moved = dates::move_back(&text, by);
            if moved != text {
                fs::write(&path, moved)?;
            }
        }
    }
    Ok(())
}

/// A path as `credential_process` takes it: SDKs split the line at spaces.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) {
        format!("\"{path}\"")
    } else {
        path
    }
}
