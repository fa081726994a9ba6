//! What is true at every moment, seen through Graph.

use std::collections::{BTreeMap, BTreeSet};

use entitlement_core::time::Timestamp;
use serde_json::Value;

use crate::stage::{Stage, id};

/// All laws; the error says which is broken, and how.
pub(crate) fn all(stage: &Stage) -> Result<(), String> {
    let now = stage.tenant.clock().now();
    let assignments = stage.list("assignments?$expand=target,accessPackage");
    at_most_one(&assignments)?;
    nothing_outlives_its_end(&assignments, now)?;
    nothing_outlives_its_deadline(&stage.list("assignmentRequests"), now)?;
    members_are_holders(stage, &assignments)
}

fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn moment(value: &Value, path: &str) -> Option<Timestamp> {
    text(value, path).parse().ok()
}

fn is_current(assignment: &Value) -> bool {
    ["delivering", "delivered", "partiallyDelivered"].contains(&text(assignment, "/state"))
}

/// REQ-42.
fn at_most_one(assignments: &[Value]) -> Result<(), String> {
    let mut held = BTreeMap::new();
    for assignment in assignments
        .iter()
        .filter(|assignment| is_current(assignment))
    {
        let pair = (
            text(assignment, "/target/objectId"),
            text(assignment, "/accessPackage/id"),
        );
        if let Some(other) = held.insert(pair, id(assignment)) {
            return Err(format!(
                "{pair:?} is assigned twice: {other} and {}",
                id(assignment)
            ));
        }
    }
    Ok(())
}

/// ASG-8.
fn nothing_outlives_its_end(assignments: &[Value], now: Timestamp) -> Result<(), String> {
    for assignment in assignments {
        let end = moment(assignment, "/schedule/expiration/endDateTime");
        let is_over =
            end.is_some_and(|end| end <= now) && text(assignment, "/state") != "delivering";
        if is_over && is_current(assignment) {
            return Err(format!("it is {now}, and this goes on: {assignment}"));
        }
        let has_ended = text(assignment, "/state") == "expired";
        if has_ended != moment(assignment, "/expiredDateTime").is_some() {
            return Err(format!(
                "an assignment has ended exactly if it says when: {assignment}"
            ));
        }
    }
    Ok(())
}

/// APV-4: consent is waited for fourteen days and no longer; EXP-6: a start that has come is a start.
fn nothing_outlives_its_deadline(requests: &[Value], now: Timestamp) -> Result<(), String> {
    let days = |from: Timestamp| now.duration_since(from).as_hours() / 24;
    for request in requests {
        let created =
            moment(request, "/createdDateTime").ok_or("a request was made at some time")?;
        let start = moment(request, "/schedule/startDateTime");
        let too_late = match text(request, "/state") {
            "pendingApproval" => days(created) > 14,
            "scheduled" => start.is_none_or(|start| start <= now),
            // The service takes minutes at most.
            "submitted" | "delivering" => {
                start.map_or(created, |start| start.max(created)) <= now && days(created) > 60
            }
            _ => false,
        };
        if too_late {
            return Err(format!(
                "it is {now}, and this is still waited for: {request}"
            ));
        }
        let is_over = [
            "delivered",
            "denied",
            "canceled",
            "deliveryFailed",
            "partiallyDelivered",
        ]
        .contains(&text(request, "/state"));
        if is_over != moment(request, "/completedDateTime").is_some() {
            return Err(format!(
                "a request is complete exactly if it says when: {request}"
            ));
        }
    }
    Ok(())
}

/// DEL-1, DEL-3, DEL-4: nobody else writes these groups, so their members are those who hold a package that grants them.
fn members_are_holders(stage: &Stage, assignments: &[Value]) -> Result<(), String> {
    let mut granted: BTreeSet<(String, String)> = BTreeSet::new();
    let mut perhaps: BTreeSet<(String, String)> = BTreeSet::new();
    for package in &stage.packages {
        let groups = stage.granted(package);
        let groups: Vec<&str> = groups
            .iter()
            .map(|scope| text(scope, "/scope/originId"))
            .collect();
        for assignment in assignments
            .iter()
            .filter(|one| text(one, "/accessPackage/id") == package)
        {
            let person = text(assignment, "/target/objectId");
            let pairs = groups
                .iter()
                .map(|group| ((*group).to_owned(), person.to_owned()));
            match text(assignment, "/state") {
                "delivered" => granted.extend(pairs),
                "partiallyDelivered" | "delivering" => perhaps.extend(pairs),
                _ => {}
            }
        }
    }
    for group in &stage.groups {
        let members = stage.list(&format!("groups/{group}/members"));
        let members: BTreeSet<String> = members.iter().map(id).collect();
        for person in &stage.people {
            let pair = (group.clone(), person.to_string());
            let is_member = members.contains(&pair.1);
            if granted.contains(&pair) && !is_member {
                return Err(format!(
                    "{person} holds a package that grants {group}, and is no member"
                ));
            }
            if is_member && !granted.contains(&pair) && !perhaps.contains(&pair) {
                return Err(format!(
                    "{person} is a member of {group}, and holds no package that grants it"
                ));
            }
        }
    }
    Ok(())
}
