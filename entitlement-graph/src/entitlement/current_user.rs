//! In which ways an entity of entitlement management can concern the person who is signed in.

use std::ops::BitOr;

use entitlement_core::approval::Approval;
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::package::AccessPackage;
use entitlement_core::suggestion::Suggestion;

use crate::current_user::view;

view! {
    /// How an access package can concern the caller.
    PackagesOn of AccessPackage {
        /// The caller may ask for it.
        AllowedRequestor = "allowedRequestor",
    }
}

view! {
    /// How an assignment can concern the caller.
    AssignmentsOn of Assignment {
        /// The caller holds it.
        Target = "target",
        /// The caller made it.
        CreatedBy = "createdBy",
        /// The caller manages whoever holds it.
        TargetManager = "targetManager",
    }
}

view! {
    /// How a request can concern the caller.
    RequestsOn of AssignmentRequest {
        /// It is for the caller.
        Target = "target",
        /// The caller made it.
        CreatedBy = "createdBy",
        /// The caller may decide it.
        Approver = "approver",
        /// It is for the caller, or the caller made it.
        TargetOrRequestor = "targetOrRequestor",
        /// The caller manages whoever it is for.
        TargetManager = "targetManager",
        /// The caller made it for somebody else.
        RequestForOthers = "requestForOthers",
    }
}

view! {
    /// How an approval can concern the caller.
    ApprovalsOn of Approval {
        /// It is about access for the caller.
        Target = "target",
        /// The caller asked.
        CreatedBy = "createdBy",
        /// The caller may decide it.
        Approver = "approver",
    }
}

view! {
    /// Where a suggestion can come from; with `|`, from both.
    SuggestionsOn of Suggestion {
        /// People around the caller hold the package.
        RelatedPeople = "relatedPeopleAssignments",
        /// The caller held the package before.
        AssignmentHistory = "assignmentHistory",
        /// Either.
        Both = "relatedPeopleAssignments,assignmentHistory",
    }
}

impl BitOr for SuggestionsOn {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        if self == other { self } else { Self::Both }
    }
}
