//! Holds a query against the table.

use entitlement_core::odata::{Filter, Operand, Query};

use super::advanced;
use super::endpoint::{Asked, Directory, Endpoint, Opt};
use super::table::ENDPOINTS;
use crate::router::path::Segment;
use crate::router::refusal::Refusal;

/// What a query is to be answered with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// The most items that an expanded link shows.
    pub(crate) most_linked: usize,
}

/// The most items of an expanded link of a directory object.
const MOST_LINKED: usize = 20;

impl Terms {
    /// Everything that can be done is done.
    pub(crate) const LOOSE: Self = Self {
        most_linked: usize::MAX,
    };
}

/// Refuses a query that the list at a path does not take; `eventual` if the caller has sent
/// `ConsistencyLevel: eventual`.
pub(crate) fn check(
    segments: &[Segment],
    asked: Asked,
    query: &mut Query,
    eventual: bool,
) -> Result<Terms, Refusal> {
    let at = |segments: &[Segment]| ENDPOINTS.iter().find(|endpoint| endpoint.is_at(segments));
    let (endpoint, is_item) = match at(segments) {
        Some(endpoint) => (endpoint, endpoint.directory == Directory::Single),
        None => match segments.split_last().and_then(|(_, above)| at(above)) {
            Some(endpoint) => (endpoint, true),
            None => return Ok(Terms::LOOSE),
        },
    };
    endpoint.check_options(query, asked, is_item)?;
    endpoint.check_names(query)?;
    if endpoint.directory == Directory::No {
        endpoint.check_list(query, is_item)?;
        return Ok(Terms::LOOSE);
    }
    if !is_item {
        endpoint.check_list(query, is_item)?;
        let linked = endpoint.directory == Directory::Linked;
        advanced::check(query, asked, linked, eventual)?;
    }
    Ok(Terms {
        most_linked: MOST_LINKED,
    })
}

impl Endpoint {
    fn check_options(&self, query: &Query, asked: Asked, is_item: bool) -> Result<(), Refusal> {
        let is_directory = self.directory != Directory::No;
        let takes = |option: Opt| match asked {
            Asked::Number => {
                matches!(option, Opt::Filter | Opt::Search) && self.takes.contains(&option)
            }
            Asked::Items | Asked::Links if is_item => {
                matches!(option, Opt::Select | Opt::Expand) || is_directory && option == Opt::Count
            }
            Asked::Items | Asked::Links => self.takes.contains(&option),
        };
        let used = [
            (Opt::Select, !query.select.is_empty()),
            (Opt::Expand, !query.expand.is_empty()),
            (Opt::Filter, query.filter.is_some()),
            (Opt::OrderBy, !query.order_by.is_empty()),
            (Opt::Top, query.top.is_some()),
            (Opt::Skip, query.skip.is_some()),
            (Opt::Count, query.count),
            (Opt::Search, query.search.is_some()),
        ];
        let strange = used
            .into_iter()
            .find(|(option, used)| *used && !takes(*option));
        match strange {
            None => Ok(()),
            Some((option, _)) => Err(refusal(&format!("Query option '{option}' is not allowed."))
                .because(format!("{option} is not documented for {} here", self.path))),
        }
    }

    fn check_names(&self, query: &Query) -> Result<(), Refusal> {
        let unusable = |option: Opt, path: &str, takes: &dyn std::fmt::Display| {
            refusal(&format!(
                "The property '{path}' cannot be used in the {option} query option."
            ))
            .because(format!("documented for {} are: {takes}", self.path))
        };
        if let Some(path) = filtered(query).iter().find(|path| !self.filter.hold(path)) {
            return Err(unusable(Opt::Filter, path, &self.filter));
        }
        for expand in &query.expand {
            let path = expand.path().as_str();
            if !self.expand.hold(path) {
                return Err(unusable(Opt::Expand, path, &self.expand));
            }
            if self.directory != Directory::No && !expand.options().expand.is_empty() {
                return Err(advanced::unsupported(
                    "links of directory objects are followed one level deep",
                ));
            }
        }
        Ok(())
    }

    fn check_list(&self, query: &Query, is_item: bool) -> Result<(), Refusal> {
        match (query.top, self.most) {
            (Some(top), Some(most))
                if top > most || top == 0 && self.directory != Directory::No =>
            {
                return Err(Refusal::bad_request(
                    "Request_BadRequest",
                    format!(
                        "Invalid page size specified: '{top}'. Must be between 1 and {most} inclusive."
                    ),
                ));
            }
            _ => {}
        }
        match self.needs {
            Some(property) if !is_item && !mentions(query, property) => {
                Err(refusal(&format!("A filter by '{property}' is required.")))
            }
            _ => Ok(()),
        }
    }
}

/// The text is that of the OData library that the service uses, after the pattern of ASG-6.
fn refusal(what: &str) -> Refusal {
    Refusal::bad_request("BadRequest", format!("OData query is invalid: {what}"))
}

fn mentions(query: &Query, property: &str) -> bool {
    let paths = filtered(query);
    paths.iter().any(|path| path.eq_ignore_ascii_case(property))
}

/// The properties that the filter looks at.
fn filtered(query: &Query) -> Vec<String> {
    let mut paths = Vec::new();
    if let Some(filter) = &query.filter {
        collect(filter, None, &mut paths);
    }
    paths
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
        _ => {}
    }
}

fn path_of(operand: &Operand) -> Option<&str> {
    match operand {
        Operand::Path(path) => Some(path.as_str()),
        Operand::Call(_, inner) => path_of(inner),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::types;
    use crate::router::path;

    fn asked(path: &str, query: &str) -> Result<(), String> {
        let path = path.replace("EM/", "identityGovernance/entitlementManagement/");
        let segments = path::segments(&path).unwrap();
        let mut query = Query::parse(query).unwrap();
        let outcome = check(&segments, Asked::Items, &mut query, false);
        outcome.map(|_| ()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn what_is_documented_passes() {
        for (path, query) in [
            (
                "EM/assignments",
                "$filter=state eq 'Delivered' and target/objectid eq 'x'&$expand=target,accessPackage",
            ),
            (
                "EM/accesspackages/1",
                "$expand=resourceRoleScopes($expand=role,scope)&$select=id",
            ),
            (
                "EM/connectedOrganizations",
                "$filter=identitySources/any(is:is/microsoft.graph.domainIdentitySource/domainName eq 'x')",
            ),
            (
                "EM/accessPackages/filterByCurrentUser(on='allowedRequestor')",
                "$filter=displayName eq 'x'",
            ),
            (
                "EM/resourceEnvironments",
                "$filter=originSystem eq 'SharePointOnline'",
            ),
            ("users", "$filter=startswith(displayName,'a')&$top=999"),
            ("me", "$expand=manager($levels=max)&$count=true"),
            ("EM/unheardOf", "$orderby=id"),
        ] {
            assert_eq!(asked(path, query), Ok(()), "{path}?{query}");
        }
    }

    #[test]
    fn what_is_not_is_refused() {
        for (path, query, message) in [
            (
                "EM/catalogs",
                "$orderby=id",
                "Query option '$orderby' is not allowed.",
            ),
            (
                "EM/catalogs/1",
                "$top=1",
                "Query option '$top' is not allowed.",
            ),
            (
                "EM/accessPackages/1/incompatibleGroups",
                "$select=id",
                "Query option '$select' is not allowed.",
            ),
            (
                "EM/assignments",
                "$filter=not(schedule/expiration/type eq 'x')",
                "The property 'schedule/expiration/type' cannot be used in the $filter query option.",
            ),
            (
                "EM/assignments",
                "$expand=catalog",
                "The property 'catalog' cannot be used in the $expand query option.",
            ),
            (
                "EM/resourceEnvironments",
                "",
                "A filter by 'originSystem' is required.",
            ),
        ] {
            let message = format!("OData query is invalid: {message}");
            assert_eq!(asked(path, query), Err(message), "{path}?{query}");
        }
        assert!(asked("groups", "$top=1000").is_err());
        assert!(asked("groups/1", "$expand=members($expand=manager)").is_err());
        let decisions = "identityGovernance/accessReviews/definitions/1/instances/2/decisions";
        assert!(asked(decisions, "$top=101").is_err());
        assert_eq!(asked(decisions, "$top=100&$skip=3"), Ok(()));
    }

    #[test]
    fn links_in_the_table_are_links_of_the_model() {
        for endpoint in ENDPOINTS {
            if let crate::odata::takes::endpoint::Names::Only(names) = endpoint.expand {
                for name in names {
                    let is_link = entitlement_core::query::declared().any(|one| {
                        one.is_link && one.path == *name && !types::is_declared(one.entity, name)
                    });
                    assert!(is_link, "{}: {name}", endpoint.path);
                }
            }
        }
    }
}
