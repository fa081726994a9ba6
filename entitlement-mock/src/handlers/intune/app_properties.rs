//! What can be said about an app, by its kind.

use entitlement_core::intune::architecture::WindowsArchitectures;
use entitlement_core::intune::lob::MimeContent;
use entitlement_core::intune::win32::{
    Win32LobAppInstallExperience, Win32LobAppMsiInformation, Win32LobAppReturnCode,
};
use entitlement_core::intune::win32_rule::Win32LobAppRule;
use entitlement_core::wire::Field;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::body::Body;
use crate::router::refusal::Refusal;
use crate::world::intune::app::AppKind;

/// The properties of a new app, those that are not said included.
pub(super) fn of_new(body: &mut Body, kind: AppKind) -> Result<Map<String, Value>, Refusal> {
    let mut properties = Map::new();
    change(body, kind, &mut properties)?;
    for name in TEXTS.iter().chain(own_texts(kind)) {
        properties.entry(*name).or_insert(Value::Null);
    }
    let own: &[(&str, Value)] = match kind {
        AppKind::WindowsMobileMsi => &[("ignoreVersionDetection", json!(false))],
        AppKind::Win32Lob => &[
            ("applicableArchitectures", json!("none")),
            ("allowedArchitectures", Value::Null),
            ("installExperience", Value::Null),
            ("msiInformation", Value::Null),
            ("returnCodes", json!([])),
            ("rules", json!([])),
            ("minimumCpuSpeedInMHz", Value::Null),
            ("minimumFreeDiskSpaceInMB", Value::Null),
            ("minimumMemoryInMB", Value::Null),
            ("minimumNumberOfProcessors", Value::Null),
        ],
    };
    let of_all = [("isFeatured", json!(false)), ("largeIcon", Value::Null)];
    for (name, value) in of_all.iter().chain(own) {
        properties.entry(*name).or_insert_with(|| value.clone());
    }
    Ok(properties)
}

/// Takes what a body says about an app.
pub(super) fn change(
    body: &mut Body,
    kind: AppKind,
    properties: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    for name in TEXTS.iter().chain(own_texts(kind)) {
        set::<String>(body, name, properties)?;
    }
    set::<bool>(body, "isFeatured", properties)?;
    set::<MimeContent>(body, "largeIcon", properties)?;
    match kind {
        AppKind::WindowsMobileMsi => set::<bool>(body, "ignoreVersionDetection", properties),
        AppKind::Win32Lob => {
            set::<WindowsArchitectures>(body, "applicableArchitectures", properties)?;
            set::<WindowsArchitectures>(body, "allowedArchitectures", properties)?;
            set::<Win32LobAppInstallExperience>(body, "installExperience", properties)?;
            set::<Win32LobAppMsiInformation>(body, "msiInformation", properties)?;
            set::<Vec<Win32LobAppReturnCode>>(body, "returnCodes", properties)?;
            set::<Vec<Win32LobAppRule>>(body, "rules", properties)?;
            for name in [
                "minimumCpuSpeedInMHz",
                "minimumFreeDiskSpaceInMB",
                "minimumMemoryInMB",
                "minimumNumberOfProcessors",
            ] {
                set::<i32>(body, name, properties)?;
            }
            Ok(())
        }
    }
}

/// The texts that all apps have, besides the name.
const TEXTS: &[&str] = &[
    "description",
    "publisher",
    "developer",
    "owner",
    "notes",
    "informationUrl",
    "privacyInformationUrl",
    "fileName",
];

fn own_texts(kind: AppKind) -> &'static [&'static str] {
    match kind {
        AppKind::WindowsMobileMsi => &["commandLine", "productCode", "productVersion"],
        AppKind::Win32Lob => &[
            "installCommandLine",
            "uninstallCommandLine",
            "setupFilePath",
            "minimumSupportedWindowsRelease",
        ],
    }
}

/// Takes a property that is what the model says it is.
fn set<T: DeserializeOwned + Serialize>(
    body: &mut Body,
    name: &'static str,
    properties: &mut Map<String, Value>,
) -> Result<(), Refusal> {
    let value = match body.take_field::<T>(name)? {
        Field::Keep => return Ok(()),
        Field::Clear => Value::Null,
        Field::Set(value) => json!(value),
    };
    properties.insert(name.to_owned(), value);
    Ok(())
}
