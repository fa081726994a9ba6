//! Systems that the service calls on the way of a request, and that may hold it up.

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::custom_extension::callback::ResumeRequest;
use entitlement_core::custom_extension::configuration::{
    AuthenticationConfiguration, CallbackConfiguration, EndpointConfiguration,
};
use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstance, CustomExtensionCalloutInstanceStatus as Status,
    CustomExtensionStage as Stage,
};
use entitlement_core::custom_extension::{CustomExtension, CustomExtensionDraft};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_graph::{Error, GraphClient};

use super::backend::Backend;
use super::fixture::{Shelf, approval_for, ask, assignments, code, days, decide, stage_of};

pub(super) fn endpoint() -> EndpointConfiguration {
    EndpointConfiguration::logic_app(
        "38ab2ccc-3747-4567-b36b-9478f5602f0d",
        "governance",
        "check",
    )
}

/// An extension for requests, waited for or not.
pub(super) async fn extension(
    shelf: &Shelf,
    name: &str,
    callback: Option<CallbackConfiguration>,
) -> CustomExtension {
    let draft = CustomExtensionDraft::for_requests(
        name,
        endpoint(),
        AuthenticationConfiguration::pop_token(),
    )
    .maybe_callback_configuration(callback)
    .build();
    let extensions = shelf
        .admin
        .entitlement()
        .catalog(&shelf.catalog.id)
        .custom_extensions();
    extensions
        .create(&draft.expect("a draft"))
        .await
        .expect("an extension")
}

/// A policy for every member, 30 days, that has extensions called.
pub(super) async fn policy_with(
    shelf: &Shelf,
    stages: &[ApprovalStage],
    calls: &[(Stage, &CustomExtension)],
) -> AssignmentPolicy {
    let approval = if stages.is_empty() {
        ApprovalSettings::none()
    } else {
        ApprovalSettings::in_stages(stages.to_vec())
    };
    let mut draft = AssignmentPolicyDraft::builder(&shelf.package.id, "Checked")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .request_approval_settings(approval)
        .expiration(Expiration::after_days(30));
    for (stage, extension) in calls {
        draft = draft.custom_extension(stage.clone(), extension);
    }
    shelf.add_policy(draft.build().expect("a policy")).await
}

/// The call of a request that waits for its answer.
async fn waiting_call(
    shelf: &Shelf,
    request: &Id<AssignmentRequest>,
) -> CustomExtensionCalloutInstance {
    let request = shelf.request(request).await;
    assert_eq!(request.status.as_deref(), Some("WaitingForCallback"));
    let mut calls = request.custom_extension_callout_instances.into_iter();
    calls
        .find(|call| call.status == Some(Status::WaitingForCallback))
        .expect("a call that waits")
}

/// Lets a request go on that waits in a stage.
async fn resume(
    shelf: &Shelf,
    request: &Id<AssignmentRequest>,
    stage: Stage,
    denies: bool,
) -> Result<(), Error> {
    let call = waiting_call(shelf, request).await;
    let id = call.id.expect("an id");
    let answer = ResumeRequest::builder("Suite", stage, id).detail("Looked into");
    let answer = if denies { answer.deny() } else { answer };
    let handle = shelf.admin.entitlement().request(request);
    handle.resume(&answer.build().expect("an answer")).await
}

/// Scenario 12: the request waits before anybody is asked, and ends when the called system denies (EXT-1, EXT-4).
pub async fn scenario_12_an_extension_is_waited_for(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, approver) = (backend.join("ada", None), backend.join("approver", None));
    let check = extension(
        &shelf,
        "Check",
        Some(CallbackConfiguration::waiting(days(2))),
    )
    .await;
    let created = Stage::AssignmentRequestCreated;
    policy_with(&shelf, &[stage_of(&approver)], &[(created.clone(), &check)]).await;
    let client = backend.sign_in(&ada);
    let request = ask(&client, &shelf.package.id).await.expect("a request").id;

    shelf
        .expect_request(&request, RequestState::Submitted, "WaitingForCallback")
        .await;
    let call = waiting_call(&shelf, &request).await;
    assert_eq!(call.custom_extension_id.as_ref(), Some(&check.id), "EXT-3");
    let approver = backend.sign_in(&approver);
    let waiting = shelf.request(&request).await;
    assert_eq!(
        approval_for(&approver, &waiting)
            .await
            .and_then(|approval| approval.pending_stage().cloned()),
        None
    );
    let handle = client.entitlement().request(&request);
    assert!(handle.cancel().await.is_err(), "REQ-50");
    let own = ResumeRequest::builder("Ada", created.clone(), call.id.clone().expect("an id"));
    let own = handle.resume(&own.build().expect("an answer")).await;
    assert!(
        own.expect_err("not hers to answer").is_permission(),
        "REQ-54"
    );
    let strange = ResumeRequest::builder(
        "Suite",
        created.clone(),
        "957d0c50-466b-4840-bb5b-c92cea7141ff",
    );
    let admin = shelf.admin.entitlement().request(&request);
    let strange = admin.resume(&strange.build().expect("an answer")).await;
    assert_eq!(code(strange), "InvalidModel");

    resume(&shelf, &request, created.clone(), true)
        .await
        .expect("a denial");
    shelf
        .expect_request(&request, RequestState::Denied, "Denied")
        .await;
    let denied = shelf.request(&request).await;
    let call = &denied.custom_extension_callout_instances[0];
    assert_eq!(call.status, Some(Status::CallbackReceived));
    assert_eq!(call.detail.as_deref(), Some("Looked into"), "EXT-6");
    let again = ResumeRequest::builder("Suite", created, call.id.clone().expect("an id"));
    let again = admin.resume(&again.build().expect("an answer")).await;
    assert!(again.is_err(), "REQ-54: nothing waits any more");
    assert!(!shelf.is_member(&ada).await);
    ask(&client, &shelf.package.id)
        .await
        .expect("they may ask again");
}

/// EXT-1: a request waits when it is made, approved and delivered, and when access is taken away.
pub async fn requests_are_held_where_they_stand(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, approver) = (backend.join("ada", None), backend.join("approver", None));
    let check = extension(
        &shelf,
        "Check",
        Some(CallbackConfiguration::waiting(days(2))),
    )
    .await;
    let note = extension(&shelf, "Note", None).await;
    let calls = [
        (Stage::AssignmentRequestCreated, &check),
        (Stage::AssignmentRequestApproved, &check),
        (Stage::AssignmentRequestGranted, &check),
        (Stage::AssignmentRequestGranted, &note),
        (Stage::AssignmentRequestRemoved, &check),
    ];
    policy_with(&shelf, &[stage_of(&approver)], &calls).await;
    let (client, approver) = (backend.sign_in(&ada), backend.sign_in(&approver));
    let request = ask(&client, &shelf.package.id).await.expect("a request");

    resume(&shelf, &request.id, Stage::AssignmentRequestCreated, false)
        .await
        .expect("it goes on to the approver");
    decide(&approver, &request, &StageDecision::approve("Yes"))
        .await
        .expect("a decision");
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "WaitingForCallback",
        )
        .await;
    assert!(!shelf.is_member(&ada).await);
    resume(&shelf, &request.id, Stage::AssignmentRequestApproved, false)
        .await
        .expect("it goes on to delivery");
    shelf
        .expect_request(&request.id, RequestState::Delivering, "WaitingForCallback")
        .await;
    assert!(shelf.is_member(&ada).await, "access is given by then");
    resume(&shelf, &request.id, Stage::AssignmentRequestGranted, false)
        .await
        .expect("it goes on to its end");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    let calls = shelf
        .request(&request.id)
        .await
        .custom_extension_callout_instances;
    let statuses: Vec<_> = calls
        .iter()
        .filter_map(|call| call.status.clone())
        .collect();
    let received = Status::CallbackReceived;
    let expected = [
        received.clone(),
        received.clone(),
        received,
        Status::CalloutSent,
    ];
    assert_eq!(
        statuses, expected,
        "EXT-3, the one that is only told included"
    );

    let held = assignments(&client).await.remove(0);
    let back = AssignmentRequestDraft::user_remove(&held.id).build();
    let requests = client.entitlement().requests();
    let removal = requests
        .create(&back.expect("a draft"))
        .await
        .expect("a removal");
    assert!(
        !shelf.is_member(&ada).await,
        "EXT-8: access is taken away by then"
    );
    resume(&shelf, &removal.id, Stage::AssignmentRequestRemoved, false)
        .await
        .expect("it goes on to its end");
    shelf
        .expect_request(&removal.id, RequestState::Delivered, "Fulfilled")
        .await;
}

/// U-14: denied where nothing was given yet, failed where it was; what was given stays.
pub async fn what_does_not_answer_ends_the_request(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let client = backend.sign_in(&ada);
    let check = extension(
        &shelf,
        "Check",
        Some(CallbackConfiguration::waiting(days(2))),
    )
    .await;
    let policy = policy_with(&shelf, &[], &[(Stage::AssignmentRequestCreated, &check)]).await;
    let request = ask(&client, &shelf.package.id).await.expect("a request").id;
    backend.advance(days(1));
    shelf
        .expect_request(&request, RequestState::Submitted, "WaitingForCallback")
        .await;
    backend.advance(days(1));
    shelf
        .expect_request(&request, RequestState::Denied, "Expired")
        .await;
    let calls = shelf
        .request(&request)
        .await
        .custom_extension_callout_instances;
    assert_eq!(calls[0].status, Some(Status::CallbackTimedOut));

    let policies = shelf.admin.entitlement().policies();
    policies.delete(&policy.id).await.expect("the policy goes");
    policy_with(&shelf, &[], &[(Stage::AssignmentRequestGranted, &check)]).await;
    let request = ask(&client, &shelf.package.id).await.expect("a request").id;
    shelf
        .expect_request(&request, RequestState::Delivering, "WaitingForCallback")
        .await;
    backend.advance(days(2));
    shelf
        .expect_request(&request, RequestState::DeliveryFailed, "DeliveryFailed")
        .await;
    assert!(shelf.is_member(&ada).await, "EXT-8");
}

/// APV-21: nobody is asked before the called system has said who decides.
pub async fn an_extension_says_who_decides(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, approver) = (backend.join("ada", None), backend.join("approver", None));
    let callback = CallbackConfiguration::waiting_for_approval_stage(days(2));
    let check = extension(&shelf, "Who decides?", Some(callback)).await;
    let determining = Stage::determining_approval_requirements();
    let lone = AssignmentPolicyDraft::builder(&shelf.package.id, "Nobody is asked")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .request_approval_settings(ApprovalSettings::in_stages([ApprovalStage::dynamic()]))
        .build();
    if let Ok(lone) = lone {
        let policies = shelf.admin.entitlement().policies();
        assert_eq!(code(policies.create(&lone).await), "InvalidModel");
    }
    policy_with(
        &shelf,
        &[ApprovalStage::dynamic()],
        &[(determining, &check)],
    )
    .await;
    let request = ask(&backend.sign_in(&ada), &shelf.package.id)
        .await
        .expect("a request");
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "WaitingForCallback",
        )
        .await;

    let call = waiting_call(&shelf, &request.id).await;
    let stage = stage_by(&approver);
    let answer = ResumeRequest::with_approval_stage("Suite", call.id.expect("an id"), stage);
    let admin = shelf.admin.entitlement().request(&request.id);
    admin
        .resume(&answer.build().expect("an answer"))
        .await
        .expect("it goes on to the approver");
    shelf
        .expect_request(
            &request.id,
            RequestState::PendingApproval,
            "PendingApproval",
        )
        .await;
    decide(
        &backend.sign_in(&approver),
        &request,
        &StageDecision::approve("Yes"),
    )
    .await
    .expect("a decision");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
}

fn stage_by(approver: &Id<User>) -> ApprovalStage {
    ApprovalStage::builder()
        .primary_approver(SubjectSet::user(approver))
        .duration_before_automatic_denial(days(3))
        .build()
}

/// Section 2.12: extensions for assignments are called 14 days and one day before the end, and nobody waits.
pub async fn extensions_know_of_the_end_before(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.join("ada", None);
    let draft = CustomExtensionDraft::for_assignments(
        "Remind",
        endpoint(),
        AuthenticationConfiguration::pop_token(),
    );
    let extensions = shelf
        .admin
        .entitlement()
        .catalog(&shelf.catalog.id)
        .custom_extensions();
    let remind = extensions
        .create(&draft.build().expect("a draft"))
        .await
        .expect("an extension");
    let calls = [
        (Stage::AssignmentFourteenDaysBeforeExpiration, &remind),
        (Stage::AssignmentOneDayBeforeExpiration, &remind),
    ];
    policy_with(&shelf, &[], &calls).await;
    let client = backend.sign_in(&ada);
    ask(&client, &shelf.package.id).await.expect("a request");
    let calls = async |client: &GraphClient| {
        let held = assignments(client).await.remove(0);
        held.custom_extension_callout_instances.len()
    };
    backend.advance(days(15));
    assert_eq!(calls(&client).await, 0);
    backend.advance(days(1));
    assert_eq!(calls(&client).await, 1);
    backend.advance(days(13));
    assert_eq!(calls(&client).await, 2);
    assert!(shelf.is_member(&ada).await);
    backend.advance(days(1));
    assert!(!shelf.is_member(&ada).await);
}
