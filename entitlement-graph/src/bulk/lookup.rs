//! What the service knows of subjects: assignments they hold, and requests that were made for them.

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::entity::Id;
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::request::RequestType;
use jiff::{SignedDuration, Timestamp};

use super::checkpoint::Action;
use super::job::BulkJob;
use super::subject::BulkSubject;
use crate::error::Error;

/// How far the service's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The requests that this job may have made since a moment
/// ([list assignmentRequests](https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignmentrequests)).
pub(super) async fn own_requests(
    job: &BulkJob,
    since: Timestamp,
) -> Result<Vec<AssignmentRequest>, Error> {
    let since = since.checked_sub(SKEW).unwrap_or(Timestamp::MIN);
    let filter = Filter::field("accessPackage/id").eq(&job.package);
    let filter = filter.and(Filter::field("createdDateTime").gt(since));
    let query = Query::new()
        .filter(filter)
        .expand("accessPackage")
        .expand(Expand::new("assignment").expand("target"));
    let kind = match job.action {
        Action::Assign => RequestType::AdminAdd,
        Action::Remove => RequestType::AdminRemove,
    };
    let mut pager = job.client.entitlement().requests().list_with(query);
    let mut own = Vec::new();
    while let Some(request) = pager.next().await? {
        let package = request.access_package.loaded();
        if request.request_type.as_ref() == Some(&kind)
            && request.created_date_time.is_some_and(|made| made > since)
            && package.is_none_or(|package| package.id == job.package)
        {
            own.push(request);
        }
    }
    Ok(own)
}

/// The request among these that is for a subject.
pub(super) fn request_for(
    requests: &[AssignmentRequest],
    subject: &BulkSubject,
) -> Option<Id<AssignmentRequest>> {
    let found = requests.iter().find(|request| {
        let assignment = request.assignment.loaded();
        assignment.is_some_and(|assignment| subject.is(assignment.target.loaded()))
    });
    found.map(|request| request.id.clone())
}

/// Asks for a subject's assignments to the package, ended ones included
/// ([list assignments](https://learn.microsoft.com/graph/api/entitlementmanagement-list-assignments)).
pub(super) fn assignments_of(job: &BulkJob, subject: &BulkSubject) -> Query {
    let package = Filter::field("accessPackage/id").eq(&job.package);
    let target = match subject {
        BulkSubject::User(id) => Filter::field("target/objectId").eq(id),
        BulkSubject::Email(address) => Filter::field("target/email").eq(address),
    };
    Query::new()
        .filter(package.and(target))
        .expand("target")
        .expand("accessPackage")
        .expand("assignmentPolicy")
}

/// Whether this is the assignment of a subject that the job is about.
pub(super) fn is_held(job: &BulkJob, subject: &BulkSubject, assignment: &Assignment) -> bool {
    let package = assignment.access_package.loaded();
    let policy = assignment.assignment_policy.loaded();
    let wanted = match job.action {
        // Whichever policy gave it: one current assignment is the most (REQ-42).
        Action::Assign => None,
        Action::Remove => job.policy.as_ref(),
    };
    assignment
        .state
        .as_ref()
        .is_some_and(AssignmentState::is_current)
        && subject.is(assignment.target.loaded())
        && package.is_some_and(|package| package.id == job.package)
        && wanted.is_none_or(|wanted| policy.is_some_and(|policy| policy.id == *wanted))
}
