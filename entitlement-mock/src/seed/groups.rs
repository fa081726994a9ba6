//! Groups to start with, of every kind that the directory has.

use entitlement_core::directory::{Group as GroupEntity, User};
use entitlement_core::entity::Id;

use crate::tenant::Tenant;
use crate::world::directory::{Eligible, Group as Row};
use crate::world::roster::Roster;

impl Tenant {
    /// A group to start with: a security group of the cloud unless said otherwise.
    ///
    /// ```
    /// use entitlement_mock::Tenant;
    ///
    /// let tenant = Tenant::new();
    /// let ada = tenant.person("ada").add();
    /// let sales = tenant.group("Sales").team().owner(&ada).add();
    /// let everybody = tenant.group("Everybody").dynamic("user.userType -eq \"Member\"").member(&ada).add();
    /// # assert_ne!(sales, everybody);
    /// ```
    pub fn group(&self, display_name: &str) -> Group<'_> {
        Group::new(self, display_name)
    }
}

/// Describes a group that a tenant is about to have; see [`Tenant::group`].
#[derive(Debug)]
#[must_use = "there is no group until `add`"]
pub struct Group<'t> {
    tenant: &'t Tenant,
    row: Row,
}

impl<'t> Group<'t> {
    fn new(tenant: &'t Tenant, display_name: &str) -> Self {
        let alias = display_name.chars();
        let alias: String = alias.filter(char::is_ascii_alphanumeric).take(64).collect();
        let row = Row {
            display_name: display_name.to_owned(),
            description: None,
            mail_nickname: if alias.is_empty() {
                "group".to_owned()
            } else {
                alias
            },
            mail_enabled: false,
            security_enabled: true,
            types: Vec::new(),
            is_assignable_to_role: None,
            created: tenant.clock().now(),
            members: Roster::default(),
            owners: Roster::default(),
            eligible: None,
            membership_rule: None,
            visibility: None,
            provisioned: Vec::new(),
            is_synchronized: false,
        };
        Self { tenant, row }
    }

    /// What it is for.
    pub fn description(mut self, description: &str) -> Self {
        self.row.description = Some(description.to_owned());
        self
    }

    /// A Microsoft 365 group, which has a mailbox.
    pub fn microsoft_365(mut self) -> Self {
        self.row.types.push("Unified".to_owned());
        self.row.mail_enabled = true;
        self.row.security_enabled = false;
        self
    }

    /// A Microsoft 365 group with a Team.
    pub fn team(mut self) -> Self {
        self.row.provisioned.push("Team".to_owned());
        self.microsoft_365()
    }

    /// A distribution group, which packages cannot grant (OBJ-28).
    pub fn distribution(mut self) -> Self {
        self.row.mail_enabled = true;
        self.row.security_enabled = false;
        self
    }

    /// A group whose members a rule chooses: packages can grant to own it only (OBJ-29). The tenant shows the rule and
    /// does not evaluate it; who is in it is said here.
    pub fn dynamic(mut self, membership_rule: &str) -> Self {
        self.row.types.push("DynamicMembership".to_owned());
        self.row.membership_rule = Some(membership_rule.to_owned());
        self
    }

    /// A group that can hold directory roles.
    pub fn assignable_to_role(mut self) -> Self {
        self.row.is_assignable_to_role = Some(true);
        self
    }

    /// Privileged identity management looks after the group, so that people can be made eligible for it. Packages can
    /// grant that if [`ResourceChoices::eligible_group_roles`](crate::choices::ResourceChoices) says so (U-2).
    pub fn managed_by_pim(mut self) -> Self {
        self.row.eligible = Some(Eligible::default());
        self
    }

    /// A group of an on-premises directory: it cannot be written here, nor granted (OBJ-28).
    pub fn synchronized(mut self) -> Self {
        self.row.is_synchronized = true;
        self
    }

    /// One more member.
    pub fn member(mut self, person: &Id<User>) -> Self {
        self.row.members.extend(person.as_uuid());
        self
    }

    /// One more owner.
    pub fn owner(mut self, person: &Id<User>) -> Self {
        self.row.owners.extend(person.as_uuid());
        self
    }

    /// Makes the group and returns its id.
    pub fn add(self) -> Id<GroupEntity> {
        let (tenant, mut row) = (self.tenant, self.row);
        tenant.change(|world, _, _| {
            for roster in [&mut row.members, &mut row.owners] {
                let people = roster.iter().copied();
                *roster = people.filter(|key| world.is_person(*key)).collect();
            }
            world.insert_group(row).into()
        })
    }
}
