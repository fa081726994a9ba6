//! The rules of catalogs, packages and groups, which are about their names.

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::GroupDraft;
use entitlement_core::package::AccessPackageDraft;

use crate::fixture::*;

#[test]
fn catalogs_packages_and_groups_have_names() {
    let catalog = |name: &str| CatalogDraft::builder(name).build().map(drop);
    let package = |name: &str| AccessPackageDraft::builder(id(), name).build().map(drop);
    let group = |name: &str| GroupDraft::security_group(name).build().map(drop);
    let path = ["displayName"];
    for blank in ["", "  "] {
        assert_rule("OBJ-14", &path, catalog(blank), catalog("x"));
        assert_rule("OBJ-40", &path, package(blank), package("x"));
        assert_rule("GRP-1", &path, group(blank), group("x"));
    }
    assert_rule(
        "GRP-1",
        &path,
        group(&"ü".repeat(257)),
        group(&"ü".repeat(256)),
    );

    let team = |alias: &str| {
        GroupDraft::microsoft_365_group("Team", alias)
            .build()
            .map(drop)
    };
    let path = ["mailNickname"];
    assert_rule("GRP-2", &path, team(&"a".repeat(65)), team(&"a".repeat(64)));
    for broken in ["", "a b", "a@b", "a,b", "tëam", "a\"b", "a(b)"] {
        assert_rule("GRP-2", &path, team(broken), team("a-b.c_d"));
    }
}
