//! What an access token says about its bearer.
//!
//! ```
//! use entitlement_graph::auth::{AccessToken, TokenClaims};
//! use entitlement_graph::permission::permissions;
//!
//! let token = AccessToken::new(
//!     // {"appid": "a1", "idtyp": "app", "roles": ["EntitlementManagement.Read.All"]}
//!     "e30.eyJhcHBpZCI6ICJhMSIsICJpZHR5cCI6ICJhcHAiLCAicm9sZXMiOiBbIkVudGl0bGVtZW50TWFuYWdlbWVudC5SZWFkLkFsbCJdfQ.s",
//! );
//! let claims = TokenClaims::read(&token).unwrap();
//! assert!(claims.is_application());
//! let catalogs = "identityGovernance/entitlementManagement/catalogs";
//! assert!(claims.allows(&permissions(&http::Method::GET, catalogs).unwrap()));
//! assert!(!claims.allows(&permissions(&http::Method::POST, catalogs).unwrap()));
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::token::AccessToken;
use crate::permission::Permissions;

/// Who a token is for and what it may do, as the token itself says.
///
/// The signature is not checked, so this is for explaining and for planning ahead, never for deciding what somebody else
/// may do: that is the service's business. Roles in entitlement management are not in tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TokenClaims {
    /// The tenant's id.
    #[serde(rename = "tid", default)]
    pub tenant_id: Option<String>,
    /// The id of the person, or of the application's service principal, in the tenant.
    #[serde(rename = "oid", default)]
    pub object_id: Option<String>,
    /// The application's own id.
    #[serde(rename = "appid", alias = "azp", default)]
    pub application_id: Option<String>,
    #[serde(rename = "idtyp", default)]
    kind: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(rename = "scp", default)]
    scopes: Option<String>,
}

impl TokenClaims {
    /// Reads a token; `None` if it is opaque, as tokens may be.
    pub fn read(token: &AccessToken) -> Option<Self> {
        let payload = token.secret().split('.').nth(1)?;
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    /// Whether the bearer is an application, and not a person who is signed in to one.
    pub fn is_application(&self) -> bool {
        self.kind
            .as_deref()
            .map_or(self.scopes.is_none(), |kind| kind == "app")
    }

    /// The permissions in the token: application permissions of an application, delegated ones of a person.
    pub fn permissions(&self) -> Vec<&str> {
        if self.is_application() {
            return self.roles.iter().map(String::as_str).collect();
        }
        let scopes = self.scopes.as_deref().unwrap_or_default();
        scopes.split_whitespace().collect()
    }

    /// Whether the token has one of the permissions that a call needs; a role may stand in for them.
    pub fn allows(&self, needed: &Permissions) -> bool {
        let enough = if self.is_application() {
            needed.application()
        } else {
            needed.delegated()
        };
        let granted = self.permissions();
        enough.iter().any(|one| granted.contains(one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(payload: &str) -> Option<TokenClaims> {
        let payload = URL_SAFE_NO_PAD.encode(payload);
        TokenClaims::read(&AccessToken::new(format!("e30.{payload}.sig")))
    }

    #[test]
    fn people_have_scopes_and_applications_roles() {
        let person = claims(
            r#"{"oid": "u1", "scp": "User.Read EntitlementManagement.ReadWrite.All", "roles": ["x"]}"#,
        );
        let person = person.unwrap();
        assert!(!person.is_application());
        assert_eq!(
            person.permissions(),
            ["User.Read", "EntitlementManagement.ReadWrite.All"]
        );
        let application = claims(r#"{"azp": "a1", "roles": ["Group.ReadWrite.All"]}"#).unwrap();
        assert!(application.is_application());
        assert_eq!(application.application_id.as_deref(), Some("a1"));
        assert_eq!(application.permissions(), ["Group.ReadWrite.All"]);
    }

    #[test]
    fn an_opaque_token_says_nothing() {
        for opaque in ["EwBwA8l6BAAU", "", "a.b.c", "e30.!!!.x"] {
            assert_eq!(TokenClaims::read(&AccessToken::new(opaque)), None);
        }
    }
}
