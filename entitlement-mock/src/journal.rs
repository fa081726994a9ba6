//! Everything that was asked and answered, in order, with the reason for every refusal and what may have been meant.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! let missing = "b1bf99ed-99ed-b1bf-ed99-bfb1ed99bfb1".parse().unwrap();
//! tenant.app().client().entitlement().packages().get(&missing).await.unwrap_err();
//! let last = tenant.journal().pop().unwrap();
//! assert_eq!(last.status(), 404);
//! assert!(last.to_string().contains("The access package was not found."));
//!
//! let call = tenant.app().client().raw(http::Method::GET, "identityGovernance/accessPackages");
//! call.unwrap().send().await.unwrap_err();
//! let last = tenant.journal().pop().unwrap();
//! assert_eq!(
//!     last.hints()[0],
//!     "did you mean GET /v1.0/identityGovernance/entitlementManagement/accessPackages? (entitlementManagement is missing)"
//! );
//! # }
//! ```

use std::collections::VecDeque;
use std::fmt::{self, Display};

use bytes::Bytes;
use entitlement_core::time::Timestamp;
use http::{Method, StatusCode};

/// One call and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub(crate) at: Timestamp,
    pub(crate) who: String,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) request_body: Bytes,
    pub(crate) status: StatusCode,
    pub(crate) answer_body: Bytes,
    pub(crate) explanation: Option<String>,
    pub(crate) hints: Vec<String>,
    pub(crate) batch_id: Option<String>,
}

impl Exchange {
    /// When it was, on the tenant's clock.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Who called: `app`, the name of an application, or a person's sign-in name.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path and query, as they were sent.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The body that was sent.
    pub fn request_body(&self) -> &Bytes {
        &self.request_body
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body of the answer.
    pub fn answer_body(&self) -> &Bytes {
        &self.answer_body
    }

    /// The id of the call in its batch, if it came in one. The batch itself stands before its calls.
    pub fn batch_id(&self) -> Option<&str> {
        self.batch_id.as_deref()
    }

    /// Why the call was refused, in more words than the service has for it.
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }

    /// What may have been meant, or would have worked, where the call was refused: the routes and names that are near,
    /// what an id is really the id of, the state that something is in, the policies that would do.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.at, self.who)?;
        if let Some(id) = &self.batch_id {
            write!(f, "$batch[{id}] ")?;
        }
        write!(
            f,
            "{} {} -> {}",
            self.method,
            self.url,
            self.status.as_u16()
        )?;
        if let Some(why) = &self.explanation {
            write!(f, " ({why})")?;
        }
        for hint in &self.hints {
            write!(f, "\n    {hint}")?;
        }
        Ok(())
    }
}

/// The exchanges of a tenant, the oldest leaving first once there are very many.
#[derive(Debug, Default)]
pub(crate) struct Journal(VecDeque<Exchange>);

impl Journal {
    const MOST: usize = 10_000;

    pub(crate) fn note(&mut self, exchange: Exchange) {
        if self.0.len() == Self::MOST {
            self.0.pop_front();
        }
        self.0.push_back(exchange);
    }

    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.0.iter().cloned().collect()
    }
}
