//! People, groups and the other objects of the directory.
//!
//! [`User`]s ask, approve and review; a [`Group`] is what most access packages grant; a [`ServicePrincipal`] is an
//! application in the tenant. Where only the id matters (members, owners, sponsors) there is a [`DirectoryObject`],
//! which can be read as what it really is.
//!
//! The service sends some properties only if they are asked for with `$select`.
//!
//! ```
//! use entitlement_core::directory::GroupDraft;
//!
//! let group = GroupDraft::security_group("mem-local-admins")
//!     .description("Local administrators of managed Windows clients")
//!     .build()?;
//! assert_eq!(serde_json::to_value(&group)?["securityEnabled"], true);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What drafts and patches are checked against:
//!
//! | rule | |
//! |---|---|
//! | GRP-1 | a group has a name of at most 256 characters |
//! | GRP-2 | a mail alias has 1 to 64 ASCII characters, none of them a blank or one of `@()\[]";:<>,` |
//! | GRP-3 | one request names at most 20 owners and at most 20 members |
//! | GRP-4 | a group that can hold directory roles is security-enabled and not public |
//! | USR-1 | a person has a name of at most 256 characters |
//! | USR-2 | a sign-in name is an alias, an `@` and a domain of the tenant |
//! | USR-3 | an account begins with a password |
//! | USR-4 | an account is a member's or a guest's, and its owner may sign in or not |

mod alias;
mod group;
mod licensing;
mod links;
mod object;
mod on_premises;
mod service_principal;
mod user;

pub use group::{
    Group, GroupAccessType, GroupDraft, GroupDraftBuilder, GroupPatch, GroupVisibility,
};
pub use licensing::{AssignedLabel, AssignedLicense, LicenseProcessingState};
pub use links::ObjectLinks;
pub use object::DirectoryObject;
pub use on_premises::{
    OnPremisesExtensionAttributes, OnPremisesProvisioningError, ServiceProvisioningError,
};
pub use service_principal::ServicePrincipal;
pub use user::{
    ExternalUserState, ObjectIdentity, Password, PasswordProfile, User, UserDraft,
    UserDraftBuilder, UserPatch, UserType,
};
