//! Shared pieces of the examples: a timeline that reads well, and expectations that count.

use std::cell::Cell;
use std::fmt::Display;

use entitlement_mock::Tenant;

/// Prints what happens, dated by the tenant's clock, and counts what did not go as expected.
#[derive(Debug)]
pub struct Timeline<'t> {
    tenant: &'t Tenant,
    disappointments: Cell<u32>,
}

impl<'t> Timeline<'t> {
    /// A timeline with a title over it.
    pub fn new(tenant: &'t Tenant, title: &str) -> Self {
        println!("{title}\n{}\n", "=".repeat(title.chars().count()));
        Self {
            tenant,
            disappointments: Cell::new(0),
        }
    }

    /// A heading for what comes next.
    pub fn chapter(&self, title: &str) {
        println!("\n{title}");
    }

    /// Notes what somebody did, and what came of it.
    pub fn note(&self, who: &str, what: impl Display) {
        let now = self.tenant.clock().now().strftime("%Y-%m-%d %H:%M");
        println!("  {now}  {who:<10}  {what}");
    }

    /// Notes something that should be so.
    pub fn expect(&self, who: &str, what: impl Display, is_so: bool) {
        if is_so {
            self.note(who, what);
        } else {
            self.disappointments.set(self.disappointments.get() + 1);
            self.note(who, format_args!("{what}  <-- NOT SO"));
        }
    }

    /// Prints the verdict; `true` if everything went as expected.
    pub fn verdict(&self, success: &str) -> bool {
        match self.disappointments.get() {
            0 => println!("\nVerdict: {success}"),
            count => println!("\nVerdict: {count} of the expectations above did not hold."),
        }
        self.disappointments.get() == 0
    }
}
