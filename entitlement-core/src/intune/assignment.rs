//! Who gets an app, and what happens with it on their devices.
//!
//! [`MobileAppAssignments`] is what the action `assign` takes: the whole list. It replaces the one before, so keep the
//! rows that were there; [`assignment_change`](super::assignment_change) does so. The service refuses it until the app is
//! [`Published`](super::app::MobileAppPublishingState::Published).
//!
//! ```
//! use entitlement_core::intune::assignment::{
//!     InstallIntent, MobileAppAssignment, MobileAppAssignmentDraft, MobileAppAssignments,
//! };
//! use entitlement_core::intune::target::AssignmentTarget;
//!
//! let before: Vec<MobileAppAssignment> = Vec::new(); // as read from the service
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let new = MobileAppAssignmentDraft::new(InstallIntent::Required, AssignmentTarget::group(&group));
//! let all = MobileAppAssignments::builder().keep(before).assign(new).build()?;
//! assert_eq!(serde_json::to_value(&all)?["mobileAppAssignments"][0]["intent"], "required");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::settings::MobileAppAssignmentSettings;
use super::target::AssignmentTarget;
use crate::entity::{Creatable, Deletable, Entity, Id, Listable};
use crate::validate::{Checker, Invalid};
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// What happens with the app (`installIntent`).
    InstallIntent = "installIntent" {
        /// People may install it.
        Available = "available",
        /// It is installed.
        Required = "required",
        /// It is removed, if Intune installed it.
        Uninstall = "uninstall",
        /// People may install it on phones that Intune does not manage.
        AvailableWithoutEnrollment = "availableWithoutEnrollment",
    }
}

/// A row of an app's assignments
/// ([mobileAppAssignment](https://learn.microsoft.com/graph/api/resources/intune-apps-mobileappassignment)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileAppAssignment {
    /// The row's id.
    pub id: Id<MobileAppAssignment>,
    /// What happens with the app.
    pub intent: InstallIntent,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<AssignmentTarget>,
    /// How it is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<MobileAppAssignmentSettings>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// Assignments belong to one app: their path has its id in the middle.
impl Entity for MobileAppAssignment {
    const TYPE: &'static str = "mobileAppAssignment";
    const COLLECTION: &'static str = "deviceAppManagement/mobileApps/assignments";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for MobileAppAssignment {}

impl Creatable for MobileAppAssignment {
    type Draft = MobileAppAssignmentDraft;
}

impl Deletable for MobileAppAssignment {}

/// An assignment to be made
/// ([create mobileAppAssignment](https://learn.microsoft.com/graph/api/intune-apps-mobileappassignment-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "@odata.type", rename = "#microsoft.graph.mobileAppAssignment")]
pub struct MobileAppAssignmentDraft {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id<MobileAppAssignment>>,
    intent: InstallIntent,
    target: Option<AssignmentTarget>,
    settings: Option<MobileAppAssignmentSettings>,
    #[serde(flatten)]
    unknown: RawObject,
}

impl MobileAppAssignmentDraft {
    /// That the app is installed for, offered to or removed from a target.
    pub fn new(intent: InstallIntent, target: AssignmentTarget) -> Self {
        Self {
            id: None,
            intent,
            target: Some(target),
            settings: None,
            unknown: RawObject::default(),
        }
    }

    /// The same with settings of the app's kind; an app of kind [`msi`](super::msi) takes none.
    pub fn with_settings(mut self, settings: impl Into<MobileAppAssignmentSettings>) -> Self {
        self.settings = Some(settings.into());
        self
    }

    /// What happens with the app.
    pub fn intent(&self) -> &InstallIntent {
        &self.intent
    }

    /// For whom.
    pub fn target(&self) -> Option<&AssignmentTarget> {
        self.target.as_ref()
    }

    /// Takes over the settings of another row, if it has any; says whether that changed something.
    pub(super) fn take_settings_of(&mut self, other: &Self) -> bool {
        let changes = other.settings.is_some() && self.settings != other.settings;
        if changes {
            self.settings.clone_from(&other.settings);
        }
        changes
    }

    fn check(&self, checker: &mut Checker) {
        let win32 = matches!(
            self.settings,
            Some(MobileAppAssignmentSettings::Win32LobApp(_))
        );
        checker.forbid(
            "intent",
            win32 && self.intent == InstallIntent::AvailableWithoutEnrollment,
            "INT-12",
            "is for phones only",
            "use available, required or uninstall",
        );
    }

    /// Both say the same of the same target.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        self.intent == other.intent && self.targets_overlap(other)
    }

    /// Both include the same group, under whatever intent.
    fn rivals(&self, other: &Self) -> bool {
        matches!(self.target, Some(AssignmentTarget::Group(_)))
            && self.intent != other.intent
            && self.targets_overlap(other)
    }

    fn targets_overlap(&self, other: &Self) -> bool {
        match (&self.target, &other.target) {
            (Some(ours), Some(theirs)) => ours.overlaps(theirs),
            _ => false,
        }
    }
}

/// A row as it is, to be sent again.
impl From<MobileAppAssignment> for MobileAppAssignmentDraft {
    fn from(mut row: MobileAppAssignment) -> Self {
        // Annotations were about the answer.
        row.unknown.retain(|name| !name.contains("@odata."));
        Self {
            id: Some(row.id),
            intent: row.intent,
            target: row.target,
            settings: row.settings,
            unknown: row.unknown,
        }
    }
}

/// All assignments of an app
/// ([assign](https://learn.microsoft.com/graph/api/intune-apps-mobileapp-assign)); what is not among them ends.
///
/// Two administrators who do this at once overwrite each other, and the service does not notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(finish_fn(name = assemble, vis = ""))]
pub struct MobileAppAssignments {
    #[builder(field)]
    mobile_app_assignments: Vec<MobileAppAssignmentDraft>,
}

impl MobileAppAssignments {
    /// The rows.
    pub fn rows(&self) -> &[MobileAppAssignmentDraft] {
        &self.mobile_app_assignments
    }
}

impl<S: mobile_app_assignments_builder::State> MobileAppAssignmentsBuilder<S> {
    /// The rows that are there already, or those of them that shall stay.
    pub fn keep(mut self, rows: impl IntoIterator<Item = MobileAppAssignment>) -> Self {
        self.mobile_app_assignments
            .extend(rows.into_iter().map(Into::into));
        self
    }

    /// One more row.
    pub fn assign(mut self, row: MobileAppAssignmentDraft) -> Self {
        self.mobile_app_assignments.push(row);
        self
    }

    /// Checks the list.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a group included under two intents (INT-10), a row that says what another says (INT-11), or a
    /// Win32 app offered without enrolment (INT-12).
    pub fn build(self) -> Result<MobileAppAssignments, Invalid>
    where
        S: mobile_app_assignments_builder::IsComplete,
    {
        let list = self.assemble();
        let rows = &list.mobile_app_assignments;
        let mut checker = Checker::new();
        let mut earlier = 0..0;
        checker.each("mobileAppAssignments", rows, |c, row| {
            row.check(c);
            let before = &rows[earlier.clone()];
            earlier.end += 1;
            c.forbid(
                "target",
                before.iter().any(|other| row.repeats(other)),
                "INT-11",
                "is named twice under this intent",
                "leave one of the rows out",
            );
            if let Some(rival) = before.iter().find(|other| row.rivals(other)) {
                c.ensure(
                    "target.groupId",
                    false,
                    "INT-10",
                    format!("is included as {} already", rival.intent),
                    "include a group under one intent only, or exclude it from one of them",
                );
            }
        });
        checker.finish(MobileAppAssignment::TYPE)?;
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::intune::settings::Win32LobAppAssignmentSettings;
    use crate::validate::Violation;

    fn row(intent: InstallIntent, target: AssignmentTarget) -> MobileAppAssignmentDraft {
        MobileAppAssignmentDraft::new(intent, target)
    }

    #[test]
    fn what_was_there_is_sent_again() {
        let before = json!({
            "@odata.type": "#microsoft.graph.mobileAppAssignment", "id": "a1", "intent": "required",
            "target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"},
            "settings": {
                "@odata.type": "#microsoft.graph.win32LobAppAssignmentSettings", "notifications": "showReboot",
                "deliveryOptimizationPriority": "foreground",
                "restartSettings": {"@odata.type": "microsoft.graph.win32LobAppRestartSettings",
                    "gracePeriodInMinutes": 4, "countdownDisplayBeforeRestartInMinutes": 6,
                    "restartNotificationSnoozeDurationInMinutes": 10},
                "installTimeSettings": {"useLocalTime": true, "startDateTime": "2017-01-01T07:58:46.7156189Z"},
            },
            "colour": "green",
        });
        let kept: MobileAppAssignment = serde_json::from_value(before.clone()).unwrap();
        assert_eq!(serde_json::to_value(&kept).unwrap(), before);
        let group = AssignmentTarget::group(&"g1".parse().unwrap());
        let all = MobileAppAssignments::builder()
            .keep([kept])
            .assign(row(InstallIntent::Available, group))
            .build()
            .unwrap();
        let added = json!({
            "@odata.type": "#microsoft.graph.mobileAppAssignment", "intent": "available",
            "target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "g1"},
            "settings": null,
        });
        assert_eq!(
            serde_json::to_value(&all).unwrap(),
            json!({"mobileAppAssignments": [before, added]})
        );
    }

    #[test]
    fn a_group_may_be_excluded_elsewhere_but_not_included_twice() {
        use InstallIntent::{AvailableWithoutEnrollment, Required, Uninstall};
        let group = "g1".parse().unwrap();
        let (included, excluded) = (
            AssignmentTarget::group(&group),
            AssignmentTarget::excluding(&group),
        );
        let install_and_remove = MobileAppAssignments::builder()
            .assign(row(Required, included.clone()))
            .assign(row(Uninstall, AssignmentTarget::all_licensed_users()))
            .assign(row(Uninstall, excluded));
        assert!(install_and_remove.build().is_ok());

        let settings = Win32LobAppAssignmentSettings::builder().build();
        let refused = MobileAppAssignments::builder()
            .assign(row(Required, included.clone()))
            .assign(row(Uninstall, included.clone()))
            .assign(row(Uninstall, included))
            .assign(
                row(AvailableWithoutEnrollment, AssignmentTarget::all_devices())
                    .with_settings(settings),
            )
            .build()
            .unwrap_err();
        let found: Vec<_> = refused
            .violations()
            .iter()
            .map(|violation| (violation.rule(), violation.path()))
            .collect();
        assert_eq!(
            found,
            [
                ("INT-10", "mobileAppAssignments[1].target.groupId"),
                ("INT-11", "mobileAppAssignments[2].target"),
                ("INT-10", "mobileAppAssignments[2].target.groupId"),
                ("INT-12", "mobileAppAssignments[3].intent"),
            ]
        );
        assert!(
            refused
                .violations()
                .iter()
                .all(|v: &Violation| !v.allowed().is_empty())
        );
    }
}
