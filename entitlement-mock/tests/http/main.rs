//! The conformance suite over HTTP, with the network transport that production uses: plain, and over a service that is
//! busy, away and forgetful.

mod served;
mod uploads;

use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::faults::Fault;

use served::Served;

mod plain {
    entitlement_mock::conformance_tests!(
        crate::Served::start(entitlement_mock::Tenant::new()).await
    );
}

mod faulty {
    entitlement_mock::conformance_tests!(crate::Served::start(crate::faulty_tenant()).await);
}

/// Of the calls some are throttled; of those that only look, some find nobody and some get no answer.
fn faulty_tenant() -> Tenant {
    let tenant = Tenant::new();
    tenant.inject(Fault::throttled(0).every(7));
    tenant.inject(Fault::unavailable().on_method("GET").every(11));
    tenant.inject(Fault::lost_answer().on_method("GET").every(13));
    tenant.inject(Fault::slow(IsoDuration::seconds(0)).every(5));
    tenant
}
