//! What of a collection goes onto a page.

use crate::router::refusal::Refusal;
use crate::view::Item;

/// A page, and what is known of the rest.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    /// The first item of the next page, if there is one.
    pub(crate) next: Option<Item>,
    /// How many items pass in all, if all had to be looked at.
    pub(crate) total: usize,
}

/// Which part of the items that pass is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) skip: usize,
    pub(crate) size: usize,
    /// Whether those beyond the page are to be counted too.
    pub(crate) counts_all: bool,
}

/// Takes a page of the items that pass, and looks at no more of them than it has to.
pub(crate) fn page(
    items: impl Iterator<Item = Item>,
    passes: impl Fn(Item) -> Result<bool, Refusal>,
    window: Window,
) -> Result<Page, Refusal> {
    let mut page = Page::default();
    for item in items {
        if !passes(item)? {
            continue;
        }
        page.total += 1;
        if page.total <= window.skip {
            continue;
        }
        if page.items.len() < window.size {
            page.items.push(item);
            continue;
        }
        page.next = page.next.or(Some(item));
        if !window.counts_all {
            break;
        }
    }
    Ok(page)
}
