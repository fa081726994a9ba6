//! Legal values to break, and the assertion that a value breaks one rule and its neighbour none.

use entitlement_core::entity::Id;
use entitlement_core::policy::question::Question;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::time::Timestamp;
use entitlement_core::validate::Invalid;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) type Verdict = Result<(), Invalid>;

/// `broken` breaks `rule` at `paths` and no other rule anywhere; `legal` breaks none.
#[track_caller]
pub(crate) fn assert_rule(rule: &str, paths: &[&str], broken: Verdict, legal: Verdict) {
    let refused = broken.expect_err(&format!("{rule} at {paths:?} lets it pass"));
    let found: Vec<_> = refused
        .violations()
        .iter()
        .map(|violation| (violation.rule(), violation.path().to_owned()))
        .collect();
    let expected: Vec<_> = paths.iter().map(|path| (rule, full(path))).collect();
    assert_eq!(found, expected);
    legal.unwrap_or_else(|refused| panic!("the legal neighbour of {rule} at {paths:?}: {refused}"));
}

/// A path whose beginning may be one of a few short names.
pub(crate) fn full(path: &str) -> String {
    let (first, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    let first = match first {
        "approval" => "requestApprovalSettings",
        "stage" => "requestApprovalSettings.stages[0]",
        "review" => "reviewSettings",
        "question" => "questions[0]",
        "choice" => "questions[0].choices[0]",
        "targets" => "specificAllowedTargets",
        "behalf" => "requestorSettings.onBehalfRequestors[0]",
        other => other,
    };
    format!("{first}{rest}")
}

/// Puts `value` where `path` leads, the end of a list included.
pub(crate) fn put(json: &mut Value, path: &str, value: Value) {
    let pointer = full(path).replace(['.', '['], "/").replace(']', "");
    let pointer = format!("/{pointer}");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Value::Array(items) if name.parse() == Ok(items.len()) => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
}

pub(crate) fn merged(mut base: Value, changes: Value) -> Value {
    if let (Value::Object(base), Value::Object(changes)) = (&mut base, changes) {
        base.extend(changes);
    }
    base
}

/// People of a kind; what the kind does not have is ignored.
pub(crate) fn who(kind: &str) -> Value {
    json!({
        "@odata.type": format!("#microsoft.graph.{kind}"), "userId": "u", "groupId": "g", "servicePrincipalId": "s",
        "connectedOrganizationId": "o", "membershipRule": "true", "managerLevel": 1,
    })
}

pub(crate) fn ada() -> Value {
    who("singleUser")
}

pub(crate) fn manager() -> Value {
    who("requestorManager")
}

/// A stage that Ada decides within two weeks, changed.
pub(crate) fn stage(changes: Value) -> Value {
    let stage = json!({"primaryApprovers": [ada()], "durationBeforeAutomaticDenial": "P14D"});
    merged(stage, changes)
}

/// The same, forwarded after eight days.
pub(crate) fn escalating(changes: Value) -> Value {
    let escalation = json!({"isEscalationEnabled": true, "durationBeforeEscalation": "P8D"});
    stage(merged(escalation, changes))
}

pub(crate) fn choice(changes: Value) -> Value {
    let question = json!({
        "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1", "text": "Which?",
        "choices": [{"actualValue": "l", "text": "Laptop"}, {"actualValue": "d", "text": "Desktop"}],
    });
    merged(question, changes)
}

pub(crate) fn text(changes: Value) -> Value {
    let kind = "#microsoft.graph.accessPackageTextInputQuestion";
    merged(
        json!({"@odata.type": kind, "id": "q1", "text": "Why?"}),
        changes,
    )
}

/// A policy with everything in it that a policy for people can have.
pub(crate) fn requested() -> Value {
    json!({
        "id": "p1",
        "displayName": "Everybody",
        "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [ada()],
        "expiration": {"type": "afterDuration", "duration": "P30D"},
        "requestorSettings": {"onBehalfRequestors": [who("targetManager")]},
        "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [stage(json!({}))]},
        "reviewSettings": {
            "isEnabled": true,
            "isSelfReview": false,
            "primaryReviewers": [ada()],
            "fallbackReviewers": [],
            "schedule": {
                "startDateTime": "2026-01-01T00:00:00Z",
                "expiration": {"type": "afterDuration", "duration": "P14D"},
                "recurrence": {"pattern": {"type": "absoluteMonthly", "interval": 1}},
            },
        },
        "questions": [choice(json!({"sequence": 0})), text(json!({"sequence": 1}))],
    })
}

/// A policy that assigns by a rule.
pub(crate) fn automatic() -> Value {
    json!({
        "id": "p1",
        "displayName": "Sales",
        "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [who("attributeRuleMembers")],
        "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "stages": []},
        "automaticRequestSettings": {"requestAccessForAllowedTargets": true},
    })
}

pub(crate) fn part<T: DeserializeOwned>(json: &Value, name: &str) -> Option<T> {
    serde_json::from_value(json[name].clone()).unwrap()
}

/// The verdict over a policy, which is the same for one that was read and for a draft.
#[track_caller]
pub(crate) fn policy(json: Value) -> Verdict {
    let name: String = part(&json, "displayName").unwrap();
    let mut draft = AssignmentPolicyDraft::builder(id(), name);
    for target in part::<Vec<_>>(&json, "specificAllowedTargets").unwrap() {
        draft = draft.specific_allowed_target(target);
    }
    for question in part::<Vec<Question>>(&json, "questions").unwrap_or_default() {
        draft = draft.question(question);
    }
    let draft = draft
        .maybe_allowed_target_scope(part(&json, "allowedTargetScope"))
        .maybe_expiration(part(&json, "expiration"))
        .maybe_requestor_settings(part(&json, "requestorSettings"))
        .maybe_request_approval_settings(part(&json, "requestApprovalSettings"))
        .maybe_review_settings(part(&json, "reviewSettings"))
        .maybe_automatic_request_settings(part(&json, "automaticRequestSettings"));
    let verdict = draft.build().map(drop);
    let read: AssignmentPolicy = serde_json::from_value(json).unwrap();
    assert_eq!(read.validate(), verdict, "draft and policy do not agree");
    verdict
}

#[track_caller]
pub(crate) fn changed(mut json: Value, path: &str, value: Value) -> Verdict {
    put(&mut json, path, value);
    policy(json)
}

pub(crate) fn id<E>() -> Id<E> {
    "a914b616-e04e-476b-aa37-91038f0b165b".parse().unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
