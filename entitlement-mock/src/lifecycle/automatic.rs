//! Automatic assignment: whoever matches a policy's rule gets access, and loses it when they stop (section 2.8).
//!
//! Changes of people and policies only plan that rules are looked at: the service takes its time for that (AUTO-7).

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::requestor::AutomaticRequestSettings;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::{Expiration, Schedule};
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::Timestamp;

use super::separation::conflicts;
use crate::licence::Licence;
use crate::membership_rule::{Fact, Facts, Property, Rule};
use crate::world::World;
use crate::world::agenda::Event;
use crate::world::directory::User;
use crate::world::request::Request;
use crate::world::table::Key;

/// The text of a policy's rule (AUTO-2).
pub(crate) fn rule_of(policy: &AssignmentPolicy) -> Option<&str> {
    policy
        .specific_allowed_targets
        .iter()
        .find_map(|set| match set {
            SubjectSet::AttributeRuleMembers(members) => members.membership_rule.as_deref(),
            _ => None,
        })
}

/// Something about a person has changed.
pub(crate) fn person_changed(world: &mut World, at: Timestamp, person: Key) {
    if !world.links.automatic_policies.is_empty() {
        let lag = world.settings.lag.automatic_assignment;
        let event = Event::MatchPerson { person };
        world.agenda.plan_after(lag, at, person, event);
    }
}

/// A policy was made or changed: everybody is looked at.
pub(crate) fn policy_changed(world: &mut World, at: Timestamp, policy: Key) {
    if world.links.automatic_policies.contains(&policy) {
        let lag = world.settings.lag.automatic_assignment;
        let event = Event::MatchEverybody { policy };
        world.agenda.plan_after(lag, at, policy, event);
    }
}

/// A request is over. Whoever had to wait for it can be looked at, or may have left in the meantime; but what the
/// service could not give is not tried again at once, and what was taken back stays so until something changes (AUTO-9).
pub(super) fn request_ended(world: &mut World, at: Timestamp, request: Key) {
    let Some(row) = world.requests.get(request) else {
        return;
    };
    let is_own = world.links.automatic_policies.contains(&row.policy);
    let looks = if row.is_removal() {
        !is_own
    } else {
        row.kind != RequestType::SystemAdd || row.state == RequestState::Delivered
    };
    if looks {
        person_changed(world, at, row.target);
    }
}

/// Looks whether a person matches the rules of all policies.
pub(super) fn match_person(world: &mut World, at: Timestamp, person: Key) {
    for policy in world.links.automatic_policies.clone() {
        if let Some(rule) = parsed(world, policy) {
            settle_with(world, at, policy, &rule, person);
        }
    }
}

/// Looks who matches the rule of a policy.
pub(super) fn match_everybody(world: &mut World, at: Timestamp, policy: Key) {
    let Some(rule) = parsed(world, policy) else {
        return;
    };
    for person in world.users.keys().collect::<Vec<_>>() {
        settle_with(world, at, policy, &rule, person);
    }
}

/// The rule of a policy; none without the licence for it (LIC-2, LIC-3).
fn parsed(world: &World, policy: Key) -> Option<Rule> {
    let row = world.policies.get(policy)?;
    let is_licensed = world.settings.licence >= Licence::Governance;
    Rule::parse(rule_of(&row.settings).filter(|_| is_licensed)?).ok()
}

fn settle_with(world: &mut World, at: Timestamp, policy: Key, rule: &Rule, person: Key) {
    let Some(row) = world.policies.get(policy) else {
        return;
    };
    let Some(settings) = row.settings.automatic_request_settings.as_deref().cloned() else {
        return;
    };
    let package = row.package;
    let matches = matches(world, rule, person);
    match world.current_assignment(person, package) {
        None if matches && settings.request_access_for_allowed_targets == Some(true) => {
            give(world, at, policy, person);
        }
        Some(held) => {
            // AUTO-3: what somebody has through another policy is no business of this one.
            let row = world.assignments.get(held);
            if row.is_some_and(|row| row.policy == policy) {
                keep_or_leave(world, at, held, matches, &settings);
            }
        }
        None => {}
    }
}

fn matches(world: &World, rule: &Rule, person: Key) -> bool {
    let user = world.users.get(person).filter(|_| world.is_person(person));
    user.is_some_and(|user| rule.matches(&Somebody { key: person, user }))
}

/// Lets the service ask for access on somebody's behalf (AUTO-3), unless a request is open, they hold what the package
/// does not go with (AUTO-11), or the policy is full (AUTO-7).
fn give(world: &mut World, at: Timestamp, policy: Key, person: Key) {
    let Some(row) = world.policies.get(policy) else {
        return;
    };
    let package = row.package;
    let expiration = row.settings.expiration.clone();
    let holders = world.links.assignments_of_policy.of(policy).iter();
    let holders = holders.filter_map(|key| world.assignments.get(*key));
    let holders = holders.filter(|row| row.state.is_current()).count();
    let is_full = holders >= world.settings.choices.limits.people_per_automatic_policy;
    if is_full
        || world.open_request(person, package).is_some()
        || !conflicts(world, package, person).is_empty()
    {
        return;
    }
    let schedule = Schedule::lasting(expiration.unwrap_or_else(Expiration::never));
    let request = world.insert_request(Request {
        kind: RequestType::SystemAdd,
        state: RequestState::Submitted,
        status: "Accepted".into(),
        created: at,
        completed: None,
        requestor: None,
        target: person,
        package,
        policy,
        assignment: None,
        justification: None,
        answers: Vec::new(),
        schedule,
        stages: Vec::new(),
        callouts: Vec::new(),
        hold: None,
    });
    let lag = world.settings.lag.processing;
    let process = Event::Process { request };
    world.agenda.plan_after(lag, at, request, process);
}

/// Whoever matches keeps access, also if they come back in time; whoever does not loses it once the grace period is over
/// (AUTO-5, AUTO-6).
fn keep_or_leave(
    world: &mut World,
    at: Timestamp,
    assignment: Key,
    matches: bool,
    settings: &AutomaticRequestSettings,
) {
    let Some(row) = world.assignments.get(assignment) else {
        return;
    };
    let in_grace = row.grace.is_some();
    if matches && in_grace {
        world.change_assignment(assignment, |row| {
            row.grace = None;
            row.status = "Delivered".into();
        });
    } else if !matches
        && !in_grace
        && settings.remove_access_when_target_leaves_allowed_targets == Some(true)
    {
        let grace = settings.grace_period_before_access_removal;
        let end = grace.and_then(|grace| grace.after(at)).unwrap_or(at);
        world.change_assignment(assignment, |row| {
            row.grace = Some(end);
            row.status = "AutoAssignmentInGracePeriod".into();
        });
        world.agenda.plan(end, Event::EndGrace { assignment });
    }
}

/// Whether somebody's time after leaving is over.
pub(super) fn is_grace_over(world: &World, at: Timestamp, assignment: Key) -> bool {
    let row = world.assignments.get(assignment);
    row.is_some_and(|row| {
        let is_automatic = world.links.automatic_policies.contains(&row.policy);
        is_automatic && row.state.is_current() && row.grace.is_some_and(|end| end <= at)
    })
}

/// A person as rules see them.
struct Somebody<'w> {
    key: Key,
    user: &'w User,
}

impl Facts for Somebody<'_> {
    fn fact(&self, property: Property) -> Fact {
        let user = self.user;
        let text = |text: &str| Fact::Text(Some(text.to_owned()));
        let names = user.display_name.rsplit_once(' ');
        let own = |name: &str| user.attribute(name);
        match property.name() {
            "accountEnabled" => Fact::Flag(user.is_enabled),
            "dirSyncEnabled" => Fact::Flag(false),
            "displayName" => text(&user.display_name),
            "mail" => Fact::Text(user.mail.clone()),
            "objectId" => Fact::Text(Some(self.key.to_string())),
            "userPrincipalName" => text(&user.principal_name),
            "userType" => Fact::Text(Some(user.kind.to_string())),
            "givenName" => {
                let derived = names.map(|(given, _)| given);
                Fact::Text(own("givenName").or(derived).map(str::to_owned))
            }
            "surname" => {
                let derived = names.map(|(_, family)| family);
                Fact::Text(own("surname").or(derived).map(str::to_owned))
            }
            "mailNickname" => {
                let derived = user.principal_name.split('@').next();
                Fact::Text(own("mailNickname").or(derived).map(str::to_owned))
            }
            "otherMails" => Fact::Texts(user.other_mails.clone()),
            "proxyAddresses" => {
                let mails = user.mail.iter().map(|mail| format!("SMTP:{mail}"));
                Fact::Texts(mails.collect())
            }
            // Graph has other names for these.
            "mobile" => Fact::Text(own("mobilePhone").map(str::to_owned)),
            "physicalDeliveryOfficeName" => Fact::Text(own("officeLocation").map(str::to_owned)),
            "facsimileTelephoneNumber" => Fact::Text(own("faxNumber").map(str::to_owned)),
            name => Fact::Text(own(name).map(str::to_owned)),
        }
    }

    fn manager(&self) -> Option<String> {
        self.user.manager.map(|manager| manager.to_string())
    }
}
