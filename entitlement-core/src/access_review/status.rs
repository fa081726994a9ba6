//! How far a review is.
//!
//! Definitions, [`instance`](super::instance)s and [`stage`](super::stage)s go through the same [`Status`]es (REV-41),
//! each at its own pace.
//!
//! ```
//! use entitlement_core::access_review::status::Status;
//!
//! assert!(Status::InProgress.takes_decisions());
//! assert!(Status::Applied.is_over());
//! ```

use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far a review, one of its instances or one of its stages is (REV-40, REV-63).
    Status = "accessReviewStatus" {
        /// The service looks up who and what is reviewed.
        Initializing = "Initializing",
        /// The start lies ahead.
        NotStarted = "NotStarted",
        /// The service prepares the decisions.
        Starting = "Starting",
        /// Reviewers decide.
        InProgress = "InProgress",
        /// The end is reached; the service closes the review.
        Completing = "Completing",
        /// Closed: nobody decides any more, and decisions may be applied.
        Completed = "Completed",
        /// The service decides what nobody has reviewed.
        AutoReviewing = "AutoReviewing",
        /// The service has decided what nobody had reviewed.
        AutoReviewed = "AutoReviewed",
        /// The service carries the decisions out.
        Applying = "Applying",
        /// The decisions are carried out.
        Applied = "Applied",
    }
}

impl Status {
    /// Whether reviewers may decide now.
    pub fn takes_decisions(&self) -> bool {
        *self == Self::InProgress
    }

    /// Whether reviewers can decide no more.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Completing
                | Self::Completed
                | Self::AutoReviewing
                | Self::AutoReviewed
                | Self::Applying
                | Self::Applied
        )
    }
}
