use proptest::prelude::*;

use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::of_texts(text, Version::V2008, Variables::OfAnyUser).pattern
}

fn current(text: &str, variables: Variables<'_>) -> ReadPattern {
    Pattern::of_texts(text, Version::V2012, variables)
}

#[test]
fn wildcards_match_as_in_iam() {
    let table = [
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("?", "", false),
        ("?", "a", true),
        ("a*", "a", true),
        ("a*c", "abbc", true),
        ("a*c", "abbcd", false),
        ("*a*b*", "xxbxxaxxbx", true),
        ("*a*b*", "bbba", false),
        ("a?c", "ac", false),
        ("**a", "a", true),
        ("*?*", "", false),
        ("ab*ba", "aba", false),
        ("a*b/c:d*", "a/x:b/c:d", true),
        ("A", "a", false),
    ];
    for (text, word, expected) in table {
        assert_eq!(
            pattern(text).matches_text(word),
            expected,
            "{text} on {word}"
        );
    }
}

#[test]
fn actions_know_no_case_and_no_variables() {
    assert!(
        Pattern::of_actions("S3:Get*")
            .pattern
            .matches_text("s3:getobject")
    );
    let read = Pattern::of_actions("s3:${aws:username}");
    assert_eq!(read.doubt, None);
    assert!(read.pattern.matches_text("s3:${aws:username}"));
}

#[test]
fn variables_are_plain_text_in_the_old_version() {
    assert!(pattern("mfa/${aws:username}").matches_text("mfa/${aws:username}"));
    assert!(pattern("${*}").matches_text("${abc}"));
}

#[test]
fn escapes_stand_for_their_character() {
    let read = current("a${*}${?}${$}b", Variables::OfAnyUser);
    assert_eq!(read.doubt, None);
    assert!(read.pattern.matches_text("a*?$b"));
    assert!(!read.pattern.matches_text("axxxb"));
    assert!(
        current("${", Variables::OfAnyUser)
            .pattern
            .matches_text("${")
    );
}

#[test]
fn the_name_of_a_user_is_a_text_if_it_is_known_and_like_no_other_if_it_is_not() {
    let known = current("mfa/${AWS:userName}", Variables::OfUser("ada"));
    assert_eq!(
        (known.pattern, known.doubt),
        (Pattern::exactly("mfa/ada"), None)
    );
    // A `*` in a name is no wildcard.
    assert!(
        !current("${aws:username}", Variables::OfUser("*"))
            .pattern
            .matches_text("x")
    );
    let any = current("mfa/${aws:username}", Variables::OfAnyUser);
    assert_eq!(any.doubt, None);
    assert!(!any.pattern.matches_text("mfa/ada"));
    assert!(any.pattern.matches(any.pattern.tokens()));
    assert!(pattern("mfa/*").matches(any.pattern.tokens()));
    assert!(!pattern("mfa/?").matches(any.pattern.tokens()));
    assert_eq!(written(any.pattern.tokens(), "x"), "mfa/${aws:username}");
}

#[test]
fn other_variables_are_in_doubt_with_or_without_a_default() {
    for text in [
        "a${aws:PrincipalTag/team}b",
        "a${aws:PrincipalTag/team, 'x'}b",
    ] {
        let read = current(text, Variables::OfUser("ada"));
        assert_eq!(
            read.doubt.as_deref(),
            Some("what ${aws:PrincipalTag/team} stands for")
        );
        assert_eq!(read.pattern, pattern("a*b"));
    }
    assert!(
        current("${aws:username}", Variables::Unknown)
            .doubt
            .is_some()
    );
}

#[test]
fn an_arn_with_fields_missing_is_completed() {
    let table = [
        ("arn:aws:sqs", Some("arn:aws:sqs:*:*:*")),
        ("arn:*", Some("arn:*:*:*:*:*")),
        ("arn:aws:s3:::b", Some("arn:aws:s3:::b")),
        ("*", Some("*")),
        ("arn:*x", None),
    ];
    for (text, expected) in table {
        let read = Pattern::of_resources(text, Version::V2012, Variables::OfAnyUser);
        match expected {
            Some(expected) => assert_eq!(
                (written(read.pattern.tokens(), ""), read.doubt),
                (expected.into(), None)
            ),
            None => assert!(read.doubt.is_some()),
        }
    }
}

#[test]
fn a_pattern_that_is_too_long_is_cut_and_in_doubt() {
    let read = Pattern::of_actions(&format!("s3:{}", "a".repeat(5000)));
    assert!(read.doubt.is_some());
    assert!(
        read.pattern
            .matches_text(&format!("s3:{}", "a".repeat(5000)))
    );
}

#[test]
fn intersections_are_exact() {
    let table: [(&str, &str, &[&str]); 9] = [
        ("*", "s3:*", &["s3:*"]),
        ("s3:*", "*:get*", &["s3:*:get*", "s3:get*"]),
        ("s3:get*", "s3:put*", &[]),
        ("a*", "*a", &["a", "a*a"]),
        ("a?c", "ab*", &["abc"]),
        ("abc", "a*c", &["abc"]),
        ("*ab*", "*ba*", &["*ab*ba*", "*aba*", "*ba*ab*", "*bab*"]),
        ("?*", "*?", &["?", "?*?"]),
        ("", "a", &[]),
    ];
    for (one, other, expected) in table {
        let mut found: Vec<String> = intersection(&pattern(one), &pattern(other))
            .unwrap()
            .iter()
            .map(|pattern| written(pattern.tokens(), "x"))
            .collect();
        found.sort();
        assert_eq!(found, expected, "{one} and {other}");
    }
}

#[test]
fn an_intersection_that_would_be_huge_is_refused_in_no_time() {
    let one = pattern(&"*a".repeat(40));
    let other = pattern(&"*b".repeat(40));
    assert_eq!(intersection(&one, &other), Err(TooMany));
}

/// Matching as it is defined, in exponential time.
fn matches_by_definition(pattern: &[Token], word: &[char]) -> bool {
    match (pattern.split_first(), word.split_first()) {
        (None, None) => true,
        (Some((Token::Any, rest)), after) => {
            matches_by_definition(rest, word)
                || after.is_some_and(|(_, after)| matches_by_definition(pattern, after))
        }
        (Some((Token::One, rest)), Some((_, after))) => matches_by_definition(rest, after),
        (Some((Token::Char(char), rest)), Some((first, after))) => {
            char == first && matches_by_definition(rest, after)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn matching_is_what_its_definition_says(text in "[ab*?]{0,8}", word in "[abc]{0,8}") {
        let chars: Vec<char> = word.chars().collect();
        prop_assert_eq!(
            pattern(&text).matches_text(&word),
            matches_by_definition(pattern(&text).tokens(), &chars)
        );
    }

    #[test]
    fn what_both_match_is_what_the_intersection_matches(
        one in "[ab*?]{0,6}",
        other in "[ab*?]{0,6}",
        word in "[abc]{0,7}",
    ) {
        let (one, other) = (pattern(&one), pattern(&other));
        let both = intersection(&one, &other).unwrap();
        prop_assert_eq!(
            both.iter().any(|pattern| pattern.matches_text(&word)),
            one.matches_text(&word) && other.matches_text(&word)
        );
    }

    #[test]
    fn a_pattern_that_matches_another_pattern_matches_all_its_words(
        wide in "[ab*?]{0,6}",
        narrow in "[ab*?]{0,6}",
        word in "[abc]{0,7}",
    ) {
        let (wide, narrow) = (pattern(&wide), pattern(&narrow));
        if wide.matches(narrow.tokens()) && narrow.matches_text(&word) {
            prop_assert!(wide.matches_text(&word));
        }
    }
}
