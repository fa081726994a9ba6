//! Definitions: what is reviewed, by whom, how often, and with which consequences.
//!
//! A [`ScheduleDefinition`] is replaced whole: [`replacement`](ScheduleDefinition::replacement) is what is sent.
//!
//! ```
//! use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
//! use entitlement_core::access_review::reviewer::ReviewerScope;
//! use entitlement_core::access_review::scope::Scope;
//! use entitlement_core::access_review::settings::ScheduleSettings;
//! use entitlement_core::directory::Group;
//! use entitlement_core::entity::Id;
//!
//! let group: Id<Group> = "02f3bafb-448c-487c-88c2-5fd65ce49a41".parse()?;
//! let monthly = ScheduleSettings::every_months(1, "2026-01-01".parse()?, 40);
//! let refused = ScheduleDefinitionDraft::builder("Local administrators", Scope::members_of(&group), monthly)
//!     .reviewer(ReviewerScope::manager())
//!     .build()
//!     .unwrap_err();
//! let paths: Vec<_> = refused.violations().iter().map(|violation| violation.path()).collect();
//! assert_eq!(paths, ["fallbackReviewers", "settings.instanceDurationInDays"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::notification::NotificationRecipientItem;
use super::reviewer::{ReviewerScope, check_reviewers};
use super::scope::Scope;
use super::settings::{ApplyAction, ScheduleSettings};
use super::stage::{StageSettings, check_stages};
use super::status::Status;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, NotLoaded, Replaceable};
use crate::identity::UserIdentity;
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::{self, Expandable, RawObject};

/// A review, held once or again and again
/// ([accessReviewScheduleDefinition](https://learn.microsoft.com/graph/api/resources/accessreviewscheduledefinition)).
///
/// The review settings of an assignment policy make a hidden one; deleting that breaks the policy (REV-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScheduleDefinition {
    /// The definition's id.
    pub id: Id<ScheduleDefinition>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What administrators should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_for_admins: Option<String>,
    /// What reviewers should know; mails show the first 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_for_reviewers: Option<String>,
    /// What is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// The objects that get an instance each: all groups of a kind, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_enumeration_scope: Option<Scope>,
    /// Who reviews; if nobody is named, people review their own access. Changed later, only individual people count
    /// (REV-31).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub reviewers: Vec<ReviewerScope>,
    /// Who reviews if the reviewers cannot be found.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub fallback_reviewers: Vec<ReviewerScope>,
    /// Its stages, if it has any; then they say who reviews, not `reviewers` (REV-60).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub stage_settings: Vec<StageSettings>,
    /// Rhythm, length and consequences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<ScheduleSettings>,
    /// Who else gets mails.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub additional_notification_recipients: Vec<NotificationRecipientItem>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserIdentity>,
    /// When it was made; the year 1 right after its creation (REV-30).
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_modified_date_time: Option<Timestamp>,
    /// The times it came round; better read on their own (REV-34).
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub instances: Expandable<Vec<Instance>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl ScheduleDefinition {
    /// Checks the definition as the service would.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every rule the definition breaks.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        Parts {
            display_name: self.display_name.as_deref().unwrap_or(""),
            scope: self.scope.as_ref(),
            enumeration: self.instance_enumeration_scope.as_ref(),
            settings: self.settings.as_ref(),
            reviewers: &self.reviewers,
            fallback: &self.fallback_reviewers,
            stages: &self.stage_settings,
            recipients: &self.additional_notification_recipients,
        }
        .check(&mut checker);
        checker.finish(Self::TYPE)
    }
}

impl Entity for ScheduleDefinition {
    const TYPE: &'static str = "accessReviewScheduleDefinition";
    const COLLECTION: &'static str = "identityGovernance/accessReviews/definitions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for ScheduleDefinition {}

impl Creatable for ScheduleDefinition {
    type Draft = ScheduleDefinitionDraft;
}

/// Only instances that are still to come change (REV-31), and the service may accept new reviewers without storing them
/// (REV-32): read the definition again.
impl Replaceable for ScheduleDefinition {
    fn replacement(&self) -> Result<RawObject, NotLoaded> {
        // `backupReviewers` is an old name that mirrors `fallbackReviewers`, and would undo a change to them.
        let not_written = [
            "backupReviewers",
            "createdBy",
            "createdDateTime",
            "instances",
            "lastModifiedDateTime",
            "status",
        ];
        Ok(wire::whole::written(self, &not_written))
    }
}

impl Deletable for ScheduleDefinition {}

/// A review to be made ([create definition](https://learn.microsoft.com/graph/api/accessreviewset-post-definitions)).
///
/// If no reviewer is named, neither here nor in stages, people review their own access (REV-30).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct ScheduleDefinitionDraft {
    #[builder(start_fn)]
    display_name: String,
    #[builder(start_fn)]
    scope: Scope,
    #[builder(start_fn)]
    settings: ScheduleSettings,
    #[builder(field)]
    reviewers: Vec<ReviewerScope>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    fallback_reviewers: Vec<ReviewerScope>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    stage_settings: Vec<StageSettings>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[builder(field)]
    additional_notification_recipients: Vec<NotificationRecipientItem>,
    /// What administrators should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    description_for_admins: Option<String>,
    /// What reviewers should know; mails show the first 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    description_for_reviewers: Option<String>,
    /// The objects that get an instance each: all groups of a kind, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_enumeration_scope: Option<Scope>,
}

impl<S: schedule_definition_draft_builder::State> ScheduleDefinitionDraftBuilder<S> {
    /// One more who reviews.
    pub fn reviewer(mut self, reviewer: ReviewerScope) -> Self {
        self.reviewers.push(reviewer);
        self
    }

    /// One more who reviews if the reviewers cannot be found.
    pub fn fallback_reviewer(mut self, reviewer: ReviewerScope) -> Self {
        self.fallback_reviewers.push(reviewer);
        self
    }

    /// One more stage; unless it has a `stage_id`, it gets one and comes after the stage before it.
    pub fn stage(mut self, stage: StageSettings) -> Self {
        let stage = stage.placed_after(&self.stage_settings);
        self.stage_settings.push(stage);
        self
    }

    /// One more mail that somebody else gets.
    pub fn additional_notification_recipient(mut self, item: NotificationRecipientItem) -> Self {
        self.additional_notification_recipients.push(item);
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every rule the review breaks: a blank name or query (REV-30), managers without fallback
    /// (REV-6), instances that reach into the next one (REV-4), stages that form no row (REV-60, REV-61), a default
    /// decision that is none (REV-55).
    pub fn build(self) -> Result<ScheduleDefinitionDraft, Invalid>
    where
        S: schedule_definition_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        Parts {
            display_name: &draft.display_name,
            scope: Some(&draft.scope),
            enumeration: draft.instance_enumeration_scope.as_ref(),
            settings: Some(&draft.settings),
            reviewers: &draft.reviewers,
            fallback: &draft.fallback_reviewers,
            stages: &draft.stage_settings,
            recipients: &draft.additional_notification_recipients,
        }
        .check(&mut checker);
        checker.finish(ScheduleDefinition::TYPE)?;
        Ok(draft)
    }
}

/// What a draft and a definition have in common, for the rules that hold for both.
struct Parts<'a> {
    display_name: &'a str,
    scope: Option<&'a Scope>,
    enumeration: Option<&'a Scope>,
    settings: Option<&'a ScheduleSettings>,
    reviewers: &'a [ReviewerScope],
    fallback: &'a [ReviewerScope],
    stages: &'a [StageSettings],
    recipients: &'a [NotificationRecipientItem],
}

impl Parts<'_> {
    fn check(&self, checker: &mut Checker) {
        checker.name("displayName", self.display_name, "REV-30");
        for (name, missing) in [
            ("scope", self.scope.is_none()),
            ("settings", self.settings.is_none()),
        ] {
            checker.forbid(
                name,
                missing,
                "REV-30",
                "is missing",
                "every review needs it",
            );
        }
        if let Some(scope) = self.scope {
            checker.field("scope", |c| scope.check(c));
        }
        if let Some(scope) = self.enumeration {
            checker.field("instanceEnumerationScope", |c| scope.check(c));
        }
        if self.stages.is_empty() {
            check_reviewers(checker, self.reviewers, self.fallback);
        } else {
            self.check_stages(checker);
        }
        if let Some(settings) = self.settings {
            checker.field("settings", |c| settings.check(c));
            self.check_length(settings, checker);
            self.check_actions(settings, checker);
        }
        checker.each(
            "additionalNotificationRecipients",
            self.recipients,
            |c, item| item.check(c),
        );
    }

    /// REV-60: stages say who reviews.
    fn check_stages(&self, checker: &mut Checker) {
        check_stages(checker, self.stages);
        for (name, scopes) in [
            ("reviewers", self.reviewers),
            ("fallbackReviewers", self.fallback),
        ] {
            checker.ensure(
                name,
                scopes.is_empty(),
                "REV-60",
                "would be ignored, because there are stages",
                "name reviewers in the stages",
            );
        }
    }

    /// REV-4, REV-61 and U-23: an instance ends before the next one starts.
    fn check_length(&self, settings: &ScheduleSettings, checker: &mut Checker) {
        let (field, days) = if self.stages.is_empty() {
            let days = settings.instance_duration_in_days.unwrap_or(0);
            ("settings.instanceDurationInDays", i64::from(days))
        } else {
            let days = self
                .stages
                .iter()
                .filter_map(|stage| stage.duration_in_days);
            ("stageSettings", days.map(i64::from).sum())
        };
        checker.ensure(
            field,
            !self.stages.is_empty() || days > 0,
            "REV-30",
            "is not a number of days",
            "say for how many days the review stays open",
        );
        if let Some(most) = settings.most_days_open() {
            checker.ensure(
                field,
                days <= most,
                "REV-4",
                format!("{days} days reach into the next review"),
                format!("use at most {most} days with this recurrence"),
            );
        }
    }

    /// Accounts are deleted only where just guests are reviewed.
    fn check_actions(&self, settings: &ScheduleSettings, checker: &mut Checker) {
        let deletes = settings
            .apply_actions
            .iter()
            .flatten()
            .any(|action| matches!(action, ApplyAction::DisableAndDeleteUser(_)));
        let others = self
            .scope
            .is_some_and(|scope| !scope.is_about_guests() && !matches!(scope, Scope::Unknown(_)));
        checker.forbid(
            "settings.applyActions",
            deletes && others,
            "REV-30",
            "deletes accounts of people who are not guests",
            "review guests only, with userType eq 'Guest' in the scope, or just remove access",
        );
    }
}

#[cfg(test)]
mod tests;
