//! What the program says when it is ready.

use entitlement_mock::Tenant;
use entitlement_mock::server::Listener;

use crate::options::Options;

/// The first line is for programs, the rest for people.
pub(crate) fn banner(listener: &Listener, tenant: &Tenant, options: &Options) -> String {
    let uri = format!("http://{}", listener.address());
    let domain = tenant.domain();
    let begin = match &options.load {
        Some(file) => format!("the state of {}", file.display()),
        None => "an empty tenant".to_owned(),
    };
    let reach = if options.allow_remote_control {
        ", open to other machines, too"
    } else {
        ""
    };
    let end = match &options.save {
        Some(file) => format!("Ctrl-C, which saves the state to {}", file.display()),
        None => "Ctrl-C, which forgets everything".to_owned(),
    };
    format!(
        "listening on {uri}
  Graph     {uri}/v1.0, {begin} called {domain}
  time      stands still at {}
  callers   Authorization: Bearer app, or Bearer ada@{domain}
  control   {uri}/mock (clock, state, journal, outbox, faults){reach}
  stop      {end}
",
        tenant.clock().now()
    )
}
