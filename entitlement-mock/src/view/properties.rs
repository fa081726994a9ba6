//! The values that filters and orders ask for, across links. What can be said without showing the whole item is.

use std::cell::OnceCell;

use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::Object;
use crate::odata::eval::{Properties, inside, json_members};
use crate::odata::types;

impl<'w> View<'w> {
    /// An item as the source of a filter's values.
    pub(crate) fn properties(self, item: Item) -> ItemProperties<'w> {
        ItemProperties {
            view: self,
            item,
            object: OnceCell::new(),
        }
    }

    /// The id under which an item is shown.
    pub(crate) fn id(self, item: Item) -> Option<Value> {
        match self.glance(item, "id") {
            Some(id) => Some(id),
            None => self.render(item).remove("id"),
        }
    }

    /// The members of the collection that a path of links leads to; `None` if it ends elsewhere than in items.
    fn linked_members(self, item: Item, path: &[&str]) -> Option<Vec<Box<dyn Properties + 'w>>> {
        let (first, rest) = path.split_first()?;
        match self.follow(item, first)? {
            Link::One(None) => Some(Vec::new()),
            Link::One(Some(item)) => self
                .linked_members(item, rest)
                .or_else(|| json_members(self.properties(item).value(rest)?)),
            Link::Many(items) => {
                let is_wanted = |item: &Item| {
                    let mut casts = rest.iter().map(|cast| cast.rsplit_once('.'));
                    casts.all(|cast| cast.is_some_and(|(_, kind)| item.is_a(kind)))
                };
                let members = items.into_iter().filter(is_wanted);
                Some(
                    members
                        .map(|item| Box::new(self.properties(item)) as Box<dyn Properties>)
                        .collect(),
                )
            }
        }
    }

    /// A property that filters often ask for, in any case of its name, without all the others.
    fn glance(self, item: Item, name: &str) -> Option<Value> {
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let world = self.world;
        match item {
            Item::Assignment(key) => {
                let row = world.assignments.get(key)?;
                match () {
                    () if is("id") => Some(json!(key)),
                    () if is("state") => Some(json!(row.state)),
                    () if is("status") => Some(json!(row.status)),
                    () if is("expiredDateTime") => Some(json!(row.expired)),
                    () => None,
                }
            }
            Item::Request(key) => {
                let row = world.requests.get(key)?;
                match () {
                    () if is("id") => Some(json!(key)),
                    () if is("state") => Some(json!(row.state)),
                    () if is("status") => Some(json!(row.status)),
                    () if is("requestType") => Some(json!(row.kind)),
                    () if is("createdDateTime") => Some(json!(row.created)),
                    () => None,
                }
            }
            // Pages tell roles apart by their own ids, whatever is shown (OBJ-34).
            Item::Role(key, place) if is("id") => {
                let role = world.resources.get(key)?.roles.get(place)?;
                Some(json!(role.id))
            }
            Item::Subject(key) if is("objectId") => Some(json!(key)),
            Item::Subject(key) if is("id") => Some(json!(world.subject_of(key))),
            Item::User(key) | Item::DirectoryUser(key) => {
                let row = world.users.get(key)?;
                match () {
                    () if is("id") => Some(json!(key)),
                    () if is("displayName") => Some(json!(row.display_name)),
                    () if is("userPrincipalName") => Some(json!(row.principal_name)),
                    () if is("mail") => Some(json!(row.mail)),
                    () => None,
                }
            }
            Item::Group(key) if is("displayName") => {
                Some(json!(world.groups.get(key)?.display_name))
            }
            Item::Package(key) if is("displayName") => {
                Some(json!(world.packages.get(key)?.display_name))
            }
            Item::Group(key)
            | Item::Catalog(key)
            | Item::Resource(key)
            | Item::Package(key)
            | Item::Policy(key)
                if is("id") =>
            {
                Some(json!(key))
            }
            _ => None,
        }
    }
}

/// The values of an item and of what it links to.
#[derive(Debug)]
pub(crate) struct ItemProperties<'w> {
    view: View<'w>,
    item: Item,
    object: OnceCell<Object>,
}

impl ItemProperties<'_> {
    fn object(&self) -> &Object {
        self.object.get_or_init(|| self.view.render(self.item))
    }

    /// The path without casts at its beginning; `None` if one is to another type.
    fn cast<'p>(&self, mut path: &'p [&'p str]) -> Option<&'p [&'p str]> {
        while let Some((first, rest)) = path.split_first() {
            let Some((_, kind)) = first.rsplit_once('.') else {
                break;
            };
            if !self.item.is_a(kind) {
                return None;
            }
            path = rest;
        }
        Some(path)
    }
}

impl Properties for ItemProperties<'_> {
    fn value(&self, path: &[&str]) -> Option<Value> {
        let Some(path) = self.cast(path) else {
            return Some(Value::Null);
        };
        let Some((first, rest)) = path.split_first() else {
            return Some(Value::Object(self.object().clone()));
        };
        if let Some(value) = self.view.glance(self.item, first) {
            return inside(&value, rest);
        }
        match self.view.follow(self.item, first) {
            Some(Link::One(Some(item))) => self.view.properties(item).value(rest),
            Some(Link::One(None)) => Some(Value::Null),
            Some(Link::Many(items)) if rest.is_empty() => Some(
                items
                    .into_iter()
                    .map(|item| Value::Object(self.view.render(item)))
                    .collect(),
            ),
            Some(Link::Many(_)) => None,
            None => inside_object(self.object(), first, rest).or_else(|| {
                types::is_declared(self.item.type_name(), first).then_some(Value::Null)
            }),
        }
    }

    fn members<'a>(&'a self, path: &[&str]) -> Option<Vec<Box<dyn Properties + 'a>>> {
        let Some(path) = self.cast(path) else {
            return Some(Vec::new());
        };
        match self.view.linked_members(self.item, path) {
            Some(members) => Some(members),
            None => json_members(self.value(path)?),
        }
    }
}

fn inside_object(object: &Object, first: &str, rest: &[&str]) -> Option<Value> {
    let value = object.get(first).or_else(|| {
        let mut members = object.iter();
        members
            .find(|(name, _)| name.eq_ignore_ascii_case(first))
            .map(|(_, value)| value)
    });
    inside(value?, rest)
}
