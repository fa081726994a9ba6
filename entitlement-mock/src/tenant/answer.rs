//! Answering: who calls, which operation it is, and what the answer looks like on the wire.

use bytes::Bytes;
use entitlement_core::odata::Query;
use entitlement_core::time::Timestamp;
use entitlement_graph::transport::{Request, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::State;
use crate::caller::Caller;
use crate::handlers::{Context, Reply};
use crate::journal::Exchange;
use crate::lifecycle;
use crate::router::refusal::Refusal;
use crate::router::{self, batch, path};
use crate::world::World;

/// An answer, and what the journal says of it.
struct Answered {
    response: Response,
    journal: Exchange,
}

impl State {
    pub(super) fn handle(&mut self, now: Timestamp, request: &Request) -> Response {
        let path = request.uri().path().strip_prefix(VERSION);
        if request.method() == Method::POST && path.is_some_and(batch::is_batch) {
            return self.answer_batch(now, request);
        }
        let answered = self.answer(now, request);
        self.journal.note(answered.journal);
        answered.response
    }

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

    /// Answers one call, in a batch or by itself.
    fn answer(&mut self, now: Timestamp, request: &Request) -> Answered {
        lifecycle::settle(&mut self.world, now);
        let (who, outcome) = match caller(&self.world, request) {
            Ok((who, caller)) => (who, self.carry_out(now, caller, request)),
            Err(refusal) => (NOBODY.to_owned(), Err(refusal)),
        };
        self.answered(now, request, who, outcome)
    }

    /// Answers each call of a batch as if it came by itself, or refuses the batch without having begun.
    fn answer_batch(&mut self, now: Timestamp, request: &Request) -> Response {
        lifecycle::settle(&mut self.world, now);
        let (who, parts) = match caller(&self.world, request) {
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
                        self.answered(now, &part.request, who.clone(), Err(refusal))
                    }
                    None => self.answer(now, &part.request),
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
        let whole = self.answered(now, request, who, outcome);
        self.journal.note(whole.journal);
        for call in calls {
            self.journal.note(call);
        }
        whole.response
    }

    fn carry_out(
        &mut self,
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
        found.route.admit(&self.world, caller)?;
        let query = uri.query().map(Query::parse).transpose();
        let query = query.map_err(|error| Refusal::bad_request("BadRequest", error.to_string()))?;
        let root = service_root(request);
        let mut context = Context {
            page_size: self.world.settings.page_size,
            world: &mut self.world,
            now,
            caller,
            keys: found.keys,
            arguments: found.arguments,
            query: query.unwrap_or_default(),
            body: request.body().clone(),
            root: &root,
            path,
        };
        (found.route.handler)(&mut context)
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
