//! The recipes of `docs/code-sources.md`. That of pass is run with the real program in `pass`.

use std::fs;

use super::{config_with, program, with_programs};
use crate::{
    documents::blocks,
    support::{Home, is_there},
};

/// The blocks of settings: what the profile gets.
fn recipes() -> Vec<String> {
    let blocks = blocks::of("docs/code-sources.md").into_iter();
    let settings = blocks.filter(|block| block.language == "ini");
    settings.map(|block| block.text).collect()
}

/// Puts a recipe where it belongs: a whole profile gets what else it needs, and a line goes into a profile.
fn write(home: &Home, recipe: &str) {
    let profile = home.profile_section("work");
    match recipe.split_once("[profile work]\n") {
        Some((comment, settings)) => home.write_config(&format!("{comment}{profile}{settings}")),
        None => config_with(home, recipe),
    }
}

#[test]
fn every_recipe_runs_its_program_with_these_arguments() {
    let expected = [
        ("ykman", "oath|accounts|code|-s|aws|"),
        ("ykman", "oath|accounts|code|-s|aws|"),
        ("pass", "otp|aws|"),
        ("gopass", "otp|-o|aws|"),
        ("op", "item|get|aws|--otp|"),
        ("bw", "get|totp|aws|"),
        ("keepassxc-cli", "show|-q|-t|/home/ada/passwords.kdbx|aws|"),
        ("oathtool", "--totp|--base32|@/home/ada/.config/aws-seed|"),
    ];
    let recipes = recipes();
    assert_eq!(recipes.len(), expected.len(), "{recipes:?}");
    for (recipe, (name, arguments)) in recipes.iter().zip(expected) {
        let home = Home::new();
        let script = format!("printf '%s|' \"$@\" >arguments\necho {}", home.code());
        program(&home, name, &script);
        write(&home, recipe);
        let run = with_programs(&home, home.daypass(["login", "work"])).run();
        assert_eq!(run.exit, 0, "{recipe}: {}", run.report());
        let found = fs::read_to_string(home.path("arguments")).expect("it was run");
        assert_eq!(found, arguments, "{recipe}");
    }
}

#[test]
fn the_real_oathtool_gives_the_code() {
    if !is_there("oathtool") {
        return;
    }
    let home = Home::new();
    let seed = "/home/ada/.config/aws-seed";
    let recipes = recipes().into_iter();
    let mut recipes = recipes.filter(|recipe| recipe.contains(seed));
    let recipe = recipes.next().expect("the recipe with oathtool");
    let file = home.path("seed");
    fs::write(&file, format!("{}\n", home.device.seed)).expect("the seed");
    write(&home, &recipe.replace(seed, &file.display().to_string()));
    let run = home.daypass(["login", "work"]).run();
    assert_eq!(run.exit, 0, "{}", run.report());
}
