//! Identities of provisioning: who set it going, between which systems, and whose account it is about.
//!
//! They are kinds of [`Principal`](super::Principal) that the logs of provisioning bring along.
//!
//! ```
//! use entitlement_core::identity::Principal;
//! use entitlement_core::identity::provisioning::InitiatorType;
//!
//! let initiator: Principal = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.initiator", "id": "i1", "initiatorType": "system"}"##,
//! )?;
//! let Principal::Initiator(initiator) = initiator else { panic!("set it going") };
//! assert_eq!(initiator.initiator_type, Some(InitiatorType::System));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::base::IdentityBase;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::flattened;

open_enum! {
    /// Who sets provisioning going (`initiatorType`).
    InitiatorType = "initiatorType" {
        /// A person.
        User = "user",
        /// An application.
        Application = "application",
        /// The service itself.
        System = "system",
    }
}

/// Whoever set provisioning going
/// ([initiator](https://learn.microsoft.com/graph/api/resources/initiator)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Initiator {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// Which sort of initiator it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiator_type: Option<InitiatorType>,
}

/// Whose account is provisioned
/// ([provisionedIdentity](https://learn.microsoft.com/graph/api/resources/provisionedidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProvisionedIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// What the system says about it beyond that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<DetailsInfo>,
    /// What sort of object it is in its system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_type: Option<String>,
}

/// A system between which accounts are provisioned
/// ([provisioningSystem](https://learn.microsoft.com/graph/api/resources/provisioningsystem)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProvisioningSystem {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// What is known of it beyond that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<DetailsInfo>,
}

/// Whatever a system has to say
/// ([detailsInfo](https://learn.microsoft.com/graph/api/resources/detailsinfo)); the schema names no property of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DetailsInfo {
    /// What it says, by wire name.
    #[serde(flatten)]
    pub details: RawObject,
}
