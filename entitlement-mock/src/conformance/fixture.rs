//! What most of the suite starts from: a group, a catalog, a package that grants the group.

use std::future::poll_fn;
use std::task::Poll;

use entitlement_core::approval::{Approval, StageDecision};
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::{Entity, Id};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{Resource, ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::entitlement::{ApprovalsOn, AssignmentsOn};
use entitlement_graph::{Error, GraphClient};

use super::backend::Backend;

pub(super) struct Shelf {
    pub(super) admin: GraphClient,
    pub(super) group: Group,
    pub(super) catalog: Catalog,
    pub(super) resource: Resource,
    pub(super) package: AccessPackage,
}

impl Shelf {
    /// A published catalog with a package that makes its holders members of a group.
    pub(super) async fn fill(backend: &impl Backend) -> Self {
        let admin = backend.admin();
        let entitlement = admin.entitlement();
        let group = new_group(&admin, "granted").await;
        let draft = CatalogDraft::builder("Shelf")
            .state(CatalogState::Published)
            .build();
        let catalog = entitlement
            .catalogs()
            .create(&draft.expect("a draft"))
            .await
            .expect("a catalog");
        let resource = add_group(&admin, &catalog.id, &group.id).await;
        let package = new_package(&admin, &catalog.id, "Access").await;
        let shelf = Self {
            admin,
            group,
            catalog,
            resource,
            package,
        };
        shelf.grant(&shelf.package.id).await;
        shelf
    }

    /// Lets a package make its holders members of the group.
    pub(super) async fn grant(&self, package: &Id<AccessPackage>) {
        let role =
            RoleScopeDraft::whole_resource(&self.resource, &RoleOrigin::member_of(&self.group.id))
                .expect("a draft");
        self.admin
            .entitlement()
            .package(package)
            .role_scopes()
            .create(&role)
            .await
            .expect("a role scope");
    }

    pub(super) async fn add_policy(&self, policy: AssignmentPolicyDraft) -> AssignmentPolicy {
        self.admin
            .entitlement()
            .policies()
            .create(&policy)
            .await
            .expect("a policy")
    }

    /// Whether a person is in the group that the package grants.
    pub(super) async fn is_member(&self, person: &Id<User>) -> bool {
        is_member(&self.admin, &self.group.id, person).await
    }

    /// The request as the administrator sees it.
    pub(super) async fn request(&self, id: &Id<AssignmentRequest>) -> AssignmentRequest {
        self.admin
            .entitlement()
            .requests()
            .get(id)
            .await
            .expect("the request")
    }

    /// Checks state and finer name of a request.
    pub(super) async fn expect_request(
        &self,
        id: &Id<AssignmentRequest>,
        state: RequestState,
        status: &str,
    ) {
        let request = self.request(id).await;
        assert_eq!(
            (request.state, request.status.as_deref()),
            (Some(state), Some(status))
        );
    }
}

/// A request that waits for one approver, of whom it may be asked for 14 days.
pub(super) struct Pending {
    pub(super) shelf: Shelf,
    pub(super) approver: GraphClient,
    pub(super) requestor: Id<User>,
    pub(super) client: GraphClient,
    pub(super) request: AssignmentRequest,
}

impl Pending {
    pub(super) async fn start(backend: &impl Backend) -> Self {
        let shelf = Shelf::fill(backend).await;
        let approver = backend.join("approver", None);
        let requestor = backend.join("requestor", None);
        let policy = open_policy(&shelf.package.id, "Consent", [stage_of(&approver)]);
        shelf.add_policy(policy).await;
        let client = backend.sign_in(&requestor);
        let request = ask(&client, &shelf.package.id).await.expect("a request");
        Self {
            approver: backend.sign_in(&approver),
            shelf,
            requestor,
            client,
            request,
        }
    }

    /// Checks state and finer name of the request.
    pub(super) async fn expect(&self, state: RequestState, status: &str) {
        self.shelf
            .expect_request(&self.request.id, state, status)
            .await;
    }
}

pub(super) fn days(count: u32) -> IsoDuration {
    IsoDuration::days(count)
}

/// A policy under which every member may ask, extend, give back and choose a period, with these stages and 30 days.
pub(super) fn open_policy(
    package: &Id<AccessPackage>,
    name: &str,
    stages: impl IntoIterator<Item = ApprovalStage>,
) -> AssignmentPolicyDraft {
    let stages: Vec<ApprovalStage> = stages.into_iter().collect();
    let approval = if stages.is_empty() {
        ApprovalSettings::none()
    } else {
        ApprovalSettings::in_stages(stages)
    };
    AssignmentPolicyDraft::builder(package, name)
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(
            RequestorSettings::self_service()
                .with_extension()
                .with_custom_schedule(),
        )
        .request_approval_settings(approval)
        .expiration(Expiration::after_days(30))
        .build()
        .expect("a policy")
}

/// A stage of 14 days that one person decides.
pub(super) fn stage_of(approver: &Id<User>) -> ApprovalStage {
    ApprovalStage::builder()
        .primary_approver(SubjectSet::user(approver))
        .duration_before_automatic_denial(IsoDuration::days(14))
        .build()
}

pub(super) async fn new_group(admin: &GraphClient, name: &str) -> Group {
    let draft = GroupDraft::security_group(name).build().expect("a draft");
    admin.groups().create(&draft).await.expect("a group")
}

pub(super) async fn new_package(
    admin: &GraphClient,
    catalog: &Id<Catalog>,
    name: &str,
) -> AccessPackage {
    let draft = AccessPackageDraft::builder(catalog, name)
        .build()
        .expect("a draft");
    admin
        .entitlement()
        .packages()
        .create(&draft)
        .await
        .expect("a package")
}

/// Brings a group into a catalog and reads it back with its roles and scopes.
pub(super) async fn add_group(
    admin: &GraphClient,
    catalog: &Id<Catalog>,
    group: &Id<Group>,
) -> Resource {
    let entitlement = admin.entitlement();
    let request = ResourceRequestDraft::add_group(catalog, group);
    entitlement
        .resource_requests()
        .create(&request)
        .await
        .expect("a resource request");
    let query = Query::new()
        .filter(Filter::field("originId").eq(group))
        .expand("roles")
        .expand("scopes");
    let mut resources = entitlement.catalog(catalog).resources().list_with(query);
    resources
        .next()
        .await
        .expect("the resources")
        .expect("the group")
}

pub(super) async fn is_member(admin: &GraphClient, group: &Id<Group>, person: &Id<User>) -> bool {
    let members = admin
        .group(group)
        .members()
        .list()
        .try_collect()
        .await
        .expect("the members");
    members.iter().any(|member| member.user_id() == *person)
}

pub(super) async fn ask(
    person: &GraphClient,
    package: &Id<AccessPackage>,
) -> Result<AssignmentRequest, Error> {
    let draft = AssignmentRequestDraft::user_add(package).build()?;
    person.entitlement().requests().create(&draft).await
}

/// The approval of a request as its approver finds it.
pub(super) async fn approval_for(
    approver: &GraphClient,
    request: &AssignmentRequest,
) -> Option<Approval> {
    let query = Query::new().expand("stages");
    let approvals = approver
        .entitlement()
        .approvals()
        .filter_by_current_user_with(ApprovalsOn::Approver, query);
    let approvals = approvals.try_collect().await.expect("the approvals");
    approvals
        .into_iter()
        .find(|approval| approval.id == request.approval_id())
}

/// Decides the stage of a request that waits.
pub(super) async fn decide(
    approver: &GraphClient,
    request: &AssignmentRequest,
    decision: &StageDecision,
) -> Result<(), Error> {
    let approval = approver
        .entitlement()
        .request(&request.id)
        .approval()
        .await?;
    let stages = approval.stages.items();
    let stage = approval.pending_stage().or(stages.last()).expect("a stage");
    approver
        .entitlement()
        .approval(&approval.id)
        .decide(&stage.id, decision)
        .await
}

/// The assignments that a person has ever held.
pub(super) async fn assignments(person: &GraphClient) -> Vec<Assignment> {
    let assignments = person
        .entitlement()
        .assignments()
        .filter_by_current_user(AssignmentsOn::Target);
    assignments.try_collect().await.expect("the assignments")
}

/// Runs everything side by side and returns what came of each, in order.
pub(super) async fn side_by_side<T>(
    runs: impl IntoIterator<Item = impl Future<Output = T>>,
) -> Vec<T> {
    let mut runs: Vec<_> = runs.into_iter().map(|run| (Box::pin(run), None)).collect();
    poll_fn(|context| {
        for (run, outcome) in &mut runs {
            if outcome.is_none()
                && let Poll::Ready(ready) = run.as_mut().poll(context)
            {
                *outcome = Some(ready);
            }
        }
        if runs.iter().all(|(_, outcome)| outcome.is_some()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    runs.into_iter()
        .filter_map(|(_, outcome)| outcome)
        .collect()
}

/// The service's code of a refusal.
pub(super) fn code<T>(outcome: Result<T, Error>) -> String {
    let error = outcome.err().expect("a refusal");
    error
        .service()
        .expect("an answer of the service")
        .code()
        .to_owned()
}

/// An id under which there is nothing.
pub(super) fn nothing<E: Entity>() -> Id<E> {
    "00000000-0000-4000-8000-000000000000"
        .parse()
        .expect("an id")
}
