//! Ensuring over a network that loses answers, and a service that knows new groups late: nothing is made twice.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use entitlement_graph::clock::Clock;
use entitlement_graph::core::catalog::CatalogDraft;
use entitlement_graph::core::directory::{DirectoryObject, GroupDraft};
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::package::AccessPackageDraft;
use entitlement_graph::core::policy::requestor::AllowedTargetScope;
use entitlement_graph::core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_graph::core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_graph::core::schedule::Expiration;
use entitlement_graph::core::time::Timestamp;
use entitlement_graph::testing::answer;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{
    Request, Response, Transport, TransportError, TransportErrorKind,
};
use entitlement_graph::wait::Wait;
use entitlement_graph::{Error, GraphClient};
use entitlement_mock::{Session, Tenant};
use http::{Method, StatusCode};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

/// How long a new group is unknown to entitlement management (OBJ-26).
const LAG_SECONDS: i64 = 90;

/// A tenant behind a bad network: three calls in ten fail, and half of those were carried out all the same.
#[derive(Debug, Clone)]
struct Unreliable {
    tenant: Tenant,
    session: Session,
    fate: Arc<Mutex<(ChaCha8Rng, Option<Timestamp>)>>,
}

impl Unreliable {
    fn client(tenant: &Tenant, seed: u64) -> GraphClient {
        let network = Self {
            tenant: tenant.clone(),
            session: tenant.app(),
            fate: Arc::new(Mutex::new((ChaCha8Rng::seed_from_u64(seed), None))),
        };
        GraphClient::builder(network)
            .clock(tenant.clock().clone())
            .retry(RetryPolicy::default().seed(seed))
            .seed(seed)
            .build()
    }

    /// Whether the group that is to come into a catalog has not got round yet.
    fn is_too_new(&self, request: &Request) -> bool {
        let now = Clock::now(self.tenant.clock());
        let is_add =
            request.method() == Method::POST && request.uri().path().ends_with("resourceRequests");
        let mut fate = self.fate.lock().unwrap();
        is_add && now.duration_since(*fate.1.get_or_insert(now)).as_secs() < LAG_SECONDS
    }
}

#[async_trait]
impl Transport for Unreliable {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        if self.is_too_new(&request) {
            let body = json!({"error": {"code": "ResourceNotFoundInOriginSystem", "message": ""}});
            return Ok(answer(StatusCode::BAD_REQUEST, body.to_string()));
        }
        let (fails, is_done, is_silent) = {
            let rng = &mut self.fate.lock().unwrap().0;
            (rng.random_ratio(3, 10), rng.random(), rng.random())
        };
        if !fails {
            return self.session.send(request).await;
        }
        if is_done {
            self.session.send(request).await?;
        }
        if is_silent {
            return Err(TransportError::maybe_sent(TransportErrorKind::Interrupted));
        }
        Ok(answer(StatusCode::SERVICE_UNAVAILABLE, ""))
    }
}

/// Everything from the group to the policy.
async fn fill(client: &GraphClient, member: &Id<DirectoryObject>) -> Result<(), Error> {
    let (entitlement, wait) = (client.entitlement(), Wait::default());
    let group = GroupDraft::security_group("laptop-admins").build()?;
    let group = client.ensure_group(&group, &wait).await?.into_entity().id;
    client.ensure_member(&group, member, &wait).await?;
    let catalog = CatalogDraft::builder("Devices").build()?;
    let catalog = entitlement.ensure_catalog(&catalog, &wait).await?;
    let catalog = catalog.into_entity().id;
    let resource = ResourceRequestDraft::add_group(&catalog, &group);
    let resource = entitlement.ensure_resource(&resource, &wait).await?;
    let package = AccessPackageDraft::builder(&catalog, "Local administrator").build()?;
    let package = entitlement.ensure_package(&package, &wait).await?;
    let package = package.into_entity().id;
    let role = RoleScopeDraft::whole_resource(resource.entity(), &RoleOrigin::member_of(&group))?;
    entitlement
        .ensure_role_scope(&package, &role, &wait)
        .await?;
    let policy = AssignmentPolicyDraft::builder(&package, "Initial Policy")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .build()?;
    let policy = entitlement.ensure_policy(&policy, &wait).await?;
    let longer = |policy: &mut AssignmentPolicy| {
        policy.expiration = Some(Expiration::after_days(30));
    };
    let policies = entitlement.policies();
    policies.edit(&policy.entity().id, longer).await?;
    Ok(())
}

#[tokio::test]
async fn p1_p5_whatever_gets_lost_there_is_one_of_each() {
    let mut failures = 0;
    for seed in 0..60 {
        let tenant = Tenant::builder().seed(seed).build();
        let member = Id::from(&tenant.person("ada").add());
        let client = Unreliable::client(&tenant, seed);
        // Where even patience does not help, doing it all again does.
        while fill(&client, &member).await.is_err() {
            failures += 1;
            assert!(failures < 60, "seed {seed} never ends");
        }

        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let groups = admin.groups().list().try_collect().await.unwrap();
        assert_eq!(groups.len(), 1, "seed {seed}");
        let members = admin.group(&groups[0].id).members().list();
        assert_eq!(members.try_collect().await.unwrap().len(), 1, "seed {seed}");
        let catalogs = entitlement.catalogs().list().try_collect().await.unwrap();
        assert_eq!(
            catalogs.len(),
            2,
            "seed {seed}: and the one that is built in"
        );
        for catalog in &catalogs[1..] {
            let resources = entitlement.catalog(&catalog.id).resources().list();
            assert_eq!(
                resources.try_collect().await.unwrap().len(),
                1,
                "seed {seed}"
            );
        }
        let packages = entitlement.packages().list().try_collect().await.unwrap();
        assert_eq!(packages.len(), 1, "seed {seed}");
        let policies = entitlement.policies().list().try_collect().await.unwrap();
        assert_eq!(policies.len(), 1, "seed {seed}");
        assert_eq!(policies[0].expiration, Some(Expiration::after_days(30)));
    }
    assert!(failures < 20, "{failures} runs had to be begun again");
}
