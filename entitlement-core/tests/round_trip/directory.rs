//! People, groups and other objects of the directory.

use entitlement_core::directory::{
    DirectoryObject, ExternalUserState, Group, GroupAccessType, GroupVisibility, User, UserType,
};
use proptest::prelude::*;

use crate::parts::{
    Json, flag, guid, id, instant, list, member, named, number, object, round_trip, text,
};
use crate::shared::directory_object;

pub(crate) fn assigned_label() -> Json {
    object! { "displayName?": text(), "labelId?": id() }
}

pub(crate) fn assigned_license() -> Json {
    object! { "disabledPlans?": list(guid()), "skuId?": guid() }
}

pub(crate) fn license_processing_state() -> Json {
    object! { "state?": text() }
}

pub(crate) fn on_premises_extension_attributes() -> Json {
    object! {
        "extensionAttribute1?": text(), "extensionAttribute10?": text(), "extensionAttribute11?": text(),
        "extensionAttribute12?": text(), "extensionAttribute13?": text(), "extensionAttribute14?": text(),
        "extensionAttribute15?": text(), "extensionAttribute2?": text(), "extensionAttribute3?": text(),
        "extensionAttribute4?": text(), "extensionAttribute5?": text(), "extensionAttribute6?": text(),
        "extensionAttribute7?": text(), "extensionAttribute8?": text(), "extensionAttribute9?": text(),
    }
}

pub(crate) fn on_premises_provisioning_error() -> Json {
    object! {
        "category?": text(), "occurredDateTime?": instant(), "propertyCausingError?": text(), "value?": text(),
    }
}

pub(crate) fn service_provisioning_error() -> Json {
    object! { "createdDateTime?": instant(), "isResolved?": flag(), "serviceInstance?": text() }
}

pub(crate) fn group() -> Json {
    object! {
        "id": id(), "deletedDateTime?": instant(), "accessType?": member(GroupAccessType::MEMBERS),
        "allowExternalSenders?": flag(), "assignedLabels?": list(assigned_label()),
        "assignedLicenses?": list(assigned_license()), "autoSubscribeNewMembers?": flag(), "classification?": text(),
        "createdDateTime?": instant(), "description?": text(), "displayName?": text(),
        "expirationDateTime?": instant(), "groupTypes?": list(text()), "hasMembersWithLicenseErrors?": flag(),
        "hideFromAddressLists?": flag(), "hideFromOutlookClients?": flag(), "infoCatalogs?": list(text()),
        "isArchived?": flag(), "isAssignableToRole?": flag(), "isFavorite?": flag(),
        "isManagementRestricted?": flag(), "isSubscribedByMail?": flag(),
        "licenseProcessingState?": license_processing_state(), "mail?": text(), "mailEnabled?": flag(),
        "mailNickname?": text(), "membershipRule?": text(), "membershipRuleProcessingState?": text(),
        "onPremisesDomainName?": text(), "onPremisesExtensionAttributes?": on_premises_extension_attributes(),
        "onPremisesLastSyncDateTime?": instant(), "onPremisesNetBiosName?": text(),
        "onPremisesProvisioningErrors?": list(on_premises_provisioning_error()), "onPremisesSamAccountName?": text(),
        "onPremisesSecurityIdentifier?": text(), "onPremisesSyncEnabled?": flag(), "organizationId?": id(),
        "preferredDataLocation?": text(), "preferredLanguage?": text(), "proxyAddresses?": list(text()),
        "renewedDateTime?": instant(), "resourceBehaviorOptions?": list(text()),
        "resourceProvisioningOptions?": list(text()), "securityEnabled?": flag(), "securityIdentifier?": text(),
        "serviceProvisioningErrors?": list(service_provisioning_error()), "theme?": text(), "uniqueName?": text(),
        "unseenConversationsCount?": number(), "unseenCount?": number(), "unseenMessagesCount?": number(),
        "visibility?": member(GroupVisibility::MEMBERS), "welcomeMessageEnabled?": flag(),
        "acceptedSenders?": list(directory_object()), "createdOnBehalfOf?": directory_object(),
        "memberOf?": list(directory_object()), "members?": list(directory_object()),
        "membersWithLicenseErrors?": list(directory_object()), "owners?": list(directory_object()),
        "rejectedSenders?": list(directory_object()), "transitiveMemberOf?": list(directory_object()),
        "transitiveMembers?": list(directory_object()),
    }
}

fn object_identity() -> Json {
    object! { "issuer?": text(), "issuerAssignedId?": id(), "signInType?": text() }
}

fn user() -> Json {
    object! {
        "id": id(), "deletedDateTime?": instant(), "accountEnabled?": flag(), "city?": text(),
        "companyName?": text(), "country?": text(), "createdDateTime?": instant(), "department?": text(),
        "displayName?": text(), "employeeId?": id(), "employeeType?": text(),
        "externalUserState?": member(ExternalUserState::MEMBERS), "externalUserStateChangeDateTime?": instant(),
        "givenName?": text(), "identities?": list(object_identity()), "jobTitle?": text(), "mail?": text(),
        "mailNickname?": text(), "officeLocation?": text(), "onPremisesSecurityIdentifier?": text(),
        "onPremisesSyncEnabled?": flag(), "otherMails?": list(text()), "preferredLanguage?": text(),
        "securityIdentifier?": text(), "signInSessionsValidFromDateTime?": instant(), "state?": text(),
        "surname?": text(), "usageLocation?": text(), "userPrincipalName?": text(),
        "userType?": member(UserType::MEMBERS), "directReports?": list(directory_object()), "manager?": named(),
        "memberOf?": list(directory_object()), "sponsors?": list(directory_object()),
        "transitiveMemberOf?": list(directory_object()),
    }
}

proptest! {
    #[test]
    fn user_survives(json in user()) {
        round_trip::<User>(json)?;
    }

    #[test]
    fn group_survives(json in group()) {
        round_trip::<Group>(json)?;
    }

    #[test]
    fn directory_object_survives(json in directory_object()) {
        round_trip::<DirectoryObject>(json)?;
    }
}
