//! Groups: their life, their members, their limits.

use daypass_sandbox::{Sandbox, User};

use crate::client::Client;

fn ada(sandbox: &Sandbox) -> (User, Client<'_>) {
    let ada = sandbox.add_user("ada");
    let client = Client::of(sandbox, &ada);
    (ada, client)
}

fn texts(body: &str, name: &str) -> Vec<String> {
    body.split(&format!("<{name}>"))
        .skip(1)
        .filter_map(|rest| rest.split_once('<'))
        .map(|(text, _)| text.to_owned())
        .collect()
}

#[test]
fn a_group_is_made_joined_left_and_deleted() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    let devs = [("GroupName", "devs")];
    let both = [("GroupName", "devs"), ("UserName", "ada")];
    assert_eq!(client.call("GetGroup", &devs).outcome(), "NoSuchEntity");
    let answer = client.call("CreateGroup", &devs);
    let arn = "arn:aws:iam::123456789012:group/devs";
    assert_eq!(answer.text("Arn").as_deref(), Some(arn), "{}", answer.body);
    // Names do not tell cases apart.
    let again = client.call("CreateGroup", &[("GroupName", "Devs")]);
    assert_eq!(again.refusal().0, 409);
    assert_eq!(again.outcome(), "EntityAlreadyExists");

    assert_eq!(client.call("AddUserToGroup", &both).outcome(), "ok");
    assert_eq!(client.call("AddUserToGroup", &both).outcome(), "ok");
    assert_eq!(sandbox.group(arn).unwrap().members, [ada.arn]);
    let answer = client.call("GetGroup", &devs);
    assert_eq!(texts(&answer.body, "UserName"), ["ada"]);
    let answer = client.call("ListGroupsForUser", &[("UserName", "ada")]);
    assert_eq!(texts(&answer.body, "GroupName"), ["devs"]);
    assert_eq!(
        client.call("DeleteGroup", &devs).outcome(),
        "DeleteConflict"
    );
    assert_eq!(client.call("RemoveUserFromGroup", &both).outcome(), "ok");
    assert_eq!(client.call("DeleteGroup", &devs).outcome(), "ok");
    assert_eq!(sandbox.groups(), []);
    for (action, parameters) in [
        ("AddUserToGroup", &both[..]),
        ("RemoveUserFromGroup", &both),
        ("DeleteGroup", &devs),
        ("ListGroupsForUser", &[("UserName", "eve")]),
    ] {
        assert_eq!(client.call(action, parameters).outcome(), "NoSuchEntity");
    }
}

#[test]
fn a_user_is_in_ten_groups_at_most() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    for n in 0..11 {
        sandbox.add_group(&format!("group-{n}"));
        let name = format!("group-{n}");
        let answer = client.call(
            "AddUserToGroup",
            &[("GroupName", &name), ("UserName", "ada")],
        );
        let expected = if n < 10 { "ok" } else { "LimitExceeded" };
        assert_eq!(answer.outcome(), expected, "{n}");
    }
}

#[test]
fn members_and_groups_come_in_pages_and_only_those_of_the_account() {
    let sandbox = Sandbox::start();
    let (_, client) = ada(&sandbox);
    let devs = sandbox.add_group("devs");
    sandbox.add_group("ops");
    sandbox.add_group_in("210987654321", "/", "devs");
    sandbox.add_user_in("210987654321", "/", "eve");
    for n in 0..5 {
        sandbox.add_to_group(&sandbox.add_user(&format!("user-{n}")), &devs);
    }
    sandbox.set_page_size(2);
    let all = |action: &str, parameters: &[(&str, &str)], name: &str| {
        let (mut found, mut marker) = (Vec::new(), None::<String>);
        loop {
            let mut parameters = parameters.to_vec();
            parameters.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let answer = client.call(action, &parameters);
            found.extend(texts(&answer.body, name));
            marker = answer.text("Marker");
            if marker.is_none() {
                return found;
            }
        }
    };
    let members = all("GetGroup", &[("GroupName", "devs")], "UserName");
    assert_eq!(members, ["user-0", "user-1", "user-2", "user-3", "user-4"]);
    assert_eq!(all("ListGroups", &[], "GroupName"), ["devs", "ops"]);
    let users = all("ListUsers", &[], "UserName");
    assert_eq!(users.len(), 6);
    assert!(!users.contains(&"eve".to_owned()));
}

#[test]
fn denied_users_and_role_sessions_may_not_do_it() {
    let sandbox = Sandbox::start();
    let (ada, client) = ada(&sandbox);
    sandbox.deny(&ada, "iam:CreateGroup");
    let answer = client.call("CreateGroup", &[("GroupName", "devs")]);
    let (status, code, message) = answer.refusal();
    assert_eq!((status, &*code), (403, "AccessDenied"));
    assert_eq!(
        message,
        "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:CreateGroup \
         on resource: group devs with an explicit deny in an identity-based policy"
    );
    // A role of another account works there, and is denied what it is denied.
    let other = "210987654321";
    let role = sandbox.add_role(daypass_sandbox::Role {
        name: "Auditor".to_owned(),
        account: other.to_owned(),
        ..daypass_sandbox::Role::default()
    });
    sandbox.add_user_in(other, "/", "eve");
    let answer = client.call(
        "AssumeRole",
        &[("RoleArn", &role), ("RoleSessionName", "audit")],
    );
    let session = client.with_session(&answer);
    let users = session.call("ListUsers", &[]);
    assert_eq!(texts(&users.body, "UserName"), ["eve"]);
    sandbox.deny_role(&role, "iam:ListUsers");
    assert_eq!(session.call("ListUsers", &[]).outcome(), "AccessDenied");
    assert_eq!(session.call("ListGroups", &[]).outcome(), "ok");
}
