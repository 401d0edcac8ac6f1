//! `daypass console`: the AWS console in the browser, signed in.

use std::{ops::ControlFlow, process::Child, time::Duration};

use crate::{
    commands::{GlobalArgs, ProfileArgs, warn_if_unsaved},
    console::{
        self, NotAService, Partition, Service,
        browser::{self, Opener},
        doorway::{Doorway, Ended},
        error::ConsoleError,
        sign_in,
    },
    credentials::TemporaryCredentials,
    failure::{self, Exit, Failure},
    profile::{self, Files, Overrides, Profile},
    profile_credentials,
    secret::Secret,
    serial::Serial,
    session::{Request, Wants},
    terminal::{self, printable, trace, warn},
    time,
};

/// How long the browser has to come for the address.
const PATIENCE: Duration = Duration::from_secs(60);

/// Open the AWS console in the browser, signed in
///
/// With a profile that assumes a role, the console has that role, and ends with the role's session: AWS takes
/// no longer duration for a role that was assumed with a session (duration_seconds of the profile is how long
/// the role's session lasts).
///
/// With the profile of a user, the console gets a session of GetFederationToken for the user's own
/// permissions, since AWS signs nobody in with the session that daypass login gets. Such a session carries no
/// MFA: whatever your company's policy denies without MFA is denied in it. It cannot use IAM, and it
/// needs the permission sts:GetFederationToken. It lasts as long as a session of daypass login would. A profile with
/// a role is the better way.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  daypass console prod
  daypass console prod --service ec2
  daypass console prod --print

The browser is the one that BROWSER names, or else the desktop's own. It gets an
address on this machine, good for one visit within a minute, which leads to the
sign-in: the sign-in address itself is as good as a password for 15 minutes, and
everybody on the machine can read what a program is started with. Where there is
no browser, the address is printed as with --print.")]
pub struct ConsoleArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// The service to begin with, as in the console's addresses: ec2, s3, cloudwatch
    #[arg(short, long, value_name = "NAME", value_parser = service)]
    service: Option<Service>,

    /// Print the sign-in address instead: whoever has it within 15 minutes has the console
    #[arg(long)]
    print: bool,

    /// Where to sign in; AWS_ENDPOINT_URL_SIGNIN, AWS_ENDPOINT_URL, then AWS's own, if not given
    #[arg(long, value_name = "URL")]
    federation_endpoint: Option<String>,
}

fn service(text: &str) -> Result<Service, NotAService> {
    Service::parse(text)
}

/// Runs the command.
///
/// # Errors
/// Anything that keeps a browser from being signed in.
pub fn run(args: ConsoleArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    let selection = args.profile.selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let partition = partition(&profile).map_err(ConsoleError::from)?;
    let endpoint = console::federation_endpoint(args.federation_endpoint.as_deref(), partition)
        .map_err(ConsoleError::from)?;
    let destination = console::destination(partition, &profile.region, args.service.as_ref())
        .map_err(ConsoleError::from)?;
    trace(1, || format!("signing in at {endpoint} for {destination}"));

    let console = console_of(&mut files, &profile, global)?;
    let address = sign_in::address(&profile.name, &console.credentials, endpoint, &destination)?;
    // Nothing else that is secret waits in memory for a browser.
    drop((files, console.credentials));
    console.remarks.iter().for_each(|text| remark(text));
    if args.print {
        return print(&address);
    }
    match browser::openers() {
        Ok(openers) => open(address, openers, &profile.name),
        Err(reason) => {
            warn(format_args!("the address is printed, since {reason}"));
            print(&address)
        }
    }
}

/// The partition of the role, else of the device, else of the region.
fn partition(profile: &Profile) -> Result<Partition, console::AddressError> {
    let serial = profile.mfa_serial.as_ref().map(Serial::as_str);
    let role = profile.role().map(|role| role.arn.as_str());
    let arn = role.or(serial);
    match arn.filter(|arn| arn.starts_with("arn:")) {
        Some(arn) => Partition::of_arn(arn),
        None => Ok(Partition::of_region(&profile.region)),
    }
}

/// A console session that can be had.
struct Console {
    /// What the federation endpoint takes.
    credentials: TemporaryCredentials,
    /// What a person has to know of it.
    remarks: Vec<String>,
}

fn console_of(
    files: &mut Files,
    profile: &Profile,
    global: &GlobalArgs,
) -> Result<Console, Failure> {
    let until = |credentials: &TemporaryCredentials| {
        time::render_local(credentials.expiration, time::now())
    };
    if let Some(role) = profile.role() {
        let request = Request::new(Wants::Best, !global.no_prompt);
        let obtained = profile_credentials::obtain(files, profile, &request, failure::tell)?;
        warn_if_unsaved(obtained.unsaved.as_ref());
        let until = until(&obtained.credentials);
        return Ok(Console {
            credentials: obtained.credentials,
            remarks: vec![format!(
                "the console has the role {} until {until}",
                role.arn
            )],
        });
    }
    let federated = sign_in::federate(files, profile, global.questions())?;
    let until = until(&federated.credentials);
    let remarks = vec![
        format!(
            "the console acts for {} until {until}, without MFA and without IAM: what your company denies \
             without MFA is denied in it",
            federated.arn
        ),
        "a profile with a role is the better way; daypass console --help says more".to_owned(),
    ];
    Ok(Console {
        credentials: federated.credentials,
        remarks,
    })
}

fn remark(text: &str) {
    terminal::remark_sentences(&format!("daypass: {}\n", printable(text)));
}

fn print(address: &Secret) -> Result<Exit, Failure> {
    terminal::output(&format!("{}\n", address.expose()))?;
    remark("this address is good for 15 minutes, and gives whoever has it the console");
    Ok(Exit::Done)
}

fn open(address: Secret, openers: Vec<Opener>, profile: &str) -> Result<Exit, Failure> {
    let doorway = Doorway::prepare(address).map_err(ConsoleError::Doorway)?;
    remark(&format!(
        "waiting for the browser to open {} (Ctrl-C gives up)",
        doorway.address()
    ));
    let mut attempts = Attempts {
        left: openers.into_iter(),
        running: None,
    };
    attempts.start_next(doorway.address());
    let ended = doorway
        .serve(PATIENCE, || attempts.look(doorway.address()))
        .map_err(ConsoleError::Doorway)?;
    match ended {
        Ended::Fetched => {
            attempts.leave_terminal();
            Ok(Exit::Done)
        }
        Ended::TimedOut => Err(ConsoleError::NotFetched {
            profile: profile.to_owned(),
        }
        .into()),
        Ended::GivenUp(()) => match doorway.take_back() {
            Some(address) => {
                warn("the address is printed, since no browser could be opened");
                print(&address)
            }
            // It came for the address in the moment in which its opener failed.
            None => Ok(Exit::Done),
        },
    }
}

/// The openers, one after the other.
struct Attempts {
    left: std::vec::IntoIter<Opener>,
    running: Option<(Opener, Child)>,
}

impl Attempts {
    /// Starts the next one that can be started.
    fn start_next(&mut self, address: &str) {
        self.running = None;
        for opener in self.left.by_ref() {
            match opener.open(address) {
                Ok(child) => {
                    trace(1, || format!("started {}", opener.name()));
                    self.running = Some((opener, child));
                    return;
                }
                Err(error) => warn(format_args!("{} cannot be started: {error}", opener.name())),
            }
        }
    }

    /// Goes on to the next one if this one has failed; breaks off where none is left. One that has ended
    /// well has handed the address on.
    fn look(&mut self, address: &str) -> ControlFlow<()> {
        if let Some((opener, child)) = &mut self.running
            && let Ok(Some(status)) = child.try_wait()
            && !status.success()
        {
            warn(format_args!("{} failed ({status})", opener.name()));
            self.start_next(address);
        }
        if self.running.is_some() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    /// Waits for a browser that shows its pages on the terminal: the shell would take it away.
    fn leave_terminal(self) {
        if let Some((opener, mut child)) = self.running
            && opener.needs_terminal()
        {
            let _ = child.wait();
        }
    }
}
