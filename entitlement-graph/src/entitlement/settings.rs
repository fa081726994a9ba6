//! What holds in the whole tenant.

use entitlement_core::control_configuration::EndUserSettings;
use entitlement_core::entity::Entity;
use entitlement_core::settings::{
    EntitlementManagementSettings, EntitlementManagementSettingsPatch,
};

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::error::Error;
use crate::request::{Call, ResourcePath};

/// The tenant's settings. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct SettingsHandle(GraphClient);

impl SettingsHandle {
    pub(super) fn new(client: GraphClient) -> Self {
        Self(client)
    }

    fn path() -> ResourcePath {
        ResourcePath::new(EntitlementManagementSettings::COLLECTION)
    }

    /// Reads them ([get](https://learn.microsoft.com/graph/api/entitlementmanagementsettings-get)).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::fetch`].
    pub async fn get(&self) -> Result<EntitlementManagementSettings, Error> {
        self.0.fetch(Call::get(Self::path())).await
    }

    /// Changes what the patch mentions
    /// ([update](https://learn.microsoft.com/graph/api/entitlementmanagementsettings-update)).
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`], before anything is sent, for a time that the service does not take (ORG-9);
    /// [`Error::is_permission`] unless the caller governs identities.
    pub async fn update(&self, patch: &EntitlementManagementSettingsPatch) -> Result<(), Error> {
        self.0
            .send(Call::patch(Self::path()).changing(patch)?)
            .await?;
        Ok(())
    }
}

/// What people see in My Access. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct EndUserSettingsHandle(Collection<EndUserSettings>);

impl EndUserSettingsHandle {
    pub(super) fn new(client: GraphClient) -> Self {
        Self(Collection::new(client))
    }

    /// Reads them ([get](https://learn.microsoft.com/graph/api/endusersettings-get)).
    ///
    /// # Errors
    ///
    /// As [`GraphClient::fetch`].
    pub async fn get(&self) -> Result<EndUserSettings, Error> {
        self.0.get(&EndUserSettings::key()).await
    }

    /// Writes them back whole ([update](https://learn.microsoft.com/graph/api/endusersettings-update)).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] unless the caller governs identities.
    pub async fn replace(&self, settings: &EndUserSettings) -> Result<(), Error> {
        self.0.replace(settings).await
    }
}
