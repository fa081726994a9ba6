//! Holds a query against the table of what the service takes.

use std::borrow::Cow;

use entitlement_core::odata::{Filter, Query, QueryOption};
use entitlement_graph::support::{Endpoint, Kind, Names};

use super::advanced;
use super::asked::Asked;
use crate::hints::nearest::nearest;
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
    let (endpoint, is_item) = match at(segments) {
        Some(endpoint) => (endpoint, endpoint.kind() == Kind::Single),
        None => match segments.split_last().and_then(|(_, above)| at(above)) {
            Some(endpoint) => (endpoint, true),
            None => return Ok(Terms::LOOSE),
        },
    };
    let own = Own { endpoint, is_item };
    let filtered = query.filter.as_ref().map(Filter::paths).unwrap_or_default();
    own.check_options(query, asked)?;
    own.check_names(query, &filtered)?;
    if endpoint.kind() == Kind::Governance {
        own.check_list(query, &filtered)?;
        return Ok(Terms::LOOSE);
    }
    if !is_item {
        own.check_list(query, &filtered)?;
        advanced::check(query, asked, endpoint.kind() == Kind::Linked, eventual)?;
    }
    Ok(Terms {
        most_linked: MOST_LINKED,
    })
}

/// The row of the table for a path.
fn at(segments: &[Segment]) -> Option<&'static Endpoint> {
    let names: Vec<Cow<'_, str>> = segments.iter().map(written).collect();
    Endpoint::at(&names)
}

/// A segment as it stood in the path, but for the arguments of a function.
fn written(segment: &Segment) -> Cow<'_, str> {
    match segment.arguments {
        Some(_) => Cow::Owned(format!("{}()", segment.name)),
        None => Cow::Borrowed(&segment.name),
    }
}

/// What a query is held against: a list, or one thing of it.
struct Own {
    endpoint: &'static Endpoint,
    is_item: bool,
}

impl Own {
    fn check_options(&self, query: &Query, asked: Asked) -> Result<(), Refusal> {
        let of_list = self.endpoint.options();
        let takes = |option: &QueryOption| match (asked, option) {
            // A token is sealed, and says itself where it belongs.
            (_, QueryOption::SkipToken) => true,
            (Asked::Number, QueryOption::Filter | QueryOption::Search) => of_list.contains(option),
            (Asked::Number, _) => false,
            _ if self.is_item => match option {
                QueryOption::Select | QueryOption::Expand => true,
                QueryOption::Count => self.is_of_directory(),
                _ => false,
            },
            _ => of_list.contains(option),
        };
        match query.used_options().find(|option| !takes(option)) {
            None => Ok(()),
            Some(option) => Err(refusal(&format!("Query option '{option}' is not allowed."))
                .because(format!(
                    "{option} is not documented for {} here",
                    self.endpoint.path()
                ))),
        }
    }

    fn check_names(&self, query: &Query, filtered: &[String]) -> Result<(), Refusal> {
        let unusable = |option: QueryOption, path: &str, takes: Names| {
            refusal(&format!(
                "The property '{path}' cannot be used in the {option} query option."
            ))
            .because(format!(
                "documented for {} are: {takes}",
                self.endpoint.path()
            ))
            .hints(near(path, takes))
        };
        let filterable = self.endpoint.filterable();
        if let Some(path) = filtered.iter().find(|path| !filterable.hold(path)) {
            return Err(unusable(QueryOption::Filter, path, filterable));
        }
        let expandable = self.endpoint.expandable();
        for expand in &query.expand {
            let path = expand.path().as_str();
            if !expandable.hold(path) {
                return Err(unusable(QueryOption::Expand, path, expandable));
            }
            if self.is_of_directory() && !expand.options().expand.is_empty() {
                return Err(advanced::unsupported(
                    "links of directory objects are followed one level deep",
                ));
            }
        }
        Ok(())
    }

    fn check_list(&self, query: &Query, filtered: &[String]) -> Result<(), Refusal> {
        match (query.top, self.endpoint.largest_page()) {
            (Some(top), Some(most)) if top > most || top == 0 && self.is_of_directory() => {
                return Err(Refusal::bad_request(
                    "Request_BadRequest",
                    format!(
                        "Invalid page size specified: '{top}'. Must be between 1 and {most} inclusive."
                    ),
                ));
            }
            _ => {}
        }
        let is_filtered_by =
            |name: &str| filtered.iter().any(|path| path.eq_ignore_ascii_case(name));
        match self.endpoint.required_filter() {
            Some(property) if !self.is_item && !is_filtered_by(property) => {
                Err(refusal(&format!("A filter by '{property}' is required.")))
            }
            _ => Ok(()),
        }
    }

    fn is_of_directory(&self) -> bool {
        self.endpoint.kind() != Kind::Governance
    }
}

/// The name that was meant, if one is near.
fn near(path: &str, takes: Names) -> Option<String> {
    let Names::Only(names) = takes else {
        return None;
    };
    let meant = nearest(path, names.iter().copied())?;
    Some(format!("did you mean {meant}, not {path}?"))
}

/// The text is that of the OData library that the service uses, after the pattern of ASG-6.
fn refusal(what: &str) -> Refusal {
    Refusal::bad_request("BadRequest", format!("OData query is invalid: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
