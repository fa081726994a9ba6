//! Apps that are one MSI, installed by Windows itself.
//!
//! The portal calls them line-of-business apps. The `.msi` is the content as it is; Windows decides by the package
//! whether it is installed for the device or for a person.
//!
//! ```
//! use entitlement_core::intune::lob::AppDetails;
//! use entitlement_core::intune::msi::WindowsMobileMsiDraft;
//!
//! let code = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";
//! let details = || AppDetails::builder("MIP client", "Contoso").build();
//! let app = WindowsMobileMsiDraft::builder(details(), "MIP.msi", code, "3.1.310.0")
//!     .command_line("/quiet")
//!     .build()?;
//! assert_eq!(serde_json::to_value(&app)?["@odata.type"], "#microsoft.graph.windowsMobileMSI");
//!
//! let refused = WindowsMobileMsiDraft::builder(details(), "MIP.msi", code, "3.1.310.0")
//!     .command_line("msiexec /i MIP.msi")
//!     .build()
//!     .unwrap_err();
//! assert_eq!(refused.violations()[0].rule(), "INT-3");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::lob::{AppDetails, AppDetailsPatch, MobileLobApp, check_code};
use crate::entity::Patch;
use crate::validate::{Checker, Invalid};
use crate::wire::Field;
use crate::wire::union::flattened;

/// What is special about an MSI app
/// ([windowsMobileMSI](https://learn.microsoft.com/graph/api/resources/intune-apps-windowsmobilemsi)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WindowsMobileMsi {
    /// Its content.
    #[serde(flatten, deserialize_with = "flattened")]
    pub lob: MobileLobApp,
    /// The arguments it is installed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_line: Option<String>,
    /// The product's code, a GUID in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    /// The product's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// Whether any version counts as installed, as for apps that update themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignore_version_detection: Option<bool>,
}

impl WindowsMobileMsi {
    /// The type's name in the Graph schema.
    pub const TYPE: &'static str = "windowsMobileMSI";
}

/// An MSI app to be made
/// ([create windowsMobileMSI](https://learn.microsoft.com/graph/api/intune-apps-windowsmobilemsi-create)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.windowsMobileMSI",
    rename_all = "camelCase"
)]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct WindowsMobileMsiDraft {
    #[serde(flatten)]
    #[builder(start_fn)]
    details: AppDetails,
    #[builder(start_fn)]
    file_name: String,
    #[builder(start_fn)]
    product_code: String,
    #[builder(start_fn)]
    product_version: String,
    /// The arguments it is installed with, such as `/quiet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    command_line: Option<String>,
    /// Whether any version counts as installed, as for apps that update themselves.
    #[builder(default)]
    ignore_version_detection: bool,
}

impl<S: windows_mobile_msi_draft_builder::IsComplete> WindowsMobileMsiDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name, publisher (INT-1) or version, a product code that is not one (INT-2), a command
    /// line with more than arguments (INT-3), or a file that is not an MSI (INT-4).
    pub fn build(self) -> Result<WindowsMobileMsiDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        draft.details.check(&mut checker);
        Parts {
            file_name: Some(&draft.file_name),
            product_code: Some(&draft.product_code),
            product_version: Some(&draft.product_version),
            command_line: draft.command_line.as_deref(),
        }
        .check(&mut checker);
        checker.finish(WindowsMobileMsi::TYPE)?;
        Ok(draft)
    }
}

/// What a draft says and a patch may say, for the rules that hold for both.
struct Parts<'a> {
    file_name: Option<&'a str>,
    product_code: Option<&'a str>,
    product_version: Option<&'a str>,
    command_line: Option<&'a str>,
}

impl Parts<'_> {
    fn check(&self, checker: &mut Checker) {
        if let Some(file) = self.file_name {
            let extension = file.rsplit_once('.').map(|(_, extension)| extension);
            checker.ensure(
                "fileName",
                extension.is_some_and(|extension| extension.eq_ignore_ascii_case("msi")),
                "INT-4",
                "is not an MSI",
                "name the .msi file, or make a Win32 app of it",
            );
        }
        if let Some(code) = self.product_code {
            check_code(checker, "productCode", code);
        }
        checker.forbid(
            "productVersion",
            self.product_version
                .is_some_and(|version| version.trim().is_empty()),
            "INT-2",
            "is blank",
            "use the version that the package itself says",
        );
        let command_line = self.command_line.unwrap_or("");
        checker.forbid(
            "commandLine",
            command_line.split_whitespace().any(names_an_action),
            "INT-3",
            "says what to do",
            "give arguments only, such as /quiet",
        );
    }
}

/// Installing and removing are Windows' own words here.
fn names_an_action(word: &str) -> bool {
    let word = word.to_ascii_lowercase().replace('-', "/");
    let program = word.trim_end_matches(".exe").ends_with("msiexec");
    program
        || ["/i", "/x"].iter().any(|action| word == *action)
        || word.starts_with("/x{")
        || word.starts_with("/i{")
}

/// What changes about an MSI app
/// ([update windowsMobileMSI](https://learn.microsoft.com/graph/api/intune-apps-windowsmobilemsi-update)). The version
/// that devices get is set by [`MobileAppPatch::publish`](super::app::MobileAppPatch::publish).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(
    tag = "@odata.type",
    rename = "#microsoft.graph.windowsMobileMSI",
    rename_all = "camelCase"
)]
pub struct WindowsMobileMsiPatch {
    /// What people see of it.
    #[serde(flatten)]
    pub details: AppDetailsPatch,
    /// The installer's name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub file_name: Field<String>,
    /// The arguments it is installed with.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub command_line: Field<String>,
    /// The product's code.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub product_code: Field<String>,
    /// The product's version.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub product_version: Field<String>,
    /// Whether any version counts as installed.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub ignore_version_detection: Field<bool>,
}

impl Patch for WindowsMobileMsiPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        self.details.check(&mut checker);
        checker.kept("fileName", &self.file_name, "INT-4");
        checker.kept("productCode", &self.product_code, "INT-2");
        checker.kept("productVersion", &self.product_version, "INT-2");
        checker.kept(
            "ignoreVersionDetection",
            &self.ignore_version_detection,
            "INT-16",
        );
        Parts {
            file_name: self.file_name.as_set().map(String::as_str),
            product_code: self.product_code.as_set().map(String::as_str),
            product_version: self.product_version.as_set().map(String::as_str),
            command_line: self.command_line.as_set().map(String::as_str),
        }
        .check(&mut checker);
        checker.finish(WindowsMobileMsi::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Violation;

    #[test]
    fn every_flaw_of_a_draft_is_named() {
        let details = AppDetails::builder("", " ").build();
        let refused = WindowsMobileMsiDraft::builder(details, "setup.exe", "8A1E3C5B", "")
            .command_line("/quiet /X{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}")
            .build()
            .unwrap_err();
        let rules: Vec<_> = refused.violations().iter().map(Violation::rule).collect();
        assert_eq!(
            rules,
            ["INT-1", "INT-1", "INT-4", "INT-2", "INT-2", "INT-3"]
        );
    }

    #[test]
    fn arguments_may_look_like_anything_else() {
        for line in [
            "/quiet",
            "/qn TRANSFORMS=x.mst",
            "INSTALLDIR=C:/i",
            "/ignore -xyz",
        ] {
            assert!(!line.split_whitespace().any(names_an_action), "{line}");
        }
        for line in ["-i", "/X", r"C:\Windows\msiexec.exe /qn", "/i{a}"] {
            assert!(line.split_whitespace().any(names_an_action), "{line}");
        }
    }
}
