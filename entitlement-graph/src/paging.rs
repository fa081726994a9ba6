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

use std::cmp::Ordering;
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
    keep: Vec<Keep<T>>,
}

/// Decides here whether an item is wanted.
type Keep<T> = Box<dyn FnMut(&T) -> bool + Send + Sync>;

enum Next {
    /// Nothing is sent, for this reason.
    Refused(String),
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
        let headers = first.headers().clone();
        let operation = first.operation();
        Self::starting(client, operation, headers, Next::First(Box::new(first)))
    }

    /// A pager that sends nothing and says why.
    pub(crate) fn refused(client: GraphClient, operation: Operation, reason: String) -> Self {
        let next = Next::Refused(reason);
        Self::starting(client, operation, HeaderMap::new(), next)
    }

    fn starting(client: GraphClient, operation: Operation, headers: HeaderMap, next: Next) -> Self {
        Self {
            client,
            operation,
            headers,
            next,
            pages: 0,
            seen: HashSet::new(),
            count: None,
            items: VecDeque::new(),
            keep: Vec::new(),
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
                Next::Refused(_) | Next::First(_) | Next::End => None,
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

    /// Leaves out what does not pass, after it has arrived: for conditions that the service does not take in `$filter`.
    ///
    /// Every item is still read from the service; [`Pager::count`] still counts what it has.
    ///
    /// ```
    /// # use entitlement_graph::GraphClient;
    /// # async fn example(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
    /// let described = client.entitlement().packages().list().filter_locally(|package| package.description.is_some());
    /// let mut by_name = described.sort_locally(|a, b| a.display_name.cmp(&b.display_name)).await?;
    /// by_name.truncate(10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter_locally(
        mut self,
        mut keep: impl FnMut(&T) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.items.retain(&mut keep);
        self.keep.push(Box::new(keep));
        self
    }

    /// Leaves out the first `items`, after they have arrived: for collections that do not take `$skip`.
    pub fn skip_locally(self, items: usize) -> Self {
        let mut left = items;
        self.filter_locally(move |_| {
            let skipped = left > 0;
            left = left.saturating_sub(1);
            !skipped
        })
    }

    /// All items that are left, sorted here: for orders that the service does not take in `$orderby`.
    ///
    /// # Errors
    ///
    /// As [`Pager::next`].
    pub async fn sort_locally(
        self,
        compare: impl FnMut(&T, &T) -> Ordering,
    ) -> Result<Vec<T>, Error> {
        let mut all = self.try_collect().await?;
        all.sort_by(compare);
        Ok(all)
    }

    /// The next `items` at most; pages beyond them are not read.
    ///
    /// # Errors
    ///
    /// As [`Pager::next`].
    pub async fn try_take(&mut self, items: usize) -> Result<Vec<T>, Error> {
        let mut taken = Vec::new();
        while taken.len() < items {
            match self.next().await? {
                Some(item) => taken.push(item),
                None => break,
            }
        }
        Ok(taken)
    }

    /// How many items there are in all: known after the first page of a list asked for with `$count=true`.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    async fn fetch_page(&mut self) -> Result<Option<Page<T>>, Error> {
        let response = match &self.next {
            Next::End => return Ok(None),
            Next::Refused(reason) => {
                return Err(Error::Refused {
                    operation: self.operation.clone(),
                    reason: reason.clone(),
                });
            }
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
        let mut page: Page<T> = request::read(&self.operation, &response)?;
        page.items
            .retain(|item| self.keep.iter_mut().all(|keep| keep(item)));
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
