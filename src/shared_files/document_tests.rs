//! How a shared file is read.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

fn config(text: &str) -> Document {
    Document::parse(Kind::Config, text.into()).unwrap()
}

fn credentials(text: &str) -> Document {
    Document::parse(Kind::Credentials, text.into()).unwrap()
}

/// Reads the value of `k` in profile `a` of a credentials file.
fn value(text: &str) -> Option<String> {
    let document = credentials(text);
    let value = document.profile("a")?.value("k").unwrap();
    value.map(|value| value.text.into_owned())
}

fn error(text: impl AsRef<[u8]>) -> (usize, ParseReason) {
    let error = Document::parse(Kind::Credentials, text.as_ref().to_vec()).unwrap_err();
    (error.line, error.reason)
}

#[test]
fn a_value_is_what_stands_between_the_delimiter_and_the_end() {
    for (line, expected) in [
        ("k=v", "v"),
        ("k = v", "v"),
        ("k\t=\tv \t", "v"),
        ("k = v\r", "v"),
        ("k: v", "v"),
        ("k: v = w", "v = w"),
        ("k = a:b=c", "a:b=c"),
        ("K = v", "v"),
        ("k =", ""),
        ("k = v # comment", "v"),
        ("k = v\t; comment", "v"),
        ("k = # comment", ""),
        ("k =# v", "# v"),
        ("k=#v # c", "#v"),
        ("k = v#no comment", "v#no comment"),
        ("k = \"v\"", "\"v\""),
        ("k = é 🐱", "é 🐱"),
    ] {
        assert_eq!(
            value(&format!("[a]\n{line}\n")).as_deref(),
            Some(expected),
            "{line:?}"
        );
        assert_eq!(
            value(&format!("[a]\n{line}")).as_deref(),
            Some(expected),
            "{line:?}, no newline"
        );
    }
}

#[test]
fn indented_lines_continue_a_value() {
    assert_eq!(
        value("[a]\nk = v\n  w = 1\n\tx\n").as_deref(),
        Some("v\nw = 1\nx")
    );
    assert_eq!(value("[a]\r\nk = v\r\n  w\r\n").as_deref(), Some("v\nw"));
    assert_eq!(value("[a]\nk = v\n\n# c\n  w\n").as_deref(), Some("v\nw"));
}

#[test]
fn comments_are_no_part_of_a_value_wherever_they_start() {
    for comment in ["# c", "; c", "  # c", "\t; c", "#[b]", "  #j = 1"] {
        let text = format!("{comment}\n[a]\n{comment}\nk = v\n{comment}\nj = 1\n{comment}\n");
        assert_eq!(value(&text).as_deref(), Some("v"), "{comment:?}");
    }
}

#[test]
fn a_carriage_return_is_white_space_at_the_end_of_a_line_only() {
    assert_eq!(value("[a]\r\r\nk = v\r\r\n\r\r\n").as_deref(), Some("v"));
    assert_eq!(value("[a]\nk = v\r").as_deref(), Some("v"));
    assert_eq!(value("[a]\nk = v\n\rj = 1\n").as_deref(), Some("v"));
    assert_eq!(value("[a]\nk\r = v\n"), None);
}

#[test]
fn nested_keys_stand_below_an_empty_value() {
    let document = config(
        "[services s]\ns3 =\n  endpoint_url = http://one\n\n  # c\n  endpoint_url =\thttp://two # c\n\
         \x20 Endpoint_URL = http://no\nsts = x\n  endpoint_url = http://no\n",
    );
    let services = document.services("s").unwrap();
    let nested = services.nested("S3", "endpoint_url").unwrap().unwrap();
    assert_eq!(
        (nested.text, nested.line),
        (Cow::Borrowed("http://two # c"), 6)
    );
    assert_eq!(services.nested("s3", "region").unwrap(), None);
    assert_eq!(services.nested("sts", "endpoint_url").unwrap(), None);
    assert_eq!(services.nested("iam", "endpoint_url").unwrap(), None);
    assert_eq!(services.value("s3").unwrap().unwrap().text, "");
    assert_eq!(services.keys(), ["s3", "sts"]);
}

#[test]
fn a_value_knows_its_line() {
    let document = credentials("# c\n\n[a]\nj = 1\n\nk = v\n[b]\n[a]\nl = 2\n");
    let section = document.profile("a").unwrap();
    assert_eq!(section.line(), 3);
    assert_eq!(section.value("k").unwrap().unwrap().line, 6);
    assert_eq!(section.value("l").unwrap().unwrap().line, 9);
}

#[test]
fn equal_sections_are_one_and_the_last_of_equal_keys_counts() {
    let text = "[a]\nk = 1\nk = 2\nj = 1\n[b]\nk = 9\n[a]\nl = 5\n";
    assert_eq!(value(text).as_deref(), Some("2"));
    assert_eq!(value(&format!("{text}K = 3\n")).as_deref(), Some("3"));
    let document = credentials(text);
    assert_eq!(document.profile("a").unwrap().keys(), ["k", "j", "l"]);
    assert_eq!(document.profile_names(), ["a", "b"]);
}

#[test]
fn the_config_file_names_profiles_with_a_prefix() {
    for header in [
        "[profile a]",
        "[ profile a ]",
        "[profile\t a]",
        "[profile \"a\"]",
        "[profile 'a'] # c",
        "[profile a]; c",
        "[profile a]   \r",
    ] {
        let document = config(&format!("{header}\nk = v\n"));
        assert_eq!(document.profile_names(), ["a"], "{header}");
        assert!(document.profile("a").is_some(), "{header}");
    }
    for header in [
        "[a]",
        "[PROFILE a]",
        "[profilea]",
        "[profile]",
        "[profile \"\"]",
        "[profile 'a]",
        "[profile \"a\"b]",
        "[profile \"a\\\"]",
        "[profile a\\]",
        "[ ]",
        "[profile a b]",
        "[sso-session a]",
        "[services a]",
        "[plugins]",
    ] {
        let document = config(&format!("{header}\nk = v\n"));
        assert!(document.profile_names().is_empty(), "{header}");
    }
    assert!(config("[profile 'a b']\n").profile("a b").is_some());
    assert!(config("[profile a]b] # c]\n").profile("a]b").is_some());
    assert!(config("[profile a#b]\n").profile("a#b").is_some());
    assert!(config("[sso-session a]\n").sso_session("a").is_some());
    assert!(config("[services a]\n").services("a").is_some());
}

#[test]
fn the_prefixed_default_hides_the_bare_one() {
    for text in [
        "[default]\nk = 1\nj = 1\n[profile default]\nk = 2\n",
        "[profile default]\nk = 2\n[default]\nk = 1\nj = 1\n",
    ] {
        let document = config(text);
        let section = document.profile("default").unwrap();
        assert_eq!(section.value("k").unwrap().unwrap().text, "2");
        assert_eq!(section.value("j").unwrap(), None);
        assert_eq!(document.profile_names(), ["default"]);
    }
}

#[test]
fn the_credentials_file_names_profiles_without_a_prefix() {
    let document = credentials("[a]\n[profile b]\n[ c ]\n[d e]\n[profiled]\n[default]\n");
    assert_eq!(
        document.profile_names(),
        ["a", "c", "d e", "profiled", "default"]
    );
    assert!(document.services("a").is_none());
}

#[test]
fn what_the_sdks_refuse_is_refused_with_its_line() {
    use ParseReason::*;
    assert_eq!(error("# c\nk = v\n[a]\n"), (2, BeforeFirstSection));
    assert_eq!(error("[a]\nkey\n"), (2, NoDelimiter));
    assert_eq!(error("[a]\n\n= v\n"), (3, EmptyKey));
    assert_eq!(error("[a\nk = v\n"), (1, UnclosedSection));
    assert_eq!(error("[a]\n[]\n"), (2, EmptySectionName));
    assert_eq!(error("[a] b\n"), (1, TextAfterSection));
    assert_eq!(error("[a]b # c]\n"), (1, TextAfterSection));
    assert_eq!(error("[a]\n  k = v\n"), (2, NothingToContinue));
    assert_eq!(error("  k = v\n"), (1, NothingToContinue));
    assert_eq!(error("[a]\nk = v\n[b]\n  w\n"), (4, NothingToContinue));
    assert_eq!(error("[a]\ns3 =\n  x\n"), (3, NoDelimiterInNested));
    assert_eq!(error("[a]\ns3 =\n  = x\n"), (3, EmptyKey));
    assert_eq!(error("\u{feff}[a]\n"), (1, ByteOrderMark));
    assert_eq!(error("[a]\nk = \0\n"), (2, NulByte));
    assert_eq!(error(vec![b'#'; MAXIMUM_SIZE + 1]), (1, TooLarge));
}

#[test]
fn an_error_says_where_and_what_but_not_the_line() {
    let error = Document::parse(Kind::Credentials, b"[a]\nAKIASECRET\n".to_vec()).unwrap_err();
    assert_eq!(error.to_string(), "line 2: there is no \"=\"");
}

#[test]
fn bytes_that_are_not_utf8_matter_only_where_they_are_read() {
    let bytes = b"# \xff\n[\xff]\n[a]\nk = v\nj = \xff\nl = v\n  \xff\ns3 =\n  x = \xff\n";
    let document = Document::parse(Kind::Credentials, bytes.to_vec()).unwrap();
    let section = document.profile("a").unwrap();
    assert_eq!(section.value("k").unwrap().unwrap().text, "v");
    let line = |result: Result<_, ParseError>| {
        let error = result.map(|_| ()).unwrap_err();
        assert_eq!(error.reason, ParseReason::NotUtf8);
        error.line
    };
    assert_eq!(line(section.value("j")), 5);
    assert_eq!(line(section.value("l")), 7);
    assert_eq!(line(section.nested("s3", "x")), 9);
}

#[test]
fn debug_shows_no_content() {
    let document = credentials("[a]\nk = hunter2\n");
    let value = document.profile("a").unwrap().value("k").unwrap();
    assert!(!format!("{document:?} {value:?}").contains("hunter2"));
}

/// Text that looks like a shared file more often than not.
pub(super) fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "(k|j|K|s3|aws_x) ?[=:] ?[a-cÿ#; ]{0,6}",
        2 => r"\[(profile )?[a-c]\]( # c)?",
        1 => r"\[(default|profile default|services a|plugins|ÿ)\]",
        1 => "[ \t]{1,3}(k = v|w|# c|; c)?",
        1 => "[#;] ?[a-cÿ]{0,3}",
        1 => Just(String::new()),
        1 => r"[\[\]= #;:ka\t\r]{0,8}",
    ];
    let end = prop_oneof![3 => Just("\n"), 1 => Just("\r\n")];
    (prop::collection::vec((line, end), 0..14), any::<bool>()).prop_map(|(lines, is_cut)| {
        let mut text = String::from("[a]\n");
        for (line, end) in &lines {
            text.push_str(line);
            text.push_str(end);
        }
        if is_cut {
            text.truncate(text.trim_end().len());
        }
        text
    })
}

/// The bytes of such a file, with profiles where the kind has them and some that are not UTF-8.
pub(super) fn bytes(kind: Kind) -> impl Strategy<Value = Vec<u8>> {
    file().prop_map(move |text| {
        let text = match kind {
            Kind::Config => text
                .replace("[a]", "[profile a]")
                .replace("[b]", "[profile 'b']"),
            Kind::Credentials => text,
        };
        let mut bytes = Vec::new();
        for char in text.chars() {
            match char {
                'ÿ' => bytes.push(0xff),
                _ => bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn parsing_keeps_every_byte(
        any in prop::collection::vec(any::<u8>(), 0..200),
        config in bytes(Kind::Config),
        credentials in bytes(Kind::Credentials),
    ) {
        for bytes in [any, config, credentials] {
            for kind in [Kind::Config, Kind::Credentials] {
                if let Ok(document) = Document::parse(kind, bytes.clone()) {
                    prop_assert_eq!(document.bytes(), &bytes);
                }
            }
        }
    }

    #[test]
    fn what_parses_can_be_read(text in file()) {
        for kind in [Kind::Config, Kind::Credentials] {
            let Ok(document) = Document::parse(kind, text.clone().into()) else { continue };
            for name in document.profile_names() {
                let section = document.profile(&name).unwrap();
                for key in section.keys() {
                    let value = section.value(&key).unwrap().unwrap();
                    prop_assert!(value.line > section.line());
                    prop_assert_eq!(section.nested(&key, "k").unwrap().is_some_and(|n| n.line <= value.line), false);
                }
            }
        }
    }
}
