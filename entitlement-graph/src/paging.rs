//! Collections that arrive page by page.
//!
//! A [`Pager`] gives items one by one and fetches pages as they are needed; an empty page with a link to the next one
//! is not the end.
//!
//! ```
//! # use entitlement_graph::GraphClient;
//! # async fn names(client: &GraphClient) -> Result<Vec<String>, entitlement_graph::Error> {
//! let mut catalogs = client.entitlement().catalogs().list();
//! let mut names = Vec::new();
//! while let Some(catalog) = catalogs.next().await? {
//!     names.extend(catalog.display_name);
//! }
//! # Ok(names)
//! # }
//! ```

use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Debug};
use std::hash::{DefaultHasher, Hash, Hasher};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::error::{Error, Operation};
use crate::request::{self, Call, ResourcePath};

/// More pages than any collection of a tenant has: whoever gets here is being led in circles.
const MOST_PAGES: u32 = 100_000;

/// Reads a collection, page after page.
#[must_use = "nothing is read until the first item is asked for"]
pub struct Pager<T> {
    client: GraphClient,
    operation: Operation,
    headers: HeaderMap,
    next: Next,
    pages: u32,
    /// The hashes of the links so far, because links are long.
    seen: HashSet<u64>,
    count: Option<u64>,
    items: VecDeque<T>,
}

enum Next {
    First(Box<Call>),
    Link(String),
    End,
}

/// One page.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page; may be empty although more pages follow.
    #[serde(rename = "value")]
    pub items: Vec<T>,
    /// How many items there are in all, on the first page of a list asked for with `$count=true`.
    #[serde(rename = "@odata.count", default)]
    pub count: Option<u64>,
    /// Where the next page is.
    #[serde(rename = "@odata.nextLink", default)]
    pub next_link: Option<String>,
}

impl<T: DeserializeOwned> Pager<T> {
    pub(crate) fn new(client: GraphClient, first: Call) -> Self {
        Self {
            client,
            operation: first.operation(),
            headers: first.headers().clone(),
            next: Next::First(Box::new(first)),
            pages: 0,
            seen: HashSet::new(),
            count: None,
            items: VecDeque::new(),
        }
    }

    /// The same with another header on every page, such as `ConsistencyLevel: eventual`.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name.clone(), value.clone());
        if let Next::First(call) = self.next {
            self.next = Next::First(Box::new(call.header(name, value)));
        }
        self
    }

    /// The next item, or `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`]; [`Error::Decode`] for a page that cannot be read; [`Error::Refused`] for a link that
    /// leads to another origin or in a circle. After an error the same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<T>, Error> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(Some(item));
            }
            let Some(page) = self.fetch_page().await? else {
                return Ok(None);
            };
            self.items.extend(page.items);
        }
    }

    /// The next page, or `None` after the last; items that [`next`](Self::next) has fetched and not given come first.
    ///
    /// # Errors
    ///
    /// As [`Pager::next`].
    pub async fn next_page(&mut self) -> Result<Option<Page<T>>, Error> {
        if self.items.is_empty() {
            return self.fetch_page().await;
        }
        Ok(Some(Page {
            items: self.items.drain(..).collect(),
            count: self.count,
            next_link: match &self.next {
                Next::Link(link) => Some(link.clone()),
                Next::First(_) | Next::End => None,
            },
        }))
    }

    /// All items that are left.
    ///
    /// # Errors
    ///
    /// As [`Pager::next`].
    pub async fn try_collect(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::from(std::mem::take(&mut self.items));
        while let Some(page) = self.fetch_page().await? {
            all.extend(page.items);
        }
        Ok(all)
    }

    /// How many items there are in all: known after the first page of a list asked for with `$count=true`.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    async fn fetch_page(&mut self) -> Result<Option<Page<T>>, Error> {
        let response = match &self.next {
            Next::End => return Ok(None),
            Next::First(call) => self.client.send(Call::clone(call)).await?,
            Next::Link(link) => {
                let url = self.client.check_link(&self.operation, link)?;
                let mut call = Call::get(ResourcePath::of(&self.operation));
                // Graph forgets headers such as ConsistencyLevel from page to page.
                for (name, value) in &self.headers {
                    call = call.header(name.clone(), value.clone());
                }
                self.client.send_to(call, url.as_str()).await?
            }
        };
        let page: Page<T> = request::read(&self.operation, &response)?;
        self.next = match &page.next_link {
            None => Next::End,
            Some(link) => {
                self.refuse_circle(link)?;
                Next::Link(link.clone())
            }
        };
        self.pages += 1;
        self.count = self.count.or(page.count);
        Ok(Some(page))
    }

    fn refuse_circle(&mut self, link: &str) -> Result<(), Error> {
        let mut hasher = DefaultHasher::new();
        link.hash(&mut hasher);
        let repeats = !self.seen.insert(hasher.finish());
        if repeats || self.pages >= MOST_PAGES {
            return Err(Error::Refused {
                operation: self.operation.clone(),
                reason: "the links to the next page lead in a circle".to_owned(),
            });
        }
        Ok(())
    }
}

impl<T> Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("operation", &self.operation)
            .field("pages", &self.pages)
            .field("waiting", &self.items.len())
            .finish_non_exhaustive()
    }
}
