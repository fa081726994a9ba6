//! The report on where an app is installed.

use entitlement_core::intune::report::AppInstallState;
use entitlement_core::odata::{Comparison, Filter, Literal, Operand};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::{Context, Outcome, Reply};
use super::apps::refused;
use crate::router::refusal::Refusal;
use crate::world::intune::device::{AppReport, Device};
use crate::world::table::Key;

/// What the report can show, with the type that it says for it.
const COLUMNS: &[(&str, &str)] = &[
    ("DeviceId", "String"),
    ("DeviceName", "String"),
    ("UserPrincipalName", "String"),
    ("UserName", "String"),
    ("UserId", "String"),
    ("ApplicationId", "String"),
    ("Platform", "String"),
    ("AppVersion", "String"),
    ("AppInstallState", "Int32"),
    ("AppInstallStateDetails", "Int32"),
    ("HexErrorCode", "String"),
    ("ErrorCode", "Int32"),
    ("LastModifiedDateTime", "DateTime"),
];

/// The most rows of one answer.
const MOST: usize = 50;

/// A row for each device that has reported on an app.
pub(crate) fn app_installation(context: &mut Context<'_>) -> Outcome {
    let asked = read(context).map_err(Refusal::in_intune)?;
    let devices = context.world.devices.iter();
    let rows: Vec<Map<String, Value>> = devices
        .filter_map(|(key, device)| {
            let report = device.app_reports.get(&asked.app)?;
            Some(row(context, key, device, asked.app, report))
        })
        .collect();
    let mut columns = asked.columns;
    if columns.contains(&("AppInstallState", "Int32")) {
        // It comes by itself.
        columns.push(("AppInstallState_loc", "String"));
    }
    let shown = rows.iter().skip(asked.skip).take(asked.top.min(MOST));
    let values: Vec<Vec<&Value>> = shown
        .map(|row| {
            let cells = columns.iter().map(|(name, _)| row.get(*name));
            cells.map(|cell| cell.unwrap_or(&Value::Null)).collect()
        })
        .collect();
    let schema = columns.iter();
    let schema: Vec<Value> = schema
        .map(|(name, kind)| json!({"Column": name, "PropertyType": kind}))
        .collect();
    let report = json!({
        "TotalRowCount": rows.len(),
        "Schema": schema,
        "Values": values,
        "SessionId": "",
    });
    // A stream, whatever is in it.
    Ok(Reply {
        status: StatusCode::OK,
        body: Some(report),
        media_type: "application/octet-stream",
    })
}

struct Asked {
    app: Key,
    columns: Vec<(&'static str, &'static str)>,
    skip: usize,
    top: usize,
}

fn read(context: &Context<'_>) -> Result<Asked, Refusal> {
    let mut body = context.body()?;
    let _name: Option<String> = body.take("name")?;
    let filter: Option<String> = body.take("filter")?;
    let select: Vec<String> = body.take("select")?.unwrap_or_default();
    let skip: Option<usize> = body.take("skip")?;
    let top: Option<usize> = body.take("top")?;
    let search: Option<String> = body.take("search")?;
    let _group_by: Option<Vec<String>> = body.take("groupBy")?;
    let order_by: Option<Vec<String>> = body.take("orderBy")?;
    let _session: Option<String> = body.take("sessionId")?;
    body.finish()?;
    let is_asked = |text: Option<String>| text.is_some_and(|text| !text.is_empty());
    if is_asked(search) || order_by.is_some_and(|columns| !columns.is_empty()) {
        let why = "this tenant neither searches the report nor sorts it";
        return Err(refused("The request is invalid.").because(why));
    }
    let app = app_of(filter.as_deref().unwrap_or_default()).ok_or_else(|| {
        let why = "the filter has to be (ApplicationId eq '<id>')";
        refused("The filter is invalid.").because(why)
    })?;
    let columns = if select.is_empty() {
        COLUMNS.to_vec()
    } else {
        select
            .iter()
            .map(|name| column(name))
            .collect::<Result<_, _>>()?
    };
    Ok(Asked {
        app,
        columns,
        skip: skip.unwrap_or(0),
        top: top.unwrap_or(MOST),
    })
}

fn column(name: &str) -> Result<(&'static str, &'static str), Refusal> {
    let mut columns = COLUMNS.iter();
    let found = columns.find(|(column, _)| column.eq_ignore_ascii_case(name));
    found.copied().ok_or_else(|| {
        let why = format!("{name} cannot be selected");
        refused("The select clause is invalid.").because(why)
    })
}

fn app_of(filter: &str) -> Option<Key> {
    let filter: Filter = filter.parse().ok()?;
    let Filter::Compare {
        left: Operand::Path(path),
        operator: Comparison::Eq,
        right: Operand::Literal(literal),
    } = filter
    else {
        return None;
    };
    if !path.as_str().eq_ignore_ascii_case("ApplicationId") {
        return None;
    }
    match literal {
        Literal::String(text) => Key::try_parse(&text).ok(),
        Literal::Guid(key) => Some(key),
        _ => None,
    }
}

fn row(
    context: &Context<'_>,
    key: Key,
    device: &Device,
    app: Key,
    report: &AppReport,
) -> Map<String, Value> {
    let user = device.user.and_then(|key| context.world.users.get(key));
    let (number, words) = match &report.state {
        AppInstallState::Installed => (1, "Installed"),
        AppInstallState::Failed => (2, "Failed"),
        AppInstallState::NotInstalled => (3, "Not installed"),
        AppInstallState::UninstallFailed => (4, "Uninstall failed"),
        AppInstallState::PendingInstall => (5, "Install pending"),
        AppInstallState::NotApplicable => (-1, "Not applicable"),
        _ => (99, "Unknown"),
    };
    let hex = report.error.map(|error| format!("0x{error:08X}"));
    let cells = json!({
        "DeviceId": key,
        "DeviceName": device.name,
        "UserPrincipalName": user.map(|user| &user.principal_name),
        "UserName": user.map(|user| &user.display_name),
        "UserId": device.user,
        "ApplicationId": app,
        "Platform": "Windows",
        "AppVersion": report.version,
        "AppInstallState": number,
        "AppInstallState_loc": words,
        "AppInstallStateDetails": 0,
        "HexErrorCode": hex,
        "ErrorCode": report.error.map_or(0, u32::cast_signed),
        "LastModifiedDateTime": report.at,
    });
    match cells {
        Value::Object(cells) => cells,
        _ => Map::new(),
    }
}
