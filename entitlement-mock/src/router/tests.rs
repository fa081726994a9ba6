//! Every list that is answered is in the table of what queries take.

use entitlement_graph::support::Endpoint;
use http::Method;

use super::route::Part;
use super::table::{ROUTES, TEMPLATES};

/// What is read and is no list, so that the table needs no row for it.
const SINGLE: &[&str] = &[
    "EM/settings",
    "EM/subjects()",
    "deviceManagement/deviceConfigurations/{configuration}/deviceStatusOverview",
    "EM/resources/{resource}/environment",
    "EM/catalogs/{catalog}/resources/{resource}/environment",
];

/// Lists that take every query there is, and why.
const TAKES_EVERYTHING: &[(&str, &str)] = &[
    ("RM/roleDefinitions", ROLE_MANAGEMENT),
    ("RM/roleAssignments", ROLE_MANAGEMENT),
    ("roleManagement/directory/roleDefinitions", ROLE_MANAGEMENT),
    ("roleManagement/directory/roleAssignments", ROLE_MANAGEMENT),
    (
        "roleManagement/directory/roleEligibilityScheduleInstances",
        ROLE_MANAGEMENT,
    ),
    (
        "AR-instance/decisions/{decision}/insights",
        "insights are documented as a link of decisions, and not as a list",
    ),
];

const ROLE_MANAGEMENT: &str =
    "the reference of role management names the usual options, and neither properties nor links";

#[test]
fn every_list_has_its_row() {
    let mut lacking = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for (route, template) in ROUTES.iter().zip(TEMPLATES.iter()) {
        let ends_in_key = matches!(template.last(), Some(Part::Key(_)));
        if route.method != Method::GET || ends_in_key {
            continue;
        }
        let path: Vec<String> = template
            .iter()
            .map(|part| match part {
                Part::Name(name) => (*name).to_owned(),
                Part::Key(_) => "x".to_owned(),
                Part::Function(name) => format!("{name}()"),
            })
            .collect();
        let is_excused = SINGLE.contains(&route.template)
            || TAKES_EVERYTHING
                .iter()
                .any(|(list, _)| *list == route.template);
        match Endpoint::at(&path) {
            None if is_excused => known.push(route.template),
            None => lacking.push(route.template),
            Some(_) => assert!(
                !is_excused,
                "{} has a row: it needs no excuse",
                route.template
            ),
        }
    }
    assert!(lacking.is_empty(), "lists without a row: {lacking:#?}");
    let excused = SINGLE.len() + TAKES_EVERYTHING.len();
    assert_eq!(
        known.len(),
        excused,
        "an excuse is for a list that is not there"
    );
}
