//! The types of the model by their names in the schema, and the way a value takes through each.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalog::Catalog;
use crate::package::AccessPackage;
use crate::policy::AssignmentPolicy;
use crate::resource::{Resource, ResourceRole, ResourceScope};
use crate::wire::{self, DecodeError, RawObject};
use crate::{
    access_review, approval, assignment, assignment_request, available_package,
    connected_organization, control_configuration, custom_extension, directory,
    entitlement_management, identity, intune, lifecycle_workflow, policy, public_error, resource,
    schedule, settings, subject, subject_set, suggestion,
};

/// Takes a value through a type of the model.
pub(super) type Through = fn(Value) -> Result<Value, DecodeError>;

fn through<T: DeserializeOwned + Serialize>(value: Value) -> Result<Value, DecodeError> {
    wire::decode_value::<T>(value).map(|decoded| encode(&decoded))
}

/// Types of the model write as JSON whatever they hold.
fn encode<T: Serialize>(decoded: &T) -> Value {
    serde_json::to_value(decoded).unwrap_or_default()
}

/// The types whose children hold them, and not the other way round: the children find themselves in their parent.
const PARENTS: &[(&str, Through)] = &[
    ("accessPackage", package),
    ("accessPackageCatalog", catalog),
];

fn package(value: Value) -> Result<Value, DecodeError> {
    let package: AccessPackage = wire::decode_value(value)?;
    let mut encoded = encode(&package);
    put(&mut encoded, "assignmentPolicies", || {
        AssignmentPolicy::expanded_in(&package)
    })?;
    Ok(encoded)
}

fn catalog(value: Value) -> Result<Value, DecodeError> {
    let catalog: Catalog = wire::decode_value(value)?;
    let mut encoded = encode(&catalog);
    put(&mut encoded, "accessPackages", || {
        AccessPackage::expanded_in(&catalog)
    })?;
    put(&mut encoded, "resourceRoles", || {
        ResourceRole::expanded_in(&catalog)
    })?;
    put(&mut encoded, "resourceScopes", || {
        ResourceScope::expanded_in(&catalog)
    })?;
    put(&mut encoded, "resources", || {
        Resource::expanded_in(&catalog)
    })?;
    let packages = encoded
        .get_mut("accessPackages")
        .and_then(Value::as_array_mut);
    for (index, place) in packages.into_iter().flatten().enumerate() {
        let within = |error: DecodeError| error.within(&format!("accessPackages[{index}]"));
        *place = package(place.take()).map_err(within)?;
    }
    Ok(encoded)
}

/// The way of what is found in its parent, where the parent is in a slot of another type and read as part of it.
pub(super) fn found_in_parent(slot: &str, name: &str) -> Option<Through> {
    let is_package = matches!(
        slot,
        "accessPackage"
            | "accessPackages"
            | "accessPackagesIncompatibleWith"
            | "incompatibleAccessPackages"
    );
    match name {
        "assignmentPolicies" if is_package => Some(through::<AssignmentPolicy>),
        "accessPackages" if slot == "catalog" => Some(package),
        "resourceRoles" if slot == "catalog" => Some(through::<ResourceRole>),
        "resourceScopes" if slot == "catalog" => Some(through::<ResourceScope>),
        "resources" if slot == "catalog" => Some(through::<Resource>),
        _ => None,
    }
}

/// Puts the children that `read` finds in the place where the parent has them.
fn put<T: Serialize>(
    parent: &mut Value,
    name: &str,
    read: impl FnOnce() -> Result<Option<Vec<T>>, DecodeError>,
) -> Result<(), DecodeError> {
    if let Some(place) = parent.get_mut(name).filter(|place| !place.is_null())
        && let Some(children) = read()?
    {
        *place = encode(&children);
    }
    Ok(())
}

/// What every entity has, whatever else it is.
#[derive(Serialize, Deserialize)]
struct AnyEntity {
    id: String,
    #[serde(flatten)]
    others: RawObject,
}

/// Any entity: decoded as the kind that its tag names.
fn entity(value: Value) -> Result<Value, DecodeError> {
    let any: AnyEntity = wire::decode_value(value.clone())?;
    let kind = any.others.type_name();
    let Some((_, through)) = PLAIN
        .iter()
        .chain(PARENTS)
        .find(|(name, _)| Some(*name) == kind)
    else {
        return Ok(encode(&any));
    };
    let mut encoded = through(value)?;
    if let Some(tag) = any.others.get(wire::TYPE_TAG) {
        encoded[wire::TYPE_TAG] = tag.clone();
    }
    Ok(encoded)
}
/// A kind that is decoded as its slot, which goes by the tag.
fn tagged(mut value: Value, kind: &str) -> Value {
    if let Value::Object(members) = &mut value {
        members
            .entry(wire::TYPE_TAG)
            .or_insert_with(|| format!("#microsoft.graph.{kind}").into());
    }
    value
}

macro_rules! types {
    ($($name:literal $($kind:ident)?: $type:ty,)+) => {
        &[$(($name, types!(@through $name $($kind)?: $type)),)+]
    };
    (@through $name:literal: $type:ty) => {
        through::<$type> as Through
    };
    (@through $name:literal kind: $type:ty) => {
        |value| through::<$type>(tagged(value, $name))
    };
}

/// The types of the model by their names in the schema.
pub(super) fn types() -> impl Iterator<Item = (&'static str, Through)> {
    PLAIN
        .iter()
        .chain(PARENTS)
        .copied()
        .chain([("entity", entity as Through)])
}

/// The types that are what they are decoded into.
const PLAIN: &[(&str, Through)] = types! {
    "accessPackageAnswer": policy::question::Answer,
    "accessPackageAnswerChoice": policy::question::AnswerChoice,
    "accessPackageAnswerString": policy::question::AnswerString,
    "accessPackageApprovalStage": policy::approval::ApprovalStage,
    "accessPackageAssignment": assignment::Assignment,
    "accessPackageAssignmentApprovalSettings": policy::approval::ApprovalSettings,
    "accessPackageAssignmentPolicy": AssignmentPolicy,
    "accessPackageAssignmentRequest": assignment_request::AssignmentRequest,
    "accessPackageAssignmentRequestCallbackData": custom_extension::callback::AssignmentRequestCallbackData,
    "accessPackageAssignmentRequestRequirements": policy::requirements::PolicyRequirements,
    "accessPackageAssignmentRequestWorkflowExtension": custom_extension::CustomExtension,
    "accessPackageAssignmentRequestorSettings": policy::requestor::RequestorSettings,
    "accessPackageAssignmentReviewSettings": policy::review::ReviewSettings,
    "accessPackageAssignmentWorkflowExtension": custom_extension::CustomExtension,
    "accessPackageAutomaticRequestSettings": policy::requestor::AutomaticRequestSettings,
    "accessPackageDynamicApprovalStage": policy::approval::ApprovalStage,
    "accessPackageLocalizedText": policy::question::LocalizedText,
    "accessPackageMultipleChoiceQuestion": policy::question::MultipleChoiceQuestion,
    "accessPackageNotificationSettings": policy::NotificationSettings,
    "accessPackageQuestion": policy::question::Question,
    "accessPackageRequestApprovalStageCallbackConfiguration": custom_extension::configuration::CallbackConfiguration,
    "accessPackageResource": Resource,
    "accessPackageResourceAttribute": resource::ResourceAttribute,
    "accessPackageResourceAttributeDestination": resource::ResourceAttributeDestination,
    "accessPackageResourceAttributeQuestion": resource::ResourceAttributeQuestion,
    "accessPackageResourceAttributeSource": resource::ResourceAttributeSource,
    "accessPackageResourceEnvironment": resource::ResourceEnvironment,
    "accessPackageResourceRequest": resource::ResourceRequest,
    "accessPackageResourceRole": ResourceRole,
    "accessPackageResourceRoleScope": resource::RoleScope,
    "accessPackageResourceScope": ResourceScope,
    "accessPackageSubject": subject::Subject,
    "accessPackageSuggestion": suggestion::Suggestion,
    "accessPackageSuggestionReason": suggestion::SuggestionReason,
    "accessPackageSuggestionRelatedPeopleBased": suggestion::RelatedPeopleReason,
    "accessPackageSuggestionSelfAssignmentHistoryBased": suggestion::SelfAssignmentHistoryReason,
    "accessPackageTextInputQuestion": policy::question::TextInputQuestion,
    "accessPackageUserDirectoryAttributeStore": resource::UserDirectoryAttributeStore,
    "accessReviewApplyAction": access_review::settings::ApplyAction,
    "accessReviewHistoryDefinition": access_review::history::HistoryDefinition,
    "accessReviewHistoryInstance": access_review::history::HistoryInstance,
    "accessReviewHistoryScheduleSettings": access_review::history::HistoryScheduleSettings,
    "accessReviewInactiveUsersQueryScope": access_review::scope::InactiveUsersQueryScope,
    "accessReviewInstance": access_review::instance::Instance,
    "accessReviewInstanceDecisionItem": access_review::decision::DecisionItem,
    "accessReviewInstanceDecisionItemAccessPackageAssignmentPolicyResource": access_review::decision::AccessPackageAssignmentPolicyResource,
    "accessReviewInstanceDecisionItemAzureRoleResource": access_review::decision::AzureRoleResource,
    "accessReviewInstanceDecisionItemResource": access_review::decision::DecisionItemResource,
    "accessReviewInstanceDecisionItemServicePrincipalResource": access_review::decision::ServicePrincipalResource,
    "accessReviewNotificationRecipientItem": access_review::notification::NotificationRecipientItem,
    "accessReviewNotificationRecipientQueryScope": access_review::notification::NotificationRecipientQueryScope,
    "accessReviewNotificationRecipientScope": access_review::notification::NotificationRecipientScope,
    "accessReviewQueryScope": access_review::scope::QueryScope,
    "accessReviewRecommendationInsightSetting": access_review::insight::InsightSetting,
    "accessReviewReviewer": access_review::reviewer::Reviewer,
    "accessReviewReviewerScope": access_review::reviewer::ReviewerScope,
    "accessReviewScheduleDefinition": access_review::definition::ScheduleDefinition,
    "accessReviewScheduleSettings": access_review::settings::ScheduleSettings,
    "accessReviewScope": access_review::scope::Scope,
    "accessReviewSet": access_review::set::AccessReviewSet,
    "accessReviewStage": access_review::stage::Stage,
    "accessReviewStageSettings": access_review::stage::StageSettings,
    "allDevicesAssignmentTarget": intune::target::AllTarget,
    "allLicensedUsersAssignmentTarget": intune::target::AllTarget,
    "approval": approval::Approval,
    "approvalStage": approval::Stage,
    "assignedLabel": directory::AssignedLabel,
    "assignedLicense": directory::AssignedLicense,
    "assignmentRequestApprovalStageCallbackData": custom_extension::callback::AssignmentRequestApprovalStageCallbackData,
    "attributeRuleMembers": subject_set::AttributeRuleMembers,
    "availableAccessPackage": available_package::AvailableAccessPackage,
    "azureActiveDirectoryTenant": connected_organization::AzureActiveDirectoryTenant,
    "azureAdPopTokenAuthentication": custom_extension::configuration::AzureAdPopTokenAuthentication,
    "azureAdTokenAuthentication": custom_extension::configuration::AzureAdTokenAuthentication,
    "azureCommunicationServicesUserIdentity": identity::communications::AzureCommunicationServicesUserIdentity,
    "communicationsApplicationIdentity": identity::communications::CommunicationsApplicationIdentity,
    "communicationsApplicationInstanceIdentity": identity::communications::CommunicationsApplicationInstanceIdentity,
    "communicationsEncryptedIdentity": identity::IdentityBase,
    "communicationsGuestIdentity": identity::communications::CommunicationsGuestIdentity,
    "communicationsPhoneIdentity": identity::IdentityBase,
    "communicationsUserIdentity": identity::communications::CommunicationsUserIdentity,
    "configurationManagerCollectionAssignmentTarget": intune::target::CollectionTarget,
    "connectedOrganization": connected_organization::ConnectedOrganization,
    "connectedOrganizationMembers": subject_set::ConnectedOrganizationMembers,
    "connectionInfo": resource::ConnectionInfo,
    "controlConfiguration": control_configuration::ControlConfiguration,
    "crossCloudAzureActiveDirectoryTenant": connected_organization::CrossCloudAzureActiveDirectoryTenant,
    "customCalloutExtension": custom_extension::CustomExtension,
    "customDataProvidedResourceFile": resource::UploadedFile,
    "customDataProvidedResourcePayloads.data": RawObject,
    "customDataProvidedResourceUploadSession": resource::UploadSession,
    "customDataProvidedResourceUploadStats": resource::UploadStats,
    "customExtensionAuthenticationConfiguration": custom_extension::configuration::AuthenticationConfiguration,
    "customExtensionCallbackConfiguration": custom_extension::configuration::CallbackConfiguration,
    "customExtensionCalloutInstance": custom_extension::stage::CustomExtensionCalloutInstance,
    "customExtensionClientConfiguration": custom_extension::configuration::ClientConfiguration,
    "customExtensionData": custom_extension::callback::CustomExtensionData,
    "customExtensionEndpointConfiguration": custom_extension::configuration::EndpointConfiguration,
    "customExtensionStageSetting": custom_extension::stage::CustomExtensionStageSetting,
    "detailsInfo": identity::provisioning::DetailsInfo,
    "deviceAndAppManagementAssignmentTarget": intune::target::AssignmentTarget,
    "deviceConfiguration": intune::configuration::DeviceConfiguration,
    "deviceConfigurationAssignment": intune::configuration::DeviceConfigurationAssignment,
    "directoryObject": directory::DirectoryObject,
    "disableAndDeleteUserApplyAction": subject_set::NoFields,
    "domainIdentitySource": connected_organization::DomainIdentitySource,
    "emailIdentity": identity::collaboration::EmailIdentity,
    "endUserSettings": control_configuration::EndUserSettings,
    "entitlementManagement": entitlement_management::EntitlementManagement,
    "entitlementManagementSchedule": schedule::Schedule,
    "entitlementManagementSettings": settings::EntitlementManagementSettings,
    "exclusionGroupAssignmentTarget": intune::target::GroupTarget,
    "expirationPattern": schedule::Expiration,
    "externalDomainFederation": connected_organization::ExternalDomainFederation,
    "externalSponsors": subject_set::NoFields,
    "fileEncryptionInfo": intune::content::FileEncryptionInfo,
    "governanceInsight": access_review::insight::Insight,
    "group": directory::Group,
    "groupAssignmentTarget": intune::target::GroupTarget,
    "groupMembers": subject_set::GroupMembers,
    "groupPeerOutlierRecommendationInsightSettings": access_review::insight::GroupPeerOutlierSettings,
    "httpRequestEndpoint": custom_extension::configuration::HttpRequestEndpoint,
    "identity": identity::Principal,
    "identityGovernance.customTaskExtensionCallbackConfiguration": custom_extension::configuration::CallbackConfiguration,
    "identityGovernance.groupBasedSubjectSet": lifecycle_workflow::GroupBasedSubjectSet,
    "identityGovernance.ruleBasedSubjectSet": lifecycle_workflow::RuleBasedSubjectSet,
    "identitySource": connected_organization::IdentitySource,
    "initiator": identity::provisioning::Initiator,
    "internalSponsors": subject_set::NoFields,
    "iosLobAppAssignmentSettings": intune::settings::IosAppAssignmentSettings,
    "iosStoreAppAssignmentSettings": intune::settings::IosAppAssignmentSettings,
    "iosVppAppAssignmentSettings": intune::settings::IosVppAppAssignmentSettings,
    "licenseProcessingState": directory::LicenseProcessingState,
    "logicAppTriggerEndpointConfiguration": custom_extension::configuration::LogicAppTriggerEndpointConfiguration,
    "macOsLobAppAssignmentSettings": intune::settings::MacOsLobAppAssignmentSettings,
    "membershipOutlierInsight": access_review::insight::MembershipOutlierInsight,
    "microsoftStoreForBusinessAppAssignmentSettings": intune::settings::DeviceContextSettings,
    "mimeContent": intune::lob::MimeContent,
    "mobileApp": intune::app::MobileApp,
    "mobileAppAssignment": intune::assignment::MobileAppAssignment,
    "mobileAppAssignmentSettings": intune::settings::MobileAppAssignmentSettings,
    "mobileAppContent": intune::content::MobileAppContent,
    "mobileAppContentFile": intune::content::MobileAppContentFile,
    "mobileAppInstallTimeSettings": intune::settings::MobileAppInstallTimeSettings,
    "mobileContainedApp": intune::content::MobileContainedApp,
    "mobileLobApp": intune::app::MobileApp,
    "objectIdentity": directory::ObjectIdentity,
    "omaSetting": intune::oma::OmaSetting,
    "omaSettingBase64": intune::oma::OmaSettingBase64,
    "omaSettingBoolean": intune::oma::OmaSettingBoolean,
    "omaSettingDateTime": intune::oma::OmaSettingDateTime,
    "omaSettingFloatingPoint": intune::oma::OmaSettingFloatingPoint,
    "omaSettingInteger": intune::oma::OmaSettingInteger,
    "omaSettingString": intune::oma::OmaSettingString,
    "omaSettingStringXml": intune::oma::OmaSettingStringXml,
    "onPremisesExtensionAttributes": directory::OnPremisesExtensionAttributes,
    "onPremisesProvisioningError": directory::OnPremisesProvisioningError,
    "patternedRecurrence": schedule::Recurrence,
    "principalResourceMembershipsScope": access_review::scope::PrincipalResourceMembershipsScope,
    "provisionedIdentity": identity::provisioning::ProvisionedIdentity,
    "provisioningServicePrincipal": identity::IdentityBase,
    "provisioningSystem": identity::provisioning::ProvisioningSystem,
    "publicError": public_error::PublicError,
    "publicErrorDetail": public_error::PublicErrorDetail,
    "publicInnerError": public_error::PublicInnerError,
    "recurrencePattern": schedule::RecurrencePattern,
    "recurrenceRange": schedule::RecurrenceRange,
    "removeAccessApplyAction": subject_set::NoFields,
    "requestSchedule": schedule::Schedule,
    "requestorManager": subject_set::RequestorManager,
    "servicePrincipalIdentity": identity::ServicePrincipalIdentity,
    "serviceProvisioningError": directory::ServiceProvisioningError,
    "sharePointGroupIdentity": identity::collaboration::SharePointGroupIdentity,
    "sharePointIdentity": identity::collaboration::SharePointIdentity,
    "singleServicePrincipal": subject_set::SingleServicePrincipal,
    "singleUser": subject_set::SingleUser,
    "socialIdentitySource": connected_organization::SocialIdentitySource,
    "subjectSet": subject_set::SubjectSet,
    "targetAgentIdentitySponsorsOrOwners": subject_set::NoFields,
    "targetApplicationOwners": subject_set::NoFields,
    "targetManager": subject_set::TargetManager,
    "targetUserSponsors": subject_set::NoFields,
    "teamworkApplicationIdentity": identity::collaboration::TeamworkApplicationIdentity,
    "teamworkConversationIdentity": identity::collaboration::TeamworkConversationIdentity,
    "teamworkTagIdentity": identity::IdentityBase,
    "teamworkUserIdentity": identity::collaboration::TeamworkUserIdentity,
    "user": directory::User,
    "userIdentity": identity::UserIdentity,
    "userLastSignInRecommendationInsightSetting": access_review::insight::UserLastSignInSetting,
    "userSignInInsight": access_review::insight::UserSignInInsight,
    "win32LobApp" kind: intune::app::MobileApp,
    "win32LobAppAssignmentSettings": intune::settings::Win32LobAppAssignmentSettings,
    "win32LobAppAutoUpdateSettings": intune::settings::Win32LobAppAutoUpdateSettings,
    "win32LobAppFileSystemRule": intune::win32_rule::Win32LobAppFileSystemRule,
    "win32LobAppInstallExperience": intune::win32::Win32LobAppInstallExperience,
    "win32LobAppMsiInformation": intune::win32::Win32LobAppMsiInformation,
    "win32LobAppPowerShellScriptRule": intune::win32_rule::Win32LobAppPowerShellScriptRule,
    "win32LobAppProductCodeRule": intune::win32_rule::Win32LobAppProductCodeRule,
    "win32LobAppRegistryRule": intune::win32_rule::Win32LobAppRegistryRule,
    "win32LobAppRestartSettings": intune::settings::Win32LobAppRestartSettings,
    "win32LobAppReturnCode": intune::win32::Win32LobAppReturnCode,
    "win32LobAppRule": intune::win32_rule::Win32LobAppRule,
    "windows10CustomConfiguration" kind: intune::configuration::DeviceConfiguration,
    "windowsAppXAppAssignmentSettings": intune::settings::DeviceContextSettings,
    "windowsMobileMSI" kind: intune::app::MobileApp,
    "windowsUniversalAppXAppAssignmentSettings": intune::settings::DeviceContextSettings,
};
