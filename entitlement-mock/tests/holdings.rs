//! What people hold is what their assignments grant, whatever came before, in every origin system at once.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, RoleOrigin, RoleScope, RoleScopeDraft,
};
use entitlement_core::schedule::Expiration;
use entitlement_graph::entitlement::Entitlement;
use entitlement_mock::Tenant;
use entitlement_mock::snapshot::Snapshot;
use proptest::prelude::*;

const PEOPLE: usize = 3;
const PACKAGES: usize = 4;
const ROLES: usize = 8;

/// Something that an administrator does; what does not fit the moment is passed over.
#[derive(Debug, Clone)]
enum Step {
    Assign(usize, usize),
    Remove(usize, usize),
    Grant(usize, usize),
    Withdraw(usize, usize),
    /// The tenant is written down and read again.
    Reload,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..PEOPLE, 0..PACKAGES).prop_map(|(who, what)| Step::Assign(who, what)),
        3 => (0..PEOPLE, 0..PACKAGES).prop_map(|(who, what)| Step::Remove(who, what)),
        4 => (0..PACKAGES, 0..ROLES).prop_map(|(package, role)| Step::Grant(package, role)),
        2 => (0..PACKAGES, 0..ROLES).prop_map(|(package, role)| Step::Withdraw(package, role)),
        1 => Just(Step::Reload),
    ];
    proptest::collection::vec(step, 1..40)
}

struct Stage {
    tenant: Tenant,
    people: Vec<Id<User>>,
    packages: Vec<(Id<AccessPackage>, Id<AssignmentPolicy>)>,
    roles: Vec<(Resource, RoleOrigin)>,
    /// What is granted and who has what, as it should be.
    granted: BTreeMap<(usize, usize), Id<RoleScope>>,
    assigned: BTreeMap<(usize, usize), Id<Assignment>>,
}

impl Stage {
    async fn set() -> Self {
        let tenant = Tenant::new();
        let admin = tenant.app().client().entitlement();
        let catalog = CatalogDraft::builder("Shelf").build().unwrap();
        let catalog = admin.catalogs().create(&catalog).await.unwrap().id;
        let people = (0..PEOPLE).map(|number| tenant.person(&format!("person{number}")).add());
        let people = people.collect();
        let mut packages = Vec::new();
        for number in 0..PACKAGES {
            packages.push(offer(&admin, &catalog, &format!("Package {number}")).await);
        }
        let first = tenant.group("first").add();
        let second = tenant.group("second").team().add();
        let application = tenant
            .application("CRM")
            .role("Reader")
            .role("Editor")
            .add();
        let site = tenant.site("https://contoso.sharepoint.com/sites/a").add();
        let role = tenant.directory_role("Laptop Reader").add();
        let mut roles = Vec::new();
        for (system, id, names) in [
            (
                OriginSystem::AadGroup,
                first.to_string(),
                &["Member", "Owner"][..],
            ),
            (OriginSystem::AadGroup, second.to_string(), &["Member"]),
            (
                OriginSystem::AadApplication,
                application.to_string(),
                &["Reader", "Editor"],
            ),
            (OriginSystem::SharePointOnline, site, &["a Members"]),
            (
                OriginSystem::DirectoryRole,
                role,
                &["Active Member", "Eligible Member"],
            ),
        ] {
            let add = ResourceRequestDraft::add(&catalog, system, id.clone());
            let add = add.build().unwrap();
            admin.resource_requests().create(&add).await.unwrap();
            let query = Query::new()
                .filter(Filter::field("originId").eq(id))
                .expand("roles")
                .expand("scopes");
            let all = admin.catalog(&catalog).resources().list_with(query);
            let resource = all.try_collect().await.unwrap().remove(0);
            for name in names {
                let mut known = resource.roles.items().iter();
                let role = known.find(|role| role.display_name.as_deref() == Some(name));
                let origin = role.unwrap().origin_id.clone().unwrap();
                roles.push((resource.clone(), RoleOrigin::from(origin.as_str())));
            }
        }
        Self {
            tenant,
            people,
            packages,
            roles,
            granted: BTreeMap::new(),
            assigned: BTreeMap::new(),
        }
    }

    async fn take(&mut self, step: &Step) {
        let admin = self.tenant.app().client().entitlement();
        match *step {
            Step::Assign(who, what) if !self.assigned.contains_key(&(who, what)) => {
                let (package, policy) = &self.packages[what];
                let draft = AssignmentRequestDraft::admin_add(package, policy, &self.people[who]);
                let draft = draft.build().unwrap();
                let request = admin.requests().create(&draft).await.unwrap();
                let query = Query::new().expand("assignment");
                let request = admin.requests().get_with(&request.id, query).await.unwrap();
                let assignment = request.assignment.loaded().unwrap().id.clone();
                self.assigned.insert((who, what), assignment);
            }
            Step::Remove(who, what) => {
                if let Some(assignment) = self.assigned.remove(&(who, what)) {
                    let draft = AssignmentRequestDraft::admin_remove(&assignment);
                    let draft = draft.build().unwrap();
                    admin.requests().create(&draft).await.unwrap();
                }
            }
            Step::Grant(package, role) if !self.granted.contains_key(&(package, role)) => {
                let (resource, origin) = &self.roles[role];
                let draft = RoleScopeDraft::whole_resource(resource, origin).unwrap();
                let role_scopes = admin.package(&self.packages[package].0).role_scopes();
                let made = role_scopes.create(&draft).await.unwrap();
                self.granted.insert((package, role), made.id);
            }
            Step::Withdraw(package, role) => {
                if let Some(role_scope) = self.granted.remove(&(package, role)) {
                    let role_scopes = admin.package(&self.packages[package].0).role_scopes();
                    role_scopes.delete(&role_scope).await.unwrap();
                }
            }
            Step::Reload => {
                let written = self.tenant.snapshot().to_json();
                self.tenant = Tenant::restore(&Snapshot::from_json(&written).unwrap());
            }
            Step::Assign(..) | Step::Grant(..) => {}
        }
    }

    /// Who holds what where it really is, and who should.
    fn holdings(&self) -> [BTreeSet<(usize, usize)>; 2] {
        let pairs = (0..PEOPLE).flat_map(|who| (0..ROLES).map(move |role| (who, role)));
        let (mut held, mut due) = (BTreeSet::new(), BTreeSet::new());
        for (who, role) in pairs {
            let (resource, origin) = &self.roles[role];
            if self.tenant.holds(&self.people[who], &resource.id, origin) {
                held.insert((who, role));
            }
            let has = |package| self.assigned.contains_key(&(who, package));
            let grants = |package| self.granted.contains_key(&(package, role));
            if (0..PACKAGES).any(|package| has(package) && grants(package)) {
                due.insert((who, role));
            }
        }
        [held, due]
    }
}

async fn offer(
    admin: &Entitlement,
    catalog: &Id<Catalog>,
    name: &str,
) -> (Id<AccessPackage>, Id<AssignmentPolicy>) {
    let package = AccessPackageDraft::builder(catalog, name).build().unwrap();
    let package = admin.packages().create(&package).await.unwrap().id;
    let policy = AssignmentPolicyDraft::builder(&package, "Administrators assign")
        .allowed_target_scope(AllowedTargetScope::NotSpecified)
        .expiration(Expiration::never())
        .build()
        .unwrap();
    let policy = admin.policies().create(&policy).await.unwrap().id;
    (package, policy)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// DEL-3, OBJ-50: a person holds a role exactly while a current assignment grants it.
    #[test]
    fn people_hold_what_their_assignments_grant(steps in steps()) {
        let outcome = run(async {
            let mut stage = Stage::set().await;
            for (place, step) in steps.iter().enumerate() {
                stage.take(step).await;
                let [held, due] = stage.holdings();
                if held != due {
                    return Err(format!("after step {place}, {step:?}: {held:?} instead of {due:?}"));
                }
            }
            Ok(())
        });
        prop_assert_eq!(outcome, Ok(()));
    }
}

/// A crowd comes into one group and leaves it again.
#[test]
fn a_crowd_comes_and_goes() {
    const CROWD: usize = 500;
    run(async {
        let tenant = Tenant::new();
        let admin = tenant.app().client().entitlement();
        let catalog = CatalogDraft::builder("Shelf").build().unwrap();
        let catalog = admin.catalogs().create(&catalog).await.unwrap().id;
        let (package, policy) = offer(&admin, &catalog, "Package").await;
        let group = tenant.group("crowd").add();
        let add = ResourceRequestDraft::add_group(&catalog, &group);
        admin.resource_requests().create(&add).await.unwrap();
        let resources = admin.catalog(&catalog).resources_with_roles();
        let resource = resources.try_collect().await.unwrap().remove(0);
        let member = RoleOrigin::member_of(&group);
        let draft = RoleScopeDraft::whole_resource(&resource, &member).unwrap();
        let role_scopes = admin.package(&package).role_scopes();
        role_scopes.create(&draft).await.unwrap();
        let crowd: Vec<_> = (0..CROWD)
            .map(|number| tenant.person(&format!("p{number}")).add())
            .collect();
        for person in &crowd {
            let draft = AssignmentRequestDraft::admin_add(&package, &policy, person);
            let draft = draft.build().unwrap();
            admin.requests().create(&draft).await.unwrap();
        }
        let held = |person| tenant.holds(person, &resource.id, &member);
        assert!(crowd.iter().all(held));
        let query = Query::new().top(999);
        let assignments = admin
            .assignments()
            .list_with(query)
            .try_collect()
            .await
            .unwrap();
        assert_eq!(assignments.len(), CROWD);
        for assignment in assignments {
            let draft = AssignmentRequestDraft::admin_remove(&assignment.id);
            let draft = draft.build().unwrap();
            admin.requests().create(&draft).await.unwrap();
        }
        assert!(!crowd.iter().any(held));
    });
}
