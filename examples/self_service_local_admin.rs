//! Journey one: people ask to become local administrators of their managed clients, for a while.
//!
//! Everything happens in memory, on a virtual clock, and only through the typed client: as the administrator's
//! application, as the requestors, and as the approver. Run it with
//! `cargo run --example self_service_local_admin`.

use std::process::ExitCode;

use entitlement_core::approval::{Approval, StageDecision};
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{CatalogDraft, CatalogState};
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::my_access::MyAccessLink;
use entitlement_core::odata::{Expand, Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::question::{MultipleChoiceQuestion, TextInputQuestion};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::requirements::PolicyRequirements;
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_examples::Timeline;
use entitlement_graph::entitlement::{ApprovalsOn, AssignmentsOn, PackagesOn};
use entitlement_graph::error::ServiceError;
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::Tenant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let tenant = Tenant::new();
    let timeline = Timeline::new(&tenant, "Self-service local administrators");

    let (boss, approver) = (
        tenant.person("boss").display_name("Grace Hopper").add(),
        tenant.person("approver").display_name("Alan Turing").add(),
    );
    let ada = tenant
        .person("ada")
        .display_name("Ada Lovelace")
        .manager(&boss)
        .add();
    let bob = tenant
        .person("bob")
        .display_name("Bob Kahn")
        .manager(&boss)
        .add();

    let office = Office {
        admin: tenant.app().client(),
        approver: tenant.user(&approver).client(),
        timeline: &timeline,
        tenant: &tenant,
    };
    let offer = office.set_up(&approver).await?;

    let ada = Requestor {
        name: "Ada",
        id: ada.clone(),
        client: tenant.user(&ada).client(),
    };
    let bob = Requestor {
        name: "Bob",
        id: bob.clone(),
        client: tenant.user(&bob).client(),
    };
    office.week_of_access(&offer, &ada).await?;
    office.denied(&offer, &ada).await?;
    office.left_alone(&offer, &ada).await?;
    office.month_and_longer(&offer, &bob).await?;

    let fine = timeline.verdict(
        "whoever needed to be a local administrator was one, for as long as agreed, and nobody else.",
    );
    Ok(if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What is offered: the package and the group it grants.
struct Offer {
    package: Id<AccessPackage>,
    policy: Id<AssignmentPolicy>,
    group: Id<Group>,
}

struct Requestor {
    name: &'static str,
    id: Id<User>,
    client: GraphClient,
}

/// Those who run the offer: the administrator's application and the approver.
struct Office<'t> {
    admin: GraphClient,
    approver: GraphClient,
    timeline: &'t Timeline<'t>,
    tenant: &'t Tenant,
}

impl Office<'_> {
    /// Group, catalog, resource, package, role, policy, link.
    async fn set_up(&self, approver: &Id<User>) -> Result<Offer, Box<dyn std::error::Error>> {
        let (admin, timeline) = (&self.admin, self.timeline);
        let entitlement = admin.entitlement();
        timeline.chapter("The administrator sets it up");

        let group = admin
            .groups()
            .create(&GroupDraft::security_group("mem-local-admins").build()?)
            .await?;
        timeline.note("admin", "group mem-local-admins made");

        let catalog = CatalogDraft::builder("Devices")
            .description("Access to managed clients")
            .state(CatalogState::Published)
            .is_externally_visible(false)
            .build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?;
        entitlement
            .resource_requests()
            .create(&ResourceRequestDraft::add_group(&catalog.id, &group.id))
            .await?;
        let query = Query::new()
            .filter(Filter::field("originId").eq(&group.id))
            .expand("roles")
            .expand("scopes");
        let mut resources = entitlement
            .catalog(&catalog.id)
            .resources()
            .list_with(query);
        let resource = resources.next().await?;
        timeline.expect(
            "admin",
            "catalog Devices made, group added as its resource",
            resource.is_some(),
        );
        let resource = resource.ok_or("the catalog does not list the group")?;

        let package = AccessPackageDraft::builder(&catalog.id, "Local administrator")
            .description("Administrator on your own managed Windows client")
            .build()?;
        let package = entitlement.packages().create(&package).await?;
        let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group.id))?;
        entitlement
            .package(&package.id)
            .role_scopes()
            .create(&role)
            .await?;
        let query = Query::new().expand(
            Expand::new("resourceRoleScopes")
                .expand("role")
                .expand("scope"),
        );
        let whole = entitlement.packages().get_with(&package.id, query).await?;
        let roles = whole
            .resource_role_scopes
            .items()
            .iter()
            .filter_map(|pair| pair.role.loaded());
        let granted: Vec<_> = roles
            .filter_map(|role| role.display_name.as_deref())
            .collect();
        timeline.expect(
            "admin",
            "package Local administrator grants the role Member",
            granted == ["Member"],
        );

        let policy = policy(&package.id, approver, self.tenant)?;
        let policy = entitlement.policies().create(&policy).await?;
        let link = MyAccessLink::to_package(&package.id).in_directory(self.tenant.domain());
        timeline.note(
            "admin",
            "policy made: 30 days, one approver, two questions, quarterly review",
        );
        timeline.note("admin", format_args!("link for everybody: {link}"));
        Ok(Offer {
            package: package.id,
            policy: policy.id,
            group: group.id,
        })
    }

    /// Asks, with the answers the policy wants, and returns the request as the service sees it afterwards.
    async fn ask(
        &self,
        offer: &Offer,
        requestor: &Requestor,
        why: &str,
        schedule: Option<Schedule>,
    ) -> Result<AssignmentRequest, Error> {
        let entitlement = requestor.client.entitlement();
        let requirements = requirements(offer, &requestor.client).await?;
        let draft = AssignmentRequestDraft::user_add(&offer.package)
            .policy(&offer.policy)
            .justification(why)
            .maybe_schedule(schedule);
        let mut questions = requirements
            .iter()
            .flat_map(|requirements| &requirements.questions);
        let draft = match (questions.next(), questions.next()) {
            (Some(device), Some(ticket)) => {
                draft.answer(device, "laptop").answer(ticket, "INC4711")
            }
            _ => draft,
        };
        let draft = draft.build()?;
        if let Some(requirements) = &requirements {
            draft.check_against(requirements)?;
        }
        let accepted = entitlement.requests().create(&draft).await?;
        entitlement.requests().get(&accepted.id).await
    }

    /// What waits for the approver.
    async fn pending(&self) -> Result<Option<(AssignmentRequest, Approval)>, Error> {
        let entitlement = self.approver.entitlement();
        let query = Query::new().expand("stages");
        let mut approvals = entitlement
            .approvals()
            .filter_by_current_user_with(ApprovalsOn::Approver, query);
        while let Some(approval) = approvals.next().await? {
            if approval.pending_stage().is_some() {
                let request = entitlement.requests().get(&Id::from(&approval.id)).await?;
                return Ok(Some((request, approval)));
            }
        }
        Ok(None)
    }

    /// Decides whatever waits; `false` if nothing does.
    async fn decide(&self, decision: &StageDecision) -> Result<bool, Error> {
        let Some((request, approval)) = self.pending().await? else {
            return Ok(false);
        };
        let answers: Vec<_> = request
            .answers
            .iter()
            .filter_map(|answer| answer.display_value())
            .collect();
        let why = request.justification.as_deref().unwrap_or("nothing");
        self.timeline.note(
            "approver",
            format_args!("reads: \"{why}\", answers {answers:?}"),
        );
        match approval.pending_stage() {
            Some(stage) => {
                let handle = self.approver.entitlement().approval(&approval.id);
                handle.decide(&stage.id, decision).await?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    async fn is_administrator(&self, offer: &Offer, requestor: &Requestor) -> Result<bool, Error> {
        let members = self
            .admin
            .group(&offer.group)
            .members()
            .list()
            .try_collect()
            .await?;
        Ok(members
            .iter()
            .any(|member| member.user_id() == requestor.id))
    }

    async fn expect_administrator(
        &self,
        offer: &Offer,
        requestor: &Requestor,
        is: bool,
    ) -> Result<(), Error> {
        let what = if is { "is" } else { "is not" };
        let so = self.is_administrator(offer, requestor).await? == is;
        self.timeline.expect(
            "directory",
            format_args!("{} {what} in mem-local-admins", requestor.name),
            so,
        );
        Ok(())
    }

    fn days_pass(&self, days: u32) {
        self.tenant.clock().advance(IsoDuration::days(days));
    }

    /// Seven days asked for, approved, and over.
    async fn week_of_access(&self, offer: &Offer, ada: &Requestor) -> Result<(), Error> {
        let timeline = self.timeline;
        let entitlement = ada.client.entitlement();
        timeline.chapter("Ada needs a week");
        let offered = entitlement
            .packages()
            .filter_by_current_user(PackagesOn::AllowedRequestor)
            .try_collect()
            .await?;
        timeline.expect(
            ada.name,
            "finds the package on offer",
            offered.iter().any(|package| package.id == offer.package),
        );

        let requirements = requirements(offer, &ada.client).await?;
        let asked = requirements
            .as_ref()
            .map_or(0, |requirements| requirements.questions.len());
        timeline.expect(
            ada.name,
            format_args!("reads that a justification and {asked} answers are wanted"),
            asked == 2,
        );

        let incomplete = AssignmentRequestDraft::user_add(&offer.package)
            .justification("Quick fix")
            .build()?;
        if let Some(Err(refused)) =
            requirements.map(|requirements| incomplete.check_against(&requirements))
        {
            timeline.note(
                ada.name,
                format_args!("is told before sending: {}", refused.violations()[0]),
            );
        }
        let refused = entitlement.requests().create(&incomplete).await.err();
        let answer = refused.as_ref().and_then(Error::service);
        let says_why = answer.is_some_and(|answer| {
            answer
                .details()
                .iter()
                .any(|detail| detail.code == "MissingAnswer")
        });
        timeline.expect(
            ada.name,
            format_args!("sends it anyway; refused: {}", advice(refused.as_ref())),
            says_why,
        );

        let week = Schedule::lasting(Expiration::after_days(7));
        let request = self
            .ask(offer, ada, "Rolling out the new VPN client", Some(week))
            .await?;
        let waits = request.state == Some(RequestState::PendingApproval);
        timeline.expect(
            ada.name,
            "asks for 7 days; the request waits for approval",
            waits,
        );
        let again = self.ask(offer, ada, "Still waiting", None).await.err();
        let says_open = again.as_ref().is_some_and(Error::is_open_request);
        timeline.expect(
            ada.name,
            format_args!("asks again meanwhile; refused: {}", advice(again.as_ref())),
            says_open,
        );

        self.days_pass(1);
        let decided = self
            .decide(&StageDecision::approve("Needed for the rollout"))
            .await?;
        timeline.expect("approver", "approves", decided);
        self.expect_administrator(offer, ada, true).await?;
        let twice = self.ask(offer, ada, "More of it", None).await.err();
        let says_held = twice.as_ref().is_some_and(Error::is_already_assigned);
        timeline.expect(
            ada.name,
            format_args!("asks once more; refused: {}", advice(twice.as_ref())),
            says_held,
        );

        self.days_pass(7);
        self.expect_administrator(offer, ada, false).await
    }

    /// A request that the approver turns down.
    async fn denied(&self, offer: &Offer, ada: &Requestor) -> Result<(), Error> {
        let timeline = self.timeline;
        timeline.chapter("Ada asks again and is denied");
        let request = self
            .ask(offer, ada, "I would like to install a game", None)
            .await?;
        let decided = self
            .decide(&StageDecision::deny("Games are for private devices"))
            .await?;
        timeline.expect("approver", "denies, with a reason", decided);
        let handle = ada.client.entitlement().request(&request.id);
        let state = ada
            .client
            .entitlement()
            .requests()
            .get(&request.id)
            .await?
            .state;
        let approval = handle.approval().await?;
        let reason = approval
            .stages
            .items()
            .iter()
            .find_map(|stage| stage.justification.clone());
        let reason = reason.unwrap_or_default();
        timeline.expect(
            ada.name,
            format_args!("reads: denied, \"{reason}\""),
            state == Some(RequestState::Denied),
        );
        self.expect_administrator(offer, ada, false).await
    }

    /// A request that nobody decides.
    async fn left_alone(&self, offer: &Offer, ada: &Requestor) -> Result<(), Error> {
        let timeline = self.timeline;
        timeline.chapter("Ada asks a third time and nobody decides");
        let request = self.ask(offer, ada, "Printer driver", None).await?;
        let state =
            |request: AssignmentRequest| (request.state, request.status.unwrap_or_default());
        let requests = ada.client.entitlement().requests();
        self.days_pass(13);
        let (waiting, _) = state(requests.get(&request.id).await?);
        timeline.expect(
            ada.name,
            "still waits after 13 days",
            waiting == Some(RequestState::PendingApproval),
        );
        self.days_pass(1);
        let (ended, status) = state(requests.get(&request.id).await?);
        let timed_out = ended == Some(RequestState::Denied) && status == "Expired";
        timeline.expect(
            ada.name,
            "the request has run out of time after 14 days",
            timed_out,
        );
        self.expect_administrator(offer, ada, false).await
    }

    /// Thirty days, and thirty more.
    async fn month_and_longer(&self, offer: &Offer, bob: &Requestor) -> Result<(), Error> {
        let timeline = self.timeline;
        let entitlement = bob.client.entitlement();
        timeline.chapter("Bob needs a month, and then longer");
        self.ask(offer, bob, "Migrating the build machines", None)
            .await?;
        let decided = self
            .decide(&StageDecision::approve("Agreed with his manager"))
            .await?;
        timeline.expect(
            "approver",
            "approves for the 30 days of the policy",
            decided,
        );
        self.expect_administrator(offer, bob, true).await?;

        self.days_pass(25);
        let Some(held) = assignment(&bob.client).await? else {
            timeline.expect(bob.name, "finds his assignment", false);
            return Ok(());
        };
        let longer = AssignmentRequestDraft::user_update(&held.id)
            .justification("Two machines are left")
            .schedule(Schedule::lasting(Expiration::after_days(30)))
            .build()?;
        entitlement.requests().create(&longer).await?;
        let extended = assignment(&bob.client).await?;
        let moved = extended
            .as_ref()
            .is_some_and(|now| now.id == held.id && now.end() > held.end());
        let end = extended
            .and_then(|now| now.end())
            .map(|end| end.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default();
        timeline.expect(
            bob.name,
            format_args!("extends: the same assignment now ends on {end}"),
            moved,
        );

        self.days_pass(10);
        self.expect_administrator(offer, bob, true).await?;
        self.days_pass(20);
        self.expect_administrator(offer, bob, false).await
    }
}

/// Everybody but guests, for 30 days, with one approver, two questions and a review every quarter.
fn policy(
    package: &Id<AccessPackage>,
    approver: &Id<User>,
    tenant: &Tenant,
) -> Result<AssignmentPolicyDraft, Error> {
    let approval = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(approver))
        .duration_before_automatic_denial(IsoDuration::days(14))
        .is_approver_justification_required(true)
        .build();
    let device = MultipleChoiceQuestion::new("Which kind of device?")
        .choice("laptop", "Laptop")
        .choice("desktop", "Desktop")
        .required();
    let policy = AssignmentPolicyDraft::builder(package, "All members, 30 days")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(
            RequestorSettings::self_service()
                .with_custom_schedule()
                .with_extension(),
        )
        .request_approval_settings(
            ApprovalSettings::in_stages([approval]).with_requestor_justification(),
        )
        .question(device)
        .question(
            TextInputQuestion::new("Ticket number")
                .single_line()
                .required(),
        )
        .expiration(Expiration::after_days(30))
        .review_settings(
            ReviewSettings::every_months(3, tenant.clock().now(), IsoDuration::days(14))
                .by_manager(SubjectSet::user(approver)),
        )
        .build()?;
    Ok(policy)
}

/// What the policy asks of a person.
async fn requirements(
    offer: &Offer,
    client: &GraphClient,
) -> Result<Option<PolicyRequirements>, Error> {
    let all = client
        .entitlement()
        .package(&offer.package)
        .applicable_policy_requirements()
        .await?;
    Ok(all
        .into_iter()
        .find(|requirements| requirements.policy_id.as_ref() == Some(&offer.policy)))
}

/// The assignment a person holds.
async fn assignment(client: &GraphClient) -> Result<Option<Assignment>, Error> {
    let query = Query::new().filter(Filter::field("state").eq("Delivered"));
    let assignments = client.entitlement().assignments();
    assignments
        .filter_by_current_user_with(AssignmentsOn::Target, query)
        .next()
        .await
}

/// What the client advises to do about a refusal.
fn advice(refusal: Option<&Error>) -> String {
    let service = refusal.and_then(Error::service);
    service
        .and_then(ServiceError::advice)
        .unwrap_or_else(|| "nobody knows why".to_owned())
}
