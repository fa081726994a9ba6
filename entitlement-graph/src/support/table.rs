//! The table: one line for every collection.
//!
//! `$top` and `$count` are in every list of entitlement management: a service that ignores them still gives the right
//! items.

use entitlement_core::odata::QueryOption::{
    self, Count, Expand, Filter, OrderBy, Select, Skip, Top,
};

use super::endpoint::Endpoint;

impl Endpoint {
    /// The endpoint whose path has these segments below the service root, such as `v1.0`.
    ///
    /// Segments may be in upper or lower case; a function is told by its parentheses, whatever its arguments. `None`
    /// if the table has no row for it: nothing is known about what it takes.
    pub fn at(segments: &[impl AsRef<str>]) -> Option<&'static Self> {
        ENDPOINTS.iter().find(|endpoint| endpoint.is_at(segments))
    }
}

/// Lists of entitlement management.
const LIST: &[QueryOption] = &[Select, Expand, Filter, Top, Count];
/// Lists of access reviews.
const REVIEWS: &[QueryOption] = &[Select, Expand, Filter, OrderBy, Top, Skip, Count];
/// The service pages as it likes, and takes nothing.
const NOTHING: &[QueryOption] = &[];

const PACKAGE: &[&str] = &[
    "id",
    "displayName",
    "isHidden",
    "createdDateTime",
    "modifiedDateTime",
    "catalog/id",
];
const PACKAGE_LINKS: &[&str] = &[
    "accessPackagesIncompatibleWith",
    "assignmentPolicies",
    "catalog",
    "incompatibleAccessPackages",
    "incompatibleGroups",
    "resourceRoleScopes",
];
const ASSIGNMENT: &[&str] = &[
    "id",
    "state",
    "status",
    "expiredDateTime",
    "accessPackage/id",
    "accessPackage/catalog/id",
    "assignmentPolicy/id",
    "target/id",
    "target/objectId",
];
const ASSIGNMENT_LINKS: &[&str] = &["accessPackage", "assignmentPolicy", "target"];
const REQUEST: &[&str] = &[
    "id",
    "state",
    "status",
    "requestType",
    "createdDateTime",
    "completedDateTime",
    "accessPackage/id",
    "accessPackage/catalog/id",
    "assignment/id",
    "assignment/target/objectId",
    "requestor/id",
    "requestor/objectId",
];
const REQUEST_LINKS: &[&str] = &["accessPackage", "assignment", "requestor"];
const RESOURCE: &[&str] = &["id", "displayName", "originId", "originSystem"];
const RESOURCE_LINKS: &[&str] = &["environment", "roles", "scopes", "uploadSessions"];
const ROLE: &[&str] = &[
    "id",
    "displayName",
    "originId",
    "originSystem",
    "resource/id",
    "resource/originId",
];
const DEFINITION: &[&str] = &[
    "id",
    "displayName",
    "status",
    "createdDateTime",
    "lastModifiedDateTime",
    "createdBy/*",
    "scope/*",
    "instanceEnumerationScope/*",
];
const INSTANCE: &[&str] = &["id", "status", "startDateTime", "endDateTime", "scope/*"];
const INSTANCE_LINKS: &[&str] = &["contactedReviewers", "decisions", "stages"];
const DECISION: &[&str] = &[
    "id",
    "accessReviewId",
    "applyResult",
    "appliedDateTime",
    "decision",
    "recommendation",
    "reviewedDateTime",
    "appliedBy/*",
    "principal/*",
    "resource/*",
    "reviewedBy/*",
];

/// Every list that is documented, and the single things whose queries have rules of their own.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::new("EM/accessPackages", LIST)
        .filter(PACKAGE)
        .expand(PACKAGE_LINKS),
    Endpoint::new("EM/accessPackages/filterByCurrentUser()", LIST)
        .filter(PACKAGE)
        .expand(PACKAGE_LINKS),
    Endpoint::new(
        "EM/accessPackages/{}/accessPackagesIncompatibleWith",
        NOTHING,
    ),
    Endpoint::new("EM/accessPackages/{}/incompatibleAccessPackages", NOTHING),
    Endpoint::new("EM/accessPackages/{}/incompatibleGroups", NOTHING),
    Endpoint::new("EM/accessPackages/{}/resourceRoleScopes", LIST).expand(&["role", "scope"]),
    Endpoint::new("EM/accessPackageAssignmentApprovals", &[Select, Expand]).expand(&["stages"]),
    Endpoint::new(
        "EM/accessPackageAssignmentApprovals/filterByCurrentUser()",
        &[Select, Expand, Top, Count],
    )
    .expand(&["stages"]),
    Endpoint::new("EM/accessPackageAssignmentApprovals/{}/stages", &[Select]),
    Endpoint::new("EM/accessPackageSuggestions", &[Select, Expand, Top]).expand(&["accessPackage"]),
    Endpoint::new(
        "EM/accessPackageSuggestions/filterByCurrentUser()",
        &[Select, Expand, Top],
    )
    .expand(&["accessPackage"]),
    Endpoint::new("EM/assignmentPolicies", LIST)
        .filter(&[
            "id",
            "displayName",
            "allowedTargetScope",
            "createdDateTime",
            "modifiedDateTime",
            "accessPackage/id",
            "catalog/id",
        ])
        .expand(&[
            "accessPackage",
            "catalog",
            "customExtensionStageSettings",
            "questions",
        ]),
    Endpoint::new("EM/assignmentRequests", LIST)
        .filter(REQUEST)
        .expand(REQUEST_LINKS),
    Endpoint::new("EM/assignmentRequests/filterByCurrentUser()", LIST)
        .filter(REQUEST)
        .expand(REQUEST_LINKS),
    Endpoint::new("EM/assignments", LIST)
        .filter(ASSIGNMENT)
        .expand(ASSIGNMENT_LINKS),
    Endpoint::new("EM/assignments/additionalAccess()", LIST)
        .filter(ASSIGNMENT)
        .expand(ASSIGNMENT_LINKS),
    Endpoint::new("EM/assignments/filterByCurrentUser()", LIST)
        .filter(ASSIGNMENT)
        .expand(ASSIGNMENT_LINKS),
    Endpoint::new(
        "EM/assignments/{}/target/connectedOrganization/externalSponsors",
        LIST,
    )
    .filter(&["id", "displayName"]),
    Endpoint::new(
        "EM/assignments/{}/target/connectedOrganization/internalSponsors",
        LIST,
    )
    .filter(&["id", "displayName"]),
    Endpoint::new("EM/availableAccessPackages", LIST)
        .filter(&["id", "displayName"])
        .expand(&["resourceRoleScopes"]),
    Endpoint::new("EM/catalogs", LIST)
        .filter(&[
            "id",
            "displayName",
            "state",
            "catalogType",
            "isExternallyVisible",
            "createdDateTime",
            "modifiedDateTime",
        ])
        .expand(&[
            "accessPackages",
            "customWorkflowExtensions",
            "resourceRoles",
            "resources",
            "resourceScopes",
        ]),
    Endpoint::new("EM/catalogs/{}/accessPackages", LIST)
        .filter(PACKAGE)
        .expand(PACKAGE_LINKS),
    Endpoint::new(
        "EM/catalogs/{}/customWorkflowExtensions",
        &[Select, Filter, Top, Count],
    )
    .filter(&["id", "displayName"]),
    Endpoint::new("EM/catalogs/{}/resourceRoles", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/catalogs/{}/resourceScopes", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/catalogs/{}/resources", LIST)
        .filter(RESOURCE)
        .expand(RESOURCE_LINKS),
    Endpoint::new("EM/catalogs/{}/resources/{}/roles", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/catalogs/{}/resources/{}/scopes", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/catalogs/{}/resources/{}/uploadSessions", LIST)
        .filter(&["id", "referenceId", "status", "createdDateTime"])
        .expand(&["files"]),
    Endpoint::new("EM/connectedOrganizations", LIST)
        .filter(&[
            "id",
            "displayName",
            "state",
            "createdDateTime",
            "modifiedDateTime",
            "identitySources/*",
        ])
        .expand(&["externalSponsors", "internalSponsors"]),
    Endpoint::new("EM/connectedOrganizations/{}/externalSponsors", LIST)
        .filter(&["id", "displayName"]),
    Endpoint::new("EM/connectedOrganizations/{}/internalSponsors", LIST)
        .filter(&["id", "displayName"]),
    Endpoint::new("EM/controlConfigurations", NOTHING),
    Endpoint::new("EM/resourceEnvironments", LIST)
        .filter(&["id", "displayName", "originId", "originSystem"])
        .expand(&["resources"])
        .needs("originSystem"),
    Endpoint::new("EM/resourceEnvironments/{}/resources", LIST)
        .filter(RESOURCE)
        .expand(RESOURCE_LINKS),
    Endpoint::new("EM/resourceRequests", LIST)
        .filter(&[
            "id",
            "requestType",
            "state",
            "createdDateTime",
            "catalog/id",
        ])
        .expand(&["catalog", "resource"]),
    Endpoint::new("EM/resourceRoleScopes", LIST).expand(&["role", "scope"]),
    Endpoint::new("EM/resources", LIST)
        .filter(RESOURCE)
        .expand(RESOURCE_LINKS),
    Endpoint::new("EM/resources/{}/roles", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/resources/{}/scopes", LIST)
        .filter(ROLE)
        .expand(&["resource"]),
    Endpoint::new("EM/resources/{}/uploadSessions", LIST)
        .filter(&["id", "referenceId", "status", "createdDateTime"])
        .expand(&["files"]),
    Endpoint::new("EM/subjects", LIST)
        .filter(&[
            "id",
            "displayName",
            "email",
            "objectId",
            "principalName",
            "subjectLifecycle",
            "subjectType",
        ])
        .expand(&["connectedOrganization"]),
    Endpoint::new("AR/definitions", REVIEWS)
        .filter(DEFINITION)
        .expand(&["instances"]),
    Endpoint::new("AR/definitions/filterByCurrentUser()", REVIEWS)
        .filter(DEFINITION)
        .expand(&["instances"]),
    Endpoint::new("AR/definitions/{}/instances", REVIEWS)
        .filter(INSTANCE)
        .expand(INSTANCE_LINKS),
    Endpoint::new("AR/definitions/{}/instances/filterByCurrentUser()", REVIEWS)
        .filter(INSTANCE)
        .expand(INSTANCE_LINKS),
    Endpoint::new("AR/definitions/{}/instances/{}/contactedReviewers", REVIEWS).filter(&[
        "id",
        "displayName",
        "userPrincipalName",
        "createdDateTime",
    ]),
    Endpoint::new("AR/definitions/{}/instances/{}/decisions", REVIEWS)
        .filter(DECISION)
        .expand(&["insights"])
        .most(100),
    Endpoint::new(
        "AR/definitions/{}/instances/{}/decisions/filterByCurrentUser()",
        REVIEWS,
    )
    .filter(DECISION)
    .expand(&["insights"])
    .most(100),
    Endpoint::new("AR/definitions/{}/instances/{}/stages", REVIEWS)
        .filter(&["id", "status", "startDateTime", "endDateTime"])
        .expand(&["decisions"]),
    Endpoint::new(
        "AR/definitions/{}/instances/{}/stages/filterByCurrentUser()",
        REVIEWS,
    )
    .filter(&["id", "status", "startDateTime", "endDateTime"])
    .expand(&["decisions"]),
    Endpoint::new(
        "AR/definitions/{}/instances/{}/stages/{}/decisions",
        REVIEWS,
    )
    .filter(DECISION)
    .expand(&["insights"])
    .most(100),
    Endpoint::new(
        "AR/definitions/{}/instances/{}/stages/{}/decisions/filterByCurrentUser()",
        REVIEWS,
    )
    .filter(DECISION)
    .expand(&["insights"])
    .most(100),
    Endpoint::new("AR/historyDefinitions", REVIEWS)
        .filter(&["id", "displayName", "status", "createdDateTime"])
        .expand(&["instances"]),
    Endpoint::new("AR/historyDefinitions/{}/instances", REVIEWS).filter(&[
        "id",
        "status",
        "runDateTime",
        "expirationDateTime",
        "fulfilledDateTime",
    ]),
    Endpoint::directory("applications"),
    Endpoint::directory("directory/deletedItems/user"),
    Endpoint::intune("deviceAppManagement/mobileApps"),
    Endpoint::intune("deviceAppManagement/mobileApps/{}/assignments"),
    Endpoint::intune("deviceAppManagement/mobileApps/{}/{}/contentVersions"),
    Endpoint::intune("deviceAppManagement/mobileApps/{}/{}/contentVersions/{}/files"),
    Endpoint::intune("deviceManagement/deviceConfigurations"),
    Endpoint::intune("deviceManagement/deviceConfigurations/{}/assignments"),
    Endpoint::intune("deviceManagement/deviceConfigurations/{}/deviceStatuses"),
    Endpoint::intune("deviceManagement/managedDevices"),
    Endpoint::intune("deviceManagement/managedDevices/{}/deviceConfigurationStates"),
    Endpoint::intune("users/{}/managedDevices"),
    Endpoint::directory("directoryObjects"),
    Endpoint::directory("groups"),
    Endpoint::directory("groups/{}/appRoleAssignments"),
    Endpoint::linked("groups/{}/{}"),
    Endpoint::directory("servicePrincipals"),
    Endpoint::directory("servicePrincipals/{}/appRoleAssignedTo"),
    Endpoint::directory("users"),
    Endpoint::single("me"),
    Endpoint::single("me/manager"),
    Endpoint::single("users/{}/manager"),
    Endpoint::directory("users/{}/appRoleAssignments"),
    Endpoint::linked("users/{}/{}"),
];
