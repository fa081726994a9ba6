//! Settings by their address on the device.
//!
//! An [`OmaSetting`] writes one value to one OMA-URI, which a configuration service provider of Windows listens to.
//!
//! ```
//! use entitlement_core::intune::oma::OmaSetting;
//!
//! let setting = OmaSetting::string(
//!     "LocalUsersAndGroups",
//!     "./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure",
//!     "<GroupConfiguration/>",
//! );
//! assert_eq!(serde_json::to_value(&setting)?["@odata.type"], "#microsoft.graph.omaSettingString");
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::binary::{Binary, decode};
use crate::time::Timestamp;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::union::{flattened, union};

union! {
    /// A setting ([omaSetting](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasetting)).
    OmaSetting = "omaSetting" {
        /// A text; XML for most policies.
        String(OmaSettingString) = "#microsoft.graph.omaSettingString",
        /// A text with a file's name, for XML of one's own.
        StringXml(OmaSettingStringXml) = "#microsoft.graph.omaSettingStringXml",
        /// A file.
        Base64(OmaSettingBase64) = "#microsoft.graph.omaSettingBase64",
        /// A whole number.
        Integer(OmaSettingInteger) = "#microsoft.graph.omaSettingInteger",
        /// A number.
        FloatingPoint(OmaSettingFloatingPoint) = "#microsoft.graph.omaSettingFloatingPoint",
        /// Yes or no.
        Boolean(OmaSettingBoolean) = "#microsoft.graph.omaSettingBoolean",
        /// An instant.
        DateTime(OmaSettingDateTime) = "#microsoft.graph.omaSettingDateTime",
    }
}

/// What every setting has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OmaSettingBase {
    /// The name administrators see.
    pub display_name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written: `./Device/Vendor/MSFT/Policy/Config/…`.
    pub oma_uri: String,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl OmaSettingBase {
    fn new(display_name: impl Into<String>, oma_uri: impl Into<String>) -> Self {
        Self {
            display_name: display_name.into(),
            description: None,
            oma_uri: oma_uri.into(),
            unknown: RawObject::default(),
        }
    }
}

/// A text ([omaSettingString](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingstring)).
///
/// The service may show stars in place of a value it deems secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmaSettingString {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// The text.
    pub value: String,
}

/// A text from a file
/// ([omaSettingStringXml](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingstringxml)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OmaSettingStringXml {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The text's bytes.
    pub value: Binary,
}

/// A file ([omaSettingBase64](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingbase64)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OmaSettingBase64 {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Its bytes, as base64.
    pub value: String,
}

/// A whole number
/// ([omaSettingInteger](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettinginteger)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmaSettingInteger {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// The number.
    pub value: i32,
}

/// A number
/// ([omaSettingFloatingPoint](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingfloatingpoint)).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmaSettingFloatingPoint {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// The number, of which the service keeps about seven digits.
    pub value: f64,
}

/// No JSON holds the one number that does not equal itself, and drafts refuse it (INT-15).
impl Eq for OmaSettingFloatingPoint {}

/// Yes or no
/// ([omaSettingBoolean](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingboolean)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmaSettingBoolean {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// Which.
    pub value: bool,
}

/// An instant
/// ([omaSettingDateTime](https://learn.microsoft.com/graph/api/resources/intune-deviceconfig-omasettingdatetime)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OmaSettingDateTime {
    /// What every setting has.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: OmaSettingBase,
    /// Which.
    pub value: Timestamp,
}

impl OmaSetting {
    /// Writes a text.
    pub fn string(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self::String(OmaSettingString {
            base: OmaSettingBase::new(display_name, oma_uri),
            value: value.into(),
        })
    }

    /// Writes a text that was in a file.
    pub fn string_xml(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        file_name: impl Into<String>,
        xml: impl AsRef<[u8]>,
    ) -> Self {
        Self::StringXml(OmaSettingStringXml {
            base: OmaSettingBase::new(display_name, oma_uri),
            file_name: Some(file_name.into()),
            value: Binary::encode(xml),
        })
    }

    /// Writes a file.
    pub fn base64(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        file_name: impl Into<String>,
        bytes: impl AsRef<[u8]>,
    ) -> Self {
        Self::Base64(OmaSettingBase64 {
            base: OmaSettingBase::new(display_name, oma_uri),
            file_name: Some(file_name.into()),
            value: Binary::encode(bytes).as_str().to_owned(),
        })
    }

    /// Writes a whole number.
    pub fn integer(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        value: i32,
    ) -> Self {
        Self::Integer(OmaSettingInteger {
            base: OmaSettingBase::new(display_name, oma_uri),
            value,
        })
    }

    /// Writes a number.
    pub fn floating_point(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        value: f64,
    ) -> Self {
        Self::FloatingPoint(OmaSettingFloatingPoint {
            base: OmaSettingBase::new(display_name, oma_uri),
            value,
        })
    }

    /// Writes yes or no.
    pub fn boolean(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        value: bool,
    ) -> Self {
        Self::Boolean(OmaSettingBoolean {
            base: OmaSettingBase::new(display_name, oma_uri),
            value,
        })
    }

    /// Writes an instant.
    pub fn date_time(
        display_name: impl Into<String>,
        oma_uri: impl Into<String>,
        value: Timestamp,
    ) -> Self {
        Self::DateTime(OmaSettingDateTime {
            base: OmaSettingBase::new(display_name, oma_uri),
            value,
        })
    }

    /// What every setting has; `None` for a kind that this version does not know.
    pub fn base(&self) -> Option<&OmaSettingBase> {
        match self {
            Self::String(setting) => Some(&setting.base),
            Self::StringXml(setting) => Some(&setting.base),
            Self::Base64(setting) => Some(&setting.base),
            Self::Integer(setting) => Some(&setting.base),
            Self::FloatingPoint(setting) => Some(&setting.base),
            Self::Boolean(setting) => Some(&setting.base),
            Self::DateTime(setting) => Some(&setting.base),
            Self::Unknown(_) => None,
        }
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        let Some(base) = self.base() else {
            return;
        };
        checker.name("displayName", &base.display_name, "INT-13");
        checker.ensure(
            "omaUri",
            base.oma_uri.len() > 2 && base.oma_uri.starts_with("./"),
            "INT-14",
            "is not an OMA-URI",
            "write it like ./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure",
        );
        let (fine, problem, allowed) = match self {
            Self::FloatingPoint(setting) => (
                setting.value.is_finite() && setting.value.abs() <= f64::from(f32::MAX),
                "is out of range",
                "use a number that 32 bits can hold",
            ),
            Self::Base64(setting) => (
                decode(&setting.value).is_ok(),
                "is not base64",
                "encode the bytes",
            ),
            Self::StringXml(setting) => (
                setting.value.decode().is_ok(),
                "is not base64",
                "encode the text",
            ),
            _ => return,
        };
        checker.ensure("value", fine, "INT-15", problem, allowed);
    }
}
