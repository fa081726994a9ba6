//! A tenant that is served to the callers of a test.

use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use super::front::Front;
use super::responder::Responder;
use crate::tenant::Tenant;

/// A tenant on a free port of this machine, for as long as this value lives; see [`server`](crate::server).
#[derive(Debug)]
pub struct Server {
    front: Front,
    server: MockServer,
}

impl Server {
    /// Serves a tenant.
    ///
    /// # Panics
    ///
    /// If the machine has no free port.
    pub async fn start(tenant: &Tenant) -> Self {
        let front = Front::new(tenant);
        let server = MockServer::builder()
            .disable_request_recording()
            .start()
            .await;
        let responder = Responder(front.clone());
        Mock::given(any())
            .respond_with(responder)
            .mount(&server)
            .await;
        Self { front, server }
    }

    /// Where it is: `http://127.0.0.1:49152`.
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The service root, for a client: `http://127.0.0.1:49152/v1.0`.
    pub fn root(&self) -> Url {
        let mut root = self.front_door();
        root.set_path("/v1.0");
        root
    }

    #[expect(clippy::expect_used, reason = "an address makes a URL")]
    fn front_door(&self) -> Url {
        self.uri().parse().expect("a URL")
    }

    /// What stands between the wire and the tenant.
    pub fn front(&self) -> &Front {
        &self.front
    }
}
