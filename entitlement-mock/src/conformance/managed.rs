//! Intune: apps on their way to being published, and configurations with their assignments.

use entitlement_core::entity::Id;
use entitlement_core::intune::app::{MobileApp, MobileAppPublishingState};
use entitlement_core::intune::assignment::{
    InstallIntent, MobileAppAssignmentDraft, MobileAppAssignments,
};
use entitlement_core::intune::binary::Binary;
use entitlement_core::intune::configuration::DeviceConfigurationAssignments;
use entitlement_core::intune::content::{MobileAppContentDraft, MobileAppContentFileDraft};
use entitlement_core::intune::lob::AppDetails;
use entitlement_core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
use entitlement_core::intune::msi::WindowsMobileMsiDraft;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_graph::GraphClient;
use entitlement_graph::intune::ContentKind;

use super::backend::Backend;
use super::fixture::new_group;

const PRODUCT: &str = "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}";

async fn new_app(admin: &GraphClient) -> Id<MobileApp> {
    let details = AppDetails::builder("MIP client", "Microsoft").build();
    let draft = WindowsMobileMsiDraft::builder(details, "MIP.msi", PRODUCT, "3.1.310.0").build();
    let draft = draft.expect("a draft").into();
    let apps = admin.intune().apps();
    apps.create(&draft).await.expect("an app").id
}

/// An app is for nobody until it is published, which it is not without content.
pub async fn int_apps_are_published_before_they_are_assigned(backend: &impl Backend) {
    let admin = backend.admin();
    let group = new_group(&admin, "MIP users").await.id;
    let id = new_app(&admin).await;
    let app = admin.intune().app(&id);
    let seen = app.get().await.expect("the app");
    let not_yet = MobileAppPublishingState::NotPublished;
    assert_eq!(seen.publishing_state, Some(not_yet));
    assert_eq!(seen.lob().and_then(|lob| lob.size), Some(0));
    let target = AssignmentTarget::group(&group);
    let row = MobileAppAssignmentDraft::new(InstallIntent::Required, target);
    let all = MobileAppAssignments::builder().assign(row).build();
    let early = app.assign(&all.expect("a list")).await;
    let early = early.expect_err("it is not published").to_string();
    assert!(early.contains("PublishingState"), "{early}");
    let apps = admin.intune().apps();
    apps.delete(&id).await.expect("the app goes");
    assert!(app.get().await.expect_err("it is gone").is_not_found());
}

/// The first version is finished before another is begun, an MSI has a manifest, and files are committed before their
/// version is chosen.
pub async fn int_content_comes_in_its_order(backend: &impl Backend) {
    let admin = backend.admin();
    let id = new_app(&admin).await;
    let app = admin.intune().app(&id);
    let content = app.contents(ContentKind::WindowsMobileMsi);
    let draft = MobileAppContentDraft::default();
    let first = content.versions().create(&draft).await.expect("a version");
    assert_eq!(first.id.to_string(), "1");
    let second = content.versions().create(&draft).await;
    let second = second.expect_err("the first is not finished").to_string();
    assert!(
        second.contains("before the first content version is committed"),
        "{second}"
    );
    let files = content.version(&first.id).files();
    let bare = MobileAppContentFileDraft::win32("MIP.msi", 3).expect("a draft");
    let bare = files
        .create(&bare)
        .await
        .expect_err("no manifest")
        .to_string();
    assert!(bare.contains("Invalid manifest"), "{bare}");
    let manifest = Binary::encode("<MobileMsiData MsiExecutionContext=\"System\"></MobileMsiData>");
    let whole = MobileAppContentFileDraft::msi("MIP.msi", 3, manifest).expect("a draft");
    let file = files.create(&whole).await.expect("a file");
    assert_eq!(file.azure_storage_uri, None);
    let seen = app.get().await.expect("the app");
    let early = app.publish(&seen, &first.id).await;
    let early = early.expect_err("the file is not committed").to_string();
    assert!(early.contains("All AppFiles must be committed"), "{early}");
    files.delete(&file.id).await.expect("the file goes");
    let left = files.list().try_collect().await.expect("the files");
    assert!(left.is_empty());
}

/// A list of assignments takes the place of the one before.
pub async fn int_configurations_are_assigned_as_a_whole(backend: &impl Backend) {
    let admin = backend.admin();
    let group = new_group(&admin, "Local administrators").await.id;
    let member = LocalMember::entra_group(&group).expect("a member");
    let policy = LocalGroupPolicy::builder("Local administrators")
        .add(LocalGroup::Administrators, member)
        .build()
        .expect("a policy");
    let draft = policy.to_configuration().expect("a configuration");
    let configurations = admin.intune().configurations();
    let made = configurations.create(&draft).await.expect("it is made");
    let handle = admin.intune().configuration(&made.id);
    assert_eq!(handle.get().await.expect("it is there"), made);
    for target in [
        AssignmentTarget::group(&group),
        AssignmentTarget::all_devices(),
    ] {
        let list = DeviceConfigurationAssignments::builder().assign(target.clone());
        let list = list.build().expect("a list");
        handle.assign(&list).await.expect("it is assigned");
        let rows = handle.assignments().list().try_collect().await;
        let rows = rows.expect("the assignments");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].target.as_ref(), Some(&target));
    }
    let also = [AssignmentTarget::group(&group)];
    let is_new = handle.assign_also(also).await.expect("it is assigned");
    assert!(is_new);
    let rows = handle.assignments().list().try_collect().await;
    assert_eq!(rows.expect("the assignments").len(), 2);
    configurations.delete(&made.id).await.expect("it goes");
    let rest = admin.intune().configurations();
    let rest = rest.list().try_collect().await;
    assert!(rest.expect("the list").is_empty());
}
