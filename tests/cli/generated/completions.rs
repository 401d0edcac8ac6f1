//! What clap renders, and the names of profiles besides: clap knows of no completion that only the
//! machine can answer. The shells read the two shared files themselves, by `profile_names.awk`, so
//! that the program needs no hidden command for it.

use std::collections::{BTreeMap, BTreeSet};

use clap::{Arg, Command, ValueHint};
use clap_complete::Shell;

/// How clap is told of a profile in the shells whose scripts have a place for it.
const MARK: ValueHint = ValueHint::Username;

/// And of the serial of an MFA device.
const SERIAL: ValueHint = ValueHint::Hostname;

/// Renders the completions for every shell, by file name.
pub fn render(command: &Command) -> BTreeMap<String, Vec<u8>> {
    let mut built = mark(command.clone());
    built.build();
    let commands = commands(&built, "daypass");
    [
        ("daypass.bash", bash(&clap(Shell::Bash, command), &commands)),
        (
            "_daypass",
            zsh(&clap(Shell::Zsh, &mark(command.clone())), &commands),
        ),
        (
            "daypass.fish",
            fish(&clap(Shell::Fish, &mark(command.clone())), &commands),
        ),
        (
            "daypass.elv",
            elvish(&clap(Shell::Elvish, command), &commands),
        ),
        (
            "daypass.ps1",
            powershell(&clap(Shell::PowerShell, command), &commands),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .collect()
}

fn clap(shell: Shell, command: &Command) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command.clone(), "daypass", &mut bytes);
    String::from_utf8(bytes).expect("text")
}

/// Whether an argument is one of `ProfileArgs`.
fn names_a_profile(argument: &Arg) -> bool {
    matches!(argument.get_id().as_str(), "positional" | "profile")
        && argument.get_value_hint() == ValueHint::Other
}

/// Whether an argument is the serial of a device.
fn names_a_device(argument: &Arg) -> bool {
    argument.get_id() == "serial"
}

/// Marks what takes a profile or a device, and leaves what comes after `--` to us.
fn mark(command: Command) -> Command {
    command
        .mut_args(|argument| {
            if names_a_profile(&argument) {
                argument.value_hint(MARK)
            } else if names_a_device(&argument) {
                argument.value_hint(SERIAL)
            } else if argument.is_last_set() {
                argument.value_hint(ValueHint::Other)
            } else {
                argument
            }
        })
        .mut_subcommands(mark)
}

/// A command as the scripts need to know it.
struct Described<'a> {
    /// Its words, the program's name first.
    words: String,
    command: &'a Command,
}

/// Every command but help, the inner ones after the outer.
fn commands<'a>(command: &'a Command, words: &str) -> Vec<Described<'a>> {
    let mut found = vec![Described {
        words: words.to_owned(),
        command,
    }];
    for inner in command.get_subcommands() {
        if inner.get_name() != "help" {
            found.extend(commands(inner, &format!("{words} {}", inner.get_name())));
        }
    }
    found
}

impl Described<'_> {
    fn takes_a_profile(&self) -> bool {
        self.takes(MARK)
    }

    fn takes_a_serial(&self) -> bool {
        self.takes(SERIAL)
    }

    /// Whether an argument that is no option has this mark.
    fn takes(&self, mark: ValueHint) -> bool {
        let mut positionals = self.command.get_positionals();
        positionals.any(|argument| argument.get_value_hint() == mark)
    }

    /// The arguments that are one of a few words, and these.
    fn positional_values(&self) -> impl Iterator<Item = (String, String)> {
        self.command.get_positionals().filter_map(|argument| {
            let values = argument.get_possible_values();
            let words: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
            let name = argument.get_id().as_str();
            let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            (!words.is_empty()).then(|| (title, words.join(" ")))
        })
    }

    fn takes_a_command(&self) -> bool {
        self.command.get_positionals().any(Arg::is_last_set)
    }

    /// Whether a line of clap's describes what comes after `--`. Options would not be completed any more
    /// after the first argument if it did.
    fn is_last_argument_in_zsh(&self, line: &str) -> bool {
        let mut last = self
            .command
            .get_positionals()
            .filter(|found| found.is_last_set());
        last.any(|found| line.starts_with(&format!("'*::{}", found.get_id())))
    }

    /// The words behind the program's name.
    fn subcommand(&self) -> &str {
        self.words.split_once(' ').map_or("", |(_, words)| words)
    }

    fn options(&self) -> impl Iterator<Item = &Arg> {
        let arguments = self.command.get_arguments();
        arguments.filter(|argument| !argument.is_positional())
    }
}

fn takes_a_value(option: &Arg) -> bool {
    option.get_num_args().expect("built").takes_values()
}

fn bash(clap: &str, commands: &[Described<'_>]) -> String {
    let texts = include_str!("profiles.bash")
        .replace("@TABLE@", &bash_table(commands))
        .replace("@AWK@", &posix_quoted(PROFILE_NAMES));
    let clap = replace_once(clap, "_daypass() {", "_daypass_options() {");
    // A name behind an option is no command.
    let clap = replace_once(
        &clap,
        "    local i cur prev opts cmd\n",
        "    local i cur prev opts cmd before\n",
    );
    let clap = replace_once(
        &clap,
        "    do\n        case \"${cmd},${i}\" in\n",
        "    do\n        case \"${before}\" in\n            -p|--profile|--user)\n                before=\"\"\n                \
         continue\n                ;;\n        esac\n        before=\"${i}\"\n        case \"${cmd},${i}\" in\n",
    );
    replace_once(
        &clap,
        "\nif [[ \"${BASH",
        &format!("{texts}if [[ \"${{BASH"),
    )
}

fn bash_table(commands: &[Described<'_>]) -> String {
    let mut meanings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for described in commands {
        let mut add = |meaning, word: &str| {
            let key = format!("'{} {word}'", described.words);
            meanings.entry(meaning).or_default().push(key);
        };
        for inner in described.command.get_subcommands() {
            add("command", inner.get_name());
        }
        for option in described.options().filter(|option| takes_a_value(option)) {
            let meaning = match option.get_value_hint() {
                MARK => "profile",
                SERIAL => "serial",
                _ => "value",
            };
            spellings(option).for_each(|spelling| add(meaning, &spelling));
        }
        if described.takes_a_profile() {
            add("profile", "");
        }
        if described.takes_a_serial() {
            add("serial", "");
        }
        if described.takes_a_command() {
            add("command", "--");
        }
    }
    let rows = meanings.into_iter().map(|(meaning, keys)| {
        let keys = keys.join(" | \\\n            ");
        format!("        {keys})\n            meaning={meaning}\n            ;;")
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn zsh(clap: &str, commands: &[Described<'_>]) -> String {
    let mut texts = include_str!("profiles.zsh").replace("@AWK@", &posix_quoted(PROFILE_NAMES));
    let mut clap: String = clap
        .split_inclusive('\n')
        .filter(|line| {
            !commands
                .iter()
                .any(|found| found.is_last_argument_in_zsh(line))
        })
        .collect();
    clap = clap.replace(":_users'", ":_daypass_profiles'");
    clap = clap.replace(":_hosts'", ":_daypass_serials'");
    for described in commands {
        if described.takes_a_profile() && described.command.has_subcommands() {
            clap = zsh_with_both(&clap, described);
        }
    }
    let with_command: Vec<_> = commands
        .iter()
        .filter(|described| described.takes_a_command())
        .map(|described| described.command.get_name())
        .collect();
    if !with_command.is_empty() {
        texts += &include_str!("commands.zsh").replace("@COMMANDS@", &with_command.join("|"));
        clap = replace_once(&clap, "\n_daypass() {", "\n_daypass_options() {");
    }
    replace_once(
        &clap,
        "if [ \"$funcstack",
        &format!("{texts}if [ \"$funcstack"),
    )
}

/// For a command whose first word is a further command or a profile, clap's script takes it for a profile in any
/// case, and completes nothing behind a further command.
fn zsh_with_both(clap: &str, described: &Described<'_>) -> String {
    let name = described.command.get_name();
    let inner = format!("_daypass__subcmd__{name}_commands");
    let arguments = format!("\":: :{inner}\" \\\n\"*::: :->{name}\" \\\n");
    let (before, after) = clap.split_once(&arguments).expect("both");
    let (before, _) = before.rsplit_once("'::positional").expect("the profile");
    let case = format!("\n({name})\n");
    let (before, options) = before.rsplit_once(&case).expect("its case");
    let further = described
        .command
        .get_subcommands()
        .map(|inner| inner.get_name());
    let further: Vec<_> = further.filter(|name| *name != "help").collect();
    let with_values = described.options().filter(|option| takes_a_value(option));
    let with_values: Vec<_> = with_values.flat_map(spellings).collect();
    let text = include_str!("commands_or_profile.zsh")
        .replace("@NAME@", name)
        .replace("@INNER@", &inner)
        .replace("@OPTIONS@", &with_values.join("|"))
        .replace("@COMMANDS@", &further.join("|"));
    let after = after.replace(
        &format!(
            "command-$line[2]:\"\n        case $line[2] in\n            ({})",
            further[0]
        ),
        &format!(
            "command-$line[1]:\"\n        case $line[1] in\n            ({})",
            further[0]
        ),
    );
    let after = replace_once(
        &after,
        "words=($line[2] \"${words[@]}\")",
        "words=($line[1] \"${words[@]}\")",
    );
    format!("{before}{case}{text}{options}\"${{first[@]}}\" \\\n{after}")
}

/// How an option is spelled: `-p`, `--profile`.
fn spellings(option: &Arg) -> impl Iterator<Item = String> {
    let shorts = option.get_short_and_visible_aliases().unwrap_or_default();
    let longs = option.get_long_and_visible_aliases().unwrap_or_default();
    let shorts = shorts.into_iter().map(|short| format!("-{short}"));
    shorts.chain(longs.into_iter().map(|long| format!("--{long}")))
}

fn fish(clap: &str, commands: &[Described<'_>]) -> String {
    let mut texts = include_str!("profiles.fish")
        .replace("@AWK@", &fish_quoted(PROFILE_NAMES))
        .replace("@OPTIONS@", &options_with_values(commands).join(" "));
    for described in commands {
        let (names, what) = if described.takes_a_profile() {
            ("names", "Profile")
        } else if described.takes_a_serial() {
            ("names 1", "Device")
        } else {
            continue;
        };
        texts += &format!(
            "complete -c daypass -n \"__fish_daypass_wants_argument '{}' '{}'\" \
             -f -a \"(__fish_daypass_{names})\" -d {what}\n",
            described.subcommand(),
            fish_options(described)
        );
    }
    // clap has the values of options only.
    for described in commands {
        for (name, values) in described.positional_values() {
            texts += &format!(
                "complete -c daypass -n \"__fish_daypass_using_subcommand {}\" -f -a \"{values}\" -d {name}\n",
                described.subcommand()
            );
        }
    }
    if commands.iter().any(Described::takes_a_command) {
        texts += include_str!("commands.fish");
    }
    for described in commands.iter().filter(|found| found.takes_a_command()) {
        texts += &format!(
            "complete -c daypass -n \"__fish_daypass_using_subcommand {}; \
             and __fish_daypass_wants_command\" -f -a \"(__fish_daypass_command)\"\n",
            described.subcommand()
        );
    }
    clap.replace(
        "__fish_seen_subcommand_from",
        "__fish_daypass_seen_subcommand_from",
    )
    .replace("(__fish_complete_users)", "(__fish_daypass_names)")
    .replace("(__fish_print_hostnames)", "(__fish_daypass_names 1)")
        + &texts
}

/// How the options of all commands are spelled whose next word is their value.
fn options_with_values(commands: &[Described<'_>]) -> Vec<String> {
    let of = |wanted: bool| -> BTreeSet<String> {
        let options = commands.iter().flat_map(Described::options);
        let options = options.filter(|option| takes_a_value(option) == wanted);
        options.flat_map(spellings).collect()
    };
    let (with, without) = (of(true), of(false));
    let both: Vec<_> = with.intersection(&without).collect();
    assert_eq!(both, [""; 0], "with a value here and without one there");
    with.into_iter().collect()
}

/// The options of a command as fish's `argparse` reads them.
fn fish_options(described: &Described<'_>) -> String {
    let options = described.options().map(|option| {
        let names = [
            option.get_short().map(String::from),
            option.get_long().map(String::from),
        ];
        let mut names = names.into_iter().flatten().collect::<Vec<_>>().join("/");
        if takes_a_value(option) {
            names.push('=');
        }
        names
    });
    options.collect::<Vec<_>>().join(" ")
}

fn elvish(clap: &str, commands: &[Described<'_>]) -> String {
    let keys = commands_with_semicolons(commands).map(|key| format!("&'{key}'=$true"));
    let texts = include_str!("profiles.elv")
        .replace("&@COMMANDS@", &keys.collect::<Vec<_>>().join(" "))
        .replace("@AWK@", &doubling_quoted(PROFILE_NAMES));
    clap.to_owned() + &texts
}

fn powershell(clap: &str, commands: &[Described<'_>]) -> String {
    let keys = commands_with_semicolons(commands).map(|key| format!("'{key}'"));
    let keys = format!("@({})", keys.collect::<Vec<_>>().join(", "));
    let texts = include_str!("profiles.ps1").replace("@COMMANDS@", &keys);
    let end = "    $completions.Where{";
    replace_once(clap, end, &(texts + end))
}

/// The commands that take a profile, as clap's scripts for Elvish and PowerShell name them.
fn commands_with_semicolons(commands: &[Described<'_>]) -> impl Iterator<Item = String> {
    let commands = commands.iter().filter(|found| found.takes_a_profile());
    commands.map(|described| described.words.replace(' ', ";"))
}

/// Replaces what clap renders at one place only; another version may render it differently.
fn replace_once(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old:?} in:\n{text}");
    text.replacen(old, new, 1)
}

/// The program that reads the names.
pub const PROFILE_NAMES: &str = include_str!("profile_names.awk");

fn posix_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn fish_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

fn doubling_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
