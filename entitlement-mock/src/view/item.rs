//! What can be shown, and to whom.

use crate::caller::Caller;
use crate::lifecycle::suggestions::Sources;
use crate::world::World;
use crate::world::table::Key;

/// Something that Graph shows under an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    User(Key),
    Group(Key),
    /// A person as a member of a collection of directory objects, where the type has to be said.
    DirectoryUser(Key),
    Catalog(Key),
    Resource(Key),
    /// A role, by resource and place.
    Role(Key, usize),
    /// A scope, by resource and place.
    Scope(Key, usize),
    /// A role scope, by package and place.
    RoleScope(Key, usize),
    ResourceRequest(Key),
    Package(Key),
    Policy(Key),
    /// A question, by policy and place.
    Question(Key, usize),
    Extension(Key),
    Organization(Key),
    /// What becomes of guests without access.
    GuestSettings,
    /// An extension and the stage in which it is called, by policy and place.
    StageSetting(Key, usize),
    /// Entitlement management's record of a person, by the person.
    Subject(Key),
    Request(Key),
    Assignment(Key),
    /// An approval, by its request.
    Approval(Key),
    /// The definition of a role in entitlement management.
    RoleDefinition(Key),
    RoleAssignment(Key),
    /// A stage, by request and place.
    Stage(Key, usize),
    Environment(Key),
    /// A package as My Access shows it.
    AvailablePackage(Key),
    /// A package that is suggested to the caller.
    Suggestion(Key, Sources),
    Application(Key),
    ServicePrincipal(Key),
    AppRoleAssignment(Key),
    DirectoryRole(Key),
    /// Somebody has a directory role, at once or after activating it.
    DirectoryRoleAssignment {
        role: Key,
        person: Key,
        is_eligible: bool,
    },
    /// The definition of a review.
    Review(Key),
    ReviewInstance(Key),
    /// A stage, by instance and place.
    ReviewStage(Key, usize),
    /// What is decided in the end about an item, by instance and place.
    ReviewDecision(Key, usize),
    /// What was decided in a stage, by instance, stage and place.
    StageDecision(Key, usize, usize),
    /// A person who was asked to review, by instance and place.
    Reviewer(Key, usize),
    /// A hint for a decision, by instance and place.
    Insight(Key, usize),
    /// An app that Intune hands out.
    App(Key),
    /// For whom an app is, by app and place.
    AppAssignment(Key, usize),
    /// A version of an app's content, by app and place.
    AppVersion(Key, usize),
    /// A file of an app's content.
    AppFile(Key),
    /// Settings that Intune puts on devices.
    Configuration(Key),
    /// For whom a configuration is, by configuration and place.
    ConfigurationAssignment(Key, usize),
    /// What came of a configuration, by configuration and device.
    ConfigurationStatus(Key, Key),
    /// What came of a configuration on all devices.
    ConfigurationOverview(Key),
    /// A device under Intune's management.
    Device(Key),
    /// A configuration as a device has it, by device and configuration.
    DeviceConfiguration(Key, Key),
    /// A report about reviews.
    History(Key),
    /// A run of a report, by report and place.
    HistoryRun(Key, usize),
}

impl Item {
    /// The type's name in the Graph schema.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::User(_) | Self::DirectoryUser(_) => "user",
            Self::Group(_) => "group",
            Self::Catalog(_) => "accessPackageCatalog",
            Self::Resource(_) => "accessPackageResource",
            Self::Role(..) => "accessPackageResourceRole",
            Self::Scope(..) => "accessPackageResourceScope",
            Self::RoleScope(..) => "accessPackageResourceRoleScope",
            Self::ResourceRequest(_) => "accessPackageResourceRequest",
            Self::Package(_) => "accessPackage",
            Self::Policy(_) => "accessPackageAssignmentPolicy",
            Self::Question(..) => "accessPackageQuestion",
            Self::Organization(_) => "connectedOrganization",
            Self::GuestSettings => "entitlementManagementSettings",
            Self::Extension(_) => "customCalloutExtension",
            Self::StageSetting(..) => "customExtensionStageSetting",
            Self::Subject(_) => "accessPackageSubject",
            Self::Request(_) => "accessPackageAssignmentRequest",
            Self::Assignment(_) => "accessPackageAssignment",
            Self::Approval(_) => "approval",
            Self::Stage(..) => "approvalStage",
            Self::Environment(_) => "accessPackageResourceEnvironment",
            Self::AvailablePackage(_) => "availableAccessPackage",
            Self::Suggestion(..) => "accessPackageSuggestion",
            Self::Application(_) => "application",
            Self::ServicePrincipal(_) => "servicePrincipal",
            Self::AppRoleAssignment(_) => "appRoleAssignment",
            Self::RoleDefinition(_) | Self::DirectoryRole(_) => "unifiedRoleDefinition",
            Self::DirectoryRoleAssignment {
                is_eligible: true, ..
            } => "unifiedRoleEligibilityScheduleInstance",
            Self::RoleAssignment(_) | Self::DirectoryRoleAssignment { .. } => {
                "unifiedRoleAssignment"
            }
            Self::Review(_) => "accessReviewScheduleDefinition",
            Self::ReviewInstance(_) => "accessReviewInstance",
            Self::ReviewStage(..) => "accessReviewStage",
            Self::ReviewDecision(..) | Self::StageDecision(..) => {
                "accessReviewInstanceDecisionItem"
            }
            Self::Reviewer(..) => "accessReviewReviewer",
            Self::Insight(..) => "userSignInInsight",
            Self::App(_) => "mobileApp",
            Self::AppAssignment(..) => "mobileAppAssignment",
            Self::AppVersion(..) => "mobileAppContent",
            Self::AppFile(_) => "mobileAppContentFile",
            Self::Configuration(_) => "deviceConfiguration",
            Self::ConfigurationAssignment(..) => "deviceConfigurationAssignment",
            Self::ConfigurationStatus(..) => "deviceConfigurationDeviceStatus",
            Self::ConfigurationOverview(_) => "deviceConfigurationDeviceOverview",
            Self::Device(_) => "managedDevice",
            Self::DeviceConfiguration(..) => "deviceConfigurationState",
            Self::History(_) => "accessReviewHistoryDefinition",
            Self::HistoryRun(..) => "accessReviewHistoryInstance",
        }
    }

    /// Whether the item is of a type, by the type's name in any case.
    pub(crate) fn is_a(self, kind: &str) -> bool {
        kind.eq_ignore_ascii_case(self.type_name()) || kind.eq_ignore_ascii_case("directoryObject")
    }

    /// Where links to the item lead, below the service root; `None` for what nothing is linked to by reference.
    pub(crate) fn place(self) -> Option<String> {
        match self {
            Self::User(key) | Self::DirectoryUser(key) | Self::Group(key) => {
                Some(format!("directoryObjects/{key}"))
            }
            Self::Package(key) => Some(format!(
                "identityGovernance/entitlementManagement/accessPackages/{key}"
            )),
            _ => None,
        }
    }

    /// The properties that are sent without `$select`; `None` for all.
    pub(crate) fn default_properties(self) -> Option<&'static [&'static str]> {
        matches!(self, Self::User(_) | Self::DirectoryUser(_)).then_some(&[
            "@odata.type",
            "id",
            "businessPhones",
            "displayName",
            "givenName",
            "jobTitle",
            "mail",
            "mobilePhone",
            "officeLocation",
            "preferredLanguage",
            "surname",
            "userPrincipalName",
        ])
    }
}

/// The world as one caller sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'w> {
    pub(crate) world: &'w World,
    pub(crate) caller: Caller,
}

impl<'w> View<'w> {
    pub(crate) fn new(world: &'w World, caller: Caller) -> Self {
        Self { world, caller }
    }
}
