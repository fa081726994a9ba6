//! What goes to the authority, what its answers mean, and what nobody may see.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::unnecessary_wraps, reason = "scripts hold failures as well")]

mod application;
mod people;
mod refusals;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::authority::{Authority, AuthorityBuilder, AuthorityError};
use entitlement_graph::auth::client_credentials::{Assertion, AssertionRequest, ClientCredentials};
use entitlement_graph::auth::device_code::DeviceCode;
use entitlement_graph::auth::refresh_token::RefreshToken;
use entitlement_graph::auth::{AccessToken, Cached, Rejection, Secret, TokenError, TokenProvider};
use entitlement_graph::clock::Clock;
use entitlement_graph::cloud::Cloud;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Request, Response, TransportError, TransportErrorKind};
use http::StatusCode;

const APP: &str = "11111111-1111-1111-1111-111111111111";
const TENANT: &str = "contoso.onmicrosoft.com";

type Answer = Result<Response, TransportError>;

fn ok(body: &str) -> Answer {
    Ok(answer(StatusCode::OK, body.to_owned()))
}

fn issued(token: &str) -> Answer {
    ok(&format!(
        r#"{{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"{token}"}}"#
    ))
}

fn issued_with_refresh(token: &str, refresh: &str) -> Answer {
    ok(&format!(
        r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"{token}","refresh_token":"{refresh}"}}"#
    ))
}

fn refused(error: &str) -> Answer {
    let body = format!(r#"{{"error":"{error}"}}"#);
    Ok(answer(StatusCode::BAD_REQUEST, body))
}

fn status(status: StatusCode) -> Answer {
    Ok(answer(status, "<html>"))
}

struct Setup {
    network: ScriptedTransport,
    clock: InstantClock,
    authority: Authority,
}

fn setup<const N: usize>(answers: [Answer; N]) -> Setup {
    setup_with(answers, |builder| builder)
}

fn setup_with<const N: usize>(
    answers: [Answer; N],
    more: impl FnOnce(AuthorityBuilder) -> AuthorityBuilder,
) -> Setup {
    let (network, clock) = (ScriptedTransport::new(answers), InstantClock::default());
    let builder = Authority::builder(network.clone(), &Cloud::global(), TENANT)
        .clock(clock.clone())
        .retry(RetryPolicy::default().seed(1));
    Setup {
        authority: more(builder).build().unwrap(),
        network,
        clock,
    }
}

impl Setup {
    fn app(&self) -> ClientCredentials {
        ClientCredentials::with_secret(&self.authority, APP, "s3cret&more")
    }

    /// The forms that went out.
    fn forms(&self) -> Vec<HashMap<String, String>> {
        self.network.requests().iter().map(form).collect()
    }

    fn asked_for(&self) -> Vec<String> {
        let path = |request: &Request| {
            let path = request.uri().path();
            path.rsplit('/').next().unwrap().to_owned()
        };
        self.network.requests().iter().map(path).collect()
    }
}

fn form(request: &Request) -> HashMap<String, String> {
    url::form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}

/// Everything that an error shows, in any way.
fn all_of(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    let shown = causes.map(|error| format!("{error} {error:?}"));
    shown.collect::<Vec<_>>().join("; ")
}

fn refusal(error: &TokenError) -> &AuthorityError {
    AuthorityError::of(error).unwrap()
}

fn device_code(fields: &str) -> Answer {
    ok(&format!(
        r#"{{"device_code":"d3vice","user_code":"GTHK-QPMN","verification_uri":"https://microsoft.com/devicelogin"{fields}}}"#
    ))
}

/// A device code sign-in that remembers its prompts.
fn person(authority: &Authority) -> (DeviceCode, Arc<Mutex<Vec<String>>>) {
    let prompts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&prompts);
    let person = DeviceCode::new(authority, APP, move |login| {
        assert!(!format!("{login:?}").contains("GTHK"));
        let (code, page) = (login.user_code(), login.verification_uri());
        let text = format!("{code} at {page}: {}", login.message());
        seen.lock().unwrap().push(text);
    });
    (person, prompts)
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let setup = setup([
        device_code(""),
        issued_with_refresh("t0ken", "r3fresh"),
        refused("invalid_client"),
        issued_with_refresh("t0ken", "r3fresh"),
    ]);
    let (person, _) = person(&setup.authority);
    person.token(None).await.unwrap();
    let app = setup.app();
    let error = app.token(None).await.unwrap_err();
    let resumed = RefreshToken::new(&setup.authority, APP, "r3fresh");
    let cached = Cached::new(app, Arc::new(setup.clock.clone()));
    let form = [("grant_type", "something"), ("assertion", "s3cret")];
    let grant = setup.authority.redeem(&form, None).await.unwrap();
    let shown = format!(
        "{person:?} {cached:?} {resumed:?} {grant:?} {:?} {}",
        setup.authority,
        all_of(&error)
    );
    for secret in ["s3cret", "t0ken", "r3fresh", "d3vice", "GTHK"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert_eq!(format!("{:?}", Secret::from("s3cret")), "Secret(redacted)");
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_tenant_on_this_machine_signs_in_over_http() {
    use entitlement_graph::transport::reqwest::ReqwestTransport;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let cloud = Cloud::custom(&root.parse().unwrap(), &root.parse().unwrap()).unwrap();
    let server = tokio::spawn(async move {
        let mut received = Vec::new();
        for body in [r#"{"token_type":"Bearer","access_token":"t"}"#, "{}"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut buffer, mut request) = (vec![0; 4096], String::new());
            // The form's last field ends the first request, the empty line the second.
            while !request.contains("client_secret=s") && !request.starts_with("GET") {
                let length = stream.read(&mut buffer).await.unwrap();
                request.push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
            let length = body.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all((head + body).as_bytes()).await.unwrap();
            received.push(request);
        }
        received
    });

    let network = ReqwestTransport::new().unwrap();
    let authority = Authority::new(network.clone(), &cloud, TENANT).unwrap();
    let client = GraphClient::builder(network)
        .cloud(&cloud)
        .token_provider(ClientCredentials::with_secret(&authority, APP, "s"))
        .build();
    let call = Call::get(ResourcePath::new("me"));
    client.send(call).await.unwrap();
    let received = server.await.unwrap();
    assert!(received[0].starts_with(&format!("POST /{TENANT}/oauth2/v2.0/token ")));
    assert!(received[1].starts_with("GET /v1.0/me "));
    assert!(received[1].contains("authorization: Bearer t\r\n"));
}
