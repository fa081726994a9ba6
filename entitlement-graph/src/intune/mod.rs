//! Intune: apps, configurations and devices, `client.intune()`.
//!
//! An access package decides who is in a group; Intune does something for whoever is in it. Apps are made from drafts
//! ([`core::intune`](crate::core::intune)), get their content, are published, and are then given to groups:
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::directory::Group;
//! use entitlement_graph::core::entity::Id;
//! use entitlement_graph::core::intune::app::MobileApp;
//! use entitlement_graph::core::intune::assignment::InstallIntent;
//! use entitlement_graph::core::intune::assignment_change::AssignmentChange;
//! use entitlement_graph::core::intune::target::AssignmentTarget;
//!
//! # async fn example(client: &GraphClient, app: &Id<MobileApp>, group: &Id<Group>) -> Result<(), entitlement_graph::Error> {
//! let app = client.intune().app(app);
//! let wanted = AssignmentChange::new().assign(InstallIntent::Required, AssignmentTarget::group(group));
//! app.change_assignments(&wanted).await?;
//! for status in app.install_statuses().await? {
//!     println!("{:?}: {:?}", status.device_name, status.state);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | I want to … | |
//! |---|---|
//! | make, read, change apps | [`Intune::apps`] |
//! | get an installer to Intune | [`AppHandle::contents`] step by step; the module `content` (feature `intune-content`) does it all |
//! | give an app to groups, and leave what others gave it to alone | [`AppHandle::change_assignments`] |
//! | have it removed when access ends | [`uninstall`] |
//! | make members of a group local administrators | [`local_admins`]; at the beta endpoint the module `settings_catalog` |
//! | put settings on devices | [`Intune::configurations`], [`ConfigurationHandle`] |
//! | see what came of it | [`AppHandle::install_statuses`], [`ConfigurationHandle::device_statuses`] |
//! | see somebody's devices, and hurry one | [`Intune::devices_of`], [`DeviceHandle::sync`] |

mod app;
mod configuration;
#[cfg(feature = "intune-content")]
pub mod content;
mod device;
pub mod local_admins;
#[cfg(feature = "beta")]
pub mod settings_catalog;
pub mod uninstall;

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::configuration::DeviceConfiguration;
use entitlement_core::intune::device::ManagedDevice;

pub use app::{AppHandle, ContentHandle, ContentKind, ContentVersionHandle, FileHandle};
pub use configuration::ConfigurationHandle;
pub use device::DeviceHandle;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::place::Place;

impl GraphClient {
    /// Intune.
    pub fn intune(&self) -> Intune {
        Intune {
            client: self.clone(),
        }
    }
}

/// The root of Intune (`deviceAppManagement` and `deviceManagement`).
#[derive(Debug, Clone)]
pub struct Intune {
    client: GraphClient,
}

impl Intune {
    pub(crate) fn client(&self) -> &GraphClient {
        &self.client
    }

    /// All apps.
    pub fn apps(&self) -> Collection<MobileApp> {
        Collection::new(self.client.clone())
    }

    /// One app, for its content and whom it is for.
    pub fn app(&self, id: &Id<MobileApp>) -> AppHandle {
        AppHandle::new(Place::new(&self.client, id), id.clone())
    }

    /// All configurations.
    pub fn configurations(&self) -> Collection<DeviceConfiguration> {
        Collection::new(self.client.clone())
    }

    /// One configuration, for whom it is for and what came of it.
    pub fn configuration(&self, id: &Id<DeviceConfiguration>) -> ConfigurationHandle {
        ConfigurationHandle::new(Place::new(&self.client, id), id.clone())
    }

    /// All devices under management.
    pub fn managed_devices(&self) -> Collection<ManagedDevice> {
        Collection::new(self.client.clone())
    }

    /// One device.
    pub fn managed_device(&self, id: &Id<ManagedDevice>) -> DeviceHandle {
        DeviceHandle::new(Place::new(&self.client, id))
    }

    /// The devices that somebody enrolled
    /// ([list managedDevices](https://learn.microsoft.com/graph/api/intune-devices-manageddevice-list)).
    pub fn devices_of(&self, user: &Id<User>) -> Collection<ManagedDevice> {
        Place::new(&self.client, user).collection("managedDevices")
    }
}
