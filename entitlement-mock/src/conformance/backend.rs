//! What the suite needs of whatever it tests.

use entitlement_core::directory::{Group, ServicePrincipal, User};
use entitlement_core::entity::Id;
use entitlement_core::resource::{Resource, RoleOrigin};
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;

use crate::tenant::Tenant;

/// Something that answers like a tenant.
///
/// # Contract
///
/// * Both kinds of clients see the same state, and whatever is done here is seen by the next call.
/// * Nobody else uses it: each test has a backend of its own, with nothing in it.
/// * Clients wait on the clock that [`advance`](Self::advance) moves, so that waiting costs nothing.
pub trait Backend {
    /// An application with every permission.
    fn admin(&self) -> GraphClient;

    /// Lets a person join, with or without a manager, and returns their id.
    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User>;

    /// Lets a guest join and returns their id.
    fn join_guest(&self, name: &str) -> Id<User>;

    /// Lets somebody join who administers entitlement management, and returns their id.
    fn join_administrator(&self, name: &str) -> Id<User>;

    /// An application with these roles, by its service principal.
    fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal>;

    /// A SharePoint site with these roles besides the usual ones, by its URL.
    fn site(&self, name: &str, roles: &[&str]) -> String;

    /// A directory role, by the id of its definition.
    fn directory_role(&self, name: &str, is_privileged: bool) -> String;

    /// A group whose members a rule chooses.
    fn dynamic_group(&self, name: &str) -> Id<Group>;

    /// Lets what a resource stands for refuse to be written.
    fn take_down(&self, resource: &Id<Resource>);

    /// Lets it be written again.
    fn bring_up(&self, resource: &Id<Resource>);

    /// Whether a person holds a role where it really is.
    fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool;

    /// Signs a person in.
    fn sign_in(&self, person: &Id<User>) -> GraphClient;

    /// Lets time pass.
    fn advance(&self, by: IsoDuration);
}

impl Backend for Tenant {
    fn admin(&self) -> GraphClient {
        self.app().client()
    }

    fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
        let person = self.person(name);
        match manager {
            Some(manager) => person.manager(manager).add(),
            None => person.add(),
        }
    }

    fn join_guest(&self, name: &str) -> Id<User> {
        self.person(name).guest().add()
    }

    fn join_administrator(&self, name: &str) -> Id<User> {
        self.person(name).administrator().add()
    }

    fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal> {
        let application = Self::application(self, name);
        let roles = roles.iter();
        roles
            .fold(application, |application, role| application.role(role))
            .add()
    }

    fn site(&self, name: &str, roles: &[&str]) -> String {
        let domain = self.domain();
        let company = domain.split('.').next().unwrap_or_default();
        let url = format!("https://{company}.sharepoint.com/sites/{name}");
        let roles = roles.iter();
        roles
            .fold(Self::site(self, &url), |site, role| site.role(role))
            .add()
    }

    fn directory_role(&self, name: &str, is_privileged: bool) -> String {
        let role = Self::directory_role(self, name);
        if is_privileged {
            role.privileged().add()
        } else {
            role.add()
        }
    }

    fn dynamic_group(&self, name: &str) -> Id<Group> {
        let rule = "user.department -eq \"Sales\"";
        self.group(name).dynamic(rule).add()
    }

    fn take_down(&self, resource: &Id<Resource>) {
        Self::take_down(self, resource);
    }

    fn bring_up(&self, resource: &Id<Resource>) {
        Self::bring_up(self, resource);
    }

    fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
        Self::holds(self, person, resource, role)
    }

    fn sign_in(&self, person: &Id<User>) -> GraphClient {
        self.user(person).client()
    }

    fn advance(&self, by: IsoDuration) {
        self.clock().advance(by);
    }
}
