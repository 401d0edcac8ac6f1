//! What the AWS CLI prints, in all its spellings, and what it does not.

use super::*;

const DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

fn file() -> String {
    format!(
        r#"{{
  "UserDetailList": [
    {{"Path": "/", "UserName": "ada", "UserId": "AIDA1", "Arn": "arn:aws:iam::123456789012:user/ada",
      "CreateDate": "2024-03-01T10:00:00+00:00", "GroupList": ["devs"],
      "UserPolicyList": [{{"PolicyName": "own", "PolicyDocument": {DOCUMENT}}}],
      "AttachedManagedPolicies": [{{"PolicyName": "m", "PolicyArn": "arn:aws:iam::123456789012:policy/m"}}],
      "PermissionsBoundary": {{"PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/b"}}, "Tags": []}}
  ],
  "GroupDetailList": [
    {{"GroupName": "devs", "Arn": "arn:aws:iam::123456789012:group/devs", "GroupPolicyList": [
      {{"PolicyName": "g", "PolicyDocument": "{}"}}], "AttachedManagedPolicies": []}}
  ],
  "RoleDetailList": [{{"RoleName": 7}}],
  "Policies": [
    {{"PolicyName": "m", "Arn": "arn:aws:iam::123456789012:policy/m", "DefaultVersionId": "v2",
      "PolicyVersionList": [
        {{"Document": "old and broken", "VersionId": "v1", "IsDefaultVersion": false}},
        {{"Document": {DOCUMENT}, "VersionId": "v2", "IsDefaultVersion": true}}]}}
  ]
}}"#,
        encoded(DOCUMENT)
    )
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn read(text: &str) -> Result<AuthorizationDetails, String> {
    AuthorizationDetails::read(text.as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn documents_are_read_as_objects_and_as_encoded_text() {
    let details = read(&file()).unwrap();
    let expected = Arc::new(Document::parse(DOCUMENT).unwrap());
    let ada = &details.users[0];
    assert_eq!(
        (ada.name.as_str(), ada.groups.as_slice()),
        ("ada", &["devs".to_owned()][..])
    );
    assert_eq!(ada.policies.inline[0].document.as_ref(), Ok(&expected));
    assert_eq!(
        ada.policies.attached,
        ["arn:aws:iam::123456789012:policy/m"]
    );
    assert_eq!(
        ada.boundary.as_deref(),
        Some("arn:aws:iam::123456789012:policy/b")
    );
    let devs = &details.groups[0];
    assert_eq!(devs.policies.inline[0].document.as_ref(), Ok(&expected));
    let managed = &details.policies["arn:aws:iam::123456789012:policy/m"];
    assert_eq!(managed.document.as_ref(), Ok(&expected));
    assert!(!details.is_truncated);
}

#[test]
fn several_pages_are_one_account_and_nobody_is_there_twice() {
    let first = file().replacen('{', "{\"IsTruncated\": true, \"Marker\": \"x\",", 1);
    assert!(read(&first).unwrap().is_truncated);
    let second = file().replace("ada", "bob");
    let details = read(&format!("{first}\n{second}{first}")).unwrap();
    let names: Vec<&str> = details
        .users
        .iter()
        .map(|user| user.name.as_str())
        .collect();
    assert_eq!(names, ["ada", "bob"]);
    assert_eq!(details.groups.len(), 1);
    assert!(!details.is_truncated);
}

#[test]
fn a_mistake_is_told_with_the_path_to_it() {
    let whole = file();
    for (from, to, expected) in [
        (
            "\"UserName\": \"ada\",",
            "",
            "UserDetailList[0]: UserName is missing",
        ),
        (
            "[\"devs\"]",
            "[\"devs\", 5]",
            "UserDetailList[0].GroupList[1]: it is not a text",
        ),
        (
            "2024-03-01T",
            "yesterday T",
            "UserDetailList[0].CreateDate: 'yesterday T10:00:00+00:00' is no date",
        ),
        (
            "\"IsDefaultVersion\": true",
            "\"IsDefaultVersion\": false",
            "Policies[0].PolicyVersionList: no version is the default one",
        ),
        (
            "\"PolicyDocument\": \"%7B",
            "\"PolicyDocument\": \"%7",
            "GroupDetailList[0].GroupPolicyList[0].PolicyDocument: it is neither JSON nor encoded as in an address",
        ),
    ] {
        let at = whole.find(from).unwrap();
        let line = whole[..at].matches('\n').count() + 1;
        let error = AuthorizationDetails::read(whole.replacen(from, to, 1).as_bytes()).unwrap_err();
        let DetailsError::Malformed {
            line: told, what, ..
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(what, expected);
        assert!((line..=line + 8).contains(&told), "{told} for {line}");
    }
    assert!(
        read(&whole.replacen("\"GroupList\"", "\"GroupList", 1))
            .unwrap_err()
            .starts_with("line ")
    );
    assert_eq!(read(" \n").unwrap_err(), "there is nothing");
    assert_eq!(
        read("{}").unwrap_err(),
        "line 1, column 2: it has none of UserDetailList, GroupDetailList and Policies"
    );
    assert_eq!(
        read("{\"Policies\": 5}").unwrap_err(),
        "line 1, column 15: invalid type: integer `5`, expected a list of objects in Policies"
    );
}

#[test]
fn whatever_byte_is_lost_or_changed_is_read_or_told_with_its_line() {
    let whole = file();
    let lines = whole.lines().count();
    let judge = |bytes: &[u8]| match AuthorizationDetails::read(bytes) {
        Err(DetailsError::Malformed { line, .. }) => assert!((1..=lines + 1).contains(&line)),
        Err(DetailsError::Unreadable(error)) => panic!("{error}"),
        Err(DetailsError::Empty) | Ok(_) => {}
    };
    for at in 0..whole.len() {
        let cut = &whole.as_bytes()[..at];
        judge(cut);
        assert!(AuthorizationDetails::read(cut).is_err(), "{at}");
        for byte in [b'"', b'{', b']', b'\\', b'%', b'\n', 0, 0xff, b'7'] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = byte;
            judge(&bytes);
            bytes.remove(at);
            judge(&bytes);
        }
    }
}
