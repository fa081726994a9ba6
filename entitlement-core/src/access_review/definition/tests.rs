use serde_json::json;

use super::super::insight::{InsightSetting, SignInScope};
use super::super::settings::DefaultDecision;
use super::*;
use crate::schedule::{Recurrence, RecurrencePatternType};
use crate::time::IsoDuration;
use crate::wire;

fn once() -> ScheduleSettings {
    ScheduleSettings::once(14)
}

fn every_months(months: i32, days: i32) -> ScheduleSettings {
    ScheduleSettings::every_months(months, "2026-01-01".parse().unwrap(), days)
}

fn draft(settings: ScheduleSettings) -> ScheduleDefinitionDraftBuilder {
    ScheduleDefinitionDraft::builder(
        "Admins",
        Scope::query("/groups/g1/transitiveMembers"),
        settings,
    )
}

fn user(id: &str) -> ReviewerScope {
    ReviewerScope::user(&id.parse().unwrap())
}

fn violations(result: Result<impl Sized, Invalid>) -> Vec<(String, &'static str)> {
    let Err(invalid) = result else {
        return Vec::new();
    };
    let entry =
        |violation: &crate::validate::Violation| (violation.path().to_owned(), violation.rule());
    invalid.violations().iter().map(entry).collect()
}

#[test]
fn a_draft_is_written_as_the_service_reads_it() {
    let settings = every_months(3, 80)
        .with_mails()
        .with_justification()
        .with_recommendations()
        .unreviewed(DefaultDecision::Recommendation)
        .applied_automatically()
        .on_denial(ApplyAction::remove_access());
    let draft = draft(settings)
        .description_for_admins("Who administers clients")
        .reviewer(ReviewerScope::manager())
        .fallback_reviewer(ReviewerScope::members_of(&"g2".parse().unwrap()))
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_value(&draft).unwrap(),
        json!({
            "displayName": "Admins",
            "descriptionForAdmins": "Who administers clients",
            "scope": {
                "@odata.type": "#microsoft.graph.accessReviewQueryScope",
                "query": "/groups/g1/transitiveMembers", "queryType": "MicrosoftGraph"
            },
            "reviewers": [{"query": "./manager", "queryType": "MicrosoftGraph", "queryRoot": "decisions"}],
            "fallbackReviewers": [{"query": "/groups/g2/transitiveMembers", "queryType": "MicrosoftGraph"}],
            "settings": {
                "instanceDurationInDays": 80,
                "recurrence": {
                    "pattern": {"type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": []},
                    "range": {"type": "noEnd", "numberOfOccurrences": 0, "startDate": "2026-01-01"}
                },
                "mailNotificationsEnabled": true, "reminderNotificationsEnabled": true,
                "justificationRequiredOnApproval": true, "recommendationsEnabled": true,
                "recommendationInsightSettings": [],
                "defaultDecisionEnabled": true, "defaultDecision": "Recommendation",
                "autoApplyDecisionsEnabled": true,
                "applyActions": [{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}]
            }
        })
    );
}

#[test]
fn an_instance_ends_before_the_next_starts() {
    let weekly =
        |weeks, days| ScheduleSettings::every_weeks(weeks, "2026-01-01".parse().unwrap(), days);
    for (settings, fine) in [
        (ScheduleSettings::once(400), true),
        (ScheduleSettings::once(0), false),
        (weekly(1, 7), true),
        (weekly(1, 8), false),
        (weekly(2, 14), true),
        (every_months(1, 27), true),
        (every_months(1, 28), false),
        (every_months(3, 81), false),
        (every_months(6, 180), true),
        (every_months(6, 181), false),
        (every_months(12, 365), true),
    ] {
        let found = violations(draft(settings.clone()).build());
        assert_eq!(found.is_empty(), fine, "{settings:?}: {found:?}");
    }
}

#[test]
fn stages_are_numbered_and_their_sum_counts() {
    let stage = |days| StageSettings::open_for(days).by(user("u1"));
    let fine = draft(every_months(1, 0))
        .stage(stage(13))
        .stage(stage(14))
        .build()
        .unwrap();
    let json = serde_json::to_value(&fine).unwrap();
    assert_eq!(json["stageSettings"][0]["stageId"], "1");
    assert_eq!(json["stageSettings"][1]["dependsOn"], json!(["1"]));

    let long = draft(every_months(1, 1))
        .stage(stage(14))
        .stage(stage(14))
        .build();
    assert_eq!(violations(long), [("stageSettings".to_owned(), "REV-4")]);

    let mut stray = stage(0).by(ReviewerScope::manager());
    stray.stage_id = Some("1".to_owned());
    let refused = draft(once())
        .stage(stage(1))
        .stage(stray)
        .reviewer(user("u1"))
        .build();
    assert_eq!(
        violations(refused),
        [
            ("stageSettings[1].durationInDays".to_owned(), "REV-61"),
            ("stageSettings[1].fallbackReviewers".to_owned(), "REV-6"),
            ("stageSettings".to_owned(), "REV-61"),
            ("reviewers".to_owned(), "REV-60"),
        ]
    );
    let lonely = draft(once()).stage(stage(1)).build();
    assert_eq!(violations(lonely), [("stageSettings".to_owned(), "REV-60")]);
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let mut twice = once().with_insight(InsightSetting::user_last_sign_in(
        IsoDuration::days(30),
        SignInScope::Tenant,
    ));
    twice.recommendation_look_back_duration = Some(IsoDuration::days(60));
    let mut undecided = once();
    undecided.default_decision_enabled = Some(true);
    let mut daily = every_months(1, 1);
    let mut recurrence = Recurrence::every_weeks(0);
    recurrence.pattern.as_mut().unwrap().kind = Some(RecurrencePatternType::Daily);
    daily.recurrence = Some(recurrence);
    for (settings, paths) in [
        (twice, vec!["settings.recommendationLookBackDuration"]),
        (undecided, vec!["settings.defaultDecision"]),
        (
            daily,
            vec![
                "settings.recurrence.pattern.type",
                "settings.recurrence.pattern.interval",
                "settings.recurrence.range.startDate",
            ],
        ),
        (
            once().on_denial(ApplyAction::disable_and_delete_user()),
            vec!["settings.applyActions"],
        ),
        (once().unreviewed(DefaultDecision::None), vec![]),
    ] {
        let found = violations(draft(settings).build());
        let found: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found, paths);
    }
    let guests = Scope::query("/users?$filter=userType eq 'Guest'");
    let deleting = once().on_denial(ApplyAction::disable_and_delete_user());
    assert!(
        ScheduleDefinitionDraft::builder("Guests", guests, deleting)
            .build()
            .is_ok()
    );
}

#[test]
fn blank_names_and_queries_are_refused() {
    let empty = Scope::memberships(
        [Scope::inactive_users("/users", "P1M".parse().unwrap())],
        [],
    );
    let refused = ScheduleDefinitionDraft::builder(" ", empty, once())
        .instance_enumeration_scope(Scope::query(""))
        .additional_notification_recipient(NotificationRecipientItem::when_completed(" "))
        .build();
    let found = violations(refused);
    let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "displayName",
            "scope.principalScopes[0].inactiveDuration",
            "scope.resourceScopes",
            "instanceEnumerationScope.query",
            "additionalNotificationRecipients[0].notificationRecipientScope",
        ]
    );
}

#[test]
fn a_replacement_is_all_that_can_be_written() {
    let json = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#identityGovernance/accessReviews/definitions/$entity",
        "id": "d1", "displayName": "Guests on teams", "status": "InProgress",
        "createdDateTime": "0001-01-01T00:00:00Z", "lastModifiedDateTime": "2026-01-02T08:00:00.1234567Z",
        "descriptionForAdmins": "a", "descriptionForReviewers": "r",
        "createdBy": {"id": "u1", "displayName": "Ada", "userPrincipalName": "ada@contoso.com"},
        "scope": {
            "@odata.type": "#microsoft.graph.accessReviewInactiveUsersQueryScope",
            "query": "./members/microsoft.graph.user/?$filter=(userType eq 'Guest')",
            "queryType": "MicrosoftGraph", "inactiveDuration": "P30D", "mood": "calm"
        },
        "instanceEnumerationScope": {
            "@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups", "queryType": "MicrosoftGraph"
        },
        "reviewers": [{"query": "./owners", "queryType": "MicrosoftGraph"}],
        "backupReviewers": [{"query": "/users/u2", "queryType": "MicrosoftGraph"}],
        "fallbackReviewers": [{"query": "/users/u2", "queryType": "MicrosoftGraph"}],
        "stageSettings": [],
        "settings": {
            "instanceDurationInDays": 3, "defaultDecisionEnabled": true, "defaultDecision": "Deny",
            "recurrence": {
                "pattern": {
                    "type": "absoluteMonthly", "interval": 3, "month": 0, "dayOfMonth": 0, "daysOfWeek": [],
                    "firstDayOfWeek": "sunday", "index": "first"
                },
                "range": {"type": "numbered", "numberOfOccurrences": 0, "startDate": "2026-01-05", "endDate": "9999-12-31"}
            },
            "recommendationInsightSettings": [
                {"@odata.type": "#microsoft.graph.groupPeerOutlierRecommendationInsightSettings"},
                {"@odata.type": "#microsoft.graph.userLastSignInRecommendationInsightSetting",
                    "recommendationLookBackDuration": "P30D", "signInScope": "application"}
            ],
            "applyActions": [{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}, {"@odata.type": "#microsoft.graph.shout", "text": "!"}],
            "tune": "la"
        },
        "additionalNotificationRecipients": [],
        "colour": "green", "instances": []
    });
    let mut definition: ScheduleDefinition = wire::decode_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), json);
    assert_eq!(definition.validate(), Ok(()));

    definition.fallback_reviewers = vec![user("u3")];
    let mut expected = json;
    expected["fallbackReviewers"][0]["query"] = "/users/u3".into();
    for gone in [
        "@odata.context",
        "status",
        "createdBy",
        "createdDateTime",
        "lastModifiedDateTime",
        "backupReviewers",
        "instances",
    ] {
        expected.as_object_mut().unwrap().remove(gone);
    }
    assert_eq!(
        serde_json::to_value(definition.replacement().unwrap()).unwrap(),
        expected
    );
}

#[test]
fn what_does_not_fit_is_found_with_its_path() {
    let broken = json!({"id": "d1", "settings": {"instanceDurationInDays": "three"}});
    let error = wire::decode_value::<ScheduleDefinition>(broken).unwrap_err();
    assert!(error.path().starts_with("settings"), "{error}");

    let incomplete: ScheduleDefinition = wire::decode(br#"{"id": "d1"}"#).unwrap();
    let paths: Vec<_> = violations(incomplete.validate())
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(paths, ["displayName", "scope", "settings"]);
}
