//! How catalogs begin, and what people see of the packages in them.

use entitlement_core::catalog::CatalogState;
use serde::{Deserialize, Serialize};

/// Open questions about catalogs and packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CatalogChoices {
    /// The state of a catalog that is made without saying one: published (U-1).
    pub initial_state: CatalogState,
    /// Whether such a catalog is open to people from outside: no (U-1); in the portal it is.
    pub initially_externally_visible: bool,
    /// Whether two packages of a catalog can have the same name: yes (U-6). Where not, the second one is refused with
    /// 409 `DuplicateAccessPackage`.
    pub packages_share_names: bool,
    /// Whether administrators can assign packages of a catalog that is not published: yes (U-32).
    pub unpublished_can_be_assigned: bool,
    /// Who sees what a package grants before they have it (VIS-3).
    pub roles_shown_to: RolesShownTo,
}

impl Default for CatalogChoices {
    fn default() -> Self {
        Self {
            initial_state: CatalogState::Published,
            initially_externally_visible: false,
            packages_share_names: true,
            unpublished_can_be_assigned: true,
            roles_shown_to: RolesShownTo::default(),
        }
    }
}

/// Who sees what a package grants before they have it (VIS-3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RolesShownTo {
    /// Everybody, guests too.
    #[default]
    Everybody,
    /// Members of the tenant.
    Members,
    /// Nobody.
    Nobody,
}
