//! Why somebody may ask for a package, or may not.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{CatalogDraft, CatalogPatch, CatalogState};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft, AccessPackagePatch};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope as Scope, RequestorSettings};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_graph::entitlement::Entitlement;
use entitlement_mock::Tenant;
use insta::assert_snapshot;

type Done<T> = Result<T, Box<dyn std::error::Error>>;

async fn package(entitlement: &Entitlement, name: &str) -> Done<Id<AccessPackage>> {
    let catalog = CatalogDraft::builder("Devices").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?.id;
    let package = AccessPackageDraft::builder(&catalog, name).build()?;
    Ok(entitlement.packages().create(&package).await?.id)
}

async fn policy(
    entitlement: &Entitlement,
    package: &Id<AccessPackage>,
    name: &str,
    scope: Scope,
    people: &[&Id<User>],
) -> Done<()> {
    let mut draft = AssignmentPolicyDraft::builder(package, name)
        .allowed_target_scope(scope.clone())
        .expiration(Expiration::after_days(30))
        .requestor_settings(if scope == Scope::NotSpecified {
            RequestorSettings::administrators_only()
        } else {
            RequestorSettings::self_service()
        });
    for person in people {
        draft = draft.specific_allowed_target(SubjectSet::user(*person));
    }
    entitlement.policies().create(&draft.build()?).await?;
    Ok(())
}

#[tokio::test]
async fn m18_the_policy_path_is_explained() {
    let tenant = Tenant::new();
    let entitlement = tenant.app().client().entitlement();
    let package = package(&entitlement, "Local administrator").await.unwrap();
    let ada = tenant.person("ada").display_name("Ada").add();
    let bob = tenant.person("bob").display_name("Bob").add();
    let eve = tenant
        .person("eve@fabrikam.com")
        .display_name("Eve")
        .guest()
        .add();
    policy(&entitlement, &package, "By hand", Scope::NotSpecified, &[])
        .await
        .unwrap();
    policy(
        &entitlement,
        &package,
        "Few",
        Scope::SpecificDirectoryUsers,
        &[&ada],
    )
    .await
    .unwrap();
    policy(
        &entitlement,
        &package,
        "Members",
        Scope::AllMemberUsers,
        &[],
    )
    .await
    .unwrap();
    policy(
        &entitlement,
        &package,
        "Outside",
        Scope::AllExternalUsers,
        &[],
    )
    .await
    .unwrap();
    assert_snapshot!(tenant.why_denied(&ada, &package), @r#"
    Ada may ask for Local administrator.
    - The catalog Devices is published.
    - The policy "By hand", for nobody, lets nobody ask, only administrators assign (POL-10).
    - The policy "Few", for specific people and groups, applies.
    - The policy "Members", for all members, would apply, but gives way to a more specific one: class P2 to P1 (PRI-2).
    - The policy "Outside", for everybody from elsewhere, does not apply: they are outside its scope (2.2).
    "#);
    assert_snapshot!(tenant.why_denied(&bob, &package), @r#"
    Bob may ask for Local administrator.
    - The catalog Devices is published.
    - The policy "By hand", for nobody, lets nobody ask, only administrators assign (POL-10).
    - The policy "Few", for specific people and groups, does not apply: they are outside its scope (2.2).
    - The policy "Members", for all members, applies.
    - The policy "Outside", for everybody from elsewhere, does not apply: they are outside its scope (2.2).
    "#);
    assert_snapshot!(tenant.why_denied(&eve, &package), @r#"
    Eve may not ask for Local administrator.
    - The catalog Devices is published.
    - The catalog Devices is not shown to people from elsewhere, so policies for them count for nothing (VIS-1).
    - The policy "By hand", for nobody, lets nobody ask, only administrators assign (POL-10).
    - The policy "Few", for specific people and groups, does not apply: they are outside its scope (2.2).
    - The policy "Members", for all members, does not apply: they are outside its scope (2.2).
    - The policy "Outside", for everybody from elsewhere, does not count: its catalog is not shown to people from elsewhere (VIS-1).
    - No policy applies (PRI-5).
    "#);
}

#[tokio::test]
async fn m18_what_stands_in_the_way_is_explained() {
    let tenant = Tenant::new();
    let entitlement = tenant.app().client().entitlement();
    let wanted = package(&entitlement, "Payments").await.unwrap();
    let other = package(&entitlement, "Purchasing").await.unwrap();
    let ada = tenant.person("ada").display_name("Ada").add();
    let bob = tenant.person("bob").display_name("Bob").blocked().add();
    for package in [&wanted, &other] {
        policy(&entitlement, package, "Members", Scope::AllMemberUsers, &[])
            .await
            .unwrap();
    }
    let own = tenant.user(&ada).client().entitlement().requests();
    for package in [&wanted, &other] {
        let ask = AssignmentRequestDraft::user_add(package).build().unwrap();
        own.create(&ask).await.unwrap();
    }
    let separate = entitlement.package(&wanted).incompatible_packages();
    separate.add(&other).await.unwrap();
    let hidden = AccessPackagePatch {
        is_hidden: true.into(),
        ..AccessPackagePatch::default()
    };
    entitlement
        .packages()
        .update(&wanted, &hidden)
        .await
        .unwrap();
    let closed = CatalogPatch {
        state: CatalogState::Unpublished.into(),
        ..CatalogPatch::default()
    };
    let whole = entitlement.package(&wanted).get_whole().await.unwrap();
    let catalog = whole.catalog.loaded().unwrap().id.clone();
    entitlement
        .catalogs()
        .update(&catalog, &closed)
        .await
        .unwrap();
    assert_snapshot!(tenant.why_denied(&ada, &wanted), @r#"
    Ada may not ask for Payments.
    - The catalog Devices is not published, so nobody can ask for anything in it (OBJ-12).
    - The package is hidden: it is not listed, but whoever has its link may ask (OBJ-42).
    - The package is assigned already: delivered until 2026-01-31T00:00:00Z (REQ-40, REQ-42).
    - It does not go with Purchasing, which they hold (SOD-4).
    - The policy "Members", for all members, applies.
    "#);
    assert_snapshot!(tenant.why_denied(&bob, &other), @r#"
    Bob may not ask for Purchasing.
    - The account is blocked (REQ-44).
    - The catalog Devices is published.
    - The policy "Members", for all members, applies.
    "#);
    let nothing = "00000000-0000-4000-8000-000000000000";
    assert_snapshot!(tenant.why_denied(&nothing.parse().unwrap(), &nothing.parse().unwrap()), @"
    Somebody unknown may not ask for a package.
    - The tenant has no account with this id (REQ-4).
    - The tenant has no package with this id.
    ");
}

#[tokio::test]
async fn what_is_explained_is_what_happens() {
    let tenant = Tenant::new();
    let entitlement = tenant.app().client().entitlement();
    let package = package(&entitlement, "Access").await.unwrap();
    let ada = tenant.person("ada").add();
    let bob = tenant.person("bob").blocked().add();
    policy(
        &entitlement,
        &package,
        "Few",
        Scope::SpecificDirectoryUsers,
        &[&ada, &bob],
    )
    .await
    .unwrap();
    let eve = tenant.person("eve").guest().add();
    let ask = AssignmentRequestDraft::user_add(&package).build().unwrap();
    for person in [&ada, &bob, &eve, &ada] {
        let expected = tenant.why_denied(person, &package);
        let requests = tenant.user(person).client().entitlement().requests();
        let made = requests.create(&ask).await;
        assert_eq!(made.is_ok(), expected.may_ask(), "{expected}");
    }
}
