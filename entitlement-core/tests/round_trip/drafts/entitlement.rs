//! Catalogs, packages, policies, requests, resources.

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::custom_extension::stage::CustomExtensionStage;
use entitlement_core::directory::Group;
use entitlement_core::entity::Entity;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::question::{MultipleChoiceQuestion, Question, TextInputQuestion};
use entitlement_core::policy::requestor::{
    AllowedTargetScope, AutomaticRequestSettings, RequestorSettings,
};
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::policy::{
    AssignmentPolicy, AssignmentPolicyDraft, AssignmentPolicyDraftBuilder, NotificationSettings,
};
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceAttribute, ResourceRequest, ResourceRequestDraft, RoleOrigin,
    RoleScope, RoleScopeDraft,
};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{becomes, becomes_with, days, id, instant, lend_id, name, one, words};

fn expiration() -> impl Strategy<Value = Expiration> {
    prop_oneof![
        Just(Expiration::never()),
        (1..3_660_u32).prop_map(Expiration::after_days),
        (1..800_u32).prop_map(Expiration::after_hours),
        instant().prop_map(Expiration::at),
    ]
}

fn person() -> impl Strategy<Value = SubjectSet> {
    prop_oneof![
        id().prop_map(|user| SubjectSet::user(&user)),
        id().prop_map(|group| SubjectSet::group(&group)),
    ]
}

fn stage() -> impl Strategy<Value = ApprovalStage> {
    let escalation = option::of(person());
    (
        person(),
        option::of(person()),
        8..15_u32,
        escalation,
        any::<bool>(),
    )
        .prop_map(|(approver, fallback, most, escalation, justified)| {
            let mut stage = ApprovalStage::builder()
                .primary_approver(approver)
                .duration_before_automatic_denial(IsoDuration::days(most))
                .is_approver_justification_required(justified);
            if let Some(fallback) = fallback {
                stage = stage.fallback_primary_approver(fallback);
            }
            if let Some(approver) = escalation {
                stage = stage.escalate_after(IsoDuration::days(most - 1), approver);
            }
            stage.build()
        })
}

fn question() -> impl Strategy<Value = Question> {
    let free = (name(), any::<bool>(), words()).prop_map(|(text, is_required, translated)| {
        let question = TextInputQuestion::new(text).localized("de-DE", translated);
        let question = if is_required {
            question.required()
        } else {
            question
        };
        question.into()
    });
    let choosing = (name(), vec(words(), 2..4)).prop_map(|(text, choices)| {
        let mut question = MultipleChoiceQuestion::new(text);
        for (index, choice) in choices.into_iter().enumerate() {
            question = question.choice(format!("{index}"), format!("{index} {choice}"));
        }
        question.into()
    });
    prop_oneof![free, choosing]
}

fn review() -> impl Strategy<Value = ReviewSettings> {
    (1..4_i32, instant(), days(1..28), person(), 0..3_u32).prop_map(
        |(months, first, open, person, kind)| {
            let review = ReviewSettings::every_months(months, first, open);
            match kind {
                0 => review.by(person),
                1 => review.by_manager(person),
                _ => review.by_holders(),
            }
        },
    )
}

proptest! {
    #[test]
    fn catalogs(
        name in name(), description in words(), is_visible in option::of(any::<bool>()),
        state in option::of(one(&[CatalogState::Published, CatalogState::Unpublished])),
    ) {
        let draft = CatalogDraft::builder(name)
            .description(description)
            .maybe_state(state)
            .maybe_is_externally_visible(is_visible)
            .build()?;
        becomes::<Catalog>(&draft)?;
    }

    #[test]
    fn packages(catalog in id::<Catalog>(), name in name(), description in words(), is_hidden: bool) {
        let draft = AccessPackageDraft::builder(&catalog, name)
            .description(description)
            .is_hidden(is_hidden)
            .build()?;
        let package: AccessPackage = becomes(&draft)?;
        prop_assert_eq!(package.catalog.loaded().map(|catalog| catalog.id()), Some(&catalog));
    }

    #[test]
    fn policies(
        package in id::<AccessPackage>(), name in name(), description in words(), expiration in expiration(),
        stages in vec(stage(), 0..4), questions in vec(question(), 0..4), review in option::of(review()),
        targets in vec(person(), 1..4), is_named: bool,
    ) {
        let mut draft = AssignmentPolicyDraft::builder(&package, name);
        let mut scope = AllowedTargetScope::AllMemberUsers;
        if is_named {
            scope = AllowedTargetScope::SpecificDirectoryUsers;
            draft = targets.into_iter().fold(draft, AssignmentPolicyDraftBuilder::specific_allowed_target);
        }
        let draft = questions.into_iter().fold(draft, AssignmentPolicyDraftBuilder::question);
        let approval = match stages.as_slice() {
            [] => ApprovalSettings::none(),
            _ => ApprovalSettings::in_stages(stages).for_extensions_too().with_requestor_justification(),
        };
        let draft = draft
            .description(description)
            .allowed_target_scope(scope)
            .expiration(expiration)
            .requestor_settings(RequestorSettings::self_service().with_extension().with_custom_schedule())
            .request_approval_settings(approval)
            .maybe_review_settings(review)
            .build()?;
        let policy: AssignmentPolicy = becomes(&draft)?;
        policy.validate()?;
    }

    #[test]
    fn automatic_policies(
        package in id::<AccessPackage>(), name in name(), rule in name(), grace in option::of(days(0..30)),
        is_removed: bool, is_quiet: bool, extension in id::<CustomExtension>(),
    ) {
        let mut automatic = AutomaticRequestSettings::default();
        automatic.request_access_for_allowed_targets = Some(true);
        automatic.remove_access_when_target_leaves_allowed_targets = Some(is_removed);
        automatic.grace_period_before_access_removal = grace.filter(|_| is_removed);
        let mut notification = NotificationSettings::default();
        notification.is_assignment_notification_disabled = is_quiet;
        let kind = "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension";
        let extension: CustomExtension = serde_json::from_value(json!({"@odata.type": kind, "id": extension}))?;
        let draft = AssignmentPolicyDraft::builder(&package, name)
            .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
            .specific_allowed_target(SubjectSet::rule(rule))
            .automatic_request_settings(automatic)
            .notification_settings(notification)
            .custom_extension(CustomExtensionStage::AssignmentRequestGranted, &extension)
            .build()?;
        let policy: AssignmentPolicy = becomes(&draft)?;
        policy.validate()?;
    }

    #[test]
    fn requests(
        package in id(), policy in id(), target in id(), assignment in id(), kind in 0..6_u32,
        justification in option::of(words()), start in option::of(instant()), expiration in expiration(),
        question in id::<Question>(), answer in words(),
    ) {
        let mut draft = match kind {
            0 => AssignmentRequestDraft::user_add(&package),
            1 => AssignmentRequestDraft::admin_add(&package, &policy, &target),
            2 => AssignmentRequestDraft::user_update(&assignment),
            3 => AssignmentRequestDraft::admin_update(&assignment),
            4 => AssignmentRequestDraft::user_remove(&assignment),
            _ => AssignmentRequestDraft::admin_remove(&assignment),
        };
        let mut schedule = None;
        if kind < 4 {
            let asked = json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": question});
            let asked: Question = serde_json::from_value(asked)?;
            draft = draft.answer(&asked, answer);
            let lasting = Schedule::lasting(expiration.clone());
            schedule = match (start, expiration.end_date_time) {
                (Some(start), None) => Some(Schedule::starting(start).until(expiration)),
                _ => Some(lasting),
            };
        }
        let draft = draft.maybe_justification(justification).maybe_schedule(schedule).build()?;
        becomes_with::<AssignmentRequest>(&draft, |sent| {
            // The service takes these three without having them (REQ-2).
            let assignment = sent["assignment"].as_object_mut().expect("it is about an assignment");
            assignment.retain(|name, _| name == "id");
            lend_id(&mut sent["assignment"]);
        })?;
    }

    #[test]
    fn resource_requests(
        catalog in id(), group in id::<Group>(), resource in id::<Resource>(), name in name(), kind in 0..4_u32,
        attributes in vec("[a-z]{4,8}", 0..3), question in question(),
    ) {
        let read = json!({"id": resource, "originId": group, "originSystem": "AadGroup"});
        let read: Resource = serde_json::from_value(read)?;
        let attributes = attributes.into_iter().enumerate().map(|(index, attribute)| {
            ResourceAttribute::of_user(format!("{attribute}{index}"), question.clone()).not_editable()
        });
        let draft = match kind {
            0 => ResourceRequestDraft::add_group(&catalog, &group),
            1 => {
                let group = group.to_string();
                ResourceRequestDraft::add(&catalog, OriginSystem::AadGroup, group).display_name(name).build()?
            }
            2 => ResourceRequestDraft::update(&catalog, &read, attributes)?,
            _ => ResourceRequestDraft::remove(&catalog, &resource),
        };
        becomes_with::<ResourceRequest>(&draft, |sent| lend_id(&mut sent["resource"]))?;
    }

    #[test]
    fn role_scopes(group in id(), resource in id::<Resource>(), name in words(), is_used: bool, is_owner: bool) {
        let role = if is_owner { RoleOrigin::owner_of(&group) } else { RoleOrigin::member_of(&group) };
        let mut read = json!({"id": resource, "originId": group, "originSystem": "AadGroup"});
        if is_used {
            read["roles"] = json!([{"id": "r1", "displayName": name, "originId": role.to_string()}]);
            read["scopes"] = json!([{"id": "s1", "originId": group, "isRootScope": true}]);
        }
        let read: Resource = serde_json::from_value(read)?;
        let draft = RoleScopeDraft::whole_resource(&read, &role)?;
        becomes_with::<RoleScope>(&draft, |sent: &mut Value| {
            lend_id(&mut sent["role"]);
            lend_id(&mut sent["scope"]);
        })?;
    }
}
