//! Calls that never come as far as an operation, because the front turns them away.

use entitlement_graph::transport::{Request, Response};

use super::Tenant;
use super::answer::NOBODY;
use crate::router::refusal::Refusal;

impl Tenant {
    /// Answers and notes a call that is turned away, whoever makes it.
    pub(crate) fn refuse(&self, request: &Request, why: Refusal) -> Response {
        let mut state = self.state();
        let now = self.clock().now();
        let answered = state.answered(now, request, NOBODY.to_owned(), Err(why));
        state.journal.note(answered.journal);
        answered.sent.response
    }
}
