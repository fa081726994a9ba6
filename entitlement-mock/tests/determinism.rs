//! Two tenants with the same seed and the same history are equal, to the last id and the last byte.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::schedule::Expiration;
use entitlement_core::time::IsoDuration;
use entitlement_graph::Error;
use entitlement_mock::Tenant;

/// A short history with people, a request, an end, and two refusals; returns everything that was said in it.
async fn history(seed: u64) -> Result<Vec<String>, Error> {
    let tenant = Tenant::builder().seed(seed).build();
    let ada = tenant.person("ada").add();
    let (admin, ada) = (
        tenant.app().client().entitlement(),
        tenant.user(&ada).client(),
    );
    let catalog = admin
        .catalogs()
        .create(&CatalogDraft::builder("Shelf").build()?)
        .await?;
    let package = AccessPackageDraft::builder(&catalog.id, "Access").build()?;
    let package = admin.packages().create(&package).await?;
    let policy = AssignmentPolicyDraft::builder(&package.id, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service().with_extension())
        .expiration(Expiration::after_days(30))
        .build()?;
    admin.policies().create(&policy).await?;
    let request = AssignmentRequestDraft::user_add(&package.id).build()?;
    let requests = ada.entitlement().requests();
    requests.create(&request).await?;
    requests
        .create(&request)
        .await
        .expect_err("the person holds it already");
    requests
        .list()
        .next()
        .await
        .expect_err("people list no requests");
    tenant.clock().advance(IsoDuration::days(40));
    admin.requests().list().try_collect().await?;
    admin.assignments().list().try_collect().await?;
    let journal = tenant.journal();
    Ok(journal
        .iter()
        .map(|exchange| {
            let body = String::from_utf8_lossy(exchange.answer_body());
            format!("{exchange}\n{body}")
        })
        .collect())
}

#[tokio::test]
async fn equal_seeds_make_equal_histories() {
    let (first, second) = (history(7).await.unwrap(), history(7).await.unwrap());
    assert_eq!(first, second);
    assert_eq!(first.len(), 8);
}

#[tokio::test]
async fn other_seeds_make_other_ids() {
    assert_ne!(history(7).await.unwrap(), history(8).await.unwrap());
}

#[tokio::test]
async fn the_journal_reads_well() {
    let journal = history(7).await.unwrap();
    let lines: Vec<&str> = journal
        .iter()
        .filter_map(|entry| entry.lines().next())
        .collect();
    insta::assert_snapshot!(lines[4..6].join("\n"), @r"
    2026-01-01T00:00:00Z ada@contoso.onmicrosoft.com POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests -> 409 (assignment d6c27961-7a6e-486d-b287-e53f552dcb86 is current (REQ-42))
    2026-01-01T00:00:00Z ada@contoso.onmicrosoft.com GET /v1.0/identityGovernance/entitlementManagement/assignmentRequests -> 403 (only applications and administrators can call this, or a catalog reader where the call names the catalog (ROLE-2, ROLE-5))
    ");
}
