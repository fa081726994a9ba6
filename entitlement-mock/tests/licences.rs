//! What each licence is good for (7.2).

use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::custom_extension::CustomExtensionDraft;
use entitlement_core::custom_extension::configuration::{
    AuthenticationConfiguration, EndpointConfiguration,
};
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::resource::{OriginSystem, Resource, ResourceRequestDraft};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_mock::choices::Choices;
use entitlement_mock::{Licence, Tenant};
use http::Method;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const EM: &str = "identityGovernance/entitlementManagement";

/// A tenant with everything, so that each feature lacks nothing but the licence.
struct Scene {
    tenant: Tenant,
    catalog: Id<Catalog>,
    package: Id<AccessPackage>,
    boss: Id<User>,
    ada: Id<User>,
    guarded: Id<Group>,
    role: String,
}

impl Scene {
    async fn open() -> Result<Self> {
        let mut choices = Choices::default();
        choices.resources.eligible_group_roles = true;
        choices.requests.on_behalf_of_others = true;
        let tenant = Tenant::builder().choices(choices).build();
        let boss = tenant.person("boss").add();
        let ada = tenant.person("ada").manager(&boss).add();
        let guarded = tenant.group("Guarded").managed_by_pim().add();
        let role = tenant.directory_role("Helpdesk").add();
        let entitlement = tenant.app().client().entitlement();
        let catalog = CatalogDraft::builder("Devices").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?.id;
        let package = AccessPackageDraft::builder(&catalog, "Administrators").build()?;
        let package = entitlement.packages().create(&package).await?.id;
        let resources = entitlement.resource_requests();
        for (system, origin) in [
            (OriginSystem::AadGroup, guarded.to_string()),
            (OriginSystem::DirectoryRole, role.clone()),
        ] {
            let add = ResourceRequestDraft::add(&catalog, system, origin).build()?;
            resources.create(&add).await?;
        }
        Ok(Self {
            tenant,
            catalog,
            package,
            boss,
            ada,
            guarded,
            role,
        })
    }

    async fn resource(&self, origin: &str) -> Result<Id<Resource>> {
        let entitlement = self.tenant.app().client().entitlement();
        let all = entitlement.catalog(&self.catalog).resources().list();
        let all = all.try_collect().await?;
        let found = all
            .into_iter()
            .find(|row| row.origin_id.as_deref() == Some(origin));
        Ok(found.ok_or("the resource")?.id)
    }

    /// What it takes to grant a role of a resource.
    async fn role_scope(&self, origin: &str, system: &str, role: &str) -> Result<Call> {
        let resource = self.resource(origin).await?;
        Ok((
            format!("{EM}/accessPackages/{}/resourceRoleScopes", self.package),
            json!({
                "role": {"originId": role, "originSystem": system, "resource": {"id": resource}},
                "scope": {"originId": origin, "originSystem": system},
            }),
        ))
    }

    fn policy(&self, more: Value) -> Call {
        let mut body = json!({
            "displayName": "More",
            "accessPackage": {"id": self.package},
            "allowedTargetScope": "allMemberUsers",
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        (format!("{EM}/assignmentPolicies"), body)
    }
}

type Call = (String, Value);

/// The code of a refusal, or nothing if there is none.
async fn code(client: &GraphClient, (path, body): &Call) -> Result<Option<String>> {
    let call = client.raw(Method::POST, path)?.json(body)?;
    match call.done().await {
        Ok(()) => Ok(None),
        Err(error) => Ok(error.service().map(|service| service.code().to_owned())),
    }
}

fn stage(fallback: &Id<User>) -> Value {
    let stage = ApprovalStage::builder()
        .primary_approver(SubjectSet::manager())
        .fallback_primary_approver(SubjectSet::internal_sponsors())
        .fallback_primary_approver(SubjectSet::user(fallback))
        .duration_before_automatic_denial(IsoDuration::days(14))
        .build();
    json!({"requestApprovalSettings": ApprovalSettings::in_stages([stage])})
}

#[tokio::test]
async fn lic_2_each_feature_of_governance_needs_it() -> Result<()> {
    let scene = Scene::open().await?;
    let review = |scope: Value, insights: Value| -> Call {
        let settings = json!({"instanceDurationInDays": 7, "recommendationsEnabled": true,
            "recommendationInsightSettings": insights});
        let body = json!({"displayName": "Asleep", "scope": scope, "settings": settings});
        (
            "identityGovernance/accessReviews/definitions".to_owned(),
            body,
        )
    };
    let members = format!("/groups/{}/transitiveMembers", scene.guarded);
    let graph = "MicrosoftGraph";
    let extension = CustomExtensionDraft::for_requests(
        "Check",
        EndpointConfiguration::logic_app(
            "38ab2ccc-3747-4567-b36b-9478f5602f0d",
            "governance",
            "check",
        ),
        AuthenticationConfiguration::pop_token(),
    );
    let extensions = format!("{EM}/catalogs/{}/customWorkflowExtensions", scene.catalog);
    let guarded = scene.guarded.to_string();
    let calls = [
        scene.policy(json!({
            "allowedTargetScope": "specificDirectoryUsers",
            "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.attributeRuleMembers",
                "description": "Sales", "membershipRule": "user.department -eq \"Sales\""}],
            "automaticRequestSettings": {"requestAccessForAllowedTargets": true},
        })),
        scene.policy(json!({"requestorSettings": {
            "enableOnBehalfRequestorsToAddAccess": true,
            "onBehalfRequestors": [{"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1}],
        }})),
        scene.policy(stage(&scene.boss)),
        (extensions, serde_json::to_value(extension.build()?)?),
        scene.role_scope(&guarded, "AadGroup", &format!("EligibleMember_{guarded}")).await?,
        scene.role_scope(&scene.role, "DirectoryRole", "Eligible").await?,
        review(
            json!({"@odata.type": "#microsoft.graph.accessReviewInactiveUsersQueryScope", "query": members,
                "queryType": graph, "inactiveDuration": "P90D"}),
            json!([]),
        ),
        review(
            json!({"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": members, "queryType": graph}),
            json!([{"@odata.type": "#microsoft.graph.groupPeerOutlierRecommendationInsightSettings"}]),
        ),
    ];
    scene.tenant.set_licence(Licence::P2);
    for call in &calls {
        let tenant = scene.tenant.fork();
        let client = tenant.app().client();
        let before = tenant.snapshot();
        let refused = code(&client, call).await?;
        assert_eq!(refused.as_deref(), Some("NoGovernanceSku"), "{call:?}");
        assert_eq!(tenant.snapshot(), before, "{call:?}");
        tenant.set_licence(Licence::Governance);
        assert_eq!(code(&client, call).await?, None, "{call:?}");
    }
    let plain = scene
        .role_scope(&guarded, "AadGroup", &format!("Member_{guarded}"))
        .await?;
    let client = scene.tenant.app().client();
    assert_eq!(code(&client, &plain).await?, None, "P2 is enough");
    Ok(())
}

#[tokio::test]
async fn lic_2_asking_for_others_needs_it_when_it_is_done() -> Result<()> {
    let scene = Scene::open().await?;
    let mut requestors = RequestorSettings::self_service();
    requestors.enable_on_behalf_requestors_to_add_access = Some(true);
    let managers = json!({"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 1});
    requestors.on_behalf_requestors = vec![serde_json::from_value(managers)?];
    let policy = AssignmentPolicyDraft::builder(&scene.package, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(requestors);
    let policies = scene.tenant.app().client().entitlement().policies();
    policies.create(&policy.build()?).await?;
    let ask = (
        format!("{EM}/assignmentRequests"),
        json!({"requestType": "onBehalfAdd",
            "assignment": {"accessPackageId": scene.package, "targetId": scene.ada}}),
    );
    let boss = scene.tenant.user(&scene.boss).client();
    scene.tenant.set_licence(Licence::P2);
    assert_eq!(code(&boss, &ask).await?.as_deref(), Some("NoGovernanceSku"));
    scene.tenant.set_licence(Licence::Governance);
    assert_eq!(code(&boss, &ask).await?, None);
    Ok(())
}
