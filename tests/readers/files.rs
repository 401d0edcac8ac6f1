//! Generated files: mostly what people write, with a few odd things in each.

use daypass::shared_files::Kind;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::reading::File;

/// The bytes of a line with its end.
type Line = Vec<u8>;

/// What a file is grown from. Another number, given in `DAYPASS_TEST_SEED`, grows other files.
pub fn seed() -> u64 {
    let seed = std::env::var("DAYPASS_TEST_SEED").ok();
    seed.map_or(20_261_122, |seed| seed.parse().expect("a number"))
}

/// Makes this many of something, the same ones for the same seed.
pub fn make<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).expect("a value").current())
        .collect()
}

/// A shared file.
pub fn file() -> impl Strategy<Value = File> {
    let end = prop_oneof![3 => Just("\n"), 1 => Just("\r\n")];
    let odd_lines = vec((any::<prop::sample::Index>(), odd_line()), 0..3);
    let kind = select(vec![Kind::Config, Kind::Credentials]);
    let is_odd_as_a_whole = prop_oneof![12 => Just(0), 1 => Just(1), 4 => Just(2)];
    (
        kind,
        vec(section(), 0..4),
        end,
        odd_lines,
        is_odd_as_a_whole,
    )
        .prop_map(|(kind, sections, end, odd_lines, oddity)| {
            let mut lines: Vec<Line> = Vec::new();
            for (number, section) in sections.into_iter().enumerate() {
                lines.push(format!("{}{end}", header(kind, number)).into());
                lines.extend(section.iter().map(|line| format!("{line}{end}").into()));
            }
            for (index, line) in odd_lines {
                let index = index.index(lines.len() + 1);
                lines.insert(index, line);
            }
            let mut bytes = lines.concat();
            match oddity {
                1 => drop(bytes.splice(0..0, *b"\xef\xbb\xbf")),
                2 => bytes.truncate(bytes.trim_ascii_end().len()),
                _ => {}
            }
            File { kind, bytes }
        })
}

fn header(kind: Kind, number: usize) -> &'static str {
    let headers = match kind {
        Kind::Config => ["[profile a]", "[profile b]", "[default]"],
        Kind::Credentials => ["[a]", "[b]", "[default]"],
    };
    headers[number]
}

/// The lines of a section's body, each key once.
fn section() -> impl Strategy<Value = Vec<String>> {
    let value = || {
        select(vec![
            "v", "w/+=", "a b", "é", "v#w", "", "[x]", "\"v\"", "v ", "a:b", "v # c",
        ])
    };
    let delimiter = || select(vec![" = ", "=", " =\t", "= "]);
    let plain = |key: &'static str| {
        (delimiter(), value())
            .prop_map(move |(delimiter, value)| vec![format!("{key}{delimiter}{value}")])
    };
    let nested = vec(
        (select(vec!["x", "y", "X"]), value())
            .prop_map(|(key, value)| format!("  {key} = {value}")),
        1..3,
    );
    let nested = nested.prop_map(|mut lines| {
        lines.insert(0, "s3 =".to_owned());
        lines
    });
    let continued = value().prop_map(|value| vec![format!("k = v{value}"), "\tmore".to_owned()]);
    let between = || {
        select(vec![
            vec![],
            vec![],
            vec!["".to_owned()],
            vec!["# c".to_owned()],
            vec!["; c = d".to_owned()],
        ])
    };
    let block = |lines: BoxedStrategy<Vec<String>>| prop_oneof![2 => (lines, between()).prop_map(|(lines, between)| [lines, between].concat()), 1 => Just(vec![])];
    (
        block(prop_oneof![3 => plain("k"), 1 => continued].boxed()),
        block(plain("j").boxed()),
        block(nested.boxed()),
        block(plain("aws_x").boxed()),
    )
        .prop_map(|(k, j, s3, x)| [k, j, s3, x].concat())
}

/// A line that some reader has its own idea of.
fn odd_line() -> impl Strategy<Value = Line> {
    let end =
        prop_oneof![12 => Just("\n"), 3 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\r\r\n")];
    let text = prop_oneof![
        4 => odd_header(),
        4 => odd_property(),
        3 => odd_continuation(),
        1 => select(vec!["", " ", "\t", "\u{a0}", "\u{c}", "\u{2028}", "#", "# a ] = b", ";[a]", "  # c", "\t;k = v", "\u{a0}# c"])
            .prop_map(str::to_owned),
        1 => r"[\[\]= #;:ka\t\r'\x0c\\\u{a0}]{0,8}",
    ];
    // Everything but this is UTF-8.
    let is_binary = prop_oneof![30 => Just(false), 1 => Just(true)];
    (text, end, is_binary).prop_map(|(text, end, is_binary)| {
        let mut line = text.into_bytes();
        if is_binary {
            line.push(0xff);
        }
        line.extend_from_slice(end.as_bytes());
        line
    })
}

fn odd_header() -> impl Strategy<Value = String> {
    let known = [
        "[profile a]",
        "[a]",
        "[profile c]",
        "[c]",
        "[default]",
        "[profile default]",
        "[sso-session a]",
        "[services a]",
        "[services \"a b\"]",
        "[profile \"a\"]",
        "[profile 'c d']",
        "[profile c d]",
        "[ a ]",
        "[ c ]",
        "[profile  a]",
        "[profile\tc]",
        "[ profile c ]",
        "[profile c] # c",
        "[profile c]; c",
        "[c] ; c ]",
        "[profile c] x",
        "[c]d]",
        "[profile c]d]",
        "[ ]",
        "[]",
        "[]]",
        "[c",
        "[profile c#d]",
        "[c;d]",
        "[DEFAULT]",
        "[profile DEFAULT]",
        "[profiles c]",
        "[profile]",
        "[profile-x]",
        "[plugins]",
        "[é]",
        "[profile é]",
        "[profile \u{a0}c]",
        "[c\u{c}]",
        "[c]\u{a0}",
        "[profile c\\d]",
        "[profile 'c]",
        "[profile \"\"]",
        "[sso-sessionc]",
        "[services]",
        " [c]",
        "\t[profile a]",
        "[c]\r",
        "[profile c:d]",
        "[c!]",
        "[profile \"c\"d]",
    ];
    prop_oneof![
        6 => select(known.to_vec()).prop_map(str::to_owned),
        1 => r"\[(profile )?[ab \t#;'\x22\[]{0,5}\]?[ #x]{0,2}",
    ]
}

fn odd_property() -> impl Strategy<Value = String> {
    let key = select(vec![
        "k",
        "K",
        "j",
        "new",
        "NEW",
        "k k",
        "é",
        "É",
        "k\u{a0}",
        "\u{a0}k",
        "\u{c}k",
        "a:b",
        "k#",
        "k [",
        "k;",
        "",
        "\r",
        "\rk",
        "k\r",
        "\"k\"",
        "s3",
        "k\u{2028}",
    ]);
    let delimiter = select(vec![
        " = ",
        "=",
        ": ",
        ":",
        " : ",
        "\t=\t",
        "\u{a0}=\u{a0}",
        "",
        " == ",
        "=\r",
    ]);
    let value = select(vec![
        "v",
        "",
        "v # c",
        "v ; c",
        "v;c",
        "v\t# c",
        "a=b",
        "# c",
        "#c",
        "; c",
        "é",
        "v\u{a0}",
        "\u{a0}v",
        "v\u{2028}w",
        "v\u{c}",
        "v\u{b}w",
        "\u{1c}v",
        "v \t",
        "[a]",
        "v\u{85}w",
        "v\u{a0}# c",
        "v\rw = 1",
        "v\r",
        "\"v\"",
        "v\\",
        "%(k)s",
        "$HOME",
        "v\u{1}",
    ]);
    (key, delimiter, value).prop_map(|(key, delimiter, value)| format!("{key}{delimiter}{value}"))
}

fn odd_continuation() -> impl Strategy<Value = String> {
    let indent = select(vec![" ", "\t", "   ", "\u{a0}", "\u{c}", " \r", " \u{a0}"]);
    let text = select(vec![
        "w",
        "x = 1",
        "x=1 # c",
        "X = 2",
        "x = 2",
        "= 1",
        "x : 1",
        "x",
        "# c",
        "; c = d",
        "#x = 1",
        "x #y = 1",
        "[b]",
        "[b] # = c",
        "w\u{a0}",
        "x = 1\u{2028}y = 2",
        "x = \u{c}1",
        "x\u{a0}= 1",
        "w # c",
        "x =",
        "x = a\rb = c",
    ]);
    (indent, text).prop_map(|(indent, text)| format!("{indent}{text}"))
}
