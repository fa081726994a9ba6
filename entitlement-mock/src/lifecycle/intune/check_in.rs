//! A device looks for news, carries out what it finds, and reports.

use entitlement_core::intune::device::ComplianceStatus;
use entitlement_core::intune::local_groups::OMA_URI;
use entitlement_core::intune::oma::OmaSetting;
use entitlement_core::intune::report::AppInstallState;
use entitlement_core::time::{IsoDuration, Timestamp};
use indexmap::IndexMap;

use super::intent::{Wish, reaches, wish};
use super::local_groups;
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::intune::app::{App, AppKind};
use crate::world::intune::configuration::Configuration;
use crate::world::intune::device::{AppReport, ConfigurationReport, Device, Installed};
use crate::world::table::Key;

/// What an installer that fails leaves in the report: the app was not detected after it had run.
const NOT_DETECTED: u32 = 0x87D1_041C;

/// Has a device look for news now, and not only when its time comes.
pub(crate) fn push(world: &mut World, now: Timestamp, key: Key) {
    if let Some(device) = world.devices.get_mut(key) {
        device.next_check_in = Some(now);
        world.agenda.plan_once(now, Event::CheckIn { device: key });
    }
}

/// Has the devices look for news that are among the targets.
pub(crate) fn push_to(
    world: &mut World,
    now: Timestamp,
    is_reached: impl Fn(&World, &Device) -> bool,
) {
    let devices = world.devices.iter();
    let reached = devices.filter(|(_, device)| is_reached(world, device));
    for key in reached.map(|(key, _)| key).collect::<Vec<_>>() {
        push(world, now, key);
    }
}

/// The time of a device has come, unless it has changed since.
pub(crate) fn check_in(world: &mut World, at: Timestamp, key: Key) {
    let Some(device) = world.devices.get_mut(key) else {
        return;
    };
    if device.next_check_in != Some(at) {
        return;
    }
    device.next_check_in = next(device, at);
    if let Some(next) = device.next_check_in {
        world.agenda.plan(next, Event::CheckIn { device: key });
    }
    if device.is_off {
        return;
    }
    let mut device = device.clone();
    device.last_sync = Some(at);
    for (app, row) in world.apps.iter().filter(|(_, row)| row.is_published()) {
        let wish = wish(world, &device, row);
        take_up(&mut device, at, app, row, wish);
    }
    configure(world, at, &mut device);
    if let Some(row) = world.devices.get_mut(key) {
        *row = device;
    }
}

/// When a device looks for news again: often while it is new
/// ([intervals](https://learn.microsoft.com/intune/configuration/device-profile-troubleshoot)).
fn next(device: &Device, at: Timestamp) -> Option<Timestamp> {
    let is_younger = |minutes| {
        let end = IsoDuration::minutes(minutes).after(device.enrolled);
        end.is_some_and(|end| at < end)
    };
    let usual = device.interval.after(at)?;
    let hurried = if is_younger(15) {
        IsoDuration::minutes(3).after(at)?
    } else if is_younger(15 + 120) {
        IsoDuration::minutes(15).after(at)?
    } else {
        usual
    };
    Some(usual.min(hurried))
}

/// Installs an app or takes it away, as is wished.
fn take_up(device: &mut Device, at: Timestamp, key: Key, app: &App, wish: Wish) {
    let mut error = None;
    match wish {
        Wish::Leave => return,
        Wish::Install { .. } if device.failing.contains(&key) => error = Some(NOT_DETECTED),
        Wish::Install { .. } => install(device, key, app, true),
        Wish::Uninstall => {
            // An MSI is taken away by its deployment; a Win32 app wherever it is detected.
            let is_detected = app.kind == AppKind::Win32Lob;
            remove(device, key, app, |row| is_detected || row.app == Some(key));
        }
        Wish::UninstallWhatWasRequired => {
            remove(device, key, app, |row| {
                row.app == Some(key) && row.was_required
            });
        }
        Wish::Offer => {}
    }
    let found = found(device, key, app);
    let found = found.and_then(|place| device.installed.get(place));
    let version = found.and_then(|row| row.version.clone());
    let state = match (error, found) {
        (Some(_), None) => AppInstallState::Failed,
        (_, Some(_)) => AppInstallState::Installed,
        (None, None) => AppInstallState::NotInstalled,
    };
    let report = AppReport {
        error: error.filter(|_| state == AppInstallState::Failed),
        state,
        version,
        at,
    };
    device.app_reports.insert(key, report);
}

/// Puts an app on a device, or its newer version; what came there some other way stays as it is.
pub(crate) fn install(device: &mut Device, key: Key, app: &App, is_required: bool) {
    let version = app.product_version().map(str::to_owned);
    match found(device, key, app).and_then(|place| device.installed.get_mut(place)) {
        Some(row) if row.app == Some(key) => {
            row.version = version;
            row.was_required |= is_required;
        }
        Some(_) => {}
        None => device.installed.push(Installed {
            app: Some(key),
            product_code: app.product_code().map(str::to_owned),
            version,
            was_required: is_required,
        }),
    }
}

/// Somebody installs an app that is offered to them; `false` if it is not.
pub(crate) fn install_offered(world: &mut World, at: Timestamp, device: Key, app: Key) -> bool {
    let (Some(device_row), Some(row)) = (world.devices.get(device), world.apps.get(app)) else {
        return false;
    };
    let is_offered = row.is_published()
        && !device_row.is_off
        && matches!(
            wish(world, device_row, row),
            Wish::Offer | Wish::UninstallWhatWasRequired | Wish::Install { is_available: true }
        );
    if !is_offered {
        return false;
    }
    let mut changed = device_row.clone();
    install(&mut changed, app, row, false);
    take_up(&mut changed, at, app, row, Wish::Offer);
    if let Some(device_row) = world.devices.get_mut(device) {
        *device_row = changed;
    }
    true
}

fn remove(device: &mut Device, key: Key, app: &App, may_go: impl Fn(&Installed) -> bool) {
    if let Some(place) = found(device, key, app)
        && device.installed.get(place).is_some_and(may_go)
    {
        device.installed.remove(place);
    }
}

/// Where an app is among what is installed, from wherever it came.
pub(crate) fn found(device: &Device, key: Key, app: &App) -> Option<usize> {
    let code = app.product_code();
    device.installed.iter().position(|row| {
        let has_code = |own: &str| code.is_some_and(|code| own.eq_ignore_ascii_case(code));
        row.app == Some(key) || row.product_code.as_deref().is_some_and(has_code)
    })
}

/// Carries out the configurations that are assigned to a device. What earlier ones did stays.
fn configure(world: &World, at: Timestamp, device: &mut Device) {
    let all = world.configurations.iter();
    let assigned: Vec<(Key, &Configuration)> = all
        .filter(|(_, row)| reaches(world, device, row.targets.iter()))
        .collect();
    let payloads: Vec<(Key, String)> = assigned
        .iter()
        .filter_map(|(key, row)| Some((*key, payload(row)?)))
        .collect();
    let has_conflict = payloads.windows(2).any(|pair| pair[0].1 != pair[1].1);
    let outcome = if has_conflict {
        let problem = "another configuration sets the same setting to something else";
        (ComplianceStatus::Conflict, Some(problem.to_owned()))
    } else if !device.knows_local_groups() {
        let problem = "the device is older than Windows 10 20H2";
        (ComplianceStatus::NotApplicable, Some(problem.to_owned()))
    } else {
        let xml = payloads.first().map(|(_, xml)| xml.as_str());
        let problems = xml.map_or_else(Vec::new, |xml| {
            local_groups::apply(world, &mut device.local_groups, xml)
        });
        if problems.is_empty() {
            (ComplianceStatus::Compliant, None)
        } else {
            (ComplianceStatus::Error, Some(problems.join("; ")))
        }
    };
    let mut reports = IndexMap::new();
    for (key, _) in assigned {
        let is_about_groups = payloads.iter().any(|(own, _)| *own == key);
        let (status, problem) = if is_about_groups {
            outcome.clone()
        } else {
            (ComplianceStatus::Compliant, None)
        };
        reports.insert(
            key,
            ConfigurationReport {
                status,
                problem,
                at,
            },
        );
    }
    device.configuration_reports = reports;
}

/// What a configuration says about local groups.
fn payload(configuration: &Configuration) -> Option<String> {
    let is_ours = |setting: &&OmaSetting| {
        let base = setting.base();
        base.is_some_and(|base| base.oma_uri.eq_ignore_ascii_case(OMA_URI))
    };
    match configuration.settings.iter().find(is_ours)? {
        OmaSetting::String(setting) => Some(setting.value.clone()),
        OmaSetting::StringXml(setting) => {
            let bytes = setting.value.decode().ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        // Not a text, so no XML either, which the device will say.
        _ => Some(String::new()),
    }
}
