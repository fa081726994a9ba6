//! What a filter looks at.

use super::tree::{Filter, Operand};

impl Filter {
    /// The properties that the filter looks at, by their paths from an item of the filtered collection.
    ///
    /// The variables of lambdas are replaced by what they stand for. What is looked at twice is there twice.
    ///
    /// ```
    /// use entitlement_core::odata::Filter;
    ///
    /// let filter: Filter = "state eq 'delivered' and stages/any(s:s/reviewers/all(r:r/id ne s/id))".parse()?;
    /// assert_eq!(filter.paths(), ["state", "stages/reviewers/id", "stages/id"]);
    /// # Ok::<(), entitlement_core::odata::ParseFilterError>(())
    /// ```
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        collect(self, None, &mut paths);
        paths
    }
}

/// What the variables of lambdas stand for, innermost first.
struct Variable<'a> {
    name: &'a str,
    stands_for: String,
    outer: Option<&'a Variable<'a>>,
}

fn collect(filter: &Filter, variable: Option<&Variable<'_>>, paths: &mut Vec<String>) {
    let mut add = |path: &str| paths.push(resolve(path, variable));
    match filter {
        Filter::Constant(_) => {}
        Filter::Flag(path) | Filter::NonEmpty(path) => add(path.as_str()),
        Filter::Compare { left, right, .. } => {
            [left, right].into_iter().filter_map(path_of).for_each(add);
        }
        Filter::In { operand, .. } => path_of(operand).into_iter().for_each(add),
        Filter::Text {
            operand, pattern, ..
        } => {
            [operand, pattern]
                .into_iter()
                .filter_map(path_of)
                .for_each(add);
        }
        Filter::Lambda(lambda) => {
            let inner = Variable {
                name: lambda.variable(),
                stands_for: resolve(lambda.collection().as_str(), variable),
                outer: variable,
            };
            collect(lambda.condition(), Some(&inner), paths);
        }
        Filter::And(parts) | Filter::Or(parts) => {
            for part in parts {
                collect(part, variable, paths);
            }
        }
        Filter::Not(part) => collect(part, variable, paths),
    }
}

fn path_of(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Path(path) => Some(path.as_str()),
        Operand::Call(_, inner) => path_of(inner),
        Operand::Literal(_) => None,
    }
}

fn resolve(path: &str, variable: Option<&Variable<'_>>) -> String {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match variable {
        Some(variable) if variable.name == first && rest.is_empty() => variable.stands_for.clone(),
        Some(variable) if variable.name == first => format!("{}/{rest}", variable.stands_for),
        Some(variable) => resolve(path, variable.outer),
        None => path.to_owned(),
    }
}
