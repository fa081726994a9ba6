//! Devices to start with, and what happens on them without Intune: people sign in, and install what is offered.

use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::device::ManagedDevice;
use entitlement_core::intune::local_groups::LocalGroup;
use entitlement_core::time::IsoDuration;
use indexmap::IndexMap;

use crate::lifecycle::intune::{check_in, tokens};
use crate::tenant::Tenant;
use crate::world::intune::device::{Device as Row, Installed, Join};

impl Tenant {
    /// A managed Windows device of somebody, joined to Entra, on which they are no administrator to begin with.
    ///
    /// ```
    /// use entitlement_core::time::IsoDuration;
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let ada = tenant.person("ada").add();
    /// let laptop = tenant.device(&ada).name("CLIENT-7").check_in_every(IsoDuration::hours(1)).add();
    /// tenant.assert_not_local_administrator(&ada, &laptop);
    /// ```
    pub fn device(&self, person: &Id<User>) -> Device<'_> {
        Device {
            tenant: self,
            owner: person.clone(),
            name: None,
            os_version: "10.0.22631.3880".to_owned(),
            join: Join::Joined,
            interval: IsoDuration::hours(8),
            is_administrator: false,
            groups: Vec::new(),
            products: Vec::new(),
        }
    }

    /// Somebody signs in on a device, which counts for reviews, too. With the first sign-in, and with every one that is
    /// at least as long after the last new token as
    /// [`token_minutes`](crate::choices::IntuneChoices::token_minutes) says, the device learns in which groups they are
    /// by now. Whoever enrols a device signs in there at once.
    pub fn sign_in_on(&self, device: &Id<ManagedDevice>, person: &Id<User>) {
        self.change(|world, now, _| {
            if let (Some(device), Some(person)) = (device.as_uuid(), person.as_uuid()) {
                tokens::sign_in(world, now, device, person);
            }
        });
    }

    /// Whoever a device belongs to installs an app from the Company Portal; `false` if it is not offered there.
    pub fn install_from_portal(&self, device: &Id<ManagedDevice>, app: &Id<MobileApp>) -> bool {
        self.change(|world, now, _| match (device.as_uuid(), app.as_uuid()) {
            (Some(device), Some(app)) => check_in::install_offered(world, now, device, app),
            _ => false,
        })
    }

    /// From now on a device is switched off, and looks for no news.
    pub fn switch_off(&self, device: &Id<ManagedDevice>) {
        self.switch(device, true);
    }

    /// A device is switched on again, and looks for news at once.
    pub fn switch_on(&self, device: &Id<ManagedDevice>) {
        self.switch(device, false);
    }

    fn switch(&self, device: &Id<ManagedDevice>, is_off: bool) {
        self.change(|world, now, _| {
            let Some(key) = device.as_uuid() else { return };
            if let Some(row) = world.devices.get_mut(key) {
                row.is_off = is_off;
            }
            if !is_off {
                check_in::push(world, now, key);
            }
        });
    }

    /// From now on the installation of an app fails on a device, or works again.
    pub fn let_installation_fail(
        &self,
        device: &Id<ManagedDevice>,
        app: &Id<MobileApp>,
        fails: bool,
    ) {
        self.change(|world, _, _| {
            let row = device.as_uuid().and_then(|key| world.devices.get_mut(key));
            let (Some(row), Some(app)) = (row, app.as_uuid()) else {
                return;
            };
            if fails {
                row.failing.insert(app);
            } else {
                row.failing.remove(&app);
            }
        });
    }
}

/// Describes a device that a tenant is about to manage; see [`Tenant::device`].
#[derive(Debug)]
#[must_use = "there is no device until `add`"]
pub struct Device<'t> {
    tenant: &'t Tenant,
    owner: Id<User>,
    name: Option<String>,
    os_version: String,
    join: Join,
    interval: IsoDuration,
    is_administrator: bool,
    groups: Vec<Id<Group>>,
    products: Vec<String>,
}

impl Device<'_> {
    /// What it is called; `CLIENT-1` and so on unless said.
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Its Windows, as `10.0.19045.4170`; one of Windows 11 unless said.
    pub fn os_version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.os_version);
        self
    }

    /// It is joined to a domain on premises, too, so that groups of Entra are no local administrators there.
    pub fn hybrid_joined(mut self) -> Self {
        self.join = Join::HybridJoined;
        self
    }

    /// It is somebody's own, and only registered, so that groups of Entra are no local administrators there.
    pub fn registered(mut self) -> Self {
        self.join = Join::Registered;
        self
    }

    /// How long it waits before it looks for news again: 8 hours unless said. While it is new it looks more often: every
    /// 3 minutes in the first 15, and every 15 minutes in the 2 hours after that.
    pub fn check_in_every(mut self, interval: IsoDuration) -> Self {
        self.interval = interval;
        self
    }

    /// Its person joined it, and is an administrator there for good, as Windows has it unless Autopilot prepares the
    /// device.
    pub fn with_its_person_as_administrator(mut self) -> Self {
        self.is_administrator = true;
        self
    }

    /// One more group that has the device as a member. The directory does not list it there.
    pub fn in_group(mut self, group: &Id<Group>) -> Self {
        self.groups.push(group.clone());
        self
    }

    /// Something is installed there already that Intune knows nothing of, by its product code.
    pub fn has_installed(mut self, product_code: &str) -> Self {
        self.products.push(product_code.to_owned());
        self
    }

    /// Enrols the device: its person signs in, and it looks for news for the first time.
    pub fn add(self) -> Id<ManagedDevice> {
        let tenant = self.tenant;
        tenant.change(|world, now, _| {
            let (key, object) = (world.ids.next(), world.ids.next());
            let owner = self.owner.as_uuid().filter(|key| world.is_person(*key));
            let number = world.devices.places() + 1;
            let administrator = owner.filter(|_| self.is_administrator);
            let administrators = tokens::first_administrators(self.join, administrator);
            let products = self.products.into_iter().map(|code| Installed {
                app: None,
                product_code: Some(code),
                version: None,
                was_required: false,
            });
            let row = Row {
                name: self.name.unwrap_or_else(|| format!("CLIENT-{number}")),
                user: owner,
                object,
                os_version: self.os_version,
                join: self.join,
                enrolled: now,
                last_sync: None,
                interval: self.interval,
                next_check_in: None,
                is_off: false,
                groups: self.groups.iter().filter_map(Id::as_uuid).collect(),
                installed: products.collect(),
                failing: std::collections::BTreeSet::new(),
                app_reports: IndexMap::new(),
                local_groups: [(LocalGroup::Administrators.sid().to_owned(), administrators)]
                    .into(),
                configuration_reports: IndexMap::new(),
                tokens: std::collections::BTreeMap::new(),
            };
            world.devices.insert(key, row);
            if let Some(owner) = owner {
                tokens::sign_in(world, now, key, owner);
            }
            check_in::push(world, now, key);
            key.into()
        })
    }
}
