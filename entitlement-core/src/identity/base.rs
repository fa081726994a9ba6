//! What identities of every kind say.

use serde::{Deserialize, Serialize};

use crate::wire::{RawObject, without_annotations};

/// What identities of every kind say: an id and a name.
///
/// Identities are open types: the service adds properties that no schema has, and they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IdentityBase {
    /// The id, in whatever system the identity comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten, deserialize_with = "without_annotations")]
    pub unknown: RawObject,
}
