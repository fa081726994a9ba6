//! Access reviews: asking again and again whether access is still needed.
//!
//! A [`definition`] says what is reviewed ([`scope`]), by whom ([`reviewer`]), how often and with which consequences
//! ([`settings`]), in how many stages ([`stage`]), and who is told besides ([`notification`]). Each time it comes round
//! there is an [`instance`] with one [`decision`] for everybody's access to each thing, perhaps with an [`insight`] as
//! a hint; [`status`] says how far each of them is. Reports about the past are made by [`history`] definitions. All of
//! it hangs from one [`set`].
//!
//! Reviews of an access package's assignments are not made here but by the
//! [review settings](crate::policy::review) of its policies (REV-1); their instances and decisions appear here.
//!
//! ```
//! use entitlement_core::access_review::decision::DecisionPatch;
//! use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
//! use entitlement_core::access_review::reviewer::ReviewerScope;
//! use entitlement_core::access_review::scope::Scope;
//! use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
//! use entitlement_core::directory::{Group, User};
//! use entitlement_core::entity::Id;
//!
//! let admins: Id<Group> = "02f3bafb-448c-487c-88c2-5fd65ce49a41".parse()?;
//! let deputy: Id<User> = "46184453-e63b-4f20-86c2-c557ed5d5df9".parse()?;
//! let quarterly = ScheduleSettings::every_months(3, "2026-01-01".parse()?, 14)
//!     .with_mails()
//!     .unreviewed(DefaultDecision::Deny)
//!     .applied_automatically();
//! let review = ScheduleDefinitionDraft::builder("Local administrators", Scope::members_of(&admins), quarterly)
//!     .reviewer(ReviewerScope::manager())
//!     .fallback_reviewer(ReviewerScope::user(&deputy))
//!     .build()?;
//!
//! let decision = DecisionPatch::approve("Still on call");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod decision;
pub mod definition;
pub mod history;
pub mod insight;
pub mod instance;
pub mod notification;
pub mod reviewer;
pub mod scope;
pub mod set;
pub mod settings;
pub mod stage;
pub mod status;
