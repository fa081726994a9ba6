//! What can be done with a device.

use entitlement_core::intune::device::{DeviceConfigurationState, ManagedDevice};
use entitlement_core::odata::Query;

use crate::collection::Collection;
use crate::error::Error;
use crate::place::Place;
use crate::transport::Replay;

/// One device under management. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct DeviceHandle(Place);

impl DeviceHandle {
    pub(super) fn new(place: Place) -> Self {
        Self(place)
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get(&self) -> Result<ManagedDevice, Error> {
        self.0.get(Query::new()).await
    }

    /// Has it look for news now, and not within the next hours
    /// ([syncDevice](https://learn.microsoft.com/graph/api/intune-devices-manageddevice-syncdevice)).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] without the permission for privileged operations, which reading does not need.
    pub async fn sync(&self) -> Result<(), Error> {
        self.0.act("syncDevice", Replay::Safe).await
    }

    /// What came of each of its configurations
    /// ([list](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfigurationstate-list)).
    pub fn configuration_states(&self) -> Collection<DeviceConfigurationState> {
        self.0.collection("deviceConfigurationStates")
    }
}
