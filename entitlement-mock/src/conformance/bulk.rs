//! One package, many people.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestType;
use entitlement_graph::bulk::{BulkRun, BulkSubject, Checkpoint};

use super::backend::Backend;
use super::fixture::{Shelf, nothing, open_policy, stage_of};

/// A package that administrators give to whom they like.
async fn shelf(backend: &impl Backend) -> (Shelf, AssignmentPolicy) {
    let shelf = Shelf::fill(backend).await;
    let policy = AssignmentPolicyDraft::builder(&shelf.package.id, "Administrators only").build();
    let policy = shelf.add_policy(policy.expect("a policy")).await;
    (shelf, policy)
}

fn crowd(backend: &impl Backend, size: usize) -> Vec<Id<User>> {
    (0..size)
        .map(|n| backend.join(&format!("person{n:02}"), None))
        .collect()
}

async fn finish<I: Iterator<Item: Into<BulkSubject>>>(run: &mut BulkRun<I>) {
    while let Some(step) = run.next().await.expect("a step") {
        assert!(!step.subject.to_string().is_empty());
    }
}

async fn members(shelf: &Shelf) -> usize {
    let members = shelf.admin.group(&shelf.group.id).members().list();
    members.try_collect().await.expect("the members").len()
}

async fn count(shelf: &Shelf, kind: RequestType) -> usize {
    let query = Query::new().filter(Filter::field("requestType").eq(kind));
    let requests = shelf.admin.entitlement().requests().list_with(query);
    requests.try_collect().await.expect("the requests").len()
}

/// P8: who holds the package, who does not, and who is nobody is said of each.
pub async fn people_are_assigned_and_removed(backend: &impl Backend) {
    let (shelf, policy) = shelf(backend).await;
    let people = crowd(backend, 45);
    let bulk = shelf.admin.bulk();
    let assign = bulk.assign(&shelf.package.id, &policy.id);
    let mut run = assign.start(&people[..10]);
    finish(&mut run).await;
    assert_eq!(run.progress().submitted, 10);
    assert_eq!(members(&shelf).await, 10);

    let mut everybody = people.clone();
    everybody.insert(30, nothing());
    let mut run = assign.start(everybody.clone());
    finish(&mut run).await;
    let progress = run.progress();
    assert_eq!(
        (
            progress.submitted,
            progress.already_assigned,
            progress.not_found
        ),
        (35, 10, 1)
    );
    assert_eq!(progress.done(), 46);
    assert_eq!(members(&shelf).await, 45);

    let other = open_policy(&shelf.package.id, "Open", []);
    let other = shelf.add_policy(other).await;
    let mut run = bulk
        .remove_under(&shelf.package.id, &other.id)
        .start(&people[..3]);
    finish(&mut run).await;
    assert_eq!(
        run.progress().not_assigned,
        3,
        "they hold it under another policy"
    );

    let mut run = bulk.remove(&shelf.package.id).start(&people[..40]);
    finish(&mut run).await;
    assert_eq!(run.progress().submitted, 40);
    assert_eq!(members(&shelf).await, 5);
    let mut run = bulk.remove(&shelf.package.id).start(everybody);
    finish(&mut run).await;
    let progress = run.progress();
    assert_eq!((progress.submitted, progress.not_assigned), (5, 41));
    assert_eq!(members(&shelf).await, 0);

    let mut run = assign.start(&people[..2]);
    finish(&mut run).await;
    assert_eq!(
        run.progress().submitted,
        2,
        "REQ-43: they can hold it again"
    );
}

/// P40: a run that breaks off in the middle of a batch goes on without a second request for anybody.
pub async fn a_run_goes_on_where_it_stopped(backend: &impl Backend) {
    let (shelf, policy) = shelf(backend).await;
    let people = crowd(backend, 30);
    let bulk = shelf.admin.bulk();
    let jobs = [
        (
            RequestType::AdminAdd,
            bulk.assign(&shelf.package.id, &policy.id),
        ),
        (RequestType::AdminRemove, bulk.remove(&shelf.package.id)),
    ];
    for (kind, job) in jobs {
        let mut run = job.start(&people);
        for _ in 0..7 {
            run.next().await.expect("a step").expect("a person");
        }
        let saved = serde_json::to_vec(&run.checkpoint()).expect("JSON");
        drop(run);
        let checkpoint: Checkpoint = serde_json::from_slice(&saved).expect("a checkpoint");
        let mut run = job.resume(&checkpoint, &people).expect("the same list");
        finish(&mut run).await;
        assert_eq!(run.progress().submitted, 30, "{}", run.progress());
        assert_eq!(count(&shelf, kind).await, 30, "one request each");
    }
    assert_eq!(members(&shelf).await, 0);
}

/// A request that waits for consent is in the way of the next (REQ-8b, REQ-41, P8).
pub async fn open_requests_are_left_alone(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let approver = backend.join("approver", None);
    let policy = open_policy(&shelf.package.id, "Consent", [stage_of(&approver)]);
    let policy = shelf.add_policy(policy).await;
    let people = crowd(backend, 3);
    let assign = shelf.admin.bulk().assign(&shelf.package.id, &policy.id);
    finish(&mut assign.start(&people[..2])).await;
    let mut run = assign.start(&people);
    finish(&mut run).await;
    let progress = run.progress();
    assert_eq!((progress.submitted, progress.open_request), (1, 2));
    assert_eq!(count(&shelf, RequestType::AdminAdd).await, 3);
}
