//! The tenant as a value: make it, sign in to it, turn its clock.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::time::Timestamp;
use entitlement_graph::GraphClient;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::clock::VirtualClock;
use crate::handlers::{Context, Reply};
use crate::journal::{Exchange, Journal};
use crate::lifecycle;
use crate::router::refusal::Refusal;
use crate::router::{self, batch, path};
use crate::world::World;
use crate::world::ids::Ids;

/// An in-memory tenant. Clones are the same tenant.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_mock::Tenant;
///
/// let tenant = Tenant::new();
/// let ada = tenant.person("ada").display_name("Ada Lovelace").add();
/// let me = tenant.user(&ada).client().me().await?;
/// assert_eq!(me.user_principal_name.as_deref(), Some("ada@contoso.onmicrosoft.com"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tenant {
    shared: Arc<Shared>,
}

struct Shared {
    clock: VirtualClock,
    domain: String,
    page_size: usize,
    state: Mutex<State>,
}

struct State {
    world: World,
    journal: Journal,
    request_ids: Ids,
}

/// An answer, and what the journal says of it.
struct Answered {
    response: Response,
    journal: Exchange,
}

impl State {
    /// Turns what came of a call into its answer.
    fn answered(
        &mut self,
        now: Timestamp,
        request: &Request,
        who: String,
        outcome: Result<Reply, Refusal>,
    ) -> Answered {
        let request_id = self.request_ids.next().to_string();
        let explanation = outcome.as_ref().err().map(Refusal::explanation);
        let response = respond(outcome, request, now, &request_id);
        let journal = Exchange {
            at: now,
            who,
            method: request.method().clone(),
            url: request
                .uri()
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
            request_body: request.body().clone(),
            status: response.status(),
            answer_body: response.body().clone(),
            explanation,
            batch_id: None,
        };
        Answered { response, journal }
    }
}

/// What came of a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The tenant answered.
    Answered(Response),
}

impl Tenant {
    /// A tenant with nobody in it, on 1 January 2026.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A tenant to be set up.
    pub fn builder() -> TenantBuilder {
        TenantBuilder {
            seed: 0,
            now: Timestamp::constant(1_767_225_600, 0),
            domain: "contoso.onmicrosoft.com".to_owned(),
            page_size: 100,
        }
    }

    /// The tenant's clock: turn it to make time pass.
    pub fn clock(&self) -> &VirtualClock {
        &self.shared.clock
    }

    /// The tenant's own domain, for sign-in names and My Access links.
    pub fn domain(&self) -> &str {
        &self.shared.domain
    }

    /// Signs in as an application with every permission.
    pub fn app(&self) -> Session {
        self.session("app")
    }

    /// Signs in as a person.
    pub fn user(&self, user: &Id<User>) -> Session {
        self.session(&user.to_string())
    }

    fn session(&self, token: &str) -> Session {
        // An id that cannot stand in a header belongs to nobody, and neither does the empty token.
        let bearer = HeaderValue::try_from(format!("Bearer {token}"));
        Session {
            tenant: self.clone(),
            authorization: bearer.unwrap_or(HeaderValue::from_static("Bearer")),
        }
    }

    /// Everything that was asked and answered so far.
    pub fn journal(&self) -> Vec<Exchange> {
        self.state().journal.all()
    }

    /// Answers a call: everything that is due happens first, then the call is carried out, or refused without a
    /// trace in the tenant's state. Who calls is said by its `Authorization` header, as over HTTP.
    pub fn handle(&self, request: &Request) -> Outcome {
        let now = self.shared.clock.now();
        let mut state = self.state();
        let state = &mut *state;
        let path = request.uri().path().strip_prefix(VERSION);
        let response = if request.method() == Method::POST && path.is_some_and(batch::is_batch) {
            self.answer_batch(state, now, request)
        } else {
            let exchange = self.answer(state, now, request);
            state.journal.note(exchange.journal);
            exchange.response
        };
        Outcome::Answered(response)
    }

    /// Answers one call, in a batch or by itself.
    fn answer(&self, state: &mut State, now: Timestamp, request: &Request) -> Answered {
        lifecycle::settle(&mut state.world, now);
        let (who, outcome) = match caller(&state.world, request) {
            Ok((who, caller)) => (who, self.carry_out(&mut state.world, now, caller, request)),
            Err(refusal) => (NOBODY.to_owned(), Err(refusal)),
        };
        state.answered(now, request, who, outcome)
    }

    /// Answers each call of a batch as if it came by itself, or refuses the batch without having begun.
    fn answer_batch(&self, state: &mut State, now: Timestamp, request: &Request) -> Response {
        lifecycle::settle(&mut state.world, now);
        let (who, parts) = match caller(&state.world, request) {
            Ok((who, _)) => (who, batch::parts(request, &service_root(request))),
            Err(refusal) => (NOBODY.to_owned(), Err(refusal)),
        };
        let mut calls = Vec::new();
        let outcome = parts.map(|parts| {
            let mut answers: Vec<Option<Response>> = vec![None; parts.len()];
            for place in batch::order(&parts) {
                let part = &parts[place];
                let failed = part.after.filter(|first| {
                    let answer = answers[*first].as_ref();
                    answer.is_some_and(|answer| !answer.status().is_success())
                });
                let mut answered = match failed {
                    Some(first) => {
                        let refusal = batch::failed_dependency(&parts[first].id);
                        state.answered(now, &part.request, who.clone(), Err(refusal))
                    }
                    None => self.answer(state, now, &part.request),
                };
                answered.journal.batch_id = Some(part.id.clone());
                answers[place] = Some(answered.response);
                calls.push(answered.journal);
            }
            let answers = parts.iter().zip(&answers);
            let answers: Vec<Value> = answers
                .filter_map(|(part, answer)| Some(batch::answer(&part.id, answer.as_ref()?)))
                .collect();
            Reply::ok(json!({ "responses": answers }))
        });
        let whole = state.answered(now, request, who, outcome);
        state.journal.note(whole.journal);
        for call in calls {
            state.journal.note(call);
        }
        whole.response
    }

    fn carry_out(
        &self,
        world: &mut World,
        now: Timestamp,
        caller: Caller,
        request: &Request,
    ) -> Result<Reply, Refusal> {
        let uri = request.uri();
        let no_route = || Refusal::no_route(&uri.to_string());
        let path = uri.path().strip_prefix(VERSION).ok_or_else(no_route)?;
        let path = path.trim_matches('/');
        let segments = path::segments(path).ok_or_else(no_route)?;
        let found = router::find(request.method(), &segments).ok_or_else(no_route)?;
        found.route.admit(world, caller)?;
        let query = uri.query().map(Query::parse).transpose();
        let query = query.map_err(|error| Refusal::bad_request("BadRequest", error.to_string()))?;
        let root = service_root(request);
        let mut context = Context {
            world,
            now,
            caller,
            keys: found.keys,
            arguments: found.arguments,
            query: query.unwrap_or_default(),
            body: request.body().clone(),
            root: &root,
            path,
            page_size: self.shared.page_size,
        };
        (found.route.handler)(&mut context)
    }

    /// Changes the world from outside of any call, as seeding does.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut World, Timestamp, &str) -> T) -> T {
        let now = self.shared.clock.now();
        change(&mut self.state().world, now, &self.shared.domain)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

const VERSION: &str = "/v1.0";

/// Who calls without a token that is somebody's.
const NOBODY: &str = "nobody";

/// The service root as the caller wrote it, so that links lead back to where they came from.
fn service_root(request: &Request) -> String {
    let uri = request.uri();
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(http::uri::Authority::as_str).or(host);
    format!(
        "{scheme}://{}{VERSION}",
        authority.unwrap_or("graph.microsoft.com")
    )
}

/// Who calls, by the bearer token: `app`, or a person's id or sign-in name.
fn caller(world: &World, request: &Request) -> Result<(String, Caller), Refusal> {
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|header| header.strip_prefix("Bearer "))
        .map(str::trim);
    match token {
        Some("app") => Ok(("app".to_owned(), Caller::App)),
        Some(token) => {
            let user = world
                .find_user(token)
                .and_then(|key| Some((key, world.users.get(key)?)));
            let (key, user) =
                user.ok_or_else(|| no_token("the token names nobody in this tenant"))?;
            Ok((user.principal_name.clone(), Caller::User(key)))
        }
        None => Err(no_token("there is no bearer token")),
    }
}

fn no_token(why: &str) -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        "Access token is empty or invalid.",
    )
    .because(why)
}

fn respond(
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
    let (status, body) = match outcome {
        Ok(Reply { status, body }) => (status, body),
        Err(refusal) => {
            let client_id = client_request_id
                .as_ref()
                .and_then(|id| id.to_str().ok())
                .unwrap_or_default();
            // ERR-3: the date has no zone and no fraction.
            let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            (
                refusal.status,
                Some(refusal.body(&date, request_id, client_id)),
            )
        }
    };
    let mut response = Response::new(body.map_or_else(Bytes::new, |body| body.to_string().into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if !matches!(status, StatusCode::NO_CONTENT | StatusCode::ACCEPTED) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("request-id", id);
    }
    if let Some(id) = client_request_id {
        headers.insert("client-request-id", id);
    }
    response
}

impl Default for Tenant {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant")
            .field("domain", &self.shared.domain)
            .field("now", &self.shared.clock.now())
            .finish_non_exhaustive()
    }
}

/// Sets up a [`Tenant`].
#[derive(Debug, Clone)]
#[must_use = "there is no tenant until `build`"]
pub struct TenantBuilder {
    seed: u64,
    now: Timestamp,
    domain: String,
    page_size: usize,
}

impl TenantBuilder {
    /// Where ids come from: tenants with the same seed and the same history are equal.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What the clock shows at first.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// The tenant's own domain; `contoso.onmicrosoft.com` unless said.
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = domain.into();
        self
    }

    /// How many items a page has unless the caller says; 100, and at least 1.
    pub fn page_size(mut self, items: usize) -> Self {
        self.page_size = items.max(1);
        self
    }

    /// Makes the tenant.
    pub fn build(self) -> Tenant {
        let state = State {
            world: World::new(self.seed, self.now),
            journal: Journal::default(),
            // Ids of calls come from elsewhere, so that reading leaves no trace in what is made later.
            request_ids: Ids::from_seed(!self.seed),
        };
        Tenant {
            shared: Arc::new(Shared {
                clock: VirtualClock::new(self.now),
                domain: self.domain,
                page_size: self.page_size,
                state: Mutex::new(state),
            }),
        }
    }
}

/// A tenant as one identity sees it: a [`Transport`] that answers from memory.
#[derive(Debug, Clone)]
pub struct Session {
    tenant: Tenant,
    authorization: HeaderValue,
}

impl Session {
    /// A client for this identity that waits on the tenant's clock, so that waiting costs nothing.
    pub fn client(&self) -> GraphClient {
        GraphClient::builder(self.clone())
            .clock(self.tenant.clock().clone())
            .retry(RetryPolicy::default().seed(0))
            .seed(0)
            .build()
    }
}

#[async_trait]
impl Transport for Session {
    async fn send(&self, mut request: Request) -> Result<Response, TransportError> {
        request
            .headers_mut()
            .insert(AUTHORIZATION, self.authorization.clone());
        match self.tenant.handle(&request) {
            Outcome::Answered(response) => Ok(response),
        }
    }
}
