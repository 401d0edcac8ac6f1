//! What a file is: by its name where that tells, else by what it says.

use serde_json::{Value as Json, error::Category};

use crate::policy::{
    document::repeated_key,
    sources::{
        Fault, Place, Source, SourceError, cloudformation, terraform_plan,
        yaml::{self, Node},
    },
};

/// A form that policies come in.
pub(super) enum Form {
    /// A single policy, bare or as the AWS CLI prints it.
    Policy(Json),
    CloudFormation(Node),
    Terraform,
    /// What `terraform show -json` prints.
    TerraformShown(Json),
}

/// Tells what a file is, and reads what has to be read for that.
///
/// # Errors
/// [`Fault::Syntax`], [`Fault::UnknownForm`], or what to give instead of it.
pub(super) fn recognise(source: &Source) -> Result<Form, SourceError> {
    let fail = |fault| SourceError::of(&source.name, fault);
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    // A module may have files with nothing in them.
    if source.name.ends_with(".tf") {
        return Ok(Form::Terraform);
    }
    if text.trim().is_empty() {
        return Err(fail(Fault::Form("it is empty".into())));
    }
    if text.trim_start().starts_with(['{', '[']) {
        return of_json(source, text);
    }
    if looks_like_terraform(text) {
        return Ok(Form::Terraform);
    }
    let root = yaml::parse(text).map_err(|(place, fault)| SourceError {
        file: source.name.clone(),
        place,
        fault,
    })?;
    if cloudformation::is_template(&root) {
        Ok(Form::CloudFormation(root))
    } else {
        Err(fail(Fault::UnknownForm))
    }
}

fn of_json(source: &Source, text: &str) -> Result<Form, SourceError> {
    let json: Json = serde_json::from_str(text).map_err(|error| syntax(source, &error))?;
    let fail = |fault| Err(SourceError::of(&source.name, fault));
    let has = |name: &str| json.get(name).is_some();
    if terraform_plan::is_shown(&json) {
        return Ok(Form::TerraformShown(json));
    }
    if ["UserDetailList", "GroupDetailList", "RoleDetailList"]
        .iter()
        .any(|name| has(name))
    {
        return fail(Fault::WholeAccount(source.name.clone()));
    }
    if has("terraform_version") && has("lineage") {
        let what =
            "this is Terraform's own file of its state: give what `terraform show -json` prints";
        return fail(Fault::Form(what.into()));
    }
    if has("resource") || source.name.ends_with(".tf.json") {
        let what = "Terraform's files in JSON are not read: give what `terraform show -json` prints of a plan";
        return fail(Fault::Form(what.into()));
    }
    let root = Node::from_json(&json);
    if cloudformation::is_template(&root) {
        if let Some(repeated) = repeated_key(text) {
            let what = repeated.to_string();
            return fail(Fault::Syntax {
                language: "JSON",
                what,
            });
        }
        // For the lines.
        return Ok(Form::CloudFormation(yaml::parse(text).unwrap_or(root)));
    }
    Ok(Form::Policy(json))
}

fn syntax(source: &Source, error: &serde_json::Error) -> SourceError {
    let (line, column) = (error.line(), error.column());
    let whole = error.to_string();
    let suffix = format!(" at line {line} column {column}");
    let what = match whole.strip_suffix(&suffix).unwrap_or(&whole) {
        "recursion limit exceeded" => "nested far deeper than any policy",
        _ if error.classify() == Category::Eof => "it ends in the middle",
        what => what,
    };
    SourceError {
        file: source.name.clone(),
        place: Some(Place::Line {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).ok(),
        }),
        fault: Fault::Syntax {
            language: "JSON",
            what: what.to_owned(),
        },
    }
}

/// Whether a line begins one of Terraform's blocks, which no YAML has.
fn looks_like_terraform(text: &str) -> bool {
    const BLOCKS: [&str; 8] = [
        "resource",
        "data",
        "variable",
        "locals",
        "module",
        "provider",
        "terraform",
        "output",
    ];
    text.lines().any(|line| {
        let line = line.trim_start();
        let word = line.split(|letter: char| !letter.is_alphanumeric()).next();
        let rest = word.map(|word| line[word.len()..].trim_start());
        word.is_some_and(|word| BLOCKS.contains(&word))
            && rest
                .is_some_and(|rest| rest.starts_with(['"', '{']) || rest.trim_end().ends_with('{'))
    })
}
