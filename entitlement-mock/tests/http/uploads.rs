//! An installer goes over the network, to a storage that is beside Graph there and gets no token.

use bytes::Bytes;
use entitlement_core::intune::app::MobileAppPublishingState;
use entitlement_core::intune::lob::AppDetails;
use entitlement_core::intune::win32::Win32LobAppDraft;
use entitlement_core::intune::win32_rule::Win32LobAppProductCodeRule;
use entitlement_graph::intune::content::source::ContentFile;
use entitlement_mock::Tenant;
use entitlement_mock::conformance::Backend;
use entitlement_mock::journal::Exchange;

use crate::served::Served;

#[tokio::test]
async fn a_file_is_sent_in_blocks_larger_than_calls_to_graph_may_be() {
    let tenant = Tenant::new();
    let served = Served::start(tenant.clone()).await;
    let admin = served.admin();
    let details = AppDetails::builder("MIP client", "Microsoft").build();
    let draft = Win32LobAppDraft::builder(details, "mip.zip", "setup.exe")
        .rule(Win32LobAppProductCodeRule::new(
            "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
        ))
        .install_command_line("setup.exe /S")
        .uninstall_command_line("setup.exe /U")
        .build()
        .expect("a draft");
    let apps = admin.intune().apps();
    let app = apps.create(&draft.into()).await.expect("an app");
    let file = ContentFile::win32("mip.zip", Bytes::from(vec![7; 6 << 20]));
    let upload = admin.intune().app(&app.id).upload(&file);
    let done = upload.block_size(5 << 20).run().await.expect("an upload");
    assert_eq!(
        done.app.publishing_state,
        Some(MobileAppPublishingState::Published)
    );
    let journal = tenant.journal();
    let mut stored = journal.iter().map(Exchange::url);
    assert!(stored.any(|url| url.starts_with("/blob/")));
}
