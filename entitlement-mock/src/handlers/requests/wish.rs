//! What the body of a new request says, and the request it becomes.

use entitlement_core::policy::question::Answer;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::schedule::{Expiration, Schedule};

use crate::handlers::Context;
use crate::handlers::body::Body;
use crate::router::refusal::Refusal;
use crate::world::request::{Request, Stage};
use crate::world::table::Key;

/// What the body of a new request says.
pub(super) struct Wish {
    pub(super) kind: RequestType,
    pub(super) assignment: Option<Key>,
    pub(super) package: Option<Key>,
    pub(super) policy: Option<Key>,
    pub(super) target: Option<Key>,
    pub(super) target_email: Option<String>,
    pub(super) justification: Option<String>,
    pub(super) answers: Vec<Answer>,
    pub(super) schedule: Schedule,
}

impl Wish {
    pub(super) fn read(mut body: Body) -> Result<Self, Refusal> {
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

    /// The end that the request itself asks for.
    pub(super) fn own_expiration(&self) -> Option<&Expiration> {
        let own = self.schedule.expiration.as_ref();
        own.filter(|own| !own.is_not_specified())
    }

    /// The request this becomes, once everything is checked.
    pub(super) fn into_request(
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
            status: "Accepted".into(),
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
            callouts: Vec::new(),
            hold: None,
        }
    }
}
