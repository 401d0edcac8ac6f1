//! An account at IAM's quotas.

use std::{fmt::Write as _, process::Command, time::Instant};

use super::*;

const USERS: usize = 5_000;
const GROUPS: usize = 300;
const POLICIES: usize = 1_500;

/// How long an audit may take: two seconds as it is released, and this much more without optimization.
const PATIENCE: f64 = if cfg!(debug_assertions) { 40.0 } else { 2.0 };
/// In KiB, as `time` counts.
const MEMORY: u64 = 200 << 10;

fn large() -> (String, String) {
    let mut lines = String::from(COLUMNS) + "\n";
    let mut users = Vec::new();
    for index in 0..USERS {
        let name = format!("user-{index}");
        let line = Line {
            mfa: index % 10 != 0,
            password: Some((30, Some(3))),
            key: Some((30, Some(1))),
        };
        let _ = writeln!(lines, "{}", line.render(&name));
        let groups = [index % GROUPS, (index * 7) % GROUPS].map(|group| format!("group-{group}"));
        let mut user = user(&name, &groups.each_ref().map(String::as_str));
        // Every second one has policies of its own, which nobody else has.
        if index % 2 == 0 {
            user["UserPolicyList"] =
                json!([{"PolicyName": "own", "PolicyDocument": document(index)}]);
        }
        user["AttachedManagedPolicies"] =
            json!([{"PolicyName": "p", "PolicyArn": policy_arn(index % POLICIES)}]);
        users.push(user);
    }
    let groups: Vec<Value> = (0..GROUPS)
        .map(|index| {
            let statements = if index % 10 == 0 {
                allow_all()
            } else {
                enforcing()
            };
            group(&format!("group-{index}"), statements)
        })
        .collect();
    let policies: Vec<Value> = (0..POLICIES)
        .map(|index| {
            let version = |number: usize| {
                json!({"Document": document(index), "VersionId": format!("v{number}"), "IsDefaultVersion": number == 2})
            };
            json!({
                "PolicyName": format!("policy-{index}"), "Arn": policy_arn(index), "DefaultVersionId": "v2",
                "PolicyVersionList": [version(2), version(1)],
            })
        })
        .collect();
    let details = json!({"UserDetailList": users, "GroupDetailList": groups, "Policies": policies});
    (lines, format!("{details:#}"))
}

fn policy_arn(index: usize) -> String {
    format!("arn:aws:iam::{ACCOUNT}:policy/policy-{index}")
}

fn document(index: usize) -> Value {
    let statement = |service: usize| {
        let resources: Vec<String> = (0..8)
            .map(|number| {
                format!("arn:aws:s3:::bucket-{index}-{service}-{number}/${{aws:username}}/*")
            })
            .collect();
        json!({
            "Sid": format!("S{service}"), "Effect": "Allow", "Resource": resources,
            "Action": [format!("svc{service}:Get*"), format!("svc{service}:List*"), "s3:GetObject"],
        })
    };
    let statements: Vec<Value> = (0..4).map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[test]
fn an_account_at_its_quotas_is_audited_in_little_time_and_memory() {
    let home = Home::new();
    write(&home, &large());
    let words = home
        .daypass([
            "audit",
            "--credential-report",
            "report.csv",
            "--authorization-details",
            "details.json",
            "--format",
            "json",
        ])
        .words();
    let begin = Instant::now();
    let output = Command::new("sh")
        .args([
            "-c",
            "\"$@\" > audit.json; echo \"exit $?\"; grep VmHWM /proc/self/status",
            "sh",
        ])
        .arg("python3")
        .args(["-c", PEAK])
        .args(&words)
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path("."))
        .output()
        .expect("the program starts");
    let seconds = begin.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let peak: u64 = text.trim().parse().unwrap_or_else(|_| panic!("{text}"));
    let report = fs::read_to_string(home.path("audit.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["accounts"][0]["counts"]["users"], USERS);
    assert_eq!(report["accounts"][0]["counts"]["groups"], GROUPS);
    println!("{USERS} users: {seconds:.2} s, {} MiB", peak >> 10);
    assert!(peak < MEMORY, "{peak} KiB");
    assert!(seconds < PATIENCE, "{seconds} s");
}

/// Runs a command and tells the most memory that it had, in KiB, on stderr.
const PEAK: &str = "
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
";
