//! What of an item is shown: `$select` and `$expand`.

use entitlement_core::odata::{Expand, Filter, Levels, Path, Query};
use serde_json::Value;

use super::eval::{self, Properties};
use super::sort::sort;
use super::types;
use crate::router::refusal::Refusal;
use crate::view::{Item, Link, Object, View};

/// How deep `$levels=max` goes: far deeper than any organisation, and an end to managers in a circle.
const DEEPEST: u32 = 50;

/// An item with the properties that were asked for and the links that were expanded; of many linked items no more are
/// shown than `most`.
pub(super) fn shape(
    view: View<'_>,
    item: Item,
    query: &Query,
    most: usize,
) -> Result<Object, Refusal> {
    let mut object = view.render(item);
    select(view, item, &mut object, &query.select)?;
    for expand in &query.expand {
        let levels = match expand.levels() {
            None => 1,
            Some(Levels::Exactly(levels)) => levels.min(DEEPEST),
            Some(_) => DEEPEST,
        };
        Expansion { view, expand, most }.insert(item, levels, &mut object)?;
    }
    Ok(object)
}

fn select(view: View<'_>, item: Item, object: &mut Object, select: &[Path]) -> Result<(), Refusal> {
    if select.is_empty() {
        if let Some(names) = item.default_properties() {
            object.retain(|name, _| names.contains(&name.as_str()));
        }
        return Ok(());
    }
    if select.iter().any(|path| path.as_str() == "*") {
        return Ok(());
    }
    let mut absent = Vec::new();
    for path in select {
        let segments: Vec<&str> = path.segments().collect();
        if view.properties(item).value(&segments).is_none() {
            return Err(Refusal::no_property(path.as_str(), item.type_name()));
        }
        let first = segments.first().copied().unwrap_or_default();
        if types::is_declared(item.type_name(), first) {
            absent.extend(types::spelled(item.type_name(), first));
        }
    }
    let is_selected = |name: &str| {
        select.iter().any(|path| {
            let mut segments = path.segments();
            segments
                .find(|segment| !segment.contains('.'))
                .is_some_and(|first| first.eq_ignore_ascii_case(name))
        })
    };
    object.retain(|name, _| name.starts_with('@') || is_selected(name));
    // What the service knows of the type and the tenant does not keep is there, and empty.
    for name in absent {
        object.entry(name).or_insert(Value::Null);
    }
    Ok(())
}

/// A link that is being followed.
struct Expansion<'a> {
    view: View<'a>,
    expand: &'a Expand,
    most: usize,
}

impl Expansion<'_> {
    /// Puts what the link of an item leads to into its object.
    fn insert(&self, item: Item, levels: u32, object: &mut Object) -> Result<(), Refusal> {
        let options = self.expand.options();
        let asked = self.expand.path().as_str();
        let link = self
            .view
            .follow(item, asked)
            .ok_or_else(|| Refusal::no_property(asked, item.type_name()))?;
        let name = types::spelled(item.type_name(), asked).unwrap_or(asked);
        let value = match link {
            Link::One(None) => Value::Null,
            Link::One(Some(item)) => self.linked(item, levels)?,
            Link::Many(mut items) => {
                if let Some(filter) = &options.filter {
                    items = self.filtered(items, filter)?;
                }
                sort(self.view, &mut items, &options.order_by)?;
                if options.count {
                    object.insert(format!("{name}@odata.count"), items.len().into());
                }
                let most = options
                    .top
                    .map_or(self.most, |top| self.most.min(top as usize));
                let items = items.into_iter().skip(options.skip.unwrap_or(0) as usize);
                let shaped: Result<Vec<Value>, Refusal> = items
                    .take(most)
                    .map(|item| self.linked(item, levels))
                    .collect();
                shaped?.into()
            }
        };
        object.insert(name.to_owned(), value);
        Ok(())
    }

    fn filtered(&self, items: Vec<Item>, filter: &Filter) -> Result<Vec<Item>, Refusal> {
        let mut kept = Vec::new();
        for item in items {
            let holds = eval::matches(filter, &self.view.properties(item));
            if holds.map_err(|eval::NoSuchProperty(name)| {
                Refusal::no_property(&name, item.type_name())
            })? {
                kept.push(item);
            }
        }
        Ok(kept)
    }

    /// An item at the end of the link, with what the same link leads to from there, `$levels` deep.
    fn linked(&self, item: Item, levels: u32) -> Result<Value, Refusal> {
        let mut object = shape(self.view, item, self.expand.options(), self.most)?;
        let goes_on = match self.view.follow(item, self.expand.path().as_str()) {
            Some(Link::One(next)) => next.is_some(),
            Some(Link::Many(next)) => !next.is_empty(),
            None => false,
        };
        if levels > 1 && goes_on {
            self.insert(item, levels - 1, &mut object)?;
        }
        Ok(Value::Object(object))
    }
}
