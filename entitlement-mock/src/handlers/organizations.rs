//! Partner organisations and those who vouch for them (ORG-1 to ORG-6).

use entitlement_core::connected_organization::{ConnectedOrganizationState, IdentitySource};
use entitlement_core::directory::UserType;
use http::StatusCode;
use indexmap::IndexSet;
use serde_json::Value;

use super::catalogs::unknown_member;
use super::groups::linked_person;
use super::{Context, Missing, Outcome, Reply, check_room};
use crate::router::refusal::Refusal;
use crate::view::{Item, Link};
use crate::world::outside::Organization;
use crate::world::request::Request;
use crate::world::table::Key;

fn organization(context: &Context<'_>) -> Result<Key, Refusal> {
    context.row(
        "organization",
        |world| &world.organizations,
        Missing::Organization,
    )
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list(context.world.organizations.keys().map(Item::Organization))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Organization(organization(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let display_name = body.require_text("displayName")?;
    let description = body.take("description")?;
    let state = body.take("state")?;
    let sources: Vec<IdentitySource> = body.take("identitySources")?.unwrap_or_default();
    body.finish()?;
    let state = known_state(state)?.unwrap_or(ConnectedOrganizationState::Configured);
    let [source] = sources.as_slice() else {
        return Err(Refusal::invalid_model(
            "identitySources: exactly one is taken to start with (ORG-4)",
        ));
    };
    check_source(source)?;
    let now = context.now;
    let world = &mut *context.world;
    let limit = world.settings.choices.limits.connected_organizations;
    check_room(
        "connected organizations",
        world.organizations.len(),
        Some(limit),
    )?;
    // ORG-5: a domain of another tenant stands for the tenant.
    let source = world.resolved(source);
    if let Some(twin) = world.organization_at(&source) {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "DuplicateKey",
            "There is already a duplicated entity",
        )
        .because(format!(
            "the people of this source belong to the connected organization {twin} already"
        )));
    }
    let key = world.ids.next();
    world.organizations.insert(
        key,
        Organization {
            display_name,
            description,
            state,
            sources: vec![source],
            internal_sponsors: IndexSet::new(),
            external_sponsors: IndexSet::new(),
            created: now,
            modified: now,
        },
    );
    let mut reply = context.made(Item::Organization(key))?;
    // ORG-4: the answer does not show the source yet.
    if let Some(body) = &mut reply.body {
        body["identitySources"] = Value::Array(Vec::new());
    }
    Ok(reply)
}

fn known_state(
    state: Option<ConnectedOrganizationState>,
) -> Result<Option<ConnectedOrganizationState>, Refusal> {
    match state {
        Some(ConnectedOrganizationState::Unknown(text)) => {
            Err(unknown_member(&text, ConnectedOrganizationState::MEMBERS))
        }
        other => Ok(other),
    }
}

/// A source has to say where people come from (ORG-3).
fn check_source(source: &IdentitySource) -> Result<(), Refusal> {
    use IdentitySource as S;
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let is_domain = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("");
        text.contains('.') && !text.contains(['@', '/', ' ']) && !text.starts_with('.')
    };
    let whole = match source {
        S::AzureActiveDirectoryTenant(tenant) => said(&tenant.tenant_id),
        S::CrossCloudAzureActiveDirectoryTenant(tenant) => {
            said(&tenant.tenant_id) && said(&tenant.cloud_instance)
        }
        S::Domain(domain) => is_domain(&domain.domain_name),
        S::ExternalDomainFederation(domain) => {
            is_domain(&domain.domain_name) && said(&domain.issuer_uri)
        }
        S::Social(social) => social.social_identity_source_type.is_some(),
        _ => false,
    };
    if whole {
        Ok(())
    } else {
        Err(Refusal::invalid_model(
            "identitySources: the source does not say where people come from (ORG-3)",
        ))
    }
}

pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    let mut body = context.body()?;
    let display_name = body.take_name("displayName")?;
    let description = body.take_field("description")?;
    let state = body.take("state")?;
    context.finish_patch(body, Item::Organization(key))?;
    let state = known_state(state)?;
    let now = context.now;
    let row = context.world.organizations.get_mut(key);
    let row = row.ok_or_else(|| Missing::Organization.refusal())?;
    if let Some(name) = display_name {
        row.display_name = name;
    }
    description.apply_to(&mut row.description);
    if let Some(state) = state {
        row.state = state;
    }
    row.modified = now;
    let reply = context.entity(Item::Organization(key))?;
    Ok(Reply {
        status: StatusCode::ACCEPTED,
        ..reply
    })
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    let world = &mut *context.world;
    let of_it = |person: Key| world.organization_of(person) == Some(key);
    let holds = world
        .assignments
        .iter()
        .any(|(_, row)| row.state.is_current() && of_it(row.target));
    let asks = |row: &Request| row.is_open() && of_it(row.target);
    if holds || world.requests.iter().any(|(_, row)| asks(row)) {
        return Err(Refusal::bad_request(
            "InvalidDeleteConnectedOrganizationHasUsers",
            "The connected organization can not be deleted because it has connected users.",
        )
        .because("end the assignments and requests of its people first"));
    }
    world.organizations.remove(key);
    Ok(Reply::no_content())
}

pub(crate) fn list_internal_sponsors(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    follow(context, Item::Organization(key), "internalSponsors")
}

pub(crate) fn list_external_sponsors(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    follow(context, Item::Organization(key), "externalSponsors")
}

pub(crate) fn list_internal_sponsors_of_target(context: &mut Context<'_>) -> Outcome {
    let key = organization_of_target(context)?;
    follow(context, Item::Organization(key), "internalSponsors")
}

pub(crate) fn list_external_sponsors_of_target(context: &mut Context<'_>) -> Outcome {
    let key = organization_of_target(context)?;
    follow(context, Item::Organization(key), "externalSponsors")
}

/// The organisation of whoever holds the assignment in the path.
fn organization_of_target(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.row(
        "assignment",
        |world| &world.assignments,
        Missing::Assignment,
    )?;
    let target = context.world.assignments.get(key).map(|row| row.target);
    target
        .and_then(|target| context.world.organization_of(target))
        .ok_or_else(|| Missing::Organization.refusal())
}

fn follow(context: &Context<'_>, item: Item, name: &str) -> Outcome {
    match context.answers().view.follow(item, name) {
        Some(Link::Many(items)) => context.list(items),
        _ => Err(Missing::Organization.refusal()),
    }
}

pub(crate) fn add_internal_sponsor(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    let person = sponsor(context, &UserType::Member)?;
    change(context, key, |row| row.internal_sponsors.insert(person))
}

pub(crate) fn add_external_sponsor(context: &mut Context<'_>) -> Outcome {
    let key = organization(context)?;
    let person = sponsor(context, &UserType::Guest)?;
    change(context, key, |row| row.external_sponsors.insert(person))
}

/// The person that the body names; those who vouch from here are members, those from there are guests (ORG-6).
fn sponsor(context: &Context<'_>, kind: &UserType) -> Result<Key, Refusal> {
    let person = linked_person(context, context.body()?)?;
    let row = context.world.users.get(person);
    if row.is_some_and(|row| row.kind == *kind) {
        Ok(person)
    } else {
        Err(Refusal::invalid_model(format!(
            "@odata.id: the person is not a {kind} of this tenant (ORG-6)"
        )))
    }
}

fn change(
    context: &mut Context<'_>,
    key: Key,
    changes: impl FnOnce(&mut Organization) -> bool,
) -> Outcome {
    let row = context.world.organizations.get_mut(key);
    let row = row.ok_or_else(|| Missing::Organization.refusal())?;
    if changes(row) {
        Ok(Reply::no_content())
    } else {
        let message = "One or more added object references already exist.";
        Err(Refusal::bad_request("Request_BadRequest", message))
    }
}

pub(crate) fn remove_internal_sponsor(context: &mut Context<'_>) -> Outcome {
    remove_sponsor(context, |row| &mut row.internal_sponsors)
}

pub(crate) fn remove_external_sponsor(context: &mut Context<'_>) -> Outcome {
    remove_sponsor(context, |row| &mut row.external_sponsors)
}

fn remove_sponsor(
    context: &mut Context<'_>,
    sponsors: impl FnOnce(&mut Organization) -> &mut IndexSet<Key>,
) -> Outcome {
    let key = organization(context)?;
    let person = context.key("sponsor")?;
    let row = context.world.organizations.get_mut(key);
    if row.is_some_and(|row| sponsors(row).shift_remove(&person)) {
        Ok(Reply::no_content())
    } else {
        Err(Missing::DirectoryObject.refusal())
    }
}
