//! Where histories happen: five people, three groups, three packages that share them.

use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::time::IsoDuration;
use entitlement_graph::transport::{Request, Response};
use entitlement_mock::{Outcome, Tenant};
use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::step::{GROUPS, PACKAGES, PEOPLE, Step};

const EM: &str = "identityGovernance/entitlementManagement";

/// A tenant and the ids of what is in it.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) tenant: Tenant,
    pub(crate) people: Vec<Id<User>>,
    pub(crate) groups: Vec<String>,
    pub(crate) packages: Vec<String>,
    policies: Vec<String>,
    resources: Vec<Value>,
}

/// A call that is about to be made.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    who: String,
    method: Method,
    path: String,
    body: Value,
}

impl Stage {
    /// The first package is given to everybody who asks, for ten days; the second needs the consent of the fifth person,
    /// or of the fourth after eight days; the third is for administrators to give. The first two grant the same group.
    pub(crate) fn set(seed: u64) -> Self {
        let tenant = Tenant::builder().seed(seed).build();
        let people = (0..PEOPLE)
            .map(|n| tenant.person(&format!("person{n}")).add())
            .collect();
        let mut stage = Self {
            tenant,
            people,
            groups: Vec::new(),
            packages: Vec::new(),
            policies: Vec::new(),
            resources: Vec::new(),
        };
        stage.furnish();
        stage
    }

    /// The same stage in another tenant.
    pub(crate) fn in_tenant(&self, tenant: Tenant) -> Self {
        Self {
            tenant,
            ..self.clone()
        }
    }

    fn furnish(&mut self) {
        let catalog = self.made(
            "catalogs",
            json!({"displayName": "Shelf", "state": "published"}),
        );
        for n in 0..GROUPS {
            let name = format!("group{n}");
            let group = self.done(Method::POST, "groups", json!({
                "displayName": name, "mailNickname": name, "mailEnabled": false, "securityEnabled": true,
            }));
            let group = id(&group);
            self.made(
                "resourceRequests",
                json!({
                    "requestType": "adminAdd", "catalog": {"id": catalog},
                    "resource": {"originId": group, "originSystem": "AadGroup"},
                }),
            );
            self.groups.push(group);
        }
        let resources = format!("{EM}/catalogs/{catalog}/resources?$expand=roles,scopes");
        let resources = self.done(Method::GET, &resources, Value::Null);
        for group in &self.groups {
            let all = resources["value"].as_array().expect("a list");
            let one = all.iter().find(|resource| resource["originId"] == **group);
            self.resources
                .push(one.expect("every group is there").clone());
        }
        for n in 0..PACKAGES {
            let package = json!({"displayName": format!("package{n}"), "catalog": {"id": catalog}});
            let package = self.made("accessPackages", package);
            self.packages.push(package);
        }
        for (package, group) in [(0, 0), (1, 0), (1, 1), (2, 2)] {
            let call = self.grant(package, group);
            assert!(self.make(&call) < 300, "{call:?}");
        }
        let approver = |person: usize| json!([{"@odata.type": "#microsoft.graph.singleUser", "userId": self.people[person]}]);
        let asking = |may: bool| {
            json!({
                "enableTargetsToSelfAddAccess": may, "enableTargetsToSelfUpdateAccess": may,
                "enableTargetsToSelfRemoveAccess": may, "allowCustomAssignmentSchedule": may,
            })
        };
        let ten_days = json!({"type": "afterDuration", "duration": "P10D"});
        let never = json!({"type": "noExpiration"});
        let consent = json!({"isApprovalRequiredForAdd": true, "stages": [{
            "durationBeforeAutomaticDenial": "P14D", "isApproverJustificationRequired": false,
            "isEscalationEnabled": true, "durationBeforeEscalation": "P8D",
            "primaryApprovers": approver(4), "escalationApprovers": approver(3),
        }]});
        let policies = [
            ("allMemberUsers", true, ten_days.clone(), Value::Null),
            ("allMemberUsers", true, ten_days, consent),
            ("notSpecified", false, never, Value::Null),
        ];
        for (place, (scope, may, expiration, approval)) in policies.into_iter().enumerate() {
            let policy = self.made("assignmentPolicies", json!({
                "displayName": "Policy", "accessPackage": {"id": self.packages[place]},
                "allowedTargetScope": scope, "requestorSettings": asking(may), "expiration": expiration,
                "requestApprovalSettings": approval,
            }));
            self.policies.push(policy);
        }
    }

    fn made(&self, collection: &str, body: Value) -> String {
        id(&self.done(Method::POST, &format!("{EM}/{collection}"), body))
    }

    fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let call = Call {
            who: "app".to_owned(),
            method,
            path: path.to_owned(),
            body,
        };
        let response = self.answer(&call).expect("an answer");
        assert!(response.status().is_success(), "{call:?}: {response:?}");
        serde_json::from_slice(response.body()).unwrap_or_default()
    }

    /// The items of a list, or the one thing that is there, as an administrator sees them, whatever goes wrong at first;
    /// nothing if there is no such thing.
    pub(crate) fn list(&self, path: &str) -> Vec<Value> {
        let call = Call {
            who: "app".to_owned(),
            method: Method::GET,
            path: if path.starts_with("groups/") {
                path.to_owned()
            } else {
                format!("{EM}/{path}")
            },
            body: Value::Null,
        };
        for _ in 0..200 {
            let Some(response) = self.answer(&call) else {
                continue;
            };
            if response.status() == 404 {
                return Vec::new();
            }
            if response.status().is_success() {
                let body: Value = serde_json::from_slice(response.body()).expect("JSON");
                return match body["value"].as_array() {
                    Some(items) => items.clone(),
                    None => vec![body],
                };
            }
        }
        panic!("{call:?} is never answered");
    }

    fn answer(&self, call: &Call) -> Option<Response> {
        let mut request = Request::default();
        *request.method_mut() = call.method.clone();
        let path: String = call.path.replace(' ', "%20").replace('\'', "%27");
        *request.uri_mut() = format!("https://graph.microsoft.com/v1.0/{path}")
            .parse()
            .ok()?;
        let bearer = format!("Bearer {}", call.who).parse().expect("a header");
        request.headers_mut().insert(AUTHORIZATION, bearer);
        if !call.body.is_null() {
            *request.body_mut() = call.body.to_string().into();
        }
        match self.tenant.handle(&request) {
            Outcome::Answered(response) => Some(response),
            _ => None,
        }
    }

    /// Makes a call and returns its status; 0 if nothing came back.
    pub(crate) fn make(&self, call: &Call) -> u16 {
        self.answer(call)
            .map_or(0, |response| response.status().as_u16())
    }

    /// Does what a step says.
    pub(crate) fn play(&self, step: &Step) {
        if let Step::Wait { hours } = step {
            self.tenant
                .clock()
                .advance(IsoDuration::hours((*hours).into()));
        }
        for call in self.calls(step) {
            self.make(&call);
        }
    }

    /// The calls that a step makes; waiting makes none.
    pub(crate) fn calls(&self, step: &Step) -> Vec<Call> {
        match step {
            Step::Wait { .. } => Vec::new(),
            Step::Ask {
                person,
                package,
                start,
            } => {
                let mut body = json!({
                    "requestType": "userAdd", "justification": "because",
                    "assignment": {"accessPackageId": self.packages[*package]},
                });
                if let Some(days) = start {
                    let start = IsoDuration::days((*days).into()).after(self.tenant.clock().now());
                    body["schedule"] = json!({"startDateTime": start});
                }
                vec![self.request(Some(*person), body)]
            }
            Step::Assign {
                person,
                package,
                policy,
            } => vec![self.request(None, json!({
                "requestType": "adminAdd", "assignment": {
                    "targetId": self.people[*person], "accessPackageId": self.packages[*package],
                    "assignmentPolicyId": self.policies[*policy],
                },
            }))],
            Step::Extend {
                person,
                package,
                days,
            } => {
                let schedule = self.until(*days);
                self.change(Some(*person), "userUpdate", *person, *package, &schedule)
            }
            Step::Leave { person, package } => {
                self.change(Some(*person), "userRemove", *person, *package, &Value::Null)
            }
            Step::Take { person, package } => {
                self.change(None, "adminRemove", *person, *package, &Value::Null)
            }
            Step::Redate {
                person,
                package,
                days,
            } => {
                let schedule = self.until(*days);
                self.change(None, "adminUpdate", *person, *package, &schedule)
            }
            Step::Decide { person, approve } => self.decisions(*person, *approve),
            Step::Cancel { person } => {
                let open = self.list("assignmentRequests?$filter=state ne 'delivered'");
                let cancel = |request: &Value| {
                    let path = format!("{EM}/assignmentRequests/{}/cancel", id(request));
                    self.call(Some(*person), Method::POST, path, Value::Null)
                };
                open.iter().take(3).map(cancel).collect()
            }
            Step::Grant { package, group } => vec![self.grant(*package, *group)],
            Step::Ungrant { package } => {
                let path = format!(
                    "accessPackages/{}/resourceRoleScopes",
                    self.packages[*package]
                );
                let granted = self.list(&path).into_iter().next();
                let granted = granted.map(|scope| format!("{EM}/{path}/{}", id(&scope)));
                granted
                    .map(|path| self.call(None, Method::DELETE, path, Value::Null))
                    .into_iter()
                    .collect()
            }
            Step::Reprocess => {
                let all = self.list("assignmentRequests");
                let again = |request: &Value| {
                    let path = format!("{EM}/assignmentRequests/{}/reprocess", id(request));
                    self.call(None, Method::POST, path, Value::Null)
                };
                all.iter().rev().take(3).map(again).collect()
            }
            Step::Delete { package, whole } => {
                let path = if *whole {
                    format!("{EM}/accessPackages/{}", self.packages[*package])
                } else {
                    format!("{EM}/assignmentPolicies/{}", self.policies[*package])
                };
                vec![self.call(None, Method::DELETE, path, Value::Null)]
            }
            Step::Babble { person, words } => self.babble(*person, words),
        }
    }

    /// Calls that make no sense.
    fn babble(&self, person: usize, words: &str) -> Vec<Call> {
        let bytes =
            percent_encoding::percent_encode(words.as_bytes(), percent_encoding::NON_ALPHANUMERIC);
        let paths = [
            format!("{EM}/assignmentRequests/{bytes}"),
            format!("{EM}/accessPackages?$filter={bytes}"),
            format!("{EM}/assignmentRequests"),
        ];
        let methods = [Method::GET, Method::POST, Method::PATCH];
        let calls = methods.iter().flat_map(|method| {
            let call = |path: &String| {
                let body = json!({"state": words});
                self.call(Some(person), method.clone(), path.clone(), body)
            };
            paths.iter().map(call).collect::<Vec<_>>()
        });
        calls.collect()
    }

    /// What a package grants.
    pub(crate) fn granted(&self, package: &str) -> Vec<Value> {
        let path =
            format!("accessPackages/{package}?$expand=resourceRoleScopes($expand=role,scope)");
        let package = self.list(&path).into_iter().next().unwrap_or_default();
        package["resourceRoleScopes"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    fn call(&self, person: Option<usize>, method: Method, path: String, body: Value) -> Call {
        let who = person.map_or_else(|| "app".to_owned(), |place| self.people[place].to_string());
        Call {
            who,
            method,
            path,
            body,
        }
    }

    fn request(&self, person: Option<usize>, body: Value) -> Call {
        self.call(
            person,
            Method::POST,
            format!("{EM}/assignmentRequests"),
            body,
        )
    }

    fn until(&self, days: u8) -> Value {
        let end = IsoDuration::days(days.into()).after(self.tenant.clock().now());
        json!({"expiration": {"type": "afterDateTime", "endDateTime": end}})
    }

    /// A request about the assignment that a person holds, or that they held last.
    fn change(
        &self,
        by: Option<usize>,
        kind: &str,
        person: usize,
        package: usize,
        schedule: &Value,
    ) -> Vec<Call> {
        let held = self.list(&format!(
            "assignments?$filter=target/objectId eq '{}' and accessPackage/id eq '{}'",
            self.people[person], self.packages[package]
        ));
        let request = |assignment: &Value| {
            let mut body = json!({"requestType": kind, "assignment": {"id": assignment["id"]}});
            if !schedule.is_null() {
                body["schedule"] = schedule.clone();
            }
            self.request(by, body)
        };
        held.last().map(request).into_iter().collect()
    }

    fn decisions(&self, person: usize, approve: bool) -> Vec<Call> {
        let waiting = self.list("assignmentRequests?$filter=state eq 'pendingApproval'");
        let mut calls = Vec::new();
        for request in waiting {
            let stages = format!(
                "{EM}/accessPackageAssignmentApprovals/{}/stages",
                id(&request)
            );
            let look = self.call(Some(person), Method::GET, stages.clone(), Value::Null);
            let body = self.answer(&look).map(Response::into_body);
            let body: Value = body
                .and_then(|body| serde_json::from_slice(&body).ok())
                .unwrap_or_default();
            for stage in body["value"].as_array().into_iter().flatten() {
                let result = if approve { "Approve" } else { "Deny" };
                let decision = json!({"reviewResult": result, "justification": "because"});
                let path = format!("{stages}/{}", id(stage));
                calls.push(self.call(Some(person), Method::PATCH, path, decision));
            }
        }
        calls
    }

    fn grant(&self, package: usize, group: usize) -> Call {
        let resource = &self.resources[group];
        let roles = resource["roles"].as_array().expect("roles are expanded");
        let member = roles
            .iter()
            .find(|role| role["displayName"] == "Member")
            .expect("groups have members");
        let body = json!({
            "role": {"id": member["id"], "originId": member["originId"], "originSystem": "AadGroup",
                "resource": {"id": resource["id"], "originId": resource["originId"], "originSystem": "AadGroup"}},
            "scope": {"id": resource["scopes"][0]["id"], "originId": resource["originId"], "originSystem": "AadGroup"},
        });
        let path = format!(
            "{EM}/accessPackages/{}/resourceRoleScopes",
            self.packages[package]
        );
        self.call(None, Method::POST, path, body)
    }
}

pub(crate) fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_default().to_owned()
}
