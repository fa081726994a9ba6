//! The handle with which everything starts.
//!
//! A [`GraphClient`] is cheap to clone and stacks retrying, throttling and authorization over any
//! [`Transport`]; what can be done with it is opened by methods such as
//! [`entitlement`](GraphClient::entitlement) and [`users`](GraphClient::users).
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::auth::StaticToken;
//! use entitlement_graph::testing::ScriptedTransport;
//!
//! let client = GraphClient::builder(ScriptedTransport::new([]))
//!     .token_provider(StaticToken::new("a token from elsewhere"))
//!     .build();
//! let same = client.clone();
//! ```

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use serde::de::DeserializeOwned;
use tracing::Instrument;
use url::Url;
use uuid::Uuid;

use crate::auth::{Authorize, Cached, Rejection, TokenClaims, TokenProvider, no_token};
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::error::{Error, Operation};
use crate::request::{self, Call};
use crate::seed;
use crate::transport::retry::{Retry, RetryPolicy};
use crate::transport::throttle::{Throttle, ThrottlePolicy};
use crate::transport::{Request, Response, Transport, TransportError};
use crate::turns::Turns;

/// A client for one identity in one tenant. Clones share everything.
#[derive(Clone)]
pub struct GraphClient {
    shared: Arc<Shared>,
}

struct Shared {
    transport: Pipeline,
    /// Where the transport's tokens come from, if it needs any.
    tokens: Option<Arc<dyn TokenProvider>>,
    root: Root,
    clock: Arc<dyn Clock>,
    /// What is made under a name is made one at a time.
    turns: Turns,
    /// Gives every call its `client-request-id`.
    ids: Mutex<ChaCha8Rng>,
}

/// What every call goes through.
pub(crate) type Pipeline = Retry<Throttle<Box<dyn Transport>>>;

/// Where the service is: `https://graph.microsoft.com/v1.0`.
struct Root {
    url: Url,
    /// The URL without slash at the end.
    text: String,
}

impl GraphClient {
    /// A client with the defaults, for a transport that needs no token from us.
    pub fn new(transport: impl Transport + 'static) -> Self {
        Self::builder(transport).build()
    }

    /// A client to be set up.
    pub fn builder(transport: impl Transport + 'static) -> GraphClientBuilder {
        GraphClientBuilder {
            transport: Box::new(transport),
            root: Cloud::global().service_root(),
            clock: Arc::new(SystemClock),
            retry: RetryPolicy::default(),
            throttle: ThrottlePolicy::default(),
            tokens: None,
            seed: None,
        }
    }

    /// Carries out a call and returns the answer as it came, for whatever has no typed method.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] for an error status, [`Error::Transport`] if no answer came.
    pub async fn send(&self, call: Call) -> Result<Response, Error> {
        let url = call.url(&self.shared.root.text);
        self.send_to(call, &url).await
    }

    /// Carries out a call at a URL that was checked, such as a link to the next page.
    pub(crate) async fn send_to(&self, call: Call, url: &str) -> Result<Response, Error> {
        let operation = call.operation();
        let id = self.next_request_id();
        let span = tracing::debug_span!(
            "graph",
            operation = %operation,
            client_request_id = %id,
            status = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        let request = call.into_request(url, id)?;
        let body = request.body().clone();
        let sent = self.shared.transport.send(request);
        let outcome = sent.instrument(span.clone()).await;
        if let Ok(answer) = &outcome {
            span.record("status", answer.status().as_u16());
            let request_id = answer.headers().get("request-id");
            span.record("request_id", request_id.and_then(|id| id.to_str().ok()));
        }
        match outcome {
            Ok(response) => request::check(&operation, &body, response),
            Err(source) => Err(Error::Transport { operation, source }),
        }
    }

    /// Carries out a call and reads its answer.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`], and [`Error::Decode`] if the answer is not a `T`.
    pub async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let operation = call.operation();
        let response = self.send(call).await?;
        request::read(&operation, &response)
    }

    /// What the client's token says about its bearer: who it is, and which permissions it has (P30). `None` if there is
    /// no token provider, or the token is opaque.
    ///
    /// # Errors
    ///
    /// [`Error::Transport`] if no token can be had.
    pub async fn whoami(&self) -> Result<Option<TokenClaims>, Error> {
        let Some(tokens) = &self.shared.tokens else {
            return Ok(None);
        };
        let token = tokens.token(None).await;
        let token = token.map_err(|error| Error::Transport {
            operation: Operation::new(Method::GET, "access token"),
            source: no_token(error),
        })?;
        Ok(TokenClaims::read(&token))
    }

    /// Gets another token in place of one that was refused; says whether there is one.
    pub(crate) async fn renew_token(&self, refused: &Rejection) -> Result<bool, TransportError> {
        let Some(tokens) = &self.shared.tokens else {
            return Ok(false);
        };
        let fresh = tokens.token(Some(refused)).await.map_err(no_token)?;
        Ok(fresh.secret() != refused.token().secret())
    }

    /// A call as it goes out by itself.
    pub(crate) fn prepare(&self, call: Call) -> Result<Request, Error> {
        let url = call.url(&self.shared.root.text);
        call.into_request(&url, self.next_request_id())
    }

    pub(crate) fn root(&self) -> &Url {
        &self.shared.root.url
    }

    /// The root without slash at the end.
    pub(crate) fn root_text(&self) -> &str {
        &self.shared.root.text
    }

    pub(crate) fn pipeline(&self) -> &Pipeline {
        &self.shared.transport
    }

    /// A link the service sent is followed only on the service's own origin; its path is the service's business, which
    /// sometimes writes another version into it.
    pub(crate) fn check_link(&self, operation: &Operation, link: &str) -> Result<Url, Error> {
        let refuse = |reason: &str| Error::Refused {
            operation: operation.clone(),
            reason: reason.to_owned(),
        };
        let root = &self.shared.root.url;
        let url = root
            .join(link)
            .map_err(|_not_a_url| refuse("the link to the next page is no URL"))?;
        if url.origin() != root.origin() || !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("the link to the next page leads to another origin"));
        }
        Ok(url)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.shared.turns
    }

    /// A seed for whatever draws at random on behalf of this client.
    pub(crate) fn next_seed(&self) -> u64 {
        let mut ids = self
            .shared
            .ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.next_u64()
    }

    fn next_request_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        // A random generator cannot be left half-way by a panic.
        let mut ids = self
            .shared
            .ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

impl Debug for GraphClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphClient")
            .field("root", &self.shared.root.text)
            .field("transport", &self.shared.transport)
            .finish_non_exhaustive()
    }
}

/// Sets up a [`GraphClient`].
#[derive(Debug)]
#[must_use = "nothing happens until `build`"]
pub struct GraphClientBuilder {
    transport: Box<dyn Transport>,
    root: Url,
    clock: Arc<dyn Clock>,
    retry: RetryPolicy,
    throttle: ThrottlePolicy,
    tokens: Option<Arc<dyn TokenProvider>>,
    seed: Option<u64>,
}

impl GraphClientBuilder {
    /// Which cloud the tenant is in; the worldwide one unless said.
    pub fn cloud(self, cloud: &Cloud) -> Self {
        self.root(cloud.service_root())
    }

    /// Where the service is, version included, in place of what a [`cloud`](Self::cloud) says.
    pub fn root(mut self, root: Url) -> Self {
        self.root = root;
        self
    }

    /// What time it is and how waiting is done; the system's clock unless said.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// When a call is tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many calls are sent at a time, and how fast.
    pub fn throttle(mut self, policy: ThrottlePolicy) -> Self {
        self.throttle = policy;
        self
    }

    /// Where access tokens come from; they are sent to the origin of the root only.
    pub fn token_provider(mut self, tokens: impl TokenProvider + 'static) -> Self {
        self.tokens = Some(Arc::new(tokens));
        self
    }

    /// Makes the ids of calls the same in every run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Stacks `Retry(Throttle(Authorize(transport)))`, so that every try waits its turn and has a fresh token.
    pub fn build(self) -> GraphClient {
        let clock = Arc::clone(&self.clock);
        let tokens: Option<Arc<dyn TokenProvider>> = match self.tokens {
            Some(provider) => Some(Arc::new(Cached::new(provider, clock))),
            None => None,
        };
        let transport: Box<dyn Transport> = match &tokens {
            Some(tokens) => Box::new(Authorize::keeping(
                self.transport,
                Arc::clone(tokens),
                &self.root,
            )),
            None => self.transport,
        };
        let throttled = Throttle::new(transport, self.throttle, Arc::clone(&self.clock));
        let transport = Retry::new(throttled, self.retry, Arc::clone(&self.clock));
        let seed = self.seed.unwrap_or_else(seed::ambient);
        let text = self.root.as_str().trim_end_matches('/').to_owned();
        GraphClient {
            shared: Arc::new(Shared {
                transport,
                tokens,
                root: Root {
                    url: self.root,
                    text,
                },
                clock: self.clock,
                turns: Turns::default(),
                ids: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            }),
        }
    }
}
