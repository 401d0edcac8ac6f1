//! `daypass policy apply`: attach a policy that enforces MFA to a group, without locking anybody out.

use std::time::Duration;

use super::max_age;
use crate::{
    aws::{client::Aws, sts},
    commands::{GlobalArgs, ProfileArgs, confirm, given_code, somebody_to_ask, warn_if_unsaved},
    devices,
    failure::{self, Exit, Failure, word},
    iam_caller::IamCaller,
    mfa::source::GivenCode,
    policy::{
        document::{Document, Version},
        templates::{self, Kind},
    },
    policy_rollout::{
        Target,
        error::RolloutError,
        members::{Afterwards, Reason},
        plan::{self, Standing, Step},
        run::Rollout,
        survey::{self, Preflight},
        verify,
    },
    profile::{self, Files, Overrides, Profile},
    profile_credentials,
    session::{Request, Wants},
    terminal::{self, Painter, Progress, Style, warn},
    time,
};

mod table;

/// The most policies that may be attached to a group. (IAM user guide, "IAM and STS quotas".)
const MOST_ATTACHED: usize = 10;

/// Attach a policy that enforces MFA to a group
///
/// Looks at every member of the group first, and refuses to lock anybody out: members without a device, machines that
/// use an access key, people whose security key gives no codes for the command line. Shows what it would do, and asks.
/// Then it makes the policy, or a new version of it, attaches it, reads back what the group's policies are now, and
/// judges them. It asks AWS with an MFA session, or with the role of a role profile.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The policy is the one that daypass policy show prints. It is called
daypass-mfa-GROUP, and belongs to this group alone. AWS keeps five versions: to
make room the oldest goes, never the one in force. A run that was interrupted is
finished by the same command, or taken back by --undo.

Examples:
  daypass policy apply work --group developers
  daypass policy apply work --group developers --kind self-service --max-age 12h
  daypass policy apply work --group newcomers --create-group --yes
  daypass policy apply work --group developers --undo")]
pub struct ApplyArgs {
    #[command(flatten)]
    profile: ProfileArgs,

    /// The group whose members are to be held to it
    #[arg(long, value_name = "NAME", value_parser = group_name)]
    group: String,

    /// How long MFA counts, 15m to 36h
    #[arg(long, value_name = "DURATION", default_value = "8h", value_parser = max_age, conflicts_with = "undo")]
    max_age: Duration,

    /// What is left to those who have no MFA device yet
    #[arg(long, default_value = "strict", conflicts_with = "undo")]
    kind: Kind,

    /// Create the group if there is none
    #[arg(long, conflicts_with = "undo")]
    create_group: bool,

    /// Take the last change back: the former version is in force again, or there is no such policy any more
    #[arg(long)]
    undo: bool,

    /// Do it even if members are locked out by it
    #[arg(long, conflicts_with = "undo")]
    force: bool,

    /// The six digits for the login, if it takes one; '-' reads them from stdin
    #[arg(long, value_name = "CODE", value_parser = given_code)]
    code: Option<GivenCode>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// The characters are those of users' names.
fn group_name(text: &str) -> Result<String, String> {
    devices::parse_user_name(text).map_err(|_| {
        format!(
            "'{}' is not the name of a group: it has letters, digits and _+=,.@- only, and no path before it",
            terminal::misplaced(text)
        )
    })
}

/// Runs the command.
///
/// # Errors
/// When AWS does not answer or refuses, members would be locked out, or the policy does not do what it is for.
pub(super) fn run(args: ApplyArgs, global: &GlobalArgs) -> Result<Exit, Failure> {
    if !args.yes {
        // No code is spent for what cannot be agreed to.
        somebody_to_ask(&question(&args.group, args.undo), global)?;
    }
    let selection = args.profile.clone().selection()?;
    let mut files = Files::read()?;
    let profile = profile::resolve(&files, &selection, &Overrides::default())?;
    let aws = connect(&mut files, &profile, &args, global)?;
    let identity = {
        let _progress = Progress::show("daypass: asking AWS about the group ...");
        sts::get_caller_identity(&aws)
            .map_err(|error| failed(&profile, &args, None, error.into()))?
    };
    let task = Task {
        target: Target::new(&identity, &args.group),
        profile: &profile,
        aws: &aws,
        args: &args,
        global,
    };
    if args.undo { task.undo() } else { task.apply() }
}

/// Asks with the MFA session of the profile, or with its role.
fn connect(
    files: &mut Files,
    profile: &Profile,
    args: &ApplyArgs,
    global: &GlobalArgs,
) -> Result<Aws, Failure> {
    let request = Request {
        given: args.code.clone(),
        ..Request::new(Wants::Best, !global.no_prompt)
    };
    let obtained = profile_credentials::obtain(files, profile, &request, failure::tell)?;
    warn_if_unsaved(obtained.unsaved.as_ref());
    let caller = IamCaller::Session(obtained.credentials);
    caller
        .connect(profile)
        .map_err(|error| failed(profile, args, None, error.into()))
}

fn failed(
    profile: &Profile,
    args: &ApplyArgs,
    target: Option<&Target>,
    error: RolloutError,
) -> Failure {
    Failure::Rollout {
        profile: profile.name.clone(),
        group: args.group.clone(),
        target: target.cloned().map(Box::new),
        is_undo: args.undo,
        error: Box::new(error),
    }
}

fn question(group: &str, is_undo: bool) -> String {
    if is_undo {
        format!("take this back for the group {group}?")
    } else {
        format!("do this to the group {group}?")
    }
}

/// What was asked for, and by which connection.
struct Task<'a> {
    target: Target,
    profile: &'a Profile,
    aws: &'a Aws,
    args: &'a ApplyArgs,
    global: &'a GlobalArgs,
}

impl Task<'_> {
    fn failed(&self, error: impl Into<RolloutError>) -> Failure {
        failed(self.profile, self.args, Some(&self.target), error.into())
    }

    fn standing(&self) -> Result<Standing, Failure> {
        let _progress = Progress::show("daypass: looking at the group's policies ...");
        survey::standing(self.aws, &self.target).map_err(|error| self.failed(error))
    }

    fn apply(&self) -> Result<Exit, Failure> {
        let (kind, max_age) = (self.args.kind, self.args.max_age);
        let wanted = templates::enforcing(kind, max_age, &self.target.partition);
        let judgement = verify::prove(&wanted, max_age);
        if !verify::is_enforced(&judgement, max_age) {
            let verdict = judgement.verdict;
            return Err(self.failed(RolloutError::NotProved { verdict }));
        }
        let standing = self.standing()?;
        self.check(&standing)?;
        let steps = plan::to_apply(&standing, &wanted);
        if steps.is_empty() {
            terminal::output_sentences(&format!(
                "nothing to do for the group {}\n",
                self.args.group
            ))?;
            return self.verify(&wanted);
        }
        let preflight = match standing.has_group {
            true => {
                survey::preflight(self.aws, &self.target).map_err(|error| self.failed(error))?
            }
            false => Preflight::default(),
        };
        terminal::output_sentences(&(self.findings(&preflight) + &self.steps(&steps)))?;
        self.spare(&preflight)?;
        confirm(
            &question(&self.args.group, false),
            self.args.yes,
            self.global,
        )?;
        self.take(&standing, &steps, &wanted, |standing| {
            plan::to_apply(standing, &wanted)
        })?;
        self.verify(&wanted)
    }

    /// Refuses what would come to nothing half-way.
    fn check(&self, standing: &Standing) -> Result<(), Failure> {
        let group = &self.args.group;
        if !standing.has_group && !self.args.create_group {
            return Err(self.failed(RolloutError::NoSuchGroup {
                group: group.clone(),
                account_id: self.target.account_id.clone(),
            }));
        }
        if !standing.is_attached && standing.attached_to_group >= MOST_ATTACHED {
            return Err(self.failed(RolloutError::GroupIsFull {
                group: group.clone(),
                attached: standing.attached_to_group,
            }));
        }
        Ok(())
    }

    /// What was found out about the members.
    fn findings(&self, preflight: &Preflight) -> String {
        let about = format!(
            "Group   {} of account {}\nPolicy  {}: {}, MFA counts for {}\n\n",
            self.args.group,
            self.target.account_id,
            self.target.policy_name(),
            match self.args.kind {
                Kind::Strict => "strict",
                Kind::SelfService => "self-service",
            },
            time::render_duration(self.args.max_age),
        );
        let members = table::render(preflight, self.args.kind, time::now(), Painter::stdout());
        about + &members
    }

    /// The plan.
    fn steps(&self, steps: &[Step]) -> String {
        let policy = self.target.policy_name();
        let mut text = "What is to be done\n".to_owned();
        for (at, step) in steps.iter().enumerate() {
            let step = step.describe(&self.args.group, &policy);
            text += &format!("  {}. {step}\n", at + 1);
        }
        text + "\n"
    }

    /// Refuses to lock members out.
    fn spare(&self, preflight: &Preflight) -> Result<(), Failure> {
        let (mut names, mut could_enrol) = (Vec::new(), false);
        for member in &preflight.members {
            if let Afterwards::LockedOut(reason) = member.afterwards(self.args.kind) {
                could_enrol |= reason == Reason::NoDevice;
                names.push(member.name.clone());
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        if self.args.force {
            warn(format_args!("locked out by it: {}", names.join(", ")));
            return Ok(());
        }
        Err(self.failed(RolloutError::LocksOut {
            group: self.args.group.clone(),
            names,
            members: preflight.members.len(),
            could_enrol,
        }))
    }

    /// Takes the steps that were agreed to, unless something has changed meanwhile.
    fn take(
        &self,
        agreed: &Standing,
        steps: &[Step],
        wanted: &Document,
        plan: impl Fn(&Standing) -> Vec<Step>,
    ) -> Result<(), Failure> {
        // An answer can take its time.
        if !self.args.yes {
            let now = self.standing()?;
            if now != *agreed && plan(&now) != steps {
                return Err(self.failed(RolloutError::ChangedMeanwhile));
            }
        }
        let rollout = Rollout {
            aws: self.aws,
            target: &self.target,
            wanted,
        };
        rollout.take(steps).map_err(|error| self.failed(error))
    }

    /// Reads back what the group's policies are, and judges them.
    fn verify(&self, wanted: &Document) -> Result<Exit, Failure> {
        let (group, max_age) = (&self.args.group, self.args.max_age);
        let proof = {
            let _progress = Progress::show("daypass: reading back the group's policies ...");
            let is_done = |standing: &Standing| plan::to_apply(standing, wanted).is_empty();
            verify::wait_until(self.aws, &self.target, is_done)
                .and_then(|_| verify::judge_group(self.aws, &self.target, max_age))
                .map_err(|error| self.failed(error))?
        };
        if !verify::is_enforced(&proof.judgement, max_age) {
            return Err(self.failed(RolloutError::NotEnforced {
                group: group.clone(),
                verdict: proof.judgement.verdict,
            }));
        }
        let paint = Painter::stdout();
        let enforced = paint.paint(Style::Green, "MFA is enforced");
        let limit = proof.judgement.age_limit.unwrap_or(max_age);
        let mut text = format!(
            "{enforced} for the group {group}, for {} after each code; read back from AWS and judged\n",
            time::render_duration(limit)
        );
        if !proof.unknown.is_empty() {
            text += &format!(
                "Of {} AWS does not tell the text; a Deny holds whatever they allow.\n",
                proof.unknown.join(", ")
            );
        }
        text += &format!(
            "To take it back: {}\n",
            undo_command(group, &self.profile.name)
        );
        terminal::output_sentences(&text)?;
        Ok(Exit::Done)
    }

    fn undo(&self) -> Result<Exit, Failure> {
        let group = &self.args.group;
        let standing = self.standing()?;
        let steps = plan::to_undo(&standing);
        let Some(last) = steps.last() else {
            terminal::output_sentences(&format!(
                "there is nothing to take back: {} does not exist\n",
                self.target.policy_arn()
            ))?;
            return Ok(Exit::Done);
        };
        terminal::output_sentences(&self.steps(&steps))?;
        confirm(&question(group, true), self.args.yes, self.global)?;
        // No step of these writes a document.
        let wanted = Document {
            version: Version::default(),
            statements: Vec::new(),
        };
        self.take(&standing, &steps, &wanted, plan::to_undo)?;
        let is_done = |standing: &Standing| last.is_done(standing, &wanted);
        let left = verify::wait_until(self.aws, &self.target, is_done)
            .map_err(|error| self.failed(error))?;
        terminal::output_sentences(&after_undo(&self.target, &left))?;
        Ok(Exit::Done)
    }
}

/// What there is once it is taken back.
fn after_undo(target: &Target, left: &Standing) -> String {
    let (group, policy) = (&target.group, target.policy_name());
    let in_force = left.policy.as_ref().and_then(|policy| policy.in_force());
    match in_force {
        Some(version) if left.is_attached => format!(
            "taken back: version {} of {policy} is in force for the group {group} again\n",
            version.id
        ),
        Some(_) => format!(
            "taken back: {policy} is no longer attached to the group {group}; somebody has attached it elsewhere, so \
             that it stays\n"
        ),
        None => format!("taken back: the group {group} has no policy of daypass's any more\n"),
    }
}

/// The command that takes a roll-out back.
fn undo_command(group: &str, profile: &str) -> String {
    format!(
        "daypass policy apply {} --group {} --undo",
        word(profile),
        word(group)
    )
}
