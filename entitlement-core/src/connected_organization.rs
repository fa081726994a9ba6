//! Partner organisations whose people may ask for access.
//!
//! Policies for external requestors name a [`ConnectedOrganization`] or mean all of them. By its [`IdentitySource`]s
//! the service knows who belongs to it; its sponsors may approve for its people (ORG-6).
//!
//! ```
//! use entitlement_core::connected_organization::{
//!     ConnectedOrganization, ConnectedOrganizationDraft, IdentitySource,
//! };
//! use entitlement_core::subject_set::SubjectSet;
//! use entitlement_core::entity::Id;
//!
//! let draft = ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com"))
//!     .description("Supplier of client hardware")
//!     .build()?;
//!
//! let fabrikam: Id<ConnectedOrganization> = "04e7fa5f-fa5f-04e7-5ffa-e7045ffae704".parse()?;
//! let its_people = SubjectSet::connected_organization(fabrikam);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::directory::DirectoryObject;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;
use crate::wire::{Expandable, Field};

open_enum! {
    /// How far an organisation is trusted (`connectedOrganizationState`).
    ConnectedOrganizationState = "connectedOrganizationState" {
        /// Set up by an administrator; policies for all configured organisations apply to it (ORG-1).
        Configured = "configured",
        /// Noted by the service when somebody from there asked (ORG-2).
        Proposed = "proposed",
    }
}

union! {
    /// How the service knows who belongs to an organisation
    /// ([identitySource](https://learn.microsoft.com/graph/api/resources/identitysource), ORG-3).
    IdentitySource = "identitySource" {
        /// Whoever signs in to another Entra tenant.
        AzureActiveDirectoryTenant(AzureActiveDirectoryTenant) = "#microsoft.graph.azureActiveDirectoryTenant",
        /// Whoever signs in to an Entra tenant of another cloud.
        CrossCloudAzureActiveDirectoryTenant(CrossCloudAzureActiveDirectoryTenant) =
            "#microsoft.graph.crossCloudAzureActiveDirectoryTenant",
        /// Whoever has an e-mail address of a domain.
        Domain(DomainIdentitySource) = "#microsoft.graph.domainIdentitySource",
        /// Whoever signs in through a federation with a domain.
        ExternalDomainFederation(ExternalDomainFederation) = "#microsoft.graph.externalDomainFederation",
        /// Whoever signs in with a social account.
        Social(SocialIdentitySource) = "#microsoft.graph.socialIdentitySource",
    }
}

/// An Entra tenant
/// ([azureActiveDirectoryTenant](https://learn.microsoft.com/graph/api/resources/azureactivedirectorytenant)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureActiveDirectoryTenant {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The tenant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// An Entra tenant of another cloud
/// ([crossCloudAzureActiveDirectoryTenant](https://learn.microsoft.com/graph/api/resources/crosscloudazureactivedirectorytenant)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CrossCloudAzureActiveDirectoryTenant {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The tenant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The cloud: `microsoftonline.us`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_instance: Option<String>,
}

/// A domain of e-mail addresses
/// ([domainIdentitySource](https://learn.microsoft.com/graph/api/resources/domainidentitysource)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DomainIdentitySource {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The domain: `fabrikam.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
}

/// A federation with a domain
/// ([externalDomainFederation](https://learn.microsoft.com/graph/api/resources/externaldomainfederation)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExternalDomainFederation {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The domain: `fabrikam.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,
    /// Who issues the tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_uri: Option<String>,
}

open_enum! {
    /// Where people have a social account (`socialIdentitySourceType`).
    SocialIdentitySourceType = "socialIdentitySourceType" {
        /// Facebook.
        Facebook = "facebook",
    }
}

/// A provider of social accounts
/// ([socialIdentitySource](https://learn.microsoft.com/graph/api/resources/socialidentitysource)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SocialIdentitySource {
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub social_identity_source_type: Option<SocialIdentitySourceType>,
}

impl IdentitySource {
    /// Whoever signs in to the Entra tenant with this id.
    pub fn tenant(tenant_id: impl Into<String>) -> Self {
        Self::AzureActiveDirectoryTenant(AzureActiveDirectoryTenant {
            display_name: None,
            tenant_id: Some(tenant_id.into()),
        })
    }

    /// Whoever signs in to the Entra tenant with this id in another cloud, such as `microsoftonline.us`.
    pub fn tenant_of_cloud(
        tenant_id: impl Into<String>,
        cloud_instance: impl Into<String>,
    ) -> Self {
        Self::CrossCloudAzureActiveDirectoryTenant(CrossCloudAzureActiveDirectoryTenant {
            display_name: None,
            tenant_id: Some(tenant_id.into()),
            cloud_instance: Some(cloud_instance.into()),
        })
    }

    /// Whoever has an e-mail address of this domain; if it belongs to an Entra tenant, that tenant is stored (ORG-5).
    pub fn domain(domain_name: impl Into<String>) -> Self {
        let domain_name = domain_name.into();
        Self::Domain(DomainIdentitySource {
            display_name: Some(domain_name.clone()),
            domain_name: Some(domain_name),
        })
    }

    fn check(&self, checker: &mut Checker) {
        let mut tenant = |id: &Option<String>| {
            checker.forbid(
                "tenantId",
                id.as_deref().is_none_or(|id| id.trim().is_empty()),
                "ORG-3",
                "is blank",
                "give the id of the other tenant",
            );
        };
        match self {
            Self::AzureActiveDirectoryTenant(source) => tenant(&source.tenant_id),
            Self::CrossCloudAzureActiveDirectoryTenant(source) => {
                tenant(&source.tenant_id);
                let cloud = source.cloud_instance.as_deref().unwrap_or("");
                checker.name("cloudInstance", cloud, "ORG-3");
            }
            Self::Domain(source) => check_domain(source.domain_name.as_deref(), checker),
            Self::ExternalDomainFederation(source) => {
                check_domain(source.domain_name.as_deref(), checker);
            }
            Self::Social(_) | Self::Unknown(_) => {}
        }
    }
}

fn check_domain(domain: Option<&str>, checker: &mut Checker) {
    let fine = domain.is_some_and(|domain| {
        domain.split('.').count() >= 2
            && domain.split('.').all(|label| !label.is_empty())
            && !domain.contains(|c: char| c.is_whitespace() || "@/:".contains(c))
    });
    checker.ensure(
        "domainName",
        fine,
        "ORG-3",
        "is not a domain",
        "write it like contoso.com",
    );
}

/// A partner organisation
/// ([connectedOrganization](https://learn.microsoft.com/graph/api/resources/connectedorganization)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectedOrganization {
    /// The organisation's id.
    pub id: Id<ConnectedOrganization>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What ties us to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How far it is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConnectedOrganizationState>,
    /// How the service knows who belongs to it; empty right after it was made (ORG-4).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub identity_sources: Vec<IdentitySource>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub modified_date_time: Option<Timestamp>,
    /// Members of this tenant who look after it (ORG-6).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub internal_sponsors: Expandable<Vec<DirectoryObject>>,
    /// Guests in this tenant who vouch for it (ORG-6).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub external_sponsors: Expandable<Vec<DirectoryObject>>,
}

impl Entity for ConnectedOrganization {
    const TYPE: &'static str = "connectedOrganization";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/connectedOrganizations";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ConnectedOrganization {}

impl Creatable for ConnectedOrganization {
    type Draft = ConnectedOrganizationDraft;
}

impl Patchable for ConnectedOrganization {
    type Patch = ConnectedOrganizationPatch;
}

impl Deletable for ConnectedOrganization {}

/// A partner organisation to be made
/// ([create connectedOrganization](https://learn.microsoft.com/graph/api/entitlementmanagement-post-connectedorganizations)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct ConnectedOrganizationDraft {
    #[builder(start_fn)]
    display_name: String,
    #[builder(start_fn)]
    identity_sources: [IdentitySource; 1],
    /// What ties us to it.
    #[builder(default)]
    description: String,
    /// How far it is trusted.
    #[builder(default = ConnectedOrganizationState::Configured)]
    state: ConnectedOrganizationState,
}

impl ConnectedOrganizationDraft {
    /// An organisation with its name and the one source that the service takes to start with (ORG-4).
    pub fn builder(
        display_name: impl Into<String>,
        identity_source: IdentitySource,
    ) -> ConnectedOrganizationDraftBuilder {
        Self::start(display_name.into(), [identity_source])
    }
}

impl<S: connected_organization_draft_builder::IsComplete> ConnectedOrganizationDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name (ORG-4) or an identity source that says nothing (ORG-3).
    pub fn build(self) -> Result<ConnectedOrganizationDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "ORG-4");
        checker.each("identitySources", &draft.identity_sources, |c, source| {
            source.check(c);
        });
        checker.finish(ConnectedOrganization::TYPE)?;
        Ok(draft)
    }
}

/// What changes about a partner organisation; the service answers that it has accepted the change (ORG-4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectedOrganizationPatch {
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// What ties us to it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// How far it is trusted.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub state: Field<ConnectedOrganizationState>,
}

impl Patch for ConnectedOrganizationPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept_name("displayName", &self.display_name, "ORG-4");
        checker.finish(ConnectedOrganization::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_source_is_read_and_written_back() {
        let organization = json!({
            "id": "7a8b9c0d-fa5f-44e7-8ffa-e7045ffae704",
            "displayName": "Fabrikam",
            "description": "Supplier",
            "createdDateTime": "2020-05-13T15:18:04.81Z",
            "modifiedDateTime": "2020-05-13T15:18:04.81Z",
            "identitySources": [
                {"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "displayName": "Fabrikam", "tenantId": "t1"},
                {"@odata.type": "#microsoft.graph.crossCloudAzureActiveDirectoryTenant", "tenantId": "t2", "cloudInstance": "microsoftonline.us"},
                {"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "fabrikam.com"},
                {"@odata.type": "#microsoft.graph.externalDomainFederation", "issuerUri": "https://sso.fabrikam.com"},
                {"@odata.type": "#microsoft.graph.socialIdentitySource", "socialIdentitySourceType": "facebook"},
                {"@odata.type": "#microsoft.graph.carrierPigeon", "loft": 7}
            ],
            "state": "configured",
            "internalSponsors": [{"@odata.type": "#microsoft.graph.user", "id": "u1"}]
        });
        let read: ConnectedOrganization = crate::wire::decode_value(organization.clone()).unwrap();
        assert!(matches!(
            read.identity_sources[5],
            IdentitySource::Unknown(_)
        ));
        assert_eq!(serde_json::to_value(&read).unwrap(), organization);

        let mut broken = organization;
        broken["identitySources"][2]["domainName"] = 5.into();
        let error = crate::wire::decode_value::<ConnectedOrganization>(broken).unwrap_err();
        assert_eq!(error.path(), "identitySources[2]");
        assert!(error.problem().contains("domainName"), "{error}");
    }

    #[test]
    fn the_documented_draft_is_what_is_sent() {
        let draft =
            ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com"))
                .description("Supplier")
                .state(ConnectedOrganizationState::Proposed)
                .build()
                .unwrap();
        let expected = json!({
            "displayName": "Fabrikam",
            "identitySources": [{
                "@odata.type": "#microsoft.graph.domainIdentitySource",
                "displayName": "fabrikam.com",
                "domainName": "fabrikam.com"
            }],
            "description": "Supplier",
            "state": "proposed"
        });
        assert_eq!(serde_json::to_value(&draft).unwrap(), expected);
    }

    #[test]
    fn a_source_must_say_something() {
        for (source, path) in [
            (IdentitySource::tenant(""), "tenantId"),
            (IdentitySource::tenant_of_cloud("t", " "), "cloudInstance"),
            (IdentitySource::domain("fabrikam"), "domainName"),
            (IdentitySource::domain("ada@fabrikam.com"), "domainName"),
        ] {
            let refused = ConnectedOrganizationDraft::builder("Fabrikam", source)
                .build()
                .unwrap_err();
            let expected = format!("identitySources[0].{path}");
            assert_eq!(refused.violations()[0].path(), expected);
        }
    }
}
