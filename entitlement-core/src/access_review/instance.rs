//! One time that a review comes round: who was asked, and what is decided.
//!
//! A [`definition`](super::definition) that recurs has an [`Instance`] for each time and each thing reviewed (REV-35);
//! in it there are the [`decision`](super::decision)s and, if there are several, the [`stage`](super::stage)s. While it
//! is open, an [`InstancePatch`] may change its reviewers.
//!
//! ```
//! use entitlement_core::access_review::instance::{Instance, InstancePatch};
//! use entitlement_core::access_review::reviewer::ReviewerScope;
//!
//! let instance: Instance = serde_json::from_str(
//!     r##"{
//!         "id": "i1",
//!         "status": "InProgress",
//!         "scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g1/transitiveMembers"}
//!     }"##,
//! )?;
//! let patch = InstancePatch::of(&instance)?.fallback_reviewer(ReviewerScope::user(&"u1".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use super::decision::DecisionItem;
use super::reviewer::{Reviewer, ReviewerScope, check_reviewers};
use super::scope::Scope;
use super::stage::Stage;
use super::status::Status;
use crate::entity::{Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;

/// One time that a review comes round
/// ([accessReviewInstance](https://learn.microsoft.com/graph/api/resources/accessreviewinstance)).
///
/// Whose access is reviewed is settled when it starts (REV-42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Instance {
    /// The instance's id; that of the definition for reviews held once (REV-36).
    pub id: Id<Instance>,
    /// When it starts.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_date_time: Option<Timestamp>,
    /// When it ends.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_date_time: Option<Timestamp>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Who reviews; if nobody is named, people review their own access.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub reviewers: Vec<ReviewerScope>,
    /// Who reviews if the reviewers cannot be found.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub fallback_reviewers: Vec<ReviewerScope>,
    /// Who was asked by mail (REV-45).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub contacted_reviewers: Expandable<Vec<Reviewer>>,
    /// What is decided.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub decisions: Expandable<Vec<DecisionItem>>,
    /// Its stages, if it has any.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub stages: Expandable<Vec<Stage>>,
}

impl Entity for Instance {
    const TYPE: &'static str = "accessReviewInstance";
    const COLLECTION: &'static str = "identityGovernance/accessReviews/definitions/instances";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Instance {}

impl Patchable for Instance {
    type Patch = InstancePatch;
}

impl DecisionItem {
    /// The instance it belongs to.
    pub fn instance_id(&self) -> Option<Id<Instance>> {
        self.access_review_id.as_deref()?.parse().ok()
    }
}

/// What changes about an instance while it runs: who reviews (REV-44;
/// [update instance](https://learn.microsoft.com/graph/api/accessreviewinstance-update)).
///
/// The service wants the scope beside it, and lets fallback reviewers only be added: the patch is made from the
/// instance as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstancePatch {
    scope: Option<Scope>,
    reviewers: Vec<ReviewerScope>,
    fallback_reviewers: Vec<ReviewerScope>,
}

impl Patch for InstancePatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        check_reviewers(&mut checker, &self.reviewers, &self.fallback_reviewers);
        checker.finish(Instance::TYPE)
    }
}

impl InstancePatch {
    /// Changes nothing yet.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if the instance is not in progress, or was read without its status or scope (REV-44).
    pub fn of(instance: &Instance) -> Result<Self, Invalid> {
        let mut checker = Checker::new();
        let status = instance.status.as_ref();
        checker.ensure(
            "status",
            status.is_some_and(Status::takes_decisions),
            "REV-44",
            status.map_or_else(|| "is missing".to_owned(), |status| format!("is {status}")),
            "change an instance while it is InProgress",
        );
        checker.ensure(
            "scope",
            instance.scope.is_some(),
            "REV-44",
            "is missing",
            "read the instance with its scope",
        );
        checker.finish(Instance::TYPE)?;
        Ok(Self {
            scope: instance.scope.clone(),
            reviewers: instance.reviewers.clone(),
            fallback_reviewers: instance.fallback_reviewers.clone(),
        })
    }

    /// Lets these review, and nobody else.
    pub fn reviewers(mut self, reviewers: impl IntoIterator<Item = ReviewerScope>) -> Self {
        self.reviewers = reviewers.into_iter().collect();
        self
    }

    /// Adds somebody who reviews if the reviewers cannot be found.
    pub fn fallback_reviewer(mut self, reviewer: ReviewerScope) -> Self {
        self.fallback_reviewers.push(reviewer);
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::Violation;
    use crate::wire;

    #[test]
    fn a_patch_carries_the_scope_and_keeps_the_fallback() {
        let scope = json!({"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g1/members"});
        let mut json = json!({
            "id": "i1", "startDateTime": "2026-01-01T09:00:00Z", "endDateTime": "2026-01-15T09:00:00Z",
            "status": "InProgress", "scope": scope,
            "reviewers": [{"query": "/v1.0/users/u1", "queryType": "MicrosoftGraph"}],
            "fallbackReviewers": [{"query": "/v1.0/users/u2", "queryType": "MicrosoftGraph"}],
            "contactedReviewers": [{"id": "u1", "displayName": "Ada"}],
            "decisions": [{"id": "d1"}], "stages": []
        });
        let instance: Instance = wire::decode_value(json.clone()).unwrap();
        assert_eq!(
            serde_json::to_value(&instance).unwrap()["status"],
            json["status"]
        );
        let patch = InstancePatch::of(&instance)
            .unwrap()
            .reviewers([ReviewerScope::user(&"u3".parse().unwrap())])
            .fallback_reviewer(ReviewerScope::user(&"u3".parse().unwrap()));
        let third = json!({"query": "/users/u3", "queryType": "MicrosoftGraph"});
        assert_eq!(
            serde_json::to_value(&patch).unwrap(),
            json!({"scope": scope, "reviewers": [third], "fallbackReviewers": [json["fallbackReviewers"][0], third]})
        );

        json["status"] = "Completed".into();
        json["scope"] = json!(null);
        let over: Instance = wire::decode_value(json).unwrap();
        let refused = InstancePatch::of(&over).unwrap_err();
        let paths: Vec<_> = refused.violations().iter().map(Violation::path).collect();
        assert_eq!(paths, ["status", "scope"]);
    }

    #[test]
    fn a_decision_knows_its_instance() {
        let item: DecisionItem = wire::decode(br#"{"id": "d1", "accessReviewId": "i1"}"#).unwrap();
        assert_eq!(item.instance_id(), "i1".parse().ok());
    }
}
