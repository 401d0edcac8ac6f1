//! What stands in the documents is run: every fenced block, with the real program, in the home of a person at that
//! point of their way. What is said in between is read as well (`prose`).
//!
//! `every_block_of_every_document_is_run` goes over all blocks of all documents, and fails at one that nothing runs.

pub mod blocks;
pub mod homes;
mod migration;
mod prose;
mod readme;
mod scripts;
mod terminals;

use std::collections::BTreeMap;

use blocks::Name;

use crate::{audit, exec_server, integrations, policy};

/// The blocks that nothing runs, and why. No command is among them.
const NOT_RUN: [(&str, &str, &str, usize, &str); 3] = [
    ("ARCHITECTURE.md", "The flow", "text", 1, "a picture"),
    ("ARCHITECTURE.md", "The flow", "text", 2, "a picture"),
    ("docs/speed.md", "Speed", "text", 1, "one machine's figures"),
];

/// Programs of the repository that a block names, and that no test runs beyond `--help`: every flag beside them is
/// one that they know.
const NOT_RUN_TO_THE_END: [(&str, &str); 3] = [
    ("./tests/run", "is what runs the tests"),
    ("./tests/fuzz", "takes minutes and a nightly compiler"),
    (
        "./benches/run",
        "builds the release and wants the machine for itself",
    ),
];

/// Whose blocks of a language one test runs all together.
const TOGETHER: [(&str, &str, &str); 4] = [
    ("docs/policies.md", "console", "policy::page"),
    ("docs/policies.md", "json", "policy::page"),
    ("docs/policies.md", "hcl", "policy::page"),
    ("docs/code-sources.md", "ini", "code_sources::recipes"),
];

/// A test for each block: its name, the block's document, heading, language and number, and what runs it.
macro_rules! tried {
    ($($test:ident: $document:literal, $heading:literal, $language:literal, $number:literal => $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                $run(&blocks::text_of_block($document, $heading, $language, $number));
            }
        )*

        const TRIED: &[(&str, &str, &str, usize, &str)] =
            &[$(($document, $heading, $language, $number, stringify!($test))),*];
    };
}

tried! {
    the_two_commands_show_a_day_and_install: "README.md", "Two commands", "sh", 1 => readme::two_commands;
    setup_takes_a_newcomer_to_a_session: "README.md", "The first day, with a real AWS account", "sh", 1 => readme::set_up;
    any_aws_tool_works_with_the_profile: "README.md", "The first day, with a real AWS account", "sh", 2 => readme::any_tool;
    a_role_stays_plain_aws: "README.md", "The first day, with a real AWS account", "ini", 1 => readme::role;
    the_key_can_be_written_by_hand: "README.md", "What is there already is taken over", "ini", 1 => readme::key_by_hand;
    the_profile_can_be_written_by_hand: "README.md", "What is there already is taken over", "ini", 2 => readme::profile_by_hand;
    enroll_makes_a_device: "README.md", "An MFA device from the command line", "sh", 1 => readme::enroll;
    the_policy_is_written_and_checked: "README.md", "Policies that enforce MFA", "sh", 1 => readme::policies;
    a_profile_beside_the_role_gets_its_session: "README.md", "Roles", "ini", 1 => readme::role_session;
    the_test_command_is_there: "README.md", "Developing", "sh", 1 => scripts::known;
    the_commands_of_contributors_are_there: "CONTRIBUTING.md", "Contributing", "sh", 1 => scripts::known;
    the_layout_is_that_of_the_source: "ARCHITECTURE.md", "The layout", "text", 1 => scripts::layout;
    the_benchmark_can_be_repeated: "docs/speed.md", "Repeat it", "sh", 1 => scripts::known;
    an_account_is_audited: "docs/audit.md", "Auditing an account", "sh", 1 => audit::page::asked;
    the_files_of_an_audit_come_from_the_aws_cli: "docs/audit.md", "Files", "sh", 1 => audit::page::files;
    many_accounts_are_audited: "docs/audit.md", "Many accounts", "sh", 1 => audit::page::accounts;
    the_ignore_file_ignores: "docs/audit.md", "What to ignore", "text", 1 => audit::page::ignored;
    a_long_run_is_served: "docs/long-runs.md", "Runs that are longer than a session", "sh", 1 => exec_server::page::served;
    a_long_run_asks_in_these_words: "docs/long-runs.md", "The code in the middle", "text", 1 => exec_server::page::question;
    aws_vault_hands_its_key_over: "docs/migration.md", "From aws-vault", "sh", 1 => migration::aws_vault;
    a_plan_of_terraform_is_checked: "docs/policies.md", "Terraform, and what Trivy says", "sh", 1 => policy::page::plan;
    a_pipeline_gets_sarif: "docs/policies.md", "In a pipeline", "sh", 1 => policy::page::pipeline;
}

/// What runs the blocks, by the name of the block: of all that is listed, whether or not there is such a block.
fn runners(blocks: &[blocks::Block]) -> Vec<(Name, String)> {
    let name = |(document, heading, language, number): (&str, &str, &str, usize)| -> Name {
        (document.into(), heading.into(), language.into(), number)
    };
    let mut runners = Vec::new();
    for &(document, heading, language, number, by) in TRIED.iter().chain(&NOT_RUN) {
        runners.push((name((document, heading, language, number)), by.to_owned()));
    }
    for &(heading, language, number) in integrations::TRIED {
        let block = name((integrations::DOCUMENT, heading, language, number));
        runners.push((block, "integrations".to_owned()));
    }
    let pages = terminals::PAGES.map(|page| (page, terminals::LANGUAGE, "terminals"));
    for (document, language, by) in TOGETHER.into_iter().chain(pages) {
        let all = blocks.iter();
        let mut all = all.filter(|block| block.document == document && block.language == language);
        let first = all
            .next()
            .unwrap_or_else(|| panic!("{document} has no {language} for {by}"));
        runners.extend(
            [first]
                .into_iter()
                .chain(all)
                .map(|block| (block.name(), by.to_owned())),
        );
    }
    runners
}

#[test]
fn every_block_of_every_document_is_run() {
    let documents = blocks::documents();
    assert!(documents.len() > 15, "{documents:?}");
    let blocks: Vec<_> = documents
        .iter()
        .flat_map(|document| blocks::of(document))
        .collect();
    let mut by: BTreeMap<Name, Vec<String>> = blocks
        .iter()
        .map(|block| (block.name(), Vec::new()))
        .collect();
    for (name, runner) in runners(&blocks) {
        let block = by
            .get_mut(&name)
            .unwrap_or_else(|| panic!("{runner} runs {name:?}, which is gone"));
        block.push(runner);
    }
    let wrong: Vec<_> = by
        .iter()
        .filter(|(_, runners)| runners.len() != 1)
        .collect();
    assert!(
        wrong.is_empty(),
        "no test or several run these, or they name no language: {wrong:#?}"
    );
}
