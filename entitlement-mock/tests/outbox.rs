//! Who gets which mail, and what the audit log says.

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::my_access::MyAccessLink;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicyDraft, NotificationSettings};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::audit::Activity;
use entitlement_mock::outbox::MailKind;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A package that needs Mia's consent, and Nia's if Mia says nothing for eight days, and lasts for ninety.
struct Scene {
    tenant: Tenant,
    package: Id<AccessPackage>,
    ada: Id<User>,
    mia: Id<User>,
    nia: Id<User>,
}

impl Scene {
    async fn open(muted: bool) -> Result<Self> {
        let tenant = Tenant::new();
        let [ada, mia, nia] = ["ada", "mia", "nia"].map(|name| tenant.person(name).add());
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let catalog = CatalogDraft::builder("Devices").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?;
        let package = AccessPackageDraft::builder(&catalog.id, "Administrators").build()?;
        let package = entitlement.packages().create(&package).await?;
        let stage = ApprovalStage::builder()
            .primary_approver(SubjectSet::user(&mia))
            .duration_before_automatic_denial(IsoDuration::days(14))
            .escalate_after(IsoDuration::days(8), SubjectSet::user(&nia))
            .build();
        let mut notifications = NotificationSettings::default();
        notifications.is_assignment_notification_disabled = muted;
        let policy = AssignmentPolicyDraft::builder(&package.id, "With consent")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .requestor_settings(RequestorSettings::self_service().with_extension())
            .request_approval_settings(ApprovalSettings::in_stages([stage]))
            .expiration(Expiration::after(IsoDuration::days(90)))
            .notification_settings(notifications)
            .build()?;
        entitlement.policies().create(&policy).await?;
        Ok(Self {
            tenant,
            package: package.id,
            ada,
            mia,
            nia,
        })
    }

    async fn ask(&self) -> Result<Id<AssignmentRequest>> {
        let request = AssignmentRequestDraft::user_add(&self.package)
            .justification("The build machine needs me")
            .build()?;
        let client = self.tenant.user(&self.ada).client();
        let request = client.entitlement().requests().create(&request).await?;
        self.tenant.run_until_quiet();
        Ok(request.id)
    }

    async fn decide(
        &self,
        who: &Id<User>,
        request: &Id<AssignmentRequest>,
        decision: StageDecision,
    ) -> Result<()> {
        let client = self.tenant.user(who).client();
        let request = client.entitlement().request(request);
        let stage = request.pending_stage().await?.ok_or("a stage waits")?;
        request
            .approval_handle()
            .decide(&stage.id, &decision)
            .await?;
        Ok(())
    }

    /// Whom was written to about what, in order.
    fn mails(&self) -> Vec<(MailKind, &'static str)> {
        let name = |id: &Id<User>| match id {
            id if *id == self.ada => "ada",
            id if *id == self.mia => "mia",
            id if *id == self.nia => "nia",
            _ => "a stranger",
        };
        let mails = self.tenant.outbox();
        mails
            .iter()
            .map(|mail| (mail.kind, name(&mail.to)))
            .collect()
    }
}

#[tokio::test]
async fn mails_4_7_18_19_and_20_from_request_to_end() -> Result<()> {
    let scene = Scene::open(false).await?;
    let request = scene.ask().await?;
    scene
        .decide(&scene.mia, &request, StageDecision::approve("Welcome"))
        .await?;
    scene.tenant.clock().advance(IsoDuration::days(91));
    let expected = [
        (MailKind::ApprovalRequested, "mia"),
        (MailKind::RequestApproved, "mia"),
        (MailKind::RequestApproved, "nia"),
        (MailKind::AccessGranted, "ada"),
        (MailKind::AccessEnding, "ada"),
        (MailKind::AccessEnding, "ada"),
        (MailKind::AccessEnded, "ada"),
    ];
    assert_eq!(scene.mails(), expected);

    // MAIL-6.
    let asked = scene
        .tenant
        .assert_mailed(&scene.mia, MailKind::ApprovalRequested);
    let (link, lines) = asked.lines.split_last().ok_or("a mail has lines")?;
    insta::assert_snapshot!(format!("{}\n{}", asked.subject, lines.join("\n")), @"
    The request of ada for Administrators waits for your approval
    Submitted: 2026-01-01T00:00:00Z
    Justification: The build machine needs me
    Decide by: 2026-01-15T00:00:00Z
    ");
    let link: MyAccessLink = link.parse()?;
    assert_eq!(*link.package(), scene.package);
    scene.tenant.assert_audited(&[
        Activity::UserRequests,
        Activity::CreateApproval,
        Activity::AddApprover,
        Activity::Approve,
        Activity::ReadyToFulfill,
        Activity::Fulfill,
        Activity::Remove,
    ]);
    Ok(())
}

#[tokio::test]
async fn mails_1_3_6_and_10_when_nobody_decides() -> Result<()> {
    let scene = Scene::open(false).await?;
    scene.ask().await?;
    scene.tenant.clock().advance(IsoDuration::days(14));
    let expected = [
        (MailKind::ApprovalRequested, "mia"),
        (MailKind::ApprovalReminder, "mia"),
        (MailKind::ApprovalForwarded, "nia"),
        (MailKind::ApprovalExpired, "mia"),
        (MailKind::ApprovalExpired, "nia"),
        (MailKind::RequestExpired, "ada"),
    ];
    assert_eq!(scene.mails(), expected);
    let days: Vec<String> = scene
        .tenant
        .outbox()
        .iter()
        .map(|mail| mail.at.to_string())
        .collect();
    assert_eq!(
        days[1..4],
        [
            "2026-01-08T00:00:00Z",
            "2026-01-09T00:00:00Z",
            "2026-01-15T00:00:00Z"
        ]
    );
    scene.tenant.assert_audited(&[
        Activity::CreateApproval,
        Activity::AddApprover,
        Activity::TimeOut,
    ]);
    Ok(())
}

#[tokio::test]
async fn mail_9_says_why() -> Result<()> {
    let scene = Scene::open(false).await?;
    let request = scene.ask().await?;
    scene
        .decide(&scene.mia, &request, StageDecision::deny("Not this year"))
        .await?;
    let mail = scene
        .tenant
        .assert_mailed(&scene.ada, MailKind::RequestDenied);
    assert!(
        mail.lines.contains(&"Decision: Not this year".to_owned()),
        "{:?}",
        mail.lines
    );
    scene
        .tenant
        .assert_audited(&[Activity::UserRequests, Activity::Deny]);
    Ok(())
}

#[tokio::test]
async fn oth_1_the_requestors_mails_can_be_switched_off() -> Result<()> {
    let scene = Scene::open(true).await?;
    let request = scene.ask().await?;
    scene
        .decide(&scene.mia, &request, StageDecision::approve("Welcome"))
        .await?;
    scene.tenant.clock().advance(IsoDuration::days(91));
    assert!(
        scene.mails().iter().all(|(_, who)| *who != "ada"),
        "{:?}",
        scene.mails()
    );
    assert!(!scene.mails().is_empty(), "approvers are told all the same");
    Ok(())
}

#[tokio::test]
async fn assertions_say_what_there_is() -> Result<()> {
    let scene = Scene::open(false).await?;
    scene.ask().await?;
    let tenant = scene.tenant.clone();
    let (ada, group) = (
        scene.ada.clone(),
        "b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1".parse()?,
    );
    let caught = std::panic::catch_unwind(move || tenant.assert_granted(&ada, &group));
    let message = caught.expect_err("there is no such group");
    let message = message.downcast_ref::<String>().ok_or("a message")?;
    insta::assert_snapshot!(message, @"ada is not a member of b1bf99ed-99ed-41bf-ad99-bfb1ed99bfb1; there are these requests about them: userAdd for Administrators is pendingApproval (PendingApproval)");
    Ok(())
}
