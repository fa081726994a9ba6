//! What ids are ids of, by their places in paths and bodies, and what goes with what.

use crate::world::World;
use crate::world::table::{Key, Place, Table};

/// Kinds of things that have ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Catalog,
    Package,
    Policy,
    Assignment,
    Request,
    ResourceRequest,
    Resource,
    Person,
    /// Entitlement management's own record of a person.
    Subject,
    Group,
    Application,
    ServicePrincipal,
    RoleAssignment,
    Organization,
    Extension,
    Review,
    Instance,
}

const ALL: [Kind; 17] = [
    Kind::Catalog,
    Kind::Package,
    Kind::Policy,
    Kind::Assignment,
    Kind::Request,
    Kind::ResourceRequest,
    Kind::Resource,
    Kind::Person,
    Kind::Subject,
    Kind::Group,
    Kind::Application,
    Kind::ServicePrincipal,
    Kind::RoleAssignment,
    Kind::Organization,
    Kind::Extension,
    Kind::Review,
    Kind::Instance,
];

/// Everything that has an id, with its name.
pub(super) fn known_as(world: &World, key: Key) -> Vec<(Kind, String)> {
    let all = ALL.into_iter();
    all.filter_map(|kind| Some((kind, kind.label(world, key)?)))
        .collect()
}

/// What is asked of any table.
trait Rows {
    fn place_of(&self, key: Key) -> Option<Place>;
    fn has(&self, key: Key) -> bool;
    fn all(&self) -> Box<dyn Iterator<Item = Key> + '_>;
}

impl<R> Rows for Table<R> {
    fn place_of(&self, key: Key) -> Option<Place> {
        self.place(key)
    }

    fn has(&self, key: Key) -> bool {
        self.contains(key)
    }

    fn all(&self) -> Box<dyn Iterator<Item = Key> + '_> {
        Box::new(self.keys())
    }
}

impl Kind {
    /// What an id in a path is due to be of, by the name that it has in the route.
    pub(super) fn of_route_key(name: &str, path: &str) -> Option<Self> {
        Some(match name {
            "catalog" => Self::Catalog,
            "package" => Self::Package,
            "other" if path.contains("incompatibleAccessPackages") => Self::Package,
            "policy" => Self::Policy,
            "assignment" => Self::Assignment,
            "request" if path.contains("resourceRequests") => Self::ResourceRequest,
            // An approval has the id of its request (APR-1).
            "request" | "approval" => Self::Request,
            "resource" => Self::Resource,
            "user" | "owner" | "member" | "sponsor" => Self::Person,
            "group" => Self::Group,
            "application" => Self::Application,
            "servicePrincipal" => Self::ServicePrincipal,
            "roleAssignment" => Self::RoleAssignment,
            "organization" => Self::Organization,
            "extension" => Self::Extension,
            "review" => Self::Review,
            "instance" => Self::Instance,
            _ => return None,
        })
    }

    /// What an id in a body is due to be of, by its name and that of the object around it.
    pub(super) fn of_property(above: &str, name: &str, text: &str) -> Option<(Self, Key)> {
        if name == "@odata.id" {
            return Self::of_reference(text);
        }
        let due = match (above, name) {
            (_, "accessPackageId") | ("accessPackage", "id") => Self::Package,
            (_, "assignmentPolicyId") | ("assignmentPolicy", "id") => Self::Policy,
            ("assignment", "id") => Self::Assignment,
            ("catalog", "id") => Self::Catalog,
            ("resource", "id") => Self::Resource,
            ("customExtension", "id") => Self::Extension,
            (_, "targetId" | "userId") => Self::Person,
            (_, "groupId") => Self::Group,
            (_, "servicePrincipalId") => Self::ServicePrincipal,
            (_, "connectedOrganizationId") => Self::Organization,
            (_, "appScopeId") => {
                let id = text.strip_prefix("/AccessPackageCatalog/")?;
                return Some((Self::Catalog, Key::try_parse(id).ok()?));
            }
            _ => return None,
        };
        Some((due, Key::try_parse(text).ok()?))
    }

    /// What a reference leads to: `https://graph.microsoft.com/v1.0/groups/{id}`.
    fn of_reference(url: &str) -> Option<(Self, Key)> {
        let (before, id) = url.rsplit_once('/')?;
        let noun = before.rsplit('/').next().unwrap_or_default();
        let due = match noun.to_ascii_lowercase().as_str() {
            "accesspackages" => Self::Package,
            "groups" => Self::Group,
            "users" => Self::Person,
            _ => return None,
        };
        Some((due, Key::try_parse(id).ok()?))
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Package => "access package",
            Self::Policy => "assignment policy",
            Self::Assignment => "assignment",
            Self::Request => "request",
            Self::ResourceRequest => "resource request",
            Self::Resource => "resource",
            Self::Person => "person",
            Self::Subject => "subject",
            Self::Group => "group",
            Self::Application => "application",
            Self::ServicePrincipal => "service principal",
            Self::RoleAssignment => "role assignment",
            Self::Organization => "connected organization",
            Self::Extension => "custom extension",
            Self::Review => "access review",
            Self::Instance => "review instance",
        }
    }

    fn table(self, world: &World) -> &dyn Rows {
        match self {
            Self::Catalog => &world.catalogs,
            Self::Package => &world.packages,
            Self::Policy => &world.policies,
            Self::Assignment => &world.assignments,
            Self::Request => &world.requests,
            Self::ResourceRequest => &world.resource_requests,
            Self::Resource => &world.resources,
            Self::Person | Self::Subject => &world.users,
            Self::Group => &world.groups,
            Self::Application => &world.applications,
            Self::ServicePrincipal => &world.service_principals,
            Self::RoleAssignment => &world.role_assignments,
            Self::Organization => &world.organizations,
            Self::Extension => &world.extensions,
            Self::Review => &world.reviews,
            Self::Instance => &world.review_instances,
        }
    }

    pub(super) fn keys(self, world: &World) -> Box<dyn Iterator<Item = Key> + '_> {
        self.table(world).all()
    }

    /// Whether there was something with this id that is gone.
    pub(super) fn is_gone(self, world: &World, key: Key) -> bool {
        let table = self.table(world);
        let was_there = table.place_of(key).is_some();
        let is_deleted = self == Self::Person && table.has(key) && !world.is_person(key);
        was_there && !table.has(key) || is_deleted
    }

    /// The name of what has an id, if it is of this kind.
    pub(super) fn label(self, world: &World, key: Key) -> Option<String> {
        let quoted = |name: &str| format!("{name:?}");
        let person = |key: Key| {
            let user = world.users.get(key);
            user.map_or("somebody unknown", |user| user.display_name.as_str())
        };
        let package = |key: Key| {
            let row = world.packages.get(key);
            row.map_or_else(
                || "a package that is gone".to_owned(),
                |row| quoted(&row.display_name),
            )
        };
        Some(match self {
            Self::Catalog => quoted(&world.catalogs.get(key)?.display_name),
            Self::Package => quoted(&world.packages.get(key)?.display_name),
            Self::Policy => {
                let row = world.policies.get(key)?;
                quoted(row.settings.display_name.as_deref().unwrap_or_default())
            }
            Self::Assignment => {
                let row = world.assignments.get(key)?;
                let (package, target) = (package(row.package), person(row.target));
                format!("of {package} to {target} ({})", row.state)
            }
            Self::Request => {
                let row = world.requests.get(key)?;
                let (package, target) = (package(row.package), person(row.target));
                let (kind, state, status) = (&row.kind, &row.state, &row.status);
                format!("{kind} of {package} for {target} ({state}, {status})")
            }
            Self::ResourceRequest => {
                let row = world.resource_requests.get(key)?;
                format!("{} of {}", row.kind, row.resource)
            }
            Self::Resource => quoted(&world.resources.get(key)?.display_name),
            Self::Person => quoted(
                &world
                    .users
                    .get(key)
                    .filter(|_| world.is_person(key))?
                    .display_name,
            ),
            Self::Subject => quoted(person(world.links.user_of_subject(key)?)),
            Self::Group => quoted(&world.groups.get(key)?.display_name),
            Self::Application => quoted(&world.applications.get(key)?.display_name),
            Self::ServicePrincipal => quoted(&world.service_principals.get(key)?.display_name),
            Self::RoleAssignment => {
                let row = world.role_assignments.get(key)?;
                format!("of {} to {}", row.definition, row.principal)
            }
            Self::Organization => quoted(&world.organizations.get(key)?.display_name),
            Self::Extension => {
                let row = world.extensions.get(key)?;
                quoted(row.settings.display_name.as_deref().unwrap_or_default())
            }
            Self::Review => {
                let row = world.reviews.get(key)?;
                quoted(row.definition.display_name.as_deref().unwrap_or_default())
            }
            Self::Instance => {
                let row = world.review_instances.get(key)?;
                format!("from {} to {} ({})", row.start, row.end, row.status)
            }
        })
    }

    /// The things of this kind that go with something of another kind.
    pub(super) fn akin(self, world: &World, found: Self, key: Key) -> Vec<Key> {
        let links = &world.links;
        let one = |key: Option<Key>| key.into_iter().collect();
        match (self, found) {
            (Self::Assignment, Self::Package) => links.assignments_of_package.of(key).to_vec(),
            (Self::Assignment, Self::Policy) => links.assignments_of_policy.of(key).to_vec(),
            (Self::Assignment, Self::Person) => links.assignments_of_target.of(key).to_vec(),
            (Self::Assignment, Self::Request) => {
                one(world.requests.get(key).and_then(|row| row.assignment))
            }
            (Self::Request, Self::Package) => links.requests_of_package.of(key).to_vec(),
            (Self::Request, Self::Person) => links.requests_of_target.of(key).to_vec(),
            (Self::Request, Self::Assignment) => {
                let target = world.assignments.get(key).map(|row| row.target);
                let requests = target.map_or(&[][..], |target| links.requests_of_target.of(target));
                let is_about = |request: &&Key| {
                    let row = world.requests.get(**request);
                    row.is_some_and(|row| row.assignment == Some(key))
                };
                requests.iter().filter(is_about).copied().collect()
            }
            (Self::Package, Self::Catalog) => links.packages_of_catalog.of(key).to_vec(),
            (Self::Package, Self::Policy) => one(world.policies.get(key).map(|row| row.package)),
            (Self::Package, Self::Assignment) => {
                one(world.assignments.get(key).map(|row| row.package))
            }
            (Self::Package, Self::Request) => one(world.requests.get(key).map(|row| row.package)),
            (Self::Policy, Self::Package) => links.policies_of_package.of(key).to_vec(),
            (Self::Policy, Self::Assignment) => {
                one(world.assignments.get(key).map(|row| row.policy))
            }
            (Self::Policy, Self::Request) => one(world.requests.get(key).map(|row| row.policy)),
            (Self::Catalog, Self::Package) => one(world.packages.get(key).map(|row| row.catalog)),
            (Self::Catalog, Self::Resource) => one(world.resources.get(key).map(|row| row.catalog)),
            (Self::Resource, Self::Catalog) => links.resources_of_catalog.of(key).to_vec(),
            (Self::Resource, Self::Group | Self::ServicePrincipal) => {
                let text = key.to_string();
                let rows = world.resources.iter();
                rows.filter(|(_, row)| row.origin_id == text)
                    .map(|(key, _)| key)
                    .collect()
            }
            (Self::Group | Self::ServicePrincipal, Self::Resource) => {
                let row = world.resources.get(key);
                let origin = row.and_then(|row| Key::try_parse(&row.origin_id).ok());
                one(origin.filter(|key| self.table(world).has(*key)))
            }
            (Self::Person, Self::Subject) => one(links.user_of_subject(key)),
            (Self::Person, Self::Assignment) => {
                one(world.assignments.get(key).map(|row| row.target))
            }
            (Self::Person, Self::Request) => one(world.requests.get(key).map(|row| row.target)),
            (Self::Extension, Self::Catalog) => links.extensions_of_catalog.of(key).to_vec(),
            (Self::Instance, Self::Review) => links.instances_of_review.of(key).to_vec(),
            (Self::Review, Self::Instance) => {
                one(world.review_instances.get(key).map(|row| row.review))
            }
            (Self::ServicePrincipal, Self::Application) => {
                let id = world.applications.get(key).map(|row| row.app_id);
                let mut rows = world.service_principals.iter();
                one(rows
                    .find(|(_, row)| Some(row.app_id) == id)
                    .map(|(key, _)| key))
            }
            (Self::Application, Self::ServicePrincipal) => {
                let id = world.service_principals.get(key).map(|row| row.app_id);
                let mut rows = world.applications.iter();
                one(rows
                    .find(|(_, row)| Some(row.app_id) == id)
                    .map(|(key, _)| key))
            }
            _ => Vec::new(),
        }
    }
}
