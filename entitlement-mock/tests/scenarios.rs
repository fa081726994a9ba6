//! Furnished tenants are what they say they are.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::request::RequestState;
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::scenarios::{
    LargeCatalog, LargeOrganization, PartnerOrganization, SmallCompany, crowd,
};

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

#[tokio::test]
async fn m17_guests_of_a_partner_come_and_go() -> Done {
    let scene = PartnerOrganization::open().await?;
    let (tenant, files) = (&scene.tenant, &scene.project_files);
    let ask = AssignmentRequestDraft::user_add(&scene.package).build()?;
    let gia = tenant.user(&scene.gia).client().entitlement().requests();
    gia.create(&ask).await?;
    tenant.assert_not_granted(&scene.gia, files);
    let stranger = tenant.person("sam@adatum.com").guest().add();
    let stranger = tenant.user(&stranger).client().entitlement().requests();
    assert!(stranger.create(&ask).await.is_err(), "it is for Fabrikam");
    let member = tenant.user(&scene.iris).client().entitlement().requests();
    assert!(member.create(&ask).await.is_err(), "and not for members");

    let nia = scene.bring_in("nia@fabrikam.net").await?;
    let nia = nia.ok_or("an account")?;
    for guest in [&scene.gia, &nia] {
        tenant.assert_granted(guest, files);
    }
    assert!(scene.bring_in("ann@adatum.com").await.is_err());
    tenant.never_invite_from(&["fabrikam.com"]);
    assert!(scene.bring_in("ned@fabrikam.com").await.is_err(), "ORG-12");

    let organization = tenant.app().client().entitlement();
    let organization = organization.connected_organization(&scene.fabrikam);
    assert_eq!(organization.internal_sponsors().count().await?, 1);
    assert_eq!(organization.external_sponsors().count().await?, 1);
    tenant.clock().advance(IsoDuration::days(91));
    for guest in [&scene.gia, &nia] {
        tenant.assert_not_granted(guest, files);
    }
    assert!(
        gia.create(&ask).await.is_ok(),
        "she was not governed, and stays"
    );
    let late = tenant.user(&nia).client().entitlement().requests();
    assert!(late.create(&ask).await.is_err(), "ORG-9: blocked");
    Ok(())
}

#[tokio::test]
async fn m17_a_large_organization_is_read_page_by_page() -> Done {
    let large = LargeOrganization::open(1_500).await?;
    let tenant = &large.company.tenant;
    let users = tenant.app().client().users().list().try_collect().await?;
    assert_eq!(users.len(), 1_501);
    let last = large.people.last().ok_or("somebody")?;
    let ask = AssignmentRequestDraft::user_add(&large.company.package).build()?;
    let requests = tenant.user(last).client().entitlement().requests();
    let request = requests.create(&ask).await?;
    let state = requests.get(&request.id).await?.state;
    assert_eq!(state, Some(RequestState::Delivered));
    Ok(())
}

#[tokio::test]
async fn m25_a_person_of_one_tenant_asks_in_another() -> Done {
    let home = Tenant::builder().domain("fabrikam.com").seed(1).build();
    let eve = home.person("eve").display_name("Eve").add();
    let scene = PartnerOrganization::open().await?;
    let host = &scene.tenant;
    let guest = host.guest_from(&home, &eve).ok_or("a guest")?;
    assert_ne!(guest, eve, "the account here is another one");
    let ask = AssignmentRequestDraft::user_add(&scene.package).build()?;
    let requests = host.user(&guest).client().entitlement().requests();
    requests.create(&ask).await?;
    scene.approve_everything().await?;
    host.assert_granted(&guest, &scene.project_files);
    assert!(home.outbox().is_empty(), "at home nobody hears of it");

    // A tenant of which nothing is known yet becomes a partner.
    let other = Tenant::builder().domain("adatum.com").build();
    let sam = other.person("sam").add();
    let sam = host.guest_from(&other, &sam).ok_or("a guest")?;
    let refused = host.user(&sam).client().entitlement().requests();
    assert!(refused.create(&ask).await.is_err(), "it is for Fabrikam");
    assert_eq!(
        host.guest_from(&other, &eve),
        None,
        "nobody of that id is there"
    );
    Ok(())
}
