//! Names that stand for exactly one thing.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::resource::RoleOrigin;
use entitlement_graph::Error;
use entitlement_graph::resolve::{Ref, RoleRef, Unresolved};

use super::backend::Backend;
use super::fixture::{Shelf, new_group, new_package, nothing, open_policy};

fn unresolved<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Unresolved {
    match outcome.expect_err("nothing, or too much") {
        Error::Unresolved(unresolved) => *unresolved,
        other => panic!("{other}"),
    }
}

/// P21: a sign-in name that only begins alike is somebody else's.
pub async fn p21_people_are_found_by_their_whole_names(backend: &impl Backend) {
    let admin = backend.admin();
    let (ada, longer) = (backend.join("ada", None), backend.join("adam", None));
    let login = |user: User| user.user_principal_name.expect("a sign-in name");
    let short_login = login(admin.users().get(&ada).await.expect("ada"));
    let other_login = login(admin.users().get(&longer).await.expect("adam"));
    let found = async |name: String| -> Result<Id<User>, Error> {
        Ok(admin.resolve_user(&Ref::name(name)).await?.id)
    };
    assert_eq!(found(short_login.clone()).await.expect("ada"), ada);
    assert_eq!(found(short_login.to_uppercase()).await.expect("ada"), ada);
    assert_eq!(found(other_login).await.expect("adam"), longer);
    for nobody in [
        "ada",
        "ada@",
        &short_login[..short_login.len() - 1],
        "' or 'a' eq 'a",
    ] {
        assert!(
            unresolved(found(nobody.to_owned()).await).is_nothing(),
            "{nobody}"
        );
    }
}

/// P22 and P23: names of catalogs, packages, policies and groups, each in its place.
pub async fn p22_names_stand_for_one_thing(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let entitlement = shelf.admin.entitlement();
    let catalog = entitlement.resolve_catalog(&Ref::name("Shelf")).await;
    assert_eq!(catalog.expect("a catalog").id, shelf.catalog.id);
    let misspelt = unresolved(entitlement.resolve_catalog(&Ref::name("shelf")).await);
    assert_eq!(misspelt.candidates[0].name, "Shelf");
    let as_name = Ref::name(shelf.catalog.id.to_string());
    let as_name = unresolved(entitlement.resolve_catalog(&as_name).await);
    assert!(as_name.looks_like_an_id && as_name.is_nothing());
    let by_id = entitlement
        .resolve_catalog(&Ref::from(&shelf.catalog.id))
        .await;
    assert_eq!(by_id.expect("a catalog").id, shelf.catalog.id);
    let lost = entitlement.resolve_catalog(&Ref::Id(nothing())).await;
    assert!(unresolved(lost).is_nothing());

    let home = Some(&shelf.catalog.id);
    let package = entitlement
        .resolve_package(home, &Ref::name("Access"))
        .await;
    let package = package.expect("a package");
    assert_eq!(package.id, shelf.package.id);
    let elsewhere = entitlement
        .resolve_package(Some(&nothing()), &Ref::from(&package.id))
        .await;
    assert!(unresolved(elsewhere).is_nothing());
    new_package(&shelf.admin, &shelf.catalog.id, "Access").await;
    let twins = entitlement
        .resolve_package(home, &Ref::name("Access"))
        .await;
    assert_eq!(unresolved(twins).matches, 2);

    let policy = shelf
        .add_policy(open_policy(&package.id, "Initial Policy", []))
        .await;
    let name = Ref::name("Initial Policy");
    let found = entitlement.resolve_policy(&package.id, &name).await;
    assert_eq!(found.expect("a policy").id, policy.id);
    let initial = entitlement
        .resolve_policy(&package.id, &Ref::name("Initial"))
        .await;
    assert_eq!(unresolved(initial).candidates[0].name, "Initial Policy");

    new_group(&shelf.admin, "granted").await;
    let groups = shelf.admin.resolve_group(&Ref::name("granted")).await;
    assert_eq!(
        unresolved(groups).matches,
        2,
        "names of groups are not unique"
    );
    let group = shelf.admin.resolve_group(&Ref::from(&shelf.group.id)).await;
    assert_eq!(group.expect("a group").id, shelf.group.id);
}

/// P32 and P33: a role is named, and no other takes its place.
pub async fn p32_roles_are_found_by_name(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let entitlement = shelf.admin.entitlement();
    let (catalog, resource) = (&shelf.catalog.id, &shelf.resource);
    let owner = entitlement
        .resolve_role(catalog, resource, &RoleRef::name("Owner"))
        .await;
    let origin = RoleOrigin::owner_of(&shelf.group.id);
    assert_eq!(owner.expect("a role").origin_id, Some(origin.to_string()));
    let owner = entitlement
        .resolve_role(catalog, resource, &origin.into())
        .await;
    assert_eq!(
        owner.expect("a role").display_name.as_deref(),
        Some("Owner")
    );
    let eligible = RoleRef::name("Eligible Member");
    let eligible = entitlement.resolve_role(catalog, resource, &eligible).await;
    let names: Vec<_> = unresolved(eligible)
        .candidates
        .into_iter()
        .map(|role| role.name)
        .collect();
    assert_eq!(names, ["Member", "Owner"]);
}
