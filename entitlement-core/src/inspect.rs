//! Looks at JSON through the model: does it fit, what becomes of it, and what does the model not know?
//!
//! Useful to see at a glance whether anything of a tenant's answers would be lost, and how the model is held against
//! the schema of the service.
//!
//! ```
//! use entitlement_core::inspect::inspect;
//! use serde_json::json;
//!
//! let answer = json!({"id": "c1", "displayName": "Devices", "colour": "green"});
//! let inspection = inspect("accessPackageCatalog", &answer)?;
//! assert_eq!(inspection.unknown, ["colour"]);
//! assert_eq!(inspection.value["displayName"], "Devices");
//! # Ok::<(), entitlement_core::inspect::InspectError>(())
//! ```

use std::fmt::Write as _;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::wire::{self, DecodeError};
use crate::{
    access_review, approval, assignment, assignment_request, available_package, catalog,
    connected_organization, control_configuration, custom_extension, directory, identity, intune,
    package, policy, resource, schedule, settings, subject, subject_set, suggestion,
};

/// What the model made of a value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Inspection {
    /// The value, decoded into the model and encoded again.
    pub value: Value,
    /// The paths of properties that the model has no name for, kept or not: `stages[0].colour`.
    pub unknown: Vec<String>,
}

/// Why a value could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The model has no such type.
    #[error("the model has no type {0:?}")]
    UnknownType(String),
    /// The value is not one of that type.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// Decodes a value as the Graph type of the given name and encodes it again. `collection:accessPackage` is a list
/// answer: an object with the items in `value`.
///
/// # Errors
///
/// [`InspectError`] if the model has no such type, or the value is not one.
pub fn inspect(type_name: &str, value: &Value) -> Result<Inspection, InspectError> {
    let Some(item) = type_name.strip_prefix("collection:") else {
        return Ok(inspect_one(find(type_name)?, value, "")?);
    };
    let through = find(item)?;
    let mut list = wire::decode_value::<Map<String, Value>>(value.clone())?;
    let items = wire::decode_value::<Vec<Value>>(list.remove("value").unwrap_or_default())?;
    let mut unknown = Vec::new();
    let mut encoded = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = format!("value[{index}]");
        let inspection = inspect_one(through, item, &format!("{place}."))
            .map_err(|error| error.within(&place))?;
        unknown.extend(inspection.unknown);
        encoded.push(inspection.value);
    }
    unknown.extend(list.keys().filter(|name| !name.starts_with('@')).cloned());
    list.retain(|name, _| name.starts_with('@'));
    list.insert("value".to_owned(), encoded.into());
    Ok(Inspection {
        value: list.into(),
        unknown,
    })
}

/// The names of the Graph types that the model has.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// Takes a value through a type of the model.
type Through = fn(Value) -> Result<Value, DecodeError>;

fn find(name: &str) -> Result<Through, InspectError> {
    let entry = TYPES.iter().find(|(known, _)| *known == name);
    entry
        .map(|(_, through)| *through)
        .ok_or_else(|| InspectError::UnknownType(name.to_owned()))
}

fn inspect_one(through: Through, value: &Value, prefix: &str) -> Result<Inspection, DecodeError> {
    let encoded = through(value.clone())?;
    let mut unknown = Vec::new();
    Probe {
        through,
        whole: value.clone(),
        unknown: &mut unknown,
        prefix,
    }
    .walk(value, "");
    Ok(Inspection {
        value: encoded,
        unknown,
    })
}

fn through<T: DeserializeOwned + Serialize>(value: Value) -> Result<Value, DecodeError> {
    let decoded: T = wire::decode_value(value)?;
    // Types of the model write as JSON whatever they hold.
    Ok(serde_json::to_value(decoded).unwrap_or_default())
}

/// Finds properties that a type does not know: whatever they hold, decoding does not mind.
struct Probe<'a> {
    through: Through,
    whole: Value,
    unknown: &'a mut Vec<String>,
    prefix: &'a str,
}

impl Probe<'_> {
    /// Looks at every property below `part`, which is at `pointer` in the whole.
    fn walk(&mut self, part: &Value, pointer: &str) {
        match part {
            Value::Object(members) => {
                for (name, member) in members {
                    if name.starts_with('@') || name.contains("@odata.") {
                        continue;
                    }
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    let place = format!("{pointer}/{escaped}");
                    if self.minds(&place) {
                        self.walk(member, &place);
                    } else {
                        self.unknown
                            .push(format!("{}{}", self.prefix, readable(&place)));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }

    /// Whether decoding minds what is at a place: no type takes both a number and an object.
    fn minds(&mut self, pointer: &str) -> bool {
        let Some(place) = self.whole.pointer_mut(pointer) else {
            return false;
        };
        let original = std::mem::replace(place, json!(0.5));
        let minds_number = (self.through)(self.whole.clone()).is_err();
        self.put(pointer, json!({}));
        let minds_object = (self.through)(self.whole.clone()).is_err();
        self.put(pointer, original);
        minds_number || minds_object
    }

    fn put(&mut self, pointer: &str, value: Value) {
        if let Some(place) = self.whole.pointer_mut(pointer) {
            *place = value;
        }
    }
}

/// `/stages/0/colour` as `stages[0].colour`.
fn readable(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            let _ = write!(path, "[{part}]");
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
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
const TYPES: &[(&str, Through)] = types! {
    "accessPackage": package::AccessPackage,
    "accessPackageAnswer": policy::question::Answer,
    "accessPackageAnswerChoice": policy::question::AnswerChoice,
    "accessPackageAnswerString": policy::question::AnswerString,
    "accessPackageApprovalStage": policy::approval::ApprovalStage,
    "accessPackageAssignment": assignment::Assignment,
    "accessPackageAssignmentApprovalSettings": policy::approval::ApprovalSettings,
    "accessPackageAssignmentPolicy": policy::AssignmentPolicy,
    "accessPackageAssignmentRequest": assignment_request::AssignmentRequest,
    "accessPackageAssignmentRequestCallbackData": custom_extension::callback::AssignmentRequestCallbackData,
    "accessPackageAssignmentRequestRequirements": policy::requirements::PolicyRequirements,
    "accessPackageAssignmentRequestWorkflowExtension": custom_extension::CustomExtension,
    "accessPackageAssignmentRequestorSettings": policy::requestor::RequestorSettings,
    "accessPackageAssignmentReviewSettings": policy::review::ReviewSettings,
    "accessPackageAssignmentWorkflowExtension": custom_extension::CustomExtension,
    "accessPackageAutomaticRequestSettings": policy::requestor::AutomaticRequestSettings,
    "accessPackageCatalog": catalog::Catalog,
    "accessPackageDynamicApprovalStage": policy::approval::ApprovalStage,
    "accessPackageLocalizedText": policy::question::LocalizedText,
    "accessPackageMultipleChoiceQuestion": policy::question::MultipleChoiceQuestion,
    "accessPackageNotificationSettings": policy::NotificationSettings,
    "accessPackageQuestion": policy::question::Question,
    "accessPackageRequestApprovalStageCallbackConfiguration": custom_extension::configuration::CallbackConfiguration,
    "accessPackageResource": resource::Resource,
    "accessPackageResourceAttribute": resource::ResourceAttribute,
    "accessPackageResourceAttributeDestination": resource::ResourceAttributeDestination,
    "accessPackageResourceAttributeQuestion": resource::ResourceAttributeQuestion,
    "accessPackageResourceAttributeSource": resource::ResourceAttributeSource,
    "accessPackageResourceEnvironment": resource::ResourceEnvironment,
    "accessPackageResourceRequest": resource::ResourceRequest,
    "accessPackageResourceRole": resource::ResourceRole,
    "accessPackageResourceRoleScope": resource::RoleScope,
    "accessPackageResourceScope": resource::ResourceScope,
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
    "configurationManagerCollectionAssignmentTarget": intune::target::CollectionTarget,
    "connectedOrganization": connected_organization::ConnectedOrganization,
    "connectedOrganizationMembers": subject_set::ConnectedOrganizationMembers,
    "connectionInfo": resource::ConnectionInfo,
    "controlConfiguration": control_configuration::ControlConfiguration,
    "crossCloudAzureActiveDirectoryTenant": connected_organization::CrossCloudAzureActiveDirectoryTenant,
    "customCalloutExtension": custom_extension::CustomExtension,
    "customDataProvidedResourceFile": resource::UploadedFile,
    "customDataProvidedResourcePayloads.data": wire::RawObject,
    "customDataProvidedResourceUploadSession": resource::UploadSession,
    "customDataProvidedResourceUploadStats": resource::UploadStats,
    "customExtensionAuthenticationConfiguration": custom_extension::configuration::AuthenticationConfiguration,
    "customExtensionCallbackConfiguration": custom_extension::configuration::CallbackConfiguration,
    "customExtensionCalloutInstance": custom_extension::stage::CustomExtensionCalloutInstance,
    "customExtensionClientConfiguration": custom_extension::configuration::ClientConfiguration,
    "customExtensionData": custom_extension::callback::CustomExtensionData,
    "customExtensionEndpointConfiguration": custom_extension::configuration::EndpointConfiguration,
    "customExtensionStageSetting": custom_extension::stage::CustomExtensionStageSetting,
    "deviceAndAppManagementAssignmentTarget": intune::target::AssignmentTarget,
    "deviceConfiguration": intune::configuration::DeviceConfiguration,
    "deviceConfigurationAssignment": intune::configuration::DeviceConfigurationAssignment,
    "directoryObject": directory::DirectoryObject,
    "disableAndDeleteUserApplyAction": subject_set::NoFields,
    "domainIdentitySource": connected_organization::DomainIdentitySource,
    "endUserSettings": control_configuration::EndUserSettings,
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
    "identitySource": connected_organization::IdentitySource,
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
    "recurrencePattern": schedule::RecurrencePattern,
    "recurrenceRange": schedule::RecurrenceRange,
    "removeAccessApplyAction": subject_set::NoFields,
    "requestSchedule": schedule::Schedule,
    "requestorManager": subject_set::RequestorManager,
    "servicePrincipalIdentity": identity::ServicePrincipalIdentity,
    "serviceProvisioningError": directory::ServiceProvisioningError,
    "singleServicePrincipal": subject_set::SingleServicePrincipal,
    "singleUser": subject_set::SingleUser,
    "socialIdentitySource": connected_organization::SocialIdentitySource,
    "subjectSet": subject_set::SubjectSet,
    "targetAgentIdentitySponsorsOrOwners": subject_set::NoFields,
    "targetApplicationOwners": subject_set::NoFields,
    "targetManager": subject_set::TargetManager,
    "targetUserSponsors": subject_set::NoFields,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_without_a_name_is_unknown_all_the_same() {
        let policy = json!({
            "id": "p1",
            "colour": "green",
            "requestApprovalSettings": {"stages": [
                {"primaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": "u1", "mood": null}], "x/y": 1}
            ]},
        });
        let inspection = inspect("accessPackageAssignmentPolicy", &policy).unwrap();
        let stage = "requestApprovalSettings.stages[0]";
        let expected = [
            "colour".to_owned(),
            format!("{stage}.primaryApprovers[0].mood"),
            format!("{stage}.x/y"),
        ];
        assert_eq!(inspection.unknown, expected);
        assert_eq!(inspection.value["colour"], "green");
        assert_eq!(
            inspection.value["requestApprovalSettings"]["stages"][0]["x/y"],
            1
        );
    }

    #[test]
    fn lists_are_looked_at_item_by_item() {
        let list = json!({"@odata.nextLink": "https://x", "value": [{"id": "a"}, {"id": "b", "colour": 1}]});
        let inspection = inspect("collection:accessPackage", &list).unwrap();
        assert_eq!(inspection.unknown, ["value[1].colour"]);
        assert_eq!(inspection.value["@odata.nextLink"], "https://x");
        let error =
            inspect("collection:accessPackage", &json!({"value": [{"id": 1}]})).unwrap_err();
        assert!(error.to_string().starts_with("value[0].id: "), "{error}");
    }

    #[test]
    fn types_that_are_not_there_are_named() {
        let error = inspect("accessPackageTeapot", &json!({})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the model has no type \"accessPackageTeapot\""
        );
    }
}
