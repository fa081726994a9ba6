//! Requests about resources: they come, change and go by them (OBJ-20 to OBJ-32).

use entitlement_core::policy::question::Question;
use entitlement_core::request::RequestType;
use entitlement_core::resource::{
    OriginSystem, ResourceAttribute, ResourceAttributeDestination, ResourceAttributeSource,
};
use entitlement_core::wire::Expandable;

use super::onboard::{self, not_found};
use crate::handlers::body::Body;
use crate::handlers::catalogs::unknown_member;
use crate::handlers::{Context, Missing, Outcome, check_room, no_room};
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::resource::{Resource, ResourceRequest};
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::ResourceRequests)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = context.row(
        "request",
        |world| &world.resource_requests,
        Missing::ResourceRequest,
    )?;
    context.entity(Item::ResourceRequest(key))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let kind: Option<RequestType> = body.take("requestType")?;
    let catalog = body.take_link("catalog")?;
    let wish = body
        .take_object("resource")?
        .ok_or_else(|| Refusal::invalid_model("resource is missing"))?;
    body.finish()?;
    let wish = Wish::read(context, wish)?;
    let catalog = catalog.ok_or_else(|| Refusal::invalid_model("catalog.id is missing"))?;
    if !context.world.catalogs.contains(catalog) {
        return Err(Missing::Catalog.refusal());
    }
    let (kind, resource) = match kind {
        Some(kind @ RequestType::AdminAdd) => (kind, add(context, catalog, wish)?),
        Some(kind @ RequestType::AdminUpdate) => (kind, update(context, catalog, wish)?),
        Some(kind @ RequestType::AdminRemove) => (kind, remove(context, catalog, &wish)?),
        Some(RequestType::Unknown(text)) => {
            return Err(unknown_member(&text, RequestType::MEMBERS));
        }
        other => {
            let kind = other.map_or_else(|| "nothing".to_owned(), |kind| kind.to_string());
            return Err(Refusal::invalid_model(format!(
                "requestType: {kind} is not adminAdd, adminUpdate or adminRemove"
            )));
        }
    };
    let key = context.world.ids.next();
    context.world.resource_requests.insert(
        key,
        ResourceRequest {
            kind,
            catalog,
            resource,
            created: context.now,
        },
    );
    context.made(Item::ResourceRequest(key))
}

/// What the body says about the resource.
struct Wish {
    id: Option<Key>,
    system: Option<OriginSystem>,
    origin: Option<String>,
    description: Option<String>,
    environment: Option<Key>,
    attributes: Option<Vec<ResourceAttribute>>,
}

impl Wish {
    fn read(context: &Context<'_>, mut body: Body) -> Result<Self, Refusal> {
        // The name comes from the origin, whatever the body says.
        let _name: Option<String> = body.take("displayName")?;
        let system: Option<OriginSystem> = body.take("originSystem")?;
        if let Some(OriginSystem::Unknown(text)) = &system {
            return Err(unknown_member(text, OriginSystem::MEMBERS));
        }
        let wish = Self {
            id: body.take_key("id")?,
            system,
            origin: body.take("originId")?,
            description: body.take("description")?,
            environment: environment(context, &mut body)?,
            attributes: body.take("attributes")?,
        };
        body.finish()?;
        Ok(wish)
    }

    /// The resource of the catalog that is meant, by id or by origin.
    fn resource(&self, context: &Context<'_>, catalog: Key) -> Result<Key, Refusal> {
        if self.id.is_none() && self.origin.is_none() {
            return Err(Refusal::invalid_model(
                "resource.id is missing, and so is resource.originId",
            ));
        }
        let world = &*context.world;
        let mut resources = world.links.resources_of_catalog.of(catalog).iter();
        let found = resources.find(|key| match (self.id, &self.origin) {
            (Some(id), _) => **key == id,
            (None, Some(origin)) => world
                .resources
                .get(**key)
                .is_some_and(|row| row.origin_id.eq_ignore_ascii_case(origin)),
            (None, None) => false,
        });
        found.copied().ok_or_else(|| Missing::Resource.refusal())
    }
}

/// The environment of a site, by `environment@odata.bind`, id or origin (OBJ-37).
fn environment(context: &Context<'_>, body: &mut Body) -> Result<Option<Key>, Refusal> {
    let environments = &context.world.environments;
    let bound: Option<String> = body.take("environment@odata.bind")?;
    let named = body.take_object("environment")?;
    let key = if let Some(link) = bound {
        let id = link.trim_end_matches('/').rsplit('/').next();
        id.and_then(|id| Key::try_parse(id).ok())
    } else if let Some(mut named) = named {
        let id = named.take_key("id")?;
        let origin: Option<String> = named.take("originId")?;
        let by_origin = |origin: String| {
            let mut all = environments.iter();
            let found = all.find(|(_, row)| row.url.eq_ignore_ascii_case(&origin));
            found.map(|(key, _)| key)
        };
        id.or_else(|| origin.and_then(by_origin))
    } else {
        return Ok(None);
    };
    let key = key.filter(|key| environments.contains(*key));
    key.map(Some)
        .ok_or_else(|| not_found("resource.environment names no environment"))
}

fn add(context: &mut Context<'_>, catalog: Key, wish: Wish) -> Result<Key, Refusal> {
    let missing = |name: &str| Refusal::invalid_model(format!("resource.{name} is missing"));
    let system = wish.system.ok_or_else(|| missing("originSystem"))?;
    let origin = wish.origin.filter(|origin| !origin.trim().is_empty());
    let origin = origin.ok_or_else(|| missing("originId"))?;
    // OBJ-26: what is new in the directory cannot be found from here yet.
    let key = Key::try_parse(&origin).ok();
    if key.is_some_and(|key| context.world.unseen.look_for(key, context.now)) {
        return Err(not_found(format!("{origin} is too new to be known here")));
    }
    let world = &*context.world;
    let found = onboard::find(world, context.caller, &system, &origin, wish.environment)?;
    let others = world.links.resources_of_catalog.of(catalog);
    let is_it = |key: &Key| {
        let row = world.resources.get(*key);
        row.is_some_and(|row| row.origin == found.origin)
    };
    if others.iter().any(is_it) {
        return Err(Refusal::bad_request(
            "ResourceAlreadyOnboarded",
            "The specified resource is already onboarded to ELM.",
        ));
    }
    let limit = world.settings.choices.limits.resources_per_catalog;
    check_room("resources in a catalog", others.len(), limit)?;
    let mut attributes = wish.attributes.unwrap_or_default();
    check_attributes(context, catalog, None, &attributes)?;
    number_questions(context, &mut attributes);
    let world = &mut *context.world;
    let roles = onboard::numbered_roles(world, found.roles, &[]);
    let scopes = onboard::numbered_scopes(world, found.scopes, &[]);
    let key = world.insert_resource(Resource {
        catalog,
        origin: found.origin,
        origin_id: found.origin_id,
        display_name: found.display_name,
        description: wish.description.or(found.description),
        created: context.now,
        modified: context.now,
        roles,
        scopes,
        attributes,
        environment: found.environment,
    });
    // P1, P3: it may take a while until it stands in the catalog.
    let lag = world.settings.lag.onboarding;
    world.unseen.made(key, context.now, lag);
    Ok(key)
}

/// Changes what a resource requires and what is said about it (OBJ-22); its origin cannot change.
fn update(context: &mut Context<'_>, catalog: Key, wish: Wish) -> Result<Key, Refusal> {
    let key = wish.resource(context, catalog)?;
    let mut attributes = wish.attributes;
    if let Some(attributes) = &mut attributes {
        check_attributes(context, catalog, Some(key), attributes)?;
        number_questions(context, attributes);
    }
    let now = context.now;
    let row = context.world.resources.get_mut(key);
    let row = row.ok_or_else(|| Missing::Resource.refusal())?;
    if let Some(attributes) = attributes {
        row.attributes = attributes;
    }
    if wish.description.is_some() {
        row.description = wish.description;
    }
    row.modified = now;
    Ok(key)
}

fn remove(context: &mut Context<'_>, catalog: Key, wish: &Wish) -> Result<Key, Refusal> {
    let key = wish.resource(context, catalog)?;
    let world = &mut *context.world;
    let packages = world.links.packages_of_catalog.of(catalog).iter();
    let mut role_scopes = packages
        .filter_map(|package| world.packages.get(*package))
        .flat_map(|package| &package.role_scopes);
    if role_scopes.any(|role_scope| role_scope.resource == key) {
        let row = world.resources.get(key);
        let name = row.map_or("", |row| row.display_name.as_str());
        return Err(Refusal::bad_request(
            "InvalidDeleteResourceHasEntitlements",
            format!(
                "The resource: {name} can not be deleted because there are active entitlements."
            ),
        ));
    }
    world.remove_resource(key);
    Ok(key)
}

/// Every attribute has a name of its own, a place to come from and one to go to; a catalog has room for so many.
fn check_attributes(
    context: &Context<'_>,
    catalog: Key,
    own: Option<Key>,
    attributes: &[ResourceAttribute],
) -> Result<(), Refusal> {
    for (place, attribute) in attributes.iter().enumerate() {
        let wrong = |why: &str| {
            let why = format!("resource.attributes[{place}].{why} (OBJ-31)");
            Err(Refusal::invalid_model(why))
        };
        let name = attribute.name.as_deref().unwrap_or("").trim();
        if name.is_empty() {
            return wrong("name is missing");
        }
        let is_twin = |other: &ResourceAttribute| other.name == attribute.name;
        if attributes.iter().take(place).any(is_twin) {
            return wrong("name is there twice");
        }
        match &attribute.source {
            Some(ResourceAttributeSource::Question(source)) => match source.question.loaded() {
                Some(Question::TextInput(_) | Question::MultipleChoice(_)) => {}
                _ => return wrong("source.question is missing"),
            },
            _ => return wrong("source is not a question"),
        }
        let destination = &attribute.destination;
        if !matches!(
            destination,
            Some(ResourceAttributeDestination::UserDirectoryAttributeStore(_))
        ) {
            return wrong("destination is not the person's account");
        }
    }
    let world = &*context.world;
    let others = world.links.resources_of_catalog.of(catalog).iter();
    let others = others.filter(|key| Some(**key) != own);
    let others = others.filter_map(|key| world.resources.get(*key));
    let known: usize = others.map(|row| row.attributes.len()).sum();
    let limit = world.settings.choices.limits.attributes_per_catalog;
    if known + attributes.len() > limit {
        return Err(no_room(
            "attributes that the resources of a catalog require",
            limit,
        ));
    }
    Ok(())
}

/// The questions get ids, by which requests answer them.
fn number_questions(context: &mut Context<'_>, attributes: &mut [ResourceAttribute]) {
    for attribute in attributes {
        let Some(ResourceAttributeSource::Question(source)) = &mut attribute.source else {
            continue;
        };
        let question = std::mem::replace(&mut source.question, Expandable::NotLoaded);
        let Some(mut question) = question.into_loaded() else {
            continue;
        };
        if let Some(base) = question.base_mut() {
            base.id
                .get_or_insert_with(|| context.world.ids.next().into());
        }
        source.question = question.into();
    }
}
