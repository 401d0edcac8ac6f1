//! The actions about the account as a whole: the credential report and the summary.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html>,
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>

use super::{Action, Context, any_resource, identity::is_of_account};
use crate::{
    credential_report::{ReportState, account_and_partition},
    devices::StoredDevice,
    error::ApiError,
    groups::{MOST_GROUPS, MOST_GROUPS_OF_USER},
    keys::MOST_KEYS,
    permissions::MOST_ATTACHED,
    policies::{LONGEST, MOST_POLICIES, MOST_VERSIONS},
    reply::Xml,
    service::Service,
};

pub(super) const ACTIONS: &[Action] = &[
    Action {
        service: Service::Iam,
        name: "GenerateCredentialReport",
        resource: any_resource,
        run: generate,
    },
    Action {
        service: Service::Iam,
        name: "GetCredentialReport",
        resource: any_resource,
        run: get,
    },
    Action {
        service: Service::Iam,
        name: "GetAccountSummary",
        resource: any_resource,
        run: summary,
    },
];

fn generate(context: &mut Context) -> Result<Xml, ApiError> {
    let (account, partition) = account_and_partition(&caller(context));
    let progress = context.state.report_progress(&account, &partition);
    let (state, description) = match progress {
        ReportState::NotPresent | ReportState::Expired => {
            context.state.start_report(&account, &partition);
            (
                "STARTED",
                Some("No report exists. Starting a new report generation task"),
            )
        }
        ReportState::InProgress => ("INPROGRESS", None),
        ReportState::Complete => ("COMPLETE", None),
    };
    let result = Xml::new().text("State", state);
    Ok(match description {
        Some(text) => result.text("Description", text),
        None => result,
    })
}

fn get(context: &mut Context) -> Result<Xml, ApiError> {
    let (account, partition) = account_and_partition(&caller(context));
    match context.state.report_progress(&account, &partition) {
        ReportState::NotPresent => {
            return Err(ApiError::new(
                410,
                "ReportNotPresent",
                "No report present for this account. Use GenerateCredentialReport to create one.",
            ));
        }
        ReportState::InProgress => {
            return Err(ApiError::new(
                404,
                "ReportInProgress",
                "The credential report is still being generated.",
            ));
        }
        ReportState::Expired => {
            return Err(ApiError::new(
                410,
                "ReportExpired",
                "Most recent credential report has expired. Use GenerateCredentialReport to \
                 create a new one.",
            ));
        }
        ReportState::Complete => {}
    }
    let report = context.state.report(&account, &partition);
    let (text, generated) = report.ok_or_else(ApiError::internal_failure)?;
    Ok(Xml::new()
        .blob("Content", text.as_bytes())
        .text("ReportFormat", "text/csv")
        .time("GeneratedTime", *generated))
}

/// An ARN in the caller's account.
fn caller(context: &Context) -> String {
    context.caller.arn.clone()
}

fn summary(context: &mut Context) -> Result<Xml, ApiError> {
    let state = &context.state;
    let is_own = |arn: &str| is_of_account(context, arn);
    let root = state
        .users
        .iter()
        .find(|user| user.is_root() && is_own(&user.arn));
    let root_devices = root.map_or(0, |root| state.devices_of(&root.arn).count());
    let root_keys = root.map_or(0, |root| state.keys_of(&root.arn).count());
    let users = state.users.iter().filter(|user| !user.is_root());
    let devices = state.devices.iter().filter(|device| {
        let owner = device.assignment.as_ref().map(|owner| &*owner.user_arn);
        is_own(owner.unwrap_or(&device.serial))
    });
    let devices: Vec<&StoredDevice> = devices.collect();
    let in_use = devices.iter().filter(|device| device.assignment.is_some());
    let policies = state.policies.iter().filter(|policy| is_own(&policy.arn));
    let versions: usize = policies.clone().map(|policy| policy.versions.len()).sum();
    let entries = [
        ("Users", users.filter(|user| is_own(&user.arn)).count()),
        ("UsersQuota", 5_000),
        (
            "Groups",
            state
                .groups
                .iter()
                .filter(|group| is_own(&group.arn))
                .count(),
        ),
        ("GroupsQuota", MOST_GROUPS),
        (
            "Roles",
            state.roles.iter().filter(|role| is_own(&role.arn)).count(),
        ),
        ("RolesQuota", 1_000),
        ("Policies", policies.count()),
        ("PoliciesQuota", MOST_POLICIES),
        ("PolicyVersionsInUse", versions),
        ("PolicyVersionsInUseQuota", 10_000),
        ("PolicySizeQuota", LONGEST),
        ("VersionsPerPolicyQuota", MOST_VERSIONS),
        ("MFADevices", devices.len()),
        ("MFADevicesInUse", in_use.count()),
        ("AccountMFAEnabled", usize::from(root_devices > 0)),
        ("AccountAccessKeysPresent", usize::from(root_keys > 0)),
        ("AccountPasswordPresent", 1),
        ("AccountSigningCertificatesPresent", 0),
        ("AccessKeysPerUserQuota", MOST_KEYS),
        ("AttachedPoliciesPerGroupQuota", MOST_ATTACHED),
        ("AttachedPoliciesPerRoleQuota", MOST_ATTACHED),
        ("AttachedPoliciesPerUserQuota", MOST_ATTACHED),
        ("GroupsPerUserQuota", MOST_GROUPS_OF_USER),
        ("UserPolicySizeQuota", 2_048),
        ("GroupPolicySizeQuota", 5_120),
        ("RolePolicySizeQuota", 10_240),
        ("AssumeRolePolicySizeQuota", 2_048),
        ("GlobalEndpointTokenVersion", 1),
        ("Providers", 0),
        ("ServerCertificates", 0),
        ("ServerCertificatesQuota", 20),
        ("SigningCertificatesPerUserQuota", 2),
        ("InstanceProfiles", 0),
        ("InstanceProfilesQuota", 1_000),
    ];
    let entries = entries.into_iter().fold(Xml::new(), |map, (name, value)| {
        let entry = Xml::new()
            .text("key", name)
            .text("value", &value.to_string());
        map.group("entry", entry)
    });
    Ok(Xml::new().group("SummaryMap", entries))
}
