//! Everything the tenant knows: one table a collection, and the links between them. No time, no HTTP.

mod administrators;
pub(crate) mod agenda;
pub(crate) mod applications;
pub(crate) mod directory;
pub(crate) mod directory_roles;
pub(crate) mod extension;
pub(crate) mod holdings;
mod homes;
pub(crate) mod ids;
pub(crate) mod intune;
mod links;
pub(crate) mod origin;
pub(crate) mod outside;
pub(crate) mod package;
mod record;
pub(crate) mod request;
pub(crate) mod resource;
pub(crate) mod review;
pub(crate) mod role;
pub(crate) mod roster;
mod rows;
pub(crate) mod sites;
pub(crate) mod table;
mod unseen;

use entitlement_core::catalog::{CatalogState, CatalogType};
use entitlement_core::time::Timestamp;
use entitlement_graph::permission::Role;
use serde::{Deserialize, Serialize};

use crate::audit::AuditEvent;
use crate::choices::Choices;
use crate::lag::LagProfile;
use crate::licence::Licence;
use crate::outbox::Mail;
use agenda::Agenda;
use applications::{AppRoleAssignment, Application, ServicePrincipal};
use directory::{Group, User};
use directory_roles::DirectoryRole;
use extension::{Callout, Extension};
use ids::Ids;
use intune::app::App;
use intune::configuration::Configuration;
use intune::content::AppFile;
use intune::device::Device;
use links::Links;
use origin::Outage;
use outside::{GuestSettings, Invitations, Organization, Partner};
use package::{Catalog, Package, Policy};
use request::{Assignment, Request};
use resource::{Resource, ResourceRequest};
use review::{History, Instance, Review};
use role::RoleAssignment;
use sites::{Environment, Site};
use table::{Key, Place, Table};
use unseen::Unseen;

/// What was decided when the tenant was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The tenant's own domain.
    pub(crate) domain: String,
    /// How many items a page has unless the caller says.
    pub(crate) page_size: usize,
    pub(crate) choices: Choices,
    pub(crate) lag: LagProfile,
    /// Everybody may do everything.
    pub(crate) is_permissive: bool,
    pub(crate) licence: Licence,
    /// From where people may be invited.
    #[serde(default)]
    pub(crate) invitations: Invitations,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) ids: Ids,
    pub(crate) agenda: Agenda,
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
    pub(crate) applications: Table<Application>,
    pub(crate) service_principals: Table<ServicePrincipal>,
    pub(crate) app_role_assignments: Table<AppRoleAssignment>,
    pub(crate) environments: Table<Environment>,
    pub(crate) sites: Table<Site>,
    pub(crate) directory_roles: Table<DirectoryRole>,
    /// The places that refuse to be written.
    pub(crate) outages: Vec<Outage>,
    pub(crate) catalogs: Table<Catalog>,
    pub(crate) resources: Table<Resource>,
    pub(crate) resource_requests: Table<ResourceRequest>,
    pub(crate) packages: Table<Package>,
    pub(crate) policies: Table<Policy>,
    pub(crate) requests: Table<Request>,
    pub(crate) assignments: Table<Assignment>,
    pub(crate) role_assignments: Table<RoleAssignment>,
    pub(crate) organizations: Table<Organization>,
    /// Other tenants, by their ids.
    pub(crate) partners: Table<Partner>,
    /// What becomes of guests without access.
    pub(crate) guests: GuestSettings,
    pub(crate) extensions: Table<Extension>,
    pub(crate) callouts: Table<Callout>,
    /// The calls of which nobody has been told yet who could answer for the called system.
    pub(crate) unanswered: Vec<Key>,
    /// What cannot be found yet.
    pub(crate) unseen: Unseen,
    #[serde(default)]
    pub(crate) reviews: Table<Review>,
    #[serde(default)]
    pub(crate) review_instances: Table<Instance>,
    #[serde(default)]
    pub(crate) review_histories: Table<History>,
    #[serde(default)]
    pub(crate) apps: Table<App>,
    /// The files of apps.
    #[serde(default)]
    pub(crate) app_files: Table<AppFile>,
    #[serde(default)]
    pub(crate) configurations: Table<Configuration>,
    #[serde(default)]
    pub(crate) devices: Table<Device>,
    pub(crate) outbox: Vec<Mail>,
    pub(crate) audit_log: Vec<AuditEvent>,
    #[serde(skip)]
    pub(crate) links: Links,
}

impl World {
    /// A tenant with nothing in it but the built-in catalog (OBJ-10).
    pub(crate) fn new(seed: u64, now: Timestamp, settings: Settings) -> Self {
        let mut world = Self {
            settings,
            ids: Ids::from_seed(seed),
            agenda: Agenda::default(),
            users: Table::default(),
            groups: Table::default(),
            applications: Table::default(),
            service_principals: Table::default(),
            app_role_assignments: Table::default(),
            environments: Table::default(),
            sites: Table::default(),
            directory_roles: directory_roles::built_in(),
            outages: Vec::new(),
            catalogs: Table::default(),
            resources: Table::default(),
            resource_requests: Table::default(),
            packages: Table::default(),
            policies: Table::default(),
            requests: Table::default(),
            assignments: Table::default(),
            role_assignments: Table::default(),
            organizations: Table::default(),
            partners: Table::default(),
            guests: GuestSettings::default(),
            extensions: Table::default(),
            callouts: Table::default(),
            unanswered: Vec::new(),
            unseen: Unseen::default(),
            reviews: Table::default(),
            review_instances: Table::default(),
            review_histories: Table::default(),
            apps: Table::default(),
            app_files: Table::default(),
            configurations: Table::default(),
            devices: Table::default(),
            outbox: Vec::new(),
            audit_log: Vec::new(),
            links: Links::default(),
        };
        world.add_default_environment(now);
        let general = world.ids.next();
        world.catalogs.insert(
            general,
            Catalog {
                display_name: "General".to_owned(),
                description: Some("Built-in catalog.".to_owned()),
                kind: CatalogType::ServiceDefault,
                state: CatalogState::Published,
                is_externally_visible: true,
                created: now,
                modified: now,
            },
        );
        world
    }

    /// Says what is wrong with a world that came from elsewhere: a row that hangs in the air, or ids that would be given
    /// out again.
    pub(crate) fn check(&self) -> Result<(), String> {
        let catalogs = |key| self.catalogs.contains(key);
        let homeless = |kind: &str, key: Key, owner: &str, id: Key| {
            Err(format!(
                "{kind} {key} belongs to {owner} {id}, which is not there"
            ))
        };
        for (key, row) in self.resources.iter() {
            if !catalogs(row.catalog) {
                return homeless("the resource", key, "the catalog", row.catalog);
            }
        }
        for (key, row) in self.packages.iter() {
            if !catalogs(row.catalog) {
                return homeless("the package", key, "the catalog", row.catalog);
            }
        }
        for (key, row) in self.policies.iter() {
            if !self.packages.contains(row.package) {
                return homeless("the policy", key, "the package", row.package);
            }
        }
        for (key, row) in self.review_instances.iter() {
            if !self.reviews.contains(row.review) {
                return homeless("the instance", key, "the review", row.review);
            }
        }
        for (key, row) in self.extensions.iter() {
            if !catalogs(row.catalog) {
                return homeless("the extension", key, "the catalog", row.catalog);
            }
        }
        for (key, row) in self.app_files.iter() {
            if !self.apps.contains(row.app) {
                return homeless("the file", key, "the app", row.app);
            }
        }
        if self.settings.page_size == 0 {
            return Err("a page must have room for at least one item".to_owned());
        }
        Ok(())
    }

    /// Finds the links between the rows anew, as after reading them from elsewhere.
    pub(crate) fn link_again(&mut self) {
        let mut links = Links::default();
        for (key, user) in self.users.iter() {
            links.user(key, place(&self.users, key), user);
        }
        for (key, group) in self.groups.iter() {
            links.group(place(&self.groups, key), group);
        }
        for (key, resource) in self.resources.iter() {
            links.resource(key, resource);
        }
        for (key, package) in self.packages.iter() {
            links.package(key, package);
        }
        for (key, policy) in self.policies.iter() {
            links.policy(key, policy);
        }
        for (key, extension) in self.extensions.iter() {
            links.extension(key, extension);
        }
        for (key, request) in self.requests.iter() {
            links.request(key, place(&self.requests, key), request);
        }
        for (key, assignment) in self.assignments.iter() {
            links.assignment(key, place(&self.assignments, key), assignment);
        }
        for (key, row) in self.app_role_assignments.iter() {
            links.app_role_assignment(key, row);
        }
        for (key, instance) in self.review_instances.iter() {
            links.instance(key, instance);
        }
        self.links = links;
    }

    /// The environment in which sites live unless it is said otherwise: `contoso.sharepoint.com`.
    fn add_default_environment(&mut self, now: Timestamp) {
        let domain = &self.settings.domain;
        let name = domain.split('.').next().unwrap_or(domain);
        let environment = Environment {
            url: format!("https://{name}.sharepoint.com"),
            display_name: format!("{name}.sharepoint.com"),
            description: None,
            is_default: true,
            created: now,
        };
        self.environments.insert(Environment::DEFAULT, environment);
    }

    /// A person by object id or sign-in name; deleted accounts are nobody's.
    pub(crate) fn find_user(&self, id_or_name: &str) -> Option<Key> {
        let key = match Key::try_parse(id_or_name) {
            Ok(key) => key,
            Err(_) => self.links.user_named(id_or_name)?,
        };
        self.is_person(key).then_some(key)
    }

    /// Whether there is a person with this id who has an account that is not deleted.
    pub(crate) fn is_person(&self, key: Key) -> bool {
        let user = self.users.get(key);
        user.is_some_and(|user| user.deleted.is_none() && !user.is_expected())
    }

    /// The id of entitlement management's record of a person.
    pub(crate) fn subject_of(&self, user: Key) -> Key {
        self.users.get(user).map_or(user, |user| user.subject)
    }

    /// Gives somebody a role; one that is not given in entitlement management is none.
    pub(crate) fn give_role(&mut self, principal: Key, role: Role, catalog: Option<Key>) {
        let Some(definition) = role.definition_id() else {
            return;
        };
        let key = self.ids.next();
        let row = RoleAssignment {
            principal,
            definition,
            catalog,
        };
        self.role_assignments.insert(key, row);
    }

    /// Whether somebody holds a role, or one that covers it, in a catalog or in the whole tenant.
    pub(crate) fn holds_role(&self, principal: Key, role: Role, catalog: Option<Key>) -> bool {
        let mut held = self.role_assignments.iter();
        held.any(|(_, row)| {
            let is_here = row.catalog.is_none() || row.catalog == catalog;
            row.principal == principal && is_here && row.role().is_some_and(|own| own.covers(role))
        })
    }

    /// The assignment that counts for a person and a package; there is at most one (REQ-42).
    pub(crate) fn current_assignment(&self, target: Key, package: Key) -> Option<Key> {
        let of_target = self.links.assignments_of_target.of(target);
        of_target.iter().copied().rev().find(|key| {
            self.assignments.get(*key).is_some_and(|assignment| {
                assignment.package == package && assignment.state.is_current()
            })
        })
    }

    /// The request about a person and a package that is still under way.
    pub(crate) fn open_request(&self, target: Key, package: Key) -> Option<Key> {
        let of_target = self.links.requests_of_target.of(target);
        of_target.iter().copied().rev().find(|key| {
            self.requests
                .get(*key)
                .is_some_and(|request| request.package == package && request.is_open())
        })
    }

    /// The manager `level` steps up; `None` if the chain ends before.
    pub(crate) fn manager_of(&self, user: Key, level: i32) -> Option<Key> {
        (0..level.max(1)).try_fold(user, |person, _| self.users.get(person)?.manager)
    }
}

/// The place of a row that is there.
fn place<R>(table: &Table<R>, key: Key) -> Place {
    table.place(key).unwrap_or_else(|| table.places())
}
