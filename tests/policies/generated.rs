//! Policies made by chance, the same in every run.

use serde_json::{Map, Value, json};

use crate::random::Random;

const ACTIONS: [&str; 17] = [
    "*",
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "S3:putobject",
    "s3:?etObject",
    "s3:*Object",
    "ec2:*",
    "ec2:Describe*",
    "iam:*",
    "iam:*MFADevice",
    "iam:*MFADevice*",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ListMFADevices",
    "iam:GetUser",
    "dynamodb:Ge*It?m",
];

const RESOURCES: [&str; 12] = [
    "*",
    "*",
    "*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a",
    "arn:aws:s3:::*",
    "arn:aws:s3:::?/o*",
    "arn:aws:ec2:*:123456789012:instance/*",
    "arn:aws:iam::*:mfa/${aws:username}",
    "arn:aws:iam::123456789012:user/${aws:username}",
    "arn:aws:iam::*:*",
    "arn:aws:dynamodb:*:*:table/*",
];

/// Requests that are asked for whatever the policies say.
pub const REQUESTS: [(&str, &str); 14] = [
    ("s3:GetObject", "arn:aws:s3:::a/o"),
    ("s3:PutObject", "arn:aws:s3:::a/o"),
    ("s3:GetObject", "arn:aws:s3:::b/object"),
    ("s3:ListBucket", "arn:aws:s3:::a"),
    ("s3:ListAllMyBuckets", "*"),
    ("ec2:DescribeInstances", "*"),
    (
        "ec2:StopInstances",
        "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0",
    ),
    ("iam:GetUser", "arn:aws:iam::123456789012:user/ada"),
    (
        "iam:CreateVirtualMFADevice",
        "arn:aws:iam::123456789012:mfa/ada",
    ),
    (
        "iam:CreateVirtualMFADevice",
        "arn:aws:iam::123456789012:mfa/eve",
    ),
    ("iam:EnableMFADevice", "arn:aws:iam::123456789012:user/ada"),
    (
        "iam:DeactivateMFADevice",
        "arn:aws:iam::123456789012:user/ada",
    ),
    ("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/eve"),
    (
        "dynamodb:GetItem",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/name",
    ),
];

/// Ages at which something changes in what is generated, and beside them.
pub const AGES: [u64; 5] = [0, 3599, 3600, 3601, 50_000];

fn one_of<T: Copy>(random: &mut Random, list: &[T]) -> T {
    list[random.below(list.len() as u64) as usize]
}

/// Documents of one principal, and perhaps a boundary.
pub fn principal(random: &mut Random) -> (Vec<Value>, Option<Value>) {
    let policies = (0..=random.below(2)).map(|_| document(random)).collect();
    let boundary = (random.below(5) == 0).then(|| document(random));
    (policies, boundary)
}

fn document(random: &mut Random) -> Value {
    let statements: Vec<Value> = (0..=random.below(3)).map(|_| statement(random)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statement(random: &mut Random) -> Value {
    let mut statement = Map::new();
    let is_allow = random.below(5) < 3;
    statement.insert(
        "Effect".into(),
        if is_allow { "Allow" } else { "Deny" }.into(),
    );
    let some = |random: &mut Random, list: &[&str]| -> Value {
        let several = 1 + random.below(3);
        (0..several).map(|_| one_of(random, list)).collect()
    };
    for (name, list) in [("Action", &ACTIONS[..]), ("Resource", &RESOURCES[..])] {
        let negated = random.below(if name == "Action" { 4 } else { 8 }) == 0;
        let name = if negated {
            format!("Not{name}")
        } else {
            name.to_owned()
        };
        statement.insert(name, some(random, list));
    }
    if random.below(4) > 0 {
        let mut operators = Map::new();
        for _ in 0..=random.below(2) {
            let (operator, key, value) = condition(random);
            let keys = operators.entry(operator).or_insert_with(|| json!({}));
            // The same key in other letters is unknown here, and a second condition there: AWS does not say.
            if let Some(keys) = keys.as_object_mut() {
                keys.retain(|other, _| !other.eq_ignore_ascii_case(key));
                keys.insert(key.into(), value);
            }
        }
        statement.insert("Condition".into(), operators.into());
    }
    statement.into()
}

fn condition(random: &mut Random) -> (String, &'static str, Value) {
    const PRESENT: &str = "aws:MultiFactorAuthPresent";
    const AGE: &str = "aws:MultiFactorAuthAge";
    const TEXTS: [&str; 6] = [
        "Equals",
        "NotEquals",
        "EqualsIgnoreCase",
        "NotEqualsIgnoreCase",
        "Like",
        "NotLike",
    ];
    const NUMBERS: [&str; 6] = [
        "Equals",
        "NotEquals",
        "LessThan",
        "LessThanEquals",
        "GreaterThan",
        "GreaterThanEquals",
    ];
    let (operator, key, values): (String, _, &[&str]) = match random.below(8) {
        0..=2 => ("Bool".into(), PRESENT, &["true", "false", "True"]),
        3 => (
            "Null".into(),
            one_of(random, &[PRESENT, AGE]),
            &["true", "false"],
        ),
        4 => (
            format!("String{}", one_of(random, &TEXTS)),
            PRESENT,
            &["true", "false", "t*", "TRUE", "*"],
        ),
        5 => (
            format!("String{}", one_of(random, &TEXTS)),
            AGE,
            &["3600", "0", "3*", "????"],
        ),
        _ => (
            format!("Numeric{}", one_of(random, &NUMBERS)),
            AGE,
            &["3600", "0", "40000", "3600.5"],
        ),
    };
    let value = match random.below(4) {
        0 => json!([one_of(random, values), one_of(random, values)]),
        _ => one_of(random, values).into(),
    };
    if operator == "Null" {
        return (operator, key, value);
    }
    let before = one_of(random, &["", "", "", "", "ForAllValues:", "ForAnyValue:"]);
    let after = match before {
        // AWS says of each what the other contradicts where the key is absent: unknown here, one of the two there.
        "ForAnyValue:" => "",
        _ => one_of(random, &["", "", "IfExists"]),
    };
    (
        format!("{before}{operator}{after}"),
        one_of(random, &[key, key, lower(key)]),
        value,
    )
}

fn lower(key: &str) -> &'static str {
    if key.ends_with("Present") {
        "aws:multifactorauthpresent"
    } else {
        "AWS:MULTIFACTORAUTHAGE"
    }
}
