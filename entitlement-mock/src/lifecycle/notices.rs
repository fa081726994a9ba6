//! Whom the service writes to when something happens, and what it leaves in the audit log (sections 3.12 and 6.1).

use entitlement_core::approval::StageStatus;
use entitlement_core::entity::Id;
use entitlement_core::my_access::MyAccessLink;
use entitlement_core::package::AccessPackage;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;

use super::approvers::{alternates, primary};
use super::transition::{Outcome, Trigger};
use crate::audit::Activity;
use crate::outbox::MailKind;
use crate::world::World;
use crate::world::request::{Request, Stage};
use crate::world::table::Key;

/// Tells whoever is to know that a request has moved on.
pub(super) fn tell(world: &mut World, at: Timestamp, key: Key, trigger: Trigger) {
    match trigger {
        Trigger::Processed {
            needs_consent: false,
            ..
        } => world.audit(at, Activity::AutoApprove, key, None),
        Trigger::Processed { .. } => world.audit(at, Activity::CreateApproval, key, None),
        Trigger::Approved { is_last_stage, .. } => {
            let by = last_decider(world, key);
            world.audit(at, Activity::Approve, key, by);
            let told = told_of_approval(world, key, is_last_stage);
            mail(
                world,
                at,
                key,
                MailKind::RequestApproved,
                told,
                "was approved",
            );
        }
        Trigger::Denied => {
            let by = last_decider(world, key);
            world.audit(at, Activity::Deny, key, by);
            let requestor = requestor(world, key);
            mail(
                world,
                at,
                key,
                MailKind::RequestDenied,
                requestor,
                "was denied",
            );
        }
        Trigger::TimedOut => {
            world.audit(at, Activity::TimeOut, key, None);
            let approvers = closing_stage(world, key);
            let expired = "has expired";
            mail(
                world,
                at,
                key,
                MailKind::ApprovalExpired,
                approvers,
                expired,
            );
            let requestor = requestor(world, key);
            mail(world, at, key, MailKind::RequestExpired, requestor, expired);
        }
        Trigger::Escalated => {
            let told = pending(world, key).map(|(row, stage)| alternates(world, row, stage));
            let told = told.unwrap_or_default();
            let forwarded = "was forwarded to you for approval";
            mail(world, at, key, MailKind::ApprovalForwarded, told, forwarded);
        }
        Trigger::Refused => {
            world.audit(at, Activity::Deny, key, None);
            let people = requestor(world, key);
            mail(
                world,
                at,
                key,
                MailKind::RequestDenied,
                people,
                "was denied",
            );
        }
        Trigger::Unanswered => unanswered(world, at, key),
        Trigger::Delivered(outcome) => delivered(world, at, key, outcome),
        Trigger::Canceled
        | Trigger::Abandoned
        | Trigger::Started
        | Trigger::Reprocessed
        | Trigger::Held
        | Trigger::StageDetermined
        | Trigger::Resumed { .. } => {}
    }
}

/// An extension did not answer in time; once access is given or taken away, that is no business of the requestor's.
fn unanswered(world: &mut World, at: Timestamp, key: Key) {
    let row = world.requests.get(key);
    if row.is_some_and(|row| row.state == RequestState::Denied) {
        world.audit(at, Activity::Deny, key, None);
        let people = requestor(world, key);
        let expired = "has expired";
        mail(world, at, key, MailKind::RequestExpired, people, expired);
    }
}

fn delivered(world: &mut World, at: Timestamp, key: Key, outcome: Outcome) {
    let Some(row) = world.requests.get(key) else {
        return;
    };
    match outcome {
        Outcome::Removed => world.audit(at, Activity::Remove, key, None),
        Outcome::Whole => {
            // MAIL-2: whoever did not ask is not told.
            let asked = matches!(row.kind, RequestType::UserAdd | RequestType::OnBehalfAdd);
            world.audit(at, Activity::Fulfill, key, None);
            if asked && wants_assignment_mails(world, key) {
                let requestor = requestor(world, key);
                let granted = "was delivered: you now have access";
                mail(world, at, key, MailKind::AccessGranted, requestor, granted);
                if world.settings.choices.requests.statuses_tell_of_mails {
                    let status = "FulfilledNotificationTriggered"; // REQ-23.
                    world.change_request(key, |row| row.status = status.into());
                }
            }
        }
        Outcome::Partial | Outcome::Failed => {}
    }
}

/// A stage has opened: those who may decide it are written to (mails 2, 4, 11 and 13).
pub(super) fn ask_approvers(world: &mut World, at: Timestamp, key: Key, stage: usize) {
    let approvers = of_stage(world, key, stage, primary);
    for approver in &approvers {
        world.audit(at, Activity::AddApprover, key, Some(*approver));
    }
    let waits = "waits for your approval";
    mail(
        world,
        at,
        key,
        MailKind::ApprovalRequested,
        approvers,
        waits,
    );
}

/// Half of a stage's time is over (mails 3, 5, 12 and 14).
pub(super) fn remind_approvers(world: &mut World, at: Timestamp, key: Key, stage: usize) {
    let approvers = of_stage(world, key, stage, primary);
    let waits = "still waits for your approval";
    mail(world, at, key, MailKind::ApprovalReminder, approvers, waits);
}

/// Access is about to end, and the person can do something about it (EXP-10, mail 19).
pub(super) fn warn_of_end(world: &mut World, at: Timestamp, assignment: Key) {
    let end = world.assignments.get(assignment).and_then(|row| row.end);
    let by = end.map_or_else(String::new, |end| format!(" by {end}"));
    of_assignment(world, at, assignment, MailKind::AccessEnding, |package| {
        format!("Extend access to {package}{by}")
    });
}

/// Access has ended (mail 20).
pub(super) fn tell_of_end(world: &mut World, at: Timestamp, assignment: Key) {
    of_assignment(world, at, assignment, MailKind::AccessEnded, |package| {
        format!("Your access to {package} has ended")
    });
    let row = world.assignments.get(assignment);
    let is_told = row.is_some_and(|row| !mutes_assignment_mails(world, row.policy));
    if is_told && world.settings.choices.requests.statuses_tell_of_mails {
        let status = "ExpiredNotificationTriggered"; // ASG-2.
        world.change_assignment(assignment, |row| row.status = status.into());
    }
}

fn of_assignment(
    world: &mut World,
    at: Timestamp,
    assignment: Key,
    kind: MailKind,
    subject: impl FnOnce(&str) -> String,
) {
    let Some(row) = world.assignments.get(assignment) else {
        return;
    };
    let (target, package) = (row.target, row.package);
    if mutes_assignment_mails(world, row.policy) {
        return;
    }
    let name = package_name(world, package);
    let lines = vec![link(world, package)];
    world.send_mail(at, target, kind, subject(&name), lines);
}

/// Writes to some people about a request (MAIL-6).
fn mail(
    world: &mut World,
    at: Timestamp,
    key: Key,
    kind: MailKind,
    people: IndexSet<Key>,
    what: &str,
) {
    let Some(row) = world.requests.get(key) else {
        return;
    };
    let name = |person: Key| {
        let user = world.users.get(person);
        user.map_or_else(String::new, |user| user.display_name.clone())
    };
    let package = package_name(world, row.package);
    let subject = format!("The request of {} for {package} {what}", name(row.target));
    let mut lines = vec![format!("Submitted: {}", row.created)];
    if let Some(justification) = &row.justification {
        lines.push(format!("Justification: {justification}"));
    }
    if let Some(start) = row.schedule.start_date_time {
        lines.push(format!("Requested start: {start}"));
    }
    let decided = row
        .stages
        .iter()
        .rev()
        .find(|stage| stage.reviewed.is_some());
    if let Some(stage) = decided.filter(|stage| !stage.justification.is_empty()) {
        lines.push(format!("Decision: {}", stage.justification));
    }
    // EXT-6.
    let callouts = row
        .callouts
        .iter()
        .filter_map(|key| world.callouts.get(*key));
    for detail in callouts.filter_map(|callout| callout.detail.as_deref()) {
        lines.push(format!("Details: {detail}"));
    }
    if let Some((_, stage)) = pending(world, key)
        && let Some(expires) = stage.expires
    {
        lines.push(format!("Decide by: {expires}"));
    }
    lines.push(link(world, row.package));
    for person in people {
        world.send_mail(at, person, kind, subject.clone(), lines.clone());
    }
}

fn package_name(world: &World, package: Key) -> String {
    let package = world.packages.get(package);
    package.map_or_else(String::new, |package| package.display_name.clone())
}

/// Every mail leads to My Access; there is no answer by mail.
fn link(world: &World, package: Key) -> String {
    let package: Id<AccessPackage> = package.into();
    MyAccessLink::to_package(&package)
        .in_directory(&world.settings.domain)
        .to_string()
}

/// The person who asked, or for whom somebody did.
fn requestor(world: &World, key: Key) -> IndexSet<Key> {
    let row = world.requests.get(key);
    let people = row.map(|row| [row.requestor.unwrap_or(row.target), row.target]);
    people.into_iter().flatten().collect()
}

fn pending(world: &World, key: Key) -> Option<(&Request, &Stage)> {
    let row = world.requests.get(key)?;
    Some((row, row.stages.get(row.pending_stage()?)?))
}

fn of_stage(
    world: &World,
    key: Key,
    stage: usize,
    who: impl Fn(&World, &Request, &Stage) -> IndexSet<Key>,
) -> IndexSet<Key> {
    let row = world.requests.get(key);
    let found = row.and_then(|row| Some(who(world, row, row.stages.get(stage)?)));
    found.unwrap_or_default()
}

fn both(world: &World, row: &Request, stage: &Stage) -> IndexSet<Key> {
    let mut people = primary(world, row, stage);
    people.extend(alternates(world, row, stage));
    people
}

/// The approvers of a stage that was approved; after the last one, those of all stages (MAIL-1).
fn told_of_approval(world: &World, key: Key, is_last_stage: bool) -> IndexSet<Key> {
    let Some(row) = world.requests.get(key) else {
        return IndexSet::new();
    };
    let decided = row.stages.iter().filter(|stage| stage.reviewed.is_some());
    let told: Vec<&Stage> = if is_last_stage {
        decided.collect()
    } else {
        decided.rev().take(1).collect()
    };
    told.into_iter()
        .flat_map(|stage| both(world, row, stage))
        .collect()
}

/// The approvers of the stage in which nobody decided.
fn closing_stage(world: &World, key: Key) -> IndexSet<Key> {
    let Some(row) = world.requests.get(key) else {
        return IndexSet::new();
    };
    let closed = row.stages.iter().rev();
    let mut closed = closed.filter(|stage| stage.status == StageStatus::Expired);
    closed
        .next()
        .map(|stage| both(world, row, stage))
        .unwrap_or_default()
}

fn last_decider(world: &World, key: Key) -> Option<Key> {
    let stages = &world.requests.get(key)?.stages;
    stages.iter().rev().find_map(|stage| stage.reviewed_by)
}

fn wants_assignment_mails(world: &World, key: Key) -> bool {
    let row = world.requests.get(key);
    row.is_some_and(|row| !mutes_assignment_mails(world, row.policy))
}

/// OTH-1, MAIL-3.
fn mutes_assignment_mails(world: &World, policy: Key) -> bool {
    let policy = world.policies.get(policy);
    let settings = policy.and_then(|policy| policy.settings.notification_settings.as_ref());
    settings.is_some_and(|settings| settings.is_assignment_notification_disabled)
}
