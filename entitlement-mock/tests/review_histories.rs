//! Whatever people do to a review, in whatever order: it only moves forward, only reviewers decide and only while it is
//! open, it is always about the same people, and what was applied is applied once.

use entitlement_core::access_review::decision::{
    BatchRecordDecisions, Decision, DecisionItem, DecisionPatch,
};
use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
use entitlement_core::access_review::instance::Instance;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::status::Status;
use entitlement_core::directory::{Group, GroupDraft, User};
use entitlement_core::entity::Id;
use entitlement_core::identity::Principal;
use entitlement_core::time::IsoDuration;
use entitlement_graph::access_review::InstanceHandle;
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::Tenant;
use http::Method;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::json;

/// How many people are in the group when the review starts.
const MEMBERS: usize = 3;

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    Decide {
        as_reviewer: bool,
        member: usize,
        decision: Decision,
    },
    DecideAll {
        as_reviewer: bool,
        decision: Decision,
    },
    Reset,
    Stop,
    Apply,
    Wait(u32),
    Leave(usize),
    Join,
}

fn decision() -> impl Strategy<Value = Decision> {
    prop_oneof![
        Just(Decision::Approve),
        Just(Decision::Deny),
        Just(Decision::DontKnow)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), 0..MEMBERS, decision()).prop_map(|(as_reviewer, member, decision)| {
            Step::Decide { as_reviewer, member, decision }
        }),
        2 => (any::<bool>(), decision()).prop_map(|(as_reviewer, decision)| {
            Step::DecideAll { as_reviewer, decision }
        }),
        1 => Just(Step::Reset),
        1 => Just(Step::Stop),
        2 => Just(Step::Apply),
        3 => (0..3_u32).prop_map(Step::Wait),
        1 => (0..MEMBERS).prop_map(Step::Leave),
        1 => Just(Step::Join),
    ]
}

fn settings() -> impl Strategy<Value = ScheduleSettings> {
    let default = prop_oneof![
        Just(DefaultDecision::None),
        Just(DefaultDecision::Approve),
        Just(DefaultDecision::Deny)
    ];
    (1..6, default, any::<bool>()).prop_map(|(days, default, applies_itself)| {
        let settings = ScheduleSettings::once(days).unreviewed(default);
        if applies_itself {
            settings.applied_automatically()
        } else {
            settings
        }
    })
}

/// A review of a group, and what is known about it.
struct Run {
    tenant: Tenant,
    admin: GraphClient,
    group: Id<Group>,
    members: Vec<Id<User>>,
    as_admin: InstanceHandle,
    as_reviewer: InstanceHandle,
    as_member: InstanceHandle,
    decided: Vec<Decision>,
    joined: usize,
}

impl Run {
    async fn begin(settings: ScheduleSettings) -> Result<Self, Error> {
        let tenant = Tenant::new();
        let admin = tenant.app().client();
        let draft = GroupDraft::security_group("reviewed").build()?;
        let group = admin.groups().create(&draft).await?.id;
        let mut members = Vec::new();
        for place in 0..MEMBERS {
            let member = tenant.person(&format!("member{place}")).add();
            add(&admin, &group, &member).await?;
            members.push(member);
        }
        let reviewer = tenant.person("reviewer").add();
        let scope = Scope::members_of(&group);
        let draft = ScheduleDefinitionDraft::builder("Members", scope, settings)
            .reviewer(ReviewerScope::user(&reviewer))
            .build()?;
        let review = admin.access_reviews().definitions().create(&draft).await?;
        let id: Id<Instance> = review.id.to_string().as_str().try_into().expect("an id");
        let instance =
            |client: &GraphClient| client.access_reviews().definition(&review.id).instance(&id);
        Ok(Self {
            as_admin: instance(&admin),
            as_reviewer: instance(&tenant.user(&reviewer).client()),
            as_member: instance(&tenant.user(&members[0]).client()),
            decided: vec![Decision::NotReviewed; MEMBERS],
            joined: 0,
            tenant,
            admin,
            group,
            members,
        })
    }

    async fn status(&self) -> Result<Status, Error> {
        let instance = self.as_admin.get_whole().await?;
        Ok(instance.status.expect("a status"))
    }

    async fn items(&self) -> Result<Vec<DecisionItem>, Error> {
        self.as_admin.decisions().list().try_collect().await
    }

    async fn group_members(&self) -> Result<Vec<Id<User>>, Error> {
        let members = self.admin.group(&self.group).members().list();
        let members = members.try_collect().await?.into_iter();
        Ok(members.map(|member| member.user_id()).collect())
    }

    /// Takes a step; says whether what came of it is what the rules say.
    async fn take(&mut self, step: &Step) -> Result<bool, Error> {
        let before = self.status().await?;
        let open = before == Status::InProgress;
        Ok(match step {
            Step::Decide {
                as_reviewer,
                member,
                decision,
            } => {
                let items = self.items().await?;
                let patch = patch(decision);
                let decisions = self.seen_by(*as_reviewer).decisions();
                let outcome = decisions.update(&items[*member].id, &patch).await;
                let counts = open && *as_reviewer;
                if counts {
                    self.decided[*member] = decision.clone();
                }
                outcome.is_ok() == counts
            }
            Step::DecideAll {
                as_reviewer,
                decision,
            } => {
                let batch = BatchRecordDecisions::from(patch(decision));
                let instance = self.seen_by(*as_reviewer);
                let outcome = instance.batch_record_decisions(&batch).await;
                let counts = open && *as_reviewer;
                if counts {
                    self.decided.fill(decision.clone());
                }
                outcome.is_ok() == counts
            }
            Step::Reset => {
                let outcome = self.as_admin.reset_decisions().await;
                if open {
                    self.decided.fill(Decision::NotReviewed);
                }
                outcome.is_ok() == open
            }
            Step::Stop => self.as_admin.stop().await.is_ok() == open,
            Step::Apply => {
                let outcome = self.as_admin.apply_decisions().await;
                outcome.is_ok() == (before == Status::Completed)
            }
            Step::Wait(days) => {
                self.tenant.clock().advance(IsoDuration::days(*days));
                true
            }
            Step::Leave(place) => {
                let path = format!(
                    "groups/{}/members/{}/$ref",
                    self.group, self.members[*place]
                );
                // Whoever has left already cannot leave again.
                let _gone = self.admin.raw(Method::DELETE, &path)?.done().await;
                true
            }
            Step::Join => {
                self.joined += 1;
                let newcomer = self
                    .tenant
                    .person(&format!("newcomer{}", self.joined))
                    .add();
                add(&self.admin, &self.group, &newcomer).await.is_ok()
            }
        })
    }

    fn seen_by(&self, as_reviewer: bool) -> &InstanceHandle {
        if as_reviewer {
            &self.as_reviewer
        } else {
            &self.as_member
        }
    }
}

fn patch(decision: &Decision) -> DecisionPatch {
    match decision {
        Decision::Approve => DecisionPatch::approve("yes"),
        Decision::Deny => DecisionPatch::deny("no"),
        _ => DecisionPatch::dont_know("perhaps"),
    }
}

async fn add(admin: &GraphClient, group: &Id<Group>, person: &Id<User>) -> Result<(), Error> {
    let path = format!("groups/{group}/members/$ref");
    let link = format!("https://graph.microsoft.com/v1.0/directoryObjects/{person}");
    let call = admin.raw(Method::POST, &path)?;
    call.json(&json!({"@odata.id": link}))?.done().await
}

/// How far a status is along the way (REV-41).
fn rank(status: &Status) -> usize {
    const ORDER: [Status; 8] = [
        Status::Starting,
        Status::InProgress,
        Status::Completing,
        Status::AutoReviewing,
        Status::AutoReviewed,
        Status::Completed,
        Status::Applying,
        Status::Applied,
    ];
    ORDER
        .iter()
        .position(|known| known == status)
        .expect("a status on the way")
}

fn people(items: &[DecisionItem]) -> Vec<String> {
    let ids = items
        .iter()
        .filter_map(|item| item.principal.as_ref().and_then(Principal::id));
    ids.map(str::to_owned).collect()
}

async fn holds(settings: ScheduleSettings, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let failed = |error: Error| TestCaseError::fail(error.to_string());
    let default = settings
        .default_decision
        .clone()
        .filter(|decision| *decision != DefaultDecision::None);
    let mut run = Run::begin(settings).await.map_err(failed)?;
    let mut status = run.status().await.map_err(failed)?;
    let population = people(&run.items().await.map_err(failed)?);
    let expected: Vec<String> = run.members.iter().map(ToString::to_string).collect();
    prop_assert_eq!(&population, &expected);
    for step in &steps {
        prop_assert!(
            run.take(step).await.map_err(failed)?,
            "{:?} in {}",
            step,
            status
        );
        let now = run.status().await.map_err(failed)?;
        prop_assert!(rank(&now) >= rank(&status), "{} -> {}", status, now);
        let items = run.items().await.map_err(failed)?;
        prop_assert_eq!(&people(&items), &population);
        for (item, decided) in items.iter().zip(&run.decided) {
            let shown = item.decision.as_ref();
            let filled = *decided == Decision::NotReviewed && now != Status::InProgress;
            let expected = default.as_ref().filter(|_| filled);
            let expected = expected.map_or(decided.as_str(), DefaultDecision::as_str);
            prop_assert_eq!(shown.map(Decision::as_str), Some(expected));
        }
        if status == Status::Applied && !matches!(step, Step::Leave(_) | Step::Join) {
            let members = run.group_members().await.map_err(failed)?;
            prop_assert!(run.as_admin.apply_decisions().await.is_err());
            run.tenant.clock().advance(IsoDuration::days(1));
            prop_assert_eq!(run.group_members().await.map_err(failed)?, members);
            prop_assert_eq!(run.items().await.map_err(failed)?, items);
        }
        status = now;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn reviews_keep_their_rules(settings in settings(), steps in prop::collection::vec(step(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(holds(settings, steps))?;
    }
}
