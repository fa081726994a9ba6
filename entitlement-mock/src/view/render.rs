//! Rows as JSON objects, with every declared property of the kind and none of its links.

use entitlement_core::schedule::Schedule;
use entitlement_core::time::Timestamp;
use entitlement_graph::permission::Role;
use serde::Serialize;
use serde_json::{Value, json};

use super::item::{Item, View};
use super::object::{Object, none, object};
use crate::lifecycle::approvers::may_decide;
use crate::lifecycle::suggestions::{Sources, reasons};
use crate::world::directory::{Group, User};
use crate::world::request::{Assignment, Request};
use crate::world::role::{RoleAssignment, role};
use crate::world::table::Key;

impl View<'_> {
    /// The item as an object; empty if it is gone.
    pub(crate) fn render(self, item: Item) -> Object {
        self.try_render(item).unwrap_or_default()
    }

    fn try_render(self, item: Item) -> Option<Object> {
        let world = self.world;
        Some(match item {
            Item::User(key) => user(key, world.users.get(key)?),
            Item::DirectoryUser(key) => {
                let mut object = user(key, world.users.get(key)?);
                object.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
                object
            }
            Item::Group(key) => group(key, world.groups.get(key)?),
            Item::Catalog(key) => self.catalog(key)?,
            Item::Package(key) => self.package(key)?,
            Item::Policy(key) => self.policy(key)?,
            Item::Question(policy, place) => self.question(policy, place)?,
            Item::Organization(key) => self.organization(key)?,
            Item::GuestSettings => self.guest_settings(),
            Item::Subject(key) => self.subject(key)?,
            Item::Extension(key) => self.extension(key)?,
            Item::StageSetting(policy, place) => self.stage_setting(policy, place)?,
            Item::Request(key) => {
                let row = world.requests.get(key)?;
                request(key, row, &self.callouts(&row.callouts))
            }
            Item::Assignment(key) => {
                let row = world.assignments.get(key)?;
                assignment(key, row, &self.callouts(&row.callouts))
            }
            Item::Approval(key) => object! { "id": key, },
            Item::RoleDefinition(key) => role_definition(key)?,
            Item::RoleAssignment(key) => role_assignment(key, world.role_assignments.get(key)?),
            Item::Stage(request, place) => self.stage(request, place)?,
            Item::Suggestion(package, sources) => self.suggestion(package, sources),
            other => {
                return self
                    .render_resource(other)
                    .or_else(|| self.render_origin(other))
                    .or_else(|| self.review(other))
                    .or_else(|| self.render_intune(other));
            }
        })
    }

    fn catalog(self, key: Key) -> Option<Object> {
        let world = self.world;
        let catalog = world.catalogs.get(key)?;
        Some(object! {
            "id": key,
            "displayName": catalog.display_name,
            "description": catalog.description,
            "catalogType": catalog.kind,
            "state": catalog.state,
            "isExternallyVisible": catalog.is_externally_visible,
            "createdDateTime": catalog.created,
            "modifiedDateTime": catalog.modified,
        })
    }

    fn package(self, key: Key) -> Option<Object> {
        let world = self.world;
        let package = world.packages.get(key)?;
        Some(object! {
            "id": key,
            "displayName": package.display_name,
            "description": package.description,
            "isHidden": package.is_hidden,
            "createdDateTime": package.created,
            "modifiedDateTime": package.modified,
        })
    }

    fn suggestion(self, package: Key, sources: Sources) -> Object {
        let Some(person) = self.caller.user() else {
            return Object::new();
        };
        let reasons = reasons(self.world, package, person, sources);
        let mut said = Vec::new();
        if !reasons.people.is_empty() {
            let people = reasons.people.iter();
            let people = people.filter_map(|key| {
                let user = self.world.users.get(*key)?;
                Some(json!({"id": key, "displayName": user.display_name}))
            });
            said.push(json!({
                "@odata.type": "#microsoft.graph.accessPackageSuggestionRelatedPeopleBased",
                "relatedPeople": people.collect::<Vec<_>>(),
                "relatedPeopleAssignmentCount": reasons.people.len(),
            }));
        }
        if let Some((count, last)) = reasons.history {
            said.push(json!({
                "@odata.type": "#microsoft.graph.accessPackageSuggestionSelfAssignmentHistoryBased",
                "lastAssignmentDateTime": last,
                "pastAssignmentCount": count,
            }));
        }
        object! { "id": package, "reasons": said, }
    }

    fn policy(self, key: Key) -> Option<Object> {
        let world = self.world;
        let mut object = as_object(&world.policies.get(key)?.settings);
        object.remove("questions");
        object.remove("customExtensionStageSettings");
        for absent in [
            "reviewSettings",
            "automaticRequestSettings",
            "notificationSettings",
        ] {
            object.entry(absent).or_insert(Value::Null);
        }
        Some(object)
    }

    fn question(self, policy: Key, place: usize) -> Option<Object> {
        let questions = &self.world.policies.get(policy)?.settings.questions;
        Some(as_object(questions.items().get(place)?))
    }

    fn stage(self, request: Key, place: usize) -> Option<Object> {
        let request = self.world.requests.get(request)?;
        let stage = request.stages.get(place)?;
        let caller = self.caller.user();
        let reviewer = stage
            .reviewed_by
            .and_then(|key| Some((key, self.world.users.get(key)?)));
        let reviewed_by = reviewer.map(|(key, user)| {
            json!({
                "@odata.type": "#microsoft.graph.userIdentity",
                "id": key,
                "displayName": user.display_name,
                "userPrincipalName": user.principal_name,
            })
        });
        Some(object! {
            "id": stage.id,
            "displayName": Value::Null,
            "reviewedDateTime": stage.reviewed,
            "reviewResult": stage.result,
            "status": stage.status,
            "assignedToMe": caller.is_some_and(|caller| may_decide(self.world, request, stage, caller)),
            "justification": stage.justification,
            "reviewedBy": reviewed_by,
        })
    }
}

fn role_definition(key: Key) -> Option<Object> {
    let name = match role(key)? {
        Role::CatalogCreator => "Catalog creator",
        Role::CatalogOwner => "Catalog owner",
        Role::CatalogReader => "Catalog reader",
        Role::AccessPackageManager => "Access package manager",
        Role::AccessPackageAssignmentManager => "Access package assignment manager",
        _ => return None,
    };
    Some(object! {
        "id": key,
        "displayName": name,
        "isBuiltIn": true,
        "isEnabled": true,
    })
}

fn role_assignment(key: Key, assignment: &RoleAssignment) -> Object {
    let scope = match assignment.catalog {
        Some(catalog) => format!("/AccessPackageCatalog/{catalog}"),
        None => "/".to_owned(),
    };
    object! {
        "id": key,
        "principalId": assignment.principal,
        "roleDefinitionId": assignment.definition,
        "appScopeId": scope,
    }
}

fn user(key: Key, user: &User) -> Object {
    let (given_name, surname) = user.display_name.rsplit_once(' ').unzip();
    let mut object = object! {
        "id": key,
        "displayName": user.display_name,
        "givenName": given_name,
        "surname": surname,
        "userPrincipalName": user.principal_name,
        "mail": user.mail,
        "mailNickname": user.principal_name.split('@').next(),
        "jobTitle": user.job_title,
        "department": user.department,
        "userType": user.kind,
        "accountEnabled": user.is_enabled,
        "createdDateTime": user.created,
        "otherMails": user.other_mails,
        "businessPhones": none(),
        "mobilePhone": Value::Null,
        "officeLocation": Value::Null,
        "preferredLanguage": Value::Null,
    };
    if let Some(deleted) = user.deleted {
        object.insert("deletedDateTime".to_owned(), json!(deleted));
    }
    for (name, value) in &user.attributes {
        object.insert(name.clone(), value.as_str().into());
    }
    object
}

fn group(key: Key, group: &Group) -> Object {
    let mut object = object! {
        "id": key,
        "displayName": group.display_name,
        "description": group.description,
        "mailEnabled": group.mail_enabled,
        "mailNickname": group.mail_nickname,
        "securityEnabled": group.security_enabled,
        "securityIdentifier": security_identifier(key),
        "groupTypes": group.types,
        "isAssignableToRole": group.is_assignable_to_role,
        "createdDateTime": group.created,
        "renewedDateTime": group.created,
        "resourceProvisioningOptions": group.provisioned,
        "membershipRule": group.membership_rule,
        "membershipRuleProcessingState": group.membership_rule.as_ref().map(|_| "On"),
        "onPremisesSyncEnabled": group.is_synchronized.then_some(true),
        "visibility": group.visibility,
    };
    for empty in [
        "onPremisesProvisioningErrors",
        "proxyAddresses",
        "resourceBehaviorOptions",
    ] {
        object.insert(empty.to_owned(), none());
    }
    for absent in [
        "classification",
        "deletedDateTime",
        "expirationDateTime",
        "mail",
        "onPremisesDomainName",
        "onPremisesLastSyncDateTime",
        "onPremisesNetBiosName",
        "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier",
        "preferredDataLocation",
        "preferredLanguage",
        "theme",
    ] {
        object.insert(absent.to_owned(), Value::Null);
    }
    object
}

/// The SID by which Windows clients know a group of the cloud: the four words of its id.
fn security_identifier(key: Key) -> String {
    let bytes = key.to_bytes_le();
    let words = bytes.chunks_exact(4).map(|word| {
        let word = word.iter().rev();
        word.fold(0_u32, |value, byte| value << 8 | u32::from(*byte))
    });
    words.fold("S-1-12-1".to_owned(), |sid, word| format!("{sid}-{word}"))
}

fn request(key: Key, request: &Request, callouts: &Value) -> Object {
    object! {
        "id": key,
        "requestType": request.kind,
        "state": request.state,
        "status": request.status,
        "createdDateTime": request.created,
        "completedDateTime": request.completed,
        "justification": request.justification,
        "answers": request.answers,
        "schedule": schedule_of(&request.schedule),
        "customExtensionCalloutInstances": callouts,
    }
}

fn assignment(key: Key, assignment: &Assignment, callouts: &Value) -> Object {
    object! {
        "id": key,
        "state": assignment.state,
        "status": assignment.status,
        "schedule": schedule(Some(assignment.start), &ends(assignment.end)),
        "expiredDateTime": assignment.expired,
        "customExtensionCalloutInstances": callouts,
    }
}

/// ASG-4: the end of an assignment is a moment, whatever the policy said.
fn ends(end: Option<Timestamp>) -> Value {
    match end {
        Some(end) => json!({"type": "afterDateTime", "endDateTime": end, "duration": null}),
        None => json!({"type": "noExpiration", "endDateTime": null, "duration": null}),
    }
}

/// A schedule with all its members, as the service writes it (EXP-5).
pub(crate) fn schedule_of(wished: &Schedule) -> Value {
    let expiration = match &wished.expiration {
        Some(expiration) => json!({
            "type": expiration.kind,
            "endDateTime": expiration.end_date_time,
            "duration": expiration.duration,
        }),
        None => json!({"type": "notSpecified", "endDateTime": null, "duration": null}),
    };
    schedule(wished.start_date_time, &expiration)
}

fn schedule(start: Option<Timestamp>, expiration: &Value) -> Value {
    json!({"startDateTime": start, "recurrence": null, "expiration": expiration})
}

pub(super) fn as_object(value: &impl Serialize) -> Object {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => object,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_made_of_the_words_of_the_id() {
        let key = Key::try_parse("55ea2e8c-757f-4f2d-be9e-53c22e8c6a54").unwrap();
        let documented = "S-1-12-1-1441410700-1328379263-3260260030-1416268846";
        assert_eq!(security_identifier(key), documented);
    }
}
