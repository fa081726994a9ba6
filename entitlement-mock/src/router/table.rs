//! The table of everything that the tenant answers.

use std::sync::LazyLock;

use http::Method;

use super::route::{Access, Part, Route};
use crate::handlers::{
    accounts, app_roles, applications, approvals, assignments, catalogs, deleted, directory,
    directory_roles, extensions, groups, incompatible, intune, offers, organizations, packages,
    policies, requests, resources, reviews, role_management, role_scopes, subjects,
};

macro_rules! routes {
    ($($method:ident $template:literal $access:ident $handler:path;)+) => {
        &[$(Route {
            method: Method::$method,
            template: $template,
            access: Access::$access,
            handler: $handler,
        },)+]
    };
}

/// `EM` stands for `identityGovernance/entitlementManagement`, `RM` for `roleManagement/entitlementManagement`, `AR` for
/// `identityGovernance/accessReviews`, `AR-instance` for an instance of a review there, `content` for the content of an
/// app, `{key}` for an id, `{type}` for a type with its namespace, `name()` for a function.
pub(super) const ROUTES: &[Route] = routes! {
    GET    "me"                                                Everybody      directory::me;
    GET    "users"                                             Everybody      directory::list_users;
    POST   "users"                                             Administrators accounts::create;
    PATCH  "users/{user}"                                      Administrators accounts::update;
    GET    "users/{user}"                                      Everybody      directory::get_user;
    GET    "users/{user}/manager"                              Everybody      directory::get_manager;
    DELETE "users/{user}"                                     Administrators deleted::delete;
    GET    "users/{user}/appRoleAssignments"                  Everybody      app_roles::list_of_user;
    POST   "users/{user}/appRoleAssignments"                  Administrators app_roles::create_for_user;
    DELETE "users/{user}/appRoleAssignments/{appRole}"     Administrators app_roles::delete_of_user;
    GET    "directory/deletedItems/user"                      Administrators deleted::list;
    GET    "directory/deletedItems/{user}"                    Administrators deleted::get;
    DELETE "directory/deletedItems/{user}"                    Administrators deleted::purge;
    POST   "directory/deletedItems/{user}/restore"            Administrators deleted::restore;
    GET    "groups"                                           Everybody      groups::list;
    POST   "groups"                                           Administrators groups::create;
    GET    "groups/{group}"                                   Everybody      groups::get;
    PATCH  "groups/{group}"                                   Administrators groups::update;
    DELETE "groups/{group}"                                   Administrators groups::delete;
    GET    "groups/{group}/members"                           Everybody      groups::list_members;
    POST   "groups/{group}/members/$ref"                      Administrators groups::add_member;
    DELETE "groups/{group}/members/{member}/$ref"             Administrators groups::remove_member;
    GET    "groups/{group}/owners"                            Everybody      groups::list_owners;
    POST   "groups/{group}/owners/$ref"                       Administrators groups::add_owner;
    DELETE "groups/{group}/owners/{owner}/$ref"               Administrators groups::remove_owner;
    GET    "groups/{group}/appRoleAssignments"                Everybody      app_roles::list_of_group;
    POST   "groups/{group}/appRoleAssignments"                Administrators app_roles::create_for_group;
    DELETE "groups/{group}/appRoleAssignments/{appRole}"      Administrators app_roles::delete_of_group;
    GET    "applications"                                     Everybody      applications::list;
    POST   "applications"                                     Administrators applications::create;
    GET    "applications/{application}"                       Everybody      applications::get;
    PATCH  "applications/{application}"                       Administrators applications::update;
    DELETE "applications/{application}"                       Administrators applications::delete;
    GET    "servicePrincipals"                                Everybody      applications::list_service_principals;
    POST   "servicePrincipals"                                Administrators applications::create_service_principal;
    GET    "servicePrincipals/{servicePrincipal}"             Everybody      applications::get_service_principal;
    PATCH  "servicePrincipals/{servicePrincipal}"             Administrators applications::update_service_principal;
    DELETE "servicePrincipals/{servicePrincipal}"             Administrators applications::delete_service_principal;
    GET    "servicePrincipals/{servicePrincipal}/appRoleAssignedTo" Everybody      app_roles::list_of_application;
    POST   "servicePrincipals/{servicePrincipal}/appRoleAssignedTo" Administrators app_roles::create_in_application;
    GET    "servicePrincipals/{servicePrincipal}/appRoleAssignedTo/{appRole}" Everybody      app_roles::get_in_application;
    DELETE "servicePrincipals/{servicePrincipal}/appRoleAssignedTo/{appRole}" Administrators app_roles::delete_in_application;
    GET    "roleManagement/directory/roleDefinitions"         Everybody      directory_roles::list;
    GET    "roleManagement/directory/roleDefinitions/{role}"  Everybody      directory_roles::get;
    GET    "roleManagement/directory/roleAssignments"         Everybody      directory_roles::list_assignments;
    GET    "roleManagement/directory/roleEligibilityScheduleInstances" Everybody      directory_roles::list_eligible;

    GET    "RM/roleDefinitions"                                Administrators role_management::list_definitions;
    GET    "RM/roleDefinitions/{definition}"                   Administrators role_management::get_definition;
    GET    "RM/roleAssignments"                                Administrators role_management::list_assignments;
    POST   "RM/roleAssignments"                                Administrators role_management::create_assignment;
    GET    "RM/roleAssignments/{roleAssignment}"               Administrators role_management::get_assignment;
    DELETE "RM/roleAssignments/{roleAssignment}"               Administrators role_management::delete_assignment;

    GET    "EM/catalogs"                                       Administrators catalogs::list;
    POST   "EM/catalogs"                                       Administrators catalogs::create;
    GET    "EM/catalogs/{catalog}"                             Administrators catalogs::get;
    PATCH  "EM/catalogs/{catalog}"                             Administrators catalogs::update;
    DELETE "EM/catalogs/{catalog}"                             Administrators catalogs::delete;
    GET    "EM/catalogs/{catalog}/accessPackages"             Administrators resources::read::list_packages_in_catalog;
    GET    "EM/catalogs/{catalog}/resourceRoles"              Administrators resources::read::list_roles_in_catalog;
    GET    "EM/catalogs/{catalog}/resourceScopes"             Administrators resources::read::list_scopes_in_catalog;
    GET    "EM/catalogs/{catalog}/resources"                  Administrators resources::read::list_in_catalog;
    GET    "EM/resources"                                     Administrators resources::read::list;
    GET    "EM/catalogs/{catalog}/resources/{resource}"       Administrators resources::read::get;
    GET    "EM/catalogs/{catalog}/resources/{resource}/roles" Administrators resources::read::list_roles;
    GET    "EM/catalogs/{catalog}/resources/{resource}/scopes" Administrators resources::read::list_scopes;
    GET    "EM/catalogs/{catalog}/resources/{resource}/environment" Administrators resources::read::get_environment_of;
    POST   "EM/catalogs/{catalog}/resources/{resource}/refresh" Administrators resources::read::refresh;
    GET    "EM/resources/{resource}"                          Administrators resources::read::get;
    GET    "EM/resources/{resource}/roles"                    Administrators resources::read::list_roles;
    GET    "EM/resources/{resource}/scopes"                   Administrators resources::read::list_scopes;
    GET    "EM/resources/{resource}/environment"              Administrators resources::read::get_environment_of;
    POST   "EM/resources/{resource}/refresh"                  Administrators resources::read::refresh;
    GET    "EM/resourceRequests"                              Administrators resources::request::list;
    POST   "EM/resourceRequests"                              Administrators resources::request::create;
    GET    "EM/resourceRequests/{request}"                    Administrators resources::request::get;
    GET    "EM/resourceEnvironments"                          Administrators resources::read::list_environments;
    GET    "EM/resourceEnvironments/{environment}"            Administrators resources::read::get_environment;
    GET    "EM/resourceEnvironments/{environment}/resources"  Administrators resources::read::list_resources_of_environment;
    GET    "EM/resourceRoleScopes"                            Administrators role_scopes::list_all;
    GET    "EM/resourceRoleScopes/{roleScope}"                Administrators role_scopes::get_any;
    GET    "EM/availableAccessPackages"                       People         offers::list_available;
    GET    "EM/availableAccessPackages/{package}"             People         offers::get_available;
    GET    "EM/accessPackageSuggestions/filterByCurrentUser()" People         offers::suggestions;
    GET    "EM/catalogs/{catalog}/customWorkflowExtensions"    Administrators extensions::list;
    POST   "EM/catalogs/{catalog}/customWorkflowExtensions"    Administrators extensions::create;
    GET    "EM/catalogs/{catalog}/customWorkflowExtensions/{extension}" Administrators extensions::get;
    PUT    "EM/catalogs/{catalog}/customWorkflowExtensions/{extension}" Administrators extensions::replace;
    DELETE "EM/catalogs/{catalog}/customWorkflowExtensions/{extension}" Administrators extensions::delete;

    GET    "EM/accessPackages"                                 Administrators packages::list;
    POST   "EM/accessPackages"                                 Administrators packages::create;
    GET    "EM/accessPackages/filterByCurrentUser()"           People         offers::filter_by_current_user;
    GET    "EM/accessPackages/{package}"                       Administrators packages::get;
    PATCH  "EM/accessPackages/{package}"                       Administrators packages::update;
    DELETE "EM/accessPackages/{package}"                       Administrators packages::delete;
    POST   "EM/accessPackages/{package}/getApplicablePolicyRequirements" People offers::applicable_policy_requirements;
    GET    "EM/accessPackages/{package}/resourceRoleScopes"   Administrators role_scopes::list;
    POST   "EM/accessPackages/{package}/resourceRoleScopes"   Administrators role_scopes::create;
    GET    "EM/accessPackages/{package}/resourceRoleScopes/{roleScope}" Administrators role_scopes::get;
    DELETE "EM/accessPackages/{package}/resourceRoleScopes/{roleScope}" Administrators role_scopes::delete;
    GET    "EM/accessPackages/{package}/incompatibleAccessPackages" Administrators incompatible::list_packages;
    POST   "EM/accessPackages/{package}/incompatibleAccessPackages/$ref" Administrators incompatible::add_package;
    DELETE "EM/accessPackages/{package}/incompatibleAccessPackages/{other}/$ref" Administrators incompatible::remove_package;
    GET    "EM/accessPackages/{package}/incompatibleGroups"   Administrators incompatible::list_groups;
    POST   "EM/accessPackages/{package}/incompatibleGroups/$ref" Administrators incompatible::add_group;
    DELETE "EM/accessPackages/{package}/incompatibleGroups/{group}/$ref" Administrators incompatible::remove_group;
    GET    "EM/accessPackages/{package}/accessPackagesIncompatibleWith" Administrators incompatible::list_reverse;

    GET    "EM/connectedOrganizations"                         Administrators organizations::list;
    POST   "EM/connectedOrganizations"                         Administrators organizations::create;
    GET    "EM/connectedOrganizations/{organization}"          Administrators organizations::get;
    PATCH  "EM/connectedOrganizations/{organization}"          Administrators organizations::update;
    DELETE "EM/connectedOrganizations/{organization}"          Administrators organizations::delete;
    GET    "EM/connectedOrganizations/{organization}/internalSponsors" Administrators organizations::list_internal_sponsors;
    POST   "EM/connectedOrganizations/{organization}/internalSponsors/$ref" Administrators organizations::add_internal_sponsor;
    DELETE "EM/connectedOrganizations/{organization}/internalSponsors/{sponsor}/$ref" Administrators organizations::remove_internal_sponsor;
    GET    "EM/connectedOrganizations/{organization}/externalSponsors" Administrators organizations::list_external_sponsors;
    POST   "EM/connectedOrganizations/{organization}/externalSponsors/$ref" Administrators organizations::add_external_sponsor;
    DELETE "EM/connectedOrganizations/{organization}/externalSponsors/{sponsor}/$ref" Administrators organizations::remove_external_sponsor;
    GET    "EM/assignments/{assignment}/target/connectedOrganization/internalSponsors" Administrators organizations::list_internal_sponsors_of_target;
    GET    "EM/assignments/{assignment}/target/connectedOrganization/externalSponsors" Administrators organizations::list_external_sponsors_of_target;
    GET    "EM/subjects"                                       Administrators subjects::list;
    GET    "EM/subjects()"                                     Administrators subjects::get;
    PATCH  "EM/subjects()"                                     Administrators subjects::update;
    GET    "EM/settings"                                       Administrators subjects::get_settings;
    PATCH  "EM/settings"                                       Administrators subjects::update_settings;

    GET    "EM/assignmentPolicies"                             Administrators policies::list;
    POST   "EM/assignmentPolicies"                             Administrators policies::create;
    GET    "EM/assignmentPolicies/{policy}"                    Administrators policies::get;
    PUT    "EM/assignmentPolicies/{policy}"                    Administrators policies::replace;
    DELETE "EM/assignmentPolicies/{policy}"                    Administrators policies::delete;

    GET    "EM/assignmentRequests"                             Administrators requests::list;
    POST   "EM/assignmentRequests"                             Everybody      requests::submit::create;
    GET    "EM/assignmentRequests/filterByCurrentUser()"       People         requests::filter_by_current_user;
    GET    "EM/assignmentRequests/{request}"                   Everybody      requests::get;
    DELETE "EM/assignmentRequests/{request}"                   Administrators requests::delete;
    POST   "EM/assignmentRequests/{request}/cancel"            People         requests::cancel;
    POST   "EM/assignmentRequests/{request}/reprocess"         Administrators requests::reprocess;
    POST   "EM/assignmentRequests/{request}/resume"            Administrators requests::resume::resume;

    GET    "EM/assignments"                                    Administrators assignments::list;
    GET    "EM/assignments/filterByCurrentUser()"              People         assignments::filter_by_current_user;
    GET    "EM/assignments/additionalAccess()"                People         incompatible::additional_access;
    GET    "EM/assignments/{assignment}"                       Everybody      assignments::get;
    POST   "EM/assignments/{assignment}/reprocess"             Administrators assignments::reprocess;

    GET    "EM/accessPackageAssignmentApprovals/filterByCurrentUser()" People approvals::filter_by_current_user;
    GET    "EM/accessPackageAssignmentApprovals/{approval}"    People         approvals::get;
    GET    "EM/accessPackageAssignmentApprovals/{approval}/stages" People     approvals::list_stages;
    GET    "EM/accessPackageAssignmentApprovals/{approval}/stages/{stage}" People approvals::get_stage;
    PATCH  "EM/accessPackageAssignmentApprovals/{approval}/stages/{stage}" People approvals::decide;

    GET    "AR/definitions"                                   Administrators reviews::definitions::list;
    POST   "AR/definitions"                                   Administrators reviews::definitions::create;
    GET    "AR/definitions/filterByCurrentUser()"             People         reviews::definitions::filter_by_current_user;
    GET    "AR/definitions/{review}"                          Everybody      reviews::definitions::get;
    PUT    "AR/definitions/{review}"                          Administrators reviews::definitions::replace;
    DELETE "AR/definitions/{review}"                          Administrators reviews::definitions::delete;
    POST   "AR/definitions/{review}/stop"                     Administrators reviews::definitions::stop;
    GET    "AR/definitions/{review}/instances"                Everybody      reviews::instances::list;
    GET    "AR/definitions/{review}/instances/filterByCurrentUser()" People         reviews::instances::filter_by_current_user;
    GET    "AR-instance"                                      Everybody      reviews::instances::get;
    PATCH  "AR-instance"                                      Administrators reviews::instances::update;
    PUT    "AR-instance"                                      Administrators reviews::instances::update;
    POST   "AR-instance/stop"                                 Administrators reviews::actions::stop;
    POST   "AR-instance/sendReminder"                         Administrators reviews::actions::send_reminder;
    POST   "AR-instance/resetDecisions"                       Administrators reviews::actions::reset_decisions;
    POST   "AR-instance/applyDecisions"                       Administrators reviews::actions::apply_decisions;
    POST   "AR-instance/acceptRecommendations"                People         reviews::actions::accept_recommendations;
    POST   "AR-instance/batchRecordDecisions"                 People         reviews::actions::batch_record_decisions;
    GET    "AR-instance/contactedReviewers"                   Everybody      reviews::instances::list_contacted_reviewers;
    GET    "AR-instance/contactedReviewers/{reviewer}"        Everybody      reviews::instances::get_contacted_reviewer;
    GET    "AR-instance/decisions"                            Everybody      reviews::decisions::list;
    GET    "AR-instance/decisions/filterByCurrentUser()"      People         reviews::decisions::filter_by_current_user;
    POST   "AR-instance/decisions/recordAllDecisions"         People         reviews::actions::batch_record_decisions;
    GET    "AR-instance/decisions/{decision}"                 Everybody      reviews::decisions::get;
    PATCH  "AR-instance/decisions/{decision}"                 People         reviews::decisions::update;
    GET    "AR-instance/decisions/{decision}/insights"        Everybody      reviews::decisions::list_insights;
    GET    "AR-instance/stages"                               Everybody      reviews::stages::list;
    GET    "AR-instance/stages/filterByCurrentUser()"         People         reviews::stages::filter_by_current_user;
    GET    "AR-instance/stages/{stage}"                       Everybody      reviews::stages::get;
    POST   "AR-instance/stages/{stage}/stop"                  Administrators reviews::stages::stop;
    GET    "AR-instance/stages/{stage}/decisions"             Everybody      reviews::stages::list_decisions;
    GET    "AR-instance/stages/{stage}/decisions/filterByCurrentUser()" People         reviews::stages::filter_decisions_by_current_user;
    GET    "AR-instance/stages/{stage}/decisions/{decision}"  Everybody      reviews::stages::get_decision;
    PATCH  "AR-instance/stages/{stage}/decisions/{decision}"  People         reviews::stages::update_decision;
    GET    "AR/historyDefinitions"                            Administrators reviews::history::list;
    POST   "AR/historyDefinitions"                            Administrators reviews::history::create;
    GET    "AR/historyDefinitions/{history}"                  Administrators reviews::history::get;
    GET    "AR/historyDefinitions/{history}/instances"        Administrators reviews::history::list_runs;
    GET    "AR/historyDefinitions/{history}/instances/{run}"  Administrators reviews::history::get_run;
    POST   "AR/historyDefinitions/{history}/instances/{run}/generateDownloadUri" Administrators reviews::history::generate_download_uri;

    GET    "deviceAppManagement/mobileApps"                   Administrators intune::apps::list;
    POST   "deviceAppManagement/mobileApps"                   Administrators intune::apps::create;
    GET    "deviceAppManagement/mobileApps/{app}"             Administrators intune::apps::get;
    PATCH  "deviceAppManagement/mobileApps/{app}"             Administrators intune::apps::update;
    DELETE "deviceAppManagement/mobileApps/{app}"             Administrators intune::apps::delete;
    POST   "deviceAppManagement/mobileApps/{app}/assign"      Administrators intune::app_assignments::assign;
    GET    "deviceAppManagement/mobileApps/{app}/assignments" Administrators intune::app_assignments::list;
    POST   "deviceAppManagement/mobileApps/{app}/assignments" Administrators intune::app_assignments::create;
    GET    "deviceAppManagement/mobileApps/{app}/assignments/{row}" Administrators intune::app_assignments::get;
    DELETE "deviceAppManagement/mobileApps/{app}/assignments/{row}" Administrators intune::app_assignments::delete;
    GET    "content/contentVersions"                          Administrators intune::versions::list;
    POST   "content/contentVersions"                          Administrators intune::versions::create;
    GET    "content/contentVersions/{version}"                Administrators intune::versions::get;
    DELETE "content/contentVersions/{version}"                Administrators intune::versions::delete;
    GET    "content/contentVersions/{version}/files"          Administrators intune::files::list;
    POST   "content/contentVersions/{version}/files"          Administrators intune::files::create;
    GET    "content/contentVersions/{version}/files/{file}"   Administrators intune::files::get;
    DELETE "content/contentVersions/{version}/files/{file}"   Administrators intune::files::delete;
    POST   "content/contentVersions/{version}/files/{file}/commit" Administrators intune::files::commit;
    POST   "content/contentVersions/{version}/files/{file}/renewUpload" Administrators intune::files::renew_upload;
    GET    "deviceManagement/deviceConfigurations"            Administrators intune::configurations::list;
    POST   "deviceManagement/deviceConfigurations"            Administrators intune::configurations::create;
    GET    "deviceManagement/deviceConfigurations/{configuration}" Administrators intune::configurations::get;
    PATCH  "deviceManagement/deviceConfigurations/{configuration}" Administrators intune::configurations::update;
    DELETE "deviceManagement/deviceConfigurations/{configuration}" Administrators intune::configurations::delete;
    POST   "deviceManagement/deviceConfigurations/{configuration}/assign" Administrators intune::configuration_assignments::assign;
    GET    "deviceManagement/deviceConfigurations/{configuration}/assignments" Administrators intune::configuration_assignments::list;
    POST   "deviceManagement/deviceConfigurations/{configuration}/assignments" Administrators intune::configuration_assignments::create;
    GET    "deviceManagement/deviceConfigurations/{configuration}/assignments/{row}" Administrators intune::configuration_assignments::get;
    DELETE "deviceManagement/deviceConfigurations/{configuration}/assignments/{row}" Administrators intune::configuration_assignments::delete;
    GET    "deviceManagement/deviceConfigurations/{configuration}/deviceStatuses" Administrators intune::configurations::list_statuses;
    GET    "deviceManagement/deviceConfigurations/{configuration}/deviceStatusOverview" Administrators intune::configurations::get_overview;
    GET    "deviceManagement/managedDevices"                  Administrators intune::devices::list;
    GET    "deviceManagement/managedDevices/{device}"         Administrators intune::devices::get;
    POST   "deviceManagement/managedDevices/{device}/syncDevice" Administrators intune::devices::sync;
    GET    "deviceManagement/managedDevices/{device}/deviceConfigurationStates" Administrators intune::devices::list_configuration_states;
    GET    "users/{user}/managedDevices"                      Administrators intune::devices::list_of_user;
    POST   "deviceManagement/reports/retrieveDeviceAppInstallationStatusReport" Administrators intune::report::app_installation;
};

/// The templates, taken apart once.
pub(super) static TEMPLATES: LazyLock<Vec<Vec<Part>>> =
    LazyLock::new(|| ROUTES.iter().map(Route::parts).collect());
