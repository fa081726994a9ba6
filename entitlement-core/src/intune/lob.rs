//! What all apps of one's own have in common: details for people, and content.
//!
//! Drafts and patches of every kind ([`msi`](super::msi), [`win32`](super::win32)) carry the same details.
//!
//! ```
//! use entitlement_core::intune::lob::{AppDetails, MimeContent};
//!
//! let details = AppDetails::builder("MIP client", "Contoso")
//!     .description("Labels and protects documents")
//!     .large_icon(MimeContent::new("image/png", [0x89, b'P', b'N', b'G']))
//!     .build();
//! assert_eq!(serde_json::to_value(&details)?["largeIcon"]["value"], "iVBORw==");
//! # Ok::<(), serde_json::Error>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::binary::Binary;
use super::content::MobileAppContent;
use crate::entity::Id;
use crate::validate::Checker;
use crate::wire::{Expandable, Field};

/// What people will see of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
pub struct AppDetails {
    /// The name people see.
    #[builder(start_fn)]
    display_name: String,
    /// Who made it.
    #[builder(start_fn)]
    publisher: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The picture beside its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    large_icon: Option<MimeContent>,
    /// Whether the Company Portal shows it in front.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_featured: Option<bool>,
    /// Where there is more about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    information_url: Option<String>,
    /// Where its maker says what it does with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    privacy_information_url: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    developer: Option<String>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Notes for administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
}

impl AppDetails {
    pub(super) fn check(&self, checker: &mut Checker) {
        checker.name("displayName", &self.display_name, "INT-1");
        checker.name("publisher", &self.publisher, "INT-1");
    }
}

/// What changes of the details people see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppDetailsPatch {
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub publisher: Field<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// The picture beside its name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub large_icon: Field<MimeContent>,
    /// Whether the Company Portal shows it in front.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_featured: Field<bool>,
    /// Where there is more about it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub information_url: Field<String>,
    /// Where its maker says what it does with data.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub privacy_information_url: Field<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub developer: Field<String>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub owner: Field<String>,
    /// Notes for administrators.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub notes: Field<String>,
}

impl AppDetailsPatch {
    pub(super) fn check(&self, checker: &mut Checker) {
        checker.kept_name("displayName", &self.display_name, "INT-1");
        checker.kept_name("publisher", &self.publisher, "INT-1");
        checker.kept("isFeatured", &self.is_featured, "INT-16");
    }
}

/// Bytes and what they are
/// ([mimeContent](https://learn.microsoft.com/graph/api/resources/intune-shared-mimecontent)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MimeContent {
    /// What they are: `image/png`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Binary>,
}

impl MimeContent {
    /// These bytes, which are of that kind.
    pub fn new(kind: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        Self {
            kind: Some(kind.into()),
            value: Some(Binary::encode(bytes)),
        }
    }
}

/// The content of an app of one's own
/// ([mobileLobApp](https://learn.microsoft.com/graph/api/resources/intune-apps-mobilelobapp)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MobileLobApp {
    /// The version that devices get; none before the first is committed.
    #[serde(
        default,
        deserialize_with = "crate::entity::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub committed_content_version: Option<Id<MobileAppContent>>,
    /// The installer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// How many bytes its files have, all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// The versions.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub content_versions: Expandable<Vec<MobileAppContent>>,
}

/// Windows Installer knows products by GUIDs in braces.
pub(super) fn check_code(checker: &mut Checker, field: &str, code: &str) {
    checker.ensure(
        field,
        code.starts_with('{') && Uuid::try_parse(code).is_ok(),
        "INT-2",
        "is not the code of a product",
        "write it like {8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}",
    );
}
