//! Custom extensions in the catalogs that they belong to.

use entitlement_core::custom_extension::configuration::CallbackConfiguration;
use entitlement_core::custom_extension::stage::CustomExtensionStage as Stage;
use entitlement_core::time::IsoDuration;

use super::backend::Backend;
use super::extensions::{extension, policy_with};
use super::fixture::Shelf;

/// EXT-7, OTH-3: extensions are made, read, replaced and removed in their catalog, and not while a policy needs them.
pub async fn catalogs_keep_extensions(backend: &impl Backend) {
    let shelf = Shelf::fill(backend).await;
    let check = extension(
        &shelf,
        "Check",
        Some(CallbackConfiguration::waiting(IsoDuration::days(2))),
    )
    .await;
    let entitlement = shelf.admin.entitlement();
    let extensions = entitlement.catalog(&shelf.catalog.id).custom_extensions();
    let read = extensions.get(&check.id).await.expect("the extension");
    assert_eq!(read.kind, check.kind);
    assert_eq!(read.callback_configuration, check.callback_configuration);
    let all = extensions
        .list()
        .try_collect()
        .await
        .expect("the extensions");
    assert_eq!(all.len(), 1);
    let mut renamed = check.clone();
    renamed.display_name = Some("Check twice".to_owned());
    renamed.callback_configuration = None;
    extensions.replace(&renamed).await.expect("a change");
    let read = extensions.get(&check.id).await.expect("the extension");
    assert_eq!(read.display_name, renamed.display_name);
    assert_eq!(read.callback_configuration, None);

    let policy = policy_with(&shelf, &[], &[(Stage::AssignmentRequestGranted, &check)]).await;
    let whole = entitlement.policy(&policy.id).get_whole().await;
    let whole = whole.expect("the policy");
    let settings = whole.custom_extension_stage_settings.items();
    let called = settings[0].custom_extension.loaded().expect("an extension");
    assert_eq!(called.display_name, renamed.display_name);
    assert_eq!(settings[0].stage, Some(Stage::AssignmentRequestGranted));
    assert!(extensions.delete(&check.id).await.is_err(), "EXT-7");
    entitlement
        .policies()
        .delete(&policy.id)
        .await
        .expect("detached");
    extensions.delete(&check.id).await.expect("it goes");
    assert!(
        extensions
            .get(&check.id)
            .await
            .expect_err("gone")
            .is_not_found()
    );
}
