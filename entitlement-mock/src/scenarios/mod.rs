//! Tenants that are furnished, for tests that are about something else.
//!
//! | a tenant with … | one call |
//! |---|---|
//! | one package for everybody | [`SelfService::open`] |
//! | five people, two packages, a manager who consents | [`SmallCompany::open`] |
//! | a partner organisation, its guests and sponsors, a package for them | [`PartnerOrganization::open`] |
//! | 1,800 packages | [`LargeCatalog::open`] |
//! | 100,000 people | [`LargeOrganization::open`], or [`crowd`] in a tenant of your own |
//!
//! All but the large ones can furnish a tenant that was set up in another way, by `open_in`.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! use entitlement_core::assignment_request::AssignmentRequestDraft;
//! use entitlement_core::time::IsoDuration;
//! use entitlement_mock::scenarios::SmallCompany;
//!
//! let company = SmallCompany::open().await?;
//! let request = AssignmentRequestDraft::user_add(&company.local_administrator)
//!     .justification("The build machine needs me")
//!     .build()?;
//! company.tenant.user(&company.ada).client().entitlement().requests().create(&request).await?;
//! company.approve_everything().await?;
//!
//! company.tenant.assert_granted(&company.ada, &company.local_administrators);
//! company.tenant.clock().advance(IsoDuration::days(31));
//! company.tenant.assert_not_granted(&company.ada, &company.local_administrators);
//! # Ok(())
//! # }
//! ```

mod crowd;
mod large_catalog;
mod large_organization;
mod partner_organization;
mod self_service;
mod small_company;
mod steps;

pub use crowd::crowd;
pub use large_catalog::LargeCatalog;
pub use large_organization::LargeOrganization;
pub use partner_organization::PartnerOrganization;
pub use self_service::SelfService;
pub use small_company::SmallCompany;
