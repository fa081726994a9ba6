//! Taking turns: what several tasks of one client would make under the same name, they make one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// The names under which something is being made right now.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Turn<()>>>>);

impl Turns {
    /// Waits until nobody else makes something under `name`; the turn lasts until the guard is dropped.
    pub(crate) async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|_, turn| turn.strong_count() > 0);
            let known = all.get(name).and_then(Weak::upgrade);
            let turn = known.unwrap_or_default();
            all.insert(name.to_owned(), Arc::downgrade(&turn));
            turn
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_one_turn_at_a_time_and_forgotten_afterwards() {
        let turns = Turns::default();
        let first = turns.take("a").await;
        let _other = turns.take("b").await;
        let second = turns.take("a");
        tokio::pin!(second);
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(
                second.as_mut().poll(context).is_pending()
            ))
            .await
        );
        drop(first);
        drop(second.await);
        drop(turns.take("c").await);
        assert_eq!(
            turns.0.lock().unwrap().len(),
            2,
            "b is held, c was the last"
        );
    }
}
