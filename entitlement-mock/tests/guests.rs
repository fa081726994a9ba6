//! People from elsewhere: other tenants, invitations that are refused, and what nobody is written.

use entitlement_core::assignment::AssignmentState;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{CatalogDraft, CatalogState};
use entitlement_core::connected_organization::{ConnectedOrganizationDraft, IdentitySource};
use entitlement_core::directory::{GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::entitlement::PackagesOn;
use entitlement_mock::Tenant;

struct Office {
    tenant: Tenant,
    admin: GraphClient,
    package: Id<AccessPackage>,
    policy: AssignmentPolicy,
}

impl Office {
    /// A package that makes people members of a group, in a catalog that is shown outside.
    async fn open(
        tenant: Tenant,
        scope: AllowedTargetScope,
        approval: ApprovalSettings,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let group = GroupDraft::security_group("granted").build()?;
        let group = admin.groups().create(&group).await?.id;
        let catalog = CatalogDraft::builder("Shelf")
            .state(CatalogState::Published)
            .is_externally_visible(true)
            .build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?.id;
        let add = ResourceRequestDraft::add_group(&catalog, &group);
        entitlement.resource_requests().create(&add).await?;
        let mut resources = entitlement.catalog(&catalog).resources_with_roles();
        let resource = resources.next().await?.ok_or("a resource")?;
        let package = AccessPackageDraft::builder(&catalog, "Access").build()?;
        let package = entitlement.packages().create(&package).await?.id;
        let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&group))?;
        entitlement
            .package(&package)
            .role_scopes()
            .create(&role)
            .await?;
        let policy = AssignmentPolicyDraft::builder(&package, "Outside")
            .allowed_target_scope(scope)
            .requestor_settings(RequestorSettings::self_service())
            .request_approval_settings(approval)
            .build()?;
        let policy = entitlement.policies().create(&policy).await?;
        Ok(Self {
            tenant,
            admin,
            package,
            policy,
        })
    }

    async fn is_offered_to(&self, person: &Id<User>) -> bool {
        let packages = self.tenant.user(person).client().entitlement().packages();
        let mut offered = packages.filter_by_current_user(PackagesOn::AllowedRequestor);
        offered.next().await.is_ok_and(|found| found.is_some())
    }
}

#[tokio::test]
async fn org_5_a_domain_stands_for_its_tenant_with_all_domains() {
    let tenant = Tenant::new();
    let fabrikam = tenant.partner_tenant("Fabrikam", &["fabrikam.com", "fabrikam.net"]);
    let scope = AllowedTargetScope::AllConfiguredConnectedOrganizationUsers;
    let office = Office::open(tenant, scope, ApprovalSettings::none())
        .await
        .unwrap();
    let draft = ConnectedOrganizationDraft::builder("F", IdentitySource::domain("Fabrikam.com"));
    let organizations = office.admin.entitlement().connected_organizations();
    let made = organizations.create(&draft.build().unwrap()).await.unwrap();
    assert!(made.identity_sources.is_empty(), "ORG-4");
    let read = organizations.get(&made.id).await.unwrap();
    let IdentitySource::AzureActiveDirectoryTenant(source) = &read.identity_sources[0] else {
        panic!("ORG-5: {:?}", read.identity_sources);
    };
    assert_eq!(source.tenant_id.as_deref(), Some(fabrikam.as_str()));
    let tenant = &office.tenant;
    let other_domain = tenant.person("eve@fabrikam.net").guest().add();
    assert!(office.is_offered_to(&other_domain).await);
    let by_tenant = tenant
        .person("tom")
        .guest()
        .home(IdentitySource::tenant(fabrikam))
        .add();
    assert!(office.is_offered_to(&by_tenant).await);
    let elsewhere = IdentitySource::domain("outlook.com");
    let personal = tenant
        .person("pat@fabrikam.com")
        .guest()
        .home(elsewhere)
        .add();
    assert!(!office.is_offered_to(&personal).await, "signs in elsewhere");
}

#[tokio::test]
async fn req_6_who_may_not_be_invited_is_waited_for() {
    let tenant = Tenant::new();
    let boss = tenant.person("boss").add();
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(&boss))
        .duration_before_automatic_denial(IsoDuration::days(14))
        .build();
    let scope = AllowedTargetScope::AllExternalUsers;
    let approval = ApprovalSettings::in_stages([stage]);
    let office = Office::open(tenant, scope, approval).await.unwrap();
    let requests = office.admin.entitlement().requests();
    let add = |mail: &str| {
        AssignmentRequestDraft::admin_add_by_email(&office.package, &office.policy.id, mail)
            .build()
            .unwrap()
    };
    let request = requests.create(&add("eve@fabrikam.com")).await.unwrap();
    office
        .tenant
        .never_invite_from(&["Fabrikam.com", "adatum.com"]);
    assert!(
        requests.create(&add("x@adatum.com")).await.is_err(),
        "ORG-12"
    );
    let approval = office.tenant.user(&boss).client().entitlement();
    let approval = approval.request(&request.id).approval_handle();
    let stage = approval
        .get()
        .await
        .unwrap()
        .pending_stage()
        .unwrap()
        .id
        .clone();
    let yes = entitlement_core::approval::StageDecision::approve("Yes");
    approval.decide(&stage, &yes).await.unwrap();
    office.tenant.clock().advance(IsoDuration::days(3));
    let waiting = office.admin.entitlement().request(&request.id);
    let waiting = waiting.get_whole().await.unwrap();
    assert_eq!(waiting.state, Some(RequestState::Delivering));
    let assignment = waiting.assignment.loaded().unwrap();
    let target = assignment.target.loaded().unwrap();
    assert_eq!(target.email.as_deref(), Some("eve@fabrikam.com"));
    assert_eq!(target.object_id, None, "ORG-7");

    // REQ-6, REQ-51: what waits for good is withdrawn by administrators, and makes way for another request.
    let what_if = office.tenant.fork();
    let root = what_if.person("root").administrator().add();
    let root = what_if.user(&root).client().entitlement();
    root.request(&request.id).cancel().await.unwrap();
    let over = root.request(&request.id).get_whole().await.unwrap();
    assert_eq!(over.state, Some(RequestState::Canceled));
    let assignment = over.assignment.loaded().unwrap();
    assert_eq!(assignment.state, Some(AssignmentState::Expired));
    what_if.invite_only_from(&["fabrikam.com"]);
    let over = root.requests().get(&request.id).await.unwrap();
    assert_eq!(
        over.state,
        Some(RequestState::Canceled),
        "nobody comes any more"
    );
    let mails = what_if.outbox();
    assert!(mails.iter().all(|mail| mail.address != "eve@fabrikam.com"));

    office.tenant.invite_only_from(&["fabrikam.com"]);
    let done = requests.get(&request.id).await.unwrap();
    assert_eq!(done.state, Some(RequestState::Delivered));
    let mails = office.tenant.outbox();
    let to_eve = mails
        .iter()
        .filter(|mail| mail.address == "eve@fabrikam.com");
    assert_eq!(to_eve.count(), 0, "MAIL-2, MAIL-4: no invitation either");
}

#[tokio::test]
async fn sponsors_of_a_person_decide() {
    let tenant = Tenant::new();
    let sponsor = tenant.person("sponsor").add();
    let eve = tenant
        .person("eve@fabrikam.com")
        .guest()
        .sponsor(&sponsor)
        .add();
    let deputy = tenant.person("deputy").add();
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::user_sponsors())
        .fallback_primary_approver(SubjectSet::user(&deputy))
        .duration_before_automatic_denial(IsoDuration::days(14))
        .build();
    let scope = AllowedTargetScope::AllExternalUsers;
    let approval = ApprovalSettings::in_stages([stage]);
    let office = Office::open(tenant, scope, approval).await.unwrap();
    let ask = AssignmentRequestDraft::user_add(&office.package)
        .build()
        .unwrap();
    let requests = office.tenant.user(&eve).client().entitlement().requests();
    let request = requests.create(&ask).await.unwrap();
    let sponsor = office.tenant.user(&sponsor).client().entitlement();
    let stage = sponsor.request(&request.id).pending_stage().await.unwrap();
    assert_eq!(stage.unwrap().assigned_to_me, Some(true));
}
