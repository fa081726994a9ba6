//! Access reviews: `client.access_reviews()`.
//!
//! A definition has instances, one for each time it comes round; an instance has decisions, and perhaps stages. Each of
//! them is opened with its id from the one above.
//!
//! ```
//! # use entitlement_core::access_review::decision::{Decision, DecisionItem, DecisionPatch};
//! # use entitlement_core::access_review::definition::ScheduleDefinition;
//! # use entitlement_core::{entity::Id, query::QueryOf};
//! # use entitlement_graph::GraphClient;
//! # use entitlement_graph::access_review::ReviewsOn;
//! # async fn example(me: &GraphClient, review: &Id<ScheduleDefinition>) -> Result<(), entitlement_graph::Error> {
//! let review = me.access_reviews().definition(review);
//! let mut mine = review.instances().filter_by_current_user(ReviewsOn::Reviewer);
//! while let Some(instance) = mine.next().await? {
//!     let instance = review.instance(&instance.id);
//!     let open = QueryOf::new().filter(DecisionItem::DECISION.eq(Decision::NotReviewed));
//!     for item in instance.decisions().list_with(open).try_collect().await? {
//!         instance.decisions().update(&item.id, &DecisionPatch::approve("Still on the team")).await?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```

use entitlement_core::access_review::decision::{BatchRecordDecisions, DecisionItem};
use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::access_review::history::{HistoryDefinition, HistoryInstance};
use entitlement_core::access_review::instance::Instance;
use entitlement_core::access_review::reviewer::Reviewer;
use entitlement_core::access_review::stage::Stage;
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;

use crate::client::GraphClient;
use crate::collection::Collection;
use crate::current_user::{CurrentUserView, view};
use crate::error::Error;
use crate::place::Place;
use crate::request::Call;
use crate::transport::Replay;

view! {
    /// How a review, or a part of one, can concern the caller.
    ReviewsOn of ScheduleDefinition {
        /// The caller reviews.
        Reviewer = "reviewer",
    }
}

/// The same ways for the parts of a review.
macro_rules! parts {
    ($($part:ty),+) => {
        $(impl CurrentUserView for $part {
            type On = ReviewsOn;

            fn option(on: ReviewsOn) -> &'static str {
                ScheduleDefinition::option(on)
            }
        })+
    };
}

parts!(Instance, Stage, DecisionItem);

impl GraphClient {
    /// Access reviews.
    pub fn access_reviews(&self) -> AccessReviews {
        AccessReviews {
            client: self.clone(),
        }
    }
}

/// The root of access reviews (`identityGovernance/accessReviews`).
#[derive(Debug, Clone)]
pub struct AccessReviews {
    client: GraphClient,
}

impl AccessReviews {
    /// All reviews; instances are not in them, but in [`DefinitionHandle::instances`].
    pub fn definitions(&self) -> Collection<ScheduleDefinition> {
        Collection::new(self.client.clone())
    }

    /// One review, for what can be done with it.
    pub fn definition(&self, id: &Id<ScheduleDefinition>) -> DefinitionHandle {
        DefinitionHandle(Place::new(&self.client, id))
    }

    /// All reports about reviews of the past.
    pub fn history_definitions(&self) -> Collection<HistoryDefinition> {
        Collection::new(self.client.clone())
    }

    /// One such report, for its files.
    pub fn history_definition(&self, id: &Id<HistoryDefinition>) -> HistoryDefinitionHandle {
        HistoryDefinitionHandle(Place::new(&self.client, id))
    }
}

/// One review. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct DefinitionHandle(Place);

impl DefinitionHandle {
    /// Ends it: instances in progress stop, and there are no more
    /// ([stop](https://learn.microsoft.com/graph/api/accessreviewscheduledefinition-stop)).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none; [`Error::Service`] if it is over.
    pub async fn stop(&self) -> Result<(), Error> {
        self.0.act("stop", Replay::ByMethod).await
    }

    /// The times it came round.
    pub fn instances(&self) -> Collection<Instance> {
        self.0.collection("instances")
    }

    /// One time it came round, for what can be done with it.
    pub fn instance(&self, id: &Id<Instance>) -> InstanceHandle {
        InstanceHandle(self.0.item("instances", id))
    }
}

/// One time that a review came round. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct InstanceHandle(Place);

impl InstanceHandle {
    /// Reads it with its stages and whoever was asked by mail (P20).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none.
    pub async fn get_whole(&self) -> Result<Instance, Error> {
        let query = QueryOf::new()
            .expand(Instance::STAGES)
            .expand(Instance::CONTACTED_REVIEWERS);
        self.0.get(Query::from(query)).await
    }

    /// Ends it: nobody decides any more ([stop](https://learn.microsoft.com/graph/api/accessreviewinstance-stop)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless it is in progress.
    pub async fn stop(&self) -> Result<(), Error> {
        self.0.act("stop", Replay::ByMethod).await
    }

    /// Takes all decisions back
    /// ([resetDecisions](https://learn.microsoft.com/graph/api/accessreviewinstance-resetdecisions)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless it is in progress.
    pub async fn reset_decisions(&self) -> Result<(), Error> {
        self.0.act("resetDecisions", Replay::ByMethod).await
    }

    /// Carries the decisions out
    /// ([applyDecisions](https://learn.microsoft.com/graph/api/accessreviewinstance-applydecisions), REV-58).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless it is completed.
    pub async fn apply_decisions(&self) -> Result<(), Error> {
        self.0.act("applyDecisions", Replay::ByMethod).await
    }

    /// Decides as recommended what the person who is signed in has not decided
    /// ([acceptRecommendations](https://learn.microsoft.com/graph/api/accessreviewinstance-acceptrecommendations)).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] unless the caller reviews; [`Error::Service`] unless it is in progress.
    pub async fn accept_recommendations(&self) -> Result<(), Error> {
        self.0.act("acceptRecommendations", Replay::ByMethod).await
    }

    /// Writes to reviewers who have not decided yet
    /// ([sendReminder](https://learn.microsoft.com/graph/api/accessreviewinstance-sendreminder)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless it is in progress.
    pub async fn send_reminder(&self) -> Result<(), Error> {
        self.0.act("sendReminder", Replay::ByMethod).await
    }

    /// Decides about many at once
    /// ([batchRecordDecisions](https://learn.microsoft.com/graph/api/accessreviewinstance-batchrecorddecisions)).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] unless the caller reviews; [`Error::Service`] unless it is in progress.
    pub async fn batch_record_decisions(
        &self,
        decisions: &BatchRecordDecisions,
    ) -> Result<(), Error> {
        self.0.act_with("batchRecordDecisions", decisions).await
    }

    /// Whoever was asked by mail.
    pub fn contacted_reviewers(&self) -> Collection<Reviewer> {
        self.0.collection("contactedReviewers")
    }

    /// What is decided about everybody's access; a decision is made with [`update`](Collection::update).
    pub fn decisions(&self) -> Collection<DecisionItem> {
        self.0.collection("decisions")
    }

    /// Its stages, if it has several.
    pub fn stages(&self) -> Collection<Stage> {
        self.0.collection("stages")
    }

    /// One stage, for what can be done with it.
    pub fn stage(&self, id: &Id<Stage>) -> StageHandle {
        StageHandle(self.0.item("stages", id))
    }
}

impl Collection<DecisionItem> {
    /// Decides about many at once, seen from the decisions
    /// ([recordAllDecisions](https://learn.microsoft.com/graph/api/accessreviewinstancedecisionitem-recordalldecisions)).
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] unless the caller reviews; [`Error::Service`] unless the review is in progress.
    pub async fn record_all(&self, decisions: &BatchRecordDecisions) -> Result<(), Error> {
        let call = Call::post(self.path().segment("recordAllDecisions")).json(decisions)?;
        self.client().send(call).await?;
        Ok(())
    }
}

/// One stage of a review. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct StageHandle(Place);

impl StageHandle {
    /// Ends it; the next one begins ([stop](https://learn.microsoft.com/graph/api/accessreviewstage-stop)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless it is in progress.
    pub async fn stop(&self) -> Result<(), Error> {
        self.0.act("stop", Replay::ByMethod).await
    }

    /// What is decided in it.
    pub fn decisions(&self) -> Collection<DecisionItem> {
        self.0.collection("decisions")
    }
}

/// One report about reviews of the past. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct HistoryDefinitionHandle(Place);

impl HistoryDefinitionHandle {
    /// Its runs.
    pub fn instances(&self) -> Collection<HistoryInstance> {
        self.0.collection("instances")
    }

    /// One run, for its file.
    pub fn instance(&self, id: &Id<HistoryInstance>) -> HistoryInstanceHandle {
        HistoryInstanceHandle(self.0.item("instances", id))
    }
}

/// One run of a report. Nothing is asked of the service until a method is called.
#[derive(Debug, Clone)]
pub struct HistoryInstanceHandle(Place);

impl HistoryInstanceHandle {
    /// Asks for an address from which the file can be fetched for a day
    /// ([generateDownloadUri](https://learn.microsoft.com/graph/api/accessreviewhistoryinstance-generatedownloaduri)).
    ///
    /// # Errors
    ///
    /// [`Error::Service`] unless the run is done.
    pub async fn generate_download_uri(&self) -> Result<HistoryInstance, Error> {
        self.0.ask("generateDownloadUri", Replay::Safe).await
    }
}
