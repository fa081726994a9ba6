//! Roles in the directory itself, such as Reports Reader.

use serde::{Deserialize, Serialize};

use super::roster::Roster;
use super::table::{Key, Table};

/// A directory role, and who holds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DirectoryRole {
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) is_built_in: bool,
    /// Privileged roles can be granted as eligible only (OBJ-36).
    pub(crate) is_privileged: bool,
    pub(crate) active: Roster,
    pub(crate) eligible: Roster,
}

/// The two roles that may do everything in entitlement management (ROLE-1).
pub(super) const GLOBAL_ADMINISTRATOR: u128 = 0x62e9_0394_69f5_4237_9190_0121_7714_5e10;
pub(super) const GOVERNANCE_ADMINISTRATOR: u128 = 0x45d8_d3c5_c802_45c6_b32a_1d70_b5e1_e86e;

/// A few of the roles that every tenant has: id, name, whether it is privileged
/// (<https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference>).
const BUILT_IN: &[(u128, &str, bool)] = &[
    (GLOBAL_ADMINISTRATOR, "Global Administrator", true),
    (
        0xe861_1ab8_c189_46e8_94e1_6021_3ab1_f814,
        "Privileged Role Administrator",
        true,
    ),
    (
        0xfe93_0be7_5e62_47db_91af_98c3_a49a_38b1,
        "User Administrator",
        true,
    ),
    (
        0x9b89_5d92_2cd3_44c7_9d02_a6ac_2d5e_a5c3,
        "Application Administrator",
        true,
    ),
    (
        0x3a2c_62db_5318_420d_8d74_23af_fee5_d9d5,
        "Intune Administrator",
        true,
    ),
    (
        0x7298_27e3_9c14_49f7_bb1b_9608_f156_bbb8,
        "Helpdesk Administrator",
        true,
    ),
    (
        GOVERNANCE_ADMINISTRATOR,
        "Identity Governance Administrator",
        false,
    ),
    (
        0xfdd7_a751_b60b_444a_984c_0265_2fe8_fa1c,
        "Groups Administrator",
        false,
    ),
    (
        0xf28a_1f50_f6e7_4571_818b_6a12_f2af_6b6c,
        "SharePoint Administrator",
        false,
    ),
    (
        0x6909_1246_20e8_4a56_aa4d_0660_75b2_a7a8,
        "Teams Administrator",
        false,
    ),
    (
        0x88d8_e3e3_8f55_4a1e_953a_9b98_98b8_876b,
        "Directory Readers",
        false,
    ),
    (
        0x4a5d_8f65_41da_4de4_8968_e035_b653_39cf,
        "Reports Reader",
        false,
    ),
];

/// The roles of a tenant to which nobody has added any.
pub(super) fn built_in() -> Table<DirectoryRole> {
    let mut roles = Table::default();
    for (id, name, is_privileged) in BUILT_IN {
        let role = DirectoryRole {
            display_name: (*name).to_owned(),
            description: None,
            is_built_in: true,
            is_privileged: *is_privileged,
            active: Roster::default(),
            eligible: Roster::default(),
        };
        roles.insert(Key::from_u128(*id), role);
    }
    roles
}
