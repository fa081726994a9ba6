//! Sets of processor architectures.
//!
//! A [Win32 app](super::win32) says with [`WindowsArchitectures`] on which processors it runs, and a
//! [requirement](super::win32_rule) what it needs to be installed.
//!
//! ```
//! use entitlement_core::intune::architecture::{WindowsArchitecture, WindowsArchitectures};
//!
//! let both: WindowsArchitectures = serde_json::from_str(r#""x64, X86""#)?;
//! assert!(both.contains(&WindowsArchitecture::X86));
//! assert_eq!(both.to_string(), "x64,x86");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt::{self, Display};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::open_enum::open_enum;

open_enum! {
    /// A processor architecture (`windowsArchitecture`).
    WindowsArchitecture = "windowsArchitecture" {
        /// No architecture.
        None = "none",
        /// 32-bit Intel.
        X86 = "x86",
        /// 64-bit Intel.
        X64 = "x64",
        /// 32-bit ARM.
        Arm = "arm",
        /// All of them.
        Neutral = "neutral",
    }
}

/// A set of architectures, which Graph writes as one text: `x64,x86`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WindowsArchitectures(Vec<WindowsArchitecture>);

impl WindowsArchitectures {
    /// Whether this one is in the set.
    pub fn contains(&self, architecture: &WindowsArchitecture) -> bool {
        self.0.contains(architecture)
    }

    /// The architectures, as they are written.
    pub fn iter(&self) -> impl Iterator<Item = &WindowsArchitecture> {
        self.0.iter()
    }
}

impl FromIterator<WindowsArchitecture> for WindowsArchitectures {
    fn from_iter<I: IntoIterator<Item = WindowsArchitecture>>(architectures: I) -> Self {
        Self(architectures.into_iter().collect())
    }
}

impl<const N: usize> From<[WindowsArchitecture; N]> for WindowsArchitectures {
    fn from(architectures: [WindowsArchitecture; N]) -> Self {
        architectures.into_iter().collect()
    }
}

impl From<&str> for WindowsArchitectures {
    fn from(text: &str) -> Self {
        text.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(Into::into)
            .collect()
    }
}

impl Display for WindowsArchitectures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, architecture) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { "," } else { "" })?;
            f.write_str(architecture.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for WindowsArchitectures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WindowsArchitectures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::open_enum::deserialize(deserializer, WindowsArchitecture::TYPE)
    }
}
