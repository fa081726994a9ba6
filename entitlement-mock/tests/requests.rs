//! What can be done with requests where the documentation leaves a choice.

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::entitlement::RequestsOn;
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::Tenant;
use entitlement_mock::choices::Choices;
use entitlement_mock::outbox::MailKind;
use http::Method;
use serde_json::json;

/// A package for every member; managers ask for their reports, too, and the manager of whoever asks consents.
async fn package(
    tenant: &Tenant,
    approval: ApprovalSettings,
) -> Result<Id<AccessPackage>, Box<dyn std::error::Error>> {
    let entitlement = tenant.app().client().entitlement();
    let catalog = CatalogDraft::builder("Shelf").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?.id;
    let package = AccessPackageDraft::builder(&catalog, "Access").build()?;
    let package = entitlement.packages().create(&package).await?.id;
    let mut requestors = RequestorSettings::self_service();
    requestors.enable_on_behalf_requestors_to_add_access = Some(true);
    let managers = json!({"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1});
    requestors.on_behalf_requestors = vec![serde_json::from_value(managers)?];
    let policy = AssignmentPolicyDraft::builder(&package, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(requestors)
        .request_approval_settings(approval)
        .build()?;
    entitlement.policies().create(&policy).await?;
    Ok(package)
}

async fn ask_for(
    manager: &GraphClient,
    package: &Id<AccessPackage>,
    target: &Id<User>,
) -> Result<Id<AssignmentRequest>, Error> {
    let path = "identityGovernance/entitlementManagement/assignmentRequests";
    let body = json!({
        "requestType": "onBehalfAdd",
        "assignment": {"accessPackageId": package, "targetId": target},
    });
    let made: serde_json::Value = manager
        .raw(Method::POST, path)?
        .json(&body)?
        .fetch()
        .await?;
    let id = made["id"].as_str().unwrap_or_default().parse();
    Ok(id.expect("an id"))
}

#[tokio::test]
async fn pol_41_managers_ask_for_their_reports_if_so_chosen() {
    let mut choices = Choices::default();
    choices.requests.on_behalf_of_others = true;
    let tenant = Tenant::builder().choices(choices).build();
    let package = package(&tenant, ApprovalSettings::none()).await.unwrap();
    let boss = tenant.person("boss").add();
    let ada = tenant.person("ada").manager(&boss).add();
    let bob = tenant.person("bob").add();
    let manager = tenant.user(&boss).client();
    let strange = ask_for(&manager, &package, &bob).await.unwrap_err();
    assert_eq!(strange.service().unwrap().code(), "PolicyRequirementNotMet");
    let request = ask_for(&manager, &package, &ada).await.unwrap();
    let requests = manager.entitlement().requests();
    let mine = requests.filter_by_current_user(RequestsOn::RequestForOthers);
    let mine = mine.try_collect().await.unwrap();
    assert_eq!(mine[0].id, request);
    tenant.assert_mailed(&ada, MailKind::AccessGranted);

    let default = Tenant::new();
    let package = self::package(&default, ApprovalSettings::none())
        .await
        .unwrap();
    let boss = default.person("boss").add();
    let ada = default.person("ada").manager(&boss).add();
    let refused = ask_for(&default.user(&boss).client(), &package, &ada).await;
    assert_eq!(
        refused.unwrap_err().service().unwrap().code(),
        "InvalidModel"
    );
}

#[tokio::test]
async fn u_29_and_req_56_requests_that_are_over_go() {
    let mut choices = Choices::default();
    choices.requests.deletable_while_assigned = true;
    choices.requests.kept_days = Some(90);
    let tenant = Tenant::builder().choices(choices).build();
    let package = package(&tenant, ApprovalSettings::none()).await.unwrap();
    let requests = tenant.app().client().entitlement().requests();
    let ask = AssignmentRequestDraft::user_add(&package).build().unwrap();
    let ada = tenant.person("ada").add();
    let own = tenant.user(&ada).client().entitlement().requests();
    let request = own.create(&ask).await.unwrap();
    requests.delete(&request.id).await.unwrap();
    let bob = tenant.person("bob").add();
    let own = tenant.user(&bob).client().entitlement().requests();
    let request = own.create(&ask).await.unwrap();
    requests.get(&request.id).await.unwrap();
    tenant.clock().advance(IsoDuration::days(89));
    requests.get(&request.id).await.unwrap();
    tenant.clock().advance(IsoDuration::days(1));
    let gone = requests.get(&request.id).await.unwrap_err();
    assert!(gone.is_not_found(), "REQ-56");
    let assignments = tenant.app().client().entitlement().assignments();
    let held = assignments.list().try_collect().await.unwrap();
    assert_eq!(held.len(), 2, "the assignments stay");
}

#[tokio::test]
async fn u_8_the_longest_time_for_a_decision_can_be_chosen() {
    let boss: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse().unwrap();
    let stage = |days| {
        let stage = ApprovalStage::builder()
            .primary_approver(SubjectSet::user(&boss))
            .duration_before_automatic_denial(IsoDuration::days(days));
        ApprovalSettings::in_stages([stage.build()])
    };
    assert!(package(&Tenant::new(), stage(14)).await.is_ok());
    let mut choices = Choices::default();
    choices.requests.longest_decision_days = 7;
    let hasty = Tenant::builder().choices(choices).build();
    assert!(package(&hasty, stage(8)).await.is_err());
    assert!(package(&hasty, stage(7)).await.is_ok());
}
