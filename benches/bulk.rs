//! How many HTTP calls it takes to assign a package to 1,000 people, and how many of them wait for one another.
//!
//! Counts, not times: the same on every machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use entitlement_benches::Shop;
use entitlement_graph::GraphClient;
use entitlement_graph::bulk::BulkOutcome;
use entitlement_graph::transport::{Request, Response, Transport, TransportError};
use entitlement_mock::Session;
use tokio::runtime::Builder;

const PEOPLE: u32 = 1_000;

/// Counts what goes through, and the longest row of calls of which each began after the one before had ended.
#[derive(Debug, Clone)]
struct Counted {
    inner: Session,
    calls: Arc<AtomicUsize>,
    depth: Arc<AtomicUsize>,
}

#[async_trait]
impl Transport for Counted {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let before = self.depth.load(Ordering::SeqCst);
        let answer = self.inner.send(request).await;
        self.depth.fetch_max(before + 1, Ordering::SeqCst);
        answer
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let shop = Shop::open().await?;
        let people: Vec<_> = (0..PEOPLE)
            .map(|number| shop.tenant.person(&format!("person{number}")).add())
            .collect();
        let network = Counted {
            inner: shop.tenant.app(),
            calls: Arc::default(),
            depth: Arc::default(),
        };
        let client = GraphClient::builder(network.clone())
            .clock(shop.tenant.clock().clone())
            .build();
        let mut run = client
            .bulk()
            .assign(&shop.package, &shop.policy)
            .start(people);
        let mut submitted = 0;
        while let Some(step) = run.next().await? {
            submitted += u32::from(matches!(step.outcome, BulkOutcome::Submitted(_)));
        }
        println!(
            "bulk/assign: {submitted} of {PEOPLE} people in {} HTTP calls, {} round trips deep",
            network.calls.load(Ordering::SeqCst),
            network.depth.load(Ordering::SeqCst),
        );
        Ok(())
    })
}
