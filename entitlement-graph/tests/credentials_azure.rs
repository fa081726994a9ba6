//! Credentials of the Azure SDK behind a client.

#![cfg(feature = "azure-identity")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::ErrorKind;
use azure_core::time::OffsetDateTime;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::TokenProvider;
use entitlement_graph::auth::azure::AzureCredential;
use entitlement_graph::cloud::Cloud;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use http::StatusCode;

const EXPIRY: i64 = 1_735_693_200;

/// Gives the same token for ever, as the SDK's credentials do until it expires.
#[derive(Debug)]
struct Credential {
    token: String,
    scopes: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl TokenCredential for Credential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let mut asked = self.scopes.lock().unwrap();
        asked.extend(scopes.iter().map(|&scope| scope.to_owned()));
        if self.token.is_empty() {
            return Err(azure_core::Error::with_message(ErrorKind::Credential, "no"));
        }
        let expiry = OffsetDateTime::from_unix_timestamp(EXPIRY).unwrap();
        Ok(AccessToken::new(self.token.clone(), expiry))
    }
}

fn credential(token: &str) -> Arc<Credential> {
    Arc::new(Credential {
        token: token.to_owned(),
        scopes: Arc::default(),
    })
}

fn client(network: &ScriptedTransport, tokens: impl TokenProvider + 'static) -> GraphClient {
    GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .token_provider(tokens)
        .build()
}

fn answers(codes: &[StatusCode]) -> ScriptedTransport {
    ScriptedTransport::new(codes.iter().map(|code| Ok(answer(*code, "{}"))))
}

#[tokio::test]
async fn the_credential_is_asked_for_the_scope_of_the_cloud() {
    let credential = credential("t0ken");
    let tokens = AzureCredential::new(&Cloud::china(), Arc::clone(&credential) as _);
    let token = tokens.token(None).await.unwrap();
    assert_eq!(token.secret(), "t0ken");
    assert_eq!(token.expires_at().unwrap().as_second(), EXPIRY);
    assert_eq!(
        *credential.scopes.lock().unwrap(),
        ["https://microsoftgraph.chinacloudapi.cn/.default"]
    );
    assert!(!format!("{tokens:?}").contains("t0ken"));
}

#[tokio::test]
async fn a_rejected_token_is_replaced_by_a_new_credential() {
    let network = answers(&[StatusCode::UNAUTHORIZED, StatusCode::OK]);
    let counter = AtomicUsize::new(0);
    let make = move || {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        Ok(credential(&format!("token{number}")) as Arc<dyn TokenCredential>)
    };
    let tokens = AzureCredential::renewable(&Cloud::global(), make).unwrap();
    let call = Call::get(ResourcePath::new("me"));
    client(&network, tokens).send(call).await.unwrap();
    let sent = network.requests();
    assert_eq!(sent[0].headers()["authorization"], "Bearer token0");
    assert_eq!(sent[1].headers()["authorization"], "Bearer token1");
}

#[tokio::test]
async fn without_a_new_credential_the_401_stands() {
    let network = answers(&[StatusCode::UNAUTHORIZED, StatusCode::OK]);
    let tokens = AzureCredential::new(&Cloud::global(), credential("token") as _);
    let call = Call::get(ResourcePath::new("me"));
    let error = client(&network, tokens).send(call).await.unwrap_err();
    assert!(error.is_unauthenticated());
    assert_eq!(network.requests().len(), 1);
}

#[tokio::test]
async fn the_credentials_error_is_the_cause() {
    let tokens = AzureCredential::new(&Cloud::global(), credential("") as _);
    let error = tokens.token(None).await.unwrap_err();
    assert!(error.source().unwrap().is::<azure_core::Error>());

    let broken = || Err(azure_core::Error::with_message(ErrorKind::Credential, "no"));
    assert!(AzureCredential::renewable(&Cloud::global(), broken).is_err());
}
