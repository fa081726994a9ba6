//! Who else gets mails about a review.
//!
//! Reviewers get theirs by the review's [`settings`](super::settings); a [`NotificationRecipientItem`] of its
//! [`definition`](super::definition) adds somebody else (REV-37).
//!
//! ```
//! use entitlement_core::access_review::notification::NotificationRecipientItem;
//!
//! let audit = NotificationRecipientItem::when_completed("/users/u1");
//! # let json = serde_json::to_value(&audit)?;
//! # assert_eq!(json["notificationTemplateType"], "CompletedAdditionalRecipients");
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::scope::QueryType;
use crate::validate::Checker;
use crate::wire::RawObject;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;

open_enum! {
    /// Which mail (`notificationTemplateType`, REV-37).
    NotificationTemplateType = "accessReviewNotificationTemplateType" {
        /// The mail at the end of a review.
        CompletedAdditionalRecipients = "CompletedAdditionalRecipients",
    }
}

/// One mail and who else gets it (REV-37;
/// [accessReviewNotificationRecipientItem](https://learn.microsoft.com/graph/api/resources/accessreviewnotificationrecipientitem)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationRecipientItem {
    /// Which mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_template_type: Option<NotificationTemplateType>,
    /// Who gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_recipient_scope: Option<NotificationRecipientScope>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

union! {
    /// Who gets a mail
    /// ([accessReviewNotificationRecipientScope](https://learn.microsoft.com/graph/api/resources/accessreviewnotificationrecipientscope)).
    NotificationRecipientScope = "accessReviewNotificationRecipientScope" {
        /// Whoever a query finds.
        Query(NotificationRecipientQueryScope) = "#microsoft.graph.accessReviewNotificationRecipientQueryScope",
    }
}

/// Whoever a query finds
/// ([accessReviewNotificationRecipientQueryScope](https://learn.microsoft.com/graph/api/resources/accessreviewnotificationrecipientqueryscope)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationRecipientQueryScope {
    /// The query: `/users/{id}`, `/groups/{id}/transitiveMembers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_type: Option<QueryType>,
    /// What a query beginning with `./` starts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_root: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl NotificationRecipientItem {
    /// The mail at the end of a review goes to whoever a query to Microsoft Graph finds, too.
    pub fn when_completed(query: impl Into<String>) -> Self {
        Self {
            notification_template_type: Some(
                NotificationTemplateType::CompletedAdditionalRecipients,
            ),
            notification_recipient_scope: Some(NotificationRecipientScope::Query(
                NotificationRecipientQueryScope {
                    query: Some(query.into()),
                    query_type: Some(QueryType::MicrosoftGraph),
                    ..NotificationRecipientQueryScope::default()
                },
            )),
            unknown: RawObject::default(),
        }
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        checker.ensure(
            "notificationTemplateType",
            self.notification_template_type.is_some(),
            "REV-37",
            "is missing",
            "use CompletedAdditionalRecipients",
        );
        let recipients = self.notification_recipient_scope.as_ref();
        let silent = recipients.is_none_or(|scope| match scope {
            NotificationRecipientScope::Query(scope) => {
                scope.query.as_deref().unwrap_or("").trim().is_empty()
            }
            NotificationRecipientScope::Unknown(_) => false,
        });
        checker.forbid(
            "notificationRecipientScope",
            silent,
            "REV-37",
            "finds nobody",
            "use a query that finds people",
        );
    }
}
