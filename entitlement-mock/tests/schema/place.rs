//! What is found where: the declared type of what a path leads to.

use crate::declared::Schema;

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    One(String),
    Many(String),
    /// A number, links, or something that is not declared here.
    Other,
}

/// The collections that are not below a declared type. What stands for nothing is of a type that is not declared here.
const ROOTS: &[(&str, &str)] = &[
    (
        "identityGovernance/entitlementManagement",
        "entitlementManagement",
    ),
    ("identityGovernance/accessReviews", "accessReviewSet"),
    ("directory/deletedItems/user", "user*"),
    ("directory/deletedItems", "user*"),
    ("users", "user*"),
    ("groups", "group*"),
    ("me", "user"),
];

impl Place {
    /// Where a path below the service root leads.
    pub(crate) fn of(schema: &Schema, path: &str) -> Self {
        let path = path.trim_matches('/');
        let known = ROOTS.iter().find_map(|(root, kind)| {
            let rest = path.strip_prefix(root)?;
            (rest.is_empty() || rest.starts_with(['/', '('])).then_some((rest, *kind))
        });
        let Some((rest, kind)) = known else {
            return Self::Other;
        };
        let start = match kind.strip_suffix('*') {
            Some(kind) => Self::Many(kind.to_owned()),
            None => Self::One(kind.to_owned()),
        };
        let segments = rest.split('/').filter(|segment| !segment.is_empty());
        segments.fold(start, |place, segment| place.below(schema, segment))
    }

    fn below(&self, schema: &Schema, segment: &str) -> Self {
        let segment = segment.strip_prefix("microsoft.graph.").unwrap_or(segment);
        let (name, inside) = segment.split_once('(').unzip();
        let name = name.unwrap_or(segment);
        let (kind, bound_to) = match self {
            Self::Other => return Self::Other,
            Self::One(kind) => (kind, kind.clone()),
            Self::Many(kind) => (kind, format!("Collection({kind})")),
        };
        if name.starts_with('$') {
            return Self::Other;
        }
        let mut bound = schema.bound.iter();
        if let Some(bound) = bound.find(|bound| bound.name == name && bound.on == bound_to) {
            return bound.returns.as_deref().map_or(Self::Other, |returns| {
                let many = returns.strip_prefix("Collection(");
                match many.and_then(|many| many.strip_suffix(')')) {
                    Some(kind) => Self::Many(kind.to_owned()),
                    None => Self::One(returns.to_owned()),
                }
            });
        }
        if inside.is_some() {
            // A key in parentheses, after the name of a collection or of what it is collected in.
            return match self.below(schema, name) {
                Self::Many(kind) | Self::One(kind) if !name.is_empty() => Self::One(kind),
                _ => Self::One(kind.clone()),
            };
        }
        match self {
            Self::Many(_) if schema.types.contains_key(name) => Self::Many(name.to_owned()),
            Self::Many(kind) => Self::One(kind.clone()),
            _ => match schema.property(kind, name) {
                Some(property) if !schema.types.contains_key(&property.kind) => Self::Other,
                Some(property) if property.is_collection => Self::Many(property.kind.clone()),
                Some(property) => Self::One(property.kind.clone()),
                None => Self::Other,
            },
        }
    }
}
