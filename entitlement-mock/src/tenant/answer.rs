//! Answering: who calls, which operation it is, and what the answer looks like on the wire.

use entitlement_core::odata::Query;
use entitlement_core::time::{IsoDuration, Timestamp};
use entitlement_graph::transport::{Request, Response};
use http::header::{AUTHORIZATION, HOST};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::respond::{bad_gateway, respond};
use super::state::State;
use super::visibility::show;
use crate::authorization::{self, Call};
use crate::caller::Token;
use crate::choices::UndocumentedQueries;
use crate::faults::Effect;
use crate::handlers::{Context, Missing, Reply, alternate};
use crate::hints::refused;
use crate::journal::Exchange;
use crate::lifecycle;
use crate::odata::takes::{self, Terms};
use crate::router::refusal::{self as refusals, Refusal};
use crate::router::{self, batch, path};
use crate::storage::is_for_storage;
use crate::world::World;
use crate::world::table::Key;

/// An answer, and what becomes of it on its way back.
pub(super) struct Sent {
    pub(super) response: Response,
    /// Nothing comes back.
    pub(super) lost: Option<Lost>,
    /// How late it is.
    pub(super) delay: Option<IsoDuration>,
}

/// An answer, and what the journal says of it.
pub(super) struct Answered {
    pub(super) sent: Sent,
    pub(super) journal: Exchange,
}

/// A call of which nothing is heard any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) was_carried_out: bool,
}

impl State {
    pub(super) fn handle(&mut self, now: Timestamp, request: &Request) -> Sent {
        if is_for_storage(request) {
            return self.answer_storage(now, request);
        }
        let path = request.uri().path().strip_prefix(VERSION);
        let is_batch = request.method() == Method::POST && path.is_some_and(batch::is_batch);
        let mut parts = Vec::new();
        let answered = self.answer(now, request, |state, token| {
            if is_batch {
                state.answer_batch(now, request, &mut parts)
            } else {
                state.carry_out(now, token, request)
            }
        });
        self.faults.answered();
        // A batch stands before its calls.
        self.journal.note(answered.journal);
        for part in parts {
            self.journal.note(part);
        }
        answered.sent
    }

    /// Turns what came of a call into its answer.
    pub(super) fn answered(
        &mut self,
        now: Timestamp,
        request: &Request,
        who: String,
        outcome: Result<Reply, Refusal>,
    ) -> Answered {
        let request_id = self.request_ids.next().to_string();
        let refusal = outcome.as_ref().err();
        let explanation = refusal.map(Refusal::explanation);
        let hints = refusal.map_or_else(Vec::new, |refusal| refusal.hints.to_vec());
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
            hints,
            batch_id: None,
        };
        let sent = Sent {
            response,
            lost: None,
            delay: None,
        };
        Answered { sent, journal }
    }

    /// Answers one call, in a batch or by itself, unless something goes wrong with it on the way.
    fn answer(
        &mut self,
        now: Timestamp,
        request: &Request,
        carry_out: impl FnOnce(&mut Self, &Token) -> Result<Reply, Refusal>,
    ) -> Answered {
        lifecycle::settle(&mut self.world, self.players.horizon(now));
        let token = match token(&self.world, request) {
            Ok(found) => found,
            Err(refusal) => return self.answered(now, request, NOBODY.to_owned(), Err(refusal)),
        };
        let who = token.name.clone();
        let Some((effect, was_carried_out)) = self.faults.strike(now, request, &who) else {
            let outcome = carry_out(self, &token);
            return self.answered(now, request, who, outcome);
        };
        let outcome = if was_carried_out {
            carry_out(self, &token)
        } else {
            Err(refusals::lost())
        };
        match effect {
            Effect::Fail(failure) => {
                self.answered(now, request, who, Err(refusals::injected(failure)))
            }
            Effect::LosePageToken => {
                self.answered(now, request, who, Err(refusals::unknown_page_token()))
            }
            Effect::Lose => {
                let mut answered = self.answered(now, request, who, Err(refusals::lost()));
                answered.sent.lost = Some(Lost { was_carried_out });
                answered
            }
            Effect::Delay(delay) => {
                let mut answered = self.answered(now, request, who, outcome);
                answered.sent.delay = Some(delay);
                answered
            }
            Effect::Truncate => {
                let mut answered = self.answered(now, request, who, outcome);
                let body = answered.sent.response.body_mut();
                body.truncate(body.len() / 2);
                answered
            }
            Effect::Html => {
                let mut answered = self.answered(now, request, who, Err(refusals::lost()));
                answered.sent.response = bad_gateway();
                answered.journal.status = answered.sent.response.status();
                answered
            }
        }
    }

    /// Answers each call of a batch as if it came by itself, or refuses the batch without having begun.
    fn answer_batch(
        &mut self,
        now: Timestamp,
        request: &Request,
        journal: &mut Vec<Exchange>,
    ) -> Result<Reply, Refusal> {
        let parts = batch::parts(request, &service_root(request))?;
        let mut answers: Vec<Option<Response>> = vec![None; parts.len()];
        for place in batch::order(&parts) {
            let part = &parts[place];
            let failed = part.after.filter(|first| {
                let answer = answers[*first].as_ref();
                answer.is_some_and(|answer| !answer.status().is_success())
            });
            let mut answered = self.answer(now, &part.request, |state, token| match failed {
                Some(first) => Err(batch::failed_dependency(&parts[first].id)),
                None => state.carry_out(now, token, &part.request),
            });
            answered.journal.batch_id = Some(part.id.clone());
            answers[place] = Some(answered.sent.response);
            journal.push(answered.journal);
        }
        let answers = parts.iter().zip(&answers);
        let answers: Vec<Value> = answers
            .filter_map(|(part, answer)| Some(batch::answer(&part.id, answer.as_ref()?)))
            .collect();
        Ok(Reply::ok(json!({ "responses": answers })))
    }

    /// Carries out a call, or says in more words than the caller gets to hear why not.
    fn carry_out(
        &mut self,
        now: Timestamp,
        token: &Token,
        request: &Request,
    ) -> Result<Reply, Refusal> {
        self.attempt(now, token, request).map_err(|refusal| {
            let hints = refused::hints(&self.world, token, request, &refusal);
            refusal.hints(hints)
        })
    }

    fn attempt(
        &mut self,
        now: Timestamp,
        token: &Token,
        request: &Request,
    ) -> Result<Reply, Refusal> {
        let uri = request.uri();
        let no_route = || Refusal::no_route(&uri.to_string());
        let path = uri.path().strip_prefix(VERSION).ok_or_else(no_route)?;
        let path = path.trim_matches('/');
        let segments = path::segments(path).ok_or_else(no_route)?;
        let (mut found, own) = router::find(request.method(), &segments).ok_or_else(no_route)?;
        alternate::resolve(&self.world, &mut found, no_route)?;
        for (name, text) in &found.keys {
            let unseen = Key::try_parse(text).is_ok_and(|key| self.world.unseen.look_for(key, now));
            if unseen {
                return Err(Missing::of_key(name).refusal().because(format!(
                    "{text} was made a short while ago and can not be found yet"
                )));
            }
        }
        let query = uri.query().map(Query::parse).transpose();
        let query = query.map_err(|error| Refusal::bad_request("BadRequest", error.to_string()))?;
        let mut query = query.unwrap_or_default();
        let plain: Vec<&str> = own.iter().map(|segment| segment.name.as_str()).collect();
        let call = Call {
            method: request.method(),
            path: &plain.join("/"),
            query: &query,
            body: request.body(),
        };
        let admitted = authorization::admit(&self.world, token, &found, call)?;
        let undocumented = self.world.settings.choices.undocumented_queries;
        let terms = match undocumented {
            UndocumentedQueries::Refused if request.method() == Method::GET => {
                takes::check(&own, found.asked, &mut query, is_eventual(request))?
            }
            _ => Terms::LOOSE,
        };
        let root = service_root(request);
        let mut context = Context {
            page_size: self.world.settings.page_size,
            world: &mut self.world,
            now,
            caller: admitted.caller,
            keys: found.keys,
            arguments: found.arguments,
            query,
            asked: found.asked,
            cast: found.cast,
            terms,
            body: request.body().clone(),
            root: &root,
            path,
        };
        let mut reply = (found.route.handler)(&mut context)?;
        if let Some(permission) = admitted.permission {
            self.permissions_used.note(token, permission);
        }
        show(&mut self.world, request.method(), &mut reply, now);
        Ok(reply)
    }
}

const VERSION: &str = "/v1.0";

/// Whether the caller is content with an index that lags behind.
fn is_eventual(request: &Request) -> bool {
    let level = request.headers().get("ConsistencyLevel");
    level.is_some_and(|level| level.as_bytes().eq_ignore_ascii_case(b"eventual"))
}

/// Who calls without a token that is somebody's.
pub(super) const NOBODY: &str = "nobody";

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

/// Who calls, by the bearer token.
fn token(world: &World, request: &Request) -> Result<Token, Refusal> {
    let header = request.headers().get(AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    let scheme = header.and_then(|header| header.split_once(' '));
    let text = scheme.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    let (_, text) = text.ok_or_else(|| no_token("there is no bearer token"))?;
    let token = Token::read(world, text.trim());
    token.ok_or_else(|| no_token("the token names nobody in this tenant"))
}

fn no_token(why: &str) -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        "Access token is empty or invalid.",
    )
    .because(why)
}
