//! The network transport (feature `reqwest`).
//!
//! ```
//! use std::time::Duration;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::auth::StaticToken;
//! use entitlement_graph::transport::TransportError;
//! use entitlement_graph::transport::reqwest::ReqwestTransport;
//!
//! # fn main() -> Result<(), TransportError> {
//! let network = ReqwestTransport::builder().timeout(Duration::from_secs(30)).build()?;
//! let client = GraphClient::builder(network).token_provider(StaticToken::new("a token from elsewhere")).build();
//! # let _ = client;
//! # Ok(())
//! # }
//! ```
//!
//! It needs a Tokio runtime. TLS comes with one of two features; without them only plain http to this machine works,
//! and everything else is refused:
//!
//! | feature | crypto | |
//! |---|---|---|
//! | `rustls` | aws-lc | on by default |
//! | `rustls-ring` | ring, which builds faster and anywhere | with `rustls` on as well it changes nothing |
//!
//! A crypto provider that the program has installed with `rustls` goes first. With `rustls-ring` alone and none
//! installed, building the first transport installs ring for the process.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::BytesMut;
use http::{HeaderValue, Method, header};
use reqwest::{NoProxy, Proxy, redirect};
use url::Url;

use super::{Request, Response, Transport, TransportError, TransportErrorKind, safe_url};

const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "rustls-ring"));

const PRODUCT: &str = concat!("entitlement-graph/", env!("CARGO_PKG_VERSION"));

/// Never through a proxy: over plain http it would see the token.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// A transport over HTTP/1.1 and HTTP/2 with pooled connections.
///
/// * Only https URLs are contacted, and plain http on this machine; others are refused before anything is sent.
/// * Redirects are answers like any other and not followed.
/// * No proxy is used unless one is [configured](ReqwestTransportBuilder::proxy); environment variables are ignored.
/// * Compressed answers arrive decompressed.
///
/// Clones share their connections.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    max_answer: usize,
}

impl ReqwestTransport {
    /// A transport with the defaults of [`ReqwestTransportBuilder`].
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, TransportError> {
        Self::builder().build()
    }

    /// Starts to configure a transport.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder {
            connect_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(100),
            max_answer: 64 << 20,
            user_agent: PRODUCT.to_owned(),
            proxy: None,
        }
    }
}

impl fmt::Debug for ReqwestTransport {
    /// Leaves the client out, whose proxy may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport")
            .field("max_answer", &self.max_answer)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`ReqwestTransport`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct ReqwestTransportBuilder {
    connect_timeout: Duration,
    timeout: Duration,
    max_answer: usize,
    user_agent: String,
    proxy: Option<Url>,
}

impl ReqwestTransportBuilder {
    /// How long making a connection may take. Default 30 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a request may take in all, the answer's body included. Default 100 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The largest answer that is accepted, in bytes after decompression. Default 64 MiB.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// Names the application in `User-Agent`, ahead of this crate: `name/version`.
    pub fn application(mut self, product: &str) -> Self {
        self.user_agent = format!("{product} {PRODUCT}");
        self
    }

    /// Sends everything that leaves this machine through a proxy.
    pub fn proxy(mut self, url: Url) -> Self {
        self.proxy = Some(url);
        self
    }

    /// Builds the transport.
    ///
    /// # Errors
    ///
    /// When the proxy or the application's name is not usable, or TLS cannot be set up on this machine.
    pub fn build(self) -> Result<ReqwestTransport, TransportError> {
        // Without a provider of its own, reqwest panics unless the process has one.
        #[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Failing means that another thread was faster, whose choice is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let mut client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .user_agent(self.user_agent);
        if let Some(url) = self.proxy {
            let proxy = Proxy::all(url).map_err(no_answer)?;
            client = client.proxy(proxy.no_proxy(NoProxy::from_string(THIS_MACHINE)));
        }
        Ok(ReqwestTransport {
            client: client.build().map_err(no_answer)?,
            max_answer: self.max_answer,
        })
    }
}

impl fmt::Debug for ReqwestTransportBuilder {
    /// Leaves the proxy out, which may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("max_answer", &self.max_answer)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let url = safe_url(request.uri())?;
        if !HAS_TLS && url.scheme() == "https" {
            return Err(
                TransportError::not_sent(TransportErrorKind::Refused).with_message(
                    "its URL is https and TLS is not built in (feature `rustls` or `rustls-ring`)",
                ),
            );
        }
        let mut answer = self
            .client
            .execute(outgoing(request, url))
            .await
            .map_err(no_answer)?;
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(no_answer)? {
            if chunk.len() > self.max_answer - body.len() {
                return Err(TransportError::maybe_sent(TransportErrorKind::TooLarge)
                    .with_message(format!("more than {} bytes", self.max_answer)));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

fn outgoing(request: Request, url: Url) -> reqwest::Request {
    let (parts, body) = request.into_parts();
    let mut outgoing = reqwest::Request::new(parts.method, url);
    *outgoing.headers_mut() = parts.headers;
    if !body.is_empty() {
        *outgoing.body_mut() = Some(body.into());
    } else if matches!(
        *outgoing.method(),
        Method::POST | Method::PUT | Method::PATCH
    ) {
        // Actions without parameters are POSTs without a body, and servers insist on a length.
        outgoing
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(0));
    }
    outgoing
}

fn no_answer(error: reqwest::Error) -> TransportError {
    let outcome = if error.is_builder() {
        TransportError::not_sent(TransportErrorKind::Refused)
    } else if error.is_connect() {
        TransportError::not_sent(TransportErrorKind::Connect)
    } else if error.is_timeout() {
        TransportError::maybe_sent(TransportErrorKind::Timeout)
    } else if error.is_request() || error.is_body() || error.is_decode() {
        TransportError::maybe_sent(TransportErrorKind::Interrupted)
    } else {
        TransportError::maybe_sent(TransportErrorKind::Other)
    };
    // URLs carry ids and page tokens.
    outcome.with_source(error.without_url())
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const EMPTY: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    /// 1,000 times the letter a, compressed.
    const GZIP: [u8; 29] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 76, 28, 5, 163, 96, 20, 12, 119, 0, 0, 3, 218, 56,
        154, 232, 3, 0, 0,
    ];

    /// A server that gives every request the same bytes and then closes the connection.
    struct Server {
        root: String,
        received: Arc<Mutex<Vec<String>>>,
    }

    impl Server {
        async fn answering(reply: impl Into<Vec<u8>>) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let root = format!("http://{}", listener.local_addr().unwrap());
            let received = Arc::new(Mutex::new(Vec::new()));
            let (reply, record) = (reply.into(), Arc::clone(&received));
            tokio::spawn(async move {
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    let mut buffer = vec![0; 4096];
                    // These requests are small enough to arrive in one piece.
                    let length = stream.read(&mut buffer).await.unwrap();
                    record
                        .lock()
                        .unwrap()
                        .push(String::from_utf8_lossy(&buffer[..length]).to_lowercase());
                    stream.write_all(&reply).await.unwrap();
                }
            });
            Self { root, received }
        }

        fn request(&self, method: Method, body: &'static str) -> Request {
            let uri = format!("{}/v1.0/things?$skiptoken=secret", self.root);
            http::Request::builder()
                .method(method)
                .uri(uri)
                .body(Bytes::from(body))
                .unwrap()
        }

        async fn get(&self, network: &ReqwestTransport) -> Result<Response, TransportError> {
            network.send(self.request(Method::GET, "")).await
        }

        fn last(&self) -> String {
            self.received.lock().unwrap().last().unwrap().clone()
        }
    }

    fn network() -> ReqwestTransport {
        ReqwestTransport::new().unwrap()
    }

    #[tokio::test]
    async fn every_status_is_an_answer() {
        let reply = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy";
        let answer = Server::answering(reply)
            .await
            .get(&network())
            .await
            .unwrap();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "7");
        assert_eq!(answer.body(), "busy");
    }

    #[tokio::test]
    async fn no_redirect_is_followed() {
        let reply = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let server = Server::answering(reply).await;
        let answer = server.get(&network()).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (302, &"/elsewhere".parse().unwrap())
        );
        assert_eq!(server.received.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn requests_arrive_as_they_are() {
        let server = Server::answering(EMPTY).await;
        let mut request = server.request(Method::PATCH, "{\"a\":1}");
        request
            .headers_mut()
            .insert("if-match", HeaderValue::from_static("*"));
        network().send(request).await.unwrap();
        let received = server.last();
        assert!(
            received.starts_with("patch /v1.0/things?$skiptoken=secret http/1.1\r\n"),
            "{received}"
        );
        for part in [
            "if-match: *\r\n",
            "content-length: 7\r\n",
            "accept-encoding: gzip\r\n",
            "\r\n\r\n{\"a\":1}",
        ] {
            assert!(received.contains(part), "{part} in {received}");
        }
        assert!(
            received.contains(&format!("user-agent: {PRODUCT}\r\n")),
            "{received}"
        );

        let named = ReqwestTransport::builder()
            .application("tool/2")
            .build()
            .unwrap();
        server.get(&named).await.unwrap();
        assert!(
            server
                .last()
                .contains(&format!("user-agent: tool/2 {PRODUCT}\r\n"))
        );
    }

    #[tokio::test]
    async fn a_body_less_post_says_its_length() {
        let server = Server::answering(EMPTY).await;
        for (method, lengths) in [
            (Method::POST, 1),
            (Method::PUT, 1),
            (Method::GET, 0),
            (Method::DELETE, 0),
        ] {
            network()
                .send(server.request(method.clone(), ""))
                .await
                .unwrap();
            assert_eq!(
                server.last().matches("content-length: 0\r\n").count(),
                lengths,
                "{method}"
            );
        }
    }

    #[tokio::test]
    async fn a_refused_connection_was_not_sent() {
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let request = http::Request::get(format!("http://127.0.0.1:{port}/secret"))
            .body(Bytes::new())
            .unwrap();
        let error = network().send(request).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        assert!(!error.may_have_been_carried_out());
        assert!(error.source().is_some());
        assert!(!format!("{error:?}").contains("/secret"), "{error:?}");
    }

    #[cfg(any(feature = "rustls", feature = "rustls-ring"))]
    #[tokio::test]
    async fn without_tls_on_the_other_side_nothing_was_sent() {
        let server = Server::answering(EMPTY).await;
        let url = server.root.replace("http:", "https:");
        let error = network()
            .send(http::Request::post(url).body(Bytes::new()).unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
        assert!(!error.may_have_been_carried_out());
    }

    #[tokio::test]
    async fn a_lost_answer_may_have_been_carried_out() {
        let truncated = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
        for reply in ["", truncated] {
            let error = Server::answering(reply)
                .await
                .get(&network())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error:?}");
            assert!(error.may_have_been_carried_out());
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_late_answer_may_have_been_carried_out() {
        // Accepts connections, as the kernel does by itself, and never answers.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hasty = ReqwestTransport::builder()
            .timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let error = hasty
            .send(http::Request::get(url).body(Bytes::new()).unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Timeout);
        assert!(error.may_have_been_carried_out());
    }

    #[tokio::test]
    async fn an_answer_has_a_largest_size() {
        let plain = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{:0100}",
            0
        );
        let mut zipped = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            GZIP.len()
        )
        .into_bytes();
        zipped.extend_from_slice(&GZIP);
        for (reply, size) in [(plain.into_bytes(), 100), (zipped, 1000)] {
            let server = Server::answering(reply).await;
            let enough = ReqwestTransport::builder()
                .max_answer(size)
                .build()
                .unwrap();
            assert_eq!(server.get(&enough).await.unwrap().body().len(), size);
            let too_small = ReqwestTransport::builder()
                .max_answer(size - 1)
                .build()
                .unwrap();
            let error = server.get(&too_small).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::TooLarge);
            assert!(error.may_have_been_carried_out() && !error.is_transient());
        }
    }

    #[tokio::test]
    async fn unsafe_urls_are_refused() {
        let mut urls = vec![
            "http://graph.microsoft.com/",
            "http://192.0.2.1/",
            "https://a:b@localhost/",
            "/v1.0/me",
        ];
        if !HAS_TLS {
            urls.push("https://localhost/");
        }
        for url in urls {
            let error = network()
                .send(http::Request::get(url).body(Bytes::new()).unwrap())
                .await
                .unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Refused, "{url}");
            assert!(!error.may_have_been_carried_out());
        }
    }

    #[tokio::test]
    async fn what_stays_on_this_machine_uses_no_proxy() {
        let server = Server::answering(EMPTY).await;
        let proxy: Url = "http://user:pass@192.0.2.1:3128".parse().unwrap();
        let builder = ReqwestTransport::builder().proxy(proxy);
        let shown = format!("{builder:?}");
        let network = builder.build().unwrap();
        assert_eq!(server.get(&network).await.unwrap().status(), 204);
        assert!(!format!("{shown} {network:?}").contains("pass"));
    }
}
