//! What properties hold, so that a comparison of things that do not compare is refused, whether there are items or not.

use std::collections::HashMap;
use std::sync::LazyLock;

use entitlement_core::odata::{Filter, Function, Literal, Operand, Path, TextTest};
use entitlement_core::query::declared;

/// What a value is. What nothing is known about passes every check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Bool,
    Number,
    Moment,
    Duration,
    Texts,
    /// What a link leads to, be it one or many.
    Item(&'static str),
    Null,
    Unknown,
}

impl Kind {
    /// The name by which refusals call it.
    fn name(self) -> String {
        let name = match self {
            Self::Text => "Edm.String",
            Self::Bool => "Edm.Boolean",
            Self::Number => "Edm.Int64",
            Self::Moment => "Edm.DateTimeOffset",
            Self::Duration => "Edm.Duration",
            Self::Texts => "Collection(Edm.String)",
            Self::Item(kind) => return format!("microsoft.graph.{kind}"),
            Self::Null | Self::Unknown => "Edm.Untyped",
        };
        name.to_owned()
    }

    fn compares_with(self, other: Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Null, _) | (_, Self::Unknown | Self::Null) => true,
            (Self::Texts | Self::Item(_), _) => false,
            (one, other) => one == other,
        }
    }
}

impl From<&Literal> for Kind {
    fn from(literal: &Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(_) => Self::Bool,
            Literal::Integer(_) | Literal::Decimal(_) => Self::Number,
            // Ids are written with quotes and without.
            Literal::String(_) | Literal::Guid(_) => Self::Text,
            Literal::Timestamp(_) | Literal::Date(_) => Self::Moment,
            Literal::Duration(_) => Self::Duration,
            _ => Self::Unknown,
        }
    }
}

/// By type and by name in lower case: the name as it is spelled, and what is held.
type Kinds = HashMap<(&'static str, String), (&'static str, Kind)>;

/// The properties of every type that the model declares.
static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    // The `id` of an `accessPackage` is an `Id<AccessPackage>`: links name what they lead to in the same way.
    let ids = declared().filter(|one| one.path == "id");
    let types: HashMap<&str, &str> = ids
        .filter_map(|one| {
            let (_, model) = one.holds.split_once('<')?;
            Some((model.trim_end_matches('>').trim(), one.entity))
        })
        .collect();
    let kind = |holds: &str, is_link: bool| match holds {
        link if is_link => Kind::Item(types.get(link).copied().unwrap_or("entity")),
        "bool" => Kind::Bool,
        "i32" | "i64" => Kind::Number,
        "Timestamp" | "Date" => Kind::Moment,
        "IsoDuration" => Kind::Duration,
        "Structure" => Kind::Unknown,
        list if list.starts_with("Vec") => Kind::Texts,
        _ => Kind::Text,
    };
    declared()
        .map(|one| {
            let name = one.path.to_ascii_lowercase();
            ((one.entity, name), (one.path, kind(one.holds, one.is_link)))
        })
        .collect()
});

/// Whether the model knows a property of a type that is not a link.
pub(crate) fn is_declared(kind: &'static str, name: &str) -> bool {
    let held = KINDS.get(&(kind, name.to_ascii_lowercase()));
    held.is_some_and(|(_, held)| !matches!(held, Kind::Item(_)))
}

/// The names that the model knows of a type, links included.
pub(crate) fn names(kind: &'static str) -> impl Iterator<Item = &'static str> {
    let of_kind = declared().filter(move |one| one.entity == kind);
    of_kind.map(|one| one.path)
}

/// A property's name as the schema spells it, if the model knows it.
pub(crate) fn spelled(kind: &'static str, name: &str) -> Option<&'static str> {
    let held = KINDS.get(&(kind, name.to_ascii_lowercase()));
    held.map(|(name, _)| *name)
}

/// Says what is wrong with a filter of items of a type, in the words of the OData library that services use.
pub(crate) fn check(filter: &Filter, kind: &'static str) -> Result<(), String> {
    let scope = Scope {
        item: Kind::Item(kind),
        variable: None,
        outer: None,
    };
    scope.check(filter)
}

struct Scope<'a> {
    item: Kind,
    variable: Option<&'a str>,
    outer: Option<&'a Scope<'a>>,
}

impl Scope<'_> {
    fn check(&self, filter: &Filter) -> Result<(), String> {
        match filter {
            Filter::Flag(path) => match self.at(path) {
                Kind::Bool | Kind::Unknown => Ok(()),
                _ => Err(
                    "The $filter expression must evaluate to a single boolean value.".to_owned(),
                ),
            },
            Filter::Compare {
                left,
                operator,
                right,
            } => comparable(self.operand(left)?, operator.as_str(), self.operand(right)?),
            Filter::In { operand, values } => {
                let left = self.operand(operand)?;
                let mut values = values.iter();
                values.try_for_each(|value| comparable(left, "in", value.into()))
            }
            Filter::Text {
                test,
                operand,
                pattern,
            } => {
                let known = |kind| matches!(kind, Kind::Text | Kind::Null | Kind::Unknown);
                if known(self.operand(operand)?) && known(self.operand(pattern)?) {
                    Ok(())
                } else {
                    Err(no_function(TextTest::as_str(*test)))
                }
            }
            Filter::NonEmpty(collection) => self.member(collection).map(|_| ()),
            Filter::Lambda(lambda) => {
                let scope = Scope {
                    item: self.member(lambda.collection())?,
                    variable: Some(lambda.variable()),
                    outer: Some(self),
                };
                scope.check(lambda.condition())
            }
            Filter::And(parts) | Filter::Or(parts) => {
                parts.iter().try_for_each(|part| self.check(part))
            }
            Filter::Not(inner) => self.check(inner),
            _ => Ok(()),
        }
    }

    fn operand(&self, operand: &Operand) -> Result<Kind, String> {
        match operand {
            Operand::Path(path) => Ok(self.at(path)),
            Operand::Literal(literal) => Ok(literal.into()),
            Operand::Call(function, inner) => match self.operand(inner)? {
                Kind::Text | Kind::Null | Kind::Unknown => Ok(match function {
                    Function::Length => Kind::Number,
                    _ => Kind::Text,
                }),
                _ => Err(no_function(function.as_str())),
            },
            _ => Ok(Kind::Unknown),
        }
    }

    /// What a member of a collection is.
    fn member(&self, collection: &Path) -> Result<Kind, String> {
        match self.at(collection) {
            Kind::Texts => Ok(Kind::Text),
            kind @ (Kind::Item(_) | Kind::Unknown) => Ok(kind),
            _ => Err("Any/All may only be used following a collection.".to_owned()),
        }
    }

    fn at(&self, path: &Path) -> Kind {
        let segments: Vec<&str> = path.segments().collect();
        self.resolve(&segments)
    }

    fn resolve(&self, segments: &[&str]) -> Kind {
        match (self.variable, self.outer, segments.split_first()) {
            (Some(variable), _, Some((first, rest))) if *first == variable => {
                inside(self.item, rest)
            }
            (_, Some(outer), _) => outer.resolve(segments),
            _ => inside(self.item, segments),
        }
    }
}

fn inside(kind: Kind, path: &[&str]) -> Kind {
    let Some((first, rest)) = path.split_first() else {
        return kind;
    };
    match kind {
        _ if *first == "$count" => Kind::Number,
        // Behind a cast there may be properties that only the other type has.
        Kind::Item(_) if first.contains('.') => Kind::Unknown,
        Kind::Item(kind) => {
            let held = KINDS.get(&(kind, first.to_ascii_lowercase()));
            held.map_or(Kind::Unknown, |(_, held)| inside(*held, rest))
        }
        _ => Kind::Unknown,
    }
}

fn comparable(left: Kind, operator: &str, right: Kind) -> Result<(), String> {
    if left.compares_with(right) {
        return Ok(());
    }
    let operator = match operator {
        "eq" | "in" => "Equal",
        "ne" => "NotEqual",
        "gt" => "GreaterThan",
        "ge" => "GreaterThanOrEqual",
        "lt" => "LessThan",
        _ => "LessThanOrEqual",
    };
    Err(format!(
        "A binary operator with incompatible types was detected. Found operand types '{}' and '{}' for operator kind \
         '{operator}'.",
        left.name(),
        right.name()
    ))
}

fn no_function(name: &str) -> String {
    format!(
        "No function signature for the function with name '{name}' matches the specified arguments."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(kind: &'static str, filter: &str) -> bool {
        check(&filter.parse().unwrap(), kind).is_ok()
    }

    #[test]
    fn comparisons_of_a_kind_pass() {
        for filter in [
            "state eq 'delivered' and expiredDateTime ne null",
            "expiredDateTime gt 2026-01-01 or expiredDateTime le 2026-01-01T00:00:00Z",
            "accessPackage/id eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            "accessPackage/isHidden and accessPackage/catalog/isExternallyVisible eq false",
            "accessPackage/resourceRoleScopes/any(r:startswith(r/role/originId,'Member'))",
            "accessPackage/resourceRoleScopes/$count gt 1",
            "schedule/expiration/endDateTime lt 2026-01-01 and schedule/duration eq duration'P1D'",
            "length(status) gt 3 and colour eq 1",
            "accessPackage eq null",
        ] {
            assert!(fits("accessPackageAssignment", filter), "{filter}");
        }
        assert!(fits("group", "groupTypes/any(t:t eq 'Unified')"));
        assert!(fits("noSuchType", "state eq 1 and state eq 'x'"));
    }

    #[test]
    fn others_do_not() {
        for filter in [
            "state eq 1",
            "expiredDateTime gt '2026-01-01'",
            "accessPackage/isHidden eq 'true'",
            "state in ('delivered',2)",
            "contains(expiredDateTime,'2026')",
            "tolower(accessPackage/isHidden) eq 'true'",
            "status",
            "status/any(s:s eq 'x')",
            "accessPackage eq 'x'",
            "not(accessPackage/resourceRoleScopes/any(r:r/createdDateTime eq 5))",
            "length(status) eq '3'",
        ] {
            assert!(!fits("accessPackageAssignment", filter), "{filter}");
        }
        assert!(!fits("group", "groupTypes eq 'Unified'"));
        assert!(!fits("group", "groupTypes/any(t:t eq true)"));
    }
}
