//! Making the members of a group local administrators of managed Windows clients.
//!
//! Access packages decide who is in the group; a configuration, made once, tells devices to let its members in. What that
//! can do and what not is said in [`core::intune::local_groups`](crate::core::intune::local_groups).
//!
//! ```
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::core::directory::Group;
//! use entitlement_graph::core::entity::Id;
//! use entitlement_graph::core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
//! use entitlement_graph::core::intune::target::AssignmentTarget;
//!
//! # async fn example(client: &GraphClient, admins: &Id<Group>) -> Result<(), Box<dyn std::error::Error>> {
//! let check = client.intune().check_local_admins(admins).await?;
//! assert!(check.is_fine(), "{check}");
//! let policy = LocalGroupPolicy::builder("Local administrators")
//!     .add(LocalGroup::Administrators, LocalMember::entra_group(admins)?)
//!     .build()?;
//! let deployed = client.intune().ensure_local_groups(&policy, [AssignmentTarget::all_devices()]).await?;
//! for rival in &deployed.rivals {
//!     println!("{:?} sets the same: a device that gets both takes neither", rival.display_name);
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt::{self, Display};

use entitlement_core::directory::{Group, User, UserType};
use entitlement_core::entity::Id;
use entitlement_core::intune::configuration::{
    DeviceConfiguration, DeviceConfigurationKind, Windows10CustomConfigurationPatch,
};
use entitlement_core::intune::local_groups::{LocalGroupPolicy, MOST_ENTRA_GROUPS, OMA_URI};
use entitlement_core::intune::oma::OmaSetting;
use entitlement_core::intune::sid::Sid;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::odata::Query;
use entitlement_core::wire::Field;
use serde_json::Value;

use super::Intune;
use crate::error::Error;

/// What became of a policy about local groups.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeployedLocalGroups {
    /// The configuration that carries it.
    pub configuration: Id<DeviceConfiguration>,
    /// What had to be done.
    pub change: Deployment,
    /// Whether it is for more devices than before.
    pub has_new_targets: bool,
    /// Other configurations about local groups. A device may get only one of them all.
    pub rivals: Vec<DeviceConfiguration>,
}

/// What had to be done for a configuration to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deployment {
    /// It was made.
    Created,
    /// It said something else.
    Updated,
    /// Nothing.
    Unchanged,
}

/// Whether a group can be put among the local administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalAdminCheck {
    /// What devices will know the group by.
    pub sid: Option<Sid>,
    /// The directory gives another SID, so that devices would let nobody in.
    pub sid_differs: bool,
    /// Guests among its members, who will not become administrators.
    pub guests: Vec<Id<User>>,
    /// How many groups are in it, in every depth. With itself, devices look into at most 20.
    pub nested_groups: usize,
}

impl LocalAdminCheck {
    /// Whether everybody in it will become an administrator.
    pub fn is_fine(&self) -> bool {
        self.sid.is_some() && !self.sid_differs && self.guests.is_empty() && !self.has_too_many()
    }

    fn has_too_many(&self) -> bool {
        self.nested_groups >= MOST_ENTRA_GROUPS
    }
}

impl Display for LocalAdminCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut problems = Vec::new();
        if self.sid.is_none() || self.sid_differs {
            problems.push("its id does not give the SID that devices know it by".to_owned());
        }
        if !self.guests.is_empty() {
            let count = self.guests.len();
            problems.push(format!(
                "{count} of its members are guests, who get no rights"
            ));
        }
        if self.has_too_many() {
            let count = self.nested_groups;
            problems.push(format!(
                "{count} groups are in it, and devices look into 20 in all"
            ));
        }
        if problems.is_empty() {
            return f.write_str("all members will be administrators");
        }
        f.write_str(&problems.join("; "))
    }
}

impl Intune {
    /// Whether the members of a group will become administrators where it is put among them.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such group.
    pub async fn check_local_admins(&self, group: &Id<Group>) -> Result<LocalAdminCheck, Error> {
        let client = self.client();
        let sid = group.as_uuid().map(Sid::of_object);
        let known = Query::new().select(["id", "securityIdentifier"]);
        let stored = client.groups().get_with(group, known).await?;
        let sid_differs = match (&sid, &stored.security_identifier) {
            (Some(ours), Some(theirs)) => ours.as_str() != theirs,
            _ => false,
        };
        let members = client.group(group).transitive_members();
        let kind = Query::new().select(["id", "userType"]);
        let people = members.only::<User>().list_with(kind).try_collect().await?;
        let guests = people
            .into_iter()
            .filter(|person| person.user_type == Some(UserType::Guest));
        let only_ids = Query::new().select(["id"]);
        let nested = members.only::<Group>().list_with(only_ids);
        Ok(LocalAdminCheck {
            sid,
            sid_differs,
            guests: guests.map(|person| person.id).collect(),
            nested_groups: nested.try_collect().await?.len(),
        })
    }

    /// Makes sure that a configuration of this name says what the policy says, and is for these targets too.
    ///
    /// Targets are groups of devices, or all devices: the people are in the policy. Other assignments stay.
    ///
    /// # Errors
    ///
    /// As [`Collection::create`](crate::collection::Collection::create) and
    /// [`ConfigurationHandle::assign_also`](super::ConfigurationHandle::assign_also).
    pub async fn ensure_local_groups(
        &self,
        policy: &LocalGroupPolicy,
        targets: impl IntoIterator<Item = AssignmentTarget>,
    ) -> Result<DeployedLocalGroups, Error> {
        let turn = format!("configuration {}", policy.display_name().to_lowercase());
        let _ours = self.client().turns().take(&turn).await;
        let configurations = self.configurations();
        let mut rivals = configurations.list().try_collect().await?;
        rivals.retain(|one| setting(one).is_some());
        let ours = rivals
            .iter()
            .position(|one| one.display_name.as_deref() == Some(policy.display_name()))
            .map(|place| rivals.swap_remove(place));
        let (configuration, change) = match ours {
            None => {
                let draft = policy.to_configuration()?;
                let made = configurations.create(&draft).await?;
                (made.id, Deployment::Created)
            }
            Some(stored) if self.says(&stored, &policy.to_xml()).await? => {
                (stored.id, Deployment::Unchanged)
            }
            Some(stored) => {
                let patch = rewritten(&stored, policy);
                configurations.update(&stored.id, &patch).await?;
                (stored.id, Deployment::Updated)
            }
        };
        let handle = self.configuration(&configuration);
        let has_new_targets = handle.assign_also(targets).await?;
        Ok(DeployedLocalGroups {
            configuration,
            change,
            has_new_targets,
            rivals,
        })
    }

    /// Whether a configuration holds this text; the service may show stars in its place.
    async fn says(&self, stored: &DeviceConfiguration, xml: &str) -> Result<bool, Error> {
        let Some(OmaSetting::String(setting)) = setting(stored) else {
            return Ok(false);
        };
        let secret = setting.base.unknown.get("secretReferenceValueId");
        let is_hidden = setting.value.chars().all(|letter| letter == '*');
        match secret.and_then(Value::as_str) {
            Some(secret) if is_hidden => {
                let handle = self.configuration(&stored.id);
                Ok(handle.plain_text_value(secret).await? == xml)
            }
            _ => Ok(setting.value == xml),
        }
    }
}

/// The setting about local groups, if a configuration has one.
fn setting(configuration: &DeviceConfiguration) -> Option<&OmaSetting> {
    let DeviceConfigurationKind::Windows10Custom(custom) = &configuration.kind else {
        return None;
    };
    let is_it = |setting: &&OmaSetting| {
        let base = setting.base();
        base.is_some_and(|base| base.oma_uri.eq_ignore_ascii_case(OMA_URI))
    };
    custom.oma_settings.iter().find(is_it)
}

/// The configuration with the policy in it, and its other settings as they are.
fn rewritten(
    stored: &DeviceConfiguration,
    policy: &LocalGroupPolicy,
) -> Windows10CustomConfigurationPatch {
    let fresh = OmaSetting::string("LocalUsersAndGroups", OMA_URI, policy.to_xml());
    let mut settings = match &stored.kind {
        DeviceConfigurationKind::Windows10Custom(custom) => custom.oma_settings.clone(),
        _ => Vec::new(),
    };
    for setting in &mut settings {
        let base = setting.base();
        if base.is_some_and(|base| base.oma_uri.eq_ignore_ascii_case(OMA_URI)) {
            *setting = fresh.clone();
        }
    }
    Windows10CustomConfigurationPatch {
        oma_settings: Field::Set(settings),
        ..Windows10CustomConfigurationPatch::default()
    }
}
