//! Access packages that the service suggests to a person, and why.
//!
//! A [`Suggestion`] names a package and the [`SuggestionReason`]s for it: people around the person hold it, or the
//! person held it before. Suggestions are always about the caller.
//!
//! ```
//! use entitlement_core::suggestion::{Suggestion, SuggestionReason};
//!
//! let suggestion: Suggestion = serde_json::from_str(
//!     r##"{"id": "p1", "reasons": [{
//!         "@odata.type": "#microsoft.graph.accessPackageSuggestionRelatedPeopleBased",
//!         "relatedPeopleAssignmentCount": 2
//!     }]}"##,
//! )?;
//! let SuggestionReason::RelatedPeople(reason) = &suggestion.reasons[0] else { panic!() };
//! assert_eq!(reason.related_people_assignment_count, Some(2));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::available_package::AvailableAccessPackage;
use crate::entity::{Entity, Id, Listable};
use crate::identity::Principal;
use crate::time::Timestamp;
use crate::wire::Expandable;
use crate::wire::union::union;

union! {
    /// Why a package is suggested
    /// ([accessPackageSuggestionReason](https://learn.microsoft.com/graph/api/resources/accesspackagesuggestionreason)).
    SuggestionReason = "accessPackageSuggestionReason" {
        /// People around the person hold it.
        RelatedPeople(RelatedPeopleReason) = "#microsoft.graph.accessPackageSuggestionRelatedPeopleBased",
        /// The person held it before.
        SelfAssignmentHistory(SelfAssignmentHistoryReason) =
            "#microsoft.graph.accessPackageSuggestionSelfAssignmentHistoryBased",
    }
}

/// People around the person hold the package
/// ([accessPackageSuggestionRelatedPeopleBased](https://learn.microsoft.com/graph/api/resources/accesspackagesuggestionrelatedpeoplebased)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelatedPeopleReason {
    /// Who they are, if the tenant lets people see that
    /// ([`RelatedPeopleInsightLevel`](crate::control_configuration::RelatedPeopleInsightLevel)).
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub related_people: Vec<Principal>,
    /// How many they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_people_assignment_count: Option<i32>,
}

/// The person held the package before
/// ([accessPackageSuggestionSelfAssignmentHistoryBased](https://learn.microsoft.com/graph/api/resources/accesspackagesuggestionselfassignmenthistorybased)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SelfAssignmentHistoryReason {
    /// When they got it last.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_assignment_date_time: Option<Timestamp>,
    /// How often they held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past_assignment_count: Option<i32>,
}

/// A package that is suggested to the caller
/// ([accessPackageSuggestion](https://learn.microsoft.com/graph/api/resources/accesspackagesuggestion)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Suggestion {
    /// The suggestion's id.
    pub id: Id<Suggestion>,
    /// Why the package is suggested.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub reasons: Vec<SuggestionReason>,
    /// The package.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub access_package: Expandable<AvailableAccessPackage>,
}

impl Entity for Suggestion {
    const TYPE: &'static str = "accessPackageSuggestion";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/accessPackageSuggestions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Suggestion {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reasons_of_today_and_tomorrow_survive() {
        let suggestion = json!({
            "id": "c5a1b2d3-0b1c-4d2e-8f3a-4b5c6d7e8f90",
            "reasons": [
                {
                    "@odata.type": "#microsoft.graph.accessPackageSuggestionRelatedPeopleBased",
                    "relatedPeople": [{"id": "u1", "displayName": "Ada"}],
                    "relatedPeopleAssignmentCount": 1
                },
                {
                    "@odata.type": "#microsoft.graph.accessPackageSuggestionSelfAssignmentHistoryBased",
                    "lastAssignmentDateTime": "2024-08-08T19:13:50.023Z",
                    "pastAssignmentCount": 2
                },
                {"@odata.type": "#microsoft.graph.accessPackageSuggestionHoroscopeBased", "sign": "leo"}
            ],
            "accessPackage": {
                "id": "c5a1b2d3-0b1c-4d2e-8f3a-4b5c6d7e8f90",
                "displayName": "Marketing",
                "description": "What marketing works with"
            }
        });
        let read: Suggestion = crate::wire::decode_value(suggestion.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), suggestion);

        let mut broken = suggestion;
        broken["reasons"][1]["pastAssignmentCount"] = "twice".into();
        let error = crate::wire::decode_value::<Suggestion>(broken).unwrap_err();
        assert_eq!(error.path(), "reasons[1]");
        assert!(error.problem().contains("pastAssignmentCount"), "{error}");
    }
}
