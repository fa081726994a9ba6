//! What is in a tenant, read back.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;

use entitlement_core::entity::Entity;
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::package::AccessPackage;
use entitlement_graph::GraphClient;
use entitlement_mock::Tenant;

fn by_name<E: Entity>(all: &[E], name: impl Fn(&E) -> Option<String>) -> BTreeMap<String, String> {
    let named = all
        .iter()
        .map(|one| (one.id().to_string(), name(one).unwrap_or_default()));
    named.collect()
}

fn sorted(all: impl IntoIterator<Item = impl Display>) -> String {
    let mut all: Vec<String> = all.into_iter().map(|one| one.to_string()).collect();
    all.sort();
    all.join(", ")
}

/// What is in a tenant, by names, without moments and ids.
pub(super) async fn state(tenant: &Tenant) -> Vec<String> {
    let client = tenant.app().client();
    let entitlement = client.entitlement();
    let mut state = Vec::new();
    let users = client.users().list().try_collect().await.unwrap();
    let users = by_name(&users, |user| user.display_name.clone());
    let groups = client.groups().list().try_collect().await.unwrap();
    for group in &groups {
        let members = client.group(&group.id).members().list();
        let members = members.try_collect().await.unwrap();
        let members = members.iter().map(|one| &users[&one.id().to_string()]);
        state.push(format!(
            "group {:?}: {}",
            group.display_name,
            sorted(members)
        ));
    }
    let groups = by_name(&groups, |group| group.display_name.clone());
    let catalogs = entitlement.catalogs().list().try_collect().await.unwrap();
    for catalog in &catalogs {
        let resources = entitlement.catalog(&catalog.id).resources().list();
        let resources = resources.try_collect().await.unwrap();
        let origins = resources.iter().filter_map(|one| one.origin_id.as_ref());
        state.push(format!(
            "catalog {:?} {:?}: {}",
            catalog.display_name,
            catalog.description,
            sorted(origins.map(|origin| &groups[origin]))
        ));
    }
    let catalogs = by_name(&catalogs, |catalog| catalog.display_name.clone());
    let query = Query::new().expand("catalog").expand(
        Expand::new("resourceRoleScopes")
            .expand("role")
            .expand("scope"),
    );
    let packages = entitlement
        .packages()
        .list_with(query)
        .try_collect()
        .await
        .unwrap();
    for package in &packages {
        let grants = package.resource_role_scopes.items().iter();
        let grants = grants.filter_map(|one| one.role.loaded()?.display_name.as_ref());
        state.push(format!(
            "package {:?} {:?} in {}: {}",
            package.display_name,
            package.description,
            catalogs[&package.catalog.loaded().unwrap().id.to_string()],
            sorted(grants)
        ));
    }
    let packages = by_name(&packages, |package| package.display_name.clone());
    let name_of = |package: Option<&AccessPackage>| {
        let name = package.and_then(|package| packages.get(&package.id.to_string()));
        name.map_or("(gone)", String::as_str).to_owned()
    };
    let query = Query::new().expand("accessPackage");
    let policies = entitlement
        .policies()
        .list_with(query)
        .try_collect()
        .await
        .unwrap();
    for policy in &policies {
        state.push(format!(
            "policy {:?} of {}: {:?}, {:?}",
            policy.display_name,
            name_of(policy.access_package.loaded().map(|package| &**package)),
            policy.expiration,
            policy.requestor_settings
        ));
    }
    access(&client, &packages, &mut state).await;
    state.sort();
    state
}

/// Who holds what, and what was asked for.
async fn access(
    client: &GraphClient,
    packages: &BTreeMap<String, String>,
    state: &mut Vec<String>,
) {
    let entitlement = client.entitlement();
    // Packages that are gone cannot be expanded; what was about them is what is about no other.
    let mut told = HashSet::new();
    let filters = packages.iter().map(|(id, name)| {
        let query = Query::new().filter(Filter::field("accessPackage/id").eq(id.as_str()));
        (query, name.as_str())
    });
    let everything = [(Query::new(), "(gone)")];
    for (query, package) in filters.chain(everything) {
        let all = entitlement.assignments();
        let all = all.list_with(query.clone().expand("target")).try_collect();
        for one in all.await.unwrap() {
            let target = one.target.loaded();
            let target = target.and_then(|target| target.display_name.as_ref());
            if told.insert(one.id.to_string()) {
                state.push(format!("assignment {target:?} {package}: {:?}", one.state));
            }
        }
        let held = Expand::new("assignment").expand("target");
        let all = entitlement.requests();
        let all = all.list_with(query.expand(held)).try_collect();
        for one in all.await.unwrap() {
            let target = one
                .assignment
                .loaded()
                .and_then(|held| held.target.loaded());
            let target = target.and_then(|target| target.display_name.as_ref());
            let (kind, end) = (&one.request_type, &one.state);
            if told.insert(one.id.to_string()) {
                state.push(format!("{kind:?} {target:?} {package}: {end:?}"));
            }
        }
    }
}
