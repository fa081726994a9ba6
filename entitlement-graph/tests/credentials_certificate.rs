//! Assertions that are signed with a certificate.

#![cfg(feature = "client-certificate")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entitlement_graph::auth::TokenProvider;
use entitlement_graph::auth::authority::Authority;
use entitlement_graph::auth::certificate::Certificate;
use entitlement_graph::auth::client_credentials::ClientCredentials;
use entitlement_graph::cloud::Cloud;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use http::StatusCode;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};

// Made for these tests with openssl; no tenant knows them.
const CERTIFICATE: &[u8] = include_bytes!("data/app.crt");
const ANOTHER: &[u8] = include_bytes!("data/another.crt");
const KEY: &[u8] = include_bytes!("data/app.key");
const PKCS1_KEY: &[u8] = include_bytes!("data/app.pkcs1.key");
const ELLIPTIC_KEY: &[u8] = include_bytes!("data/elliptic.key");

/// `openssl x509 -in app.crt -outform DER | openssl dgst -sha256 -binary | basenc --base64url`, without padding.
const THUMBPRINT: &str = "RnIKJ66_VgXx6h5LXnXcfX4EgGJLLnG9wW5wIhITEik";

const APP: &str = "11111111-1111-1111-1111-111111111111";

/// The assertion that goes out: header, claims, and whether the signature is that of the key.
async fn assertion(certificate: Certificate) -> (Value, Value, bool) {
    let issued = r#"{"token_type":"Bearer","access_token":"token"}"#;
    let network = ScriptedTransport::new([Ok(answer(StatusCode::OK, issued))]);
    let authority = Authority::builder(network.clone(), &Cloud::us_government(), "contoso.com")
        .clock(InstantClock::default())
        .build()
        .unwrap();
    let app = ClientCredentials::with_assertion(&authority, APP, certificate);
    app.token(None).await.unwrap();

    let request = &network.requests()[0];
    let form: HashMap<_, _> = url::form_urlencoded::parse(request.body())
        .into_owned()
        .collect();
    assert!(!form.contains_key("client_secret"));
    let (signed, signature) = form["client_assertion"].rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let json = |part: &str| serde_json::from_slice(&bytes(part)).unwrap();

    let der = PrivatePkcs8KeyDer::from_pem_slice(KEY).unwrap();
    let pair = KeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, pair.public().as_ref());
    let valid = public.verify(signed.as_bytes(), &bytes(signature)).is_ok();
    (json(header), json(claims), valid)
}

#[tokio::test]
async fn an_assertion_is_what_the_authority_wants() {
    let certificate = Certificate::from_pem(CERTIFICATE, KEY).unwrap();
    let (header, mut claims, valid) = assertion(certificate).await;
    assert!(valid);
    assert_eq!(
        header,
        json!({"alg": "PS256", "typ": "JWT", "x5t#S256": THUMBPRINT})
    );
    let id = claims.as_object_mut().unwrap().remove("jti").unwrap();
    assert!(id.as_str().unwrap().parse::<uuid::Uuid>().is_ok());
    let now = 1_735_689_600;
    assert_eq!(
        claims,
        json!({
            "aud": "https://login.microsoftonline.us/contoso.com/oauth2/v2.0/token",
            "iss": APP,
            "sub": APP,
            "nbf": now,
            "iat": now,
            "exp": now + 300,
        })
    );
}

#[tokio::test]
async fn each_assertion_has_its_own_id() {
    let certificate = || Certificate::from_pem(CERTIFICATE, KEY).unwrap();
    let (_, one, _) = assertion(certificate()).await;
    let (_, two, _) = assertion(certificate()).await;
    assert_ne!(one["jti"], two["jti"]);
}

#[tokio::test]
async fn older_keys_whole_files_and_chains_are_read() {
    let mut file = ANOTHER.to_vec();
    file.extend_from_slice(CERTIFICATE);
    file.extend_from_slice(KEY);
    for certificate in [
        Certificate::from_pem(CERTIFICATE, PKCS1_KEY),
        Certificate::from_pem(&file, &file),
    ] {
        let (header, _, valid) = assertion(certificate.unwrap()).await;
        assert!(valid);
        assert_eq!(header["x5t#S256"], THUMBPRINT);
        assert_eq!(header["x5c"], Value::Null);
    }
    let with_chain = Certificate::from_pem(&file, &file).unwrap().send_chain();
    let (header, _, valid) = assertion(with_chain).await;
    assert!(valid);
    let chain = header["x5c"].as_array().unwrap();
    let text = String::from_utf8(CERTIFICATE.to_vec()).unwrap();
    let own: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!((chain.len(), chain[0].as_str()), (2, Some(own.as_str())));
    assert!(STANDARD.decode(chain[1].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_not_shown() {
    let broken = "-----BEGIN PRIVATE KEY-----\ns3cret!\n-----END PRIVATE KEY-----\n".as_bytes();
    for (certificate, key, expected) in [
        (ANOTHER, KEY, "belongs"),
        (KEY, KEY, "belongs"),
        (CERTIFICATE, CERTIFICATE, "no private key"),
        (CERTIFICATE, b"".as_slice(), "no private key"),
        (CERTIFICATE, broken, "no private key"),
        (CERTIFICATE, ELLIPTIC_KEY, "RSA"),
        (broken, KEY, "not valid PEM"),
    ] {
        let error = Certificate::from_pem(certificate, key).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
    let certificate = Certificate::from_pem(CERTIFICATE, KEY).unwrap();
    assert_eq!(format!("{certificate:?}"), "Certificate(redacted)");
}
