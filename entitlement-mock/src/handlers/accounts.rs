//! Accounts as they are made and changed (USR-1 to USR-4). Rules of automatic assignment go by what they say.

use entitlement_core::directory::UserType;
use entitlement_core::wire::Field;

use super::body::Body;
use super::directory::user;
use super::{Context, Outcome, Reply};
use crate::lifecycle::automatic;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::World;
use crate::world::directory::User;

/// What has no meaning here but to be kept, shown and asked for by rules.
const PLAIN: &[&str] = &[
    "city",
    "companyName",
    "country",
    "department",
    "employeeId",
    "employeeType",
    "faxNumber",
    "givenName",
    "jobTitle",
    "mailNickname",
    "mobilePhone",
    "officeLocation",
    "postalCode",
    "preferredLanguage",
    "state",
    "streetAddress",
    "surname",
    "usageLocation",
];

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let principal_name = body.require_text("userPrincipalName")?;
    let is_enabled: Option<bool> = body.take("accountEnabled")?;
    let is_enabled = is_enabled.ok_or_else(|| bad_user("accountEnabled is required"))?;
    let mut profile = body
        .take_object("passwordProfile")?
        .ok_or_else(|| bad_user("passwordProfile is required"))?;
    let _password = profile.require_text("password")?;
    for flag in [
        "forceChangePasswordNextSignIn",
        "forceChangePasswordNextSignInWithMfa",
    ] {
        let _flag: Option<bool> = profile.take(flag)?;
    }
    profile.finish()?;
    let kind: Option<UserType> = body.take("userType")?;
    check_kind(kind.as_ref())?;
    let changes = plain(&mut body)?;
    if !changes
        .iter()
        .any(|(name, value)| *name == "mailNickname" && value.is_some())
    {
        return Err(bad_user("mailNickname is required"));
    }
    let other_mails: Option<Vec<String>> = body.take("otherMails")?;
    body.finish()?;
    check_sign_in_name(context.world, &principal_name)?;
    let subject = context.world.ids.next();
    let mut row = User {
        mail: None,
        kind: kind.unwrap_or(UserType::Member),
        is_enabled,
        other_mails: other_mails.unwrap_or_default(),
        ..User::new(subject, principal_name, display_name, context.now)
    };
    for (name, value) in changes {
        row.set_attribute(name, value);
    }
    let key = context.world.insert_user(row);
    automatic::person_changed(context.world, context.now, key);
    context.made(Item::User(key))
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = user(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let principal_name = body.take_name("userPrincipalName")?;
    let is_enabled: Option<bool> = body.take("accountEnabled")?;
    let kind: Option<UserType> = body.take("userType")?;
    check_kind(kind.as_ref())?;
    let changes = plain(&mut body)?;
    let other_mails: Field<Vec<String>> = body.take_field("otherMails")?;
    context.finish_patch(body, Item::User(key))?;
    if let Some(name) = &principal_name {
        let taken = context.world.find_user(name);
        if taken != Some(key) {
            check_sign_in_name(context.world, name)?;
        }
    }
    context.world.change_user(key, |row| {
        if let Some(name) = display_name {
            row.display_name = name;
        }
        if let Some(name) = principal_name {
            row.principal_name = name;
        }
        if let Some(enabled) = is_enabled {
            row.is_enabled = enabled;
            // Whoever lets a guest in again does not want them gone (ORG-9).
            if let Some(outside) = row.outside.as_mut().filter(|_| enabled) {
                outside.blocked = None;
            }
        }
        if let Some(kind) = kind {
            row.kind = kind;
        }
        match other_mails {
            Field::Keep => {}
            Field::Clear => row.other_mails.clear(),
            Field::Set(mails) => row.other_mails = mails,
        }
        for (name, value) in changes {
            row.set_attribute(name, value);
        }
    });
    automatic::person_changed(context.world, context.now, key);
    Ok(Reply::no_content())
}

/// The properties of the body that are only kept, each with its text, or nothing to clear it.
fn plain(body: &mut Body) -> Result<Vec<(&'static str, Option<String>)>, Refusal> {
    let mut changes = Vec::new();
    for name in PLAIN {
        match body.take_field::<String>(name)? {
            Field::Keep => {}
            Field::Clear => changes.push((*name, None)),
            Field::Set(text) => changes.push((*name, Some(text))),
        }
    }
    Ok(changes)
}

fn check_kind(kind: Option<&UserType>) -> Result<(), Refusal> {
    match kind {
        Some(UserType::Unknown(text)) => Err(bad_user(format!("userType: there is no {text}"))),
        _ => Ok(()),
    }
}

/// A sign-in name is somebody's only once, and in the tenant's own domain.
fn check_sign_in_name(world: &World, name: &str) -> Result<(), Refusal> {
    if world.find_user(name).is_some() {
        let message =
            "Another object with the same value for property userPrincipalName already exists.";
        return Err(Refusal::bad_request("Request_BadRequest", message));
    }
    let (alias, domain) = name.rsplit_once('@').unwrap_or_default();
    if alias.is_empty() || !domain.eq_ignore_ascii_case(&world.settings.domain) {
        return Err(bad_user(format!(
            "userPrincipalName: {name:?} is not in the tenant's domain {}",
            world.settings.domain
        )));
    }
    Ok(())
}

fn bad_user(why: impl Into<String>) -> Refusal {
    let message = "One or more property values specified are invalid.";
    Refusal::bad_request("Request_BadRequest", message).because(why)
}
