//! Identities of mail, sites and teams.
//!
//! They are kinds of [`Principal`](super::Principal) for whom no account of the directory is named: somebody known by
//! an address, by a login of a site, or by what they are in a team.
//!
//! ```
//! use entitlement_core::identity::Principal;
//! use entitlement_core::identity::collaboration::TeamworkUserIdentityType;
//!
//! let caller: Principal = serde_json::from_str(
//!     r##"{"@odata.type": "#microsoft.graph.teamworkUserIdentity", "id": "t1", "userIdentityType": "phoneUser"}"##,
//! )?;
//! let Principal::TeamworkUser(caller) = caller else { panic!("is somebody in a team") };
//! assert_eq!(caller.user_identity_type, Some(TeamworkUserIdentityType::PhoneUser));
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use super::base::IdentityBase;
use crate::wire::open_enum::open_enum;
use crate::wire::union::flattened;

/// Somebody known by a mail address
/// ([emailIdentity](https://learn.microsoft.com/graph/api/resources/emailidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EmailIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Somebody known by a login of SharePoint
/// ([sharePointIdentity](https://learn.microsoft.com/graph/api/resources/sharepointidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SharePointIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_name: Option<String>,
}

/// A group of a site
/// ([sharePointGroupIdentity](https://learn.microsoft.com/graph/api/resources/sharepointgroupidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SharePointGroupIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// The group's id in its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
    /// The group's name in its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

open_enum! {
    /// What an application is to a team (`teamworkApplicationIdentityType`).
    TeamworkApplicationIdentityType = "teamworkApplicationIdentityType" {
        /// An application of the directory.
        AadApplication = "aadApplication",
        /// A bot.
        Bot = "bot",
        /// A bot of the tenant's own.
        TenantBot = "tenantBot",
        /// A connector.
        Office365Connector = "office365Connector",
        /// A webhook that calls out.
        OutgoingWebhook = "outgoingWebhook",
    }
}

/// An application in a team
/// ([teamworkApplicationIdentity](https://learn.microsoft.com/graph/api/resources/teamworkapplicationidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TeamworkApplicationIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// What it is to the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_identity_type: Option<TeamworkApplicationIdentityType>,
}

open_enum! {
    /// Where a conversation takes place (`teamworkConversationIdentityType`).
    TeamworkConversationIdentityType = "teamworkConversationIdentityType" {
        /// In a team.
        Team = "team",
        /// In a channel.
        Channel = "channel",
        /// In a chat.
        Chat = "chat",
    }
}

/// A team, channel or chat
/// ([teamworkConversationIdentity](https://learn.microsoft.com/graph/api/resources/teamworkconversationidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TeamworkConversationIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// Which of them it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_identity_type: Option<TeamworkConversationIdentityType>,
}

open_enum! {
    /// As what a person is in a team (`teamworkUserIdentityType`).
    TeamworkUserIdentityType = "teamworkUserIdentityType" {
        /// With an account of the directory.
        AadUser = "aadUser",
        /// With an account that is kept on the premises.
        OnPremiseAadUser = "onPremiseAadUser",
        /// Without any account.
        AnonymousGuest = "anonymousGuest",
        /// With an account of a federated organisation.
        FederatedUser = "federatedUser",
        /// With a personal account.
        PersonalMicrosoftAccountUser = "personalMicrosoftAccountUser",
        /// With a Skype account.
        SkypeUser = "skypeUser",
        /// By phone.
        PhoneUser = "phoneUser",
        /// By mail.
        EmailUser = "emailUser",
    }
}

/// A person in a team
/// ([teamworkUserIdentity](https://learn.microsoft.com/graph/api/resources/teamworkuseridentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TeamworkUserIdentity {
    /// What every identity says.
    #[serde(flatten, deserialize_with = "flattened")]
    pub base: IdentityBase,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_identity_type: Option<TeamworkUserIdentityType>,
}
