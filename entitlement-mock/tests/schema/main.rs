//! Every body that the tenant sends in the whole conformance suite is what Microsoft Graph declares: no property that its
//! type does not have, no value of another type, members of enums exactly as they are spelled, moments in UTC.
//!
//! The declarations are read from `$ENTITLEMENT_SHARED/graph/schema-v1.json`; without the variable the tests say that
//! they are skipped and pass.

#![expect(clippy::expect_used, reason = "a panic is how a test fails")]

mod body;
mod checked;
mod declared;
mod place;

use serde_json::json;

use place::Place;

#[test]
fn what_is_not_declared_is_found() {
    let Some(schema) = &*declared::SCHEMA else {
        return;
    };
    let em = "/identityGovernance/entitlementManagement";
    let many = |kind: &str| Place::Many(kind.to_owned());
    let one = |kind: &str| Place::One(kind.to_owned());
    for (path, place) in [
        (format!("{em}/catalogs"), many("accessPackageCatalog")),
        (
            format!("{em}/catalogs/1/resources/2/roles"),
            many("accessPackageResourceRole"),
        ),
        (
            format!("{em}/assignments/additionalAccess()"),
            many("accessPackageAssignment"),
        ),
        (
            format!("{em}/accessPackages/filterByCurrentUser(on='x')"),
            many("accessPackage"),
        ),
        (
            format!("{em}/subjects(objectId='1')"),
            one("accessPackageSubject"),
        ),
        (
            format!("{em}/accessPackages/1/incompatibleGroups/$ref"),
            Place::Other,
        ),
        (
            "/groups/1/members/microsoft.graph.user".to_owned(),
            many("user"),
        ),
        ("/users('a@b')".to_owned(), one("user")),
    ] {
        assert_eq!(Place::of(schema, &path), place, "{path}");
    }

    let good = json!({
        "id": "1",
        "state": "published",
        "createdDateTime": "2026-01-01T00:00:00Z",
        "description": null,
    });
    let place = one("accessPackageCatalog");
    assert_eq!(body::faults(schema, &place, &good), [""; 0]);
    for (name, wrong) in [
        ("state", json!("Published")),
        ("createdDateTime", json!("2026-01-01T00:00:00+00:00")),
        ("description", json!(1)),
        ("accessPackages", json!(null)),
        ("colour", json!("red")),
        ("@odata.type", json!("#microsoft.graph.group")),
    ] {
        let mut bad = good.clone();
        bad[name] = wrong;
        assert_eq!(body::faults(schema, &place, &bad).len(), 1, "{name}");
        let list = json!({"value": [bad]});
        assert_eq!(
            body::faults(schema, &many("accessPackageCatalog"), &list).len(),
            1
        );
    }
    assert_eq!(
        body::faults_of_error(&json!({"error": {"code": "", "message": ""}})).len(),
        3
    );
}

mod answers {
    entitlement_mock::conformance_tests!(crate::checked::Checked::new());
}
