//! Partner organisations, settings and controls.

use entitlement_core::connected_organization::{
    ConnectedOrganization, ConnectedOrganizationState, SocialIdentitySourceType,
};
use entitlement_core::control_configuration::{ControlConfiguration, RelatedPeopleInsightLevel};
use entitlement_core::settings::{EntitlementManagementSettings, ExternalUserLifecycleAction};
use proptest::prelude::*;

use crate::parts::{
    Json, duration, flag, from_the_future, id, instant, list, member, object, one_of, round_trip,
    tagged, text, unknown,
};
use crate::shared::directory_object;

fn identity_source() -> Json {
    one_of(vec![
        tagged(
            "azureActiveDirectoryTenant",
            object! { "displayName?": text(), "tenantId?": id() },
        ),
        tagged(
            "crossCloudAzureActiveDirectoryTenant",
            object! { "cloudInstance": text(), "displayName?": text(), "tenantId?": id() },
        ),
        tagged(
            "domainIdentitySource",
            object! { "displayName?": text(), "domainName?": text() },
        ),
        tagged(
            "externalDomainFederation",
            object! { "displayName?": text(), "domainName?": text(), "issuerUri?": text() },
        ),
        tagged(
            "socialIdentitySource",
            object! {
                "displayName?": text(), "socialIdentitySourceType": member(SocialIdentitySourceType::MEMBERS),
            },
        ),
        from_the_future(),
    ])
}

fn connected_organization() -> Json {
    object! {
        "id": id(), "createdDateTime?": instant(), "description?": text(), "displayName?": text(),
        "identitySources?": list(identity_source()), "modifiedDateTime?": instant(),
        "state?": member(ConnectedOrganizationState::MEMBERS), "externalSponsors?": list(directory_object()),
        "internalSponsors?": list(directory_object()),
    }
}

fn entitlement_management_settings() -> Json {
    object! {
        "id": id(), "durationUntilExternalUserDeletedAfterBlocked?": duration(),
        "externalUserLifecycleAction?": member(ExternalUserLifecycleAction::MEMBERS),
    }
}

fn control_configuration() -> Json {
    one_of(vec![
        tagged(
            "endUserSettings",
            object! {
                "id": id(), "createdBy?": text(), "createdDateTime?": instant(), "isEnabled": flag(),
                "modifiedBy?": text(), "modifiedDateTime?": instant(),
                "relatedPeopleInsightLevel?": member(RelatedPeopleInsightLevel::MEMBERS),
                "showApproverDetailsToMembers": flag(), "later?": unknown(),
            },
        ),
        from_the_future(),
    ])
}

proptest! {
    #[test]
    fn connected_organization_survives(json in connected_organization()) {
        round_trip::<ConnectedOrganization>(json)?;
    }

    #[test]
    fn entitlement_management_settings_survives(json in entitlement_management_settings()) {
        round_trip::<EntitlementManagementSettings>(json)?;
    }

    #[test]
    fn control_configuration_survives(json in control_configuration()) {
        round_trip::<ControlConfiguration>(json)?;
    }
}
