//! Requests for access (section 3 of the rules): what is checked when they are made, and what can be done with them.

use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::policy::question::Answer;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::{Expiration, ExpirationType, Schedule};
use entitlement_core::time::Timestamp;
use http::StatusCode;
use serde_json::Value;

use super::body::Body;
use super::catalogs::unknown_member;
use super::packages::unknown_option;
use super::{Context, Missing, Outcome, Reply};
use crate::lifecycle::eligibility::{
    allows, applicable_policies, is_in_scope, is_published, may_be_assigned,
};
use crate::lifecycle::transition::Trigger;
use crate::lifecycle::{self, approvers::may_decide};
use crate::router::refusal::Refusal;
use crate::view::{Item, View};
use crate::world::agenda::Event;
use crate::world::request::{Request, Stage};
use crate::world::table::Key;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    let world = &*context.world;
    match context.demanded("accessPackage/id") {
        Some(package) => context.list(
            world
                .requests_of_package
                .of(package)
                .iter()
                .copied()
                .map(Item::Request),
        ),
        None => context.list(world.requests.keys().map(Item::Request)),
    }
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = concerning_caller(context)?;
    context.entity(Item::Request(key))
}

/// The request in the path, if it is the caller's business.
fn concerning_caller(context: &Context<'_>) -> Result<Key, Refusal> {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let Some(person) = context
        .caller
        .user()
        .filter(|_| !context.is_administrator())
    else {
        return Ok(key);
    };
    if ["targetOrRequestor", "approver"]
        .iter()
        .any(|on| concerns(context, key, person, on) == Some(true))
    {
        Ok(key)
    } else {
        Err(Refusal::unauthorized("the request is somebody else's"))
    }
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    let mut mine = Vec::new();
    for key in context.world.requests.keys() {
        if concerns(context, key, person, on).ok_or_else(|| unknown_option(on))? {
            mine.push(Item::Request(key));
        }
    }
    context.list(mine)
}

/// Whether a request concerns a person in the given way (3.7); `None` for a way that does not exist.
pub(super) fn concerns(context: &Context<'_>, request: Key, person: Key, on: &str) -> Option<bool> {
    let row = context.world.requests.get(request)?;
    let made = row.requestor == Some(person);
    Some(match on.to_ascii_lowercase().as_str() {
        "target" => row.target == person,
        "createdby" => made,
        "targetorrequestor" => made || row.target == person,
        "requestforothers" => made && row.target != person,
        "targetmanager" => context.world.manager_of(row.target, 1) == Some(person),
        "approver" => row
            .stages
            .iter()
            .any(|stage| may_decide(context.world, row, stage, person)),
        _ => return None,
    })
}

pub(crate) fn create(context: &mut Context<'_>) -> Outcome {
    let wish = Wish::read(context.body()?)?;
    let request = match wish.kind {
        RequestType::UserAdd => user_add(context, wish)?,
        RequestType::AdminAdd => admin_add(context, wish)?,
        RequestType::UserUpdate | RequestType::UserRemove => user_change(context, wish)?,
        RequestType::AdminUpdate | RequestType::AdminRemove => admin_change(context, wish)?,
        RequestType::Unknown(text) => return Err(unknown_member(&text)),
        other => {
            return Err(Refusal::invalid_model(format!(
                "requestType: {other} is not for callers to make"
            )));
        }
    };
    let key = context.world.insert_request(request);
    context
        .world
        .agenda
        .plan(context.now, Event::Process { request: key });
    // REQ-10: the answer knows nothing yet but that the request was accepted.
    let mut object = View::new(context.world, context.caller).render(Item::Request(key));
    for unknown_yet in ["createdDateTime", "completedDateTime"] {
        object.insert(unknown_yet.to_owned(), Value::Null);
    }
    object.insert(
        "@odata.context".to_owned(),
        format!("{}/$metadata#{}/$entity", context.root, context.path).into(),
    );
    Ok(Reply::created(Value::Object(object)))
}

/// What the body of a new request says.
struct Wish {
    kind: RequestType,
    assignment: Option<Key>,
    package: Option<Key>,
    policy: Option<Key>,
    target: Option<Key>,
    target_email: Option<String>,
    justification: Option<String>,
    answers: Vec<Answer>,
    schedule: Schedule,
}

impl Wish {
    fn read(mut body: Body) -> Result<Self, Refusal> {
        let kind = body
            .take("requestType")?
            .ok_or_else(|| Refusal::invalid_model("requestType is missing"))?;
        let mut assignment = body
            .take_object("assignment")?
            .ok_or_else(|| Refusal::invalid_model("assignment is missing"))?;
        let target_email = match assignment.take_object("target")? {
            Some(mut target) => target.take("email")?,
            None => None,
        };
        let wish = Self {
            kind,
            assignment: assignment.take_key("id")?,
            package: assignment.take_key("accessPackageId")?,
            policy: assignment.take_key("assignmentPolicyId")?,
            target: assignment.take_key("targetId")?,
            target_email,
            justification: body.take("justification")?,
            answers: body.take("answers")?.unwrap_or_default(),
            schedule: body.take("schedule")?.unwrap_or_default(),
        };
        assignment.finish()?;
        body.finish()?;
        Ok(wish)
    }

    /// The request this becomes, once everything is checked.
    fn into_request(
        self,
        context: &mut Context<'_>,
        (target, package, policy): (Key, Key, Key),
        expiration: Option<Expiration>,
        needs_consent: bool,
    ) -> Request {
        let settings = context
            .world
            .policies
            .get(policy)
            .map(|policy| &policy.settings);
        let stages = settings
            .filter(|_| needs_consent)
            .and_then(|settings| settings.request_approval_settings.as_ref())
            .map(|approval| approval.stages.clone())
            .unwrap_or_default();
        let mut schedule = self.schedule;
        schedule.expiration = expiration;
        Request {
            kind: self.kind,
            state: RequestState::Submitted,
            status: "Accepted",
            created: context.now,
            completed: None,
            requestor: context.caller.user(),
            target,
            package,
            policy,
            assignment: self.assignment,
            justification: self.justification,
            answers: self.answers,
            schedule,
            stages: stages
                .into_iter()
                .map(|settings| Stage::waiting(context.world.ids.next(), settings))
                .collect(),
        }
    }
}

/// A person asks for a package (REQ-4).
fn user_add(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let person = context.signed_in()?;
    let package = known_package(context, &wish)?;
    if wish.target.is_some_and(|target| target != person) {
        return Err(Refusal::unauthorized(
            "assignment.targetId: people ask for themselves (REQ-4)",
        ));
    }
    if !context
        .world
        .users
        .get(person)
        .is_some_and(|user| user.is_enabled)
    {
        return Err(Refusal::unauthorized(
            "the person's sign-in is blocked (REQ-44)",
        ));
    }
    if !is_published(context.world, package) {
        return Err(not_met("the package's catalog is not published (OBJ-12)"));
    }
    check_no_duplicate(context, person, package)?;
    let policy = policy_for(context, package, person, wish.policy)?;
    let settings = settings_of(context, policy)?;
    check_justification(&settings, &wish)?;
    check_answers(&settings, &wish)?;
    let expiration = wished_expiration(&settings, &wish, context.now)?;
    let needs_consent = needs_consent(&settings, false);
    Ok(wish.into_request(
        context,
        (person, package, policy),
        Some(expiration),
        needs_consent,
    ))
}

/// An administrator assigns somebody (REQ-7). Where the policy wants consent, approvers still decide (REQ-8b).
fn admin_add(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    require_administrator(context)?;
    let package = known_package(context, &wish)?;
    if let Some(email) = &wish.target_email {
        return Err(not_met(format!(
            "{email}: none of the package's policies is for people outside the directory"
        )));
    }
    let target = wish
        .target
        .ok_or_else(|| Refusal::invalid_model("assignment.targetId is missing"))?;
    if !context.world.users.contains(target) {
        return Err(Missing::DirectoryObject.refusal());
    }
    let policy = wish
        .policy
        .ok_or_else(|| Refusal::invalid_model("assignment.assignmentPolicyId is missing"))?;
    check_belongs(context, policy, package)?;
    let settings = settings_of(context, policy)?;
    if !may_be_assigned(context.world, &settings, target) {
        return Err(not_met("the person is outside the policy's scope (REQ-7)"));
    }
    check_no_duplicate(context, target, package)?;
    // REQ-8b: the administrator's own end counts; without one the policy's does.
    let expiration = match wish.schedule.expiration.clone() {
        Some(wished) if wished.kind != ExpirationType::NotSpecified => wished,
        _ => settings
            .expiration
            .clone()
            .unwrap_or_else(Expiration::never),
    };
    let needs_consent = needs_consent(&settings, false);
    Ok(wish.into_request(
        context,
        (target, package, policy),
        Some(expiration),
        needs_consent,
    ))
}

/// A person asks for longer, or gives access back.
fn user_change(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    let person = context.signed_in()?;
    let subject = current_assignment(context, &wish)?;
    let (target, _, policy) = subject;
    if target != person {
        return Err(Refusal::unauthorized("the assignment is somebody else's"));
    }
    let settings = settings_of(context, policy)?;
    if wish.kind == RequestType::UserRemove {
        if !allows(&settings, |requestor| {
            requestor.enable_targets_to_self_remove_access
        }) {
            return Err(not_met(
                "the policy does not let people give access back (2.4)",
            ));
        }
        return Ok(wish.into_request(context, subject, None, false));
    }
    if !allows(&settings, |requestor| {
        requestor.enable_targets_to_self_update_access
    }) {
        return Err(not_met(
            "the policy does not let people ask for longer (EXP-8)",
        ));
    }
    if !is_in_scope(context.world, &settings, person) {
        return Err(not_met(
            "the person has left the policy's scope (EXP-8, POL-22)",
        ));
    }
    // U-39: the policy's own end is an upper bound only, counted from now.
    let expiration = match wish.schedule.expiration.clone() {
        None => settings
            .expiration
            .clone()
            .unwrap_or_else(Expiration::never),
        Some(wished) => within(
            &settings,
            wished,
            wish.schedule.start_date_time,
            context.now,
        )?,
    };
    let needs_consent = needs_consent(&settings, true);
    Ok(wish.into_request(context, subject, Some(expiration), needs_consent))
}

/// An administrator changes somebody's dates, or ends their access.
fn admin_change(context: &mut Context<'_>, wish: Wish) -> Result<Request, Refusal> {
    require_administrator(context)?;
    let subject = current_assignment(context, &wish)?;
    let expiration = wish.schedule.expiration.clone();
    Ok(wish.into_request(context, subject, expiration, false))
}

fn require_administrator(context: &Context<'_>) -> Result<(), Refusal> {
    if context.is_administrator() {
        return Ok(());
    }
    Err(Refusal::unauthorized(
        "only administrators and applications assign, change and remove others (ROLE-2)",
    ))
}

fn known_package(context: &Context<'_>, wish: &Wish) -> Result<Key, Refusal> {
    let package = wish
        .package
        .ok_or_else(|| Refusal::invalid_model("assignment.accessPackageId is missing"))?;
    if context.world.packages.contains(package) {
        Ok(package)
    } else {
        Err(Missing::Package.refusal())
    }
}

fn check_belongs(context: &Context<'_>, policy: Key, package: Key) -> Result<(), Refusal> {
    match context.world.policies.get(policy) {
        None => Err(Missing::Policy.refusal()),
        Some(row) if row.package != package => {
            Err(not_met("the policy belongs to another package (REQ-7)"))
        }
        Some(_) => Ok(()),
    }
}

/// The policy under which a person asks: the one they name, or the only one that applies (U-13).
fn policy_for(
    context: &Context<'_>,
    package: Key,
    person: Key,
    named: Option<Key>,
) -> Result<Key, Refusal> {
    if let Some(policy) = named {
        check_belongs(context, policy, package)?;
    }
    let applicable = applicable_policies(context.world, package, person);
    match (named, applicable.as_slice()) {
        (Some(policy), all) if all.contains(&policy) => Ok(policy),
        (Some(_), _) => Err(not_met(
            "the named policy does not apply to the person (PRI-2)",
        )),
        (None, [only]) => Ok(*only),
        (None, []) => Err(not_met(
            "no policy of the package applies to the person (PRI-5)",
        )),
        (None, several) => Err(Refusal::invalid_model(format!(
            "assignment.assignmentPolicyId is missing, and {} policies apply (U-13)",
            several.len()
        ))),
    }
}

fn settings_of(context: &Context<'_>, policy: Key) -> Result<AssignmentPolicy, Refusal> {
    let row = context
        .world
        .policies
        .get(policy)
        .ok_or_else(|| Missing::Policy.refusal())?;
    Ok(row.settings.clone())
}

/// The policy does not let this happen (REQ-7).
fn not_met(why: impl Into<String>) -> Refusal {
    let message = "You don't meet policy requirements to request this entitlement.";
    Refusal::bad_request("PolicyRequirementNotMet", message).because(why)
}

/// At most one assignment and one open request for a person and a package (REQ-41, REQ-42, P8).
fn check_no_duplicate(context: &Context<'_>, target: Key, package: Key) -> Result<(), Refusal> {
    if let Some(open) = context.world.open_request(target, package) {
        return Err(open_request(open));
    }
    if let Some(assignment) = context.world.current_assignment(target, package) {
        let message = "The user already has an active grant for this entitlement.";
        return Err(
            Refusal::new(StatusCode::CONFLICT, "InvalidRequestExistingGrant", message)
                .because(format!("assignment {assignment} is current (REQ-42)")),
        );
    }
    Ok(())
}

fn open_request(open: Key) -> Refusal {
    Refusal::bad_request("InvalidRequest", "The request is invalid.").detail(
        "ExistingOpenRequest",
        "assignment.accessPackageId",
        format!("Request {open} for the same access package is still open."),
    )
}

/// The assignment that a change is about: its holder, its package and its policy.
fn current_assignment(context: &Context<'_>, wish: &Wish) -> Result<(Key, Key, Key), Refusal> {
    let key = wish
        .assignment
        .ok_or_else(|| Refusal::invalid_model("assignment.id is missing"))?;
    let row = context
        .world
        .assignments
        .get(key)
        .ok_or_else(|| Missing::Assignment.refusal())?;
    if !row.state.is_current() {
        let message = "The user does not have an active grant for this entitlement.";
        return Err(Refusal::not_found("InvalidRequestNoActiveGrant", message)
            .because(format!("assignment {key} is {}", row.state)));
    }
    if let Some(open) = context.world.open_request(row.target, row.package) {
        return Err(open_request(open));
    }
    Ok((row.target, row.package, row.policy))
}

fn needs_consent(settings: &AssignmentPolicy, is_update: bool) -> bool {
    let approval = settings.request_approval_settings.as_ref();
    let required = approval.and_then(|approval| {
        if is_update {
            approval.is_approval_required_for_update
        } else {
            approval.is_approval_required_for_add
        }
    });
    required == Some(true)
}

fn check_justification(settings: &AssignmentPolicy, wish: &Wish) -> Result<(), Refusal> {
    let approval = settings.request_approval_settings.as_ref();
    let required =
        approval.and_then(|approval| approval.is_requestor_justification_required) == Some(true);
    let given = wish
        .justification
        .as_deref()
        .is_some_and(|text| !text.trim().is_empty());
    if required && !given {
        return Err(Refusal::invalid_model("").detail(
            "MissingJustification",
            "justification",
            "The policy requires a justification.",
        ));
    }
    Ok(())
}

/// Every question is answered as it asks (QST-8); what is wrong is said for each (U-10).
fn check_answers(settings: &AssignmentPolicy, wish: &Wish) -> Result<(), Refusal> {
    let mut refusal = Refusal::invalid_model("");
    let mut wrong = false;
    for question in settings.questions.items() {
        let answer = wish
            .answers
            .iter()
            .find(|answer| answer.question_id() == question.id());
        if let Some(objection) = question.objection_to(answer.and_then(Answer::value).unwrap_or(""))
        {
            let asked = question.text().unwrap_or_default();
            refusal = refusal.detail("MissingAnswer", "answers", format!("{asked}: {objection}"));
            wrong = true;
        }
    }
    let questions = settings.questions.items();
    for answer in &wish.answers {
        if !questions
            .iter()
            .any(|question| question.id().is_some() && question.id() == answer.question_id())
        {
            refusal = refusal.detail(
                "UnknownQuestion",
                "answers",
                "An answer is to a question that the policy does not ask.",
            );
            wrong = true;
        }
    }
    if wrong { Err(refusal) } else { Ok(()) }
}

/// The end that a person gets: the policy's, or an earlier one of their own choice (EXP-6).
fn wished_expiration(
    settings: &AssignmentPolicy,
    wish: &Wish,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let policy = settings
        .expiration
        .clone()
        .unwrap_or_else(Expiration::never);
    let own = wish
        .schedule
        .expiration
        .clone()
        .filter(|own| own.kind != ExpirationType::NotSpecified);
    let chooses = own.is_some() || wish.schedule.start_date_time.is_some();
    if chooses
        && !allows(settings, |requestor| {
            requestor.allow_custom_assignment_schedule
        })
    {
        return Err(not_met(
            "schedule: the policy does not let people choose a period (EXP-6)",
        ));
    }
    match own {
        None => Ok(policy),
        Some(own) => within(settings, own, wish.schedule.start_date_time, now),
    }
}

/// A wished end must make sense, and not lie after the policy's own (EXP-6, EXP-9).
fn within(
    settings: &AssignmentPolicy,
    wished: Expiration,
    start: Option<Timestamp>,
    now: Timestamp,
) -> Result<Expiration, Refusal> {
    let start = start.map_or(now, |start| start.max(now));
    let end = wished.end_from(start);
    if end.is_none() && wished.kind != ExpirationType::NoExpiration {
        return Err(Refusal::invalid_model(format!(
            "schedule.expiration: {} lacks its value (EXP-1)",
            wished.kind
        )));
    }
    if end.is_some_and(|end| end <= start) {
        return Err(Refusal::invalid_model(
            "schedule.expiration: the end is not after the start (EXP-1)",
        ));
    }
    let latest = settings
        .expiration
        .as_ref()
        .and_then(|expiration| expiration.end_from(start));
    let too_late = match (end, latest) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(end), Some(latest)) => end > latest,
    };
    if too_late {
        return Err(not_met(
            "schedule.expiration: the end lies after the policy's own (EXP-6, EXP-9)",
        ));
    }
    Ok(wished)
}

pub(crate) fn cancel(context: &mut Context<'_>) -> Outcome {
    let key = concerning_caller(context)?;
    let row = context
        .world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    // REQ-51: people withdraw what waits for consent, administrators whatever is not delivered.
    let mine = row.requestor == context.caller.user() || Some(row.target) == context.caller.user();
    if !(mine || context.is_administrator()) {
        return Err(Refusal::unauthorized(
            "only the requestor and administrators can withdraw a request",
        ));
    }
    let too_late = row.state == RequestState::DeliveryFailed && !context.is_administrator();
    if too_late || !lifecycle::apply(context.world, context.now, key, Trigger::Canceled) {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be canceled in its current state.",
        )
        .because("it is past being withdrawn (REQ-50)"));
    }
    Ok(Reply::no_content())
}

pub(crate) fn reprocess(context: &mut Context<'_>) -> Outcome {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let row = context
        .world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    // REQ-52, U-28: fourteen days.
    let fresh = row
        .completed
        .is_some_and(|done| context.now.duration_since(done).as_hours() <= 14 * 24);
    if !fresh || !lifecycle::apply(context.world, context.now, key, Trigger::Reprocessed) {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be reprocessed.",
        )
        .because("its delivery did not fail, or failed more than 14 days ago (REQ-52)"));
    }
    Ok(Reply::accepted())
}

pub(crate) fn delete(context: &mut Context<'_>) -> Outcome {
    let key = context.row("request", |world| &world.requests, Missing::Request)?;
    let world = &mut *context.world;
    let row = world
        .requests
        .get(key)
        .ok_or_else(|| Missing::Request.refusal())?;
    let holds = row
        .assignment
        .and_then(|assignment| world.assignments.get(assignment));
    // REQ-55, U-29.
    if row.is_open() || holds.is_some_and(|assignment| assignment.state.is_current()) {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The request can not be deleted in its current state.",
        )
        .because("it is under way, or its assignment is current (REQ-55)"));
    }
    let (package, target) = (row.package, row.target);
    world.requests_of_package.remove(package, key);
    world.requests_of_target.remove(target, key);
    world.requests.remove(key);
    Ok(Reply::no_content())
}
