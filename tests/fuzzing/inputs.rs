//! Inputs that get further than chance alone would: seeds with damage, and tokens of the format.

use proptest::{collection::vec, prelude::*, sample::Index};

/// A change to an input.
#[derive(Debug, Clone)]
enum Damage {
    /// These bytes are put in.
    Insert(Index, Vec<u8>),
    /// As many bytes are taken out.
    Remove(Index, usize),
    /// As many bytes are written once more, somewhere else.
    Repeat(Index, usize, Index),
}

/// Inputs made from seeds and tokens.
pub fn like(seeds: Vec<Vec<u8>>, tokens: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let piece = || {
        prop_oneof![
            4 => prop::sample::select(tokens.clone()),
            1 => Just(b"\n".to_vec()),
            1 => "[ -~]{1,8}".prop_map(String::into_bytes),
            1 => vec(any::<u8>(), 1..4),
        ]
    };
    let damage = prop_oneof![
        4 => (any::<Index>(), piece()).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        2 => (any::<Index>(), 1..40usize).prop_map(|(at, count)| Damage::Remove(at, count)),
        1 => (any::<Index>(), 1..80usize, any::<Index>())
            .prop_map(|(from, count, to)| Damage::Repeat(from, count, to)),
    ];
    prop_oneof![
        6 => (prop::sample::select(seeds), vec(damage, 0..6)).prop_map(|(mut bytes, damages)| {
            for damage in damages {
                apply(&mut bytes, damage);
            }
            bytes
        }),
        3 => vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
        1 => vec(any::<u8>(), 0..200),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: Damage) {
    let range = |at: Index, count: usize, length: usize| {
        let start = at.index(length + 1);
        start..(start + count).min(length)
    };
    let length = bytes.len();
    match damage {
        Damage::Insert(at, piece) => {
            let start = at.index(length + 1);
            bytes.splice(start..start, piece);
        }
        Damage::Remove(at, count) => {
            bytes.drain(range(at, count, length));
        }
        Damage::Repeat(from, count, to) => {
            let piece = bytes[range(from, count, length)].to_vec();
            let start = to.index(length + 1);
            bytes.splice(start..start, piece);
        }
    }
}
