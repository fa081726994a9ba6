//! People of other organisations: who may ask, who vouches for them, how they come and go.

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogPatch;
use entitlement_core::connected_organization::{
    ConnectedOrganization, ConnectedOrganizationDraft, ConnectedOrganizationPatch,
    ConnectedOrganizationState, IdentitySource,
};
use entitlement_core::directory::{User, UserType};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::settings::{
    EntitlementManagementSettingsPatch, ExternalUserLifecycleAction as Action,
};
use entitlement_core::subject::{SubjectLifecycle, SubjectPatch};
use entitlement_core::subject_set::SubjectSet;
use entitlement_graph::entitlement::PackagesOn;
use entitlement_graph::{Error, GraphClient};

use super::backend::Backend;
use super::fixture::{Shelf, approval_for, ask, assignments, code, days, decide};

/// A package in a catalog that people from elsewhere see.
async fn open_shelf(backend: &impl Backend) -> Shelf {
    let shelf = Shelf::fill(backend).await;
    show(&shelf, true).await;
    shelf
}

async fn show(shelf: &Shelf, visible: bool) {
    let patch = CatalogPatch {
        is_externally_visible: visible.into(),
        ..CatalogPatch::default()
    };
    let catalogs = shelf.admin.entitlement().catalogs();
    catalogs
        .update(&shelf.catalog.id, &patch)
        .await
        .expect("a change");
}

async fn add_policy(
    shelf: &Shelf,
    scope: AllowedTargetScope,
    targets: &[SubjectSet],
    stages: &[ApprovalStage],
) -> AssignmentPolicy {
    let approval = if stages.is_empty() {
        ApprovalSettings::none()
    } else {
        ApprovalSettings::in_stages(stages.to_vec())
    };
    let mut draft = AssignmentPolicyDraft::builder(&shelf.package.id, format!("For {scope}"))
        .allowed_target_scope(scope)
        .requestor_settings(RequestorSettings::self_service())
        .request_approval_settings(approval);
    for target in targets {
        draft = draft.specific_allowed_target(target.clone());
    }
    shelf.add_policy(draft.build().expect("a policy")).await
}

async fn add_organization(
    admin: &GraphClient,
    name: &str,
    state: ConnectedOrganizationState,
) -> ConnectedOrganization {
    let draft = ConnectedOrganizationDraft::builder(name, IdentitySource::domain(name))
        .state(state)
        .build();
    let organizations = admin.entitlement().connected_organizations();
    let made = organizations.create(&draft.expect("a draft")).await;
    made.expect("an organisation")
}

async fn organizations(admin: &GraphClient) -> Vec<ConnectedOrganization> {
    let all = admin.entitlement().connected_organizations().list();
    all.try_collect().await.expect("the organisations")
}

async fn offered(person: &GraphClient) -> Vec<AccessPackage> {
    let packages = person.entitlement().packages();
    let offered = packages.filter_by_current_user(PackagesOn::AllowedRequestor);
    offered.try_collect().await.expect("the packages")
}

async fn account(admin: &GraphClient, id: &Id<User>) -> Result<User, Error> {
    let query = Query::new().select(["id", "accountEnabled", "userType"]);
    admin.users().get_with(id, query).await
}

/// Scenario 15: somebody whom nobody knows is assigned by mail address; they are invited on delivery, blocked when they
/// lose the last access, and deleted thirty days later (REQ-5, ORG-1, ORG-9).
pub async fn scenario_15_a_guest_comes_and_goes(backend: &impl Backend) {
    let shelf = open_shelf(backend).await;
    let boss = backend.join("boss", None);
    let stage = super::fixture::stage_of(&boss);
    let policy = add_policy(&shelf, AllowedTargetScope::AllExternalUsers, &[], &[stage]).await;
    let entitlement = shelf.admin.entitlement();
    let mail = "eve@fabrikam.example";
    let add = AssignmentRequestDraft::admin_add_by_email(&shelf.package.id, &policy.id, mail)
        .build()
        .expect("a draft");
    let request = entitlement
        .requests()
        .create(&add)
        .await
        .expect("a request");
    let known = organizations(&shelf.admin).await;
    assert_eq!(known.len(), 1, "ORG-1");
    assert_eq!(known[0].state, Some(ConnectedOrganizationState::Proposed));
    let source = IdentitySource::domain("fabrikam.example");
    assert_eq!(known[0].identity_sources, [source]);
    let again = entitlement.requests().create(&add).await;
    assert!(again.is_err(), "REQ-41: one open request a person");

    decide(
        &backend.sign_in(&boss),
        &request,
        &StageDecision::approve("Yes"),
    )
    .await
    .expect("a decision");
    let whole = entitlement.request(&request.id).get_whole().await;
    let whole = whole.expect("the request");
    assert_eq!(whole.state, Some(RequestState::Delivered));
    let held = whole.assignment.loaded().expect("an assignment").clone();
    let subject = held.target.loaded().expect("a subject");
    assert_eq!(subject.email.as_deref(), Some(mail));
    assert_eq!(subject.subject_lifecycle, Some(SubjectLifecycle::Governed));
    let eve = subject.object_id.clone().expect("REQ-5: an account");
    let guest = account(&shelf.admin, &eve).await.expect("the account");
    assert_eq!(guest.user_type, Some(UserType::Guest));
    assert_eq!(guest.account_enabled, Some(true));
    assert!(shelf.is_member(&eve).await);
    let subject = entitlement.subject_of(&eve).get().await;
    assert_eq!(subject.expect("the subject").email.as_deref(), Some(mail));

    let remove = AssignmentRequestDraft::admin_remove(&held.id).build();
    let requests = entitlement.requests();
    requests
        .create(&remove.expect("a draft"))
        .await
        .expect("a removal");
    let blocked = account(&shelf.admin, &eve).await.expect("the account");
    assert_eq!(blocked.account_enabled, Some(false), "ORG-9");
    let late = ask(&backend.sign_in(&eve), &shelf.package.id).await;
    assert!(late.is_err(), "ORG-12");
    backend.advance(days(29));
    account(&shelf.admin, &eve).await.expect("still there");
    backend.advance(days(1));
    let gone = account(&shelf.admin, &eve).await;
    assert!(gone.expect_err("deleted").is_not_found(), "ORG-9");
    let left = requests.get(&request.id).await.expect("the request");
    assert_eq!(
        left.state,
        Some(RequestState::Delivered),
        "the record stays"
    );
}

/// ORG-2, POL-25, OBJ-13: guests ask by where they come from, and only where their catalog is shown to them.
pub async fn people_belong_to_organizations(backend: &impl Backend) {
    let shelf = open_shelf(backend).await;
    let eve = backend.sign_in(&backend.join_guest("eve@fabrikam.example"));
    let mallory = backend.sign_in(&backend.join_guest("mallory@adatum.example"));
    let ada = backend.sign_in(&backend.join("ada", None));
    let configured = ConnectedOrganizationState::Configured;
    add_organization(&shelf.admin, "fabrikam.example", configured.clone()).await;
    let proposed = ConnectedOrganizationState::Proposed;
    let adatum = add_organization(&shelf.admin, "adatum.example", proposed).await;
    let every = AllowedTargetScope::AllConfiguredConnectedOrganizationUsers;
    let all = add_policy(&shelf, every, &[], &[]).await;
    assert_eq!(offered(&eve).await.len(), 1);
    assert!(offered(&mallory).await.is_empty(), "ORG-2: only proposed");
    assert!(offered(&ada).await.is_empty(), "POL-11");
    show(&shelf, false).await;
    assert!(offered(&eve).await.is_empty(), "VIS-1");
    assert!(ask(&eve, &shelf.package.id).await.is_err(), "OBJ-13");
    show(&shelf, true).await;

    let specific = AllowedTargetScope::SpecificConnectedOrganizationUsers;
    let members = SubjectSet::connected_organization(adatum.id.clone());
    add_policy(&shelf, specific, &[members], &[]).await;
    ask(&mallory, &shelf.package.id)
        .await
        .expect("ORG-2: a policy that names it");
    ask(&eve, &shelf.package.id).await.expect("a request");
    assert_eq!(
        organizations(&shelf.admin).await.len(),
        2,
        "both were known"
    );
    let add =
        AssignmentRequestDraft::admin_add_by_email(&shelf.package.id, &all.id, "x@adatum.example");
    let requests = shelf.admin.entitlement().requests();
    let refused = requests.create(&add.build().expect("a draft")).await;
    assert!(refused.is_err(), "REQ-7b");
    let deleted = shelf.admin.entitlement().connected_organizations();
    assert!(
        deleted.delete(&adatum.id).await.is_err(),
        "it has people here"
    );
}

/// ORG-6, APV-10: sponsors of the requestor's organisation decide; without one the fallback does.
pub async fn sponsors_decide(backend: &impl Backend) {
    let shelf = open_shelf(backend).await;
    let eve = backend.sign_in(&backend.join_guest("eve@fabrikam.example"));
    let (inside, outside) = (
        backend.join("inside", None),
        backend.join_guest("outside@fabrikam.example"),
    );
    let deputy = backend.join("deputy", None);
    let stage = |set: SubjectSet| {
        ApprovalStage::builder()
            .primary_approver(set)
            .fallback_primary_approver(SubjectSet::user(&deputy))
            .duration_before_automatic_denial(days(14))
            .build()
    };
    let stages = [
        stage(SubjectSet::internal_sponsors()),
        stage(SubjectSet::external_sponsors()),
    ];
    let configured = ConnectedOrganizationState::Configured;
    let fabrikam = add_organization(&shelf.admin, "fabrikam.example", configured).await;
    let sponsors = shelf
        .admin
        .entitlement()
        .connected_organization(&fabrikam.id);
    let internal = sponsors.internal_sponsors();
    internal.add(&inside).await.expect("a sponsor");
    let wrong = internal.add(&outside).await;
    assert_eq!(code(wrong), "InvalidModel", "ORG-6");
    let every = AllowedTargetScope::AllConfiguredConnectedOrganizationUsers;
    add_policy(&shelf, every, &[], &stages).await;
    let request = ask(&eve, &shelf.package.id).await.expect("a request");
    let (inside, deputy) = (backend.sign_in(&inside), backend.sign_in(&deputy));
    assert!(
        approval_for(&deputy, &request).await.is_some(),
        "of the second stage"
    );
    decide(&inside, &request, &StageDecision::approve("Yes"))
        .await
        .expect("the sponsor");
    decide(&deputy, &request, &StageDecision::approve("Yes"))
        .await
        .expect("APV-10: nobody vouches from outside");
    shelf
        .expect_request(&request.id, RequestState::Delivered, "Delivered")
        .await;
    assert_eq!(assignments(&eve).await.len(), 1);
}

/// ORG-4: made with one source, read, changed and removed; sponsors come and go.
pub async fn organizations_are_kept(backend: &impl Backend) {
    let admin = backend.admin();
    let configured = ConnectedOrganizationState::Configured;
    let made = add_organization(&admin, "fabrikam.example", configured.clone()).await;
    let collection = admin.entitlement().connected_organizations();
    let source = IdentitySource::domain("fabrikam.example");
    let read = collection.get(&made.id).await.expect("the organisation");
    assert_eq!(read.identity_sources.first(), Some(&source));
    assert_eq!(read.state, Some(configured));
    let twin = ConnectedOrganizationDraft::builder("Twin", source).build();
    assert!(collection.create(&twin.expect("a draft")).await.is_err());
    let patch = ConnectedOrganizationPatch {
        display_name: "Fabrikam".to_owned().into(),
        state: ConnectedOrganizationState::Proposed.into(),
        ..ConnectedOrganizationPatch::default()
    };
    collection.update(&made.id, &patch).await.expect("a change");
    let one = admin.entitlement().connected_organization(&made.id);
    let sponsor = backend.join("sponsor", None);
    one.internal_sponsors()
        .add(&sponsor)
        .await
        .expect("a sponsor");
    let read = one.get_whole().await.expect("the organisation");
    assert_eq!(read.display_name.as_deref(), Some("Fabrikam"));
    assert_eq!(read.state, Some(ConnectedOrganizationState::Proposed));
    assert_eq!(read.internal_sponsors.items().len(), 1);
    one.internal_sponsors()
        .remove(&sponsor)
        .await
        .expect("they go");
    collection.delete(&made.id).await.expect("it goes");
    let gone = collection.get(&made.id).await;
    assert!(gone.expect_err("gone").is_not_found());
}

/// ORG-8 to ORG-10: guests who were there before stay, unless they are made governed; the setting counts on the day.
pub async fn guests_stay_or_go_as_they_are_governed(backend: &impl Backend) {
    let shelf = open_shelf(backend).await;
    let (stays, goes) = (
        backend.join_guest("stays@fabrikam.example"),
        backend.join_guest("goes@fabrikam.example"),
    );
    add_policy(&shelf, AllowedTargetScope::AllExternalUsers, &[], &[]).await;
    let entitlement = shelf.admin.entitlement();
    let settings = entitlement.settings();
    let read = settings.get().await.expect("the settings");
    assert_eq!(
        read.external_user_lifecycle_action,
        Some(Action::BlockSignInAndDelete)
    );
    let patch = EntitlementManagementSettingsPatch {
        duration_until_external_user_deleted_after_blocked: days(2).into(),
        ..EntitlementManagementSettingsPatch::default()
    };
    settings.update(&patch).await.expect("a change");
    for person in [&stays, &goes] {
        let client = backend.sign_in(person);
        ask(&client, &shelf.package.id).await.expect("a request");
    }
    let govern = SubjectPatch {
        subject_lifecycle: SubjectLifecycle::Governed.into(),
    };
    let subject = entitlement.subject_of(&goes);
    subject.update(&govern).await.expect("a change");
    for person in [&stays, &goes] {
        let client = backend.sign_in(person);
        let held = assignments(&client).await.remove(0);
        let back = AssignmentRequestDraft::user_remove(&held.id).build();
        let requests = client.entitlement().requests();
        requests
            .create(&back.expect("a draft"))
            .await
            .expect("a removal");
    }
    let kept = account(&shelf.admin, &stays).await.expect("the account");
    assert_eq!(kept.account_enabled, Some(true));
    let blocked = account(&shelf.admin, &goes).await.expect("the account");
    assert_eq!(blocked.account_enabled, Some(false));
    let later = EntitlementManagementSettingsPatch {
        external_user_lifecycle_action: Action::None.into(),
        ..EntitlementManagementSettingsPatch::default()
    };
    settings.update(&later).await.expect("a change");
    backend.advance(days(2));
    let gone = account(&shelf.admin, &goes).await;
    assert!(
        gone.expect_err("deleted").is_not_found(),
        "ORG-10: the day stands"
    );
    account(&shelf.admin, &stays).await.expect("still there");
}
