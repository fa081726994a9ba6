//! Furnished tenants are what they say they are.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_mock::Tenant;
use entitlement_mock::scenarios::{LargeCatalog, SmallCompany, crowd};

type Done = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn m17_a_small_company_hands_out_its_packages() -> Done {
    let company = SmallCompany::open().await?;
    let tenant = &company.tenant;
    for person in [&company.ada, &company.bob, &company.mia] {
        let requests = tenant.user(person).client().entitlement().requests();
        let silent = AssignmentRequestDraft::user_add(&company.local_administrator).build()?;
        assert!(
            requests.create(&silent).await.is_err(),
            "a justification is asked for"
        );
        let draft = AssignmentRequestDraft::user_add(&company.local_administrator)
            .justification("The build machine needs me")
            .build()?;
        requests.create(&draft).await?;
        tenant.assert_not_granted(person, &company.local_administrators);
    }
    company.approve_everything().await?;
    for person in [&company.ada, &company.bob, &company.mia] {
        tenant.assert_granted(person, &company.local_administrators);
    }

    let gus = tenant.user(&company.gus).client().entitlement().requests();
    let draft = AssignmentRequestDraft::user_add(&company.local_administrator)
        .justification("I am a guest")
        .build()?;
    assert!(gus.create(&draft).await.is_err(), "guests may not ask");

    let by_hand =
        AssignmentRequestDraft::admin_add(&company.app, &company.app_policy, &company.gus);
    let admin = tenant.user(&company.root).client().entitlement().requests();
    admin.create(&by_hand.build()?).await?;
    tenant.run_until_quiet();
    tenant.assert_granted(&company.gus, &company.app_users);
    Ok(())
}

#[tokio::test]
async fn m17_a_large_catalog_is_listed_page_by_page() -> Done {
    let large = LargeCatalog::open(250).await?;
    let client = large.tenant.app().client();
    let listed = client.entitlement().packages().list().try_collect().await?;
    let listed: Vec<_> = listed.into_iter().map(|package| package.id).collect();
    assert_eq!(listed, large.packages);
    Ok(())
}

#[test]
fn m17_a_crowd_joins() {
    let tenant = Tenant::new();
    let people = crowd(&tenant, 10_000);
    assert_eq!(people.len(), 10_000);
    assert_eq!(crowd(&tenant, 10_000), people, "nobody joins twice");
}
