//! In which properties two things differ, in words for people.
//!
//! Compared is what both *mean*: a list of approvers is a set (P14), `P1D` lasts as long as `PT24H`, an instant is the
//! same whatever fractions it is written with (P15), and nothing is nothing, whether it is written as `null`, as an
//! empty text or list, or not at all.
//!
//! ```
//! use entitlement_graph::difference::Difference;
//!
//! # fn example(differences: &[Difference]) {
//! for difference in differences {
//!     // expiration.duration: "P30D" was expected, "P90D" was found
//!     println!("{difference}");
//! }
//! # }
//! ```

use std::fmt::{self, Display};

use entitlement_core::time::{IsoDuration, Timestamp};
use serde_json::{Map, Value};

/// One property in which two things differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    path: String,
    expected: Value,
    found: Value,
}

impl Difference {
    /// The property, in wire names: `requestApprovalSettings.stages[1].escalationApprovers`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value that was expected; `null` where there should be none.
    pub fn expected(&self) -> &Value {
        &self.expected
    }

    /// The value that was found; `null` where there is none.
    pub fn found(&self) -> &Value {
        &self.found
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, found) = (readable(&self.expected), readable(&self.found));
        write!(
            f,
            "{}: {expected} was expected, {found} was found",
            self.path
        )
    }
}

/// Writes differences one after the other.
pub(crate) fn write_all(f: &mut fmt::Formatter<'_>, all: &[Difference]) -> fmt::Result {
    all.iter()
        .try_for_each(|difference| write!(f, "\n  {difference}"))
}

/// A value as people read it, cut where it gets long.
fn readable(value: &Value) -> String {
    const LONGEST: usize = 160;
    if is_nothing(value) {
        return "nothing".to_owned();
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Which properties are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those of either side.
    Whole,
    /// Those that the expected side mentions: the other side may hold more.
    Expected,
}

/// In which properties `found` differs from `expected`, in the order of their names.
pub(crate) fn between(expected: &Value, found: &Value, scope: Scope) -> Vec<Difference> {
    let mut comparison = Comparison {
        scope,
        differences: Vec::new(),
    };
    comparison.compare("", "", expected, found);
    comparison.differences
}

/// Lists in which the order says nothing.
const SETS: &[&str] = &[
    "escalationApprovers",
    "fallbackEscalationApprovers",
    "fallbackPrimaryApprovers",
    "fallbackReviewers",
    "groupTypes",
    "identitySources",
    "onBehalfRequestors",
    "primaryApprovers",
    "primaryReviewers",
    "reviewers",
    "specificAllowedTargets",
];

/// Kinds of subjects whose `description` is a name that the service looks up (2.3).
const NAMED_BY_THE_SERVICE: &[&str] = &[
    "singleUser",
    "groupMembers",
    "connectedOrganizationMembers",
    "singleServicePrincipal",
];

struct Comparison {
    scope: Scope,
    differences: Vec<Difference>,
}

impl Comparison {
    /// Compares two values of the property `name` at `path`.
    fn compare(&mut self, path: &str, name: &str, expected: &Value, found: &Value) {
        match (expected, found) {
            _ if is_nothing(expected) && is_nothing(found) => {}
            (Value::Object(left), Value::Object(right)) => self.compare_objects(path, left, right),
            (Value::Array(left), Value::Array(right)) if SETS.contains(&name) => {
                if !self.are_same_set(left, right) {
                    self.note(path, expected, found);
                }
            }
            (Value::Array(left), Value::Array(right)) => {
                for place in 0..left.len().max(right.len()) {
                    let at = |list: &[Value]| list.get(place).cloned().unwrap_or_default();
                    let path = format!("{path}[{place}]");
                    self.compare(&path, "", &at(left), &at(right));
                }
            }
            (Value::String(left), Value::String(right)) if mean_the_same(name, left, right) => {}
            _ if expected == found => {}
            _ => self.note(path, expected, found),
        }
    }

    fn compare_objects(
        &mut self,
        path: &str,
        expected: &Map<String, Value>,
        found: &Map<String, Value>,
    ) {
        let only_found = found.keys().filter(|name| !expected.contains_key(*name));
        let also = only_found.filter(|_| self.scope == Scope::Whole);
        let mut names: Vec<&String> = expected.keys().chain(also).collect();
        names.sort_unstable();
        let is_named = [expected, found]
            .iter()
            .any(|object| kind(object).is_some_and(|kind| NAMED_BY_THE_SERVICE.contains(&kind)));
        for name in names {
            let is_annotation = name.contains('@') && name != TYPE;
            if is_annotation || (is_named && name == "description") {
                continue;
            }
            let inner = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let value = |object: &Map<String, Value>| match object.get(name) {
                // Nobody said which manager: the direct one (2.3).
                None | Some(Value::Null) if name == "managerLevel" => 1.into(),
                value => value.cloned().unwrap_or_default(),
            };
            self.compare(&inner, name, &value(expected), &value(found));
        }
    }

    fn are_same_set(&self, expected: &[Value], found: &[Value]) -> bool {
        let mut rest: Vec<&Value> = found.iter().collect();
        expected.len() == found.len()
            && expected.iter().all(|wanted| {
                let place = rest
                    .iter()
                    .position(|other| between(wanted, other, self.scope).is_empty());
                place.map(|place| rest.swap_remove(place)).is_some()
            })
    }

    fn note(&mut self, path: &str, expected: &Value, found: &Value) {
        self.differences.push(Difference {
            path: path.to_owned(),
            expected: expected.clone(),
            found: found.clone(),
        });
    }
}

const TYPE: &str = "@odata.type";

fn kind(object: &Map<String, Value>) -> Option<&str> {
    object.get(TYPE)?.as_str().map(short)
}

fn short(tag: &str) -> &str {
    tag.rsplit('.').next().unwrap_or(tag)
}

/// Whether there is nothing, in any of the ways of saying so.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether two texts of the property `name` are the same kind, moment or length of time.
fn mean_the_same(name: &str, left: &str, right: &str) -> bool {
    if name == TYPE {
        return short(left) == short(right);
    }
    let name = name.to_ascii_lowercase();
    if name.ends_with("datetime") {
        let moment = |text: &str| text.parse::<Timestamp>().ok();
        return moment(left).is_some() && moment(left) == moment(right);
    }
    if name.contains("duration") || name.contains("period") {
        let seconds = |text: &str| text.parse::<IsoDuration>().ok()?.total_seconds();
        return seconds(left).is_some() && seconds(left) == seconds(right);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(expected: &Value, found: &Value, scope: Scope) -> Vec<String> {
        between(expected, found, scope)
            .into_iter()
            .map(|difference| difference.path)
            .collect()
    }

    #[test]
    fn p14_sets_have_no_order_and_stages_have() {
        let user = |id: &str, name: &str| json!({"@odata.type": "#microsoft.graph.singleUser", "userId": id, "description": name});
        let stage = |approvers: Value, days: &str| json!({"primaryApprovers": approvers, "durationBeforeAutomaticDenial": days});
        let (one, two) = (user("u1", ""), user("u2", ""));
        let left =
            json!({"stages": [stage(json!([one, two]), "P14D"), stage(json!([one]), "P7D")]});
        let renamed = user("u1", "Ada Lovelace");
        let right =
            json!({"stages": [stage(json!([two, renamed]), "PT336H"), stage(json!([two]), "P8D")]});
        assert_eq!(
            paths(&left, &right, Scope::Whole),
            [
                "stages[1].durationBeforeAutomaticDenial",
                "stages[1].primaryApprovers"
            ]
        );
    }

    #[test]
    fn p13_the_direct_manager_is_the_one_nobody_names() {
        let manager = |level: Value| json!({"primaryApprovers": [{"@odata.type": "microsoft.graph.requestorManager", "managerLevel": level}]});
        let silent =
            json!({"primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager"}]});
        for scope in [Scope::Whole, Scope::Expected] {
            assert_eq!(between(&manager(1.into()), &silent, scope), []);
            assert_eq!(between(&silent, &manager(Value::Null), scope), []);
            assert_eq!(between(&manager(2.into()), &silent, scope).len(), 1);
        }
    }

    #[test]
    fn p15_instants_are_compared_as_instants() {
        let at = |text: &str| json!({"startDateTime": text});
        let (short, long) = (
            at("2026-01-01T00:00:00Z"),
            at("2026-01-01T00:00:00.0000000Z"),
        );
        assert_eq!(between(&short, &long, Scope::Whole), []);
        assert_eq!(
            paths(&short, &at("2026-01-01T00:00:01Z"), Scope::Whole).len(),
            1
        );
    }

    #[test]
    fn nothing_is_nothing_and_more_may_be_found() {
        let expected = json!({"description": "", "questions": [], "isHidden": false});
        let found = json!({"description": null, "isHidden": false, "id": "p1"});
        assert_eq!(between(&expected, &found, Scope::Expected), []);
        assert_eq!(paths(&expected, &found, Scope::Whole), ["id"]);
        assert_eq!(paths(&found, &expected, Scope::Expected), ["id"]);
    }

    #[test]
    fn a_difference_reads_well_however_long_it_is() {
        let all = between(
            &json!({"a": {"b": "P30D"}, "c": "é".repeat(300)}),
            &json!({"a": {"b": "P90D"}}),
            Scope::Whole,
        );
        assert_eq!(
            all[0].to_string(),
            r#"a.b: "P30D" was expected, "P90D" was found"#
        );
        let cut = all[1].to_string();
        assert!(
            cut.ends_with("… was expected, nothing was found") && cut.len() < 400,
            "{cut}"
        );
    }
}
