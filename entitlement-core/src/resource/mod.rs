//! Resources of a catalog, their roles and scopes, and the requests that add or remove them.
//!
//! A [`Resource`] stands for something elsewhere: a group, an application, a site. Its [`ResourceRole`]s say what one
//! can be there, its [`ResourceScope`]s where; a package grants [`RoleScope`]s, pairs of the two. Resources come into
//! a catalog, and leave it, by a [`ResourceRequest`].
//!
//! ```
//! use entitlement_core::catalog::Catalog;
//! use entitlement_core::directory::Group;
//! use entitlement_core::entity::Id;
//! use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin};
//!
//! let catalog: Id<Catalog> = "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1".parse()?;
//! let group: Id<Group> = "b320ee12-b1cd-4cca-b648-a437be61c5cd".parse()?;
//! let request = ResourceRequestDraft::add_group(&catalog, &group);
//! assert_eq!(
//!     RoleOrigin::member_of(&group).to_string(),
//!     "Member_b320ee12-b1cd-4cca-b648-a437be61c5cd"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attribute;
mod model;
mod origin;
mod request;
mod role_scope;
mod upload;

pub use attribute::{
    ResourceAttribute, ResourceAttributeDestination, ResourceAttributeQuestion,
    ResourceAttributeSource, UserDirectoryAttributeStore,
};
pub use model::{ConnectionInfo, Resource, ResourceEnvironment, ResourceRole, ResourceScope};
pub use origin::{OriginSystem, RoleOrigin, RoleType};
pub use request::{ResourceRequest, ResourceRequestDraft, ResourceRequestDraftBuilder};
pub use role_scope::{RoleScope, RoleScopeDraft};
pub use upload::{UploadSession, UploadStats, UploadStatus, UploadedFile};
