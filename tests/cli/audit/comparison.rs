//! The account of `docs/audit-comparison.md`.

use super::*;

#[test]
fn the_account_of_the_comparison_has_the_findings_that_the_page_has() {
    let home = Home::new();
    let with_mfa = Line {
        mfa: true,
        ..Line::default()
    };
    let bob = Line {
        password: Some((20, Some(1))),
        ..Line::default()
    };
    let deploy = Line {
        key: Some((400, Some(1))),
        ..Line::default()
    };
    let key = Some((10, Some(1)));
    let ada = Line {
        password: Some((20, Some(1))),
        key,
        ..with_mfa
    };
    let visitor = Line {
        password: Some((300, Some(200))),
        ..with_mfa
    };
    let report = report(&[
        (ROOT, with_mfa),
        ("ada", ada),
        ("bob", bob),
        ("deploy", deploy),
        ("erin", Line { key, ..with_mfa }),
        ("visitor", visitor),
    ]);
    let guarded = json!({
        "Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    });
    let developers = json!([allow_all(), enforcing()[0], enforcing()[1]]);
    let details = details(
        &[
            user("ada", &["developers"]),
            user("bob", &["developers"]),
            user("deploy", &["operators"]),
            user("erin", &["developers"]),
            user("visitor", &[]),
        ],
        &[
            group("developers", developers),
            group("operators", json!([allow_all(), guarded])),
        ],
    );
    write(&home, &(report, details));
    let run = audit(&home, &["--format", "json"]);
    assert_eq!(
        found(&run),
        [
            "console-without-mfa user/bob",
            "key-without-mfa user/deploy/key/1",
            "group-without-mfa group/operators",
            "locked-out user/bob",
            "old-key user/deploy/key/1",
            "unused-password user/visitor",
        ]
    );
    // These need AWS, as the page says.
    for id in ["root-hardware-mfa", "fido-only-with-keys"] {
        assert_eq!(status(&run, id), "not-checked");
    }
}
