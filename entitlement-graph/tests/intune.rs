//! Intune without content: assignments that spare others, removal after access has ended, local administrators, reports.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use entitlement_graph::core::entity::Id;
use entitlement_graph::core::intune::assignment::InstallIntent;
use entitlement_graph::core::intune::assignment_change::AssignmentChange;
use entitlement_graph::core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
use entitlement_graph::core::intune::target::AssignmentTarget;
use entitlement_graph::intune::local_admins::Deployment;
use entitlement_graph::intune::uninstall::UninstallOnExpiry;
use entitlement_graph::testing::{InstantClock, ScriptedTransport, answer};
use entitlement_graph::transport::Response;
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::{Error, GraphClient};
use http::StatusCode;
use serde_json::{Value, json};

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn ok(body: &Value) -> Response {
    answer(StatusCode::OK, body.to_string())
}

fn list(items: &Value) -> Response {
    ok(&json!({"value": items}))
}

fn done() -> Response {
    answer(StatusCode::NO_CONTENT, "")
}

fn refusal(status: u16) -> Response {
    let body = json!({"error": {"code": "Request_BadRequest", "message": "no"}});
    answer(StatusCode::from_u16(status).unwrap(), body.to_string())
}

fn setup(script: impl IntoIterator<Item = Response>) -> (GraphClient, ScriptedTransport) {
    let network = ScriptedTransport::new(script.into_iter().map(Ok));
    let client = GraphClient::builder(network.clone())
        .clock(InstantClock::default())
        .retry(RetryPolicy::never())
        .build();
    (client, network)
}

/// Method and last part of the path of each request.
fn lines(network: &ScriptedTransport) -> Vec<String> {
    let line = |request: &http::Request<bytes::Bytes>| {
        let path = request.uri().path().trim_start_matches("/v1.0/");
        let end = path.split('/').skip(1).collect::<Vec<_>>().join("/");
        format!("{} {end}", request.method())
    };
    network.requests().iter().map(line).collect()
}

fn body(network: &ScriptedTransport, number: usize) -> Value {
    serde_json::from_slice(network.requests()[number].body()).unwrap()
}

fn row(id: &str, intent: &str, kind: &str, group: &str) -> Value {
    let mut target = json!({"@odata.type": format!("#microsoft.graph.{kind}AssignmentTarget")});
    if !group.is_empty() {
        target["groupId"] = group.into();
    }
    json!({"id": id, "intent": intent, "target": target, "settings": null})
}

#[tokio::test]
async fn others_rows_are_read_on_every_page_and_sent_again() {
    let mut first = json!({"value": [row("1", "required", "group", "theirs")]});
    first["@odata.nextLink"] = "https://graph.microsoft.com/v1.0/more".into();
    let second = list(&json!([row("2", "available", "allLicensedUsers", "")]));
    let (client, network) = setup([ok(&first), second, done()]);
    let ours = AssignmentTarget::group(&id("ours"));
    let change = AssignmentChange::new().assign(InstallIntent::Required, ours);
    assert!(
        client
            .intune()
            .app(&id("a1"))
            .change_assignments(&change)
            .await
            .unwrap()
    );
    let rows = body(&network, 2)["mobileAppAssignments"].clone();
    let groups: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["target"]["groupId"].clone())
        .collect();
    assert_eq!(groups, [json!("theirs"), Value::Null, json!("ours")]);
}

#[tokio::test]
async fn what_is_as_wanted_is_not_written_and_a_contradiction_is_not_sent() {
    let there = || list(&json!([row("1", "required", "group", "g1")]));
    let (client, network) = setup([there(), there()]);
    let app = client.intune().app(&id("a1"));
    let target = || AssignmentTarget::group(&id("g1"));
    let same = AssignmentChange::new().assign(InstallIntent::Required, target());
    assert!(!app.change_assignments(&same).await.unwrap());
    let other = AssignmentChange::new().assign(InstallIntent::Uninstall, target());
    let refused = app.change_assignments(&other).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(_)), "{refused}");
    assert_eq!(lines(&network), ["GET mobileApps/a1/assignments"; 2]);
}

#[tokio::test]
async fn a_report_is_read_to_its_end() {
    let part = |rows: &[&str]| {
        let values: Vec<_> = rows.iter().map(|name| json!([name, 1])).collect();
        let schema = json!([{"Column": "DeviceName"}, {"Column": "AppInstallState"}]);
        ok(&json!({"TotalRowCount": 3, "Schema": schema, "Values": values}))
    };
    let (client, network) = setup([part(&["A", "B"]), part(&["C"])]);
    let statuses = client
        .intune()
        .app(&id("a1"))
        .install_statuses()
        .await
        .unwrap();
    assert_eq!(statuses.len(), 3);
    assert_eq!(body(&network, 1)["skip"], 2);
    let (client, _) = setup([part(&[])]);
    assert!(
        client
            .intune()
            .app(&id("a1"))
            .install_statuses()
            .await
            .unwrap()
            .is_empty()
    );
}

fn removal(client: &GraphClient) -> UninstallOnExpiry {
    let intune = client.intune();
    intune
        .uninstall_on_expiry(&id("a1"), &id("access"), &id("leavers"))
        .package(&id("p1"))
}

fn people(ids: &[&str]) -> Response {
    list(&ids.iter().map(|id| json!({"id": id})).collect())
}

fn assignment(user: &str, state: &str, ended: Option<&str>) -> Value {
    let target = json!({"id": format!("s-{user}"), "objectId": user, "principalName": format!("{user}@contoso.com")});
    json!({"id": format!("as-{user}-{state}"), "state": state, "target": target, "expiredDateTime": ended})
}

#[tokio::test]
async fn the_app_is_required_for_the_one_group_and_removed_for_the_other() {
    let (client, network) = setup([
        list(&json!([row("1", "available", "group", "theirs")])),
        done(),
    ]);
    assert!(removal(&client).prepare().await.unwrap());
    let rows = body(&network, 1)["mobileAppAssignments"].clone();
    let said: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["intent"].clone(), row["target"]["groupId"].clone()))
        .collect();
    assert_eq!(
        said,
        [
            (json!("available"), json!("theirs")),
            (json!("required"), json!("access")),
            (json!("uninstall"), json!("leavers")),
        ]
    );
}

#[tokio::test]
async fn exclusion_is_refused_where_it_would_take_from_others() {
    let offered = || list(&json!([row("1", "available", "group", "theirs")]));
    let (client, _) = setup([offered()]);
    let refused = removal(&client).prepare_by_exclusion().await.unwrap_err();
    assert!(refused.to_string().contains("available"), "{refused}");
    let required = || list(&json!([row("1", "required", "group", "theirs")]));
    let (client, network) = setup([required(), required(), done()]);
    assert!(removal(&client).prepare_by_exclusion().await.unwrap());
    let rows = body(&network, 2)["mobileAppAssignments"].clone();
    let kinds: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .skip(1)
        .map(|row| {
            row["target"]["@odata.type"]
                .as_str()
                .unwrap()
                .rsplit('.')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "groupAssignmentTarget",
            "allLicensedUsersAssignmentTarget",
            "exclusionGroupAssignmentTarget"
        ]
    );
}

#[tokio::test]
async fn leavers_come_in_and_those_who_have_access_again_go_out() {
    let assignments = json!([
        assignment("ada", "expired", None), assignment("bob", "expired", None), assignment("bob", "delivering", None),
        assignment("cyd", "delivered", None), assignment("dan", "expired", None), assignment("eve", "deliveryFailed", None),
        assignment("fay", "expired", None), {"id": "x", "state": "expired"},
    ]);
    let (client, network) = setup([
        people(&["cyd", "fay"]),
        list(&assignments),
        people(&["bob", "dan", "zoe"]),
        refusal(404),
        done(),
    ]);
    let sync = removal(&client).sync().await.unwrap();
    assert_eq!(
        sync.regained,
        [id("bob")],
        "who was gone already counts as gone"
    );
    assert_eq!(
        (&*sync.added, &*sync.waiting),
        (&[id("ada")][..], &[id("dan")][..])
    );
    assert!(sync.is_complete() && sync.released.is_empty());
    assert_eq!(
        lines(&network)[3..],
        [
            "DELETE leavers/members/bob/$ref".to_owned(),
            "POST leavers/members/$ref".to_owned(),
        ]
    );
    assert!(
        sync.to_string()
            .starts_with("1 lose the app from now on, 1 have it again")
    );
}

#[tokio::test]
async fn a_second_run_does_nothing() {
    let assignments = json!([
        assignment("ada", "expired", None),
        assignment("cyd", "delivered", None)
    ]);
    let (client, network) = setup([people(&["cyd"]), list(&assignments), people(&["ada"])]);
    let sync = removal(&client).sync().await.unwrap();
    assert_eq!((sync.waiting.len(), sync.added.len()), (1, 0));
    assert_eq!(network.requests().len(), 3);
}

#[tokio::test]
async fn one_person_s_trouble_does_not_stop_the_others() {
    let assignments = json!([
        assignment("ada", "expired", None),
        assignment("bob", "expired", None),
        assignment("cyd", "expired", None),
        assignment("dan", "expired", Some("2024-01-01T00:00:00Z")),
    ]);
    let (client, _) = setup([
        people(&[]),
        list(&assignments),
        people(&[]),
        refusal(404),
        refusal(400),
        refusal(403),
        people(&["bob"]),
    ]);
    let since = "2024-06-01T00:00:00Z".parse().unwrap();
    let sync = removal(&client).ended_since(since).sync().await.unwrap();
    assert!(sync.added.is_empty());
    assert_eq!(sync.waiting, [id("bob")], "somebody else put them in");
    let failed: Vec<_> = sync
        .failed
        .iter()
        .map(|(user, error)| (user.clone(), error.status()))
        .collect();
    assert_eq!(failed, [(id("cyd"), Some(StatusCode::FORBIDDEN))]);
}

#[tokio::test]
async fn whose_devices_have_lost_the_app_may_go() {
    let assignments = json!([
        assignment("ada", "expired", None),
        assignment("bob", "expired", None),
        assignment("cyd", "expired", None),
    ]);
    let schema = json!([{"Column": "UserPrincipalName"}, {"Column": "AppInstallState"}]);
    let values = json!([
        ["Ada@contoso.com", 3],
        ["bob@contoso.com", 3],
        ["bob@contoso.com", 1],
        ["", 3]
    ]);
    let report = ok(&json!({"TotalRowCount": 4, "Schema": schema, "Values": values}));
    let (client, network) = setup([
        people(&[]),
        list(&assignments),
        people(&["ada", "bob"]),
        report,
        done(),
        done(),
    ]);
    let sync = removal(&client).release_when_gone().sync().await.unwrap();
    assert_eq!(
        (&*sync.released, &*sync.waiting),
        (&[id("ada")][..], &[id("bob")][..])
    );
    assert_eq!(sync.added, [id("cyd")], "no device has said anything yet");
    assert_eq!(network.remaining(), 0);
}

#[tokio::test]
async fn one_group_cannot_be_both() {
    let (client, network) = setup([]);
    let same = client
        .intune()
        .uninstall_on_expiry(&id("a1"), &id("g"), &id("g"));
    assert!(matches!(same.prepare().await, Err(Error::Refused { .. })));
    assert!(matches!(same.sync().await, Err(Error::Refused { .. })));
    assert!(network.requests().is_empty());
}

const GROUP: &str = "21d05557-b7b6-418f-86fa-a3118d751be4";
const SID: &str = "S-1-12-1-567301463-1099937718-295959174-3827004813";

fn policy() -> LocalGroupPolicy {
    LocalGroupPolicy::builder("Local administrators")
        .add(
            LocalGroup::Administrators,
            LocalMember::entra_group(&id(GROUP)).unwrap(),
        )
        .build()
        .unwrap()
}

fn configuration(id: &str, name: &str, value: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.windows10CustomConfiguration", "id": id, "displayName": name, "omaSettings": [
        {"@odata.type": "#microsoft.graph.omaSettingInteger", "displayName": "other", "omaUri": "./Device/Other", "value": 1},
        {"@odata.type": "#microsoft.graph.omaSettingString", "displayName": "LocalUsersAndGroups",
         "omaUri": "./Device/Vendor/MSFT/Policy/Config/LocalUsersAndGroups/Configure", "value": value,
         "secretReferenceValueId": "secret-1"}]})
}

#[tokio::test]
async fn local_administrators_are_made_once() {
    let wifi = json!({"@odata.type": "#microsoft.graph.windowsWifiConfiguration", "id": "w", "displayName": "Local administrators"});
    let rival = configuration("r", "Others", "<GroupConfiguration/>");
    let made = configuration("c1", "Local administrators", "");
    let (client, network) = setup([
        list(&json!([wifi, rival])),
        ok(&made),
        list(&json!([])),
        ok(&json!({"value": []})),
    ]);
    let deployed = client
        .intune()
        .ensure_local_groups(&policy(), [AssignmentTarget::all_devices()])
        .await
        .unwrap();
    assert_eq!(
        (deployed.change, deployed.has_new_targets),
        (Deployment::Created, true)
    );
    assert_eq!(deployed.rivals.len(), 1);
    assert!(
        body(&network, 1)["omaSettings"][0]["value"]
            .as_str()
            .unwrap()
            .contains(SID)
    );
    assert_eq!(lines(&network)[3], "POST deviceConfigurations/c1/assign");

    let stored = configuration("c1", "Local administrators", &policy().to_xml());
    let everywhere = json!([{"id": "1", "target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}}]);
    let (client, network) = setup([list(&json!([stored])), list(&everywhere)]);
    let deployed = client
        .intune()
        .ensure_local_groups(&policy(), [AssignmentTarget::all_devices()])
        .await
        .unwrap();
    assert_eq!(
        (deployed.change, deployed.has_new_targets),
        (Deployment::Unchanged, false)
    );
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test]
async fn another_text_is_replaced_and_a_hidden_one_is_asked_for() {
    let stored = configuration("c1", "Local administrators", "<old/>");
    let (client, network) = setup([list(&json!([stored])), done(), list(&json!([]))]);
    let deployed = client
        .intune()
        .ensure_local_groups(&policy(), [])
        .await
        .unwrap();
    assert_eq!(
        (deployed.change, deployed.has_new_targets),
        (Deployment::Updated, false)
    );
    let settings = body(&network, 1)["omaSettings"].clone();
    assert_eq!(
        (settings.as_array().unwrap().len(), &settings[0]["value"]),
        (2, &json!(1))
    );
    assert!(settings[1]["value"].as_str().unwrap().contains(SID));

    let hidden = configuration("c1", "Local administrators", "****");
    let (client, network) = setup([
        list(&json!([hidden])),
        ok(&json!({"value": policy().to_xml()})),
        list(&json!([])),
    ]);
    let deployed = client
        .intune()
        .ensure_local_groups(&policy(), [])
        .await
        .unwrap();
    assert_eq!(deployed.change, Deployment::Unchanged);
    assert_eq!(
        lines(&network)[1],
        "GET deviceConfigurations/c1/getOmaSettingPlainTextValue(secretReferenceValueId='secret-1')"
    );
}

#[tokio::test]
async fn a_group_is_looked_at_before_it_becomes_administrator() {
    let group = |sid: &str| ok(&json!({"id": GROUP, "securityIdentifier": sid}));
    let members = || list(&json!([{"id": "ada", "userType": "Member"}]));
    let (client, _) = setup([group(SID), members(), list(&json!([]))]);
    let check = client
        .intune()
        .check_local_admins(&id(GROUP))
        .await
        .unwrap();
    assert!(check.is_fine(), "{check}");

    let guests = list(&json!([{"id": "ada", "userType": "Guest"}]));
    let nested: Vec<_> = (0..20)
        .map(|number| json!({"id": format!("g{number}")}))
        .collect();
    let (client, _) = setup([group("S-1-12-1-1-2-3-4"), guests, list(&nested.into())]);
    let check = client
        .intune()
        .check_local_admins(&id(GROUP))
        .await
        .unwrap();
    assert_eq!(
        (check.sid_differs, check.guests.len(), check.nested_groups),
        (true, 1, 20)
    );
    assert_eq!(
        check.to_string(),
        "its id does not give the SID that devices know it by; 1 of its members are guests, who get no rights; \
         20 groups are in it, and devices look into 20 in all"
    );
}

#[cfg(feature = "beta")]
#[tokio::test]
async fn the_settings_catalog_is_at_the_beta_endpoint() {
    use entitlement_graph::core::intune::settings_catalog::ConfigurationPolicyAssignments;

    let stored = || ok(&json!({"id": "p1", "name": "Local administrators"}));
    let assigned =
        list(&json!([{"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}}]));
    let (client, network) = setup([
        stored(),
        stored(),
        list(&json!([{"id": "p1"}])),
        done(),
        done(),
        assigned,
        done(),
    ]);
    let policies = client.intune().configuration_policies();
    let made = policies.create(&(&policy()).into()).await.unwrap();
    policies.get(&made.id).await.unwrap();
    assert_eq!(policies.list().try_collect().await.unwrap().len(), 1);
    policies
        .replace(&made.id, &(&policy()).into())
        .await
        .unwrap();
    let all = ConfigurationPolicyAssignments::new([AssignmentTarget::all_devices()]).unwrap();
    policies.assign(&made.id, &all).await.unwrap();
    assert_eq!(
        policies
            .assignments(&made.id)
            .try_collect()
            .await
            .unwrap()
            .len(),
        1
    );
    policies.delete(&made.id).await.unwrap();
    let urls: Vec<_> = network
        .requests()
        .iter()
        .map(|request| {
            format!("{} {}", request.method(), request.uri())
                .replace("https://graph.microsoft.com", "")
        })
        .collect();
    let p = "/beta/deviceManagement/configurationPolicies";
    assert_eq!(
        urls,
        [
            format!("POST {p}"),
            format!("GET {p}/p1?$expand=settings"),
            format!("GET {p}"),
            format!("PUT {p}/p1"),
            format!("POST {p}/p1/assign"),
            format!("GET {p}/p1/assignments"),
            format!("DELETE {p}/p1"),
        ]
    );
}
