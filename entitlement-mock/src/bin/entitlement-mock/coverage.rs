//! The table of operations.

use entitlement_mock::coverage::coverage;

/// What the tenant answers, and how that is checked.
pub(crate) async fn table() -> String {
    format!("{}\n", coverage().await)
}
