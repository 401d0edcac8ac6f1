//! Regions, and the partitions that they belong to.

use daypass_sandbox::{Role, Sandbox};

use crate::client::Client;

/// A user's key, signing for this region.
fn key<'a>(sandbox: &'a Sandbox, partition: &str, region: &'static str) -> Client<'a> {
    let user = sandbox.add_user_in_partition(partition, "ada");
    let prefix = format!("arn:{partition}:iam::123456789012:");
    assert_eq!(user.arn, format!("{prefix}user/ada"));
    let device = sandbox.add_virtual_device(&user, "ada");
    assert_eq!(device.serial, format!("{prefix}mfa/ada"));
    let mut client = Client::of(sandbox, &user);
    client.region = region;
    client
}

#[test]
fn every_partition_has_users_roles_and_sessions_of_its_own() {
    for (partition, region) in [
        ("aws-cn", "cn-north-1"),
        ("aws-us-gov", "us-gov-west-1"),
        ("aws", "eu-west-1"),
    ] {
        let sandbox = Sandbox::start();
        let key = key(&sandbox, partition, region);
        let role = sandbox.add_role(Role {
            partition: partition.to_owned(),
            trusted: vec![format!("arn:{partition}:iam::123456789012:root")],
            ..Role::default()
        });
        assert_eq!(
            role,
            format!("arn:{partition}:iam::123456789012:role/Admin")
        );
        let parameters = [("RoleArn", &*role), ("RoleSessionName", "ada")];
        let session = key.with_session(&key.call("AssumeRole", &parameters));
        let arn = format!("arn:{partition}:sts::123456789012:assumed-role/Admin/ada");
        let identity = session.call("GetCallerIdentity", &[]);
        assert_eq!(identity.text("Arn"), Some(arn));

        let federated = key.with_session(&key.call("GetFederationToken", &[("Name", "ada")]));
        let arn = format!("arn:{partition}:sts::123456789012:federated-user/ada");
        let identity = federated.call("GetCallerIdentity", &[]);
        assert_eq!(identity.text("Arn"), Some(arn));

        let user = key.call("GetUser", &[("UserName", "ada")]);
        assert_eq!(user.outcome(), "ok");
        let regions: Vec<_> = sandbox.log().into_iter().map(|call| call.region).collect();
        assert_eq!(regions, [region; 5]);
        assert!(
            sandbox
                .sessions()
                .iter()
                .all(|issued| issued.region == region)
        );
    }
}

#[test]
fn keys_of_one_partition_are_unknown_in_the_others() {
    let sandbox = Sandbox::start();
    for (partition, regions) in [
        ("aws", ["cn-north-1", "us-gov-west-1"]),
        ("aws-cn", ["us-east-1", "us-gov-west-1"]),
        ("aws-us-gov", ["us-east-1", "cn-north-1"]),
    ] {
        let mut key = key(&sandbox, partition, regions[0]);
        for region in regions {
            key.region = region;
            let outcome = key.call("GetCallerIdentity", &[]).outcome();
            assert_eq!(outcome, "InvalidClientTokenId", "{partition} in {region}");
        }
    }
}

#[test]
fn no_role_of_another_partition_can_be_assumed() {
    let sandbox = Sandbox::start();
    let key = key(&sandbox, "aws-cn", "cn-north-1");
    let role = sandbox.add_role(Role {
        trusted: vec!["arn:aws-cn:iam::123456789012:root".to_owned()],
        ..Role::default()
    });
    let parameters = [("RoleArn", &*role), ("RoleSessionName", "ada")];
    let outcome = key.call("AssumeRole", &parameters).outcome();
    assert_eq!(outcome, "AccessDenied");
}
