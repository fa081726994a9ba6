//! What can be done with a configuration.

use entitlement_core::entity::Id;
use entitlement_core::intune::configuration::{
    DeviceConfiguration, DeviceConfigurationAssignment, DeviceConfigurationAssignments,
};
use entitlement_core::intune::device::{
    DeviceConfigurationDeviceOverview, DeviceConfigurationDeviceStatus,
};
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::odata::Query;
use serde::Deserialize;

use crate::collection::Collection;
use crate::error::Error;
use crate::place::Place;
use crate::request::Call;

/// One configuration. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ConfigurationHandle {
    place: Place,
    id: Id<DeviceConfiguration>,
}

impl ConfigurationHandle {
    pub(super) fn new(place: Place, id: Id<DeviceConfiguration>) -> Self {
        Self { place, id }
    }

    /// Reads it.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get(&self) -> Result<DeviceConfiguration, Error> {
        self.place.get(Query::new()).await
    }

    /// For whom it is; single rows can be made and removed here.
    pub fn assignments(&self) -> Collection<DeviceConfigurationAssignment> {
        self.place.collection("assignments")
    }

    /// Says for whom it is, and that it is for nobody else
    /// ([assign](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfiguration-assign)).
    ///
    /// What others assigned and is not in the list ends: see [`assign_also`](Self::assign_also).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`](crate::GraphClient::send).
    pub async fn assign(&self, all: &DeviceConfigurationAssignments) -> Result<(), Error> {
        self.place.act_with("assign", all).await
    }

    /// Says that it is for these too, and leaves all others alone; says whether anything had to be changed.
    ///
    /// # Errors
    ///
    /// As [`assign`](Self::assign).
    pub async fn assign_also(
        &self,
        targets: impl IntoIterator<Item = AssignmentTarget>,
    ) -> Result<bool, Error> {
        let turn = format!("assignments of configuration {}", self.id);
        let _ours = self.place.client().turns().take(&turn).await;
        let before = self.assignments().list().try_collect().await?;
        let Some(all) = DeviceConfigurationAssignments::adding(before, targets)? else {
            return Ok(false);
        };
        self.assign(&all).await?;
        Ok(true)
    }

    /// What came of it on each device
    /// ([list](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfigurationdevicestatus-list)).
    pub fn device_statuses(&self) -> Collection<DeviceConfigurationDeviceStatus> {
        self.place.collection("deviceStatuses")
    }

    /// What came of it on all devices, counted
    /// ([get](https://learn.microsoft.com/graph/api/intune-deviceconfig-deviceconfigurationdeviceoverview-get)).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`](crate::GraphClient::send).
    pub async fn device_status_overview(&self) -> Result<DeviceConfigurationDeviceOverview, Error> {
        let call = Call::get(self.place.path_to("deviceStatusOverview"));
        self.place.client().fetch(call).await
    }

    /// The value of a setting that the service shows as stars; `secret` is the setting's `secretReferenceValueId`.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`](crate::GraphClient::send).
    pub async fn plain_text_value(&self, secret: &str) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Wrapped {
            value: String,
        }
        let arguments = [("secretReferenceValueId", secret)];
        let path = self
            .place
            .function("getOmaSettingPlainTextValue", &arguments);
        let wrapped: Wrapped = self.place.client().fetch(Call::get(path)).await?;
        Ok(wrapped.value)
    }
}
