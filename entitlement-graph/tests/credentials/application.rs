//! An application signs in as itself: with a secret, or with somebody who vouches for it.

use super::*;

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
