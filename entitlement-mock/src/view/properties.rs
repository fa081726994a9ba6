//! The values that filters and orders ask for, across links.

use serde_json::Value;

use super::item::{Item, View};
use super::links::Link;
use super::object::Object;
use crate::odata::eval::{Properties, inside};

impl<'w> View<'w> {
    /// An item as the source of a filter's values.
    pub(crate) fn properties(self, item: Item) -> ItemProperties<'w> {
        ItemProperties {
            view: self,
            item,
            object: self.render(item),
        }
    }
}

/// The values of an item and of what it links to.
#[derive(Debug)]
pub(crate) struct ItemProperties<'w> {
    view: View<'w>,
    item: Item,
    object: Object,
}

impl Properties for ItemProperties<'_> {
    fn value(&self, path: &[&str]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        if let Some(value) = self.object.get(*first) {
            return inside(value, rest);
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
            None => {
                let mut members = self.object.iter();
                let (_, value) = members.find(|(name, _)| name.eq_ignore_ascii_case(first))?;
                inside(value, rest)
            }
        }
    }
}
