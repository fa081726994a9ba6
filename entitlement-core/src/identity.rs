//! Who did something, and whose access it is about: people and applications as they are noted beside a fact.
//!
//! An identity is a note, not the directory's record: it keeps the id and name of the moment. An [`Identity`] says no
//! more than that, a [`UserIdentity`] is a person, and a [`Principal`] is whichever kind there may be.
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

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::directory::User;
use crate::entity::Id;
use crate::wire::union::union;

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
    } else {
        /// Somebody of whom no kind is said.
        Somebody(Identity),
    }
}

impl Principal {
    /// The id in the directory.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.id.as_deref(),
            Self::ServicePrincipal(application) => application.id.as_deref(),
            Self::Somebody(somebody) => somebody.id.as_deref(),
            Self::Unknown(object) => object.get("id").and_then(Value::as_str),
        }
    }

    /// The name people see.
    pub fn display_name(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.display_name.as_deref(),
            Self::ServicePrincipal(application) => application.display_name.as_deref(),
            Self::Somebody(somebody) => somebody.display_name.as_deref(),
            Self::Unknown(object) => object.get("displayName").and_then(Value::as_str),
        }
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
