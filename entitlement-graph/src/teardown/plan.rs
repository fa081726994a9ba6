//! Whom and what a teardown would hit.

use std::fmt::{self, Display};

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::Catalog;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::package::AccessPackage;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::Resource;
use serde::{Deserialize, Serialize};

use crate::entitlement::Entitlement;
use crate::error::Error;

/// How much is to go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum TeardownExtent {
    /// The package, with its policies and what it grants. Its catalog stays as it is.
    #[default]
    Package,
    /// Also the resources that the package grants, where no other package of the catalog does.
    Resources,
    /// Also the catalog, with whatever else is in it but packages.
    Catalog,
}

/// Whom and what a teardown hits: read it before you run it, and keep it until it is done.
///
/// The counts are those of the moment when it was made; a run goes by what is there then. As JSON it outlives the
/// process, so that another one can run it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TeardownPlan {
    /// The package.
    pub package: Id<AccessPackage>,
    /// The package's name.
    pub name: Option<String>,
    /// How much is to go.
    pub extent: TeardownExtent,
    /// The package's catalog, if the service said which.
    pub catalog: Option<Id<Catalog>>,
    /// How many people hold the package.
    pub assignments: usize,
    /// How many have asked for it and wait.
    pub open_requests: usize,
    /// How many policies it has.
    pub policies: usize,
    /// How many roles it grants.
    pub role_scopes: usize,
    /// What of its catalog the package grants; empty if resources are to stay.
    pub resources: Vec<PlannedResource>,
    /// How many other packages are in its catalog. The catalog stays as long as there are any.
    pub other_packages: usize,
}

/// A resource that a package grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlannedResource {
    /// The resource.
    pub id: Id<Resource>,
    /// Its name.
    pub name: Option<String>,
    /// Its id in the system that it lives in.
    pub origin_id: String,
}

impl Display for TeardownPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        write!(
            f,
            "package {} ({}): {}, {}, {}, {}",
            self.name.as_deref().unwrap_or("without a name"),
            self.package,
            count(self.assignments, "assignment ends", "assignments end"),
            count(self.open_requests, "open request", "open requests"),
            count(self.policies, "policy", "policies"),
            count(self.role_scopes, "role", "roles"),
        )?;
        if self.extent != TeardownExtent::Package {
            let resources = count(self.resources.len(), "resource", "resources");
            write!(f, "; {resources} of the catalog, unless granted elsewhere")?;
        }
        if self.extent == TeardownExtent::Catalog {
            match self.other_packages {
                0 => f.write_str("; the catalog")?,
                others => {
                    let others = count(others, "other package is", "other packages are");
                    write!(f, "; the catalog only if it gets empty: {others} in it")?;
                }
            }
        }
        Ok(())
    }
}

impl Entitlement {
    /// Says what taking a package down would hit. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such package.
    pub async fn plan_teardown(
        &self,
        package: &Id<AccessPackage>,
        extent: TeardownExtent,
    ) -> Result<TeardownPlan, Error> {
        let found = self.package(package).get_whole().await?;
        let catalog = found.catalog.loaded().map(|catalog| catalog.id.clone());
        let policies = self.package(package).policies().try_collect().await?;
        let assignments = current_assignments(self, package).await?;
        let requests = open_requests(self, package).await?;
        let granted = origins(&found);
        let (mut resources, mut other_packages) = (Vec::new(), 0);
        if let Some(catalog) = catalog
            .as_ref()
            .filter(|_| extent != TeardownExtent::Package)
        {
            let mut all = self.catalog(catalog).resources().list();
            while let Some(resource) = all.next().await? {
                let origin = resource.origin_id.unwrap_or_default();
                if granted.iter().any(|one| one.eq_ignore_ascii_case(&origin)) {
                    resources.push(PlannedResource {
                        id: resource.id,
                        name: resource.display_name,
                        origin_id: origin,
                    });
                }
            }
            let packages = packages_of(self, catalog).await?;
            other_packages = packages.iter().filter(|one| one.id != *package).count();
        }
        Ok(TeardownPlan {
            package: package.clone(),
            name: found.display_name,
            extent,
            catalog,
            assignments: assignments.len(),
            open_requests: requests.len(),
            policies: policies.len(),
            role_scopes: found.resource_role_scopes.items().len(),
            resources,
            other_packages,
        })
    }
}

/// In which objects of their systems a package grants roles: the scope has the id of the resource (1.4).
pub(super) fn origins(package: &AccessPackage) -> Vec<String> {
    let granted = package.resource_role_scopes.items().iter();
    granted
        .filter_map(|granted| granted.scope.loaded()?.origin_id.clone())
        .collect()
}

/// The packages of a catalog, with what they grant.
pub(super) async fn packages_of(
    entitlement: &Entitlement,
    catalog: &Id<Catalog>,
) -> Result<Vec<AccessPackage>, Error> {
    let granted = Expand::new("resourceRoleScopes")
        .expand("role")
        .expand("scope");
    let query = Query::new()
        .filter(Filter::field("catalog/id").eq(catalog))
        .expand("catalog")
        .expand(granted);
    let mut all = entitlement
        .packages()
        .list_with(query)
        .try_collect()
        .await?;
    all.retain(|one| one.catalog.loaded().is_some_and(|home| home.id == *catalog));
    Ok(all)
}

/// The assignments that keep a package from being removed, each with whoever holds it.
pub(super) async fn current_assignments(
    entitlement: &Entitlement,
    package: &Id<AccessPackage>,
) -> Result<Vec<Assignment>, Error> {
    let query = Query::new()
        .filter(Filter::field("accessPackage/id").eq(package))
        .expand("target")
        .expand("accessPackage");
    let mut all = entitlement.assignments().list_with(query);
    let mut current = Vec::new();
    while let Some(assignment) = all.next().await? {
        // What a filter lets through is not trusted: other people's access is at stake.
        let own = assignment.access_package.loaded();
        let is_own = own.is_some_and(|own| own.id == *package);
        if is_own
            && assignment
                .state
                .as_ref()
                .is_some_and(AssignmentState::is_current)
        {
            current.push(assignment);
        }
    }
    Ok(current)
}

/// The requests for a package that may still lead to an assignment.
pub(super) async fn open_requests(
    entitlement: &Entitlement,
    package: &Id<AccessPackage>,
) -> Result<Vec<AssignmentRequest>, Error> {
    use RequestType::{AdminRemove, SystemRemove, UserRemove};
    let query = Query::new()
        .filter(Filter::field("accessPackage/id").eq(package))
        .expand("accessPackage");
    let mut all = entitlement.requests().list_with(query);
    let mut open = Vec::new();
    while let Some(request) = all.next().await? {
        let own = request.access_package.loaded();
        let is_own = own.is_some_and(|own| own.id == *package);
        let ends = matches!(
            request.request_type,
            Some(AdminRemove | SystemRemove | UserRemove)
        );
        let is_over = request.state.as_ref().is_some_and(RequestState::is_final);
        if is_own && !ends && !is_over {
            open.push(request);
        }
    }
    Ok(open)
}
