//! What an edit changes, and what it leaves alone.

use super::*;

fn document(kind: Kind, text: &str) -> Document {
    Document::parse(kind, text.into()).unwrap()
}

fn text(document: &Document) -> &str {
    std::str::from_utf8(document.bytes()).unwrap()
}

/// Sets `k = new` for profile `a` in a credentials file.
fn set(before: &str) -> String {
    let mut document = document(Kind::Credentials, before);
    document.set("a", &[("k", "new")]).unwrap();
    let after = text(&document).to_owned();
    document.set("a", &[("k", "new")]).unwrap();
    assert_eq!(text(&document), after, "set twice");
    after
}

/// Removes `k` and `j` of profile `a` from a credentials file.
fn remove(before: &str) -> String {
    let mut document = document(Kind::Credentials, before);
    let is_removed = document.remove("a", &["k", "j"]).unwrap();
    assert_eq!(is_removed, text(&document) != before);
    let is_removed_again = document.remove("a", &["k", "j"]).unwrap();
    assert!(!is_removed_again, "removed twice");
    text(&document).to_owned()
}

#[test]
fn only_the_value_is_replaced() {
    for (before, after) in [
        ("[a]\nk = old\n", "[a]\nk = new\n"),
        ("[a]\nK=old", "[a]\nK=new"),
        (
            "[a]\r\nk\t=  old  \r\nj = 1\r\n",
            "[a]\r\nk\t=  new  \r\nj = 1\r\n",
        ),
        ("[a]\nk =\n", "[a]\nk = new\n"),
        ("[a]\nk=\n", "[a]\nk=new\n"),
        ("[a]\nk = \n", "[a]\nk = new\n"),
        (
            "[a]\nk = old\n  more\n\n\tand more\n# c\nj = 1\n",
            "[a]\nk = new\n\n# c\nj = 1\n",
        ),
        ("[a]\nk =\n  x = 1\n  y = 2\n", "[a]\nk = new\n"),
        ("[a]\nk = old\n  more", "[a]\nk = new"),
    ] {
        assert_eq!(set(before), after, "{before:?}");
    }
}

#[test]
fn a_value_that_was_set_stands_as_every_reader_wants_it() {
    for (before, after) in [
        ("[a]\nk = old # mine\n", "[a]\n# mine\nk = new\n"),
        ("[a]\r\nk=old\t;mine ", "[a]\r\n;mine \r\nk=new"),
        ("[a]\nk = # mine\n", "[a]\n# mine\nk = new\n"),
        ("[a]\nk = new # mine\n", "[a]\n# mine\nk = new\n"),
        ("[a]\nk: old\n", "[a]\nk = new\n"),
        ("[a]\nk : old = x\n", "[a]\nk = new\n"),
        ("[a]\nk:new\n", "[a]\nk=new\n"),
        ("[a]\nk:\n", "[a]\nk=new\n"),
    ] {
        assert_eq!(set(before), after, "{before:?}");
    }
}

#[test]
fn what_readers_dispute_is_not_edited() {
    for (before, line) in [
        ("# old\r[a]\n[a]\nk = 1\n", 1),
        ("[a]\nk = 1\n[b]\nk = v\rj = 2\n", 4),
        ("[a]\nk = 1\r\r\n", 2),
        ("[a]\nk = 1\r", 2),
        ("[a]\nk = 1\n\u{a0}k = 2\n", 3),
        ("[a]\nk\u{2028} = 2\nk = 1\n", 2),
        ("[a]\nk = 1\n[b]\n\u{c}j: 2\n", 4),
        ("[a]\nk:b = 1\n", 2),
    ] {
        let mut document = document(Kind::Credentials, before);
        let disputed = EditError::Disputed { line };
        assert_eq!(
            document.set("a", &[("k", "v")]),
            Err(disputed.clone()),
            "{before:?}"
        );
        assert_eq!(document.remove("a", &["k"]), Err(disputed), "{before:?}");
        assert_eq!(document.remove("a", &["x"]), Ok(false), "{before:?}");
        assert_eq!(text(&document), before);
    }
    let before = "[a]\nj:b = 1\n";
    let mut document = document(Kind::Credentials, before);
    document.set("a", &[("k", "v")]).unwrap();
    assert_eq!(text(&document), "[a]\nj:b = 1\nk = v\n");
}

#[test]
fn a_missing_key_comes_after_the_last_property() {
    for (before, after) in [
        (
            "[a]\nj = 1\n\n# for b\n[b]\n",
            "[a]\nj = 1\nk = new\n\n# for b\n[b]\n",
        ),
        ("[a]\n[b]\n", "[a]\nk = new\n[b]\n"),
        ("[a]", "[a]\nk = new"),
        ("[a]\nj = 1", "[a]\nj = 1\nk = new"),
        ("[a]\r\nj = 1\r\n", "[a]\r\nj = 1\r\nk = new\r\n"),
        ("[b]\n[a]\r\nj = 1\n", "[b]\n[a]\r\nj = 1\nk = new\r\n"),
        (
            "[a]\ns3 =\n  x = 1\n\n  # c\n\n[b]\n",
            "[a]\ns3 =\n  x = 1\n\n  # c\nk = new\n\n[b]\n",
        ),
    ] {
        assert_eq!(set(before), after, "{before:?}");
    }
}

#[test]
fn a_missing_section_comes_last_after_one_blank_line_and_goes_without_a_trace() {
    for (before, after) in [
        ("", "[a]\nk = new\n"),
        ("[b]\nk = 1\n", "[b]\nk = 1\n\n[a]\nk = new\n"),
        ("[b]\r\n", "[b]\r\n\r\n[a]\r\nk = new\r\n"),
        ("[b]\nk = 1", "[b]\nk = 1\n\n[a]\nk = new"),
        ("[b]\n\n\n", "[b]\n\n\n\n[a]\nk = new\n"),
        ("# c\n", "# c\n\n[a]\nk = new\n"),
    ] {
        assert_eq!(set(before), after, "{before:?}");
        assert_eq!(remove(after), before, "{after:?}");
    }
}

#[test]
fn keys_are_appended_in_the_order_given() {
    let mut document = document(Kind::Config, "[profile a]\nj = 1\n");
    let values = [("z", "1"), ("j", "2"), ("y", ""), ("Z", "3")];
    document.set("a", &values).unwrap();
    assert_eq!(text(&document), "[profile a]\nj = 2\nz = 3\ny =\n");
}

#[test]
fn duplicates_are_reduced_to_one() {
    for (before, after) in [
        ("[a]\nk = 1\nj = 1\nk = 2\n", "[a]\nk = new\nj = 1\n"),
        ("[a]\nk = 1\nK = 2", "[a]\nk = new"),
        (
            "[a]\nk = 1\n[b]\n[a]\nk = 2\nj = 1\n",
            "[a]\nk = new\n[b]\n[a]\nj = 1\n",
        ),
        ("[a]\nj = 1\n\n[a]\nk = 2\n", "[a]\nj = 1\nk = new\n"),
        ("[a]\nj = 1\n\n[a]\nk = 2", "[a]\nj = 1\nk = new"),
    ] {
        assert_eq!(set(before), after, "{before:?}");
    }
}

#[test]
fn the_header_is_written_as_the_file_wants_it() {
    for (kind, profile, header) in [
        (Kind::Config, "a", "[profile a]"),
        (Kind::Config, "default", "[default]"),
        (Kind::Config, "a b", "[profile \"a b\"]"),
        (Kind::Config, "a \"b\"", "[profile 'a \"b\"']"),
        (Kind::Config, "o'b", "[profile \"o'b\"]"),
        (Kind::Credentials, "a", "[a]"),
        (Kind::Credentials, "a b", "[a b]"),
        (Kind::Credentials, "default", "[default]"),
    ] {
        let mut document = Document::empty(kind);
        document.set(profile, &[("k", "v")]).unwrap();
        assert_eq!(text(&document), format!("{header}\nk = v\n"));
        assert!(document.profile(profile).is_some());
    }
}

#[test]
fn the_default_profile_is_edited_where_it_is_read() {
    let mut document = document(Kind::Config, "[default]\nk = 1\n[profile default]\nk = 2\n");
    document.set("default", &[("k", "3")]).unwrap();
    assert_eq!(
        text(&document),
        "[default]\nk = 1\n[profile default]\nk = 3\n"
    );
}

#[test]
fn removing_keeps_comments_and_what_was_not_named() {
    for (before, after) in [
        ("[a]\nk = 1\nl = 2\nj = 3\n", "[a]\nl = 2\n"),
        ("[a]\nl = 2\nk = 1", "[a]\nl = 2"),
        ("[a]\r\nl = 2\r\nk = 1", "[a]\r\nl = 2"),
        (
            "[a]\nk = 1\n  more\n# c\n  more\nl = 2\n",
            "[a]\n# c\nl = 2\n",
        ),
        ("[a]\nl = 2\n[b]\nk = 1\n", "[a]\nl = 2\n[b]\nk = 1\n"),
        ("[a]\n[b]\n", "[a]\n[b]\n"),
        ("[a]\nk = 1\n\n[b]\n", "\n[b]\n"),
        ("[b]\n\n[a]\nk = 1\n\n[c]\n", "[b]\n\n[c]\n"),
        ("[b]\n\n[a]\nk = 1\n[c]\n", "[b]\n\n[c]\n"),
        ("[b]\n\n[a]\n# mine\nk = 1\n", "[b]\n\n# mine\n"),
        (
            "[b]\n\n[a]\nk = 1\n\n# for c\n[c]\n",
            "[b]\n\n# for c\n[c]\n",
        ),
        ("[a]\nk = 1\n[b]\n[a]\nj = 1\n", "[b]\n"),
        ("[a]\nk = 1\n[b]\n[a]\n", "[b]\n[a]\n"),
    ] {
        assert_eq!(remove(before), after, "{before:?}");
    }
}

#[test]
fn an_indented_comment_does_not_end_up_in_another_value() {
    for (before, after) in [
        (
            "[a]\nl = 1\nk = 1\n  # c\nm = 1\n",
            "[a]\nl = 1\n# c\nm = 1\n",
        ),
        ("[b]\nl = 1\n[a]\n  # c\nk = 1\n", "[b]\nl = 1\n# c\n"),
    ] {
        assert_eq!(remove(before), after, "{before:?}");
    }
    assert_eq!(set("[a]\nk = 1\n  # c\n  more\n"), "[a]\nk = new\n# c\n");
    assert_eq!(set("[a]\nk = new\n  # c\n"), "[a]\nk = new\n# c\n");
    assert_eq!(set("[a]\n  # c\n"), "[a]\nk = new\n# c\n");
}

#[test]
fn what_would_not_be_read_back_is_refused() {
    let mut document = document(Kind::Config, "[profile a]\nk = 1\n");
    for value in [
        "a\nb", "a\rb", "a\0", "a\tb", " a", "a ", "a\u{a0}", "a #b", "a ;b", "#a", "; a",
        "a\u{85}b",
    ] {
        let error = document.set("a", &[("j", "1"), ("k", value)]).unwrap_err();
        assert_eq!(error, EditError::Value { key: "k".into() }, "{value:?}");
    }
    for key in ["", "a b", "a=b", "a:b", "[a", "#a", ";a", " a", "é", "a\n"] {
        let error = document.set("a", &[(key, "v")]).unwrap_err();
        assert!(matches!(error, EditError::Key { .. }), "{key:?}");
    }
    for name in [
        "", " ", "a]", "[a", "a#b", "a;b", " a", "a\n", "a\\b", "\"'", "\t",
    ] {
        let error = document.set(name, &[("k", "v")]).unwrap_err();
        assert!(matches!(error, EditError::SectionName { .. }), "{name:?}");
    }
    assert_eq!(text(&document), "[profile a]\nk = 1\n");
    for name in ["profile a", "DEFAULT"] {
        let error = Document::empty(Kind::Credentials).set(name, &[("k", "v")]);
        assert!(
            matches!(error, Err(EditError::SectionName { .. })),
            "{name}"
        );
    }
}

#[test]
fn what_looks_odd_but_is_read_back_is_accepted() {
    for value in ["a#b", "a;b", "=", "a = b", "[b]", "\"a b\"", "a/b+c==", "é"] {
        let mut document = Document::empty(Kind::Credentials);
        document.set("a", &[("k", value)]).unwrap();
        let read = document.profile("a").unwrap().value("k").unwrap().unwrap();
        assert_eq!(read.text, value);
    }
}

#[test]
fn an_edit_that_would_make_the_file_too_large_changes_nothing() {
    let mut bytes = b"[a]\n".to_vec();
    // One long comment: sixteen million lines would take half a minute without optimisation.
    bytes.resize(MAXIMUM_SIZE, b'#');
    let mut document = Document::parse(Kind::Credentials, bytes.clone()).unwrap();
    let error = document.set("a", &[("k", "v")]).unwrap_err();
    assert!(matches!(error, EditError::Result(_)));
    assert!(document.bytes() == bytes);
}
