//! Queries that only this tenant can be asked: of any bytes, of states that were written down, beyond what is documented.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::GroupDraft;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::time::IsoDuration;
use entitlement_graph::transport::Request;
use entitlement_mock::choices::{Choices, UndocumentedQueries};
use entitlement_mock::snapshot::Snapshot;
use entitlement_mock::{Outcome, Tenant};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderValue, StatusCode, Uri};
use proptest::prelude::*;
use serde_json::Value;

const PATHS: &[&str] = &[
    "users",
    "groups",
    "groups/$count",
    "me",
    "identityGovernance/entitlementManagement/assignments",
    "identityGovernance/entitlementManagement/assignments/$count",
    "identityGovernance/entitlementManagement/accessPackages/filterByCurrentUser(on='allowedRequestor')",
    "identityGovernance/entitlementManagement/catalogs",
];

/// What the tenant answers to a GET of the application; `None` if the URL is none.
fn get(tenant: &Tenant, url: &str) -> Option<(StatusCode, Value)> {
    let uri: Uri = url.parse().ok()?;
    let mut request = Request::default();
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer app"));
    headers.insert("ConsistencyLevel", HeaderValue::from_static("eventual"));
    headers.insert(HOST, HeaderValue::from_static("graph.example"));
    let Outcome::Answered(response) = tenant.handle(&request) else {
        return None;
    };
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    Some((response.status(), body))
}

async fn tenant(choices: Choices) -> Tenant {
    let tenant = Tenant::builder().choices(choices).build();
    let admin = tenant.app().client();
    let entitlement = admin.entitlement();
    let catalog = CatalogDraft::builder("Shelf").build().unwrap();
    let catalog = entitlement.catalogs().create(&catalog).await.unwrap();
    let package = AccessPackageDraft::builder(&catalog.id, "Access")
        .build()
        .unwrap();
    let package = entitlement.packages().create(&package).await.unwrap();
    let policy = AssignmentPolicyDraft::builder(&package.id, "By hand")
        .build()
        .unwrap();
    let policy = entitlement.policies().create(&policy).await.unwrap();
    for name in ["ada", "bob", "cora"] {
        let person = tenant.person(name).add();
        tenant.holding(&person, &policy.id).add().unwrap();
        let group = GroupDraft::security_group(name).build().unwrap();
        admin.groups().create(&group).await.unwrap();
    }
    tenant
}

fn now<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..80), loose in any::<bool>()) {
        let mut choices = Choices::default();
        if loose {
            choices.undocumented_queries = UndocumentedQueries::CarriedOut;
        }
        let tenant = now(tenant(choices));
        let encoded: Vec<String> = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        let text = String::from_utf8_lossy(&bytes);
        for path in PATHS {
            for query in [
                text.to_string(),
                encoded.clone(),
                format!("$filter={encoded}"),
                format!("$filter=displayName%20eq%20'{encoded}'"),
                format!("$search={encoded}"),
                format!("$search=%22displayName:{encoded}%22"),
                format!("$orderby={encoded}"),
                format!("$expand={encoded}"),
                format!("$expand=members({encoded})"),
                format!("$select={encoded}"),
                format!("$skiptoken={encoded}"),
            ] {
                if let Some((status, _)) = get(&tenant, &format!("/v1.0/{path}?{query}")) {
                    prop_assert!(status == StatusCode::OK || status.is_client_error(), "{} {}", status, query);
                }
            }
            get(&tenant, &format!("/v1.0/{path}{encoded}"));
            get(&tenant, &format!("/v1.0/{path}/{text}"));
        }
    }

    #[test]
    fn any_filter_is_answered(filter in "[a-z]{1,4}(/[a-z]{1,3}){0,2} (eq|ne|gt|in|and|has) ('[a-z']{0,4}'|[0-9T:.-]{1,12}|null|\\(1,'a'\\))( (and|or) not\\(id/any\\(a:a/b eq 1\\)\\))?") {
        let mut choices = Choices::default();
        choices.undocumented_queries = UndocumentedQueries::CarriedOut;
        let tenant = now(tenant(choices));
        let filter = filter.replace(' ', "%20");
        for path in PATHS {
            let (status, _) = get(&tenant, &format!("/v1.0/{path}?$filter={filter}&$orderby=id&$count=true")).unwrap();
            prop_assert!(status == StatusCode::OK || status.is_client_error(), "{} {}", status, filter);
        }
    }
}

/// A page token outlives the tenant that gave it out, where its state was written down.
#[tokio::test]
async fn tokens_survive_in_writing() {
    let tenant = tenant(Choices::default()).await;
    let (_, page) = get(&tenant, "/v1.0/groups?$top=2&$select=displayName").unwrap();
    let link = page["@odata.nextLink"].as_str().unwrap();
    let below = link.strip_prefix("https://graph.example").unwrap();
    let written = tenant.snapshot().to_json();
    let again = Tenant::restore(&Snapshot::from_json(&written).unwrap());
    for tenant in [&tenant, &tenant.fork(), &again] {
        let (status, rest) = get(tenant, below).unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_eq!(rest["value"], serde_json::json!([{"displayName": "cora"}]));
    }
    let elsewhere = Tenant::builder().seed(1).build();
    assert_eq!(get(&elsewhere, below).unwrap().0, StatusCode::BAD_REQUEST);
}

/// What nobody documents can be asked all the same, if the tenant was made so.
#[tokio::test]
async fn undocumented_queries_are_carried_out_on_demand() {
    let mut choices = Choices::default();
    choices.undocumented_queries = UndocumentedQueries::CarriedOut;
    let tenant = tenant(choices).await;
    let admin = tenant.app().client();
    let assignments = admin.entitlement().assignments().unchecked();
    let mut query = Query::new()
        .filter(Filter::field("target/displayName").ne("bob"))
        .expand("target")
        .order_by(entitlement_core::odata::OrderBy::desc("target/displayName"));
    query.skip = Some(1);
    let found = assignments.list_with(query).try_collect().await.unwrap();
    let names: Vec<_> = found
        .iter()
        .filter_map(|one| one.target.loaded()?.display_name.as_deref())
        .collect();
    assert_eq!(names, ["ada"]);
}

/// Applications are found by the id that all tenants know them by.
#[tokio::test]
async fn applications_are_found_by_their_other_id() {
    let tenant = tenant(Choices::default()).await;
    tenant.application("Payroll").add();
    for collection in ["servicePrincipals", "applications"] {
        let (_, all) = get(&tenant, &format!("/v1.0/{collection}")).unwrap();
        let first = &all["value"][0];
        let app_id = first["appId"].as_str().unwrap();
        let (_, found) = get(&tenant, &format!("/v1.0/{collection}(appId='{app_id}')")).unwrap();
        assert_eq!(found["id"], first["id"]);
        let unknown = "00000000-0000-4000-8000-000000000000";
        let unknown = format!("/v1.0/{collection}(appId='{unknown}')");
        assert_eq!(get(&tenant, &unknown).unwrap().0, StatusCode::NOT_FOUND);
        let by_name = format!("/v1.0/{collection}(displayName='Payroll')");
        assert_eq!(get(&tenant, &by_name).unwrap().0, StatusCode::NOT_FOUND);
    }
}

/// Whoever is deleted is in no list any more, whatever it is asked for.
#[tokio::test]
async fn the_deleted_are_not_found() {
    let tenant = tenant(Choices::default()).await;
    let found = |query: &str| {
        let (_, answer) = get(&tenant, &format!("/v1.0/users?{query}")).unwrap();
        answer["value"].as_array().map_or(0, Vec::len)
    };
    let queries = [
        "$filter=displayName%20eq%20'ada'",
        "$search=%22displayName:ada%22",
        "$top=1",
    ];
    assert_eq!(queries.map(found), [1, 1, 1]);
    let ada = entitlement_graph::request::ResourcePath::new("users/ada@contoso.onmicrosoft.com");
    let call = entitlement_graph::request::Call::delete(ada);
    tenant.app().client().send(call).await.unwrap();
    assert_eq!(queries.map(found), [0, 0, 1]);
    assert_eq!(found(""), 2);
}

/// What is there to start with grants and ends like what was asked for.
#[tokio::test]
async fn access_to_start_with_ends() {
    let tenant = tenant(Choices::default()).await;
    let admin = tenant.app().client();
    let policy = admin
        .entitlement()
        .policies()
        .list()
        .next()
        .await
        .unwrap()
        .unwrap()
        .id;
    let dora = tenant.person("dora").add();
    let in_ten_days = entitlement_graph::clock::Clock::now(tenant.clock());
    let in_ten_days = IsoDuration::days(10).after(in_ten_days).unwrap();
    let id = tenant
        .holding(&dora, &policy)
        .until(in_ten_days)
        .add()
        .unwrap();
    assert_eq!(tenant.holding(&dora, &policy).add(), None, "REQ-42");
    let state = async || {
        let assignment = admin.entitlement().assignments().get(&id).await.unwrap();
        assignment.state.unwrap().to_string()
    };
    assert_eq!(state().await, "delivered");
    tenant.clock().advance(IsoDuration::days(11));
    assert_eq!(state().await, "expired");
    let unknown = "00000000-0000-4000-8000-000000000000".parse().unwrap();
    assert_eq!(tenant.holding(&dora, &unknown).add(), None);
}
