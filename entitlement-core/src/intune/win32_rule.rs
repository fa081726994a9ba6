//! How a device finds out whether a Win32 app is there, or could be.
//!
//! A rule of type [`Detection`](Win32LobAppRuleType::Detection) tells whether the app is installed, one of type
//! [`Requirement`](Win32LobAppRuleType::Requirement) whether it may be.
//!
//! ```
//! use entitlement_core::intune::win32_rule::{
//!     Win32LobAppFileSystemOperationType, Win32LobAppFileSystemRule, Win32LobAppProductCodeRule, Win32LobAppRule,
//!     Win32LobAppRuleType,
//! };
//!
//! let by_product: Win32LobAppRule =
//!     Win32LobAppProductCodeRule::new("{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}").into();
//! let by_file: Win32LobAppRule = Win32LobAppFileSystemRule::builder(
//!     Win32LobAppRuleType::Detection,
//!     r"%ProgramFiles%\MIP",
//!     "mip.exe",
//!     Win32LobAppFileSystemOperationType::Exists,
//! )
//! .build()
//! .into();
//! assert_eq!(serde_json::to_value(&by_file)?["operationType"], "exists");
//! # Ok::<(), serde_json::Error>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::binary::Binary;
use super::lob::check_code;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

union! {
    /// A rule ([win32LobAppRule](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobapprule)).
    Win32LobAppRule = "win32LobAppRule" {
        /// About an installed product.
        ProductCode(Win32LobAppProductCodeRule) = "#microsoft.graph.win32LobAppProductCodeRule",
        /// About the registry.
        Registry(Win32LobAppRegistryRule) = "#microsoft.graph.win32LobAppRegistryRule",
        /// About a file or folder.
        FileSystem(Win32LobAppFileSystemRule) = "#microsoft.graph.win32LobAppFileSystemRule",
        /// What a script says.
        PowerShellScript(Win32LobAppPowerShellScriptRule) = "#microsoft.graph.win32LobAppPowerShellScriptRule",
    }
}

open_enum! {
    /// What a rule is for (`win32LobAppRuleType`).
    Win32LobAppRuleType = "win32LobAppRuleType" {
        /// It tells whether the app is there.
        Detection = "detection",
        /// It tells whether the app may be installed.
        Requirement = "requirement",
    }
}

open_enum! {
    /// How a value is compared (`win32LobAppRuleOperator`).
    Win32LobAppRuleOperator = "win32LobAppRuleOperator" {
        /// It is not.
        NotConfigured = "notConfigured",
        /// They are equal.
        Equal = "equal",
        /// They are not.
        NotEqual = "notEqual",
        /// What is found is greater.
        GreaterThan = "greaterThan",
        /// What is found is not less.
        GreaterThanOrEqual = "greaterThanOrEqual",
        /// What is found is less.
        LessThan = "lessThan",
        /// What is found is not greater.
        LessThanOrEqual = "lessThanOrEqual",
    }
}

open_enum! {
    /// What is looked at in the registry (`win32LobAppRegistryRuleOperationType`).
    Win32LobAppRegistryRuleOperationType = "win32LobAppRegistryRuleOperationType" {
        /// Nothing.
        NotConfigured = "notConfigured",
        /// Whether it is there.
        Exists = "exists",
        /// Whether it is not there.
        DoesNotExist = "doesNotExist",
        /// Its text.
        String = "string",
        /// Its number.
        Integer = "integer",
        /// Its version.
        Version = "version",
    }
}

open_enum! {
    /// What is looked at of a file or folder (`win32LobAppFileSystemOperationType`).
    Win32LobAppFileSystemOperationType = "win32LobAppFileSystemOperationType" {
        /// Nothing.
        NotConfigured = "notConfigured",
        /// Whether it is there.
        Exists = "exists",
        /// When it was changed.
        ModifiedDate = "modifiedDate",
        /// When it was made.
        CreatedDate = "createdDate",
        /// Its version.
        Version = "version",
        /// Its size in mebibytes.
        SizeInMb = "sizeInMB",
    }
}

open_enum! {
    /// As what a script's output is read (`win32LobAppPowerShellScriptRuleOperationType`).
    Win32LobAppPowerShellScriptRuleOperationType = "win32LobAppPowerShellScriptRuleOperationType" {
        /// It is not read.
        NotConfigured = "notConfigured",
        /// As text.
        String = "string",
        /// As an instant.
        DateTime = "dateTime",
        /// As a whole number.
        Integer = "integer",
        /// As a number.
        Float = "float",
        /// As a version.
        Version = "version",
        /// As yes or no.
        Boolean = "boolean",
    }
}

open_enum! {
    /// Whose account something runs under (`runAsAccountType`).
    RunAsAccountType = "runAsAccountType" {
        /// The device's.
        System = "system",
        /// The person's.
        User = "user",
    }
}

/// A rule about a product of Windows Installer
/// ([win32LobAppProductCodeRule](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappproductcoderule)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppProductCodeRule {
    /// What it is for.
    pub rule_type: Win32LobAppRuleType,
    /// The product's code, a GUID in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// How the installed version is compared.
    pub product_version_operator: Win32LobAppRuleOperator,
    /// With which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Win32LobAppProductCodeRule {
    /// The app is there if the product is, in any version.
    pub fn new(product_code: impl Into<String>) -> Self {
        Self {
            rule_type: Win32LobAppRuleType::Detection,
            product_code: Some(product_code.into()),
            product_version_operator: Win32LobAppRuleOperator::NotConfigured,
            product_version: None,
            unknown: RawObject::default(),
        }
    }

    /// The same, if its version also compares in this way.
    pub fn with_version(
        mut self,
        operator: Win32LobAppRuleOperator,
        version: impl Into<String>,
    ) -> Self {
        self.product_version_operator = operator;
        self.product_version = Some(version.into());
        self
    }

    fn check(&self, checker: &mut Checker) {
        check_code(
            checker,
            "productCode",
            self.product_code.as_deref().unwrap_or(""),
        );
        let compares = self.product_version_operator != Win32LobAppRuleOperator::NotConfigured;
        let version = self.product_version.as_deref().unwrap_or("").trim();
        checker.ensure(
            "productVersion",
            compares != version.is_empty(),
            "INT-7",
            if compares {
                "is missing"
            } else {
                "is compared with nothing"
            },
            "name operator and version, or neither",
        );
    }
}

/// A rule about the registry
/// ([win32LobAppRegistryRule](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappregistryrule)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), on(String, into))]
#[non_exhaustive]
pub struct Win32LobAppRegistryRule {
    #[builder(start_fn)]
    /// What it is for.
    pub rule_type: Win32LobAppRuleType,
    #[builder(start_fn)]
    /// The key: `HKEY_LOCAL_MACHINE\Software\Contoso`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_path: Option<String>,
    #[builder(start_fn)]
    /// What is looked at.
    pub operation_type: Win32LobAppRegistryRuleOperationType,
    /// The value in the key; nothing for the key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_name: Option<String>,
    /// How it is compared.
    #[builder(default = Win32LobAppRuleOperator::NotConfigured)]
    pub operator: Win32LobAppRuleOperator,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison_value: Option<String>,
    /// Whether a 64-bit device looks where 32-bit programs do.
    #[serde(rename = "check32BitOn64System", default)]
    #[builder(default)]
    pub check_32_bit_on_64_system: bool,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl Win32LobAppRegistryRule {
    /// A rule of this type about that key.
    pub fn builder(
        rule_type: Win32LobAppRuleType,
        key_path: impl Into<String>,
        operation_type: Win32LobAppRegistryRuleOperationType,
    ) -> Win32LobAppRegistryRuleBuilder {
        Self::start(rule_type, Some(key_path.into()), operation_type)
    }
}

/// A rule about a file or folder
/// ([win32LobAppFileSystemRule](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappfilesystemrule)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), on(String, into))]
#[non_exhaustive]
pub struct Win32LobAppFileSystemRule {
    #[builder(start_fn)]
    /// What it is for.
    pub rule_type: Win32LobAppRuleType,
    #[builder(start_fn)]
    /// The folder it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[builder(start_fn)]
    /// Its name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_or_folder_name: Option<String>,
    #[builder(start_fn)]
    /// What is looked at.
    pub operation_type: Win32LobAppFileSystemOperationType,
    /// How it is compared.
    #[builder(default = Win32LobAppRuleOperator::NotConfigured)]
    pub operator: Win32LobAppRuleOperator,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison_value: Option<String>,
    /// Whether a 64-bit device looks where 32-bit programs do.
    #[serde(rename = "check32BitOn64System", default)]
    #[builder(default)]
    pub check_32_bit_on_64_system: bool,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl Win32LobAppFileSystemRule {
    /// A rule of this type about what has that name in that folder.
    pub fn builder(
        rule_type: Win32LobAppRuleType,
        path: impl Into<String>,
        file_or_folder_name: impl Into<String>,
        operation_type: Win32LobAppFileSystemOperationType,
    ) -> Win32LobAppFileSystemRuleBuilder {
        let (path, name) = (path.into(), file_or_folder_name.into());
        Self::start(rule_type, Some(path), Some(name), operation_type)
    }
}

/// A rule about what a script says
/// ([win32LobAppPowerShellScriptRule](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobapppowershellscriptrule)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), on(String, into))]
#[non_exhaustive]
pub struct Win32LobAppPowerShellScriptRule {
    #[builder(start_fn)]
    /// What it is for.
    pub rule_type: Win32LobAppRuleType,
    #[builder(start_fn)]
    /// The script, as base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_content: Option<String>,
    #[builder(start_fn)]
    /// As what its output is read; not at all for detection.
    pub operation_type: Win32LobAppPowerShellScriptRuleOperationType,
    /// The rule's name; not for detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// How it is compared.
    #[builder(default = Win32LobAppRuleOperator::NotConfigured)]
    pub operator: Win32LobAppRuleOperator,
    /// With what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison_value: Option<String>,
    /// Whose account it runs under; not for detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_as_account: Option<RunAsAccountType>,
    /// Whether it must be signed.
    #[serde(default)]
    #[builder(default)]
    pub enforce_signature_check: bool,
    /// Whether it runs as a 32-bit process on 64-bit devices.
    #[serde(rename = "runAs32Bit", default)]
    #[builder(default)]
    pub run_as_32_bit: bool,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl Win32LobAppPowerShellScriptRule {
    /// A rule of this type about what that script says.
    pub fn builder(
        rule_type: Win32LobAppRuleType,
        script: impl AsRef<[u8]>,
        operation_type: Win32LobAppPowerShellScriptRuleOperationType,
    ) -> Win32LobAppPowerShellScriptRuleBuilder {
        let content = Binary::encode(script).as_str().to_owned();
        Self::start(rule_type, Some(content), operation_type)
    }
}

impl From<Win32LobAppProductCodeRule> for Win32LobAppRule {
    fn from(rule: Win32LobAppProductCodeRule) -> Self {
        Self::ProductCode(rule)
    }
}

impl From<Win32LobAppRegistryRule> for Win32LobAppRule {
    fn from(rule: Win32LobAppRegistryRule) -> Self {
        Self::Registry(rule)
    }
}

impl From<Win32LobAppFileSystemRule> for Win32LobAppRule {
    fn from(rule: Win32LobAppFileSystemRule) -> Self {
        Self::FileSystem(rule)
    }
}

impl From<Win32LobAppPowerShellScriptRule> for Win32LobAppRule {
    fn from(rule: Win32LobAppPowerShellScriptRule) -> Self {
        Self::PowerShellScript(rule)
    }
}

impl Win32LobAppRule {
    /// What it is for; `None` for a kind that this version does not know.
    pub fn rule_type(&self) -> Option<&Win32LobAppRuleType> {
        match self {
            Self::ProductCode(rule) => Some(&rule.rule_type),
            Self::Registry(rule) => Some(&rule.rule_type),
            Self::FileSystem(rule) => Some(&rule.rule_type),
            Self::PowerShellScript(rule) => Some(&rule.rule_type),
            Self::Unknown(_) => None,
        }
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        if let Self::ProductCode(rule) = self {
            rule.check(checker);
        }
    }
}
