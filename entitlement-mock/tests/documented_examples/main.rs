//! Every call of self-service local administrators — people, groups, catalogs, packages, policies, requests,
//! assignments, approvals — as Microsoft's reference pages show it.
//!
//! The pages' request and response bodies are read from `$ENTITLEMENT_SHARED/graph/examples-v1.json`, and the types
//! from `schema-v1.json` beside it; without the variable the test says that it is skipped and passes. For each example
//! of the pages in [`JOURNEY`] it proves, one check after the other:
//!
//! | check | what holds |
//! |---|---|
//! | `text` | the page speaks v1.0: no names from beta, no `"null"` in quotes, no entity without its id |
//! | `model` | what is read or written decodes into the model and encodes to JSON that means the same |
//! | `draft` | what the builders write for it means the same as the page's request body |
//! | `accept` | the tenant answers the call with the page's status |
//! | `shape` | every declared property that the page shows is in the tenant's answer, as the same kind of JSON |
//!
//! A slip that `text` finds is put right before the other checks. `documented_examples_misses.txt` lists the checks
//! that fail, each with its reason; a check that is listed and does not fail is an error, so the list only shrinks.

#![expect(clippy::expect_used, reason = "a panic is how a test fails")]

mod difference;
mod drafts;
mod examples;
mod meaning;
mod misses;
mod noun;
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
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requirements::PolicyRequirements;
use serde_json::Value;

use difference::{Difference, at};
use examples::Example;
use misses::Findings;
use noun::Noun;
use schema::Schema;
use seed::Seed;

/// The calls of the journey: the pages that describe them, by what their bodies hold.
const JOURNEY: &[(Noun, &[&str])] = &[
    (
        Noun::entity::<User>(),
        &["user-list", "user-get", "user-list-manager"],
    ),
    (
        Noun::entity::<Group>(),
        &[
            "group-list",
            "group-post-groups",
            "group-get",
            "group-delete",
            "group-post-members",
            "group-delete-members",
        ],
    ),
    (Noun::entity::<DirectoryObject>(), &["group-list-members"]),
    (
        Noun::entity::<Catalog>(),
        &[
            "entitlementmanagement-list-catalogs",
            "entitlementmanagement-post-catalogs",
            "accesspackagecatalog-get",
            "accesspackagecatalog-update",
            "accesspackagecatalog-delete",
        ],
    ),
    (
        Noun::entity::<AccessPackage>(),
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
        Noun::of::<PolicyRequirements>("accessPackageAssignmentRequestRequirements"),
        &["accesspackage-getapplicablepolicyrequirements"],
    ),
    (
        Noun::entity::<AssignmentPolicy>(),
        &[
            "entitlementmanagement-list-assignmentpolicies",
            "entitlementmanagement-post-assignmentpolicies",
            "accesspackageassignmentpolicy-get",
            "accesspackageassignmentpolicy-update",
            "accesspackageassignmentpolicy-delete",
        ],
    ),
    (
        Noun::entity::<AssignmentRequest>(),
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
        Noun::entity::<Assignment>(),
        &[
            "entitlementmanagement-list-assignments",
            "accesspackageassignment-filterbycurrentuser",
            "accesspackageassignment-reprocess",
        ],
    ),
    (
        Noun::entity::<Approval>(),
        &["approval-filterbycurrentuser", "approval-get"],
    ),
    (
        Noun::entity::<Stage>(),
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
    for (noun, pages) in JOURNEY {
        for page in *pages {
            let mut of_page = examples
                .iter()
                .filter(|example| example.page == *page)
                .peekable();
            assert!(of_page.peek().is_some(), "{page} has no example");
            for example in of_page {
                check(noun, example.clone(), &schema, &mut findings).await;
            }
        }
    }
    say(&findings.summary());
    let wrong = findings.against(include_str!("../documented_examples_misses.txt"));
    assert!(wrong.is_empty(), "documented examples differ:\n{wrong}");
}

/// All checks of one example; a call that was not accepted has no shape.
async fn check(noun: &Noun, mut example: Example, schema: &Schema, findings: &mut Findings) {
    let slips = examples::put_right(&mut example, schema.has_id(noun.kind));
    findings.note(&example, "text", slips);
    let bodies = example.bodies();
    if !bodies.is_empty() {
        findings.note(&example, "model", model(noun, &bodies, schema));
    }
    if let Some(draft) = drafts::draft(&example) {
        let body = example.request.body.as_ref();
        let differences =
            meaning::differences(schema, noun.kind, body.unwrap_or(&Value::Null), &draft);
        findings.note(&example, "draft", differences);
    }
    let seed = Seed::plant().await.expect("the tenant can be set up");
    let answer = replay::replay(&seed, &example.request);
    let refused = answer.refusal(example.status());
    let accepted = refused.is_none();
    findings.note(&example, "accept", Vec::from_iter(refused));
    if let (true, Some(documented)) = (accepted, example.answer_body()) {
        let differences = shape::differences(schema, noun.kind, documented, &answer.body);
        findings.note(&example, "shape", differences);
    }
}

/// Sends bodies through the model and back.
fn model(noun: &Noun, bodies: &[(String, Value)], schema: &Schema) -> Vec<Difference> {
    let lost = bodies.iter().flat_map(|(place, body)| {
        let differences = match (noun.round_trip)(body.clone()) {
            Ok(again) => meaning::differences(schema, noun.kind, body, &again),
            Err(error) => {
                let path = error.path().trim_matches('.');
                vec![Difference::new(path, at(body, path), &error.problem())]
            }
        };
        differences
            .into_iter()
            .map(move |difference| difference.below(place))
    });
    lost.collect()
}

/// Says something that is heard although the test passes: only what the print macros write is held back.
fn say(line: &str) {
    // Nobody listening is no reason to fail.
    let _ = writeln!(std::io::stderr(), "\n{line}");
}
