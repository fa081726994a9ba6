//! Bytes in JSON.
//!
//! Manifests of [`content`](super::content), keys and icons are a [`Binary`]: text on the wire, bytes to whoever needs
//! them.
//!
//! ```
//! use entitlement_core::intune::binary::Binary;
//!
//! let manifest = Binary::encode("<xml/>");
//! assert_eq!(serde_json::to_string(&manifest)?, r#""PHhtbC8+""#);
//! assert_eq!(manifest.decode()?, b"<xml/>");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Bytes as Graph writes them (`Edm.Binary`): base64 text, kept as it came.
///
/// `Debug` shows how long it is and not what is in it, as some of it is secret and much of it is long.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Binary(String);

/// The text is not base64.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text is not base64: {problem}")]
pub struct NotBase64 {
    problem: base64::DecodeError,
}

impl Binary {
    /// The text for these bytes.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(STANDARD.encode(bytes))
    }

    /// The bytes.
    ///
    /// # Errors
    ///
    /// [`NotBase64`] if what came is something else.
    pub fn decode(&self) -> Result<Vec<u8>, NotBase64> {
        decode(&self.0)
    }

    /// The base64 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Text that is base64 in properties that the schema declares as plain text.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, NotBase64> {
    STANDARD
        .decode(text)
        .map_err(|problem| NotBase64 { problem })
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({} characters)", self.0.len())
    }
}
