//! Bodies of requests, and of what else is small.

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{CatalogDraft, CatalogPatch, CatalogState};
use entitlement_core::directory::GroupDraft;
use entitlement_core::package::{AccessPackageDraft, AccessPackagePatch};
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::wire::Field;
use serde_json::{Value, json};

use crate::fixture::*;

#[test]
fn a_person_asks_with_answers_and_a_period() {
    insta::assert_snapshot!(pretty(&user_add()), @r##"
    {
      "requestType": "userAdd",
      "assignment": {
        "accessPackageId": "package",
        "assignmentPolicyId": "policy"
      },
      "answers": [
        {
          "@odata.type": "#microsoft.graph.accessPackageAnswerString",
          "value": "vm",
          "displayValue": "Virtual machine",
          "answeredQuestion": {
            "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion",
            "id": "q1"
          }
        },
        {
          "@odata.type": "#microsoft.graph.accessPackageAnswerString",
          "value": "INC42",
          "displayValue": "INC42",
          "answeredQuestion": {
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "id": "q2"
          }
        }
      ],
      "justification": "Rolling out the new VPN client",
      "schedule": {
        "startDateTime": "2026-05-01T08:00:00Z",
        "expiration": {
          "type": "afterDateTime",
          "endDateTime": "2026-05-08T08:00:00Z"
        }
      }
    }
    "##);
}

#[test]
fn every_other_kind_of_request() {
    type Draft = AssignmentRequestDraft;
    let month = || Schedule::lasting(Expiration::after_days(30));
    let (package, policy, assignment) = (id("package"), id("policy"), id("assignment"));
    let drafts = [
        Draft::user_add(&package).build(),
        Draft::admin_add(&package, &policy, &id("ada"))
            .justification("New colleague")
            .build(),
        Draft::admin_add_by_email(&package, &policy, "ada@contoso.com").build(),
        Draft::user_update(&assignment).schedule(month()).build(),
        Draft::admin_update(&assignment).schedule(month()).build(),
        Draft::user_remove(&assignment).build(),
        Draft::admin_remove(&assignment)
            .justification("Left")
            .build(),
        Draft::approver_remove(&assignment)
            .justification("Given by mistake")
            .build(),
    ];
    let lines = drafts.map(|draft| compact(&draft.unwrap())).join("\n");
    insta::assert_snapshot!(lines, @r#"
    {"requestType":"userAdd","assignment":{"accessPackageId":"package"}}
    {"requestType":"adminAdd","assignment":{"accessPackageId":"package","assignmentPolicyId":"policy","targetId":"ada"},"justification":"New colleague"}
    {"requestType":"adminAdd","assignment":{"accessPackageId":"package","assignmentPolicyId":"policy","target":{"email":"ada@contoso.com"}}}
    {"requestType":"userUpdate","assignment":{"id":"assignment"},"schedule":{"expiration":{"type":"afterDuration","duration":"P30D"}}}
    {"requestType":"adminUpdate","assignment":{"id":"assignment"},"schedule":{"expiration":{"type":"afterDuration","duration":"P30D"}}}
    {"requestType":"userRemove","assignment":{"id":"assignment"}}
    {"requestType":"adminRemove","assignment":{"id":"assignment"},"justification":"Left"}
    {"requestType":"approverRemove","assignment":{"id":"assignment"},"justification":"Given by mistake"}
    "#);
}

#[test]
fn resources_come_and_go() {
    type Draft = ResourceRequestDraft;
    let lines = [
        Draft::add_group(&id("catalog"), &id("group")),
        Draft::add(
            &id("catalog"),
            OriginSystem::SharePointOnline,
            "https://contoso.sharepoint.com/sites/hr",
        )
        .build()
        .unwrap(),
        Draft::remove(&id("catalog"), &id("resource")),
    ]
    .map(|draft| compact(&draft));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"requestType":"adminAdd","catalog":{"id":"catalog"},"resource":{"originId":"group","originSystem":"AadGroup"}}
    {"requestType":"adminAdd","catalog":{"id":"catalog"},"resource":{"originId":"https://contoso.sharepoint.com/sites/hr","originSystem":"SharePointOnline"}}
    {"requestType":"adminRemove","catalog":{"id":"catalog"},"resource":{"id":"resource"}}
    "#);
}

#[test]
fn a_role_in_the_scope_of_the_whole_resource() {
    let member = RoleOrigin::member_of(&id("group"));
    let draft = RoleScopeDraft::whole_resource(&group_resource(), &member).unwrap();
    insta::assert_snapshot!(pretty(&draft), @r#"
    {
      "role": {
        "id": "role-1",
        "displayName": "Member",
        "originId": "Member_group",
        "originSystem": "AadGroup",
        "resource": {
          "id": "resource"
        }
      },
      "scope": {
        "id": "scope-1",
        "originId": "group",
        "originSystem": "AadGroup",
        "isRootScope": true
      }
    }
    "#);
}

#[test]
fn a_role_that_was_never_used_has_no_id_to_send() {
    let unused = "00000000-0000-0000-0000-000000000000";
    let role = json!({"id": unused, "displayName": "Member", "originId": "Member_group"});
    let resource =
        json!({"id": "resource", "originId": "group", "originSystem": "AadGroup", "roles": [role]});
    let resource: Resource = serde_json::from_value(resource).unwrap();
    let member = RoleOrigin::member_of(&id("group"));
    let draft = RoleScopeDraft::whole_resource(&resource, &member).unwrap();
    let role = &serde_json::to_value(&draft).unwrap()["role"];
    assert_eq!(role["displayName"], "Member");
    assert_eq!(role.get("id"), None);
}

#[test]
fn a_role_of_a_resource_that_was_read_without_its_roles() {
    let resource = json!({"id": "resource", "originId": "app", "originSystem": "AadApplication"});
    let resource: Resource = serde_json::from_value(resource).unwrap();
    let draft = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::from("role-7")).unwrap();
    insta::assert_snapshot!(pretty(&draft), @r#"
    {
      "role": {
        "originId": "role-7",
        "originSystem": "AadApplication",
        "resource": {
          "id": "resource"
        }
      },
      "scope": {
        "originId": "app",
        "originSystem": "AadApplication",
        "isRootScope": true
      }
    }
    "#);
}

#[test]
fn small_bodies() {
    let catalog = CatalogDraft::builder("Devices")
        .description("Access to managed clients")
        .state(CatalogState::Published)
        .is_externally_visible(false);
    let catalog_patch = CatalogPatch {
        description: Field::Clear,
        state: CatalogState::Unpublished.into(),
        ..CatalogPatch::default()
    };
    let package = AccessPackageDraft::builder(id("catalog"), "Local administrator").is_hidden(true);
    let package_patch = AccessPackagePatch {
        display_name: "Administrator".into(),
        is_hidden: false.into(),
        ..AccessPackagePatch::default()
    };
    let lines = [
        compact(&StageDecision::approve("Needs it for the rollout")),
        compact(&StageDecision::deny("Not your device")),
        compact(&catalog.build().unwrap()),
        compact(&catalog_patch),
        compact(&CatalogPatch::default()),
        compact(&package.build().unwrap()),
        compact(&package_patch),
        compact(
            &GroupDraft::security_group("mem-local-admins")
                .build()
                .unwrap(),
        ),
        compact(
            &GroupDraft::microsoft_365_group("Sales", "sales")
                .description("…")
                .build()
                .unwrap(),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"reviewResult":"Approve","justification":"Needs it for the rollout"}
    {"reviewResult":"Deny","justification":"Not your device"}
    {"displayName":"Devices","description":"Access to managed clients","state":"published","isExternallyVisible":false}
    {"description":null,"state":"unpublished"}
    {}
    {"catalog":{"id":"catalog"},"displayName":"Local administrator","description":"","isHidden":true}
    {"displayName":"Administrator","isHidden":false}
    {"displayName":"mem-local-admins","mailNickname":"mem-local-admins","mailEnabled":false,"securityEnabled":true,"groupTypes":[]}
    {"displayName":"Sales","mailNickname":"sales","mailEnabled":true,"securityEnabled":false,"groupTypes":["Unified"],"description":"…"}
    "#);
}

/// The objects in slots whose declared type is abstract.
fn abstract_slots(json: &Value) -> Vec<&Value> {
    const SLOTS: [&str; 11] = [
        "answeredQuestion",
        "answers",
        "escalationApprovers",
        "fallbackEscalationApprovers",
        "fallbackPrimaryApprovers",
        "fallbackReviewers",
        "onBehalfRequestors",
        "primaryApprovers",
        "primaryReviewers",
        "questions",
        "specificAllowedTargets",
    ];
    match json {
        Value::Object(fields) => {
            let slots = fields
                .iter()
                .filter(|(name, _)| SLOTS.contains(&name.as_str()));
            let here = slots.flat_map(|(_, slot)| match slot {
                Value::Array(items) => items.iter().collect(),
                one => vec![one],
            });
            here.chain(fields.values().flat_map(abstract_slots))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(abstract_slots).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn abstract_slots_say_what_is_in_them() {
    for (body, slots) in [
        (serde_json::to_value(policy()), 11),
        (serde_json::to_value(automatic_policy()), 1),
        (serde_json::to_value(user_add()), 4),
    ] {
        let body = body.unwrap();
        let found = abstract_slots(&body);
        assert_eq!(found.len(), slots);
        for object in found {
            let kind = object["@odata.type"].as_str().unwrap_or_default();
            assert!(kind.starts_with("#microsoft.graph."), "{object}");
        }
    }
}
