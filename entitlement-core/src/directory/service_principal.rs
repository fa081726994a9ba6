//! Applications in the tenant.

use serde::{Deserialize, Serialize};

use super::object::DirectoryObject;
use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;

/// An application as this tenant knows it, as far as governance needs it
/// ([servicePrincipal](https://learn.microsoft.com/graph/api/resources/serviceprincipal)).
///
/// ```
/// use entitlement_core::directory::ServicePrincipal;
///
/// let portal: ServicePrincipal =
///     serde_json::from_str(r#"{"id": "p1", "appId": "a1", "servicePrincipalType": "Application"}"#)?;
/// assert_eq!(portal.app_id.as_deref(), Some("a1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServicePrincipal {
    /// The object id in this tenant.
    pub id: Id<ServicePrincipal>,
    /// When it was deleted.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub deleted_date_time: Option<Timestamp>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The application's id, the same in every tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The name its publisher gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_display_name: Option<String>,
    /// Whether people may sign in to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// What it stands for: `Application`, `ManagedIdentity`, `Legacy`, `SocialIdp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_principal_type: Option<String>,
}

impl Entity for ServicePrincipal {
    const TYPE: &'static str = "servicePrincipal";
    const COLLECTION: &'static str = "servicePrincipals";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ServicePrincipal {}

/// Directory ids are unique over all kinds.
impl From<&Id<ServicePrincipal>> for Id<DirectoryObject> {
    fn from(id: &Id<ServicePrincipal>) -> Self {
        id.cast()
    }
}
