//! Who is meant: one person, the members of a group, somebody's manager, a sponsor.
//!
//! Policies use a [`SubjectSet`] wherever people are named: who may ask, who approves, who reviews.
//!
//! ```
//! use entitlement_core::subject_set::SubjectSet;
//!
//! let manager = SubjectSet::manager();
//! assert_eq!(
//!     serde_json::to_string(&manager)?,
//!     r##"{"@odata.type":"#microsoft.graph.requestorManager","managerLevel":1}"##
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::connected_organization::ConnectedOrganization;
use crate::directory::{DirectoryObject, Group, User};
use crate::entity::Id;
use crate::lifecycle_workflow::{GroupBasedSubjectSet, RuleBasedSubjectSet};
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::union::union;

union! {
    /// A set of people or identities ([subjectSet](https://learn.microsoft.com/graph/api/resources/subjectset)).
    SubjectSet = "subjectSet" {
        /// One person.
        SingleUser(SingleUser) = "#microsoft.graph.singleUser",
        /// Whoever is in a group.
        GroupMembers(GroupMembers) = "#microsoft.graph.groupMembers",
        /// Everybody of a partner organisation.
        ConnectedOrganizationMembers(ConnectedOrganizationMembers) = "#microsoft.graph.connectedOrganizationMembers",
        /// One application.
        SingleServicePrincipal(SingleServicePrincipal) = "#microsoft.graph.singleServicePrincipal",
        /// Everybody a rule matches; only in automatic assignment policies.
        AttributeRuleMembers(AttributeRuleMembers) = "#microsoft.graph.attributeRuleMembers",
        /// The manager of the person who asks.
        RequestorManager(RequestorManager) = "#microsoft.graph.requestorManager",
        /// The manager of the person who is to get access; only for requests on behalf of others.
        TargetManager(TargetManager) = "#microsoft.graph.targetManager",
        /// The people of this tenant who look after the requestor's organisation.
        InternalSponsors(NoFields) = "#microsoft.graph.internalSponsors",
        /// The guests who vouch for the requestor's organisation.
        ExternalSponsors(NoFields) = "#microsoft.graph.externalSponsors",
        /// The sponsors noted on the user's own account.
        TargetUserSponsors(NoFields) = "#microsoft.graph.targetUserSponsors",
        /// The owners of the application that is to get access.
        TargetApplicationOwners(NoFields) = "#microsoft.graph.targetApplicationOwners",
        /// The sponsors or owners of the agent identity that is to get access.
        TargetAgentIdentitySponsorsOrOwners(NoFields) = "#microsoft.graph.targetAgentIdentitySponsorsOrOwners",
        /// Everybody a rule matches, for lifecycle workflows.
        RuleBased(RuleBasedSubjectSet) = "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
        /// Whoever is in some groups, for lifecycle workflows.
        GroupBased(GroupBasedSubjectSet) = "#microsoft.graph.identityGovernance.groupBasedSubjectSet",
    }
}

/// One person ([singleUser](https://learn.microsoft.com/graph/api/resources/singleuser)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SingleUser {
    /// The person.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub user_id: Option<Id<User>>,
    /// The person's name, as the service reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Whoever is in a group ([groupMembers](https://learn.microsoft.com/graph/api/resources/groupmembers)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupMembers {
    /// The group.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub group_id: Option<Id<Group>>,
    /// The group's name, as the service reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Everybody of a partner organisation
/// ([connectedOrganizationMembers](https://learn.microsoft.com/graph/api/resources/connectedorganizationmembers)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConnectedOrganizationMembers {
    /// The organisation.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub connected_organization_id: Option<Id<ConnectedOrganization>>,
    /// The organisation's name, as the service reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// One application (`singleServicePrincipal`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SingleServicePrincipal {
    /// The application's object in this tenant.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub service_principal_id: Option<Id<DirectoryObject>>,
    /// The application's name, as the service reads it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Everybody a rule matches ([attributeRuleMembers](https://learn.microsoft.com/graph/api/resources/attributerulemembers)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AttributeRuleMembers {
    /// What the rule is about, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The rule, in the syntax of dynamic groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_rule: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A manager of the requestor ([requestorManager](https://learn.microsoft.com/graph/api/resources/requestormanager)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestorManager {
    /// 1 is the direct manager, which is also meant when it is missing; 2 is the manager's manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager_level: Option<i32>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A manager of the person access is for ([targetManager](https://learn.microsoft.com/graph/api/resources/targetmanager)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TargetManager {
    /// 1 is the direct manager; up to 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager_level: Option<i32>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A kind that says everything by its type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NoFields {
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl SubjectSet {
    /// One person.
    pub fn user(id: impl Into<Id<User>>) -> Self {
        Self::SingleUser(SingleUser {
            user_id: Some(id.into()),
            description: None,
            unknown: RawObject::default(),
        })
    }

    /// Whoever is in a group.
    pub fn group(id: impl Into<Id<Group>>) -> Self {
        Self::GroupMembers(GroupMembers {
            group_id: Some(id.into()),
            description: None,
            unknown: RawObject::default(),
        })
    }

    /// The requestor's direct manager.
    pub fn manager() -> Self {
        Self::manager_of_level(1)
    }

    /// The requestor's manager `level` steps up: 1 or 2.
    pub fn manager_of_level(level: i32) -> Self {
        Self::RequestorManager(RequestorManager {
            manager_level: Some(level),
            unknown: RawObject::default(),
        })
    }

    /// Everybody of a partner organisation.
    pub fn connected_organization(id: impl Into<Id<ConnectedOrganization>>) -> Self {
        Self::ConnectedOrganizationMembers(ConnectedOrganizationMembers {
            connected_organization_id: Some(id.into()),
            description: None,
            unknown: RawObject::default(),
        })
    }

    /// Everybody a rule matches; for automatic assignment policies.
    pub fn rule(membership_rule: impl Into<String>) -> Self {
        Self::AttributeRuleMembers(AttributeRuleMembers {
            description: None,
            membership_rule: Some(membership_rule.into()),
            unknown: RawObject::default(),
        })
    }

    /// The people of this tenant who look after the requestor's organisation.
    pub fn internal_sponsors() -> Self {
        Self::InternalSponsors(NoFields::default())
    }

    /// The guests who vouch for the requestor's organisation.
    pub fn external_sponsors() -> Self {
        Self::ExternalSponsors(NoFields::default())
    }

    /// The sponsors noted on the account of the person who is to get access.
    pub fn user_sponsors() -> Self {
        Self::TargetUserSponsors(NoFields::default())
    }

    /// Whether the set may turn out empty for a requestor, so that somebody must stand in (APV-9, APV-10).
    pub fn needs_fallback(&self) -> bool {
        matches!(
            self,
            Self::RequestorManager(_)
                | Self::InternalSponsors(_)
                | Self::ExternalSponsors(_)
                | Self::TargetUserSponsors(_)
                | Self::TargetApplicationOwners(_)
                | Self::TargetAgentIdentitySponsorsOrOwners(_)
        )
    }

    /// Who is meant must be said; managers have levels 1 and 2 where somebody approves or reviews, 1 to 4 on behalf
    /// of others.
    pub(crate) fn check(&self, checker: &mut Checker) {
        let (field, is_said) = match self {
            Self::SingleUser(set) => ("userId", set.user_id.is_some()),
            Self::GroupMembers(set) => ("groupId", set.group_id.is_some()),
            Self::ConnectedOrganizationMembers(set) => (
                "connectedOrganizationId",
                set.connected_organization_id.is_some(),
            ),
            Self::SingleServicePrincipal(set) => {
                ("servicePrincipalId", set.service_principal_id.is_some())
            }
            Self::AttributeRuleMembers(set) => {
                let rule = set.membership_rule.as_deref();
                checker.forbid(
                    "membershipRule",
                    rule.is_some_and(|rule| rule.trim().is_empty()),
                    "POL-20",
                    "is blank",
                    "write a rule in the syntax of dynamic groups",
                );
                ("membershipRule", rule.is_some())
            }
            Self::RequestorManager(set) => return check_level(set.manager_level, 2, checker),
            Self::TargetManager(set) => return check_level(set.manager_level, 4, checker),
            _ => return,
        };
        checker.ensure(field, is_said, "POL-20", "is missing", "say who is meant");
    }
}

fn check_level(level: Option<i32>, highest: i32, checker: &mut Checker) {
    checker.ensure(
        "managerLevel",
        level.is_none_or(|level| (1..=highest).contains(&level)),
        "APV-9",
        "is not a level of managers",
        format!("use a level from 1 to {highest}"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_and_without_their_hash() {
        for tag in ["#microsoft.graph.singleUser", "microsoft.graph.singleUser"] {
            let json = format!(r#"{{"@odata.type":"{tag}","userId":"u1"}}"#);
            let set: SubjectSet = serde_json::from_str(&json).unwrap();
            assert_eq!(set, SubjectSet::user("u1".parse::<Id<User>>().unwrap()));
        }
    }

    #[test]
    fn a_kind_from_the_future_is_kept() {
        let json = r##"{"@odata.type":"#microsoft.graph.nextDoorNeighbours","radius":3}"##;
        let set: SubjectSet = serde_json::from_str(json).unwrap();
        assert!(matches!(set, SubjectSet::Unknown(_)));
        assert_eq!(serde_json::to_string(&set).unwrap(), json);
    }

    #[test]
    fn a_known_kind_does_not_hide_its_error() {
        let json = r##"[{"@odata.type":"#microsoft.graph.groupMembers","groupId":7}]"##;
        let error = crate::wire::decode::<Vec<SubjectSet>>(json.as_bytes()).unwrap_err();
        assert_eq!(error.path(), "[0]");
        assert!(error.problem().contains("groupId"), "{error}");
    }
}
