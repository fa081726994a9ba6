//! Who may do what, who sees what, and what a refusal says.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{CatalogDraft, CatalogPatch, CatalogState};
use entitlement_core::package::AccessPackagePatch;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::ApprovalSettings;
use entitlement_core::policy::question::{MultipleChoiceQuestion, TextInputQuestion};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_graph::Error;
use entitlement_graph::entitlement::{ApprovalsOn, AssignmentsOn, PackagesOn, RequestsOn};
use entitlement_graph::error::ServiceError;

use super::backend::Backend;
use super::fixture::{
    Pending, Shelf, approval_for, ask, assignments, nothing, open_policy, stage_of,
};

fn is_refused<T>(outcome: Result<T, Error>) -> bool {
    outcome.is_err_and(|error| error.is_permission())
}

/// ROLE-1: people without a role change and list nothing.
pub async fn people_do_not_administer(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let ada = backend.sign_in(&backend.join("ada", None));
    let entitlement = ada.entitlement();
    assert!(is_refused(
        entitlement
            .catalogs()
            .create(&CatalogDraft::builder("Mine").build().expect("a draft"))
            .await
    ));
    assert!(is_refused(entitlement.packages().list().next().await));
    assert!(is_refused(
        entitlement.packages().delete(&shelf.package.id).await
    ));
    assert!(is_refused(entitlement.assignments().list().next().await));
    assert!(is_refused(entitlement.requests().list().next().await));
    assert!(is_refused(entitlement.policies().list().next().await));
    assert!(is_refused(ada.groups().delete(&shelf.group.id).await));
    ada.users()
        .list()
        .next()
        .await
        .expect("the directory is open to everybody");
}

/// ROLE-7: what is delegated-only is not for applications.
pub async fn applications_are_nobody(backend: &impl Backend) {
    let Pending { shelf, request, .. } = Pending::start(backend).await;
    let entitlement = shelf.admin.entitlement();
    assert!(is_refused(
        entitlement
            .packages()
            .filter_by_current_user(PackagesOn::AllowedRequestor)
            .next()
            .await
    ));
    assert!(is_refused(
        entitlement
            .package(&shelf.package.id)
            .applicable_policy_requirements()
            .await
    ));
    assert!(is_refused(
        entitlement.request(&request.id).approval().await
    ));
    assert!(is_refused(entitlement.request(&request.id).cancel().await));
    assert!(is_refused(ask(&shelf.admin, &shelf.package.id).await));
    assert!(shelf.admin.me().await.is_err());
}

/// Requests and approvals are seen by whom they concern (3.7, APR-6).
pub async fn requests_are_the_business_of_few(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (boss, approver) = (backend.join("boss", None), backend.join("approver", None));
    let (ada, stranger) = (
        backend.join("ada", Some(&boss)),
        backend.join("stranger", None),
    );
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

    for (person, on, sees) in [
        (&ada, RequestsOn::Target, true),
        (&ada, RequestsOn::CreatedBy, true),
        (&ada, RequestsOn::TargetOrRequestor, true),
        (&ada, RequestsOn::RequestForOthers, false),
        (&ada, RequestsOn::Approver, false),
        (&approver, RequestsOn::Approver, true),
        (&approver, RequestsOn::Target, false),
        (&boss, RequestsOn::TargetManager, true),
        (&stranger, RequestsOn::TargetManager, false),
    ] {
        let client = backend.sign_in(person);
        let seen = client
            .entitlement()
            .requests()
            .filter_by_current_user(on)
            .try_collect()
            .await;
        assert_eq!(
            seen.expect("the requests").len(),
            usize::from(sees),
            "{on:?}"
        );
    }
    let stranger = backend.sign_in(&stranger);
    assert!(is_refused(
        stranger.entitlement().requests().get(&request.id).await
    ));
    assert!(is_refused(
        stranger.entitlement().request(&request.id).approval().await
    ));
    assert_eq!(approval_for(&stranger, &request).await, None);
    let own = backend
        .sign_in(&ada)
        .entitlement()
        .approvals()
        .filter_by_current_user(ApprovalsOn::CreatedBy);
    assert_eq!(own.try_collect().await.expect("the approvals").len(), 1);
}

/// VIS-1, POL-25, LINK-3: who finds a package, and who may ask for it all the same.
pub async fn who_is_offered_what(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (ada, guest) = (backend.join("ada", None), backend.join_guest("guest"));
    let (ada, guest) = (backend.sign_in(&ada), backend.sign_in(&guest));
    let offered = async |client: &entitlement_graph::GraphClient| {
        let packages = client.entitlement().packages();
        let offered = packages
            .filter_by_current_user(PackagesOn::AllowedRequestor)
            .try_collect()
            .await;
        !offered.expect("the packages").is_empty()
    };
    assert!(!offered(&ada).await, "there is no policy yet");
    shelf
        .add_policy(open_policy(&shelf.package.id, "Members", []))
        .await;
    assert!(offered(&ada).await);
    assert!(!offered(&guest).await, "members only");
    let requirements = guest
        .entitlement()
        .package(&shelf.package.id)
        .applicable_policy_requirements()
        .await;
    assert_eq!(
        requirements.expect("an empty list, not an error (PRI-3)"),
        []
    );
    assert!(ask(&guest, &shelf.package.id).await.is_err());

    let catalogs = shelf.admin.entitlement().catalogs();
    let state = |state: CatalogState| CatalogPatch {
        state: state.into(),
        ..CatalogPatch::default()
    };
    catalogs
        .update(&shelf.catalog.id, &state(CatalogState::Unpublished))
        .await
        .expect("a change");
    assert!(!offered(&ada).await, "OBJ-12");
    assert!(ask(&ada, &shelf.package.id).await.is_err());
    catalogs
        .update(&shelf.catalog.id, &state(CatalogState::Published))
        .await
        .expect("a change");

    let hidden = AccessPackagePatch {
        is_hidden: true.into(),
        ..AccessPackagePatch::default()
    };
    shelf
        .admin
        .entitlement()
        .packages()
        .update(&shelf.package.id, &hidden)
        .await
        .expect("a change");
    assert!(!offered(&ada).await, "OBJ-42");
    ask(&ada, &shelf.package.id)
        .await
        .expect("who has the link may ask");
    assert_eq!(assignments(&ada).await.len(), 1);
    for (client, begun) in [(&ada, 1), (&guest, 0)] {
        let all = client.entitlement().assignments();
        let own = all
            .filter_by_current_user(AssignmentsOn::CreatedBy)
            .try_collect()
            .await;
        assert_eq!(own.expect("the assignments").len(), begun);
    }
}

/// U-10, REQ-41, REQ-42: every refusal names what is missing, and changes nothing.
pub async fn a_refused_request_says_why(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let (approver, ada) = (backend.join("approver", None), backend.join("ada", None));
    let client = backend.sign_in(&ada);
    let stages = ApprovalSettings::in_stages([stage_of(&approver)]).with_requestor_justification();
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Questions")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .request_approval_settings(stages)
        .question(
            MultipleChoiceQuestion::new("Colour?")
                .choice("red", "Red")
                .required(),
        )
        .question(TextInputQuestion::new("Remarks"))
        .build();
    let policy = shelf.add_policy(policy.expect("a policy")).await;
    let requests = client.entitlement().requests();
    let requirements = client
        .entitlement()
        .package(&shelf.package.id)
        .applicable_policy_requirements()
        .await;
    let requirements = requirements.expect("the requirements").remove(0);
    assert_eq!(requirements.policy_id.as_ref(), Some(&policy.id));
    let colour = &requirements.questions[0];

    let silent = AssignmentRequestDraft::user_add(&shelf.package.id)
        .answer(colour, "red")
        .build()
        .expect("a draft");
    assert_eq!(
        detail(requests.create(&silent).await),
        "MissingJustification"
    );
    let draft = || AssignmentRequestDraft::user_add(&shelf.package.id).justification("Because");
    let unanswered = draft().build().expect("a draft");
    assert_eq!(detail(requests.create(&unanswered).await), "MissingAnswer");
    let wrong = draft().answer(colour, "blue").build().expect("a draft");
    assert_eq!(detail(requests.create(&wrong).await), "MissingAnswer");
    for refused in [&silent, &unanswered, &wrong] {
        assert!(
            refused.check_against(&requirements).is_err(),
            "the client knows before sending"
        );
    }
    let all = requests
        .filter_by_current_user(RequestsOn::CreatedBy)
        .try_collect()
        .await;
    assert_eq!(all.expect("the requests"), [], "nothing was stored");

    let complete = draft().answer(colour, "red").build().expect("a draft");
    complete.check_against(&requirements).expect("complete");
    requests.create(&complete).await.expect("a request");
    let again = requests.create(&complete).await.expect_err("a refusal");
    assert!(again.is_open_request());
    assert!(again.service().and_then(ServiceError::advice).is_some());
    let lost = AssignmentRequestDraft::user_add(&nothing())
        .build()
        .expect("a draft");
    assert!(
        requests
            .create(&lost)
            .await
            .expect_err("no such package")
            .is_not_found()
    );
}

/// The code of the first detail of a refusal.
fn detail<T>(outcome: Result<T, Error>) -> String {
    let error = outcome.err().expect("a refusal");
    let service = error.service().expect("an answer of the service");
    assert_eq!(service.code(), "InvalidModel");
    service.details().first().expect("a detail").code.clone()
}
