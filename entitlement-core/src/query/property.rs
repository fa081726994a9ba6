//! Properties with their types, and the conditions that are made of them.

use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;
use std::ops::Not;

use crate::entity::Id;
use crate::odata::{Filter, Literal, OrderBy, Path};
use crate::time::{Date, Timestamp};

/// A property of an `E` that holds a `V`.
///
/// ```
/// use entitlement_core::directory::User;
/// use entitlement_core::query::Property;
///
/// const COST_CENTER: Property<User, String> = Property::new("extension_9d0e_costCenter");
/// assert_eq!(COST_CENTER.starts_with("4").to_string(), "startswith(extension_9d0e_costCenter,'4')");
/// assert_eq!(User::DISPLAY_NAME.path().as_str(), "displayName");
/// ```
pub struct Property<E: ?Sized, V: ?Sized> {
    through: Option<Path>,
    name: &'static str,
    types: PhantomData<fn(&E, &V)>,
}

impl<E: ?Sized, V: ?Sized> Property<E, V> {
    /// A property by its wire name, for what this version has no constant for.
    pub const fn new(name: &'static str) -> Self {
        Self {
            through: None,
            name,
            types: PhantomData,
        }
    }

    /// The property's path, as it stands in a query.
    pub fn path(&self) -> Path {
        let name = Path::from(self.name);
        self.through
            .as_ref()
            .map_or(name.clone(), |path| path.join(name))
    }

    pub(super) fn into_path(self) -> Path {
        self.path()
    }

    fn is(self, filter: impl FnOnce(crate::odata::Field) -> Filter) -> Condition<E> {
        Condition::untyped(filter(Filter::field(self.path())))
    }

    /// The property equals `value`.
    pub fn eq(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.eq(value))
    }

    /// The property differs from `value`.
    pub fn ne(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.ne(value))
    }

    /// The property equals one of `values`.
    pub fn is_in<A: FilterValue<V>>(self, values: impl IntoIterator<Item = A>) -> Condition<E> {
        self.is(|field| field.is_in(values))
    }

    /// The property has no value.
    pub fn is_null(self) -> Condition<E> {
        self.is(crate::odata::Field::is_null)
    }

    /// The property has a value.
    pub fn is_not_null(self) -> Condition<E> {
        self.is(|field| field.ne(Literal::Null))
    }

    /// Smallest first.
    pub fn asc(self) -> Order<E> {
        Order::new(OrderBy::asc(self.path()))
    }

    /// Greatest first.
    pub fn desc(self) -> Order<E> {
        Order::new(OrderBy::desc(self.path()))
    }
}

impl<E: ?Sized, V: Ordered> Property<E, V> {
    /// The property is greater than `value`.
    pub fn gt(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.gt(value))
    }

    /// The property is greater than `value` or equals it.
    pub fn ge(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.ge(value))
    }

    /// The property is less than `value`.
    pub fn lt(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.lt(value))
    }

    /// The property is less than `value` or equals it.
    pub fn le(self, value: impl FilterValue<V>) -> Condition<E> {
        self.is(|field| field.le(value))
    }
}

impl<E: ?Sized> Property<E, String> {
    /// The text holds `part`.
    pub fn contains(self, part: impl FilterValue<String>) -> Condition<E> {
        self.is(|field| field.contains(part))
    }

    /// The text begins with `start`.
    pub fn starts_with(self, start: impl FilterValue<String>) -> Condition<E> {
        self.is(|field| field.starts_with(start))
    }

    /// The text ends with `end`.
    pub fn ends_with(self, end: impl FilterValue<String>) -> Condition<E> {
        self.is(|field| field.ends_with(end))
    }

    /// The text in lower case: compare it with text in lower case, and case plays no role.
    pub fn to_lower(self) -> LowerCase<E> {
        LowerCase(self)
    }
}

impl<E: ?Sized, V> Property<E, Vec<V>> {
    /// One of the values equals `value`: `groupTypes/any(x:x eq 'Unified')`.
    pub fn has(self, value: impl FilterValue<V>) -> Condition<E> {
        Condition::untyped(Filter::any(self.path(), "x", |item| item.eq(value)))
    }

    /// There is at least one value.
    pub fn is_not_empty(self) -> Condition<E> {
        Condition::untyped(Filter::non_empty(self.path()))
    }
}

/// A text property in lower case, from [`Property::to_lower`].
///
/// ```
/// use entitlement_core::package::AccessPackage;
///
/// let filter = AccessPackage::DISPLAY_NAME.to_lower().contains("admin");
/// assert_eq!(filter.to_string(), "contains(tolower(displayName),'admin')");
/// ```
#[derive(Debug, Clone)]
pub struct LowerCase<E: ?Sized>(Property<E, String>);

impl<E: ?Sized> LowerCase<E> {
    /// The text equals `value`.
    pub fn eq(self, value: impl FilterValue<String>) -> Condition<E> {
        self.0.is(|field| field.to_lower().eq(value))
    }

    /// The text holds `part`.
    pub fn contains(self, part: impl FilterValue<String>) -> Condition<E> {
        self.0.is(|field| field.to_lower().contains(part))
    }

    /// The text begins with `start`.
    pub fn starts_with(self, start: impl FilterValue<String>) -> Condition<E> {
        self.0.is(|field| field.to_lower().starts_with(start))
    }
}

impl<E: ?Sized, V: ?Sized> Clone for Property<E, V> {
    fn clone(&self) -> Self {
        Self {
            through: self.through.clone(),
            name: self.name,
            types: PhantomData,
        }
    }
}

impl<E: ?Sized, V: ?Sized> Debug for Property<E, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Property({})", self.path())
    }
}

/// A property that holds an object or a list of them: it can be selected, and there is nothing to compare it with.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Structure;

/// A value that a property holding a `V` may be compared with.
pub trait FilterValue<V: ?Sized>: Into<Literal> {}

impl<V: Into<Literal>> FilterValue<V> for V {}
impl FilterValue<String> for &str {}
impl FilterValue<String> for &String {}
impl<T: ?Sized> FilterValue<Id<T>> for &Id<T> {}
/// Other systems' ids are text here: the `originId` of a resource is the id of a group.
impl<T: ?Sized> FilterValue<String> for &Id<T> {}

/// A type whose values come one before the other.
pub trait Ordered {}

impl Ordered for Timestamp {}
impl Ordered for Date {}
impl Ordered for i32 {}
impl Ordered for i64 {}

/// The other end of a link is one entity.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct One;

/// The other end of a link are many entities.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Many;

/// A link from an `E` to a `T`, sent only with `$expand`.
pub struct Navigation<E: ?Sized, T: ?Sized, N> {
    name: &'static str,
    types: PhantomData<fn(&E, &T, &N)>,
}

/// A link to one `T`.
pub type ToOne<E, T> = Navigation<E, T, One>;

/// A link to many `T`s.
pub type ToMany<E, T> = Navigation<E, T, Many>;

impl<E: ?Sized, T: ?Sized, N> Navigation<E, T, N> {
    /// A link by its wire name, for what this version has no constant for.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            types: PhantomData,
        }
    }

    /// The link's path, as it stands in a query.
    pub fn path(&self) -> Path {
        self.name.into()
    }
}

impl<E: ?Sized, T: ?Sized> ToOne<E, T> {
    /// A property of what the link leads to: `accessPackage/id`.
    pub fn to<V: ?Sized>(self, property: Property<T, V>) -> Property<E, V> {
        let through = match property.through {
            Some(further) => self.path().join(further),
            None => self.path(),
        };
        Property {
            through: Some(through),
            name: property.name,
            types: PhantomData,
        }
    }
}

impl<E: ?Sized, T: ?Sized, N> Clone for Navigation<E, T, N> {
    fn clone(&self) -> Self {
        Self::new(self.name)
    }
}

impl<E: ?Sized, T: ?Sized, N> Debug for Navigation<E, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Navigation({})", self.name)
    }
}

/// A condition on an `E`.
///
/// ```
/// use entitlement_core::odata::Filter;
/// use entitlement_core::query::Condition;
/// use entitlement_core::connected_organization::ConnectedOrganization;
///
/// let path = "is/microsoft.graph.azureActiveDirectoryTenant/tenantId";
/// let tenant = Filter::any("identitySources", "is", |_| Filter::field(path).eq("72f9…"));
/// let partner: Condition<ConnectedOrganization> = Condition::untyped(tenant);
/// ```
#[must_use = "a condition does nothing until a query holds it"]
pub struct Condition<E: ?Sized> {
    filter: Filter,
    entity: PhantomData<fn(&E)>,
}

impl<E: ?Sized> Condition<E> {
    /// A condition that was put together without types.
    pub fn untyped(filter: Filter) -> Self {
        Self {
            filter,
            entity: PhantomData,
        }
    }

    /// Both this and `other` hold.
    pub fn and(self, other: Self) -> Self {
        Self::untyped(self.filter.and(other.filter))
    }

    /// This or `other` holds, or both do.
    pub fn or(self, other: Self) -> Self {
        Self::untyped(self.filter.or(other.filter))
    }

    /// Every one of the conditions holds; with none, everything does.
    pub fn all_of(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::untyped(Filter::all_of(conditions.into_iter().map(|one| one.filter)))
    }

    /// At least one of the conditions holds; with none, nothing does.
    pub fn any_of(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::untyped(Filter::any_of(conditions.into_iter().map(|one| one.filter)))
    }
}

impl<E: ?Sized> Not for Condition<E> {
    type Output = Self;

    fn not(self) -> Self {
        Self::untyped(!self.filter)
    }
}

impl<E: ?Sized> From<Condition<E>> for Filter {
    fn from(condition: Condition<E>) -> Self {
        condition.filter
    }
}

impl<E: ?Sized> Clone for Condition<E> {
    fn clone(&self) -> Self {
        Self::untyped(self.filter.clone())
    }
}

impl<E: ?Sized> Display for Condition<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.filter, f)
    }
}

impl<E: ?Sized> Debug for Condition<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({})", self.filter)
    }
}

/// An order of `E`s, from [`Property::asc`] or [`Property::desc`].
pub struct Order<E: ?Sized> {
    order: OrderBy,
    entity: PhantomData<fn(&E)>,
}

impl<E: ?Sized> Order<E> {
    fn new(order: OrderBy) -> Self {
        Self {
            order,
            entity: PhantomData,
        }
    }
}

impl<E: ?Sized> From<Order<E>> for OrderBy {
    fn from(order: Order<E>) -> Self {
        order.order
    }
}

impl<E: ?Sized> Debug for Order<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Order({})", self.order)
    }
}
