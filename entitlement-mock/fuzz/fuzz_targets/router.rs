//! Calls of all kinds, one a line: method, path, body. The state goes on from call to call.

#![no_main]

use entitlement_core::time::IsoDuration;
use entitlement_graph::transport::Request;
use entitlement_mock::{Outcome, Tenant};
use http::header::AUTHORIZATION;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let tenant = Tenant::new();
    tenant.person("ada").add();
    for line in text.lines().take(16) {
        let mut parts = line.splitn(3, ' ');
        let method = parts.next().and_then(|method| method.parse().ok());
        let path = parts.next().unwrap_or_default();
        let uri = format!("https://graph.microsoft.com/v1.0/{path}").parse().ok();
        let (Some(method), Some(uri)) = (method, uri) else {
            continue;
        };
        let mut request = Request::default();
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.body_mut() = parts.next().unwrap_or_default().to_owned().into();
        if let Ok(bearer) = "Bearer app".parse() {
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        if let Outcome::Answered(answer) = tenant.handle(&request) {
            assert!(answer.status().as_u16() < 500, "{line}: {answer:?}");
        }
        tenant.clock().advance(IsoDuration::days(3));
    }
    let _ = tenant.snapshot();
});
