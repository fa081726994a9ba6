//! Looks at JSON through the model: does it fit, what becomes of it, and what does the model not know?
//!
//! Useful to see at a glance whether anything of a tenant's answers would be lost, and how the model is held against
//! the schema of the service.
//!
//! ```
//! use entitlement_core::inspect::inspect;
//! use serde_json::json;
//!
//! let answer = json!({"id": "c1", "displayName": "Devices", "colour": "green"});
//! let inspection = inspect("accessPackageCatalog", &answer)?;
//! assert_eq!(inspection.unknown, ["colour"]);
//! assert_eq!(inspection.value["displayName"], "Devices");
//! # Ok::<(), entitlement_core::inspect::InspectError>(())
//! ```

mod types;

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::wire::{self, DecodeError};
use types::{Through, found_in_parent, types};

/// What the model made of a value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Inspection {
    /// The value, decoded into the model and encoded again.
    pub value: Value,
    /// The paths of properties that the model has no name for, kept or not: `stages[0].colour`.
    pub unknown: Vec<String>,
}

/// Why a value could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The model has no such type.
    #[error("the model has no type {0:?}")]
    UnknownType(String),
    /// The value is not one of that type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// Decodes a value as the Graph type of the given name and encodes it again. `collection:accessPackage` is a list
/// answer: an object with the items in `value`.
///
/// # Errors
///
/// [`InspectError`] if the model has no such type, or the value is not one.
pub fn inspect(type_name: &str, value: &Value) -> Result<Inspection, InspectError> {
    let Some(item) = type_name.strip_prefix("collection:") else {
        return Ok(inspect_one(find(type_name)?, value, "")?);
    };
    let through = find(item)?;
    let mut list = wire::decode_value::<Map<String, Value>>(value.clone())?;
    let items = wire::decode_value::<Vec<Value>>(list.remove("value").unwrap_or_default())?;
    let mut unknown = Vec::new();
    let mut encoded = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = format!("value[{index}]");
        let inspection = inspect_one(through, item, &format!("{place}."))
            .map_err(|error| error.within(&place))?;
        unknown.extend(inspection.unknown);
        encoded.push(inspection.value);
    }
    unknown.extend(list.keys().filter(|name| !name.starts_with('@')).cloned());
    list.retain(|name, _| name.starts_with('@'));
    list.insert("value".to_owned(), encoded.into());
    Ok(Inspection {
        value: list.into(),
        unknown,
    })
}

/// The names of the Graph types that the model has.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    types().map(|(name, _)| name)
}

fn find(name: &str) -> Result<Through, InspectError> {
    let mut types = types();
    let entry = types.find(|(known, _)| *known == name);
    entry
        .map(|(_, through)| through)
        .ok_or_else(|| InspectError::UnknownType(name.to_owned()))
}

fn inspect_one(through: Through, value: &Value, prefix: &str) -> Result<Inspection, DecodeError> {
    let encoded = through(value.clone())?;
    let mut unknown = Vec::new();
    Probe {
        through,
        whole: value.clone(),
        unknown: &mut unknown,
        prefix,
    }
    .walk(value, "");
    Ok(Inspection {
        value: encoded,
        unknown,
    })
}

/// Finds properties that a type does not know: whatever they hold, decoding does not mind.
struct Probe<'a> {
    through: Through,
    whole: Value,
    unknown: &'a mut Vec<String>,
    prefix: &'a str,
}

impl Probe<'_> {
    /// Looks at every property below `part`, which is at `pointer` in the whole.
    fn walk(&mut self, part: &Value, pointer: &str) {
        match part {
            Value::Object(members) => {
                for (name, member) in members {
                    if name.starts_with('@') || name.contains("@odata.") {
                        continue;
                    }
                    let name = name.replace('~', "~0").replace('/', "~1");
                    let place = format!("{pointer}/{name}");
                    if self.minds(&place) {
                        self.walk(member, &place);
                    } else {
                        self.leave(member, pointer, &name);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }

    /// Notes what decoding does not mind: children that find themselves in their parent are known, the rest is not.
    fn leave(&mut self, member: &Value, parent: &str, name: &str) {
        let place = format!("{}{}", self.prefix, readable(&format!("{parent}/{name}")));
        let items = member.as_array().map_or(&[][..], Vec::as_slice);
        let slot = parent.rsplit('/').find(|part| part.parse::<u32>().is_err());
        let unknown: Option<Result<Vec<_>, DecodeError>> =
            found_in_parent(slot.unwrap_or_default(), name).map(|child| {
                let inspect_item = |(index, item)| {
                    inspect_one(child, item, &format!("{place}[{index}]."))
                        .map(|inspection| inspection.unknown)
                };
                items.iter().enumerate().map(inspect_item).collect()
            });
        match unknown {
            Some(Ok(inside)) if member.is_array() || member.is_null() => {
                self.unknown.extend(inside.into_iter().flatten());
            }
            _ => self.unknown.push(place),
        }
    }

    /// Whether decoding minds what is at a place: no type takes both a number and an object.
    fn minds(&mut self, pointer: &str) -> bool {
        let Some(place) = self.whole.pointer_mut(pointer) else {
            return false;
        };
        let original = std::mem::replace(place, json!(0.5));
        let minds_number = (self.through)(self.whole.clone()).is_err();
        self.put(pointer, json!({}));
        let minds_object = (self.through)(self.whole.clone()).is_err();
        self.put(pointer, original);
        minds_number || minds_object
    }

    fn put(&mut self, pointer: &str, value: Value) {
        if let Some(place) = self.whole.pointer_mut(pointer) {
            *place = value;
        }
    }
}

/// `/stages/0/colour` as `stages[0].colour`.
fn readable(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(path, "[{part}]");
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::package::AccessPackage;

    #[test]
    fn what_is_kept_without_a_name_is_unknown_all_the_same() {
        let policy = json!({
            "id": "p1",
            "colour": "green",
            "requestApprovalSettings": {"stages": [
                {"primaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": "u1", "mood": null}], "x/y": 1}
            ]},
        });
        let inspection = inspect("accessPackageAssignmentPolicy", &policy).unwrap();
        let stage = "requestApprovalSettings.stages[0]";
        let expected = [
            "colour".to_owned(),
            format!("{stage}.primaryApprovers[0].mood"),
            format!("{stage}.x/y"),
        ];
        assert_eq!(inspection.unknown, expected);
        assert_eq!(inspection.value["colour"], "green");
        assert_eq!(
            inspection.value["requestApprovalSettings"]["stages"][0]["x/y"],
            1
        );
    }

    #[test]
    fn what_finds_itself_in_its_parent_is_known_there() {
        let package = json!({"id": "p1", "assignmentPolicies": [{"id": "a1", "displayName": "All", "colour": 1}]});
        let inspection = inspect("accessPackage", &package).unwrap();
        assert_eq!(inspection.unknown, ["assignmentPolicies[0].colour"]);
        assert_eq!(inspection.value["assignmentPolicies"][0]["colour"], 1);
        // The parents themselves write back what they do not look into.
        let read: AccessPackage = wire::decode_value(package.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), package);
        let full = json!({
            "id": "c1",
            "accessPackages": [package],
            "resourceRoles": [{"id": "r1", "colour": 1}],
            "resourceScopes": [{"id": "s1", "colour": 1}],
            "resources": [{"id": "e1", "colour": 1}],
        });
        let read: Catalog = wire::decode_value(full.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), full);
        let inspection = inspect("accessPackageCatalog", &full).unwrap();
        let expected = [
            "accessPackages[0].assignmentPolicies[0].colour",
            "resourceRoles[0].colour",
            "resourceScopes[0].colour",
            "resources[0].colour",
        ];
        assert_eq!(inspection.unknown, expected);

        let assignment = json!({"id": "a1", "accessPackage": {
            "id": "p1", "assignmentPolicies": [{"id": "a1", "colour": 1}], "resources": [],
            "catalog": {"id": "c1", "resources": [{"id": "e1", "colour": 1}], "accessPackages": null},
        }});
        let inspection = inspect("accessPackageAssignment", &assignment).unwrap();
        let expected = [
            "accessPackage.assignmentPolicies[0].colour",
            "accessPackage.catalog.resources[0].colour",
            "accessPackage.resources",
        ];
        assert_eq!(inspection.unknown, expected);
        assert_eq!(inspection.value, assignment);

        let catalog = json!({"id": "c1", "resources": [{"id": 7}]});
        let error = inspect("accessPackageCatalog", &catalog).unwrap_err();
        assert!(
            error.to_string().starts_with("resources[0].id: "),
            "{error}"
        );
        let nothing = json!({"id": "c1", "resources": null});
        assert!(inspect("accessPackageCatalog", &nothing).is_ok());
    }

    #[test]
    fn an_entity_is_what_its_tag_says() {
        let tagged = |tag: &str| json!({"@odata.type": tag, "id": "x", "displayName": "Sales", "mailEnabled": true});
        let group = tagged("#microsoft.graph.group");
        let inspection = inspect("entity", &group).unwrap();
        assert!(inspection.unknown.is_empty());
        assert_eq!(inspection.value["@odata.type"], "#microsoft.graph.group");
        for tag in ["#microsoft.graph.teapot", "#microsoft.graph.entity"] {
            let inspection = inspect("entity", &tagged(tag)).unwrap();
            assert_eq!(inspection.unknown, ["displayName", "mailEnabled"]);
            assert_eq!(inspection.value, tagged(tag));
        }
        let broken =
            json!({"@odata.type": "#microsoft.graph.group", "id": "x", "mailEnabled": "yes"});
        assert!(inspect("entity", &broken).is_err());
        assert!(inspect("entity", &json!({"displayName": "nobody"})).is_err());
    }

    #[test]
    fn lists_are_looked_at_item_by_item() {
        let list = json!({"@odata.nextLink": "https://x", "value": [{"id": "a"}, {"id": "b", "colour": 1}]});
        let inspection = inspect("collection:accessPackage", &list).unwrap();
        assert_eq!(inspection.unknown, ["value[1].colour"]);
        assert_eq!(inspection.value["@odata.nextLink"], "https://x");
        let error =
            inspect("collection:accessPackage", &json!({"value": [{"id": 1}]})).unwrap_err();
        assert!(error.to_string().starts_with("value[0].id: "), "{error}");
    }

    #[test]
    fn types_that_are_not_there_are_named() {
        let error = inspect("accessPackageTeapot", &json!({})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the model has no type \"accessPackageTeapot\""
        );
    }
}
