//! Closures that play the systems that custom extensions call.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{CatalogDraft, CatalogState};
use entitlement_core::custom_extension::callback::ResumeRequest;
use entitlement_core::custom_extension::configuration::{
    AuthenticationConfiguration, CallbackConfiguration, EndpointConfiguration,
};
use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstanceStatus as Status, CustomExtensionStage as Stage,
};
use entitlement_core::custom_extension::{CustomExtension, CustomExtensionDraft};
use entitlement_core::directory::{GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::callouts::Reply;
use entitlement_mock::choices::{Choices, UnansweredExtension};

/// A tenant with a package whose policy has an extension called in one stage, and somebody who asks.
struct Office {
    tenant: Tenant,
    package: Id<AccessPackage>,
    extension: Id<CustomExtension>,
    ada: Id<User>,
}

impl Office {
    async fn open(stage: Stage) -> Self {
        Self::open_with(Tenant::new(), stage, ApprovalSettings::none()).await
    }

    async fn open_with(tenant: Tenant, stage: Stage, approval: ApprovalSettings) -> Self {
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let group = GroupDraft::security_group("granted")
            .build()
            .expect("an office that is set up");
        let group = admin
            .groups()
            .create(&group)
            .await
            .expect("an office that is set up")
            .id;
        let catalog = CatalogDraft::builder("Shelf").state(CatalogState::Published);
        let catalog = catalog.build().expect("an office that is set up");
        let catalog = entitlement
            .catalogs()
            .create(&catalog)
            .await
            .expect("an office that is set up")
            .id;
        let add = ResourceRequestDraft::add_group(&catalog, &group);
        entitlement
            .resource_requests()
            .create(&add)
            .await
            .expect("an office that is set up");
        let of_group = Query::new()
            .filter(Filter::field("originId").eq(&group))
            .expand("roles")
            .expand("scopes");
        let mut resources = entitlement
            .catalog(&catalog)
            .resources()
            .list_with(of_group);
        let resource = resources
            .next()
            .await
            .expect("an office that is set up")
            .expect("an office that is set up");
        let package = AccessPackageDraft::builder(&catalog, "Access");
        let package = package.build().expect("an office that is set up");
        let package = entitlement
            .packages()
            .create(&package)
            .await
            .expect("an office that is set up")
            .id;
        let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group));
        let role_scopes = entitlement.package(&package).role_scopes();
        role_scopes
            .create(&role.expect("an office that is set up"))
            .await
            .expect("an office that is set up");
        let patience = if stage == Stage::determining_approval_requirements() {
            CallbackConfiguration::waiting_for_approval_stage(IsoDuration::days(2))
        } else {
            CallbackConfiguration::waiting(IsoDuration::days(2))
        };
        let extension = CustomExtensionDraft::for_requests(
            "Check",
            EndpointConfiguration::http("https://check.contoso.com/hook"),
            AuthenticationConfiguration::token("api://check"),
        )
        .callback_configuration(patience);
        let extensions = entitlement.catalog(&catalog).custom_extensions();
        let extension = extensions
            .create(&extension.build().expect("an office that is set up"))
            .await
            .expect("an office that is set up");
        let policy = AssignmentPolicyDraft::builder(&package, "Checked")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .requestor_settings(RequestorSettings::self_service())
            .request_approval_settings(approval)
            .expiration(Expiration::after_days(30))
            .custom_extension(stage, &extension);
        let policies = entitlement.policies();
        policies
            .create(&policy.build().expect("an office that is set up"))
            .await
            .expect("an office that is set up");
        Self {
            ada: tenant.person("ada").add(),
            extension: extension.id,
            package,
            tenant,
        }
    }

    async fn ask(&self) -> Id<AssignmentRequest> {
        let ask = AssignmentRequestDraft::user_add(&self.package)
            .justification("New laptop")
            .build();
        let ada = self.tenant.user(&self.ada).client().entitlement();
        ada.requests()
            .create(&ask.expect("an office that is set up"))
            .await
            .expect("an office that is set up")
            .id
    }

    async fn request(&self, id: &Id<AssignmentRequest>) -> AssignmentRequest {
        let requests = self.tenant.app().client().entitlement().requests();
        requests.get(id).await.expect("an office that is set up")
    }

    async fn status(&self, id: &Id<AssignmentRequest>) -> String {
        self.request(id)
            .await
            .status
            .expect("an office that is set up")
    }
}

#[tokio::test]
async fn a_closure_answers_at_once() {
    let office = Office::open(Stage::AssignmentRequestCreated).await;
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    office.tenant.on_callout(&office.extension, move |callout| {
        seen.lock().unwrap().push(callout.clone());
        Reply::go_on().detail("Fine")
    });
    let id = office.ask().await;
    let request = office.request(&id).await;
    assert_eq!(request.state, Some(RequestState::Delivered));
    let call = &request.custom_extension_callout_instances[0];
    assert_eq!(call.status, Some(Status::CallbackReceived));
    assert_eq!(call.detail.as_deref(), Some("Fine"));
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].request.as_ref(), Some(&id));
    assert_eq!(calls[0].target, office.ada);
    assert_eq!(calls[0].justification.as_deref(), Some("New laptop"));
    assert!(calls[0].is_awaited);
}

#[tokio::test]
async fn a_closure_answers_later_or_denies() {
    let office = Office::open(Stage::AssignmentRequestCreated).await;
    office.tenant.on_callout(&office.extension, |_| {
        Reply::deny().after(IsoDuration::hours(3)).detail("No")
    });
    let id = office.ask().await;
    office.tenant.clock().advance(IsoDuration::hours(2));
    assert_eq!(office.status(&id).await, "WaitingForCallback");
    office.tenant.clock().advance(IsoDuration::hours(1));
    assert_eq!(office.status(&id).await, "Denied");
    let denied = office.request(&id).await;
    let asked_at = denied.created_date_time.unwrap();
    let waited = denied.completed_date_time.unwrap().duration_since(asked_at);
    assert_eq!(waited.as_hours(), 3);
    let mails = office.tenant.outbox();
    let lines = &mails.last().unwrap().lines;
    assert!(
        lines.iter().any(|line| line == "Details: No"),
        "EXT-6: {lines:?}"
    );
}

#[tokio::test]
async fn time_that_passes_at_once_passes_in_order() {
    let office = Office::open(Stage::AssignmentRequestGranted).await;
    let reply = Reply::go_on().after(IsoDuration::days(1));
    office
        .tenant
        .on_callout(&office.extension, move |_| reply.clone());
    let id = office.ask().await;
    // The answer is due before the wait is over, although nobody looked in between.
    office.tenant.clock().advance(IsoDuration::days(20));
    assert_eq!(office.status(&id).await, "Delivered");
    let before = office.request(&id).await;
    let asked_at = before.created_date_time.unwrap();
    let done = before.completed_date_time.unwrap().duration_since(asked_at);
    assert_eq!(done.as_hours(), 24);
}

#[tokio::test]
async fn a_silent_system_is_waited_for_and_one_out_of_reach_is_not() {
    let office = Office::open(Stage::AssignmentRequestCreated).await;
    let count = Arc::new(AtomicU32::new(0));
    let calls = Arc::clone(&count);
    office.tenant.on_callout(&office.extension, move |_| {
        match calls.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::nothing(),
            _ => Reply::unreachable(),
        }
    });
    let first = office.ask().await;
    office.tenant.clock().advance(IsoDuration::hours(47));
    assert_eq!(office.status(&first).await, "WaitingForCallback");
    office.tenant.clock().advance(IsoDuration::hours(1));
    assert_eq!(office.status(&first).await, "Expired");
    let second = office.ask().await;
    let failed = office.request(&second).await;
    assert_eq!(failed.state, Some(RequestState::Denied));
    let call = &failed.custom_extension_callout_instances[0];
    assert_eq!(call.status, Some(Status::CalloutFailed));
}

#[tokio::test]
async fn a_closure_says_who_decides() {
    let stages = ApprovalSettings::in_stages([ApprovalStage::dynamic()]);
    let determining = Stage::determining_approval_requirements();
    let office = Office::open_with(Tenant::new(), determining, stages).await;
    let boss = office.tenant.person("boss").add();
    let decider = boss.clone();
    office.tenant.on_callout(&office.extension, move |callout| {
        assert_eq!(callout.stage, Stage::determining_approval_requirements());
        let stage = ApprovalStage::builder().primary_approver(SubjectSet::user(&decider));
        Reply::approval_stage(stage.build())
    });
    let id = office.ask().await;
    assert_eq!(office.status(&id).await, "PendingApproval");
    let boss = office.tenant.user(&boss).client();
    let stage = boss.entitlement().request(&id).pending_stage().await;
    assert_eq!(stage.unwrap().unwrap().assigned_to_me, Some(true));
}

#[tokio::test]
async fn a_closure_may_look_into_the_tenant() {
    let office = Office::open(Stage::AssignmentRequestCreated).await;
    let tenant = office.tenant.clone();
    office.tenant.on_callout(&office.extension, move |_| {
        // The tenant stands still at the moment of the call, so nothing has timed out yet.
        tenant.clock().advance(IsoDuration::days(10));
        let statuses = format!("{:?}", tenant.snapshot());
        assert!(statuses.contains("WaitingForCallback"));
        Reply::go_on()
    });
    let id = office.ask().await;
    assert_eq!(office.status(&id).await, "Delivered");
}

#[tokio::test]
async fn closures_stay_with_their_tenant() {
    let office = Office::open(Stage::AssignmentRequestCreated).await;
    office
        .tenant
        .on_callout(&office.extension, |_| Reply::go_on());
    let fork = Office {
        tenant: office.tenant.fork(),
        package: office.package.clone(),
        extension: office.extension.clone(),
        ada: office.ada.clone(),
    };
    let id = fork.ask().await;
    assert_eq!(fork.status(&id).await, "WaitingForCallback");
    let id = office.ask().await;
    assert_eq!(office.status(&id).await, "Delivered");
}

#[tokio::test]
async fn whoever_waits_in_vain_can_be_paused() {
    let mut choices = Choices::default();
    choices.extensions.unanswered = UnansweredExtension::PausesRequest;
    let tenant = Tenant::builder().choices(choices).build();
    let stage = Stage::AssignmentRequestCreated;
    let office = Office::open_with(tenant, stage.clone(), ApprovalSettings::none()).await;
    let id = office.ask().await;
    office.tenant.clock().advance(IsoDuration::days(5));
    let request = office.request(&id).await;
    assert_eq!(request.status.as_deref(), Some("WaitingForCallback"));
    let call = &request.custom_extension_callout_instances[0];
    assert_eq!(call.status, Some(Status::CallbackTimedOut));
    let answer = ResumeRequest::builder("Test", stage, call.id.clone().unwrap());
    let handle = office.tenant.app().client().entitlement().request(&id);
    handle.resume(&answer.build().unwrap()).await.unwrap();
    assert_eq!(office.status(&id).await, "Delivered");
}

#[tokio::test]
async fn new_requests_cannot_be_denied_if_so_chosen() {
    let mut choices = Choices::default();
    choices.extensions.deny_new_requests = false;
    let tenant = Tenant::builder().choices(choices).build();
    let stage = Stage::AssignmentRequestCreated;
    let office = Office::open_with(tenant, stage.clone(), ApprovalSettings::none()).await;
    let id = office.ask().await;
    let request = office.request(&id).await;
    let call = request.custom_extension_callout_instances[0].id.clone();
    let denial = ResumeRequest::builder("Test", stage, call.unwrap()).deny();
    let handle = office.tenant.app().client().entitlement().request(&id);
    let refused = handle.resume(&denial.build().unwrap()).await.unwrap_err();
    assert_eq!(refused.service().unwrap().code(), "InvalidModel");
    assert_eq!(office.status(&id).await, "WaitingForCallback");
}
