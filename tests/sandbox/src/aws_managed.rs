//! Policies of AWS's own, which every account has: a few, some of them shortened.

/// A policy of AWS's own.
#[derive(Debug)]
pub(crate) struct AwsPolicy {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) description: &'static str,
    pub(crate) version: &'static str,
    pub(crate) document: &'static str,
}

/// The ones that there are.
pub(crate) static ALL: &[AwsPolicy] = &[
    AwsPolicy {
        path: "/",
        name: "AdministratorAccess",
        id: "ANPAIWMBCKSKIEE64ZLYK",
        description: "Provides full access to AWS services and resources.",
        version: "v1",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/",
        name: "PowerUserAccess",
        id: "ANPAJYRXTHIB4FOVS3ZXS",
        description: "Provides full access to AWS services and resources, but does not allow \
                      management of Users and groups.",
        version: "v5",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}, {"Effect": "Allow", "Action": ["account:GetAccountInformation", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization"], "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/",
        name: "ReadOnlyAccess",
        id: "ANPAILL3HVNFSB6DCOWYQ",
        description: "Provides read-only access to AWS services and resources.",
        version: "v130",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Sid": "ReadOnlyActions", "Effect": "Allow", "Action": ["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "ec2:Describe*", "iam:Generate*", "iam:Get*", "iam:List*", "s3:Get*", "s3:List*"], "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/",
        name: "SecurityAudit",
        id: "ANPAIX2T3QCXHR2OGGCTO",
        description: "The security audit template grants access to read security configuration \
                      metadata. It is useful for software that audits the configuration of an \
                      AWS account.",
        version: "v60",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Sid": "BaseSecurityAuditStatement", "Effect": "Allow", "Action": ["ec2:Describe*", "iam:GenerateCredentialReport", "iam:Get*", "iam:List*", "s3:GetBucket*"], "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/",
        name: "IAMReadOnlyAccess",
        id: "ANPAJKSO7NDY4T57MWDSQ",
        description: "Provides read only access to IAM via the AWS Management Console.",
        version: "v4",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:GenerateCredentialReport", "iam:GenerateServiceLastAccessedDetails", "iam:Get*", "iam:List*", "iam:SimulateCustomPolicy", "iam:SimulatePrincipalPolicy"], "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/",
        name: "IAMUserChangePassword",
        id: "ANPAJ4L4MM2A7QIEB56MS",
        description: "Provides the ability for an IAM user to change their own password.",
        version: "v2",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:ChangePassword"], "Resource": ["arn:aws:iam::*:user/${aws:username}"]}, {"Effect": "Allow", "Action": ["iam:GetAccountPasswordPolicy"], "Resource": "*"}]}"#,
    },
    AwsPolicy {
        path: "/job-function/",
        name: "Billing",
        id: "ANPAIFTHXT6FFMIRT7ZEA",
        description: "Grants permissions for billing and cost management.",
        version: "v8",
        document: r#"{"Version": "2012-10-17", "Statement": [{"Sid": "VisualEditor0", "Effect": "Allow", "Action": ["aws-portal:*Billing", "budgets:*", "ce:*", "cur:*"], "Resource": "*"}]}"#,
    },
];

impl AwsPolicy {
    /// Its ARN in a partition.
    pub(crate) fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:iam::aws:policy{}{}", self.path, self.name)
    }
}

/// The policy of this ARN.
pub(crate) fn find(arn: &str) -> Option<&'static AwsPolicy> {
    let name = arn.strip_prefix("arn:")?;
    let (_, name) = name.split_once(":iam::aws:policy")?;
    ALL.iter().find(|policy| {
        name.strip_prefix(policy.path)
            .is_some_and(|rest| rest == policy.name)
    })
}
