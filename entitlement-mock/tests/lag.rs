//! The service takes its time, and only as much as it was told to.

use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::request::RequestState;
use entitlement_core::resource::{OriginSystem, ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::lag::{Lag, LagProfile};
use entitlement_mock::scenarios::{SelfService, crowd};
use entitlement_mock::snapshot::Snapshot;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A tenant in which Ada asks for a package once the service takes its time.
async fn asked(lag: LagProfile) -> Result<(Tenant, Id<AssignmentRequest>)> {
    let scene = SelfService::open().await?;
    scene.tenant.set_lag(lag);
    let request = scene.ask().await?;
    Ok((scene.tenant, request))
}

async fn state(tenant: &Tenant, request: &Id<AssignmentRequest>) -> Result<RequestState> {
    let client = tenant.app().client();
    let request = client.entitlement().requests().get(request).await?;
    Ok(request.state.ok_or("a request has a state")?)
}

#[tokio::test]
async fn m9_requests_take_their_time() -> Result<()> {
    let mut lag = LagProfile::immediate();
    lag.processing = Lag::After(IsoDuration::seconds(6));
    lag.delivery = Lag::After(IsoDuration::minutes(4));
    let (tenant, request) = asked(lag).await?;
    let mut seen = Vec::new();
    for seconds in [5, 1, 239, 1] {
        tenant.clock().advance(IsoDuration::seconds(seconds));
        seen.push(state(&tenant, &request).await?.to_string());
    }
    assert_eq!(seen, ["submitted", "delivering", "delivering", "delivered"]);
    Ok(())
}

#[tokio::test]
async fn m9_requests_wait_for_being_looked_at() -> Result<()> {
    let mut lag = LagProfile::immediate();
    lag.processing = Lag::AfterReads(2);
    lag.delivery = Lag::AfterReads(1);
    let (tenant, request) = asked(lag).await?;
    // What waits for reads is written down with the rest.
    let tenant = Tenant::restore(&Snapshot::from_json(&tenant.snapshot().to_json())?);
    tenant.clock().advance(IsoDuration::days(300));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(state(&tenant, &request).await?.to_string());
    }
    let expected = [
        "submitted",
        "submitted",
        "delivering",
        "delivered",
        "delivered",
    ];
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn p7_what_never_happens_does_not() -> Result<()> {
    let mut lag = LagProfile::immediate();
    lag.delivery = Lag::Never;
    let (tenant, request) = asked(lag).await?;
    tenant.run_until_quiet();
    tenant.clock().advance(IsoDuration::days(3_000));
    assert_eq!(state(&tenant, &request).await?, RequestState::Delivering);
    Ok(())
}

#[tokio::test]
async fn m10_the_service_is_waited_for_and_nobody_else() -> Result<()> {
    let (tenant, request) = asked(LagProfile::realistic()).await?;
    let began = tenant.clock().now();
    tenant.run_until_quiet();
    let took = tenant.clock().now().duration_since(began);
    assert_eq!(state(&tenant, &request).await?, RequestState::Delivered);
    assert_eq!(took.as_secs(), 6 + 240);
    Ok(())
}

#[tokio::test]
async fn p1_what_is_new_is_found_later() -> Result<()> {
    for (replication, reads) in [
        (Lag::After(IsoDuration::seconds(10)), 0),
        (Lag::AfterReads(2), 2),
    ] {
        let mut lag = LagProfile::immediate();
        lag.replication = replication;
        let tenant = Tenant::builder().lag(lag).build();
        let catalogs = tenant.app().client().entitlement().catalogs();
        let made = catalogs
            .create(&CatalogDraft::builder("Devices").build()?)
            .await?;
        let names = async || -> Result<usize> { Ok(catalogs.list().try_collect().await?.len()) };
        if reads == 0 {
            assert!(
                catalogs
                    .get(&made.id)
                    .await
                    .is_err_and(|error| error.is_not_found())
            );
            tenant.clock().advance(IsoDuration::seconds(9));
            assert_eq!(names().await?, 1, "only the built-in catalog");
            tenant.clock().advance(IsoDuration::seconds(1));
        } else {
            assert!(
                catalogs
                    .get(&made.id)
                    .await
                    .is_err_and(|error| error.is_not_found())
            );
            assert_eq!(names().await?, 1, "only the built-in catalog");
        }
        assert_eq!(names().await?, 2);
        assert_eq!(catalogs.get(&made.id).await?.id, made.id);
    }
    Ok(())
}

#[test]
fn profiles_have_names() -> Result<()> {
    assert_eq!("realistic".parse::<LagProfile>()?, LagProfile::realistic());
    assert_eq!("immediate".parse::<LagProfile>()?, LagProfile::default());
    let error = "slow".parse::<LagProfile>().expect_err("no such profile");
    assert_eq!(
        error.to_string(),
        "there is no lag profile called \"slow\"; there are: immediate, realistic"
    );
    Ok(())
}

#[tokio::test]
async fn obj_53_changes_of_a_package_reach_its_holders_later() -> Result<()> {
    let mut lag = LagProfile::immediate();
    lag.role_changes = Lag::After(IsoDuration::minutes(5));
    lag.bulk_role_changes = Lag::After(IsoDuration::hours(6));
    for (holders, wait) in [(1, 5), (101, 6 * 60)] {
        let tenant = Tenant::builder().lag(lag.clone()).build();
        let entitlement = tenant.app().client().entitlement();
        let catalog = CatalogDraft::builder("Devices").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?.id;
        let package = AccessPackageDraft::builder(&catalog, "Administrators").build()?;
        let package = entitlement.packages().create(&package).await?.id;
        let policy = AssignmentPolicyDraft::builder(&package, "Everybody")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .build()?;
        let policy = entitlement.policies().create(&policy).await?.id;
        let people = crowd(&tenant, holders);
        for person in &people {
            tenant.holding(person, &policy).add();
        }
        let group = tenant.group("Administrators").add();
        let add = ResourceRequestDraft::add(&catalog, OriginSystem::AadGroup, group.to_string());
        entitlement
            .resource_requests()
            .create(&add.build()?)
            .await?;
        let resource = entitlement
            .catalog(&catalog)
            .resources()
            .list()
            .next()
            .await?;
        let resource = resource.ok_or("the resource")?;
        let member = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group))?;
        let role_scopes = entitlement.package(&package).role_scopes();
        let granted = role_scopes.create(&member).await?;
        let last = people.last().ok_or("somebody")?;
        tenant.clock().advance(IsoDuration::minutes(wait - 1));
        tenant.assert_not_granted(last, &group);
        tenant.clock().advance(IsoDuration::minutes(1));
        tenant.assert_granted(last, &group);
        role_scopes.delete(&granted.id).await?;
        tenant.assert_granted(last, &group);
        tenant.clock().advance(IsoDuration::minutes(wait));
        tenant.assert_not_granted(last, &group);
    }
    Ok(())
}
