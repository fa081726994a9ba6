//! The expression tree of a filter: its parts, how they combine, how they are written.

use std::fmt::{self, Display};
use std::ops::Not;

use crate::odata::literal::Literal;
use crate::odata::path::Path;

/// A condition on the items of a collection: OData's [`$filter`], as a tree.
///
/// Start from a property with [`Filter::field`] and combine what comes out with
/// [`and`](Self::and), [`or`](Self::or) and `!`. [`Display`] writes the expression
/// with no more parentheses than it needs, [`FromStr`](std::str::FromStr) reads one, and what
/// was written is read back as the same tree.
///
/// ```
/// use entitlement_core::odata::Filter;
///
/// let delivered = Filter::field("state").eq("delivered");
/// let mine = Filter::field("target/objectId").eq("7deff43e");
/// let filter = mine.and(delivered.or(Filter::field("state").eq("delivering")));
///
/// let text = "target/objectId eq '7deff43e' and (state eq 'delivered' or state eq 'delivering')";
/// assert_eq!(filter.to_string(), text);
/// assert_eq!(text.parse(), Ok(filter));
/// ```
///
/// Values cannot break out of their quotes, and [`Path`]s hold nothing but names: whatever text
/// goes into a filter, its structure is the one that was built.
///
/// The variants are there to be matched on, by code that evaluates or translates a filter. Build
/// chains with [`and`](Self::and), [`or`](Self::or), [`all_of`](Self::all_of) and
/// [`any_of`](Self::any_of), which keep them flat; a chain nested by hand in a chain of the same
/// kind means the same and is written the same, but is read back flat.
///
/// What Graph accepts differs from collection to collection, and some of it needs
/// [advanced query capabilities] to be asked for. Of the operators Graph documents `has` is
/// missing here; of the ones OData adds, arithmetic and the functions that take dates apart.
///
/// [`$filter`]: https://learn.microsoft.com/graph/filter-query-parameter
/// [advanced query capabilities]: https://learn.microsoft.com/graph/aad-advanced-queries
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// `true` or `false`, whatever the item.
    Constant(bool),
    /// A boolean property that must be true: `isHidden`.
    Flag(Path),
    /// Two values compared: `state eq 'delivered'`.
    Compare {
        /// What stands before the operator, as a rule a property.
        left: Operand,
        /// The operator.
        operator: Comparison,
        /// What stands after the operator, as a rule a literal.
        right: Operand,
    },
    /// A value that is one of several: `state in ('delivered','delivering')`.
    In {
        /// The value looked for.
        operand: Operand,
        /// Where to look; nothing is in an empty list.
        values: Vec<Literal>,
    },
    /// A test on text: `startswith(displayName,'Sales')`.
    Text {
        /// Where in the text to look.
        test: TextTest,
        /// The text searched.
        operand: Operand,
        /// The text that must be found.
        pattern: Operand,
    },
    /// A collection with something in it: `assignedLicenses/any()`.
    NonEmpty(Path),
    /// A condition on the members of a collection: `groupTypes/any(t:t eq 'Unified')`.
    Lambda(Lambda),
    /// All of these hold. None at all is `true`.
    And(Vec<Filter>),
    /// At least one of these holds. None at all is `false`.
    Or(Vec<Filter>),
    /// This does not hold: `not(startswith(displayName,'Sales'))`.
    Not(Box<Filter>),
}

impl Filter {
    /// A boolean property that must be true, written as its bare name.
    ///
    /// Some parts of Graph insist on a comparison; that is `Filter::field(path).eq(true)`.
    pub fn flag(path: impl Into<Path>) -> Self {
        Self::Flag(path.into())
    }

    /// A collection that must not be empty: `assignedLicenses/any()`.
    pub fn non_empty(collection: impl Into<Path>) -> Self {
        Self::NonEmpty(collection.into())
    }

    /// Both this and `other` hold.
    pub fn and(self, other: Self) -> Self {
        Self::all_of([self, other])
    }

    /// This or `other` holds, or both do.
    pub fn or(self, other: Self) -> Self {
        Self::any_of([self, other])
    }

    /// Every one of the conditions holds; with no conditions, everything does.
    ///
    /// ```
    /// use entitlement_core::odata::Filter;
    ///
    /// let wanted = [("state", "delivered"), ("accessPackage/id", "b15419bb")];
    /// let filter = Filter::all_of(wanted.map(|(path, value)| Filter::field(path).eq(value)));
    /// assert_eq!(filter.to_string(), "state eq 'delivered' and accessPackage/id eq 'b15419bb'");
    /// ```
    pub fn all_of(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Vec::new();
        for condition in conditions {
            match condition {
                Self::And(nested) if parts.is_empty() => parts = nested,
                Self::And(nested) => parts.extend(nested),
                other => parts.push(other),
            }
        }
        Self::chain(parts, true, Self::And)
    }

    /// At least one of the conditions holds; with no conditions, nothing does.
    pub fn any_of(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Vec::new();
        for condition in conditions {
            match condition {
                Self::Or(nested) if parts.is_empty() => parts = nested,
                Self::Or(nested) => parts.extend(nested),
                other => parts.push(other),
            }
        }
        Self::chain(parts, false, Self::Or)
    }

    /// The chain of `parts`, or what stands for it when it would have fewer than two.
    fn chain(mut parts: Vec<Self>, empty: bool, kind: fn(Vec<Self>) -> Self) -> Self {
        if parts.len() > 1 {
            kind(parts)
        } else {
            parts.pop().unwrap_or(Self::Constant(empty))
        }
    }

    /// Writes the filter, in parentheses where `within_and` makes them necessary.
    fn write(&self, f: &mut fmt::Formatter<'_>, within_and: bool) -> fmt::Result {
        match self {
            Self::Constant(value) => value.fmt(f),
            Self::Flag(path) => path.fmt(f),
            Self::Compare {
                left,
                operator,
                right,
            } => write!(f, "{left} {operator} {right}"),
            Self::In { operand, values } => {
                write!(f, "{operand} in (")?;
                write_separated(f, values, ",", |f, value| value.fmt(f))?;
                f.write_str(")")
            }
            Self::Text {
                test,
                operand,
                pattern,
            } => write!(f, "{test}({operand},{pattern})"),
            Self::NonEmpty(collection) => write!(f, "{collection}/any()"),
            Self::Lambda(lambda) => lambda.fmt(f),
            Self::And(parts) if parts.is_empty() => f.write_str("true"),
            Self::And(parts) => write_separated(f, parts, " and ", |f, part| part.write(f, true)),
            Self::Or(parts) => match parts.as_slice() {
                [] => f.write_str("false"),
                [only] => only.write(f, within_and),
                _ if within_and => write!(f, "({self})"),
                _ => write_separated(f, parts, " or ", |f, part| part.write(f, false)),
            },
            Self::Not(condition) => write!(f, "not({condition})"),
        }
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

impl Not for Filter {
    type Output = Self;

    /// The condition that holds where this one does not.
    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// A condition on the members of a collection, each of which a variable names in turn.
///
/// [`Filter::any`] and [`Filter::all`] make one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lambda {
    pub(super) quantifier: Quantifier,
    pub(super) collection: Path,
    pub(super) variable: Path,
    pub(super) condition: Box<Filter>,
}

impl Lambda {
    /// How many of the members have to meet the condition.
    pub fn quantifier(&self) -> Quantifier {
        self.quantifier
    }

    /// The collection whose members are looked at.
    pub fn collection(&self) -> &Path {
        &self.collection
    }

    /// The name that stands for a member, as the first segment of paths in the condition.
    pub fn variable(&self) -> &str {
        self.variable.as_str()
    }

    /// What a member has to meet.
    pub fn condition(&self) -> &Filter {
        &self.condition
    }
}

impl Display for Lambda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            quantifier,
            collection,
            variable,
            condition,
        } = self;
        write!(f, "{collection}/{quantifier}({variable}:{condition})")
    }
}

/// One side of a comparison, or an argument of a function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operand {
    /// The value of a property.
    Path(Path),
    /// A constant.
    Literal(Literal),
    /// A function of another operand: `tolower(displayName)`.
    Call(Function, Box<Operand>),
}

impl Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Literal(literal) => literal.fmt(f),
            Self::Call(function, operand) => write!(f, "{function}({operand})"),
        }
    }
}

impl From<Path> for Operand {
    fn from(path: Path) -> Self {
        Self::Path(path)
    }
}

impl From<Literal> for Operand {
    fn from(literal: Literal) -> Self {
        Self::Literal(literal)
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Comparison {
    /// `eq`: equal.
    Eq,
    /// `ne`: not equal.
    Ne,
    /// `gt`: greater than.
    Gt,
    /// `ge`: greater than or equal.
    Ge,
    /// `lt`: less than.
    Lt,
    /// `le`: less than or equal.
    Le,
}

impl Comparison {
    pub(super) const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A function that gives a value to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Function {
    /// `tolower`: the text in lower case.
    ToLower,
    /// `toupper`: the text in upper case.
    ToUpper,
    /// `trim`: the text without blanks at its ends.
    Trim,
    /// `length`: how many characters the text has.
    Length,
}

impl Function {
    pub(super) const ALL: [Self; 4] = [Self::ToLower, Self::ToUpper, Self::Trim, Self::Length];

    /// The function's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToLower => "tolower",
            Self::ToUpper => "toupper",
            Self::Trim => "trim",
            Self::Length => "length",
        }
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a text has to hold another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextTest {
    /// `contains`: anywhere.
    Contains,
    /// `startswith`: at the beginning.
    StartsWith,
    /// `endswith`: at the end.
    EndsWith,
}

impl TextTest {
    pub(super) const ALL: [Self; 3] = [Self::Contains, Self::StartsWith, Self::EndsWith];

    /// The name of the function that tests it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
        }
    }
}

impl Display for TextTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many members of a collection have to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantifier {
    /// `any`: at least one.
    Any,
    /// `all`: every one; an empty collection passes.
    All,
}

impl Quantifier {
    pub(super) const ALL: [Self; 2] = [Self::Any, Self::All];

    /// The quantifier as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

impl Display for Quantifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes `items` one after the other, with `separator` between them.
fn write_separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    separator: &str,
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(f, item)?;
    }
    Ok(())
}
