//! Catalogs, what is in them, packages and policies.

use crate::catalog::{Catalog, CatalogState, CatalogType};
use crate::custom_extension::CustomExtension;
use crate::custom_extension::stage::{CustomExtensionStage, CustomExtensionStageSetting};
use crate::directory::Group;
use crate::entity::Id;
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::policy::question::Question;
use crate::policy::requestor::AllowedTargetScope;
use crate::query::declared::{Declared, properties};
use crate::query::property::{Property, Structure, ToMany, ToOne};
use crate::request::{RequestState, RequestType};
use crate::resource::{
    OriginSystem, Resource, ResourceEnvironment, ResourceRequest, ResourceRole, ResourceScope,
    RoleScope, RoleType, UploadSession, UploadStatus, UploadedFile,
};
use crate::time::Timestamp;

properties! {
    AccessPackage = "accessPackage" {
        ID: Id<AccessPackage> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        IS_HIDDEN: bool = "isHidden";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        ACCESS_PACKAGES_INCOMPATIBLE_WITH => AccessPackage = "accessPackagesIncompatibleWith";
        ASSIGNMENT_POLICIES => AssignmentPolicy = "assignmentPolicies";
        CATALOG -> Catalog = "catalog";
        INCOMPATIBLE_ACCESS_PACKAGES => AccessPackage = "incompatibleAccessPackages";
        INCOMPATIBLE_GROUPS => Group = "incompatibleGroups";
        RESOURCE_ROLE_SCOPES => RoleScope = "resourceRoleScopes";
    }

    Catalog = "accessPackageCatalog" {
        ID: Id<Catalog> = "id";
        CATALOG_TYPE: CatalogType = "catalogType";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        IS_EXTERNALLY_VISIBLE: bool = "isExternallyVisible";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        STATE: CatalogState = "state";
        ACCESS_PACKAGES => AccessPackage = "accessPackages";
        CUSTOM_WORKFLOW_EXTENSIONS => CustomExtension = "customWorkflowExtensions";
        RESOURCE_ROLES => ResourceRole = "resourceRoles";
        RESOURCE_SCOPES => ResourceScope = "resourceScopes";
        RESOURCES => Resource = "resources";
    }

    Resource = "accessPackageResource" {
        ID: Id<Resource> = "id";
        ATTRIBUTES: Structure = "attributes";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        ORIGIN_ID: String = "originId";
        ORIGIN_SYSTEM: OriginSystem = "originSystem";
        ENVIRONMENT -> ResourceEnvironment = "environment";
        ROLES => ResourceRole = "roles";
        SCOPES => ResourceScope = "scopes";
        UPLOAD_SESSIONS => UploadSession = "uploadSessions";
    }

    ResourceRole = "accessPackageResourceRole" {
        ID: Id<ResourceRole> = "id";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        ORIGIN_ID: String = "originId";
        ORIGIN_SYSTEM: OriginSystem = "originSystem";
        KIND: RoleType = "type";
        RESOURCE -> Resource = "resource";
    }

    ResourceScope = "accessPackageResourceScope" {
        ID: Id<ResourceScope> = "id";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        IS_ROOT_SCOPE: bool = "isRootScope";
        ORIGIN_ID: String = "originId";
        ORIGIN_SYSTEM: OriginSystem = "originSystem";
        RESOURCE -> Resource = "resource";
    }

    ResourceEnvironment = "accessPackageResourceEnvironment" {
        ID: Id<ResourceEnvironment> = "id";
        CONNECTION_INFO: Structure = "connectionInfo";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        IS_DEFAULT_ENVIRONMENT: bool = "isDefaultEnvironment";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        ORIGIN_ID: String = "originId";
        ORIGIN_SYSTEM: OriginSystem = "originSystem";
        RESOURCES => Resource = "resources";
    }

    ResourceRequest = "accessPackageResourceRequest" {
        ID: Id<ResourceRequest> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        REQUEST_TYPE: RequestType = "requestType";
        STATE: RequestState = "state";
        CATALOG -> Catalog = "catalog";
        RESOURCE -> Resource = "resource";
    }

    RoleScope = "accessPackageResourceRoleScope" {
        ID: Id<RoleScope> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        ROLE -> ResourceRole = "role";
        SCOPE -> ResourceScope = "scope";
    }

    UploadSession = "customDataProvidedResourceUploadSession" {
        ID: Id<UploadSession> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DATA: Structure = "data";
        IS_UPLOAD_DONE: bool = "isUploadDone";
        REFERENCE_ID: String = "referenceId";
        STATS: Structure = "stats";
        STATUS: UploadStatus = "status";
        FILES => UploadedFile = "files";
    }

    AssignmentPolicy = "accessPackageAssignmentPolicy" {
        ID: Id<AssignmentPolicy> = "id";
        ALLOWED_TARGET_SCOPE: AllowedTargetScope = "allowedTargetScope";
        AUTOMATIC_REQUEST_SETTINGS: Structure = "automaticRequestSettings";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        EXPIRATION: Structure = "expiration";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        NOTIFICATION_SETTINGS: Structure = "notificationSettings";
        REQUEST_APPROVAL_SETTINGS: Structure = "requestApprovalSettings";
        REQUESTOR_SETTINGS: Structure = "requestorSettings";
        REVIEW_SETTINGS: Structure = "reviewSettings";
        SPECIFIC_ALLOWED_TARGETS: Structure = "specificAllowedTargets";
        ACCESS_PACKAGE -> AccessPackage = "accessPackage";
        CATALOG -> Catalog = "catalog";
        CUSTOM_EXTENSION_STAGE_SETTINGS => CustomExtensionStageSetting = "customExtensionStageSettings";
        QUESTIONS => Question = "questions";
    }

    CustomExtensionStageSetting = "customExtensionStageSetting" {
        ID: Id<CustomExtensionStageSetting> = "id";
        STAGE: CustomExtensionStage = "stage";
        CUSTOM_EXTENSION -> CustomExtension = "customExtension";
    }

    CustomExtension = "customCalloutExtension" {
        ID: Id<CustomExtension> = "id";
        AUTHENTICATION_CONFIGURATION: Structure = "authenticationConfiguration";
        CLIENT_CONFIGURATION: Structure = "clientConfiguration";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        ENDPOINT_CONFIGURATION: Structure = "endpointConfiguration";
    }
}
