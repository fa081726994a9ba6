//! An application signs in with a certificate (feature `client-certificate`).
//!
//! ```no_run
//! use entitlement_graph::auth::authority::Authority;
//! use entitlement_graph::auth::certificate::Certificate;
//! use entitlement_graph::auth::client_credentials::ClientCredentials;
//! # fn example(authority: &Authority) -> Result<ClientCredentials, Box<dyn std::error::Error>> {
//!
//! let certificate = Certificate::from_pem(&std::fs::read("app.crt")?, &std::fs::read("app.key")?)?;
//! let app = ClientCredentials::with_assertion(authority, "11111111-1111-1111-1111-111111111111", certificate);
//! # Ok(app)
//! # }
//! ```
//!
//! Out of a `.pfx` file PEM comes with `openssl pkcs12 -in app.pfx -out app.pem -nodes`; one file may hold both parts.

use std::fmt::{self, Debug};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::rsa::KeyPair;
use ring::signature::RSA_PSS_SHA256;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

use super::client_credentials::{Assertion, AssertionRequest};
use super::token::{Secret, TokenError};

/// How many seconds an assertion is valid.
const LIFETIME: i64 = 300;

/// A certificate of an application and its private key, which sign an assertion for each token
/// ([format](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)).
pub struct Certificate {
    key: KeyPair,
    /// The certificate that belongs to the key.
    der: CertificateDer<'static>,
    /// All certificates of the file, the one that belongs to the key first.
    chain: Option<Vec<CertificateDer<'static>>>,
    others: Vec<CertificateDer<'static>>,
}

impl Certificate {
    /// Reads a certificate and its RSA key, both in PEM; the key as PKCS#8 or PKCS#1, not encrypted.
    ///
    /// Among several certificates the one that belongs to the key is taken.
    ///
    /// # Errors
    ///
    /// When a part is missing, cannot be read, or does not belong to the other. The error shows nothing of either.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Self, TokenError> {
        let key = private_key(key)?;
        let mut all = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_may_quote_the_file| TokenError::new("the certificate is not valid PEM"))?;
        // A certificate holds its public key in this very form.
        let public = key.public().as_ref();
        let own = |der: &CertificateDer<'_>| der.windows(public.len()).any(|part| part == public);
        let index = all.iter().position(own).ok_or_else(|| {
            TokenError::new("there is no certificate that belongs to the private key")
        })?;
        let der = all.remove(index);
        Ok(Self {
            key,
            der,
            chain: None,
            others: all,
        })
    }

    /// Sends the certificates along, for applications that trust an issuer and a subject name in place of single
    /// certificates.
    #[must_use]
    pub fn send_chain(mut self) -> Self {
        let mut chain = vec![self.der.clone()];
        chain.append(&mut self.others);
        self.chain = Some(chain);
        self
    }

    fn sign(&self, about: AssertionRequest<'_>) -> Result<String, ring::error::Unspecified> {
        let random = SystemRandom::new();
        let mut id = [0; 16];
        random.fill(&mut id)?;
        let id = uuid::Builder::from_random_bytes(id).into_uuid();

        let mut header = json!({
            "alg": "PS256",
            "typ": "JWT",
            "x5t#S256": URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.der)),
        });
        if let Some(chain) = &self.chain {
            header["x5c"] = chain.iter().map(|der| STANDARD.encode(der)).collect();
        }
        let now = about.now.as_second();
        let claims = json!({
            "aud": about.audience,
            "iss": about.client_id,
            "sub": about.client_id,
            "jti": id,
            "nbf": now,
            "iat": now,
            "exp": now + LIFETIME,
        });
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature)?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn private_key(pem: &[u8]) -> Result<KeyPair, TokenError> {
    let der = PrivateKeyDer::from_pem_slice(pem)
        .map_err(|_may_quote_the_file| TokenError::new("there is no private key in valid PEM"))?;
    let key = match &der {
        PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(TokenError::new("the private key is not an RSA key")),
    };
    key.map_err(|reason| {
        TokenError::new("the private key is not an RSA key of 2048 to 4096 bits")
            .with_source(reason.to_string())
    })
}

#[async_trait]
impl Assertion for Certificate {
    async fn assertion(&self, about: AssertionRequest<'_>) -> Result<Secret, TokenError> {
        self.sign(about)
            .map(Secret::from)
            .map_err(|_says_nothing| TokenError::new("the assertion could not be signed"))
    }
}

impl Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(redacted)")
    }
}
