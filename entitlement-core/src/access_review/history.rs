//! Reports of what was reviewed and decided in the past.
//!
//! A [`HistoryDefinition`] says what to report, once or again and again; every run leaves a [`HistoryInstance`] with a
//! file to download.
//!
//! ```
//! use entitlement_core::access_review::history::{HistoryDefinitionDraft, HistoryScheduleSettings};
//! use entitlement_core::access_review::scope::Scope;
//!
//! let monthly = HistoryScheduleSettings::every_months(1, "2026-01-01".parse()?);
//! let report = HistoryDefinitionDraft::recurring("Package reviews", monthly)
//!     .scope(Scope::query(
//!         "/identityGovernance/accessReviews/definitions?$filter=contains(scope/query, 'accessPackageAssignments')",
//!     ))
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use crate::entity::{Creatable, Entity, Id, Listable};
use crate::identity::UserIdentity;
use crate::schedule::Recurrence;
use crate::time::{Date, Timestamp};
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far a report is (`accessReviewHistoryStatus`).
    HistoryStatus = "accessReviewHistoryStatus" {
        /// It can be downloaded.
        Done = "done",
        /// It is being made.
        InProgress = "inprogress",
        /// It could not be made.
        Error = "error",
        /// It is to be made.
        Requested = "requested",
    }
}

open_enum! {
    /// Which decisions a report lists (`accessReviewHistoryDecisionFilter`).
    HistoryDecisionFilter = "accessReviewHistoryDecisionFilter" {
        /// Access that stays.
        Approve = "approve",
        /// Access that ends.
        Deny = "deny",
        /// Access nobody has reviewed.
        NotReviewed = "notReviewed",
        /// Access a reviewer could not tell about.
        DontKnow = "dontKnow",
        /// Access whose reviewers were not told.
        NotNotified = "notNotified",
    }
}

/// What is reported
/// ([accessReviewHistoryDefinition](https://learn.microsoft.com/graph/api/resources/accessreviewhistorydefinition)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryDefinition {
    /// The definition's id.
    pub id: Id<HistoryDefinition>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The start of the time reported on.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub review_history_period_start_date_time: Option<Timestamp>,
    /// The end of the time reported on.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub review_history_period_end_date_time: Option<Timestamp>,
    /// How often a report is made; missing for once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_settings: Option<HistoryScheduleSettings>,
    /// Which decisions are listed.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub decisions: Vec<HistoryDecisionFilter>,
    /// Which reviews are reported on.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub scopes: Vec<Scope>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HistoryStatus>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserIdentity>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// The reports.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub instances: Expandable<Vec<HistoryInstance>>,
}

impl Entity for HistoryDefinition {
    const TYPE: &'static str = "accessReviewHistoryDefinition";
    const COLLECTION: &'static str = "identityGovernance/accessReviews/historyDefinitions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for HistoryDefinition {}

impl Creatable for HistoryDefinition {
    type Draft = HistoryDefinitionDraft;
}

/// How often a report is made
/// ([accessReviewHistoryScheduleSettings](https://learn.microsoft.com/graph/api/resources/accessreviewhistoryschedulesettings)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryScheduleSettings {
    /// The rhythm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// How far each report looks back, as an ISO 8601 duration: `P1M`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_range: Option<String>,
}

impl HistoryScheduleSettings {
    /// Every `months` months from `first` on, about the months since the report before.
    pub fn every_months(months: i32, first: Date) -> Self {
        let mut recurrence = Recurrence::every_months(months);
        if let Some(range) = &mut recurrence.range {
            range.start_date = Some(first);
        }
        Self {
            recurrence: Some(recurrence),
            report_range: Some(format!("P{months}M")),
        }
    }
}

/// One report
/// ([accessReviewHistoryInstance](https://learn.microsoft.com/graph/api/resources/accessreviewhistoryinstance)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryInstance {
    /// The report's id.
    pub id: Id<HistoryInstance>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<HistoryStatus>,
    /// The start of the time reported on.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub review_history_period_start_date_time: Option<Timestamp>,
    /// The end of the time reported on.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub review_history_period_end_date_time: Option<Timestamp>,
    /// When it is to be made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub run_date_time: Option<Timestamp>,
    /// When it was done.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub fulfilled_date_time: Option<Timestamp>,
    /// When it is deleted, 30 days after it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiration_date_time: Option<Timestamp>,
    /// Where the file is, for 24 hours after it was asked for with `generateDownloadUri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_uri: Option<DownloadUri>,
}

impl Entity for HistoryInstance {
    const TYPE: &'static str = "accessReviewHistoryInstance";
    const COLLECTION: &'static str =
        "identityGovernance/accessReviews/historyDefinitions/instances";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for HistoryInstance {}

/// The address of a report. Whoever has it may read the report, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DownloadUri(String);

impl DownloadUri {
    /// The address itself, to be fetched without a token and written nowhere.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DownloadUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadUri(redacted)")
    }
}

/// A report to be made
/// ([create historyDefinition](https://learn.microsoft.com/graph/api/accessreviewset-post-historydefinitions)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""))]
pub struct HistoryDefinitionDraft {
    #[builder(start_fn)]
    display_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    decisions: Vec<HistoryDecisionFilter>,
    #[builder(field)]
    scopes: Vec<Scope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[builder(field)]
    review_history_period_start_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[builder(field)]
    review_history_period_end_date_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[builder(field)]
    schedule_settings: Option<HistoryScheduleSettings>,
}

impl HistoryDefinitionDraft {
    /// One report about the reviews between two instants.
    pub fn between(
        display_name: impl Into<String>,
        start: Timestamp,
        end: Timestamp,
    ) -> HistoryDefinitionDraftBuilder {
        let mut draft = Self::start(display_name.into());
        draft.review_history_period_start_date_time = Some(start);
        draft.review_history_period_end_date_time = Some(end);
        draft
    }

    /// A report again and again.
    pub fn recurring(
        display_name: impl Into<String>,
        schedule: HistoryScheduleSettings,
    ) -> HistoryDefinitionDraftBuilder {
        let mut draft = Self::start(display_name.into());
        draft.schedule_settings = Some(schedule);
        draft
    }
}

impl<S: history_definition_draft_builder::State> HistoryDefinitionDraftBuilder<S> {
    /// Lists these decisions too; all, if none are named.
    pub fn decision(mut self, decision: HistoryDecisionFilter) -> Self {
        self.decisions.push(decision);
        self
    }

    /// Reports on the reviews that this finds, too.
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scopes.push(scope);
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name, no scope, a time that ends before it starts, or a rhythm that is none
    /// ([create historyDefinition](https://learn.microsoft.com/graph/api/accessreviewset-post-historydefinitions)).
    pub fn build(self) -> Result<HistoryDefinitionDraft, Invalid>
    where
        S: history_definition_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "HIS-1");
        checker.forbid(
            "scopes",
            draft.scopes.is_empty(),
            "HIS-1",
            "is empty",
            "say which reviews to report on",
        );
        checker.each("scopes", &draft.scopes, |c, scope| scope.check(c));
        let (start, end) = (
            draft.review_history_period_start_date_time,
            draft.review_history_period_end_date_time,
        );
        checker.forbid(
            "reviewHistoryPeriodEndDateTime",
            end.is_some_and(|end| Some(end) <= start),
            "HIS-2",
            "is not after the start",
            "use an instant after the start",
        );
        if let Some(schedule) = &draft.schedule_settings {
            let pattern = schedule
                .recurrence
                .as_ref()
                .and_then(|recurrence| recurrence.pattern.as_ref());
            checker.ensure(
                "scheduleSettings.recurrence.pattern.interval",
                pattern.is_some_and(|pattern| pattern.interval > 0),
                "HIS-2",
                "is not a rhythm",
                "use 1 or more",
            );
        }
        checker.finish(HistoryDefinition::TYPE)?;
        Ok(draft)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::Violation;
    use crate::wire;

    #[test]
    fn a_report_keeps_its_address_to_itself() {
        let json = json!({
            "id": "h1", "status": "done", "runDateTime": "2026-01-20T17:46:54.6085806Z",
            "fulfilledDateTime": "2026-01-20T10:00:24.9114365-08:00",
            "downloadUri": "https://reports.example.com/r.csv?sig=s3cret"
        });
        let report: HistoryInstance = wire::decode_value(json.clone()).unwrap();
        assert!(!format!("{report:?}").contains("s3cret"));
        assert_eq!(
            report.download_uri.as_ref().unwrap().secret(),
            json["downloadUri"]
        );
        let again = serde_json::to_value(&report).unwrap();
        assert_eq!(again["downloadUri"], json["downloadUri"]);
        assert_eq!(again["fulfilledDateTime"], "2026-01-20T18:00:24.9114365Z");
    }

    #[test]
    fn definitions_survive_with_members_from_the_future() {
        let json = json!({
            "id": "h1", "displayName": "Last quarter", "status": "archived", "decisions": ["approve", "escalated"],
            "reviewHistoryPeriodStartDateTime": "2026-01-01T00:00:00Z",
            "reviewHistoryPeriodEndDateTime": "2026-04-05T00:00:00Z",
            "scheduleSettings": {"reportRange": "P1M"},
            "createdBy": {"id": "u1", "displayName": "Ada"},
            "scopes": [{"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/x", "queryType": "MicrosoftGraph"}],
            "instances": [{"id": "i1", "status": "inprogress"}]
        });
        let definition: HistoryDefinition = wire::decode_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&definition).unwrap(), json);
    }

    #[test]
    fn drafts_need_a_scope_and_a_time() {
        let (early, late) = (
            "2026-01-01T00:00:00Z".parse().unwrap(),
            "2026-02-01T00:00:00Z".parse().unwrap(),
        );
        let fine = HistoryDefinitionDraft::between("January", early, late)
            .decision(HistoryDecisionFilter::Deny)
            .scope(Scope::query(
                "/identityGovernance/accessReviews/definitions",
            ))
            .build()
            .unwrap();
        assert_eq!(
            serde_json::to_value(&fine).unwrap()["decisions"],
            json!(["deny"])
        );

        let refused = HistoryDefinitionDraft::between(" ", late, early)
            .build()
            .unwrap_err();
        let paths: Vec<_> = refused.violations().iter().map(Violation::path).collect();
        assert_eq!(
            paths,
            ["displayName", "scopes", "reviewHistoryPeriodEndDateTime"]
        );

        let never = HistoryScheduleSettings::every_months(0, "2026-01-01".parse().unwrap());
        let refused = HistoryDefinitionDraft::recurring("Never", never)
            .scope(Scope::query("/x"))
            .build();
        assert_eq!(refused.unwrap_err().violations().len(), 1);
    }
}
