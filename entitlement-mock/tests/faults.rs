//! Calls fail, get lost and are throttled exactly as asked for, and nothing else changes.

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::GroupDraft;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{Request, Transport};
use entitlement_mock::faults::{CallLimit, Fault};
use entitlement_mock::{Session, Tenant};

type Done = Result<(), Box<dyn std::error::Error>>;

/// The statuses of so many calls that nobody repeats; 0 where nothing came back.
async fn statuses(session: &Session, path: &str, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(match session.send(get(path)).await {
            Ok(answer) => answer.status().as_u16(),
            Err(_) => 0,
        });
    }
    statuses
}

fn get(path: &str) -> Request {
    let mut request = Request::default();
    let url = format!("https://graph.microsoft.com/v1.0/{path}");
    *request.uri_mut() = url.parse().expect("a URL");
    request
}

/// A client that repeats nothing.
fn hasty(tenant: &Tenant) -> GraphClient {
    GraphClient::builder(tenant.app())
        .clock(tenant.clock().clone())
        .retry(RetryPolicy::never())
        .build()
}

async fn catalogs(tenant: &Tenant) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let client = tenant.app().client();
    let catalogs = client.entitlement().catalogs().list().try_collect().await?;
    Ok(catalogs
        .into_iter()
        .filter_map(|catalog| catalog.display_name)
        .collect())
}

#[tokio::test]
async fn m11_faults_strike_the_calls_that_they_are_for() {
    const CATALOGS: &str = "identityGovernance/entitlementManagement/catalogs";
    let cases = [
        (
            Fault::unavailable().times(2),
            vec![503, 503, 200, 200, 200, 200],
        ),
        (
            Fault::unavailable().nth(3),
            vec![200, 200, 503, 200, 200, 200],
        ),
        (
            Fault::unavailable().every(2),
            vec![503, 200, 503, 200, 503, 200],
        ),
        (
            Fault::unavailable().skip(1).every(2).times(2),
            vec![200, 503, 200, 503, 200, 200],
        ),
        (
            Fault::lost_request().nth(2),
            vec![200, 0, 200, 200, 200, 200],
        ),
        (
            Fault::bad_gateway().nth(1),
            vec![502, 200, 200, 200, 200, 200],
        ),
        (
            Fault::failing(200, "NoFailure").nth(1),
            vec![500, 200, 200, 200, 200, 200],
        ),
        (Fault::unavailable().on("POST", "catalogs"), vec![200; 6]),
        (
            Fault::unavailable().on("get", "CATALOGS").times(1),
            vec![503, 200, 200, 200, 200, 200],
        ),
        (Fault::unavailable().on("GET", "catalogs/*"), vec![200; 6]),
        (
            Fault::unavailable().by("ada@contoso.onmicrosoft.com"),
            vec![200; 6],
        ),
        (
            Fault::unavailable().by("app").times(1),
            vec![503, 200, 200, 200, 200, 200],
        ),
        (Fault::unavailable().chance(0.0), vec![200; 6]),
        (Fault::unavailable().chance(7.0), vec![503; 6]),
    ];
    for (fault, expected) in cases {
        let tenant = Tenant::new();
        tenant.inject(fault.clone());
        assert_eq!(
            statuses(&tenant.app(), CATALOGS, 6).await,
            expected,
            "{fault:?}"
        );
        tenant.clear_faults();
        assert_eq!(
            statuses(&tenant.app(), CATALOGS, 1).await,
            [200],
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn the_first_fault_that_strikes_decides() {
    let tenant = Tenant::new();
    tenant.inject(Fault::unavailable().nth(2));
    tenant.inject(Fault::throttled(5).times(2));
    assert_eq!(
        statuses(&tenant.app(), "users", 4).await,
        [429, 503, 429, 200]
    );
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let run = async |seed| {
        let tenant = Tenant::builder().seed(seed).build();
        tenant.inject(Fault::unavailable().chance(0.5));
        statuses(&tenant.app(), "users", 40).await
    };
    let once = run(1).await;
    assert_eq!(run(1).await, once);
    assert_ne!(run(2).await, once);
    let failed = once.iter().filter(|status| **status == 503).count();
    assert!((8..32).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn p5_lost_calls_are_carried_out_or_not() -> Done {
    let tenant = Tenant::new();
    tenant.inject(Fault::lost_request().on("POST", "catalogs").nth(1));
    tenant.inject(Fault::lost_answer().on("POST", "catalogs").nth(1));
    let client = hasty(&tenant);
    for name in ["Never arrived", "Arrived"] {
        let draft = CatalogDraft::builder(name).build()?;
        let refused = client.entitlement().catalogs().create(&draft).await;
        assert!(refused.is_err(), "{name}");
    }
    assert_eq!(catalogs(&tenant).await?, ["General", "Arrived"]);
    Ok(())
}

#[tokio::test]
async fn a_call_can_be_carried_out_and_fail_all_the_same() -> Done {
    let tenant = Tenant::new();
    tenant.inject(
        Fault::unavailable()
            .on("POST", "catalogs")
            .nth(1)
            .after_effect(),
    );
    tenant.inject(Fault::truncated_answer().on("POST", "catalogs").nth(1));
    let client = hasty(&tenant);
    for name in ["One", "Two"] {
        let draft = CatalogDraft::builder(name).build()?;
        assert!(
            client
                .entitlement()
                .catalogs()
                .create(&draft)
                .await
                .is_err(),
            "{name}"
        );
    }
    assert_eq!(catalogs(&tenant).await?, ["General", "One", "Two"]);
    Ok(())
}

#[tokio::test]
async fn what_fails_before_it_is_carried_out_changes_nothing() -> Done {
    let faults = [
        Fault::throttled(1),
        Fault::unavailable(),
        Fault::write_race(),
        Fault::lost_request(),
        Fault::bad_gateway(),
    ];
    for fault in faults {
        let tenant = Tenant::new();
        let before = tenant.snapshot();
        tenant.inject(fault.clone());
        let draft = CatalogDraft::builder("Devices").build()?;
        let refused = hasty(&tenant).entitlement().catalogs().create(&draft).await;
        assert!(refused.is_err(), "{fault:?}");
        let difference = before.difference(&tenant.snapshot());
        assert!(difference.is_empty(), "{fault:?}: {difference}");
    }
    Ok(())
}

#[tokio::test]
async fn p40_throttled_parts_of_a_batch_are_repeated_alone() -> Done {
    let tenant = Tenant::new();
    tenant.inject(Fault::throttled(7).on("POST", "groups").nth(2));
    let client = tenant.app().client();
    let began = tenant.clock().now();
    let mut batch = client.batch();
    let groups = client.groups();
    let mut parts = Vec::new();
    for name in ["one", "two", "three"] {
        parts.push(batch.create(&groups, &GroupDraft::security_group(name).build()?));
    }
    let mut answers = batch.send().await;
    for part in parts {
        answers.take(part)?;
    }
    assert_eq!(tenant.clock().now().duration_since(began).as_secs(), 7);
    let made = client.groups().list().try_collect().await?;
    assert_eq!(made.len(), 3);
    tenant.assert_clients_waited();
    Ok(())
}

#[tokio::test]
async fn m12_calls_are_really_counted() -> Done {
    let tenant = Tenant::new();
    tenant.limit_calls(CallLimit::new(3, 1, IsoDuration::seconds(20)));
    let session = tenant.app();
    assert_eq!(statuses(&session, "users", 4).await, [200, 200, 200, 429]);
    let ada = tenant.person("ada").add();
    let other = tenant.user(&ada);
    assert_eq!(
        statuses(&other, "users", 1).await,
        [200],
        "everybody has a budget of their own"
    );

    // One more read is possible once the span is over, and a client that waits does not notice.
    let began = tenant.clock().now();
    tenant.app().client().users().list().try_collect().await?;
    assert_eq!(tenant.clock().now().duration_since(began).as_secs(), 20);
    Ok(())
}

#[tokio::test]
async fn whoever_does_not_wait_is_named() {
    let tenant = Tenant::new();
    tenant.inject(Fault::throttled(30).times(1));
    let session = tenant.app();
    assert_eq!(statuses(&session, "users", 1).await, [429]);
    tenant.clock().advance(IsoDuration::seconds(29));
    assert_eq!(
        statuses(&session, "groups", 1).await,
        [200],
        "another call may be made"
    );
    assert!(tenant.early_calls().is_empty());
    statuses(&session, "users", 1).await;
    let early = tenant.early_calls();
    assert_eq!(early.len(), 1);
    assert_eq!(
        early[0].to_string(),
        "app GET /v1.0/users at 2026-01-01T00:00:29Z, though told to wait until 2026-01-01T00:00:30Z"
    );
    let caught = std::panic::catch_unwind(|| tenant.assert_clients_waited());
    assert!(caught.is_err());
}

#[tokio::test]
async fn a_slow_call_takes_the_tenants_time() {
    let tenant = Tenant::new();
    tenant.inject(Fault::slow(IsoDuration::seconds(9)).nth(1));
    let began = tenant.clock().now();
    assert_eq!(statuses(&tenant.app(), "users", 2).await, [200, 200]);
    assert_eq!(tenant.clock().now().duration_since(began).as_secs(), 9);
}

#[tokio::test]
async fn a_page_token_can_get_lost() -> Done {
    let tenant = Tenant::builder().page_size(1).build();
    for name in ["ada", "bob", "eve"] {
        tenant.person(name).add();
    }
    tenant.inject(Fault::lost_page_token().nth(2));
    let client = tenant.app().client();
    let mut users = client.users().list();
    assert!(users.next().await?.is_some());
    assert!(users.next().await?.is_some());
    let error = users.next().await.expect_err("the token is lost");
    assert!(error.to_string().contains("page token"), "{error}");
    Ok(())
}

#[test]
fn faults_are_written_down() -> Done {
    let fault = Fault::throttled(30)
        .on("GET", "catalogs/*")
        .nth(2)
        .chance(0.5);
    let text = serde_json::to_string(&fault)?;
    assert_eq!(serde_json::from_str::<Fault>(&text)?, fault);
    let short: Fault = serde_json::from_str(r#"{"effect": "lose", "times": 1}"#)?;
    assert_eq!(short, Fault::lost_request().times(1));
    let error = serde_json::from_str::<Fault>(r#"{"effect": "lose", "time": 1}"#);
    assert!(
        error
            .expect_err("no such member")
            .to_string()
            .contains("time")
    );
    Ok(())
}
