//! Whose access to what a review is about: its queries, resolved when it starts (REV-42).

use entitlement_core::access_review::insight::InsightSetting;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::ScheduleSettings;
use entitlement_core::odata::{Comparison, Filter, Literal, Operand, Query};
use entitlement_core::time::{IsoDuration, Timestamp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::odata::eval::{self, Json};
use crate::world::World;
use crate::world::directory::{Group, User};
use crate::world::review::{Access, Applied, Hint, Item, Mark};
use crate::world::roster::Roster;
use crate::world::table::Key;

/// What one instance is about: one resource (REV-35).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// Assignments of a package, through a policy, or both (REV-13).
    Assignments {
        package: Option<Key>,
        policy: Option<Key>,
    },
    /// The members of a group.
    Members { group: Key, who: Vec<Who> },
}

/// Some of the people.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Who {
    filter: Option<Filter>,
    /// Only those who have not signed in for so long.
    inactive: Option<IsoDuration>,
}

/// What a query asks for.
enum Meaning {
    Target(Target),
    /// The members of whichever groups the enumeration names.
    MembersOfEach(Who),
    Users(Who),
    Groups(Vec<Key>),
}

/// What a review is about, each with the scope of its instance; an error says which query finds nothing here.
pub(crate) fn targets(
    world: &World,
    scope: &Scope,
    enumeration: Option<&Scope>,
) -> Result<Vec<(Target, Scope)>, String> {
    if let Scope::PrincipalResourceMemberships(memberships) = scope {
        let mut who = Vec::new();
        for principals in &memberships.principal_scopes {
            match meaning(world, principals)? {
                Meaning::Users(some) => who.push(some),
                // Groups are no members here.
                Meaning::Groups(_) => {}
                _ => return Err("principalScopes: say /users".to_owned()),
            }
        }
        let mut targets = Vec::new();
        for resources in &memberships.resource_scopes {
            let Meaning::Groups(groups) = meaning(world, resources)? else {
                return Err("resourceScopes: only groups can be reviewed this way".to_owned());
            };
            targets.extend(groups.into_iter().map(|group| {
                let who = who.clone();
                (Target::Members { group, who }, scope.clone())
            }));
        }
        return Ok(targets);
    }
    match meaning(world, scope)? {
        Meaning::Target(target) => Ok(vec![(target, scope.clone())]),
        Meaning::MembersOfEach(who) => {
            let enumeration = enumeration
                .ok_or("the scope begins with a dot, and there is no instanceEnumerationScope")?;
            let Meaning::Groups(groups) = meaning(world, enumeration)? else {
                return Err("instanceEnumerationScope: only groups can be enumerated".to_owned());
            };
            let each = groups.into_iter().map(|group| {
                let target = Target::Members {
                    group,
                    who: vec![who.clone()],
                };
                (target, filled_in(scope, group))
            });
            Ok(each.collect())
        }
        Meaning::Users(_) | Meaning::Groups(_) => {
            Err("the scope says who, but not whose access to what".to_owned())
        }
    }
}

/// The scope with the group in the place of the dot.
fn filled_in(scope: &Scope, group: Key) -> Scope {
    let text = scope.as_query().unwrap_or_default();
    let mut scope = scope.clone();
    if let Scope::Query(query) = &mut scope {
        let rest = text.trim_start_matches("./");
        query.query = Some(format!("/v1.0/groups/{group}/{rest}"));
    }
    scope
}

fn meaning(world: &World, scope: &Scope) -> Result<Meaning, String> {
    let text = scope.as_query().ok_or("a scope without a query")?;
    let inactive = match scope {
        Scope::InactiveUsers(scope) => scope.inactive_duration,
        _ => None,
    };
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let query = Query::parse(query).map_err(|error| format!("{text}: {error}"))?;
    let path = path.strip_prefix("/v1.0").unwrap_or(path);
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != "microsoft.graph.user")
        .collect();
    let who = || Who {
        filter: query.filter.clone(),
        inactive,
    };
    let members = ["members", "transitiveMembers"];
    match segments.as_slice() {
        ["groups", id, people] if members.contains(people) => {
            let group = known_group(world, id)?;
            Ok(Meaning::Target(Target::Members {
                group,
                who: vec![who()],
            }))
        }
        [".", people] if members.contains(people) => Ok(Meaning::MembersOfEach(who())),
        ["users"] => Ok(Meaning::Users(who())),
        ["groups"] => Ok(Meaning::Groups(groups(world, query.filter.as_ref())?)),
        ["groups", id] | ["groups", id, ..] => Ok(Meaning::Groups(vec![known_group(world, id)?])),
        ["identityGovernance", "entitlementManagement", "assignments"] => {
            let asked = |path| query.filter.as_ref().and_then(|filter| id_in(filter, path));
            let target = Target::Assignments {
                package: asked("accessPackage/id"),
                policy: asked("assignmentPolicy/id"),
            };
            if (Target::Assignments {
                package: None,
                policy: None,
            }) == target
            {
                return Err(format!("{text}: name the package or the policy (REV-13)"));
            }
            Ok(Meaning::Target(target))
        }
        _ => Err(format!("{text}: nothing that can be reviewed here")),
    }
}

fn known_group(world: &World, id: &str) -> Result<Key, String> {
    let key = Key::try_parse(id).ok();
    key.filter(|key| world.groups.contains(*key))
        .ok_or_else(|| format!("there is no group {id}"))
}

/// The id that a filter demands of a property.
fn id_in(filter: &Filter, path: &str) -> Option<Key> {
    match filter {
        Filter::And(parts) => parts.iter().find_map(|part| id_in(part, path)),
        Filter::Compare {
            left: Operand::Path(left),
            operator: Comparison::Eq,
            right: Operand::Literal(literal),
        } if left.as_str().eq_ignore_ascii_case(path) => match literal {
            Literal::String(text) => Key::try_parse(text).ok(),
            Literal::Guid(key) => Some(*key),
            _ => None,
        },
        _ => None,
    }
}

fn groups(world: &World, filter: Option<&Filter>) -> Result<Vec<Key>, String> {
    let mut found = Vec::new();
    for (key, group) in world.groups.iter() {
        if holds(filter, || of_group(key, group))? {
            found.push(key);
        }
    }
    Ok(found)
}

fn holds(filter: Option<&Filter>, row: impl Fn() -> Value) -> Result<bool, String> {
    let Some(filter) = filter else {
        return Ok(true);
    };
    eval::matches(filter, &Json(row())).map_err(|eval::NoSuchProperty(name)| {
        format!("there is no property {name} to filter by in a scope")
    })
}

fn of_group(key: Key, group: &Group) -> Value {
    json!({
        "id": key,
        "displayName": group.display_name,
        "groupTypes": group.types,
        "mailEnabled": group.mail_enabled,
        "securityEnabled": group.security_enabled,
        "isAssignableToRole": group.is_assignable_to_role,
    })
}

fn of_user(key: Key, user: &User) -> Value {
    json!({
        "id": key,
        "displayName": user.display_name,
        "userPrincipalName": user.principal_name,
        "userType": user.kind,
        "accountEnabled": user.is_enabled,
        "jobTitle": user.job_title,
        "department": user.department,
    })
}

/// Everybody's access at the start of a review.
pub(crate) fn items(
    world: &World,
    target: &Target,
    start: Timestamp,
    settings: &ScheduleSettings,
) -> Vec<Item> {
    let recent = before(start, look_back(settings));
    let item = |principal: Key, access: Access| Item {
        principal,
        access,
        hint: hint(world, principal, recent),
        result: Applied::New,
        stage: 0,
        mark: Mark::default(),
    };
    match target {
        Target::Assignments { package, policy } => {
            let keys = match (policy, package) {
                (Some(policy), _) => world.links.assignments_of_policy.of(*policy),
                (None, Some(package)) => world.links.assignments_of_package.of(*package),
                (None, None) => &[],
            };
            keys.iter()
                .filter_map(|key| {
                    let row = world.assignments.get(*key)?;
                    let fits = package.is_none_or(|package| row.package == package);
                    (fits && row.state.is_current())
                        .then(|| item(row.target, Access::Assignment(*key)))
                })
                .collect()
        }
        Target::Members { group, who } => {
            let members = world.groups.get(*group).map(|row| &row.members);
            let meant = members.into_iter().flat_map(Roster::iter).filter(|key| {
                let any = |who: &Who| is_among(world, who, **key, start);
                world.is_person(**key) && (who.is_empty() || who.iter().any(any))
            });
            meant
                .map(|key| item(*key, Access::Member(*group)))
                .collect()
        }
    }
}

fn is_among(world: &World, who: &Who, person: Key, start: Timestamp) -> bool {
    let Some(user) = world.users.get(person) else {
        return false;
    };
    let inactive = who.inactive.is_none_or(|duration| {
        let since = before(start, duration);
        user.last_sign_in.is_none_or(|moment| moment < since)
    });
    inactive && holds(who.filter.as_ref(), || of_user(person, user)) == Ok(true)
}

/// How far back a sign-in counts: 30 days, unless the settings say (REV-9).
fn look_back(settings: &ScheduleSettings) -> IsoDuration {
    let of_insight = settings
        .recommendation_insight_settings
        .iter()
        .find_map(|setting| match setting {
            InsightSetting::UserLastSignIn(sign_in) => sign_in.recommendation_look_back_duration,
            _ => None,
        });
    of_insight
        .or(settings.recommendation_look_back_duration)
        .unwrap_or_else(|| IsoDuration::days(30))
}

fn before(moment: Timestamp, duration: IsoDuration) -> Timestamp {
    let seconds = duration.total_seconds().unwrap_or(0);
    moment
        .checked_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MIN)
}

/// What the service would decide about a person (REV-9).
fn hint(world: &World, person: Key, recent: Timestamp) -> Hint {
    match world.users.get(person).and_then(|user| user.last_sign_in) {
        Some(moment) if moment >= recent => Hint::Approve,
        Some(_) => Hint::Deny,
        None => Hint::NoInfo,
    }
}
