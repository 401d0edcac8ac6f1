//! `docs/integrations.md`: every block with a language is run as it stands on the page.
//!
//! The table below names the test of each block. `documents` fails where a block of the page is not in it.

mod page;
pub mod place;
mod programs;
mod shells;
mod status_lines;

pub use page::DOCUMENT;

/// Programs that the tests cannot have, and what is done instead.
const STAND_INS: [(&str, &str); 7] = [
    (
        "aws-vault",
        "needs a keychain and a key in it: a script sets the variables that it sets",
    ),
    (
        "cargo",
        "would take minutes: a script finds the demo and daypass built already",
    ),
    (
        "docker",
        "needs a daemon and images: a script reads the options and runs the AWS CLI instead",
    ),
    (
        "git-remote-codecommit",
        "needs a repository at AWS: a script notes what git hands on to it",
    ),
    (
        "psql",
        "needs a database on RDS: a script notes what it got",
    ),
    (
        "ssh",
        "needs another machine: a script runs the command here, in an empty environment",
    ),
    (
        "terraform",
        "cannot be installed by tests/run: a script prints a plan as it does",
    ),
];

/// A test for each block: its name, the block's heading, language and number, and what runs it.
macro_rules! tried {
    ($($test:ident: $heading:literal, $language:literal, $number:literal => $run:path;)*) => {
        $(
            #[test]
            fn $test() {
                $run(&page::block($heading, $language, $number));
            }
        )*

        /// The blocks: heading, language and number.
        pub const TRIED: &[(&str, &str, usize)] = &[$(($heading, $language, $number)),*];
    };
}

tried! {
    awsp_switches_and_logs_in: "bash and zsh", "sh", 1 => shells::switching;
    the_first_shell_of_the_day_asks: "bash and zsh", "sh", 2 => shells::first_shell;
    variables_come_and_go: "bash and zsh", "sh", 3 => shells::variables;
    a_script_stops_without_a_session: "bash and zsh", "sh", 4 => shells::script;
    awsp_switches_and_logs_in_in_fish: "fish", "fish", 1 => shells::switching_in_fish;
    the_first_fish_of_the_day_asks: "fish", "fish", 2 => shells::first_fish;
    variables_come_and_go_in_fish: "fish", "fish", 3 => shells::variables_in_fish;
    a_command_gets_the_session: "A command or a shell of its own", "sh", 1 => shells::command;
    bash_shows_whose_shell_it_is: "A command or a shell of its own", "bash", 1 => shells::marked_bash;
    zsh_shows_whose_shell_it_is: "A command or a shell of its own", "zsh", 1 => shells::marked_zsh;
    fish_shows_whose_shell_it_is: "A command or a shell of its own", "fish", 1 => shells::marked_fish;
    direnv_names_the_profile: "direnv", "bash", 1 => shells::direnv_profile;
    direnv_loads_the_session_and_the_next_one: "direnv", "bash", 2 => shells::direnv_session;
    bash_shows_the_time_left: "Prompts", "bash", 1 => status_lines::bash;
    zsh_shows_the_time_left: "Prompts", "zsh", 1 => status_lines::zsh;
    fish_shows_the_time_left: "Prompts", "fish", 1 => status_lines::fish;
    starship_gets_words_to_show_only_with_a_session: "starship", "toml", 1 => status_lines::starship;
    tmux_shows_the_time_left: "tmux and screen", "tmux", 1 => status_lines::tmux;
    screen_shows_the_time_left: "tmux and screen", "screen", 1 => status_lines::screen;
    the_full_path_needs_no_path: "VS Code and JetBrains", "ini", 1 => programs::full_path;
    a_backend_of_terraform_is_written_as_terraform_reads_it: "Terraform and OpenTofu", "hcl", 1 => programs::terraform;
    a_provider_of_terraform_is_written_as_terraform_reads_it: "Terraform and OpenTofu", "hcl", 2 => programs::terraform;
    a_container_gets_the_session_as_variables: "Docker", "bash", 1 => programs::docker_variables;
    a_container_reads_the_session_section: "Docker", "sh", 1 => programs::docker_mount;
    the_kubeconfig_names_the_profile: "kubectl and EKS", "sh", 1 => programs::kubeconfig;
    the_token_for_eks_is_made_from_the_session: "kubectl and EKS", "sh", 2 => programs::eks_token;
    git_gets_a_password_for_codecommit: "git and CodeCommit", "sh", 1 => programs::codecommit;
    git_finds_the_profile_in_the_address: "git and CodeCommit", "sh", 2 => programs::clone;
    psql_gets_a_password_made_from_the_session: "PostgreSQL on RDS", "sh", 1 => programs::psql;
    a_job_looks_for_a_session_first: "cron and scripts", "sh", 1 => programs::job;
    a_job_never_asks: "cron and scripts", "sh", 2 => programs::job_that_never_asks;
    a_job_begins_with_a_session_that_lasts: "cron and scripts", "sh", 3 => programs::job_that_lasts;
    a_session_is_lent_to_another_machine: "Other machines", "sh", 1 => programs::ssh;
    boto3_takes_the_profile: "Your own programs", "python", 1 => programs::boto3;
}
