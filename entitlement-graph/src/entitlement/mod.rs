//! Entitlement management: `client.entitlement()`.
//!
//! [`Entitlement`] opens the collections and, with an id, single entities for what can be done with them. Methods named
//! `get_whole` ask for the links that the entity is of little use without.
//!
//! ```
//! # use entitlement_core::assignment_request::AssignmentRequestDraft;
//! # use entitlement_graph::GraphClient;
//! # use entitlement_graph::entitlement::PackagesOn;
//! # async fn example(me: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let offered = me.entitlement().packages().filter_by_current_user(PackagesOn::AllowedRequestor).try_collect().await?;
//! for package in &offered {
//!     let requirements = me.entitlement().package(&package.id).applicable_policy_requirements().await?;
//!     println!("{:?}: {} ways to ask", package.display_name, requirements.len());
//! }
//! # Ok(())
//! # }
//! ```

mod assignments;
mod catalogs;
mod current_user;
mod organizations;
mod packages;
mod requests;
mod settings;

use entitlement_core::approval::Approval;
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::available_package::AvailableAccessPackage;
use entitlement_core::catalog::Catalog;
use entitlement_core::connected_organization::ConnectedOrganization;
use entitlement_core::control_configuration::{ControlConfiguration, EndUserSettings};
use entitlement_core::directory::User;
use entitlement_core::entity::{Entity, Id};
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::resource::{Resource, ResourceEnvironment, ResourceRequest, RoleScope};
use entitlement_core::subject::Subject;
use entitlement_core::suggestion::Suggestion;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::paging::Pager;
use crate::place::Place;
use crate::request::{Call, ResourcePath};

pub use assignments::{AdditionalAccess, AssignmentHandle};
pub use catalogs::{CatalogHandle, EnvironmentHandle, ResourceHandle, UploadSessionHandle};
pub use current_user::{ApprovalsOn, AssignmentsOn, PackagesOn, RequestsOn, SuggestionsOn};
pub use organizations::{ConnectedOrganizationHandle, SubjectHandle};
pub use packages::{PackageHandle, PolicyHandle};
pub use requests::{ApprovalHandle, RequestHandle};
pub use settings::{EndUserSettingsHandle, SettingsHandle};

impl GraphClient {
    /// Entitlement management.
    pub fn entitlement(&self) -> Entitlement {
        Entitlement {
            client: self.clone(),
        }
    }
}

/// The root of entitlement management (`identityGovernance/entitlementManagement`).
#[derive(Debug, Clone)]
pub struct Entitlement {
    client: GraphClient,
}

impl Entitlement {
    pub(crate) fn client(&self) -> &GraphClient {
        &self.client
    }

    fn collection<E: Entity>(&self) -> Collection<E> {
        Collection::new(self.client.clone())
    }

    fn place<E: Entity>(&self, id: &Id<E>) -> Place {
        Place::new(&self.client, id)
    }

    /// All catalogs.
    pub fn catalogs(&self) -> Collection<Catalog> {
        self.collection()
    }

    /// One catalog, for what is in it.
    pub fn catalog(&self, id: &Id<Catalog>) -> CatalogHandle {
        CatalogHandle::new(self.place(id))
    }

    /// The resources of all catalogs.
    pub fn resources(&self) -> Collection<Resource> {
        self.collection()
    }

    /// One resource, for its roles and scopes.
    pub fn resource(&self, id: &Id<Resource>) -> ResourceHandle {
        ResourceHandle::new(self.place(id))
    }

    /// Requests to bring resources into catalogs, or take them out.
    pub fn resource_requests(&self) -> Collection<ResourceRequest> {
        self.collection()
    }

    /// Where resources live; the service lists them by `originSystem` only, which so far is `SharePointOnline`.
    pub fn resource_environments(&self) -> Collection<ResourceEnvironment> {
        self.collection()
    }

    /// One environment, for what is in it.
    pub fn resource_environment(&self, id: &Id<ResourceEnvironment>) -> EnvironmentHandle {
        EnvironmentHandle::new(self.place(id))
    }

    /// What packages grant; of one package, see [`PackageHandle::role_scopes`].
    pub fn resource_role_scopes(&self) -> Collection<RoleScope> {
        self.collection()
    }

    /// All access packages.
    pub fn packages(&self) -> Collection<AccessPackage> {
        self.collection()
    }

    /// One access package, for what it grants and asks.
    pub fn package(&self, id: &Id<AccessPackage>) -> PackageHandle {
        PackageHandle::new(self.place(id), id)
    }

    /// The packages that the person who is signed in can see in My Access.
    pub fn available_packages(&self) -> Collection<AvailableAccessPackage> {
        self.collection()
    }

    /// Packages that the service suggests to the person who is signed in.
    pub fn suggestions(&self) -> Collection<Suggestion> {
        self.collection()
    }

    /// All assignment policies.
    pub fn policies(&self) -> Collection<AssignmentPolicy> {
        self.collection()
    }

    /// One policy, to be read as a whole.
    pub fn policy(&self, id: &Id<AssignmentPolicy>) -> PolicyHandle {
        PolicyHandle::new(self.place(id))
    }

    /// All requests for access; a new one is submitted with [`create`](Collection::create).
    pub fn requests(&self) -> Collection<AssignmentRequest> {
        self.collection()
    }

    /// One request, for what can be done with it.
    pub fn request(&self, id: &Id<AssignmentRequest>) -> RequestHandle {
        RequestHandle::new(self.place(id), id)
    }

    /// All assignments, the ended ones included.
    pub fn assignments(&self) -> Collection<Assignment> {
        self.collection()
    }

    /// One assignment, for what can be done with it.
    pub fn assignment(&self, id: &Id<Assignment>) -> AssignmentHandle {
        AssignmentHandle::new(self.place(id))
    }

    /// Approvals of requests; they are listed by
    /// [`filter_by_current_user`](Collection::filter_by_current_user) only.
    pub fn approvals(&self) -> Collection<Approval> {
        self.collection()
    }

    /// One approval, for deciding it.
    pub fn approval(&self, id: &Id<Approval>) -> ApprovalHandle {
        ApprovalHandle::new(self.place(id))
    }

    /// Whoever asked or was assigned, as entitlement management knows them.
    pub fn subjects(&self) -> Collection<Subject> {
        self.collection()
    }

    /// One person as entitlement management knows them, by the directory's id.
    pub fn subject_of(&self, person: &Id<User>) -> SubjectHandle {
        SubjectHandle::new(self.client.clone(), person)
    }

    /// The partner organisations.
    pub fn connected_organizations(&self) -> Collection<ConnectedOrganization> {
        self.collection()
    }

    /// One partner organisation, for its sponsors.
    pub fn connected_organization(
        &self,
        id: &Id<ConnectedOrganization>,
    ) -> ConnectedOrganizationHandle {
        ConnectedOrganizationHandle::new(self.place(id))
    }

    /// What holds in the whole tenant.
    pub fn settings(&self) -> SettingsHandle {
        SettingsHandle::new(self.client.clone())
    }

    /// What people see while they look for packages and wait.
    pub fn end_user_settings(&self) -> EndUserSettingsHandle {
        EndUserSettingsHandle::new(self.client.clone())
    }

    /// Everything that can be switched for people in My Access, what this version does not know included.
    pub fn control_configurations(&self) -> Pager<ControlConfiguration> {
        let path = ResourcePath::new(EndUserSettings::COLLECTION);
        Pager::new(self.client.clone(), Call::get(path))
    }
}
