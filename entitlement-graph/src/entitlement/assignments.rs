//! What can be done with assignments.

use entitlement_core::assignment::Assignment;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::AccessPackage;
use entitlement_core::query::QueryOf;

use crate::collection::Collection;
use crate::error::Error;
use crate::paging::Pager;
use crate::place::Place;
use crate::request::Call;
use crate::transport::Replay;

/// One assignment. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct AssignmentHandle(Place);

impl AssignmentHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it with its package, its policy and whoever holds it (P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<Assignment, Error> {
        let query = QueryOf::new()
            .expand(Assignment::ACCESS_PACKAGE)
            .expand(Assignment::ASSIGNMENT_POLICY)
            .expand(Assignment::TARGET);
        self.0.get(Query::from(query)).await
    }

    /// Gives again what the person should have and lost outside of entitlement management
    /// ([reprocess](https://learn.microsoft.com/graph/api/accesspackageassignment-reprocess), REQ-53).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] with status 400 unless the assignment is delivered.
    pub async fn reprocess(&self) -> Result<(), Error> {
        self.0.act("reprocess", Replay::Safe).await
    }
}

/// Which people are meant who hold packages that are incompatible with each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdditionalAccess {
    package: Option<Id<AccessPackage>>,
    incompatible: Option<Id<AccessPackage>>,
}

impl AdditionalAccess {
    /// Whoever holds any two incompatible packages.
    pub fn any() -> Self {
        Self::default()
    }

    /// Whoever holds this package, and any that is incompatible with it.
    pub fn to(package: &Id<AccessPackage>) -> Self {
        Self {
            package: Some(package.clone()),
            incompatible: None,
        }
    }

    /// Whoever holds this package, and that one.
    #[must_use]
    pub fn despite(self, incompatible: &Id<AccessPackage>) -> Self {
        Self {
            incompatible: Some(incompatible.clone()),
            ..self
        }
    }
}

impl Collection<Assignment> {
    /// Assignments of people who hold incompatible packages
    /// ([additionalAccess](https://learn.microsoft.com/graph/api/accesspackageassignment-additionalaccess)).
    ///
    /// The pager refuses with [`Error::Refused`] if both packages are the same.
    pub fn additional_access(&self, access: &AdditionalAccess) -> Pager<Assignment> {
        self.additional_access_with(access, Query::new())
    }

    /// The same with query options.
    pub fn additional_access_with(
        &self,
        access: &AdditionalAccess,
        query: impl Into<QueryOf<Assignment>>,
    ) -> Pager<Assignment> {
        let package = access.package.as_ref().map(ToString::to_string);
        let incompatible = access.incompatible.as_ref().map(ToString::to_string);
        let arguments: Vec<_> = [
            ("accessPackageId", &package),
            ("incompatibleAccessPackageId", &incompatible),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect();
        let path = self.path().function("additionalAccess", &arguments);
        let reason = match access {
            AdditionalAccess {
                package: None,
                incompatible: Some(_),
            } => "it is not said which package the other one is incompatible with",
            AdditionalAccess {
                package: Some(one),
                incompatible: Some(other),
            } if one == other => "a package is never incompatible with itself",
            _ => return self.pages(path, query.into().into()),
        };
        let operation = Call::get(path).operation();
        Pager::refused(self.client().clone(), operation, reason.to_owned())
    }
}
