//! Taking a package down with all that stands in the way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use entitlement_core::approval::StageDecision;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::request::RequestType;
use entitlement_graph::GraphClient;
use entitlement_graph::teardown::{
    TeardownEvent, TeardownExtent, TeardownItem, TeardownPlan, TeardownReport,
};
use entitlement_graph::wait::Wait;

use super::backend::Backend;
use super::fixture::{
    Pending, Shelf, add_group, ask, code, decide, new_group, new_package, open_policy,
};

/// A package under two policies, and as many people who hold it.
async fn held(backend: &impl Backend, people: usize) -> (Shelf, Vec<Id<User>>) {
    let shelf = Shelf::fill(backend).await;
    let direct = AssignmentPolicyDraft::builder(&shelf.package.id, "Direct").build();
    let direct = shelf.add_policy(direct.expect("a policy")).await;
    let open = open_policy(&shelf.package.id, "Open", []);
    shelf.add_policy(open).await;
    let people: Vec<_> = (0..people)
        .map(|n| backend.join(&format!("holder{n:02}"), None))
        .collect();
    let bulk = shelf.admin.bulk();
    let mut run = bulk.assign(&shelf.package.id, &direct.id).start(&people);
    while run.next().await.expect("a step").is_some() {}
    (shelf, people)
}

async fn plan(shelf: &Shelf, extent: TeardownExtent) -> TeardownPlan {
    let entitlement = shelf.admin.entitlement();
    let plan = entitlement.plan_teardown(&shelf.package.id, extent).await;
    plan.expect("a plan")
}

async fn run(client: &GraphClient, plan: &TeardownPlan, limit: u64) -> TeardownReport {
    let wait = Wait::default().limit(Duration::from_secs(limit));
    let teardown = client.entitlement().teardown(plan).wait(wait);
    teardown
        .justification("Out of use")
        .run()
        .await
        .expect("a report")
}

async fn removals(shelf: &Shelf) -> usize {
    let removal = Filter::field("requestType").eq(RequestType::AdminRemove);
    let requests = shelf.admin.entitlement().requests();
    let all = requests
        .list_with(Query::new().filter(removal))
        .try_collect();
    all.await.expect("the requests").len()
}

fn kinds(items: &[TeardownItem]) -> String {
    let letter = |item: &TeardownItem| match item {
        TeardownItem::Assignment(_) => 'a',
        TeardownItem::Policy(_) => 'p',
        TeardownItem::RoleScope(_) => 'r',
        TeardownItem::Package(_) => 'P',
        TeardownItem::Resource(_) => 'R',
        TeardownItem::Catalog(_) => 'C',
        _ => '?',
    };
    items.iter().map(letter).collect()
}

/// P39: the plan counts, the run goes in the order that the service insists on, and again finds nothing to do.
pub async fn p39_a_package_goes_with_all_that_stands_in_its_way(backend: &impl Backend) {
    let (shelf, people) = held(backend, 23).await;
    let entitlement = shelf.admin.entitlement();
    let refused = entitlement.packages().delete(&shelf.package.id).await;
    assert_eq!(code(refused), "InvalidDeleteEntitlementHasGrants");

    let plan = plan(&shelf, TeardownExtent::Catalog).await;
    let counts = (
        plan.assignments,
        plan.policies,
        plan.role_scopes,
        plan.resources.len(),
    );
    assert_eq!((counts, plan.other_packages), ((23, 2, 1, 1), 0));
    assert!(plan.to_string().contains("23 assignments end"), "{plan}");
    assert!(shelf.is_member(&people[0]).await, "a plan changes nothing");

    let events: Arc<Mutex<Vec<TeardownEvent>>> = Arc::default();
    let heard = Arc::clone(&events);
    let report = entitlement
        .teardown(&plan)
        .on_event(move |event| heard.lock().expect("a lock").push(event.clone()))
        .run()
        .await
        .expect("a report");
    assert!(report.is_complete(), "{report}");
    assert_eq!(kinds(&report.gone), format!("{}pprPRC", "a".repeat(23)));
    let events = events.lock().expect("a lock").clone();
    let told = |wanted: fn(&TeardownEvent) -> bool| events.iter().filter(|one| wanted(one)).count();
    assert_eq!(told(|event| matches!(event, TeardownEvent::Closed(_))), 1);
    assert_eq!(told(|event| matches!(event, TeardownEvent::Ending(_))), 23);
    assert_eq!(told(|event| matches!(event, TeardownEvent::Gone(_))), 29);
    assert_eq!(removals(&shelf).await, 23, "one request each");
    for person in &people {
        assert!(!shelf.is_member(person).await);
    }
    let package = entitlement.packages().get(&shelf.package.id).await;
    assert!(package.expect_err("it is gone").is_not_found());
    let catalog = entitlement.catalogs().get(&shelf.catalog.id).await;
    assert!(catalog.expect_err("it is gone").is_not_found());
    let group = shelf.admin.groups().get(&shelf.group.id).await;
    assert_eq!(group.expect("groups are left alone").id, shelf.group.id);

    // Another process, from what was written down.
    let saved = serde_json::to_vec(&plan).expect("JSON");
    let saved: TeardownPlan = serde_json::from_slice(&saved).expect("a plan");
    assert_eq!(saved, plan);
    let again = run(&backend.admin(), &saved, 60).await;
    assert_eq!(again, TeardownReport::default());
}

/// P39: a run that stops half-way is gone on with, and nobody is asked for twice.
pub async fn p39_a_teardown_goes_on_where_it_stopped(backend: &impl Backend) {
    let (shelf, _) = held(backend, 3).await;
    let plan = plan(&shelf, TeardownExtent::Resources).await;
    let role_scopes = shelf.admin.entitlement().package(&shelf.package.id);
    let granted = role_scopes.get_whole().await.expect("the package");
    let granted = &granted.resource_role_scopes.items()[0].id;
    // Somebody has gone part of the way already.
    let direct = shelf.admin.bulk().remove(&shelf.package.id);
    let one = backend.join("unconcerned", None);
    let mut begun = direct.start([one]);
    while begun.next().await.expect("a step").is_some() {}
    role_scopes
        .role_scopes()
        .delete(granted)
        .await
        .expect("a role goes");

    let mut gone = Vec::new();
    for _ in 0..20 {
        let report = run(&backend.admin(), &plan, 0).await;
        gone.extend(report.gone.clone());
        if report.is_complete() {
            break;
        }
    }
    assert_eq!(kinds(&gone).replace('a', ""), "ppPR");
    assert!(removals(&shelf).await <= 3);
    let left = shelf.admin.entitlement().catalog(&shelf.catalog.id);
    let left = left.resources().list().try_collect().await;
    assert_eq!(left.expect("the resources"), []);
    let catalogs = shelf.admin.entitlement().catalogs();
    let catalog = catalogs.get(&shelf.catalog.id).await;
    catalog.expect("the catalog was not to go");
}

/// P39: what other packages grant stays, and so does a catalog that is not empty, or that every tenant has.
pub async fn p39_what_others_need_is_kept(backend: &impl Backend) {
    let (shelf, _) = held(backend, 1).await;
    let other = new_package(&shelf.admin, &shelf.catalog.id, "Other").await;
    shelf.grant(&other.id).await;
    let own = new_group(&shelf.admin, "own").await;
    let own = add_group(&shelf.admin, &shelf.catalog.id, &own.id).await;
    let plan = plan(&shelf, TeardownExtent::Catalog).await;
    assert_eq!((plan.resources.len(), plan.other_packages), (1, 1));
    let report = run(&shelf.admin, &plan, 60).await;
    assert_eq!(kinds(&report.gone), "apprP");
    assert_eq!(
        report.kept,
        [TeardownItem::Resource(shelf.resource.id.clone())]
    );
    let left: Vec<_> = report.left.iter().map(ToString::to_string).collect();
    let catalog = &shelf.catalog.id;
    assert_eq!(
        left,
        [format!("catalog {catalog}: other packages are in it: 1")]
    );
    let resources = shelf.admin.entitlement().catalog(catalog).resources();
    let resources = resources.list().try_collect().await.expect("the resources");
    assert_eq!(resources.len(), 2, "{:?} was never granted", own.id);

    let catalogs = shelf.admin.entitlement().catalogs();
    let built_in = catalogs
        .list()
        .next()
        .await
        .expect("a catalog")
        .expect("one");
    let package = new_package(&shelf.admin, &built_in.id, "In the built-in catalog").await;
    let entitlement = shelf.admin.entitlement();
    let plan = entitlement.plan_teardown(&package.id, TeardownExtent::Catalog);
    let report = run(&shelf.admin, &plan.await.expect("a plan"), 60).await;
    assert_eq!(kinds(&report.gone), "P");
    assert!(report.left[0].last_seen.contains("OBJ-10"), "{report}");
    catalogs.get(&built_in.id).await.expect("the catalog");
}

/// P39: what an application cannot withdraw takes its course; nobody can ask anew, and the report says what is left.
pub async fn p39_open_requests_are_waited_for(backend: &impl Backend) {
    let pending = Pending::start(backend).await;
    let shelf = &pending.shelf;
    let plan = plan(shelf, TeardownExtent::Package).await;
    assert_eq!((plan.assignments, plan.open_requests), (0, 1));
    let report = run(&shelf.admin, &plan, 3600).await;
    assert_eq!(report.gone, []);
    assert_eq!(
        report.left[0].item,
        TeardownItem::Request(pending.request.id.clone())
    );
    assert!(
        report.left[0].last_seen.starts_with("pendingApproval: "),
        "{report}"
    );
    let rest: Vec<_> = report.left[1..]
        .iter()
        .map(|left| left.item.clone())
        .collect();
    assert_eq!(kinds(&rest), "prP");
    assert!(
        report.left[1].last_seen.starts_with("not tried"),
        "{report}"
    );

    let other = backend.sign_in(&backend.join("another", None));
    let refused = ask(&other, &shelf.package.id).await;
    assert_eq!(
        code(refused),
        "PolicyRequirementNotMet",
        "the policy is closed"
    );

    // Consent given meanwhile is taken back again.
    let yes = StageDecision::approve("fine");
    let decided = decide(&pending.approver, &pending.request, &yes).await;
    decided.expect("a decision");
    let report = run(&shelf.admin, &plan, 3600).await;
    assert!(report.is_complete(), "{report}");
    assert!(!shelf.is_member(&pending.requestor).await);
}
