//! Evaluates a filter against one item.
//!
//! Texts compare without regard to case, enum members being texts (OBJ-5, ASG-5). Nothing but `null` equals `null`, and
//! nothing is less or greater than it. What is asked of a text that is not there is neither true nor false, and neither
//! is its opposite: such an item is left out.

use entitlement_core::odata::{
    Comparison, Filter, Function, Lambda, Operand, Path, Quantifier, TextTest,
};
use serde_json::Value;
use std::cmp::Ordering;

use super::datum::Datum;

/// Where the values of an item come from.
pub(crate) trait Properties {
    /// The value at a path; `None` if the type has no such property.
    fn value(&self, path: &[&str]) -> Option<Value>;

    /// The members of the collection at a path; `None` if there is no collection.
    fn members<'a>(&'a self, path: &[&str]) -> Option<Vec<Box<dyn Properties + 'a>>>;
}

/// A JSON value as the source of a filter's values.
#[derive(Debug)]
pub(crate) struct Json(pub(crate) Value);

impl Properties for Json {
    fn value(&self, path: &[&str]) -> Option<Value> {
        inside(&self.0, path)
    }

    fn members<'a>(&'a self, path: &[&str]) -> Option<Vec<Box<dyn Properties + 'a>>> {
        json_members(self.value(path)?)
    }
}

/// The members of a JSON list; a list that is not there has none.
pub(crate) fn json_members<'a>(list: Value) -> Option<Vec<Box<dyn Properties + 'a>>> {
    match list {
        Value::Array(members) => Some(
            members
                .into_iter()
                .map(|member| Box::new(Json(member)) as Box<dyn Properties>)
                .collect(),
        ),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

/// A filter that asks for something the items do not have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoSuchProperty(pub(crate) String);

/// Whether an item meets a condition.
pub(crate) fn matches(filter: &Filter, item: &dyn Properties) -> Result<bool, NoSuchProperty> {
    let scope = Scope {
        item,
        variable: None,
        outer: None,
    };
    Ok(scope.holds(filter)? == Some(true))
}

/// An item, and inside of lambdas the members that their variables stand for.
struct Scope<'a> {
    item: &'a dyn Properties,
    variable: Option<&'a str>,
    outer: Option<&'a Scope<'a>>,
}

impl Scope<'_> {
    /// Whether a condition holds; `None` if that cannot be said.
    fn holds(&self, filter: &Filter) -> Result<Option<bool>, NoSuchProperty> {
        Ok(match filter {
            Filter::Constant(value) => Some(*value),
            Filter::Flag(path) => self.at(path)?.as_bool(),
            Filter::Compare {
                left,
                operator,
                right,
            } => Some(compare(
                *operator,
                &self.operand(left)?,
                &self.operand(right)?,
            )),
            Filter::In { operand, values } => {
                let value = self.operand(operand)?;
                let is = |literal| compare(Comparison::Eq, &value, &Datum::from(literal));
                Some(values.iter().any(is))
            }
            Filter::Text {
                test,
                operand,
                pattern,
            } => text_test(*test, &self.operand(operand)?, &self.operand(pattern)?),
            Filter::NonEmpty(path) => {
                Some(self.visit(path, |item, rest| Some(!item.members(rest)?.is_empty()))?)
            }
            Filter::Lambda(lambda) => Some(self.lambda(lambda)?),
            Filter::And(parts) => self.all(parts, true)?,
            Filter::Or(parts) => self.all(parts, false)?,
            Filter::Not(inner) => self.holds(inner)?.map(|holds| !holds),
            other => return Err(NoSuchProperty(other.to_string())),
        })
    }

    /// Whether all parts are `expected`; the first that is not decides.
    fn all(&self, parts: &[Filter], expected: bool) -> Result<Option<bool>, NoSuchProperty> {
        let mut outcome = Some(expected);
        for part in parts {
            match self.holds(part)? {
                Some(holds) if holds == expected => {}
                Some(holds) => return Ok(Some(holds)),
                None => outcome = None,
            }
        }
        Ok(outcome)
    }

    fn lambda(&self, lambda: &Lambda) -> Result<bool, NoSuchProperty> {
        let wanted = lambda.quantifier() == Quantifier::Any;
        self.visit(lambda.collection(), |item, rest| {
            let members = item.members(rest)?;
            let mut held = members.iter().map(|member| {
                let scope = Scope {
                    item: member.as_ref(),
                    variable: Some(lambda.variable()),
                    outer: Some(self),
                };
                Ok(scope.holds(lambda.condition())? == Some(true))
            });
            let decisive = held.find(|held| !matches!(held, Ok(held) if *held != wanted));
            Some(decisive.unwrap_or(Ok(!wanted)))
        })?
    }

    fn operand<'a>(&self, operand: &'a Operand) -> Result<Datum<'a>, NoSuchProperty> {
        match operand {
            Operand::Path(path) => self.at(path).map(Datum::from),
            Operand::Literal(literal) => Ok(literal.into()),
            Operand::Call(function, inner) => {
                let Datum::Text(text) = self.operand(inner)? else {
                    return Ok(Datum::Null);
                };
                Ok(match function {
                    Function::ToLower => Datum::Text(text.to_lowercase().into()),
                    Function::ToUpper => Datum::Text(text.to_uppercase().into()),
                    Function::Trim => Datum::Text(text.trim().to_owned().into()),
                    Function::Length => {
                        Datum::Integer(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
                    }
                    other => return Err(NoSuchProperty(other.to_string())),
                })
            }
            other => Err(NoSuchProperty(other.to_string())),
        }
    }

    fn at(&self, path: &Path) -> Result<Value, NoSuchProperty> {
        self.visit(path, |item, rest| match rest.split_last() {
            Some((&"$count", collection)) => Some(item.members(collection)?.len().into()),
            _ => item.value(rest),
        })
    }

    /// Looks at what a path leads to, from the member that its first segment stands for, or from the item itself.
    fn visit<T>(
        &self,
        path: &Path,
        look: impl FnOnce(&dyn Properties, &[&str]) -> Option<T>,
    ) -> Result<T, NoSuchProperty> {
        let segments: Vec<&str> = path.segments().collect();
        let (item, rest) = self.resolve(&segments);
        look(item, rest).ok_or_else(|| NoSuchProperty(path.to_string()))
    }

    fn resolve<'p>(&self, segments: &'p [&'p str]) -> (&dyn Properties, &'p [&'p str]) {
        match (self.variable, self.outer, segments.split_first()) {
            (Some(variable), _, Some((first, rest))) if *first == variable => (self.item, rest),
            (_, Some(outer), _) => outer.resolve(segments),
            _ => (self.item, segments),
        }
    }
}

/// The value at a path inside a JSON value, with names in any case.
///
/// A segment with a dot is a cast: what is known to be of another type is not there.
pub(crate) fn inside(value: &Value, path: &[&str]) -> Option<Value> {
    let Some((first, rest)) = path.split_first() else {
        return Some(value.clone());
    };
    match value {
        Value::Null => Some(Value::Null),
        Value::Object(object) if first.contains('.') => {
            let kind = object.get("@odata.type").and_then(Value::as_str);
            let is_other =
                kind.is_some_and(|kind| !kind.trim_start_matches('#').eq_ignore_ascii_case(first));
            if is_other {
                Some(Value::Null)
            } else {
                inside(value, rest)
            }
        }
        Value::Object(object) => {
            let member = object.get(*first).or_else(|| {
                let mut members = object.iter();
                members
                    .find(|(name, _)| name.eq_ignore_ascii_case(first))
                    .map(|(_, member)| member)
            });
            inside(member?, rest)
        }
        _ => None,
    }
}

fn compare(operator: Comparison, left: &Datum<'_>, right: &Datum<'_>) -> bool {
    let order = left.order(right);
    match operator {
        Comparison::Eq => order == Some(Ordering::Equal),
        Comparison::Ne => order != Some(Ordering::Equal),
        Comparison::Gt => order == Some(Ordering::Greater),
        Comparison::Lt => order == Some(Ordering::Less),
        Comparison::Ge => {
            matches!(order, Some(Ordering::Greater | Ordering::Equal)) && !left.is_null()
        }
        Comparison::Le => {
            matches!(order, Some(Ordering::Less | Ordering::Equal)) && !left.is_null()
        }
        _ => false,
    }
}

fn text_test(kind: TextTest, value: &Datum<'_>, pattern: &Datum<'_>) -> Option<bool> {
    let (Datum::Text(text), Datum::Text(pattern)) = (value, pattern) else {
        return None;
    };
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    match kind {
        TextTest::Contains => Some(text.contains(&pattern)),
        TextTest::StartsWith => Some(text.starts_with(&pattern)),
        TextTest::EndsWith => Some(text.ends_with(&pattern)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(filter: &str) -> Result<bool, NoSuchProperty> {
        let item = Json(serde_json::json!({
            "displayName": "Sales Team", "state": "delivered", "size": 3, "isHidden": false, "gone": null,
            "groupTypes": ["Unified"], "target": {"objectId": "7DEF"}, "identities": [{"issuer": "a"}, {"issuer": "b"}],
            "created": "2026-01-01T00:00:00.500Z", "stages": [{"days": 14, "approvers": [{"name": "x"}, {"name": "y"}]}],
            "scope": {"@odata.type": "#microsoft.graph.queryScope", "query": "/groups"}, "none": [],
        }));
        matches(&filter.parse().unwrap(), &item)
    }

    #[test]
    fn conditions_that_hold() {
        for filter in [
            "state eq 'Delivered'",
            "target/objectid eq '7def'",
            "contains(tolower(displayName),'team')",
            "startswith(displayName,'sales') and not(isHidden)",
            "size ge 3 and size lt 4",
            "gone eq null and state ne null",
            "state in ('denied','delivered') and gone in ('a',null)",
            "groupTypes/any(t:t eq 'Unified') and groupTypes/any()",
            "identities/any(i:i/issuer eq 'b') and identities/all(i:i/issuer ne 'c')",
            "identities/$count eq 2 and none/$count eq 0",
            "none/all(n:n eq 'x') and not(none/any(n:n eq 'x')) and not(none/any())",
            "created eq 2026-01-01T00:00:00.5Z and created gt 2025-12-31T00:00:00Z",
            "created gt 2026-01-01 and created lt 2026-01-02",
            "length(displayName) eq 10",
            "stages/any(s:s/days gt 13.5 and s/approvers/any(a:a/name eq 'y' and s/days eq 14 and size eq 3))",
            "scope/microsoft.graph.queryScope/query eq '/groups'",
            "scope/microsoft.graph.otherScope/query eq null",
            "not(gone gt 1)",
            "true or contains(gone,'x')",
        ] {
            assert_eq!(holds(filter), Ok(true), "{filter}");
        }
    }

    #[test]
    fn conditions_that_do_not() {
        for filter in [
            "gone gt 1",
            "gone le null",
            "isHidden",
            "groupTypes/all(t:t eq 'Dynamic')",
            "contains(gone,'x')",
            "not(contains(gone,'x'))",
            "gone or not(gone)",
            "size eq '3'",
            "stages/any(s:s/approvers/all(a:a/name eq 'y'))",
        ] {
            assert_eq!(holds(filter), Ok(false), "{filter}");
        }
    }

    #[test]
    fn what_is_not_there_is_said() {
        for (filter, name) in [
            ("colour eq 'red'", "colour"),
            ("identities/any(i:i/colour eq 'red')", "i/colour"),
            ("state/any(s:s eq 'x')", "state"),
        ] {
            assert_eq!(holds(filter), Err(NoSuchProperty(name.to_owned())));
        }
    }
}
