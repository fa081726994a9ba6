//! Access reviews as JSON objects.

use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::time::{IsoDuration, Timestamp};
use serde_json::{Value, json};

use super::item::{Item, View};
use super::links::Link;
use super::object::{Object, object};
use super::render::as_object;
use crate::lifecycle::review::series::status_of;
use crate::world::World;
use crate::world::review::{Access, Applied, Hint, Instance, Mark, Review, Run, Verdict};
use crate::world::table::Key;

impl View<'_> {
    /// Shows what belongs to reviews.
    pub(super) fn review(self, item: Item) -> Option<Object> {
        let world = self.world;
        Some(match item {
            Item::Review(key) => definition(world, key, world.reviews.get(key)?),
            Item::ReviewInstance(key) => {
                let row = world.review_instances.get(key)?;
                instance(key, row, self.shown_end(row))
            }
            Item::ReviewStage(key, place) => stage(world.review_instances.get(key)?, place)?,
            Item::ReviewDecision(key, place) => {
                let instance = world.review_instances.get(key)?;
                let item = instance.items.get(place)?;
                decision(world, key, place, &item.mark, item.stage)?
            }
            Item::StageDecision(key, stage, place) => {
                let instance = world.review_instances.get(key)?;
                let mark = instance.mark_in(stage, place)?;
                decision(world, key, place, mark, u8::try_from(stage).ok()?)?
            }
            Item::Reviewer(key, place) => reviewer(world, key, place)?,
            Item::Insight(key, place) => insight(world, key, place)?,
            Item::History(key) => history(world, key)?,
            Item::HistoryRun(key, place) => {
                run(world.review_histories.get(key)?.runs.get(place)?)
            }
            _ => return None,
        })
    }

    /// When an instance says that it ends; of some it has been seen that they are wrong (REV-46).
    fn shown_end(self, instance: &Instance) -> Timestamp {
        let review = self.world.reviews.get(instance.review);
        let settings = review.and_then(|row| row.definition.settings.as_ref());
        let comes_once = settings.is_some_and(|settings| settings.recurrence.is_none());
        let choices = &self.world.settings.choices.reviews;
        if choices.staged_reviews_show_thirty_days && comes_once && instance.is_staged {
            let days = IsoDuration::days(30).after(instance.start);
            return days.unwrap_or(instance.end);
        }
        instance.end
    }

    /// Follows a navigation property of what belongs to reviews.
    pub(super) fn follow_review(self, item: Item, name: &str) -> Option<Link> {
        let world = self.world;
        let is = |property: &str| name.eq_ignore_ascii_case(property);
        let many = |count: usize, of: &dyn Fn(usize) -> Item| {
            Some(Link::Many((0..count).map(of).collect()))
        };
        match item {
            Item::Review(key) if is("instances") => {
                let instances = world.links.instances_of_review.of(key);
                Some(Link::Many(
                    instances
                        .iter()
                        .copied()
                        .map(Item::ReviewInstance)
                        .collect(),
                ))
            }
            Item::ReviewInstance(key) => {
                let instance = world.review_instances.get(key)?;
                if is("decisions") {
                    many(instance.items.len(), &|place| {
                        Item::ReviewDecision(key, place)
                    })
                } else if is("contactedReviewers") {
                    many(instance.contacted.len(), &|place| {
                        Item::Reviewer(key, place)
                    })
                } else if is("stages") {
                    many(instance.visible_stages(), &|place| {
                        Item::ReviewStage(key, place)
                    })
                } else {
                    None
                }
            }
            Item::ReviewStage(key, stage) if is("decisions") => {
                let instance = world.review_instances.get(key)?;
                let places = (0..instance.items.len())
                    .filter(|place| instance.mark_in(stage, *place).is_some());
                Some(Link::Many(
                    places
                        .map(|place| Item::StageDecision(key, stage, place))
                        .collect(),
                ))
            }
            Item::ReviewDecision(key, place) | Item::StageDecision(key, _, place)
                if is("insights") =>
            {
                let known = insight(world, key, place).is_some();
                let insights = known.then_some(Item::Insight(key, place));
                Some(Link::Many(insights.into_iter().collect()))
            }
            Item::History(key) if is("instances") => {
                let runs = world.review_histories.get(key)?.runs.len();
                many(runs, &|place| Item::HistoryRun(key, place))
            }
            _ => None,
        }
    }
}

fn definition(world: &World, key: Key, review: &Review) -> Object {
    let mut object = as_object(&review.definition);
    for list in [
        "stageSettings",
        "additionalNotificationRecipients",
        "reviewers",
        "fallbackReviewers",
    ] {
        object.entry(list).or_insert_with(|| json!([]));
    }
    for scope in ["scope", "instanceEnumerationScope"] {
        let stored = object.get(scope).map_or(Value::Null, stored_scope);
        object.insert(scope.to_owned(), stored);
    }
    for scopes in ["reviewers", "fallbackReviewers"] {
        if let Some(Value::Array(scopes)) = object.get_mut(scopes) {
            scopes.iter_mut().for_each(with_root);
        }
    }
    for text in ["descriptionForAdmins", "descriptionForReviewers"] {
        object.entry(text).or_insert(Value::Null);
    }
    if let Some(Value::Object(settings)) = object.get_mut("settings") {
        settings.entry("recurrence").or_insert(Value::Null);
        settings.entry("defaultDecision").or_insert(json!("None"));
        for switch in [
            "autoApplyDecisionsEnabled",
            "defaultDecisionEnabled",
            "recommendationsEnabled",
            "justificationRequiredOnApproval",
            "mailNotificationsEnabled",
            "reminderNotificationsEnabled",
        ] {
            settings.entry(switch).or_insert(json!(false));
        }
        settings
            .entry("applyActions")
            .or_insert(json!([{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}]));
    }
    object.insert("status".to_owned(), json!(status_of(world, key, review)));
    object.insert("createdBy".to_owned(), identity(world, review.created_by));
    object.insert("createdDateTime".to_owned(), json!(review.created));
    object.insert("lastModifiedDateTime".to_owned(), json!(review.modified));
    object
}

/// A scope with all its members, as the service writes it.
fn stored_scope(scope: &Value) -> Value {
    let mut scope = scope.clone();
    for part in ["principalScopes", "resourceScopes"] {
        if let Some(Value::Array(scopes)) = scope.get_mut(part) {
            scopes.iter_mut().for_each(with_root);
        }
    }
    with_root(&mut scope);
    scope
}

fn with_root(scope: &mut Value) {
    if let Value::Object(members) = scope
        && members.contains_key("query")
    {
        members.entry("queryRoot").or_insert(Value::Null);
    }
}

fn scope_of(scope: &Scope) -> Value {
    serde_json::to_value(scope).map_or(Value::Null, |value| stored_scope(&value))
}

fn reviewers_of(scopes: &[ReviewerScope]) -> Value {
    let mut value = json!(scopes);
    if let Value::Array(scopes) = &mut value {
        scopes.iter_mut().for_each(with_root);
    }
    value
}

fn instance(key: Key, instance: &Instance, end: Timestamp) -> Object {
    let stage = instance.stage();
    object! {
        "id": key,
        "startDateTime": instance.start,
        "endDateTime": end,
        "status": instance.status,
        "scope": scope_of(&instance.scope),
        "reviewers": stage.map_or(json!([]), |stage| reviewers_of(&stage.reviewers)),
        "fallbackReviewers": stage.map_or(json!([]), |stage| reviewers_of(&stage.fallback)),
    }
}

fn stage(instance: &Instance, place: usize) -> Option<Object> {
    let stage = instance.stages.get(place)?;
    Some(object! {
        "id": stage.id,
        "startDateTime": stage.start,
        "endDateTime": stage.end,
        "status": stage.status,
        "reviewers": reviewers_of(&stage.reviewers),
        "fallbackReviewers": reviewers_of(&stage.fallback),
    })
}

/// A person as they are noted beside a fact; nobody has the zero GUID (REV-51).
fn identity(world: &World, person: Option<Key>) -> Value {
    let user = person.and_then(|key| world.users.get(key));
    json!({
        "id": person.unwrap_or_default(),
        "displayName": user.map_or("", |user| &user.display_name),
        "userPrincipalName": user.map_or("", |user| &user.principal_name),
    })
}

fn decision(world: &World, key: Key, place: usize, mark: &Mark, stage: u8) -> Option<Object> {
    let instance = world.review_instances.get(key)?;
    let item = instance.items.get(place)?;
    let shows_hint = instance
        .stages
        .get(usize::from(stage))
        .is_some_and(|stage| stage.shows_recommendations);
    let hint = match item.hint {
        Hint::Approve if shows_hint => "Approve",
        Hint::Deny if shows_hint => "Deny",
        _ => "NoInfoAvailable",
    };
    let note = mark.note.as_deref();
    let applied = (item.result != Applied::New)
        .then_some(instance.applied)
        .flatten();
    let applied_by = instance.applied_by.filter(|_| applied.is_some());
    let mut principal = identity(world, Some(item.principal));
    principal["@odata.type"] = "#microsoft.graph.userIdentity".into();
    let (resource, resource_link) = resource(world, item.access);
    Some(object! {
        "id": Instance::item_id(key, place),
        "accessReviewId": key,
        "reviewedBy": identity(world, note.map(|note| note.by)),
        "reviewedDateTime": note.map(|note| note.at),
        "decision": word(mark.verdict),
        "justification": note.map_or("", |note| &note.justification),
        "appliedBy": identity(world, applied_by),
        "appliedDateTime": applied,
        "applyResult": match item.result {
            Applied::New => "New",
            Applied::Done => "AppliedSuccessfully",
            Applied::NothingThere => "AppliedSuccessfullyButObjectNotFound",
        },
        "recommendation": hint,
        "principal": principal,
        "principalLink": format!("https://graph.microsoft.com/v1.0/users/{}", item.principal),
        "resource": resource,
        "resourceLink": resource_link,
    })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotReviewed => "NotReviewed",
        Verdict::Approve => "Approve",
        Verdict::Deny => "Deny",
        Verdict::DontKnow => "DontKnow",
    }
}

/// What somebody has access to (REV-14), and where it is.
fn resource(world: &World, access: Access) -> (Value, Value) {
    const LINK: &str = "https://graph.microsoft.com/v1.0";
    match access {
        Access::Member(group) => {
            let name = world.groups.get(group).map(|group| &group.display_name);
            let resource = json!({"id": group, "displayName": name, "type": "group"});
            (resource, format!("{LINK}/groups/{group}").into())
        }
        Access::Assignment(key) => {
            let Some(assignment) = world.assignments.get(key) else {
                return (Value::Null, Value::Null);
            };
            let package = world.packages.get(assignment.package);
            let policy = world.policies.get(assignment.policy);
            let resource = json!({
                "@odata.type":
                    "#microsoft.graph.accessReviewInstanceDecisionItemAccessPackageAssignmentPolicyResource",
                "id": assignment.policy,
                "displayName": policy.and_then(|policy| policy.settings.display_name.as_ref()),
                "type": "accessPackageAssignmentPolicy",
                "accessPackageId": assignment.package,
                "accessPackageDisplayName": package.map(|package| &package.display_name),
            });
            let place = "identityGovernance/entitlementManagement/assignmentPolicies";
            (
                resource,
                format!("{LINK}/{place}/{}", assignment.policy).into(),
            )
        }
    }
}

fn reviewer(world: &World, key: Key, place: usize) -> Option<Object> {
    let contact = world.review_instances.get(key)?.contacted.get(place)?;
    let user = world.users.get(contact.person);
    Some(object! {
        "id": contact.person,
        "displayName": user.map(|user| &user.display_name),
        "userPrincipalName": user.map(|user| &user.principal_name),
        "createdDateTime": contact.at,
    })
}

/// The last sign-in from which a recommendation was drawn, as long as the person has not signed in since.
fn insight(world: &World, key: Key, place: usize) -> Option<Object> {
    let instance = world.review_instances.get(key)?;
    let item = instance.items.get(place)?;
    let shown = instance.settings.recommendations_enabled == Some(true)
        || instance
            .stages
            .iter()
            .any(|stage| stage.shows_recommendations);
    let last = world.users.get(item.principal)?.last_sign_in;
    let last = last.filter(|moment| shown && *moment <= instance.start)?;
    Some(object! {
        "@odata.type": "#microsoft.graph.userSignInInsight",
        "id": Instance::item_id(key, place),
        "insightCreatedDateTime": instance.start,
        "lastSignInDateTime": last,
    })
}

fn history(world: &World, key: Key) -> Option<Object> {
    let row = world.review_histories.get(key)?;
    let mut object = as_object(&row.definition);
    // The ends of the period cannot be null, so a report that comes round has none.
    object.entry("scheduleSettings").or_insert(Value::Null);
    if let Some(Value::Array(scopes)) = object.get_mut("scopes") {
        scopes.iter_mut().for_each(with_root);
    }
    let status = match (row.runs.is_empty(), row.next) {
        (true, _) => "requested",
        (false, Some(_)) => "inprogress",
        (false, None) => "done",
    };
    object.insert("status".to_owned(), status.into());
    object.insert("createdBy".to_owned(), identity(world, row.created_by));
    object.insert("createdDateTime".to_owned(), json!(row.created));
    Some(object)
}

fn run(run: &Run) -> Object {
    object! {
        "id": run.id,
        "status": "done",
        "reviewHistoryPeriodStartDateTime": run.from,
        "reviewHistoryPeriodEndDateTime": run.to,
        "runDateTime": run.at,
        "fulfilledDateTime": run.at,
        "expirationDateTime": run.kept_until,
        "downloadUri": Value::Null,
    }
}
