//! An account as its inputs tell of it, joined; and what of it is unknown.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    arn::Arn,
    audit::{
        authorization_details::{AuthorizationDetails, UserDetail},
        credential_report::{CredentialReport, Row},
        judged::Judge,
    },
    console::Partition,
    devices::MfaDevice,
    policy::{
        judgement::{Intent, Judgement, Mistake},
        principal::Principal,
    },
};

/// Something that was read, or why it was not.
pub type Known<T> = Result<T, Unknown>;

/// Why something is not known: `iam:GetCredentialReport was denied`, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub Arc<str>);

impl Unknown {
    /// Something is unknown for that reason.
    pub fn because(reason: impl AsRef<str>) -> Self {
        Unknown(reason.as_ref().into())
    }
}

/// What was read of an account, each of it or why not.
#[derive(Debug)]
pub struct Inputs {
    /// The account's twelve digits, if they are known from elsewhere.
    pub account_id: Option<String>,
    /// The credential report.
    pub credential_report: Known<CredentialReport>,
    /// Users, groups and policies.
    pub details: Known<AuthorizationDetails>,
    /// What the account summary says of the root user.
    pub summary: Known<RootSummary>,
    /// The virtual devices of the account.
    pub virtual_devices: Known<Vec<VirtualDevice>>,
    /// The devices of each user who has any, by the user's name.
    pub devices: Known<DevicesOfUsers>,
    /// The actions that were denied to whoever asked.
    pub denied: BTreeSet<&'static str>,
}

/// The MFA devices of users by their names, or why they are not known.
pub type DevicesOfUsers = HashMap<String, Known<Vec<MfaDevice>>>;

/// What `GetAccountSummary` tells of the root user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootSummary {
    /// `AccountMFAEnabled`.
    pub mfa_enabled: bool,
    /// `AccountAccessKeysPresent`.
    pub access_keys_present: bool,
    /// `AccountPasswordPresent`. An organization can take the password of the root users of its accounts away.
    pub password_present: bool,
}

/// A virtual MFA device of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualDevice {
    /// Its serial.
    pub serial: String,
    /// The ARN of whom it belongs to; none if nobody has enabled it.
    pub owner: Option<String>,
}

/// An account.
#[derive(Debug)]
pub struct Account {
    /// Its twelve digits, if any input names them.
    pub id: Option<String>,
    /// Where its console is; the commercial one if no input tells.
    pub partition: Partition,
    /// Its root user.
    pub root: Root,
    /// All other users, by name.
    pub users: Vec<User>,
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// Its virtual devices.
    pub virtual_devices: Known<Vec<VirtualDevice>>,
    /// What is not known of all of it.
    pub gaps: Gaps,
    /// The actions that were denied to whoever asked.
    pub denied: BTreeSet<&'static str>,
}

/// Why whole inputs are missing.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    /// The credential report.
    pub credential_report: Option<Unknown>,
    /// Users, groups and policies.
    pub details: Option<Unknown>,
    /// Some groups, though others are known.
    pub groups: Option<Unknown>,
    /// The users' devices.
    pub devices: Option<Unknown>,
}

/// The root user.
#[derive(Debug, Clone)]
pub struct Root {
    /// Whether it has an MFA device.
    pub has_mfa: Known<bool>,
    /// Whether it has access keys.
    pub has_keys: Known<bool>,
    /// Whether it has a password, as all have from which an organization has not taken it.
    pub has_password: bool,
}

impl Root {
    /// Whether nobody can sign in as it, so that there is nothing for MFA to protect.
    pub fn is_without_credentials(&self) -> bool {
        !self.has_password && self.has_keys == Ok(false)
    }
}

/// A user.
#[derive(Debug)]
pub struct User {
    /// The name.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// Its password, MFA and keys.
    pub credentials: Known<Row>,
    /// What its policies are worth.
    pub policies: Known<Judged>,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// Its MFA devices.
    pub devices: Known<Vec<MfaDevice>>,
}

/// A group.
#[derive(Debug)]
pub struct Group {
    /// The name.
    pub name: String,
    /// The ARN.
    pub arn: String,
    /// The names of its members.
    pub members: Vec<String>,
    /// What its policies are worth.
    pub policies: Judged,
}

/// The policies of somebody, judged.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What they leave to whom.
    pub judgement: Arc<Judgement>,
    /// Mistakes of those of them that speak of MFA. Of each only the first sentence is about the policy alone: the
    /// others are about what comes of it, and were written without a look at policies that do not speak of MFA.
    pub mistakes: Arc<[Mistake]>,
    /// Policies whose text is not known.
    pub unknown_policies: Vec<String>,
}

impl Judged {
    fn of(judge: &mut Judge, principal: &Principal) -> Self {
        Judged {
            judgement: judge.judge(principal),
            mistakes: judge.mistakes(principal),
            unknown_policies: principal.unknown_policies.clone(),
        }
    }
}

impl Account {
    /// Joins what was read, and judges the policies of every user and group.
    pub fn of(inputs: Inputs, intent: &Intent) -> Self {
        let is_cut = inputs
            .details
            .as_ref()
            .is_ok_and(|details| details.is_truncated);
        let cut = Unknown::because("the authorization details are cut off (IsTruncated)");
        let gaps = Gaps {
            credential_report: inputs.credential_report.as_ref().err().cloned(),
            details: inputs.details.as_ref().err().cloned(),
            groups: match &inputs.details {
                Ok(_) => is_cut.then_some(cut),
                Err(why) => Some(why.clone()),
            },
            devices: inputs.devices.as_ref().err().cloned(),
        };
        let root = root(&inputs);
        let partition = partition(&inputs);
        let no_report = gap(&gaps.credential_report, "is not in the credential report");
        let no_details = gap(&gaps.details, "is not in the authorization details");
        let no_devices = gap(&gaps.devices, "has no list of devices");

        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        let mut id = inputs.account_id;
        for row in inputs
            .credential_report
            .into_iter()
            .flat_map(|report| report.rows)
        {
            id = id.or_else(|| account_id(&row.arn));
            if !row.is_root() {
                rows.insert(row.user.clone(), row);
            }
        }
        let details = inputs.details.unwrap_or_default();
        let mut judge = Judge::of(&details, intent);
        let mut devices = inputs.devices.unwrap_or_default();
        let mut names: BTreeMap<&str, Option<&UserDetail>> =
            rows.keys().map(|name| (name.as_str(), None)).collect();
        names.extend(
            details
                .users
                .iter()
                .map(|user| (user.name.as_str(), Some(user))),
        );

        let mut users = Vec::with_capacity(names.len());
        for (name, detail) in names {
            let credentials = rows.get(name).cloned().ok_or_else(|| no_report.clone());
            let arn = match (detail, &credentials) {
                (Some(detail), _) => detail.arn.clone(),
                (None, Ok(row)) => row.arn.clone(),
                (None, Err(_)) => String::new(),
            };
            id = id.or_else(|| account_id(&arn));
            let has_none = credentials.as_ref().is_ok_and(|row| !row.mfa_active);
            let listed = devices.remove(name);
            users.push(User {
                policies: match detail {
                    Some(detail) => Ok(judge.user(detail)),
                    None => Err(no_details.clone()),
                },
                groups: detail
                    .map(|detail| detail.groups.clone())
                    .unwrap_or_default(),
                devices: match listed {
                    Some(listed) => listed,
                    None if has_none && gaps.devices.is_none() => Ok(Vec::new()),
                    None => Err(no_devices.clone()),
                },
                name: name.to_owned(),
                arn,
                credentials,
            });
        }
        for group in &details.groups {
            id = id.or_else(|| account_id(&group.arn));
        }
        let groups = groups(&details, &mut judge);
        Account {
            id,
            partition,
            root,
            users,
            groups,
            virtual_devices: inputs.virtual_devices,
            gaps,
            denied: inputs.denied,
        }
    }

    /// The user of that name.
    pub fn user(&self, name: &str) -> Option<&User> {
        let at = self
            .users
            .binary_search_by(|user| user.name.as_str().cmp(name));
        at.ok().map(|at| &self.users[at])
    }
}

/// Why something of one user is unknown.
fn gap(whole: &Option<Unknown>, otherwise: &str) -> Unknown {
    whole.clone().unwrap_or_else(|| Unknown::because(otherwise))
}

fn account_id(arn: &str) -> Option<String> {
    Arn::parse(arn).map(|arn| arn.account_id.to_owned())
}

fn partition(inputs: &Inputs) -> Partition {
    let report = inputs.credential_report.iter();
    let of_report = report.flat_map(|report| report.rows.iter().map(|row| &row.arn));
    let details = inputs.details.iter();
    let of_details = details.flat_map(|details| details.users.iter().map(|user| &user.arn));
    let arns = of_report.chain(of_details);
    let mut partitions = arns.filter_map(|arn| Partition::of_arn(arn).ok());
    partitions.next().unwrap_or(Partition::Commercial)
}

fn root(inputs: &Inputs) -> Root {
    let row = match &inputs.credential_report {
        Ok(report) => {
            let row = report.rows.iter().find(|row| row.is_root());
            row.ok_or_else(|| Unknown::because("the credential report has no <root_account>"))
        }
        Err(why) => Err(why.clone()),
    };
    // The report may be four hours old, the summary is not.
    let of = |summary: fn(&RootSummary) -> bool, row_says: fn(&Row) -> bool| match (
        &inputs.summary,
        &row,
    ) {
        (Ok(told), _) => Ok(summary(told)),
        (Err(_), Ok(row)) => Ok(row_says(row)),
        (Err(_), Err(why)) => Err(why.clone()),
    };
    // Both have to say so: whoever is taken for one without a password is not looked at.
    let report_says_password = row.as_ref().is_ok_and(|row| row.password.is_some());
    let summary_says_none = inputs
        .summary
        .as_ref()
        .is_ok_and(|summary| !summary.password_present);
    Root {
        has_password: report_says_password || !summary_says_none,
        has_mfa: of(|told| told.mfa_enabled, |row| row.mfa_active),
        has_keys: of(
            |told| told.access_keys_present,
            |row| row.active_keys().next().is_some(),
        ),
    }
}

fn groups(details: &AuthorizationDetails, judge: &mut Judge) -> Vec<Group> {
    let mut members: HashMap<&str, Vec<String>> = HashMap::new();
    for user in &details.users {
        for group in &user.groups {
            members.entry(group).or_default().push(user.name.clone());
        }
    }
    let mut groups: Vec<Group> = details
        .groups
        .iter()
        .map(|group| Group {
            name: group.name.clone(),
            arn: group.arn.clone(),
            members: members.remove(group.name.as_str()).unwrap_or_default(),
            policies: judge.group(group),
        })
        .collect();
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    groups
}

impl Judge<'_> {
    /// Judges what a user may do by all its policies.
    fn user(&mut self, user: &UserDetail) -> Judged {
        let principal = self.principal_of_user(user);
        Judged::of(self, &principal)
    }

    /// Judges what a group's policies allow to whoever has no others.
    fn group(&mut self, group: &crate::audit::authorization_details::GroupDetail) -> Judged {
        let principal = self.principal_of_group(group);
        Judged::of(self, &principal)
    }
}
