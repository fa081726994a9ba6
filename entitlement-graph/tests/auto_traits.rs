//! Clients, pagers and calls in flight move between threads.

use std::fmt::Debug;

use entitlement_graph::access_review::{
    AccessReviews, DefinitionHandle, HistoryDefinitionHandle, HistoryInstanceHandle,
    InstanceHandle, StageHandle,
};
use entitlement_graph::auth::authority::{Authority, AuthorityError};
use entitlement_graph::auth::client_credentials::ClientCredentials;
use entitlement_graph::auth::device_code::DeviceCode;
use entitlement_graph::auth::refresh_token::RefreshToken;
use entitlement_graph::auth::{Secret, TokenError, TokenProvider};
use entitlement_graph::batch::{Answers, Batch, Ticket};
use entitlement_graph::bulk::{BulkJob, BulkRun, BulkStep, Checkpoint};
use entitlement_graph::cloud::Cloud;
use entitlement_graph::collection::Collection;
use entitlement_graph::core::approval::StageDecision;
use entitlement_graph::core::catalog::{Catalog, CatalogDraft, CatalogPatch};
use entitlement_graph::core::directory::User;
use entitlement_graph::core::entity::Id;
use entitlement_graph::core::odata::Query;
use entitlement_graph::core::query::QueryOf;
use entitlement_graph::directory::GroupHandle;
use entitlement_graph::directory::UserHandle;
use entitlement_graph::entitlement::{
    ApprovalHandle, AssignmentHandle, CatalogHandle, ConnectedOrganizationHandle,
    EndUserSettingsHandle, Entitlement, EnvironmentHandle, PackageHandle, PackagesOn, PolicyHandle,
    RequestHandle, ResourceHandle, SettingsHandle, SubjectHandle, UploadSessionHandle,
};
use entitlement_graph::intune::uninstall::{UninstallOnExpiry, UninstallSync};
use entitlement_graph::intune::{
    AppHandle, ConfigurationHandle, ContentHandle, DeviceHandle, FileHandle, Intune,
};
use entitlement_graph::links::Links;
use entitlement_graph::paging::Pager;
use entitlement_graph::raw::RawCall;
use entitlement_graph::request::{Call, ResourcePath};
use entitlement_graph::testing::ScriptedTransport;
use entitlement_graph::{Error, GraphClient, Transport};

fn is_a_handle<T: Send + Sync + Clone + Debug + 'static>() {}

fn is_send_and_sync<T: Send + Sync + Debug + 'static>() {}

fn is_send<T: Send>(_: T) {}

#[test]
fn handles_are_shared_between_threads() {
    is_a_handle::<GraphClient>();
    is_a_handle::<Entitlement>();
    is_a_handle::<Collection<Catalog>>();
    is_a_handle::<CatalogHandle>();
    is_a_handle::<PackageHandle>();
    is_a_handle::<RequestHandle>();
    is_a_handle::<AssignmentHandle>();
    is_a_handle::<ApprovalHandle>();
    is_a_handle::<GroupHandle>();
    is_a_handle::<BulkJob>();
    is_a_handle::<Checkpoint>();
    is_a_handle::<UserHandle>();
    is_a_handle::<Links<User>>();
    is_a_handle::<RawCall>();
    is_a_handle::<ResourceHandle>();
    is_a_handle::<UploadSessionHandle>();
    is_a_handle::<EnvironmentHandle>();
    is_a_handle::<PolicyHandle>();
    is_a_handle::<ConnectedOrganizationHandle>();
    is_a_handle::<SubjectHandle>();
    is_a_handle::<SettingsHandle>();
    is_a_handle::<EndUserSettingsHandle>();
    is_a_handle::<AccessReviews>();
    is_a_handle::<DefinitionHandle>();
    is_a_handle::<InstanceHandle>();
    is_a_handle::<StageHandle>();
    is_a_handle::<HistoryDefinitionHandle>();
    is_a_handle::<HistoryInstanceHandle>();
    is_a_handle::<Intune>();
    is_a_handle::<AppHandle>();
    is_a_handle::<ContentHandle>();
    is_a_handle::<FileHandle>();
    is_a_handle::<ConfigurationHandle>();
    is_a_handle::<DeviceHandle>();
    is_a_handle::<UninstallOnExpiry>();
    is_send_and_sync::<UninstallSync>();
    is_a_handle::<Call>();
    is_a_handle::<Cloud>();
    is_a_handle::<Authority>();
    is_a_handle::<ClientCredentials>();
    is_a_handle::<DeviceCode>();
    is_a_handle::<RefreshToken>();
    is_a_handle::<Secret>();
    is_a_handle::<TokenError>();
    is_a_handle::<AuthorityError>();
    is_send_and_sync::<Box<dyn TokenProvider>>();
    is_send_and_sync::<Pager<Catalog>>();
    is_send_and_sync::<Batch>();
    is_send_and_sync::<Ticket<Catalog>>();
    is_send_and_sync::<Answers>();
    is_send_and_sync::<BulkRun<std::vec::IntoIter<Id<User>>>>();
    is_send_and_sync::<BulkStep>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<Box<dyn Transport>>();
}

#[test]
fn calls_in_flight_move_between_threads() {
    let client = GraphClient::new(ScriptedTransport::new([]));
    let entitlement = client.entitlement();
    let (id, draft) = (
        "x".parse().unwrap(),
        CatalogDraft::builder("Devices").build().unwrap(),
    );
    let (catalogs, patch) = (entitlement.catalogs(), CatalogPatch::default());
    is_send(catalogs.get(&id));
    is_send(catalogs.get_with(&id, Query::new()));
    is_send(catalogs.get_with(&id, QueryOf::new().select(Catalog::STATE)));
    is_send(catalogs.count());
    is_send(
        catalogs
            .list()
            .filter_locally(|_| true)
            .sort_locally(|_, _| std::cmp::Ordering::Equal),
    );
    is_send(catalogs.list().next());
    is_send(catalogs.list().next_page());
    is_send(catalogs.list().try_collect());
    is_send(catalogs.create(&draft));
    is_send(catalogs.update(&id, &patch));
    is_send(catalogs.delete(&id));
    is_send(
        entitlement
            .packages()
            .filter_by_current_user(PackagesOn::AllowedRequestor)
            .try_collect(),
    );

    let ada: Id<User> = "u1".parse().unwrap();
    let (request, approval) = (
        entitlement.request(&"r1".parse().unwrap()),
        entitlement.approval(&"r1".parse().unwrap()),
    );
    is_send(
        entitlement
            .package(&"p1".parse().unwrap())
            .applicable_policy_requirements(),
    );
    is_send(entitlement.assignment(&"a1".parse().unwrap()).reprocess());
    is_send(request.cancel());
    is_send(request.reprocess());
    is_send(request.approval());
    is_send(approval.get());
    is_send(approval.decide(&"s1".parse().unwrap(), &StageDecision::approve("Yes")));
    is_send(client.batch().send());
    let job = client.bulk().remove(&"p1".parse().unwrap());
    is_send(job.start(vec![ada.clone()]).next());
    is_send(client.me());
    is_send(client.manager_of(&ada));
    is_send(client.group(&"g1".parse().unwrap()).add_member(&ada));
    is_send(client.group(&"g1".parse().unwrap()).remove_member(&ada));
    is_send(client.send(Call::get(ResourcePath::new("me"))));
    is_send(client.fetch::<User>(Call::get(ResourcePath::new("me"))));
}

#[test]
fn calls_to_intune_move_between_threads() {
    let client = GraphClient::new(ScriptedTransport::new([]));
    let intune = client.intune();
    let (app, group) = ("a1".parse().unwrap(), "g1".parse().unwrap());
    let removal = intune.uninstall_on_expiry(&app, &group, &"g2".parse().unwrap());
    is_send(removal.prepare());
    is_send(removal.prepare_by_exclusion());
    is_send(removal.sync());
    is_send(intune.app(&app).install_statuses());
    is_send(intune.check_local_admins(&group));
}

#[cfg(feature = "intune-content")]
#[test]
fn uploads_move_between_threads() {
    use entitlement_graph::intune::content::progress::UploadError;
    use entitlement_graph::intune::content::source::ContentFile;
    use entitlement_graph::intune::content::upload::Upload;

    is_a_handle::<ContentFile>();
    is_a_handle::<Upload>();
    is_send_and_sync::<UploadError>();
    let client = GraphClient::new(ScriptedTransport::new([]));
    let file = ContentFile::win32("x.zip", bytes::Bytes::new());
    is_send(
        client
            .intune()
            .app(&"a1".parse().unwrap())
            .upload(&file)
            .run(),
    );
}
