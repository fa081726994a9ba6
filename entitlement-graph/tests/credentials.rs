//! What goes to the authority, what its answers mean, and what nobody may see.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::unnecessary_wraps, reason = "scripts hold failures as well")]

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

#[tokio::test]
async fn an_application_asks_with_its_secret() {
    let setup = setup([issued("token")]);
    let token = setup.app().token(None).await.unwrap();
    assert_eq!(token.secret(), "token");
    let lifetime = Duration::from_secs(3599);
    assert_eq!(token.expires_at(), Some(setup.clock.now() + lifetime));

    let request = &setup.network.requests()[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri(),
        "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"
    );
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert!(request.body().ends_with(b"&client_secret=s3cret%26more"));
    let form = form(request);
    assert_eq!(form.len(), 4);
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], APP);
    assert_eq!(form["scope"], "https://graph.microsoft.com/.default");
}

#[tokio::test]
async fn each_cloud_has_its_own_authority_and_scope() {
    for (cloud, login, graph) in [
        (
            Cloud::global(),
            "https://login.microsoftonline.com",
            "https://graph.microsoft.com",
        ),
        (
            Cloud::us_government(),
            "https://login.microsoftonline.us",
            "https://graph.microsoft.us",
        ),
        (
            Cloud::us_government_dod(),
            "https://login.microsoftonline.us",
            "https://dod-graph.microsoft.us",
        ),
        (
            Cloud::china(),
            "https://login.chinacloudapi.cn",
            "https://microsoftgraph.chinacloudapi.cn",
        ),
        (
            Cloud::custom(
                &"http://127.0.0.1:8080".parse().unwrap(),
                &"http://localhost:8081".parse().unwrap(),
            )
            .unwrap(),
            "http://localhost:8081",
            "http://127.0.0.1:8080",
        ),
    ] {
        let network = ScriptedTransport::new([issued("token"), ok("{}")]);
        let authority = Authority::new(network.clone(), &cloud, TENANT).unwrap();
        let client = GraphClient::builder(network.clone())
            .cloud(authority.cloud())
            .token_provider(ClientCredentials::with_secret(&authority, APP, "s"))
            .build();
        client
            .send(Call::get(ResourcePath::new("me")))
            .await
            .unwrap();
        let requests = network.requests();
        assert_eq!(
            requests[0].uri().to_string(),
            format!("{login}/{TENANT}/oauth2/v2.0/token")
        );
        assert_eq!(form(&requests[0])["scope"], format!("{graph}/.default"));
        assert_eq!(requests[1].uri().to_string(), format!("{graph}/v1.0/me"));
        assert_eq!(requests[1].headers()["authorization"], "Bearer token");
    }
}

#[tokio::test]
async fn a_tenant_cannot_bend_the_url() {
    for tenant in [
        "",
        ".",
        "..",
        "contoso.com/../evil",
        "a b",
        "x?y",
        "x#y",
        "@evil.example",
        "\\\\evil.example",
        "%2e%2e",
        "contoso.com\n",
    ] {
        let network = ScriptedTransport::new([]);
        assert!(
            Authority::new(network, &Cloud::global(), tenant).is_err(),
            "{tenant}"
        );
    }
    for tenant in [APP, TENANT, "common", "organizations"] {
        let network = ScriptedTransport::new([]);
        assert!(Authority::new(network, &Cloud::global(), tenant).is_ok());
    }
}

#[tokio::test]
async fn a_lifetime_may_be_a_text_or_missing() {
    let lifetime = Duration::from_secs(86_400);
    for (field, expected) in [
        (r#""expires_in":86400,"#, Some(lifetime)),
        (r#""expires_in":"86400","#, Some(lifetime)),
        (r#""expires_in":null,"#, None),
        ("", None),
    ] {
        let body = format!(r#"{{"token_type":"bearer",{field}"access_token":"t"}}"#);
        let setup = setup([ok(&body)]);
        let token = setup.app().token(None).await.unwrap();
        let expected = expected.map(|lifetime| setup.clock.now() + lifetime);
        assert_eq!(token.expires_at(), expected, "{field}");
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_an_error_that_quotes_nothing() {
    for body in [
        "",
        "<html>",
        "null",
        r#""t0ken""#,
        r#"{"access_token":"t0ken"}"#,
        r#"{"token_type":"Bearer","access_token":["t0ken"]}"#,
        r#"{"token_type":{"t0ken":1},"access_token":"t"}"#,
        r#"{"token_type":"pop","access_token":"t0ken"}"#,
    ] {
        let error = setup([ok(body)]).app().token(None).await.unwrap_err();
        assert!(!all_of(&error).contains("t0ken"), "{error:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let cases = [
        ("invalid_client", 7_000_215, "not its id"),
        ("invalid_client", 7_000_222, "expired"),
        ("unauthorized_client", 700_016, "client id"),
        ("invalid_request", 90_002, "no such tenant"),
        ("invalid_request", 900_382, "another cloud"),
        ("invalid_scope", 70_011, "one resource"),
        ("invalid_resource", 500_011, "scope"),
        ("invalid_grant", 1, "sign in again"),
        ("invalid_client", 1, "secret or certificate"),
    ];
    for (error, code, advice) in cases {
        let body = format!(
            r#"{{"error":"{error}","error_codes":[{code}],"timestamp":"2025-01-09 02:02:12Z",
            "error_description":"AADSTS{code}: Ada Lovelace is not welcome.\r\nTrace ID: x",
            "trace_id":"22222222-2222-2222-2222-222222222222",
            "correlation_id":"33333333-3333-3333-3333-333333333333"}}"#
        );
        let setup = setup([Ok(answer(StatusCode::UNAUTHORIZED, body))]);
        let outcome = setup.app().token(None).await.unwrap_err();
        let refusal = refusal(&outcome);
        assert_eq!(
            (refusal.error(), refusal.codes(), refusal.status().as_u16()),
            (error, &[code][..], 401)
        );
        assert_eq!(
            refusal.description(),
            format!("AADSTS{code}: Ada Lovelace is not welcome.")
        );
        let shown = refusal.to_string();
        assert!(
            shown.starts_with(error) && shown.contains(advice),
            "{shown}"
        );
        assert!(shown.contains("33333333-3333-3333-3333-333333333333"));
        assert!(refusal.trace_id().is_some());
        let all = all_of(&outcome);
        assert!(!all.contains("Ada") && !all.contains("s3cret"), "{all}");
        assert_eq!(setup.network.requests().len(), 1, "not retried");
    }
}

#[tokio::test]
async fn a_refusal_of_any_shape_is_read() {
    for body in [
        "",
        "<html>",
        "[]",
        r#"{"error":{"code":"x"}}"#,
        r#"{"error":"<b>t0ken</b>","error_codes":"x","trace_id":7}"#,
    ] {
        let setup = setup([Ok(answer(StatusCode::BAD_REQUEST, body))]);
        let error = setup.app().token(None).await.unwrap_err();
        assert_eq!(refusal(&error).to_string(), "status 400", "{body}");
    }
    // Redirects are not followed, or the secret would go with them.
    let setup = setup([status(StatusCode::TEMPORARY_REDIRECT)]);
    assert!(setup.app().token(None).await.is_err());
    assert_eq!(setup.network.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_found_through_all_layers() {
    let setup = setup([refused("invalid_client")]);
    let client = GraphClient::builder(setup.network.clone())
        .token_provider(setup.app())
        .clock(setup.clock.clone())
        .build();
    let call = Call::get(ResourcePath::new("me"));
    let error = client.send(call).await.unwrap_err();
    assert_eq!(
        AuthorityError::of(&error).unwrap().error(),
        "invalid_client"
    );
    assert!(AuthorityError::of(&TokenError::new("other")).is_none());
    // The client does not retry what the credential has given up.
    assert_eq!(setup.network.requests().len(), 1);
}

#[tokio::test]
async fn what_passes_is_retried_and_nothing_else() {
    let mut throttled = answer(StatusCode::TOO_MANY_REQUESTS, "");
    throttled.headers_mut().insert("retry-after", 17.into());
    let passing: [fn(Response) -> Answer; 4] = [
        Ok,
        |_| status(StatusCode::SERVICE_UNAVAILABLE),
        |_| refused("temporarily_unavailable"),
        |_| Err(TransportError::maybe_sent(TransportErrorKind::Interrupted)),
    ];
    for outcome in passing {
        let setup = setup([outcome(throttled.clone()), issued("token")]);
        assert!(setup.app().token(None).await.is_ok());
        let forms = setup.forms();
        assert_eq!((forms.len(), &forms[0]), (2, &forms[1]));
        assert_eq!(setup.clock.waits().len(), 1);
    }
    for outcome in [
        refused("invalid_client"),
        status(StatusCode::NOT_FOUND),
        Err(TransportError::not_sent(TransportErrorKind::Refused)),
    ] {
        let setup = setup([outcome, issued("token")]);
        assert!(setup.app().token(None).await.is_err());
        assert_eq!(setup.network.requests().len(), 1);
    }
}

#[tokio::test]
async fn claims_of_the_service_reach_the_authority() {
    let rejected = Rejection::new(AccessToken::new("old"))
        .with_claims(r#"{"access_token":{"nbf":{"value":"1"}}}"#);
    let plain = setup([issued("a"), issued("b")]);
    plain.app().token(None).await.unwrap();
    plain.app().token(Some(&rejected)).await.unwrap();
    let forms = plain.forms();
    assert!(!forms[0].contains_key("claims"));
    assert_eq!(
        forms[1]["claims"],
        r#"{"access_token":{"nbf":{"value":"1"}}}"#
    );

    let revocable = setup_with(
        [issued("a"), issued("b")],
        AuthorityBuilder::revocable_tokens,
    );
    revocable.app().token(None).await.unwrap();
    revocable.app().token(Some(&rejected)).await.unwrap();
    let forms = revocable.forms();
    assert_eq!(
        forms[0]["claims"],
        r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
    );
    assert_eq!(
        forms[1]["claims"],
        r#"{"access_token":{"nbf":{"value":"1"},"xms_cc":{"values":["cp1"]}}}"#
    );
}

/// Says what it was asked.
#[derive(Debug)]
struct Federated;

#[async_trait]
impl Assertion for Federated {
    async fn assertion(&self, about: AssertionRequest<'_>) -> Result<Secret, TokenError> {
        Ok(Secret::from(format!(
            "{} to {} at {}",
            about.client_id, about.audience, about.now
        )))
    }
}

#[tokio::test]
async fn an_assertion_speaks_for_the_application() {
    let setup = setup([issued("token")]);
    let app = ClientCredentials::with_assertion(&setup.authority, APP, Federated);
    app.token(None).await.unwrap();
    let form = &setup.forms()[0];
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert_eq!(
        form["client_assertion"],
        format!(
            "{APP} to https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token at 2025-01-01T00:00:00Z"
        )
    );
    assert!(!form.contains_key("client_secret"));
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
async fn a_person_signs_in_at_another_screen() {
    let setup = setup([
        device_code(r#","expires_in":900,"interval":7,"message":"Please do.""#),
        refused("authorization_pending"),
        refused("slow_down"),
        refused("authorization_pending"),
        issued_with_refresh("token", "r1"),
    ]);
    let (person, prompts) = person(&setup.authority);
    assert_eq!(person.token(None).await.unwrap().secret(), "token");
    assert_eq!(
        *prompts.lock().unwrap(),
        ["GTHK-QPMN at https://microsoft.com/devicelogin: Please do."]
    );
    assert_eq!(setup.clock.waits(), [7, 7, 12, 12].map(Duration::from_secs));
    assert_eq!(
        setup.asked_for(),
        ["devicecode", "token", "token", "token", "token"]
    );
    let forms = setup.forms();
    assert_eq!(
        forms[0]["scope"],
        "https://graph.microsoft.com/.default offline_access"
    );
    assert_eq!(
        forms[1]["grant_type"],
        "urn:ietf:params:oauth:grant-type:device_code"
    );
    assert_eq!(
        (forms[1]["device_code"].as_str(), forms[1].len()),
        ("d3vice", 3)
    );
    assert_eq!(person.refresh_token().unwrap().expose(), "r1");
}

#[tokio::test]
async fn a_prompt_without_message_or_interval_is_completed() {
    let setup = setup([
        device_code(r#","interval":"0""#),
        refused("authorization_pending"),
        issued("token"),
    ]);
    let (person, prompts) = person(&setup.authority);
    person.token(None).await.unwrap();
    let prompt = prompts.lock().unwrap()[0].clone();
    assert!(
        prompt.ends_with("Open https://microsoft.com/devicelogin and enter the code GTHK-QPMN.")
    );
    assert_eq!(setup.clock.waits(), [Duration::from_secs(1); 2]);
}

#[tokio::test]
async fn a_sign_in_ends_when_the_person_or_the_clock_says_so() {
    for (error, advice) in [
        ("authorization_declined", "said no"),
        ("expired_token", "start again"),
        ("bad_verification_code", "start again"),
        ("access_denied", ""),
    ] {
        let setup = setup([device_code(""), refused(error), issued("token")]);
        let (person, _) = person(&setup.authority);
        let outcome = person.token(None).await.unwrap_err();
        assert_eq!(refusal(&outcome).error(), error);
        assert!(refusal(&outcome).to_string().contains(advice));
    }
    // Nobody comes.
    let pending = || refused("authorization_pending");
    let setup = setup([
        device_code(r#","expires_in":12"#),
        pending(),
        pending(),
        pending(),
    ]);
    let (person, _) = person(&setup.authority);
    let error = person.token(None).await.unwrap_err();
    assert!(error.to_string().contains("nobody signed in"));
    assert_eq!(setup.asked_for(), ["devicecode", "token", "token"]);
}

#[tokio::test]
async fn a_lost_connection_does_not_end_a_sign_in() {
    let never = |builder: AuthorityBuilder| builder.retry(RetryPolicy::never());
    let setup = setup_with(
        [
            device_code(""),
            Err(TransportError::maybe_sent(TransportErrorKind::Interrupted)),
            status(StatusCode::BAD_GATEWAY),
            issued("token"),
        ],
        never,
    );
    let (person, prompts) = person(&setup.authority);
    assert!(person.token(None).await.is_ok());
    assert_eq!(setup.clock.waits(), [5, 10, 15].map(Duration::from_secs));
    assert_eq!(prompts.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn later_tokens_come_without_the_person() {
    let setup = setup([
        device_code(""),
        issued_with_refresh("one", "r1"),
        issued_with_refresh("two", "r2"),
        issued("three"),
        status(StatusCode::NOT_FOUND),
        refused("invalid_grant"),
        device_code(""),
        issued("four"),
    ]);
    let (person, prompts) = person(&setup.authority);
    for expected in ["one", "two", "three"] {
        assert_eq!(person.token(None).await.unwrap().secret(), expected);
    }
    let forms = setup.forms();
    assert_eq!(forms[2]["grant_type"], "refresh_token");
    assert_eq!(forms[2]["refresh_token"], "r1");
    assert_eq!(forms[3]["refresh_token"], "r2");
    assert_eq!(prompts.lock().unwrap().len(), 1);

    // Trouble of another kind is no reason to ask the person.
    assert!(person.token(None).await.is_err());
    assert_eq!(person.token(None).await.unwrap().secret(), "four");
    assert_eq!(prompts.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_hundred_requests_prompt_the_person_once() {
    let setup = setup([
        device_code(""),
        refused("authorization_pending"),
        issued("token"),
    ]);
    let (person, prompts) = person(&setup.authority);
    let graph = ScriptedTransport::new((0..100).map(|_| ok("{}")));
    let client = GraphClient::builder(graph.clone())
        .clock(setup.clock.clone())
        .token_provider(person)
        .build();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        tasks.spawn(async move { client.send(Call::get(ResourcePath::new("me"))).await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!(prompts.lock().unwrap().len(), 1);
    assert_eq!(setup.network.remaining(), 0);
}

#[tokio::test]
async fn a_sign_in_goes_on_where_it_ended() {
    let setup = setup([issued_with_refresh("one", "r2"), issued("two")]);
    let (person, prompts) = person(&setup.authority);
    let person = person
        .scopes(["EntitlementManagement.ReadWrite.All", "offline_access"])
        .resume("r1");
    assert_eq!(person.token(None).await.unwrap().secret(), "one");
    assert!(prompts.lock().unwrap().is_empty());
    assert_eq!(
        setup.forms()[0]["scope"],
        "EntitlementManagement.ReadWrite.All offline_access"
    );

    let newest = person.refresh_token().unwrap();
    let later = RefreshToken::new(&setup.authority, APP, newest).scopes(["User.Read"]);
    assert_eq!(later.token(None).await.unwrap().secret(), "two");
    assert_eq!(setup.forms()[1]["refresh_token"], "r2");
    assert_eq!(setup.forms()[1]["scope"], "User.Read");
    assert_eq!(later.newest().expose(), "r2");
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
