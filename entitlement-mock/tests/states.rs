//! States are kept, compared and gone back to.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::CatalogDraft;
use entitlement_core::package::AccessPackageDraft;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::request::RequestState;
use entitlement_core::schedule::Expiration;
use entitlement_core::time::IsoDuration;
use entitlement_mock::Tenant;
use entitlement_mock::snapshot::Snapshot;

type Done = Result<(), Box<dyn std::error::Error>>;

/// A tenant in which Ada has asked for access that lasts for ten days; nothing of it is carried out yet.
async fn asked() -> Result<Tenant, Box<dyn std::error::Error>> {
    let tenant = Tenant::new();
    let admin = tenant.app().client();
    let entitlement = admin.entitlement();
    let catalog = CatalogDraft::builder("Devices").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?;
    let package = AccessPackageDraft::builder(&catalog.id, "Administrators").build()?;
    let package = entitlement.packages().create(&package).await?;
    let policy = AssignmentPolicyDraft::builder(&package.id, "Everybody")
        .allowed_target_scope(AllowedTargetScope::AllMemberUsers)
        .requestor_settings(RequestorSettings::self_service())
        .expiration(Expiration::after(IsoDuration::days(10)))
        .build()?;
    entitlement.policies().create(&policy).await?;
    let ada = tenant.person("ada").display_name("Ada Lovelace").add();
    let request = AssignmentRequestDraft::user_add(&package.id).build()?;
    let client = tenant.user(&ada).client();
    client.entitlement().requests().create(&request).await?;
    Ok(tenant)
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
    what_if.clock().advance(IsoDuration::days(30));

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
        tenant.clock().advance(IsoDuration::days(11));
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
    assert_eq!(due.duration_since(before).as_hours(), 240);
    assert_eq!(tenant.clock().now(), due);
    assert_eq!(tenant.step(), None, "nothing is left to happen");
    Ok(())
}
