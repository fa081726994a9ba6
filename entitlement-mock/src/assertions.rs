//! What a test expects of a tenant, with messages worth reading when it is not so.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use entitlement_core::directory::GroupDraft;
//! use entitlement_mock::Tenant;
//!
//! let tenant = Tenant::new();
//! let ada = tenant.person("ada").add();
//! let groups = tenant.app().client().groups();
//! let group = groups.create(&GroupDraft::security_group("Administrators").build()?).await?;
//! tenant.assert_not_granted(&ada, &group.id);
//! # Ok(())
//! # }
//! ```

use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;

use crate::audit::Activity;
use crate::outbox::{Mail, MailKind};
use crate::tenant::Tenant;
use crate::world::World;
use crate::world::table::Key;

impl Tenant {
    /// Checks that a person is a member of a group.
    ///
    /// # Panics
    ///
    /// If they are not; the message says what they asked for and how far it got.
    #[track_caller]
    pub fn assert_granted(&self, user: &Id<User>, group: &Id<Group>) {
        let problem = self.change(|world, _, _| {
            (!is_member(world, user, group)).then(|| {
                let (user_name, group_name) = names(world, user, group);
                let history = history(world, user);
                format!("{user_name} is not a member of {group_name}; {history}")
            })
        });
        assert!(problem.is_none(), "{}", problem.unwrap_or_default());
    }

    /// Checks that a person is not a member of a group.
    ///
    /// # Panics
    ///
    /// If they are; the message says what they asked for and how far it got.
    #[track_caller]
    pub fn assert_not_granted(&self, user: &Id<User>, group: &Id<Group>) {
        let problem = self.change(|world, _, _| {
            is_member(world, user, group).then(|| {
                let (user_name, group_name) = names(world, user, group);
                let history = history(world, user);
                format!("{user_name} is a member of {group_name}; {history}")
            })
        });
        assert!(problem.is_none(), "{}", problem.unwrap_or_default());
    }

    /// Checks that a person got a mail of a kind, and returns the last one.
    ///
    /// # Panics
    ///
    /// If they got none; the message lists what they got.
    #[track_caller]
    pub fn assert_mailed(&self, user: &Id<User>, kind: MailKind) -> Mail {
        let got: Vec<Mail> = self
            .outbox()
            .into_iter()
            .filter(|mail| mail.to == *user)
            .collect();
        let found = got.iter().rfind(|mail| mail.kind == kind).cloned();
        let list = got
            .iter()
            .map(|mail| format!("{:?}: {}", mail.kind, mail.subject));
        let list: Vec<String> = list.collect();
        match found {
            Some(mail) => mail,
            None => panic!("no {kind:?} was sent to {user}; sent were {list:#?}"),
        }
    }

    /// Checks that the audit log has these activities in this order, whatever else there is in between.
    ///
    /// # Panics
    ///
    /// If it has not; the message shows the log.
    #[track_caller]
    pub fn assert_audited(&self, activities: &[Activity]) {
        let log = self.audit_log();
        let mut wanted = activities.iter();
        let mut next = wanted.next();
        for event in &log {
            if next == Some(&event.activity) {
                next = wanted.next();
            }
        }
        let lines: Vec<String> = log.iter().map(ToString::to_string).collect();
        assert!(
            next.is_none(),
            "{next:?} is missing in the audit log:\n{}",
            lines.join("\n")
        );
    }
}

fn is_member(world: &World, user: &Id<User>, group: &Id<Group>) -> bool {
    let group = group.as_uuid().and_then(|key| world.groups.get(key));
    let user = user.as_uuid();
    group
        .zip(user)
        .is_some_and(|(group, user)| group.members.contains(&user))
}

fn names(world: &World, user: &Id<User>, group: &Id<Group>) -> (String, String) {
    let group_row = group.as_uuid().and_then(|key| world.groups.get(key));
    let user_row = user.as_uuid().and_then(|key| world.users.get(key));
    (
        user_row.map_or_else(|| user.to_string(), |user| user.display_name.clone()),
        group_row.map_or_else(|| group.to_string(), |group| group.display_name.clone()),
    )
}

/// What a person asked for, in order.
fn history(world: &World, user: &Id<User>) -> String {
    let requests = user
        .as_uuid()
        .map(|key| world.links.requests_of_target.of(key));
    let line = |key: &Key| {
        let row = world.requests.get(*key)?;
        let package = world.packages.get(row.package);
        let package = package.map_or("a package that is gone", |package| &package.display_name);
        Some(format!(
            "{} for {package} is {} ({})",
            row.kind, row.state, row.status
        ))
    };
    let lines: Vec<String> = requests
        .unwrap_or_default()
        .iter()
        .filter_map(line)
        .collect();
    if lines.is_empty() {
        return "there is no request about them".to_owned();
    }
    format!("there are these requests about them: {}", lines.join("; "))
}
