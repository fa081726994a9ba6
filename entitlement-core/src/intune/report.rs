//! Reports: where an app is installed.
//!
//! Intune answers a [`ReportRequest`] with a table whose columns it chooses and orders itself: a [`Report`] finds them by
//! name. [`AppInstallStatus`] is a row of the report about an app.
//!
//! ```
//! use entitlement_core::intune::report::{AppInstallState, AppInstallStatus, Report};
//!
//! let report: Report = serde_json::from_str(
//!     r#"{"TotalRowCount": 1, "Schema": [{"Column": "AppInstallState", "PropertyType": "Int32"},
//!         {"Column": "DeviceName", "PropertyType": "String"}], "Values": [[1, "CLIENT-7"]]}"#,
//! )?;
//! let status = AppInstallStatus::from(report.rows().next().unwrap());
//! assert_eq!(status.device_name.as_deref(), Some("CLIENT-7"));
//! assert_eq!(status.state, Some(AppInstallState::Installed));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::app::MobileApp;
use super::device::ManagedDevice;
use crate::entity::Id;
use crate::odata::Literal;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// What became of an app on a device (`resultantAppState`).
    AppInstallState = "resultantAppState" {
        /// It is there.
        Installed = "installed",
        /// It could not be installed.
        Failed = "failed",
        /// It is not there.
        NotInstalled = "notInstalled",
        /// It could not be removed.
        UninstallFailed = "uninstallFailed",
        /// It is on its way.
        PendingInstall = "pendingInstall",
        /// Nobody knows.
        UnknownState = "unknown",
        /// It is not for this device.
        NotApplicable = "notApplicable",
    }
}

impl AppInstallState {
    /// The state that the report writes as this number, which it does more often than not.
    fn numbered(number: i64) -> Self {
        match number {
            -1 => Self::NotApplicable,
            1 => Self::Installed,
            2 => Self::Failed,
            3 => Self::NotInstalled,
            4 => Self::UninstallFailed,
            5 => Self::PendingInstall,
            99 => Self::UnknownState,
            other => Self::Unknown(other.to_string().into()),
        }
    }

    /// Whether nothing of the app is, or is about to be, on the device.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::NotInstalled | Self::NotApplicable)
    }
}

/// The part of a report that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRequest {
    name: &'static str,
    filter: String,
    select: Vec<&'static str>,
    search: &'static str,
    group_by: Vec<String>,
    order_by: Vec<String>,
    skip: u64,
    top: u32,
    session_id: &'static str,
}

/// How many rows the service gives at a time.
const ROWS: u32 = 50;

impl ReportRequest {
    /// Where an app is installed, device by device, from row `skip` on, at most 50 rows.
    pub fn app_install_status(app: &Id<MobileApp>, skip: u64) -> Self {
        Self {
            name: "DeviceInstallStatusByApp",
            filter: format!("(ApplicationId eq {})", Literal::from(app)),
            select: vec![
                "DeviceId",
                "DeviceName",
                "UserPrincipalName",
                "AppInstallState",
                "AppInstallStateDetails",
                "HexErrorCode",
                "AppVersion",
                "LastModifiedDateTime",
            ],
            search: "",
            group_by: Vec::new(),
            order_by: Vec::new(),
            skip,
            top: ROWS,
            session_id: "",
        }
    }
}

/// A table with columns of the service's choice.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct Report {
    /// How many rows there are in all, this part and others.
    pub total_row_count: u64,
    schema: Vec<Column>,
    #[serde(deserialize_with = "crate::wire::null_as_default")]
    values: Vec<Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Column {
    column: String,
}

impl Report {
    /// The rows of this part.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = ReportRow<'_>> {
        self.values.iter().map(|values| ReportRow {
            columns: &self.schema,
            values,
        })
    }
}

/// One row of a report.
#[derive(Debug, Clone, Copy)]
pub struct ReportRow<'a> {
    columns: &'a [Column],
    values: &'a [Value],
}

impl<'a> ReportRow<'a> {
    /// What stands in a column, whatever its place; `None` if the table has none of this name or it is null.
    pub fn get(&self, column: &str) -> Option<&'a Value> {
        let place = self
            .columns
            .iter()
            .position(|one| one.column.eq_ignore_ascii_case(column))?;
        self.values.get(place).filter(|value| !value.is_null())
    }

    /// The text in a column, if there is any; numbers are texts as well.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.get(column)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

/// What became of an app on one device, for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppInstallStatus {
    /// The device.
    pub device_id: Option<Id<ManagedDevice>>,
    /// Its name.
    pub device_name: Option<String>,
    /// The sign-in name of whoever uses it.
    pub user_principal_name: Option<String>,
    /// What became of the app.
    pub state: Option<AppInstallState>,
    /// More about that, as the service numbers it.
    pub state_details: Option<String>,
    /// The installer's error: `0x80070643`.
    pub hex_error_code: Option<String>,
    /// The version that is there.
    pub app_version: Option<String>,
    /// When the device last said so, as the service writes it.
    pub last_modified: Option<String>,
}

impl From<ReportRow<'_>> for AppInstallStatus {
    fn from(row: ReportRow<'_>) -> Self {
        let state = row.text("AppInstallState");
        Self {
            device_id: row.text("DeviceId").and_then(|id| id.parse().ok()),
            device_name: row.text("DeviceName"),
            user_principal_name: row.text("UserPrincipalName"),
            state: state.map(|state| match state.parse() {
                Ok(number) => AppInstallState::numbered(number),
                Err(_a_name) => AppInstallState::from(state.as_str()),
            }),
            state_details: row.text("AppInstallStateDetails"),
            hex_error_code: row.text("HexErrorCode"),
            app_version: row.text("AppVersion"),
            last_modified: row.text("LastModifiedDateTime"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_body_names_the_app() {
        let request = ReportRequest::app_install_status(&"o'1".parse().unwrap(), 50);
        let body = serde_json::to_value(&request).unwrap();
        assert_eq!(body["filter"], "(ApplicationId eq 'o''1')");
        assert_eq!((&body["skip"], &body["top"]), (&json!(50), &json!(50)));
        assert_eq!(body["sessionId"], "");
    }

    #[test]
    fn columns_are_found_by_name_and_states_by_number_or_name() {
        let report: Report = serde_json::from_value(json!({
            "TotalRowCount": 4,
            "Schema": [
                {"Column": "HexErrorCode", "PropertyType": "String"},
                {"Column": "AppInstallState", "PropertyType": "String"},
                {"Column": "DeviceId", "PropertyType": "String"},
                {"Column": "SomethingNew", "PropertyType": "String"},
            ],
            "Values": [["0x0", "3", "d1", 7], ["", -1, "d2"], [null, "PendingInstall", ""], []],
            "SessionId": "s",
        }))
        .unwrap();
        let rows: Vec<AppInstallStatus> = report.rows().map(Into::into).collect();
        let states: Vec<_> = rows.iter().map(|row| row.state.clone()).collect();
        assert_eq!(
            states,
            [
                Some(AppInstallState::NotInstalled),
                Some(AppInstallState::NotApplicable),
                Some(AppInstallState::PendingInstall),
                None,
            ]
        );
        assert_eq!(rows[0].device_id, "d1".parse().ok());
        assert_eq!(rows[1].hex_error_code, None);
        assert!(
            rows[0]
                .state
                .as_ref()
                .is_some_and(AppInstallState::is_absent)
        );
        assert_eq!(AppInstallState::numbered(42).as_str(), "42");
    }
}
