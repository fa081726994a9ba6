//! Carries a teardown out.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use entitlement_core::catalog::{Catalog, CatalogType};
use entitlement_core::entity::{Deletable, Id};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::resource::{ResourceRequestDraft, RoleScope};
use jiff::Timestamp;

use super::assignments::Ends;
use super::close::{close, is_open};
use super::plan::{PlannedResource, TeardownExtent, TeardownPlan, origins, packages_of};
use super::report::{Left, TeardownEvent, TeardownItem, TeardownReport};
use crate::clock::time_until;
use crate::collection::Collection;
use crate::edit::EditOptions;
use crate::entitlement::Entitlement;
use crate::error::Error;
use crate::wait::{Sight, Wait, if_found};

impl Entitlement {
    /// Prepares to take down what a plan names. Nothing happens until [`Teardown::run`].
    pub fn teardown(&self, plan: &TeardownPlan) -> Teardown {
        Teardown {
            entitlement: self.clone(),
            plan: plan.clone(),
            justification: None,
            wait: Wait::default(),
            on_event: None,
        }
    }
}

/// A teardown that has not begun.
#[derive(Clone)]
#[must_use = "nothing happens until `run`"]
pub struct Teardown {
    entitlement: Entitlement,
    plan: TeardownPlan,
    justification: Option<String>,
    wait: Wait,
    on_event: Option<Arc<Tell>>,
}

type Tell = dyn Fn(&TeardownEvent) + Send + Sync;

impl Teardown {
    /// Why, noted with each assignment that ends.
    pub fn justification(mut self, why: impl Into<String>) -> Self {
        self.justification = Some(why.into());
        self
    }

    /// How long all of it may take, and how often to look. Default 10 minutes.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Is told what happens; for looks in between, see [`Wait::on_progress`].
    pub fn on_event(mut self, tell: impl Fn(&TeardownEvent) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Arc::new(tell));
        self
    }

    /// Takes it down as far as the time allows, and says what is left.
    ///
    /// Running out of time is no error. Two runs of one client for the same package take turns.
    ///
    /// # Errors
    ///
    /// [`Error::is_permission`] if the caller lacks rights, and what no wait cures; what is done by then stays done.
    pub async fn run(&self) -> Result<TeardownReport, Error> {
        let client = self.entitlement.client();
        let turn = format!("teardown of {}", self.plan.package);
        let _turn = client.turns().take(&turn).await;
        let mut run = Run {
            job: self,
            start: client.clock().now(),
            report: TeardownReport::default(),
        };
        let is_gone = run.package().await?;
        if is_gone && self.plan.extent != TeardownExtent::Package {
            run.surroundings().await?;
        }
        Ok(run.report)
    }
}

struct Run<'a> {
    job: &'a Teardown,
    start: Timestamp,
    report: TeardownReport,
}

/// What a package consists of.
struct Parts {
    policies: Vec<AssignmentPolicy>,
    role_scopes: Vec<Id<RoleScope>>,
}

impl Run<'_> {
    /// Takes the package down; says whether it is gone.
    async fn package(&mut self) -> Result<bool, Error> {
        let job = self.job;
        let package = &job.plan.package;
        let Some(parts) = self.read("the package", || job.parts()).await? else {
            return Ok(true);
        };
        for policy in &parts.policies {
            self.close(policy).await?;
        }
        let mut ordered: Vec<TeardownItem> = Vec::new();
        ordered.extend(
            parts
                .policies
                .iter()
                .map(|one| TeardownItem::Policy(one.id.clone())),
        );
        ordered.extend(
            parts
                .role_scopes
                .iter()
                .cloned()
                .map(TeardownItem::RoleScope),
        );
        ordered.push(TeardownItem::Package(package.clone()));
        let mut in_the_way = self.end_assignments().await?;
        for item in ordered {
            if in_the_way {
                self.leave_behind(item);
            } else {
                in_the_way = !self.remove(item).await?;
            }
        }
        if in_the_way {
            self.leave_surroundings();
        }
        Ok(!in_the_way)
    }

    /// Reads what is needed to go on, and waits out what passes.
    async fn read<T, F>(&self, what: &str, read: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let client = self.job.entitlement.client();
        let what = format!("a look at {what}");
        client.wait(&self.rest(), what, read, Sight::Done).await
    }

    fn rest(&self) -> Wait {
        let now = self.job.entitlement.client().clock().now();
        self.job.wait.shortened_by(time_until(self.start, now))
    }

    fn tell(&self, event: &TeardownEvent) {
        if let Some(tell) = &self.job.on_event {
            tell(event);
        }
    }

    fn gone(&mut self, item: TeardownItem) {
        self.tell(&TeardownEvent::Gone(item.clone()));
        self.report.gone.push(item);
    }

    fn left(&mut self, item: TeardownItem, last_seen: impl Into<String>) {
        let last_seen = last_seen.into();
        self.report.left.push(Left { item, last_seen });
    }

    fn leave_behind(&mut self, item: TeardownItem) {
        self.left(item, "not tried, because of what is left before it");
    }

    fn leave_surroundings(&mut self) {
        let plan = &self.job.plan;
        for resource in &plan.resources {
            self.leave_behind(TeardownItem::Resource(resource.id.clone()));
        }
        if let (TeardownExtent::Catalog, Some(catalog)) = (plan.extent, &plan.catalog) {
            self.leave_behind(TeardownItem::Catalog(catalog.clone()));
        }
    }

    /// Nobody may ask any more. Where that does not work, the rest may all the same.
    async fn close(&self, policy: &AssignmentPolicy) -> Result<(), Error> {
        if !is_open(policy) {
            return Ok(());
        }
        let policies = self.job.entitlement.policies();
        let wait = self.rest().at_most(Duration::from_secs(60));
        let options = EditOptions::default().attempts(3).wait(wait);
        let event = match policies.edit_with(&policy.id, &options, close).await {
            Ok(_closed) => TeardownEvent::Closed(policy.id.clone()),
            Err(error) if error.is_permission() => return Err(error),
            Err(error) => TeardownEvent::NotClosed {
                policy: policy.id.clone(),
                reason: error.to_string(),
            },
        };
        self.tell(&event);
        Ok(())
    }

    /// Ends the assignments; says whether any is left.
    async fn end_assignments(&mut self) -> Result<bool, Error> {
        let job = self.job;
        let seen: Mutex<BTreeMap<String, TeardownItem>> = Mutex::default();
        let ending = |item: TeardownItem| self.tell(&TeardownEvent::Ending(item));
        let ends = Ends {
            entitlement: job.entitlement.clone(),
            package: &job.plan.package,
            justification: job.justification.as_deref(),
            ending: &ending,
            asked: Mutex::default(),
        };
        let last: Mutex<Vec<Left>> = Mutex::default();
        let judge = |left: Vec<Left>| {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.extend(
                left.iter()
                    .map(|one| (one.item.to_string(), one.item.clone())),
            );
            let sight = match left.first() {
                None => Sight::Done(()),
                Some(first) => Sight::NotYet(format!("{} are left, such as {first}", left.len())),
            };
            *last.lock().unwrap_or_else(PoisonError::into_inner) = left;
            sight
        };
        let what = format!("the assignments of package {} to end", job.plan.package);
        let client = job.entitlement.client();
        let ended = client.wait(&self.rest(), what, || ends.look(), judge).await;
        let last = last.into_inner().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        let timed_out = match ended {
            Ok(()) => None,
            Err(Error::TimedOut(timed_out)) => Some(timed_out),
            Err(error) => return Err(error),
        };
        for (name, item) in seen {
            if !last.iter().any(|left| left.item.to_string() == name) {
                self.gone(item);
            }
        }
        let Some(timed_out) = timed_out else {
            return Ok(false);
        };
        if last.is_empty() {
            // Not even a look was possible.
            self.left(
                TeardownItem::Package(job.plan.package.clone()),
                timed_out.last_seen,
            );
        }
        self.report.left.extend(last);
        Ok(true)
    }

    /// Removes one thing of the package; says whether it is gone.
    async fn remove(&mut self, item: TeardownItem) -> Result<bool, Error> {
        let entitlement = self.job.entitlement.clone();
        match &item {
            TeardownItem::Policy(id) => self.delete(&item, entitlement.policies(), id).await,
            TeardownItem::RoleScope(id) => {
                let granted = entitlement.package(&self.job.plan.package).role_scopes();
                self.delete(&item, granted, id).await
            }
            TeardownItem::Package(id) => self.delete(&item, entitlement.packages(), id).await,
            TeardownItem::Catalog(id) => self.delete(&item, entitlement.catalogs(), id).await,
            TeardownItem::Resource(_) | TeardownItem::Assignment(_) | TeardownItem::Request(_) => {
                Ok(false)
            }
        }
    }

    async fn delete<E: Deletable>(
        &mut self,
        item: &TeardownItem,
        all: Collection<E>,
        id: &Id<E>,
    ) -> Result<bool, Error> {
        let attempt = || async { refused_for_now(if_found(all.delete(id).await)) };
        self.until_gone(item, attempt).await
    }

    /// Tries until it is gone, and notes what came of it. An attempt says what stands in the way.
    async fn until_gone<F>(
        &mut self,
        item: &TeardownItem,
        attempt: impl FnMut() -> F,
    ) -> Result<bool, Error>
    where
        F: Future<Output = Result<Option<String>, Error>>,
    {
        let judge = |in_the_way: Option<String>| match in_the_way {
            None => Sight::Done(()),
            Some(what) => Sight::NotYet(what),
        };
        let client = self.job.entitlement.client();
        let what = format!("{item} to be gone");
        match client.wait(&self.rest(), what, attempt, judge).await {
            Ok(()) => {
                self.gone(item.clone());
                Ok(true)
            }
            Err(Error::TimedOut(timed_out)) => {
                self.left(item.clone(), timed_out.last_seen);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes resources and catalog down, once the package is gone.
    async fn surroundings(&mut self) -> Result<(), Error> {
        let job = self.job;
        let Some(catalog) = &job.plan.catalog else {
            return Ok(());
        };
        for resource in &job.plan.resources {
            self.resource(catalog, resource).await?;
        }
        if job.plan.extent != TeardownExtent::Catalog {
            return Ok(());
        }
        let item = TeardownItem::Catalog(catalog.clone());
        let read = || async { if_found(job.entitlement.catalogs().get(catalog).await) };
        match self.read("the catalog", read).await? {
            None => {}
            Some(found) if found.catalog_type == Some(CatalogType::ServiceDefault) => {
                self.left(item, "it is the one that every tenant has (OBJ-10)");
            }
            Some(_) => {
                let others = self
                    .read("the catalog's packages", || job.others(catalog))
                    .await?;
                if others.is_empty() {
                    self.remove(item).await?;
                } else {
                    self.left(item, format!("other packages are in it: {}", others.len()));
                }
            }
        }
        Ok(())
    }

    async fn resource(
        &mut self,
        catalog: &Id<Catalog>,
        resource: &PlannedResource,
    ) -> Result<(), Error> {
        let job = self.job;
        let item = TeardownItem::Resource(resource.id.clone());
        let others = self
            .read("the catalog's packages", || job.others(catalog))
            .await?;
        let is_granted = others
            .iter()
            .flatten()
            .any(|origin| origin.eq_ignore_ascii_case(&resource.origin_id));
        if is_granted {
            self.tell(&TeardownEvent::Kept(item.clone()));
            self.report.kept.push(item);
            return Ok(());
        }
        let there = || job.has(catalog, resource);
        if !self.read("the resource", there).await? {
            return Ok(());
        }
        let attempt = || async {
            // Looked at first: an answer that got lost may have been to something done.
            if !job.has(catalog, resource).await? {
                return Ok(None);
            }
            let draft = ResourceRequestDraft::remove(catalog, &resource.id);
            let asked = job.entitlement.resource_requests().create(&draft).await;
            let asked = if_found(asked.map(|_request| ()));
            if let Some(in_the_way) = refused_for_now(asked)? {
                return Ok(Some(in_the_way));
            }
            let is_there = job.has(catalog, resource).await?;
            Ok(is_there.then(|| "it is still in the catalog".to_owned()))
        };
        self.until_gone(&item, attempt).await?;
        Ok(())
    }
}

impl Teardown {
    /// What the package consists of; `None` if it is gone.
    async fn parts(&self) -> Result<Option<Parts>, Error> {
        let handle = self.entitlement.package(&self.plan.package);
        let Some(found) = if_found(handle.get_whole().await)? else {
            return Ok(None);
        };
        let granted = found.resource_role_scopes.items().iter();
        Ok(Some(Parts {
            policies: handle.policies().try_collect().await?,
            role_scopes: granted.map(|one| one.id.clone()).collect(),
        }))
    }

    /// In what each other package of a catalog grants roles.
    async fn others(&self, catalog: &Id<Catalog>) -> Result<Vec<Vec<String>>, Error> {
        let all = packages_of(&self.entitlement, catalog).await?;
        let others = all.iter().filter(|one| one.id != self.plan.package);
        Ok(others.map(origins).collect())
    }

    async fn has(&self, catalog: &Id<Catalog>, resource: &PlannedResource) -> Result<bool, Error> {
        let by_origin = Filter::field("originId").eq(resource.origin_id.as_str());
        let resources = self.entitlement.catalog(catalog).resources();
        let found = resources
            .list_with(Query::new().filter(by_origin))
            .try_collect();
        let found = if_found(found.await)?.unwrap_or_default();
        Ok(found.iter().any(|one| one.id == resource.id))
    }
}

/// A refusal that may be lifted once the service has caught up; everything else as it came.
fn refused_for_now(outcome: Result<Option<()>, Error>) -> Result<Option<String>, Error> {
    match outcome {
        Ok(_) => Ok(None),
        Err(error) if !error.is_permission() && (is_refusal(&error) || error.is_conflict()) => {
            Ok(Some(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

fn is_refusal(error: &Error) -> bool {
    error.status() == Some(http::StatusCode::BAD_REQUEST)
}

impl Debug for Teardown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Teardown")
            .field("plan", &self.plan)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}
