//! Custom extensions and what is exchanged with them.

use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::custom_extension::callback::CustomExtensionData;
use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstance, CustomExtensionCalloutInstanceStatus, CustomExtensionStage,
    CustomExtensionStageSetting,
};
use proptest::prelude::*;

use crate::parts::{
    Json, duration, from_the_future, id, instant, member, number, object, one_of, round_trip,
    tagged, text, unknown,
};
use crate::policies::policy_stage;

pub(crate) fn custom_extension_authentication_configuration() -> Json {
    one_of(vec![
        tagged(
            "azureAdPopTokenAuthentication",
            object! { "later?": unknown() },
        ),
        tagged(
            "azureAdTokenAuthentication",
            object! { "resourceId?": id(), "later?": unknown() },
        ),
        from_the_future(),
    ])
}

pub(crate) fn custom_extension_client_configuration() -> Json {
    object! { "maximumRetries?": number(), "timeoutInMilliseconds?": number(), "later?": unknown() }
}

pub(crate) fn custom_extension_endpoint_configuration() -> Json {
    one_of(vec![
        tagged(
            "httpRequestEndpoint",
            object! { "targetUrl?": text(), "later?": unknown() },
        ),
        tagged(
            "logicAppTriggerEndpointConfiguration",
            object! {
                "logicAppWorkflowName?": text(), "resourceGroupName?": text(), "subscriptionId?": id(),
                "url?": text(), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

pub(crate) fn custom_extension_callback_configuration() -> Json {
    one_of(vec![
        tagged(
            "accessPackageRequestApprovalStageCallbackConfiguration",
            object! { "timeoutDuration?": duration(), "later?": unknown() },
        ),
        from_the_future(),
    ])
}

pub(crate) fn custom_callout_extension() -> Json {
    one_of(vec![
        tagged(
            "accessPackageAssignmentRequestWorkflowExtension",
            object! {
                "id": id(), "authenticationConfiguration?": custom_extension_authentication_configuration(),
                "clientConfiguration?": custom_extension_client_configuration(), "description?": text(),
                "displayName?": text(), "endpointConfiguration?": custom_extension_endpoint_configuration(),
                "callbackConfiguration?": custom_extension_callback_configuration(), "createdBy?": text(),
                "createdDateTime?": instant(), "lastModifiedBy?": text(), "lastModifiedDateTime?": instant(),
                "later?": unknown(),
            },
        ),
        tagged(
            "accessPackageAssignmentWorkflowExtension",
            object! {
                "id": id(), "authenticationConfiguration?": custom_extension_authentication_configuration(),
                "clientConfiguration?": custom_extension_client_configuration(), "description?": text(),
                "displayName?": text(), "endpointConfiguration?": custom_extension_endpoint_configuration(),
                "callbackConfiguration?": custom_extension_callback_configuration(), "createdBy?": text(),
                "createdDateTime?": instant(), "lastModifiedBy?": text(), "lastModifiedDateTime?": instant(),
                "later?": unknown(),
            },
        ),
    ])
}

pub(crate) fn custom_extension_stage_setting() -> Json {
    object! {
        "id": id(), "stage?": member(CustomExtensionStage::MEMBERS), "customExtension?": custom_callout_extension(),
        "later?": unknown(),
    }
}

pub(crate) fn custom_extension_callout_instance() -> Json {
    object! {
        "customExtensionId?": id(), "detail?": text(), "externalCorrelationId?": id(), "id": id(),
        "status?": member(CustomExtensionCalloutInstanceStatus::MEMBERS),
    }
}

fn custom_extension_data() -> Json {
    one_of(vec![
        tagged(
            "accessPackageAssignmentRequestCallbackData",
            object! {
                "customExtensionStageInstanceDetail?": text(), "customExtensionStageInstanceId?": id(),
                "stage?": member(CustomExtensionStage::MEMBERS), "state?": text(),
            },
        ),
        tagged(
            "assignmentRequestApprovalStageCallbackData",
            object! {
                "customExtensionStageInstanceDetail?": text(), "customExtensionStageInstanceId?": id(),
                "stage?": member(CustomExtensionStage::MEMBERS), "state?": text(), "approvalStage?": policy_stage(),
            },
        ),
        from_the_future(),
    ])
}

proptest! {
    #[test]
    fn custom_callout_extension_survives(json in custom_callout_extension()) {
        round_trip::<CustomExtension>(json)?;
    }

    #[test]
    fn custom_extension_stage_setting_survives(json in custom_extension_stage_setting()) {
        round_trip::<CustomExtensionStageSetting>(json)?;
    }

    #[test]
    fn custom_extension_callout_instance_survives(json in custom_extension_callout_instance()) {
        round_trip::<CustomExtensionCalloutInstance>(json)?;
    }

    #[test]
    fn custom_extension_data_survives(json in custom_extension_data()) {
        round_trip::<CustomExtensionData>(json)?;
    }
}
