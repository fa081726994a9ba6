//! Assigning a package to many people, or taking it away: `client.bulk()`.
//!
//! A [`BulkJob`] says what is to happen to each of them; a [`BulkRun`] does it, in batches and at a pace that leaves the
//! service room, and gives one outcome for each. However long the list is, no more than one batch of it is in memory.
//!
//! ```
//! # use entitlement_graph::bulk::{BulkOutcome, Checkpoint};
//! # use entitlement_graph::core::directory::User;
//! # use entitlement_graph::core::entity::Id;
//! # use entitlement_graph::core::package::AccessPackage;
//! # use entitlement_graph::core::policy::AssignmentPolicy;
//! # use entitlement_graph::{Error, GraphClient};
//! # fn save(checkpoint: &Checkpoint) {}
//! # async fn example(
//! #     client: &GraphClient, package: &Id<AccessPackage>, policy: &Id<AssignmentPolicy>, people: Vec<Id<User>>,
//! # ) -> Result<(), Error> {
//! let job = client.bulk().assign(package, policy).justification("New laptops");
//! let mut run = job.start(people);
//! while let Some(step) = run.next().await? {
//!     match step.outcome {
//!         BulkOutcome::Submitted(_) | BulkOutcome::AlreadyAssigned | BulkOutcome::OpenRequest => {}
//!         other => println!("{}: {other}", step.subject),
//!     }
//!     save(&run.checkpoint());
//! }
//! println!("{}", run.progress());
//! # Ok(())
//! # }
//! ```
//!
//! A run that breaks goes on from its last [`Checkpoint`] with [`BulkJob::resume`] and the same list. Nobody is asked for
//! twice: whoever may have been asked for without an answer, because a connection or the program broke, is looked up
//! first. Lookups trust no filter: what they find is compared with what was looked for.

mod checkpoint;
mod job;
mod lookup;
mod run;
mod subject;

pub use checkpoint::{Checkpoint, Progress};
pub use job::{Bulk, BulkJob};
pub use run::{BulkRun, BulkStep};
pub use subject::{BulkOutcome, BulkSubject};
