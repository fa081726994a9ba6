//! Signing in: a tenant as one identity sees it.

use async_trait::async_trait;
use entitlement_graph::GraphClient;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{
    Presigned, Request, Response, Transport, TransportError, TransportErrorKind,
};
use http::HeaderValue;
use http::header::AUTHORIZATION;

use entitlement_core::directory::{ServicePrincipal, User};
use entitlement_core::entity::Id;

use crate::tenant::{Outcome, Tenant};

impl Tenant {
    /// Signs in as an application with every permission.
    pub fn app(&self) -> Session {
        Session::new(self, "app")
    }

    /// Signs in as an application that the tenant knows, by its service principal. It has every permission, too, unless
    /// [`with_permissions`](Session::with_permissions) says otherwise; where its permissions do not suffice, its roles in
    /// catalogs count (ROLE-7).
    pub fn as_application(&self, application: &Id<ServicePrincipal>) -> Session {
        Session::new(self, &application.to_string())
    }

    /// Signs in as a person.
    pub fn user(&self, user: &Id<User>) -> Session {
        Session::new(self, &user.to_string())
    }
}

/// A tenant as one identity sees it: a [`Transport`] that answers from memory.
#[derive(Debug, Clone)]
pub struct Session {
    tenant: Tenant,
    authorization: HeaderValue,
}

impl Session {
    fn new(tenant: &Tenant, token: &str) -> Self {
        // An id that cannot stand in a header belongs to nobody, and neither does the empty token.
        let bearer = HeaderValue::try_from(format!("Bearer {token}"));
        Self {
            tenant: tenant.clone(),
            authorization: bearer.unwrap_or(HeaderValue::from_static("Bearer")),
        }
    }

    /// The same identity with these permissions of Microsoft Graph and no others; it has all of them unless said.
    ///
    /// An application can do what it has permissions for; a person can do that as far as their roles go, too.
    pub fn with_permissions<'p>(self, permissions: impl IntoIterator<Item = &'p str>) -> Self {
        let names: Vec<&str> = permissions.into_iter().collect();
        let who = self.authorization.to_str().unwrap_or_default();
        let who = who.split(':').next().unwrap_or_default();
        let bearer = HeaderValue::try_from(format!("{who}:{}", names.join(",")));
        Self {
            authorization: bearer.unwrap_or(HeaderValue::from_static("Bearer")),
            ..self
        }
    }

    /// A client for this identity that waits on the tenant's clock, so that waiting costs nothing.
    pub fn client(&self) -> GraphClient {
        GraphClient::builder(self.clone())
            .clock(self.tenant.clock().clone())
            .retry(RetryPolicy::default().seed(0))
            .seed(0)
            .build()
    }
}

#[async_trait]
impl Transport for Session {
    async fn send(&self, mut request: Request) -> Result<Response, TransportError> {
        // Where the address is the permission, no token goes.
        if request.extensions().get::<Presigned>().is_none() {
            request
                .headers_mut()
                .insert(AUTHORIZATION, self.authorization.clone());
        }
        match self.tenant.handle(&request) {
            Outcome::Answered(response) => Ok(response),
            // A caller cannot know whether a call whose answer is missing was carried out.
            Outcome::Lost { .. } => Err(TransportError::maybe_sent(TransportErrorKind::Timeout)),
        }
    }
}
