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
        let got: Vec<Mail> = self.outbox().into_iter().filter(|mail| mail.to == *user).collect();
        let found = got.iter().rfind(|mail| mail.kind == kind).cloned();
        let list: Vec<String> = got.iter().map(|mail| format!("{:?}: {}", mail.kind, mail.subject)).collect();
        assert!(found.is_some(), "no {kind:?} was sent to {user}; sent were {list:#?}");
        found.unwrap_or_else(|| unreachable!())
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
        assert!(next.is_none(), "{next:?} is missing in the audit log:\n{}", lines.join("\n"));
    }
}
