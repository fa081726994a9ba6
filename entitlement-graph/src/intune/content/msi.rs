//! What is in an MSI.
//!
//! A [`MsiPackage`] reads what Intune wants to know about the installer from the installer itself, so that product codes
//! and versions are not typed in:
//!
//! ```no_run
//! use entitlement_graph::intune::content::msi::MsiPackage;
//!
//! let package = MsiPackage::open("MIP.msi")?;
//! println!("{} {}", package.product_name(), package.product_version());
//! let app = package.line_of_business_app(package.details().build()).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::lob::{AppDetails, AppDetailsBuilder};
use entitlement_core::intune::msi::{WindowsMobileMsiDraft, WindowsMobileMsiDraftBuilder};
use entitlement_core::intune::win32::{
    Win32LobAppDraft, Win32LobAppInstallExperience, Win32LobAppMsiInformation,
    Win32LobAppMsiPackageType,
};
use entitlement_core::intune::win32_rule::{RunAsAccountType, Win32LobAppProductCodeRule};
use entitlement_core::validate::Invalid;
use msi::{Package, Select};

use super::setup_folder::SetupFolder;
use super::source::{ContentFile, ContentSource, file_name};

/// For whom a package installs; the package decides, not the assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstallContext {
    /// For the device.
    PerMachine,
    /// For one person.
    PerUser,
    /// For either.
    Dual,
}

/// An MSI, and what it says about itself.
#[derive(Debug, Clone)]
pub struct MsiPackage {
    file_name: String,
    properties: HashMap<String, String>,
    product_code: String,
    product_version: String,
    has_services: bool,
    source: Arc<dyn ContentSource>,
}

/// A file is not an MSI that Intune could install.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MsiError {
    /// It cannot be read, or is no MSI.
    #[error("the file cannot be read as an MSI")]
    Unreadable(#[from] io::Error),
    /// It does not say what every installer says.
    #[error("the MSI has no property {0}")]
    Missing(&'static str),
}

impl MsiPackage {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`MsiError`] unless it is an MSI with a product code and a version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MsiError> {
        let path = path.as_ref();
        let mut package = msi::open(path)?;
        Self::read(file_name(path), &mut package, Arc::new(path.to_path_buf()))
    }

    /// Reads what is in memory.
    ///
    /// # Errors
    ///
    /// As [`MsiPackage::open`].
    pub fn from_bytes(
        file_name: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Result<Self, MsiError> {
        let bytes = bytes.into();
        let mut package = Package::open(Cursor::new(bytes.clone()))?;
        Self::read(file_name.into(), &mut package, Arc::new(bytes))
    }

    fn read<F: Read + Seek>(
        file_name: String,
        package: &mut Package<F>,
        source: Arc<dyn ContentSource>,
    ) -> Result<Self, MsiError> {
        let mut properties = HashMap::new();
        if package.has_table("Property") {
            let query = Select::table("Property").columns(&["Property", "Value"]);
            for row in package.select_rows(query)? {
                if let (Some(name), Some(value)) = (row["Property"].as_str(), row["Value"].as_str())
                {
                    properties.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let needed = |name: &'static str| {
            let value = properties.get(name).map(|value| value.trim());
            let value = value.filter(|value| !value.is_empty());
            value.map(str::to_owned).ok_or(MsiError::Missing(name))
        };
        Ok(Self {
            product_code: needed("ProductCode")?,
            product_version: needed("ProductVersion")?,
            has_services: package.has_table("ServiceInstall"),
            file_name,
            properties,
            source,
        })
    }

    /// What the `Property` table says under a name.
    pub fn property(&self, name: &str) -> Option<&str> {
        let value = self.properties.get(name)?.trim();
        Some(value).filter(|value| !value.is_empty())
    }

    /// The file's name.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The product's code, a GUID in braces.
    pub fn product_code(&self) -> &str {
        &self.product_code
    }

    /// The product's version.
    pub fn product_version(&self) -> &str {
        &self.product_version
    }

    /// The product's name; the file's where it has none.
    pub fn product_name(&self) -> &str {
        self.property("ProductName").unwrap_or(&self.file_name)
    }

    /// Who made it.
    pub fn manufacturer(&self) -> Option<&str> {
        self.property("Manufacturer")
    }

    /// What all versions of the product have in common, a GUID in braces.
    pub fn upgrade_code(&self) -> Option<&str> {
        self.property("UpgradeCode")
    }

    /// For whom it installs.
    pub fn context(&self) -> InstallContext {
        match self.property("ALLUSERS") {
            Some("2") if self.property("MSIINSTALLPERUSER") == Some("1") => InstallContext::Dual,
            Some("1" | "2") => InstallContext::PerMachine,
            _ => InstallContext::PerUser,
        }
    }

    /// What people will see of the app, to be completed: name and publisher are the package's own.
    pub fn details(&self) -> AppDetailsBuilder {
        let publisher = self.manufacturer().unwrap_or(self.product_name());
        AppDetails::builder(self.product_name(), publisher)
    }

    /// An app that is this MSI, installed by Windows itself, to be completed.
    pub fn line_of_business_app(&self, details: AppDetails) -> WindowsMobileMsiDraftBuilder {
        WindowsMobileMsiDraft::builder(
            details,
            &*self.file_name,
            &*self.product_code,
            &*self.product_version,
        )
    }

    /// An app that installs this MSI with Intune's own agent. Its content is a zip with the MSI in it, such as
    /// [`zipped_content`](Self::zipped_content) of the same name.
    ///
    /// It is installed and removed without questions, and detected by its product code.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if the package has a product code that is none (INT-2).
    pub fn win32_app(
        &self,
        details: AppDetails,
        package: impl Into<String>,
    ) -> Result<Win32LobAppDraft, Invalid> {
        let account = match self.context() {
            InstallContext::PerUser => RunAsAccountType::User,
            InstallContext::PerMachine | InstallContext::Dual => RunAsAccountType::System,
        };
        Win32LobAppDraft::builder(details, package, &*self.file_name)
            .install_command_line(format!("msiexec /i \"{}\" /qn", self.file_name))
            .uninstall_command_line(format!("msiexec /x \"{}\" /qn", self.product_code))
            .install_experience(Win32LobAppInstallExperience::running_as(account))
            .rule(Win32LobAppProductCodeRule::new(&*self.product_code))
            .msi_information(self.msi_information())
            .build()
    }

    /// What Intune keeps about the MSI inside of a Win32 app.
    pub fn msi_information(&self) -> Win32LobAppMsiInformation {
        let kind = match self.context() {
            InstallContext::PerMachine => Win32LobAppMsiPackageType::PerMachine,
            InstallContext::PerUser => Win32LobAppMsiPackageType::PerUser,
            InstallContext::Dual => Win32LobAppMsiPackageType::DualPurpose,
        };
        Win32LobAppMsiInformation::builder(kind, &*self.product_code)
            .product_name(self.product_name())
            .product_version(&*self.product_version)
            .maybe_publisher(self.manufacturer())
            .maybe_upgrade_code(self.upgrade_code())
            .build()
    }

    /// What Intune is told about the content of an MSI app.
    pub fn manifest(&self) -> Binary {
        let (context, machine, user) = match self.context() {
            InstallContext::PerMachine => ("System", true, false),
            InstallContext::PerUser => ("User", false, true),
            InstallContext::Dual => ("Any", true, true),
        };
        // Some packages are never upgraded and have no code for it; their own stands in.
        let upgrade = self.upgrade_code().unwrap_or(&self.product_code);
        let mut xml = String::from("<MobileMsiData");
        for (name, value) in [
            ("MsiExecutionContext", context),
            ("MsiRequiresReboot", "false"),
            ("MsiUpgradeCode", upgrade),
            ("MsiIsMachineInstall", truth(machine)),
            ("MsiIsUserInstall", truth(user)),
            ("MsiIncludesServices", truth(self.has_services)),
            ("MsiContainsSystemRegistryKeys", "false"),
            ("MsiContainsSystemFolders", "false"),
        ] {
            let value = value
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;");
            let _ = write!(xml, " {name}=\"{value}\"");
        }
        xml.push_str("></MobileMsiData>");
        Binary::encode(xml)
    }

    /// The file in a zip, as the content of a Win32 app.
    pub fn zipped_content(&self, package: impl Into<String>) -> ContentFile {
        let source = Arc::clone(&self.source);
        let folder = SetupFolder::new().shared(self.file_name.clone(), source);
        ContentFile::win32(package, folder)
    }

    /// The file, as the content of an MSI app.
    pub fn content(&self) -> ContentFile {
        let source = Arc::clone(&self.source);
        ContentFile::msi(self.file_name.clone(), self.manifest(), source)
    }
}

fn truth(so: bool) -> &'static str {
    if so { "true" } else { "false" }
}
