//! What the builders of the model write for the pages that make or change something.

use entitlement_core::approval::StageDecision;
use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogPatch, CatalogState};
use entitlement_core::directory::GroupDraft;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackageDraft, AccessPackagePatch};
use entitlement_core::validate::Invalid;
use serde::Serialize;
use serde_json::Value;

use crate::examples::Example;

/// The body that the typed client would send for an example; `None` if it needs none, or has no builder of its own.
pub(crate) fn draft(example: &Example) -> Option<Value> {
    Some(match (example.page.as_str(), example.n) {
        ("entitlementmanagement-post-catalogs", 0) => built(
            CatalogDraft::builder("sales")
                .description("for employees working with sales and outside sales partners")
                .state(CatalogState::Published)
                .is_externally_visible(true)
                .build(),
        ),
        ("accesspackagecatalog-update", 0) => json(&CatalogPatch {
            display_name: "Catalog One".into(),
            ..CatalogPatch::default()
        }),
        ("entitlementmanagement-post-accesspackages", 0) => built(
            AccessPackageDraft::builder(
                id::<Catalog>("66584aae-98bb-48cc-9458-7bee5d2a6577"),
                "sales reps",
            )
            .description("outside sales representatives")
            .build(),
        ),
        ("accesspackage-update", 0) => json(&AccessPackagePatch {
            display_name: "Access Package New Name".into(),
            ..AccessPackagePatch::default()
        }),
        ("entitlementmanagement-post-assignmentrequests", 0) => built(
            AssignmentRequestDraft::admin_add(
                &id("a914b616-e04e-476b-aa37-91038f0b165b"),
                &id("2264bf65-76ba-417b-a27d-54d291f0cbc8"),
                &id("46184453-e63b-4f20-86c2-c557ed5d5df9"),
            )
            .build(),
        ),
        ("entitlementmanagement-post-assignmentrequests", 1) => built(
            AssignmentRequestDraft::admin_remove(&id("a6bb6942-3ae1-4259-9908-0133aaee9377"))
                .build(),
        ),
        ("approvalstage-update", 0) => json(&StageDecision::approve("OK")),
        ("group-post-groups", 0) => built(
            GroupDraft::microsoft_365_group("Library Assist", "library")
                .description("Self help community for library")
                .build(),
        ),
        _ => return None,
    })
}

fn id<E>(text: &str) -> Id<E> {
    text.parse().expect("an id is not empty")
}

fn built<T: Serialize>(draft: Result<T, Invalid>) -> Value {
    json(&draft.expect("what is documented is valid"))
}

fn json(draft: &impl Serialize) -> Value {
    serde_json::to_value(draft).expect("a draft encodes to JSON")
}
