//! Partner organisations, the people of entitlement management, and what becomes of guests.

use entitlement_core::subject::SubjectLifecycle;
use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::{Object, object};
use crate::world::table::Key;

impl View<'_> {
    pub(super) fn organization(self, key: Key) -> Option<Object> {
        let row = self.world.organizations.get(key)?;
        Some(object! {
            "id": key,
            "displayName": row.display_name,
            "description": row.description,
            "state": row.state,
            "identitySources": row.sources,
            "createdDateTime": row.created,
            "modifiedDateTime": row.modified,
        })
    }

    pub(super) fn follow_organization(self, key: Key, name: &str) -> Option<Link> {
        let row = self.world.organizations.get(key)?;
        let sponsors = if name.eq_ignore_ascii_case("internalSponsors") {
            &row.internal_sponsors
        } else if name.eq_ignore_ascii_case("externalSponsors") {
            &row.external_sponsors
        } else {
            return None;
        };
        let people = sponsors.iter().copied();
        let people = people.filter(|person| self.world.is_person(*person));
        Some(Link::Many(people.map(Item::DirectoryUser).collect()))
    }

    pub(super) fn guest_settings(self) -> Object {
        let settings = &self.world.guests;
        object! {
            "id": "singleton",
            "externalUserLifecycleAction": settings.action,
            "durationUntilExternalUserDeletedAfterBlocked": settings.delete_after,
        }
    }

    pub(super) fn subject(self, key: Key) -> Option<Object> {
        let world = self.world;
        let user = world.users.get(key)?;
        let outside = user.outside.as_ref();
        let is_expected = outside.is_some_and(|outside| outside.is_expected);
        let lifecycle = outside.map_or(SubjectLifecycle::NotDefined, |outside| {
            outside.lifecycle.clone()
        });
        // ORG-7: who has no account yet is known by the address alone.
        let of_account = |value: Value| if is_expected { Value::Null } else { value };
        Some(object! {
            "id": world.subject_of(key),
            "objectId": of_account(json!(key)),
            "displayName": user.display_name,
            "email": user.mail,
            "principalName": of_account(json!(user.principal_name)),
            "onPremisesSecurityIdentifier": Value::Null,
            "subjectType": "user",
            "subjectLifecycle": lifecycle,
        })
    }
}
