//! Catalogs and packages, and the resources in them.

use entitlement_core::available_package::AvailableAccessPackage;
use entitlement_core::catalog::{Catalog, CatalogState, CatalogType};
use entitlement_core::package::AccessPackage;
use entitlement_core::request::{RequestState, RequestType};
use entitlement_core::resource::{
    OriginSystem, Resource, ResourceEnvironment, ResourceRequest, RoleScope, RoleType,
    UploadSession, UploadStatus, UploadedFile,
};
use entitlement_core::suggestion::Suggestion;
use proptest::prelude::*;

use crate::custom_extensions::custom_callout_extension;
use crate::directory::group;
use crate::parts::{
    Json, bare, flag, from_the_future, id, instant, list, long, member, named, number, object,
    one_of, round_trip, tagged, text, unknown,
};
use crate::shared::{identity, question};

fn catalog() -> Json {
    object! {
        "id": id(), "catalogType?": member(CatalogType::MEMBERS), "createdDateTime?": instant(),
        "description?": text(), "displayName?": text(), "isExternallyVisible?": flag(),
        "modifiedDateTime?": instant(), "state?": member(CatalogState::MEMBERS), "accessPackages?": list(named()),
        "customWorkflowExtensions?": list(custom_callout_extension()), "resourceRoles?": list(named()),
        "resources?": list(named()), "resourceScopes?": list(named()), "later?": unknown(),
    }
}

fn resource_attribute_destination() -> Json {
    one_of(vec![
        tagged("accessPackageUserDirectoryAttributeStore", object! {}),
        from_the_future(),
    ])
}

fn resource_attribute_source() -> Json {
    one_of(vec![
        tagged(
            "accessPackageResourceAttributeQuestion",
            object! { "question?": question() },
        ),
        from_the_future(),
    ])
}

fn resource_attribute() -> Json {
    object! {
        "destination?": resource_attribute_destination(), "isEditable?": flag(),
        "isPersistedOnAssignmentRemoval?": flag(), "name?": text(), "source?": resource_attribute_source(),
    }
}

fn resource_scope() -> Json {
    object! {
        "id": id(), "description?": text(), "displayName?": text(), "isRootScope?": flag(), "originId?": id(),
        "originSystem?": member(OriginSystem::MEMBERS), "resource?": named(),
    }
}

fn custom_data_provided_resource_payloads_data() -> Json {
    object! {}
}

fn custom_data_provided_resource_upload_stats() -> Json {
    object! { "filesUploaded": number(), "totalBytesUploaded": long() }
}

fn custom_data_provided_resource_file() -> Json {
    object! { "id": id(), "name": text(), "size": long(), "uploadedDateTime": instant() }
}

fn custom_data_provided_resource_upload_session() -> Json {
    object! {
        "id": id(), "createdDateTime": instant(), "data?": custom_data_provided_resource_payloads_data(),
        "isUploadDone": flag(), "referenceId?": id(), "stats": custom_data_provided_resource_upload_stats(),
        "status": member(UploadStatus::MEMBERS), "files?": list(custom_data_provided_resource_file()),
        "later?": unknown(),
    }
}

fn resource() -> Json {
    object! {
        "id": id(), "attributes?": list(resource_attribute()), "createdDateTime?": instant(), "description?": text(),
        "displayName?": text(), "modifiedDateTime?": instant(), "originId?": id(),
        "originSystem?": member(OriginSystem::MEMBERS), "environment?": named(), "roles?": list(named()),
        "scopes?": list(resource_scope()), "uploadSessions?": list(custom_data_provided_resource_upload_session()),
    }
}

fn resource_role() -> Json {
    object! {
        "id": id(), "description?": text(), "displayName?": text(), "originId?": id(),
        "originSystem?": member(OriginSystem::MEMBERS), "type?": member(RoleType::MEMBERS), "resource?": resource(),
    }
}

fn resource_role_scope() -> Json {
    object! {
        "id": id(), "createdDateTime?": instant(), "role?": resource_role(), "scope?": resource_scope(),
    }
}

fn package() -> Json {
    object! {
        "id": id(), "createdDateTime?": instant(), "description?": text(), "displayName?": text(),
        "isHidden?": flag(), "modifiedDateTime?": instant(), "accessPackagesIncompatibleWith?": list(named()),
        "assignmentPolicies?": list(named()), "catalog?": named(), "incompatibleAccessPackages?": list(named()),
        "incompatibleGroups?": list(group()), "resourceRoleScopes?": list(resource_role_scope()),
        "later?": unknown(),
    }
}

fn connection_info() -> Json {
    object! { "url?": text() }
}

fn resource_environment() -> Json {
    object! {
        "id": id(), "connectionInfo?": connection_info(), "createdDateTime?": instant(), "description?": text(),
        "displayName?": text(), "isDefaultEnvironment?": flag(), "modifiedDateTime?": instant(), "originId?": id(),
        "originSystem?": member(OriginSystem::MEMBERS), "resources?": list(resource()),
    }
}

fn resource_request() -> Json {
    object! {
        "id": id(), "createdDateTime?": instant(), "requestType?": member(RequestType::MEMBERS),
        "state?": member(RequestState::MEMBERS), "catalog?": catalog(), "resource?": resource(),
    }
}

fn available_access_package() -> Json {
    object! {
        "id": id(), "description?": text(), "displayName?": text(), "resourceRoleScopes?": list(bare()),
    }
}

fn suggestion_reason() -> Json {
    one_of(vec![
        tagged(
            "accessPackageSuggestionRelatedPeopleBased",
            object! {
                "relatedPeople?": list(identity()), "relatedPeopleAssignmentCount": number(),
            },
        ),
        tagged(
            "accessPackageSuggestionSelfAssignmentHistoryBased",
            object! { "lastAssignmentDateTime": instant(), "pastAssignmentCount": number() },
        ),
        from_the_future(),
    ])
}

fn suggestion() -> Json {
    object! { "id": id(), "reasons?": list(suggestion_reason()), "accessPackage?": named() }
}

proptest! {
    #[test]
    fn catalog_survives(json in catalog()) {
        round_trip::<Catalog>(json)?;
    }

    #[test]
    fn package_survives(json in package()) {
        round_trip::<AccessPackage>(json)?;
    }

    #[test]
    fn resource_role_scope_survives(json in resource_role_scope()) {
        round_trip::<RoleScope>(json)?;
    }

    #[test]
    fn resource_survives(json in resource()) {
        round_trip::<Resource>(json)?;
    }

    #[test]
    fn resource_environment_survives(json in resource_environment()) {
        round_trip::<ResourceEnvironment>(json)?;
    }

    #[test]
    fn resource_request_survives(json in resource_request()) {
        round_trip::<ResourceRequest>(json)?;
    }

    #[test]
    fn available_access_package_survives(json in available_access_package()) {
        round_trip::<AvailableAccessPackage>(json)?;
    }

    #[test]
    fn suggestion_survives(json in suggestion()) {
        round_trip::<Suggestion>(json)?;
    }

    #[test]
    fn custom_data_provided_resource_upload_session_survives(json in custom_data_provided_resource_upload_session()) {
        round_trip::<UploadSession>(json)?;
    }

    #[test]
    fn custom_data_provided_resource_file_survives(json in custom_data_provided_resource_file()) {
        round_trip::<UploadedFile>(json)?;
    }
}
