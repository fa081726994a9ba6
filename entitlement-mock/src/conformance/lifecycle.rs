//! From request to membership and back again.

use entitlement_core::approval::{ReviewResult, StageDecision, StageStatus};
use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::ApprovalStage;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::{RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;

use super::Backend;
use super::fixture::{
    Shelf, add_group, approval_for, ask, assignments, code, decide, is_member, new_group,
    new_package, open_policy, stage_of,
};

fn days(count: u32) -> IsoDuration {
    IsoDuration::days(count)
}

/// Scenario 3: accepted, pending, approved by the first of two approvers, delivered (REQ-10, APR-5, APV-16).
pub async fn scenario_03_from_request_to_membership(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (first, second, ada) = (
        backend.join("first", None),
        backend.join("second", None),
        backend.join("ada", None),
    );
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(&first))
        .primary_approver(SubjectSet::user(&second))
        .duration_before_automatic_denial(days(14))
        .build();
    shelf
        .add_policy(open_policy(&shelf.package.id, "Consent", [stage]))
        .await;
    let client = backend.sign_in(&ada);

    let accepted = ask(&client, &shelf.package.id).await.expect("a request");
    assert_eq!(accepted.state, Some(RequestState::Submitted));
    assert_eq!(accepted.status.as_deref(), Some("Accepted"));
    assert_eq!(
        accepted.created_date_time, None,
        "REQ-10: dates appear on the next read"
    );

    let pending = client
        .entitlement()
        .requests()
        .get(&accepted.id)
        .await
        .expect("the request");
    assert_eq!(pending.state, Some(RequestState::PendingApproval));
    assert!(pending.created_date_time.is_some() && pending.completed_date_time.is_none());
    assert!(!shelf.is_member(&ada).await);

    let (first, second) = (backend.sign_in(&first), backend.sign_in(&second));
    let approval = approval_for(&first, &pending).await.expect("the approval");
    let stage = approval.pending_stage().expect("a stage");
    assert_eq!(stage.assigned_to_me, Some(true));
    assert_eq!(stage.review_result, Some(ReviewResult::NotReviewed));
    decide(&first, &pending, &StageDecision::approve("Fine"))
        .await
        .expect("a decision");
    let late = decide(&second, &pending, &StageDecision::deny("No")).await;
    assert!(late.expect_err("a refusal").is_conflict(), "APV-16");

    shelf
        .expect_request(&accepted.id, RequestState::Delivered, "Delivered")
        .await;
    assert!(shelf.is_member(&ada).await);
    let decided = client
        .entitlement()
        .request(&accepted.id)
        .approval()
        .await
        .expect("the approval");
    let stage = &decided.stages.items()[0];
    assert_eq!(stage.status, Some(StageStatus::Completed));
    assert_eq!(stage.review_result, Some(ReviewResult::Approve));
    assert_eq!(
        stage.justification.as_deref(),
        Some("Fine"),
        "APV-13: the requestor reads why"
    );
    assert!(stage.reviewed_by.is_some() && stage.reviewed_date_time.is_some());
}

/// Scenario 4: fourteen days without a decision end the request (APV-4, U-16).
pub async fn scenario_04_nobody_decides(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (approver, ada) = (backend.join("approver", None), backend.join("ada", None));
    shelf
        .add_policy(open_policy(
            &shelf.package.id,
            "Consent",
            [stage_of(&approver)],
        ))
        .await;
    let request = ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");

    backend.advance(days(13));
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "PendingApproval",
        )
        .await;
    backend.advance(days(1));
    shelf
        .expect_request(&request.id, RequestState::Denied, "Expired")
        .await;
    let approver = backend.sign_in(&approver);
    let approval = approver
        .entitlement()
        .request(&request.id)
        .approval()
        .await
        .expect("the approval");
    assert_eq!(
        approval.stages.items()[0].status,
        Some(StageStatus::Expired),
        "APR-8"
    );
    let late = decide(&approver, &request, &StageDecision::approve("Sorry")).await;
    assert!(late.expect_err("a refusal").is_conflict());
    assert!(!shelf.is_member(&ada).await);
    ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("she may ask again");
}

/// Scenario 5: after eight days the alternates may decide too (APV-6).
pub async fn scenario_05_escalation(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (primary, alternate, ada) = (
        backend.join("primary", None),
        backend.join("alternate", None),
        backend.join("ada", None),
    );
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(&primary))
        .escalate_after(days(8), SubjectSet::user(&alternate))
        .duration_before_automatic_denial(days(14))
        .build();
    shelf
        .add_policy(open_policy(&shelf.package.id, "Consent", [stage]))
        .await;
    let request = ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");
    let alternate = backend.sign_in(&alternate);

    backend.advance(days(7));
    assert_eq!(
        approval_for(&alternate, &request).await,
        None,
        "not before its time"
    );
    backend.advance(days(1));
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "PendingApprovalEscalated",
        )
        .await;
    decide(
        &alternate,
        &request,
        &StageDecision::approve("In their place"),
    )
    .await
    .expect("a decision");
    assert!(shelf.is_member(&ada).await);
}

/// Scenario 6: a membership ends with the last assignment that grants it, and was not remembered (DEL-3, DEL-4).
pub async fn scenario_06_packages_share_a_group(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .admin
        .group(&shelf.group.id)
        .add_member(&ada)
        .await
        .expect("a member from before");
    let second = new_package(&shelf.admin, &shelf.catalog.id, "Second").await;
    shelf.grant(&second.id).await;
    for package in [&shelf.package.id, &second.id] {
        shelf.add_policy(open_policy(package, "Open", [])).await;
    }
    ask(&client, &shelf.package.id).await.expect("the first");
    backend.advance(days(10));
    ask(&client, &second.id).await.expect("the second");

    backend.advance(days(20));
    assert!(
        shelf.is_member(&ada).await,
        "the second package still grants it"
    );
    backend.advance(days(10));
    assert!(!shelf.is_member(&ada).await, "nothing grants it any more");
}

/// Scenario 7: ninety days, an extension on day 80, reminders, and the end (EXP-8, EXP-10, ASG-8).
pub async fn scenario_07_expiry_and_extension(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Ninety days")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service().with_extension())
        .expiration(Expiration::after_days(90))
        .build();
    shelf.add_policy(policy.expect("a policy")).await;
    ask(&client, &shelf.package.id).await.expect("a request");
    let held = assignments(&client).await.remove(0);
    let status = async || {
        assignments(&client).await[0]
            .status
            .clone()
            .unwrap_or_default()
    };

    backend.advance(days(76));
    assert_eq!(status().await, "NearExpiry14DayNotificationTriggered");
    backend.advance(days(4));
    let longer = AssignmentRequestDraft::user_update(&held.id)
        .schedule(Schedule::lasting(Expiration::after_days(90)))
        .build()
        .expect("a draft");
    let request = client
        .entitlement()
        .requests()
        .create(&longer)
        .await
        .expect("an extension");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    let extended = assignments(&client).await;
    assert_eq!(extended.len(), 1, "REQ-31: the same assignment");
    assert_eq!(extended[0].id, held.id);
    assert!(extended[0].end() > held.end());

    backend.advance(days(89));
    assert_eq!(status().await, "NearExpiry1DayNotificationTriggered");
    assert!(shelf.is_member(&ada).await);
    backend.advance(days(1));
    assert!(!shelf.is_member(&ada).await);
    let ended = assignments(&client).await.remove(0);
    assert_eq!(ended.state, Some(AssignmentState::Expired));
    assert_eq!(ended.expired_date_time, extended[0].end());
    let requests = shelf.admin.entitlement().requests();
    let query = Query::new().filter(Filter::field("requestType").eq(RequestType::SystemRemove));
    let removals = requests
        .list_with(query)
        .try_collect()
        .await
        .expect("the requests");
    assert_eq!(removals.len(), 1, "ASG-9: the end has a record");
}

/// Scenario 9: a package that somebody holds cannot be deleted (OBJ-43, REQ-22).
pub async fn scenario_09_a_held_package_stays(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let policy = shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    let held = assignments(&client).await.remove(0);
    let entitlement = shelf.admin.entitlement();
    let refused = entitlement.packages().delete(&shelf.package.id).await;
    assert_eq!(code(refused), "InvalidDeleteEntitlementHasGrants");
    assert!(
        entitlement.policies().delete(&policy.id).await.is_err(),
        "OBJ-46"
    );

    let remove = AssignmentRequestDraft::admin_remove(&held.id)
        .build()
        .expect("a draft");
    let removal = entitlement
        .requests()
        .create(&remove)
        .await
        .expect("a removal");
    shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
    assert!(!shelf.is_member(&ada).await);
    entitlement
        .packages()
        .delete(&shelf.package.id)
        .await
        .expect("the package goes");
    assert!(
        entitlement
            .policies()
            .get(&policy.id)
            .await
            .expect_err("gone with it")
            .is_not_found(),
        "OBJ-45"
    );
    let kept = shelf.request(&request.id).await;
    assert_eq!(
        kept.state,
        Some(RequestState::Delivered),
        "requests stay readable"
    );
}

/// Scenario 14: only the policies of the strongest class that contains a person count (PRI-1, PRI-2).
pub async fn scenario_14_the_strongest_policy_counts(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, bob) = (backend.join("ada", None), backend.join("bob", None));
    let everybody = shelf
        .add_policy(open_policy(&shelf.package.id, "Everybody", []))
        .await;
    let few = AssignmentPolicyDraft::builder(&shelf.package.id, "A few")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::user(&ada))
        .requestor_settings(RequestorSettings::self_service())
        .build();
    let few = shelf.add_policy(few.expect("a policy")).await;
    for (person, policy) in [(&ada, &few), (&bob, &everybody)] {
        let client = backend.sign_in(person);
        let package = client.entitlement().package(&shelf.package.id);
        let requirements = package
            .applicable_policy_requirements()
            .await
            .expect("the requirements");
        let applicable: Vec<_> = requirements
            .into_iter()
            .filter_map(|one| one.policy_id)
            .collect();
        assert_eq!(applicable, std::slice::from_ref(&policy.id));
    }
    let weaker = AssignmentRequestDraft::user_add(&shelf.package.id)
        .policy(&everybody.id)
        .build()
        .expect("a draft");
    assert!(
        backend
            .sign_in(&ada)
            .entitlement()
            .requests()
            .create(&weaker)
            .await
            .is_err(),
        "the weaker is ignored"
    );
}

/// APV-3: a stage opens when the one before is approved; a denial ends everything.
pub async fn stages_run_in_order(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (first, second, ada) = (
        backend.join("first", None),
        backend.join("second", None),
        backend.join("ada", None),
    );
    let stages = [stage_of(&first), stage_of(&second)];
    shelf
        .add_policy(open_policy(&shelf.package.id, "Twice", stages))
        .await;
    let request = ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");
    let (first, second) = (backend.sign_in(&first), backend.sign_in(&second));

    let early = approval_for(&second, &request).await.expect("the approval");
    let waiting = &early.stages.items()[1];
    assert_eq!(waiting.status, Some(StageStatus::Initializing));
    let too_early = second
        .entitlement()
        .approval(&early.id)
        .decide(&waiting.id, &StageDecision::approve("Now"))
        .await;
    assert!(too_early.expect_err("a refusal").is_conflict());

    backend.advance(days(10));
    decide(&first, &request, &StageDecision::approve("Yes"))
        .await
        .expect("the first");
    backend.advance(days(10));
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "PendingApproval",
        )
        .await;
    decide(&second, &request, &StageDecision::deny("No"))
        .await
        .expect("the second, on a clock of its own (APV-4)");
    shelf
        .expect_request(&request.id, RequestState::Denied, "Denied")
        .await;
    assert!(!shelf.is_member(&ada).await);
}

/// APV-9, APV-10, APV-12: the manager decides, somebody else where there is none, and nobody for themselves.
pub async fn managers_and_their_fallbacks_decide(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let boss = backend.join("boss", None);
    let deputy = backend.join("deputy", None);
    let (managed, alone) = (
        backend.join("managed", Some(&boss)),
        backend.join("alone", None),
    );
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::manager())
        .fallback_primary_approver(SubjectSet::user(&deputy))
        .duration_before_automatic_denial(days(14))
        .build();
    shelf
        .add_policy(open_policy(&shelf.package.id, "Manager", [stage]))
        .await;
    let (boss, substitute) = (backend.sign_in(&boss), backend.sign_in(&deputy));

    let request = ask(&backend.sign_in(&managed), &shelf.package.id)
        .await
        .expect("a request");
    assert_eq!(
        approval_for(&substitute, &request).await,
        None,
        "APV-10: the manager is there"
    );
    decide(&boss, &request, &StageDecision::approve("Yes"))
        .await
        .expect("the manager decides");

    let request = ask(&backend.sign_in(&alone), &shelf.package.id)
        .await
        .expect("a request");
    decide(&substitute, &request, &StageDecision::approve("Yes"))
        .await
        .expect("the fallback decides");

    let request = ask(&substitute, &shelf.package.id)
        .await
        .expect("a request");
    assert_eq!(approval_for(&substitute, &request).await, None, "APV-12");
    let own = decide(&substitute, &request, &StageDecision::approve("Me")).await;
    assert!(own.expect_err("a refusal").is_permission(), "APR-9");
    backend.advance(days(14));
    shelf
        .expect_request(&request.id, RequestState::Denied, "Expired")
        .await;
}

/// Access begins when it was wished for, and lasts from then on (EXP-4, EXP-6).
pub async fn a_scheduled_request_waits_for_its_start(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let now = shelf.package.created_date_time.expect("a date");
    let start = days(5).after(now).expect("a date");
    let wish = Schedule::starting(start).until(Expiration::after_days(7));
    let draft = AssignmentRequestDraft::user_add(&shelf.package.id)
        .schedule(wish)
        .build()
        .expect("a draft");
    let request = client
        .entitlement()
        .requests()
        .create(&draft)
        .await
        .expect("a request");
    shelf
        .expect_request(&request.id, RequestState::Scheduled, "PendingNotBefore")
        .await;
    assert_eq!(assignments(&client).await, []);

    backend.advance(days(5));
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    assert_eq!(assignments(&client).await[0].end(), days(7).after(start));
    backend.advance(days(7));
    assert!(!shelf.is_member(&ada).await);

    let too_long = Schedule::lasting(Expiration::after_days(31));
    let draft = AssignmentRequestDraft::user_add(&shelf.package.id)
        .schedule(too_long)
        .build()
        .expect("a draft");
    assert!(
        client
            .entitlement()
            .requests()
            .create(&draft)
            .await
            .is_err(),
        "EXP-6: 30 days is the most"
    );
}

/// REQ-50, REQ-51.
pub async fn requests_are_withdrawn(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (approver, ada) = (backend.join("approver", None), backend.join("ada", None));
    let client = backend.sign_in(&ada);
    shelf
        .add_policy(open_policy(
            &shelf.package.id,
            "Consent",
            [stage_of(&approver)],
        ))
        .await;
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    let approver = backend.sign_in(&approver);
    assert!(
        approver
            .entitlement()
            .request(&request.id)
            .cancel()
            .await
            .expect_err("not theirs")
            .is_permission()
    );
    client
        .entitlement()
        .request(&request.id)
        .cancel()
        .await
        .expect("withdrawn");
    shelf
        .expect_request(&request.id, RequestState::Canceled, "Canceled")
        .await;
    assert!(
        client
            .entitlement()
            .request(&request.id)
            .cancel()
            .await
            .is_err(),
        "once is enough"
    );
    assert!(
        decide(&approver, &request, &StageDecision::approve("Yes"))
            .await
            .expect_err("too late")
            .is_conflict()
    );
    shelf
        .admin
        .entitlement()
        .requests()
        .delete(&request.id)
        .await
        .expect("REQ-55");
    ask(&client, &shelf.package.id)
        .await
        .expect("she may ask again");
}

/// REQ-7, REQ-42, REQ-43, EXP-7.
pub async fn administrators_assign_and_remove(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let requests = shelf.admin.entitlement().requests();
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Administrators only")
        .build()
        .expect("a policy");
    let policy = shelf.add_policy(policy).await;
    let add = || {
        AssignmentRequestDraft::admin_add(&shelf.package.id, &policy.id, &ada)
            .build()
            .expect("a draft")
    };

    requests.create(&add()).await.expect("an assignment");
    assert!(shelf.is_member(&ada).await);
    let twice = requests.create(&add()).await.expect_err("a refusal");
    assert!(twice.is_already_assigned());
    let client = backend.sign_in(&ada);
    let held = assignments(&client).await.remove(0);
    assert_eq!(held.end(), None, "the policy says nothing about an end");

    let shorten = AssignmentRequestDraft::admin_update(&held.id)
        .schedule(Schedule::lasting(Expiration::after_days(3)))
        .build()
        .expect("a draft");
    requests.create(&shorten).await.expect("new dates");
    backend.advance(days(3));
    assert!(!shelf.is_member(&ada).await);
    let gone = requests
        .create(
            &AssignmentRequestDraft::admin_remove(&held.id)
                .build()
                .expect("a draft"),
        )
        .await;
    assert!(gone.expect_err("a refusal").is_not_assigned());

    requests.create(&add()).await.expect("a new assignment");
    let all = assignments(&client).await;
    assert_eq!(all.len(), 2, "REQ-43: the old one stays, expired");
    assert_ne!(all[0].id, all[1].id);
}

/// OBJ-50, DEL-5, REQ-53.
pub async fn holders_gain_and_lose_what_the_package_grants(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    ask(&client, &shelf.package.id).await.expect("a request");

    let more = new_group(&shelf.admin, "more").await;
    let resource = add_group(&shelf.admin, &shelf.catalog.id, &more.id).await;
    let role_scopes = shelf
        .admin
        .entitlement()
        .package(&shelf.package.id)
        .role_scopes();
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&more.id));
    let role = role_scopes.create(&role).await.expect("a role scope");
    assert!(
        is_member(&shelf.admin, &more.id, &ada).await,
        "holders get what is added"
    );
    role_scopes
        .delete(&role.id)
        .await
        .expect("the role scope goes");
    assert!(
        !is_member(&shelf.admin, &more.id, &ada).await,
        "and lose what is removed"
    );

    shelf
        .admin
        .group(&shelf.group.id)
        .remove_member(&ada)
        .await
        .expect("removed by hand");
    let held = assignments(&client).await.remove(0);
    assert_eq!(
        held.state,
        Some(AssignmentState::Delivered),
        "DEL-5: nobody notices"
    );
    shelf
        .admin
        .entitlement()
        .assignment(&held.id)
        .reprocess()
        .await
        .expect("accepted");
    assert!(shelf.is_member(&ada).await, "REQ-53");
}

/// U-20, REQ-52: a group that is gone cannot be written; delivery can be repeated for fourteen days.
pub async fn failed_delivery_is_repeated(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    shelf
        .add_policy(open_policy(&shelf.package.id, "Open", []))
        .await;
    let more = new_group(&shelf.admin, "short-lived").await;
    let resource = add_group(&shelf.admin, &shelf.catalog.id, &more.id).await;
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&more.id));
    shelf
        .admin
        .entitlement()
        .package(&shelf.package.id)
        .role_scopes()
        .create(&role)
        .await
        .expect("a role scope");
    shelf
        .admin
        .groups()
        .delete(&more.id)
        .await
        .expect("the group goes");

    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request");
    shelf
        .expect_request(
            &request.id,
            RequestState::PartiallyDelivered,
            "PartiallyDelivered",
        )
        .await;
    assert_eq!(
        assignments(&client).await[0].state,
        Some(AssignmentState::PartiallyDelivered)
    );
    assert!(shelf.is_member(&ada).await, "the other group is written");

    backend.advance(days(10));
    shelf
        .admin
        .entitlement()
        .request(&request.id)
        .reprocess()
        .await
        .expect("within fourteen days");
    shelf
        .expect_request(
            &request.id,
            RequestState::PartiallyDelivered,
            "PartiallyDelivered",
        )
        .await;
    backend.advance(days(15));
    assert!(
        shelf
            .admin
            .entitlement()
            .request(&request.id)
            .reprocess()
            .await
            .is_err(),
        "REQ-52"
    );
}
