//! How a request moves from state to state: a pure table, without world or clock.
//!
//! It agrees with [`RequestState::may_become`], by which clients judge what they see.

use entitlement_core::request::RequestState;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// The service takes it up.
    Processed {
        needs_consent: bool,
        starts_later: bool,
    },
    /// An approver agrees in the stage that waits.
    Approved {
        is_last_stage: bool,
        starts_later: bool,
    },
    /// An approver refuses.
    Denied,
    /// Nobody decided in time.
    TimedOut,
    /// Nobody decided so far: others may decide too.
    Escalated,
    /// It is withdrawn.
    Canceled,
    /// It is withdrawn while it waits for somebody who may not be invited, so that nothing was written (REQ-6).
    Abandoned,
    /// The wished start has come.
    Started,
    /// Memberships were written or taken away.
    Delivered(Outcome),
    /// Delivery is to be tried again.
    Reprocessed,
    /// An extension was called, and its answer is awaited (EXT-1).
    Held,
    /// Extensions have answered: it is known who decides the next stage (APV-21).
    StageDetermined,
    /// Extensions have answered after everybody had consented.
    Resumed { starts_later: bool },
    /// An extension refuses (EXT-4).
    Refused,
    /// An extension did not answer in time (EXT-2, U-14).
    Unanswered,
}

/// How delivery went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was written.
    Whole,
    /// Everything was taken away.
    Removed,
    /// Some roles could not be written.
    Partial,
    /// No role could be written.
    Failed,
}

/// What the world has to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing more.
    Nothing,
    /// The next stage waits for a decision.
    OpenStage,
    /// The wished start is waited for.
    AwaitStart,
    /// Memberships are to be written or taken away.
    Deliver,
    /// Nothing is left to do.
    Finish,
}

/// The state that follows, its finer name, and what is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) state: RequestState,
    pub(crate) status: &'static str,
    pub(crate) effect: Effect,
}

/// The step that a trigger makes from a state; `None` if it is not possible there.
pub(crate) fn step(state: &RequestState, trigger: Trigger) -> Option<Step> {
    use RequestState as S;
    let step = match (state, trigger) {
        (
            S::Submitted,
            Trigger::Processed {
                needs_consent: true,
                ..
            },
        )
        | (
            S::PendingApproval,
            Trigger::Approved {
                is_last_stage: false,
                ..
            },
        ) => waiting("PendingApproval", Effect::OpenStage),
        (S::PendingApproval, Trigger::Escalated) => {
            waiting("PendingApprovalEscalated", Effect::Nothing)
        }
        (S::Submitted, Trigger::Processed { starts_later, .. })
        | (S::PendingApproval, Trigger::Approved { starts_later, .. }) => consented(starts_later),
        (S::PendingApproval, Trigger::Denied)
        | (S::Submitted | S::PendingApproval, Trigger::Refused) => finished(S::Denied, "Denied"),
        // REQ-21, U-16: there is no state for a request that ran out of time; it is denied, and its status says why.
        (S::PendingApproval, Trigger::TimedOut)
        | (S::Submitted | S::PendingApproval, Trigger::Unanswered) => {
            finished(S::Denied, "Expired")
        }
        (
            S::Submitted | S::PendingApproval | S::Scheduled | S::DeliveryFailed,
            Trigger::Canceled,
        )
        | (S::Delivering, Trigger::Abandoned) => finished(S::Canceled, "Canceled"),
        // REQ-32: delivery is tried again, and nothing before it.
        (S::Scheduled, Trigger::Started)
        | (S::DeliveryFailed | S::PartiallyDelivered, Trigger::Reprocessed) => consented(false),
        (S::Delivering, Trigger::Delivered(outcome)) => match outcome {
            Outcome::Whole => finished(S::Delivered, "Delivered"),
            Outcome::Removed => finished(S::Delivered, "Fulfilled"),
            Outcome::Partial => finished(S::PartiallyDelivered, "PartiallyDelivered"),
            Outcome::Failed => finished(S::DeliveryFailed, "DeliveryFailed"),
        },
        (S::Submitted | S::PendingApproval | S::Delivering, Trigger::Held) => Step {
            state: state.clone(),
            status: "WaitingForCallback",
            effect: Effect::Nothing,
        },
        (S::PendingApproval, Trigger::StageDetermined) => {
            waiting("PendingApproval", Effect::OpenStage)
        }
        (S::Submitted | S::PendingApproval, Trigger::Resumed { starts_later }) => {
            consented(starts_later)
        }
        (S::Delivering, Trigger::Unanswered) => finished(S::DeliveryFailed, "DeliveryFailed"),
        _ => return None,
    };
    Some(step)
}

fn waiting(status: &'static str, effect: Effect) -> Step {
    Step {
        state: RequestState::PendingApproval,
        status,
        effect,
    }
}

fn consented(starts_later: bool) -> Step {
    if starts_later {
        Step {
            state: RequestState::Scheduled,
            status: "PendingNotBefore",
            effect: Effect::AwaitStart,
        }
    } else {
        Step {
            state: RequestState::Delivering,
            status: "Delivering",
            effect: Effect::Deliver,
        }
    }
}

fn finished(state: RequestState, status: &'static str) -> Step {
    Step {
        state,
        status,
        effect: Effect::Finish,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triggers() -> Vec<Trigger> {
        let mut all = vec![
            Trigger::Denied,
            Trigger::TimedOut,
            Trigger::Escalated,
            Trigger::Canceled,
            Trigger::Abandoned,
            Trigger::Started,
            Trigger::Reprocessed,
            Trigger::Held,
            Trigger::StageDetermined,
            Trigger::Refused,
            Trigger::Unanswered,
        ];
        for outcome in [
            Outcome::Whole,
            Outcome::Removed,
            Outcome::Partial,
            Outcome::Failed,
        ] {
            all.push(Trigger::Delivered(outcome));
        }
        for starts_later in [true, false] {
            all.push(Trigger::Resumed { starts_later });
            for flag in [true, false] {
                all.push(Trigger::Processed {
                    needs_consent: flag,
                    starts_later,
                });
                all.push(Trigger::Approved {
                    is_last_stage: flag,
                    starts_later,
                });
            }
        }
        all
    }

    #[test]
    fn every_step_is_one_that_clients_expect() {
        for state in RequestState::MEMBERS
            .iter()
            .map(|&text| RequestState::from(text))
        {
            for trigger in triggers() {
                let Some(step) = step(&state, trigger) else {
                    continue;
                };
                let stays = step.state == state;
                assert!(
                    stays || state.may_become(&step.state),
                    "{state} --{trigger:?}--> {}",
                    step.state
                );
                assert_eq!(
                    step.effect == Effect::Finish,
                    step.state.is_final(),
                    "{trigger:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_over_stays_over() {
        for state in [
            RequestState::Delivered,
            RequestState::Denied,
            RequestState::Canceled,
        ] {
            for trigger in triggers() {
                assert_eq!(step(&state, trigger), None, "{state} {trigger:?}");
            }
        }
    }
}
