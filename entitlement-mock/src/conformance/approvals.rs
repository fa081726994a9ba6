//! Requests that need somebody's consent, until they are decided, withdrawn or out of time.

use entitlement_core::approval::{ReviewResult, StageDecision, StageStatus};
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::policy::approval::ApprovalStage;
use entitlement_core::request::RequestState;
use entitlement_core::subject_set::SubjectSet;

use super::backend::Backend;
use super::fixture::{
    Pending, Shelf, approval_for, ask, assignments, days, decide, open_policy, stage_of,
};

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
    let pending = Pending::start(backend).await;
    backend.advance(days(13));
    pending
        .expect(RequestState::PendingApproval, "PendingApproval")
        .await;
    backend.advance(days(1));
    pending.expect(RequestState::Denied, "Expired").await;
    let approval = pending
        .approver
        .entitlement()
        .request(&pending.request.id)
        .approval()
        .await;
    let approval = approval.expect("the approval");
    assert_eq!(
        approval.stages.items()[0].status,
        Some(StageStatus::Expired),
        "APR-8"
    );
    let late = decide(
        &pending.approver,
        &pending.request,
        &StageDecision::approve("Sorry"),
    )
    .await;
    assert!(late.expect_err("a refusal").is_conflict());
    assert!(!pending.shelf.is_member(&pending.requestor).await);
    ask(&pending.client, &pending.shelf.package.id)
        .await
        .expect("they may ask again");
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

/// REQ-50, REQ-51.
pub async fn requests_are_withdrawn(backend: &impl Backend) {
    let pending = Pending::start(backend).await;
    let id = &pending.request.id;
    let by_approver = pending.approver.entitlement().request(id).cancel().await;
    assert!(by_approver.expect_err("not theirs").is_permission());
    let own = pending.client.entitlement().request(id);
    own.cancel().await.expect("withdrawn");
    pending.expect(RequestState::Canceled, "Canceled").await;
    assert!(own.cancel().await.is_err(), "once is enough");
    let late = decide(
        &pending.approver,
        &pending.request,
        &StageDecision::approve("Yes"),
    )
    .await;
    assert!(late.expect_err("too late").is_conflict());
    pending
        .shelf
        .admin
        .entitlement()
        .requests()
        .delete(id)
        .await
        .expect("REQ-55");
    ask(&pending.client, &pending.shelf.package.id)
        .await
        .expect("they may ask again");
}

/// 3.1: who could refuse a request ends the access it gave.
pub async fn approvers_take_back_what_they_gave(backend: &impl Backend) {
    let pending = Pending::start(backend).await;
    let approver = &pending.approver;
    decide(approver, &pending.request, &StageDecision::approve("Yes"))
        .await
        .expect("a decision");
    let held = assignments(&pending.client).await.remove(0);
    let back = AssignmentRequestDraft::approver_remove(&held.id).build();
    let back = back.expect("a draft");
    let own = pending.client.entitlement().requests().create(&back).await;
    assert!(own.expect_err("not theirs").is_permission());
    let removal = approver.entitlement().requests().create(&back).await;
    let removal = removal.expect("a removal");
    pending
        .shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
    assert!(!pending.shelf.is_member(&pending.requestor).await);
}
