//! Headers that a query needs go with every page.

use entitlement_graph::GraphClient;
use entitlement_graph::core::odata::Query;
use entitlement_graph::testing::{ScriptedTransport, answer};
use http::{HeaderName, HeaderValue, StatusCode};

#[tokio::test]
async fn the_consistency_level_is_sent_again_on_every_page() {
    let next = "https://graph.microsoft.com/v1.0/users?$skiptoken=2";
    let first = format!(r#"{{"value": [], "@odata.nextLink": "{next}"}}"#);
    let pages = [first.as_str(), r#"{"value": []}"#];
    let network =
        ScriptedTransport::new(pages.map(|page| Ok(answer(StatusCode::OK, page.to_owned()))));
    let client = GraphClient::new(network.clone());
    let query = Query::new().search("\"displayName:Ada\"").count();
    let level = HeaderName::from_static("consistencylevel");
    let users = client
        .users()
        .list_with(query)
        .header(level.clone(), HeaderValue::from_static("eventual"));
    assert!(users.try_collect().await.unwrap().is_empty());
    let levels: Vec<_> = network
        .requests()
        .iter()
        .map(|request| request.headers()[&level].clone())
        .collect();
    assert_eq!(levels, ["eventual", "eventual"]);
}
