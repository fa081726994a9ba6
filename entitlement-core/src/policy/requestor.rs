//! Who may ask, and what they may ask for.
//!
//! A policy's [`AllowedTargetScope`] says for whom it is; its [`RequestorSettings`] say whether those people may ask
//! themselves, extend, or give access back.
//!
//! ```
//! use entitlement_core::policy::requestor::RequestorSettings;
//!
//! let settings = RequestorSettings::self_service().with_extension().with_custom_schedule();
//! assert_eq!(settings.enable_targets_to_self_update_access, Some(true));
//! ```

use serde::{Deserialize, Serialize};

use crate::subject_set::SubjectSet;
use crate::time::IsoDuration;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// For whom a policy is (`allowedTargetScope`).
    AllowedTargetScope = "allowedTargetScope" {
        /// Nobody may ask; administrators assign.
        NotSpecified = "notSpecified",
        /// The people and groups named in the policy.
        SpecificDirectoryUsers = "specificDirectoryUsers",
        /// The people of the partner organisations named in the policy.
        SpecificConnectedOrganizationUsers = "specificConnectedOrganizationUsers",
        /// The applications named in the policy.
        SpecificDirectoryServicePrincipals = "specificDirectoryServicePrincipals",
        /// Everybody in the tenant but guests.
        AllMemberUsers = "allMemberUsers",
        /// Everybody in the tenant.
        AllDirectoryUsers = "allDirectoryUsers",
        /// Every application in the tenant.
        AllDirectoryServicePrincipals = "allDirectoryServicePrincipals",
        /// Everybody of every configured partner organisation.
        AllConfiguredConnectedOrganizationUsers = "allConfiguredConnectedOrganizationUsers",
        /// Everybody from outside.
        AllExternalUsers = "allExternalUsers",
        /// Every agent identity in the tenant.
        AllDirectoryAgentIdentities = "allDirectoryAgentIdentities",
    }
}

impl AllowedTargetScope {
    /// Whether the policy must name its targets (POL-20).
    pub fn names_targets(&self) -> bool {
        matches!(
            self,
            Self::SpecificDirectoryUsers
                | Self::SpecificConnectedOrganizationUsers
                | Self::SpecificDirectoryServicePrincipals
        )
    }

    /// POL-20, POL-21 and POL-24: the targets must be named, or not, and be of the kind that the scope is about.
    pub(super) fn check_targets(&self, targets: &[SubjectSet], checker: &mut Checker) {
        if let Self::Unknown(name) = self {
            let never = ["NoSubjects", "unknownFutureValue"];
            checker.forbid(
                "allowedTargetScope",
                never.iter().any(|other| name.eq_ignore_ascii_case(other)),
                "POL-21",
                format!("{name} is refused"),
                "use notSpecified if nobody may ask",
            );
            return;
        }
        if !self.names_targets() {
            checker.ensure(
                "specificAllowedTargets",
                targets.is_empty(),
                "POL-20",
                format!(
                    "names {} targets although the scope is {self}",
                    targets.len()
                ),
                "leave it empty, or use a scope that begins with `specific`",
            );
            return;
        }
        let (most, kinds) = match self {
            Self::SpecificConnectedOrganizationUsers => (1_000, "connected organizations"),
            Self::SpecificDirectoryServicePrincipals => (500, "service principals"),
            _ => (500, "users, groups or one rule"),
        };
        checker.forbid(
            "specificAllowedTargets",
            targets.is_empty(),
            "POL-20",
            format!("is empty although the scope is {self}"),
            format!("name at least one of: {kinds}"),
        );
        checker.ensure(
            "specificAllowedTargets",
            targets.len() <= most,
            "POL-24",
            format!("names {} targets", targets.len()),
            format!("name at most {most}"),
        );
        checker.each("specificAllowedTargets", targets, |c, target| {
            target.check(c);
            if !self.takes(target) {
                c.refuse(
                    "POL-20",
                    format!("does not go with the scope {self}"),
                    format!("name {kinds}"),
                );
            }
        });
    }

    fn takes(&self, target: &SubjectSet) -> bool {
        use SubjectSet as S;
        match target {
            S::SingleUser(_) | S::GroupMembers(_) | S::AttributeRuleMembers(_) => {
                *self == Self::SpecificDirectoryUsers
            }
            S::ConnectedOrganizationMembers(_) => *self == Self::SpecificConnectedOrganizationUsers,
            S::SingleServicePrincipal(_) => *self == Self::SpecificDirectoryServicePrincipals,
            S::Unknown(_) => true,
            _ => false,
        }
    }
}

/// What the people in scope may ask for
/// ([accessPackageAssignmentRequestorSettings](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestorsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestorSettings {
    /// They may ask for access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_targets_to_self_add_access: Option<bool>,
    /// They may ask to extend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_targets_to_self_update_access: Option<bool>,
    /// They may give it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_targets_to_self_remove_access: Option<bool>,
    /// They may choose start and end within what the policy allows (EXP-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_custom_assignment_schedule: Option<bool>,
    /// Others may ask for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_on_behalf_requestors_to_add_access: Option<bool>,
    /// Others may ask to extend it for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_on_behalf_requestors_to_update_access: Option<bool>,
    /// Others may give it back for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_on_behalf_requestors_to_remove_access: Option<bool>,
    /// Who those others are.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub on_behalf_requestors: Vec<SubjectSet>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl RequestorSettings {
    /// Nobody asks; administrators assign (POL-40).
    pub fn administrators_only() -> Self {
        Self {
            enable_targets_to_self_add_access: Some(false),
            enable_targets_to_self_update_access: Some(false),
            enable_targets_to_self_remove_access: Some(false),
            allow_custom_assignment_schedule: Some(false),
            enable_on_behalf_requestors_to_add_access: Some(false),
            enable_on_behalf_requestors_to_update_access: Some(false),
            enable_on_behalf_requestors_to_remove_access: Some(false),
            on_behalf_requestors: Vec::new(),
            unknown: RawObject::default(),
        }
    }

    /// People ask for themselves and may give access back.
    pub fn self_service() -> Self {
        Self {
            enable_targets_to_self_add_access: Some(true),
            enable_targets_to_self_remove_access: Some(true),
            ..Self::administrators_only()
        }
    }

    /// The same, and they may ask for longer (EXP-8).
    pub fn with_extension(mut self) -> Self {
        self.enable_targets_to_self_update_access = Some(true);
        self
    }

    /// The same, and they may choose start and end (EXP-6).
    pub fn with_custom_schedule(mut self) -> Self {
        self.allow_custom_assignment_schedule = Some(true);
        self
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        checker.each(
            "onBehalfRequestors",
            &self.on_behalf_requestors,
            |c, set| set.check(c),
        );
    }
}

/// Assignment by rule, without anybody asking
/// ([accessPackageAutomaticRequestSettings](https://learn.microsoft.com/graph/api/resources/accesspackageautomaticrequestsettings)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutomaticRequestSettings {
    /// Whoever matches the rule gets access (AUTO-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_access_for_allowed_targets: Option<bool>,
    /// Whoever stops matching loses it (AUTO-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_access_when_target_leaves_allowed_targets: Option<bool>,
    /// How long they keep it after that (AUTO-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_period_before_access_removal: Option<IsoDuration>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl AutomaticRequestSettings {
    /// AUTO-5 and EXP-3: a grace period of days or hours.
    pub(super) fn check(&self, checker: &mut Checker) {
        let Some(grace) = self.grace_period_before_access_removal else {
            return;
        };
        let calendar = grace.has_calendar_units();
        checker.forbid(
            "gracePeriodBeforeAccessRemoval",
            calendar,
            "EXP-3",
            format!("{grace} uses years, months or weeks"),
            "use days and hours",
        );
        checker.forbid(
            "gracePeriodBeforeAccessRemoval",
            !calendar && grace.is_negative(),
            "AUTO-5",
            format!("{grace} is over before it begins"),
            "use days or hours, or leave it out to remove access at once",
        );
    }
}
