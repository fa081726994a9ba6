//! What needs the largest licence (LIC-2).

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::insight::InsightSetting;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::subject_set::SubjectSet;

use crate::world::origin::RoleKind;

/// What of a policy does.
pub(super) fn of_policy(settings: &AssignmentPolicy) -> Option<&'static str> {
    if settings.automatic_request_settings.is_some() {
        return Some("automatic assignment");
    }
    let requestors = settings.requestor_settings.as_ref();
    if requestors.is_some_and(|settings| !settings.on_behalf_requestors.is_empty()) {
        return Some("requests on behalf of others");
    }
    if !settings.custom_extension_stage_settings.items().is_empty() {
        return Some("custom extensions");
    }
    let approval = settings.request_approval_settings.iter();
    let stages = approval.flat_map(|approval| &approval.stages);
    let mut approvers = stages.flat_map(|stage| {
        let primary = stage.primary_approvers.iter();
        primary
            .chain(&stage.fallback_primary_approvers)
            .chain(&stage.escalation_approvers)
            .chain(&stage.fallback_escalation_approvers)
    });
    let is_sponsor = |set: &SubjectSet| {
        matches!(
            set,
            SubjectSet::InternalSponsors(_)
                | SubjectSet::ExternalSponsors(_)
                | SubjectSet::TargetUserSponsors(_)
        )
    };
    approvers.any(is_sponsor).then_some("sponsors as approvers")
}

/// What of the roles that packages grant does.
pub(super) fn of_role(kind: RoleKind) -> Option<&'static str> {
    match kind {
        RoleKind::EligibleMember | RoleKind::EligibleOwner => {
            Some("a group role that is activated when it is needed")
        }
        RoleKind::Active | RoleKind::Eligible => Some("a directory role in a package"),
        RoleKind::Member | RoleKind::Owner | RoleKind::App(_) | RoleKind::Site(_) => None,
    }
}

/// What of a review does.
pub(super) fn of_review(definition: &ScheduleDefinition) -> Option<&'static str> {
    let mut scopes = definition
        .scope
        .iter()
        .chain(&definition.instance_enumeration_scope);
    if scopes.any(is_about_inactive) {
        return Some("a review of people who do not sign in");
    }
    let settings = definition.settings.iter();
    let mut insights = settings.flat_map(|settings| &settings.recommendation_insight_settings);
    let compares =
        |insight: &InsightSetting| matches!(insight, InsightSetting::GroupPeerOutlier(_));
    insights
        .any(compares)
        .then_some("recommendations that compare people with their peers")
}

fn is_about_inactive(scope: &Scope) -> bool {
    match scope {
        Scope::InactiveUsers(_) => true,
        Scope::PrincipalResourceMemberships(memberships) => {
            let mut inner = memberships
                .principal_scopes
                .iter()
                .chain(&memberships.resource_scopes);
            inner.any(is_about_inactive)
        }
        _ => false,
    }
}
