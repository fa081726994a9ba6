//! Each rule that builders carry out: a value that breaks it and nothing else, and the nearest that is legal.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;

use entitlement_core::assignment_request::AssignmentRequestDraft as Request;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::GroupDraft;
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::question::{MultipleChoiceQuestion, Question, TextInputQuestion};
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_core::validate::{Invalid, Violation};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Verdict = Result<(), Invalid>;

/// `broken` breaks `rule` at `paths` and no other rule anywhere; `legal` breaks none.
#[track_caller]
fn assert_rule(rule: &str, paths: &[&str], broken: Verdict, legal: Verdict) {
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
fn full(path: &str) -> String {
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
fn put(json: &mut Value, path: &str, value: Value) {
    let pointer = full(path).replace(['.', '['], "/").replace(']', "");
    let pointer = format!("/{pointer}");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Value::Array(items) if name.parse() == Ok(items.len()) => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        parent => parent[name] = value,
    }
}

fn merged(mut base: Value, changes: Value) -> Value {
    if let (Value::Object(base), Value::Object(changes)) = (&mut base, changes) {
        base.extend(changes);
    }
    base
}

/// People of a kind; what the kind does not have is ignored.
fn who(kind: &str) -> Value {
    json!({
        "@odata.type": format!("#microsoft.graph.{kind}"), "userId": "u", "groupId": "g", "servicePrincipalId": "s",
        "connectedOrganizationId": "o", "membershipRule": "true", "managerLevel": 1,
    })
}

fn ada() -> Value {
    who("singleUser")
}

fn manager() -> Value {
    who("requestorManager")
}

/// A stage that Ada decides within two weeks, changed.
fn stage(changes: Value) -> Value {
    let stage = json!({"primaryApprovers": [ada()], "durationBeforeAutomaticDenial": "P14D"});
    merged(stage, changes)
}

/// The same, forwarded after eight days.
fn escalating(changes: Value) -> Value {
    let escalation = json!({"isEscalationEnabled": true, "durationBeforeEscalation": "P8D"});
    stage(merged(escalation, changes))
}

fn choice(changes: Value) -> Value {
    let question = json!({
        "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1", "text": "Which?",
        "choices": [{"actualValue": "l", "text": "Laptop"}, {"actualValue": "d", "text": "Desktop"}],
    });
    merged(question, changes)
}

fn text(changes: Value) -> Value {
    let kind = "#microsoft.graph.accessPackageTextInputQuestion";
    merged(
        json!({"@odata.type": kind, "id": "q1", "text": "Why?"}),
        changes,
    )
}

/// A policy with everything in it that a policy for people can have.
fn requested() -> Value {
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
fn automatic() -> Value {
    json!({
        "id": "p1",
        "displayName": "Sales",
        "allowedTargetScope": "specificDirectoryUsers",
        "specificAllowedTargets": [who("attributeRuleMembers")],
        "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "stages": []},
        "automaticRequestSettings": {"requestAccessForAllowedTargets": true},
    })
}

fn part<T: DeserializeOwned>(json: &Value, name: &str) -> Option<T> {
    serde_json::from_value(json[name].clone()).unwrap()
}

/// The verdict over a policy, which is the same for one that was read and for a draft.
#[track_caller]
fn policy(json: Value) -> Verdict {
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
fn changed(mut json: Value, path: &str, value: Value) -> Verdict {
    put(&mut json, path, value);
    policy(json)
}

fn id<E>() -> Id<E> {
    "a914b616-e04e-476b-aa37-91038f0b165b".parse().unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_models_are_legal() {
    assert_eq!(policy(requested()), Ok(()));
    assert_eq!(policy(automatic()), Ok(()));
}

#[test]
fn one_field_breaks_a_rule() {
    let targets = |count| json!(vec![ada(); count]);
    let stages = |count| json!(vec![stage(json!({})); count]);
    let partner = || who("connectedOrganizationMembers");
    let denial = "stage.durationBeforeAutomaticDenial";
    let open = "review.schedule.expiration.duration";
    #[rustfmt::skip]
    let table = [
        // rule, where, a value that breaks it, the nearest legal value
        ("POL-8", "displayName", json!(""), json!("x")),
        ("POL-8", "displayName", json!(" \t\n"), json!("x")),
        ("POL-20", "targets", json!([]), json!([ada()])),
        ("POL-20", "targets[0]", partner(), who("groupMembers")),
        ("POL-20", "targets[1]", who("internalSponsors"), ada()),
        ("POL-20", "targets[0].userId", json!(null), json!("u")),
        ("POL-20", "stage.primaryApprovers[0].userId", json!(null), json!("u")),
        ("POL-20", "review.primaryReviewers[0].userId", json!(null), json!("u")),
        ("POL-24", "targets", targets(501), targets(500)),
        ("APV-1", "approval.stages", stages(4), stages(3)),
        ("APV-2", "approval.stages", stages(0), stages(1)),
        ("APV-5", denial, json!(null), json!("P14D")),
        ("APV-5", denial, json!("PT0S"), json!("P1D")),
        ("APV-5", denial, json!("-P1D"), json!("P1D")),
        ("APV-5", denial, json!("P15D"), json!("P14D")),
        ("APV-5", denial, json!("PT36H"), json!("PT48H")),
        ("APV-5", denial, json!("P1M"), json!("P14D")),
        ("APV-5", denial, json!("P2W"), json!("P14D")),
        ("APV-6", "stage.durationBeforeEscalation", json!("P8D"), json!("PT0S")),
        ("APV-6", "stage.durationBeforeEscalation", json!("PT1S"), json!(null)),
        ("APV-8", "stage.primaryApprovers", json!([]), json!([ada()])),
        ("APV-9", "behalf.managerLevel", json!(0), json!(1)),
        ("APV-9", "behalf.managerLevel", json!(5), json!(4)),
        ("EXP-1", "expiration.type", json!(null), json!("afterDuration")),
        ("EXP-2", "expiration.duration", json!("P3661D"), json!("P3660D")),
        ("EXP-2", "expiration.duration", json!("PT87841H"), json!("PT87840H")),
        ("EXP-2", "expiration.duration", json!("-PT1H"), json!("PT1H")),
        ("EXP-3", "expiration.duration", json!("P1Y"), json!("P365D")),
        ("EXP-3", "expiration.duration", json!("P1M"), json!("P30D")),
        ("EXP-3", "expiration.duration", json!("P1W"), json!("P7D")),
        ("QST-1", "question.text", json!(" "), json!("?")),
        ("QST-1", "question.text", json!(null), json!("?")),
        ("QST-3", "question.choices", json!([]), json!([{"actualValue": "l", "text": "L"}])),
        ("QST-3", "choice.actualValue", json!(""), json!("t")),
        ("QST-3", "choice.actualValue", json!(null), json!("t")),
        ("QST-3", "choice.text", json!(" "), json!("Laptop")),
        ("REV-2", "review.schedule.startDateTime", json!(null), json!("2026-01-01T00:00:00Z")),
        ("REV-2", "review.schedule.recurrence.pattern.interval", json!(0), json!(1)),
        ("REV-2", open, json!(null), json!("P1D")),
        ("REV-2", open, json!("PT0S"), json!("P1D")),
        ("REV-2", open, json!("PT25H"), json!("PT24H")),
        ("REV-2", open, json!("P2W"), json!("P14D")),
        ("REV-4", open, json!("P28D"), json!("P27D")),
        ("REV-5", "review.primaryReviewers", json!([]), json!([ada()])),
        ("REV-5", "review.primaryReviewers[1]", partner(), who("groupMembers")),
        ("REV-5", "review.fallbackReviewers[0]", who("externalSponsors"), ada()),
    ];
    for (rule, path, broken, legal) in table {
        let verdict = |value| changed(requested(), path, value);
        assert_rule(rule, &[path], verdict(broken), verdict(legal));
    }
}

#[test]
fn one_field_breaks_a_rule_about_another() {
    let by_manager = |more| {
        let backed = json!({"primaryApprovers": [manager()], "fallbackPrimaryApprovers": [ada()]});
        merged(backed, more)
    };
    let of_level = |level: i32| {
        let manager = merged(manager(), json!({"managerLevel": level}));
        stage(by_manager(json!({"primaryApprovers": [manager]})))
    };
    let escalated = |fallback: &[Value]| {
        let second = merged(manager(), json!({"managerLevel": 2}));
        escalating(by_manager(
            json!({"escalationApprovers": [second], "fallbackEscalationApprovers": fallback}),
        ))
    };
    let translated = |code: &str| json!([{"languageCode": code, "text": "…"}]);
    let update = |required: bool| json!({"isApprovalRequiredForUpdate": required, "stages": []});
    let nobody = json!({"primaryApprovers": []});
    let stand_in = json!({"primaryApprovers": [], "fallbackPrimaryApprovers": [ada()]});
    let (forward, fallback) = (
        json!({"escalationApprovers": [ada()]}),
        json!({"fallbackEscalationApprovers": [ada()]}),
    );
    let for_a_day = json!({"type": "afterDuration", "duration": "P1D"});
    let twice = &["questions[0].sequence", "questions[1].sequence"];
    let alike = &["choice.actualValue", "questions[0].choices[1].actualValue"];
    let stages = |second| json!([stage(by_manager(json!({}))), second]);
    #[rustfmt::skip]
    let table: [(&str, &[&str], &str, Value, Value); 17] = [
        // rule, where it is broken, what to change, a value that breaks it, the nearest legal value
        ("APV-2", &["approval.stages"], "approval", update(true), update(false)),
        ("APV-6", &["stage.durationBeforeEscalation"], "stage", stage(forward.clone()), escalating(forward)),
        ("APV-8", &["stage.primaryApprovers"], "stage", stage(nobody), stage(stand_in)),
        ("APV-8", &["stage.escalationApprovers"], "stage", escalating(json!({})), escalating(fallback)),
        ("APV-9", &["approval.stages"], "approval.stages", stages(stage(by_manager(json!({})))), stages(stage(json!({})))),
        ("APV-9", &["stage.primaryApprovers[0].managerLevel"], "stage", of_level(0), of_level(1)),
        ("APV-9", &["stage.primaryApprovers[0].managerLevel"], "stage", of_level(3), of_level(2)),
        ("APV-9", &["stage.fallbackPrimaryApprovers"], "stage.primaryApprovers", json!([manager()]), json!([manager(), ada()])),
        ("APV-9", &["stage.fallbackEscalationApprovers"], "stage", escalated(&[]), escalated(&[ada()])),
        ("QST-1", twice, "questions[1].sequence", json!(0), json!(1)),
        ("QST-3", alike, "questions[0].choices[1].actualValue", json!("l"), json!("t")),
        ("QST-5", &["question.localizations[0].languageCode"], "question.localizations", translated(" "), translated("de")),
        ("QST-5", &["choice.localizations[0].languageCode"], "choice.localizations", translated(""), translated("de")),
        ("REV-2", &["review.schedule.expiration.duration"], "review.schedule.expiration", json!(null), for_a_day),
        ("REV-2", &["review.schedule.startDateTime", "review.schedule.expiration.duration"], "review.schedule", json!(null),
            requested()["reviewSettings"]["schedule"].clone()),
        ("REV-5", &["review.primaryReviewers"], "review.isSelfReview", json!(true), json!(false)),
        ("REV-6", &["review.fallbackReviewers"], "review.primaryReviewers[1]", manager(), ada()),
    ];
    for (rule, paths, place, broken, legal) in table {
        let verdict = |value| changed(requested(), place, value);
        assert_rule(rule, paths, verdict(broken), verdict(legal));
    }
}

#[test]
fn automatic_assignment_goes_by_one_rule_and_asks_nobody() {
    let rule = || who("attributeRuleMembers");
    let approval = |required: bool| json!({"isApprovalRequiredForAdd": required, "stages": [stage(json!({}))]});
    for (name, path, place, broken) in [
        ("AUTO-2", "targets", "targets", json!([ada()])),
        ("AUTO-2", "targets", "targets", json!([rule(), ada()])),
        ("AUTO-2", "targets", "targets", json!([rule(), rule()])),
        ("AUTO-2", "targets", "automaticRequestSettings", json!(null)),
        (
            "POL-20",
            "targets[0].membershipRule",
            "targets[0].membershipRule",
            json!(null),
        ),
        ("AUTO-4", "approval", "approval", approval(true)),
        ("AUTO-4", "approval", "approval", approval(false)),
    ] {
        let broken = changed(automatic(), place, broken);
        assert_rule(name, &[path], broken, policy(automatic()));
    }
}

#[test]
fn a_scope_names_its_own_kind_of_targets_or_none() {
    const KINDS: [&str; 5] = [
        "singleUser",
        "groupMembers",
        "connectedOrganizationMembers",
        "singleServicePrincipal",
        "targetManager",
    ];
    for scope in AllowedTargetScope::MEMBERS {
        let own = match AllowedTargetScope::from(*scope) {
            AllowedTargetScope::SpecificDirectoryUsers => &KINDS[..2],
            AllowedTargetScope::SpecificConnectedOrganizationUsers => &KINDS[2..3],
            AllowedTargetScope::SpecificDirectoryServicePrincipals => &KINDS[3..4],
            _ => &[],
        };
        let verdict = |kinds: &[&str]| {
            let mut json = requested();
            put(&mut json, "allowedTargetScope", json!(scope));
            let targets: Vec<_> = kinds.iter().map(|kind| who(kind)).collect();
            changed(json, "targets", json!(targets))
        };
        assert_eq!(verdict(own), Ok(()), "{scope}");
        if !own.is_empty() {
            assert_rule("POL-20", &["targets"], verdict(&[]), verdict(own));
        }
        for kind in KINDS.iter().filter(|kind| !own.contains(kind)) {
            let path = match own.len() {
                0 => "targets".to_owned(),
                next => format!("targets[{next}]"),
            };
            let broken = verdict(&[own, &[*kind]].concat());
            assert_rule("POL-20", &[&path], broken, verdict(own));
        }
    }
    let partners = |count| {
        let mut json = requested();
        let scope = AllowedTargetScope::SpecificConnectedOrganizationUsers;
        put(&mut json, "allowedTargetScope", json!(scope));
        let partner = who("connectedOrganizationMembers");
        changed(json, "targets", json!(vec![partner; count]))
    };
    assert_rule("POL-24", &["targets"], partners(1_001), partners(1_000));
}

#[test]
fn some_kinds_approve_and_some_do_not() {
    for list in [
        "primaryApprovers",
        "fallbackPrimaryApprovers",
        "escalationApprovers",
        "fallbackEscalationApprovers",
    ] {
        let decided_by = |kind: &str| {
            let mut stage = escalating(json!({"escalationApprovers": [ada()]}));
            stage[list] = json!([ada(), who(kind)]);
            changed(requested(), "stage", stage)
        };
        for kind in [
            "connectedOrganizationMembers",
            "singleServicePrincipal",
            "attributeRuleMembers",
            "targetManager",
        ] {
            let path = format!("stage.{list}[1]");
            assert_rule(
                "POL-31",
                &[&path],
                decided_by(kind),
                decided_by("groupMembers"),
            );
        }
    }
    for kind in [
        "requestorManager",
        "internalSponsors",
        "externalSponsors",
        "targetUserSponsors",
    ] {
        let verdict = |fallback: &[Value]| {
            let by = json!({"primaryApprovers": [who(kind)], "fallbackPrimaryApprovers": fallback});
            changed(requested(), "stage", stage(by))
        };
        let path = ["stage.fallbackPrimaryApprovers"];
        assert_rule("APV-9", &path, verdict(&[]), verdict(&[ada()]));
    }
}

#[test]
fn escalation_leaves_both_sides_time() {
    // Days to decide; the first and the last day after which a request may be forwarded.
    #[rustfmt::skip]
    let table = [
        (1, None), (2, None), (3, None), (4, Some((3, 3))), (5, Some((3, 4))), (6, Some((4, 5))), (7, Some((4, 6))),
        (8, Some((5, 7))), (9, Some((5, 8))), (10, Some((6, 9))), (11, Some((6, 10))), (12, Some((7, 11))),
        (13, Some((7, 12))), (14, Some((8, 13))),
    ];
    let forwarded = |total: u32, wait: IsoDuration| {
        let changes = json!({
            "escalationApprovers": [ada()], "durationBeforeEscalation": wait,
            "durationBeforeAutomaticDenial": IsoDuration::days(total),
        });
        changed(requested(), "stage", escalating(changes))
    };
    let path = ["stage.durationBeforeEscalation"];
    for (total, window) in table {
        let after = |wait| forwarded(total, IsoDuration::days(wait));
        let never = || {
            let total = IsoDuration::days(total);
            changed(
                requested(),
                "stage.durationBeforeAutomaticDenial",
                json!(total),
            )
        };
        for wait in 0..=total + 1 {
            match window {
                Some((first, last)) if (first..=last).contains(&wait) => {
                    assert_eq!(after(wait), Ok(()), "{wait} of {total} days");
                }
                Some((first, _)) => assert_rule("APV-7", &path, after(wait), after(first)),
                None => assert_rule("APV-7", &path, after(wait), never()),
            }
        }
    }
    for (broken, legal) in [("PT193H", "PT192H"), ("P1M", "P8D"), ("P1W3D", "P10D")] {
        let after = |wait: &str| forwarded(14, wait.parse().unwrap());
        assert_rule("APV-7", &path, after(broken), after(legal));
    }
}

#[test]
fn an_expiration_has_what_its_type_asks_for() {
    for (kind, wants_end, wants_duration) in [
        ("notSpecified", false, false),
        ("noExpiration", false, false),
        ("afterDateTime", true, false),
        ("afterDuration", false, true),
    ] {
        let lasting = |end: bool, duration: bool| {
            let end = end.then_some("2027-01-01T00:00:00Z");
            let duration = duration.then_some("P30D");
            let expiration = json!({"type": kind, "endDateTime": end, "duration": duration});
            changed(requested(), "expiration", expiration)
        };
        for (end, duration) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut paths = Vec::new();
            paths.extend((end != wants_end).then_some("expiration.endDateTime"));
            paths.extend((duration != wants_duration).then_some("expiration.duration"));
            if !paths.is_empty() {
                let legal = lasting(wants_end, wants_duration);
                assert_rule("EXP-1", &paths, lasting(end, duration), legal);
            }
        }
    }
}

#[test]
fn a_review_is_over_before_the_next() {
    for (unit, interval, most) in [
        ("weekly", 1, 7),
        ("absoluteMonthly", 1, 27),
        ("absoluteMonthly", 3, 80),
        ("absoluteMonthly", 6, 180),
        ("absoluteMonthly", 12, 365),
    ] {
        let open_for = |days: u32| {
            let mut json = requested();
            let pattern = json!({"type": unit, "interval": interval});
            put(&mut json, "review.schedule.recurrence.pattern", pattern);
            let days = json!(IsoDuration::days(days));
            changed(json, "review.schedule.expiration.duration", days)
        };
        let path = ["review.schedule.expiration.duration"];
        assert_rule("REV-4", &path, open_for(most + 1), open_for(most));
    }
    let off = changed(requested(), "review", json!({"isEnabled": false}));
    assert_eq!(off, Ok(()), "a review that is off has no rules");
}

#[test]
fn what_the_future_brings_breaks_no_rule() {
    let future = || who("nextDoorNeighbours");
    for (path, value) in [
        ("allowedTargetScope", json!("everybodyOnMars")),
        ("targets[1]", future()),
        ("stage.primaryApprovers[1]", future()),
        ("review.primaryReviewers[1]", future()),
        ("requestorSettings.onBehalfRequestors[1]", future()),
        ("questions[2]", future()),
        ("expiration.type", json!("afterFullMoon")),
        ("review.schedule.recurrence.pattern.type", json!("lunar")),
    ] {
        assert_eq!(changed(requested(), path, value), Ok(()), "{path}");
    }
}

#[test]
fn a_question_without_a_place_comes_after_those_before_it() {
    let places = |first: Option<i32>| {
        let mut question = TextInputQuestion::new("Ticket number");
        question.base.sequence = first;
        let draft = AssignmentPolicyDraft::builder(id(), "Everybody")
            .question(question)
            .question(TextInputQuestion::new("Cost centre"))
            .question(TextInputQuestion::new("Building"))
            .build()
            .unwrap();
        let draft = serde_json::to_value(draft).unwrap();
        [0, 1, 2].map(|index| draft["questions"][index]["sequence"].as_i64().unwrap())
    };
    assert_eq!(places(None), [0, 1, 2]);
    assert_eq!(places(Some(1)), [1, 2, 3]);
    assert_eq!(places(Some(7)), [7, 8, 9]);
}

fn question(json: Value) -> Question {
    serde_json::from_value(json).unwrap()
}

fn a_week() -> Schedule {
    Schedule::lasting(Expiration::after_days(7))
}

#[test]
fn a_request_answers_each_question_once_and_by_its_id() {
    let answering = |ids: &[Option<&str>]| {
        let mut draft = Request::user_add(&id());
        for id in ids {
            draft = draft.answer(&question(text(json!({"id": id}))), "42");
        }
        draft.build().map(drop)
    };
    let legal = || answering(&[Some("q1"), Some("q2"), Some("q3")]);
    let (first, third) = (
        "answers[0].answeredQuestion.id",
        "answers[2].answeredQuestion.id",
    );
    let twice = answering(&[Some("q1"), Some("q2"), Some("q1")]);
    assert_rule("QST-6", &[first, third], twice, legal());
    let unnumbered = answering(&[None, Some("q2"), None]);
    assert_rule("QST-7", &[first, third], unnumbered, legal());
}

#[test]
fn a_request_asks_for_a_period_that_exists() {
    let asking = |period| Request::user_add(&id()).schedule(period).build().map(drop);
    let until = |end: &str| {
        let start = instant("2026-05-01T12:00:00Z");
        asking(Schedule::starting(start).until(Expiration::at(instant(end))))
    };
    let path = ["schedule.expiration.endDateTime"];
    let at_once = until("2026-05-01T12:00:00Z");
    assert_rule("EXP-1", &path, at_once, until("2026-05-01T12:00:01Z"));

    let lasting = |time: &str| asking(Schedule::lasting(Expiration::after(time.parse().unwrap())));
    let path = ["schedule.expiration.duration"];
    assert_rule("EXP-2", &path, lasting("P3661D"), lasting("P3660D"));
    assert_rule("EXP-3", &path, lasting("P1M"), lasting("P30D"));
}

#[test]
fn a_request_says_what_its_kind_says() {
    let assigned = |email| Request::admin_add_by_email(&id(), &id(), email).build();
    for broken in ["", "ada", "@contoso.com", "ada@", "ada@contoso"] {
        let (broken, legal) = (assigned(broken), assigned("ada@contoso.com"));
        let path = ["assignment.target.email"];
        assert_rule("REQ-5", &path, broken.map(drop), legal.map(drop));
    }
    let why = question(text(json!({})));
    for removal in [Request::user_remove, Request::admin_remove] {
        let plain = || removal(&id()).justification("Moved on").build().map(drop);
        let dated = removal(&id()).schedule(a_week()).build();
        assert_rule("REQ-30", &["schedule"], dated.map(drop), plain());
        let answered = removal(&id()).answer(&why, "42").build();
        assert_rule("REQ-30", &["answers"], answered.map(drop), plain());
    }
    for update in [Request::user_update, Request::admin_update] {
        let idle = || update(&id()).justification("Please").build().map(drop);
        let longer = update(&id()).schedule(a_week()).build();
        assert_rule("REQ-31", &["schedule"], idle(), longer.map(drop));
        let answered = update(&id()).answer(&why, "42").build();
        assert_rule("REQ-31", &["schedule"], idle(), answered.map(drop));
    }
}

#[test]
fn a_request_gives_what_the_policy_asks_for() {
    let asks = |json: Value| -> PolicyRequirements { serde_json::from_value(json).unwrap() };
    let plain = Request::user_add(&id()).build().unwrap();
    let silent = Request::user_add(&id())
        .justification(" \n")
        .build()
        .unwrap();
    let because = Request::user_add(&id())
        .justification("VPN")
        .build()
        .unwrap();
    let dated = Request::user_add(&id()).schedule(a_week()).build().unwrap();

    let why = asks(json!({"isRequestorJustificationRequired": true}));
    let fixed = asks(json!({"allowCustomAssignmentSchedule": false}));
    for (rule, path, asked, broken, legal) in [
        ("APV-14", "justification", &why, &plain, &because),
        ("APV-14", "justification", &why, &silent, &because),
        ("EXP-6", "schedule", &fixed, &dated, &plain),
    ] {
        assert_rule(
            rule,
            &[path],
            broken.check_against(asked),
            legal.check_against(asked),
        );
    }
    for relaxed in [
        json!({}),
        json!({"isRequestorJustificationRequired": false, "allowCustomAssignmentSchedule": true}),
    ] {
        assert_eq!(dated.check_against(&asks(relaxed)), Ok(()));
    }
}

#[test]
fn a_request_answers_what_must_be_answered_with_what_can_be_chosen() {
    let verdict = |asked: &Value, answers: &[(&str, &str)]| {
        let mut draft = Request::user_add(&id());
        for (id, value) in answers {
            let other = merged(asked.clone(), json!({"id": id}));
            draft = draft.answer(&question(other), *value);
        }
        let requirements = json!({"policyId": "p1", "questions": [asked]});
        let requirements: PolicyRequirements = serde_json::from_value(requirements).unwrap();
        draft.build().unwrap().check_against(&requirements)
    };
    let required = |question: fn(Value) -> Value| question(json!({"isRequired": true}));
    for (asked, broken, legal) in [
        (required(text), &[][..], "x"),
        (required(text), &[("q1", " ")], "x"),
        (required(text), &[("q2", "x")], "x"),
        (required(choice), &[], "l"),
        // A choice is answered by its value, not by what people read.
        (required(choice), &[("q1", "Laptop")], "l"),
        (required(choice), &[("q1", "L")], "d"),
        (choice(json!({})), &[("q1", "tablet")], "d"),
    ] {
        let legal = verdict(&asked, &[("q1", legal)]);
        assert_rule("QST-8", &["answers"], verdict(&asked, broken), legal);
    }
    let several = choice(json!({"isMultipleSelectionAllowed": true}));
    assert_eq!(verdict(&several, &[("q1", "l,d")]), Ok(()));
    assert_eq!(verdict(&text(json!({"isRequired": false})), &[]), Ok(()));
}

#[test]
fn catalogs_packages_and_groups_have_names() {
    let catalog = |name: &str| CatalogDraft::builder(name).build().map(drop);
    let package = |name: &str| AccessPackageDraft::builder(id(), name).build().map(drop);
    let group = |name: &str| GroupDraft::security_group(name).build().map(drop);
    let path = ["displayName"];
    for blank in ["", "  "] {
        assert_rule("OBJ-14", &path, catalog(blank), catalog("x"));
        assert_rule("OBJ-40", &path, package(blank), package("x"));
        assert_rule("GRP-1", &path, group(blank), group("x"));
    }
    assert_rule(
        "GRP-1",
        &path,
        group(&"ü".repeat(257)),
        group(&"ü".repeat(256)),
    );

    let team = |alias: &str| {
        GroupDraft::microsoft_365_group("Team", alias)
            .build()
            .map(drop)
    };
    let path = ["mailNickname"];
    assert_rule("GRP-2", &path, team(&"a".repeat(65)), team(&"a".repeat(64)));
    for broken in ["", "a b", "a@b", "a,b", "tëam", "a\"b", "a(b)"] {
        assert_rule("GRP-2", &path, team(broken), team("a-b.c_d"));
    }
}

#[test]
fn every_violation_is_reported_at_once() {
    let mut json = requested();
    for (path, value) in [
        ("displayName", json!("")),
        ("targets", json!([])),
        ("expiration.duration", json!("P4000D")),
        ("behalf.managerLevel", json!(9)),
        (
            "approval.stages",
            json!(vec![stage(json!({"primaryApprovers": []})); 4]),
        ),
        ("review.primaryReviewers", json!([])),
        ("question.choices", json!([])),
    ] {
        put(&mut json, path, value);
    }
    let refused = policy(json).unwrap_err();
    let violations = refused.violations();
    let rules: BTreeSet<_> = violations.iter().map(Violation::rule).collect();
    let expected = [
        "APV-1", "APV-8", "APV-9", "EXP-2", "POL-20", "POL-8", "QST-3", "REV-5",
    ];
    assert_eq!(rules, expected.into());
    let stages = violations
        .iter()
        .filter(|violation| violation.rule() == "APV-8");
    assert_eq!(stages.count(), 4, "every stage is looked at");
}

#[test]
fn a_person_reads_what_is_wrong_where_and_what_to_do() {
    let ada = SubjectSet::user(id());
    let by_manager = ApprovalStage::builder()
        .primary_approver(SubjectSet::manager())
        .duration_before_automatic_denial(IsoDuration::days(30))
        .build();
    let by_ada = ApprovalStage::builder()
        .primary_approver(ada.clone())
        .escalate_after(IsoDuration::days(7), ada)
        .duration_before_automatic_denial(IsoDuration::days(14))
        .build();
    let (first, open) = (instant("2026-01-01T00:00:00Z"), IsoDuration::days(14));
    let refused = AssignmentPolicyDraft::builder(id(), " ")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .expiration(Expiration::after("P1M".parse().unwrap()))
        .request_approval_settings(ApprovalSettings::in_stages([by_manager, by_ada]))
        .review_settings(ReviewSettings::every_weeks(1, first, open))
        .question(MultipleChoiceQuestion::new("Which kind of device?"))
        .build()
        .unwrap_err();
    assert_eq!(refused.subject(), "accessPackageAssignmentPolicy");
    insta::assert_snapshot!(refused, @r"
    accessPackageAssignmentPolicy has 9 problems
      displayName: is blank; give a text that people will recognise [POL-8]
      specificAllowedTargets: is empty although the scope is specificDirectoryUsers; name at least one of: users, groups or one rule [POL-20]
      expiration.duration: P1M uses years, months or weeks; use days, hours and minutes [EXP-3]
      requestApprovalSettings.stages[0].fallbackPrimaryApprovers: is empty although the approvers are managers or sponsors, who may be missing; name somebody who decides in their place [APV-9]
      requestApprovalSettings.stages[0].durationBeforeAutomaticDenial: P30D is not a number of days from 1 to 14; use whole days from P1D to P14D [APV-5]
      requestApprovalSettings.stages[1].durationBeforeEscalation: leaves one side too little time; with 14 days to decide, forward after 8 to 13 days [APV-7]
      reviewSettings.primaryReviewers: is empty; name reviewers, or let the holders review themselves [REV-5]
      reviewSettings.schedule.expiration.duration: 14 days reach into the next review; use at most 7 days with this recurrence [REV-4]
      questions[0].choices: is empty; offer at least one choice [QST-3]
    ");
}
