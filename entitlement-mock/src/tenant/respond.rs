//! What an answer looks like on the wire.

use bytes::Bytes;
use entitlement_core::time::Timestamp;
use entitlement_graph::transport::{Request, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

use crate::handlers::{JSON, Reply};
use crate::router::refusal::Refusal;

/// Gives what came of a call its shape: status, headers and body.
pub(super) fn respond(
    outcome: Result<Reply, Refusal>,
    request: &Request,
    now: Timestamp,
    request_id: &str,
) -> Response {
    let client_request_id = request
        .headers()
        .get("client-request-id")
        .cloned()
        .or_else(|| HeaderValue::from_str(request_id).ok());
    let retry_after = outcome
        .as_ref()
        .err()
        .and_then(|refusal| refusal.retry_after);
    let (status, media_type, body) = match outcome {
        Ok(Reply {
            status,
            body,
            media_type,
        }) => (status, media_type, body),
        Err(refusal) => {
            let client_id = client_request_id
                .as_ref()
                .and_then(|id| id.to_str().ok())
                .unwrap_or_default();
            // ERR-3: the date has no zone and no fraction.
            let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let body = refusal.body(&date, request_id, client_id);
            (refusal.status, JSON, Some(body))
        }
    };
    let mut response = Response::new(body.map_or_else(Bytes::new, |body| body.to_string().into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if !matches!(status, StatusCode::NO_CONTENT | StatusCode::ACCEPTED) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("request-id", id);
    }
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(id) = client_request_id {
        headers.insert("client-request-id", id);
    }
    response
}

/// The answer of something that is not Graph.
pub(super) fn bad_gateway() -> Response {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>";
    let mut response = Response::new(Bytes::from_static(page.as_bytes()));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}
