use super::tree::{Comparison, Filter, Function, Lambda, Operand, Quantifier, TextTest};
use crate::odata::literal::Literal;
use crate::odata::path::Path;

impl Filter {
    /// Starts a condition on a property.
    ///
    /// ```
    /// use entitlement_core::odata::Filter;
    ///
    /// let filter = Filter::field("accessPackage/id").eq("b15419bb-5ffc-ea11-b207-c8d9d21f4e9a");
    /// assert_eq!(
    ///     filter.to_string(),
    ///     "accessPackage/id eq 'b15419bb-5ffc-ea11-b207-c8d9d21f4e9a'"
    /// );
    /// ```
    pub fn field(path: impl Into<Path>) -> Field {
        Field {
            path: path.into(),
            functions: Vec::new(),
        }
    }

    /// At least one member of a collection meets a condition.
    ///
    /// The condition is written on a field that stands for the member, under the name given as
    /// `variable`. [`Field::field`] goes on to the member's own properties.
    ///
    /// ```
    /// use entitlement_core::odata::Filter;
    ///
    /// let unified = Filter::any("groupTypes", "t", |t| t.eq("Unified"));
    /// assert_eq!(unified.to_string(), "groupTypes/any(t:t eq 'Unified')");
    ///
    /// let gmail = Filter::any("identities", "i", |i| i.field("issuer").eq("google.com"));
    /// assert_eq!(gmail.to_string(), "identities/any(i:i/issuer eq 'google.com')");
    /// ```
    pub fn any(
        collection: impl Into<Path>,
        variable: &'static str,
        condition: impl FnOnce(Field) -> Self,
    ) -> Self {
        Self::lambda(Quantifier::Any, collection.into(), variable, condition)
    }

    /// Every member of a collection meets a condition; an empty collection passes.
    ///
    /// The directory collections of Graph do not support it: there, `!Filter::any(…)` of the
    /// opposite says the same.
    pub fn all(
        collection: impl Into<Path>,
        variable: &'static str,
        condition: impl FnOnce(Field) -> Self,
    ) -> Self {
        Self::lambda(Quantifier::All, collection.into(), variable, condition)
    }

    fn lambda(
        quantifier: Quantifier,
        collection: Path,
        variable: &'static str,
        condition: impl FnOnce(Field) -> Self,
    ) -> Self {
        let member = Path::variable(variable);
        Self::Lambda(Lambda {
            quantifier,
            collection,
            variable: member.clone(),
            condition: Box::new(condition(Self::field(member))),
        })
    }
}

/// A property about to be put into a condition, from [`Filter::field`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "a field is no condition until it is compared with something"]
pub struct Field {
    path: Path,
    functions: Vec<Function>,
}

impl Field {
    /// Goes on to a property of this one: `catalog` to `catalog/id`.
    pub fn field(self, path: impl Into<Path>) -> Self {
        Self {
            path: self.path.join(path),
            ..self
        }
    }

    /// The path of the property.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Compares the lower-case form: `tolower(displayName)`.
    pub fn to_lower(self) -> Self {
        self.call(Function::ToLower)
    }

    /// Compares the upper-case form: `toupper(displayName)`.
    pub fn to_upper(self) -> Self {
        self.call(Function::ToUpper)
    }

    /// Compares the text without blanks at its ends: `trim(displayName)`.
    pub fn trim(self) -> Self {
        self.call(Function::Trim)
    }

    /// Compares the number of characters: `length(displayName)`.
    pub fn length(self) -> Self {
        self.call(Function::Length)
    }

    /// The property equals `value`.
    pub fn eq(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Eq, value)
    }

    /// The property differs from `value`.
    ///
    /// `ne(Literal::Null)` asks for a property that has a value.
    pub fn ne(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Ne, value)
    }

    /// The property is greater than `value`.
    pub fn gt(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Gt, value)
    }

    /// The property is greater than `value` or equals it.
    pub fn ge(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Ge, value)
    }

    /// The property is less than `value`.
    pub fn lt(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Lt, value)
    }

    /// The property is less than `value` or equals it.
    pub fn le(self, value: impl Into<Literal>) -> Filter {
        self.compare(Comparison::Le, value)
    }

    /// The property has no value: `parent eq null`.
    pub fn is_null(self) -> Filter {
        self.eq(Literal::Null)
    }

    /// The property equals one of `values`: `state in ('delivered','delivering')`.
    ///
    /// The directory collections of Graph take up to fifteen values.
    pub fn is_in<V: Into<Literal>>(self, values: impl IntoIterator<Item = V>) -> Filter {
        Filter::In {
            operand: self.into(),
            values: values.into_iter().map(Into::into).collect(),
        }
    }

    /// The property holds `pattern` somewhere in its text.
    pub fn contains(self, pattern: impl Into<Literal>) -> Filter {
        self.test(TextTest::Contains, pattern)
    }

    /// The property's text begins with `pattern`.
    pub fn starts_with(self, pattern: impl Into<Literal>) -> Filter {
        self.test(TextTest::StartsWith, pattern)
    }

    /// The property's text ends with `pattern`.
    pub fn ends_with(self, pattern: impl Into<Literal>) -> Filter {
        self.test(TextTest::EndsWith, pattern)
    }

    fn call(mut self, function: Function) -> Self {
        self.functions.push(function);
        self
    }

    fn compare(self, operator: Comparison, value: impl Into<Literal>) -> Filter {
        Filter::Compare {
            left: self.into(),
            operator,
            right: Operand::Literal(value.into()),
        }
    }

    fn test(self, test: TextTest, pattern: impl Into<Literal>) -> Filter {
        Filter::Text {
            test,
            operand: self.into(),
            pattern: Operand::Literal(pattern.into()),
        }
    }
}

/// The property, inside the functions called on it.
impl From<Field> for Operand {
    fn from(field: Field) -> Self {
        let property = Self::Path(field.path);
        field
            .functions
            .into_iter()
            .fold(property, |operand, function| {
                Self::Call(function, Box::new(operand))
            })
    }
}
