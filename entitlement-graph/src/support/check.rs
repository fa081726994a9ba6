//! Holds a query against the table.

use entitlement_core::odata::{Filter, Query, QueryOption};

use super::advanced::advanced;
use super::endpoint::{Endpoint, Kind};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The items of a collection.
    List,
    /// One item of it.
    Item,
    /// How many items there are.
    Count,
}

/// Says why a query must not be sent to the collection at `path`; what the table does not know passes.
///
/// Where the service needs it, the query is made an advanced one; then the answer is `true`, and the header
/// `ConsistencyLevel: eventual` is due.
pub(crate) fn check(path: &str, shape: Shape, query: &mut Query) -> Result<bool, String> {
    let Some(endpoint) = endpoint(path) else {
        return Ok(false);
    };
    endpoint.check(shape, query)?;
    let is_directory = endpoint.kind() != Kind::Governance;
    let asks_linked =
        endpoint.kind() == Kind::Linked && (query.filter.is_some() || !query.order_by.is_empty());
    let advanced = is_directory && shape == Shape::List && (asks_linked || is_advanced(query));
    if advanced {
        query.count = true;
    }
    Ok(advanced || (is_directory && shape == Shape::Count))
}

/// The row of the table that is about the collection at `path`.
fn endpoint(path: &str) -> Option<&'static Endpoint> {
    // A cast to one type changes nothing.
    let path = match path.rsplit_once('/') {
        Some((above, last)) if last.starts_with("microsoft.graph.") => above,
        _ => path,
    };
    Endpoint::at(&path.split('/').collect::<Vec<_>>())
}

impl Endpoint {
    fn check(&self, shape: Shape, query: &Query) -> Result<(), String> {
        let takes: &[QueryOption] = match shape {
            Shape::List => self.options(),
            Shape::Item => &[QueryOption::Select, QueryOption::Expand],
            Shape::Count if self.options().contains(&QueryOption::Search) => {
                &[QueryOption::Filter, QueryOption::Search]
            }
            Shape::Count if self.options().contains(&QueryOption::Filter) => &[QueryOption::Filter],
            Shape::Count => &[],
        };
        // A token of a page came from the service.
        let passes = |option: &QueryOption| {
            takes.contains(option) || *option == QueryOption::SkipToken && shape == Shape::List
        };
        if let Some(option) = query.used_options().find(|option| !passes(option)) {
            let takes: Vec<String> = takes.iter().map(ToString::to_string).collect();
            let takes = match takes.as_slice() {
                [] => "no options".to_owned(),
                some => format!("only {}", some.join(", ")),
            };
            return Err(refusal(option, "", &takes));
        }
        let filtered = query.filter.iter().flat_map(Filter::paths);
        let filtered: Vec<String> = filtered.collect();
        self.check_names(query, &filtered)?;
        match (query.top, self.largest_page()) {
            (Some(top), Some(most)) if top > most => {
                let takes = format!("pages of at most {most}");
                return Err(refusal(QueryOption::Top, "", &takes));
            }
            _ => {}
        }
        let is_filtered_by =
            |name: &str| filtered.iter().any(|path| path.eq_ignore_ascii_case(name));
        match self.required_filter() {
            Some(property) if shape == Shape::List && !is_filtered_by(property) => Err(format!(
                "it has to be filtered by {property} here; where the service has learned to do without, ask through \
                 `unchecked()`"
            )),
            _ => Ok(()),
        }
    }

    fn check_names(&self, query: &Query, filtered: &[String]) -> Result<(), String> {
        let filterable = self.filterable();
        if let Some(path) = filtered.iter().find(|path| !filterable.hold(path)) {
            let takes = format!("only {filterable}");
            return Err(refusal(QueryOption::Filter, &format!(" by {path}"), &takes));
        }
        let expandable = self.expandable();
        for expand in &query.expand {
            let path = expand.path().as_str();
            if !expandable.hold(path) {
                let takes = format!("only {expandable}");
                return Err(refusal(QueryOption::Expand, &format!(" of {path}"), &takes));
            }
            if self.kind() != Kind::Governance && !expand.options().expand.is_empty() {
                let what = format!(" below {path}");
                return Err(refusal(QueryOption::Expand, &what, "one level of links"));
            }
        }
        Ok(())
    }
}

fn refusal(option: QueryOption, what: &str, takes: &str) -> String {
    let alternative = alternative(option);
    format!(
        "{option}{what} is not supported here, which takes {takes}: {alternative}, or, where the service has learned \
         it, ask through `unchecked()`"
    )
}

/// What to do here in place of the option there.
fn alternative(option: QueryOption) -> &'static str {
    match option {
        QueryOption::Select => "read the whole of it",
        QueryOption::Expand | QueryOption::Levels => "read what is linked on its own",
        QueryOption::Filter | QueryOption::Search => {
            "leave out here what you do not want, with `Pager::filter_locally`"
        }
        QueryOption::OrderBy => "sort here, with `Pager::sort_locally`",
        QueryOption::Top => "stop when you have enough, with `Pager::try_take`",
        QueryOption::Skip => "leave out the first ones here, with `Pager::skip_locally`",
        QueryOption::SkipToken => "go on from a `Pager::resume_token`",
        _ => "count what `Pager::try_collect` gives",
    }
}

/// Whether the directory answers only with `ConsistencyLevel: eventual` and `$count`.
fn is_advanced(query: &Query) -> bool {
    let filter = query.filter.as_ref();
    query.count
        || query.search.is_some()
        || filter.is_some_and(|filter| !query.order_by.is_empty() || advanced(filter).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::Names;
    use crate::support::table::ENDPOINTS;
    use entitlement_core::odata::Expand;
    use entitlement_core::query::declared;

    const EM: &str = "identityGovernance/entitlementManagement";

    fn refused(path: &str, shape: Shape, mut query: Query) -> String {
        check(path, shape, &mut query).unwrap_err()
    }

    #[test]
    fn p37_refusals_name_what_is_wrong_what_works_and_what_to_do() {
        let packages = format!("{EM}/accessPackages");
        let text = refused(&packages, Shape::List, Query::new().order_by("displayName"));
        assert_eq!(
            text,
            "$orderby is not supported here, which takes only $select, $expand, $filter, $top, $count: sort here, \
             with `Pager::sort_locally`, or, where the service has learned it, ask through `unchecked()`"
        );
        let by_text = Filter::field("description").eq("x");
        let text = refused(&packages, Shape::List, Query::new().filter(by_text));
        assert!(text.starts_with("$filter by description is not supported here"));
        assert!(text.contains("displayName, isHidden") && text.contains("Pager::filter_locally"));
        let text = refused(
            &packages,
            Shape::Item,
            Query::new().expand("accessPackageCatalog"),
        );
        assert!(
            text.starts_with("$expand of accessPackageCatalog"),
            "{text}"
        );
        let text = refused(&packages, Shape::Item, Query::new().top(1));
        assert!(text.contains("only $select, $expand"), "{text}");
    }

    #[test]
    fn filters_are_looked_through() {
        let organizations = format!("{EM}/connectedOrganizations");
        let fits = |filter: &str| {
            let mut query = Query::new().filter(filter.parse().unwrap());
            check(&organizations, Shape::List, &mut query).is_ok()
        };
        assert!(fits(
            "identitySources/any(is:is/microsoft.graph.azureActiveDirectoryTenant/tenantId eq '72f9')"
        ));
        assert!(fits(
            "not(tolower(DISPLAYNAME) eq 'a') or state in ('configured')"
        ));
        assert!(!fits(
            "state eq 'configured' and not(contains(tolower(description),'a'))"
        ));
        assert!(!fits("identitySourcesOfOld/any()"));
    }

    #[test]
    fn rules_of_single_endpoints() {
        let environments = format!("{EM}/resourceEnvironments");
        let text = refused(&environments, Shape::List, Query::new());
        assert!(text.contains("filtered by originSystem"), "{text}");
        assert_eq!(
            check(&environments, Shape::Item, &mut Query::new()),
            Ok(false)
        );

        let decisions = "identityGovernance/accessReviews/definitions/a/instances/b/decisions";
        let text = refused(decisions, Shape::List, Query::new().top(101));
        assert!(text.contains("pages of at most 100"), "{text}");
        assert!(check(decisions, Shape::List, &mut Query::new().top(100)).is_ok());

        let nested = Query::new().expand(Expand::new("members").expand("manager"));
        assert!(refused("groups", Shape::List, nested).contains("one level of links"));
        assert_eq!(
            check("planner/plans", Shape::List, &mut Query::new().search("x")),
            Ok(false),
            "what the table does not know passes"
        );
    }

    #[test]
    fn the_table_names_what_there_is() {
        let known = |name: &str, link: bool| {
            declared().any(|one| one.path == name && (one.is_link || !link))
        };
        for endpoint in ENDPOINTS {
            let names = |names: Names| match names {
                Names::Any => [].iter(),
                Names::Only(names) => names.iter(),
            };
            for name in names(endpoint.expandable()) {
                assert!(known(name, true), "{}: {name}", endpoint.path());
            }
            for name in names(endpoint.filterable()) {
                let (first, rest) = name.split_once('/').unwrap_or((name, "*"));
                assert!(known(first, rest != "*"), "{}: {name}", endpoint.path());
            }
            let same = ENDPOINTS.iter().filter(|one| one.path() == endpoint.path());
            assert_eq!(same.count(), 1, "{} is there twice", endpoint.path());
        }
    }

    /// The surface is written down once, in the tests of all operations: whatever is a list there has a row here, so
    /// that its queries are held against something.
    #[test]
    fn every_list_of_the_surface_has_a_row() {
        let surface = [
            include_str!("../../tests/operations/table.rs"),
            include_str!("../../tests/operations/intune.rs"),
        ]
        .concat();
        let (mut lists, mut without_row) = (0, Vec::new());
        for operation in surface.split("\"GET ").skip(1) {
            let (line, call) = operation.split_once('"').unwrap();
            let call = call.split(";\n").next().unwrap();
            if !call.contains(".next()") && !call.contains(".count()") {
                continue;
            }
            lists += 1;
            let path = line.split('?').next().unwrap().trim_end_matches("/$count");
            let path = path
                .replace("EM/", &format!("{EM}/"))
                .replace("AR/", "identityGovernance/accessReviews/");
            if endpoint(&path).is_none() {
                without_row.push(path);
            }
        }
        assert_eq!(without_row, [""; 0]);
        assert!(
            lists > 50,
            "the surface is written down in another way now: {lists}"
        );
    }

    #[test]
    fn advanced_queries_of_the_directory_are_marked() {
        for (filter, advanced) in [
            ("startswith(displayName,'a')", false),
            ("endswith(mail,'a')", true),
            ("displayName ne 'a'", true),
            ("not(mailEnabled)", true),
        ] {
            let mut query = Query::new().filter(filter.parse().unwrap());
            assert_eq!(
                check("groups", Shape::List, &mut query),
                Ok(advanced),
                "{filter}"
            );
            assert_eq!(query.count, advanced);
            let members = "groups/g1/members/microsoft.graph.user";
            assert_eq!(check(members, Shape::List, &mut query), Ok(true));
        }
    }
}
