//! What an answer shows, and what it cannot show yet.

use entitlement_core::time::Timestamp;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::handlers::Reply;
use crate::world::World;
use crate::world::table::Key;

/// Takes note of what an answer shows, and takes out what cannot be found yet.
pub(super) fn show(world: &mut World, method: &Method, reply: &mut Reply, now: Timestamp) {
    let Some(body) = &mut reply.body else { return };
    if reply.status == StatusCode::CREATED {
        if let Some(key) = id_of(body) {
            world.unseen.made(key, now, world.settings.lag.replication);
        }
        return;
    }
    if method != Method::GET || world.unseen.is_empty() && !world.agenda.is_watching() {
        return;
    }
    if let Some(items) = body.get_mut("value").and_then(Value::as_array_mut) {
        items.retain(|item| !id_of(item).is_some_and(|key| world.unseen.look_for(key, now)));
    }
    let items = body.get("value").and_then(Value::as_array);
    let shown = items.map_or_else(
        || id_of(body).into_iter().collect(),
        |items| items.iter().filter_map(id_of).collect::<Vec<_>>(),
    );
    for key in shown {
        world.agenda.was_read(key, now);
    }
}

fn id_of(item: &Value) -> Option<Key> {
    Key::try_parse(item.get("id")?.as_str()?).ok()
}
