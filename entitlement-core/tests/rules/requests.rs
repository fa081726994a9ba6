//! The rules of requests, by themselves and against what a policy asks.

use entitlement_core::assignment_request::AssignmentRequestDraft as Request;
use entitlement_core::policy::question::Question;
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::schedule::{Expiration, Recurrence, Schedule};
use serde_json::{Value, json};

use crate::fixture::*;

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
    let plain = || asking(a_week());
    let again = asking(a_week().every(Recurrence::every_weeks(4)));
    assert_rule("EXP-12", &["schedule.recurrence"], again, plain());

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
    let removals = [
        Request::user_remove,
        Request::admin_remove,
        Request::approver_remove,
    ];
    for removal in removals {
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
fn a_request_ends_no_later_than_its_policy() {
    let (start, end) = (
        instant("2026-05-01T00:00:00Z"),
        instant("2026-05-31T00:00:00Z"),
    );
    let after_end = instant("2026-05-31T00:00:01Z");
    let days = Expiration::after_days;
    let from = |expiration| Schedule::starting(start).until(expiration);
    let verdict = |asked: &Schedule, policy: &Expiration| {
        let requirements = json!({"policyId": "p1", "schedule": Schedule::lasting(policy.clone())});
        let requirements: PolicyRequirements = serde_json::from_value(requirements).unwrap();
        let draft = Request::user_add(&id()).schedule(asked.clone()).build();
        draft.unwrap().check_against(&requirements)
    };
    for (policy, broken, legal) in [
        (
            days(30),
            Schedule::lasting(days(31)),
            Schedule::lasting(days(30)),
        ),
        (
            days(30),
            Schedule::lasting(Expiration::never()),
            Schedule::lasting(Expiration::not_specified()),
        ),
        (
            days(30),
            from(Expiration::at(after_end)),
            from(Expiration::at(end)),
        ),
        (Expiration::at(end), from(days(31)), from(days(30))),
        (
            Expiration::at(end),
            Schedule::lasting(Expiration::at(after_end)),
            Schedule::lasting(Expiration::at(end)),
        ),
        (
            Expiration::at(end),
            Schedule::lasting(Expiration::never()),
            Schedule::starting(start),
        ),
    ] {
        let path = ["schedule.expiration"];
        assert_rule(
            "EXP-6",
            &path,
            verdict(&broken, &policy),
            verdict(&legal, &policy),
        );
        assert_eq!(verdict(&broken, &Expiration::never()), Ok(()));
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
