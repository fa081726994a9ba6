//! Files that claim to be the state of a tenant: refused, or as good as any other state.

#![no_main]

use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::snapshot::Snapshot;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(snapshot) = Snapshot::from_json(text) else {
        return;
    };
    let tenant = Tenant::restore(&snapshot);
    tenant.clock().advance(IsoDuration::days(400));
    let later = tenant.snapshot();
    assert!(Snapshot::from_json(&later.to_json()).is_ok());
    let _ = snapshot.difference(&later).to_string();
});
