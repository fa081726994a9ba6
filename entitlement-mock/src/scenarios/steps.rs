//! What several scenarios do.

use entitlement_core::approval::StageDecision;
use entitlement_core::catalog::Catalog;
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::Query;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_graph::{Error, GraphClient};

use crate::tenant::Tenant;

/// Lets people agree to whatever waits for them, and the service carry it out.
pub(super) async fn approve_everything(
    tenant: &Tenant,
    approvers: &[&Id<User>],
) -> Result<(), Error> {
    tenant.run_until_quiet();
    for approver in approvers {
        let client = tenant.user(approver).client();
        let entitlement = client.entitlement();
        let requests = tenant.app().client().entitlement().requests();
        for request in requests.list().try_collect().await? {
            if request.state != Some(RequestState::PendingApproval) {
                continue;
            }
            let handle = entitlement.request(&request.id);
            let waiting = handle.pending_stage().await;
            if let Ok(Some(stage)) = waiting
                && stage.assigned_to_me == Some(true)
            {
                let yes = StageDecision::approve("Welcome");
                handle.approval_handle().decide(&stage.id, &yes).await?;
            }
        }
    }
    tenant.run_until_quiet();
    Ok(())
}

/// Makes a package that makes its holders members of a group.
pub(super) async fn package(
    client: &GraphClient,
    catalog: &Id<Catalog>,
    name: &str,
    group: &Id<Group>,
) -> Result<Id<AccessPackage>, Error> {
    let entitlement = client.entitlement();
    let request = ResourceRequestDraft::add_group(catalog, group);
    entitlement.resource_requests().create(&request).await?;
    let package = AccessPackageDraft::builder(catalog, name).build()?;
    let package = entitlement.packages().create(&package).await?.id;
    let resources = entitlement.catalog(catalog).resources();
    let query = Query::new().expand("roles").expand("scopes");
    let resources = resources.list_with(query).try_collect().await?;
    let origin = group.to_string();
    let resource = resources
        .iter()
        .find(|one| one.origin_id.as_deref() == Some(&origin));
    if let Some(resource) = resource {
        let member = RoleOrigin::member_of(group);
        let grants = RoleScopeDraft::whole_resource(resource, &member)?;
        entitlement
            .package(&package)
            .role_scopes()
            .create(&grants)
            .await?;
    }
    Ok(package)
}
