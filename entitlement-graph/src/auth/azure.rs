//! Tokens from a credential of the Azure SDK (feature `azure-identity`).
//!
//! Whatever implements `azure_core`'s [`TokenCredential`] will do. The crate `azure_identity` has credentials for managed
//! identities, workload identities, pipelines and the tools that developers have signed in with.
//!
//! ```
//! use std::sync::Arc;
//! use azure_core::credentials::TokenCredential;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::auth::azure::AzureCredential;
//! use entitlement_graph::cloud::Cloud;
//! # use entitlement_graph::Transport;
//!
//! # fn example(network: impl Transport + 'static, credential: Arc<dyn TokenCredential>) -> GraphClient {
//! let cloud = Cloud::global();
//! let tokens = AzureCredential::new(&cloud, credential);
//! GraphClient::builder(network).cloud(&cloud).token_provider(tokens).build()
//! # }
//! ```

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use jiff::Timestamp;

use super::token::{AccessToken, Rejection, TokenError, TokenProvider};
use crate::cloud::Cloud;

type Make = dyn Fn() -> azure_core::Result<Arc<dyn TokenCredential>> + Send + Sync;

/// A credential of the Azure SDK, asked for tokens for Microsoft Graph in one cloud.
///
/// The SDK's credentials keep their tokens until they expire, and know no way to let go of one. When the service
/// rejects a token early, only a new credential gets another: that is what [`renewable`](Self::renewable) is for. Claims
/// that the service asks for cannot be passed on either.
pub struct AzureCredential {
    scope: String,
    credential: Mutex<Arc<dyn TokenCredential>>,
    make: Option<Box<Make>>,
}

impl AzureCredential {
    /// Asks this credential. A token that the service rejects stays rejected until it expires.
    pub fn new(cloud: &Cloud, credential: Arc<dyn TokenCredential>) -> Self {
        Self {
            scope: cloud.scope().to_owned(),
            credential: Mutex::new(credential),
            make: None,
        }
    }

    /// Asks the credential that `make` makes, and makes another one when a token is rejected.
    ///
    /// # Errors
    ///
    /// When the first credential cannot be made.
    pub fn renewable(
        cloud: &Cloud,
        make: impl Fn() -> azure_core::Result<Arc<dyn TokenCredential>> + Send + Sync + 'static,
    ) -> Result<Self, TokenError> {
        let first = make().map_err(no_credential)?;
        Ok(Self {
            make: Some(Box::new(make)),
            ..Self::new(cloud, first)
        })
    }

    fn credential(
        &self,
        rejected: Option<&Rejection>,
    ) -> Result<Arc<dyn TokenCredential>, TokenError> {
        let fresh = match (&self.make, rejected) {
            (Some(make), Some(_)) => Some(make().map_err(no_credential)?),
            _ => None,
        };
        let kept = self.credential.lock();
        let mut kept = kept.unwrap_or_else(PoisonError::into_inner);
        if let Some(fresh) = fresh {
            *kept = fresh;
        }
        Ok(Arc::clone(&kept))
    }
}

#[async_trait]
impl TokenProvider for AzureCredential {
    async fn token(&self, rejected: Option<&Rejection>) -> Result<AccessToken, TokenError> {
        let credential = self.credential(rejected)?;
        let token = credential
            .get_token(&[&self.scope], None)
            .await
            .map_err(|error| TokenError::new("the credential has no token").with_source(error))?;
        let expiry = Timestamp::from_second(token.expires_on.unix_timestamp());
        Ok(AccessToken::new(token.token.secret()).expiring_at(expiry.unwrap_or(Timestamp::MAX)))
    }
}

fn no_credential(error: azure_core::Error) -> TokenError {
    TokenError::new("the credential cannot be made").with_source(error)
}

impl Debug for AzureCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AzureCredential")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
