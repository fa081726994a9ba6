//! How an instance of a review moves from status to status: a pure table, without world or clock (REV-41, U-24).

use entitlement_core::access_review::status::Status;

/// What makes a review end by itself in one way or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terms {
    /// What nobody has decided is decided by the service.
    pub(crate) has_default: bool,
    /// Decisions are carried out without anybody asking for it.
    pub(crate) applies_itself: bool,
}

/// The status that follows by itself; `None` where the review waits for time to pass or for an administrator.
pub(crate) fn next(status: &Status, terms: Terms) -> Option<Status> {
    match status {
        Status::NotStarted | Status::Initializing => Some(Status::Starting),
        Status::Starting => Some(Status::InProgress),
        Status::Completing if terms.has_default => Some(Status::AutoReviewing),
        Status::AutoReviewing => Some(Status::AutoReviewed),
        Status::Completing | Status::AutoReviewed => Some(Status::Completed),
        Status::Completed if terms.applies_itself => Some(Status::Applying),
        Status::Applying => Some(Status::Applied),
        _ => None,
    }
}

/// The status after time is up, or somebody stops the review; `None` if there is nothing to end.
pub(crate) fn ended(status: &Status) -> Option<Status> {
    (*status == Status::InProgress).then_some(Status::Completing)
}

/// The status after an administrator has the decisions applied (REV-57).
pub(crate) fn applied(status: &Status, terms: Terms) -> Option<Status> {
    (*status == Status::Completed && !terms.applies_itself).then_some(Status::Applying)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: [Status; 10] = [
        Status::NotStarted,
        Status::Initializing,
        Status::Starting,
        Status::InProgress,
        Status::Completing,
        Status::AutoReviewing,
        Status::AutoReviewed,
        Status::Completed,
        Status::Applying,
        Status::Applied,
    ];

    fn rank(status: &Status) -> usize {
        ORDER.iter().position(|other| other == status).unwrap()
    }

    #[test]
    fn every_step_leads_forward_and_to_an_end() {
        for has_default in [true, false] {
            for applies_itself in [true, false] {
                let terms = Terms {
                    has_default,
                    applies_itself,
                };
                for status in &ORDER {
                    for after in [next(status, terms), ended(status), applied(status, terms)] {
                        assert!(after.is_none_or(|after| rank(&after) > rank(status)));
                    }
                }
                let run = |from| std::iter::successors(Some(from), |status| next(status, terms));
                assert_eq!(run(Status::NotStarted).last(), Some(Status::InProgress));
                let end = if applies_itself {
                    Status::Applied
                } else {
                    Status::Completed
                };
                assert_eq!(run(Status::Completing).last(), Some(end));
                let filled = run(Status::Completing).any(|status| status == Status::AutoReviewed);
                assert_eq!(filled, has_default);
            }
        }
    }
}
