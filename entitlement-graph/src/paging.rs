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
//!
//! A long list can be read on later, by another process too (P40). [`Pager::resume_token`] says where the list is, and
//! [`Pager::resume`] goes on from there:
//!
//! ```
//! # use entitlement_graph::GraphClient;
//! # use entitlement_graph::paging::ResumeToken;
//! # fn save(token: Option<String>) {}
//! # async fn export(client: &GraphClient, saved: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
//! let mut people = client.users().list();
//! if let Some(saved) = saved {
//!     people = people.resume(&saved.parse::<ResumeToken>()?)?;
//! }
//! while let Some(page) = people.next_page().await? {
//!     println!("{} more", page.items.len());
//!     save(people.resume_token().map(|token| token.to_string()));
//! }
//! # Ok(())
//! # }
//! ```

mod token;

use std::cmp::Ordering;
use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Debug};
use std::hash::{DefaultHasher, Hash, Hasher};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::GraphClient;
use crate::error::{Error, Operation};
use crate::request::{self, CONSISTENCY_LEVEL, Call, ResourcePath};

pub use token::{InvalidToken, ResumeToken};

/// More pages than any collection of a tenant has: whoever gets here is being led in circles.
const MOST_PAGES: u32 = 100_000;

/// Reads a collection, page after page.
#[must_use = "nothing is read until the first item is asked for"]
pub struct Pager<T> {
    client: GraphClient,
    operation: Operation,
    headers: HeaderMap,
    next: Next,
    /// The page that the waiting items are from.
    current: Option<Next>,
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
#[derive(Clone, Deserialize)]
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
            current: None,
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

    /// Where the list is, for [`resume`](Self::resume): the page that the next item is on.
    ///
    /// Nothing gets lost by it. Between two pages nothing comes twice either; while a page is being given out item by
    /// item, it is the beginning of that page, whose first items come again then.
    ///
    /// `None` once the list is over. It is also `None` where there is no page to come back to: for a list that is
    /// [refused](Error::Refused), and before the second page of one that is asked for with another method than `GET`.
    pub fn resume_token(&self) -> Option<ResumeToken> {
        let waiting = self.current.as_ref().filter(|_| !self.items.is_empty());
        let link = match waiting.unwrap_or(&self.next) {
            Next::First(call) if *self.operation.method() == Method::GET => {
                call.url(self.client.root_text())
            }
            Next::Link(link) => link.clone(),
            Next::Refused(_) | Next::First(_) | Next::End => return None,
        };
        let eventual = self.headers.contains_key(CONSISTENCY_LEVEL);
        Some(ResumeToken::new(
            &self.client,
            &self.operation,
            link,
            eventual,
        ))
    }

    /// The same list, from where it was when the token was taken.
    ///
    /// The token holds the query, and `ConsistencyLevel` if that was sent; whatever else was set up
    /// ([`header`](Self::header), [`filter_locally`](Self::filter_locally), …) is that of this pager. Tokens go out of
    /// date, and the service says when; then the list has to be read from its beginning.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for a token of another list, another version of the service or another cloud: nothing is ever
    /// sent there. Also if this list is itself refused.
    pub fn resume(mut self, token: &ResumeToken) -> Result<Self, Error> {
        if let Next::Refused(reason) = self.next {
            let operation = self.operation;
            return Err(Error::Refused { operation, reason });
        }
        let link = token.link_for(&self.client, &self.operation)?;
        if token.is_eventual() {
            let eventual = HeaderValue::from_static("eventual");
            self.headers.insert(CONSISTENCY_LEVEL, eventual);
        }
        self.refuse_circle(&link)?;
        self.next = Next::Link(link);
        self.current = None;
        self.items.clear();
        Ok(self)
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
        let next = match &page.next_link {
            None => Next::End,
            Some(link) => {
                self.refuse_circle(link)?;
                Next::Link(link.clone())
            }
        };
        self.current = Some(std::mem::replace(&mut self.next, next));
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

/// Does not show where the next page is: links hold queries and the service's own tokens.
impl<T: Debug> Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items)
            .field("count", &self.count)
            .field("is_last", &self.next_link.is_none())
            .finish()
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
