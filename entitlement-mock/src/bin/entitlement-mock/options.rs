//! What the program can be told on its command line.

use std::path::PathBuf;

use clap::Parser;
use entitlement_core::time::Timestamp;
use entitlement_mock::Tenant;
use entitlement_mock::lag::LagProfile;

use crate::state_file;

/// An in-memory Microsoft Entra tenant for tests in any language.
///
/// It answers like Microsoft Graph v1.0 for entitlement management, access reviews and the people, groups and applications
/// around them, and what you post changes what you get. It needs no account and no network, and forgets everything when it
/// stops, unless told to save it.
#[derive(Debug, Parser)]
#[command(version, after_long_help = EXAMPLES)]
pub(crate) struct Options {
    /// The address to listen on; port 0 is any free one, which is printed
    ///
    /// Callers on other machines reach Graph if the address lets them, and the control plane only with
    /// --allow-remote-control. There is no TLS, and everybody may be anybody: this is no place for secrets.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8181")]
    pub(crate) listen: String,

    /// Begin with a saved state: what --save or GET /mock/state wrote
    #[arg(long, value_name = "STATE.json")]
    pub(crate) load: Option<PathBuf>,

    /// Save the state here on Ctrl-C
    #[arg(long, value_name = "STATE.json")]
    pub(crate) save: Option<PathBuf>,

    /// Where ids come from: the same seed and the same calls give the same ids
    #[arg(long, value_name = "N", conflicts_with = "load")]
    pub(crate) seed: Option<u64>,

    /// What the tenant's clock shows at first, such as 2026-01-01T00:00:00Z, which it shows unless said
    ///
    /// Time stands still until it is turned by POST /mock/clock/advance.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<Timestamp>,

    /// How many items a page has unless the caller says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: Option<u32>,

    /// How long the service takes for what it does by itself: immediate or realistic
    #[arg(long, value_name = "PROFILE")]
    pub(crate) lag: Option<LagProfile>,

    /// Let callers on other machines use the control plane, too
    #[arg(long)]
    pub(crate) allow_remote_control: bool,

    /// Print which operations there are and how they are checked, and stop
    #[arg(long)]
    pub(crate) coverage: bool,
}

const EXAMPLES: &str = "\
Identity:
  Authorization: Bearer app                           an application with every permission
  Authorization: Bearer ada@contoso.onmicrosoft.com   a person, by sign-in name or id
  Authorization: Bearer app:User.Read.All             the same with these permissions and no others

First steps:
  entitlement-mock --listen 127.0.0.1:8181
  curl -H 'Authorization: Bearer app' http://127.0.0.1:8181/v1.0/identityGovernance/entitlementManagement/catalogs
  curl -X POST http://127.0.0.1:8181/mock/clock/advance -d '{\"by\": \"P30D\"}'

Control plane, below /mock, in JSON:
  GET  clock            what the clock shows
  POST clock/advance    turn it: {\"by\": \"P30D\"}
  POST reset            back to the state at the start
  GET  state            the whole state, for --load
  PUT  state            go to such a state
  GET  journal          every call, with the reason for every refusal
  GET  outbox           every mail
  POST faults           {\"effect\": {\"fail\": {\"status\": 429, \"retryAfter\": 1}}, \"path\": \"catalogs\", \"times\": 1}
  DELETE faults         nothing goes wrong any more";

impl Options {
    /// The tenant that is to be served.
    pub(crate) fn tenant(&self) -> Result<Tenant, String> {
        let Some(file) = &self.load else {
            let mut tenant = Tenant::builder();
            if let Some(seed) = self.seed {
                tenant = tenant.seed(seed);
            }
            if let Some(now) = self.now {
                tenant = tenant.now(now);
            }
            if let Some(items) = self.page_size {
                tenant = tenant.page_size(usize::try_from(items).unwrap_or(usize::MAX));
            }
            if let Some(lag) = &self.lag {
                tenant = tenant.lag(lag.clone());
            }
            return Ok(tenant.build());
        };
        let tenant = Tenant::restore(&state_file::read(file)?);
        if let Some(now) = self.now {
            let saved = tenant.clock().now();
            if now < saved {
                return Err(format!(
                    "--now {now} is before {saved}, where the saved state is"
                ));
            }
            tenant.clock().advance_to(now);
        }
        if let Some(items) = self.page_size {
            tenant.set_page_size(usize::try_from(items).unwrap_or(usize::MAX));
        }
        if let Some(lag) = &self.lag {
            tenant.set_lag(lag.clone());
        }
        Ok(tenant)
    }
}
