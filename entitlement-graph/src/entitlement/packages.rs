//! What can be done with one access package, one policy.

use entitlement_core::directory::Group;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::query::QueryOf;
use entitlement_core::resource::RoleScope;

use crate::collection::Collection;
use crate::edit::Whole;
use crate::error::Error;
use crate::links::Links;
use crate::paging::Pager;
use crate::place::Place;
use crate::request::Call;
use crate::transport::Replay;

/// One access package. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct PackageHandle {
    place: Place,
    id: Id<AccessPackage>,
}

impl PackageHandle {
    pub(super) fn new(place: Place, id: &Id<AccessPackage>) -> Self {
        Self {
            place,
            id: id.clone(),
        }
    }

    /// Reads it with its catalog and what it grants, roles and scopes included
    /// ([list resourceRoleScopes](https://learn.microsoft.com/graph/api/accesspackage-list-resourcerolescopes), P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<AccessPackage, Error> {
        let grants = AccessPackage::RESOURCE_ROLE_SCOPES
            .expand(RoleScope::ROLE)
            .expand(RoleScope::SCOPE);
        let query = QueryOf::new().expand(AccessPackage::CATALOG).expand(grants);
        self.place.get(Query::from(query)).await
    }

    /// What it grants, to be added to and taken from; to read it, use [`get_whole`](Self::get_whole).
    pub fn role_scopes(&self) -> Collection<RoleScope> {
        self.place.collection("resourceRoleScopes")
    }

    /// Its policies.
    pub fn policies(&self) -> Pager<AssignmentPolicy> {
        let package = AssignmentPolicy::ACCESS_PACKAGE.to(AccessPackage::ID);
        Collection::new(self.place.client().clone())
            .list_with(QueryOf::new().filter(package.eq(&self.id)))
    }

    /// The packages whose holders may not ask for this one
    /// ([separation of duties](https://learn.microsoft.com/graph/api/accesspackage-post-incompatibleaccesspackage)).
    pub fn incompatible_packages(&self) -> Links<AccessPackage> {
        self.place.links("incompatibleAccessPackages")
    }

    /// The groups whose members may not ask for it
    /// ([separation of duties](https://learn.microsoft.com/graph/api/accesspackage-post-incompatiblegroup)).
    pub fn incompatible_groups(&self) -> Links<Group> {
        self.place.links("incompatibleGroups")
    }

    /// The packages that its holders may not ask for: those that name this one as incompatible. To change that, change
    /// [`incompatible_packages`](Self::incompatible_packages) of the other
    /// ([list](https://learn.microsoft.com/graph/api/accesspackage-list-accesspackagesincompatiblewith), P38).
    pub fn incompatible_with(&self) -> Pager<AccessPackage> {
        self.place
            .collection("accessPackagesIncompatibleWith")
            .list()
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
        let path = self.place.path_to("getApplicablePolicyRequirements");
        let call = Call::post(path).replay(Replay::Safe);
        Pager::new(self.place.client().clone(), call)
            .try_collect()
            .await
    }
}

/// One policy. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct PolicyHandle(Place);

impl PolicyHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it with its package, its questions, and the extensions it has called: all that has to be there when it is
    /// written back ([get](https://learn.microsoft.com/graph/api/accesspackageassignmentpolicy-get), P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<AssignmentPolicy, Error> {
        self.0.get(AssignmentPolicy::query()).await
    }
}
