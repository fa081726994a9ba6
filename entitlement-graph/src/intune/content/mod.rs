//! Installers on their way to Intune (feature `intune-content`).
//!
//! [`MsiPackage`](msi::MsiPackage) says what is in an MSI and makes the drafts of apps out of it.
//! [`AppHandle::upload`](super::AppHandle::upload) encrypts a [`ContentFile`](source::ContentFile), sends it in blocks,
//! waits for the service at every step, and publishes the app. Memory stays at a few blocks, however large the file is.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::intune::content::msi::MsiPackage;
//!
//! # async fn example(client: &GraphClient) -> Result<(), Box<dyn std::error::Error>> {
//! let package = MsiPackage::open("MIP.msi")?;
//! let draft = package.line_of_business_app(package.details().build()).command_line("/quiet").build()?;
//! let app = client.intune().apps().create(&draft.into()).await?;
//! let done = client
//!     .intune()
//!     .app(&app.id)
//!     .upload(&package.content())
//!     .on_progress(|progress| println!("{progress}"))
//!     .run()
//!     .await?;
//! println!("version {} is published", done.version);
//! # Ok(())
//! # }
//! ```
//!
//! An upload that breaks off says at which step and why, and with its [`UploadCheckpoint`](checkpoint::UploadCheckpoint)
//! goes on from there: what the storage has already is not sent again.

mod blob;
pub mod checkpoint;
pub mod encrypt;
mod lanes;
pub mod msi;
mod pipeline;
pub mod progress;
mod run;
mod send;
pub mod setup_folder;
pub mod source;
pub mod upload;
