//! Who must consent to a request, stage by stage.
//!
//! [`ApprovalSettings`] belong to a policy and hold up to three [`ApprovalStage`]s. The stages run in order, one
//! approver decides a stage, one denial ends the request (APV-3).
//!
//! ```
//! use entitlement_core::directory::User;
//! use entitlement_core::entity::Id;
//! use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
//! use entitlement_core::subject_set::SubjectSet;
//! use entitlement_core::time::IsoDuration;
//!
//! let deputy: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let by_manager = ApprovalStage::builder()
//!     .primary_approver(SubjectSet::manager())
//!     .fallback_primary_approver(SubjectSet::user(&deputy))
//!     .duration_before_automatic_denial(IsoDuration::days(14))
//!     .is_approver_justification_required(true)
//!     .build();
//! let settings = ApprovalSettings::in_stages([by_manager]).with_requestor_justification();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::subject_set::SubjectSet;
use crate::time::IsoDuration;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Whether requestors see who approves (`approverInformationVisibility`, APV-15).
    ApproverInformationVisibility = "approverInformationVisibility" {
        /// As the tenant's setting says.
        Default = "default",
        /// They do not.
        NotVisible = "notVisible",
        /// They do.
        Visible = "visible",
    }
}

/// What a request needs before access is given
/// ([accessPackageAssignmentApprovalSettings](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentapprovalsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApprovalSettings {
    /// Asking for access needs consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approval_required_for_add: Option<bool>,
    /// Asking for longer needs consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approval_required_for_update: Option<bool>,
    /// Whoever asks must say why (APV-14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_requestor_justification_required: Option<bool>,
    /// The stages, in order; at most three (APV-1).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub stages: Vec<ApprovalStage>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl ApprovalSettings {
    /// Access is given to whoever may ask.
    pub fn none() -> Self {
        Self {
            is_approval_required_for_add: Some(false),
            is_approval_required_for_update: Some(false),
            is_requestor_justification_required: Some(false),
            stages: Vec::new(),
            unknown: RawObject::default(),
        }
    }

    /// Asking for access needs the consent of these stages, one after the other; asking for longer does not.
    pub fn in_stages(stages: impl IntoIterator<Item = ApprovalStage>) -> Self {
        Self {
            is_approval_required_for_add: Some(true),
            stages: stages.into_iter().collect(),
            ..Self::none()
        }
    }

    /// The same, and asking for longer needs the same consent (EXP-8).
    pub fn for_extensions_too(mut self) -> Self {
        self.is_approval_required_for_update = Some(true);
        self
    }

    /// The same, and whoever asks must say why.
    pub fn with_requestor_justification(mut self) -> Self {
        self.is_requestor_justification_required = Some(true);
        self
    }

    /// Whether any kind of request needs consent.
    pub fn requires_approval(&self) -> bool {
        self.is_approval_required_for_add == Some(true)
            || self.is_approval_required_for_update == Some(true)
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        checker.forbid(
            "stages",
            self.requires_approval() && self.stages.is_empty(),
            "APV-2",
            "is empty although approval is required",
            "add one to three stages, or require no approval",
        );
        checker.ensure(
            "stages",
            self.stages.len() <= 3,
            "APV-1",
            format!("has {} stages", self.stages.len()),
            "use at most 3",
        );
        let managed = |stage: &ApprovalStage| {
            let lists = stage.lists().into_iter();
            lists.flat_map(|(_, approvers)| approvers).any(is_manager)
        };
        let managers = self.stages.iter().filter(|stage| managed(stage)).count();
        checker.ensure(
            "stages",
            managers <= 1,
            "APV-9",
            format!("{managers} stages name the requestor's manager"),
            "name managers in one stage only, such as the first in line and then the second",
        );
        checker.each("stages", &self.stages, |c, stage| stage.check(c));
    }
}

fn is_manager(set: &SubjectSet) -> bool {
    matches!(set, SubjectSet::RequestorManager(_))
}

open_enum! {
    /// Who decides how a stage is decided: the kinds of `accessPackageApprovalStage`, which do not differ in anything
    /// else.
    ApprovalStageKind = "accessPackageApprovalStage" {
        /// The policy does, with the approvers it names.
        Fixed = "#microsoft.graph.accessPackageApprovalStage" | "microsoft.graph.accessPackageApprovalStage",
        /// A custom extension does, for each request (APV-21).
        Dynamic = "#microsoft.graph.accessPackageDynamicApprovalStage"
            | "microsoft.graph.accessPackageDynamicApprovalStage",
    }
}

/// One stage of consent
/// ([accessPackageApprovalStage](https://learn.microsoft.com/graph/api/resources/accesspackageapprovalstage)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ApprovalStage {
    /// Who decides; one of them is enough.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    #[builder(field)]
    pub primary_approvers: Vec<SubjectSet>,
    /// Who decides if the primary approvers cannot be found (APV-10).
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    #[builder(field)]
    pub fallback_primary_approvers: Vec<SubjectSet>,
    /// Who may decide too once `duration_before_escalation` has passed.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    #[builder(field)]
    pub escalation_approvers: Vec<SubjectSet>,
    /// Who may decide then if the escalation approvers cannot be found.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    #[builder(field)]
    pub fallback_escalation_approvers: Vec<SubjectSet>,
    /// Whether the request is forwarded when nobody decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[builder(field = Some(false))]
    pub is_escalation_enabled: Option<bool>,
    /// After how long it is forwarded; whole days, `PT0S` without escalation (APV-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[builder(field = Some(IsoDuration::zero()))]
    pub duration_before_escalation: Option<IsoDuration>,
    /// After how long without a decision the request is denied; whole days, usually up to 14 (APV-4, APV-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_before_automatic_denial: Option<IsoDuration>,
    /// Whether approvers must say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_approver_justification_required: Option<bool>,
    /// Whether requestors see who approves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver_information_visibility: Option<ApproverInformationVisibility>,
    /// Who decides how it is decided; the policy does where nothing is said.
    #[serde(
        rename = "@odata.type",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    #[builder(skip)]
    pub kind: Option<ApprovalStageKind>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl<S: approval_stage_builder::State> ApprovalStageBuilder<S> {
    /// One more who may decide.
    pub fn primary_approver(mut self, approver: SubjectSet) -> Self {
        self.primary_approvers.push(approver);
        self
    }

    /// One more who decides if the primary approvers cannot be found.
    pub fn fallback_primary_approver(mut self, approver: SubjectSet) -> Self {
        self.fallback_primary_approvers.push(approver);
        self
    }

    /// Forwards the request to one more approver if nobody has decided after `wait`; whole days.
    pub fn escalate_after(mut self, wait: IsoDuration, approver: SubjectSet) -> Self {
        self.is_escalation_enabled = Some(true);
        self.duration_before_escalation = Some(wait);
        self.escalation_approvers.push(approver);
        self
    }

    /// One more who decides if the escalation approvers cannot be found.
    pub fn fallback_escalation_approver(mut self, approver: SubjectSet) -> Self {
        self.fallback_escalation_approvers.push(approver);
        self
    }
}

impl ApprovalStage {
    /// A stage whose approvers a custom extension names for each request (APV-21); the policy must have one called for
    /// that.
    pub fn dynamic() -> Self {
        Self {
            kind: Some(ApprovalStageKind::Dynamic),
            primary_approvers: Vec::new(),
            fallback_primary_approvers: Vec::new(),
            escalation_approvers: Vec::new(),
            fallback_escalation_approvers: Vec::new(),
            is_escalation_enabled: None,
            duration_before_escalation: None,
            duration_before_automatic_denial: None,
            is_approver_justification_required: None,
            approver_information_visibility: None,
            unknown: RawObject::default(),
        }
    }

    /// Whether a custom extension names the approvers, or something else that this version does not know.
    pub fn is_dynamic(&self) -> bool {
        !matches!(self.kind, None | Some(ApprovalStageKind::Fixed))
    }

    /// Everybody who may come to decide, by wire name.
    fn lists(&self) -> [(&'static str, &[SubjectSet]); 4] {
        [
            ("primaryApprovers", &self.primary_approvers),
            ("fallbackPrimaryApprovers", &self.fallback_primary_approvers),
            ("escalationApprovers", &self.escalation_approvers),
            (
                "fallbackEscalationApprovers",
                &self.fallback_escalation_approvers,
            ),
        ]
    }

    fn check(&self, checker: &mut Checker) {
        if self.is_dynamic() {
            return;
        }
        let nobody =
            self.primary_approvers.is_empty() && self.fallback_primary_approvers.is_empty();
        checker.forbid(
            "primaryApprovers",
            nobody,
            "APV-8",
            "nobody could decide",
            "name at least one approver, or a fallback approver",
        );
        for (name, approvers) in self.lists() {
            checker.each(name, approvers, |c, approver| {
                approver.check(c);
                if !may_approve(approver) {
                    c.refuse(
                        "POL-31",
                        "cannot approve",
                        "name users, groups, the requestor's manager, or sponsors",
                    );
                }
            });
        }
        for (primary, fallback, fallback_name) in [
            (
                &self.primary_approvers,
                &self.fallback_primary_approvers,
                "fallbackPrimaryApprovers",
            ),
            (
                &self.escalation_approvers,
                &self.fallback_escalation_approvers,
                "fallbackEscalationApprovers",
            ),
        ] {
            let unsure = !primary.is_empty() && primary.iter().all(SubjectSet::needs_fallback);
            checker.forbid(
                fallback_name,
                unsure && fallback.is_empty(),
                "APV-9",
                "is empty although the approvers are managers or sponsors, who may be missing",
                "name somebody who decides in their place",
            );
        }
        self.check_time(checker);
    }

    /// APV-5 to APV-8: whole days, and an escalation that leaves both sides time.
    fn check_time(&self, checker: &mut Checker) {
        let total = self
            .duration_before_automatic_denial
            .and_then(|time| time.whole_days());
        checker.ensure(
            "durationBeforeAutomaticDenial",
            total.is_some_and(|days| (1..=14).contains(&days)),
            "APV-5",
            match self.duration_before_automatic_denial {
                Some(time) => format!("{time} is not a number of days from 1 to 14"),
                None => "is missing".to_owned(),
            },
            "use whole days from P1D to P14D",
        );
        if self.is_escalation_enabled != Some(true) {
            let off = self
                .duration_before_escalation
                .is_none_or(|wait| wait.is_zero());
            checker.ensure(
                "durationBeforeEscalation",
                off && self.escalation_approvers.is_empty(),
                "APV-6",
                "is set although escalation is off",
                "turn escalation on, or use PT0S and no escalation approvers",
            );
            return;
        }
        checker.forbid(
            "escalationApprovers",
            self.escalation_approvers.is_empty() && self.fallback_escalation_approvers.is_empty(),
            "APV-8",
            "is empty although escalation is on",
            "name at least one escalation approver",
        );
        let wait = self
            .duration_before_escalation
            .and_then(|wait| wait.whole_days());
        let Some(total) = total else { return };
        let (earliest, latest) = (total / 2 + 1, total - 1);
        let fine = total >= 4 && wait.is_some_and(|days| (earliest..=latest).contains(&days));
        let allowed = if total >= 4 {
            format!("with {total} days to decide, forward after {earliest} to {latest} days")
        } else {
            "give the stage at least 4 days, or turn escalation off".to_owned()
        };
        checker.ensure(
            "durationBeforeEscalation",
            fine,
            "APV-7",
            "leaves one side too little time",
            allowed,
        );
    }
}

/// POL-31, widened by the kinds that the schema has for approvers since.
fn may_approve(set: &SubjectSet) -> bool {
    use SubjectSet as S;
    !matches!(
        set,
        S::ConnectedOrganizationMembers(_)
            | S::SingleServicePrincipal(_)
            | S::AttributeRuleMembers(_)
            | S::TargetManager(_)
            | S::RuleBased(_)
            | S::GroupBased(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dynamic_stages_survive_and_need_no_approvers() {
        let settings = json!({
            "isApprovalRequiredForAdd": true,
            "stages": [{
                "@odata.type": "#microsoft.graph.accessPackageDynamicApprovalStage",
                "durationBeforeAutomaticDenial": "P2D",
                "primaryApprovers": [],
                "fallbackPrimaryApprovers": [],
                "escalationApprovers": [],
                "fallbackEscalationApprovers": []
            }]
        });
        let read: ApprovalSettings = crate::wire::decode_value(settings.clone()).unwrap();
        assert!(read.stages[0].is_dynamic());
        assert_eq!(serde_json::to_value(&read).unwrap(), settings);

        let verdict = |stage| {
            let mut checker = Checker::new();
            ApprovalSettings::in_stages([stage]).check(&mut checker);
            checker.finish("x").is_ok()
        };
        assert!(verdict(ApprovalStage::dynamic()));
        assert!(!verdict(ApprovalStage::builder().build()));
    }
}
