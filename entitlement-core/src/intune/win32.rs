//! Apps that are a folder with a setup program, installed by Intune's own agent.
//!
//! The content is a zip of that folder. The agent runs a command to install it and another to remove it, and tells by
//! [rules](super::win32_rule) whether it is there.
//!
//! ```
//! use entitlement_core::intune::lob::AppDetails;
//! use entitlement_core::intune::win32::Win32LobAppDraft;
//! use entitlement_core::intune::win32_rule::Win32LobAppProductCodeRule;
//!
//! let code = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";
//! let app = Win32LobAppDraft::builder(
//!     AppDetails::builder("MIP client", "Contoso").build(),
//!     "IntunePackage.intunewin",
//!     "MIP.msi",
//! )
//! .install_command_line(r#"msiexec /i "MIP.msi" /qn"#)
//! .uninstall_command_line(format!("msiexec /x {code} /qn"))
//! .rule(Win32LobAppProductCodeRule::new(code))
//! .build()?;
//! assert_eq!(serde_json::to_value(&app)?["applicableArchitectures"], "x64,x86");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::architecture::{WindowsArchitecture, WindowsArchitectures};
use super::lob::{AppDetails, AppDetailsPatch, MobileLobApp, check_code};
use super::win32_rule::{RunAsAccountType, Win32LobAppRule, Win32LobAppRuleType};
use crate::entity::Patch;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::union::flattened;
use crate::wire::{Field, RawObject};

open_enum! {
    /// For whom a package installs (`win32LobAppMsiPackageType`).
    Win32LobAppMsiPackageType = "win32LobAppMsiPackageType" {
        /// For the device.
        PerMachine = "perMachine",
        /// For one person.
        PerUser = "perUser",
        /// For either.
        DualPurpose = "dualPurpose",
    }
}

open_enum! {
    /// When a device restarts after an installation (`win32LobAppRestartBehavior`).
    Win32LobAppRestartBehavior = "win32LobAppRestartBehavior" {
        /// As the return code says.
        BasedOnReturnCode = "basedOnReturnCode",
        /// If the installer restarts it.
        Allow = "allow",
        /// Not by itself.
        Suppress = "suppress",
        /// Always.
        Force = "force",
    }
}

open_enum! {
    /// What a return code means (`win32LobAppReturnCodeType`).
    Win32LobAppReturnCodeType = "win32LobAppReturnCodeType" {
        /// It did not work.
        Failed = "failed",
        /// It worked.
        Success = "success",
        /// It worked, and the device must restart some time.
        SoftReboot = "softReboot",
        /// It worked, and the device must restart before anything else is installed.
        HardReboot = "hardReboot",
        /// It should be tried again.
        Retry = "retry",
    }
}

/// What is special about a Win32 app
/// ([win32LobApp](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobapp)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobApp {
    /// Its content.
    #[serde(flatten, deserialize_with = "flattened")]
    pub lob: MobileLobApp,
    /// The setup program in the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_file_path: Option<String>,
    /// What installs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_command_line: Option<String>,
    /// What removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uninstall_command_line: Option<String>,
    /// Under which account, and with which restarts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_experience: Option<Win32LobAppInstallExperience>,
    /// What the return codes of both mean.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub return_codes: Vec<Win32LobAppReturnCode>,
    /// By what it is detected, and what it requires.
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    pub rules: Vec<Win32LobAppRule>,
    /// What is in the MSI, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msi_information: Option<Win32LobAppMsiInformation>,
    /// The architectures it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicable_architectures: Option<WindowsArchitectures>,
    /// The architectures it may be installed on; takes the place of the former.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_architectures: Option<WindowsArchitectures>,
    /// The oldest Windows it runs on: `Windows11_23H2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_supported_windows_release: Option<String>,
    /// How many mebibytes must be free on the disk.
    #[serde(
        rename = "minimumFreeDiskSpaceInMB",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub minimum_free_disk_space_in_mb: Option<i32>,
    /// How many mebibytes of memory there must be.
    #[serde(
        rename = "minimumMemoryInMB",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub minimum_memory_in_mb: Option<i32>,
    /// How many processors there must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_number_of_processors: Option<i32>,
    /// How fast they must be, in megahertz.
    #[serde(
        rename = "minimumCpuSpeedInMHz",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub minimum_cpu_speed_in_mhz: Option<i32>,
}

impl Win32LobApp {
    /// The type's name in the Graph schema.
    pub const TYPE: &'static str = "win32LobApp";
}

/// Under which account an app is installed, and with which restarts
/// ([win32LobAppInstallExperience](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappinstallexperience)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppInstallExperience {
    /// Whose account both commands run under.
    pub run_as_account: RunAsAccountType,
    /// When the device restarts.
    pub device_restart_behavior: Win32LobAppRestartBehavior,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Win32LobAppInstallExperience {
    /// Under this account; the return code says whether the device restarts.
    pub fn running_as(account: RunAsAccountType) -> Self {
        Self {
            run_as_account: account,
            device_restart_behavior: Win32LobAppRestartBehavior::BasedOnReturnCode,
            unknown: RawObject::default(),
        }
    }

    /// The same with other restarts.
    pub fn restarting(mut self, behavior: Win32LobAppRestartBehavior) -> Self {
        self.device_restart_behavior = behavior;
        self
    }
}

/// What a return code means
/// ([win32LobAppReturnCode](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappreturncode)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Win32LobAppReturnCode {
    /// The code.
    pub return_code: i32,
    /// What it means.
    #[serde(rename = "type")]
    pub kind: Win32LobAppReturnCodeType,
}

impl Win32LobAppReturnCode {
    /// That this code means that.
    pub fn new(return_code: i32, kind: Win32LobAppReturnCodeType) -> Self {
        Self { return_code, kind }
    }

    /// What the codes of Windows Installer mean.
    pub fn usual() -> Vec<Self> {
        use Win32LobAppReturnCodeType::{HardReboot, Retry, SoftReboot, Success};
        vec![
            Self::new(0, Success),
            Self::new(1707, Success),
            Self::new(3010, SoftReboot),
            Self::new(1641, HardReboot),
            Self::new(1618, Retry),
        ]
    }
}

/// What is in an MSI
/// ([win32LobAppMsiInformation](https://learn.microsoft.com/graph/api/resources/intune-apps-win32lobappmsiinformation)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), on(String, into))]
#[non_exhaustive]
pub struct Win32LobAppMsiInformation {
    #[builder(start_fn)]
    /// For whom it installs.
    pub package_type: Win32LobAppMsiPackageType,
    #[builder(start_fn)]
    /// The product's code, a GUID in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// The product's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_name: Option<String>,
    /// The product's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Whether the device must restart.
    #[serde(default)]
    #[builder(default)]
    pub requires_reboot: bool,
    /// What all versions of the product have in common, a GUID in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade_code: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    #[builder(skip)]
    pub unknown: RawObject,
}

impl Win32LobAppMsiInformation {
    /// That this product is in it, installed for the device, for a person or for either.
    pub fn builder(
        package_type: Win32LobAppMsiPackageType,
        product_code: impl Into<String>,
    ) -> Win32LobAppMsiInformationBuilder {
        Self::start(package_type, Some(product_code.into()))
    }

    fn check(&self, checker: &mut Checker) {
        for (field, code) in [
            ("productCode", &self.product_code),
            ("upgradeCode", &self.upgrade_code),
        ] {
            if let Some(code) = code {
                check_code(checker, field, code);
            }
        }
    }
}

/// A Win32 app to be made
/// ([create win32LobApp](https://learn.microsoft.com/graph/api/intune-apps-win32lobapp-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.win32LobApp",
    rename_all = "camelCase"
)]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct Win32LobAppDraft {
    #[serde(flatten)]
    #[builder(start_fn)]
    details: AppDetails,
    #[builder(start_fn)]
    file_name: String,
    #[builder(start_fn)]
    setup_file_path: String,
    #[builder(field)]
    rules: Vec<Win32LobAppRule>,
    /// What installs it.
    install_command_line: String,
    /// What removes it.
    uninstall_command_line: String,
    /// Under which account, and with which restarts; the device's own and as the return code says unless told
    /// otherwise.
    #[builder(default = Win32LobAppInstallExperience::running_as(RunAsAccountType::System))]
    install_experience: Win32LobAppInstallExperience,
    /// What the return codes mean; as with Windows Installer unless told otherwise.
    #[builder(default = Win32LobAppReturnCode::usual())]
    return_codes: Vec<Win32LobAppReturnCode>,
    /// The architectures it runs on; 64-bit and 32-bit Intel unless told otherwise.
    #[builder(default = WindowsArchitectures::from([WindowsArchitecture::X64, WindowsArchitecture::X86]), into)]
    applicable_architectures: WindowsArchitectures,
    /// What is in the MSI, if the setup program is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    msi_information: Option<Win32LobAppMsiInformation>,
    /// The oldest Windows it runs on: `Windows11_23H2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_supported_windows_release: Option<String>,
    /// How many mebibytes must be free on the disk.
    #[serde(
        rename = "minimumFreeDiskSpaceInMB",
        skip_serializing_if = "Option::is_none"
    )]
    minimum_free_disk_space_in_mb: Option<i32>,
    /// How many mebibytes of memory there must be.
    #[serde(rename = "minimumMemoryInMB", skip_serializing_if = "Option::is_none")]
    minimum_memory_in_mb: Option<i32>,
    /// How many processors there must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_number_of_processors: Option<i32>,
    /// How fast they must be, in megahertz.
    #[serde(
        rename = "minimumCpuSpeedInMHz",
        skip_serializing_if = "Option::is_none"
    )]
    minimum_cpu_speed_in_mhz: Option<i32>,
}

impl<S: win32_lob_app_draft_builder::State> Win32LobAppDraftBuilder<S> {
    /// One more rule; at least one must be for detection.
    pub fn rule(mut self, rule: impl Into<Win32LobAppRule>) -> Self {
        self.rules.push(rule.into());
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name or publisher (INT-1), a code that is not one (INT-2), blank files or commands
    /// (INT-5), no rule for detection (INT-6), a version compared with nothing (INT-7), or a return code that means
    /// two things (INT-8).
    pub fn build(self) -> Result<Win32LobAppDraft, Invalid>
    where
        S: win32_lob_app_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        draft.details.check(&mut checker);
        Parts {
            texts: [
                Some(&draft.file_name),
                Some(&draft.setup_file_path),
                Some(&draft.install_command_line),
                Some(&draft.uninstall_command_line),
            ],
            rules: Some(&draft.rules),
            return_codes: Some(&draft.return_codes),
            msi_information: draft.msi_information.as_ref(),
        }
        .check(&mut checker);
        checker.finish(Win32LobApp::TYPE)?;
        Ok(draft)
    }
}

/// What a Win32 app is not without.
const TEXTS: [&str; 4] = [
    "fileName",
    "setupFilePath",
    "installCommandLine",
    "uninstallCommandLine",
];

/// What a draft says and a patch may say, for the rules that hold for both.
struct Parts<'a> {
    /// In the order of [`TEXTS`].
    texts: [Option<&'a String>; 4],
    rules: Option<&'a Vec<Win32LobAppRule>>,
    return_codes: Option<&'a Vec<Win32LobAppReturnCode>>,
    msi_information: Option<&'a Win32LobAppMsiInformation>,
}

impl Parts<'_> {
    fn check(&self, checker: &mut Checker) {
        for (field, text) in TEXTS.into_iter().zip(self.texts) {
            let fine = text.is_none_or(|text| !text.trim().is_empty());
            checker.ensure(field, fine, "INT-5", "is blank", "say what is to be run");
        }
        if let Some(rules) = self.rules {
            checker.ensure(
                "rules",
                rules
                    .iter()
                    .any(|rule| rule.rule_type() == Some(&Win32LobAppRuleType::Detection)),
                "INT-6",
                "detect nothing",
                "add a rule of type detection, so that Intune knows whether the app is there",
            );
            checker.each("rules", rules, |c, rule| rule.check(c));
        }
        if let Some(codes) = self.return_codes {
            checker.each("returnCodes", codes, |c, code| {
                let meanings = codes.iter();
                let count = meanings
                    .filter(|other| other.return_code == code.return_code)
                    .count();
                c.ensure(
                    "returnCode",
                    count == 1,
                    "INT-8",
                    "is listed twice",
                    "say once what it means",
                );
            });
        }
        if let Some(msi) = self.msi_information {
            checker.field("msiInformation", |c| msi.check(c));
        }
    }
}

/// What changes about a Win32 app
/// ([update win32LobApp](https://learn.microsoft.com/graph/api/intune-apps-win32lobapp-update)). The version that
/// devices get is set by [`MobileAppPatch::publish`](super::app::MobileAppPatch::publish).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.win32LobApp",
    rename_all = "camelCase"
)]
pub struct Win32LobAppPatch {
    /// What people see of it.
    #[serde(flatten)]
    pub details: AppDetailsPatch,
    /// The package's name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub file_name: Field<String>,
    /// The setup program in the folder.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub setup_file_path: Field<String>,
    /// What installs it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub install_command_line: Field<String>,
    /// What removes it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub uninstall_command_line: Field<String>,
    /// Under which account, and with which restarts.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub install_experience: Field<Win32LobAppInstallExperience>,
    /// What all return codes mean.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub return_codes: Field<Vec<Win32LobAppReturnCode>>,
    /// All rules.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub rules: Field<Vec<Win32LobAppRule>>,
    /// What is in the MSI.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub msi_information: Field<Win32LobAppMsiInformation>,
    /// The architectures it runs on.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub applicable_architectures: Field<WindowsArchitectures>,
    /// The architectures it may be installed on.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub allowed_architectures: Field<WindowsArchitectures>,
    /// The oldest Windows it runs on.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub minimum_supported_windows_release: Field<String>,
    /// How many mebibytes must be free on the disk.
    #[serde(
        rename = "minimumFreeDiskSpaceInMB",
        skip_serializing_if = "Field::is_keep"
    )]
    pub minimum_free_disk_space_in_mb: Field<i32>,
    /// How many mebibytes of memory there must be.
    #[serde(rename = "minimumMemoryInMB", skip_serializing_if = "Field::is_keep")]
    pub minimum_memory_in_mb: Field<i32>,
    /// How many processors there must be.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub minimum_number_of_processors: Field<i32>,
    /// How fast they must be, in megahertz.
    #[serde(
        rename = "minimumCpuSpeedInMHz",
        skip_serializing_if = "Field::is_keep"
    )]
    pub minimum_cpu_speed_in_mhz: Field<i32>,
}

impl Patch for Win32LobAppPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        self.details.check(&mut checker);
        let texts = [
            &self.file_name,
            &self.setup_file_path,
            &self.install_command_line,
            &self.uninstall_command_line,
        ];
        for (field, text) in TEXTS.into_iter().zip(texts) {
            checker.kept(field, text, "INT-5");
        }
        checker.kept("rules", &self.rules, "INT-6");
        checker.kept("returnCodes", &self.return_codes, "INT-16");
        checker.kept(
            "applicableArchitectures",
            &self.applicable_architectures,
            "INT-16",
        );
        Parts {
            texts: texts.map(Field::as_set),
            rules: self.rules.as_set(),
            return_codes: self.return_codes.as_set(),
            msi_information: self.msi_information.as_set(),
        }
        .check(&mut checker);
        checker.finish(Win32LobApp::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::intune::win32_rule::{Win32LobAppProductCodeRule, Win32LobAppRuleOperator};

    const CODE: &str = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";

    fn draft() -> Win32LobAppDraftBuilder<
        win32_lob_app_draft_builder::SetUninstallCommandLine<
            win32_lob_app_draft_builder::SetInstallCommandLine,
        >,
    > {
        Win32LobAppDraft::builder(
            AppDetails::builder("MIP", "Contoso").build(),
            "a.intunewin",
            "MIP.msi",
        )
        .install_command_line("msiexec /i MIP.msi /qn")
        .uninstall_command_line("msiexec /x MIP.msi /qn")
    }

    #[test]
    fn a_draft_says_what_the_service_asks_for() {
        let app = draft()
            .rule(Win32LobAppProductCodeRule::new(CODE))
            .msi_information(
                Win32LobAppMsiInformation::builder(Win32LobAppMsiPackageType::PerMachine, CODE)
                    .build(),
            )
            .minimum_memory_in_mb(512)
            .build()
            .unwrap();
        assert_eq!(
            serde_json::to_value(&app).unwrap(),
            json!({
                "@odata.type": "#microsoft.graph.win32LobApp", "displayName": "MIP", "publisher": "Contoso",
                "fileName": "a.intunewin", "setupFilePath": "MIP.msi", "applicableArchitectures": "x64,x86",
                "installCommandLine": "msiexec /i MIP.msi /qn", "uninstallCommandLine": "msiexec /x MIP.msi /qn",
                "installExperience": {"runAsAccount": "system", "deviceRestartBehavior": "basedOnReturnCode"},
                "msiInformation": {"packageType": "perMachine", "productCode": CODE, "requiresReboot": false},
                "rules": [{"@odata.type": "#microsoft.graph.win32LobAppProductCodeRule", "ruleType": "detection",
                    "productCode": CODE, "productVersionOperator": "notConfigured"}],
                "returnCodes": [{"returnCode": 0, "type": "success"}, {"returnCode": 1707, "type": "success"},
                    {"returnCode": 3010, "type": "softReboot"}, {"returnCode": 1641, "type": "hardReboot"},
                    {"returnCode": 1618, "type": "retry"}],
                "minimumMemoryInMB": 512,
            })
        );
    }

    #[test]
    fn every_flaw_of_a_draft_is_named() {
        let mut requirement = Win32LobAppProductCodeRule::new("MIP")
            .with_version(Win32LobAppRuleOperator::Equal, " ");
        requirement.rule_type = Win32LobAppRuleType::Requirement;
        let code = |kind| Win32LobAppReturnCode::new(0, kind);
        let refused = draft()
            .rule(requirement)
            .return_codes(vec![
                code(Win32LobAppReturnCodeType::Success),
                code(Win32LobAppReturnCodeType::Retry),
            ])
            .build()
            .unwrap_err();
        let found: Vec<_> = refused
            .violations()
            .iter()
            .map(|v| (v.rule(), v.path()))
            .collect();
        assert_eq!(
            found,
            [
                ("INT-6", "rules"),
                ("INT-2", "rules[0].productCode"),
                ("INT-7", "rules[0].productVersion"),
                ("INT-8", "returnCodes[0].returnCode"),
                ("INT-8", "returnCodes[1].returnCode"),
            ]
        );
    }
}
