//! What can be done with one catalog and the resources in it.

use bytes::Bytes;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::AccessPackage;
use entitlement_core::query::QueryOf;
use entitlement_core::resource::{Resource, ResourceRole, ResourceScope, UploadSession};
use http::HeaderValue;

use crate::collection::Collection;
use crate::error::Error;
use crate::paging::Pager;
use crate::place::Place;
use crate::request::Call;
use crate::transport::Replay;

/// One catalog. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct CatalogHandle(Place);

impl CatalogHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// The packages in it.
    pub fn packages(&self) -> Collection<AccessPackage> {
        self.0.collection("accessPackages")
    }

    /// The resources in it; expand `roles` and `scopes` for what they offer.
    pub fn resources(&self) -> Collection<Resource> {
        self.0.collection("resources")
    }

    /// The resources in it, with their roles and scopes.
    pub fn resources_with_roles(&self) -> Pager<Resource> {
        let query = QueryOf::new()
            .expand(Resource::ROLES)
            .expand(Resource::SCOPES);
        self.resources().list_with(query)
    }

    /// One resource in it.
    pub fn resource(&self, id: &Id<Resource>) -> ResourceHandle {
        ResourceHandle(self.0.item("resources", id))
    }

    /// The roles of its resources; the service wants a filter by `originSystem` and `resource/id`.
    pub fn resource_roles(&self) -> Collection<ResourceRole> {
        self.0.collection("resourceRoles")
    }

    /// What one can be in one of its resources, each with the resource
    /// ([list resourceRoles](https://learn.microsoft.com/graph/api/accesspackagecatalog-list-resourceroles)).
    ///
    /// Roles of applications are all here, when the resource's own `roles` are still empty (P4).
    pub fn roles_of(&self, resource: &Resource) -> Pager<ResourceRole> {
        let of_it = ResourceRole::RESOURCE.to(Resource::ID).eq(&resource.id);
        let condition = match &resource.origin_system {
            Some(system) => ResourceRole::ORIGIN_SYSTEM.eq(system.clone()).and(of_it),
            None => of_it,
        };
        let query = QueryOf::new()
            .filter(condition)
            .expand(ResourceRole::RESOURCE);
        self.resource_roles().list_with(query)
    }

    /// The scopes of its resources.
    pub fn resource_scopes(&self) -> Collection<ResourceScope> {
        self.0.collection("resourceScopes")
    }

    /// The systems that policies of its packages can have called.
    pub fn custom_extensions(&self) -> Collection<CustomExtension> {
        self.0.collection("customWorkflowExtensions")
    }
}

/// One resource. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ResourceHandle(Place);

impl ResourceHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it with its roles, scopes and environment.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<Resource, Error> {
        let query = QueryOf::new()
            .expand(Resource::ROLES)
            .expand(Resource::SCOPES)
            .expand(Resource::ENVIRONMENT);
        self.0.get(Query::from(query)).await
    }

    /// What one can be there.
    pub fn roles(&self) -> Collection<ResourceRole> {
        self.0.collection("roles")
    }

    /// Where one can be it.
    pub fn scopes(&self) -> Collection<ResourceScope> {
        self.0.collection("scopes")
    }

    /// Reads name, description and roles anew from where the resource lives
    /// ([refresh](https://learn.microsoft.com/graph/api/accesspackageresource-refresh), P27).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none; [`Error::is_permission`] unless the caller manages its catalog.
    pub async fn refresh(&self) -> Result<(), Error> {
        self.0.act("refresh", Replay::Safe).await
    }

    /// Uploads of access data, for resources that the service cannot ask itself.
    pub fn upload_sessions(&self) -> Collection<UploadSession> {
        self.0.collection("uploadSessions")
    }

    /// One upload.
    pub fn upload_session(&self, id: &Id<UploadSession>) -> UploadSessionHandle {
        UploadSessionHandle(self.0.item("uploadSessions", id))
    }
}

/// One upload of access data. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct UploadSessionHandle(Place);

impl UploadSessionHandle {
    /// Sends a file, as what `content_type` says, and returns how far the upload is then.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] if the service refuses the file; [`Error::is_not_found`] if there is no such upload. After
    /// [`Error::Transport`] it may have arrived all the same.
    pub async fn upload_file(
        &self,
        content_type: HeaderValue,
        file: impl Into<Bytes>,
    ) -> Result<UploadSession, Error> {
        let call = Call::post(self.0.path_to("uploadFile")).bytes(content_type, file);
        self.0.client().fetch(call).await
    }
}

/// One environment of resources. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct EnvironmentHandle(Place);

impl EnvironmentHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// The resources that live there.
    pub fn resources(&self) -> Collection<Resource> {
        self.0.collection("resources")
    }
}
