//! Tenants that are furnished, for tests that are about something else.
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
mod self_service;
mod small_company;

pub use crowd::crowd;
pub use large_catalog::LargeCatalog;
pub use self_service::SelfService;
pub use small_company::SmallCompany;
