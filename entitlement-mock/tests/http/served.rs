//! A tenant behind HTTP as a backend of the conformance suite.

use entitlement_core::directory::{Group, ServicePrincipal, User};
use entitlement_core::entity::Id;
use entitlement_core::resource::{Resource, RoleOrigin};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::StaticToken;
use entitlement_graph::transport::reqwest::ReqwestTransport;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_mock::Tenant;
use entitlement_mock::conformance::Backend;
use entitlement_mock::server::Server;

/// What people and applications do goes over HTTP; what happens outside of Graph is done to the tenant itself.
pub(crate) struct Served {
    tenant: Tenant,
    server: Server,
}

impl Served {
    pub(crate) async fn start(tenant: Tenant) -> Self {
        let server = Server::start(&tenant).await;
        Self { tenant, server }
    }

    fn client(&self, token: &str) -> GraphClient {
        let network = ReqwestTransport::new().expect("a transport");
        GraphClient::builder(network)
            .root(self.server.root())
            .token_provider(StaticToken::new(token))
            .clock(self.tenant.clock().clone())
            .retry(RetryPolicy::default().seed(0))
            .seed(0)
            .build()
    }
}

impl Backend for Served {
    fn admin(&self) -> GraphClient {
        self.client("app")
    }

    fn sign_in(&self, person: &Id<User>) -> GraphClient {
        self.client(&person.to_string())
    }

    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
        self.tenant.join(name, manager)
    }

    fn join_guest(&self, name: &str) -> Id<User> {
        self.tenant.join_guest(name)
    }

    fn join_administrator(&self, name: &str) -> Id<User> {
        self.tenant.join_administrator(name)
    }

    fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal> {
        Backend::application(&self.tenant, name, roles)
    }

    fn site(&self, name: &str, roles: &[&str]) -> String {
        Backend::site(&self.tenant, name, roles)
    }

    fn directory_role(&self, name: &str, is_privileged: bool) -> String {
        Backend::directory_role(&self.tenant, name, is_privileged)
    }

    fn dynamic_group(&self, name: &str) -> Id<Group> {
        self.tenant.dynamic_group(name)
    }

    fn take_down(&self, resource: &Id<Resource>) {
        self.tenant.take_down(resource);
    }

    fn bring_up(&self, resource: &Id<Resource>) {
        self.tenant.bring_up(resource);
    }

    fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
        self.tenant.holds(person, resource, role)
    }

    fn advance(&self, by: IsoDuration) {
        self.tenant.clock().advance(by);
    }
}
