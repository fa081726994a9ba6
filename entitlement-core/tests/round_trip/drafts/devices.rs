//! Apps and configurations of Intune.

use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::architecture::WindowsArchitecture;
use entitlement_core::intune::assignment::{
    InstallIntent, MobileAppAssignment, MobileAppAssignmentDraft,
};
use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::configuration::{
    DeviceConfiguration, DeviceConfigurationAssignment, DeviceConfigurationAssignmentDraft,
    Windows10CustomConfigurationDraft,
};
use entitlement_core::intune::content::{
    MobileAppContent, MobileAppContentDraft, MobileAppContentFile, MobileAppContentFileDraft,
};
use entitlement_core::intune::lob::{AppDetails, MimeContent};
use entitlement_core::intune::msi::WindowsMobileMsiDraft;
use entitlement_core::intune::oma::OmaSetting;
use entitlement_core::intune::settings::Win32LobAppAssignmentSettings;
use entitlement_core::intune::target::{AssignmentFilter, AssignmentTarget};
use entitlement_core::intune::win32::{
    Win32LobAppDraft, Win32LobAppDraftBuilder, Win32LobAppInstallExperience,
    Win32LobAppMsiInformation, Win32LobAppMsiPackageType,
};
use entitlement_core::intune::win32_rule::{
    RunAsAccountType, Win32LobAppFileSystemOperationType, Win32LobAppFileSystemRule,
    Win32LobAppPowerShellScriptRule, Win32LobAppPowerShellScriptRuleOperationType,
    Win32LobAppProductCodeRule, Win32LobAppRegistryRule, Win32LobAppRegistryRuleOperationType,
    Win32LobAppRule, Win32LobAppRuleOperator, Win32LobAppRuleType,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{becomes, id, instant, maybe_words, name, one, words};

const CODE: &str = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";

fn details() -> impl Strategy<Value = AppDetails> {
    let icon = option::of(vec(any::<u8>(), 0..8));
    (
        name(),
        name(),
        maybe_words(),
        icon,
        option::of(any::<bool>()),
        maybe_words(),
    )
        .prop_map(|(name, publisher, description, icon, is_featured, notes)| {
            AppDetails::builder(name, publisher)
                .maybe_description(description)
                .maybe_large_icon(icon.map(|bytes| MimeContent::new("image/png", bytes)))
                .maybe_is_featured(is_featured)
                .maybe_notes(notes)
                .build()
        })
}

fn rule() -> impl Strategy<Value = Win32LobAppRule> {
    use Win32LobAppRuleType::{Detection, Requirement};
    let kind = || one(&[Detection, Requirement]);
    prop_oneof![
        (name()).prop_map(|version| {
            let rule = Win32LobAppProductCodeRule::new(CODE);
            rule.with_version(Win32LobAppRuleOperator::Equal, version)
                .into()
        }),
        (kind(), words(), any::<bool>()).prop_map(|(kind, key, is_old)| {
            let exists = Win32LobAppRegistryRuleOperationType::Exists;
            let rule = Win32LobAppRegistryRule::builder(kind, key, exists);
            rule.check_32_bit_on_64_system(is_old).build().into()
        }),
        (kind(), words(), words()).prop_map(|(kind, path, name)| {
            let exists = Win32LobAppFileSystemOperationType::Exists;
            Win32LobAppFileSystemRule::builder(kind, path, name, exists)
                .build()
                .into()
        }),
        (kind(), words()).prop_map(|(kind, script)| {
            let string = Win32LobAppPowerShellScriptRuleOperationType::String;
            let rule = Win32LobAppPowerShellScriptRule::builder(kind, script, string);
            rule.comparison_value("yes").build().into()
        }),
    ]
}

fn target() -> impl Strategy<Value = AssignmentTarget> {
    let target = prop_oneof![
        id().prop_map(|group| AssignmentTarget::group(&group)),
        Just(AssignmentTarget::all_devices()),
        Just(AssignmentTarget::all_licensed_users()),
    ];
    (target, option::of(name())).prop_map(|(target, filter)| match filter {
        Some(filter) => target.filtered(AssignmentFilter::including(filter)),
        None => target,
    })
}

fn setting(index: usize) -> impl Strategy<Value = OmaSetting> {
    let uri = format!("./Device/Vendor/MSFT/{index}");
    let values = (words(), any::<i32>(), any::<i16>(), instant());
    (name(), 0..7_u32, values).prop_map(move |(name, kind, (text, number, small, instant))| {
        let uri = uri.as_str();
        match kind {
            0 => OmaSetting::string(name, uri, text),
            1 => OmaSetting::string_xml(name, uri, "a.xml", text),
            2 => OmaSetting::base64(name, uri, "a.bin", text),
            3 => OmaSetting::integer(name, uri, number),
            4 => OmaSetting::floating_point(name, uri, f64::from(small) / 8.0),
            5 => OmaSetting::boolean(name, uri, number > 0),
            _ => OmaSetting::date_time(name, uri, instant),
        }
    })
}

proptest! {
    #[test]
    fn msi_apps(details in details(), file in "[a-z ]{1,8}\\.(msi|MSI)", version in name(), is_any: bool) {
        let draft = WindowsMobileMsiDraft::builder(details, file, CODE, version)
            .command_line("/quiet")
            .ignore_version_detection(is_any)
            .build()?;
        becomes::<MobileApp>(&draft)?;
    }

    #[test]
    fn win32_apps(
        details in details(), setup in name(), rules in vec(rule(), 0..3), memory in option::of(any::<i32>()),
        is_msi: bool, product in words(),
    ) {
        let detection = Win32LobAppProductCodeRule::new(CODE);
        let msi = is_msi.then(|| {
            let kind = Win32LobAppMsiPackageType::PerMachine;
            Win32LobAppMsiInformation::builder(kind, CODE).product_name(product).build()
        });
        let draft = Win32LobAppDraft::builder(details, "app.intunewin", setup).rule(detection);
        let draft = rules.into_iter().fold(draft, Win32LobAppDraftBuilder::rule);
        let draft = draft
            .install_command_line("setup.exe /S")
            .uninstall_command_line("setup.exe /U")
            .install_experience(Win32LobAppInstallExperience::running_as(RunAsAccountType::User))
            .applicable_architectures([WindowsArchitecture::X64])
            .maybe_msi_information(msi)
            .maybe_minimum_memory_in_mb(memory)
            .build()?;
        becomes::<MobileApp>(&draft)?;
    }

    #[test]
    fn app_assignments(
        intent in one(&[InstallIntent::Available, InstallIntent::Required, InstallIntent::Uninstall]),
        target in target(), is_set: bool,
    ) {
        let mut draft = MobileAppAssignmentDraft::new(intent, target);
        if is_set {
            draft = draft.with_settings(Win32LobAppAssignmentSettings::builder().build());
        }
        becomes::<MobileAppAssignment>(&draft)?;
    }

    #[test]
    fn content_files(name in name(), size in 0..(i64::MAX - 64), manifest in option::of(words()), is_needed: bool) {
        let mut draft = match manifest {
            Some(manifest) => MobileAppContentFileDraft::msi(name, size, Binary::encode(manifest))?,
            None => MobileAppContentFileDraft::win32(name, size)?,
        };
        if is_needed {
            draft = draft.as_dependency();
        }
        becomes::<MobileAppContentFile>(&draft)?;
        becomes::<MobileAppContent>(&MobileAppContentDraft::default())?;
    }

    #[test]
    fn configurations(name in name(), description in maybe_words(), settings in (setting(0), setting(1), setting(2))) {
        let draft = Windows10CustomConfigurationDraft::builder(name)
            .maybe_description(description)
            .oma_setting(settings.0)
            .oma_setting(settings.1)
            .oma_setting(settings.2)
            .build()?;
        becomes::<DeviceConfiguration>(&draft)?;
    }

    #[test]
    fn configuration_assignments(target in target()) {
        becomes::<DeviceConfigurationAssignment>(&DeviceConfigurationAssignmentDraft::from(target))?;
    }
}
