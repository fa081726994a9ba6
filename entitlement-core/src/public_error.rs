//! What went wrong, as it is noted in data.
//!
//! A [`PublicError`] is part of a value that was read: a step that failed says why. It has the shape of the error that
//! answers a refused call, with [`PublicErrorDetail`]s and a [`PublicInnerError`] that says it more precisely.
//!
//! ```
//! use entitlement_core::public_error::PublicError;
//!
//! let error: PublicError = serde_json::from_str(
//!     r#"{"code": "InvalidModel", "message": "The model is invalid.", "innerError": {"code": "MissingCatalog"}}"#,
//! )?;
//! assert_eq!(error.most_precise_code(), Some("MissingCatalog"));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::wire::RawObject;

/// What went wrong ([publicError](https://learn.microsoft.com/graph/api/resources/publicerror)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicError {
    /// What it is, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The single things that went wrong.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub details: Vec<PublicErrorDetail>,
    /// The same, more precisely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inner_error: Option<Box<PublicInnerError>>,
}

/// One of the things that went wrong
/// ([publicErrorDetail](https://learn.microsoft.com/graph/api/resources/publicerrordetail)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicErrorDetail {
    /// What it is, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// What went wrong, more precisely
/// ([publicInnerError](https://learn.microsoft.com/graph/api/resources/publicinnererror)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PublicInnerError {
    /// What it is, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The single things that went wrong.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub details: Vec<PublicErrorDetail>,
    /// What this kind of error has beyond that.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl PublicError {
    /// The code of the inner error where it has one, or else the error's own.
    pub fn most_precise_code(&self) -> Option<&str> {
        let inner = self
            .inner_error
            .as_ref()
            .and_then(|inner| inner.code.as_deref());
        inner.or(self.code.as_deref())
    }
}
