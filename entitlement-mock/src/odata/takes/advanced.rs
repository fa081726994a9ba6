//! The directory's advanced queries, which are answered with `ConsistencyLevel: eventual` and `$count=true` only
//! ([advanced queries](https://learn.microsoft.com/graph/aad-advanced-queries)).

use entitlement_core::odata::{Filter, Quantifier, Query};
use entitlement_graph::support;

use super::asked::Asked;
use crate::router::refusal::Refusal;

/// Refuses what the directory does not answer in this way; `linked` if it is asked what an object is linked to.
pub(super) fn check(
    query: &mut Query,
    asked: Asked,
    linked: bool,
    eventual: bool,
) -> Result<(), Refusal> {
    let counts = query.count || asked == Asked::Number;
    if !eventual {
        if asked == Asked::Number {
            return Err(Refusal::bad_request(
                "Request_BadRequest",
                "$count is not currently supported.",
            )
            .because("/$count of directory objects needs the header ConsistencyLevel: eventual"));
        }
        // Without the header the option is passed over.
        query.count = false;
    }
    if query.search.is_some() && !eventual {
        return Err(Refusal::bad_request(
            "Request_UnsupportedQuery",
            "Request with $search query parameter only works through MSGraph with a special request header: \
             'ConsistencyLevel: eventual'",
        ));
    }
    let Some(filter) = &query.filter else {
        if linked && !query.order_by.is_empty() && !(eventual && counts) {
            return Err(needs_header("sorting what an object is linked to"));
        }
        return Ok(());
    };
    if has_all(filter) {
        return Err(unsupported("the directory knows `any`, and no `all`"));
    }
    if eventual && counts {
        return Ok(());
    }
    if linked {
        return Err(needs_header("filtering what an object is linked to"));
    }
    if !query.order_by.is_empty() {
        return Err(needs_header("$filter together with $orderby"));
    }
    match support::advanced(filter) {
        Some(reason) => Err(needs_header(reason)),
        None => Ok(()),
    }
}

/// A query that the directory does not answer at all, or not in this way.
pub(super) fn unsupported(why: impl Into<String>) -> Refusal {
    Refusal::bad_request("Request_UnsupportedQuery", "Unsupported Query.").because(why)
}

fn needs_header(what: &str) -> Refusal {
    unsupported(format!(
        "{what} is an advanced query, which needs $count=true and the header ConsistencyLevel: eventual"
    ))
}

fn has_all(filter: &Filter) -> bool {
    match filter {
        Filter::Lambda(lambda) => {
            lambda.quantifier() == Quantifier::All || has_all(lambda.condition())
        }
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(has_all),
        Filter::Not(inner) => has_all(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(text: &str, linked: bool, eventual: bool) -> bool {
        let mut query = Query::parse(text).unwrap();
        check(&mut query, Asked::Items, linked, eventual).is_ok()
    }

    #[test]
    fn advanced_queries_need_header_and_count() {
        for query in [
            "$filter=displayName ne 'x'",
            "$filter=not(startswith(displayName,'x'))",
            "$filter=endswith(mail,'x')",
            "$filter=mail eq 'x' or assignedLicenses/any()",
            "$filter=groupTypes/$count eq 0",
            "$filter=startswith(displayName,'x')&$orderby=displayName",
        ] {
            let counted = format!("{query}&$count=true");
            assert!(!passes(query, false, false), "{query}");
            assert!(!passes(query, false, true), "{query}");
            assert!(!passes(&counted, false, false), "{query}");
            assert!(passes(&counted, false, true), "{query}");
        }
        assert!(passes("$search=\"displayName:x\"", false, true));
        assert!(!passes("$search=\"displayName:x\"", false, false));
        assert!(!passes("$filter=a/all(x:x eq 1)&$count=true", false, true));
    }

    #[test]
    fn plain_queries_need_nothing() {
        for query in [
            "$filter=startswith(displayName,'x') and groupTypes/any(t:t eq 'Unified')",
            "$orderby=displayName",
            "$filter=mail in ('a','b')&$count=true",
        ] {
            assert!(passes(query, false, false), "{query}");
            assert!(
                passes(query, true, true) || !query.contains("true"),
                "{query}"
            );
        }
        assert!(!passes("$filter=startswith(displayName,'x')", true, false));
        assert!(!passes("$orderby=displayName", true, false));
        let many = format!("$filter=id in ({})", vec!["'x'"; 16].join(","));
        assert!(!passes(&many, false, false));
        assert!(passes(&format!("{many}&$count=true"), false, true));
        assert!(!passes(
            &format!("$filter=id eq '{}'", "x".repeat(121)),
            false,
            false
        ));
    }
}
