//! Entitlement management: `client.entitlement()`.
//!
//! [`Entitlement`] opens the collections and, with an id, single entities for what can be done with them.
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

mod current_user;
mod requests;

use entitlement_core::approval::Approval;
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::Catalog;
use entitlement_core::entity::{Entity, Id};
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::resource::{Resource, ResourceRequest, ResourceRole, RoleScope};
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::paging::Pager;
use crate::request::{Call, ResourcePath};
use crate::transport::Replay;

pub use current_user::{ApprovalsOn, AssignmentsOn, CurrentUserView, PackagesOn, RequestsOn};
pub use requests::{ApprovalHandle, AssignmentHandle, RequestHandle};

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
    fn collection<E: Entity>(&self) -> Collection<E> {
        Collection::new(self.client.clone())
    }

    /// All catalogs.
    pub fn catalogs(&self) -> Collection<Catalog> {
        self.collection()
    }

    /// One catalog, for what is in it.
    pub fn catalog(&self, id: &Id<Catalog>) -> CatalogHandle {
        CatalogHandle {
            client: self.client.clone(),
            path: ResourcePath::new(Catalog::COLLECTION).id(id),
        }
    }

    /// Requests to bring resources into catalogs, or take them out.
    pub fn resource_requests(&self) -> Collection<ResourceRequest> {
        self.collection()
    }

    /// All access packages.
    pub fn packages(&self) -> Collection<AccessPackage> {
        self.collection()
    }

    /// One access package, for what it grants and asks.
    pub fn package(&self, id: &Id<AccessPackage>) -> PackageHandle {
        PackageHandle {
            client: self.client.clone(),
            path: ResourcePath::new(AccessPackage::COLLECTION).id(id),
        }
    }

    /// All assignment policies.
    pub fn policies(&self) -> Collection<AssignmentPolicy> {
        self.collection()
    }

    /// All requests for access.
    pub fn requests(&self) -> Collection<AssignmentRequest> {
        self.collection()
    }

    /// One request, for what can be done with it.
    pub fn request(&self, id: &Id<AssignmentRequest>) -> RequestHandle {
        RequestHandle::new(self.client.clone(), id)
    }

    /// All assignments, the ended ones included.
    pub fn assignments(&self) -> Collection<Assignment> {
        self.collection()
    }

    /// One assignment, for what can be done with it.
    pub fn assignment(&self, id: &Id<Assignment>) -> AssignmentHandle {
        AssignmentHandle::new(self.client.clone(), id)
    }

    /// Approvals of requests; they are listed by
    /// [`filter_by_current_user`](Collection::filter_by_current_user) only.
    pub fn approvals(&self) -> Collection<Approval> {
        self.collection()
    }

    /// One approval, for deciding it.
    pub fn approval(&self, id: &Id<Approval>) -> ApprovalHandle {
        ApprovalHandle::new(self.client.clone(), id)
    }
}

/// One catalog. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct CatalogHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl CatalogHandle {
    /// The resources in it; expand `roles` and `scopes` for what they offer.
    pub fn resources(&self) -> Collection<Resource> {
        Collection::at(self.client.clone(), self.path.clone().segment("resources"))
    }

    /// The roles of its resources; the service wants a filter by `originSystem` and `resource/id`.
    pub fn resource_roles(&self) -> Collection<ResourceRole> {
        Collection::at(
            self.client.clone(),
            self.path.clone().segment("resourceRoles"),
        )
    }
}

/// One access package. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct PackageHandle {
    client: GraphClient,
    path: ResourcePath,
}

impl PackageHandle {
    /// What it grants; to read it, get the package with `resourceRoleScopes($expand=role,scope)`.
    pub fn role_scopes(&self) -> Collection<RoleScope> {
        Collection::at(
            self.client.clone(),
            self.path.clone().segment("resourceRoleScopes"),
        )
    }

    /// What the person who is signed in has to fulfil to ask for it, one entry a policy that applies to them; none
    /// applies if the list is empty
    /// ([getApplicablePolicyRequirements](https://learn.microsoft.com/graph/api/accesspackage-getapplicablepolicyrequirements), PRI-3).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] for an application; [`Error::is_not_found`] if there is no such package.
    pub async fn applicable_policy_requirements(&self) -> Result<Vec<PolicyRequirements>, Error> {
        // An action by its form, a question by its nature.
        let call = Call::post(self.path.clone().segment("getApplicablePolicyRequirements"))
            .replay(Replay::Safe);
        Pager::new(self.client.clone(), call).try_collect().await
    }
}

impl<E: CurrentUserView + DeserializeOwned> Collection<E> {
    /// Those that concern the person who is signed in; not for applications.
    pub fn filter_by_current_user(&self, on: E::On) -> Pager<E> {
        self.filter_by_current_user_with(on, entitlement_core::odata::Query::new())
    }

    /// The same with query options.
    pub fn filter_by_current_user_with(
        &self,
        on: E::On,
        query: entitlement_core::odata::Query,
    ) -> Pager<E> {
        let path = self
            .path()
            .function("filterByCurrentUser", &[("on", E::option(on))]);
        Pager::new(self.client().clone(), Call::get(path).query(query))
    }
}
