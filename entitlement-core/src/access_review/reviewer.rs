//! Who reviews.
//!
//! A [`ReviewerScope`] is a query that finds reviewers; a [`Reviewer`] is a person who was asked by mail.
//!
//! ```
//! use entitlement_core::access_review::reviewer::{ReviewerQuery, ReviewerScope};
//!
//! let manager = ReviewerScope::manager();
//! assert_eq!(
//!     serde_json::to_string(&manager)?,
//!     r#"{"query":"./manager","queryType":"MicrosoftGraph","queryRoot":"decisions"}"#
//! );
//!
//! let stored: ReviewerScope = serde_json::from_str(r#"{"query": "/v1.0/users/u1"}"#)?;
//! assert_eq!(stored.meaning(), ReviewerQuery::User("u1".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use super::scope::QueryType;
use crate::directory::{Group, User};
use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::validate::Checker;
use crate::wire::RawObject;

/// A query that finds reviewers
/// ([accessReviewReviewerScope](https://learn.microsoft.com/graph/api/resources/accessreviewreviewerscope)).
///
/// The service writes the API's version in front of queries when it reads them back; compare by
/// [`meaning`](Self::meaning).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReviewerScope {
    /// The query: `/users/{id}`, or `./manager`, which starts from whoever is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_type: Option<QueryType>,
    /// What a query beginning with `./` starts from; `decisions` for managers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_root: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// What the query of a [`ReviewerScope`] means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewerQuery {
    /// One person.
    User(Id<User>),
    /// Whoever is in a group.
    MembersOf(Id<Group>),
    /// The owners of a group.
    OwnersOf(Id<Group>),
    /// The manager of each person who is reviewed.
    Manager,
    /// The owners of each group that is reviewed.
    Owners,
    /// Something else.
    Other,
}

impl ReviewerScope {
    fn graph(query: impl Into<String>) -> Self {
        Self {
            query: Some(query.into()),
            query_type: Some(QueryType::MicrosoftGraph),
            ..Self::default()
        }
    }

    /// One person.
    pub fn user(id: &Id<User>) -> Self {
        Self::graph(format!("/users/{id}"))
    }

    /// Whoever is in a group, in groups inside it too.
    pub fn members_of(group: &Id<Group>) -> Self {
        Self::graph(format!("/groups/{group}/transitiveMembers"))
    }

    /// The owners of a group.
    pub fn owners_of(group: &Id<Group>) -> Self {
        Self::graph(format!("/groups/{group}/owners"))
    }

    /// The manager of each person who is reviewed; name fallback reviewers for those who have none (REV-6).
    pub fn manager() -> Self {
        Self {
            query_root: Some("decisions".to_owned()),
            ..Self::graph("./manager")
        }
    }

    /// The owners of each group that is reviewed.
    pub fn owners() -> Self {
        Self::graph("./owners")
    }

    /// What the query means, with or without the API's version in front.
    pub fn meaning(&self) -> ReviewerQuery {
        use ReviewerQuery as Q;
        let query = self.query.as_deref().unwrap_or("");
        let path = ["/v1.0/", "/beta/"]
            .iter()
            .find_map(|version| query.strip_prefix(version))
            .unwrap_or(query);
        let mut parts = path.trim_start_matches('/').split('/');
        let start = [parts.next(), parts.next(), parts.next(), parts.next()];
        let known = match start {
            [Some("users"), Some(id), None, _] => id.parse().map(Q::User),
            [
                Some("groups"),
                Some(id),
                Some("transitiveMembers" | "members"),
                None | Some("microsoft.graph.user"),
            ] => id.parse().map(Q::MembersOf),
            [Some("groups"), Some(id), Some("owners"), None] => id.parse().map(Q::OwnersOf),
            [Some("."), Some("manager"), None, _] => Ok(Q::Manager),
            [Some("."), Some("owners"), None, _] => Ok(Q::Owners),
            _ => Ok(Q::Other),
        };
        known.unwrap_or(Q::Other)
    }
}

/// Queries must ask something, and whoever a manager cannot be found for still needs a reviewer.
pub(super) fn check_reviewers(
    checker: &mut Checker,
    reviewers: &[ReviewerScope],
    fallback: &[ReviewerScope],
) {
    for (name, scopes) in [("reviewers", reviewers), ("fallbackReviewers", fallback)] {
        checker.each(name, scopes, |c, scope| {
            c.name("query", scope.query.as_deref().unwrap_or(""), "REV-30");
            let manager = scope.meaning() == ReviewerQuery::Manager;
            c.ensure(
                "queryRoot",
                !manager || scope.query_root.as_deref() == Some("decisions"),
                "REV-6",
                "does not say whose manager is meant",
                "use decisions",
            );
        });
    }
    let unsure = reviewers
        .iter()
        .any(|scope| scope.meaning() == ReviewerQuery::Manager);
    checker.forbid(
        "fallbackReviewers",
        unsure && fallback.is_empty(),
        "REV-6",
        "is empty although managers review, who may be missing",
        "name somebody who reviews in their place",
    );
}

/// A person who was asked by mail to review (REV-45;
/// [accessReviewReviewer](https://learn.microsoft.com/graph/api/resources/accessreviewreviewer)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Reviewer {
    /// The reviewer's id.
    pub id: Id<Reviewer>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// When the person was added as a reviewer.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
}

impl Entity for Reviewer {
    const TYPE: &'static str = "accessReviewReviewer";
    const COLLECTION: &'static str =
        "identityGovernance/accessReviews/definitions/instances/contactedReviewers";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Reviewer {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_understood_also_as_the_service_stores_it() {
        let user: Id<User> = "u1".parse().unwrap();
        let group: Id<Group> = "g1".parse().unwrap();
        for (scope, meaning) in [
            (ReviewerScope::user(&user), ReviewerQuery::User(user)),
            (
                ReviewerScope::members_of(&group),
                ReviewerQuery::MembersOf(group.clone()),
            ),
            (
                ReviewerScope::owners_of(&group),
                ReviewerQuery::OwnersOf(group),
            ),
            (ReviewerScope::manager(), ReviewerQuery::Manager),
            (ReviewerScope::owners(), ReviewerQuery::Owners),
            (
                ReviewerScope::graph("/users/u1/manager"),
                ReviewerQuery::Other,
            ),
            (ReviewerScope::graph("/users/"), ReviewerQuery::Other),
        ] {
            assert_eq!(scope.meaning(), meaning, "{scope:?}");
            let query = scope.query.unwrap();
            if query.starts_with('/') {
                let stored = ReviewerScope::graph(format!("/v1.0{query}"));
                assert_eq!(stored.meaning(), meaning, "{query}");
            }
        }
    }
}
