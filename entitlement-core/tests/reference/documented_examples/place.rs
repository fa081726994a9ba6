//! What a URL leads to, and so what is sent there and answered.

use std::path::Path;

use serde_json::{Map, Value};

use super::page::Slips;
use crate::declared::Schema;

/// What a body holds.
#[derive(Clone)]
pub(crate) enum Content {
    Nothing,
    Number,
    Link,
    One(String),
    Many(String),
    /// What an action takes: names and types.
    Parameters(Map<String, Value>),
}

/// What a path leads to.
#[derive(Clone)]
pub(crate) enum Place {
    One(String),
    Many(String),
    Count,
    Links,
    Operation(Value),
}

impl Place {
    /// What is sent there.
    pub(crate) fn sent(&self, method: &str) -> Content {
        match self {
            Self::Operation(declared) => {
                let parameters = declared["parameters"].as_object();
                Content::Parameters(parameters.cloned().unwrap_or_default())
            }
            Self::One(kind) | Self::Many(kind) if method != "GET" => Content::One(kind.clone()),
            Self::Links => Content::Link,
            Self::One(_) | Self::Many(_) | Self::Count => Content::Nothing,
        }
    }

    /// What comes from there.
    pub(crate) fn answer(&self, method: &str) -> Content {
        match self {
            Self::Operation(declared) => match declared["returns"].as_str() {
                Some(kind) => match kind.strip_prefix("Collection(") {
                    Some(item) => Content::Many(item.trim_end_matches(')').to_owned()),
                    None => Content::One(kind.to_owned()),
                },
                None => Content::Nothing,
            },
            Self::Many(kind) if method == "GET" => Content::Many(kind.clone()),
            Self::One(kind) | Self::Many(kind) => Content::One(kind.clone()),
            Self::Count => Content::Number,
            Self::Links => Content::Nothing,
        }
    }
}

/// Where paths begin.
const ROOTS: &[(&str, &str, bool)] = &[
    (
        "identityGovernance/entitlementManagement",
        "entitlementManagement",
        false,
    ),
    ("identityGovernance/accessReviews", "accessReviewSet", false),
    ("deviceAppManagement/mobileApps", "mobileApp", true),
    (
        "deviceManagement/deviceConfigurations",
        "deviceConfiguration",
        true,
    ),
    ("groups", "group", true),
    ("users", "user", true),
    ("me", "user", false),
];

/// Collections that pages call by their names in beta (OBJ-4, REQ-52, REQ-53).
const BETA_COLLECTIONS: &[(&str, &str)] = &[
    ("accessPackageAssignments", "assignments"),
    ("accessPackageAssignmentRequests", "assignmentRequests"),
];

/// All places of the service.
pub(crate) struct Places<'a> {
    schema: &'a Schema,
    bound: Vec<Value>,
}

impl<'a> Places<'a> {
    pub(crate) fn read(folder: &Path, schema: &'a Schema) -> Self {
        let text = std::fs::read(folder.join("schema-v1.json")).expect("the schema can be read");
        let mut whole: Value = serde_json::from_slice(&text).expect("the schema is JSON");
        let bound = serde_json::from_value(whole["bound"].take());
        Self {
            schema,
            bound: bound.expect("the schema has bound operations"),
        }
    }

    /// Where a documented URL leads; a name from beta is a slip.
    pub(crate) fn of_url(&self, url: &str, slips: &mut Slips<'_>) -> Place {
        let path = url.split('?').next().unwrap_or(url);
        let path = path
            .split_once("/v1.0/")
            .map_or(path, |(_, path)| path)
            .trim_end_matches('/');
        let segments = path.split('/').map(|segment| {
            let beta = BETA_COLLECTIONS.iter().find(|(beta, _)| *beta == segment);
            beta.map_or(segment, |(beta, name)| {
                slips.note("url", beta, name);
                name
            })
        });
        let path = segments.collect::<Vec<_>>().join("/");
        self.find(&path, slips)
            .unwrap_or_else(|| panic!("{url} leads nowhere"))
    }

    /// What the context of an answer says that it is.
    pub(crate) fn of_context(&self, context: &str, slips: &mut Slips<'_>) -> Option<Place> {
        let (_, path) = context.split_once("$metadata#")?;
        self.find(path, slips)
    }

    fn find(&self, path: &str, slips: &mut Slips<'_>) -> Option<Place> {
        let (root, kind, is_collection) = ROOTS.iter().find(|(root, ..)| {
            let rest = path.strip_prefix(root);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })?;
        let place = if *is_collection {
            Place::Many
        } else {
            Place::One
        };
        let mut rest = path[root.len()..]
            .split('/')
            .filter(|name| !name.is_empty());
        rest.try_fold(place((*kind).to_owned()), |place, segment| {
            self.step(place, segment, slips)
        })
    }

    fn step(&self, place: Place, segment: &str, slips: &mut Slips<'_>) -> Option<Place> {
        let cast = segment.strip_prefix("microsoft.graph.");
        let cast = cast.filter(|kind| self.schema.types.contains_key(*kind));
        match (place, segment) {
            (Place::Many(_), "$count") => Some(Place::Count),
            (Place::Many(_) | Place::One(_), "$ref") => Some(Place::Links),
            (Place::Many(_), _) if cast.is_some() => cast.map(|kind| Place::Many(kind.to_owned())),
            (Place::One(_), _) if cast.is_some() => cast.map(|kind| Place::One(kind.to_owned())),
            (Place::Many(kind), _) => {
                let on = format!("Collection({kind})");
                self.operation(&on, segment).or(Some(Place::One(kind)))
            }
            (Place::One(kind), _) => self
                .operation(&kind, segment)
                .or_else(|| self.property(&kind, segment, slips)),
            _ => None,
        }
    }

    /// A property of the type, or, which is a slip, of one derived from it that the path does not name.
    fn property(&self, kind: &str, name: &str, slips: &mut Slips<'_>) -> Option<Place> {
        let declared = self.schema.property(kind, name).or_else(|| {
            let mut below = self.schema.types.keys();
            let below = below.find_map(|below| {
                let is_below = self.schema.is_a(below, kind);
                Some((
                    below,
                    self.schema.property(below, name).filter(|_| is_below)?,
                ))
            });
            let (below, declared) = below?;
            slips.note("url", &name, &format!("{below}/{name}"));
            Some(declared)
        })?;
        let place = if declared.is_collection {
            Place::Many
        } else {
            Place::One
        };
        Some(place(declared.type_name))
    }

    /// An action or function that is bound to this type, or to one that it is derived from.
    fn operation(&self, on: &str, segment: &str) -> Option<Place> {
        let name = segment.split('(').next().unwrap_or(segment);
        let name = name.strip_prefix("microsoft.graph.").unwrap_or(name);
        let is_bound = |declared: &&Value| {
            let to = declared["on"].as_str().unwrap_or_default();
            declared["name"] == name && (to == on || self.schema.is_a(on, to))
        };
        let declared = self.bound.iter().find(is_bound)?;
        Some(Place::Operation(declared.clone()))
    }
}
