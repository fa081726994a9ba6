//! What a test expects of managed devices.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::device::ManagedDevice;

use crate::lifecycle::intune::{check_in, intent, tokens};
use crate::tenant::Tenant;
use crate::world::World;

impl Tenant {
    /// Checks that an app is installed on a device.
    ///
    /// # Panics
    ///
    /// If it is not; the message says what Intune wants there, and what the device last reported.
    #[track_caller]
    pub fn assert_installed(&self, device: &Id<ManagedDevice>, app: &Id<MobileApp>) {
        let (is_installed, story) = self.change(|world, _, _| look(world, device, app));
        assert!(is_installed, "not installed: {story}");
    }

    /// Checks that an app is not installed on a device.
    ///
    /// # Panics
    ///
    /// If it is; the message says what Intune wants there, and what the device last reported.
    #[track_caller]
    pub fn assert_not_installed(&self, device: &Id<ManagedDevice>, app: &Id<MobileApp>) {
        let (is_installed, story) = self.change(|world, _, _| look(world, device, app));
        assert!(!is_installed, "installed: {story}");
    }

    /// Checks that somebody is a local administrator of a device, as their last sign-in there has it.
    ///
    /// # Panics
    ///
    /// If they are not; the message says why not.
    #[track_caller]
    pub fn assert_local_administrator(&self, person: &Id<User>, device: &Id<ManagedDevice>) {
        let found = self.change(|world, _, _| administers(world, person, device));
        let why_not = found.err().unwrap_or_default();
        assert!(why_not.is_empty(), "no local administrator: {why_not}");
    }

    /// Checks that somebody is no local administrator of a device, as their last sign-in there has it.
    ///
    /// # Panics
    ///
    /// If they are; the message says why.
    #[track_caller]
    pub fn assert_not_local_administrator(&self, person: &Id<User>, device: &Id<ManagedDevice>) {
        let found = self.change(|world, _, _| administers(world, person, device));
        let why = found.unwrap_or_default();
        assert!(why.is_empty(), "a local administrator: {why}");
    }
}

fn administers(
    world: &World,
    person: &Id<User>,
    device: &Id<ManagedDevice>,
) -> Result<String, String> {
    let row = device.as_uuid().and_then(|key| world.devices.get(key));
    let row = row.ok_or_else(|| format!("there is no device {device}"))?;
    let person = person.as_uuid().ok_or("the id is nobody's")?;
    tokens::administers(world, row, person)
}

/// Whether an app is installed, and what is known about it.
fn look(world: &World, device: &Id<ManagedDevice>, app: &Id<MobileApp>) -> (bool, String) {
    let row = device.as_uuid().and_then(|key| world.devices.get(key));
    let Some(row) = row else {
        return (false, format!("there is no device {device}"));
    };
    let Some((key, app)) = app
        .as_uuid()
        .and_then(|key| Some((key, world.apps.get(key)?)))
    else {
        return (false, format!("there is no app {app}"));
    };
    let is_installed = check_in::found(row, key, app).is_some();
    let report = match row.app_reports.get(&key) {
        Some(report) => format!("reported {} at {}", report.state, report.at),
        None => "has reported nothing".to_owned(),
    };
    let last = row.last_sync.map(|at| at.to_string());
    let story = format!(
        "{} is {}, and what is wanted on {} is {:?}; the device checked in last at {}, and {report}",
        app.display_name,
        app.state,
        row.name,
        intent::wish(world, row, app),
        last.as_deref().unwrap_or("no time"),
    );
    (is_installed, story)
}
