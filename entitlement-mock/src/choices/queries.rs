//! Queries that nobody documents.

use serde::{Deserialize, Serialize};

/// What becomes of queries that are not documented for the list they are sent to, such as `$orderby` on catalogs:
/// services refuse some and pass over others without a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum UndocumentedQueries {
    /// They are answered with status 400.
    #[default]
    Refused,
    /// They are carried out as far as the tenant is able to, which is farther than the service goes.
    CarriedOut,
}
