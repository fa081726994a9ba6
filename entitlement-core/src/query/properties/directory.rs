//! People, groups and applications.

use crate::directory::{
    DirectoryObject, ExternalUserState, Group, GroupAccessType, GroupVisibility, ServicePrincipal,
    User, UserType,
};
use crate::entity::Id;
use crate::query::declared::{Declared, properties};
use crate::query::property::{Property, Structure, ToMany, ToOne};
use crate::time::Timestamp;

properties! {
    User = "user" {
        ID: Id<User> = "id";
        ACCOUNT_ENABLED: bool = "accountEnabled";
        CITY: String = "city";
        COMPANY_NAME: String = "companyName";
        COUNTRY: String = "country";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DELETED_DATE_TIME: Timestamp = "deletedDateTime";
        DEPARTMENT: String = "department";
        DISPLAY_NAME: String = "displayName";
        EMPLOYEE_ID: String = "employeeId";
        EMPLOYEE_TYPE: String = "employeeType";
        EXTERNAL_USER_STATE: ExternalUserState = "externalUserState";
        EXTERNAL_USER_STATE_CHANGE_DATE_TIME: Timestamp = "externalUserStateChangeDateTime";
        GIVEN_NAME: String = "givenName";
        IDENTITIES: Structure = "identities";
        JOB_TITLE: String = "jobTitle";
        MAIL: String = "mail";
        MAIL_NICKNAME: String = "mailNickname";
        OFFICE_LOCATION: String = "officeLocation";
        ON_PREMISES_SECURITY_IDENTIFIER: String = "onPremisesSecurityIdentifier";
        ON_PREMISES_SYNC_ENABLED: bool = "onPremisesSyncEnabled";
        OTHER_MAILS: Vec<String> = "otherMails";
        PREFERRED_LANGUAGE: String = "preferredLanguage";
        SECURITY_IDENTIFIER: String = "securityIdentifier";
        SIGN_IN_SESSIONS_VALID_FROM_DATE_TIME: Timestamp = "signInSessionsValidFromDateTime";
        STATE: String = "state";
        SURNAME: String = "surname";
        USAGE_LOCATION: String = "usageLocation";
        USER_PRINCIPAL_NAME: String = "userPrincipalName";
        USER_TYPE: UserType = "userType";
        DIRECT_REPORTS => DirectoryObject = "directReports";
        MANAGER -> User = "manager";
        MEMBER_OF => DirectoryObject = "memberOf";
        SPONSORS => DirectoryObject = "sponsors";
        TRANSITIVE_MEMBER_OF => DirectoryObject = "transitiveMemberOf";
    }

    Group = "group" {
        ID: Id<Group> = "id";
        ACCESS_TYPE: GroupAccessType = "accessType";
        ALLOW_EXTERNAL_SENDERS: bool = "allowExternalSenders";
        ASSIGNED_LABELS: Structure = "assignedLabels";
        ASSIGNED_LICENSES: Structure = "assignedLicenses";
        AUTO_SUBSCRIBE_NEW_MEMBERS: bool = "autoSubscribeNewMembers";
        CLASSIFICATION: String = "classification";
        CREATED_DATE_TIME: Timestamp = "createdDateTime";
        DELETED_DATE_TIME: Timestamp = "deletedDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        EXPIRATION_DATE_TIME: Timestamp = "expirationDateTime";
        GROUP_TYPES: Vec<String> = "groupTypes";
        HAS_MEMBERS_WITH_LICENSE_ERRORS: bool = "hasMembersWithLicenseErrors";
        HIDE_FROM_ADDRESS_LISTS: bool = "hideFromAddressLists";
        HIDE_FROM_OUTLOOK_CLIENTS: bool = "hideFromOutlookClients";
        INFO_CATALOGS: Vec<String> = "infoCatalogs";
        IS_ARCHIVED: bool = "isArchived";
        IS_ASSIGNABLE_TO_ROLE: bool = "isAssignableToRole";
        IS_FAVORITE: bool = "isFavorite";
        IS_MANAGEMENT_RESTRICTED: bool = "isManagementRestricted";
        IS_SUBSCRIBED_BY_MAIL: bool = "isSubscribedByMail";
        LICENSE_PROCESSING_STATE: Structure = "licenseProcessingState";
        MAIL: String = "mail";
        MAIL_ENABLED: bool = "mailEnabled";
        MAIL_NICKNAME: String = "mailNickname";
        MEMBERSHIP_RULE: String = "membershipRule";
        MEMBERSHIP_RULE_PROCESSING_STATE: String = "membershipRuleProcessingState";
        ON_PREMISES_DOMAIN_NAME: String = "onPremisesDomainName";
        ON_PREMISES_EXTENSION_ATTRIBUTES: Structure = "onPremisesExtensionAttributes";
        ON_PREMISES_LAST_SYNC_DATE_TIME: Timestamp = "onPremisesLastSyncDateTime";
        ON_PREMISES_NET_BIOS_NAME: String = "onPremisesNetBiosName";
        ON_PREMISES_PROVISIONING_ERRORS: Structure = "onPremisesProvisioningErrors";
        ON_PREMISES_SAM_ACCOUNT_NAME: String = "onPremisesSamAccountName";
        ON_PREMISES_SECURITY_IDENTIFIER: String = "onPremisesSecurityIdentifier";
        ON_PREMISES_SYNC_ENABLED: bool = "onPremisesSyncEnabled";
        ORGANIZATION_ID: String = "organizationId";
        PREFERRED_DATA_LOCATION: String = "preferredDataLocation";
        PREFERRED_LANGUAGE: String = "preferredLanguage";
        PROXY_ADDRESSES: Vec<String> = "proxyAddresses";
        RENEWED_DATE_TIME: Timestamp = "renewedDateTime";
        RESOURCE_BEHAVIOR_OPTIONS: Vec<String> = "resourceBehaviorOptions";
        RESOURCE_PROVISIONING_OPTIONS: Vec<String> = "resourceProvisioningOptions";
        SECURITY_ENABLED: bool = "securityEnabled";
        SECURITY_IDENTIFIER: String = "securityIdentifier";
        SERVICE_PROVISIONING_ERRORS: Structure = "serviceProvisioningErrors";
        THEME: String = "theme";
        UNIQUE_NAME: String = "uniqueName";
        UNSEEN_CONVERSATIONS_COUNT: i32 = "unseenConversationsCount";
        UNSEEN_COUNT: i32 = "unseenCount";
        UNSEEN_MESSAGES_COUNT: i32 = "unseenMessagesCount";
        VISIBILITY: GroupVisibility = "visibility";
        WELCOME_MESSAGE_ENABLED: bool = "welcomeMessageEnabled";
        ACCEPTED_SENDERS => DirectoryObject = "acceptedSenders";
        CREATED_ON_BEHALF_OF -> DirectoryObject = "createdOnBehalfOf";
        MEMBER_OF => DirectoryObject = "memberOf";
        MEMBERS => DirectoryObject = "members";
        MEMBERS_WITH_LICENSE_ERRORS => DirectoryObject = "membersWithLicenseErrors";
        OWNERS => DirectoryObject = "owners";
        REJECTED_SENDERS => DirectoryObject = "rejectedSenders";
        TRANSITIVE_MEMBER_OF => DirectoryObject = "transitiveMemberOf";
        TRANSITIVE_MEMBERS => DirectoryObject = "transitiveMembers";
    }

    ServicePrincipal = "servicePrincipal" {
        ID: Id<ServicePrincipal> = "id";
        ACCOUNT_ENABLED: bool = "accountEnabled";
        APP_DISPLAY_NAME: String = "appDisplayName";
        APP_ID: String = "appId";
        DELETED_DATE_TIME: Timestamp = "deletedDateTime";
        DESCRIPTION: String = "description";
        DISPLAY_NAME: String = "displayName";
        SERVICE_PRINCIPAL_TYPE: String = "servicePrincipalType";
    }

    DirectoryObject = "directoryObject" {
        ID: Id<DirectoryObject> = "id";
        DELETED_DATE_TIME: Timestamp = "deletedDateTime";
    }
}
