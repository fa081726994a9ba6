//! A page of assignments as the service sends it, and the plain structs it is compared with.

use serde::{Deserialize, Serialize};
use serde_json::json;

/// A list answer with so many assignments, each expanded with target, package and policy.
///
/// # Panics
///
/// Never: the answer is plain JSON.
pub fn of_assignments(count: u32) -> Vec<u8> {
    let id = |kind: u32, number: u32| format!("{kind:08x}-99ed-41bf-ad99-{number:012x}");
    let items: Vec<_> = (0..count)
        .map(|number| {
            json!({
                "id": id(1, number),
                "state": "delivered",
                "status": "Delivered",
                "expiredDateTime": null,
                "schedule": {
                    "startDateTime": "2026-01-02T03:04:05.123Z",
                    "recurrence": null,
                    "expiration": {"type": "afterDateTime", "endDateTime": "2026-02-01T03:04:05.123Z", "duration": null},
                },
                "target": {
                    "id": id(2, number),
                    "objectId": id(3, number),
                    "displayName": format!("Person number {number}"),
                    "email": format!("person{number}@contoso.com"),
                    "principalName": format!("person{number}@contoso.com"),
                    "onPremisesSecurityIdentifier": null,
                    "subjectType": "user",
                    "subjectLifecycle": "notDefined",
                },
                "accessPackage": {
                    "id": id(4, number % 50),
                    "displayName": format!("Package {}", number % 50),
                    "description": "Access to what the package says",
                    "isHidden": false,
                    "createdDateTime": "2025-01-02T03:04:05.67Z",
                    "modifiedDateTime": "2025-02-02T03:04:05.67Z",
                },
                "assignmentPolicy": {
                    "id": id(5, number % 50),
                    "displayName": "All members, 30 days",
                    "description": "Everybody may ask",
                    "allowedTargetScope": "allMemberUsers",
                    "createdDateTime": "2025-01-02T03:04:05.67Z",
                    "modifiedDateTime": "2025-02-02T03:04:05.67Z",
                },
            })
        })
        .collect();
    let page = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#assignments", "value": items});
    page.to_string().into_bytes()
}

/// The page as somebody would model it who wants nothing but the texts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plain {
    value: Vec<PlainAssignment>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainAssignment {
    id: String,
    state: String,
    status: String,
    expired_date_time: Option<String>,
    schedule: PlainSchedule,
    target: PlainSubject,
    access_package: PlainPackage,
    assignment_policy: PlainPolicy,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainSchedule {
    start_date_time: Option<String>,
    expiration: PlainExpiration,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainExpiration {
    #[serde(rename = "type")]
    kind: String,
    end_date_time: Option<String>,
    duration: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainSubject {
    id: String,
    object_id: String,
    display_name: String,
    email: String,
    principal_name: String,
    on_premises_security_identifier: Option<String>,
    subject_type: String,
    subject_lifecycle: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainPackage {
    id: String,
    display_name: String,
    description: String,
    is_hidden: bool,
    created_date_time: String,
    modified_date_time: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainPolicy {
    id: String,
    display_name: String,
    description: String,
    allowed_target_scope: String,
    created_date_time: String,
    modified_date_time: String,
}
