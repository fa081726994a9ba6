//! Several things under way at a time, within one task.

use std::pin::Pin;
use std::task::{Context, Poll};

type Lane<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Futures of which whichever is first gives the next result.
pub(super) struct Lanes<T>(Vec<Lane<T>>);

impl<T> Lanes<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn push(&mut self, lane: impl Future<Output = T> + Send + 'static) {
        self.0.push(Box::pin(lane));
    }

    /// The result of one that has come to its end. There are few of them, so all are asked.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<T> {
        let ended = self.0.iter_mut().enumerate().find_map(|(place, lane)| {
            match lane.as_mut().poll(context) {
                Poll::Ready(result) => Some((place, result)),
                Poll::Pending => None,
            }
        });
        match ended {
            Some((place, result)) => {
                drop(self.0.swap_remove(place));
                Poll::Ready(result)
            }
            None => Poll::Pending,
        }
    }
}
