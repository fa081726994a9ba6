//! The properties of every entity, by the schema's names.

mod devices;
mod directory;
mod entitlement;
mod requests;
mod reviews;

use super::declared::Declared;

/// Every property that has a constant on its entity.
///
/// ```
/// use entitlement_core::query::declared;
///
/// let mut links = declared().filter(|one| one.entity == "accessPackageAssignment" && one.is_link);
/// assert!(links.any(|link| link.path == "target"));
/// ```
pub fn declared() -> impl Iterator<Item = Declared> {
    [
        entitlement::DECLARED,
        requests::DECLARED,
        reviews::DECLARED,
        directory::DECLARED,
        devices::DECLARED,
    ]
    .into_iter()
    .flatten()
    .copied()
}
