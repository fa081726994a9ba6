//! Groups.

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::alias::{alias_for, check_alias, check_name};
use super::licensing::{AssignedLabel, AssignedLicense, LicenseProcessingState};
use super::links::ObjectLinks;
use super::object::DirectoryObject;
use super::on_premises::{
    OnPremisesExtensionAttributes, OnPremisesProvisioningError, ServiceProvisioningError,
};
use crate::entity::{Creatable, Deletable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, Field};

open_enum! {
    /// Who may see and join a Microsoft 365 group (`visibility`); settled when the group is made.
    GroupVisibility = "visibility" {
        /// Everybody sees its content; joining needs no owner.
        Public = "Public",
        /// Only members see its content; owners let people in.
        Private = "Private",
        /// As private, and only members see who is in it.
        HiddenMembership = "HiddenMembership",
    }
}

open_enum! {
    /// How open a group is (`groupAccessType`).
    GroupAccessType = "groupAccessType" {
        /// Nothing said.
        None = "none",
        /// Owners let people in.
        Private = "private",
        /// Only members know of it.
        Secret = "secret",
        /// Anybody may join.
        Public = "public",
    }
}

/// A group ([group](https://learn.microsoft.com/graph/api/resources/group)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The object id.
    pub id: Id<Group>,
    /// When the group was deleted.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub deleted_date_time: Option<Timestamp>,
    /// The name people see; not unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What the group is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A name of the caller's choice by which the group can be found again; settled once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_name: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The alias in front of the `@`, unique among Microsoft 365 groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// Whether it receives mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_enabled: Option<bool>,
    /// All its mail addresses, `SMTP:` in front of the main one.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub proxy_addresses: Vec<String>,
    /// Whether it can be used to grant access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_enabled: Option<bool>,
    /// `Unified` for Microsoft 365 groups, `DynamicMembership` where a rule decides who is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_types: Option<Vec<String>>,
    /// The rule of a dynamic group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_rule: Option<String>,
    /// Whether the rule is applied: `On` or `Paused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_rule_processing_state: Option<String>,
    /// Who may see and join it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<GroupVisibility>,
    /// How open it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_type: Option<GroupAccessType>,
    /// Whether it can hold directory roles; settled when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_assignable_to_role: Option<bool>,
    /// Whether only administrators of its own unit may change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_management_restricted: Option<bool>,
    /// Whether its Team is archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// How sensitive its content is, in the tenant's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<String>,
    /// Its sensitivity labels.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub assigned_labels: Vec<AssignedLabel>,
    /// The licences its members get.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub assigned_licenses: Vec<AssignedLicense>,
    /// How far the service is with handing them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_processing_state: Option<LicenseProcessingState>,
    /// Whether some members did not get theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_members_with_license_errors: Option<bool>,
    /// When the group was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// When it will be deleted unless somebody renews it.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiration_date_time: Option<Timestamp>,
    /// When it was last renewed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewed_date_time: Option<Timestamp>,
    /// Where its data is kept, as a region's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_data_location: Option<String>,
    /// Its language, as in `de-DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// Its colour: `Teal`, `Purple`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// Words the service sorts it by.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub info_catalogs: Vec<String>,
    /// How it behaves: `WelcomeEmailDisabled`.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub resource_behavior_options: Vec<String>,
    /// What was made for it: `Team`.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub resource_provisioning_options: Vec<String>,
    /// Whether people from outside may write to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_external_senders: Option<bool>,
    /// Whether new members get its mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_subscribe_new_members: Option<bool>,
    /// Whether address books leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hide_from_address_lists: Option<bool>,
    /// Whether Outlook does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hide_from_outlook_clients: Option<bool>,
    /// Whether new members are welcomed by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome_message_enabled: Option<bool>,
    /// Whether the caller marked it as a favourite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_favorite: Option<bool>,
    /// Whether the caller gets its mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_subscribed_by_mail: Option<bool>,
    /// How many conversations are new to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen_conversations_count: Option<i32>,
    /// How many conversations have posts that are new to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen_count: Option<i32>,
    /// How many posts are new to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unseen_messages_count: Option<i32>,
    /// The group's SID, which Windows clients see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_identifier: Option<String>,
    /// Whether the group comes from an on-premises directory, and so cannot be granted (OBJ-28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_sync_enabled: Option<bool>,
    /// When it was last synchronised.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub on_premises_last_sync_date_time: Option<Timestamp>,
    /// The on-premises domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_domain_name: Option<String>,
    /// The on-premises domain's short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_net_bios_name: Option<String>,
    /// The on-premises account name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_sam_account_name: Option<String>,
    /// The SID in the on-premises directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_security_identifier: Option<String>,
    /// The free attributes of the on-premises directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_extension_attributes: Option<OnPremisesExtensionAttributes>,
    /// What went wrong in synchronising it.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub on_premises_provisioning_errors: Vec<OnPremisesProvisioningError>,
    /// What went wrong in services that take it over.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub service_provisioning_errors: Vec<ServiceProvisioningError>,
    /// Who made it; no one for applications.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub created_on_behalf_of: Expandable<DirectoryObject>,
    /// Who is in it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub members: Expandable<Vec<DirectoryObject>>,
    /// Who is in it, or in a group that is.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub transitive_members: Expandable<Vec<DirectoryObject>>,
    /// Who looks after it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub owners: Expandable<Vec<DirectoryObject>>,
    /// The groups it is in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub member_of: Expandable<Vec<DirectoryObject>>,
    /// The same, and what those are in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub transitive_member_of: Expandable<Vec<DirectoryObject>>,
    /// Members who did not get their licences.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub members_with_license_errors: Expandable<Vec<DirectoryObject>>,
    /// Who alone may write to it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub accepted_senders: Expandable<Vec<DirectoryObject>>,
    /// Who may not write to it.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub rejected_senders: Expandable<Vec<DirectoryObject>>,
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

impl Patchable for Group {
    type Patch = GroupPatch;
}

impl Deletable for Group {}

impl From<&Id<Group>> for Id<DirectoryObject> {
    fn from(id: &Id<Group>) -> Self {
        id.cast()
    }
}

/// A group to be made ([create group](https://learn.microsoft.com/graph/api/group-post-groups)).
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
    #[serde(
        rename = "owners@odata.bind",
        skip_serializing_if = "ObjectLinks::is_empty"
    )]
    #[builder(field)]
    owners: ObjectLinks,
    #[serde(
        rename = "members@odata.bind",
        skip_serializing_if = "ObjectLinks::is_empty"
    )]
    #[builder(field)]
    members: ObjectLinks,
    /// What the group is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Who may see and join it.
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<GroupVisibility>,
    /// Whether it can hold directory roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_assignable_to_role: Option<bool>,
}

impl GroupDraft {
    /// A security group, the kind that grants access to resources; its alias is made from the name.
    pub fn security_group(display_name: impl Into<String>) -> GroupDraftBuilder {
        let name = display_name.into();
        let alias = alias_for(&name, "group");
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

impl<S: group_draft_builder::State> GroupDraftBuilder<S> {
    /// One more owner.
    pub fn owner(mut self, owner: impl Into<Id<DirectoryObject>>) -> Self {
        self.owners.push(owner.into());
        self
    }

    /// One more member.
    pub fn member(mut self, member: impl Into<Id<DirectoryObject>>) -> Self {
        self.members.push(member.into());
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank or overlong name (GRP-1), an alias with characters that mail systems refuse (GRP-2),
    /// more than 20 owners or members (GRP-3), or a group for directory roles that grants no access or is public
    /// (GRP-4).
    pub fn build(self) -> Result<GroupDraft, Invalid>
    where
        S: group_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        check_name(&mut checker, &draft.display_name, "GRP-1");
        check_alias(&mut checker, &draft.mail_nickname);
        draft.owners.check(&mut checker, "owners@odata.bind");
        draft.members.check(&mut checker, "members@odata.bind");
        let open = !draft.security_enabled || draft.visibility == Some(GroupVisibility::Public);
        checker.forbid(
            "isAssignableToRole",
            draft.is_assignable_to_role == Some(true) && open,
            "GRP-4",
            "does not go with this kind of group",
            "make it a security group that is not public",
        );
        checker.finish(Group::TYPE)?;
        Ok(draft)
    }
}

/// What changes about a group ([update group](https://learn.microsoft.com/graph/api/group-update)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupPatch {
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// What the group is for.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub description: Field<String>,
    /// The alias in front of the `@`.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub mail_nickname: Field<String>,
    /// Whether it can be used to grant access.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub security_enabled: Field<bool>,
    /// Who may see and join it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub visibility: Field<GroupVisibility>,
    /// How sensitive its content is.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub classification: Field<String>,
    /// The rule of a dynamic group.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub membership_rule: Field<String>,
    /// Whether the rule is applied: `On` or `Paused`.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub membership_rule_processing_state: Field<String>,
    /// Where its data is kept.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub preferred_data_location: Field<String>,
    /// Its language.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub preferred_language: Field<String>,
    /// Its colour.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub theme: Field<String>,
    /// A name by which the group can be found again.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub unique_name: Field<String>,
    /// Who comes in, besides those who are in already.
    #[serde(
        rename = "members@odata.bind",
        skip_serializing_if = "ObjectLinks::is_empty"
    )]
    pub members: ObjectLinks,
}

impl Patch for GroupPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept("displayName", &self.display_name, "GRP-1");
        if let Field::Set(name) = &self.display_name {
            check_name(&mut checker, name, "GRP-1");
        }
        checker.kept("mailNickname", &self.mail_nickname, "GRP-2");
        if let Field::Set(alias) = &self.mail_nickname {
            check_alias(&mut checker, alias);
        }
        self.members.check(&mut checker, "members@odata.bind");
        checker.finish(Group::TYPE)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::validate::Violation;

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

    #[test]
    fn owners_and_members_are_linked_and_counted() {
        let id = |number: usize| -> Id<DirectoryObject> { format!("u{number}").parse().unwrap() };
        let group = GroupDraft::security_group("operations")
            .owner(id(1))
            .build()
            .unwrap();
        assert_eq!(
            serde_json::to_value(&group).unwrap(),
            json!({
                "displayName": "operations", "mailNickname": "operations", "mailEnabled": false,
                "securityEnabled": true, "groupTypes": [],
                "owners@odata.bind": ["https://graph.microsoft.com/v1.0/directoryObjects/u1"],
            })
        );
        let crowd = (0..21).fold(
            GroupDraft::security_group("crowd")
                .owner(id(1))
                .owner(id(1)),
            |g, n| g.member(id(n)),
        );
        let refused = crowd.build().unwrap_err();
        let paths: Vec<_> = refused.violations().iter().map(Violation::path).collect();
        assert_eq!(paths, ["owners@odata.bind", "members@odata.bind"]);
        assert!(ObjectLinks::new((0..20).map(id)).is_ok());
        assert!(ObjectLinks::new((0..21).map(id)).is_err());
    }

    #[test]
    fn groups_for_roles_grant_access_and_are_not_public() {
        let draft = || GroupDraft::security_group("helpdesk").is_assignable_to_role(true);
        assert!(draft().build().is_ok());
        assert!(draft().visibility(GroupVisibility::Public).build().is_err());
        let mail = GroupDraft::microsoft_365_group("helpdesk", "helpdesk");
        assert!(mail.is_assignable_to_role(true).build().is_err());
    }

    #[test]
    fn a_documented_group_comes_back_equal() {
        let documented = json!({
            "id": "11111111-2222-3333-4444-555555555555",
            "createdDateTime": "2021-09-13T10:07:01Z",
            "displayName": "Library", "groupTypes": ["Unified"], "mail": "library@contoso.com",
            "proxyAddresses": ["SMTP:library@contoso.com"], "preferredDataLocation": "EU",
            "securityIdentifier": "S-1-12-1-1-2-3-4", "visibility": "Public", "unseenCount": 0,
            "assignedLicenses": [{"disabledPlans": ["11b0131d-43c8-4bbb-b2c8-e80f9a50834a"],
                "skuId": "c7df2760-2c81-4ef7-b578-5b5392b571df"}],
            "serviceProvisioningErrors": [{"@odata.type": "#microsoft.graph.serviceProvisioningXmlError",
                "isResolved": false, "errorDetail": "<e/>"}],
            "members": [{"@odata.type": "#microsoft.graph.user", "id": "u1", "jobTitle": "Librarian"}],
        });
        let group: Group = serde_json::from_value(documented.clone()).unwrap();
        assert_eq!(serde_json::to_value(&group).unwrap(), documented);
    }
}
