//! Custom extensions, the stages in which policies have them called, and the calls.

use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::Object;
use super::render::as_object;
use crate::world::table::Key;

impl View<'_> {
    pub(super) fn extension(self, key: Key) -> Option<Object> {
        let mut object = as_object(&self.world.extensions.get(key)?.settings);
        for absent in [
            "description",
            "clientConfiguration",
            "createdBy",
            "lastModifiedBy",
        ] {
            object.entry(absent).or_insert(Value::Null);
        }
        Some(object)
    }

    pub(super) fn stage_setting(self, policy: Key, place: usize) -> Option<Object> {
        let settings = &self.world.policies.get(policy)?.settings;
        let setting = settings
            .custom_extension_stage_settings
            .items()
            .get(place)?;
        let mut object = as_object(setting);
        object.remove("customExtension");
        Some(object)
    }

    pub(super) fn follow_stage_setting(
        self,
        policy: Key,
        place: usize,
        name: &str,
    ) -> Option<Link> {
        if !name.eq_ignore_ascii_case("customExtension") {
            return None;
        }
        let settings = &self.world.policies.get(policy)?.settings;
        let settings = settings.custom_extension_stage_settings.items();
        let extension = settings.get(place)?.custom_extension.loaded()?.id.as_uuid();
        let extension = extension.filter(|key| self.world.extensions.contains(*key));
        Some(Link::One(extension.map(Item::Extension)))
    }

    /// The calls with these ids, as requests and assignments list them (EXT-3).
    pub(super) fn callouts(self, keys: &[Key]) -> Value {
        let rows = keys
            .iter()
            .filter_map(|key| Some((key, self.world.callouts.get(*key)?)));
        let shown = rows.map(|(key, callout)| {
            json!({
                "id": key,
                "customExtensionId": callout.extension,
                "status": callout.status,
                "detail": callout.detail,
                "externalCorrelationId": callout.correlation,
            })
        });
        shown.collect()
    }
}
