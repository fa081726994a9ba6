//! Evaluates a filter against one item.
//!
//! Texts compare without regard to case, enum members being texts (OBJ-5, ASG-5); nothing but `null` equals `null`,
//! and nothing is less or greater than it.

use std::cmp::Ordering;

use entitlement_core::odata::{
    Comparison, Filter, Function, Lambda, Literal, Operand, Quantifier, TextTest,
};
use entitlement_core::time::Timestamp;
use serde_json::Value;

/// Where the values of an item come from.
pub(crate) trait Properties {
    /// The value at a path; `None` if the type has no such property.
    fn value(&self, path: &[&str]) -> Option<Value>;
}

/// A filter that asks for something the items do not have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoSuchProperty(pub(crate) String);

/// Whether an item meets a condition.
pub(crate) fn matches(filter: &Filter, item: &dyn Properties) -> Result<bool, NoSuchProperty> {
    Scope {
        item,
        variable: None,
    }
    .holds(filter)
}

/// An item, and inside a lambda the member that a variable stands for.
struct Scope<'a> {
    item: &'a dyn Properties,
    variable: Option<(&'a str, &'a Value)>,
}

impl Scope<'_> {
    fn holds(&self, filter: &Filter) -> Result<bool, NoSuchProperty> {
        Ok(match filter {
            Filter::Constant(value) => *value,
            Filter::Flag(path) => self.at(path)? == Value::Bool(true),
            Filter::Compare {
                left,
                operator,
                right,
            } => compare(*operator, &self.operand(left)?, &self.operand(right)?),
            Filter::In { operand, values } => {
                let value = self.operand(operand)?;
                values
                    .iter()
                    .any(|literal| compare(Comparison::Eq, &value, &constant(literal)))
            }
            Filter::Text {
                test,
                operand,
                pattern,
            } => text_test(*test, &self.operand(operand)?, &self.operand(pattern)?),
            Filter::NonEmpty(path) => self
                .at(path)?
                .as_array()
                .is_some_and(|members| !members.is_empty()),
            Filter::Lambda(lambda) => self.lambda(lambda)?,
            Filter::And(parts) => {
                for part in parts {
                    if !self.holds(part)? {
                        return Ok(false);
                    }
                }
                true
            }
            Filter::Or(parts) => {
                for part in parts {
                    if self.holds(part)? {
                        return Ok(true);
                    }
                }
                false
            }
            Filter::Not(inner) => !self.holds(inner)?,
            other => return Err(NoSuchProperty(other.to_string())),
        })
    }

    fn lambda(&self, lambda: &Lambda) -> Result<bool, NoSuchProperty> {
        let collection = self.at(lambda.collection())?;
        let members = collection.as_array().map_or(&[][..], Vec::as_slice);
        let wanted = lambda.quantifier() == Quantifier::Any;
        for member in members {
            let scope = Scope {
                item: self.item,
                variable: Some((lambda.variable(), member)),
            };
            if scope.holds(lambda.condition())? == wanted {
                return Ok(wanted);
            }
        }
        Ok(!wanted)
    }

    fn operand(&self, operand: &Operand) -> Result<Value, NoSuchProperty> {
        match operand {
            Operand::Path(path) => self.at(path),
            Operand::Literal(literal) => Ok(constant(literal)),
            Operand::Call(function, inner) => {
                let value = self.operand(inner)?;
                let Some(text) = value.as_str() else {
                    return Ok(Value::Null);
                };
                Ok(match function {
                    Function::ToLower => text.to_lowercase().into(),
                    Function::ToUpper => text.to_uppercase().into(),
                    Function::Trim => text.trim().into(),
                    Function::Length => text.chars().count().into(),
                    other => return Err(NoSuchProperty(other.to_string())),
                })
            }
            other => Err(NoSuchProperty(other.to_string())),
        }
    }

    fn at(&self, path: &entitlement_core::odata::Path) -> Result<Value, NoSuchProperty> {
        // A segment with a dot is a type cast, which changes nothing about where the value is.
        let segments: Vec<&str> = path
            .segments()
            .filter(|segment| !segment.contains('.'))
            .collect();
        let found = match (&self.variable, segments.split_first()) {
            (Some((variable, member)), Some((first, rest))) if first == variable => {
                inside(member, rest)
            }
            _ => self.item.value(&segments),
        };
        found.ok_or_else(|| NoSuchProperty(path.to_string()))
    }
}

/// The value at a path inside a JSON value, with names in any case.
pub(crate) fn inside(value: &Value, path: &[&str]) -> Option<Value> {
    let Some((first, rest)) = path.split_first() else {
        return Some(value.clone());
    };
    match value {
        Value::Null => Some(Value::Null),
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

fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(value) => (*value).into(),
        Literal::Integer(value) => (*value).into(),
        Literal::Decimal(value) => value.to_f64().into(),
        Literal::String(text) => text.as_str().into(),
        Literal::Timestamp(moment) => moment.to_string().into(),
        Literal::Date(date) => date.to_string().into(),
        Literal::Duration(duration) => duration.to_string().into(),
        Literal::Guid(guid) => guid.to_string().into(),
        _ => Value::Null,
    }
}

fn compare(operator: Comparison, left: &Value, right: &Value) -> bool {
    let order = order(left, right);
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

/// How two values compare; `None` if they do not.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        (Value::String(left), Value::String(right)) => {
            // Moments are compared as such, whatever fraction digits they are written with.
            if let (Some(left), Some(right)) = (moment(left), moment(right)) {
                return Some(left.cmp(&right));
            }
            Some(left.to_lowercase().cmp(&right.to_lowercase()))
        }
        _ => None,
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    let looks_like_one = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T');
    looks_like_one.then(|| text.parse().ok())?
}

fn text_test(kind: TextTest, value: &Value, pattern: &Value) -> bool {
    let (Some(text), Some(pattern)) = (value.as_str(), pattern.as_str()) else {
        return false;
    };
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    match kind {
        TextTest::Contains => text.contains(&pattern),
        TextTest::StartsWith => text.starts_with(&pattern),
        TextTest::EndsWith => text.ends_with(&pattern),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Json(Value);

    impl Properties for Json {
        fn value(&self, path: &[&str]) -> Option<Value> {
            inside(&self.0, path)
        }
    }

    fn holds(filter: &str) -> Result<bool, NoSuchProperty> {
        let item = Json(serde_json::json!({
            "displayName": "Sales Team", "state": "delivered", "size": 3, "isHidden": false, "gone": null,
            "groupTypes": ["Unified"], "target": {"objectId": "7DEF"}, "identities": [{"issuer": "a"}, {"issuer": "b"}],
            "created": "2026-01-01T00:00:00.500Z",
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
            "state in ('denied','delivered')",
            "groupTypes/any(t:t eq 'Unified')",
            "identities/any(i:i/issuer eq 'b') and identities/all(i:i/issuer ne 'c')",
            "created eq 2026-01-01T00:00:00.5Z and created gt 2025-12-31T00:00:00Z",
            "length(displayName) eq 10",
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
            "size eq '3'",
        ] {
            assert_eq!(holds(filter), Ok(false), "{filter}");
        }
    }

    #[test]
    fn what_is_not_there_is_said() {
        assert_eq!(
            holds("colour eq 'red'"),
            Err(NoSuchProperty("colour".to_owned()))
        );
    }
}
