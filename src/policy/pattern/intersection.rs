//! What two patterns match both, as patterns.

use super::{Pattern, Token, stands_for};

/// The intersection has more patterns, or takes more work, than is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// The most patterns that an intersection may have. `*a*b*` and `*c*d*` have six.
const MOST: usize = 64;
/// The most tokens that are looked at on the way.
const MOST_STEPS: usize = 20_000;

/// All that both patterns match, exactly: what matches one of the returned ones matches both, and the other way
/// round. Nothing is returned if they have nothing in common.
///
/// # Errors
/// [`TooMany`].
pub fn intersection(one: &Pattern, other: &Pattern) -> Result<Vec<Pattern>, TooMany> {
    intersection_counting(one, other, &mut 0)
}

/// As [`intersection`], adding what it took to `work`, in the measure of [`Pattern::matches_counting`].
///
/// # Errors
/// [`TooMany`].
pub fn intersection_counting(
    one: &Pattern,
    other: &Pattern,
    work: &mut u64,
) -> Result<Vec<Pattern>, TooMany> {
    if other.matches_counting(&one.tokens, work) {
        return Ok(vec![one.clone()]);
    }
    if one.matches_counting(&other.tokens, work) {
        return Ok(vec![other.clone()]);
    }
    if one.is_exact() || other.is_exact() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Pattern> = Vec::new();
    let mut steps = 0;
    // What is left of both, and what led there.
    let mut open = vec![(&one.tokens[..], &other.tokens[..], Vec::new())];
    while let Some((left, right, mut before)) = open.pop() {
        steps += 1 + before.len() / 64;
        // A step makes a list or two, which is worth some comparisons.
        *work += 8;
        if steps > MOST_STEPS {
            return Err(TooMany);
        }
        match (left.split_first(), right.split_first()) {
            (None, None) => {
                keep(&mut found, Pattern::new(before));
                if found.len() > MOST {
                    return Err(TooMany);
                }
            }
            (Some((Token::Any, after)), Some((Token::Any, after_other))) => {
                // One of the two ends first, and the other goes on.
                before.push(Token::Any);
                open.push((after, right, before.clone()));
                open.push((left, after_other, before));
            }
            (Some((Token::Any, after)), _) => {
                let may_end = may_both_go_on(after, right);
                if let Some((&token, rest)) = right.split_first() {
                    let longer = longer(&mut before, token, may_end);
                    open.push((left, rest, longer));
                }
                if may_end {
                    open.push((after, right, before));
                }
            }
            (_, Some((Token::Any, after))) => {
                let may_end = may_both_go_on(left, after);
                if let Some((&token, rest)) = left.split_first() {
                    let longer = longer(&mut before, token, may_end);
                    open.push((rest, right, longer));
                }
                if may_end {
                    open.push((left, after, before));
                }
            }
            (Some((&token, after)), Some((&token_other, after_other))) => {
                let both = if stands_for(token, token_other) {
                    token_other
                } else if stands_for(token_other, token) {
                    token
                } else {
                    continue;
                };
                before.push(both);
                open.push((after, after_other, before));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Whether the next tokens of both have something in common.
fn may_both_go_on(left: &[Token], right: &[Token]) -> bool {
    match (left.first(), right.first()) {
        (Some(Token::Any), _) | (_, Some(Token::Any)) | (None, None) => true,
        (Some(&one), Some(&other)) => stands_for(one, other) || stands_for(other, one),
        _ => false,
    }
}

/// What led here and one token more. It is only copied if it is needed again.
fn longer(before: &mut Vec<Token>, token: Token, is_needed: bool) -> Vec<Token> {
    let mut longer = match is_needed {
        true => before.clone(),
        false => std::mem::take(before),
    };
    longer.push(token);
    longer
}

/// Keeps a pattern unless another says the same and more.
fn keep(found: &mut Vec<Pattern>, pattern: Pattern) {
    if found.iter().any(|other| other.matches(&pattern.tokens)) {
        return;
    }
    found.retain(|other| !pattern.matches(&other.tokens));
    found.push(pattern);
}
