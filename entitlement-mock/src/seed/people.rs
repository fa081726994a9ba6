//! People to start with.

use entitlement_core::connected_organization::IdentitySource;
use entitlement_core::directory::{User as UserEntity, UserType};
use entitlement_core::entity::Id;
use entitlement_core::subject::SubjectLifecycle;
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;

use crate::lifecycle::automatic;
use crate::tenant::Tenant;
use crate::world::directory::User;
use crate::world::outside::Outsider;
use crate::world::table::Key;

impl Tenant {
    /// Somebody to join the tenant, by the part of the sign-in name before the `@`, or the whole of it.
    pub fn person(&self, name: &str) -> Person<'_> {
        Person::new(self, name)
    }

    /// Notes that a person signs in now, from which reviews draw their recommendations (REV-9). Signing in by
    /// [`Tenant::user`] is not noted: tests do that for many reasons.
    pub fn note_sign_in(&self, person: &Id<UserEntity>) {
        self.change(|world, now, _| {
            let row = person.as_uuid().and_then(|key| world.users.get_mut(key));
            if let Some(user) = row {
                user.last_sign_in = Some(now);
            }
        });
    }
}

/// Describes a person who is about to join a tenant; see [`Tenant::person`].
#[derive(Debug)]
#[must_use = "nobody joins until `add`"]
pub struct Person<'t> {
    tenant: &'t Tenant,
    name: String,
    display_name: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    kind: UserType,
    is_enabled: bool,
    is_administrator: bool,
    manager: Option<Id<UserEntity>>,
    last_sign_in: Option<Timestamp>,
    home: Option<IdentitySource>,
    sponsors: IndexSet<Key>,
}

impl<'t> Person<'t> {
    fn new(tenant: &'t Tenant, name: &str) -> Self {
        Self {
            tenant,
            name: name.to_owned(),
            display_name: None,
            job_title: None,
            department: None,
            kind: UserType::Member,
            is_enabled: true,
            is_administrator: false,
            manager: None,
            last_sign_in: None,
            home: None,
            sponsors: IndexSet::new(),
        }
    }

    /// The name people see; the sign-in name unless said.
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// What the person does.
    pub fn job_title(mut self, title: &str) -> Self {
        self.job_title = Some(title.to_owned());
        self
    }

    /// Where the person works.
    pub fn department(mut self, department: &str) -> Self {
        self.department = Some(department.to_owned());
        self
    }

    /// The person's manager.
    pub fn manager(mut self, manager: &Id<UserEntity>) -> Self {
        self.manager = Some(manager.clone());
        self
    }

    /// When the person last signed in, from which reviews draw their recommendations (REV-9); unknown unless said.
    pub fn last_sign_in(mut self, moment: Timestamp) -> Self {
        self.last_sign_in = Some(moment);
        self
    }

    /// The person comes from elsewhere: from where [`home`](Self::home) says, else from the domain of the sign-in name if
    /// it is not the tenant's own.
    pub fn guest(mut self) -> Self {
        self.kind = UserType::Guest;
        self
    }

    /// Where the person signs in, which decides to which partner organisation they belong, whatever their mail address
    /// is (ORG-5).
    pub fn home(mut self, source: IdentitySource) -> Self {
        self.home = Some(source);
        self
    }

    /// One more who vouches for the person.
    pub fn sponsor(mut self, sponsor: &Id<UserEntity>) -> Self {
        self.sponsors.extend(sponsor.as_uuid());
        self
    }

    /// The person cannot sign in.
    pub fn blocked(mut self) -> Self {
        self.is_enabled = false;
        self
    }

    /// The person is an Identity Governance Administrator, who may do everything in entitlement management (ROLE-1).
    pub fn administrator(mut self) -> Self {
        self.is_administrator = true;
        self
    }

    /// Lets the person join and returns their id; if somebody has the sign-in name already, theirs.
    pub fn add(self) -> Id<UserEntity> {
        let tenant = self.tenant;
        tenant.change(|world, now, domain| {
            let principal_name = if self.name.contains('@') {
                self.name.clone()
            } else {
                format!("{}@{domain}", self.name)
            };
            let key = world.find_user(&principal_name).unwrap_or_else(|| {
                let manager = self.manager.and_then(|id| id.as_uuid());
                let subject = world.ids.next();
                let from = domain_elsewhere(&principal_name, domain).map(IdentitySource::domain);
                let home = self.home.or(from);
                let is_outsider = home.is_some() || self.kind == UserType::Guest;
                let key = world.insert_user(User {
                    job_title: self.job_title,
                    department: self.department,
                    kind: self.kind,
                    is_enabled: self.is_enabled,
                    manager,
                    last_sign_in: self.last_sign_in,
                    sponsors: self.sponsors,
                    outside: is_outsider.then_some(Outsider {
                        home,
                        lifecycle: SubjectLifecycle::NotGoverned,
                        is_expected: false,
                        blocked: None,
                    }),
                    ..User::new(
                        subject,
                        principal_name,
                        self.display_name.unwrap_or(self.name),
                        now,
                    )
                });
                if self.is_administrator {
                    world.make_administrator(key);
                }
                automatic::person_changed(world, now, key);
                key
            });
            key.into()
        })
    }
}

/// The domain of a sign-in name, unless it is the tenant's own.
fn domain_elsewhere<'n>(name: &'n str, own: &str) -> Option<&'n str> {
    let (_, domain) = name.rsplit_once('@')?;
    (!domain.eq_ignore_ascii_case(own)).then_some(domain)
}
