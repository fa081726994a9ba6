//! A tenant in which every documented call finds something to work on.

use std::collections::HashMap;
use std::error::Error;

use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_mock::Tenant;

type Done<T> = Result<T, Box<dyn Error>>;

/// A tenant, who calls it, and the ids to use.
pub(crate) struct Seed {
    pub(crate) tenant: Tenant,
    /// Holds a package, waits for another, and has managers.
    pub(crate) requestor: String,
    /// Decides, and is a member of the group.
    pub(crate) approver: String,
    /// By the collection in a path, with the action or method where that takes a particular one, or by the property
    /// of a body.
    ids: HashMap<String, String>,
}

impl Seed {
    /// Sets the tenant up, through the typed client.
    pub(crate) async fn plant() -> Done<Self> {
        // Names and domain are such that the queries of the pages find somebody: `endswith(mail,'a@contoso.com')`,
        // `"displayName:wa"`.
        let tenant = Tenant::builder().domain("contoso.com").build();
        let person = |name: &str, manager: Option<&Id<User>>| {
            let person = tenant
                .person(name)
                .display_name(&format!("{name} Price Ward"));
            match manager {
                Some(manager) => person.manager(manager).add(),
                None => person.add(),
            }
        };
        let top = person("dora", None);
        let chief = person("cora", Some(&top));
        let manager = person("nora", Some(&chief));
        let requestor = person("ada", Some(&manager));
        let (approver, newcomer) = (person("alan", None), person("mary", None));
        let mut seed = Self {
            requestor: requestor.to_string(),
            approver: approver.to_string(),
            ids: HashMap::new(),
            tenant,
        };
        seed.know(&requestor, &["users"]);
        seed.know(&approver, &["members $ref", "userId"]);
        seed.know(&newcomer, &["directoryObjects", "targetId"]);
        let rule = "user.department -eq \"Sales\"";
        seed.tenant.group("Sales").dynamic(rule).add();
        let office = Office {
            admin: seed.tenant.app().client(),
            requestor: seed.tenant.user(&requestor).client(),
        };
        let catalog = office.catalog("Devices").await?;
        seed.know(&catalog, &["catalogs", "catalog.id"]);
        seed.know(&office.catalog("Empty").await?, &["catalogs DELETE"]);
        seed.plant_holding(&office, &catalog, &requestor, &approver)
            .await?;
        seed.plant_waiting(&office, &catalog, &approver).await?;
        seed.plant_failing(&office, &catalog, &requestor).await?;
        let (package, policy) = office
            .offer(&catalog, "Unused", ApprovalSettings::none())
            .await?;
        seed.know(&package, &["accessPackages DELETE"]);
        seed.know(&policy, &["assignmentPolicies DELETE"]);
        Ok(seed)
    }

    /// A package that is granted: its group, policy, request and assignment.
    async fn plant_holding(
        &mut self,
        office: &Office,
        catalog: &Id<Catalog>,
        requestor: &Id<User>,
        approver: &Id<User>,
    ) -> Done<()> {
        let group = office.group("Administrators of video clients").await?;
        office.admin.group(&group).add_member(approver).await?;
        let (package, policy) = office
            .offer(catalog, "Local administrator", ApprovalSettings::none())
            .await?;
        office.grant(catalog, &package, &group).await?;
        let request = office.assign(&package, &policy, requestor).await?;
        let held = office
            .admin
            .entitlement()
            .assignments()
            .list()
            .next()
            .await?;
        let assignment = held.ok_or("nothing was assigned")?.id;
        self.know(&group, &["groups", "groupId"]);
        self.know(
            &package,
            &["accessPackages", "accessPackage.id", "accessPackageId"],
        );
        self.know(
            &policy,
            &[
                "assignmentPolicies",
                "assignmentPolicies.id",
                "assignmentPolicyId",
            ],
        );
        self.know(&request, &["assignmentRequests"]);
        self.know(&assignment, &["assignments", "assignment.id"]);
        Ok(())
    }

    /// A package that was asked for twice: one request was withdrawn, and one waits for the approver.
    async fn plant_waiting(
        &mut self,
        office: &Office,
        catalog: &Id<Catalog>,
        approver: &Id<User>,
    ) -> Done<()> {
        let stage = ApprovalStage::builder()
            .primary_approver(SubjectSet::user(approver))
            .duration_before_automatic_denial(IsoDuration::days(14))
            .build();
        let (package, _) = office
            .offer(catalog, "Guarded", ApprovalSettings::in_stages([stage]))
            .await?;
        let requestor = office.requestor.entitlement();
        let ask = AssignmentRequestDraft::user_add(&package).build()?;
        let withdrawn = requestor.requests().create(&ask).await?.id;
        requestor.request(&withdrawn).cancel().await?;
        let waiting = requestor.requests().create(&ask).await?.id;
        let approval = requestor.request(&waiting).approval().await?;
        let stage = approval.pending_stage().ok_or("nothing waits")?;
        self.know(&withdrawn, &["assignmentRequests DELETE"]);
        self.know(
            &waiting,
            &[
                "assignmentRequests cancel",
                "accessPackageAssignmentApprovals",
            ],
        );
        self.know(&stage.id, &["stages"]);
        Ok(())
    }

    /// A package that cannot be delivered, because its group is gone (U-20).
    async fn plant_failing(
        &mut self,
        office: &Office,
        catalog: &Id<Catalog>,
        requestor: &Id<User>,
    ) -> Done<()> {
        let group = office.group("About to go").await?;
        let (package, policy) = office
            .offer(catalog, "Broken", ApprovalSettings::none())
            .await?;
        office.grant(catalog, &package, &group).await?;
        office.admin.groups().delete(&group).await?;
        let failed = office.assign(&package, &policy, requestor).await?;
        self.know(&failed, &["assignmentRequests reprocess"]);
        Ok(())
    }

    fn know<E>(&mut self, id: &Id<E>, uses: &[&str]) {
        let uses = uses.iter().map(|key| ((*key).to_owned(), id.to_string()));
        self.ids.extend(uses);
    }

    /// The id for the first of these uses that has one.
    pub(crate) fn id<'s>(&'s self, uses: &[&str]) -> &'s str {
        let found = uses.iter().find_map(|key| self.ids.get(*key));
        found.unwrap_or_else(|| panic!("nothing is planted for {uses:?}"))
    }
}

/// Those who set things up.
struct Office {
    admin: GraphClient,
    requestor: GraphClient,
}

impl Office {
    async fn group(&self, name: &str) -> Done<Id<Group>> {
        let draft = GroupDraft::security_group(name).build()?;
        Ok(self.admin.groups().create(&draft).await?.id)
    }

    async fn catalog(&self, name: &str) -> Done<Id<Catalog>> {
        let draft = CatalogDraft::builder(name)
            .state(CatalogState::Published)
            .build()?;
        Ok(self.admin.entitlement().catalogs().create(&draft).await?.id)
    }

    /// A package, and a policy under which everybody may ask for it.
    async fn offer(
        &self,
        catalog: &Id<Catalog>,
        name: &str,
        approval: ApprovalSettings,
    ) -> Done<(Id<AccessPackage>, Id<AssignmentPolicy>)> {
        let entitlement = self.admin.entitlement();
        let package = AccessPackageDraft::builder(catalog, name).build()?;
        let package = entitlement.packages().create(&package).await?.id;
        let policy = AssignmentPolicyDraft::builder(&package, "Everybody")
            .description("Whoever works here")
            .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
            .requestor_settings(RequestorSettings::self_service())
            .request_approval_settings(approval)
            .expiration(Expiration::after_days(30))
            .build()?;
        let policy = entitlement.policies().create(&policy).await?.id;
        Ok((package, policy))
    }

    /// Lets a package make its holders members of a group.
    async fn grant(
        &self,
        catalog: &Id<Catalog>,
        package: &Id<AccessPackage>,
        group: &Id<Group>,
    ) -> Done<()> {
        let entitlement = self.admin.entitlement();
        let add = ResourceRequestDraft::add_group(catalog, group);
        entitlement.resource_requests().create(&add).await?;
        let query = Query::new().expand("roles").expand("scopes");
        let all = entitlement.catalog(catalog).resources().list_with(query);
        let last = all.try_collect().await?.pop();
        let resource = last.ok_or("the catalog does not list the group")?;
        let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(group))?;
        entitlement
            .package(package)
            .role_scopes()
            .create(&role)
            .await?;
        Ok(())
    }

    async fn assign(
        &self,
        package: &Id<AccessPackage>,
        policy: &Id<AssignmentPolicy>,
        person: &Id<User>,
    ) -> Done<Id<AssignmentRequest>> {
        let draft = AssignmentRequestDraft::admin_add(package, policy, person).build()?;
        Ok(self.admin.entitlement().requests().create(&draft).await?.id)
    }
}
