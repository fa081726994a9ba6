//! The rules of access reviews that stand alone.

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::instance::{Instance, InstancePatch};
use serde_json::{Value, json};

use crate::fixture::{Verdict, assert_rule, put};

fn user(id: &str) -> Value {
    json!({"query": format!("/users/{id}"), "queryType": "MicrosoftGraph"})
}

fn manager() -> Value {
    json!({"query": "./manager", "queryType": "MicrosoftGraph", "queryRoot": "decisions"})
}

fn members() -> Value {
    json!({
        "@odata.type": "#microsoft.graph.accessReviewQueryScope",
        "query": "/groups/g1/transitiveMembers",
        "queryType": "MicrosoftGraph",
    })
}

/// A quarterly review of a group by one person.
fn definition() -> Value {
    json!({
        "id": "d1",
        "displayName": "Sales",
        "scope": members(),
        "reviewers": [user("u1")],
        "fallbackReviewers": [],
        "settings": {
            "instanceDurationInDays": 14,
            "recurrence": {
                "pattern": {"type": "absoluteMonthly", "interval": 3},
                "range": {"type": "noEnd", "startDate": "2026-01-01"},
            },
        },
    })
}

/// The same in stages of a week, reviewed one after the other.
fn staged(stages: usize) -> Value {
    let stage = |number: usize| {
        let before = (number > 1).then(|| (number - 1).to_string());
        let depends_on: Vec<_> = before.into_iter().collect();
        json!({
            "stageId": number.to_string(), "dependsOn": depends_on, "durationInDays": 7, "reviewers": [user("u1")],
        })
    };
    let mut definition = definition();
    definition["reviewers"] = json!([]);
    definition["stageSettings"] = (1..=stages).map(stage).collect();
    definition
}

#[track_caller]
fn verdict(definition: Value) -> Verdict {
    let read: ScheduleDefinition = serde_json::from_value(definition).unwrap();
    read.validate()
}

#[track_caller]
fn changed(mut definition: Value, path: &str, value: Value) -> Verdict {
    put(&mut definition, path, value);
    verdict(definition)
}

#[test]
fn one_field_breaks_a_rule() {
    let (days, pattern) = (
        "settings.instanceDurationInDays",
        "settings.recurrence.pattern",
    );
    let deleting = json!([{"@odata.type": "#microsoft.graph.disableAndDeleteUserApplyAction"}]);
    let removing = json!([{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}]);
    let told = |query: &str| {
        let scope = json!({
            "@odata.type": "#microsoft.graph.accessReviewNotificationRecipientQueryScope", "query": query,
        });
        json!([{"notificationTemplateType": "CompletedAdditionalRecipients", "notificationRecipientScope": scope}])
    };
    let without_template = |mut items: Value| {
        items[0]["notificationTemplateType"] = json!(null);
        items
    };
    let mail = "additionalNotificationRecipients";
    #[rustfmt::skip]
    let table = [
        // rule, where it is broken, what to change, a value that breaks it, the nearest legal value
        ("REV-30", "displayName", "displayName", json!(" "), json!("x")),
        ("REV-30", "scope", "scope", json!(null), members()),
        ("REV-30", "scope.query", "scope.query", json!(""), json!("/groups/g1/members")),
        ("REV-30", "reviewers[0].query", "reviewers[0].query", json!(" "), json!("/users/u2")),
        ("REV-30", days, days, json!(0), json!(1)),
        ("REV-30", days, days, json!(null), json!(1)),
        ("REV-30", "settings.applyActions", "settings.applyActions", deleting, removing),
        ("REV-4", days, days, json!(81), json!(80)),
        ("REV-35", "settings.recurrence.pattern.type", pattern, json!({"type": "daily", "interval": 30}), json!({"type": "weekly", "interval": 2})),
        ("REV-35", "settings.recurrence.pattern.interval", pattern, json!({"type": "weekly", "interval": 0}), json!({"type": "weekly", "interval": 2})),
        ("REV-35", "settings.recurrence.range.startDate", "settings.recurrence.range.startDate", json!(null), json!("2026-01-01")),
        ("REV-55", "settings.defaultDecision", "settings.defaultDecisionEnabled", json!(true), json!(false)),
        ("REV-6", "fallbackReviewers", "reviewers[1]", manager(), user("u2")),
        ("REV-37", "additionalNotificationRecipients[0].notificationRecipientScope", mail, told(" "), told("/users/u1")),
        ("REV-37", "additionalNotificationRecipients[0].notificationTemplateType", mail, without_template(told("/users/u1")), told("/users/u1")),
    ];
    for (rule, path, place, broken, legal) in table {
        let verdict = |value| changed(definition(), place, value);
        assert_rule(rule, &[path], verdict(broken), verdict(legal));
    }
}

#[test]
fn managers_are_somebodys() {
    let by = |root: Value| {
        let mut definition = definition();
        put(&mut definition, "fallbackReviewers[0]", user("u2"));
        put(&mut definition, "reviewers[0]", manager());
        changed(definition, "reviewers[0].queryRoot", root)
    };
    let path = ["reviewers[0].queryRoot"];
    assert_rule("REV-6", &path, by(json!(null)), by(json!("decisions")));
}

#[test]
fn the_time_that_counts_for_a_hint_is_said_once() {
    let mut insightful = definition();
    let sign_ins =
        json!([{"@odata.type": "#microsoft.graph.userLastSignInRecommendationInsightSetting"}]);
    put(
        &mut insightful,
        "settings.recommendationInsightSettings",
        sign_ins,
    );
    let place = "settings.recommendationLookBackDuration";
    let broken = changed(insightful.clone(), place, json!("P30D"));
    let legal = changed(definition(), place, json!("P30D"));
    assert_rule("REV-9", &[place], broken, legal);
    assert_eq!(verdict(insightful), Ok(()));
}

#[test]
fn stages_form_a_row() {
    assert_rule(
        "REV-60",
        &["stageSettings"],
        verdict(staged(1)),
        verdict(staged(2)),
    );
    assert_rule(
        "REV-60",
        &["stageSettings"],
        verdict(staged(4)),
        verdict(staged(3)),
    );
    #[rustfmt::skip]
    let table = [
        ("REV-60", "reviewers", "reviewers", json!([user("u1")]), json!([])),
        ("REV-61", "stageSettings", "stageSettings[1].dependsOn", json!([]), json!(["1"])),
        ("REV-61", "stageSettings", "stageSettings[0].dependsOn", json!(["2"]), json!([])),
        ("REV-61", "stageSettings[1].durationInDays", "stageSettings[1].durationInDays", json!(0), json!(1)),
        ("REV-4", "stageSettings", "stageSettings[1].durationInDays", json!(74), json!(73)),
        ("REV-6", "stageSettings[1].fallbackReviewers", "stageSettings[1].reviewers[0]", manager(), user("u2")),
    ];
    for (rule, path, place, broken, legal) in table {
        let verdict = |value| changed(staged(2), place, value);
        assert_rule(rule, &[path], verdict(broken), verdict(legal));
    }
}

#[test]
fn an_instance_changes_while_it_runs() {
    let patched = |status: &str, scope: Value| {
        let instance = json!({"id": "i1", "status": status, "scope": scope});
        let instance: Instance = serde_json::from_value(instance).unwrap();
        InstancePatch::of(&instance).map(drop)
    };
    let legal = || patched("InProgress", members());
    assert_rule(
        "REV-44",
        &["status"],
        patched("Completed", members()),
        legal(),
    );
    assert_rule(
        "REV-44",
        &["scope"],
        patched("InProgress", json!(null)),
        legal(),
    );
}
