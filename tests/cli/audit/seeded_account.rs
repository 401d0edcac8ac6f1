//! An account in the sandbox that has one of everything, and beside it what is nearly that.

use daypass_sandbox::{LastUse, Password, RootDevice, Sandbox, User};

use super::*;

fn policy(statements: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn ago(sandbox: &Sandbox, days: i64) -> chrono::DateTime<chrono::Utc> {
    sandbox.now() - TimeDelta::days(days)
}

pub(super) fn password(sandbox: &Sandbox, user: &User, set: i64, used: Option<i64>) {
    let set = ago(sandbox, set);
    sandbox.set_password(
        user,
        Some(Password {
            created: set,
            changed: set,
            last_used: used.map(|used| ago(sandbox, used)),
        }),
    );
}

fn key(sandbox: &Sandbox, user: &User, made: i64, used: Option<i64>) {
    let last_use = used.map(|used| LastUse {
        time: ago(sandbox, used),
        service: "s3".to_owned(),
        region: "eu-west-1".to_owned(),
    });
    sandbox.set_key_history(&user.access_key_id, ago(sandbox, made), last_use);
}

/// A user of the account without a key that AWS takes.
fn person(sandbox: &Sandbox, name: &str) -> User {
    let user = sandbox.add_user(name);
    sandbox.delete_key(&user.access_key_id);
    user
}

/// The policy that daypass writes for those who are to enrol by themselves.
fn self_service_policy(home: &Home) -> String {
    let run = home
        .daypass(["policy", "show", "--kind", "self-service"])
        .run();
    assert_eq!(run.exit, 0, "{}", run.report());
    run.stdout
}

/// Some of whom the seeded account has.
pub(super) struct Seeded {
    pub(super) bob: User,
    pub(super) gone: User,
}

/// Seeds the account.
pub(super) fn seed(home: &Home) -> Seeded {
    let sandbox = &home.sandbox;
    sandbox.add_root_device(RootDevice::Virtual);
    sandbox.root();

    let deny_without_mfa = json!([allow_all(), enforcing()[0], enforcing()[1]]);
    let developers = sandbox.add_group("developers");
    sandbox.put_inline_policy(&developers, "mfa", &policy(deny_without_mfa));
    let managed = sandbox.add_policy("everything", &policy(allow_all()));
    let open = sandbox.add_group("open");
    sandbox.attach_policy(&open, &managed);
    let endless = sandbox.add_group("endless");
    sandbox.put_inline_policy(&endless, "mfa", &policy(json!([enforcing()[0]])));

    // ada, who asks, has a password, a key and two devices.
    sandbox.add_to_group(&home.user, &developers);
    sandbox.add_hardware_device(&home.user, "GAHT12345678");
    password(sandbox, &home.user, 10, Some(1));

    // Bool is no match where there is no MFA at all; BoolIfExists is one.
    let deny_unless = |operator: &str| {
        json!([{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {operator: {"aws:MultiFactorAuthPresent": "false"}}}, enforcing()[1]])
    };
    let broken = sandbox.add_group("broken");
    sandbox.put_inline_policy(&broken, "mfa", &policy(deny_unless("Bool")));
    let whole = sandbox.add_group("whole");
    sandbox.put_inline_policy(&whole, "mfa", &policy(deny_unless("BoolIfExists")));

    // Whoever is just within every limit, and has a device to spare.
    let fresh = sandbox.add_user("fresh");
    sandbox.add_to_group(&fresh, &developers);
    password(sandbox, &fresh, 89, Some(89));
    key(sandbox, &fresh, 89, Some(89));
    sandbox.add_virtual_device(&fresh, "fresh");
    sandbox.add_hardware_device(&fresh, "GAHT11111111");

    // Without a device as well, and with a way out.
    let newcomer = person(sandbox, "newcomer");
    password(sandbox, &newcomer, 1, None);
    let self_service = sandbox.add_group("self-service");
    sandbox.put_inline_policy(&self_service, "mfa", &self_service_policy(home));
    sandbox.add_to_group(&newcomer, &self_service);

    let bob = person(sandbox, "bob");
    password(sandbox, &bob, 100, Some(2));
    sandbox.add_to_group(&bob, &developers);

    let deploy = sandbox.add_user("deploy");
    key(sandbox, &deploy, 91, Some(91));
    sandbox.add_to_group(&deploy, &open);

    let fido = sandbox.add_user("fido");
    sandbox.add_fido_device(&fido, "yubikey");
    sandbox.add_to_group(&fido, &developers);
    let browser = person(sandbox, "browser");
    sandbox.add_fido_device(&browser, "one");
    sandbox.add_fido_device(&browser, "two");

    let sms = person(sandbox, "sms");
    sandbox.add_sms_device(&sms, "sms");
    sandbox.add_virtual_device(&sms, "sms");

    let gone = person(sandbox, "gone");
    sandbox.set_user_created(&gone, ago(sandbox, 300));
    password(sandbox, &gone, 200, Some(91));
    sandbox.add_virtual_device(&gone, "gone");
    sandbox.add_hardware_device(&gone, "GAHT87654321");

    sandbox.add_unassigned_virtual_device(&home.user, "left-behind");
    Seeded { bob, gone }
}
