//! Queries: what is read is written in a way that reads the same, and the tenant answers it.

#![no_main]

use entitlement_core::odata::Query;
use entitlement_graph::transport::Request;
use entitlement_mock::{Outcome, Tenant};
use http::header::AUTHORIZATION;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(query) = Query::parse(text) {
        let written = query.to_string();
        let again = Query::parse(&written);
        assert_eq!(again.as_ref(), Ok(&query), "{text:?} is written as {written:?}");
    }
    let tenant = Tenant::new();
    tenant.person("ada").add();
    for path in ["users", "identityGovernance/entitlementManagement/catalogs"] {
        let Ok(uri) = format!("https://graph.microsoft.com/v1.0/{path}?{text}").parse() else {
            return;
        };
        let mut request = Request::default();
        *request.uri_mut() = uri;
        if let Ok(bearer) = "Bearer app".parse() {
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        if let Outcome::Answered(answer) = tenant.handle(&request) {
            assert!(answer.status().as_u16() < 500, "{text}: {answer:?}");
        }
    }
});
