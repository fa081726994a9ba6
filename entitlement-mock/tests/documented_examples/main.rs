//! Every call of self-service local administrators — people, groups, catalogs, packages, policies, requests,
//! assignments, approvals — as Microsoft's reference pages show it.
//!
//! The pages' request and response bodies are read from `$ENTITLEMENT_SHARED/graph/examples-v1.json`, and the types
//! from `schema-v1.json` beside it; without the variable the test says that it is skipped and passes. For each example
//! of the pages in [`JOURNEY`] it proves, one check after the other:
//!
//! | check | what holds |
//! |---|---|
//! | `draft` | what the builders write for it means the same as the page's request body |
//! | `accept` | the tenant answers the call with the page's status |
//! | `shape` | every declared property that the page shows is in the tenant's answer, as the same kind of JSON |
//!
//! That every body of every page decodes into the model is proved beside the model. What a page gets wrong is put right
//! before it is looked at. `documented_examples_misses.txt` lists the checks that fail, each with its reason; a check
//! that is listed and does not fail is an error, so the list only shrinks.

#![expect(clippy::expect_used, reason = "a panic is how a test fails")]

mod difference;
mod drafts;
mod examples;
mod meaning;
mod misses;
mod replay;
mod schema;
mod seed;
mod shape;

use std::io::Write;

use entitlement_core::approval::{Approval, Stage};
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::catalog::Catalog;
use entitlement_core::directory::{DirectoryObject, Group, User};
use entitlement_core::entity::Entity;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use serde_json::Value;

use examples::Example;
use misses::Findings;
use schema::Schema;
use seed::Seed;

/// The calls of the journey: the pages that describe them, by what their bodies hold.
const JOURNEY: &[(&str, &[&str])] = &[
    (User::TYPE, &["user-list", "user-get", "user-list-manager"]),
    (
        Group::TYPE,
        &[
            "group-list",
            "group-post-groups",
            "group-get",
            "group-update",
            "group-delete",
            "group-post-members",
            "group-delete-members",
        ],
    ),
    (DirectoryObject::TYPE, &["group-list-members"]),
    (
        Catalog::TYPE,
        &[
            "entitlementmanagement-list-catalogs",
            "entitlementmanagement-post-catalogs",
            "accesspackagecatalog-get",
            "accesspackagecatalog-update",
            "accesspackagecatalog-delete",
        ],
    ),
    (
        AccessPackage::TYPE,
        &[
            "entitlementmanagement-list-accesspackages",
            "entitlementmanagement-post-accesspackages",
            "accesspackage-get",
            "accesspackage-update",
            "accesspackage-delete",
            "accesspackage-filterbycurrentuser",
        ],
    ),
    (
        "accessPackageAssignmentRequestRequirements",
        &["accesspackage-getapplicablepolicyrequirements"],
    ),
    (
        AssignmentPolicy::TYPE,
        &[
            "entitlementmanagement-list-assignmentpolicies",
            "entitlementmanagement-post-assignmentpolicies",
            "accesspackageassignmentpolicy-get",
            "accesspackageassignmentpolicy-update",
            "accesspackageassignmentpolicy-delete",
        ],
    ),
    (
        AssignmentRequest::TYPE,
        &[
            "entitlementmanagement-list-assignmentrequests",
            "entitlementmanagement-post-assignmentrequests",
            "accesspackageassignmentrequest-get",
            "accesspackageassignmentrequest-filterbycurrentuser",
            "accesspackageassignmentrequest-cancel",
            "accesspackageassignmentrequest-reprocess",
            "accesspackageassignmentrequest-delete",
        ],
    ),
    (
        Assignment::TYPE,
        &[
            "entitlementmanagement-list-assignments",
            "accesspackageassignment-filterbycurrentuser",
            "accesspackageassignment-reprocess",
        ],
    ),
    (
        Approval::TYPE,
        &["approval-filterbycurrentuser", "approval-get"],
    ),
    (
        Stage::TYPE,
        &[
            "approval-list-stages",
            "approvalstage-get",
            "approvalstage-update",
        ],
    ),
];

#[tokio::test(flavor = "current_thread")]
async fn every_documented_call_is_understood_and_answered() {
    let Some((examples, schema)) = examples::load() else {
        say("SKIPPED documented examples: ENTITLEMENT_SHARED is not set, so nothing was checked");
        return;
    };
    let mut findings = Findings::default();
    for (kind, pages) in JOURNEY {
        for page in *pages {
            let mut of_page = examples
                .iter()
                .filter(|example| example.page == *page)
                .peekable();
            assert!(of_page.peek().is_some(), "{page} has no example");
            for example in of_page {
                check(kind, example.clone(), &schema, &mut findings).await;
            }
        }
    }
    say(&findings.summary());
    let wrong = findings.against(include_str!("../documented_examples_misses.txt"));
    assert!(wrong.is_empty(), "documented examples differ:\n{wrong}");
}

/// All checks of one example; a call that was not accepted has no shape.
async fn check(kind: &str, mut example: Example, schema: &Schema, findings: &mut Findings) {
    examples::put_right(&mut example);
    if let Some(draft) = drafts::draft(&example) {
        let body = example.request.body.as_ref();
        let differences = meaning::differences(schema, kind, body.unwrap_or(&Value::Null), &draft);
        findings.note(&example, "draft", differences);
    }
    let seed = Seed::plant().await.expect("the tenant can be set up");
    let answer = replay::replay(&seed, &example.request);
    let refused = answer.refusal(example.status());
    let accepted = refused.is_none();
    findings.note(&example, "accept", Vec::from_iter(refused));
    if let (true, Some(documented)) = (accepted, example.answer_body()) {
        let differences = shape::differences(schema, kind, documented, &answer.body);
        findings.note(&example, "shape", differences);
    }
}

/// Says something that is heard although the test passes: only what the print macros write is held back.
fn say(line: &str) {
    // Nobody listening is no reason to fail.
    let _ = writeln!(std::io::stderr(), "\n{line}");
}
