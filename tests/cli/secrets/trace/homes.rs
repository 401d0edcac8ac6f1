//! The states of a home that the commands of the table find.
//!
//! Each function brings a home into one, and returns the rest of the command line: a code, a file.

use std::fs;

use daypass_sandbox::{Fault, Role, Times};

use crate::support::{Home, wrong_code};

pub(super) fn nothing(_: &Home) -> Vec<String> {
    Vec::new()
}

/// The first of files that are all wrong in a line with a secret.
pub(super) fn secrets_in_policies(home: &Home) -> Vec<String> {
    let secret = &home.user.secret_access_key;
    let names = ["policy.json", "main.tf", "template.yaml"].map(str::to_owned);
    let texts = [
        format!("{{\"Version\": {secret}}}"),
        format!("resource \"aws_iam_policy\" \"x\" {{\n  {secret} {secret}\n}}\n"),
        format!("Resources:\n  A: {secret}\n b {secret}: [\n"),
    ];
    for (name, text) in names.iter().zip(texts) {
        fs::write(home.path(name), text).expect("a file");
        let run = home.daypass(["-vvv", "policy", "check", name]).run();
        assert_eq!(run.exit, 1, "{}", run.report());
    }
    vec![names[0].clone()]
}

pub(super) fn code(code: &str) -> Vec<String> {
    vec!["--code".to_owned(), code.to_owned()]
}

pub(super) fn with_code(home: &Home) -> Vec<String> {
    code(&home.code())
}

pub(super) fn with_wrong_code(home: &Home) -> Vec<String> {
    code(&wrong_code(home))
}

pub(super) fn with_no_code(home: &Home) -> Vec<String> {
    // Something else was in the clipboard.
    code(&home.device.seed)
}

pub(super) fn with_forced_code(home: &Home) -> Vec<String> {
    home.log_in();
    let mut arguments = with_code(home);
    arguments.push("--force".to_owned());
    arguments
}

pub(super) fn with_spent_code(home: &Home) -> Vec<String> {
    let code = home.code();
    let run = home.daypass(["login", "work", "--code", &code]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
    ["--force", "--code", &code].map(str::to_owned).to_vec()
}

pub(super) fn logged_in(home: &Home) -> Vec<String> {
    home.log_in();
    Vec::new()
}

/// Adds a profile with this role.
pub(super) fn role(home: &Home, arn: &str) {
    let role = format!("[profile prod]\nrole_arn = {arn}\nsource_profile = work\n");
    home.write_config(&(home.config() + &role));
}

pub(super) fn with_own_role(home: &Home) -> Vec<String> {
    role(home, &home.sandbox.add_role(Role::default()));
    logged_in(home)
}

pub(super) fn with_group(home: &Home) -> Vec<String> {
    let group = home.sandbox.add_group("devs");
    home.sandbox.add_to_group(&home.user, &group);
    logged_in(home)
}

pub(super) fn denied_attachment(home: &Home) -> Vec<String> {
    home.sandbox.deny(&home.user, "iam:AttachGroupPolicy");
    with_group(home)
}

pub(super) fn with_strange_role(home: &Home) -> Vec<String> {
    role(home, "arn:aws:iam::999999999999:role/Strange");
    logged_in(home)
}

pub(super) fn secret_as_role(home: &Home) -> Vec<String> {
    role(home, &home.user.secret_access_key);
    logged_in(home)
}

pub(super) fn misbehaving(home: &Home, fault: Fault) -> Vec<String> {
    home.sandbox
        .misbehave("GetSessionToken", fault, Times::Always);
    with_code(home)
}

pub(super) fn throttled(home: &Home) -> Vec<String> {
    misbehaving(home, Fault::Throttle)
}

pub(super) fn server_error(home: &Home) -> Vec<String> {
    misbehaving(home, Fault::Status500)
}

pub(super) fn lost_answer(home: &Home) -> Vec<String> {
    misbehaving(home, Fault::DropAfter)
}

pub(super) fn cut_answer(home: &Home) -> Vec<String> {
    misbehaving(home, Fault::Truncated)
}

pub(super) fn portal(home: &Home) -> Vec<String> {
    misbehaving(home, Fault::Garbage)
}

/// The state of a home alone, for a command that takes no code.
pub(super) fn state(home: &Home, prepare: fn(&Home) -> Vec<String>) -> Vec<String> {
    prepare(home);
    Vec::new()
}

pub(super) fn portal_at_sts(home: &Home) -> Vec<String> {
    let sandbox = &home.sandbox;
    sandbox.misbehave("GetCallerIdentity", Fault::Garbage, Times::Always);
    Vec::new()
}

pub(super) fn wrong_secret(home: &Home) -> Vec<String> {
    let secret = &home.user.secret_access_key;
    let other = secret.to_lowercase() + "pLaNtEdKeY";
    home.write_credentials(&home.credentials().replace(secret, &other));
    with_code(home)
}

pub(super) fn secret_without_equals(home: &Home) -> Vec<String> {
    let broken = home
        .credentials()
        .replace("secret_access_key = ", "secret_access_key ");
    home.write_credentials(&broken);
    Vec::new()
}

pub(super) fn secret_not_text(home: &Home) -> Vec<String> {
    let path = home.path(".aws/credentials");
    let mut bytes = fs::read(&path).expect("credentials");
    bytes.truncate(bytes.trim_ascii_end().len());
    bytes.extend_from_slice(b"\xff\xfe\n");
    fs::write(path, bytes).expect("credentials");
    with_code(home)
}

pub(super) fn swapped_key(home: &Home) -> Vec<String> {
    home.write_credentials(&format!(
        "[work-long-term]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        home.user.secret_access_key, home.user.access_key_id
    ));
    Vec::new()
}

pub(super) fn broken_config(home: &Home) -> Vec<String> {
    home.write_config(&format!("{}seed {}\n", home.config(), home.device.seed));
    with_code(home)
}

/// Answers to `aws configure` slip by one line.
pub(super) fn secret_as_region(home: &Home) -> Vec<String> {
    let region = home.user.secret_access_key.replace(['/', '+'], "");
    home.write_config(&home.config().replace("eu-west-1", &region));
    with_code(home)
}

pub(super) fn secret_as_device(home: &Home) -> Vec<String> {
    let secret = &home.user.secret_access_key;
    home.write_config(&home.config().replace(&home.device.serial, secret));
    with_code(home)
}

pub(super) fn secret_as_duration(home: &Home) -> Vec<String> {
    let seconds = format!("duration_seconds = {}\n", home.user.secret_access_key);
    home.write_config(&(home.config() + &seconds));
    with_code(home)
}

pub(super) fn without_mfa_policy(home: &Home) -> Vec<String> {
    home.sandbox.set_mfa_age_limit(&home.user, None);
    Vec::new()
}

pub(super) fn with_role(home: &Home) -> Vec<String> {
    let arn = home.sandbox.add_role(Role::default());
    let prod = format!("[profile prod]\nrole_arn = {arn}\nsource_profile = work\n");
    home.write_config(&(home.config() + &prod));
    logged_in(home)
}

pub(super) fn portal_at_sign_in(home: &Home) -> Vec<String> {
    home.sandbox
        .misbehave("getSigninToken", Fault::Garbage, Times::Next(1));
    without_mfa_policy(home)
}

pub(super) fn denied_deactivation(home: &Home) -> Vec<String> {
    home.sandbox.deny(&home.user, "iam:UpdateAccessKey");
    logged_in(home)
}

pub(super) fn lost_new_key(home: &Home) -> Vec<String> {
    home.sandbox
        .misbehave("CreateAccessKey", Fault::DropAfter, Times::Always);
    logged_in(home)
}

pub(super) fn cut_new_key(home: &Home) -> Vec<String> {
    home.sandbox
        .misbehave("CreateAccessKey", Fault::Truncated, Times::Always);
    logged_in(home)
}

pub(super) fn second_key(home: &Home) -> Vec<String> {
    home.sandbox.add_key(&home.user);
    logged_in(home)
}

pub(super) fn unsaved(home: &Home) -> Vec<String> {
    home.break_credentials_with_mfa_process();
    Vec::new()
}

pub(super) fn in_keychain(home: &Home) -> Vec<String> {
    let id = format!("daypass_access_key_id = {}\n", home.user.access_key_id);
    home.write_config(&(home.profile_section("work") + &id));
    home.write_credentials("");
    with_code(home)
}

pub(super) fn with_eight_devices(home: &Home) -> Vec<String> {
    for number in 2..=8 {
        let name = format!("ada-{number}");
        home.sandbox.add_virtual_device(&home.user, &name);
    }
    logged_in(home)
}

pub(super) fn lost_identity(home: &Home) -> Vec<String> {
    home.sandbox
        .misbehave("GetCallerIdentity", Fault::DropAfter, Times::Always);
    logged_in(home)
}

pub(super) fn process(home: &Home, command: &str) -> Vec<String> {
    home.write_config(&(home.profile_section("work") + &format!("mfa_process = {command}\n")));
    Vec::new()
}

pub(super) fn code_from_process(home: &Home) -> Vec<String> {
    process(home, &format!("echo {}", home.code()))
}

pub(super) fn refused_process(home: &Home) -> Vec<String> {
    process(home, &format!("echo {}", wrong_code(home)))
}

pub(super) fn failing_process(home: &Home) -> Vec<String> {
    process(home, "sh -c 'cat .aws/credentials; exit 3'")
}

pub(super) fn password_from_process(home: &Home) -> Vec<String> {
    process(home, &format!("echo {}", home.device.seed))
}

pub(super) fn files_from_process(home: &Home) -> Vec<String> {
    process(home, "cat .aws/credentials .aws/config")
}

pub(super) fn seed_for_process(home: &Home) -> Vec<String> {
    process(home, &format!("false --seed {}", home.device.seed))
}

pub(super) fn unsplit_process(home: &Home) -> Vec<String> {
    process(home, &format!("totp '{}", home.device.seed))
}

pub(super) fn short_and_failing(home: &Home) -> Vec<String> {
    home.write_config(&(home.config() + "daypass_mfa_age_limit = 7h15m\n"));
    home.log_in();
    let config = home.config() + &format!("mfa_process = false {}\n", home.device.seed);
    home.write_config(&config);
    Vec::new()
}
