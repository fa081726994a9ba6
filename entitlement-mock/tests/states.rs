//! States are kept, compared and gone back to.

use entitlement_core::request::RequestState;
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::scenarios::SelfService;
use entitlement_mock::snapshot::Snapshot;

type Done = Result<(), Box<dyn std::error::Error>>;

/// A tenant in which Ada has asked for access that lasts for 30 days; nothing of it is carried out yet.
async fn asked() -> Result<Tenant, Box<dyn std::error::Error>> {
    let scene = SelfService::open().await?;
    scene.ask().await?;
    Ok(scene.tenant)
}

/// How far the only request is.
async fn state(tenant: &Tenant) -> Result<Option<RequestState>, Box<dyn std::error::Error>> {
    let client = tenant.app().client();
    let mut requests = client.entitlement().requests().list();
    let request = requests.next().await?.ok_or("there is no request")?;
    Ok(request.state)
}

#[tokio::test]
async fn m15_a_fork_goes_its_own_way() -> Done {
    let tenant = asked().await?;
    let what_if = tenant.fork();
    what_if.person("bob").add();
    what_if.clock().advance(IsoDuration::days(40));

    let difference = tenant
        .snapshot()
        .difference(&what_if.snapshot())
        .to_string();
    assert!(difference.contains("+ users/bob"), "{difference}");
    assert!(difference.contains("~ now: "), "{difference}");
    assert!(
        difference.contains(r#".state: "delivered" -> "expired""#),
        "{difference}"
    );
    assert_eq!(
        tenant.snapshot().difference(&tenant.snapshot()).to_string(),
        "nothing has changed"
    );
    Ok(())
}

#[tokio::test]
async fn m16_what_was_written_down_behaves_the_same() -> Done {
    let tenant = asked().await?;
    let written = tenant.snapshot().to_json();
    let again = Tenant::restore(&Snapshot::from_json(&written)?);
    assert_eq!(again.snapshot().to_json(), written);
    for tenant in [&tenant, &again] {
        tenant.clock().advance(IsoDuration::days(31));
        tenant.person("bob").add();
    }
    assert_eq!(tenant.snapshot(), again.snapshot());
    assert_eq!(state(&tenant).await?, state(&again).await?);
    Ok(())
}

#[tokio::test]
async fn what_is_no_snapshot_is_refused_with_its_place() -> Done {
    let written = asked().await?.snapshot().to_json();
    let broken = [
        (r#""format": 1"#, r#""format": 2"#, "format 2 is not 1"),
        (
            r#""pageSize": 100"#,
            r#""pageSize": 0"#,
            "room for at least one item",
        ),
        (r#""published""#, r#""published"#, "line "),
        (
            r#""isHidden": false"#,
            r#""isHidden": "no""#,
            "packages[0][1].isHidden",
        ),
    ];
    for (right, wrong, said) in broken {
        let text = written.replacen(right, wrong, 1);
        assert_ne!(text, written, "{right}");
        let error = Snapshot::from_json(&text).expect_err(wrong).to_string();
        assert!(error.contains(said), "{error}");
    }
    let mut tree: serde_json::Value = serde_json::from_str(&written)?;
    tree["world"]["catalogs"] = serde_json::json!([]);
    let error = Snapshot::from_json(&tree.to_string())
        .expect_err("no catalog")
        .to_string();
    assert!(error.contains("belongs to the catalog"), "{error}");
    Ok(())
}

#[tokio::test]
async fn m10_time_goes_on_step_by_step() -> Done {
    let tenant = asked().await?;
    tenant.run_until_quiet();
    assert_eq!(state(&tenant).await?, Some(RequestState::Delivered));
    let before = tenant.clock().now();
    let due = tenant
        .step()
        .ok_or("the end of the assignment is planned")?;
    assert_eq!(due.duration_since(before).as_hours(), 30 * 24);
    assert_eq!(tenant.clock().now(), due);
    assert_eq!(tenant.step(), None, "nothing is left to happen");
    Ok(())
}
