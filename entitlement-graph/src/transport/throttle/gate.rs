//! Which requests wait after a `429`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use jiff::Timestamp;

use crate::clock::{moment_after, time_until};

/// What the service counts together: a workload, and whether it is read or written. While writes are throttled, reads
/// may still pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Gate {
    workload: Box<str>,
    is_write: bool,
}

impl Gate {
    /// The gate of a request, by its method and the path of its URL.
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let first = segments
            .next()
            .filter(|segment| !matches!(*segment, "v1.0" | "beta"))
            .or_else(|| segments.next())
            .unwrap_or_default();
        let workload = match first {
            "identityGovernance" => segments.next().unwrap_or(first),
            "me" | "users" | "groups" | "directoryObjects" | "servicePrincipals"
            | "applications" => "directory",
            other => other,
        };
        Self {
            workload: workload.into(),
            is_write: !method.is_safe(),
        }
    }
}

/// The gates that are closed, and until when.
#[derive(Debug, Default)]
pub(super) struct Gates {
    closed_until: Mutex<HashMap<Gate, Timestamp>>,
}

impl Gates {
    /// How long a gate stays closed.
    pub(super) fn pause_left(&self, gate: &Gate, now: Timestamp) -> Duration {
        let closed = self
            .closed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        closed
            .get(gate)
            .map_or(Duration::ZERO, |until| time_until(now, *until))
    }

    /// Closes a gate for a while; a longer pause is never shortened.
    pub(super) fn pause(&self, gate: Gate, now: Timestamp, pause: Duration) {
        let until = moment_after(now, pause);
        let mut closed = self
            .closed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = closed.entry(gate).or_insert(until);
        *known = until.max(*known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_of_a_workload_have_a_gate_each() {
        let gate = |method: &Method, path: &str| Gate::of(method, path);
        let packages = "/v1.0/identityGovernance/entitlementManagement/accessPackages";
        let same = [
            (&Method::GET, packages),
            (
                &Method::HEAD,
                "/identityGovernance/entitlementManagement/catalogs/c1",
            ),
        ];
        let other = [
            (&Method::POST, packages),
            (
                &Method::GET,
                "/v1.0/identityGovernance/accessReviews/definitions",
            ),
            (&Method::GET, "/v1.0/users"),
            (&Method::GET, "/"),
        ];
        let first = gate(same[0].0, same[0].1);
        assert_eq!(gate(same[1].0, same[1].1), first);
        assert!(
            other
                .iter()
                .all(|(method, path)| gate(method, path) != first)
        );
        assert_eq!(
            gate(&Method::GET, "/v1.0/users/u1"),
            gate(&Method::GET, "/v1.0/groups")
        );
    }
}
