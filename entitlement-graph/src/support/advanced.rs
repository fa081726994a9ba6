//! The directory's advanced queries, which are answered with `ConsistencyLevel: eventual` and `$count` only.

use entitlement_core::odata::{Comparison, Filter, Literal, Operand, TextTest};

/// The most values of an `in`, and the longest text of a comparison, that the directory looks up without its index.
const MOST_VALUES: usize = 15;
const LONGEST_TEXT: usize = 120;

/// What makes a filter one of the directory's [advanced queries](https://learn.microsoft.com/graph/aad-advanced-queries);
/// `None` if it is a plain one.
///
/// ```
/// use entitlement_graph::support::advanced;
///
/// assert_eq!(advanced(&"endswith(mail,'@contoso.com')".parse()?), Some("`endswith`"));
/// assert_eq!(advanced(&"startswith(mail,'ada')".parse()?), None);
/// # Ok::<(), entitlement_graph::core::odata::ParseFilterError>(())
/// ```
pub fn advanced(filter: &Filter) -> Option<&'static str> {
    match filter {
        Filter::Not(_) => Some("`not`"),
        Filter::NonEmpty(_) => Some("`any()`"),
        Filter::Compare {
            operator: Comparison::Ne,
            ..
        } => Some("`ne`"),
        Filter::Compare { left, right, .. } => [left, right].into_iter().find_map(operand),
        Filter::In { values, .. } if values.len() > MOST_VALUES => {
            Some("an `in` of more than 15 values")
        }
        Filter::Text { test, .. } => match test {
            TextTest::EndsWith => Some("`endswith`"),
            TextTest::Contains => Some("`contains`"),
            _ => None,
        },
        Filter::And(parts) | Filter::Or(parts) => parts.iter().find_map(advanced),
        Filter::Lambda(lambda) => advanced(lambda.condition()),
        _ => None,
    }
}

fn operand(operand: &Operand) -> Option<&'static str> {
    match operand {
        Operand::Path(path) if path.as_str().ends_with("/$count") => {
            Some("a comparison with `/$count`")
        }
        Operand::Literal(Literal::String(text)) if text.chars().count() > LONGEST_TEXT => {
            Some("a comparison with a text of more than 120 characters")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_of_the_index_are_told_from_plain_ones() {
        let is_advanced = |filter: &str| advanced(&filter.parse().unwrap()).is_some();
        for filter in [
            "displayName ne 'x'",
            "not(startswith(displayName,'x'))",
            "mail eq 'x' or assignedLicenses/any()",
            "groupTypes/$count eq 0",
            "memberOf/any(m:endswith(m/id,'x'))",
            &format!("id in ({})", ["'x'"; 16].join(",")),
            &format!("id eq '{}'", "x".repeat(121)),
        ] {
            assert!(is_advanced(filter), "{filter}");
        }
        for filter in [
            "startswith(displayName,'x') and groupTypes/any(t:t eq 'Unified')",
            &format!("id in ({})", ["'x'"; 15].join(",")),
            &format!("id eq '{}'", "x".repeat(120)),
        ] {
            assert!(!is_advanced(filter), "{filter}");
        }
    }
}
