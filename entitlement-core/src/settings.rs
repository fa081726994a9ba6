//! The tenant's settings: what becomes of guests who have lost their last access.
//!
//! [`EntitlementManagementSettings`] exist once in every tenant. They concern guests that entitlement management
//! invited or was told to govern (ORG-8), and only those who lose their last assignment from now on (ORG-10).
//!
//! ```
//! use entitlement_core::settings::{EntitlementManagementSettingsPatch, ExternalUserLifecycleAction};
//! use entitlement_core::time::IsoDuration;
//!
//! let patch = EntitlementManagementSettingsPatch {
//!     external_user_lifecycle_action: ExternalUserLifecycleAction::BlockSignInAndDelete.into(),
//!     duration_until_external_user_deleted_after_blocked: IsoDuration::days(30).into(),
//! };
//! assert_eq!(
//!     serde_json::to_value(&patch)?["durationUntilExternalUserDeletedAfterBlocked"],
//!     "P30D"
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, Patch, Patchable};
use crate::time::IsoDuration;
use crate::validate::{Checker, Invalid};
use crate::wire::Field;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// What becomes of a guest who has lost their last assignment (`accessPackageExternalUserLifecycleAction`).
    ExternalUserLifecycleAction = "accessPackageExternalUserLifecycleAction" {
        /// Nothing.
        None = "none",
        /// They may no longer sign in, nor ask again (ORG-12).
        BlockSignIn = "blockSignIn",
        /// The same, and a while later the account is deleted.
        BlockSignInAndDelete = "blockSignInAndDelete",
    }
}

/// The tenant's settings
/// ([entitlementManagementSettings](https://learn.microsoft.com/graph/api/resources/entitlementmanagementsettings)).
///
/// They are a single object, not a collection: it is read and patched at its collection's path, without an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EntitlementManagementSettings {
    /// The settings' id, the same in every tenant.
    pub id: Id<EntitlementManagementSettings>,
    /// What becomes of a guest who has lost their last assignment (ORG-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_lifecycle_action: Option<ExternalUserLifecycleAction>,
    /// How long after the block the account is deleted; `P0D` is at once (ORG-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_until_external_user_deleted_after_blocked: Option<IsoDuration>,
}

impl Entity for EntitlementManagementSettings {
    const TYPE: &'static str = "entitlementManagementSettings";
    const COLLECTION: &'static str = "identityGovernance/entitlementManagement/settings";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Patchable for EntitlementManagementSettings {
    type Patch = EntitlementManagementSettingsPatch;
}

/// What changes about the tenant's settings
/// ([update](https://learn.microsoft.com/graph/api/entitlementmanagementsettings-update)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntitlementManagementSettingsPatch {
    /// What becomes of a guest who has lost their last assignment.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub external_user_lifecycle_action: Field<ExternalUserLifecycleAction>,
    /// How long after the block the account is deleted.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub duration_until_external_user_deleted_after_blocked: Field<IsoDuration>,
}

impl Patch for EntitlementManagementSettingsPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        if let Field::Set(wait) = self.duration_until_external_user_deleted_after_blocked {
            let problem = if wait.has_calendar_units() {
                format!("{wait} uses years, months or weeks")
            } else {
                format!("{wait} points backwards in time")
            };
            checker.ensure(
                "durationUntilExternalUserDeletedAfterBlocked",
                !wait.has_calendar_units() && !wait.is_negative(),
                "ORG-9",
                problem,
                "use days, or P0D for at once",
            );
        }
        checker.finish(EntitlementManagementSettings::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_documented_settings_are_read_and_written() {
        let documented = json!({
            "id": "singleton",
            "externalUserLifecycleAction": "blockSignInAndDelete",
            "durationUntilExternalUserDeletedAfterBlocked": "P4D"
        });
        let settings: EntitlementManagementSettings =
            crate::wire::decode_value(documented.clone()).unwrap();
        assert_eq!(serde_json::to_value(&settings).unwrap(), documented);

        let broken = json!({"id": "s", "durationUntilExternalUserDeletedAfterBlocked": "30 days"});
        let error = crate::wire::decode_value::<EntitlementManagementSettings>(broken).unwrap_err();
        assert_eq!(error.path(), "durationUntilExternalUserDeletedAfterBlocked");
    }

    #[test]
    fn actions_are_read_in_any_case_and_from_the_future() {
        assert_eq!(
            ExternalUserLifecycleAction::from("None"),
            ExternalUserLifecycleAction::None
        );
        let future = ExternalUserLifecycleAction::from("sendFlowers");
        assert_eq!(serde_json::to_value(&future).unwrap(), "sendFlowers");
    }
}
