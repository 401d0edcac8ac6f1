//! What daypass writes, as the others read it.

use daypass::shared_files::Document;
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    botocore, files,
    generated::{has_names_in_two_spellings, report},
    ours,
    reading::{File, Group, Listed, Name, Place, Reading},
    sdk,
};

const COUNT: usize = 1_500;

#[derive(Clone, Debug)]
struct Edit {
    profile: &'static str,
    /// What is set; without a value it is removed.
    values: Vec<(&'static str, Option<String>)>,
}

/// An edit is all of one kind.
fn edit() -> impl Strategy<Value = Edit> {
    let profile = select(vec!["a", "b", "c", "default", "new.one"]);
    let key = || select(vec!["k", "j", "s3", "aws_x", "new", "New_2"]);
    let value = prop_oneof!["[a-zA-Z0-9/+=:é#;\"]{0,12}", "[a-z]( [a-z=:]){0,3}"];
    let is_sendable = |(_, value): &(&str, String)| !value.starts_with(['#', ';']);
    let set = (key(), value)
        .prop_filter("no comment", is_sendable)
        .prop_map(|(key, value)| (key, Some(value)));
    let removed = key().prop_map(|key| (key, None));
    let values = prop_oneof![3 => vec(set, 1..4), 1 => vec(removed, 1..4)];
    (profile, values).prop_map(|(profile, values)| Edit { profile, values })
}

/// A file before and after an edit.
struct Edited {
    before: File,
    after: File,
    edit: Edit,
}

/// Makes the edit, or returns nothing where daypass refuses to.
fn apply(file: File, edit: Edit) -> Option<Edited> {
    let mut document: Document = ours::read(&file).ok()?;
    let (mut set, mut removed) = (Vec::new(), Vec::new());
    for (key, value) in &edit.values {
        match value {
            Some(value) => set.push((*key, value.as_str())),
            None => removed.push(*key),
        }
    }
    if !set.is_empty() {
        document.set(edit.profile, &set).ok()?;
    }
    if !removed.is_empty() {
        document.remove(edit.profile, &removed).ok()?;
    }
    let after = File {
        kind: file.kind,
        bytes: document.bytes().to_vec(),
    };
    Some(Edited {
        before: file,
        after,
        edit,
    })
}

#[test]
fn an_edit_is_read_back_by_botocore_and_the_sdk_and_changes_nothing_else_for_them() {
    let pairs = files::make(&(files::file(), edit()), COUNT);
    let edited: Vec<Edited> = pairs
        .into_iter()
        .filter(|(file, _)| !has_names_in_two_spellings(file))
        .filter_map(|(file, edit)| apply(file, edit))
        .collect();
    let both = edited
        .iter()
        .flat_map(|edited| [&edited.before, &edited.after]);
    let Some(readings) = botocore::read(both) else {
        return;
    };
    let (mut of_sdk, mut of_botocore, mut of_both) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (edited, botocore) in edited.iter().zip(readings.chunks(2)) {
        let sdk = [&edited.before, &edited.after].map(|file| sdk::read(std::slice::from_ref(file)));
        let mut says = |reader: &str, problems: Vec<String>| {
            let edit = &edited.edit;
            let after = edited.after.literal();
            wrong.extend(problems.into_iter().map(|problem| {
                (
                    &edited.before,
                    format!("{edit:?}: {after}\n    {reader}: {problem}"),
                )
            }));
        };
        // Of a file that is not UTF-8 the SDK reads nothing at all.
        let is_text = std::str::from_utf8(&edited.before.bytes).is_ok();
        if let [Ok(before), after] = &sdk
            && is_text
        {
            of_sdk += 1;
            match after {
                Ok(after) => says("the SDK", other_changes(edited, before, after)),
                Err(refusal) => says("the SDK", vec![refusal.message.clone()]),
            }
        }
        if let [Ok(before), after] = botocore {
            of_botocore += 1;
            match after {
                Ok(after) => says("botocore", other_changes(edited, before, after)),
                Err(refusal) => says("botocore", vec![refusal.clone()]),
            }
        }
        if let ([Ok(sdk_before), Ok(sdk)], [Ok(botocore_before), Ok(botocore)]) = (&sdk, botocore)
            && is_common(edited, sdk_before, botocore_before)
        {
            of_both += 1;
            says("the SDK", wrong_values(edited, sdk));
            says("botocore", wrong_values(edited, botocore));
        }
    }
    report(wrong);
    assert!(
        of_sdk > COUNT / 3,
        "{of_sdk} edits of files that the SDK reads"
    );
    assert!(
        of_botocore > COUNT / 3,
        "{of_botocore} edits of files that botocore reads"
    );
    assert!(of_both > COUNT / 3, "{of_both} edits that both should see");
}

fn name(edited: &Edited) -> Name {
    (Group::Profile, edited.edit.profile.to_owned())
}

/// Whether both readers know the section with the same keys in it, or neither knows it nor we do.
fn is_common(edited: &Edited, sdk: &dyn Reading, botocore: &Listed) -> bool {
    let name = name(edited);
    let ours = ours::read(&edited.before).expect("it was edited");
    let mut listed = botocore.clone();
    listed.merge(ours.listed());
    let has = [sdk.has(&name), botocore.has(&name), ours.has(&name)];
    let keys_are_equal = listed
        .values
        .keys()
        .filter(|place| place.name == name && place.nested.is_none())
        .all(|place| sdk.value(place).is_some() == botocore.value(place).is_some());
    // To botocore, what stands in `[DEFAULT]` is in every section.
    let has_defaults = edited
        .before
        .bytes
        .windows(9)
        .any(|bytes| bytes == b"[DEFAULT]");
    has == [has[0]; 3] && keys_are_equal && !has_defaults
}

/// What a reader finds changed although nobody asked for it.
fn other_changes(edited: &Edited, before: &dyn Reading, after: &dyn Reading) -> Vec<String> {
    let edit = &edited.edit;
    let ours = ours::read(&edited.before).expect("it was edited");
    let mut known = before.listed();
    known.merge(ours.listed());
    let is_edited = |place: &&Place| {
        let keys = &mut edit.values.iter();
        place.name == name(edited) && keys.any(|(key, _)| key.eq_ignore_ascii_case(&place.key))
    };
    // botocore reads `[profiles c]` as profile c, until there is a `[profile c]`.
    let is_another = before.has(&name(edited)) != ours.has(&name(edited));
    let is_hidden = |place: &&Place| is_another && place.name == name(edited);
    let values = known.values.keys();
    let values = values.filter(|place| !is_edited(place) && !is_hidden(place));
    let changed = values.filter_map(|place| {
        let (was, is) = (before.value(place), after.value(place));
        (was != is).then(|| format!("{place:?} was {was:?} and is {is:?}"))
    });
    // A section may go with its last setting.
    let names = known.names.iter().filter(|known| **known != name(edited));
    let lost = names.filter_map(|name| {
        let (was, is) = (before.has(name), after.has(name));
        (was != is).then(|| format!("{name:?} was there: {was:?}, and is: {is:?}"))
    });
    changed.chain(lost).collect()
}

/// Which of the edited settings a reader does not read as asked for.
fn wrong_values(edited: &Edited, after: &dyn Reading) -> Vec<String> {
    let values = &edited.edit.values;
    let is_last = |index: usize| {
        let mut later = values[index + 1..].iter();
        !later.any(|(key, _)| *key == values[index].0)
    };
    let asked_for = values
        .iter()
        .enumerate()
        .filter(|(index, _)| is_last(*index));
    asked_for
        .filter_map(|(_, (key, value))| {
            let place = Place {
                name: name(edited),
                key: key.to_ascii_lowercase(),
                nested: None,
            };
            let is = after.value(&place);
            (is != *value).then(|| format!("{key} is {is:?} instead of {value:?}"))
        })
        .collect()
}
