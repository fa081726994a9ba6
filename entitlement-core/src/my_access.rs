//! Links into the My Access portal, where people ask for packages.
//!
//! A [`MyAccessLink`] leads to one [access package](crate::package), even to a hidden one. Two clouds have such a
//! [`Portal`]: the public one and that of the US government.
//!
//! ```
//! use entitlement_core::entity::Id;
//! use entitlement_core::my_access::{MyAccessLink, Portal};
//! use entitlement_core::package::AccessPackage;
//!
//! let package: Id<AccessPackage> = "642181f0-bc17-4fc6-9ebb-ff53dbf18c2f".parse()?;
//! let link = MyAccessLink::to_package(&package).in_directory("contoso.onmicrosoft.com");
//! assert_eq!(
//!     link.to_string(),
//!     "https://myaccess.microsoft.com/@contoso.onmicrosoft.com#/access-packages/642181f0-bc17-4fc6-9ebb-ff53dbf18c2f"
//! );
//! assert_eq!(link.to_string().parse::<MyAccessLink>()?, link);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt::{self, Display};
use std::str::FromStr;

use crate::entity::Id;
use crate::package::AccessPackage;

/// The portal of a cloud.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Portal {
    /// `myaccess.microsoft.com`.
    #[default]
    Public,
    /// `myaccess.microsoft.us`, for the US government.
    UsGovernment,
}

impl Portal {
    const ALL: [Self; 2] = [Self::Public, Self::UsGovernment];

    /// The host that people open.
    pub fn host(self) -> &'static str {
        match self {
            Self::Public => "myaccess.microsoft.com",
            Self::UsGovernment => "myaccess.microsoft.us",
        }
    }
}

/// The link with which people find one access package, even a hidden one (LINK-1 to LINK-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyAccessLink {
    portal: Portal,
    directory: Option<String>,
    package: Id<AccessPackage>,
}

const ROUTE: &str = "#/access-packages/";

impl MyAccessLink {
    /// A link for people of the tenant itself, in the public cloud.
    pub fn to_package(package: &Id<AccessPackage>) -> Self {
        Self {
            portal: Portal::Public,
            directory: None,
            package: package.clone(),
        }
    }

    /// The same with the tenant named by one of its domains; people from outside need it (LINK-2). A blank
    /// name is none.
    pub fn in_directory(mut self, domain: impl Into<String>) -> Self {
        self.directory = Some(domain.into()).filter(|domain| !domain.trim().is_empty());
        self
    }

    /// The same in another cloud.
    pub fn on(mut self, portal: Portal) -> Self {
        self.portal = portal;
        self
    }

    /// The package it leads to.
    pub fn package(&self) -> &Id<AccessPackage> {
        &self.package
    }

    /// The portal, by the cloud it belongs to.
    pub fn portal(&self) -> Portal {
        self.portal
    }

    /// The domain that names the tenant.
    pub fn directory(&self) -> Option<&str> {
        self.directory.as_deref()
    }
}

impl Display for MyAccessLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}/", self.portal.host())?;
        if let Some(domain) = &self.directory {
            write!(f, "@{domain}")?;
        }
        write!(f, "{ROUTE}{}", self.package)
    }
}

/// The text is not a link to an access package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a My Access link; it looks like https://myaccess.microsoft.com/@<domain>#/access-packages/<id>"
)]
pub struct ParseLinkError;

impl FromStr for MyAccessLink {
    type Err = ParseLinkError;

    fn from_str(text: &str) -> Result<Self, ParseLinkError> {
        // Schemes and hosts are the same in any case; nothing else in a link is.
        let (scheme, rest) = text.trim().split_once("://").ok_or(ParseLinkError)?;
        let (host, rest) = rest.split_once('/').ok_or(ParseLinkError)?;
        let portal = Portal::ALL
            .into_iter()
            .find(|portal| portal.host().eq_ignore_ascii_case(host))
            .filter(|_| scheme.eq_ignore_ascii_case("https"))
            .ok_or(ParseLinkError)?;
        let (directory, package) = rest.split_once(ROUTE).ok_or(ParseLinkError)?;
        let directory = match directory.strip_prefix('@') {
            Some("") => return Err(ParseLinkError),
            Some(domain) => Some(domain.to_owned()),
            None if directory.is_empty() => None,
            None => return Err(ParseLinkError),
        };
        Ok(Self {
            portal,
            directory,
            package: package.parse().map_err(|_empty| ParseLinkError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_portal_has_links_that_are_read_back() {
        let package: Id<AccessPackage> = "642181f0-bc17-4fc6-9ebb-ff53dbf18c2f".parse().unwrap();
        for portal in Portal::ALL {
            let plain = MyAccessLink::to_package(&package).on(portal);
            let named = plain.clone().in_directory("contoso.onmicrosoft.com");
            for link in [plain, named] {
                let text = link.to_string();
                assert!(text.contains(portal.host()), "{text}");
                let read: MyAccessLink = text.parse().unwrap();
                assert_eq!(read, link);
                assert_eq!(read.portal(), portal);
            }
        }
        let nameless = MyAccessLink::to_package(&package).in_directory(" ");
        assert_eq!(nameless, MyAccessLink::to_package(&package));
        let shouted =
            format!(" HTTPS://MyAccess.Microsoft.US/@contoso.com#/access-packages/{package}\n");
        let link: MyAccessLink = shouted.parse().unwrap();
        assert_eq!(link.portal(), Portal::UsGovernment);
        assert_eq!(link.directory(), Some("contoso.com"));
        assert_eq!(link.package(), &package);
    }

    #[test]
    fn other_links_are_refused() {
        for text in [
            "",
            "https://myaccess.microsoft.com/",
            "https://myaccess.microsoft.com.evil.example/@x#/access-packages/1",
            "http://myaccess.microsoft.com/@contoso.com#/access-packages/1",
            "https://myaccess.microsoft.cn/@contoso.com#/access-packages/1",
            "https://myaccess.microsoft.com/@#/access-packages/1",
            "https://myaccess.microsoft.com/@contoso.com#/access-packages/",
            "https://myaccess.microsoft.com/@contoso.com#/request-history",
        ] {
            assert!(text.parse::<MyAccessLink>().is_err(), "{text}");
        }
    }
}
