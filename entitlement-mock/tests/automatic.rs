//! Automatic assignment on a tenant that takes its time, and of people who come and go.

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::{Password, User, UserDraft, UserPatch};
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, AutomaticRequestSettings};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::Error;
use entitlement_mock::lag::{Lag, LagProfile};
use entitlement_mock::{Licence, Tenant};

/// A package that everybody in Sales holds.
async fn package_for_sales(
    tenant: &Tenant,
) -> Result<Id<AccessPackage>, Box<dyn std::error::Error>> {
    let entitlement = tenant.app().client().entitlement();
    let catalog = CatalogDraft::builder("Shelf").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?.id;
    let package = AccessPackageDraft::builder(&catalog, "Access").build()?;
    let package = entitlement.packages().create(&package).await?.id;
    let mut settings = AutomaticRequestSettings::default();
    settings.request_access_for_allowed_targets = Some(true);
    settings.remove_access_when_target_leaves_allowed_targets = Some(true);
    let policy = AssignmentPolicyDraft::builder(&package, "Sales")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::rule(r#"user.department -eq "Sales""#))
        .automatic_request_settings(settings)
        .build()?;
    entitlement.policies().create(&policy).await?;
    Ok(package)
}

async fn holders(tenant: &Tenant) -> Result<Vec<Id<User>>, Error> {
    let assignments = tenant.app().client().entitlement().assignments();
    let all = assignments.list_with(entitlement_core::odata::Query::new().expand("target"));
    let all = all.try_collect().await?;
    let current = all
        .iter()
        .filter(|row| row.state == Some(entitlement_core::assignment::AssignmentState::Delivered));
    Ok(current
        .filter_map(|row| row.target.loaded()?.object_id.clone())
        .collect())
}

#[tokio::test]
async fn auto_7_rules_are_looked_at_after_a_while() {
    let mut lag = LagProfile::immediate();
    lag.automatic_assignment = Lag::After(IsoDuration::minutes(10));
    let tenant = Tenant::builder().lag(lag).build();
    package_for_sales(&tenant).await.unwrap();
    let ada = tenant.person("ada").department("Sales").add();
    assert!(holders(&tenant).await.unwrap().is_empty());
    tenant.clock().advance(IsoDuration::minutes(10));
    assert_eq!(holders(&tenant).await.unwrap(), std::slice::from_ref(&ada));
    let patch = UserPatch {
        department: entitlement_core::wire::Field::Clear,
        ..UserPatch::default()
    };
    let users = tenant.app().client().users();
    users.update(&ada, &patch).await.unwrap();
    assert_eq!(holders(&tenant).await.unwrap().len(), 1);
    tenant.run_until_quiet();
    assert!(holders(&tenant).await.unwrap().is_empty());
}

#[tokio::test]
async fn accounts_come_and_go_with_their_access() {
    let tenant = Tenant::new();
    package_for_sales(&tenant).await.unwrap();
    let users = tenant.app().client().users();
    let draft = |name: &str| {
        UserDraft::builder("Ada Lovelace", name, Password::new("correct horse"))
            .department("Sales")
            .build()
            .unwrap()
    };
    let name = format!("ada@{}", tenant.domain());
    let ada = users.create(&draft(&name)).await.unwrap().id;
    assert_eq!(holders(&tenant).await.unwrap(), std::slice::from_ref(&ada));
    let twice = users.create(&draft(&name)).await.unwrap_err();
    assert_eq!(twice.service().unwrap().code(), "Request_BadRequest");
    assert!(users.create(&draft("ada@elsewhere.com")).await.is_err());
    let renamed = UserPatch {
        user_principal_name: format!("lovelace@{}", tenant.domain()).into(),
        ..UserPatch::default()
    };
    users.update(&ada, &renamed).await.unwrap();
    assert!(
        users.create(&draft(&name)).await.is_ok(),
        "the name is free"
    );
    let client = tenant.app().client();
    let call = client.raw(http::Method::DELETE, &format!("users/{ada}"));
    call.unwrap().send().await.unwrap();
    let left = holders(&tenant).await.unwrap();
    assert_eq!(left.len(), 1, "only her namesake: {left:?}");
}

#[tokio::test]
async fn nobody_is_assigned_without_the_licence() {
    let tenant = Tenant::new();
    package_for_sales(&tenant).await.unwrap();
    tenant.set_licence(Licence::P2);
    tenant.person("ada").department("Sales").add();
    assert!(holders(&tenant).await.unwrap().is_empty(), "LIC-2");
}
