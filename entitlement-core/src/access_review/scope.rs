//! What is reviewed: queries that select whose access, and access to what.
//!
//! A [`Scope`] belongs to a [`definition`](super::definition), and with its values filled in to each
//! [`instance`](super::instance); who reviews is said by another kind of query, the
//! [`ReviewerScope`](super::reviewer::ReviewerScope).
//!
//! ```
//! use entitlement_core::access_review::scope::Scope;
//! use entitlement_core::directory::Group;
//! use entitlement_core::entity::Id;
//!
//! let group: Id<Group> = "02f3bafb-448c-487c-88c2-5fd65ce49a41".parse()?;
//! assert!(Scope::guest_members_of(&group).is_about_guests());
//! assert!(!Scope::members_of(&group).is_about_guests());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::Group;
use crate::entity::Id;
use crate::odata::Literal;
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::time::IsoDuration;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

open_enum! {
    /// Who answers a query (`queryType`).
    QueryType = "accessReviewQueryType" {
        /// Microsoft Graph.
        MicrosoftGraph = "MicrosoftGraph",
        /// Azure Resource Manager.
        Arm = "ARM",
    }
}

union! {
    /// What is reviewed ([accessReviewScope](https://learn.microsoft.com/graph/api/resources/accessreviewscope)).
    Scope = "accessReviewScope" {
        /// Whatever a query finds.
        Query(QueryScope) = "#microsoft.graph.accessReviewQueryScope",
        /// Whoever a query finds and has not signed in for a while.
        InactiveUsers(InactiveUsersQueryScope) = "#microsoft.graph.accessReviewInactiveUsersQueryScope",
        /// The access that some have to some things.
        PrincipalResourceMemberships(PrincipalResourceMembershipsScope) = "#microsoft.graph.principalResourceMembershipsScope",
    } else {
        /// A scope of which no kind is said; the service takes none such.
        Plain(RawObject),
    }
}

/// Whatever a query finds
/// ([accessReviewQueryScope](https://learn.microsoft.com/graph/api/resources/accessreviewqueryscope)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct QueryScope {
    /// The query: `/groups/{id}/transitiveMembers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_type: Option<QueryType>,
    /// What a query beginning with `./` starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_root: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Whoever a query finds and has not signed in for a while
/// ([accessReviewInactiveUsersQueryScope](https://learn.microsoft.com/graph/api/resources/accessreviewinactiveusersqueryscope)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InactiveUsersQueryScope {
    /// The query: `/groups/{id}/transitiveMembers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_type: Option<QueryType>,
    /// What a query beginning with `./` starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_root: Option<String>,
    /// For how long at least they have not signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inactive_duration: Option<IsoDuration>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// The access that some have to some things
/// ([principalResourceMembershipsScope](https://learn.microsoft.com/graph/api/resources/principalresourcemembershipsscope)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PrincipalResourceMembershipsScope {
    /// Whose access.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub principal_scopes: Vec<Scope>,
    /// Access to what.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub resource_scopes: Vec<Scope>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Scope {
    /// Whatever a query to Microsoft Graph finds; what begins with `./` starts from each instance's own object.
    pub fn query(query: impl Into<String>) -> Self {
        Self::Query(QueryScope {
            query: Some(query.into()),
            query_type: Some(QueryType::MicrosoftGraph),
            ..QueryScope::default()
        })
    }

    /// Whoever such a query finds and has not signed in for `inactive`, in days.
    pub fn inactive_users(query: impl Into<String>, inactive: IsoDuration) -> Self {
        Self::InactiveUsers(InactiveUsersQueryScope {
            query: Some(query.into()),
            query_type: Some(QueryType::MicrosoftGraph),
            inactive_duration: Some(inactive),
            ..InactiveUsersQueryScope::default()
        })
    }

    /// Everybody in a group, in groups inside it too.
    pub fn members_of(group: &Id<Group>) -> Self {
        Self::query(format!("/groups/{group}/transitiveMembers"))
    }

    /// The guests in a group, in groups inside it too.
    pub fn guest_members_of(group: &Id<Group>) -> Self {
        Self::query(format!(
            "/groups/{group}/transitiveMembers/microsoft.graph.user/?$count=true&$filter=(userType eq 'Guest')"
        ))
    }

    /// The assignments of an access package under one of its policies, as the service itself writes it (REV-13).
    /// Such reviews are made by the policy's review settings, not as definitions of their own (REV-1).
    pub fn assignments_of(package: &Id<AccessPackage>, policy: &Id<AssignmentPolicy>) -> Self {
        let (package, policy) = (Literal::from(package), Literal::from(policy));
        Self::query(format!(
            "/identityGovernance/entitlementManagement/assignments\
             ?$filter=accessPackage/id eq {package} and assignmentPolicy/id eq {policy}"
        ))
    }

    /// The access that `principals` have to `resources`.
    pub fn memberships(
        principals: impl IntoIterator<Item = Self>,
        resources: impl IntoIterator<Item = Self>,
    ) -> Self {
        Self::PrincipalResourceMemberships(PrincipalResourceMembershipsScope {
            principal_scopes: principals.into_iter().collect(),
            resource_scopes: resources.into_iter().collect(),
            ..PrincipalResourceMembershipsScope::default()
        })
    }

    /// The query, if the scope is one.
    pub fn as_query(&self) -> Option<&str> {
        match self {
            Self::Query(scope) => scope.query.as_deref(),
            Self::InactiveUsers(scope) => scope.query.as_deref(),
            Self::PrincipalResourceMemberships(_) | Self::Plain(_) | Self::Unknown(_) => None,
        }
    }

    /// Whether only guests are meant, as far as the filters say.
    pub fn is_about_guests(&self) -> bool {
        if let Self::PrincipalResourceMemberships(scope) = self {
            let principals = &scope.principal_scopes;
            return !principals.is_empty() && principals.iter().all(Self::is_about_guests);
        }
        self.as_query().is_some_and(|query| {
            let query = query.to_ascii_lowercase().replace("%20", " ");
            query.replace('+', " ").contains("usertype eq 'guest'")
        })
    }

    /// A query must ask something, and people are inactive for a number of days.
    pub(super) fn check(&self, checker: &mut Checker) {
        let query = match self {
            Self::Query(scope) => &scope.query,
            Self::InactiveUsers(scope) => {
                let days = scope
                    .inactive_duration
                    .and_then(|duration| duration.whole_days());
                checker.ensure(
                    "inactiveDuration",
                    days.is_some_and(|days| days > 0),
                    "REV-30",
                    "is not a number of days",
                    "use whole days, such as P30D",
                );
                &scope.query
            }
            Self::PrincipalResourceMemberships(scope) => {
                for (name, scopes) in [
                    ("principalScopes", &scope.principal_scopes),
                    ("resourceScopes", &scope.resource_scopes),
                ] {
                    checker.forbid(
                        name,
                        scopes.is_empty(),
                        "REV-30",
                        "is empty",
                        "name at least one scope",
                    );
                    checker.each(name, scopes, |c, scope| scope.check(c));
                }
                return;
            }
            Self::Plain(_) => {
                checker.refuse("REV-30", "says no kind", "use a query or memberships");
                return;
            }
            Self::Unknown(_) => return,
        };
        checker.name("query", query.as_deref().unwrap_or(""), "REV-30");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire;

    #[test]
    fn scopes_nest_and_kinds_from_the_future_are_kept() {
        let json = json!({
            "@odata.type": "#microsoft.graph.principalResourceMembershipsScope",
            "principalScopes": [
                {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/users", "queryType": "MicrosoftGraph"},
                {"@odata.type": "#microsoft.graph.agentScope", "kind": "all"},
                {}
            ],
            "resourceScopes": [{
                "@odata.type": "#microsoft.graph.accessReviewInactiveUsersQueryScope",
                "query": "./members", "queryType": "ARM", "inactiveDuration": "P30D", "colour": "green"
            }]
        });
        let scope: Scope = wire::decode_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&scope).unwrap(), json);

        let broken =
            json!([{"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": 7}]);
        let error = wire::decode_value::<Vec<Scope>>(broken).unwrap_err();
        assert_eq!(error.path(), "[0]");
        assert!(error.problem().contains("query"), "{error}");
    }

    #[test]
    fn guests_are_recognised_however_the_filter_is_written() {
        for (query, guests) in [
            (
                "./members/microsoft.graph.user/?$filter=(userType eq 'Guest')",
                true,
            ),
            ("/users?$filter=userType%20eq%20'guest'", true),
            ("/users?$filter=(userType+eq+'Guest')", true),
            ("/users", false),
            ("/users?$filter=userType eq 'Member'", false),
        ] {
            let scope = Scope::query(query);
            assert_eq!(scope.is_about_guests(), guests, "{query}");
            let nested = Scope::memberships([scope], [Scope::query("/servicePrincipals/s1")]);
            assert_eq!(nested.is_about_guests(), guests, "{query}");
        }
    }
}
