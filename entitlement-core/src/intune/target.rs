//! For whom an app or a configuration is: a group, everybody but a group, all people, all devices.
//!
//! Every [`assignment`](super::assignment) of an app, and of a [`configuration`](super::configuration), has an
//! [`AssignmentTarget`]; a filter narrows it down to some devices.
//!
//! ```
//! use entitlement_core::intune::target::{AssignmentFilter, AssignmentTarget};
//!
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let target = AssignmentTarget::group(&group);
//! assert_eq!(
//!     serde_json::to_string(&target)?,
//!     r##"{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"21d05557-b7b6-418f-86fa-a3118d751be4"}"##
//! );
//! let only_laptops = target.filtered(AssignmentFilter::including("b6f3a9c4-0f0e-4e0c-9a57-0c2f1e9d7a31"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::Group;
use crate::entity::Id;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

union! {
    /// For whom something is
    /// ([deviceAndAppManagementAssignmentTarget](https://learn.microsoft.com/graph/api/resources/intune-shared-deviceandappmanagementassignmenttarget)).
    ///
    /// Groups of people are weighed against groups of people, and groups of devices against groups of devices: to
    /// exclude the one kind from the other has no effect.
    AssignmentTarget = "deviceAndAppManagementAssignmentTarget" {
        /// Everybody with an Intune licence.
        AllLicensedUsers(AllTarget) = "#microsoft.graph.allLicensedUsersAssignmentTarget",
        /// Every device.
        AllDevices(AllTarget) = "#microsoft.graph.allDevicesAssignmentTarget",
        /// Whoever is in a group, or in a group that is in it.
        Group(GroupTarget) = "#microsoft.graph.groupAssignmentTarget",
        /// Not for whoever is in a group; among the assignments of the same intent.
        ExclusionGroup(GroupTarget) = "#microsoft.graph.exclusionGroupAssignmentTarget",
        /// A collection of Configuration Manager.
        ConfigurationManagerCollection(CollectionTarget) = "#microsoft.graph.configurationManagerCollectionAssignmentTarget",
    }
}

open_enum! {
    /// What a filter does with the devices it matches (`deviceAndAppManagementAssignmentFilterType`).
    FilterType = "deviceAndAppManagementAssignmentFilterType" {
        /// Nothing; there is no filter.
        None = "none",
        /// Only they are meant.
        Include = "include",
        /// They are not meant.
        Exclude = "exclude",
    }
}

/// A filter over the devices of a target. The beta endpoint reads and writes it; in v1.0 it does not exist, so leave it
/// empty there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssignmentFilter {
    /// The filter's id.
    #[serde(
        rename = "deviceAndAppManagementAssignmentFilterId",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub id: Option<String>,
    /// What becomes of the devices it matches.
    #[serde(
        rename = "deviceAndAppManagementAssignmentFilterType",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<FilterType>,
}

impl AssignmentFilter {
    /// Only devices that the filter matches.
    pub fn including(id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            kind: Some(FilterType::Include),
        }
    }

    /// Only devices that the filter does not match.
    pub fn excluding(id: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            kind: Some(FilterType::Exclude),
        }
    }
}

/// All people or all devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AllTarget {
    /// Which devices of theirs.
    #[serde(flatten)]
    pub filter: AssignmentFilter,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Who is, or is not, in a group
/// ([groupAssignmentTarget](https://learn.microsoft.com/graph/api/resources/intune-shared-groupassignmenttarget)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GroupTarget {
    /// The group.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub group_id: Option<Id<Group>>,
    /// Which devices of its members.
    #[serde(flatten)]
    pub filter: AssignmentFilter,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A collection of Configuration Manager (`configurationManagerCollectionAssignmentTarget`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CollectionTarget {
    /// The collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_id: Option<String>,
    /// Which of its devices.
    #[serde(flatten)]
    pub filter: AssignmentFilter,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl GroupTarget {
    fn new(group: &Id<Group>) -> Self {
        Self {
            group_id: Some(group.clone()),
            filter: AssignmentFilter::default(),
            unknown: RawObject::default(),
        }
    }
}

impl AssignmentTarget {
    /// Whoever is in a group.
    pub fn group(group: &Id<Group>) -> Self {
        Self::Group(GroupTarget::new(group))
    }

    /// Not for whoever is in a group.
    pub fn excluding(group: &Id<Group>) -> Self {
        Self::ExclusionGroup(GroupTarget::new(group))
    }

    /// Everybody with an Intune licence.
    pub fn all_licensed_users() -> Self {
        Self::AllLicensedUsers(AllTarget::default())
    }

    /// Every device.
    pub fn all_devices() -> Self {
        Self::AllDevices(AllTarget::default())
    }

    /// The same, narrowed down to some devices; a kind that this version does not know stays as it is.
    pub fn filtered(mut self, filter: AssignmentFilter) -> Self {
        match &mut self {
            Self::AllLicensedUsers(target) | Self::AllDevices(target) => target.filter = filter,
            Self::Group(target) | Self::ExclusionGroup(target) => target.filter = filter,
            Self::ConfigurationManagerCollection(target) => target.filter = filter,
            Self::Unknown(_) => {}
        }
        self
    }

    /// The group that is meant, whether it is included or excluded.
    pub fn group_id(&self) -> Option<&Id<Group>> {
        match self {
            Self::Group(target) | Self::ExclusionGroup(target) => target.group_id.as_ref(),
            _ => None,
        }
    }

    /// Whether both mean the same people and devices, filters aside.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group(a), Self::Group(b))
            | (Self::ExclusionGroup(a), Self::ExclusionGroup(b)) => a.group_id == b.group_id,
            (Self::ConfigurationManagerCollection(a), Self::ConfigurationManagerCollection(b)) => {
                a.collection_id == b.collection_id
            }
            (Self::AllLicensedUsers(_), Self::AllLicensedUsers(_))
            | (Self::AllDevices(_), Self::AllDevices(_)) => true,
            (a, b) => a == b,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_and_unnamed_properties_come_back() {
        let json = json!({
            "@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "g1",
            "deviceAndAppManagementAssignmentFilterId": "f1",
            "deviceAndAppManagementAssignmentFilterType": "exclude", "colour": "green",
        });
        let target: AssignmentTarget = serde_json::from_value(json.clone()).unwrap();
        let AssignmentTarget::ExclusionGroup(group) = &target else {
            panic!("{target:?}");
        };
        assert_eq!(group.filter, AssignmentFilter::excluding("f1"));
        assert_eq!(group.unknown.iter().count(), 1);
        assert_eq!(serde_json::to_value(&target).unwrap(), json);
    }

    #[test]
    fn kinds_of_the_future_are_kept_and_known_kinds_hide_nothing() {
        let json = r##"{"@odata.type":"#microsoft.graph.allRobotsAssignmentTarget","model":"T"}"##;
        let target: AssignmentTarget = serde_json::from_str(json).unwrap();
        assert!(matches!(target, AssignmentTarget::Unknown(_)));
        assert_eq!(serde_json::to_string(&target).unwrap(), json);

        let json = br##"[{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":7}]"##;
        let error = crate::wire::decode::<Vec<AssignmentTarget>>(json).unwrap_err();
        assert_eq!(error.path(), "[0]");
        assert!(error.problem().contains("groupId"), "{error}");
    }
}
