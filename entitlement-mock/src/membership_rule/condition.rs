//! What a rule says about somebody.

use regex::Regex;

use super::property::{Fact, Facts, Property};

#[derive(Debug, Clone)]
pub(super) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare {
        subject: Subject,
        operator: Operator,
        value: Value,
    },
    /// A condition for each of several values.
    Each {
        property: Property,
        all: bool,
        condition: Box<Condition>,
    },
    /// Whose manager it is, by id.
    ReportsTo(String),
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    Property(Property),
    /// One of several values: `_`.
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) kind: Kind,
    pub(super) is_negated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Equals,
    StartsWith,
    EndsWith,
    Contains,
    Matches,
    In,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Flag(bool),
    Text(String),
    List(Vec<String>),
    Pattern(Regex),
}

impl Condition {
    /// Whether the condition holds for somebody, and one of several values where it is about one.
    pub(super) fn holds(&self, person: &impl Facts, item: Option<&str>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(person, item)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(person, item)),
            Self::Not(part) => !part.holds(person, item),
            Self::ReportsTo(manager) => person
                .manager()
                .is_some_and(|own| own.eq_ignore_ascii_case(manager)),
            Self::Each {
                property,
                all,
                condition,
            } => {
                let Fact::Texts(values) = person.fact(*property) else {
                    return false;
                };
                let mut values = values.iter();
                let fits = |value: &String| condition.holds(person, Some(value));
                if *all {
                    values.all(fits)
                } else {
                    values.any(fits)
                }
            }
            Self::Compare {
                subject,
                operator,
                value,
            } => {
                let fact = match subject {
                    Subject::Item => Fact::Text(item.map(str::to_owned)),
                    Subject::Property(property) => person.fact(*property),
                };
                operator.compare(&fact, value)
            }
        }
    }
}

impl Operator {
    /// Whether a fact stands to a value as the operator says. What has no value equals null only, and whatever else is
    /// said of it is not so.
    fn compare(self, fact: &Fact, value: &Value) -> bool {
        let is_so = match fact {
            Fact::Flag(flag) => matches!(value, Value::Flag(wanted) if wanted == flag),
            Fact::Text(text) => match text.as_deref().filter(|text| !text.is_empty()) {
                Some(text) => self.kind.fits(text, value),
                None => matches!(value, Value::Null),
            },
            Fact::Texts(texts) if texts.is_empty() => matches!(value, Value::Null),
            Fact::Texts(texts) => texts.iter().any(|text| self.kind.fits(text, value)),
        };
        is_so != self.is_negated
    }
}

impl Kind {
    fn fits(self, text: &str, value: &Value) -> bool {
        let text = text.to_lowercase();
        match (self, value) {
            (Self::Matches, Value::Pattern(pattern)) => pattern.is_match(&text),
            (Self::In, Value::List(list)) => list.contains(&text),
            (Self::Equals, Value::Text(wanted)) => text == *wanted,
            (Self::StartsWith, Value::Text(wanted)) => text.starts_with(wanted),
            (Self::EndsWith, Value::Text(wanted)) => text.ends_with(wanted),
            (Self::Contains, Value::Text(wanted)) => text.contains(wanted),
            _ => false,
        }
    }
}
