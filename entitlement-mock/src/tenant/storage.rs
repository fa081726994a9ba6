//! Calls to the storage, which are settled, noted and fail like those to Graph, and look otherwise.

use entitlement_core::time::Timestamp;
use entitlement_graph::transport::Request;
use http::StatusCode;

use super::answer::{Lost, Sent};
use super::respond::bad_gateway;
use super::state::State;
use crate::faults::Effect;
use crate::journal::Exchange;
use crate::lifecycle;
use crate::storage::{self, Refused};

/// Who calls the storage: whoever has the address.
const BEARER: &str = "storage";

impl State {
    pub(super) fn answer_storage(&mut self, now: Timestamp, request: &Request) -> Sent {
        lifecycle::settle(&mut self.world, self.players.horizon(now));
        let request_id = self.request_ids.next().to_string();
        let struck = self.faults.strike(now, request, BEARER);
        let is_carried_out = struck.as_ref().is_none_or(|(_, carried_out)| *carried_out);
        let mut outcome = if is_carried_out {
            storage::answer(&mut self.world, now, request)
        } else {
            Ok(())
        };
        let (mut lost, mut delay, mut is_broken) = (None, None, false);
        match struck.map(|(effect, _)| effect) {
            None => {}
            Some(Effect::Fail(failure)) => {
                let status = StatusCode::from_u16(failure.status);
                let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                outcome = Err(Refused::new(status, "ServerBusy", "an injected fault"));
            }
            Some(Effect::Delay(late)) => delay = Some(late),
            Some(Effect::Lose) => {
                lost = Some(Lost {
                    was_carried_out: is_carried_out,
                });
            }
            Some(Effect::Truncate | Effect::Html | Effect::LosePageToken) => is_broken = true,
        }
        let response = if is_broken {
            bad_gateway()
        } else {
            storage::respond(&outcome, &request_id)
        };
        self.faults.answered();
        self.journal.note(Exchange {
            at: now,
            who: BEARER.to_owned(),
            method: request.method().clone(),
            url: storage::without_secret(request),
            // Files are large, and nothing that one reads.
            request_body: bytes::Bytes::new(),
            status: response.status(),
            answer_body: response.body().clone(),
            explanation: outcome.err().map(|refused| refused.why),
            hints: Vec::new(),
            batch_id: None,
        });
        Sent {
            response,
            lost,
            delay,
        }
    }
}
