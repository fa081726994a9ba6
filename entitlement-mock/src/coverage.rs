//! Which operations there are, and how they are checked: a table made of the tenant itself.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use entitlement_mock::coverage::coverage;
//!
//! let coverage = coverage().await;
//! let mut operations = coverage.operations().iter();
//! let catalogs = operations.find(|operation| operation.name().ends_with("/catalogs")).unwrap();
//! assert!(catalogs.is_permission_checked() && catalogs.calls_in_conformance_suite() > 0);
//! println!("{coverage}");
//! # }
//! ```

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use entitlement_graph::permission::permissions;
use http::Method;

use crate::journal::Exchange;
use crate::router::{self, Access, Route, path};
use crate::tenant::Tenant;

/// Every operation that the tenant carries out; whatever else is asked is answered with 404.
#[derive(Debug, Clone)]
pub struct Coverage {
    operations: Vec<Operation>,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    name: String,
    behaviour: &'static str,
    is_permission_checked: bool,
    calls: usize,
}

impl Operation {
    /// The operation as it is written: `GET /users/{user}`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What becomes of the tenant's state: `reads`, `removes`, `changes`, or `makes, acts`.
    pub fn behaviour(&self) -> &'static str {
        self.behaviour
    }

    /// Whether tokens without the documented permission are refused.
    pub fn is_permission_checked(&self) -> bool {
        self.is_permission_checked
    }

    /// How often it is carried out, with success, in one run of the [conformance suite](crate::conformance).
    pub fn calls_in_conformance_suite(&self) -> usize {
        self.calls
    }
}

impl Coverage {
    /// The operations, in the order of the tenant's own table.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }
}

impl Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes = |is: bool| if is { "yes" } else { "no" };
        let names = self.operations.iter().map(|operation| operation.name.len());
        let width = names.max().unwrap_or(0) + 2;
        let line = |operation: &str, cells: [&str; 4]| {
            let [implemented, behaviour, permission, calls] = cells;
            format!(
                "| {operation:width$} | {implemented:11} | {behaviour:11} | {permission:18} | {calls:20} |"
            )
        };
        let heads = [
            "implemented",
            "behaviour",
            "permission-checked",
            "in conformance suite",
        ];
        writeln!(f, "{}", line("operation", heads))?;
        let rules = [
            "-".repeat(width),
            "-".repeat(11),
            "-".repeat(11),
            "-".repeat(18),
            "-".repeat(20),
        ];
        writeln!(f, "| {} |", rules.join(" | "))?;
        for operation in &self.operations {
            let calls = match operation.calls {
                0 => "no".to_owned(),
                calls => format!("yes, {calls} calls"),
            };
            let permission = yes(operation.is_permission_checked);
            let row = [yes(true), operation.behaviour, permission, calls.as_str()];
            writeln!(f, "{}", line(&format!("`{}`", operation.name), row))?;
        }
        let covered = self
            .operations
            .iter()
            .filter(|operation| operation.calls > 0);
        write!(
            f,
            "\n{} operations, {} of them in the conformance suite",
            self.operations.len(),
            covered.count()
        )
    }
}

/// Plays the conformance suite on tenants of its own and says which operations it went through.
///
/// # Panics
///
/// If the suite fails, which it does not on the tenant of the same version.
pub async fn coverage() -> Coverage {
    let mut calls = BTreeMap::new();
    for function in crate::conformance_tests! { @each functions() } {
        let tenant = Tenant::new();
        function(&tenant).await;
        for exchange in tenant.journal() {
            if let Some(operation) = operation(&exchange) {
                *calls.entry(operation).or_insert(0) += 1;
            }
        }
    }
    let operations = router::routes().iter().map(|route| {
        let name = route.operation();
        Operation {
            calls: calls.get(&name).copied().unwrap_or(0),
            behaviour: behaviour(route),
            is_permission_checked: route.access == Access::People || is_permission_checked(&name),
            name,
        }
    });
    Coverage {
        operations: operations.collect(),
    }
}

/// The operation that a call was, if it was carried out.
fn operation(exchange: &Exchange) -> Option<String> {
    if !exchange.status().is_success() {
        return None;
    }
    let path = exchange.url().split('?').next()?.strip_prefix("/v1.0")?;
    let (found, _) = router::find(exchange.method(), &path::segments(path)?)?;
    Some(found.route.operation())
}

fn behaviour(route: &Route) -> &'static str {
    match *route.method() {
        Method::GET => "reads",
        Method::DELETE => "removes",
        Method::PATCH | Method::PUT => "changes",
        _ => "makes, acts",
    }
}

fn is_permission_checked(operation: &str) -> bool {
    let parts = operation.split_once(" /");
    let parts = parts.and_then(|(method, path)| Some((method.parse::<Method>().ok()?, path)));
    parts.is_some_and(|(method, path)| permissions(&method, path).is_some())
}
