//! Who did something, and whose access it is about: people and applications as they are noted beside a fact.
//!
//! An identity is a note, not the directory's record: it keeps the id and name of the moment. An [`Identity`] says no
//! more than that, a [`UserIdentity`] is a person, and a [`Principal`] is whichever kind there may be. Kinds from other
//! services have their own pages: [`collaboration`], [`communications`], [`provisioning`].
//!
//! ```
//! use entitlement_core::identity::Principal;
//!
//! let guest: Principal = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.userIdentity", "id": "u1", "displayName": "Ada"}"##,
//! )?;
//! assert_eq!(guest.id(), Some("u1"));
//! assert_eq!(guest.display_name(), Some("Ada"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod base;
pub mod collaboration;
pub mod communications;
pub mod provisioning;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::directory::User;
use crate::entity::Id;
use crate::wire::union::union;
pub use base::IdentityBase;
use collaboration::{
    EmailIdentity, SharePointGroupIdentity, SharePointIdentity, TeamworkApplicationIdentity,
    TeamworkConversationIdentity, TeamworkUserIdentity,
};
use communications::{
    AzureCommunicationServicesUserIdentity, CommunicationsApplicationIdentity,
    CommunicationsApplicationInstanceIdentity, CommunicationsGuestIdentity,
    CommunicationsUserIdentity,
};
use provisioning::{Initiator, ProvisionedIdentity, ProvisioningSystem};

/// Somebody or something ([identity](https://learn.microsoft.com/graph/api/resources/identity)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identity {
    /// Their id in the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name, which the service adds for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
}

/// A person ([userIdentity](https://learn.microsoft.com/graph/api/resources/useridentity)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserIdentity {
    /// Their id in the directory; all zeros for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The address the person came from, where it was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
}

impl UserIdentity {
    /// The person; `None` if the note is a placeholder for nobody (REV-51).
    pub fn user_id(&self) -> Option<Id<User>> {
        let id: Id<User> = self.id.as_deref()?.parse().ok()?;
        let nobody = id.as_uuid().is_some_and(|guid| guid.is_nil());
        (!nobody).then_some(id)
    }
}

/// An application ([servicePrincipalIdentity](https://learn.microsoft.com/graph/api/resources/serviceprincipalidentity)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServicePrincipalIdentity {
    /// The id of the application's object in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The application's own id, the same in every tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
}

union! {
    /// Whoever has access ([identity](https://learn.microsoft.com/graph/api/resources/identity)).
    Principal = "identity" {
        /// A person.
        User(UserIdentity) = "#microsoft.graph.userIdentity",
        /// An application.
        ServicePrincipal(ServicePrincipalIdentity) = "#microsoft.graph.servicePrincipalIdentity",
        /// Somebody known by a mail address.
        Email(EmailIdentity) = "#microsoft.graph.emailIdentity",
        /// Somebody known by a login of SharePoint.
        SharePoint(SharePointIdentity) = "#microsoft.graph.sharePointIdentity",
        /// A group of a site.
        SharePointGroup(SharePointGroupIdentity) = "#microsoft.graph.sharePointGroupIdentity",
        /// An application in a team.
        TeamworkApplication(TeamworkApplicationIdentity) = "#microsoft.graph.teamworkApplicationIdentity",
        /// A team, channel or chat.
        TeamworkConversation(TeamworkConversationIdentity) = "#microsoft.graph.teamworkConversationIdentity",
        /// Those who bear a tag in a team.
        TeamworkTag(IdentityBase) = "#microsoft.graph.teamworkTagIdentity",
        /// A person in a team.
        TeamworkUser(TeamworkUserIdentity) = "#microsoft.graph.teamworkUserIdentity",
        /// A user of Azure Communication Services.
        AzureCommunicationServicesUser(AzureCommunicationServicesUserIdentity) =
            "#microsoft.graph.azureCommunicationServicesUserIdentity",
        /// An application in a call.
        CommunicationsApplication(CommunicationsApplicationIdentity) =
            "#microsoft.graph.communicationsApplicationIdentity",
        /// An account of an application in a call.
        CommunicationsApplicationInstance(CommunicationsApplicationInstanceIdentity) =
            "#microsoft.graph.communicationsApplicationInstanceIdentity",
        /// Somebody in a call whose identity is encrypted.
        CommunicationsEncrypted(IdentityBase) = "#microsoft.graph.communicationsEncryptedIdentity",
        /// A guest in a call.
        CommunicationsGuest(CommunicationsGuestIdentity) = "#microsoft.graph.communicationsGuestIdentity",
        /// A phone in a call; the number is the id.
        CommunicationsPhone(IdentityBase) = "#microsoft.graph.communicationsPhoneIdentity",
        /// A person with an account in a call.
        CommunicationsUser(CommunicationsUserIdentity) = "#microsoft.graph.communicationsUserIdentity",
        /// Whoever set provisioning going.
        Initiator(Initiator) = "#microsoft.graph.initiator",
        /// Whose account is provisioned.
        Provisioned(ProvisionedIdentity) = "#microsoft.graph.provisionedIdentity",
        /// The application that provisions.
        ProvisioningServicePrincipal(IdentityBase) = "#microsoft.graph.provisioningServicePrincipal",
        /// A system between which accounts are provisioned.
        ProvisioningSystem(ProvisioningSystem) = "#microsoft.graph.provisioningSystem",
    } else {
        /// Somebody of whom no kind is said.
        Somebody(Identity),
    }
}

impl Principal {
    /// The id in the directory, or in the system that the kind is about.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.id.as_deref(),
            Self::ServicePrincipal(application) => application.id.as_deref(),
            Self::Somebody(somebody) => somebody.id.as_deref(),
            Self::Unknown(object) => object.get("id").and_then(Value::as_str),
            other => other.base()?.id.as_deref(),
        }
    }

    /// The name people see.
    pub fn display_name(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.display_name.as_deref(),
            Self::ServicePrincipal(application) => application.display_name.as_deref(),
            Self::Somebody(somebody) => somebody.display_name.as_deref(),
            Self::Unknown(object) => object.get("displayName").and_then(Value::as_str),
            other => other.base()?.display_name.as_deref(),
        }
    }

    /// What the kinds of other services have in common.
    fn base(&self) -> Option<&IdentityBase> {
        Some(match self {
            Self::User(_) | Self::ServicePrincipal(_) | Self::Somebody(_) | Self::Unknown(_) => {
                return None;
            }
            Self::TeamworkTag(base)
            | Self::CommunicationsEncrypted(base)
            | Self::CommunicationsPhone(base)
            | Self::ProvisioningServicePrincipal(base) => base,
            Self::Email(identity) => &identity.base,
            Self::SharePoint(identity) => &identity.base,
            Self::SharePointGroup(identity) => &identity.base,
            Self::TeamworkApplication(identity) => &identity.base,
            Self::TeamworkConversation(identity) => &identity.base,
            Self::TeamworkUser(identity) => &identity.base,
            Self::AzureCommunicationServicesUser(identity) => &identity.base,
            Self::CommunicationsApplication(identity) => &identity.base,
            Self::CommunicationsApplicationInstance(identity) => &identity.base,
            Self::CommunicationsGuest(identity) => &identity.base,
            Self::CommunicationsUser(identity) => &identity.base,
            Self::Initiator(identity) => &identity.base,
            Self::Provisioned(identity) => &identity.base,
            Self::ProvisioningSystem(identity) => &identity.base,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire;

    #[test]
    fn every_kind_of_principal_survives() {
        for json in [
            json!({"@odata.type": "#microsoft.graph.userIdentity", "id": "p", "displayName": "Ada", "ipAddress": "192.0.2.1"}),
            json!({"@odata.type": "#microsoft.graph.servicePrincipalIdentity", "id": "p", "displayName": "Ada", "appId": "a"}),
            json!({"@odata.type": "#microsoft.graph.emailIdentity", "id": "p", "displayName": "Ada", "email": "ada@contoso.com"}),
            json!({"@odata.type": "#microsoft.graph.communicationsPhoneIdentity", "id": "p", "displayName": "Ada", "carrier": "x"}),
            json!({"@odata.type": "#microsoft.graph.provisionedIdentity", "id": "p", "displayName": "Ada", "details": {"a": 1}}),
            json!({"@odata.type": "#microsoft.graph.carrierPigeon", "id": "p", "displayName": "Ada", "loft": 7}),
            json!({"id": "p", "displayName": "Ada"}),
        ] {
            let principal: Principal = wire::decode_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&principal).unwrap(), json);
            assert_eq!(principal.id(), Some("p"));
            assert_eq!(principal.display_name(), Some("Ada"));
        }
        let broken = json!({"@odata.type": "#microsoft.graph.userIdentity", "id": 7});
        let error = wire::decode_value::<Principal>(broken).unwrap_err();
        assert!(error.problem().contains("id"), "{error}");
    }

    #[test]
    fn zeros_are_nobody() {
        let identity = |id: &str| wire::decode_value::<UserIdentity>(json!({"id": id})).unwrap();
        assert_eq!(
            identity("00000000-0000-0000-0000-000000000000").user_id(),
            None
        );
        assert_eq!(identity("").user_id(), None);
        assert_eq!(identity("u1").user_id(), "u1".parse().ok());
    }
}
