//! Taking an app away from people whose access has ended, which Intune does not do by itself.
//!
//! A package puts people into a group, and the app is required for that group. Once somebody leaves the group the app is
//! required no more, and stays. There are two ways to have it removed:
//!
//! | way | assignments of the app | |
//! |---|---|---|
//! | another group, [`UninstallOnExpiry::prepare`] | required for the access group, uninstall for the other group | somebody has to put people into the other group: [`UninstallOnExpiry::sync`] does, as often as it is run |
//! | exclusion, [`UninstallOnExpiry::prepare_by_exclusion`] | required for the access group, uninstall for everybody but the access group | nothing has to be run, and *everybody* outside of the access group loses the app, whoever gave it to them |
//!
//! The first touches nobody but people who held the package. Who is granted the package again keeps the app even before
//! the next run, as required wins over uninstall.
//!
//! ```
//! use entitlement_graph::GraphClient;
//! # use entitlement_graph::core::{directory::Group, entity::Id, intune::app::MobileApp, package::AccessPackage};
//! # async fn example(client: &GraphClient, app: &Id<MobileApp>, package: &Id<AccessPackage>,
//! #     access: &Id<Group>, leavers: &Id<Group>) -> Result<(), entitlement_graph::Error> {
//! let removal = client.intune().uninstall_on_expiry(app, access, leavers).package(package);
//! removal.prepare().await?;
//! let done = removal.sync().await?; // every hour, say, or when an assignment ends
//! println!("{done}");
//! # Ok(())
//! # }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::{Entity, Id};
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::assignment::{InstallIntent, MobileAppAssignment};
use entitlement_core::intune::assignment_change::AssignmentChange;
use entitlement_core::intune::report::AppInstallState;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::AccessPackage;
use http::StatusCode;
use jiff::Timestamp;

use super::Intune;
use super::app::AppHandle;
use crate::client::GraphClient;
use crate::error::Error;
use crate::request::{Call, ResourcePath};

impl Intune {
    /// Takes an app away from people who no longer hold a package.
    ///
    /// The package puts them into the access group; the uninstall group is for this alone.
    pub fn uninstall_on_expiry(
        &self,
        app: &Id<MobileApp>,
        access_group: &Id<Group>,
        uninstall_group: &Id<Group>,
    ) -> UninstallOnExpiry {
        UninstallOnExpiry {
            client: self.client().clone(),
            app: self.app(app),
            access: access_group.clone(),
            uninstall: uninstall_group.clone(),
            packages: Vec::new(),
            since: None,
            release: false,
        }
    }
}

/// An app that goes when access ends. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
#[must_use = "nothing happens until it is prepared and run"]
pub struct UninstallOnExpiry {
    client: GraphClient,
    app: AppHandle,
    access: Id<Group>,
    uninstall: Id<Group>,
    packages: Vec<Id<AccessPackage>>,
    since: Option<Timestamp>,
    release: bool,
}

/// What [`UninstallOnExpiry::sync`] did.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct UninstallSync {
    /// Whoever lost access and now loses the app.
    pub added: Vec<Id<User>>,
    /// Whoever got access again and so keeps it.
    pub regained: Vec<Id<User>>,
    /// Whoever has lost the app, and so need not stay in the group.
    pub released: Vec<Id<User>>,
    /// Whoever lost access and is in the group already.
    pub waiting: Vec<Id<User>>,
    /// What could not be done, person by person. The next run tries again.
    pub failed: Vec<(Id<User>, Error)>,
}

impl UninstallSync {
    /// Whether everybody is where they belong.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}

impl Display for UninstallSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} lose the app from now on, {} have it again, {} have lost it, {} are still to lose it, {} failed",
            self.added.len(),
            self.regained.len(),
            self.released.len(),
            self.waiting.len(),
            self.failed.len()
        )
    }
}

impl UninstallOnExpiry {
    /// A package that puts people into the access group; several can.
    pub fn package(mut self, package: &Id<AccessPackage>) -> Self {
        self.packages.push(package.clone());
        self
    }

    /// Leaves people alone whose access ended before this moment.
    pub fn ended_since(mut self, moment: Timestamp) -> Self {
        self.since = Some(moment);
        self
    }

    /// Takes people out of the uninstall group again once all their devices say that the app is gone. By default they
    /// stay in it, which does no harm unless they are to get the app as *available* in some other way.
    pub fn release_when_gone(mut self) -> Self {
        self.release = true;
        self
    }

    /// Requires the app for the access group and has it removed for the uninstall group, beside all other assignments;
    /// says whether anything had to be changed.
    ///
    /// # Errors
    ///
    /// As [`AppHandle::change_assignments`].
    pub async fn prepare(&self) -> Result<bool, Error> {
        self.check()?;
        let change = AssignmentChange::new()
            .assign(
                InstallIntent::Required,
                AssignmentTarget::group(&self.access),
            )
            .assign(
                InstallIntent::Uninstall,
                AssignmentTarget::group(&self.uninstall),
            );
        self.app.change_assignments(&change).await
    }

    /// Requires the app for the access group and has it removed for all licensed people outside of it; says whether
    /// anything had to be changed. [`sync`](Self::sync) is not needed then.
    ///
    /// Think twice: people who got the app from Intune in any other way lose it too, unless it is required for them.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the app is offered to somebody as *available*, because uninstall would win; otherwise as
    /// [`AppHandle::change_assignments`].
    pub async fn prepare_by_exclusion(&self) -> Result<bool, Error> {
        let before = self.app.assignments().list().try_collect().await?;
        if before.iter().any(is_offer) {
            return Err(
                self.refused("the app is offered to people as available, who would lose it")
            );
        }
        let everybody = AssignmentTarget::all_licensed_users();
        let access = AssignmentTarget::excluding(&self.access);
        let change = AssignmentChange::new()
            .assign(
                InstallIntent::Required,
                AssignmentTarget::group(&self.access),
            )
            .assign(InstallIntent::Uninstall, everybody)
            .assign(InstallIntent::Uninstall, access);
        self.app.change_assignments(&change).await
    }

    /// Brings the uninstall group in step with who holds the packages.
    ///
    /// People whose assignments have ended come in, and people who hold a package again, or are in the access group for
    /// another reason, go out. Whoever else is in the group is left alone. To run it again does nothing, and to run it
    /// half does no harm.
    ///
    /// # Errors
    ///
    /// If packages or groups cannot be read. What goes wrong with one person is in the outcome.
    pub async fn sync(&self) -> Result<UninstallSync, Error> {
        self.check()?;
        let turn = format!("members of {}", self.uninstall);
        let _ours = self.client.turns().take(&turn).await;
        let People { holders, leavers } = self.people().await?;
        let members = self.members(&self.uninstall).await?;
        let gone = self.without_app(&leavers).await?;
        let mut sync = UninstallSync::default();
        for user in members.iter().filter(|user| holders.contains(user)) {
            match self.take_out(user).await {
                Ok(()) => sync.regained.push(user.clone()),
                Err(error) => sync.failed.push((user.clone(), error)),
            }
        }
        for user in leavers.keys() {
            match (members.contains(user), gone.contains(user)) {
                (true, true) => match self.take_out(user).await {
                    Ok(()) => sync.released.push(user.clone()),
                    Err(error) => sync.failed.push((user.clone(), error)),
                },
                (true, false) => sync.waiting.push(user.clone()),
                (false, true) => {}
                (false, false) => match self.put_in(user).await {
                    Ok(()) => sync.added.push(user.clone()),
                    // They have left the directory, and their devices Intune.
                    Err(error) if error.is_not_found() => {}
                    Err(error) => sync.failed.push((user.clone(), error)),
                },
            }
        }
        self.forgive(&mut sync).await?;
        Ok(sync)
    }

    /// What the service refuses because somebody else was faster is done.
    async fn forgive(&self, sync: &mut UninstallSync) -> Result<(), Error> {
        let was_refused =
            |(_, error): &(Id<User>, Error)| error.status() == Some(StatusCode::BAD_REQUEST);
        if sync.failed.iter().any(was_refused) {
            let members = self.members(&self.uninstall).await?;
            let failed = std::mem::take(&mut sync.failed);
            for (user, error) in failed {
                if error.status() == Some(StatusCode::BAD_REQUEST) && members.contains(&user) {
                    sync.waiting.push(user);
                } else {
                    sync.failed.push((user, error));
                }
            }
        }
        Ok(())
    }

    async fn put_in(&self, user: &Id<User>) -> Result<(), Error> {
        self.client.group(&self.uninstall).add_member(user).await
    }

    async fn take_out(&self, user: &Id<User>) -> Result<(), Error> {
        let outcome = self.client.group(&self.uninstall).remove_member(user).await;
        outcome.or_else(|error| {
            if error.is_not_found() {
                Ok(())
            } else {
                Err(error)
            }
        })
    }

    async fn members(&self, group: &Id<Group>) -> Result<BTreeSet<Id<User>>, Error> {
        let people = self.client.group(group).transitive_members().only::<User>();
        let only_ids = Query::new().select(["id"]);
        let people = people.list_with(only_ids).try_collect().await?;
        Ok(people.iter().map(|person| person.id().clone()).collect())
    }

    /// Who has access, and who had it.
    async fn people(&self) -> Result<People, Error> {
        let mut people = People {
            holders: self.members(&self.access).await?,
            leavers: BTreeMap::new(),
        };
        let assignments = self.client.entitlement().assignments();
        for package in &self.packages {
            let of_package = Filter::field("accessPackage/id").eq(package);
            let query = Query::new().filter(of_package).expand("target");
            let mut all = assignments.list_with(query);
            while let Some(assignment) = all.next().await? {
                people.note(assignment, self.since);
            }
        }
        let People { holders, leavers } = &mut people;
        leavers.retain(|user, _name| !holders.contains(user));
        Ok(people)
    }

    /// Those of whose devices every one has said that the app is not there. Nobody unless that is asked for.
    async fn without_app(
        &self,
        leavers: &BTreeMap<Id<User>, Option<String>>,
    ) -> Result<BTreeSet<Id<User>>, Error> {
        if !self.release || leavers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut absent: BTreeMap<String, bool> = BTreeMap::new();
        for status in self.app.install_statuses().await? {
            let Some(name) = status.user_principal_name else {
                continue;
            };
            let is_absent = status
                .state
                .as_ref()
                .is_some_and(AppInstallState::is_absent);
            let all = absent.entry(name.to_lowercase()).or_insert(true);
            *all &= is_absent;
        }
        let is_gone = |name: &Option<String>| {
            let name = name.as_ref().map(|name| name.to_lowercase());
            name.is_some_and(|name| absent.get(&name) == Some(&true))
        };
        let gone = leavers.iter().filter(|(_, name)| is_gone(name));
        Ok(gone.map(|(user, _)| user.clone()).collect())
    }

    fn check(&self) -> Result<(), Error> {
        if self.access == self.uninstall {
            let reason =
                "the group whose members get the app cannot be the one whose members lose it";
            return Err(self.refused(reason));
        }
        Ok(())
    }

    fn refused(&self, reason: &str) -> Error {
        let group = ResourcePath::new(Group::COLLECTION).id(&self.uninstall);
        Error::Refused {
            operation: Call::post(group).operation(),
            reason: reason.to_owned(),
        }
    }
}

/// Who has access, and who had it, with their sign-in names.
struct People {
    holders: BTreeSet<Id<User>>,
    leavers: BTreeMap<Id<User>, Option<String>>,
}

impl People {
    fn note(&mut self, assignment: Assignment, since: Option<Timestamp>) {
        let Some(subject) = assignment.target.into_loaded() else {
            return;
        };
        let (Some(user), Some(state)) = (subject.object_id, assignment.state) else {
            return;
        };
        if state.is_current() {
            self.holders.insert(user);
        } else if state == AssignmentState::Expired {
            let ended = assignment.expired_date_time;
            let is_old = since.is_some_and(|since| ended.is_some_and(|ended| ended < since));
            if !is_old {
                self.leavers.insert(user, subject.principal_name);
            }
        }
    }
}

fn is_offer(row: &MobileAppAssignment) -> bool {
    let is_excluded = matches!(row.target, Some(AssignmentTarget::ExclusionGroup(_)));
    row.intent == InstallIntent::Available && !is_excluded
}
