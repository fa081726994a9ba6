//! What the service noticed about somebody's access, as a hint for whoever reviews it.
//!
//! Insights come with a decision for `$expand=insights`; [`InsightSetting`] says which ones reviews shall gather.
//!
//! ```
//! use entitlement_core::access_review::insight::Insight;
//!
//! let insight: Insight = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.userSignInInsight", "id": "i1", "lastSignInDateTime": "2026-01-02T08:00:00Z"}"##,
//! )?;
//! assert!(matches!(insight, Insight::UserSignIn(seen) if seen.last_sign_in_date_time.is_some()));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::{DirectoryObject, User};
use crate::entity::Id;
use crate::time::{IsoDuration, Timestamp};
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;
use crate::wire::{Expandable, RawObject};

union! {
    /// Something the service noticed ([governanceInsight](https://learn.microsoft.com/graph/api/resources/governanceinsight)).
    Insight = "governanceInsight" {
        /// Somebody is unlike the others in a group.
        MembershipOutlier(Box<MembershipOutlierInsight>) = "#microsoft.graph.membershipOutlierInsight",
        /// When somebody last signed in.
        UserSignIn(UserSignInInsight) = "#microsoft.graph.userSignInInsight",
    }
}

open_enum! {
    /// What an outlier is in (`outlierContainerType`).
    OutlierContainerType = "outlierContainerType" {
        /// A group.
        Group = "group",
    }
}

open_enum! {
    /// What an outlier is (`outlierMemberType`).
    OutlierMemberType = "outlierMemberType" {
        /// A person.
        User = "user",
    }
}

/// Somebody is unlike the others in a group
/// ([membershipOutlierInsight](https://learn.microsoft.com/graph/api/resources/membershipoutlierinsight)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MembershipOutlierInsight {
    /// The insight's id.
    pub id: Id<Insight>,
    /// When it was noticed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub insight_created_date_time: Option<Timestamp>,
    /// The group.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub container_id: Option<Id<DirectoryObject>>,
    /// The outlier.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub member_id: Option<Id<DirectoryObject>>,
    /// What `container_id` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlier_container_type: Option<OutlierContainerType>,
    /// What `member_id` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlier_member_type: Option<OutlierMemberType>,
    /// The group.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub container: Expandable<DirectoryObject>,
    /// Who changed the membership last.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub last_modified_by: Expandable<User>,
    /// The outlier.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub member: Expandable<DirectoryObject>,
}

/// When somebody last signed in
/// ([userSignInInsight](https://learn.microsoft.com/graph/api/resources/usersignininsight)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserSignInInsight {
    /// The insight's id.
    pub id: Id<Insight>,
    /// When it was noticed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub insight_created_date_time: Option<Timestamp>,
    /// The last time; missing if there was none.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_sign_in_date_time: Option<Timestamp>,
}

union! {
    /// Which insights reviews gather
    /// ([accessReviewRecommendationInsightSetting](https://learn.microsoft.com/graph/api/resources/accessreviewrecommendationinsightsetting)).
    InsightSetting = "accessReviewRecommendationInsightSetting" {
        /// Who has not signed in for a while.
        UserLastSignIn(UserLastSignInSetting) = "#microsoft.graph.userLastSignInRecommendationInsightSetting",
        /// Who is unlike the others in the group.
        GroupPeerOutlier(GroupPeerOutlierSettings) = "#microsoft.graph.groupPeerOutlierRecommendationInsightSettings",
    }
}

open_enum! {
    /// Where signing in counts (`userSignInRecommendationScope`).
    SignInScope = "userSignInRecommendationScope" {
        /// Anywhere in the tenant.
        Tenant = "tenant",
        /// In the application that is reviewed.
        Application = "application",
    }
}

/// Recommends against access of people who have not signed in for a while
/// ([userLastSignInRecommendationInsightSetting](https://learn.microsoft.com/graph/api/resources/userlastsigninrecommendationinsightsetting)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserLastSignInSetting {
    /// How far back to look from the start of the review, in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation_look_back_duration: Option<IsoDuration>,
    /// Where signing in counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_scope: Option<SignInScope>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Recommends against access of people who are unlike the others in the group
/// ([groupPeerOutlierRecommendationInsightSettings](https://learn.microsoft.com/graph/api/resources/grouppeeroutlierrecommendationinsightsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupPeerOutlierSettings {
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl InsightSetting {
    /// Recommends against access of people who have not signed in for `look_back`, in days.
    pub fn user_last_sign_in(look_back: IsoDuration, scope: SignInScope) -> Self {
        Self::UserLastSignIn(UserLastSignInSetting {
            recommendation_look_back_duration: Some(look_back),
            sign_in_scope: Some(scope),
            ..UserLastSignInSetting::default()
        })
    }

    /// Recommends against access of people who are unlike the others in the group.
    pub fn group_peer_outlier() -> Self {
        Self::GroupPeerOutlier(GroupPeerOutlierSettings::default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire;

    #[test]
    fn insights_survive() {
        for json in [
            json!({
                "@odata.type": "#microsoft.graph.membershipOutlierInsight", "id": "i1",
                "insightCreatedDateTime": "2026-01-02T08:00:00Z", "containerId": "g1", "memberId": "u1",
                "outlierContainerType": "group", "outlierMemberType": "robot",
                "container": {"@odata.type": "#microsoft.graph.group", "id": "g1"},
                "lastModifiedBy": {"id": "u2"}, "member": {"id": "u1", "displayName": "Ada"}
            }),
            json!({"@odata.type": "#microsoft.graph.roleUsageInsight", "id": "i2", "uses": 3}),
        ] {
            let insight: Insight = wire::decode_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&insight).unwrap(), json);
        }
    }
}
