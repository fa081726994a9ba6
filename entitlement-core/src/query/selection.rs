//! Queries and expansions of one entity.

use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;

use super::property::{Condition, Navigation, Order, Property};
use crate::odata::{Expand, Query};

/// A query on a collection of `E`s, out of properties an `E` has.
///
/// Any [`Query`] can be taken for one on any entity, for what has to be said without types.
#[must_use = "a query does nothing until it is sent"]
pub struct QueryOf<E: ?Sized> {
    query: Query,
    entity: PhantomData<fn(&E)>,
}

impl<E: ?Sized> QueryOf<E> {
    /// A query that asks for nothing in particular.
    pub fn new() -> Self {
        Query::new().into()
    }

    fn with(self, change: impl FnOnce(Query) -> Query) -> Self {
        change(self.query).into()
    }

    /// Sets the condition that items have to meet.
    pub fn filter(self, condition: Condition<E>) -> Self {
        self.with(|query| query.filter(condition.into()))
    }

    /// Adds a property that is wanted; with none, the service sends its usual ones.
    pub fn select<V: ?Sized>(self, property: Property<E, V>) -> Self {
        self.with(|query| query.select([property.into_path()]))
    }

    /// Adds a link to be followed: the link itself, or an [`ExpandOf`] that says what is wanted there.
    pub fn expand<T: ?Sized>(self, link: impl Into<ExpandOf<E, T>>) -> Self {
        self.with(|query| query.expand(link.into().expand))
    }

    /// Adds a property to sort by, the most significant first.
    pub fn order_by(self, order: Order<E>) -> Self {
        self.with(|query| query.order_by(order))
    }

    /// Sets how many items are wanted in one page.
    pub fn top(self, items: u32) -> Self {
        self.with(|query| query.top(items))
    }

    /// Sets how many items to leave out at the beginning.
    pub fn skip(self, items: u32) -> Self {
        self.with(|query| query.skip(items))
    }

    /// Asks for the number of all matching items.
    pub fn count(self) -> Self {
        self.with(Query::count)
    }

    /// Searches; the expression needs its own double quotes: `"displayName:Video"`.
    pub fn search(self, expression: impl Into<String>) -> Self {
        self.with(|query| query.search(expression))
    }
}

impl<E: ?Sized> From<Query> for QueryOf<E> {
    fn from(query: Query) -> Self {
        Self {
            query,
            entity: PhantomData,
        }
    }
}

impl<E: ?Sized> From<QueryOf<E>> for Query {
    fn from(query: QueryOf<E>) -> Self {
        query.query
    }
}

impl<E: ?Sized> Default for QueryOf<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: ?Sized> Clone for QueryOf<E> {
    fn clone(&self) -> Self {
        self.query.clone().into()
    }
}

/// The query string, percent-encoded and without the `?`.
impl<E: ?Sized> Display for QueryOf<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.query, f)
    }
}

impl<E: ?Sized> Debug for QueryOf<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.query, f)
    }
}

/// A link from an `E` to be followed, and what is wanted of the `T`s it leads to.
///
/// ```
/// use entitlement_core::package::AccessPackage;
/// use entitlement_core::query::QueryOf;
/// use entitlement_core::resource::{ResourceRole, RoleScope};
///
/// let grants = AccessPackage::RESOURCE_ROLE_SCOPES
///     .expand(RoleScope::ROLE.select(ResourceRole::DISPLAY_NAME))
///     .expand(RoleScope::SCOPE);
/// assert_eq!(
///     QueryOf::new().expand(grants).to_string(),
///     "$expand=resourceRoleScopes($expand=role($select=displayName),scope)"
/// );
/// ```
#[must_use = "an expansion does nothing until a query holds it"]
pub struct ExpandOf<E: ?Sized, T: ?Sized> {
    expand: Expand,
    entities: PhantomData<fn(&E, &T)>,
}

impl<E: ?Sized, T: ?Sized> ExpandOf<E, T> {
    fn new(expand: Expand) -> Self {
        Self {
            expand,
            entities: PhantomData,
        }
    }

    /// Adds a property that is wanted there.
    pub fn select<V: ?Sized>(self, property: Property<T, V>) -> Self {
        Self::new(self.expand.select([property.into_path()]))
    }

    /// Adds a link that goes on from there.
    pub fn expand<U: ?Sized>(self, link: impl Into<ExpandOf<T, U>>) -> Self {
        Self::new(self.expand.expand(link.into().expand))
    }

    /// Sets the condition that the items there have to meet.
    pub fn filter(self, condition: Condition<T>) -> Self {
        Self::new(self.expand.filter(condition.into()))
    }

    /// Sets how many items are wanted there.
    pub fn top(self, items: u32) -> Self {
        Self::new(self.expand.top(items))
    }
}

impl<E: ?Sized, T: ?Sized, N> Navigation<E, T, N> {
    /// The link, with a property that is wanted at its other end.
    pub fn select<V: ?Sized>(self, property: Property<T, V>) -> ExpandOf<E, T> {
        ExpandOf::from(self).select(property)
    }

    /// The link, with one that goes on from its other end.
    pub fn expand<U: ?Sized>(self, link: impl Into<ExpandOf<T, U>>) -> ExpandOf<E, T> {
        ExpandOf::from(self).expand(link)
    }
}

impl<E: ?Sized, T: ?Sized, N> From<Navigation<E, T, N>> for ExpandOf<E, T> {
    fn from(link: Navigation<E, T, N>) -> Self {
        Self::new(Expand::new(link.path()))
    }
}

impl<E: ?Sized, T: ?Sized> From<ExpandOf<E, T>> for Expand {
    fn from(expand: ExpandOf<E, T>) -> Self {
        expand.expand
    }
}

impl<E: ?Sized, T: ?Sized> Debug for ExpandOf<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExpandOf({})", self.expand)
    }
}
