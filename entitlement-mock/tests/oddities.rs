//! Oddities that have been seen of the service and can be switched on, and what applications know of groups.

use entitlement_core::access_review::definition::ScheduleDefinitionDraft;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::ScheduleSettings;
use entitlement_core::access_review::stage::StageSettings;
use entitlement_core::assignment::AssignmentState;
use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::request::RequestState;
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceRequestDraft, ResourceRole, RoleOrigin, RoleScopeDraft,
};
use entitlement_core::time::IsoDuration;
use entitlement_graph::entitlement::Entitlement;
use entitlement_mock::Tenant;
use entitlement_mock::choices::{Choices, UnusedRoles};
use entitlement_mock::scenarios::SelfService;
use http::Method;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const ZEROS: &str = "00000000-0000-0000-0000-000000000000";

async fn shelf(entitlement: &Entitlement) -> Result<(Id<Catalog>, Id<AccessPackage>)> {
    let catalog = CatalogDraft::builder("Shelf").build()?;
    let catalog = entitlement.catalogs().create(&catalog).await?.id;
    let package = AccessPackageDraft::builder(&catalog, "Access").build()?;
    let package = entitlement.packages().create(&package).await?.id;
    Ok((catalog, package))
}

async fn resource(
    entitlement: &Entitlement,
    catalog: &Id<Catalog>,
    system: OriginSystem,
    origin: String,
) -> Result<Resource> {
    let add = ResourceRequestDraft::add(catalog, system, origin).build()?;
    entitlement.resource_requests().create(&add).await?;
    let all = entitlement.catalog(catalog).resources().list();
    let last = all.try_collect().await?.pop();
    Ok(last.ok_or("the resource")?)
}

#[tokio::test]
async fn obj_34_roles_may_have_no_id_before_they_are_used() -> Result<()> {
    let mut choices = Choices::default();
    choices.resources.unused_roles = UnusedRoles::HaveZeros;
    // Pages of one item: what is shown as the same id is told apart.
    let tenant = Tenant::builder().choices(choices).page_size(1).build();
    let entitlement = tenant.app().client().entitlement();
    let (catalog, package) = shelf(&entitlement).await?;
    let group = tenant.group("Sales").add();
    let group_origin = group.to_string();
    let sales = resource(&entitlement, &catalog, OriginSystem::AadGroup, group_origin).await?;
    let roles = || async {
        let all = entitlement.catalog(&catalog).resource_roles().list();
        let all: Vec<ResourceRole> = all.try_collect().await?;
        let shown = all.into_iter().map(|role| {
            let origin = role.origin_id.unwrap_or_default();
            let kind = origin.split('_').next().unwrap_or_default().to_owned();
            (kind, role.id.to_string() == ZEROS)
        });
        Result::Ok(shown.collect::<Vec<_>>())
    };
    let (member, owner) = ("Member".to_owned(), "Owner".to_owned());
    assert_eq!(
        roles().await?,
        [(member.clone(), true), (owner.clone(), true)]
    );

    // The origin is enough to grant one.
    let draft = RoleScopeDraft::whole_resource(&sales, &RoleOrigin::member_of(&group))?;
    let granted = entitlement
        .package(&package)
        .role_scopes()
        .create(&draft)
        .await?;
    assert!(!granted.id.to_string().contains(ZEROS));
    assert_eq!(roles().await?, [(member, false), (owner, true)]);
    Ok(())
}

#[tokio::test]
async fn req_23_and_asg_2_statuses_may_tell_of_mails() -> Result<()> {
    for tells in [false, true] {
        let mut choices = Choices::default();
        choices.requests.statuses_tell_of_mails = tells;
        let tenant = Tenant::builder().choices(choices).build();
        let scene = SelfService::open_in(tenant).await?;
        let request = scene.ask().await?;
        let entitlement = scene.tenant.app().client().entitlement();
        let made = entitlement.requests().get(&request).await?;
        scene.tenant.clock().advance(IsoDuration::days(31));
        let ended = entitlement.assignments().list().next().await?;
        let ended = ended.ok_or("the assignment")?;
        // States are the contract (REQ-20).
        assert_eq!(made.state, Some(RequestState::Delivered));
        assert_eq!(ended.state, Some(AssignmentState::Expired));
        let statuses = [made.status.as_deref(), ended.status.as_deref()];
        let expected = if tells {
            [
                "FulfilledNotificationTriggered",
                "ExpiredNotificationTriggered",
            ]
        } else {
            ["Delivered", "Expired"]
        };
        assert_eq!(statuses, expected.map(Some));
    }
    Ok(())
}

#[tokio::test]
async fn rev_46_a_staged_review_may_show_another_end() -> Result<()> {
    for is_odd in [false, true] {
        let mut choices = Choices::default();
        choices.reviews.staged_reviews_show_thirty_days = is_odd;
        let tenant = Tenant::builder().choices(choices).build();
        let boss = tenant.person("boss").add();
        let ada = tenant.person("ada").add();
        let group = tenant.group("Sales").member(&ada).add();
        let mut draft = ScheduleDefinitionDraft::builder(
            "Once",
            Scope::members_of(&group),
            ScheduleSettings::once(5),
        );
        for (id, depends, days) in [("1", None, 3), ("2", Some("1"), 2)] {
            let mut stage = StageSettings::open_for(days);
            stage.stage_id = Some(id.to_owned());
            stage.depends_on = depends.map(ToOwned::to_owned).into_iter().collect();
            stage.reviewers = vec![ReviewerScope::user(&boss)];
            draft = draft.stage(stage);
        }
        let reviews = tenant.app().client().access_reviews();
        let review = reviews.definitions().create(&draft.build()?).await?;
        let review = reviews.definition(&review.id);
        let instance = review
            .instances()
            .list()
            .next()
            .await?
            .ok_or("an instance")?;
        let start = instance.start_date_time.ok_or("a start")?;
        let days = if is_odd { 30 } else { 5 };
        assert_eq!(instance.end_date_time, IsoDuration::days(days).after(start));
        let stages = review.instance(&instance.id).stages().list();
        let first = stages.try_collect().await?.pop().ok_or("a stage")?;
        assert_eq!(first.end_date_time, IsoDuration::days(3).after(start));
        // It closes when its stages are over, whatever it says.
        tenant.clock().advance(IsoDuration::days(6));
        let over = review.instances().get(&instance.id).await?;
        assert_eq!(
            over.status.map(|status| status.to_string()).as_deref(),
            Some("Completed")
        );
    }
    Ok(())
}

#[tokio::test]
async fn del_10_groups_hold_roles_of_applications() -> Result<()> {
    let tenant = Tenant::new();
    let client = tenant.app().client();
    let entitlement = client.entitlement();
    let (catalog, _) = shelf(&entitlement).await?;
    let crm = tenant.application("CRM").role("Reader").add();
    let ada = tenant.person("ada").add();
    let group = tenant.group("Sales").member(&ada).add();
    let known = resource(
        &entitlement,
        &catalog,
        OriginSystem::AadApplication,
        crm.to_string(),
    )
    .await?;
    let whole: Value = client
        .raw(Method::GET, &format!("servicePrincipals/{crm}"))?
        .fetch()
        .await?;
    let role = whole["appRoles"][0]["id"]
        .as_str()
        .ok_or("a role")?
        .to_owned();
    let origin = RoleOrigin::AppRole(role.parse()?);
    let path = format!("groups/{group}/appRoleAssignments");
    let body = json!({"principalId": group, "resourceId": crm, "appRoleId": role});
    let made: Value = client
        .raw(Method::POST, &path)?
        .json(&body)?
        .fetch()
        .await?;
    assert_eq!(made["principalType"], "Group");
    assert!(
        tenant.holds(&ada, &known.id, &origin),
        "as a member of the group"
    );

    let listed: Value = client.raw(Method::GET, &path)?.fetch().await?;
    assert_eq!(listed["value"][0]["id"], made["id"]);
    let of_ada = format!("users/{ada}/appRoleAssignments");
    let own: Value = client.raw(Method::GET, &of_ada)?.fetch().await?;
    assert_eq!(own["value"], json!([]), "it is the group's");

    let gone = format!("{path}/{}", made["id"].as_str().unwrap_or_default());
    client.raw(Method::DELETE, &gone)?.done().await?;
    assert!(!tenant.holds(&ada, &known.id, &origin));
    client.raw(Method::POST, &path)?.json(&body)?.done().await?;
    client
        .raw(Method::DELETE, &format!("groups/{group}"))?
        .done()
        .await?;
    let all = format!("servicePrincipals/{crm}/appRoleAssignedTo");
    let all: Value = client.raw(Method::GET, &all)?.fetch().await?;
    assert_eq!(all["value"], json!([]), "the roles go with the group");
    Ok(())
}
