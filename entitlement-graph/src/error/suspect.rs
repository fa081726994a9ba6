//! What in a refused body may be why, when the service says no more than that "the model is invalid" (P11).

use std::borrow::Cow;
use std::fmt::{self, Display};

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::inspect::inspect;
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::validate::Invalid;
use entitlement_core::wire;
use http::Method;
use serde_json::Value;

use super::operation::Operation;

/// A property of a refused body that is known to be refused, or that breaks a rule.
///
/// It is what the client can tell, not what the service has said: it may be fine, and the cause another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    path: String,
    problem: Cow<'static, str>,
    rule: &'static str,
}

impl Suspect {
    /// Where in the body, in wire names: `requestApprovalSettings.stages[1].escalationApprovers`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is known against it.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// The id of the rule that it goes against, such as `OBJ-40`.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.path, self.problem, self.rule)
    }
}

/// What a body is about, where something is known about such bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Package,
    Policy,
    Request,
    ResourceRequest,
    Review,
    Extension,
    /// Anything else of entitlement management or access reviews.
    Other,
}

impl Kind {
    fn of(operation: &Operation) -> Option<Self> {
        let path = operation.path().strip_prefix("identityGovernance/")?;
        let (root, rest) = path.split_once('/')?;
        let segments: Vec<&str> = rest.split('/').collect();
        let makes = operation.method() == Method::POST;
        let replaces = operation.method() == Method::PUT;
        Some(match (root, segments.as_slice()) {
            ("entitlementManagement", ["accessPackages"]) if makes => Self::Package,
            ("entitlementManagement", ["assignmentPolicies"]) if makes => Self::Policy,
            ("entitlementManagement", ["assignmentPolicies", _]) if replaces => Self::Policy,
            ("entitlementManagement", ["assignmentRequests"]) if makes => Self::Request,
            ("entitlementManagement", ["resourceRequests"]) if makes => Self::ResourceRequest,
            ("entitlementManagement", ["catalogs", _, "customWorkflowExtensions"]) if makes => {
                Self::Extension
            }
            ("entitlementManagement", ["catalogs", _, "customWorkflowExtensions", _])
                if replaces =>
            {
                Self::Extension
            }
            ("accessReviews", ["definitions"]) if makes => Self::Review,
            ("accessReviews", ["definitions", _]) if replaces => Self::Review,
            ("entitlementManagement" | "accessReviews", _) => Self::Other,
            _ => return None,
        })
    }
}

/// Looks for what may be wrong with the body of a call, the best known first. `complaint` is what the service says.
pub(super) fn suspects(operation: &Operation, body: &[u8], complaint: &str) -> Vec<Suspect> {
    let (Some(kind), Ok(body @ Value::Object(_))) =
        (Kind::of(operation), serde_json::from_slice(body))
    else {
        return Vec::new();
    };
    let mut search = Search { found: Vec::new() };
    search.quoted(&body, complaint);
    if search.found.is_empty() {
        search.missing(kind, &body);
        search.names(kind, &body);
        search.values(kind, &body);
        search.rules(kind, body);
    }
    search.found
}

struct Search {
    found: Vec<Suspect>,
}

impl Search {
    fn suspect(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<Cow<'static, str>>,
        rule: &'static str,
    ) {
        let (path, problem) = (path.into(), problem.into());
        if !self.found.iter().any(|one| one.path == path) {
            self.found.push(Suspect {
                path,
                problem,
                rule,
            });
        }
    }

    /// A value that the service quotes: `Requested value 'X' was not found.`
    fn quoted(&mut self, body: &Value, complaint: &str) {
        let quoted = complaint.split_once("Requested value '");
        let Some((value, _)) = quoted.and_then(|(_, rest)| rest.split_once("' was not found"))
        else {
            return;
        };
        walk(body, "", &mut |path, _, found| {
            if found.as_str() == Some(value) {
                self.suspect(path, "is the value that the service does not know", "OBJ-5");
            }
        });
    }

    /// Links that have to be there and are not.
    fn missing(&mut self, kind: Kind, body: &Value) {
        let lacks = |pointer: &str| {
            let found = body.pointer(pointer).and_then(Value::as_str);
            found.is_none_or(|id| id.trim().is_empty())
        };
        match kind {
            Kind::Package if lacks("/catalog/id") => {
                self.suspect(
                    "catalog.id",
                    "does not say which catalog it is in",
                    "OBJ-40",
                );
            }
            Kind::Policy => {
                if lacks("/accessPackage/id") {
                    let problem = "does not say which package it is for";
                    self.suspect("accessPackage.id", problem, "POL-2");
                }
                if !body["specificAllowedTargets"].is_array() {
                    let problem = "is no list: nobody in particular is written as []";
                    self.suspect("specificAllowedTargets", problem, "POL-20");
                }
            }
            Kind::ResourceRequest if lacks("/catalog/id") => {
                self.suspect(
                    "catalog.id",
                    "does not say which catalog it is about",
                    "OBJ-20",
                );
            }
            Kind::Request => self.missing_in_request(body, lacks),
            _ => {}
        }
    }

    fn missing_in_request(&mut self, body: &Value, lacks: impl Fn(&str) -> bool) {
        let kind = body["requestType"].as_str().unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(kind));
        if is(&["userExtend"]) {
            let problem = "is an old name: extensions are userUpdate";
            self.suspect("requestType", problem, "REQ-1");
        }
        let needed: &[&str] = if is(&["adminAdd"]) {
            &["accessPackageId", "assignmentPolicyId"]
        } else if is(&["userAdd"]) {
            &["accessPackageId"]
        } else if is(&["adminUpdate", "adminRemove", "userUpdate", "userRemove"]) {
            &["id"]
        } else {
            &[]
        };
        for name in needed {
            if lacks(&format!("/assignment/{name}")) {
                let problem = format!("is missing, and {kind} needs it");
                self.suspect(format!("assignment.{name}"), problem, "REQ-2");
            }
        }
        if is(&["adminAdd"]) && lacks("/assignment/targetId") && lacks("/assignment/target/email") {
            let problem = "does not say who gets the package";
            self.suspect("assignment.targetId", problem, "REQ-2");
        }
    }

    /// Names that the service refuses.
    fn names(&mut self, kind: Kind, body: &Value) {
        walk(body, "", &mut |path, name, value| {
            let is_annotation = name.contains('@')
                && !matches!(name, "@odata.type" | "@odata.id")
                && !name.ends_with("@odata.bind");
            if is_annotation {
                let problem = "is an annotation, which the service writes and does not read";
                self.suspect(path, problem, "POL-6");
            }
            let renamed = RENAMED
                .iter()
                .find(|(old, ..)| old.eq_ignore_ascii_case(name));
            if let Some((_, new, rule)) = renamed {
                let problem = format!("is a name of the beta version; here it is {new}");
                self.suspect(path, problem, rule);
            }
            // Elsewhere names are read in any case.
            if kind == Kind::Request
                && path.starts_with("answers[")
                && let Some(right) = ANSWERS
                    .iter()
                    .find(|right| right.eq_ignore_ascii_case(name))
                && *right != name
            {
                let problem = format!("is case-sensitive inside of answers: write {right}");
                self.suspect(path, problem, "OBJ-6");
            }
            if kind == Kind::Policy
                && path.starts_with("requestApprovalSettings.")
                && value.is_null()
            {
                let problem = "is null, as it is read but must not be written: leave it out";
                self.suspect(path, problem, "POL-6");
            }
        });
    }

    /// Values that the service refuses.
    fn values(&mut self, kind: Kind, body: &Value) {
        walk(body, "", &mut |path, name, value| {
            let Some(text) = value.as_str() else {
                return;
            };
            if name == "allowedTargetScope" && text.eq_ignore_ascii_case("NoSubjects") {
                let problem = "is a value of the beta version; here it is notSpecified";
                self.suspect(path, problem, "POL-21");
            }
            if real(name, text).is_some() {
                let problem =
                    "is a text, which the service takes for the real thing in places only";
                self.suspect(path, problem, "POL-7");
            }
            if kind == Kind::Review && name == "query" && text.contains("/accessPackageAssignment")
            {
                let problem = "goes by names of the beta version; here it is assignments";
                self.suspect(path, problem, "REV-13");
            }
        });
    }

    /// What the model makes of the body.
    fn rules(&mut self, kind: Kind, mut body: Value) {
        let name = match kind {
            Kind::Package => "accessPackage",
            Kind::Policy => "accessPackageAssignmentPolicy",
            Kind::Review => "accessReviewScheduleDefinition",
            Kind::Extension => "customCalloutExtension",
            Kind::Request | Kind::ResourceRequest | Kind::Other => return,
        };
        // What is to be made has no id yet, and what is wrong with texts is said already.
        make_real(&mut body);
        if body["id"].is_null() {
            body["id"] = "new".into();
        }
        for path in inspect(name, &body).map_or_else(|_| Vec::new(), |seen| seen.unknown) {
            self.suspect(path, "is no property that is known here", "OBJ-4");
        }
        let checked: Result<(), Invalid> = match kind {
            Kind::Policy => {
                wire::decode_value(body).map_or(Ok(()), |p: AssignmentPolicy| p.validate())
            }
            Kind::Review => {
                wire::decode_value(body).map_or(Ok(()), |r: ScheduleDefinition| r.validate())
            }
            Kind::Extension => {
                wire::decode_value(body).map_or(Ok(()), |e: CustomExtension| e.validate())
            }
            _ => Ok(()),
        };
        for violation in checked.err().iter().flat_map(Invalid::violations) {
            let problem = format!("{}; {}", violation.problem(), violation.allowed());
            self.suspect(violation.path(), problem, violation.rule());
        }
    }
}

/// Names of the beta version, which old scripts are full of, and what they are called in v1.0.
const RENAMED: &[(&str, &str, &str)] = &[
    ("acceptRequests", "a matter of requestorSettings", "POL-10"),
    ("accessPackageAssignment", "assignment", "OBJ-4"),
    ("accessPackageCatalog", "catalog", "OBJ-4"),
    ("accessPackageResource", "resource", "OBJ-4"),
    ("accessPackageResourceRole", "role", "OBJ-4"),
    ("accessPackageResourceScope", "scope", "OBJ-4"),
    ("accessReviewTimeoutBehavior", "expirationBehavior", "REV-7"),
    ("assignmentState", "state", "OBJ-4"),
    ("assignmentStatus", "status", "OBJ-4"),
    ("completedDate", "completedDateTime", "OBJ-4"),
    ("isBackup", "a place in the fallback lists", "POL-30"),
    ("localizedContent", "text and localizations", "QST-4"),
    ("requestState", "state", "OBJ-4"),
    ("requestStatus", "status", "OBJ-4"),
    ("steps", "stages", "OBJ-4"),
];

/// The names of an answer.
const ANSWERS: &[&str] = &["answeredQuestion", "displayValue", "id", "value"];

/// Numbers of the bodies.
const NUMBERS: &[&str] = &[
    "dayOfMonth",
    "durationInDays",
    "instanceDurationInDays",
    "interval",
    "managerLevel",
    "month",
    "numberOfOccurrences",
    "sequence",
];

/// The boolean or the number that a text stands for, where the property is one.
fn real(name: &str, text: &str) -> Option<Value> {
    let begins = |start: &str| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    let is_flag = ["allow", "enable", "is"].into_iter().any(begins)
        || ["Enabled", "Required"]
            .into_iter()
            .any(|end| name.ends_with(end));
    if is_flag {
        return text
            .to_ascii_lowercase()
            .parse::<bool>()
            .ok()
            .map(Value::from);
    }
    let is_number = NUMBERS.contains(&name);
    is_number.then(|| text.parse::<i64>().ok().map(Value::from))?
}

fn make_real(part: &mut Value) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                let real = member.as_str().and_then(|text| real(name, text));
                match real {
                    Some(real) => *member = real,
                    None => make_real(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_real),
        _ => {}
    }
}

/// Shows every property below `part`: path, name, value.
fn walk(part: &Value, path: &str, see: &mut dyn FnMut(&str, &str, &Value)) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                see(&inner, name, member);
                walk(member, &inner, see);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{index}]"), see);
            }
        }
        _ => {}
    }
}
