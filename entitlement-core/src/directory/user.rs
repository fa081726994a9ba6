//! People's accounts.

use std::fmt;

use bon::Builder;
use serde::{Deserialize, Serialize};

use super::alias::{alias_for, check_alias, check_name};
use super::object::DirectoryObject;
use crate::entity::{Creatable, Entity, Id, Listable, Patch, Patchable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, Field};

open_enum! {
    /// Whether a person belongs to the organisation or is a guest in it (`userType`).
    UserType = "userType" {
        /// Belongs to the organisation.
        Member = "Member",
        /// Was invited from elsewhere.
        Guest = "Guest",
    }
}

open_enum! {
    /// How far the invitation of a guest is (`externalUserState`).
    ExternalUserState = "externalUserState" {
        /// The guest has not answered it.
        PendingAcceptance = "PendingAcceptance",
        /// The guest has accepted it.
        Accepted = "Accepted",
    }
}

/// A person's account ([user](https://learn.microsoft.com/graph/api/resources/user)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The object id.
    pub id: Id<User>,
    /// When the account was deleted.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub deleted_date_time: Option<Timestamp>,
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
    /// Further e-mail addresses.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub other_mails: Vec<String>,
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
    /// Company, for guests that of their home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// The number the organisation gave the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// How the person works here: `Employee`, `Contractor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_type: Option<String>,
    /// Office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Country, as a name or code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Where services are used, as a two-letter country code; licences need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// Language, as in `de-DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// Member or guest; sent only for `$select=userType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    /// Whether the person may sign in; sent only for `$select=accountEnabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// When the account was made; sent only for `$select=createdDateTime`.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// How far a guest's invitation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_state: Option<ExternalUserState>,
    /// When the invitation got there.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub external_user_state_change_date_time: Option<Timestamp>,
    /// The ways in which the person can sign in.
    #[serde(
        default,
        deserialize_with = "crate::wire::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub identities: Vec<ObjectIdentity>,
    /// The SID in the on-premises directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_security_identifier: Option<String>,
    /// Whether the account comes from an on-premises directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_premises_sync_enabled: Option<bool>,
    /// The account's SID, which Windows clients see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_identifier: Option<String>,
    /// Tokens from before this instant no longer count.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub sign_in_sessions_valid_from_date_time: Option<Timestamp>,
    /// The person's manager.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub manager: Expandable<Box<User>>,
    /// Whose manager the person is.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub direct_reports: Expandable<Vec<DirectoryObject>>,
    /// The groups and directory roles the person is in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub member_of: Expandable<Vec<DirectoryObject>>,
    /// The same, and what those are in.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub transitive_member_of: Expandable<Vec<DirectoryObject>>,
    /// Who answers for a guest: people or groups.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub sponsors: Expandable<Vec<DirectoryObject>>,
}

impl Entity for User {
    const TYPE: &'static str = "user";
    const COLLECTION: &'static str = "users";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for User {}

impl Creatable for User {
    type Draft = UserDraft;
}

impl Patchable for User {
    type Patch = UserPatch;
}

impl DirectoryObject {
    /// The id as that of a user; directory ids are unique over all kinds.
    pub fn user_id(&self) -> Id<User> {
        self.id.cast()
    }
}

impl From<&Id<User>> for Id<DirectoryObject> {
    fn from(id: &Id<User>) -> Self {
        id.cast()
    }
}

/// A way to sign in ([objectIdentity](https://learn.microsoft.com/graph/api/resources/objectidentity)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ObjectIdentity {
    /// The kind: `userPrincipalName`, `emailAddress`, `userName`, `federated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_type: Option<String>,
    /// Who vouches for it: a domain of the tenant, `facebook.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The person's name with that issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_assigned_id: Option<String>,
}

/// A person's account to be made ([create user](https://learn.microsoft.com/graph/api/user-post-users)).
///
/// ```
/// use entitlement_core::directory::{Password, UserDraft};
///
/// let ada = UserDraft::builder("Ada Lovelace", "ada@contoso.com", Password::new("correct horse"))
///     .department("Engines")
///     .build()?;
/// let json = serde_json::to_value(&ada)?;
/// assert_eq!(json["mailNickname"], "ada");
/// assert_eq!(json["passwordProfile"]["forceChangePasswordNextSignIn"], true);
/// assert!(!format!("{ada:?}").contains("horse"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(
    start_fn(name = start, vis = ""),
    finish_fn(name = assemble, vis = ""),
    on(String, into)
)]
pub struct UserDraft {
    #[builder(start_fn)]
    display_name: String,
    #[builder(start_fn)]
    user_principal_name: String,
    #[builder(start_fn)]
    password_profile: PasswordProfile,
    #[builder(field)]
    mail_nickname: String,
    /// Whether the person may sign in; they may unless told otherwise.
    #[builder(default = true)]
    account_enabled: bool,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    surname: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// Where services are used, as a two-letter country code; licences need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage_location: Option<String>,
}

impl UserDraft {
    /// An account with a first password, which the person must change on signing in; the mail alias is made from the
    /// sign-in name.
    pub fn builder(
        display_name: impl Into<String>,
        user_principal_name: impl Into<String>,
        password: impl Into<PasswordProfile>,
    ) -> UserDraftBuilder {
        let sign_in = user_principal_name.into();
        let local = sign_in.split('@').next().unwrap_or_default();
        let alias = alias_for(local, "user");
        Self::start(display_name.into(), sign_in, password.into()).mail_nickname(alias)
    }
}

impl<S: user_draft_builder::State> UserDraftBuilder<S> {
    /// The mail alias, where the sign-in name does not make a good one.
    pub fn mail_nickname(mut self, alias: impl Into<String>) -> Self {
        self.mail_nickname = alias.into();
        self
    }

    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank or overlong name (USR-1), a sign-in name without alias or domain (USR-2), an alias that
    /// mail systems refuse (GRP-2), or an empty password (USR-3).
    pub fn build(self) -> Result<UserDraft, Invalid>
    where
        S: user_draft_builder::IsComplete,
    {
        let draft = self.assemble();
        let mut checker = Checker::new();
        check_name(&mut checker, &draft.display_name, "USR-1");
        check_sign_in_name(&mut checker, &draft.user_principal_name);
        check_alias(&mut checker, &draft.mail_nickname);
        checker.forbid(
            "passwordProfile.password",
            draft.password_profile.password.0.is_empty(),
            "USR-3",
            "is empty",
            "give a first password",
        );
        checker.finish(User::TYPE)?;
        Ok(draft)
    }
}

fn check_sign_in_name(checker: &mut Checker, name: &str) {
    let (alias, domain) = name.split_once('@').unwrap_or_default();
    checker.ensure(
        "userPrincipalName",
        !alias.is_empty() && domain.contains('.') && !domain.contains('@'),
        "USR-2",
        "is not a sign-in name",
        "write it like ada@contoso.com, with a domain of the tenant",
    );
}

/// What changes about a person's account ([update user](https://learn.microsoft.com/graph/api/user-update)).
///
/// Rules of dynamic groups and of automatic assignment go by these properties, so that whoever changes department gains
/// and loses access by it. What comes from an on-premises directory is changed there.
///
/// ```
/// use entitlement_core::directory::UserPatch;
/// use entitlement_core::wire::Field;
///
/// let leaver = UserPatch { account_enabled: false.into(), department: Field::Clear, ..UserPatch::default() };
/// assert_eq!(serde_json::to_string(&leaver)?, r#"{"accountEnabled":false,"department":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserPatch {
    /// Whether the person may sign in. For administrators' accounts the service wants more than the usual permission.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub account_enabled: Field<bool>,
    /// The name people see.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub display_name: Field<String>,
    /// The sign-in name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub user_principal_name: Field<String>,
    /// The alias in front of the `@` of mail addresses.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub mail_nickname: Field<String>,
    /// Further e-mail addresses, all of them.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub other_mails: Field<Vec<String>>,
    /// First name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub given_name: Field<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub surname: Field<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub job_title: Field<String>,
    /// Department.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub department: Field<String>,
    /// Company.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub company_name: Field<String>,
    /// The number the organisation gave the person.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub employee_id: Field<String>,
    /// How the person works here: `Employee`, `Contractor`.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub employee_type: Field<String>,
    /// Office.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub office_location: Field<String>,
    /// City.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub city: Field<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub state: Field<String>,
    /// Country, as a name or code.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub country: Field<String>,
    /// Where services are used, as a two-letter country code; licences need it.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub usage_location: Field<String>,
    /// Language, as in `de-DE`.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub preferred_language: Field<String>,
    /// Member or guest.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub user_type: Field<UserType>,
}

impl Patch for UserPatch {
    fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.kept("accountEnabled", &self.account_enabled, "USR-4");
        checker.kept("displayName", &self.display_name, "USR-1");
        if let Field::Set(name) = &self.display_name {
            check_name(&mut checker, name, "USR-1");
        }
        checker.kept("userPrincipalName", &self.user_principal_name, "USR-2");
        if let Field::Set(name) = &self.user_principal_name {
            check_sign_in_name(&mut checker, name);
        }
        checker.kept("mailNickname", &self.mail_nickname, "GRP-2");
        if let Field::Set(alias) = &self.mail_nickname {
            check_alias(&mut checker, alias);
        }
        checker.kept("userType", &self.user_type, "USR-4");
        checker.finish(User::TYPE)
    }
}

/// A password; its `Debug` output does not show it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// The password that this text is.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// A first password and what becomes of it
/// ([passwordProfile](https://learn.microsoft.com/graph/api/resources/passwordprofile)); it is only ever sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordProfile {
    /// The password.
    pub password: Password,
    /// Whether it must be changed on signing in.
    pub force_change_password_next_sign_in: bool,
}

impl PasswordProfile {
    /// The same, and the password may stay as it is.
    pub fn kept(mut self) -> Self {
        self.force_change_password_next_sign_in = false;
        self
    }
}

impl From<Password> for PasswordProfile {
    fn from(password: Password) -> Self {
        Self {
            password,
            force_change_password_next_sign_in: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Violation;

    #[test]
    fn a_draft_is_what_is_documented() {
        let draft = UserDraft::builder(
            "Adele Vance",
            "AdeleV@contoso.onmicrosoft.com",
            Password::new("a first password"),
        );
        assert_eq!(
            serde_json::to_value(draft.build().unwrap()).unwrap(),
            serde_json::json!({
                "accountEnabled": true,
                "displayName": "Adele Vance",
                "mailNickname": "AdeleV",
                "userPrincipalName": "AdeleV@contoso.onmicrosoft.com",
                "passwordProfile": {
                    "forceChangePasswordNextSignIn": true,
                    "password": "a first password"
                }
            })
        );
    }

    #[test]
    fn every_flaw_of_a_draft_is_named() {
        let refused = UserDraft::builder(" ", "ada", Password::new(""))
            .mail_nickname("a b")
            .build()
            .unwrap_err();
        let paths: Vec<_> = refused.violations().iter().map(Violation::path).collect();
        assert_eq!(
            paths,
            [
                "displayName",
                "userPrincipalName",
                "mailNickname",
                "passwordProfile.password"
            ]
        );
    }

    #[test]
    fn members_of_the_future_survive_and_malformed_properties_do_not() {
        let json = r#"{"id":"u1","userType":"Robot","externalUserState":"Dreaming"}"#;
        let user: User = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&user).unwrap(), json);
        let broken = br#"{"id": "u1", "identities": [{"issuer": 1}]}"#;
        let error = crate::wire::decode::<User>(broken).unwrap_err();
        assert_eq!(error.path(), "identities[0].issuer");
    }
}
