//! Queries as they stand, for what no typed client would send.

use entitlement_core::odata::Query;
use entitlement_graph::raw::RawCall;
use entitlement_graph::{Error, GraphClient};
use http::{HeaderName, HeaderValue, Method};
use serde_json::Value;

/// A call to a path with a query that no client looks at; `eventual` sends `ConsistencyLevel: eventual`.
pub(super) fn call(
    client: &GraphClient,
    path: &str,
    query: &str,
    eventual: bool,
) -> Result<RawCall, Error> {
    let query = Query::parse(query).expect("a query");
    let call = client.raw(Method::GET, path)?.query(query);
    if !eventual {
        return Ok(call);
    }
    let name = HeaderName::from_static("consistencylevel");
    Ok(call.header(name, HeaderValue::from_static("eventual")))
}

/// Reads a path, and of a list the first page.
pub(super) async fn get(
    client: &GraphClient,
    path: &str,
    query: &str,
    eventual: bool,
) -> Result<Value, Error> {
    call(client, path, query, eventual)?.fetch().await
}

/// Reads a whole list.
pub(super) async fn all(
    client: &GraphClient,
    path: &str,
    query: &str,
    eventual: bool,
) -> Vec<Value> {
    let call = call(client, path, query, eventual).expect("a path");
    let items = call.pages().try_collect().await;
    items.unwrap_or_else(|error| panic!("{path}?{query}: {error}"))
}

/// The names of what an answer lists.
pub(super) fn names(answer: &Value) -> Vec<&str> {
    let items = answer["value"].as_array().into_iter().flatten();
    items
        .filter_map(|item| item["displayName"].as_str())
        .collect()
}
