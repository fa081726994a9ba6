//! How long the service takes for what it does by itself.
//!
//! A tenant does everything at once unless it is told to take its time. Time that passes is virtual, so a client that
//! waits as it should costs no real time:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! use entitlement_core::catalog::CatalogDraft;
//! use entitlement_core::time::IsoDuration;
//! use entitlement_mock::Tenant;
//! use entitlement_mock::lag::{Lag, LagProfile};
//!
//! let mut lag = LagProfile::immediate();
//! lag.replication = Lag::After(IsoDuration::minutes(1));
//! let tenant = Tenant::builder().lag(lag).build();
//! let catalogs = tenant.app().client().entitlement().catalogs();
//!
//! let made = catalogs.create(&CatalogDraft::builder("Devices").build()?).await?;
//! assert!(catalogs.get(&made.id).await.unwrap_err().is_not_found());
//! tenant.clock().advance(IsoDuration::minutes(1));
//! assert_eq!(catalogs.get(&made.id).await?, made);
//! # Ok(())
//! # }
//! ```

use std::str::FromStr;

use entitlement_core::time::IsoDuration;
use serde::{Deserialize, Serialize};

/// When something happens that is not done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Lag {
    /// At once: the next call sees it.
    #[default]
    None,
    /// After some time. Years and months, which have no fixed length, are no time.
    After(IsoDuration),
    /// Once it was looked at so often: so many answers show that it has not happened, the next one that it has.
    AfterReads(u32),
    /// It never does.
    Never,
}

/// What the service takes its time for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LagProfile {
    /// Until what was made can be found: before, its own address answers 404 and lists leave it out (P1, P4).
    pub replication: Lag,
    /// Until a request about a resource is carried out, and the resource with its roles stands in the catalog (P1, P3).
    pub onboarding: Lag,
    /// Until a request for access that was accepted is taken up (REQ-12).
    pub processing: Lag,
    /// Until access is written or taken away (P8).
    pub delivery: Lag,
    /// Until a rule that changed, or a person who did, leads to automatic assignments (AUTO-7).
    pub automatic_assignment: Lag,
    /// Until a role that a package begins or ceases to grant reaches those who hold the package (OBJ-50, OBJ-53).
    pub role_changes: Lag,
    /// The same where more than a hundred people hold the package, which is this tenant's own idea of bulk (OBJ-53).
    pub bulk_role_changes: Lag,
    /// Until an access review that is due has begun, and until its decisions are applied (section 5.8).
    pub reviews: Lag,
    /// Until Intune has an address of its storage for a file, or another one in its place.
    pub storage_addresses: Lag,
    /// Until Intune has looked at a file that was committed.
    pub file_commits: Lag,
    /// Until an app is published that has its first content.
    pub app_publishing: Lag,
}

impl LagProfile {
    /// Everything happens at once.
    pub fn immediate() -> Self {
        Self::default()
    }

    /// What people see who work with the service: new objects take seconds, access takes minutes, reviews longer.
    pub fn realistic() -> Self {
        let seconds = |count| Lag::After(IsoDuration::seconds(count));
        let minutes = |count| Lag::After(IsoDuration::minutes(count));
        Self {
            replication: seconds(3),
            onboarding: seconds(20),
            processing: seconds(6),
            delivery: minutes(4),
            automatic_assignment: minutes(10),
            role_changes: minutes(5),
            bulk_role_changes: minutes(6 * 60),
            reviews: minutes(15),
            storage_addresses: seconds(4),
            file_commits: seconds(12),
            app_publishing: seconds(20),
        }
    }
}

/// There is no profile of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLagProfile(String);

impl std::fmt::Display for UnknownLagProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "there is no lag profile called {:?}; there are: immediate, realistic",
            self.0
        )
    }
}

impl std::error::Error for UnknownLagProfile {}

/// A profile by its name: `immediate` or `realistic`.
impl FromStr for LagProfile {
    type Err = UnknownLagProfile;

    fn from_str(name: &str) -> Result<Self, UnknownLagProfile> {
        match name {
            "immediate" => Ok(Self::immediate()),
            "realistic" => Ok(Self::realistic()),
            other => Err(UnknownLagProfile(other.to_owned())),
        }
    }
}
