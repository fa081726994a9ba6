//! Changing policies, which the service replaces whole (POL-2).

use entitlement_core::policy::approval::ApprovalSettings;
use entitlement_core::policy::question::{MultipleChoiceQuestion, TextInputQuestion};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_graph::difference::Difference;

use super::backend::Backend;
use super::fixture::{Shelf, side_by_side, stage_of};

/// A policy that has something in every part.
async fn rich_policy(backend: &impl Backend, shelf: &Shelf) -> AssignmentPolicy {
    let approver = backend.join("approver", None);
    let first_review: Timestamp = "2030-01-01T00:00:00Z".parse().expect("a moment");
    let review = ReviewSettings::every_months(3, first_review, IsoDuration::days(14));
    let device = MultipleChoiceQuestion::new("Which kind of device?")
        .choice("laptop", "Laptop")
        .choice("desktop", "Desktop")
        .required();
    let draft = AssignmentPolicyDraft::builder(&shelf.package.id, "Everything")
        .description("Has it all")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::group(&shelf.group.id))
        .requestor_settings(RequestorSettings::self_service().with_extension())
        .request_approval_settings(
            ApprovalSettings::in_stages([stage_of(&approver), stage_of(&approver)])
                .with_requestor_justification(),
        )
        .question(device)
        .question(TextInputQuestion::new("Ticket number").single_line())
        .expiration(Expiration::after_days(30))
        .review_settings(review.by_manager(SubjectSet::user(&approver)))
        .build()
        .expect("a draft");
    let made = shelf.add_policy(draft).await;
    whole(shelf, &made).await
}

async fn whole(shelf: &Shelf, policy: &AssignmentPolicy) -> AssignmentPolicy {
    let policy = shelf.admin.entitlement().policy(&policy.id);
    policy.get_whole().await.expect("the policy")
}

/// P10: what was read whole can be written back as it is.
pub async fn p10_what_was_read_whole_is_written_back(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let mut before = rich_policy(backend, &shelf).await;
    let policies = shelf.admin.entitlement().policies();
    policies.replace(&before).await.expect("the same again");
    let after = whole(&shelf, &before).await;
    before.modified_date_time = after.modified_date_time;
    assert_eq!(after, before);
}

/// P9: what an edit does not touch goes back as it came.
pub async fn p9_an_edit_changes_one_thing_and_keeps_the_rest(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let before = rich_policy(backend, &shelf).await;
    backend.advance(IsoDuration::hours(1));
    let policies = shelf.admin.entitlement().policies();
    let edited = policies
        .edit(&before.id, |policy| {
            policy.expiration = Some(Expiration::after_days(90));
        })
        .await
        .expect("an edit");
    let changes: Vec<_> = edited.changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [r#"expiration.duration: "P30D" was expected, "P90D" was found"#]
    );
    let mut expected = before;
    expected.expiration = Some(Expiration::after_days(90));
    expected
        .modified_date_time
        .clone_from(&edited.stored.modified_date_time);
    assert_eq!(edited.stored, expected);
    assert_eq!(whole(&shelf, &expected).await, expected);
}

/// P12: what is taken away is gone, and only that.
pub async fn p12_what_is_taken_away_is_gone(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let before = rich_policy(backend, &shelf).await;
    let policies = shelf.admin.entitlement().policies();
    let edited = policies
        .edit(&before.id, |policy| {
            policy.review_settings = None;
            policy.questions = Vec::new().into();
        })
        .await
        .expect("an edit");
    let paths: Vec<_> = edited.changes.iter().map(Difference::path).collect();
    assert_eq!(paths, ["questions[0]", "questions[1]", "reviewSettings"]);
    assert_eq!(edited.stored.review_settings, None);
    assert_eq!(edited.stored.questions.items(), []);
    assert_eq!(
        edited.stored.request_approval_settings,
        before.request_approval_settings
    );
}

/// An edit that changes nothing leaves no trace, and one that breaks a rule neither.
pub async fn nothing_changes_when_nothing_is_changed(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let before = rich_policy(backend, &shelf).await;
    backend.advance(IsoDuration::hours(1));
    let policies = shelf.admin.entitlement().policies();
    let edited = policies.edit(&before.id, |_policy| {}).await;
    assert!(!edited.expect("an edit").is_changed());
    let refused = policies
        .edit(&before.id, |policy| {
            policy.specific_allowed_targets.clear();
        })
        .await
        .expect_err("POL-20");
    assert!(
        refused.to_string().contains("specificAllowedTargets"),
        "{refused}"
    );
    assert_eq!(
        policies
            .get(&before.id)
            .await
            .expect("the policy")
            .modified_date_time,
        before.modified_date_time
    );
}

/// P9: two edits of different parts both last.
pub async fn p9_edits_of_one_policy_do_not_erase_each_other(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let before = rich_policy(backend, &shelf).await;
    let edit = async |turn: u8| {
        let policies = shelf.admin.entitlement().policies();
        let change = |policy: &mut AssignmentPolicy| {
            if turn == 0 {
                policy.expiration = Some(Expiration::after_days(60));
            } else {
                policy.display_name = Some("Renamed".to_owned());
            }
        };
        policies.edit(&before.id, change).await
    };
    for edited in side_by_side([edit(0), edit(1)]).await {
        assert!(edited.expect("an edit").is_changed());
    }
    let after = whole(&shelf, &before).await;
    assert_eq!(after.display_name.as_deref(), Some("Renamed"));
    assert_eq!(after.expiration, Some(Expiration::after_days(60)));
}
