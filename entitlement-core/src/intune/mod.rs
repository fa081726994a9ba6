//! Intune: apps and configurations, and who gets them.
//!
//! A [`MobileApp`](app::MobileApp) is made with a draft ([`msi`], [`win32`]), gets its installer as [`content`], and is
//! then given to groups by an [`assignment`]. A [`DeviceConfiguration`](configuration::DeviceConfiguration) carries
//! settings for devices and is given to groups in the same way. Both name groups and exceptions as a [`target`].
//!
//! Whoever gets access to a group by an access package gets what is assigned to that group. Taking somebody out of the
//! group does not remove the app: that takes another assignment, of intent
//! [`Uninstall`](assignment::InstallIntent::Uninstall).
//!
//! ```
//! use entitlement_core::intune::assignment::{InstallIntent, MobileAppAssignmentDraft, MobileAppAssignments};
//! use entitlement_core::intune::lob::AppDetails;
//! use entitlement_core::intune::msi::WindowsMobileMsiDraft;
//! use entitlement_core::intune::target::AssignmentTarget;
//!
//! let app = WindowsMobileMsiDraft::builder(
//!     AppDetails::builder("MIP client", "Contoso").build(),
//!     "MIP.msi",
//!     "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}",
//!     "3.1.310.0",
//! )
//! .command_line("/quiet")
//! .build()?;
//!
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let everybody_in_it = MobileAppAssignmentDraft::new(
//!     InstallIntent::Required,
//!     AssignmentTarget::group(&group),
//! );
//! let all = MobileAppAssignments::builder().assign(everybody_in_it).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What drafts and patches are checked against:
//!
//! | rule | |
//! |---|---|
//! | INT-1 | an app has a name and a publisher |
//! | INT-2 | a product or upgrade code is a GUID in braces |
//! | INT-3 | the command line of an MSI holds arguments only: neither `msiexec` nor `/i` nor `/x` |
//! | INT-4 | the file of an MSI app is an `.msi` |
//! | INT-5 | a Win32 app says what to run to install it, and what to remove it |
//! | INT-6 | a Win32 app has a rule by which it is detected |
//! | INT-7 | a rule that compares versions has a version, and one that does not compare has none |
//! | INT-8 | a return code means one thing |
//! | INT-9 | a content file has a name and a size |
//! | INT-10 | a group is included under one intent only; being excluded under another is fine |
//! | INT-11 | a target is named once for each intent, and once in a configuration |
//! | INT-12 | apps for devices outside of Intune's management are for phones |
//! | INT-13 | a configuration has a name, and so has each of its settings |
//! | INT-14 | an OMA-URI begins with `./`, and a configuration sets each only once |
//! | INT-15 | the value of a setting can be sent: a number that is one, base64 text that can be decoded |
//! | INT-16 | lists, architectures and what is either so or not are never null: a patch can set them, not clear them |
//! | INT-17 | a policy about local groups changes at least one |
//! | INT-18 | a member of a local group is a SID or the name of an account, of at most 255 characters |
//! | INT-19 | a local group is either restricted or changed: a restriction would undo the change |
//! | INT-20 | who is added to a local group is not removed from it |
//! | INT-21 | who restricts the local administrators keeps the built-in one |
//! | INT-22 | a device looks into at most 20 groups of Entra |

pub mod app;
pub mod architecture;
pub mod assignment;
pub mod assignment_change;
pub mod binary;
pub mod configuration;
pub mod content;
pub mod device;
pub mod lob;
pub mod local_groups;
pub mod msi;
pub mod oma;
pub mod report;
pub mod settings;
#[cfg(feature = "beta")]
pub mod settings_catalog;
pub mod sid;
pub mod target;
pub mod win32;
pub mod win32_rule;
