//! Requests, assignments, approvals, and the people and organisations they are about.

use crate::approval::{Approval, ReviewResult, Stage, StageStatus};
use crate::assignment::{Assignment, AssignmentState};
use crate::assignment_request::AssignmentRequest;
use crate::available_package::AvailableAccessPackage;
use crate::connected_organization::{ConnectedOrganization, ConnectedOrganizationState};
use crate::directory::{DirectoryObject, User};
use crate::entity::Id;
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::query::declared::{Declared, properties};
use crate::query::property::{Property, Structure, ToMany, ToOne};
use crate::request::{RequestState, RequestType};
use crate::resource::RoleScope;
use crate::subject::{Subject, SubjectLifecycle, SubjectType};
use crate::suggestion::Suggestion;
use crate::time::Timestamp;

properties! {
    Assignment = "accessPackageAssignment" {
        ID: Id<Assignment> = "id";
        CUSTOM_EXTENSION_CALLOUT_INSTANCES: Structure = "customExtensionCalloutInstances";
        EXPIRED_DATE_TIME: Timestamp = "expiredDateTime";
        SCHEDULE: Structure = "schedule";
        STATE: AssignmentState = "state";
        STATUS: String = "status";
        ACCESS_PACKAGE -> AccessPackage = "accessPackage";
        ASSIGNMENT_POLICY -> AssignmentPolicy = "assignmentPolicy";
        TARGET -> Subject = "target";
    }

    AssignmentRequest = "accessPackageAssignmentRequest" {
        ID: Id<AssignmentRequest> = "id";
        ANSWERS: Structure = "answers";
        COMPLETED_DATE_TIME: Timestamp = "completedDateTime";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        CUSTOM_EXTENSION_CALLOUT_INSTANCES: Structure = "customExtensionCalloutInstances";
        JUSTIFICATION: String = "justification";
        REQUEST_TYPE: RequestType = "requestType";
        SCHEDULE: Structure = "schedule";
        STATE: RequestState = "state";
        STATUS: String = "status";
        ACCESS_PACKAGE -> AccessPackage = "accessPackage";
        ASSIGNMENT -> Assignment = "assignment";
        REQUESTOR -> Subject = "requestor";
    }

    Subject = "accessPackageSubject" {
        ID: Id<Subject> = "id";
        DISPLAY_NAME: String = "displayName";
        EMAIL: String = "email";
        OBJECT_ID: Id<User> = "objectId";
        ON_PREMISES_SECURITY_IDENTIFIER: String = "onPremisesSecurityIdentifier";
        PRINCIPAL_NAME: String = "principalName";
        SUBJECT_LIFECYCLE: SubjectLifecycle = "subjectLifecycle";
        SUBJECT_TYPE: SubjectType = "subjectType";
        CONNECTED_ORGANIZATION -> ConnectedOrganization = "connectedOrganization";
    }

    Suggestion = "accessPackageSuggestion" {
        ID: Id<Suggestion> = "id";
        REASONS: Structure = "reasons";
        ACCESS_PACKAGE -> AvailableAccessPackage = "accessPackage";
    }

    AvailableAccessPackage = "availableAccessPackage" {
        ID: Id<AvailableAccessPackage> = "id";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        RESOURCE_ROLE_SCOPES => RoleScope = "resourceRoleScopes";
    }

    Approval = "approval" {
        ID: Id<Approval> = "id";
        STAGES => Stage = "stages";
    }

    Stage = "approvalStage" {
        ID: Id<Stage> = "id";
        ASSIGNED_TO_ME: bool = "assignedToMe";
        DISPLAY_NAME: String = "displayName";
        JUSTIFICATION: String = "justification";
        REVIEW_RESULT: ReviewResult = "reviewResult";
        REVIEWED_BY: Structure = "reviewedBy";
        REVIEWED_DATE_TIME: Timestamp = "reviewedDateTime";
        STATUS: StageStatus = "status";
    }

    ConnectedOrganization = "connectedOrganization" {
        ID: Id<ConnectedOrganization> = "id";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        IDENTITY_SOURCES: Structure = "identitySources";
        MODIFIED_DATE_TIME: Timestamp = "modifiedDateTime";
        STATE: ConnectedOrganizationState = "state";
        EXTERNAL_SPONSORS => DirectoryObject = "externalSponsors";
        INTERNAL_SPONSORS => DirectoryObject = "internalSponsors";
    }
}
