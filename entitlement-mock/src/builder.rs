//! How a tenant is before anything happens in it.

use entitlement_core::time::Timestamp;

use crate::choices::Choices;
use crate::lag::LagProfile;
use crate::licence::Licence;
use crate::tenant::Tenant;
use crate::world::outside::Invitations;
use crate::world::{Settings, World};

impl Tenant {
    /// A tenant with nobody in it, on 1 January 2026.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A tenant to be set up.
    pub fn builder() -> TenantBuilder {
        TenantBuilder::new()
    }
}

impl Default for Tenant {
    fn default() -> Self {
        Self::new()
    }
}

/// Sets up a [`Tenant`].
#[derive(Debug, Clone)]
#[must_use = "there is no tenant until `build`"]
pub struct TenantBuilder {
    seed: u64,
    now: Timestamp,
    settings: Settings,
}

impl TenantBuilder {
    fn new() -> Self {
        Self {
            seed: 0,
            now: Timestamp::constant(1_767_225_600, 0),
            settings: Settings {
                domain: "contoso.onmicrosoft.com".to_owned(),
                page_size: 100,
                choices: Choices::default(),
                lag: LagProfile::immediate(),
                is_permissive: false,
                invitations: Invitations::default(),
                licence: Licence::default(),
            },
        }
    }

    /// Where ids come from: tenants with the same seed and the same history are equal.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What the clock shows at first.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// The tenant's own domain; `contoso.onmicrosoft.com` unless said.
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.settings.domain = domain.into();
        self
    }

    /// How many items a page has unless the caller says; 100, and at least 1.
    pub fn page_size(mut self, items: usize) -> Self {
        self.settings.page_size = items.max(1);
        self
    }

    /// What to do where nobody has published what the service does.
    pub fn choices(mut self, choices: Choices) -> Self {
        self.settings.choices = choices;
        self
    }

    /// How long the service takes for what it does by itself; no time unless said.
    pub fn lag(mut self, lag: LagProfile) -> Self {
        self.settings.lag = lag;
        self
    }

    /// Everybody may do everything: permissions and roles are not looked at. What only people can do stays theirs.
    pub fn permissive(mut self) -> Self {
        self.settings.is_permissive = true;
        self
    }

    /// What the tenant has paid for; everything unless said.
    pub fn licence(mut self, licence: Licence) -> Self {
        self.settings.licence = licence;
        self
    }

    /// Makes the tenant.
    pub fn build(self) -> Tenant {
        Tenant::of(self.now, World::new(self.seed, self.now, self.settings))
    }
}
