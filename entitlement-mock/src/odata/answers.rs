//! Answers to queries: one item, a page of items, or their number.

use entitlement_core::odata::Query;
use serde_json::Value;

use super::eval::{self, NoSuchProperty};
use super::page::{Page, Window, page};
use super::plan::Rows;
use super::search::Search;
use super::shape::shape;
use super::sort::sort;
use super::token::Bookmark;
use super::types;
use crate::router::refusal::{Refusal, unknown_page_token};
use crate::view::{Item, Object, View};
use crate::world::table::Key;

/// Answers queries about items in the name of one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers<'a> {
    pub(crate) view: View<'a>,
    /// The service root as the caller wrote it: links of the answer lead there.
    pub(crate) root: &'a str,
    /// The path of the call below the root.
    pub(crate) path: &'a str,
    pub(crate) page_size: usize,
    /// The one type of items that is wanted, if the path ends in a cast.
    pub(crate) cast: Option<&'a str>,
    /// The most items that an expanded link shows.
    pub(crate) most_linked: usize,
    /// Whether links to the items are wanted in place of the items.
    pub(crate) as_links: bool,
}

/// Where the items of a list come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// Those of a table.
    Rows(Rows),
    /// These, in this order.
    Items(Vec<Item>),
}

/// The most items a page may be asked to have.
const LARGEST_PAGE: usize = 999;

impl Answers<'_> {
    /// One item, shaped by `$select` and `$expand`.
    pub(crate) fn entity(&self, item: Item, query: &Query) -> Result<Value, Refusal> {
        let mut object = self.shown(item, query)?;
        object.insert("@odata.context".to_owned(), self.context("/$entity").into());
        Ok(Value::Object(object))
    }

    /// A page of items.
    pub(crate) fn list(&self, source: Source, query: &Query) -> Result<Value, Refusal> {
        let question = self.question(&source, query)?;
        let bound = self.bound(query, query.skip_token.is_some());
        let bookmark = match &query.skip_token {
            Some(token) => Some(self.bookmark(&bound, token)?),
            None => None,
        };
        let size = query
            .top
            .map_or(self.page_size, |top| (top as usize).min(LARGEST_PAGE));
        let window = Window {
            skip: query.skip.map_or(0, |skip| skip as usize),
            size,
            counts_all: query.count && bookmark.is_none(),
        };
        let page = self.window(source, query, &question, bookmark, window)?;
        let value: Result<Vec<Value>, Refusal> = page
            .items
            .iter()
            .map(|item| self.shown(*item, query).map(Value::Object))
            .collect();
        let mut answer = Object::new();
        answer.insert("@odata.context".to_owned(), self.context("").into());
        if window.counts_all {
            answer.insert("@odata.count".to_owned(), page.total.into());
        }
        if let (Some(last), Some(next)) = (page.items.last(), page.next) {
            let bookmark = Bookmark {
                last: self.key(*last),
                next: self.key(next),
            };
            let token = bookmark.seal(self.view.world.ids.secret(), &bound);
            let mut next = query.clone().skip_token(token);
            next.skip = None;
            let link = format!("{}/{}?{next}", self.root, self.path);
            answer.insert("@odata.nextLink".to_owned(), link.into());
        }
        answer.insert("value".to_owned(), value?.into());
        Ok(Value::Object(answer))
    }

    /// How many items there are.
    pub(crate) fn count(&self, source: Source, query: &Query) -> Result<usize, Refusal> {
        let question = self.question(&source, query)?;
        let window = Window {
            skip: 0,
            size: 0,
            counts_all: true,
        };
        let mut unordered = query.clone();
        unordered.order_by.clear();
        Ok(self
            .window(source, &unordered, &question, None, window)?
            .total)
    }

    fn shown(&self, item: Item, query: &Query) -> Result<Object, Refusal> {
        if !self.as_links {
            return shape(self.view, item, query, self.most_linked);
        }
        let no_link = || Refusal::no_route(&format!("{}/{}", self.root, self.path));
        let place = item.place().ok_or_else(no_link)?;
        let mut object = Object::new();
        object.insert(
            "@odata.id".to_owned(),
            format!("{}/{place}", self.root).into(),
        );
        Ok(object)
    }

    fn context(&self, kind: &str) -> String {
        format!("{}/$metadata#{}{kind}", self.root, self.path)
    }

    /// What a page token is good for: this list, asked for in this way.
    fn bound(&self, query: &Query, goes_on: bool) -> String {
        let mut query = query.clone();
        query.skip_token = None;
        if !goes_on {
            // What was skipped at first is not skipped again: the next page is asked for without it.
            query.skip = None;
        }
        let world = self.view.world;
        format!("{}/{}?{query}", world.settings.domain, self.path)
    }

    fn bookmark(&self, bound: &str, token: &str) -> Result<Bookmark, Refusal> {
        let secret = self.view.world.ids.secret();
        Bookmark::open(secret, bound, token).ok_or_else(|| {
            lost_token(format!(
                "{token:?} is not a token that this tenant gave out for this query of {}",
                self.path
            ))
        })
    }

    /// The filter and the search of a query, looked through before any item is.
    fn question<'q>(&self, source: &Source, query: &'q Query) -> Result<Question<'q>, Refusal> {
        let kind = match source {
            Source::Rows(rows) => Some(rows.item(Key::nil()).type_name()),
            Source::Items(items) => {
                let mut kinds = items.iter().map(|item| item.type_name());
                let first = kinds.next();
                first.filter(|first| kinds.all(|kind| kind == *first))
            }
        };
        if let (Some(filter), Some(kind)) = (&query.filter, kind) {
            types::check(filter, kind).map_err(|why| self.invalid_filter(&why))?;
        }
        let search = query.search.as_deref().map(Search::parse).transpose();
        let search = search.map_err(|why| invalid_search(&why))?;
        Ok(Question { query, search })
    }

    /// A filter that compares what does not compare; entitlement management has its own words for it (ASG-6).
    fn invalid_filter(&self, why: &str) -> Refusal {
        if self
            .path
            .to_ascii_lowercase()
            .starts_with("identitygovernance")
        {
            Refusal::bad_request("InvalidFilter", format!("OData query is invalid: {why}"))
        } else {
            Refusal::bad_request("BadRequest", format!("Invalid filter clause: {why}"))
        }
    }

    /// The part of the items that a page shows.
    fn window(
        &self,
        source: Source,
        query: &Query,
        question: &Question<'_>,
        bookmark: Option<Bookmark>,
        window: Window,
    ) -> Result<Page, Refusal> {
        let passes = |item: Item| self.passes(item, question);
        if query.order_by.is_empty() {
            return match source {
                Source::Rows(rows) => {
                    let world = self.view.world;
                    let after = match bookmark {
                        Some(bookmark) => {
                            Some(rows.place(world, bookmark.last).ok_or_else(|| {
                                lost_token("the tenant does not know the row any more")
                            })?)
                        }
                        None => None,
                    };
                    let items = rows.candidates(world, query.filter.as_ref(), after);
                    page(items, passes, window)
                }
                Source::Items(items) => {
                    let start = self.start(&items, bookmark)?;
                    page(items.into_iter().skip(start), passes, window)
                }
            };
        }
        let mut sorted = Vec::new();
        match source {
            Source::Rows(rows) => {
                let all = rows.candidates(self.view.world, query.filter.as_ref(), None);
                sorted.extend(all);
            }
            Source::Items(items) => sorted = items,
        }
        let mut kept = Vec::new();
        for item in sorted {
            if passes(item)? {
                kept.push(item);
            }
        }
        sort(self.view, &mut kept, &query.order_by)?;
        let start = self.start(&kept, bookmark)?;
        page(kept.into_iter().skip(start), |_| Ok(true), window)
    }

    /// Where a list goes on: after the last item of the page before, or at the one that was to follow.
    fn start(&self, items: &[Item], bookmark: Option<Bookmark>) -> Result<usize, Refusal> {
        let Some(bookmark) = bookmark else {
            return Ok(0);
        };
        let find = |key: Key| items.iter().position(|item| self.key(*item) == key);
        find(bookmark.last)
            .map(|last| last + 1)
            .or_else(|| find(bookmark.next))
            .ok_or_else(|| lost_token("both items at the edge of the page are gone"))
    }

    fn passes(&self, item: Item, question: &Question<'_>) -> Result<bool, Refusal> {
        if self.cast.is_some_and(|cast| !item.is_a(cast)) {
            return Ok(false);
        }
        let properties = self.view.properties(item);
        if let Some(filter) = &question.query.filter {
            let holds = eval::matches(filter, &properties);
            if !holds
                .map_err(|NoSuchProperty(name)| Refusal::no_property(&name, item.type_name()))?
            {
                return Ok(false);
            }
        }
        match &question.search {
            Some(search) => search
                .finds(&properties)
                .map_err(|name| Refusal::no_property(&name, item.type_name())),
            None => Ok(true),
        }
    }

    /// What tells an item from the others of its list.
    fn key(&self, item: Item) -> Key {
        let id = self.view.id(item);
        let text = id.as_ref().and_then(Value::as_str).unwrap_or_default();
        Key::try_parse(text).unwrap_or_else(|_not_a_guid| {
            // A role scope's id is made of two.
            let parts = text.split('_').filter_map(|part| Key::try_parse(part).ok());
            Key::from_u128(parts.fold(1, |all, part| all ^ part.as_u128()))
        })
    }
}

/// Which items are wanted.
struct Question<'q> {
    query: &'q Query,
    search: Option<Search>,
}

fn lost_token(why: impl Into<String>) -> Refusal {
    unknown_page_token().because(why)
}

fn invalid_search(why: &str) -> Refusal {
    Refusal::bad_request("BadRequest", format!("Invalid $search clause: {why}"))
}
