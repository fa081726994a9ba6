//! Carries out queries: filter, order, count, page, expand, select — in that order.

pub(crate) mod eval;

use std::cmp::Ordering;

use entitlement_core::odata::{Direction, Expand, Filter, Levels, OrderBy, Path, Query};
use serde_json::Value;

use crate::router::refusal::{Refusal, unknown_page_token};
use crate::view::{Item, Link, Object, View};
use eval::Properties;

/// Answers queries about items in the name of one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers<'a> {
    pub(crate) view: View<'a>,
    /// The service root as the caller wrote it: links of the answer lead there.
    pub(crate) root: &'a str,
    /// The path of the call below the root.
    pub(crate) path: &'a str,
    pub(crate) page_size: usize,
}

/// The most items a page may be asked to have.
const LARGEST_PAGE: usize = 999;

/// How deep `$levels=max` goes: far deeper than any organisation, and an end to managers in a circle.
const DEEPEST: u32 = 50;

impl Answers<'_> {
    /// One item, shaped by `$select` and `$expand`.
    pub(crate) fn entity(&self, item: Item, query: &Query) -> Result<Value, Refusal> {
        let mut object = self.shape(item, query)?;
        object.insert("@odata.context".to_owned(), self.context("/$entity").into());
        Ok(Value::Object(object))
    }

    /// A page of items.
    pub(crate) fn list(&self, mut items: Vec<Item>, query: &Query) -> Result<Value, Refusal> {
        if let Some(search) = &query.search {
            return Err(unsupported(format!(
                "$search is not supported here: {search}"
            )));
        }
        if let Some(filter) = &query.filter {
            items = self.filtered(items, filter)?;
        }
        self.sort(&mut items, &query.order_by)?;
        let total = items.len();
        let start = self.start(query, total)?;
        let size = query
            .top
            .map_or(self.page_size, |top| (top as usize).min(LARGEST_PAGE));
        let end = start.saturating_add(size).min(total);
        let page = items.get(start..end).unwrap_or_default();
        let value: Result<Vec<Value>, Refusal> = page
            .iter()
            .map(|item| self.shape(*item, query).map(Value::Object))
            .collect();
        let mut answer = Object::new();
        answer.insert("@odata.context".to_owned(), self.context("").into());
        if query.count {
            answer.insert("@odata.count".to_owned(), total.into());
        }
        if end < total && size > 0 {
            answer.insert(
                "@odata.nextLink".to_owned(),
                self.next_link(query, end).into(),
            );
        }
        answer.insert("value".to_owned(), value?.into());
        Ok(Value::Object(answer))
    }

    fn context(&self, kind: &str) -> String {
        format!("{}/$metadata#{}{kind}", self.root, self.path)
    }

    /// Where a page begins: after what was skipped, or where the last page ended.
    fn start(&self, query: &Query, total: usize) -> Result<usize, Refusal> {
        let Some(token) = &query.skip_token else {
            return Ok(query.skip.map_or(0, |skip| skip as usize));
        };
        let place = usize::from_str_radix(token, 16)
            .ok()
            .filter(|place| *place <= total);
        place.ok_or_else(|| {
            unknown_page_token().because(format!(
                "{token:?} is not a token that this tenant gave out for {}",
                self.path
            ))
        })
    }

    fn next_link(&self, query: &Query, end: usize) -> String {
        let mut next = query.clone().skip_token(format!("{end:x}"));
        next.skip = None;
        format!("{}/{}?{next}", self.root, self.path)
    }

    fn filtered(&self, items: Vec<Item>, filter: &Filter) -> Result<Vec<Item>, Refusal> {
        let mut kept = Vec::new();
        for item in items {
            let holds = eval::matches(filter, &self.view.properties(item));
            if holds.map_err(|eval::NoSuchProperty(name)| no_property(&name, item))? {
                kept.push(item);
            }
        }
        Ok(kept)
    }

    fn sort(&self, items: &mut [Item], order_by: &[OrderBy]) -> Result<(), Refusal> {
        if order_by.is_empty() {
            return Ok(());
        }
        let mut keyed = Vec::with_capacity(items.len());
        for item in items.iter() {
            let properties = self.view.properties(*item);
            let keys: Result<Vec<Value>, Refusal> = order_by
                .iter()
                .map(|order| {
                    let segments: Vec<&str> = order.path().segments().collect();
                    properties
                        .value(&segments)
                        .ok_or_else(|| no_property(order.path().as_str(), *item))
                })
                .collect();
            keyed.push((keys?, *item));
        }
        // A stable sort: equal items keep the order of their insertion.
        keyed.sort_by(|(left, _), (right, _)| {
            order_by
                .iter()
                .zip(left.iter().zip(right))
                .map(|(order, (left, right))| {
                    let ordering = nulls_first(left, right);
                    if order.direction() == Direction::Descending {
                        ordering.reverse()
                    } else {
                        ordering
                    }
                })
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        for (place, (_, item)) in items.iter_mut().zip(keyed) {
            *place = item;
        }
        Ok(())
    }

    /// An item with the properties that were asked for and the links that were expanded.
    fn shape(&self, item: Item, query: &Query) -> Result<Object, Refusal> {
        let mut object = self.view.render(item);
        self.select(item, &mut object, &query.select)?;
        for expand in &query.expand {
            let levels = match expand.levels() {
                None => 1,
                Some(Levels::Exactly(levels)) => levels.min(DEEPEST),
                Some(_) => DEEPEST,
            };
            let (name, value) = self.expanded(item, expand, levels)?;
            object.insert(name, value);
        }
        Ok(object)
    }

    fn select(&self, item: Item, object: &mut Object, select: &[Path]) -> Result<(), Refusal> {
        if select.is_empty() {
            if let Some(names) = item.default_properties() {
                object.retain(|name, _| names.contains(&name.as_str()));
            }
            return Ok(());
        }
        for path in select {
            let known = self
                .view
                .properties(item)
                .value(&path.segments().collect::<Vec<_>>())
                .is_some();
            if !known {
                return Err(no_property(path.as_str(), item));
            }
        }
        object.retain(|name, _| {
            name.starts_with('@')
                || select
                    .iter()
                    .any(|path| path.as_str().eq_ignore_ascii_case(name))
        });
        Ok(())
    }

    fn expanded(
        &self,
        item: Item,
        expand: &Expand,
        levels: u32,
    ) -> Result<(String, Value), Refusal> {
        let name = expand.path().as_str();
        let link = self
            .view
            .follow(item, name)
            .ok_or_else(|| no_property(name, item))?;
        let value = match link {
            Link::One(None) => Value::Null,
            Link::One(Some(item)) => self.linked(item, expand, levels)?,
            Link::Many(mut items) => {
                let options = expand.options();
                if let Some(filter) = &options.filter {
                    items = self.filtered(items, filter)?;
                }
                self.sort(&mut items, &options.order_by)?;
                let items = items.into_iter().skip(options.skip.unwrap_or(0) as usize);
                let items = items.take(options.top.map_or(usize::MAX, |top| top as usize));
                let shaped: Result<Vec<Value>, Refusal> = items
                    .map(|item| self.linked(item, expand, levels))
                    .collect();
                shaped?.into()
            }
        };
        Ok((name.to_owned(), value))
    }

    /// An item at the end of an expanded link, with what the same link leads to from there, `$levels` deep.
    fn linked(&self, item: Item, expand: &Expand, levels: u32) -> Result<Value, Refusal> {
        let mut object = self.shape(item, expand.options())?;
        let goes_on = match self.view.follow(item, expand.path().as_str()) {
            Some(Link::One(next)) => next.is_some(),
            Some(Link::Many(next)) => !next.is_empty(),
            None => false,
        };
        if levels > 1 && goes_on {
            let (name, value) = self.expanded(item, expand, levels - 1)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

fn nulls_first(left: &Value, right: &Value) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => eval::order(left, right).unwrap_or(Ordering::Equal),
        (left, right) => right.cmp(&left),
    }
}

fn no_property(name: &str, item: Item) -> Refusal {
    let kind = item.type_name();
    Refusal::bad_request(
        "BadRequest",
        format!("Could not find a property named '{name}' on type 'microsoft.graph.{kind}'."),
    )
}

/// A query option that the service does not take here.
pub(crate) fn unsupported(why: impl Into<String>) -> Refusal {
    Refusal::bad_request("Request_UnsupportedQuery", "Unsupported query.").because(why)
}
