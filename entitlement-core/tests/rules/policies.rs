//! The rules of assignment policies, held by the builder and by `validate` alike.

use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::question::{MultipleChoiceQuestion, TextInputQuestion};
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_core::validate::Violation;
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::fixture::*;

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
    let ends = "review.schedule.expiration.type";
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
        ("POL-21", "allowedTargetScope", json!("NoSubjects"), json!("specificDirectoryUsers")),
        ("POL-21", "allowedTargetScope", json!("unknownFutureValue"), json!("fromTheFuture")),
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
        ("REV-2", ends, json!(null), json!("afterDuration")),
        ("REV-2", ends, json!("noExpiration"), json!("afterDuration")),
        ("REV-2", ends, json!("afterDateTime"), json!("afterSomethingNew")),
        ("REV-2", "review.schedule.expiration.endDateTime", json!("2027-01-01T00:00:00Z"), json!(null)),
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
    let forwarded_to = |set| escalating(json!({"escalationApprovers": [set, ada()]}));
    let (numbered, ending) = (
        "review.schedule.recurrence.range.numberOfOccurrences",
        "review.schedule.recurrence.range.endDate",
    );
    let times = |count| json!({"type": "numbered", "numberOfOccurrences": count});
    let until = |end| json!({"type": "endDate", "endDate": end});
    #[rustfmt::skip]
    let table: [(&str, &[&str], &str, Value, Value); 20] = [
        // rule, where it is broken, what to change, a value that breaks it, the nearest legal value
        ("APV-2", &["approval.stages"], "approval", update(true), update(false)),
        ("APV-6", &["stage.durationBeforeEscalation"], "stage", stage(forward.clone()), escalating(forward)),
        ("APV-8", &["stage.primaryApprovers"], "stage", stage(nobody), stage(stand_in)),
        ("APV-8", &["stage.escalationApprovers"], "stage", escalating(json!({})), escalating(fallback)),
        ("APV-9", &["approval.stages"], "approval.stages", stages(stage(by_manager(json!({})))), stages(stage(json!({})))),
        ("APV-9", &["approval.stages"], "approval.stages", stages(forwarded_to(manager())), stages(forwarded_to(who("groupMembers")))),
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
        ("REV-2", &[numbered], "review.schedule.recurrence.range", times(0), times(1)),
        ("REV-2", &[ending], "review.schedule.recurrence.range", until(None), until(Some("2027-01-01"))),
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
    const GRACE: &str = "automaticRequestSettings.gracePeriodBeforeAccessRemoval";
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
        (
            "POL-20",
            "targets[0].membershipRule",
            "targets[0].membershipRule",
            json!(" \n"),
        ),
        ("AUTO-4", "approval", "approval", approval(true)),
        ("AUTO-4", "approval", "approval", approval(false)),
        (
            "AUTO-4",
            "questions",
            "questions",
            json!([text(json!({"sequence": 0}))]),
        ),
        (
            "AUTO-4",
            "expiration.type",
            "expiration",
            requested()["expiration"].clone(),
        ),
        (
            "REV-15",
            "review.isEnabled",
            "review",
            requested()["reviewSettings"].clone(),
        ),
        ("AUTO-5", GRACE, GRACE, json!("-P1D")),
        ("EXP-3", GRACE, GRACE, json!("P1M")),
    ] {
        let broken = changed(automatic(), place, broken);
        assert_rule(name, &[path], broken, policy(automatic()));
    }
    for grace in ["PT0S", "PT4H", "P7D"] {
        assert_eq!(changed(automatic(), GRACE, json!(grace)), Ok(()), "{grace}");
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
            "identityGovernance.ruleBasedSubjectSet",
            "identityGovernance.groupBasedSubjectSet",
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
        ("daily", 1, 1),
        ("daily", 30, 30),
        ("weekly", 1, 7),
        ("absoluteMonthly", 1, 27),
        ("absoluteMonthly", 3, 80),
        ("absoluteMonthly", 6, 180),
        ("absoluteMonthly", 12, 365),
        ("absoluteYearly", 1, 365),
        ("absoluteYearly", 2, 730),
        ("relativeYearly", 1, 364),
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
