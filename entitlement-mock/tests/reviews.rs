//! Reviews, where it takes more than a client to see what they do: sign-ins, mails, choices, files, blocked accounts.

use entitlement_core::access_review::decision::{
    Decision, DecisionItem, DecisionPatch, Recommendation,
};
use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
use entitlement_core::access_review::history::{HistoryDecisionFilter, HistoryDefinitionDraft};
use entitlement_core::access_review::insight::Insight;
use entitlement_core::access_review::notification::NotificationRecipientItem;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{ApplyAction, DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::status::Status;
use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::AllowedTargetScope;
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_graph::GraphClient;
use entitlement_graph::access_review::InstanceHandle;
use entitlement_mock::choices::Choices;
use entitlement_mock::outbox::MailKind;
use entitlement_mock::snapshot::Snapshot;
use entitlement_mock::{Licence, Tenant};
use http::Method;
use serde_json::json;

type Error = Box<dyn std::error::Error>;
type Done = Result<(), Error>;

fn days(count: u32) -> IsoDuration {
    IsoDuration::days(count)
}

/// A group with these members.
async fn group(admin: &GraphClient, members: &[&Id<User>]) -> Result<Id<Group>, Error> {
    let draft = GroupDraft::security_group("reviewed").build()?;
    let group = admin.groups().create(&draft).await?.id;
    for member in members {
        let path = format!("groups/{group}/members/$ref");
        let link = format!("https://graph.microsoft.com/v1.0/directoryObjects/{member}");
        let call = admin.raw(Method::POST, &path)?;
        call.json(&json!({"@odata.id": link}))?.done().await?;
    }
    Ok(group)
}

/// Begins a review and opens its first instance.
async fn begin(
    admin: &GraphClient,
    draft: &ScheduleDefinitionDraft,
) -> Result<InstanceHandle, Error> {
    let reviews = admin.access_reviews();
    let review = reviews.definitions().create(draft).await?;
    let review = reviews.definition(&review.id);
    let instance = review.instances().list().next().await?;
    let instance = instance.ok_or("there is no instance")?;
    Ok(review.instance(&instance.id))
}

async fn decisions(instance: &InstanceHandle) -> Result<Vec<DecisionItem>, Error> {
    Ok(instance.decisions().list().try_collect().await?)
}

/// A package that three people hold who are reviewed once a quarter, at once: one signed in lately, one long ago, and
/// one never.
async fn held(tenant: &Tenant, behavior: ExpirationBehavior) -> Result<Vec<Id<User>>, Error> {
    let admin = tenant.app().client();
    let entitlement = admin.entitlement();
    let catalog = CatalogDraft::builder("Devices").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?;
    let package = AccessPackageDraft::builder(&catalog.id, "Administrators").build()?;
    let package = entitlement.packages().create(&package).await?;
    let now = tenant.clock().now();
    let ago = |count: i64| now.checked_sub(jiff::SignedDuration::from_hours(24 * count));
    let holders = vec![
        tenant.person("lately").last_sign_in(ago(20)?).add(),
        tenant.person("long.ago").last_sign_in(ago(21)?).add(),
        tenant.person("never").add(),
    ];
    let reviewer = tenant.person("reviewer").add();
    let start = days(10).after(now).ok_or("a moment")?;
    let reviews = ReviewSettings::every_months(3, start, days(14))
        .by(SubjectSet::user(&reviewer))
        .unreviewed(behavior);
    let policy = AssignmentPolicyDraft::builder(&package.id, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .expiration(Expiration::never())
        .review_settings(reviews)
        .build()?;
    let policy = entitlement.policies().create(&policy).await?;
    for holder in &holders {
        let draft = AssignmentRequestDraft::admin_add(&package.id, &policy.id, holder).build()?;
        entitlement.requests().create(&draft).await?;
    }
    Ok(holders)
}

async fn states(tenant: &Tenant) -> Result<Vec<Option<AssignmentState>>, Error> {
    let admin = tenant.app().client();
    let all = admin
        .entitlement()
        .assignments()
        .list()
        .try_collect()
        .await?;
    Ok(all.into_iter().map(|assignment| assignment.state).collect())
}

async fn newest(tenant: &Tenant) -> Result<InstanceHandle, Error> {
    let reviews = tenant.app().client().access_reviews();
    let review = reviews.definitions().list().next().await?;
    let review = reviews.definition(&review.ok_or("there is no review")?.id);
    let mut instances = review.instances().list().try_collect().await?;
    let instance = instances.pop().ok_or("there is no instance")?;
    Ok(review.instance(&instance.id))
}

#[tokio::test]
async fn rev_9_recommendations_follow_sign_ins() -> Done {
    let tenant = Tenant::new();
    held(&tenant, ExpirationBehavior::AcceptAccessRecommendation).await?;
    // One moment after the start, thirty days before it, and never.
    tenant.clock().advance(days(10));
    let hints = |items: Vec<DecisionItem>| -> Vec<Option<Recommendation>> {
        items.into_iter().map(|item| item.recommendation).collect()
    };
    let instance = newest(&tenant).await?;
    assert_eq!(
        hints(decisions(&instance).await?),
        [
            Some(Recommendation::Approve),
            Some(Recommendation::Deny),
            Some(Recommendation::NoInfoAvailable)
        ]
    );
    let with_insights = Query::new().expand("insights");
    let items = instance.decisions().list_with(with_insights);
    let items = items.try_collect().await?;
    let insights: Vec<usize> = items
        .iter()
        .map(|item| item.insights.items().len())
        .collect();
    assert_eq!(insights, [1, 1, 0]);
    assert!(matches!(
        items[0].insights.items().first(),
        Some(Insight::UserSignIn(seen)) if seen.last_sign_in_date_time.is_some()
    ));

    tenant.clock().advance(days(14));
    assert_eq!(
        states(&tenant).await?,
        [
            Some(AssignmentState::Delivered),
            Some(AssignmentState::Expired),
            Some(AssignmentState::Delivered)
        ],
        "what nobody knows is kept"
    );
    Ok(())
}

#[tokio::test]
async fn a_sign_in_counts_for_the_next_review() -> Done {
    let tenant = Tenant::new();
    let holders = held(&tenant, ExpirationBehavior::KeepAccess).await?;
    tenant.clock().advance(days(95));
    tenant.note_sign_in(&holders[2]);
    tenant.clock().advance(days(10));
    let items = decisions(&newest(&tenant).await?).await?;
    let hints: Vec<_> = items.into_iter().map(|item| item.recommendation).collect();
    assert_eq!(
        hints,
        [
            Some(Recommendation::Deny),
            Some(Recommendation::Deny),
            Some(Recommendation::Approve)
        ]
    );
    Ok(())
}

#[tokio::test]
async fn recommendations_are_accepted_by_reviewers() -> Done {
    let tenant = Tenant::new();
    held(&tenant, ExpirationBehavior::KeepAccess).await?;
    tenant.clock().advance(days(10));
    let instance = newest(&tenant).await?;
    let reviewer = tenant.person("reviewer").add();
    let id = instance.get_whole().await?.id;
    let review = tenant.app().client().access_reviews();
    let review = review.definitions().list().next().await?.ok_or("none")?;
    let mine = tenant.user(&reviewer).client().access_reviews();
    let mine = mine.definition(&review.id).instance(&id);
    let first = &decisions(&mine).await?[0];
    let denial = DecisionPatch::deny("No more");
    mine.decisions().update(&first.id, &denial).await?;
    mine.accept_recommendations().await?;
    let verdicts: Vec<_> = decisions(&mine)
        .await?
        .into_iter()
        .map(|item| item.decision)
        .collect();
    assert_eq!(
        verdicts,
        [
            Some(Decision::Deny),
            Some(Decision::Deny),
            Some(Decision::NotReviewed)
        ],
        "REV-56: only what was open, and only where there is something to go by"
    );
    Ok(())
}

#[tokio::test]
async fn u_43_decisions_may_wait_for_somebody() -> Done {
    let mut choices = Choices::default();
    choices.policy_reviews_apply_themselves = false;
    let tenant = Tenant::builder().choices(choices).build();
    held(&tenant, ExpirationBehavior::RemoveAccess).await?;
    tenant.clock().advance(days(24));
    let instance = newest(&tenant).await?;
    assert_eq!(instance.get_whole().await?.status, Some(Status::Completed));
    assert!(
        !states(&tenant)
            .await?
            .contains(&Some(AssignmentState::Expired))
    );
    instance.apply_decisions().await?;
    assert_eq!(
        states(&tenant).await?,
        vec![Some(AssignmentState::Expired); 3]
    );
    Ok(())
}

#[tokio::test]
async fn reviewers_are_written_to_and_reminded() -> Done {
    let tenant = Tenant::new();
    held(&tenant, ExpirationBehavior::KeepAccess).await?;
    let reviewer = tenant.person("reviewer").add();
    let got = |kind| -> Vec<Timestamp> {
        let mails = tenant.outbox().into_iter();
        let own = mails.filter(|mail| mail.kind == kind && mail.to == reviewer);
        own.map(|mail| mail.at).collect()
    };
    tenant.clock().advance(days(24));
    let (asked, reminded) = (got(MailKind::ReviewStarted), got(MailKind::ReviewReminder));
    assert_eq!((asked.len(), reminded.len()), (1, 1));
    assert_eq!(reminded[0].duration_since(asked[0]).as_hours(), 7 * 24);
    Ok(())
}

#[tokio::test]
async fn mails_are_sent_where_they_are_wanted() -> Done {
    let tenant = Tenant::new();
    let [owner, ada, auditor] = ["owner", "ada", "auditor"].map(|name| tenant.person(name).add());
    let boss = tenant.person("boss").administrator().add();
    let admin = tenant.user(&boss).client();
    let reviewed = group(&admin, &[&ada]).await?;
    let silent = ScheduleSettings::once(4);
    for settings in [silent.clone(), silent.with_mails()] {
        let draft = ScheduleDefinitionDraft::builder(
            "Members",
            Scope::members_of(&reviewed),
            settings.clone(),
        )
        .reviewer(ReviewerScope::user(&owner))
        .description_for_reviewers("x".repeat(300))
        .additional_notification_recipient(NotificationRecipientItem::when_completed(format!(
            "/users/{auditor}"
        )))
        .build()?;
        let instance = begin(&admin, &draft).await?;
        if settings.mail_notifications_enabled != Some(true) {
            instance.stop().await?;
            let _settled = instance.get_whole().await?;
            assert!(tenant.outbox().is_empty(), "REV-45: nobody is written to");
            continue;
        }
        tenant.clock().advance(days(4));
        let mails = tenant.outbox();
        let told: Vec<_> = mails
            .iter()
            .map(|mail| (mail.kind, mail.to.clone()))
            .collect();
        assert_eq!(
            told,
            [
                (MailKind::ReviewStarted, owner.clone()),
                (MailKind::ReviewReminder, owner.clone()),
                (MailKind::ReviewCompleted, boss.clone()),
                (MailKind::ReviewCompleted, auditor.clone()),
            ]
        );
        assert_eq!(mails[0].lines[0].len(), 256);
    }
    Ok(())
}

#[tokio::test]
async fn guests_who_are_denied_are_blocked_and_deleted() -> Done {
    let tenant = Tenant::new();
    let admin = tenant.app().client();
    let owner = tenant.person("owner").add();
    let guest = tenant.person("guest@elsewhere.example").guest().add();
    let reviewed = group(&admin, &[&guest, &owner]).await?;
    let settings = ScheduleSettings::once(2)
        .unreviewed(DefaultDecision::Deny)
        .applied_automatically()
        .on_denial(ApplyAction::disable_and_delete_user());
    let draft =
        ScheduleDefinitionDraft::builder("Guests", Scope::guest_members_of(&reviewed), settings)
            .reviewer(ReviewerScope::user(&owner))
            .build()?;
    begin(&admin, &draft).await?;
    tenant.clock().advance(days(2));
    let select = Query::new().select(["id", "accountEnabled"]);
    let account = admin.users().get_with(&guest, select).await?;
    assert_eq!(account.account_enabled, Some(false));
    tenant.clock().advance(days(30));
    assert!(
        admin
            .users()
            .get(&guest)
            .await
            .is_err_and(|error| error.is_not_found())
    );
    assert!(admin.users().get(&owner).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn reports_can_be_read_for_a_day() -> Done {
    let tenant = Tenant::new();
    let admin = tenant.app().client();
    held(&tenant, ExpirationBehavior::RemoveAccess).await?;
    let owner = tenant.person("owner").add();
    let reviewed = group(&admin, &[&owner]).await?;
    let draft = ScheduleDefinitionDraft::builder(
        "Members, \"all\"",
        Scope::members_of(&reviewed),
        ScheduleSettings::once(2),
    )
    .build()?;
    begin(&admin, &draft).await?;
    tenant.clock().advance(days(24));
    let now = tenant.clock().now();
    let reviews = admin.access_reviews();
    let query = "/identityGovernance/accessReviews/definitions?$filter=contains(scope/query, ";
    for (text, lines) in [("'accessPackageAssignments')", 3), ("'/groups')", 1)] {
        let draft = HistoryDefinitionDraft::between("All", Timestamp::UNIX_EPOCH, now)
            .scope(Scope::query(format!("{query}{text}")))
            .build()?;
        let report = reviews.history_definitions().create(&draft).await?;
        let handle = reviews.history_definition(&report.id);
        let run = handle.instances().list().next().await?.ok_or("no run")?;
        let run = handle.instance(&run.id).generate_download_uri().await?;
        let address = run.download_uri.ok_or("no address")?;
        let report = tenant.open_report(&run.id, &address).ok_or("no file")?;
        assert_eq!(report.lines().count(), lines + 1, "{report}");
        let decision = if lines == 3 {
            ",deny,"
        } else {
            ",notNotified,"
        };
        assert!(report.contains(decision), "{report}");
        tenant.clock().advance(days(1));
        assert_eq!(tenant.open_report(&run.id, &address), None);
    }
    let denied = HistoryDefinitionDraft::between("Denied", Timestamp::UNIX_EPOCH, now)
        .scope(Scope::query(
            "/identityGovernance/accessReviews/definitions",
        ))
        .decision(HistoryDecisionFilter::Deny)
        .build()?;
    let report = reviews.history_definitions().create(&denied).await?;
    let handle = reviews.history_definition(&report.id);
    let run = handle.instances().list().next().await?.ok_or("no run")?;
    let run = handle.instance(&run.id).generate_download_uri().await?;
    let address = run.download_uri.ok_or("no address")?;
    let report = tenant.open_report(&run.id, &address).ok_or("no file")?;
    assert_eq!(report.lines().count(), 4, "{report}");
    Ok(())
}

#[tokio::test]
async fn a_review_goes_on_where_it_was_written_down() -> Done {
    let tenant = Tenant::new();
    held(&tenant, ExpirationBehavior::RemoveAccess).await?;
    tenant.clock().advance(days(12));
    let written = tenant.snapshot().to_json();
    let again = Tenant::restore(&Snapshot::from_json(&written)?);
    assert_eq!(again.snapshot().to_json(), written);
    for tenant in [&tenant, &again] {
        tenant.clock().advance(days(120));
    }
    assert_eq!(tenant.snapshot(), again.snapshot());
    assert_eq!(
        states(&again).await?,
        vec![Some(AssignmentState::Expired); 3]
    );
    Ok(())
}

#[tokio::test]
async fn lic_3_without_a_licence_nothing_is_reviewed() -> Done {
    let tenant = Tenant::new();
    held(&tenant, ExpirationBehavior::RemoveAccess).await?;
    tenant.clock().advance(days(1));
    tenant.set_licence(Licence::None);
    tenant.clock().advance(days(40));
    assert!(
        newest(&tenant).await.is_err(),
        "the first round is left out"
    );
    tenant.set_licence(Licence::P2);
    tenant.clock().advance(days(92));
    assert_eq!(
        states(&tenant).await?,
        vec![Some(AssignmentState::Expired); 3]
    );
    Ok(())
}
