//! Requests that bring resources into a catalog, change them there, or take them out.

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::attribute::{self, ResourceAttribute};
use super::model::{Resource, ResourceEnvironment};
use super::origin::OriginSystem;
use crate::catalog::Catalog;
use crate::directory::Group;
use crate::entity::{Creatable, Entity, Id, Link, Listable};
use crate::request::{RequestState, RequestType};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;

/// A request to bring a resource into a catalog or take it out
/// ([accessPackageResourceRequest](https://learn.microsoft.com/graph/api/resources/accesspackageresourcerequest)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceRequest {
    /// The request's id.
    pub id: Id<ResourceRequest>,
    /// Add, update or remove.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_type: Option<RequestType>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RequestState>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// The catalog.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub catalog: Expandable<Catalog>,
    /// The resource.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub resource: Expandable<Resource>,
}

impl Entity for ResourceRequest {
    const TYPE: &'static str = "accessPackageResourceRequest";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/resourceRequests";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ResourceRequest {}

impl Creatable for ResourceRequest {
    type Draft = ResourceRequestDraft;
}

/// A request about a resource to be made
/// ([create resourceRequest](https://learn.microsoft.com/graph/api/entitlementmanagement-post-resourcerequests)).
///
/// ```
/// use entitlement_core::catalog::Catalog;
/// use entitlement_core::entity::Id;
/// use entitlement_core::resource::{OriginSystem, ResourceRequestDraft};
///
/// let catalog: Id<Catalog> = "beedadfe-01d5-4025-910b-84abb9369997".parse()?;
/// let url = "https://contoso.sharepoint.com/sites/clients";
/// let site = ResourceRequestDraft::add(&catalog, OriginSystem::SharePointOnline, url)
///     .display_name("Clients")
///     .build()?;
///
/// let refused = ResourceRequestDraft::add(&catalog, OriginSystem::AadApplication, " ").build().unwrap_err();
/// assert_eq!(refused.violations()[0].path(), "resource.originId");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""))]
pub struct ResourceRequestDraft {
    #[builder(start_fn)]
    request_type: RequestType,
    #[builder(start_fn, into)]
    catalog: Link<Catalog>,
    #[builder(start_fn)]
    resource: ResourcePart,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourcePart {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<Resource>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_system: Option<OriginSystem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<EnvironmentPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Vec<ResourceAttribute>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvironmentPart {
    id: Id<ResourceEnvironment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_id: Option<String>,
    /// Only to check it.
    #[serde(skip)]
    origin_system: Option<OriginSystem>,
}

impl ResourcePart {
    fn of(origin_system: OriginSystem, origin_id: String) -> Self {
        Self {
            origin_id: Some(origin_id),
            origin_system: Some(origin_system),
            ..Self::default()
        }
    }

    /// OBJ-20: what is brought in says what and where it is.
    fn check(&self, checker: &mut Checker) {
        let is_blank = |text: &str| text.trim().is_empty();
        checker.forbid(
            "originId",
            self.origin_id.as_deref().is_none_or(is_blank),
            "OBJ-20",
            "is blank",
            "give the id in the origin system, or the URL of a site",
        );
        let system = self.origin_system.as_ref().map(OriginSystem::as_str);
        checker.forbid(
            "originSystem",
            system.is_none_or(is_blank),
            "OBJ-20",
            "is blank",
            "say where it lives, such as AadGroup, AadApplication or SharePointOnline",
        );
        if let Some(name) = &self.display_name {
            checker.name("displayName", name, "OBJ-20");
        }
        if let (Some(environment), Some(system)) = (&self.environment, &self.origin_system) {
            checker.field("environment", |c| environment.check(system, c));
        }
    }
}

impl EnvironmentPart {
    /// OBJ-37: sites live in environments; groups, applications and directory roles do not.
    fn check(&self, system: &OriginSystem, checker: &mut Checker) {
        use OriginSystem::{AadApplication, AadGroup, DirectoryRole};
        let has_none = matches!(system, AadGroup | AadApplication | DirectoryRole);
        let its_own = self.origin_system.as_ref().unwrap_or(system);
        if has_none || its_own != system {
            checker.refuse(
                "OBJ-37",
                format!("does not go with a resource of {system}"),
                "leave it out; only SharePoint sites have one",
            );
        }
        let blank = |id: &String| id.trim().is_empty();
        checker.forbid(
            "originId",
            self.origin_id.as_ref().is_some_and(blank),
            "OBJ-37",
            "is blank",
            "read the environment again; it is the URL of its root site",
        );
    }
}

impl ResourceRequestDraft {
    /// Brings a group into a catalog (OBJ-20), under the name it has.
    pub fn add_group(catalog: &Id<Catalog>, group: &Id<Group>) -> Self {
        let resource = ResourcePart::of(OriginSystem::AadGroup, group.to_string());
        Self::about(RequestType::AdminAdd, catalog, resource)
    }

    /// Brings something into a catalog (OBJ-20): a service principal's id, a site's URL, a role definition's id.
    pub fn add(
        catalog: &Id<Catalog>,
        origin_system: OriginSystem,
        origin_id: impl Into<String>,
    ) -> ResourceRequestDraftBuilder {
        let resource = ResourcePart::of(origin_system, origin_id.into());
        Self::start(RequestType::AdminAdd, catalog, resource)
    }

    /// Changes which attributes a resource of a catalog requires (OBJ-22, OBJ-31). Name all of them: what becomes of
    /// those left out is not documented.
    ///
    /// ```
    /// use entitlement_core::catalog::Catalog;
    /// use entitlement_core::entity::Id;
    /// use entitlement_core::policy::question::TextInputQuestion;
    /// use entitlement_core::resource::{Resource, ResourceAttribute, ResourceRequestDraft};
    ///
    /// # let resource: Resource =
    /// #     serde_json::from_str(r#"{"id": "r1", "originId": "a1", "originSystem": "AadApplication"}"#)?;
    /// let catalog: Id<Catalog> = "beedadfe-01d5-4025-910b-84abb9369997".parse()?;
    /// let office = TextInputQuestion::new("Which office do you work at?").single_line().required();
    /// let office = ResourceAttribute::of_user("officeLocation", office);
    /// let request = ResourceRequestDraft::update(&catalog, &resource, [office])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a resource that was read without its origin, an attribute without a name or named twice, more
    /// of them than a catalog may hold, or an incomplete question.
    pub fn update(
        catalog: &Id<Catalog>,
        resource: &Resource,
        attributes: impl IntoIterator<Item = ResourceAttribute>,
    ) -> Result<Self, Invalid> {
        let attributes: Vec<_> = attributes.into_iter().collect();
        let mut checker = Checker::new();
        checker.field("resource", |c| {
            c.ensure(
                "originId",
                resource
                    .origin_id
                    .as_ref()
                    .is_some_and(|id| !id.trim().is_empty())
                    && resource.origin_system.is_some(),
                "OBJ-22",
                "is missing, or its system is",
                "read the resource with originId and originSystem",
            );
            attribute::check_all(&attributes, c);
        });
        checker.finish(ResourceRequest::TYPE)?;
        let resource = ResourcePart {
            origin_id: resource.origin_id.clone(),
            origin_system: resource.origin_system.clone(),
            attributes: Some(attributes),
            ..ResourcePart::default()
        };
        Ok(Self::about(RequestType::AdminUpdate, catalog, resource))
    }

    /// Takes a resource out of a catalog (OBJ-21); refused while a package grants it (OBJ-24).
    pub fn remove(catalog: &Id<Catalog>, resource: &Id<Resource>) -> Self {
        let resource = ResourcePart {
            id: Some(resource.clone()),
            ..ResourcePart::default()
        };
        Self::about(RequestType::AdminRemove, catalog, resource)
    }

    fn about(request_type: RequestType, catalog: &Id<Catalog>, resource: ResourcePart) -> Self {
        Self {
            request_type,
            catalog: catalog.into(),
            resource,
        }
    }
}

impl<S: resource_request_draft_builder::State> ResourceRequestDraftBuilder<S> {
    /// The name that people will see.
    pub fn display_name(mut self, display_name: impl Into<String>) -> Self {
        self.resource.display_name = Some(display_name.into());
        self
    }

    /// The environment, for a site that lives in another than the usual (OBJ-37).
    pub fn environment(mut self, environment: &ResourceEnvironment) -> Self {
        self.resource.environment = Some(EnvironmentPart {
            id: environment.id.clone(),
            origin_id: environment.origin_id.clone(),
            origin_system: environment.origin_system.clone(),
        });
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank id, system or name (OBJ-20), or an environment of something that is no site (OBJ-37).
    pub fn build(self) -> Result<ResourceRequestDraft, Invalid>
    where
        S: resource_request_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.field("resource", |c| draft.resource.check(c));
        checker.finish(ResourceRequest::TYPE)?;
        Ok(draft)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::question::TextInputQuestion;
    use serde_json::json;

    fn application() -> Resource {
        crate::wire::decode_value(
            json!({"id": "r1", "originId": "a1", "originSystem": "AadApplication"}),
        )
        .unwrap()
    }

    #[test]
    fn each_kind_of_request_sends_what_is_documented() {
        let catalog: Id<Catalog> = "c1".parse().unwrap();
        let sent = |draft| serde_json::to_value::<ResourceRequestDraft>(draft).unwrap();
        let environment: ResourceEnvironment =
            crate::wire::decode_value(json!({"id": "e1", "originId": "https://eu.sharepoint.com"}))
                .unwrap();
        let site = ResourceRequestDraft::add(&catalog, OriginSystem::SharePointOnline, "https://x")
            .display_name("Clients")
            .environment(&environment)
            .build()
            .unwrap();
        assert_eq!(
            sent(site),
            json!({
                "requestType": "adminAdd",
                "catalog": {"id": "c1"},
                "resource": {
                    "displayName": "Clients",
                    "originId": "https://x",
                    "originSystem": "SharePointOnline",
                    "environment": {"id": "e1", "originId": "https://eu.sharepoint.com"}
                }
            })
        );
        let question = TextInputQuestion::new("Which office?").single_line();
        let office = ResourceAttribute::of_user("officeLocation", question).not_editable();
        let update = ResourceRequestDraft::update(&catalog, &application(), [office]).unwrap();
        assert_eq!(
            sent(update),
            json!({
                "requestType": "adminUpdate",
                "catalog": {"id": "c1"},
                "resource": {
                    "originId": "a1",
                    "originSystem": "AadApplication",
                    "attributes": [{
                        "name": "officeLocation",
                        "source": {
                            "@odata.type": "#microsoft.graph.accessPackageResourceAttributeQuestion",
                            "question": {
                                "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
                                "text": "Which office?",
                                "isRequired": false,
                                "isAnswerEditable": true,
                                "isSingleLineQuestion": true
                            }
                        },
                        "destination": {
                            "@odata.type": "#microsoft.graph.accessPackageUserDirectoryAttributeStore"
                        },
                        "isEditable": false,
                        "isPersistedOnAssignmentRemoval": false
                    }]
                }
            })
        );
        assert_eq!(
            sent(ResourceRequestDraft::remove(&catalog, &application().id)),
            json!({"requestType": "adminRemove", "catalog": {"id": "c1"}, "resource": {"id": "r1"}})
        );
    }

    #[test]
    fn attributes_are_checked_together() {
        let catalog: Id<Catalog> = "c1".parse().unwrap();
        let asking =
            |name: &str, text| ResourceAttribute::of_user(name, TextInputQuestion::new(text));
        let twice = [asking("city", "Where?"), asking("city", " ")];
        let refused = ResourceRequestDraft::update(&catalog, &application(), twice).unwrap_err();
        let paths: Vec<_> = refused
            .violations()
            .iter()
            .map(crate::validate::Violation::path)
            .collect();
        assert_eq!(
            paths,
            [
                "resource.attributes[0].name",
                "resource.attributes[1].source.question.text",
                "resource.attributes[1].name"
            ]
        );
        let many = (0..21).map(|number| asking(&format!("extension_{number}"), "What?"));
        let refused = ResourceRequestDraft::update(&catalog, &application(), many).unwrap_err();
        assert_eq!(refused.violations()[0].path(), "resource.attributes");
        assert_eq!(refused.violations().len(), 1);
    }
}
