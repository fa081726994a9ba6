//! Closes policies, so that nobody asks for what is about to go.

use entitlement_core::policy::AssignmentPolicy;

/// Whether the policy still brings people to the package.
pub(super) fn is_open(policy: &AssignmentPolicy) -> bool {
    let mut closed = policy.clone();
    close(&mut closed);
    closed != *policy
}

/// v1.0 has no switch for a policy as a whole (POL-10, U-7); who may ask, and whom a rule brings, are switches (AUTO-9).
pub(super) fn close(policy: &mut AssignmentPolicy) {
    if let Some(requestor) = &mut policy.requestor_settings {
        for flag in [
            &mut requestor.enable_targets_to_self_add_access,
            &mut requestor.enable_on_behalf_requestors_to_add_access,
        ] {
            if *flag == Some(true) {
                *flag = Some(false);
            }
        }
    }
    if let Some(automatic) = &mut policy.automatic_request_settings
        && automatic.request_access_for_allowed_targets != Some(false)
    {
        automatic.request_access_for_allowed_targets = Some(false);
    }
}
