//! Files that nobody writes, and that end in an answer all the same.

use std::time::{Duration, Instant};

use super::{reading, shown};

/// Far more than any of them takes, even unoptimized and beside other tests, and far less than for ever.
const LONGEST: Duration = Duration::from_secs(60);

fn error(name: &str, text: &str) -> String {
    let begun = Instant::now();
    let error = reading(&[(name, text)]).expect_err("an error").to_string();
    assert!(
        begun.elapsed() < LONGEST,
        "{:?} for {error}",
        begun.elapsed()
    );
    error
}

fn group_with(policy: &str) -> String {
    format!(
        "resource \"aws_iam_group_policy\" \"p\" {{\n  group = \"g\"\n  policy = {policy}\n}}\n"
    )
}

#[test]
fn what_is_nested_without_measure_is_refused() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("\"${", "}\""),
        ("!", ""),
        ("f(", ")"),
    ] {
        for depth in [70, 100_000] {
            let text = group_with(&format!("{}1{}", open.repeat(depth), close.repeat(depth)));
            let error = error("main.tf", &text);
            assert!(error.contains("Terraform: "), "{error}");
        }
    }
    let json = format!("{{\"Resources\": {}", "[".repeat(100_000));
    assert_eq!(
        error("t.json", &json),
        "t.json:1:141: JSON: nested far deeper than any policy"
    );
    let flow = format!("Resources: {}", "[".repeat(100_000));
    let message = error("t.yml", &flow);
    assert!(message.starts_with("t.yml:1:"), "{message}");
    let block: String = (0..1_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert!(error("t.yml", &block).contains("nested more than 100 levels deep"));
}

#[test]
fn aliases_unfold_neither_without_measure_nor_depth() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        text += &format!("a{level}: &a{level} [*a{below}, *a{below}]\n");
    }
    assert!(error("t.yml", &text).contains("unfolds to more than"));
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..2_000 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert!(error("t.yml", &text).contains("nested more than 100 levels deep"));
    assert!(error("t.yml", "a: &a [*a]\n").contains("YAML: "));
}

#[test]
fn locals_that_double_each_other_are_refused() {
    let mut text = group_with("local.l60");
    for level in 1..=60 {
        let below = level - 1;
        text +=
            &format!("locals {{\n  l{level} = \"${{local.l{below}}}${{local.l{below}}}\"\n}}\n");
    }
    text += "locals {\n  l0 = \"0123456789abcdef\"\n}\n";
    let message = error("main.tf", &text);
    assert!(message.contains("unfolds to more than"), "{message}");
    let lists = text
        .replace("\"${", "[")
        .replace("}${", ", ")
        .replace("}\"\n", "]\n");
    let message = error("main.tf", &lists);
    assert!(message.contains("unfolds to more than"), "{message}");
}

#[test]
fn a_long_chain_of_locals_is_refused() {
    let mut text = group_with("local.l5000");
    for level in 1..=5_000 {
        text += &format!(
            "locals {{\n  l{level} = [(\"${{jsonencode(local.l{})}}\")]\n}}\n",
            level - 1
        );
    }
    let message = error("main.tf", &text);
    assert!(
        message.contains("nested more than 150 levels deep"),
        "{message}"
    );
}

#[test]
fn loops_within_loops_are_refused() {
    let list = format!("[{}]", "1, ".repeat(500));
    let text = group_with(&format!(
        "[for a in {list} : [for b in {list} : [for c in {list} : c]]]"
    ));
    assert!(error("main.tf", &text).contains("unfolds to more than"));
    let text = "resource \"aws_iam_group\" \"g\" {\n  count = 9999999999\n  name = \"g\"\n}\n";
    let shown = shown(&[("main.tf", text)]);
    assert!(
        shown.contains("whether there is aws_iam_group.g is not known"),
        "{shown}"
    );
}

#[test]
fn conditions_in_a_circle_are_refused() {
    let text = "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n\
                Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Condition: A\n";
    assert_eq!(
        error("t.yml", text),
        "t.yml: Resources.P: nested more than 128 levels deep"
    );
    let text = "Conditions:\n  A: !Or [!Condition A, !Condition A]\n\
                Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Condition: A\n";
    assert!(error("t.yml", text).contains("levels deep"));
}

#[test]
fn everybody_in_every_group_with_every_policy_is_refused() {
    let statement = "{Statement: []}";
    let mut text = "Resources:\n".to_owned();
    for index in 0..900 {
        text += &format!(
            "  P{index}: {{Type: AWS::IAM::ManagedPolicy, Properties: {{Groups: [g], PolicyDocument: {statement}}}}}\n"
        );
        text += &format!("  U{index}: {{Type: AWS::IAM::User, Properties: {{Groups: [g]}}}}\n");
    }
    assert!(error("t.yml", &text).contains("unfolds to more than 500000 values"));
}

#[test]
fn a_mebibyte_of_anything_gets_an_answer() {
    let repeated = |part: &str| part.repeat((1 << 20) / part.len());
    let numbered = |part: &str| {
        let count = (1 << 20) / (part.len() + 5);
        (0..count)
            .map(|index| part.replace('#', &index.to_string()))
            .collect::<String>()
    };
    let files = [
        (
            "a.tf",
            numbered("resource \"aws_iam_group\" \"g#\" {\n  name = \"g#\"\n}\n"),
        ),
        (
            "b.tf",
            group_with(&format!("<<EOF\n{}\nEOF\n", numbered("${v#.w}"))),
        ),
        (
            "c.tf",
            group_with(&format!("<<EOF\n{}\nEOF\n", repeated("x"))),
        ),
        ("d.tf", numbered("locals {\n  l# = 1\n}\n")),
        (
            "e.yml",
            format!(
                "Resources:\n{}",
                numbered("  G#: {Type: AWS::IAM::Group}\n")
            ),
        ),
        (
            "f.yml",
            format!("Resources:\n  P: !Sub \"{}\"\n", numbered("${A#}")),
        ),
        (
            "g.json",
            format!(
                "{{\"Statement\": [{}]}}",
                repeated("{},").trim_end_matches(',')
            ),
        ),
        ("h.json", repeated("[")),
        ("i.yml", repeated("- ")),
        ("j.yml", repeated("a: b: ")),
        ("k.yml", repeated("? ")),
        ("l.tf", repeated("\"")),
        ("m.tf", repeated("a {\n")),
        ("n.tf", repeated("<<A\n")),
        ("o.yml", repeated("&a ")),
        ("p.yml", repeated("{[")),
    ];
    for (name, text) in files {
        let begun = Instant::now();
        let _ = reading(&[(name, &text)]);
        assert!(
            begun.elapsed() < LONGEST,
            "{name} took {:?}",
            begun.elapsed()
        );
    }
}
