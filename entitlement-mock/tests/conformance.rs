//! The conformance suite on the in-memory tenant, with pages as the service cuts them and with the smallest possible.

mod in_process {
    entitlement_mock::conformance_tests!(entitlement_mock::Tenant::new());
}

mod tiny_pages {
    entitlement_mock::conformance_tests!(entitlement_mock::Tenant::builder().page_size(1).build());
}
