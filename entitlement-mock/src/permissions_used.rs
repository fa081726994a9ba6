//! Which permissions the calls so far have really needed.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), entitlement_graph::Error> {
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! tenant.app().client().entitlement().catalogs().list().try_collect().await?;
//! assert_eq!(tenant.permissions_used().to_string(), "app: EntitlementManagement.Read.All");
//! # Ok(())
//! # }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use crate::caller::Token;

/// For everybody who called, the least permissions that are enough for what they did.
///
/// Calls that were refused count for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermissionsUsed(BTreeMap<String, BTreeSet<&'static str>>);

impl PermissionsUsed {
    pub(crate) fn note(&mut self, token: &Token, permission: &'static str) {
        self.0
            .entry(token.name.clone())
            .or_default()
            .insert(permission);
    }

    /// The permissions that somebody needs: `app`, or a sign-in name.
    pub fn by(&self, who: &str) -> impl Iterator<Item = &'static str> {
        let used = self.0.get(who).into_iter();
        used.flat_map(|used| used.iter().copied())
    }
}

impl Display for PermissionsUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (who, used)) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            let used: Vec<&str> = used.iter().copied().collect();
            write!(f, "{who}: {}", used.join(", "))?;
        }
        Ok(())
    }
}
