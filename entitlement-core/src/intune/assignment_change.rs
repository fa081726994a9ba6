//! Some rows more, some rows fewer: changing an app's assignments without touching those of others.
//!
//! The service takes the whole list only. An [`AssignmentChange`] says what is wanted of it, and makes the list that is
//! to be sent of the one that is there:
//!
//! ```
//! use entitlement_core::intune::assignment::{InstallIntent, MobileAppAssignment};
//! use entitlement_core::intune::assignment_change::AssignmentChange;
//! use entitlement_core::intune::target::AssignmentTarget;
//!
//! let there: Vec<MobileAppAssignment> = serde_json::from_str(
//!     r##"[{"id": "1", "intent": "available",
//!           "target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}]"##,
//! )?;
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let change = AssignmentChange::new().assign(InstallIntent::Required, AssignmentTarget::group(&group));
//! let all = change.apply(there)?.expect("a row is missing");
//! assert_eq!(all.rows().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use super::assignment::{
    InstallIntent, MobileAppAssignment, MobileAppAssignmentDraft, MobileAppAssignments,
};
use super::target::AssignmentTarget;
use crate::validate::Invalid;

/// What is wanted of an app's assignments; all that it does not mention stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "this only says what is wanted"]
pub struct AssignmentChange {
    add: Vec<MobileAppAssignmentDraft>,
    remove: Vec<(InstallIntent, AssignmentTarget)>,
}

impl AssignmentChange {
    /// Nothing, to begin with.
    pub fn new() -> Self {
        Self::default()
    }

    /// The app is to be installed for, offered to or removed from a target.
    ///
    /// Where a row says so already it stays as it is, its filter and settings included.
    pub fn assign(self, intent: InstallIntent, target: AssignmentTarget) -> Self {
        self.row(MobileAppAssignmentDraft::new(intent, target))
    }

    /// The same with settings, which take the place of those that are there.
    pub fn row(mut self, row: MobileAppAssignmentDraft) -> Self {
        self.add.push(row);
        self
    }

    /// A target is no longer meant under this intent, whatever its filter.
    pub fn unassign(mut self, intent: InstallIntent, target: AssignmentTarget) -> Self {
        self.remove.push((intent, target));
        self
    }

    /// The whole list to be sent, made of the one that is there; `None` if that is as wanted.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if the list breaks a rule: above all if somebody included a wanted group under another intent
    /// (INT-10). What is to end has to be said with [`unassign`](Self::unassign).
    pub fn apply(
        &self,
        before: impl IntoIterator<Item = MobileAppAssignment>,
    ) -> Result<Option<MobileAppAssignments>, Invalid> {
        let mut rows: Vec<MobileAppAssignmentDraft> = before.into_iter().map(Into::into).collect();
        let there = rows.len();
        rows.retain(|row| {
            let ends = |(intent, target): &(InstallIntent, AssignmentTarget)| {
                row.intent() == intent && row.target().is_some_and(|known| known.overlaps(target))
            };
            !self.remove.iter().any(ends)
        });
        let mut changes = rows.len() != there;
        for wanted in &self.add {
            if let Some(row) = rows.iter_mut().find(|row| row.repeats(wanted)) {
                changes |= row.take_settings_of(wanted);
            } else {
                rows.push(wanted.clone());
                changes = true;
            }
        }
        if !changes {
            return Ok(None);
        }
        let mut list = MobileAppAssignments::builder();
        for row in rows {
            list = list.assign(row);
        }
        list.build().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::intune::settings::{Win32LobAppAssignmentSettings, Win32LobAppNotification};
    use crate::intune::target::AssignmentFilter;

    fn group(id: &str) -> AssignmentTarget {
        AssignmentTarget::group(&id.parse().unwrap())
    }

    fn there() -> Vec<MobileAppAssignment> {
        let row = |id: &str, intent: &str, target: Value| json!({"id": id, "intent": intent, "target": target, "colour": id});
        let filtered = group("g1").filtered(AssignmentFilter::including("f1"));
        serde_json::from_value(json!([
            row("1", "required", serde_json::to_value(filtered).unwrap()),
            row(
                "2",
                "uninstall",
                json!({"@odata.type": "#microsoft.graph.allRobotsAssignmentTarget", "model": "T"})
            ),
        ]))
        .unwrap()
    }

    fn sent(change: &AssignmentChange) -> Vec<Value> {
        let all = change.apply(there()).unwrap().expect("a change");
        let body = serde_json::to_value(&all).unwrap();
        body["mobileAppAssignments"].as_array().unwrap().clone()
    }

    #[test]
    fn what_others_said_is_sent_again_as_it_was() {
        let change = AssignmentChange::new().assign(InstallIntent::Uninstall, group("g2"));
        let sent = sent(&change);
        assert_eq!(sent.len(), 3);
        let filter = &sent[0]["target"]["deviceAndAppManagementAssignmentFilterId"];
        assert_eq!((&sent[0]["colour"], filter), (&json!("1"), &json!("f1")));
        assert_eq!(sent[1]["target"]["model"], "T");
        assert_eq!(sent[2]["target"]["groupId"], "g2");
    }

    #[test]
    fn what_is_as_wanted_is_not_sent() {
        let same = AssignmentChange::new().assign(InstallIntent::Required, group("g1"));
        assert_eq!(same.apply(there()).unwrap(), None);
        let absent = AssignmentChange::new().unassign(InstallIntent::Available, group("g1"));
        assert_eq!(absent.apply(there()).unwrap(), None);
        let quiet = Win32LobAppAssignmentSettings::builder()
            .notifications(Win32LobAppNotification::HideAll)
            .build();
        let row = MobileAppAssignmentDraft::new(InstallIntent::Required, group("g1"));
        let sent = sent(&AssignmentChange::new().row(row.with_settings(quiet)));
        assert_eq!(sent[0]["settings"]["notifications"], "hideAll");
        assert_eq!((&sent[0]["id"], sent.len()), (&json!("1"), 2));
    }

    #[test]
    fn a_group_changes_sides_only_if_told_so() {
        let other_side = AssignmentChange::new().assign(InstallIntent::Uninstall, group("g1"));
        let refused = other_side.apply(there()).unwrap_err();
        assert_eq!(refused.violations()[0].rule(), "INT-10");
        let sent = sent(&other_side.unassign(InstallIntent::Required, group("g1")));
        let intents: Vec<_> = sent.iter().map(|row| row["intent"].clone()).collect();
        assert_eq!(intents, ["uninstall", "uninstall"]);
    }
}
