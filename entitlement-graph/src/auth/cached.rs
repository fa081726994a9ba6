//! Keeps a token while it is good, and gets the next one once for all who wait for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::token::{AccessToken, Rejection, TokenError, TokenProvider};
use crate::clock::{Clock, moment_after};

/// A token is replaced when it has less than this to live.
const REFRESH_AHEAD: Duration = Duration::from_secs(300);

/// How long a token is used at least before the next try to replace it ahead of time.
const REFRESH_PAUSE: Duration = Duration::from_secs(30);

/// A provider that asks another one as seldom as possible.
///
/// * A token is replaced five minutes before it expires. One caller waits for the new token, all others go on with
///   the old one.
/// * If that fails, the old token is used until it expires; the provider is asked again after 30 s at the earliest.
/// * Without a usable token everybody waits for one call to the provider, and shares its token or its error.
/// * A rejected token is replaced once, however many requests it was rejected for.
///
/// [`Authorize`](super::Authorize) has one inside. To share the tokens of one identity between several clients, give
/// each of them the same one:
///
/// ```
/// use std::sync::Arc;
/// use entitlement_graph::GraphClient;
/// use entitlement_graph::auth::{Cached, StaticToken};
/// use entitlement_graph::clock::SystemClock;
/// use entitlement_graph::testing::ScriptedTransport;
///
/// let tokens = Arc::new(Cached::new(StaticToken::new("a token from elsewhere"), Arc::new(SystemClock)));
/// let one = GraphClient::builder(ScriptedTransport::new([])).token_provider(Arc::clone(&tokens)).build();
/// let two = GraphClient::builder(ScriptedTransport::new([])).token_provider(tokens).build();
/// # let _ = (one, two);
/// ```
#[derive(Debug)]
pub struct Cached<P> {
    provider: P,
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
    /// Held by the one who asks the provider.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Kept {
    token: Option<AccessToken>,
    no_refresh_before: Timestamp,
    /// How many calls to the provider have come to an end, and what the last of them was about and gave.
    calls: u64,
    last: Option<(Option<Rejection>, Result<AccessToken, TokenError>)>,
}

enum State {
    Good(AccessToken),
    Due(AccessToken),
    Gone,
}

impl<P: TokenProvider> Cached<P> {
    /// Keeps the tokens of `provider`, which expire on `clock`.
    pub fn new(provider: P, clock: Arc<dyn Clock>) -> Self {
        Self {
            provider,
            clock,
            kept: Mutex::new(Kept {
                token: None,
                no_refresh_before: Timestamp::MIN,
                calls: 0,
                last: None,
            }),
            turn: tokio::sync::Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> State {
        let now = self.clock.now();
        let kept = self.kept();
        match &kept.token {
            Some(token) if token.time_left(now).is_zero() => State::Gone,
            Some(token) if token.time_left(now) > REFRESH_AHEAD || now < kept.no_refresh_before => {
                State::Good(token.clone())
            }
            Some(token) => State::Due(token.clone()),
            None => State::Gone,
        }
    }

    async fn current(&self) -> Result<AccessToken, TokenError> {
        let calls = self.kept().calls;
        let _turn = match self.state() {
            State::Good(token) => return Ok(token),
            State::Due(token) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_somebody_is_at_it) => return Ok(token),
            },
            State::Gone => {
                let turn = self.turn.lock().await;
                if let Some(outcome) = self.outcome_since(calls, None) {
                    return outcome;
                }
                turn
            }
        };
        // Between the look and the turn somebody else may have been faster.
        if let State::Good(token) = self.state() {
            return Ok(token);
        }
        match self.ask(None).await {
            Ok(fresh) => Ok(fresh),
            Err(error) => match self.state() {
                State::Due(token) | State::Good(token) => {
                    tracing::debug!(%error, "the token could not be renewed ahead of time");
                    self.kept().no_refresh_before = moment_after(self.clock.now(), REFRESH_PAUSE);
                    Ok(token)
                }
                State::Gone => Err(error),
            },
        }
    }

    async fn replacement(&self, rejected: &Rejection) -> Result<AccessToken, TokenError> {
        let calls = self.kept().calls;
        let _turn = self.turn.lock().await;
        let newer = self
            .kept()
            .token
            .clone()
            .filter(|token| token.secret() != rejected.token().secret());
        if let Some(token) = newer.filter(|token| !token.time_left(self.clock.now()).is_zero()) {
            return Ok(token);
        }
        if let Some(outcome) = self.outcome_since(calls, Some(rejected)) {
            return outcome;
        }
        self.kept().token = None;
        let fresh = self.ask(Some(rejected)).await?;
        if fresh.secret() == rejected.token().secret() {
            self.kept().token = None;
        }
        Ok(fresh)
    }

    /// What a call gave that ended while the caller waited, if it was made for the same reason.
    fn outcome_since(
        &self,
        calls: u64,
        reason: Option<&Rejection>,
    ) -> Option<Result<AccessToken, TokenError>> {
        let kept = self.kept();
        let (about, outcome) = kept.last.as_ref().filter(|_| kept.calls != calls)?;
        let same = match (about, reason) {
            (_, None) => true,
            (Some(about), Some(reason)) => {
                about.token().secret() == reason.token().secret()
                    && (reason.claims().is_none() || about.claims() == reason.claims())
            }
            (None, Some(_)) => false,
        };
        same.then(|| outcome.clone())
    }

    async fn ask(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let outcome = self.provider.token(rejected).await;
        let mut kept = self.kept();
        kept.calls += 1;
        kept.last = Some((rejected.cloned(), outcome.clone()));
        if let Ok(token) = &outcome {
            kept.token = Some(token.clone());
            // A token that is born old would be asked for with every request otherwise.
            kept.no_refresh_before = moment_after(self.clock.now(), REFRESH_PAUSE);
        }
        outcome
    }
}

#[async_trait]
impl<P: TokenProvider> TokenProvider for Cached<P> {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        match rejected {
            None => self.current().await,
            Some(rejected) => self.replacement(rejected).await,
        }
    }
}
