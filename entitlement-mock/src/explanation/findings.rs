//! What is found on the way from a person to a package.

use std::fmt::{self, Display};

use entitlement_core::catalog::CatalogState;
use entitlement_core::directory::UserType;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requestor::AllowedTargetScope as Scope;

use crate::lifecycle::eligibility::{allows, applicable_policies, class, is_in_scope};
use crate::lifecycle::guests::is_for_outsiders;
use crate::lifecycle::separation::conflicts;
use crate::world::World;
use crate::world::directory::User;
use crate::world::table::Key;

/// Whether somebody may ask for a package, and why; [`Tenant::why_denied`](crate::Tenant::why_denied) finds it out. Printed, it is one sentence a
/// line, the verdict first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    may_ask: bool,
    verdict: String,
    sentences: Vec<String>,
}

impl Explanation {
    /// Whether a request that the person makes now is taken, if it says what the policy asks for.
    pub fn may_ask(&self) -> bool {
        self.may_ask
    }

    /// What was found, in the order in which the service looks.
    pub fn sentences(&self) -> &[String] {
        &self.sentences
    }
}

impl Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.verdict)?;
        for sentence in &self.sentences {
            write!(f, "\n- {sentence}")?;
        }
        Ok(())
    }
}

/// Collects sentences; any of them can stand in the way.
#[derive(Default)]
struct Findings {
    sentences: Vec<String>,
    stands: bool,
}

impl Findings {
    fn note(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    fn refuse(&mut self, sentence: impl Into<String>) {
        self.note(sentence);
        self.stands = true;
    }
}

/// Looks at a person and a package as the service would.
pub(crate) fn explain(world: &World, person: Option<Key>, package: Option<Key>) -> Explanation {
    let mut findings = Findings::default();
    let user = person.filter(|key| world.is_person(*key));
    let user = user.and_then(|key| Some((key, world.users.get(key)?)));
    let row = package.and_then(|key| Some((key, world.packages.get(key)?)));
    let name = user.map_or("Somebody unknown", |(_, user)| user.display_name.as_str());
    let title = row.map_or("a package", |(_, row)| row.display_name.as_str());
    match (user, row) {
        (Some((person, user)), Some((package, _))) => {
            about_account(&mut findings, user);
            about_package(world, &mut findings, user, package);
            about_history(world, &mut findings, person, package);
            about_policies(world, &mut findings, person, package);
        }
        (user, row) => {
            if user.is_none() {
                findings.refuse("The tenant has no account with this id (REQ-4).");
            }
            if row.is_none() {
                findings.refuse("The tenant has no package with this id.");
            }
        }
    }
    let may = if findings.stands { "may not" } else { "may" };
    Explanation {
        may_ask: !findings.stands,
        verdict: format!("{name} {may} ask for {title}."),
        sentences: findings.sentences,
    }
}

fn about_account(findings: &mut Findings, user: &User) {
    if user.is_enabled {
        return;
    }
    let by_service = user.outside.as_ref().and_then(|outside| outside.blocked);
    match by_service {
        Some(at) => findings.refuse(format!(
            "The account is blocked since {at}, when the last access was lost (ORG-9, ORG-12)."
        )),
        None => findings.refuse("The account is blocked (REQ-44)."),
    }
}

fn about_package(world: &World, findings: &mut Findings, user: &User, package: Key) {
    let Some(row) = world.packages.get(package) else {
        return;
    };
    let Some(catalog) = world.catalogs.get(row.catalog) else {
        return;
    };
    let name = &catalog.display_name;
    if catalog.state == CatalogState::Published {
        findings.note(format!("The catalog {name} is published."));
    } else {
        findings.refuse(format!(
            "The catalog {name} is not published, so nobody can ask for anything in it (OBJ-12)."
        ));
    }
    let comes_from_elsewhere = user.kind == UserType::Guest || user.outside.is_some();
    if comes_from_elsewhere && !catalog.is_externally_visible {
        findings.note(format!(
            "The catalog {name} is not shown to people from elsewhere, so policies for them count for nothing (VIS-1)."
        ));
    }
    if row.is_hidden {
        findings.note(
            "The package is hidden: it is not listed, but whoever has its link may ask (OBJ-42).",
        );
    }
}

fn about_history(world: &World, findings: &mut Findings, person: Key, package: Key) {
    if let Some(open) = world.open_request(person, package) {
        let row = world.requests.get(open);
        let status = row.map_or_else(String::new, |row| row.status.to_string());
        findings.refuse(format!(
            "A request for the package is still open: {status} (REQ-41)."
        ));
    }
    if let Some(held) = world.current_assignment(person, package) {
        let row = world.assignments.get(held);
        let state = row.map_or_else(String::new, |row| row.state.to_string());
        let until = row.and_then(|row| row.end);
        let until = until.map_or_else(String::new, |end| format!(" until {end}"));
        findings.refuse(format!(
            "The package is assigned already: {state}{until} (REQ-40, REQ-42)."
        ));
    }
    let held = conflicts(world, package, person);
    if !held.packages.is_empty() {
        findings.refuse(format!(
            "It does not go with {}, which they hold (SOD-4).",
            held.packages.join(", ")
        ));
    }
    if !held.groups.is_empty() {
        findings.refuse(format!(
            "It does not go with the membership of {} (SOD-4).",
            held.groups.join(", ")
        ));
    }
}

fn about_policies(world: &World, findings: &mut Findings, person: Key, package: Key) {
    let applicable = applicable_policies(world, package, person);
    let strongest = applicable.first().and_then(|key| world.policies.get(*key));
    let strongest = strongest.map(|row| class(&row.settings));
    let policies = world.links.policies_of_package.of(package);
    if policies.is_empty() {
        findings.refuse("The package has no policy, so nobody can have it (POL-4).");
        return;
    }
    for key in policies {
        let Some(row) = world.policies.get(*key) else {
            continue;
        };
        let name = row.settings.display_name.as_deref().unwrap_or_default();
        let verdict = if applicable.contains(key) {
            "applies".to_owned()
        } else {
            why_not(world, &row.settings, person, package, strongest)
        };
        let scope = meaning(row.settings.allowed_target_scope.as_ref());
        findings.note(format!("The policy {name:?}, for {scope}, {verdict}."));
    }
    match applicable.len() {
        0 => findings.refuse("No policy applies (PRI-5)."),
        1 => {}
        several => findings.note(format!(
            "{several} policies apply, so a request has to name one (U-13)."
        )),
    }
}

/// Why a policy does not apply to somebody.
fn why_not(
    world: &World,
    policy: &AssignmentPolicy,
    person: Key,
    package: Key,
    strongest: Option<u8>,
) -> String {
    if policy.automatic_request_settings.is_some() {
        return "assigns by rule, and nobody asks under it (AUTO-4)".to_owned();
    }
    if !allows(policy, |own| own.enable_targets_to_self_add_access) {
        return "lets nobody ask, only administrators assign (POL-10)".to_owned();
    }
    if !is_in_scope(world, policy, person) {
        let may_come = world
            .home_of(person)
            .is_none_or(|home| world.may_be_invited(home));
        return if is_for_outsiders(policy) && !may_come {
            "does not apply: people from there may not be invited (ORG-12)".to_owned()
        } else {
            "does not apply: they are outside its scope (2.2)".to_owned()
        };
    }
    let catalog = world.packages.get(package).map(|row| row.catalog);
    let catalog = catalog.and_then(|key| world.catalogs.get(key));
    if is_for_outsiders(policy) && catalog.is_some_and(|row| !row.is_externally_visible) {
        return "does not count: its catalog is not shown to people from elsewhere (VIS-1)"
            .to_owned();
    }
    match strongest {
        Some(strongest) if strongest < class(policy) => format!(
            "would apply, but gives way to a more specific one: class P{} to P{strongest} (PRI-2)",
            class(policy)
        ),
        _ => "does not apply".to_owned(),
    }
}

fn meaning(scope: Option<&Scope>) -> String {
    match scope {
        None | Some(Scope::NotSpecified) => "nobody".to_owned(),
        Some(Scope::SpecificDirectoryUsers) => "specific people and groups".to_owned(),
        Some(Scope::SpecificConnectedOrganizationUsers) => "specific organisations".to_owned(),
        Some(Scope::AllMemberUsers) => "all members".to_owned(),
        Some(Scope::AllDirectoryUsers) => "everybody in the directory".to_owned(),
        Some(Scope::AllConfiguredConnectedOrganizationUsers) => {
            "all configured organisations".to_owned()
        }
        Some(Scope::AllExternalUsers) => "everybody from elsewhere".to_owned(),
        Some(other) => other.to_string(),
    }
}
