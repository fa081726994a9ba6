//! Policies out of the settings catalog, at the beta endpoint (feature `beta`).
//!
//! The same value that becomes a configuration of v1.0 becomes one of these, which the portal shows under *account
//! protection*. A device may get one of both, not one of each.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::intune::local_groups::LocalGroupPolicy;
//! use entitlement_graph::core::intune::settings_catalog::ConfigurationPolicyAssignments;
//! use entitlement_graph::core::intune::target::AssignmentTarget;
//!
//! # async fn example(client: &GraphClient, policy: &LocalGroupPolicy) -> Result<(), entitlement_graph::Error> {
//! let policies = client.intune().configuration_policies();
//! let made = policies.create(&policy.into()).await?;
//! let everywhere = ConfigurationPolicyAssignments::new([AssignmentTarget::all_devices()])?;
//! policies.assign(&made.id, &everywhere).await?;
//! # Ok(())
//! # }
//! ```

use entitlement_core::entity::Id;
use entitlement_core::intune::settings_catalog::{
    ConfigurationPolicy, ConfigurationPolicyAssignment, ConfigurationPolicyAssignments,
    ConfigurationPolicyDraft,
};
use entitlement_core::odata::Query;

use super::Intune;
use crate::client::GraphClient;
use crate::error::Error;
use crate::paging::Pager;
use crate::request::{Call, ResourcePath};

impl Intune {
    /// Policies out of the settings catalog.
    pub fn configuration_policies(&self) -> ConfigurationPolicies {
        ConfigurationPolicies {
            client: self.client().clone(),
        }
    }
}

/// All policies out of the settings catalog. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct ConfigurationPolicies {
    client: GraphClient,
}

impl ConfigurationPolicies {
    fn path() -> ResourcePath {
        ResourcePath::new(ConfigurationPolicy::COLLECTION)
    }

    /// Reads all, without their settings.
    pub fn list(&self) -> Pager<ConfigurationPolicy> {
        Pager::new(self.client.clone(), Call::get(Self::path()).beta())
    }

    /// Reads one with its settings, which are among its [`unknown`](ConfigurationPolicy::unknown) properties.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get(&self, id: &Id<ConfigurationPolicy>) -> Result<ConfigurationPolicy, Error> {
        let call = Call::get(Self::path().id(id)).query(Query::new().expand("settings"));
        self.client.fetch(call.beta()).await
    }

    /// Makes one.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn create(
        &self,
        draft: &ConfigurationPolicyDraft,
    ) -> Result<ConfigurationPolicy, Error> {
        let call = Call::post(Self::path()).json(draft)?;
        self.client.fetch(call.beta()).await
    }

    /// Writes one whole in place of what is there.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn replace(
        &self,
        id: &Id<ConfigurationPolicy>,
        draft: &ConfigurationPolicyDraft,
    ) -> Result<(), Error> {
        let call = Call::put(Self::path().id(id)).json(draft)?;
        self.client.send(call.beta()).await?;
        Ok(())
    }

    /// Removes one. What it put into local groups stays there.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn delete(&self, id: &Id<ConfigurationPolicy>) -> Result<(), Error> {
        let call = Call::delete(Self::path().id(id));
        self.client.send(call.beta()).await?;
        Ok(())
    }

    /// For whom one is.
    pub fn assignments(
        &self,
        id: &Id<ConfigurationPolicy>,
    ) -> Pager<ConfigurationPolicyAssignment> {
        let path = Self::path().id(id).segment("assignments");
        Pager::new(self.client.clone(), Call::get(path).beta())
    }

    /// Says for whom one is, and that it is for nobody else.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`].
    pub async fn assign(
        &self,
        id: &Id<ConfigurationPolicy>,
        all: &ConfigurationPolicyAssignments,
    ) -> Result<(), Error> {
        let call = Call::post(Self::path().id(id).segment("assign")).json(all)?;
        self.client.send(call.beta()).await?;
        Ok(())
    }
}
