//! Whatever the service says is written back with the same meaning.

mod access_reviews;
mod apps;
mod catalogs;
mod configurations;
mod custom_extensions;
mod directory;
mod drafts;
mod organizations;
mod parts;
mod policies;
mod requests;
mod shared;

use entitlement_core::directory::User;
use entitlement_core::wire::{self, Expandable};
use serde_json::json;

#[test]
fn a_relation_that_is_empty_differs_from_one_that_was_not_read() {
    for (json, expected) in [
        (json!({"id": "u1"}), Expandable::NotLoaded),
        (json!({"id": "u1", "manager": null}), Expandable::Nothing),
    ] {
        let user: User = wire::decode(json.to_string().as_bytes()).unwrap();
        assert_eq!(user.manager, expected);
        assert_eq!(serde_json::to_value(&user).unwrap(), json);
    }
}
