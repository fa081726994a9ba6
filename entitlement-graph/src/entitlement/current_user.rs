//! In which ways an entity can concern the person who is signed in (`filterByCurrentUser`).

use entitlement_core::approval::Approval;
use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::AssignmentRequest;
use entitlement_core::entity::Entity;
use entitlement_core::package::AccessPackage;

/// An entity whose collection can be narrowed to what concerns the caller.
pub trait CurrentUserView: Entity {
    /// The ways in which one can concern the caller.
    type On: Copy;

    /// The option as Graph spells it.
    fn option(on: Self::On) -> &'static str;
}

/// Declares the options of one entity.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident of $entity:ty {
        $($(#[$option_doc:meta])* $option:ident = $text:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$option_doc])* $option,)+
        }

        impl CurrentUserView for $entity {
            type On = $name;

            fn option(on: $name) -> &'static str {
                match on {
                    $($name::$option => $text,)+
                }
            }
        }
    };
}

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
