//! Bodies of policies.

use entitlement_core::policy::AssignmentPolicyDraft;

use crate::fixture::*;

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
