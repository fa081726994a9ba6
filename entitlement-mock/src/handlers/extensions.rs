//! Custom extensions of catalogs (EXT-1, EXT-7). The service writes them with `PUT` only.

use entitlement_core::custom_extension::{CustomExtension, CustomExtensionKind};
use entitlement_core::wire;
use serde_json::{Map, Value};

use super::catalogs::catalog;
use super::{Context, Missing, Outcome, Reply, check_room};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::extension::Extension;
use crate::world::table::Key;

/// The extension in the path, in the catalog in the path.
fn extension(context: &Context<'_>) -> Result<Key, Refusal> {
    let catalog = catalog(context)?;
    let key = context.row("extension", |world| &world.extensions, Missing::Extension)?;
    let row = context.world.extensions.get(key);
    row.filter(|row| row.catalog == catalog)
        .map(|_| key)
        .ok_or_else(|| Missing::Extension.refusal())
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let catalog = catalog(context)?;
    let of_catalog = context.world.links.extensions_of_catalog.of(catalog);
    context.list(of_catalog.iter().copied().map(Item::Extension))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Extension(extension(context)?))
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let catalog = catalog(context)?;
    context.require_licence_for(Some("a custom extension"))?;
    let limit = context.world.settings.choices.limits.extensions;
    let rows = context.world.extensions.len();
    check_room("custom extensions", rows, Some(limit))?;
    let mut settings = written(context, None)?;
    settings.created_date_time = Some(context.now);
    let key = context
        .world
        .insert_extension(Extension { catalog, settings });
    context.made(Item::Extension(key))
}

/// Replaces an extension. The documented example leaves out what a new one needs and keeps it; what an extension can do
/// without is gone if it is left out.
pub(crate) fn replace(context: &mut Context<'_>) -> Outcome {
    let key = extension(context)?;
    context.require_licence_for(Some("a custom extension"))?;
    let before = context.world.extensions.get(key);
    let before = before
        .map(|row| row.settings.clone())
        .ok_or_else(|| Missing::Extension.refusal())?;
    let settings = written(context, Some(before))?;
    if let Some(row) = context.world.extensions.get_mut(key) {
        row.settings = settings;
    }
    context.entity(Item::Extension(key))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = extension(context)?;
    let world = &mut *context.world;
    let id = key.into();
    let user = world.policies.iter().find(|(_, policy)| {
        let settings = policy.settings.custom_extension_stage_settings.items();
        let mut called = settings
            .iter()
            .filter_map(|setting| setting.custom_extension.loaded());
        called.any(|extension| extension.id == id)
    });
    if let Some((_, policy)) = user {
        let name = policy.settings.display_name.as_deref().unwrap_or_default();
        return Err(Refusal::bad_request(
            "InvalidDeleteCustomExtensionInUse",
            "The custom extension can not be deleted because it is used by a policy.",
        )
        .because(format!(
            "the policy {name:?} calls it; take it out there first (EXT-7)"
        )));
    }
    world.remove_extension(key);
    Ok(Reply::no_content())
}

/// Reads an extension from the body and checks it; `before` is the one it takes the place of.
fn written(
    context: &Context<'_>,
    before: Option<CustomExtension>,
) -> Result<CustomExtension, Refusal> {
    let mut body = context.body()?;
    let mut members = Map::new();
    members.insert("id".to_owned(), "new".into());
    for name in WRITABLE {
        if let Some(value) = body.take::<Value>(name)? {
            members.insert((*name).to_owned(), value);
        }
    }
    for name in ["createdBy", "lastModifiedBy", "lastModifiedDateTime"] {
        let _service: Option<Value> = body.take(name)?;
    }
    body.finish()?;
    let mut settings: CustomExtension = wire::decode_value(Value::Object(members))
        .map_err(|error| Refusal::invalid_model(error.to_string()))?;
    match &settings.kind {
        None => return Err(Refusal::invalid_model("@odata.type is missing")),
        Some(CustomExtensionKind::Unknown(text)) => {
            return Err(Refusal::invalid_model(format!(
                "@odata.type: {text} is no custom extension for access packages"
            )));
        }
        Some(_) => {}
    }
    let by = context.caller.user();
    let by = by.and_then(|key| context.world.users.get(key));
    let by = by.map(|user| user.principal_name.clone());
    if let Some(before) = before {
        if before.kind != settings.kind {
            return Err(Refusal::invalid_model(
                "@odata.type: an extension stays of its kind",
            ));
        }
        settings.id = before.id;
        settings.display_name = settings.display_name.or(before.display_name);
        settings.endpoint_configuration = settings
            .endpoint_configuration
            .or(before.endpoint_configuration);
        settings.authentication_configuration = settings
            .authentication_configuration
            .or(before.authentication_configuration);
        settings.created_by = before.created_by;
        settings.created_date_time = before.created_date_time;
    } else {
        settings.created_by.clone_from(&by);
    }
    settings.last_modified_by = by;
    settings.last_modified_date_time = Some(context.now);
    let missing = [
        (
            settings.endpoint_configuration.is_none(),
            "endpointConfiguration",
        ),
        (
            settings.authentication_configuration.is_none(),
            "authenticationConfiguration",
        ),
    ];
    if let Some((_, name)) = missing.into_iter().find(|(missing, _)| *missing) {
        return Err(Refusal::invalid_model(format!("{name} is missing")));
    }
    settings
        .validate()
        .map_err(|invalid| Refusal::invalid_model(invalid.to_string()))?;
    Ok(settings)
}

const WRITABLE: &[&str] = &[
    "@odata.type",
    "displayName",
    "description",
    "endpointConfiguration",
    "authenticationConfiguration",
    "clientConfiguration",
    "callbackConfiguration",
];
