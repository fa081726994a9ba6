//! The clouds that Microsoft Graph runs in.
//!
//! Tokens of one cloud are worth nothing in another, so a [`Cloud`] is one value that holds everything that has to fit
//! together: where Graph is, who signs people and applications in, and which permission to ask for.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::cloud::Cloud;
//! use entitlement_graph::testing::ScriptedTransport;
//!
//! let cloud = Cloud::us_government();
//! assert_eq!(cloud.graph().as_str(), "https://graph.microsoft.us/");
//! assert_eq!(cloud.authority().as_str(), "https://login.microsoftonline.us/");
//! assert_eq!(cloud.scope(), "https://graph.microsoft.us/.default");
//!
//! let client = GraphClient::builder(ScriptedTransport::new([])).cloud(&cloud).build();
//! # let _ = client;
//! ```

use entitlement_core::my_access::Portal;
use url::Url;

use crate::transport::safe_url;

/// Where Microsoft Graph is, and who signs in to it
/// ([national clouds](https://learn.microsoft.com/graph/deployments)).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cloud {
    graph: Url,
    authority: Url,
    scope: String,
    portal: Option<Portal>,
}

impl Cloud {
    /// The worldwide cloud, which the US government's GCC uses too.
    pub fn global() -> Self {
        Self::known(
            "https://graph.microsoft.com",
            "https://login.microsoftonline.com",
            Some(Portal::Public),
        )
    }

    /// US Government L4, also called GCC High.
    pub fn us_government() -> Self {
        Self::known(
            "https://graph.microsoft.us",
            "https://login.microsoftonline.us",
            Some(Portal::UsGovernment),
        )
    }

    /// US Government L5, the Department of Defense.
    pub fn us_government_dod() -> Self {
        Self::known(
            "https://dod-graph.microsoft.us",
            "https://login.microsoftonline.us",
            Some(Portal::UsGovernment),
        )
    }

    /// China, operated by 21Vianet.
    pub fn china() -> Self {
        Self::known(
            "https://microsoftgraph.chinacloudapi.cn",
            "https://login.chinacloudapi.cn",
            None,
        )
    }

    /// A service elsewhere, such as a test server on this machine.
    ///
    /// Of both URLs only scheme, host and port count. The scope is that of the service, `<graph>/.default`.
    ///
    /// ```
    /// use entitlement_graph::cloud::Cloud;
    ///
    /// let local = Cloud::custom(&"http://127.0.0.1:8080".parse()?, &"http://127.0.0.1:8081".parse()?)?;
    /// assert_eq!(local.service_root().as_str(), "http://127.0.0.1:8080/v1.0");
    /// assert!(Cloud::custom(&"http://contoso.com".parse()?, local.authority()).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a URL is no place for a secret: it must be https, or plain http on this machine, and name no user.
    pub fn custom(graph: &Url, authority: &Url) -> Result<Self, InvalidCloud> {
        Ok(Self::of(
            origin("graph", graph)?,
            origin("authority", authority)?,
            None,
        ))
    }

    /// The same with another scope to ask for, for a proxy on this machine that stands before the real service.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    #[expect(clippy::expect_used, reason = "the callers' literals are URLs")]
    fn known(graph: &str, authority: &str, portal: Option<Portal>) -> Self {
        Self::of(
            graph.parse().expect("a URL"),
            authority.parse().expect("a URL"),
            portal,
        )
    }

    fn of(graph: Url, authority: Url, portal: Option<Portal>) -> Self {
        // An origin's path is a slash.
        let scope = format!("{graph}.default");
        Self {
            graph,
            authority,
            scope,
            portal,
        }
    }

    /// Where Microsoft Graph is, without version.
    pub fn graph(&self) -> &Url {
        &self.graph
    }

    /// Where version 1.0 of Microsoft Graph is.
    pub fn service_root(&self) -> Url {
        let mut root = self.graph.clone();
        root.set_path("v1.0");
        root
    }

    /// Who issues tokens.
    pub fn authority(&self) -> &Url {
        &self.authority
    }

    /// What to ask a token for: every permission that was granted on Microsoft Graph.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// Where people of this cloud ask for packages, if that is known.
    pub fn portal(&self) -> Option<Portal> {
        self.portal
    }
}

impl Default for Cloud {
    /// The worldwide cloud.
    fn default() -> Self {
        Self::global()
    }
}

/// A URL cannot be part of a cloud, because a secret must not go there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the URL of the {part} has to be https, or plain http on this machine, and may name no user"
)]
pub struct InvalidCloud {
    part: &'static str,
}

fn origin(part: &'static str, url: &Url) -> Result<Url, InvalidCloud> {
    let uri = url.as_str().parse().ok();
    let mut url = uri
        .and_then(|uri| safe_url(&uri).ok())
        .ok_or(InvalidCloud { part })?;
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_belongs_to_the_graph_of_its_cloud() {
        for cloud in [
            Cloud::global(),
            Cloud::us_government(),
            Cloud::us_government_dod(),
            Cloud::china(),
        ] {
            let scope: Url = cloud.scope().parse().unwrap();
            assert_eq!(scope.origin(), cloud.graph().origin());
            assert_eq!(scope.path(), "/.default");
            assert_eq!(cloud.service_root().origin(), cloud.graph().origin());
            assert_ne!(cloud.authority().origin(), cloud.graph().origin());
        }
    }

    #[test]
    fn only_the_origin_of_a_custom_url_counts() {
        let at = |url: &str| Cloud::custom(&url.parse().unwrap(), Cloud::global().authority());
        let plain = at("https://graph.example").unwrap();
        assert_eq!(plain.scope(), "https://graph.example/.default");
        assert_eq!(at("https://graph.example/beta?x=1#y").unwrap(), plain);
        for unsafe_one in [
            "http://graph.example",
            "https://ada:secret@graph.example",
            "ftp://localhost",
        ] {
            let error = at(unsafe_one).unwrap_err();
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }
}
