//! The policy `LocalUsersAndGroups`, as a device carries it out
//! ([CSP](https://learn.microsoft.com/windows/client-management/mdm/policy-csp-localusersandgroups)).

use std::collections::BTreeMap;

use entitlement_core::intune::local_groups::LocalGroup;
use entitlement_core::intune::sid::Sid;
use indexmap::IndexSet;
use roxmltree::{Document, Node};

use super::tokens::BUILT_IN_ADMINISTRATOR;
use crate::world::World;

/// What is to become of one local group.
struct Rule {
    group: String,
    is_restriction: bool,
    add: Vec<String>,
    remove: Vec<String>,
}

/// Changes the members of local groups as a policy says, as far as that can be done, and says what could not.
///
/// Rules that change a group come in their order, and those that restrict one last. Who is there already is not added
/// again, and who is not is not removed.
pub(super) fn apply(
    world: &World,
    groups: &mut BTreeMap<String, IndexSet<String>>,
    xml: &str,
) -> Vec<String> {
    let mut problems = Vec::new();
    let rules = match read(xml) {
        Ok(rules) => rules,
        Err(problem) => return vec![problem],
    };
    let (last, first): (Vec<Rule>, Vec<Rule>) =
        rules.into_iter().partition(|rule| rule.is_restriction);
    for rule in first.into_iter().chain(last) {
        let Some(group) = sid_of_group(&rule.group) else {
            problems.push(format!("there is no local group {:?}", rule.group));
            continue;
        };
        let mut known = |names: &[String]| -> Vec<String> {
            let mut sids = Vec::new();
            for name in names {
                match sid_of_member(world, name) {
                    Some(sid) => sids.push(sid),
                    None => problems.push(format!("{name:?} is nobody the device knows")),
                }
            }
            sids
        };
        let (add, remove) = (known(&rule.add), known(&rule.remove));
        let members = groups.entry(group.clone()).or_default();
        if !rule.is_restriction {
            members.extend(add);
            members.retain(|member| !remove.contains(member));
        } else if group == LocalGroup::Administrators.sid()
            && !add.iter().any(|sid| sid == BUILT_IN_ADMINISTRATOR)
        {
            problems.push(
                "the built-in Administrator cannot be taken out of Administrators (0x55b)"
                    .to_owned(),
            );
        } else {
            *members = add.into_iter().collect();
        }
    }
    problems
}

fn read(xml: &str) -> Result<Vec<Rule>, String> {
    let document = Document::parse(xml).map_err(|error| format!("the value is no XML: {error}"))?;
    let root = document.root_element();
    if !root.has_tag_name("GroupConfiguration") {
        let name = root.tag_name().name();
        return Err(format!(
            "the value is about {name:?}, not GroupConfiguration"
        ));
    }
    let rules = root
        .children()
        .filter(|node| node.has_tag_name("accessgroup"));
    rules.map(rule).collect()
}

fn rule(node: Node<'_, '_>) -> Result<Rule, String> {
    let group = node.attribute("desc");
    let group = group.ok_or("an accessgroup has no `desc`")?.to_owned();
    let action = node
        .children()
        .find(|child| child.has_tag_name("group"))
        .and_then(|child| child.attribute("action"));
    let is_restriction = match action {
        Some("U") => false,
        Some("R") => true,
        other => return Err(format!("{group}: the action is {other:?}, not U or R")),
    };
    let members = |name: &str| -> Vec<String> {
        let children = node.children().filter(|child| child.has_tag_name(name));
        let members = children.filter_map(|child| child.attribute("member"));
        members.map(|member| member.trim().to_owned()).collect()
    };
    Ok(Rule {
        is_restriction,
        add: members("add"),
        // What is removed from a group that is replaced as a whole does not matter.
        remove: if is_restriction {
            Vec::new()
        } else {
            members("remove")
        },
        group,
    })
}

/// A local group that every Windows has, by its SID or by its English name.
fn sid_of_group(name: &str) -> Option<String> {
    let named = LocalGroup::ALL.into_iter().find(|group| {
        let english = match group {
            LocalGroup::Administrators => "Administrators",
            LocalGroup::Users => "Users",
            LocalGroup::Guests => "Guests",
            LocalGroup::PowerUsers => "Power Users",
            LocalGroup::RemoteDesktopUsers => "Remote Desktop Users",
            LocalGroup::RemoteManagementUsers => "Remote Management Users",
            _ => return false,
        };
        name.eq_ignore_ascii_case(english) || name.eq_ignore_ascii_case(group.sid())
    });
    named.map(|group| group.sid().to_owned())
}

/// SIDs are not looked up, so that a wrong one does nothing and says nothing; names are.
fn sid_of_member(world: &World, name: &str) -> Option<String> {
    if name.to_ascii_uppercase().starts_with("S-1-") {
        let sid: Sid = name.parse().ok()?;
        return Some(sid.as_str().to_owned());
    }
    if name.eq_ignore_ascii_case("Administrator") {
        return Some(BUILT_IN_ADMINISTRATOR.to_owned());
    }
    let (domain, account) = name.split_once('\\')?;
    let person = domain
        .eq_ignore_ascii_case("AzureAD")
        .then(|| world.find_user(account))?;
    person.map(|key| Sid::of_object(key).as_str().to_owned())
}
