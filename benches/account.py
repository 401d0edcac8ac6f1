"""An account at IAM's quotas, as the two files of it that `daypass audit` reads."""

import json
import subprocess
import time
from datetime import datetime, timedelta, timezone

import network
from processes import Command, measure_memory

ACCOUNT = "123456789012"
USERS, GROUPS, POLICIES = 5000, 300, 1500

COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)


def credential_report():
    """Everybody has a password and a key; every tenth has no MFA."""
    now = datetime.now(timezone.utc)
    month, day = ((now - timedelta(days=days)).isoformat(timespec="seconds") for days in (30, 1))
    lines = [COLUMNS]
    for index in range(USERS):
        name = f"user-{index}"
        mfa = "false" if index % 10 == 0 else "true"
        lines.append(
            f"{name},arn:aws:iam::{ACCOUNT}:user/{name},{month},true,{day},{month},N/A,{mfa},true,{month},{day},"
            "eu-west-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        )
    return "\n".join(lines) + "\n"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def everything(effect, **more):
    return {"Effect": effect, "Action": "*", "Resource": "*", **more}


ENFORCING = (
    everything("Deny", Condition={"Null": {"aws:MultiFactorAuthAge": "true"}}),
    everything("Deny", Condition={"NumericGreaterThan": {"aws:MultiFactorAuthAge": "28800"}}),
)


def own_policy(index):
    """A policy like none of the others, with variables in it."""
    return document(
        *(
            {
                "Sid": f"S{service}",
                "Effect": "Allow",
                "Action": [f"svc{service}:Get*", f"svc{service}:List*", "s3:GetObject"],
                "Resource": [f"arn:aws:s3:::bucket-{index}-{service}-{n}/${{aws:username}}/*" for n in range(8)],
            }
            for service in range(4)
        )
    )


def arn(kind, name):
    return f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"


def user(index):
    """Every second one has a policy of its own; all are in two groups and have one managed policy."""
    own = [{"PolicyName": "own", "PolicyDocument": own_policy(index)}] if index % 2 == 0 else []
    return {
        "UserName": f"user-{index}",
        "Arn": arn("user", f"user-{index}"),
        "CreateDate": "2025-01-01T00:00:00+00:00",
        "UserPolicyList": own,
        "GroupList": [f"group-{index % GROUPS}", f"group-{index * 7 % GROUPS}"],
        "AttachedManagedPolicies": [{"PolicyName": "p", "PolicyArn": arn("policy", f"policy-{index % POLICIES}")}],
    }


def group(index):
    """One in ten enforces no MFA."""
    statements = [everything("Allow")] if index % 10 == 0 else ENFORCING
    return {
        "GroupName": f"group-{index}",
        "Arn": arn("group", f"group-{index}"),
        "GroupPolicyList": [{"PolicyName": "policy", "PolicyDocument": document(*statements)}],
        "AttachedManagedPolicies": [],
    }


def policy(index):
    versions = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == 2, "Document": own_policy(index)}
        for number in (2, 1)
    ]
    return {
        "PolicyName": f"policy-{index}",
        "Arn": arn("policy", f"policy-{index}"),
        "DefaultVersionId": "v2",
        "PolicyVersionList": versions,
    }


def write(directory):
    details = {
        "UserDetailList": [user(index) for index in range(USERS)],
        "GroupDetailList": [group(index) for index in range(GROUPS)],
        "Policies": [policy(index) for index in range(POLICIES)],
    }
    report_file, details_file = directory / "report.csv", directory / "details.json"
    report_file.write_text(credential_report())
    details_file.write_text(json.dumps(details, indent=4))
    return report_file, details_file


def audit(program, directory):
    """Audits the files three times, as a command with its seconds and its memory."""
    directory.mkdir()
    report, details = write(directory)
    files = ["--credential-report", report, "--authorization-details", details]
    command = Command("audit", [program, "audit", *files, "--format", "json", "--fail-on", "none"], {})
    for _ in range(3):
        start = time.perf_counter()
        run = subprocess.run(command.arguments, env={}, capture_output=True, text=True, check=False)
        command.seconds.append(time.perf_counter() - start)
        network.check(run, "audit")
        if json.loads(run.stdout)["accounts"][0]["counts"]["users"] != USERS:
            raise SystemExit("benches/run: error: audit did not see all users")
    measure_memory(command)
    return command
