//! The rules of resources: what comes into a catalog, and which of its roles a package grants.

use entitlement_core::resource::{
    OriginSystem, Resource, ResourceEnvironment, ResourceRequestDraft, RoleOrigin, RoleScopeDraft,
};
use serde_json::{Value, json};

use crate::fixture::{Verdict, assert_rule, id};

const SITE: &str = "https://contoso.sharepoint.com/sites/clients";

fn resource(json: Value) -> Resource {
    serde_json::from_value(json).unwrap()
}

#[test]
fn what_comes_into_a_catalog_says_what_it_is() {
    let adding = |system: &str, origin: &str| -> Verdict {
        let draft = ResourceRequestDraft::add(&id(), OriginSystem::from(system), origin);
        draft.build().map(drop)
    };
    let legal = || adding("AadApplication", "a1");
    for blank in ["", "  ", "\n"] {
        let (origin, system) = (adding("AadApplication", blank), adding(blank, "a1"));
        assert_rule("OBJ-20", &["resource.originId"], origin, legal());
        assert_rule("OBJ-20", &["resource.originSystem"], system, legal());
    }
    let named = |name: &str| {
        let draft = ResourceRequestDraft::add(&id(), OriginSystem::AadApplication, "a1");
        draft.display_name(name).build().map(drop)
    };
    let path = ["resource.displayName"];
    assert_rule("OBJ-20", &path, named(" "), named("Clients"));

    let update = |origin: &str| {
        let read = json!({"id": "r1", "originId": origin, "originSystem": "AadApplication"});
        ResourceRequestDraft::update(&id(), &resource(read), []).map(drop)
    };
    assert_rule("OBJ-22", &["resource.originId"], update(" "), update("a1"));
}

#[test]
fn only_sites_live_in_environments() {
    let living = |system: &str, environment: Value| {
        let environment: ResourceEnvironment = serde_json::from_value(environment).unwrap();
        let draft = ResourceRequestDraft::add(&id(), OriginSystem::from(system), SITE);
        draft.environment(&environment).build().map(drop)
    };
    let europe = || json!({"id": "e1", "originId": "https://eu.sharepoint.com"});
    let legal = || living("SharePointOnline", europe());
    let path = ["resource.environment"];
    for system in ["AadGroup", "AadApplication", "DirectoryRole"] {
        assert_rule("OBJ-37", &path, living(system, europe()), legal());
    }
    let of = |system: &str| json!({"id": "e1", "originSystem": system});
    let elsewhere = living("SharePointOnline", of("Warehouse"));
    let at_home = living("SharePointOnline", of("SharePointOnline"));
    assert_rule("OBJ-37", &path, elsewhere, at_home);
    let new = living("Warehouse", of("Warehouse"));
    assert_rule(
        "OBJ-37",
        &path,
        living("Warehouse", of("SharePointOnline")),
        new,
    );
    let blank = living("SharePointOnline", json!({"id": "e1", "originId": ""}));
    assert_rule("OBJ-37", &["resource.environment.originId"], blank, legal());
}

#[test]
fn everything_wrong_with_an_addition_is_said_at_once() {
    let environment: ResourceEnvironment = serde_json::from_value(json!({"id": "e1"})).unwrap();
    let refused = ResourceRequestDraft::add(&id(), OriginSystem::AadGroup, "")
        .display_name("")
        .environment(&environment)
        .build()
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "accessPackageResourceRequest has 3 problems\n  \
         resource.originId: is blank; give the id in the origin system, or the URL of a site [OBJ-20]\n  \
         resource.displayName: is blank; give a text that people will recognise [OBJ-20]\n  \
         resource.environment: does not go with a resource of AadGroup; leave it out; only SharePoint sites have one \
         [OBJ-37]"
    );
}

#[test]
fn a_package_grants_roles_of_the_resource_itself() {
    let granting = |read: Value, role: &str| -> Verdict {
        RoleScopeDraft::whole_resource(&resource(read), &RoleOrigin::from(role)).map(drop)
    };
    let of = |system: &str| json!({"id": "r1", "originId": "g1", "originSystem": system});
    let group = || of("AadGroup");
    let path = ["role.originId"];
    for kind in ["Member", "Owner", "EligibleMember", "EligibleOwner"] {
        let strangers = granting(group(), &format!("{kind}_g2"));
        assert_rule(
            "OBJ-47",
            &path,
            strangers,
            granting(group(), &format!("{kind}_G1")),
        );
    }
    let app_role = "7c2a9be1-30f4-4d55-9a41-5f0e6d1c8b72";
    let roles = [
        ("AadGroup", "Member_g1"),
        ("AadApplication", app_role),
        ("SharePointOnline", "4"),
        ("DirectoryRole", "Eligible"),
    ];
    for (system, own) in roles {
        assert_rule(
            "OBJ-47",
            &path,
            granting(of(system), " "),
            granting(of(system), own),
        );
        for (other, foreign) in roles.into_iter().filter(|(other, _)| *other != system) {
            let broken = granting(of(system), foreign);
            assert_rule("OBJ-47", &path, broken, granting(of(other), foreign));
        }
        // Nobody knows what roles look like in other systems, nor which others there are in these.
        granting(of("Warehouse"), own).unwrap();
        granting(of(system), "Default Access").unwrap();
    }
}

#[test]
fn what_the_service_lists_is_a_role_of_the_resource() {
    let granting = |its_resource: Value| -> Verdict {
        let role = json!({"id": "x1", "originId": "Member_g2", "resource": its_resource});
        let read =
            json!({"id": "r1", "originId": "g1", "originSystem": "AadGroup", "roles": [role]});
        RoleScopeDraft::whole_resource(&resource(read), &RoleOrigin::from("Member_g2")).map(drop)
    };
    let legal = granting(json!({"id": "r1"}));
    assert_rule(
        "OBJ-47",
        &["role.resource"],
        granting(json!({"id": "r2"})),
        legal,
    );
}

#[test]
fn a_resource_is_granted_only_if_it_can_be_named() {
    let granting = |read: Value| -> Verdict {
        RoleScopeDraft::whole_resource(&resource(read), &RoleOrigin::from("Reader")).map(drop)
    };
    let whole =
        || granting(json!({"id": "r1", "originId": "a1", "originSystem": "AadApplication"}));
    let homeless = granting(json!({"id": "r1", "originId": "a1"}));
    assert_rule("OBJ-47", &["role.originSystem"], homeless, whole());
    for read in [
        json!({"id": "r1", "originSystem": "AadApplication"}),
        json!({"id": "r1", "originId": " ", "originSystem": "AadApplication"}),
    ] {
        assert_rule("OBJ-47", &["scope.originId"], granting(read), whole());
    }
    let scopes = json!([{"id": "s1", "isRootScope": true}]);
    granting(json!({"id": "r1", "originSystem": "AadApplication", "scopes": scopes})).unwrap();
}
