//! What goes over the wire: the bodies of a self-service journey, letter by letter.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{CatalogDraft, CatalogPatch, CatalogState};
use entitlement_core::directory::GroupDraft;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackageDraft, AccessPackagePatch};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::approval::{
    ApprovalSettings, ApprovalStage, ApproverInformationVisibility,
};
use entitlement_core::policy::question::{MultipleChoiceQuestion, Question, TextInputQuestion};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::review::{ExpirationBehavior, ReviewSettings};
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_core::wire::Field;
use serde::Serialize;
use serde_json::{Value, json};

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn pretty(body: &impl Serialize) -> String {
    serde_json::to_string_pretty(body).unwrap()
}

fn compact(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap()
}

fn policy() -> AssignmentPolicyDraft {
    let by_manager = ApprovalStage::builder()
        .primary_approver(SubjectSet::manager())
        .fallback_primary_approver(SubjectSet::user(id("deputy")))
        .escalate_after(IsoDuration::days(8), SubjectSet::group(id("helpdesk")))
        .fallback_escalation_approver(SubjectSet::internal_sponsors())
        .duration_before_automatic_denial(IsoDuration::days(14))
        .is_approver_justification_required(true)
        .approver_information_visibility(ApproverInformationVisibility::Visible)
        .build();
    let by_security = ApprovalStage::builder()
        .primary_approver(SubjectSet::user(id("security")))
        .duration_before_automatic_denial(IsoDuration::days(3))
        .build();
    let quarterly =
        ReviewSettings::every_months(3, instant("2026-01-01T00:00:00Z"), IsoDuration::days(14));
    let device = MultipleChoiceQuestion::new("Which kind of device?")
        .choice("laptop", "Laptop")
        .choice("vm", "Virtual machine")
        .required()
        .localized("de", "Was für ein Gerät?");
    let ticket = TextInputQuestion::new("Ticket number")
        .single_line()
        .matching("^INC[0-9]+$");
    let no_mails = json!({"isAssignmentNotificationDisabled": true});
    AssignmentPolicyDraft::builder(id("package"), "All employees, 30 days")
        .description("Self-service with two approvals")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::group(id("employees")))
        .specific_allowed_target(SubjectSet::user(id("ada")))
        .requestor_settings(
            RequestorSettings::self_service()
                .with_extension()
                .with_custom_schedule(),
        )
        .request_approval_settings(
            ApprovalSettings::in_stages([by_manager, by_security])
                .for_extensions_too()
                .with_requestor_justification(),
        )
        .expiration(Expiration::after_days(30))
        .review_settings(
            quarterly
                .by_manager(SubjectSet::user(id("deputy")))
                .unreviewed(ExpirationBehavior::RemoveAccess),
        )
        .question(device)
        .question(ticket)
        .notification_settings(serde_json::from_value(no_mails).unwrap())
        .build()
        .unwrap()
}

fn automatic_policy() -> AssignmentPolicyDraft {
    let rule =
        json!({"requestAccessForAllowedTargets": true, "gracePeriodBeforeAccessRemoval": "P7D"});
    AssignmentPolicyDraft::builder(id("package"), "Sales")
        .allowed_target_scope(AllowedTargetScope::SpecificDirectoryUsers)
        .specific_allowed_target(SubjectSet::rule("user.department -eq \"Sales\""))
        .automatic_request_settings(serde_json::from_value(rule).unwrap())
        .build()
        .unwrap()
}

fn user_add() -> AssignmentRequestDraft {
    let [device, ticket] = [
        json!({
            "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": "q1",
            "text": "Which kind of device?", "choices": [{"actualValue": "vm", "text": "Virtual machine"}],
        }),
        json!({"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": "q2", "text": "Ticket number"}),
    ]
    .map(|question| serde_json::from_value::<Question>(question).unwrap());
    let end = Expiration::at(instant("2026-05-08T08:00:00Z"));
    AssignmentRequestDraft::user_add(&id("package"))
        .policy(&id("policy"))
        .answer(&device, "vm")
        .answer(&ticket, "INC42")
        .justification("Rolling out the new VPN client")
        .schedule(Schedule::starting(instant("2026-05-01T08:00:00Z")).until(end))
        .build()
        .unwrap()
}

fn group_resource() -> Resource {
    serde_json::from_value(json!({
        "id": "resource", "originId": "group", "originSystem": "AadGroup",
        "roles": [
            {"id": "role-0", "displayName": "Owner", "originId": "Owner_group"},
            {"id": "role-1", "displayName": "Member", "originId": "Member_group"},
        ],
        "scopes": [
            {"id": "scope-0", "originId": "elsewhere", "isRootScope": false},
            {"id": "scope-1", "originId": "group", "isRootScope": true},
        ],
    }))
    .unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole of it, as it is sent")]
fn a_whole_policy() {
    insta::assert_snapshot!(pretty(&policy()), @r##"
    {
      "accessPackage": {
        "id": "package"
      },
      "displayName": "All employees, 30 days",
      "specificAllowedTargets": [
        {
          "@odata.type": "#microsoft.graph.groupMembers",
          "groupId": "employees"
        },
        {
          "@odata.type": "#microsoft.graph.singleUser",
          "userId": "ada"
        }
      ],
      "questions": [
        {
          "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion",
          "sequence": 0,
          "text": "Which kind of device?",
          "localizations": [
            {
              "languageCode": "de",
              "text": "Was für ein Gerät?"
            }
          ],
          "isRequired": true,
          "isAnswerEditable": true,
          "choices": [
            {
              "actualValue": "laptop",
              "text": "Laptop"
            },
            {
              "actualValue": "vm",
              "text": "Virtual machine"
            }
          ],
          "isMultipleSelectionAllowed": false
        },
        {
          "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
          "sequence": 1,
          "text": "Ticket number",
          "isRequired": false,
          "isAnswerEditable": true,
          "isSingleLineQuestion": true,
          "regexPattern": "^INC[0-9]+$"
        }
      ],
      "description": "Self-service with two approvals",
      "allowedTargetScope": "specificDirectoryUsers",
      "expiration": {
        "type": "afterDuration",
        "duration": "P30D"
      },
      "requestorSettings": {
        "enableTargetsToSelfAddAccess": true,
        "enableTargetsToSelfUpdateAccess": true,
        "enableTargetsToSelfRemoveAccess": true,
        "allowCustomAssignmentSchedule": true,
        "enableOnBehalfRequestorsToAddAccess": false,
        "enableOnBehalfRequestorsToUpdateAccess": false,
        "enableOnBehalfRequestorsToRemoveAccess": false,
        "onBehalfRequestors": []
      },
      "requestApprovalSettings": {
        "isApprovalRequiredForAdd": true,
        "isApprovalRequiredForUpdate": true,
        "isRequestorJustificationRequired": true,
        "stages": [
          {
            "primaryApprovers": [
              {
                "@odata.type": "#microsoft.graph.requestorManager",
                "managerLevel": 1
              }
            ],
            "fallbackPrimaryApprovers": [
              {
                "@odata.type": "#microsoft.graph.singleUser",
                "userId": "deputy"
              }
            ],
            "escalationApprovers": [
              {
                "@odata.type": "#microsoft.graph.groupMembers",
                "groupId": "helpdesk"
              }
            ],
            "fallbackEscalationApprovers": [
              {
                "@odata.type": "#microsoft.graph.internalSponsors"
              }
            ],
            "isEscalationEnabled": true,
            "durationBeforeEscalation": "P8D",
            "durationBeforeAutomaticDenial": "P14D",
            "isApproverJustificationRequired": true,
            "approverInformationVisibility": "visible"
          },
          {
            "primaryApprovers": [
              {
                "@odata.type": "#microsoft.graph.singleUser",
                "userId": "security"
              }
            ],
            "fallbackPrimaryApprovers": [],
            "escalationApprovers": [],
            "fallbackEscalationApprovers": [],
            "isEscalationEnabled": false,
            "durationBeforeEscalation": "PT0S",
            "durationBeforeAutomaticDenial": "P3D"
          }
        ]
      },
      "reviewSettings": {
        "isEnabled": true,
        "schedule": {
          "startDateTime": "2026-01-01T00:00:00Z",
          "expiration": {
            "type": "afterDuration",
            "duration": "P14D"
          },
          "recurrence": {
            "pattern": {
              "type": "absoluteMonthly",
              "interval": 3,
              "month": 0,
              "dayOfMonth": 0,
              "daysOfWeek": []
            },
            "range": {
              "type": "noEnd",
              "numberOfOccurrences": 0
            }
          }
        },
        "expirationBehavior": "removeAccess",
        "isRecommendationEnabled": true,
        "isReviewerJustificationRequired": true,
        "isSelfReview": false,
        "primaryReviewers": [
          {
            "@odata.type": "#microsoft.graph.requestorManager",
            "managerLevel": 1
          }
        ],
        "fallbackReviewers": [
          {
            "@odata.type": "#microsoft.graph.singleUser",
            "userId": "deputy"
          }
        ]
      },
      "notificationSettings": {
        "isAssignmentNotificationDisabled": true
      }
    }
    "##);
}

#[test]
fn a_policy_that_says_nothing_is_for_administrators() {
    let draft = AssignmentPolicyDraft::builder(id("package"), "Direct assignment");
    insta::assert_snapshot!(pretty(&draft.build().unwrap()), @r#"
    {
      "accessPackage": {
        "id": "package"
      },
      "displayName": "Direct assignment",
      "specificAllowedTargets": [],
      "description": "",
      "allowedTargetScope": "notSpecified",
      "expiration": {
        "type": "noExpiration"
      },
      "requestorSettings": {
        "enableTargetsToSelfAddAccess": false,
        "enableTargetsToSelfUpdateAccess": false,
        "enableTargetsToSelfRemoveAccess": false,
        "allowCustomAssignmentSchedule": false,
        "enableOnBehalfRequestorsToAddAccess": false,
        "enableOnBehalfRequestorsToUpdateAccess": false,
        "enableOnBehalfRequestorsToRemoveAccess": false,
        "onBehalfRequestors": []
      },
      "requestApprovalSettings": {
        "isApprovalRequiredForAdd": false,
        "isApprovalRequiredForUpdate": false,
        "isRequestorJustificationRequired": false,
        "stages": []
      }
    }
    "#);
}

#[test]
fn a_policy_by_rule() {
    insta::assert_snapshot!(pretty(&automatic_policy()), @r##"
    {
      "accessPackage": {
        "id": "package"
      },
      "displayName": "Sales",
      "specificAllowedTargets": [
        {
          "@odata.type": "#microsoft.graph.attributeRuleMembers",
          "membershipRule": "user.department -eq \"Sales\""
        }
      ],
      "description": "",
      "allowedTargetScope": "specificDirectoryUsers",
      "expiration": {
        "type": "noExpiration"
      },
      "requestorSettings": {
        "enableTargetsToSelfAddAccess": false,
        "enableTargetsToSelfUpdateAccess": false,
        "enableTargetsToSelfRemoveAccess": false,
        "allowCustomAssignmentSchedule": false,
        "enableOnBehalfRequestorsToAddAccess": false,
        "enableOnBehalfRequestorsToUpdateAccess": false,
        "enableOnBehalfRequestorsToRemoveAccess": false,
        "onBehalfRequestors": []
      },
      "requestApprovalSettings": {
        "isApprovalRequiredForAdd": false,
        "isApprovalRequiredForUpdate": false,
        "isRequestorJustificationRequired": false,
        "stages": []
      },
      "automaticRequestSettings": {
        "requestAccessForAllowedTargets": true,
        "gracePeriodBeforeAccessRemoval": "P7D"
      }
    }
    "##);
}

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
        ),
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
    let draft = RoleScopeDraft::whole_resource(&group_resource(), &member);
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
    let resource = json!({"id": "resource", "originSystem": "AadGroup", "roles": [role]});
    let resource: Resource = serde_json::from_value(resource).unwrap();
    let draft = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(&id("group")));
    let role = &serde_json::to_value(&draft).unwrap()["role"];
    assert_eq!(role["displayName"], "Member");
    assert_eq!(role.get("id"), None);
}

#[test]
fn a_role_of_a_resource_that_was_read_without_its_roles() {
    let resource = json!({"id": "resource", "originId": "app", "originSystem": "AadApplication"});
    let resource: Resource = serde_json::from_value(resource).unwrap();
    let draft = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::from("role-7"));
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
