//! People and groups of the directory, as far as governance needs them.
//!
//! [`User`]s ask, approve and review; a [`Group`] is what most access packages grant. The directory knows far more
//! about both: anything not listed here is asked for with `$select` and ignored on reading.
//!
//! ```
//! use entitlement_core::directory::GroupDraft;
//!
//! let group = GroupDraft::security_group("mem-local-admins")
//!     .description("Local administrators of managed Windows clients")
//!     .build()?;
//! assert_eq!(serde_json::to_value(&group)?["securityEnabled"], true);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::entity::{Creatable, Deletable, Entity, Id, Listable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::Expandable;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// Whether a person belongs to the organisation or is a guest in it (`userType`).
    UserType = "userType" {
        /// Belongs to the organisation.
        Member = "Member",
        /// Was invited from elsewhere.
        Guest = "Guest",
    }
}

/// A person's account ([user](https://learn.microsoft.com/graph/api/resources/user)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The object id.
    pub id: Id<User>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name, unique in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The alias in front of the `@` of mail addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Member or guest; sent only for `$select=userType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    /// Whether the person may sign in; sent only for `$select=accountEnabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// When the account was made; sent only for `$select=createdDateTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// The person's manager.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub manager: Expandable<Box<User>>,
}

impl Entity for User {
    const TYPE: &'static str = "user";
    const COLLECTION: &'static str = "users";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for User {}

/// A group ([group](https://learn.microsoft.com/graph/api/resources/group)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The object id.
    pub id: Id<Group>,
    /// The name people see; not unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What the group is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The alias in front of the `@`, unique among Microsoft 365 groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// Whether it receives mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_enabled: Option<bool>,
    /// Whether it can be used to grant access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_enabled: Option<bool>,
    /// `Unified` for Microsoft 365 groups, `DynamicMembership` where a rule decides who is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_types: Option<Vec<String>>,
    /// The rule of a dynamic group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_rule: Option<String>,
    /// When the group was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<Timestamp>,
    /// Whether the group comes from an on-premises directory, and so cannot be granted (OBJ-28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_sync_enabled: Option<bool>,
    /// The group's SID, which Windows clients see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_identifier: Option<String>,
}

impl Entity for Group {
    const TYPE: &'static str = "group";
    const COLLECTION: &'static str = "groups";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Group {}

impl Creatable for Group {
    type Draft = GroupDraft;
}

impl Deletable for Group {}

/// A group to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(
    start_fn(name = start, vis = ""),
    finish_fn(name = assemble, vis = ""),
    on(String, into)
)]
pub struct GroupDraft {
    #[builder(start_fn)]
    display_name: String,
    #[builder(start_fn)]
    mail_nickname: String,
    #[builder(start_fn)]
    mail_enabled: bool,
    #[builder(start_fn)]
    security_enabled: bool,
    #[builder(start_fn)]
    group_types: Vec<String>,
    /// What the group is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl GroupDraft {
    /// A security group, the kind that grants access to resources; its alias is made from the name.
    pub fn security_group(display_name: impl Into<String>) -> GroupDraftBuilder {
        let name = display_name.into();
        let alias = alias_for(&name);
        Self::start(name, alias, false, true, Vec::new())
    }

    /// A Microsoft 365 group, which also has a mailbox and may back a Team.
    pub fn microsoft_365_group(
        display_name: impl Into<String>,
        mail_nickname: impl Into<String>,
    ) -> GroupDraftBuilder {
        let (name, alias) = (display_name.into(), mail_nickname.into());
        Self::start(name, alias, true, false, vec!["Unified".to_owned()])
    }

    /// The name people will see.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }
}

impl<S: group_draft_builder::IsComplete> GroupDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank or overlong name, or an alias with characters that mail systems refuse
    /// ([group: create](https://learn.microsoft.com/graph/api/group-post-groups)).
    pub fn build(self) -> Result<GroupDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &draft.display_name, "GRP-1");
        checker.ensure(
            "displayName",
            draft.display_name.chars().count() <= 256,
            "GRP-1",
            "is too long",
            "use at most 256 characters",
        );
        let alias = &draft.mail_nickname;
        let clean = !alias.is_empty() && alias.len() <= 64 && alias.chars().all(fits_alias);
        checker.ensure(
            "mailNickname",
            clean,
            "GRP-2",
            "is not a mail alias",
            "use 1 to 64 ASCII characters without blanks and @()\\[]\";:<>,",
        );
        checker.finish(Group::TYPE)?;
        Ok(draft)
    }
}

fn fits_alias(character: char) -> bool {
    character.is_ascii_graphic() && !"@()\\[]\";:<>,".contains(character)
}

fn alias_for(name: &str) -> String {
    let alias: String = name.chars().filter(|&c| fits_alias(c)).take(64).collect();
    if alias.is_empty() {
        "group".to_owned()
    } else {
        alias
    }
}

/// A member or owner of a group, or another directory object whose kind matters less than its id
/// ([directoryObject](https://learn.microsoft.com/graph/api/resources/directoryobject)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DirectoryObject {
    /// The kind of object: `#microsoft.graph.user`.
    #[serde(
        rename = "@odata.type",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<String>,
    /// The object id.
    pub id: Id<DirectoryObject>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The sign-in name, for users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
}

impl DirectoryObject {
    /// The id as that of a user; directory ids are unique over all kinds.
    pub fn user_id(&self) -> Id<User> {
        self.id.cast()
    }
}

impl Entity for DirectoryObject {
    const TYPE: &'static str = "directoryObject";
    const COLLECTION: &'static str = "directoryObjects";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DirectoryObject {}

impl From<&Id<User>> for Id<DirectoryObject> {
    fn from(id: &Id<User>) -> Self {
        id.cast()
    }
}

impl From<&Id<Group>> for Id<DirectoryObject> {
    fn from(id: &Id<Group>) -> Self {
        id.cast()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_is_made_from_any_name() {
        let alias = |name: &str| {
            GroupDraft::security_group(name)
                .build()
                .unwrap()
                .mail_nickname
        };
        assert_eq!(alias("mem-local-admins"), "mem-local-admins");
        assert_eq!(alias("Local admins (EU)"), "LocaladminsEU");
        assert_eq!(alias("администраторы"), "group");
    }
}
