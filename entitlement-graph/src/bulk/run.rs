//! Works a list off.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::time::Duration;

use entitlement_core::assignment::Assignment;
use entitlement_core::assignment_request::{AssignmentRequest, AssignmentRequestDraft};
use entitlement_core::entity::{Entity, Id};
use entitlement_core::validate::Invalid;
use http::Method;
use jiff::Timestamp;

use super::checkpoint::{Action, Checkpoint, NOBODY, Progress, digest};
use super::job::BulkJob;
use super::lookup;
use super::subject::{BulkOutcome, BulkSubject, leaves_it_open};
use crate::batch::MOST_CALLS;
use crate::clock::Clock;
use crate::error::{Error, Operation};
use crate::paging::Page;

/// How often a request is made for one subject at most, if looking it up shows that it was not made.
const MOST_TRIES: u32 = 3;

/// How long what was just made may take to be found.
const BEFORE_LOOKUP: Duration = Duration::from_secs(10);

impl BulkJob {
    /// A run over a list from its beginning.
    pub fn start<S: IntoIterator>(&self, subjects: S) -> BulkRun<S::IntoIter>
    where
        S::Item: Into<BulkSubject>,
    {
        BulkRun {
            subjects: subjects.into_iter(),
            checkpoint: Checkpoint {
                action: self.action,
                package: self.package.clone(),
                policy: self.policy.clone(),
                digest: NOBODY,
                since: self.clock().now(),
                progress: Progress::default(),
            },
            job: self.clone(),
            batch: Vec::new(),
            repeated: None,
            doubtful: 0,
            begun: false,
            ready: VecDeque::new(),
        }
    }

    /// A run that goes on where another one stopped, given the same list from its beginning.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if the checkpoint belongs to another job or another list.
    pub fn resume<S: IntoIterator>(
        &self,
        checkpoint: &Checkpoint,
        subjects: S,
    ) -> Result<BulkRun<S::IntoIter>, Error>
    where
        S::Item: Into<BulkSubject>,
    {
        let refused = |what: &str| Error::Refused {
            operation: Operation::new(Method::POST, AssignmentRequest::COLLECTION),
            reason: format!("the checkpoint belongs to another {what}"),
        };
        if (checkpoint.action, &checkpoint.package, &checkpoint.policy)
            != (self.action, &self.package, &self.policy)
        {
            return Err(refused("job"));
        }
        let mut run = self.start(subjects);
        let mut seen = NOBODY;
        for _ in 0..checkpoint.progress.done() {
            let subject = run.subjects.next().ok_or_else(|| refused("list"))?;
            seen = digest(seen, &subject.into());
        }
        if seen != checkpoint.digest {
            return Err(refused("list"));
        }
        run.checkpoint = checkpoint.clone();
        // The batch that was under way is not known: it may have had any size.
        run.doubtful = MOST_CALLS;
        Ok(run)
    }

    fn clock(&self) -> &dyn Clock {
        self.client.pipeline().clock()
    }
}

/// A list being worked off.
///
/// Dropping a call of [`next`](Self::next) half-way loses nothing: the next call looks up what was made meanwhile.
#[must_use = "nothing happens until the first step is asked for"]
pub struct BulkRun<I> {
    job: BulkJob,
    subjects: I,
    checkpoint: Checkpoint,
    /// The subjects that are being worked on.
    batch: Vec<BulkSubject>,
    /// The next subject, if it is in the batch already.
    repeated: Option<BulkSubject>,
    /// For how many subjects, from here on, a request may have been made of which nothing is known.
    doubtful: usize,
    begun: bool,
    ready: VecDeque<BulkStep>,
}

/// One subject that is done.
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkStep {
    /// Who.
    pub subject: BulkSubject,
    /// What came of it.
    pub outcome: BulkOutcome,
}

/// A subject of a batch on its way.
#[derive(Default)]
struct State {
    outcome: Option<BulkOutcome>,
    /// A request may have been made for them.
    doubtful: bool,
    tries: u32,
    /// What leaves it open whether a request was made.
    error: Option<Error>,
    held: Option<Id<Assignment>>,
}

impl<I: Iterator> BulkRun<I>
where
    I::Item: Into<BulkSubject>,
{
    /// The next subject that is done, in the order of the list; `None` after the last.
    ///
    /// What goes wrong with one subject is its [outcome](BulkOutcome::Failed) and stops nobody else.
    ///
    /// # Errors
    ///
    /// As [`GraphClient::send`](crate::client::GraphClient::send), if it could not be found out which requests were
    /// made. Asking again tries again.
    pub async fn next(&mut self) -> Result<Option<BulkStep>, Error> {
        if self.ready.is_empty() {
            self.work().await?;
        }
        let Some(step) = self.ready.pop_front() else {
            return Ok(None);
        };
        self.checkpoint.note(&step.subject, &step.outcome);
        Ok(Some(step))
    }

    /// Takes the next subjects from the list. Nobody is in a batch twice: its calls run side by side, so that neither
    /// request would be in the way of the other.
    fn fill(&mut self) {
        while self.batch.len() < self.job.size {
            let next = self.repeated.take();
            let Some(next) = next.or_else(|| self.subjects.next().map(Into::into)) else {
                return;
            };
            if self.batch.contains(&next) {
                self.repeated = Some(next);
                return;
            }
            self.batch.push(next);
        }
    }

    /// Works on the next batch until each of its subjects has an outcome.
    async fn work(&mut self) -> Result<(), Error> {
        if self.batch.is_empty() {
            self.fill();
            if self.batch.is_empty() {
                return Ok(());
            }
            if self.begun {
                self.job.clock().sleep(self.job.pause).await;
            }
        }
        self.begun = true;
        let before = self.doubtful.min(self.batch.len());
        if self.doubtful == 0 {
            self.checkpoint.since = self.job.clock().now();
        }
        self.doubtful = self.doubtful.max(self.batch.len());
        let since = self.checkpoint.since;
        let outcomes = outcomes(&self.job, &self.batch, before, since).await?;
        self.doubtful -= self.batch.len();
        let steps = self.batch.drain(..).zip(outcomes);
        self.ready
            .extend(steps.map(|(subject, outcome)| BulkStep { subject, outcome }));
        Ok(())
    }
}

impl<I> BulkRun<I> {
    /// How far the run is: with every subject that [`next`](BulkRun::next) has given out.
    pub fn checkpoint(&self) -> Checkpoint {
        self.checkpoint.clone()
    }

    /// How many subjects are done, and how.
    pub fn progress(&self) -> Progress {
        self.checkpoint.progress
    }
}

/// Works on a batch; for the first `doubtful` subjects a request may have been made since a moment.
async fn outcomes(
    job: &BulkJob,
    subjects: &[BulkSubject],
    doubtful: usize,
    since: Timestamp,
) -> Result<Vec<BulkOutcome>, Error> {
    let state = |place| State {
        doubtful: place < doubtful,
        ..State::default()
    };
    let mut states: Vec<State> = (0..subjects.len()).map(state).collect();
    loop {
        if states.iter().any(State::is_doubtful) {
            let made = lookup::own_requests(job, since).await?;
            for (state, subject) in states.iter_mut().zip(subjects) {
                if state.is_doubtful()
                    && let Some(request) = lookup::request_for(&made, subject)
                {
                    state.outcome = Some(BulkOutcome::Submitted(request));
                }
            }
        }
        find_assignments(job, subjects, &mut states).await;
        submit(job, subjects, &mut states).await;
        if states.iter().all(|state| state.outcome.is_some()) {
            return Ok(states
                .into_iter()
                .filter_map(|state| state.outcome)
                .collect());
        }
        // What is left may have been made, and may take a moment to be seen.
        job.clock().sleep(BEFORE_LOOKUP).await;
    }
}

/// Finds out what the subjects hold, where that matters.
async fn find_assignments(job: &BulkJob, subjects: &[BulkSubject], states: &mut [State]) {
    let assignments = job.client.entitlement().assignments();
    let mut batch = job.client.batch();
    let mut tickets = Vec::new();
    for (place, (state, subject)) in states.iter().zip(subjects).enumerate() {
        let matters = job.action == Action::Remove || state.doubtful;
        if state.outcome.is_none() && matters {
            let query = lookup::assignments_of(job, subject);
            tickets.push((place, batch.page(&assignments, query)));
        }
    }
    let mut answers = batch.send().await;
    for (place, ticket) in tickets {
        let (state, subject) = (&mut states[place], &subjects[place]);
        let held = match answers.take(ticket) {
            Ok(page) => held_among(job, subject, page).await,
            Err(error) => Err(error),
        };
        state.outcome = match (job.action, held) {
            (_, Err(error)) => Some(BulkOutcome::Failed(state.error.take().unwrap_or(error))),
            (Action::Assign, Ok(Some(_))) => Some(BulkOutcome::AlreadyAssigned),
            (Action::Remove, Ok(None)) => Some(BulkOutcome::NotAssigned),
            (_, Ok(held)) => {
                state.held = held;
                None
            }
        };
    }
}

/// The assignment that a subject holds, on this page or one of those after it.
async fn held_among(
    job: &BulkJob,
    subject: &BulkSubject,
    page: Page<Assignment>,
) -> Result<Option<Id<Assignment>>, Error> {
    let is_held = |assignment: &Assignment| lookup::is_held(job, subject, assignment);
    if let Some(held) = page.items.into_iter().find(is_held) {
        return Ok(Some(held.id));
    }
    if page.next_link.is_none() {
        return Ok(None);
    }
    let query = lookup::assignments_of(job, subject);
    let mut all = job.client.entitlement().assignments().list_with(query);
    while let Some(assignment) = all.next().await? {
        if is_held(&assignment) {
            return Ok(Some(assignment.id));
        }
    }
    Ok(None)
}

/// Makes the requests that are left.
async fn submit(job: &BulkJob, subjects: &[BulkSubject], states: &mut [State]) {
    let requests = job.client.entitlement().requests();
    let mut batch = job.client.batch();
    let mut tickets = Vec::new();
    for (place, (state, subject)) in states.iter_mut().zip(subjects).enumerate() {
        if state.outcome.is_some() {
            continue;
        }
        if state.tries >= MOST_TRIES {
            state.outcome = state.error.take().map(BulkOutcome::Failed);
            continue;
        }
        match state.draft(job, subject) {
            Some(Ok(draft)) => tickets.push((place, batch.create(&requests, &draft))),
            Some(Err(invalid)) => state.outcome = Some(BulkOutcome::Failed(invalid.into())),
            None => state.outcome = Some(BulkOutcome::NotAssigned),
        }
    }
    let mut answers = batch.send().await;
    for (place, ticket) in tickets {
        let state = &mut states[place];
        state.tries += 1;
        state.doubtful = false;
        match answers.take(ticket) {
            Ok(request) => state.outcome = Some(BulkOutcome::Submitted(request.id)),
            Err(error) if leaves_it_open(&error) => {
                state.doubtful = true;
                state.error = Some(error);
            }
            Err(error) => state.outcome = Some(BulkOutcome::of(error)),
        }
    }
}

impl State {
    fn is_doubtful(&self) -> bool {
        self.doubtful && self.outcome.is_none()
    }

    /// The request for the subject; `None` if there is nothing to ask for.
    fn draft(
        &self,
        job: &BulkJob,
        subject: &BulkSubject,
    ) -> Option<Result<AssignmentRequestDraft, Invalid>> {
        match job.action {
            Action::Assign => Some(job.addition(subject, job.policy.as_ref()?)),
            Action::Remove => Some(job.removal(self.held.as_ref()?)),
        }
    }
}

impl<I> Debug for BulkRun<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkRun")
            .field("job", &self.job)
            .field("progress", &self.checkpoint.progress)
            .finish_non_exhaustive()
    }
}
