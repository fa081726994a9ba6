//! Device configurations of Intune.

use entitlement_core::intune::configuration::DeviceConfiguration;
use proptest::prelude::*;

use crate::apps::device_and_app_management_assignment_target;
use crate::parts::{
    Json, binary, flag, fraction, from_the_future, id, instant, list, number, object, one_of,
    round_trip, tagged, text,
};

fn device_configuration_assignment() -> Json {
    object! { "id": id(), "target?": device_and_app_management_assignment_target() }
}

fn oma_setting() -> Json {
    one_of(vec![
        tagged(
            "omaSettingBase64",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "fileName?": text(),
                "value": text(),
            },
        ),
        tagged(
            "omaSettingBoolean",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "value": flag(),
            },
        ),
        tagged(
            "omaSettingDateTime",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "value": instant(),
            },
        ),
        tagged(
            "omaSettingFloatingPoint",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "value": fraction(),
            },
        ),
        tagged(
            "omaSettingInteger",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "value": number(),
            },
        ),
        tagged(
            "omaSettingString",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "value": text(),
            },
        ),
        tagged(
            "omaSettingStringXml",
            object! {
                "description?": text(), "displayName": text(), "omaUri": text(), "fileName?": text(),
                "value": binary(),
            },
        ),
        from_the_future(),
    ])
}

fn device_configuration() -> Json {
    one_of(vec![
        tagged(
            "windows10CustomConfiguration",
            object! {
                "id": id(), "createdDateTime": instant(), "description?": text(), "displayName": text(),
                "lastModifiedDateTime": instant(), "version": number(),
                "assignments?": list(device_configuration_assignment()), "omaSettings?": list(oma_setting()),
            },
        ),
        from_the_future(),
    ])
}

proptest! {
    #[test]
    fn device_configuration_survives(json in device_configuration()) {
        round_trip::<DeviceConfiguration>(json)?;
    }
}
