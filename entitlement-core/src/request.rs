//! What requests have in common: their types and the states they go through.
//!
//! Both requests for access and requests about resources carry a [`RequestType`] and a [`RequestState`].
//!
//! ```
//! use entitlement_core::request::RequestState;
//!
//! assert!(RequestState::PendingApproval.may_become(&RequestState::Denied));
//! assert!(!RequestState::Denied.may_become(&RequestState::Delivered));
//! assert!(RequestState::Denied.is_final());
//! ```

use crate::wire::open_enum::open_enum;

open_enum! {
    /// Who asks for what (`accessPackageRequestType`).
    RequestType = "accessPackageRequestType" {
        /// Nothing said.
        NotSpecified = "notSpecified",
        /// A person asks for access.
        UserAdd = "userAdd",
        /// A person asks to extend or change their access.
        UserUpdate = "userUpdate",
        /// A person gives access back.
        UserRemove = "userRemove",
        /// An administrator assigns somebody.
        AdminAdd = "adminAdd",
        /// An administrator changes somebody's dates.
        AdminUpdate = "adminUpdate",
        /// An administrator removes somebody.
        AdminRemove = "adminRemove",
        /// The service assigns somebody by a rule.
        SystemAdd = "systemAdd",
        /// The service changes an assignment.
        SystemUpdate = "systemUpdate",
        /// The service removes somebody: access ended, or a review decided so.
        SystemRemove = "systemRemove",
        /// Somebody asks for another person.
        OnBehalfAdd = "onBehalfAdd",
        /// An approver takes access back.
        ApproverRemove = "approverRemove",
    }
}

open_enum! {
    /// How far a request is (`accessPackageRequestState`).
    RequestState = "accessPackageRequestState" {
        /// Accepted, not looked at yet.
        Submitted = "submitted",
        /// Somebody has to decide.
        PendingApproval = "pendingApproval",
        /// Access is being written.
        Delivering = "delivering",
        /// Everything was written; for a removal: everything was taken away.
        Delivered = "delivered",
        /// Nothing could be written.
        DeliveryFailed = "deliveryFailed",
        /// Refused by an approver, an extension, or the clock.
        Denied = "denied",
        /// Approved, and the start is still to come.
        Scheduled = "scheduled",
        /// Withdrawn.
        Canceled = "canceled",
        /// Some of it was written.
        PartiallyDelivered = "partiallyDelivered",
    }
}

impl RequestState {
    /// Whether the service has nothing left to do; some of these can still be reprocessed by hand.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Delivered
                | Self::DeliveryFailed
                | Self::Denied
                | Self::Canceled
                | Self::PartiallyDelivered
        )
    }

    /// Whether a request in this state can turn into `next`, at once or through others; a state from the future can
    /// always come next.
    pub fn may_become(&self, next: &Self) -> bool {
        use RequestState as S;
        if matches!(next, S::Unknown(_)) || matches!(self, S::Unknown(_)) {
            return true;
        }
        match self {
            S::Submitted => !matches!(next, S::Submitted),
            S::PendingApproval => !matches!(next, S::Submitted | S::PendingApproval),
            S::Scheduled => !matches!(
                next,
                S::Submitted | S::PendingApproval | S::Scheduled | S::Denied
            ),
            // What waits for somebody who never comes can be withdrawn (REQ-6, REQ-51).
            S::Delivering => matches!(
                next,
                S::Delivered | S::PartiallyDelivered | S::DeliveryFailed | S::Canceled
            ),
            // Reprocessing starts delivery again (REQ-52); a failed request can also be withdrawn (REQ-51).
            S::DeliveryFailed => {
                matches!(
                    next,
                    S::Delivering | S::Delivered | S::PartiallyDelivered | S::Canceled
                )
            }
            S::PartiallyDelivered => {
                matches!(next, S::Delivering | S::Delivered | S::DeliveryFailed)
            }
            S::Delivered | S::Denied | S::Canceled | S::Unknown(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_come_back_from_a_final_state() {
        let all: Vec<RequestState> = RequestState::MEMBERS
            .iter()
            .map(|&text| text.into())
            .collect();
        for state in all.iter().filter(|state| state.is_final()) {
            let comes_back = all.iter().any(|next| state.may_become(next));
            let failed = matches!(
                state,
                RequestState::DeliveryFailed | RequestState::PartiallyDelivered
            );
            assert_eq!(comes_back, failed, "{state}");
        }
    }
}
