//! What a log shows of calls, and what it never shows.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use entitlement_graph::GraphClient;
use entitlement_graph::auth::StaticToken;
use entitlement_graph::core::entity::Id;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use http::StatusCode;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_call_leaves_one_span_with_its_outcome_and_without_secrets() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let mut busy = answer(StatusCode::TOO_MANY_REQUESTS, "");
    busy.headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    let mut done = answer(StatusCode::OK, r#"{"displayName": "Ada the person"}"#);
    done.headers_mut()
        .insert("request-id", "from-the-service".parse().unwrap());
    let client = GraphClient::builder(ScriptedTransport::new([Ok(busy), Ok(done)]))
        .clock(InstantClock::default())
        .token_provider(StaticToken::new("s3cret-token"))
        .build();
    let ada: Id<()> = "ada@contoso.com".parse().unwrap();
    let call = Call::patch(ResourcePath::new("users").id(&ada))
        .json(&json!({"jobTitle": "a private matter"}))
        .unwrap();
    client.send(call).await.unwrap();

    let log = log.text();
    let spans: Vec<&str> = log.lines().filter(|line| line.contains("close")).collect();
    assert_eq!(spans.len(), 1, "{log}");
    for part in [
        "operation=PATCH users/{id}",
        "status=200",
        "request_id=\"from-the-service\"",
        "client_request_id=",
    ] {
        assert!(spans[0].contains(part), "{part} in {log}");
    }
    assert!(
        log.contains("sent again") && log.contains("attempt=2"),
        "{log}"
    );
    for secret in ["s3cret", "ada@", "Ada", "private"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
