//! Who is in the local groups of managed Windows clients: local administrators above all.
//!
//! A [`LocalGroupPolicy`] puts the members of Entra's groups into groups of the device. It is made once; from then on
//! access packages decide who is in the group of Entra, and nothing of Intune has to be touched. It becomes a
//! [configuration](super::configuration) of v1.0, or the kind of policy that the portal shows under *account
//! protection* (feature `beta`).
//!
//! ```
//! use entitlement_core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
//!
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let policy = LocalGroupPolicy::builder("Local administrators")
//!     .add(LocalGroup::Administrators, LocalMember::entra_group(&group)?)
//!     .build()?;
//! assert_eq!(
//!     policy.to_xml(),
//!     r#"<GroupConfiguration>
//!   <accessgroup desc="S-1-5-32-544">
//!     <group action="U" />
//!     <add member="S-1-12-1-567301463-1099937718-295959174-3827004813" />
//!   </accessgroup>
//! </GroupConfiguration>"#
//! );
//! let configuration = policy.to_configuration()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What to expect on the device:
//!
//! * It must be *joined* to Entra, neither hybrid-joined nor registered, and run Windows 10 20H2 or newer.
//! * Rights come with the token of a sign-in: allow 4 hours for a new one, and a sign-out, before access that was granted
//!   or taken away is felt. Guests never get them, and they do not hold over remote desktop.
//! * At most 20 groups of Entra may be among the members, groups inside of them included.
//! * One such policy may reach a device. Two are a conflict, and neither is applied.
//! * Once the policy is gone its members stay: to undo it, [`remove`](LocalGroupPolicyBuilder::remove) them.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Write as _};

use bon::Builder;

use super::configuration::Windows10CustomConfigurationDraft;
use super::oma::OmaSetting;
use super::sid::Sid;
use crate::directory::Group;
use crate::entity::Id;
use crate::validate::{Checker, Invalid};

/// Where devices listen for who is in their local groups.
pub const OMA_URI: &str = "./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure";

/// The most groups of Entra that a device looks into.
pub const MOST_ENTRA_GROUPS: usize = 20;

/// The longest name of a member.
const LONGEST_MEMBER: usize = 255;

/// A group that every Windows device has, and in which it looks for groups of Entra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LocalGroup {
    /// They may do everything.
    Administrators,
    /// They may use the device.
    Users,
    /// They may use it for a while.
    Guests,
    /// They may do some things more; kept for old programs.
    PowerUsers,
    /// They may sign in over the network; members by way of a group of Entra may not.
    RemoteDesktopUsers,
    /// They may manage it over the network.
    RemoteManagementUsers,
}

impl LocalGroup {
    /// Every group there is.
    pub const ALL: [Self; 6] = [
        Self::Administrators,
        Self::Users,
        Self::Guests,
        Self::PowerUsers,
        Self::RemoteDesktopUsers,
        Self::RemoteManagementUsers,
    ];

    /// The group's SID, which is the same in every language of Windows.
    pub fn sid(self) -> &'static str {
        match self {
            Self::Administrators => "S-1-5-32-544",
            Self::Users => "S-1-5-32-545",
            Self::Guests => "S-1-5-32-546",
            Self::PowerUsers => "S-1-5-32-547",
            Self::RemoteDesktopUsers => "S-1-5-32-555",
            Self::RemoteManagementUsers => "S-1-5-32-580",
        }
    }
}

/// Somebody who is put into a local group, or taken out of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocalMember {
    name: Box<str>,
    is_entra_group: bool,
}

/// The id is not the GUID that every group of Entra has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of a group in Entra")]
pub struct NotAnObjectId(String);

impl LocalMember {
    /// Whoever is in a group of Entra.
    ///
    /// # Errors
    ///
    /// [`NotAnObjectId`] unless the id is a GUID.
    pub fn entra_group(group: &Id<Group>) -> Result<Self, NotAnObjectId> {
        let text = group.to_string();
        match text.parse() {
            Ok(guid) => Ok(Self {
                name: Sid::of_object(guid).as_str().into(),
                is_entra_group: true,
            }),
            Err(_not_a_guid) => Err(NotAnObjectId(text)),
        }
    }

    /// Whoever has this SID.
    pub fn sid(sid: &Sid) -> Self {
        Self {
            name: sid.as_str().into(),
            is_entra_group: false,
        }
    }

    /// An account by its name: `Administrator`, `CONTOSO\ada`, `AzureAD\ada@contoso.com`.
    pub fn account(name: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            is_entra_group: false,
        }
    }

    /// The SID or name that the device reads.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The same, in whatever case: Windows does not tell cases apart.
    fn is(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(&other.name)
    }

    fn is_built_in_administrator(&self) -> bool {
        self.name.eq_ignore_ascii_case("Administrator")
            || (self.name.starts_with("S-1-5-21-") && self.name.ends_with("-500"))
    }

    fn check(&self, checker: &mut Checker) {
        let length = self.name.chars().count();
        let fine = !self.name.trim().is_empty()
            && length <= LONGEST_MEMBER
            && !self.name.chars().any(|letter| {
                // No text of XML can hold these, escaped or not.
                letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')
            });
        let rule = "INT-18";
        if !fine {
            checker.refuse(
                rule,
                "is not the name of a member",
                "use a SID or the name of an account, of at most 255 characters",
            );
        } else if self.name.starts_with("S-1-") && self.name.parse::<Sid>().is_err() {
            checker.refuse(
                rule,
                "is not a SID",
                "write it like S-1-12-1-567301463-1099937718-295959174-3827004813",
            );
        }
    }
}

impl Display for LocalMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

/// What becomes of one local group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalGroupRule {
    /// The group.
    pub group: LocalGroup,
    /// The only members it shall have; whoever else is in it is taken out.
    pub restrict: Vec<LocalMember>,
    /// Members it shall have besides the others.
    pub add: Vec<LocalMember>,
    /// Members it shall not have.
    pub remove: Vec<LocalMember>,
}

impl LocalGroupRule {
    fn new(group: LocalGroup) -> Self {
        Self {
            group,
            restrict: Vec::new(),
            add: Vec::new(),
            remove: Vec::new(),
        }
    }

    /// Whether the group loses whoever is not named.
    pub fn is_restriction(&self) -> bool {
        !self.restrict.is_empty()
    }

    /// Whom the group gets, by addition or by restriction.
    pub fn incoming(&self) -> &[LocalMember] {
        if self.is_restriction() {
            &self.restrict
        } else {
            &self.add
        }
    }

    fn check(&self, checker: &mut Checker) {
        for (name, members) in [
            ("restrict", &self.restrict),
            ("add", &self.add),
            ("remove", &self.remove),
        ] {
            checker.each(name, members, |c, member| member.check(c));
        }
        checker.forbid(
            "restrict",
            self.is_restriction() && !(self.add.is_empty() && self.remove.is_empty()),
            "INT-19",
            "makes what is added and removed of no effect",
            "either restrict the group or add to it and remove from it",
        );
        checker.each("remove", &self.remove, |c, member| {
            if self.add.iter().any(|added| added.is(member)) {
                c.refuse(
                    "INT-20",
                    "is added too",
                    "either add the member or remove it",
                );
            }
        });
        checker.forbid(
            "restrict",
            self.group == LocalGroup::Administrators
                && self.is_restriction()
                && !self
                    .restrict
                    .iter()
                    .any(LocalMember::is_built_in_administrator),
            "INT-21",
            "takes the built-in Administrator out, which Windows refuses",
            "restrict it to a list with LocalMember::account(\"Administrator\") in it",
        );
    }
}

/// Who is in the local groups of devices.
#[derive(Debug, Clone, PartialEq, Eq, Builder)]
#[builder(finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct LocalGroupPolicy {
    #[builder(start_fn)]
    display_name: String,
    #[builder(field)]
    rules: Vec<LocalGroupRule>,
    /// What it is for.
    description: Option<String>,
}

impl<S: local_group_policy_builder::State> LocalGroupPolicyBuilder<S> {
    /// Puts somebody into a local group; whoever else is in it stays.
    pub fn add(mut self, group: LocalGroup, member: LocalMember) -> Self {
        push(&mut self.rule(group).add, member);
        self
    }

    /// Takes somebody out of a local group. This is also how a policy is undone.
    pub fn remove(mut self, group: LocalGroup, member: LocalMember) -> Self {
        push(&mut self.rule(group).remove, member);
        self
    }

    /// Leaves nobody in a local group but those that are named like this, one call each.
    ///
    /// A list that lacks somebody locks them out of all devices at once: prefer [`add`](Self::add).
    pub fn restrict_to(mut self, group: LocalGroup, member: LocalMember) -> Self {
        push(&mut self.rule(group).restrict, member);
        self
    }

    fn rule(&mut self, group: LocalGroup) -> &mut LocalGroupRule {
        let known = self.rules.iter().position(|rule| rule.group == group);
        let place = known.unwrap_or_else(|| {
            self.rules.push(LocalGroupRule::new(group));
            self.rules.len() - 1
        });
        &mut self.rules[place]
    }

    /// Checks the policy.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name (INT-13), a policy that changes nothing (INT-17), a member that no device can read
    /// (INT-18), a group that is both restricted and changed (INT-19), a member both added and removed (INT-20),
    /// administrators without the built-in one (INT-21), or more than 20 groups of Entra (INT-22).
    pub fn build(self) -> Result<LocalGroupPolicy, Invalid>
    where
        S: local_group_policy_builder::IsComplete,
    {
        let policy = self.assemble();
        let mut checker = Checker::new();
        checker.name("displayName", &policy.display_name, "INT-13");
        checker.forbid(
            "rules",
            policy.rules.is_empty(),
            "INT-17",
            "is empty",
            "say what becomes of at least one local group",
        );
        checker.each("rules", &policy.rules, |c, rule| rule.check(c));
        checker.ensure(
            "rules",
            policy.entra_groups().len() <= MOST_ENTRA_GROUPS,
            "INT-22",
            "name more groups of Entra than a device looks into",
            "name at most 20, or one group that has the others as members and no more than 20 in all",
        );
        checker.finish("localUsersAndGroups")?;
        Ok(policy)
    }
}

fn push(members: &mut Vec<LocalMember>, member: LocalMember) {
    if !members.iter().any(|known| known.is(&member)) {
        members.push(member);
    }
}

impl LocalGroupPolicy {
    /// The name administrators see.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What it is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// What becomes of which local group.
    pub fn rules(&self) -> &[LocalGroupRule] {
        &self.rules
    }

    /// The groups of Entra that come into local groups, by their SIDs.
    pub fn entra_groups(&self) -> BTreeSet<&str> {
        let members = self.rules.iter().flat_map(LocalGroupRule::incoming);
        members
            .filter(|member| member.is_entra_group)
            .map(LocalMember::as_str)
            .collect()
    }

    /// The text that devices read
    /// ([LocalUsersAndGroups](https://learn.microsoft.com/windows/client-management/mdm/policy-csp-localusersandgroups)).
    pub fn to_xml(&self) -> String {
        let mut xml = String::from("<GroupConfiguration>\n");
        for rule in &self.rules {
            let action = if rule.is_restriction() { 'R' } else { 'U' };
            let _ = writeln!(
                xml,
                "  <accessgroup desc=\"{}\">\n    <group action=\"{action}\" />",
                rule.group.sid()
            );
            for (element, members) in [("add", rule.incoming()), ("remove", &rule.remove)] {
                for member in members {
                    let _ = writeln!(
                        xml,
                        "    <{element} member=\"{}\" />",
                        Escaped(&member.name)
                    );
                }
            }
            xml.push_str("  </accessgroup>\n");
        }
        xml.push_str("</GroupConfiguration>");
        xml
    }

    /// The policy as a configuration of v1.0.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as the builder of the configuration says it, which is never for what this policy allows.
    pub fn to_configuration(&self) -> Result<Windows10CustomConfigurationDraft, Invalid> {
        Windows10CustomConfigurationDraft::builder(&self.display_name)
            .oma_setting(OmaSetting::string(
                "LocalUsersAndGroups",
                OMA_URI,
                self.to_xml(),
            ))
            .maybe_description(self.description.clone())
            .build()
    }
}

/// Text as an attribute's value.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            other => f.write_char(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;

    fn entra(number: u128) -> LocalMember {
        LocalMember::entra_group(&Id::from_uuid(uuid::Uuid::from_u128(number))).unwrap()
    }

    fn found(refused: &Invalid) -> Vec<(&str, &str)> {
        let violations = refused.violations().iter();
        violations.map(|v| (v.rule(), v.path())).collect()
    }

    #[test]
    fn a_policy_becomes_one_setting() {
        let policy = LocalGroupPolicy::builder("Local groups")
            .description("by access packages")
            .add(LocalGroup::Administrators, entra(1))
            .remove(LocalGroup::Administrators, entra(2))
            .restrict_to(LocalGroup::Guests, LocalMember::account("Guest"))
            .add(LocalGroup::Administrators, entra(1))
            .build()
            .unwrap();
        let draft = serde_json::to_value(policy.to_configuration().unwrap()).unwrap();
        assert_eq!(draft["description"], "by access packages");
        let settings = draft["omaSettings"].as_array().unwrap();
        assert_eq!(settings.len(), 1);
        assert_eq!(settings[0]["omaUri"], OMA_URI);
        assert_eq!(
            settings[0]["value"],
            r#"<GroupConfiguration>
  <accessgroup desc="S-1-5-32-544">
    <group action="U" />
    <add member="S-1-12-1-0-0-0-16777216" />
    <remove member="S-1-12-1-0-0-0-33554432" />
  </accessgroup>
  <accessgroup desc="S-1-5-32-546">
    <group action="R" />
    <add member="Guest" />
  </accessgroup>
</GroupConfiguration>"#
        );
    }

    #[test]
    fn every_flaw_is_named() {
        let nothing = LocalGroupPolicy::builder(" ").build().unwrap_err();
        assert_eq!(
            found(&nothing),
            [("INT-13", "displayName"), ("INT-17", "rules")]
        );

        let refused = LocalGroupPolicy::builder("x")
            .restrict_to(LocalGroup::Administrators, entra(1))
            .add(LocalGroup::Administrators, LocalMember::account("a\u{7}"))
            .add(LocalGroup::Users, entra(3))
            .remove(LocalGroup::Users, entra(3))
            .remove(LocalGroup::Users, LocalMember::account("S-1-5-x"))
            .add(LocalGroup::Guests, LocalMember::account("x".repeat(256)))
            .build()
            .unwrap_err();
        assert_eq!(
            found(&refused),
            [
                ("INT-18", "rules[0].add[0]"),
                ("INT-19", "rules[0].restrict"),
                ("INT-21", "rules[0].restrict"),
                ("INT-18", "rules[1].remove[1]"),
                ("INT-20", "rules[1].remove[0]"),
                ("INT-18", "rules[2].add[0]"),
            ]
        );
    }

    #[test]
    fn a_device_looks_into_20_groups() {
        let policy = |groups: u128| {
            (0..groups).fold(LocalGroupPolicy::builder("x"), |policy, number| {
                policy.add(LocalGroup::Administrators, entra(number))
            })
        };
        assert!(policy(20).build().is_ok());
        let refused = policy(21).build().unwrap_err();
        assert_eq!(found(&refused), [("INT-22", "rules")]);
        let who = LocalMember::account("AzureAD\\ada@contoso.com");
        let people = policy(20).add(LocalGroup::Administrators, who);
        assert!(people.build().is_ok(), "people do not count");
        assert!(LocalMember::entra_group(&"admins".parse().unwrap()).is_err());
    }

    #[test]
    fn administrators_keep_the_built_in_one() {
        for (member, fine) in [
            ("Administrator", true),
            ("ADMINISTRATOR", true),
            ("S-1-5-21-1-2-3-500", true),
            ("S-1-5-21-1-2-3-1500", false),
            ("Administrators", false),
        ] {
            let policy = LocalGroupPolicy::builder("x")
                .restrict_to(LocalGroup::Administrators, LocalMember::account(member))
                .build();
            assert_eq!(policy.is_ok(), fine, "{member}");
        }
    }

    proptest! {
        /// Whatever members are called, a reader of XML finds them again.
        #[test]
        fn the_xml_says_what_the_policy_says(
            added in prop::collection::vec("[^\\p{C}]{1,40}", 1..6),
            removed in prop::collection::vec("[^\\p{C}]{1,40}", 0..6),
        ) {
            let mut policy = LocalGroupPolicy::builder("x");
            for name in &added {
                policy = policy.add(LocalGroup::PowerUsers, LocalMember::account(name.as_str()));
            }
            for name in &removed {
                policy = policy.remove(LocalGroup::PowerUsers, LocalMember::account(name.as_str()));
            }
            let Ok(policy) = policy.build() else {
                return Ok(());
            };
            let xml = policy.to_xml();
            let document = Document::parse(&xml).unwrap();
            let group = document.root_element().first_element_child().unwrap();
            prop_assert_eq!(group.attribute("desc"), Some("S-1-5-32-547"));
            let children: Vec<_> = group.children().filter(roxmltree::Node::is_element).collect();
            prop_assert_eq!(children[0].attribute("action"), Some("U"));
            let named = |element: &str| -> Vec<&str> {
                let those = children.iter().filter(|child| child.has_tag_name(element));
                those.filter_map(|child| child.attribute("member")).collect()
            };
            let rule = &policy.rules()[0];
            let expected = |members: &[LocalMember]| -> Vec<String> {
                members.iter().map(ToString::to_string).collect()
            };
            prop_assert_eq!(named("add"), expected(&rule.add));
            prop_assert_eq!(named("remove"), expected(&rule.remove));
        }
    }
}
