//! The table of operations.

use entitlement_graph::GraphClient;
use entitlement_graph::access_review::ReviewsOn;
use entitlement_graph::core::access_review::decision::{BatchRecordDecisions, DecisionPatch};
use entitlement_graph::core::access_review::definition::{
    ScheduleDefinition, ScheduleDefinitionDraft,
};
use entitlement_graph::core::access_review::history::{
    HistoryDefinitionDraft, HistoryScheduleSettings,
};
use entitlement_graph::core::access_review::instance::{Instance, InstancePatch};
use entitlement_graph::core::access_review::reviewer::ReviewerScope;
use entitlement_graph::core::access_review::scope::Scope;
use entitlement_graph::core::access_review::settings::ScheduleSettings;
use entitlement_graph::core::approval::StageDecision;
use entitlement_graph::core::assignment_request::AssignmentRequestDraft;
use entitlement_graph::core::catalog::{CatalogDraft, CatalogPatch};
use entitlement_graph::core::connected_organization::{
    ConnectedOrganizationDraft, ConnectedOrganizationPatch, IdentitySource,
};
use entitlement_graph::core::control_configuration::EndUserSettings;
use entitlement_graph::core::custom_extension::callback::ResumeRequest;
use entitlement_graph::core::custom_extension::configuration::{
    AuthenticationConfiguration, EndpointConfiguration,
};
use entitlement_graph::core::custom_extension::stage::CustomExtensionStage;
use entitlement_graph::core::custom_extension::{CustomExtension, CustomExtensionDraft};
use entitlement_graph::core::directory::{
    DirectoryObject, Group, GroupDraft, GroupPatch, Password, User, UserDraft, UserPatch,
};
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::{AccessPackageDraft, AccessPackagePatch};
use entitlement_graph::core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_graph::core::query::QueryOf;
use entitlement_graph::core::resource::{
    OriginSystem, Resource, ResourceEnvironment, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use entitlement_graph::core::settings::{
    EntitlementManagementSettingsPatch, ExternalUserLifecycleAction,
};
use entitlement_graph::core::subject::{SubjectLifecycle, SubjectPatch};
use entitlement_graph::core::wire::Field;
use entitlement_graph::entitlement::{
    AdditionalAccess, ApprovalsOn, AssignmentsOn, PackagesOn, RequestsOn, SuggestionsOn,
};
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Operation;

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn read<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn link(path: &str) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/{path}")})
}

/// Rows of `line => call` or `line, body => call`. In lines, ids are words with a number: `catalog-1`.
macro_rules! operations {
    ($($line:literal $(, $body:expr)? => |$client:ident| $call:expr;)+) => {
        vec![$(Operation {
            line: $line,
            body: operations!(@ $($body)?),
            run: Box::new(|$client: GraphClient| Box::pin(async move { $call.await.map(drop) })),
        }),+]
    };
    (@) => { Value::Null };
    (@ $body:expr) => { body(&$body) };
}

fn body(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap()
}

fn catalog() -> CatalogDraft {
    CatalogDraft::builder("Devices").build().unwrap()
}

fn catalog_patch() -> CatalogPatch {
    CatalogPatch {
        description: "Clients".into(),
        ..CatalogPatch::default()
    }
}

fn extension() -> CustomExtensionDraft {
    let endpoint = EndpointConfiguration::logic_app("subscription", "group", "check");
    CustomExtensionDraft::for_requests("Check", endpoint, AuthenticationConfiguration::pop_token())
        .build()
        .unwrap()
}

fn stored_extension() -> CustomExtension {
    read(json!({
        "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        "id": "extension-1", "displayName": "Check", "somethingNew": 1
    }))
}

fn resource() -> Resource {
    read(json!({"id": "resource-1", "originId": "group-1", "originSystem": "AadGroup"}))
}

fn grant() -> RoleScopeDraft {
    RoleScopeDraft::whole_resource(&resource(), &RoleOrigin::member_of(&id("group-1"))).unwrap()
}

fn onboarding() -> ResourceRequestDraft {
    ResourceRequestDraft::add_group(&id("catalog-1"), &id("group-1"))
}

fn in_sharepoint() -> QueryOf<ResourceEnvironment> {
    let sharepoint = OriginSystem::SharePointOnline;
    QueryOf::new().filter(ResourceEnvironment::ORIGIN_SYSTEM.eq(sharepoint))
}

fn package() -> AccessPackageDraft {
    AccessPackageDraft::builder(id("catalog-1"), "Administrator")
        .build()
        .unwrap()
}

fn package_patch() -> AccessPackagePatch {
    AccessPackagePatch {
        is_hidden: true.into(),
        ..AccessPackagePatch::default()
    }
}

fn policy() -> AssignmentPolicyDraft {
    AssignmentPolicyDraft::builder(id("package-1"), "Direct")
        .build()
        .unwrap()
}

fn stored_policy() -> AssignmentPolicy {
    read(json!({
        "id": "policy-1", "displayName": "Direct", "specificAllowedTargets": [], "somethingNew": 1,
        "accessPackage": {"id": "package-1"}, "questions": [], "customExtensionStageSettings": []
    }))
}

fn request() -> AssignmentRequestDraft {
    AssignmentRequestDraft::user_add(&id("package-1"))
        .build()
        .unwrap()
}

fn resume() -> ResumeRequest {
    let stage = CustomExtensionStage::AssignmentRequestCreated;
    ResumeRequest::builder("Contoso.Check", stage, "call-1")
        .build()
        .unwrap()
}

fn organization() -> ConnectedOrganizationDraft {
    ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com"))
        .build()
        .unwrap()
}

fn organization_patch() -> ConnectedOrganizationPatch {
    ConnectedOrganizationPatch {
        description: "Supplier".into(),
        ..ConnectedOrganizationPatch::default()
    }
}

fn governed() -> SubjectPatch {
    SubjectPatch {
        subject_lifecycle: SubjectLifecycle::Governed.into(),
    }
}

fn settings() -> EntitlementManagementSettingsPatch {
    EntitlementManagementSettingsPatch {
        external_user_lifecycle_action: ExternalUserLifecycleAction::BlockSignIn.into(),
        ..EntitlementManagementSettingsPatch::default()
    }
}

fn end_user_settings() -> EndUserSettings {
    read(json!({"id": "endUserSettings", "relatedPeopleInsightLevel": "count", "somethingNew": 1}))
}

fn review() -> ScheduleDefinitionDraft {
    let monthly = ScheduleSettings::every_months(1, "2026-01-01".parse().unwrap(), 14);
    let scope = Scope::members_of(&id::<Group>("group-1"));
    ScheduleDefinitionDraft::builder("Administrators", scope, monthly)
        .reviewer(ReviewerScope::user(&id("user-1")))
        .build()
        .unwrap()
}

fn stored_review() -> ScheduleDefinition {
    read(json!({
        "id": "review-1", "displayName": "Administrators", "status": "InProgress",
        "createdBy": {"id": "user-1"}, "somethingNew": 1
    }))
}

fn reviewers() -> InstancePatch {
    let scope = json!({"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g/members"});
    let open: Instance = read(json!({"id": "instance-1", "status": "InProgress", "scope": scope}));
    InstancePatch::of(&open).unwrap()
}

fn report() -> HistoryDefinitionDraft {
    let monthly = HistoryScheduleSettings::every_months(1, "2026-01-01".parse().unwrap());
    HistoryDefinitionDraft::recurring("Last month", monthly)
        .scope(Scope::query(
            "/identityGovernance/accessReviews/definitions",
        ))
        .build()
        .unwrap()
}

fn group() -> GroupDraft {
    GroupDraft::security_group("admins").build().unwrap()
}

fn group_patch() -> GroupPatch {
    GroupPatch {
        description: "Local".into(),
        ..GroupPatch::default()
    }
}

fn user() -> UserDraft {
    UserDraft::builder("Ada", "ada@contoso.com", Password::new("first"))
        .build()
        .unwrap()
}

fn user_patch() -> UserPatch {
    UserPatch {
        department: "Engines".into(),
        account_enabled: false.into(),
        job_title: Field::Clear,
        ..UserPatch::default()
    }
}

pub(super) fn operations() -> Vec<Operation> {
    let families = [
        catalogs(),
        packages_and_policies(),
        requests_and_assignments(),
        partners_and_settings(),
        reviews(),
        people_and_groups(),
        super::intune::operations(),
    ];
    families.into_iter().flatten().collect()
}

fn catalogs() -> Vec<Operation> {
    operations! {
        "GET EM/catalogs" => |c| c.entitlement().catalogs().list().next();
        "GET EM/catalogs/$count" => |c| c.entitlement().catalogs().count();
        "GET EM/catalogs/catalog-1" => |c| c.entitlement().catalogs().get(&id("catalog-1"));
        "POST EM/catalogs", catalog() => |c| c.entitlement().catalogs().create(&catalog());
        "PATCH EM/catalogs/catalog-1", catalog_patch()
            => |c| c.entitlement().catalogs().update(&id("catalog-1"), &catalog_patch());
        "DELETE EM/catalogs/catalog-1" => |c| c.entitlement().catalogs().delete(&id("catalog-1"));
        "GET EM/catalogs/catalog-1/accessPackages"
            => |c| c.entitlement().catalog(&id("catalog-1")).packages().list().next();
        "GET EM/catalogs/catalog-1/resources"
            => |c| c.entitlement().catalog(&id("catalog-1")).resources().list().next();
        "GET EM/catalogs/catalog-1/resources?$expand=roles,scopes"
            => |c| c.entitlement().catalog(&id("catalog-1")).resources_with_roles().next();
        "GET EM/catalogs/catalog-1/resources/resource-1"
            => |c| c.entitlement().catalog(&id("catalog-1")).resources().get(&id("resource-1"));
        "GET EM/catalogs/catalog-1/resources/resource-1?$expand=roles,scopes,environment"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource(&id("resource-1")).get_whole();
        "POST EM/catalogs/catalog-1/resources/resource-1/refresh"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource(&id("resource-1")).refresh();
        "GET EM/catalogs/catalog-1/resources/resource-1/roles"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource(&id("resource-1")).roles().list().next();
        "GET EM/catalogs/catalog-1/resources/resource-1/scopes"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource(&id("resource-1")).scopes().list().next();
        "GET EM/catalogs/catalog-1/resourceRoles"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource_roles().list().next();
        "GET EM/catalogs/catalog-1/resourceRoles?$expand=resource\
         &$filter=originSystem%20eq%20'AadGroup'%20and%20resource/id%20eq%20'resource-1'"
            => |c| c.entitlement().catalog(&id("catalog-1")).roles_of(&resource()).next();
        "GET EM/catalogs/catalog-1/resourceScopes"
            => |c| c.entitlement().catalog(&id("catalog-1")).resource_scopes().list().next();
        "GET EM/catalogs/catalog-1/customWorkflowExtensions"
            => |c| c.entitlement().catalog(&id("catalog-1")).custom_extensions().list().next();
        "POST EM/catalogs/catalog-1/customWorkflowExtensions", extension()
            => |c| c.entitlement().catalog(&id("catalog-1")).custom_extensions().create(&extension());
        "GET EM/catalogs/catalog-1/customWorkflowExtensions/extension-1"
            => |c| c.entitlement().catalog(&id("catalog-1")).custom_extensions().get(&id("extension-1"));
        "PUT EM/catalogs/catalog-1/customWorkflowExtensions/extension-1", stored_extension()
            => |c| c.entitlement().catalog(&id("catalog-1")).custom_extensions().replace(&stored_extension());
        "DELETE EM/catalogs/catalog-1/customWorkflowExtensions/extension-1"
            => |c| c.entitlement().catalog(&id("catalog-1")).custom_extensions().delete(&id("extension-1"));
        "GET EM/resources" => |c| c.entitlement().resources().list().next();
        "GET EM/resources/resource-1/roles" => |c| c.entitlement().resource(&id("resource-1")).roles().list().next();
        "GET EM/resources/resource-1/scopes" => |c| c.entitlement().resource(&id("resource-1")).scopes().list().next();
        "POST EM/resources/resource-1/refresh" => |c| c.entitlement().resource(&id("resource-1")).refresh();
        "GET EM/resources/resource-1/uploadSessions"
            => |c| c.entitlement().resource(&id("resource-1")).upload_sessions().list().next();
        "POST EM/resources/resource-1/uploadSessions/session-1/uploadFile", "name\nAda"
            => |c| c.entitlement().resource(&id("resource-1")).upload_session(&id("session-1"))
                .upload_file(HeaderValue::from_static("text/csv"), "name\nAda");
        "GET EM/resourceRequests" => |c| c.entitlement().resource_requests().list().next();
        "GET EM/resourceRequests/request-1" => |c| c.entitlement().resource_requests().get(&id("request-1"));
        "POST EM/resourceRequests", onboarding()
            => |c| c.entitlement().resource_requests().create(&onboarding());
        "GET EM/resourceEnvironments?$filter=originSystem%20eq%20'SharePointOnline'"
            => |c| c.entitlement().resource_environments().list_with(in_sharepoint()).next();
        "GET EM/resourceEnvironments/environment-1"
            => |c| c.entitlement().resource_environments().get(&id("environment-1"));
        "GET EM/resourceEnvironments/environment-1/resources"
            => |c| c.entitlement().resource_environment(&id("environment-1")).resources().list().next();
        "GET EM/resourceRoleScopes/grant-1" => |c| c.entitlement().resource_role_scopes().get(&id("grant-1"));
    }
}

fn packages_and_policies() -> Vec<Operation> {
    operations! {
        "GET EM/accessPackages" => |c| c.entitlement().packages().list().next();
        "GET EM/accessPackages/filterByCurrentUser(on='allowedRequestor')"
            => |c| c.entitlement().packages().filter_by_current_user(PackagesOn::AllowedRequestor).next();
        "GET EM/accessPackages/package-1" => |c| c.entitlement().packages().get(&id("package-1"));
        "GET EM/accessPackages/package-1?$expand=catalog,resourceRoleScopes($expand=role,scope)"
            => |c| c.entitlement().package(&id("package-1")).get_whole();
        "POST EM/accessPackages", package() => |c| c.entitlement().packages().create(&package());
        "PATCH EM/accessPackages/package-1", package_patch()
            => |c| c.entitlement().packages().update(&id("package-1"), &package_patch());
        "DELETE EM/accessPackages/package-1" => |c| c.entitlement().packages().delete(&id("package-1"));
        "POST EM/accessPackages/package-1/resourceRoleScopes", grant()
            => |c| c.entitlement().package(&id("package-1")).role_scopes().create(&grant());
        "DELETE EM/accessPackages/package-1/resourceRoleScopes/grant-1"
            => |c| c.entitlement().package(&id("package-1")).role_scopes().delete(&id("grant-1"));
        "POST EM/accessPackages/package-1/getApplicablePolicyRequirements"
            => |c| c.entitlement().package(&id("package-1")).applicable_policy_requirements();
        "GET EM/accessPackages/package-1/incompatibleAccessPackages"
            => |c| c.entitlement().package(&id("package-1")).incompatible_packages().list().next();
        "POST EM/accessPackages/package-1/incompatibleAccessPackages/$ref",
            link("identityGovernance/entitlementManagement/accessPackages/package-2")
            => |c| c.entitlement().package(&id("package-1")).incompatible_packages().add(&id("package-2"));
        "DELETE EM/accessPackages/package-1/incompatibleAccessPackages/package-2/$ref"
            => |c| c.entitlement().package(&id("package-1")).incompatible_packages().remove(&id("package-2"));
        "GET EM/accessPackages/package-1/incompatibleGroups"
            => |c| c.entitlement().package(&id("package-1")).incompatible_groups().list().next();
        "POST EM/accessPackages/package-1/incompatibleGroups/$ref", link("groups/group-1")
            => |c| c.entitlement().package(&id("package-1")).incompatible_groups().add(&id("group-1"));
        "DELETE EM/accessPackages/package-1/incompatibleGroups/group-1/$ref"
            => |c| c.entitlement().package(&id("package-1")).incompatible_groups().remove(&id("group-1"));
        "GET EM/accessPackages/package-1/accessPackagesIncompatibleWith"
            => |c| c.entitlement().package(&id("package-1")).incompatible_with().next();
        "GET EM/availableAccessPackages" => |c| c.entitlement().available_packages().list().next();
        "GET EM/accessPackageSuggestions/filterByCurrentUser(on='relatedPeopleAssignments%2CassignmentHistory')"
            => |c| c.entitlement().suggestions()
                .filter_by_current_user(SuggestionsOn::RelatedPeople | SuggestionsOn::AssignmentHistory).next();
        "GET EM/assignmentPolicies" => |c| c.entitlement().policies().list().next();
        "GET EM/assignmentPolicies?$filter=accessPackage/id%20eq%20'package-1'"
            => |c| c.entitlement().package(&id("package-1")).policies().next();
        "GET EM/assignmentPolicies/policy-1" => |c| c.entitlement().policies().get(&id("policy-1"));
        "GET EM/assignmentPolicies/policy-1?$expand=accessPackage,questions,\
         customExtensionStageSettings($expand=customExtension)"
            => |c| c.entitlement().policy(&id("policy-1")).get_whole();
        "POST EM/assignmentPolicies", policy() => |c| c.entitlement().policies().create(&policy());
        "PUT EM/assignmentPolicies/policy-1", stored_policy()
            => |c| c.entitlement().policies().replace(&stored_policy());
        "DELETE EM/assignmentPolicies/policy-1" => |c| c.entitlement().policies().delete(&id("policy-1"));
    }
}

fn requests_and_assignments() -> Vec<Operation> {
    operations! {
        "GET EM/assignmentRequests" => |c| c.entitlement().requests().list().next();
        "GET EM/assignmentRequests/filterByCurrentUser(on='approver')"
            => |c| c.entitlement().requests().filter_by_current_user(RequestsOn::Approver).next();
        "GET EM/assignmentRequests/request-1" => |c| c.entitlement().requests().get(&id("request-1"));
        "GET EM/assignmentRequests/request-1?$expand=accessPackage,requestor($expand=connectedOrganization),\
         assignment($expand=target,assignmentPolicy)"
            => |c| c.entitlement().request(&id("request-1")).get_whole();
        "POST EM/assignmentRequests", request() => |c| c.entitlement().requests().create(&request());
        "DELETE EM/assignmentRequests/request-1" => |c| c.entitlement().requests().delete(&id("request-1"));
        "POST EM/assignmentRequests/request-1/cancel" => |c| c.entitlement().request(&id("request-1")).cancel();
        "POST EM/assignmentRequests/request-1/reprocess" => |c| c.entitlement().request(&id("request-1")).reprocess();
        "POST EM/assignmentRequests/request-1/resume", json!({
            "source": "Contoso.Check",
            "type": "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated",
            "data": {
                "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestCallbackData",
                "stage": "assignmentRequestCreated",
                "customExtensionStageInstanceId": "call-1"
            }
        }) => |c| c.entitlement().request(&id("request-1")).resume(&resume());
        "GET EM/assignments" => |c| c.entitlement().assignments().list().next();
        "GET EM/assignments/filterByCurrentUser(on='target')"
            => |c| c.entitlement().assignments().filter_by_current_user(AssignmentsOn::Target).next();
        "GET EM/assignments/additionalAccess()"
            => |c| c.entitlement().assignments().additional_access(&AdditionalAccess::any()).next();
        "GET EM/assignments/additionalAccess(accessPackageId='package-1')"
            => |c| c.entitlement().assignments().additional_access(&AdditionalAccess::to(&id("package-1"))).next();
        "GET EM/assignments/additionalAccess(accessPackageId='package-1',incompatibleAccessPackageId='package-2')"
            => |c| c.entitlement().assignments()
                .additional_access(&AdditionalAccess::to(&id("package-1")).despite(&id("package-2"))).next();
        "GET EM/assignments/assignment-1" => |c| c.entitlement().assignments().get(&id("assignment-1"));
        "GET EM/assignments/assignment-1?$expand=accessPackage,assignmentPolicy,target"
            => |c| c.entitlement().assignment(&id("assignment-1")).get_whole();
        "POST EM/assignments/assignment-1/reprocess" => |c| c.entitlement().assignment(&id("assignment-1")).reprocess();
        "GET EM/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')"
            => |c| c.entitlement().approvals().filter_by_current_user(ApprovalsOn::Approver).next();
        "GET EM/accessPackageAssignmentApprovals/request-1?$expand=stages"
            => |c| c.entitlement().approval(&id("request-1")).get();
        "GET EM/accessPackageAssignmentApprovals/request-1?$expand=stages"
            => |c| c.entitlement().request(&id("request-1")).pending_stage();
        "GET EM/accessPackageAssignmentApprovals/request-1/stages"
            => |c| c.entitlement().approval(&id("request-1")).stages().list().next();
        "GET EM/accessPackageAssignmentApprovals/request-1/stages/stage-1"
            => |c| c.entitlement().approval(&id("request-1")).stages().get(&id("stage-1"));
        "PATCH EM/accessPackageAssignmentApprovals/request-1/stages/stage-1",
            json!({"reviewResult": "Deny", "justification": "No"})
            => |c| c.entitlement().approval(&id("request-1")).decide(&id("stage-1"), &StageDecision::deny("No"));
    }
}

fn partners_and_settings() -> Vec<Operation> {
    operations! {
        "GET EM/subjects" => |c| c.entitlement().subjects().list().next();
        "GET EM/subjects(objectId='user-1')" => |c| c.entitlement().subject_of(&id("user-1")).get();
        "PATCH EM/subjects(objectId='user-1')", json!({"subjectLifecycle": "governed"})
            => |c| c.entitlement().subject_of(&id("user-1")).update(&governed());
        "GET EM/connectedOrganizations" => |c| c.entitlement().connected_organizations().list().next();
        "GET EM/connectedOrganizations/organization-1"
            => |c| c.entitlement().connected_organizations().get(&id("organization-1"));
        "GET EM/connectedOrganizations/organization-1?$expand=internalSponsors,externalSponsors"
            => |c| c.entitlement().connected_organization(&id("organization-1")).get_whole();
        "POST EM/connectedOrganizations", organization()
            => |c| c.entitlement().connected_organizations().create(&organization());
        "PATCH EM/connectedOrganizations/organization-1", organization_patch()
            => |c| c.entitlement().connected_organizations().update(&id("organization-1"), &organization_patch());
        "DELETE EM/connectedOrganizations/organization-1"
            => |c| c.entitlement().connected_organizations().delete(&id("organization-1"));
        "GET EM/connectedOrganizations/organization-1/internalSponsors"
            => |c| c.entitlement().connected_organization(&id("organization-1")).internal_sponsors().list().next();
        "POST EM/connectedOrganizations/organization-1/internalSponsors/$ref", link("directoryObjects/user-1")
            => |c| c.entitlement().connected_organization(&id("organization-1"))
                .internal_sponsors().add(&id::<User>("user-1"));
        "DELETE EM/connectedOrganizations/organization-1/internalSponsors/user-1/$ref"
            => |c| c.entitlement().connected_organization(&id("organization-1"))
                .internal_sponsors().remove(&id::<User>("user-1"));
        "GET EM/connectedOrganizations/organization-1/externalSponsors"
            => |c| c.entitlement().connected_organization(&id("organization-1")).external_sponsors().list().next();
        "POST EM/connectedOrganizations/organization-1/externalSponsors/$ref", link("directoryObjects/user-1")
            => |c| c.entitlement().connected_organization(&id("organization-1"))
                .external_sponsors().add(&id::<User>("user-1"));
        "DELETE EM/connectedOrganizations/organization-1/externalSponsors/user-1/$ref"
            => |c| c.entitlement().connected_organization(&id("organization-1"))
                .external_sponsors().remove(&id::<User>("user-1"));
        "GET EM/settings" => |c| c.entitlement().settings().get();
        "PATCH EM/settings", json!({"externalUserLifecycleAction": "blockSignIn"})
            => |c| c.entitlement().settings().update(&settings());
        "GET EM/controlConfigurations" => |c| c.entitlement().control_configurations().next();
        "GET EM/controlConfigurations/endUserSettings" => |c| c.entitlement().end_user_settings().get();
        "PUT EM/controlConfigurations/endUserSettings", end_user_settings()
            => |c| c.entitlement().end_user_settings().replace(&end_user_settings());
    }
}

fn reviews() -> Vec<Operation> {
    operations! {
        "GET AR/definitions" => |c| c.access_reviews().definitions().list().next();
        "GET AR/definitions/filterByCurrentUser(on='reviewer')"
            => |c| c.access_reviews().definitions().filter_by_current_user(ReviewsOn::Reviewer).next();
        "GET AR/definitions/review-1" => |c| c.access_reviews().definitions().get(&id("review-1"));
        "POST AR/definitions", review() => |c| c.access_reviews().definitions().create(&review());
        "PUT AR/definitions/review-1", json!({
            "id": "review-1", "displayName": "Administrators", "reviewers": [], "fallbackReviewers": [],
            "stageSettings": [], "additionalNotificationRecipients": [], "somethingNew": 1
        }) => |c| c.access_reviews().definitions().replace(&stored_review());
        "DELETE AR/definitions/review-1" => |c| c.access_reviews().definitions().delete(&id("review-1"));
        "POST AR/definitions/review-1/stop" => |c| c.access_reviews().definition(&id("review-1")).stop();
        "GET AR/definitions/review-1/instances"
            => |c| c.access_reviews().definition(&id("review-1")).instances().list().next();
        "GET AR/definitions/review-1/instances/filterByCurrentUser(on='reviewer')"
            => |c| c.access_reviews().definition(&id("review-1")).instances()
                .filter_by_current_user(ReviewsOn::Reviewer).next();
        "GET AR/definitions/review-1/instances/instance-1"
            => |c| c.access_reviews().definition(&id("review-1")).instances().get(&id("instance-1"));
        "GET AR/definitions/review-1/instances/instance-1?$expand=stages,contactedReviewers"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).get_whole();
        "PATCH AR/definitions/review-1/instances/instance-1", reviewers()
            => |c| c.access_reviews().definition(&id("review-1")).instances().update(&id("instance-1"), &reviewers());
        "POST AR/definitions/review-1/instances/instance-1/stop"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).stop();
        "POST AR/definitions/review-1/instances/instance-1/resetDecisions"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).reset_decisions();
        "POST AR/definitions/review-1/instances/instance-1/applyDecisions"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).apply_decisions();
        "POST AR/definitions/review-1/instances/instance-1/acceptRecommendations"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).accept_recommendations();
        "POST AR/definitions/review-1/instances/instance-1/sendReminder"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).send_reminder();
        "POST AR/definitions/review-1/instances/instance-1/batchRecordDecisions",
            json!({"decision": "Approve", "justification": "All", "principalId": "user-1"})
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .batch_record_decisions(&BatchRecordDecisions::approve("All").of(&id::<User>("user-1")));
        "GET AR/definitions/review-1/instances/instance-1/contactedReviewers"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .contacted_reviewers().list().next();
        "GET AR/definitions/review-1/instances/instance-1/decisions"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).decisions().list().next();
        "GET AR/definitions/review-1/instances/instance-1/decisions/filterByCurrentUser(on='reviewer')"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .decisions().filter_by_current_user(ReviewsOn::Reviewer).next();
        "PATCH AR/definitions/review-1/instances/instance-1/decisions/decision-1",
            json!({"decision": "Deny", "justification": "Left"})
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .decisions().update(&id("decision-1"), &DecisionPatch::deny("Left"));
        "POST AR/definitions/review-1/instances/instance-1/decisions/recordAllDecisions",
            json!({"decision": "Deny", "justification": "Over", "resourceId": "policy-1"})
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .decisions().record_all(&BatchRecordDecisions::deny("Over").to("policy-1"));
        "GET AR/definitions/review-1/instances/instance-1/stages"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).stages().list().next();
        "GET AR/definitions/review-1/instances/instance-1/stages/filterByCurrentUser(on='reviewer')"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .stages().filter_by_current_user(ReviewsOn::Reviewer).next();
        "GET AR/definitions/review-1/instances/instance-1/stages/stage-1"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .stages().get(&id("stage-1"));
        "POST AR/definitions/review-1/instances/instance-1/stages/stage-1/stop"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1")).stage(&id("stage-1")).stop();
        "GET AR/definitions/review-1/instances/instance-1/stages/stage-1/decisions"
            => |c| c.access_reviews().definition(&id("review-1")).instance(&id("instance-1"))
                .stage(&id("stage-1")).decisions().list().next();
        "GET AR/historyDefinitions" => |c| c.access_reviews().history_definitions().list().next();
        "GET AR/historyDefinitions/history-1" => |c| c.access_reviews().history_definitions().get(&id("history-1"));
        "POST AR/historyDefinitions", report() => |c| c.access_reviews().history_definitions().create(&report());
        "GET AR/historyDefinitions/history-1/instances"
            => |c| c.access_reviews().history_definition(&id("history-1")).instances().list().next();
        "POST AR/historyDefinitions/history-1/instances/run-1/generateDownloadUri"
            => |c| c.access_reviews().history_definition(&id("history-1")).instance(&id("run-1")).generate_download_uri();
    }
}

fn people_and_groups() -> Vec<Operation> {
    operations! {
        "GET me" => |c| c.me();
        "GET users" => |c| c.users().list().next();
        "GET users/$count" => |c| c.users().count();
        "GET users/ada@contoso.com" => |c| c.users().get(&id("ada@contoso.com"));
        "POST users", user() => |c| c.users().create(&user());
        "PATCH users/user-1", json!({"accountEnabled": false, "department": "Engines", "jobTitle": null})
            => |c| c.users().update(&id("user-1"), &user_patch());
        "GET users/user-1/manager" => |c| c.user(&id("user-1")).manager();
        "GET users/user-1/directReports" => |c| c.user(&id("user-1")).direct_reports().list().next();
        "GET users/user-1/memberOf" => |c| c.user(&id("user-1")).member_of().list().next();
        "GET users/user-1/memberOf/microsoft.graph.group"
            => |c| c.user(&id("user-1")).member_of().only::<Group>().list().next();
        "GET users/user-1/transitiveMemberOf" => |c| c.user(&id("user-1")).transitive_member_of().list().next();
        "GET users/user-1/sponsors" => |c| c.user(&id("user-1")).sponsors().list().next();
        "GET groups" => |c| c.groups().list().next();
        "GET groups/group-1" => |c| c.groups().get(&id("group-1"));
        "POST groups", group() => |c| c.groups().create(&group());
        "PATCH groups/group-1", group_patch() => |c| c.groups().update(&id("group-1"), &group_patch());
        "DELETE groups/group-1" => |c| c.groups().delete(&id("group-1"));
        "GET groups/group-1/members" => |c| c.group(&id("group-1")).members().list().next();
        "GET groups/group-1/members/$count" => |c| c.group(&id("group-1")).members().count();
        "GET groups/group-1/members/microsoft.graph.user"
            => |c| c.group(&id("group-1")).members().only::<User>().list().next();
        "GET groups/group-1/members/microsoft.graph.user/$count"
            => |c| c.group(&id("group-1")).members().only::<User>().count();
        "POST groups/group-1/members/$ref", link("directoryObjects/user-1")
            => |c| c.group(&id("group-1")).add_member(&id::<User>("user-1"));
        "PATCH groups/group-1", json!({"members@odata.bind": [
            "https://graph.microsoft.com/v1.0/directoryObjects/user-1",
            "https://graph.microsoft.com/v1.0/directoryObjects/user-2"
        ]}) => |c| c.group(&id("group-1")).add_members([id("user-1"), id("user-2")]);
        "DELETE groups/group-1/members/user-1/$ref"
            => |c| c.group(&id("group-1")).remove_member(&id::<User>("user-1"));
        "GET groups/group-1/transitiveMembers" => |c| c.group(&id("group-1")).transitive_members().list().next();
        "GET groups/group-1/owners" => |c| c.group(&id("group-1")).owners().list().next();
        "POST groups/group-1/owners/$ref", link("directoryObjects/user-1")
            => |c| c.group(&id("group-1")).owners().add(&id::<User>("user-1"));
        "DELETE groups/group-1/owners/user-1/$ref"
            => |c| c.group(&id("group-1")).owners().remove(&id::<User>("user-1"));
        "GET groups/group-1/memberOf" => |c| c.group(&id("group-1")).member_of().list().next();
        "GET groups/group-1/transitiveMemberOf" => |c| c.group(&id("group-1")).transitive_member_of().list().next();
        "GET groups/group-1/membersWithLicenseErrors"
            => |c| c.group(&id("group-1")).members_with_license_errors().list().next();
        "GET groups/group-1/acceptedSenders" => |c| c.group(&id("group-1")).accepted_senders().list().next();
        "GET groups/group-1/rejectedSenders" => |c| c.group(&id("group-1")).rejected_senders().list().next();
        "GET servicePrincipals" => |c| c.service_principals().list().next();
        "GET directoryObjects/user-1" => |c| c.directory_objects().get(&id::<DirectoryObject>("user-1"));
    }
}
