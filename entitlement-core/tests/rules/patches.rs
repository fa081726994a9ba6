//! The rules of patches: those of drafts, and that what must be there is not taken away.

use entitlement_core::access_review::instance::{Instance, InstancePatch};
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::catalog::{CatalogDraft, CatalogPatch};
use entitlement_core::connected_organization::ConnectedOrganizationPatch;
use entitlement_core::directory::{GroupDraft, GroupPatch, UserPatch, UserType};
use entitlement_core::entity::Patch;
use entitlement_core::intune::app::{MobileApp, MobileAppPatch};
use entitlement_core::intune::configuration::Windows10CustomConfigurationPatch;
use entitlement_core::intune::lob::AppDetailsPatch;
use entitlement_core::intune::msi::WindowsMobileMsiPatch;
use entitlement_core::intune::oma::OmaSetting;
use entitlement_core::intune::win32::{
    Win32LobAppMsiInformation, Win32LobAppMsiPackageType, Win32LobAppPatch, Win32LobAppReturnCode,
};
use entitlement_core::package::AccessPackagePatch;
use entitlement_core::settings::EntitlementManagementSettingsPatch;
use entitlement_core::subject::{SubjectLifecycle, SubjectPatch};
use entitlement_core::wire::Field::{self, Clear, Keep, Set};
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::{Verdict, assert_rule};

/// Nothing that the rule allows to take away.
fn kept<T>(rule: &str, path: &str, value: T, verdict: impl Fn(Field<T>) -> Verdict) {
    assert_rule(rule, &[path], verdict(Clear), verdict(Set(value)));
    verdict(Keep).unwrap();
}

/// The same, and no blank text in its place.
fn named(rule: &str, path: &str, name: &str, verdict: impl Fn(Field<String>) -> Verdict) {
    for blank in ["", "  ", "\n"] {
        assert_rule(rule, &[path], verdict(blank.into()), verdict(name.into()));
    }
    kept(rule, path, name.to_owned(), verdict);
}

#[test]
fn names_can_be_changed_and_not_taken_away() {
    named("OBJ-14", "displayName", "Devices", |display_name| {
        let patch = CatalogPatch {
            display_name,
            description: Clear,
            ..CatalogPatch::default()
        };
        patch.validate()
    });
    named("OBJ-40", "displayName", "Access", |display_name| {
        let patch = AccessPackagePatch {
            display_name,
            description: Clear,
            ..AccessPackagePatch::default()
        };
        patch.validate()
    });
    named("ORG-4", "displayName", "Fabrikam", |display_name| {
        let patch = ConnectedOrganizationPatch {
            display_name,
            description: Clear,
            ..ConnectedOrganizationPatch::default()
        };
        patch.validate()
    });
    named(
        "INT-13",
        "displayName",
        "Local administrators",
        |display_name| {
            let patch = Windows10CustomConfigurationPatch {
                display_name,
                description: Clear,
                ..Windows10CustomConfigurationPatch::default()
            };
            patch.validate()
        },
    );
}

#[test]
fn groups_keep_name_and_alias() {
    let name = |display_name| {
        let patch = GroupPatch {
            display_name,
            description: Clear,
            ..GroupPatch::default()
        };
        patch.validate()
    };
    named("GRP-1", "displayName", "admins", name);
    let (long, longest) = ("ü".repeat(257), "ü".repeat(256));
    assert_rule(
        "GRP-1",
        &["displayName"],
        name(Set(long)),
        name(Set(longest)),
    );
    named("GRP-2", "mailNickname", "admins", |mail_nickname| {
        let patch = GroupPatch {
            mail_nickname,
            ..GroupPatch::default()
        };
        patch.validate()
    });
}

#[test]
fn people_keep_name_sign_in_name_and_alias() {
    named("USR-1", "displayName", "Ada Lovelace", |display_name| {
        let patch = UserPatch {
            display_name,
            department: Clear,
            ..UserPatch::default()
        };
        patch.validate()
    });
    let sign_in = |user_principal_name| {
        let patch = UserPatch {
            user_principal_name,
            ..UserPatch::default()
        };
        patch.validate()
    };
    named("USR-2", "userPrincipalName", "ada@contoso.com", sign_in);
    assert_rule(
        "USR-2",
        &["userPrincipalName"],
        sign_in(Set("ada@contoso".to_owned())),
        sign_in(Set("ada@contoso.com".to_owned())),
    );
    named("GRP-2", "mailNickname", "ada", |mail_nickname| {
        let patch = UserPatch {
            mail_nickname,
            ..UserPatch::default()
        };
        patch.validate()
    });
    kept("USR-4", "accountEnabled", false, |account_enabled| {
        let patch = UserPatch {
            account_enabled,
            ..UserPatch::default()
        };
        patch.validate()
    });
    kept("USR-4", "userType", UserType::Guest, |user_type| {
        let patch = UserPatch {
            user_type,
            ..UserPatch::default()
        };
        patch.validate()
    });
}

#[test]
fn guests_are_governed_or_not_and_go_after_a_while() {
    kept(
        "ORG-8",
        "subjectLifecycle",
        SubjectLifecycle::Governed,
        |subject_lifecycle| SubjectPatch { subject_lifecycle }.validate(),
    );
    let after = |wait: &str| {
        let patch = EntitlementManagementSettingsPatch {
            duration_until_external_user_deleted_after_blocked: Set(wait.parse().unwrap()),
            ..EntitlementManagementSettingsPatch::default()
        };
        patch.validate()
    };
    let path = ["durationUntilExternalUserDeletedAfterBlocked"];
    for (broken, legal) in [
        ("-P1D", "P0D"),
        ("P1M", "P30D"),
        ("P2W", "P14D"),
        ("P1Y", "P365D"),
    ] {
        assert_rule("ORG-9", &path, after(broken), after(legal));
    }
}

#[test]
fn reviews_that_run_have_reviewers_who_can_be_found() {
    let instance = json!({
        "id": "i1", "status": "InProgress",
        "scope": {"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": "/groups/g1/members"},
    });
    let instance: Instance = serde_json::from_value(instance).unwrap();
    let patch = || InstancePatch::of(&instance).unwrap();
    let ada = || ReviewerScope::user(&"u1".parse().unwrap());
    let by = |reviewer| patch().reviewers([reviewer]).validate();
    let nobody = by(ReviewerScope::default());
    assert_rule("REV-30", &["reviewers[0].query"], nobody, by(ada()));
    let manager = || patch().reviewers([ReviewerScope::manager()]);
    let legal = manager().fallback_reviewer(ada()).validate();
    assert_rule("REV-6", &["fallbackReviewers"], manager().validate(), legal);
}

fn msi(change: impl FnOnce(&mut WindowsMobileMsiPatch)) -> Verdict {
    let mut patch = WindowsMobileMsiPatch::default();
    change(&mut patch);
    MobileAppPatch::from(patch).validate()
}

fn win32(change: impl FnOnce(&mut Win32LobAppPatch)) -> Verdict {
    let mut patch = Win32LobAppPatch::default();
    change(&mut patch);
    MobileAppPatch::from(patch).validate()
}

#[test]
fn apps_of_both_kinds_keep_what_people_see() {
    let details: [fn(AppDetailsPatch) -> Verdict; 2] = [
        |details| msi(|patch| patch.details = details),
        |details| win32(|patch| patch.details = details),
    ];
    for verdict in details {
        let of = |change: &dyn Fn(&mut AppDetailsPatch)| {
            let mut details = AppDetailsPatch {
                description: Clear,
                ..AppDetailsPatch::default()
            };
            change(&mut details);
            verdict(details)
        };
        named("INT-1", "displayName", "Client", |name| {
            of(&|details| details.display_name = name.clone())
        });
        named("INT-1", "publisher", "Contoso", |name| {
            of(&|details| details.publisher = name.clone())
        });
        kept("INT-16", "isFeatured", true, |featured| {
            of(&|details| details.is_featured = featured)
        });
    }
    let app = json!({"id": "a1", "@odata.type": "#microsoft.graph.windowsMobileMSI"});
    let app: MobileApp = serde_json::from_value(app).unwrap();
    MobileAppPatch::publish(&app, &"1".parse().unwrap())
        .validate()
        .unwrap();
}

#[test]
fn an_msi_stays_one() {
    let code = "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}";
    named("INT-4", "fileName", "client.msi", |name| {
        msi(|patch| patch.file_name = name)
    });
    named("INT-2", "productCode", code, |code| {
        msi(|patch| patch.product_code = code)
    });
    named("INT-2", "productVersion", "1.0", |version| {
        msi(|patch| patch.product_version = version)
    });
    kept("INT-16", "ignoreVersionDetection", false, |ignored| {
        msi(|patch| patch.ignore_version_detection = ignored)
    });
    let running = |line: &str| msi(|patch| patch.command_line = line.into());
    let (broken, legal) = (running("msiexec /i client.msi"), running("/quiet"));
    assert_rule("INT-3", &["commandLine"], broken, legal);
    msi(|patch| patch.command_line = Clear).unwrap();
}

#[test]
fn a_win32_app_stays_one_that_can_be_run_and_detected() {
    named("INT-5", "fileName", "client.intunewin", |name| {
        win32(|patch| patch.file_name = name)
    });
    named("INT-5", "setupFilePath", "setup.exe", |path| {
        win32(|patch| patch.setup_file_path = path)
    });
    named("INT-5", "installCommandLine", "setup.exe", |line| {
        win32(|patch| patch.install_command_line = line)
    });
    named("INT-5", "uninstallCommandLine", "setup.exe /u", |line| {
        win32(|patch| patch.uninstall_command_line = line)
    });

    let rule = |kind: &str| {
        let rule = json!({
            "@odata.type": "#microsoft.graph.win32LobAppProductCodeRule", "ruleType": kind,
            "productCode": "{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}", "productVersionOperator": "notConfigured",
        });
        serde_json::from_value(rule).unwrap()
    };
    let rules = |rules| win32(|patch| patch.rules = rules);
    kept("INT-6", "rules", vec![rule("detection")], rules);
    let (nothing, unseen) = (rules(Set(vec![])), rules(Set(vec![rule("requirement")])));
    for broken in [nothing, unseen] {
        assert_rule(
            "INT-6",
            &["rules"],
            broken,
            rules(Set(vec![rule("detection")])),
        );
    }

    let codes = |codes| win32(|patch| patch.return_codes = codes);
    kept("INT-16", "returnCodes", vec![], codes);
    let usual = Win32LobAppReturnCode::usual;
    let twice = codes(Set([usual(), vec![usual().remove(0)]].concat()));
    let paths = ["returnCodes[0].returnCode", "returnCodes[5].returnCode"];
    assert_rule("INT-8", &paths, twice, codes(Set(usual())));

    let product = |code: &str| {
        let msi = Win32LobAppMsiInformation::builder(Win32LobAppMsiPackageType::PerUser, code);
        win32(|patch| patch.msi_information = Set(msi.build()))
    };
    let legal = product("{8A1E3C5B-0E5B-4B50-9B13-3A6D0B5E7A11}");
    assert_rule(
        "INT-2",
        &["msiInformation.productCode"],
        product("8A1E"),
        legal,
    );
    win32(|patch| patch.msi_information = Clear).unwrap();
    let architectures = win32(|patch| patch.applicable_architectures = Clear);
    assert_rule(
        "INT-16",
        &["applicableArchitectures"],
        architectures,
        win32(|_| {}),
    );
}

#[test]
fn a_configuration_keeps_settings_that_can_be_sent() {
    let settings = |oma_settings| {
        let patch = Windows10CustomConfigurationPatch {
            oma_settings,
            ..Windows10CustomConfigurationPatch::default()
        };
        patch.validate()
    };
    let setting = |uri: &str| OmaSetting::string("Members", uri, "<groups/>");
    kept(
        "INT-16",
        "omaSettings",
        vec![setting("./Device/A")],
        settings,
    );
    let broken = settings(Set(vec![setting("Device/A")]));
    let legal = settings(Set(vec![setting("./Device/A")]));
    assert_rule("INT-14", &["omaSettings[0].omaUri"], broken, legal);
}

#[test]
fn everything_wrong_with_a_patch_is_said_at_once() {
    let patch = GroupPatch {
        display_name: " ".into(),
        mail_nickname: Clear,
        ..GroupPatch::default()
    };
    assert_eq!(
        patch.validate().unwrap_err().to_string(),
        "group has 2 problems\n  \
         displayName: is blank; give a text that people will recognise [GRP-1]\n  \
         mailNickname: is taken away; leave it as it is, or set another [GRP-2]"
    );
}

proptest! {
    #[test]
    fn a_patch_sets_what_a_draft_may_have(text in "[ a-z@ü]{0,5}") {
        let patch = CatalogPatch { display_name: text.as_str().into(), ..CatalogPatch::default() };
        prop_assert_eq!(patch.validate(), CatalogDraft::builder(&text).build().map(drop));
        let patch = GroupPatch {
            display_name: text.as_str().into(),
            mail_nickname: text.as_str().into(),
            ..GroupPatch::default()
        };
        let draft = GroupDraft::microsoft_365_group(&text, &text).build();
        prop_assert_eq!(patch.validate(), draft.map(drop));
    }
}
