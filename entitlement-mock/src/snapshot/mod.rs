//! The state of a tenant as a value: to keep, to write down as JSON, to go back to, to compare.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_mock::Tenant;
//! use entitlement_mock::snapshot::Snapshot;
//!
//! let tenant = Tenant::new();
//! let before = tenant.snapshot();
//! tenant.app().client().entitlement().catalogs().create(&CatalogDraft::builder("Devices").build()?).await?;
//!
//! let difference = before.difference(&tenant.snapshot());
//! assert!(difference.to_string().contains("+ catalogs/Devices"));
//!
//! let written = before.to_json();
//! let again = Tenant::restore(&Snapshot::from_json(&written)?);
//! assert_eq!(again.snapshot(), before);
//! # Ok(())
//! # }
//! ```

mod difference;

use std::fmt::{self, Debug};

use entitlement_core::time::Timestamp;
use entitlement_core::wire;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::world::World;

pub use difference::{Change, Difference};

/// A tenant at one moment: everything but the journal of calls.
///
/// Two snapshots are equal if their tenants cannot be told apart from here on.
#[derive(Clone)]
pub struct Snapshot(Saved);

/// The file format: what the clock shows, and the world.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    format: u32,
    now: Timestamp,
    world: World,
}

/// The format that is written; a file of another one is refused.
const FORMAT: u32 = 1;

/// A text that is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotError {
    message: String,
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a snapshot of a tenant: {}", self.message)
    }
}

impl std::error::Error for SnapshotError {}

impl Snapshot {
    pub(crate) fn take(now: Timestamp, world: &World) -> Self {
        Self(Saved {
            format: FORMAT,
            now,
            world: world.clone(),
        })
    }

    /// What the tenant's clock showed.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    /// The state as JSON, indented, the same text for the same state.
    pub fn to_json(&self) -> String {
        format!("{:#}", self.value())
    }

    /// Reads what [`Snapshot::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] names the place of the first thing that does not fit: a value of the wrong kind, an id that is
    /// there twice, a link that leads nowhere.
    pub fn from_json(json: &str) -> Result<Self, SnapshotError> {
        let refused = |message: String| SnapshotError { message };
        let mut saved: Saved =
            wire::decode(json.as_bytes()).map_err(|error| refused(error.to_string()))?;
        if saved.format != FORMAT {
            return Err(refused(format!(
                "format {} is not {FORMAT}, the one this version reads",
                saved.format
            )));
        }
        saved.world.check().map_err(refused)?;
        saved.world.link_again();
        Ok(Self(saved))
    }

    /// What is different in a later state.
    pub fn difference(&self, later: &Self) -> Difference {
        let flat = |snapshot: &Self| {
            let mut value = snapshot.value();
            let mut members = json!({"now": value["now"].take()});
            if let (Value::Object(members), Value::Object(world)) =
                (&mut members, value["world"].take())
            {
                members.extend(world);
            }
            members
        };
        Difference::between(&flat(self), &flat(later))
    }

    fn value(&self) -> Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}
