//! The operators of conditions.

/// An operator with what stands before and after its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub quantifier: Option<Quantifier>,
    /// How it compares.
    pub comparison: Comparison,
    /// Whether it asks for the opposite.
    pub negated: bool,
    /// Whether its name ends with `IfExists`.
    pub if_exists: bool,
}

/// What stands before the name of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// True if there is no value.
    ForAllValues,
    /// False if there is no value.
    ForAnyValue,
}

/// How an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Whether the key is absent.
    Null,
    /// Booleans.
    Bool,
    /// Numbers.
    Numeric(Order),
    /// Texts, letter by letter.
    Text,
    /// Texts, in whatever case.
    TextIgnoringCase,
    /// A text with a pattern.
    Like,
    /// Dates, addresses, ARNs, bytes.
    Unrelated,
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The same.
    Equal,
    /// Less.
    Less,
    /// Less or the same.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or the same.
    GreaterOrEqual,
}

impl Order {
    /// Whether it holds between the value of a request and that of a policy.
    pub fn holds(self, request: f64, policy: f64) -> bool {
        match self {
            Order::Equal => request == policy,
            Order::Less => request < policy,
            Order::LessOrEqual => request <= policy,
            Order::Greater => request > policy,
            Order::GreaterOrEqual => request >= policy,
        }
    }
}

/// The names of the operators, how they compare, and whether they are negated.
pub(super) const OPERATORS: [(&str, Comparison, bool); 27] = [
    ("Null", Comparison::Null, false),
    ("Bool", Comparison::Bool, false),
    ("NumericEquals", Comparison::Numeric(Order::Equal), false),
    ("NumericNotEquals", Comparison::Numeric(Order::Equal), true),
    ("NumericLessThan", Comparison::Numeric(Order::Less), false),
    (
        "NumericLessThanEquals",
        Comparison::Numeric(Order::LessOrEqual),
        false,
    ),
    (
        "NumericGreaterThan",
        Comparison::Numeric(Order::Greater),
        false,
    ),
    (
        "NumericGreaterThanEquals",
        Comparison::Numeric(Order::GreaterOrEqual),
        false,
    ),
    ("StringEquals", Comparison::Text, false),
    ("StringNotEquals", Comparison::Text, true),
    (
        "StringEqualsIgnoreCase",
        Comparison::TextIgnoringCase,
        false,
    ),
    (
        "StringNotEqualsIgnoreCase",
        Comparison::TextIgnoringCase,
        true,
    ),
    ("StringLike", Comparison::Like, false),
    ("StringNotLike", Comparison::Like, true),
    ("DateEquals", Comparison::Unrelated, false),
    ("DateNotEquals", Comparison::Unrelated, true),
    ("DateLessThan", Comparison::Unrelated, false),
    ("DateLessThanEquals", Comparison::Unrelated, false),
    ("DateGreaterThan", Comparison::Unrelated, false),
    ("DateGreaterThanEquals", Comparison::Unrelated, false),
    ("BinaryEquals", Comparison::Unrelated, false),
    ("IpAddress", Comparison::Unrelated, false),
    ("NotIpAddress", Comparison::Unrelated, true),
    ("ArnEquals", Comparison::Unrelated, false),
    ("ArnLike", Comparison::Unrelated, false),
    ("ArnNotEquals", Comparison::Unrelated, true),
    ("ArnNotLike", Comparison::Unrelated, true),
];

impl Operator {
    /// The operator of this name, whose case does not matter.
    pub fn named(name: &str) -> Option<Self> {
        let (quantifier, rest) = match name.split_once(':') {
            None => (None, name),
            Some((quantifier, rest)) if quantifier.eq_ignore_ascii_case("ForAllValues") => {
                (Some(Quantifier::ForAllValues), rest)
            }
            Some((quantifier, rest)) if quantifier.eq_ignore_ascii_case("ForAnyValue") => {
                (Some(Quantifier::ForAnyValue), rest)
            }
            Some(_) => return None,
        };
        let (base, if_exists) = match rest.len().checked_sub("IfExists".len()) {
            Some(at)
                if rest.is_char_boundary(at) && rest[at..].eq_ignore_ascii_case("IfExists") =>
            {
                (&rest[..at], true)
            }
            _ => (rest, false),
        };
        let (_, comparison, negated) = OPERATORS
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(base))?;
        Some(Self {
            quantifier,
            comparison: *comparison,
            negated: *negated,
            if_exists,
        })
    }

    /// The name that one which is no operator's was probably meant to be.
    pub fn near(name: &str) -> Option<String> {
        let (quantifier, rest) = name
            .rsplit_once(':')
            .map_or(("", name), |(before, rest)| (before, rest));
        if rest.len() > 64 || quantifier.len() > 64 {
            return None;
        }
        let near = |one: &str, other: &str| {
            strsim::damerau_levenshtein(&one.to_ascii_lowercase(), &other.to_ascii_lowercase())
        };
        let base = OPERATORS
            .iter()
            .flat_map(|(name, ..)| [(*name).to_owned(), format!("{name}IfExists")])
            .chain(["Boolean"].map(str::to_owned))
            .min_by_key(|known| near(known, rest))
            .filter(|known| near(known, rest) <= 3)?;
        let base = if base == "Boolean" {
            "Bool".to_owned()
        } else {
            base
        };
        if quantifier.is_empty() {
            return Some(base);
        }
        ["ForAllValues", "ForAnyValue"]
            .into_iter()
            .min_by_key(|known| near(known, quantifier))
            .map(|quantifier| format!("{quantifier}:{base}"))
    }
}
