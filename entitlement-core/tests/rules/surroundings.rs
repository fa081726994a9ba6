//! The rules of what packages and policies rely on: resources, partner organisations, custom extensions, members.

use entitlement_core::connected_organization::{ConnectedOrganizationDraft, IdentitySource};
use entitlement_core::custom_extension::callback::ResumeRequest;
use entitlement_core::custom_extension::configuration::{
    AuthenticationConfiguration, CallbackConfiguration, EndpointConfiguration,
};
use entitlement_core::custom_extension::stage::CustomExtensionStage as Stage;
use entitlement_core::custom_extension::{CustomExtension, CustomExtensionDraft};
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::question::TextInputQuestion;
use entitlement_core::resource::{Resource, ResourceAttribute, ResourceRequestDraft};
use serde_json::json;

use crate::fixture::{Verdict, assert_rule, id};

#[test]
fn resources_require_attributes_that_can_be_asked_for() {
    let requiring = |attributes: Vec<ResourceAttribute>| {
        let resource = json!({"id": "r1", "originId": "a1", "originSystem": "AadApplication"});
        let resource: Resource = serde_json::from_value(resource).unwrap();
        ResourceRequestDraft::update(&id(), &resource, attributes).map(drop)
    };
    let named = |name: &str| ResourceAttribute::of_user(name, TextInputQuestion::new("Where?"));
    let many = |count: u32| {
        (0..count)
            .map(|number| named(&number.to_string()))
            .collect()
    };
    let legal = || requiring(vec![named("city"), named("office")]);
    let (first, second) = ("resource.attributes[0].name", "resource.attributes[1].name");
    assert_rule(
        "OBJ-31",
        &["resource.attributes"],
        requiring(many(21)),
        requiring(many(20)),
    );
    assert_rule(
        "OBJ-31",
        &[first],
        requiring(vec![named(" "), named("office")]),
        legal(),
    );
    let twice = requiring(vec![named("city"), named("city")]);
    assert_rule("OBJ-31", &[first, second], twice, legal());

    let of = |resource| {
        let resource: Resource = serde_json::from_value(resource).unwrap();
        ResourceRequestDraft::update(&id(), &resource, [named("city")]).map(drop)
    };
    let unknown = of(json!({"id": "r1", "originSystem": "AadApplication"}));
    assert_rule("OBJ-22", &["resource.originId"], unknown, legal());
}

#[test]
fn partner_organisations_have_a_name_and_a_source() {
    let partner = |name: &str, source| {
        let draft = ConnectedOrganizationDraft::builder(name, source);
        draft.build().map(drop)
    };
    let known = |source| partner("Fabrikam", source);
    let domain = || IdentitySource::domain("fabrikam.com");
    assert_rule(
        "ORG-4",
        &["displayName"],
        partner(" ", domain()),
        known(domain()),
    );
    let path = "identitySources[0].domainName";
    for broken in [
        "",
        "fabrikam",
        "fabrikam.",
        "ada@fabrikam.com",
        "https://fabrikam.com",
    ] {
        let broken = known(IdentitySource::domain(broken));
        assert_rule("ORG-3", &[path], broken, known(domain()));
    }
    let tenant = |id: &str| known(IdentitySource::tenant(id));
    assert_rule(
        "ORG-3",
        &["identitySources[0].tenantId"],
        tenant(" "),
        tenant("t1"),
    );
    let elsewhere = |cloud: &str| known(IdentitySource::tenant_of_cloud("t1", cloud));
    let path = ["identitySources[0].cloudInstance"];
    assert_rule(
        "ORG-3",
        &path,
        elsewhere(""),
        elsewhere("microsoftonline.us"),
    );
}

#[test]
fn custom_extensions_say_what_is_called_and_how_long_they_wait() {
    let endpoint = || EndpointConfiguration::http("https://contoso.com/hook");
    let token = || AuthenticationConfiguration::token("api://hook");
    let draft = |name: &str, endpoint, token| {
        let draft = CustomExtensionDraft::for_requests(name, endpoint, token);
        draft.build().map(drop)
    };
    let legal = || draft("Duties", endpoint(), token());
    let broken = [
        ("displayName", draft("", endpoint(), token())),
        (
            "endpointConfiguration.targetUrl",
            draft(
                "Duties",
                EndpointConfiguration::http("http://contoso.com"),
                token(),
            ),
        ),
        (
            "endpointConfiguration.resourceGroupName",
            draft(
                "Duties",
                EndpointConfiguration::logic_app("s", " ", "w"),
                token(),
            ),
        ),
        (
            "authenticationConfiguration.resourceId",
            draft("Duties", endpoint(), AuthenticationConfiguration::token("")),
        ),
    ];
    for (path, broken) in broken {
        assert_rule("EXT-1", &[path], broken, legal());
    }

    let waiting = |time: &str| -> Verdict {
        let callback = CallbackConfiguration::waiting(time.parse().unwrap());
        let draft = CustomExtensionDraft::for_requests("Duties", endpoint(), token());
        draft.callback_configuration(callback).build().map(drop)
    };
    let path = ["callbackConfiguration.timeoutDuration"];
    for (broken, legal) in [("PT4M", "PT5M"), ("P15D", "P14D"), ("P1M", "P14D")] {
        assert_rule("EXT-1", &path, waiting(broken), waiting(legal));
    }
    let callback = CallbackConfiguration::waiting("PT1H".parse().unwrap());
    let about_the_end = CustomExtensionDraft::for_assignments("Duties", endpoint(), token());
    let broken = about_the_end.callback_configuration(callback).build();
    assert_rule(
        "EXT-1",
        &["callbackConfiguration"],
        broken.map(drop),
        waiting("PT1H"),
    );
}

#[test]
fn callbacks_come_while_a_request_waits() {
    let answer = |source: &str, stage, call: &str| {
        let answer = ResumeRequest::builder(source, stage, call);
        answer.build().map(drop)
    };
    let created = || Stage::AssignmentRequestCreated;
    let legal = || answer("Contoso", created(), "call-1");
    assert_rule(
        "EXT-4",
        &["source"],
        answer(" ", created(), "call-1"),
        legal(),
    );
    let path = ["data.customExtensionStageInstanceId"];
    assert_rule("EXT-4", &path, answer("Contoso", created(), ""), legal());
    let unheard = answer("Contoso", Stage::AssignmentOneDayBeforeExpiration, "call-1");
    assert_rule("EXT-1", &["data.stage"], unheard, legal());

    let denied = |stage| {
        let answer = ResumeRequest::builder("Contoso", stage, "call-1");
        answer.deny().build().map(drop)
    };
    for (late, early) in [
        (Stage::AssignmentRequestGranted, created()),
        (
            Stage::AssignmentRequestRemoved,
            Stage::AssignmentRequestApproved,
        ),
    ] {
        assert_rule("EXT-5", &["data.state"], denied(late), denied(early));
    }
}

#[test]
fn policies_call_the_kind_of_extension_that_a_stage_has() {
    let calling = |stage| {
        let extension = json!({
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension", "id": "e1",
        });
        let extension: CustomExtension = serde_json::from_value(extension).unwrap();
        let draft = AssignmentPolicyDraft::builder(id(), "Everybody");
        draft.custom_extension(stage, &extension).build().map(drop)
    };
    let path = ["customExtensionStageSettings[0].customExtension"];
    let broken = calling(Stage::AssignmentFourteenDaysBeforeExpiration);
    assert_rule(
        "OTH-3",
        &path,
        broken,
        calling(Stage::AssignmentRequestGranted),
    );
}
