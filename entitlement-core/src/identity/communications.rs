//! Identities of calls: the people, applications and phones that take part in them.
//!
//! They are kinds of [`Principal`](super::Principal) that call records and chats bring along; entitlement management
//! itself names people and applications of the directory.
//!
//! ```
//! use entitlement_core::identity::Principal;
//!
//! let guest: Principal = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.communicationsGuestIdentity", "id": "g1", "email": "ada@fabrikam.com"}"##,
//! )?;
//! let Principal::CommunicationsGuest(guest) = guest else { panic!("is a guest") };
//! assert_eq!(guest.email.as_deref(), Some("ada@fabrikam.com"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::base::IdentityBase;
use crate::wire::union::flattened;

/// A user of Azure Communication Services
/// ([azureCommunicationServicesUserIdentity](https://learn.microsoft.com/graph/api/resources/azurecommunicationservicesuseridentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureCommunicationServicesUserIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The Azure resource that the user belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azure_communication_services_resource_id: Option<String>,
}

/// An application in a call
/// ([communicationsApplicationIdentity](https://learn.microsoft.com/graph/api/resources/communicationsapplicationidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CommunicationsApplicationIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// What sort of application it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_type: Option<String>,
    /// Whether the others in the call do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
}

/// An account of an application, such as a resource account, in a call
/// ([communicationsApplicationInstanceIdentity](https://learn.microsoft.com/graph/api/resources/communicationsapplicationinstanceidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CommunicationsApplicationInstanceIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// Whether the others in the call do not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// The tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// A guest in a call
/// ([communicationsGuestIdentity](https://learn.microsoft.com/graph/api/resources/communicationsguestidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CommunicationsGuestIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The guest's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A person with an account in a call
/// ([communicationsUserIdentity](https://learn.microsoft.com/graph/api/resources/communicationsuseridentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CommunicationsUserIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The tenant the account belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}
