//! Operators on values. None of them has a result where nobody knows it.

use hcl_edit::{
    Number,
    expr::{BinaryOperator, UnaryOperator},
};

use crate::policy::sources::value::Value;

/// A number as written.
pub(super) fn number(number: &Number) -> Value {
    let whole = number.as_i64().map(serde_json::Number::from);
    let whole = whole.or_else(|| number.as_u64().map(serde_json::Number::from));
    let any = whole.or_else(|| serde_json::Number::from_f64(number.as_f64()?));
    match any {
        Some(number) => Value::Number(number),
        None => Value::text(number.to_string()),
    }
}

pub(super) fn unary(operator: UnaryOperator, value: &Value) -> Option<Value> {
    match operator {
        UnaryOperator::Not => Some(Value::Bool(!value.as_bool()?)),
        UnaryOperator::Neg => Some(Value::Number(integer(value)?.checked_neg()?.into())),
    }
}

pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Option<Value> {
    use BinaryOperator as Op;
    match operator {
        Op::Eq => Some(Value::Bool(equal(left, right)?)),
        Op::NotEq => Some(Value::Bool(!equal(left, right)?)),
        // One side may decide alone.
        Op::And => match (left.as_bool(), right.as_bool()) {
            (Some(false), _) | (_, Some(false)) => Some(Value::Bool(false)),
            (Some(true), Some(true)) => Some(Value::Bool(true)),
            _ => None,
        },
        Op::Or => match (left.as_bool(), right.as_bool()) {
            (Some(true), _) | (_, Some(true)) => Some(Value::Bool(true)),
            (Some(false), Some(false)) => Some(Value::Bool(false)),
            _ => None,
        },
        _ => {
            let (left, right) = (integer(left)?, integer(right)?);
            let number = match operator {
                Op::Plus => left.checked_add(right)?,
                Op::Minus => left.checked_sub(right)?,
                Op::Mul => left.checked_mul(right)?,
                // A part of a whole number has no use in a policy.
                Op::Div if left.checked_rem(right)? == 0 => left.checked_div(right)?,
                Op::Mod => left.checked_rem(right)?,
                Op::Less => return Some(Value::Bool(left < right)),
                Op::LessEq => return Some(Value::Bool(left <= right)),
                Op::Greater => return Some(Value::Bool(left > right)),
                Op::GreaterEq => return Some(Value::Bool(left >= right)),
                _ => return None,
            };
            Some(Value::Number(number.into()))
        }
    }
}

/// An element of a list or of a map.
pub(super) fn index(value: Value, index: &Value) -> Option<Value> {
    match value {
        Value::List(mut values) => {
            let index = index.as_index()?;
            (index < values.len()).then(|| values.swap_remove(index))
        }
        Value::Map(mut map) => map.remove(index.to_text()?.as_known()?),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    if left.symbol().is_some() || right.symbol().is_some() {
        return None;
    }
    Some(left == right)
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::Text(text) => text.as_known()?.parse().ok(),
        _ => None,
    }
}
