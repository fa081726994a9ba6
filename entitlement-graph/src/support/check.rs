//! Holds a query against the table.

use entitlement_core::odata::{Comparison, Filter, Operand, Query, TextTest};

use super::endpoint::{Endpoint, Opt};
use super::table::ENDPOINTS;

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
    let asks_linked = endpoint.linked && (query.filter.is_some() || !query.order_by.is_empty());
    let advanced =
        endpoint.directory && shape == Shape::List && (asks_linked || is_advanced(query));
    if advanced {
        query.count = true;
    }
    Ok(advanced || (endpoint.directory && shape == Shape::Count))
}

/// The row of the table that is about the collection at `path`.
fn endpoint(path: &str) -> Option<&'static Endpoint> {
    // A cast to one type changes nothing.
    let path = match path.rsplit_once('/') {
        Some((above, last)) if last.starts_with("microsoft.graph.") => above,
        _ => path,
    };
    ENDPOINTS.iter().find(|endpoint| endpoint.is_at(path))
}

impl Endpoint {
    fn check(&self, shape: Shape, query: &Query) -> Result<(), String> {
        let takes = match shape {
            Shape::List => self.takes,
            Shape::Item => &[Opt::Select, Opt::Expand],
            Shape::Count if self.takes.contains(&Opt::Search) => &[Opt::Filter, Opt::Search],
            Shape::Count if self.takes.contains(&Opt::Filter) => &[Opt::Filter],
            Shape::Count => &[],
        };
        for (option, used) in [
            (Opt::Select, !query.select.is_empty()),
            (Opt::Expand, !query.expand.is_empty()),
            (Opt::Filter, query.filter.is_some()),
            (Opt::OrderBy, !query.order_by.is_empty()),
            (Opt::Top, query.top.is_some()),
            (Opt::Skip, query.skip.is_some()),
            (Opt::Count, query.count),
            (Opt::Search, query.search.is_some()),
        ] {
            if used && !takes.contains(&option) {
                let takes: Vec<String> = takes.iter().map(ToString::to_string).collect();
                let takes = match takes.as_slice() {
                    [] => "no options".to_owned(),
                    some => format!("only {}", some.join(", ")),
                };
                return Err(refusal(option, "", &takes));
            }
        }
        self.check_names(query)?;
        match (query.top, self.most) {
            (Some(top), Some(most)) if top > most => {
                return Err(refusal(Opt::Top, "", &format!("pages of at most {most}")));
            }
            _ => {}
        }
        match self.needs {
            Some(property) if shape == Shape::List && !mentions(query, property) => Err(format!(
                "it has to be filtered by {property} here; where the service has learned to do without, ask through \
                 `unchecked()`"
            )),
            _ => Ok(()),
        }
    }

    fn check_names(&self, query: &Query) -> Result<(), String> {
        if let Some(path) = filtered(query).into_iter().find(|p| !self.filter.hold(p)) {
            let takes = format!("only {}", self.filter);
            return Err(refusal(Opt::Filter, &format!(" by {path}"), &takes));
        }
        for expand in &query.expand {
            let path = expand.path().as_str();
            if !self.expand.hold(path) {
                let takes = format!("only {}", self.expand);
                return Err(refusal(Opt::Expand, &format!(" of {path}"), &takes));
            }
            if self.directory && !expand.options().expand.is_empty() {
                let what = format!(" below {path}");
                return Err(refusal(Opt::Expand, &what, "one level of links"));
            }
        }
        Ok(())
    }
}

fn refusal(option: Opt, what: &str, takes: &str) -> String {
    let alternative = option.alternative();
    format!(
        "{option}{what} is not supported here, which takes {takes}: {alternative}, or, where the service has learned \
         it, ask through `unchecked()`"
    )
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

/// What a lambda's variable stands for.
type Variable<'a> = Option<(&'a str, &'a str)>;

fn collect(filter: &Filter, variable: Variable<'_>, paths: &mut Vec<String>) {
    match filter {
        Filter::Flag(path) | Filter::NonEmpty(path) => paths.push(resolve(path.as_str(), variable)),
        Filter::Compare { left, right, .. } => {
            operand(left, variable, paths);
            operand(right, variable, paths);
        }
        Filter::In { operand: left, .. } => operand(left, variable, paths),
        Filter::Text {
            operand: left,
            pattern,
            ..
        } => {
            operand(left, variable, paths);
            operand(pattern, variable, paths);
        }
        Filter::Lambda(lambda) => {
            let collection = resolve(lambda.collection().as_str(), variable);
            let inner = Some((lambda.variable(), collection.as_str()));
            collect(lambda.condition(), inner, paths);
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

fn operand(operand_: &Operand, variable: Variable<'_>, paths: &mut Vec<String>) {
    match operand_ {
        Operand::Path(path) => paths.push(resolve(path.as_str(), variable)),
        Operand::Call(_, inner) => operand(inner, variable, paths),
        _ => {}
    }
}

fn resolve(path: &str, variable: Variable<'_>) -> String {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match variable {
        Some((name, stands_for)) if name == first && rest.is_empty() => stands_for.to_owned(),
        Some((name, stands_for)) if name == first => format!("{stands_for}/{rest}"),
        _ => path.to_owned(),
    }
}

/// Whether the directory answers only with `ConsistencyLevel: eventual` and `$count`
/// ([advanced queries](https://learn.microsoft.com/graph/aad-advanced-queries)).
fn is_advanced(query: &Query) -> bool {
    let filter = query.filter.as_ref();
    query.count
        || query.search.is_some()
        || filter.is_some_and(|filter| !query.order_by.is_empty() || needs_index(filter))
}

fn needs_index(filter: &Filter) -> bool {
    match filter {
        Filter::Not(_) | Filter::NonEmpty(_) => true,
        Filter::Compare { operator, .. } => *operator == Comparison::Ne,
        Filter::Text { test, .. } => *test != TextTest::StartsWith,
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(needs_index),
        Filter::Lambda(lambda) => needs_index(lambda.condition()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::endpoint::Names;
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
            for name in names(endpoint.expand) {
                assert!(known(name, true), "{}: {name}", endpoint.path);
            }
            for name in names(endpoint.filter) {
                let (first, rest) = name.split_once('/').unwrap_or((name, "*"));
                assert!(known(first, rest != "*"), "{}: {name}", endpoint.path);
            }
            let same = ENDPOINTS.iter().filter(|one| one.path == endpoint.path);
            assert_eq!(same.count(), 1, "{} is there twice", endpoint.path);
        }
    }

    /// The surface is written down once, in the tests of all operations: whatever is a list there has a row here, so
    /// that its queries are held against something.
    #[test]
    fn every_list_of_the_surface_has_a_row() {
        let surface = include_str!("../../tests/operations/table.rs");
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
