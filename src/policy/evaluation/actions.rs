//! Actions that are known by name: those of enrolling a device, and some that people recognize.

/// All of IAM, where sessions without MFA may do nothing.
pub(super) const IN_IAM: &str = "iam:*";
/// What a session may do in STS.
pub(super) const OF_STS_TO_SESSIONS: [&str; 2] = ["sts:AssumeRole", "sts:GetCallerIdentity"];

/// What it takes to enrol a first MFA device, and to see who one is.
///
/// Making and enabling a device, bringing it back into step, and what the console's page of one's own security
/// credentials shows on the way, none of which has a secret in it. A first password has to be changed before anything
/// else can be done. The two of STS cannot be forbidden anyway. Taking a device away is no part of it
/// (`DeactivateMFADevice`, `DeleteVirtualMFADevice`), nor is anything that makes keys or passwords or grants rights.
pub const ENROLMENT: [&str; 22] = [
    CREATE_DEVICE,
    ENABLE_DEVICE,
    "iam:ResyncMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListUsers",
    "iam:ListGroupsForUser",
    "iam:GetLoginProfile",
    "iam:ChangePassword",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "iam:ListAccountAliases",
    "iam:ListAccessKeys",
    "iam:GetAccessKeyLastUsed",
    "iam:ListSSHPublicKeys",
    "iam:ListServiceSpecificCredentials",
    "iam:ListSigningCertificates",
    "iam:ListUserTags",
    "sts:GetSessionToken",
    "sts:GetCallerIdentity",
];

/// Makes a virtual MFA device.
pub const CREATE_DEVICE: &str = "iam:CreateVirtualMFADevice";
/// Gives a device to a user.
pub const ENABLE_DEVICE: &str = "iam:EnableMFADevice";
/// Takes a device from a user.
pub const DEACTIVATE_DEVICE: &str = "iam:DeactivateMFADevice";
/// Deletes a device.
pub const DELETE_DEVICE: &str = "iam:DeleteVirtualMFADevice";

/// Actions that people recognize, with a resource of each, the most telling first.
pub(super) const SAMPLES: [(&str, &str); 32] = [
    ("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/ada"),
    ("s3:GetObject", "arn:aws:s3:::bucket/object"),
    ("s3:PutObject", "arn:aws:s3:::bucket/object"),
    ("s3:ListBucket", "arn:aws:s3:::bucket"),
    ("s3:ListAllMyBuckets", "*"),
    (
        "iam:DeactivateMFADevice",
        "arn:aws:iam::123456789012:user/ada",
    ),
    (
        "iam:DeleteVirtualMFADevice",
        "arn:aws:iam::123456789012:mfa/ada",
    ),
    ("iam:AttachUserPolicy", "arn:aws:iam::123456789012:user/ada"),
    ("iam:CreateUser", "arn:aws:iam::123456789012:user/ada"),
    ("iam:ListRoles", "*"),
    ("iam:GetAccountAuthorizationDetails", "*"),
    (
        "ec2:RunInstances",
        "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0",
    ),
    (
        "ec2:TerminateInstances",
        "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0",
    ),
    ("ec2:DescribeInstances", "*"),
    ("sts:AssumeRole", "arn:aws:iam::123456789012:role/Admin"),
    (
        "lambda:InvokeFunction",
        "arn:aws:lambda:eu-west-1:123456789012:function:name",
    ),
    ("lambda:ListFunctions", "*"),
    (
        "kms:Decrypt",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    (
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf",
    ),
    (
        "ssm:GetParameter",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/name",
    ),
    (
        "dynamodb:GetItem",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/name",
    ),
    ("dynamodb:ListTables", "*"),
    ("rds:DescribeDBInstances", "*"),
    ("logs:DescribeLogGroups", "*"),
    ("cloudformation:ListStacks", "*"),
    ("cloudwatch:ListMetrics", "*"),
    ("sns:Publish", "arn:aws:sns:eu-west-1:123456789012:name"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:name"),
    (
        "eks:DescribeCluster",
        "arn:aws:eks:eu-west-1:123456789012:cluster/name",
    ),
    ("ecr:GetAuthorizationToken", "*"),
    ("ecs:ListClusters", "*"),
    ("route53:ListHostedZones", "*"),
];
