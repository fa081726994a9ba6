//! What is read from an MSI.

use std::io::Cursor;

use entitlement_graph::intune::content::msi::{InstallContext, MsiError, MsiPackage};
use msi::{Column, Insert, Package, PackageType, Value};
use serde_json::json;

const CODE: &str = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";
const UPGRADE: &str = "{1B2C3D4E-0E5B-4B50-9B13-3A6D0B5E7A22}";

pub(crate) const TWO_KINDS: &[(&str, &str)] = &[
    ("ProductCode", CODE),
    ("ProductVersion", "3.1.310.0"),
    ("ProductName", "MIP client"),
    ("Manufacturer", "Contoso"),
    ("UpgradeCode", UPGRADE),
    ("ALLUSERS", "2"),
    ("MSIINSTALLPERUSER", "1"),
];

/// An MSI with these properties.
pub(crate) fn fixture(properties: &[(&str, &str)]) -> Vec<u8> {
    let mut package = Package::create(PackageType::Installer, Cursor::new(Vec::new())).unwrap();
    let columns = vec![
        Column::build("Property").primary_key().id_string(72),
        Column::build("Value").nullable().formatted_string(0),
    ];
    package.create_table("Property", columns).unwrap();
    for (name, value) in properties {
        let row = vec![Value::from(*name), Value::from(*value)];
        package
            .insert_rows(Insert::into("Property").row(row))
            .unwrap();
    }
    package.into_inner().unwrap().into_inner()
}

fn read(properties: &[(&str, &str)]) -> Result<MsiPackage, MsiError> {
    MsiPackage::from_bytes("MIP.msi", fixture(properties))
}

fn with(more: &[(&'static str, &'static str)]) -> MsiPackage {
    let all = [&[("ProductCode", CODE), ("ProductVersion", "1.0")], more].concat();
    read(&all).unwrap()
}

fn xml(package: &MsiPackage) -> String {
    String::from_utf8(package.manifest().decode().unwrap()).unwrap()
}

#[test]
fn drafts_are_made_of_what_the_package_says() {
    let package = read(TWO_KINDS).unwrap();
    assert_eq!(package.context(), InstallContext::Dual);
    let details = || package.details().description("Labels documents").build();
    let lob = package
        .line_of_business_app(details())
        .command_line("/quiet")
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_value(&lob).unwrap(),
        json!({"@odata.type": "#microsoft.graph.windowsMobileMSI", "displayName": "MIP client", "publisher": "Contoso",
            "description": "Labels documents", "fileName": "MIP.msi", "productCode": CODE,
            "productVersion": "3.1.310.0", "commandLine": "/quiet", "ignoreVersionDetection": false})
    );
    let win32 = serde_json::to_value(package.win32_app(details(), "MIP.zip").unwrap()).unwrap();
    assert_eq!(win32["installCommandLine"], "msiexec /i \"MIP.msi\" /qn");
    assert_eq!(
        win32["uninstallCommandLine"],
        format!("msiexec /x \"{CODE}\" /qn")
    );
    assert_eq!(win32["installExperience"]["runAsAccount"], "system");
    assert_eq!(win32["rules"][0]["productCode"], CODE);
    assert_eq!(
        win32["msiInformation"],
        json!({"packageType": "dualPurpose", "productCode": CODE, "productName": "MIP client",
            "productVersion": "3.1.310.0", "publisher": "Contoso", "requiresReboot": false, "upgradeCode": UPGRADE})
    );
}

#[test]
fn the_manifest_follows_the_context() {
    assert_eq!(
        xml(&with(&[("ALLUSERS", "1"), ("UpgradeCode", UPGRADE)])),
        format!(
            "<MobileMsiData MsiExecutionContext=\"System\" MsiRequiresReboot=\"false\" MsiUpgradeCode=\"{UPGRADE}\" \
             MsiIsMachineInstall=\"true\" MsiIsUserInstall=\"false\" MsiIncludesServices=\"false\" \
             MsiContainsSystemRegistryKeys=\"false\" MsiContainsSystemFolders=\"false\"></MobileMsiData>"
        )
    );
    for (all_users, per_user, context, says) in [
        (None, None, InstallContext::PerUser, "\"User\""),
        (
            Some("1"),
            Some("1"),
            InstallContext::PerMachine,
            "\"System\"",
        ),
        (Some("2"), None, InstallContext::PerMachine, "\"System\""),
        (Some("2"), Some("1"), InstallContext::Dual, "\"Any\""),
    ] {
        let all_users = all_users.map(|value| ("ALLUSERS", value));
        let per_user = per_user.map(|value| ("MSIINSTALLPERUSER", value));
        let more: Vec<_> = [all_users, per_user].into_iter().flatten().collect();
        let package = with(&more);
        assert_eq!(package.context(), context);
        assert!(xml(&package).contains(says), "{}", xml(&package));
        assert!(xml(&package).contains(&format!("MsiUpgradeCode=\"{CODE}\"")));
    }
}

#[test]
fn a_package_without_names_goes_by_its_file() {
    let package = with(&[]);
    assert_eq!(
        (package.product_name(), package.manufacturer()),
        ("MIP.msi", None)
    );
    assert_eq!(package.upgrade_code(), None);
    let draft = package
        .win32_app(package.details().build(), "x.zip")
        .unwrap();
    assert_eq!(
        serde_json::to_value(&draft).unwrap()["installExperience"]["runAsAccount"],
        "user"
    );
}

#[test]
fn what_is_no_installer_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04", &[0; 4096]] {
        let refused = MsiPackage::from_bytes("x.msi", bytes.to_vec());
        assert!(matches!(refused, Err(MsiError::Unreadable(_))));
    }
    assert!(matches!(
        MsiPackage::open("/nowhere/x.msi"),
        Err(MsiError::Unreadable(_))
    ));
    let refused = read(&[("ProductCode", CODE)]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the MSI has no property ProductVersion"
    );
    assert!(matches!(
        read(&[("ProductVersion", "1")]),
        Err(MsiError::Missing("ProductCode"))
    ));
}

#[test]
fn a_file_is_read_where_it_is() {
    let path = std::env::temp_dir().join(format!("entitlement-{}.msi", std::process::id()));
    std::fs::write(&path, fixture(TWO_KINDS)).unwrap();
    let package = MsiPackage::open(&path);
    std::fs::remove_file(&path).unwrap();
    let package = package.unwrap();
    assert_eq!(package.product_code(), CODE);
    assert!(package.file_name().starts_with("entitlement-"));
    assert_eq!(package.property("ALLUSERS"), Some("2"));
}
