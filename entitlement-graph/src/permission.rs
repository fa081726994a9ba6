//! Which permissions a call needs.
//!
//! Microsoft's pages give each operation the permission that is enough and others that are more than enough. An
//! [`Operation`](crate::error::Operation) knows its own, so that a refusal can say what is missing and a program can say
//! what it will need before it starts (P28).
//!
//! Directory roles and roles in a catalog may stand in for a permission, and some calls want both: see
//! [`Permissions::role`].
//!
//! ```
//! use entitlement_graph::permission::permissions;
//! use http::Method;
//!
//! let needed = permissions(&Method::POST, "identityGovernance/entitlementManagement/catalogs").unwrap();
//! assert_eq!(needed.application(), ["EntitlementManagement.ReadWrite.All"]);
//! assert_eq!(
//!     needed.to_string(),
//!     "EntitlementManagement.ReadWrite.All, for people and applications alike; or the role of a catalog creator",
//! );
//! let approve = "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/r1/stages/s1";
//! assert!(permissions(&Method::PATCH, approve).unwrap().application().is_empty());
//! ```

use std::fmt::{self, Display};

use http::Method;
use uuid::{Uuid, uuid};

/// The permissions of one operation, the least first; any one of a list is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permissions {
    delegated: &'static [&'static str],
    application: &'static [&'static str],
    role: Option<Role>,
}

impl Permissions {
    /// What a token of a person who is signed in needs one of.
    pub fn delegated(&self) -> &'static [&'static str] {
        self.delegated
    }

    /// What a token of an application needs one of; empty if the operation is not for applications.
    pub fn application(&self) -> &'static [&'static str] {
        self.application
    }

    /// The least role in entitlement management, or in the directory, that counts as well.
    pub fn role(&self) -> Option<Role> {
        self.role
    }
}

/// A role that counts in entitlement management
/// ([delegation](https://learn.microsoft.com/entra/id-governance/entitlement-management-delegate)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Sees everything in a catalog.
    CatalogReader,
    /// Assigns packages of a catalog and takes them away.
    AccessPackageAssignmentManager,
    /// Makes packages and policies of what is in a catalog.
    AccessPackageManager,
    /// Does everything in a catalog.
    CatalogOwner,
    /// Makes catalogs, and owns those.
    CatalogCreator,
    /// Does everything; a role of the directory, like that of a Global Administrator (ROLE-1).
    IdentityGovernanceAdministrator,
}

impl Role {
    /// The id of the role's definition; the administrator's is one of the directory and has another kind of id.
    pub fn definition_id(self) -> Option<Uuid> {
        Some(match self {
            Self::CatalogReader => uuid!("44272f93-9762-48e8-af59-1b5351b1d6b3"),
            Self::AccessPackageAssignmentManager => uuid!("e2182095-804a-4656-ae11-64734e9b7ae5"),
            Self::AccessPackageManager => uuid!("7f480852-ebdc-47d4-87de-0d8498384a83"),
            Self::CatalogOwner => uuid!("ae79f266-94d4-4dab-b730-feca7e132178"),
            Self::CatalogCreator => uuid!("ba92d953-d8e0-4e39-a797-0cbedb0a89e8"),
            Self::IdentityGovernanceAdministrator => return None,
        })
    }

    /// Whether who has this role may do what asks for another one (ROLE-2).
    pub fn covers(self, other: Self) -> bool {
        match self {
            Self::IdentityGovernanceAdministrator => true,
            Self::CatalogCreator => other == Self::CatalogCreator,
            _ => self.rank() >= other.rank(),
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::CatalogReader => 1,
            Self::AccessPackageAssignmentManager => 2,
            Self::AccessPackageManager => 3,
            Self::CatalogOwner => 4,
            Self::CatalogCreator | Self::IdentityGovernanceAdministrator => u8::MAX,
        }
    }
}

impl Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CatalogReader => "a catalog reader",
            Self::AccessPackageAssignmentManager => "an access package assignment manager",
            Self::AccessPackageManager => "an access package manager",
            Self::CatalogOwner => "a catalog owner",
            Self::CatalogCreator => "a catalog creator",
            Self::IdentityGovernanceAdministrator => "an Identity Governance Administrator",
        })
    }
}

impl Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let delegated = self.delegated.join(" or ");
        if self.application == self.delegated {
            write!(f, "{delegated}, for people and applications alike")?;
        } else if self.application.is_empty() {
            write!(f, "{delegated}, and a person: applications may not do this")?;
        } else {
            let application = self.application.join(" or ");
            write!(f, "{delegated} for people, {application} for applications")?;
        }
        match self.role {
            Some(role) => write!(f, "; or the role of {role}"),
            None => Ok(()),
        }
    }
}

/// What a call needs; `None` where nothing is known. The path is the one below the service root, ids and all.
pub fn permissions(method: &Method, path: &str) -> Option<Permissions> {
    let path = path.trim_matches('/');
    let is_read = *method == Method::GET || *method == Method::HEAD;
    let rule = RULES
        .iter()
        .find(|rule| rule.covers(is_read) && rule.matches(path))?;
    Some(Permissions {
        delegated: rule.delegated,
        application: rule.application,
        role: rule.role,
    })
}

/// Whether a rule is about reading, writing or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
    Any,
}

/// Some operations and what they need. In a path, `*` stands for one segment, and whatever is deeper is meant too.
struct Rule {
    access: Access,
    path: &'static str,
    delegated: &'static [&'static str],
    application: &'static [&'static str],
    role: Option<Role>,
}

impl Rule {
    fn covers(&self, is_read: bool) -> bool {
        match self.access {
            Access::Read => is_read,
            Access::Write => !is_read,
            Access::Any => true,
        }
    }

    /// Segments are compared without their keys and arguments: `subjects(objectId='x')` is `subjects`.
    fn matches(&self, path: &str) -> bool {
        let mut segments = path.split('/').map(|segment| match segment.find('(') {
            Some(0) | None => segment,
            Some(at) => &segment[..at],
        });
        self.path.split('/').all(|wanted| {
            segments
                .next()
                .is_some_and(|is| wanted == "*" || wanted.eq_ignore_ascii_case(is))
        })
    }
}

const fn same(
    access: Access,
    path: &'static str,
    both: &'static [&'static str],
    role: Option<Role>,
) -> Rule {
    Rule {
        access,
        path,
        delegated: both,
        application: both,
        role,
    }
}

const fn people(access: Access, path: &'static str, delegated: &'static [&'static str]) -> Rule {
    Rule {
        access,
        path,
        delegated,
        application: &[],
        role: None,
    }
}

const EM_READ: &[&str] = &[
    "EntitlementManagement.Read.All",
    "EntitlementManagement.ReadWrite.All",
];
const EM_WRITE: &[&str] = &["EntitlementManagement.ReadWrite.All"];
const EM_ASK: &[&str] = &[
    "EntitlementMgmt-SubjectAccess.ReadWrite",
    "EntitlementManagement.ReadWrite.All",
];
const AR_READ: &[&str] = &["AccessReview.Read.All", "AccessReview.ReadWrite.All"];
const AR_WRITE: &[&str] = &["AccessReview.ReadWrite.All"];
const GROUP_READ: &[&str] = &["GroupMember.Read.All", "Group.Read.All"];
const MEMBER_WRITE: &[&str] = &["GroupMember.ReadWrite.All", "Group.ReadWrite.All"];
const APPS_READ: &[&str] = &[
    "DeviceManagementApps.Read.All",
    "DeviceManagementApps.ReadWrite.All",
];
const APPS_WRITE: &[&str] = &["DeviceManagementApps.ReadWrite.All"];
const CONFIGURATION_READ: &[&str] = &[
    "DeviceManagementConfiguration.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
];
const CONFIGURATION_WRITE: &[&str] = &["DeviceManagementConfiguration.ReadWrite.All"];
const DEVICES_READ: &[&str] = &[
    "DeviceManagementManagedDevices.Read.All",
    "DeviceManagementManagedDevices.ReadWrite.All",
];

const DEVICES_ACT: &[&str] = &["DeviceManagementManagedDevices.PrivilegedOperations.All"];

const READER: Option<Role> = Some(Role::CatalogReader);
const MANAGER: Option<Role> = Some(Role::AccessPackageManager);
const ASSIGNER: Option<Role> = Some(Role::AccessPackageAssignmentManager);
const OWNER: Option<Role> = Some(Role::CatalogOwner);

/// The first rule that fits counts, so the special ones stand before the general.
const RULES: &[Rule] = &[
    people(
        Access::Any,
        "identityGovernance/entitlementManagement/accessPackages/*/getApplicablePolicyRequirements",
        EM_ASK,
    ),
    people(
        Access::Read,
        "identityGovernance/entitlementManagement/accessPackages/filterByCurrentUser",
        EM_ASK,
    ),
    people(
        Access::Read,
        "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals",
        EM_READ,
    ),
    people(
        Access::Write,
        "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals",
        EM_WRITE,
    ),
    people(
        Access::Read,
        "identityGovernance/entitlementManagement/assignments/additionalAccess",
        EM_READ,
    ),
    people(
        Access::Read,
        "identityGovernance/entitlementManagement/assignments/filterByCurrentUser",
        EM_READ,
    ),
    people(
        Access::Read,
        "identityGovernance/entitlementManagement/assignmentRequests/filterByCurrentUser",
        EM_READ,
    ),
    people(
        Access::Write,
        "identityGovernance/entitlementManagement/assignmentRequests/*/cancel",
        EM_ASK,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/assignmentRequests/*",
        EM_WRITE,
        ASSIGNER,
    ),
    Rule {
        access: Access::Write,
        path: "identityGovernance/entitlementManagement/assignmentRequests",
        delegated: EM_ASK,
        application: EM_WRITE,
        role: ASSIGNER,
    },
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/assignments",
        EM_WRITE,
        ASSIGNER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/catalogs/*/customWorkflowExtensions",
        EM_WRITE,
        OWNER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/catalogs/*",
        EM_WRITE,
        OWNER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/catalogs",
        EM_WRITE,
        Some(Role::CatalogCreator),
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/subjects",
        EM_WRITE,
        OWNER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/resourceRequests",
        EM_WRITE,
        OWNER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/accessPackages",
        EM_WRITE,
        MANAGER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement/assignmentPolicies",
        EM_WRITE,
        MANAGER,
    ),
    same(
        Access::Read,
        "identityGovernance/entitlementManagement",
        EM_READ,
        READER,
    ),
    same(
        Access::Write,
        "identityGovernance/entitlementManagement",
        EM_WRITE,
        Some(Role::IdentityGovernanceAdministrator),
    ),
    same(
        Access::Read,
        "roleManagement/entitlementManagement",
        EM_READ,
        None,
    ),
    same(
        Access::Write,
        "roleManagement/entitlementManagement",
        EM_WRITE,
        OWNER,
    ),
    same(
        Access::Read,
        "identityGovernance/accessReviews",
        AR_READ,
        None,
    ),
    same(
        Access::Write,
        "identityGovernance/accessReviews",
        AR_WRITE,
        None,
    ),
    same(Access::Read, "groups", GROUP_READ, None),
    same(Access::Write, "groups/*/members", MEMBER_WRITE, None),
    same(Access::Write, "groups/*", &["Group.ReadWrite.All"], None),
    Rule {
        access: Access::Write,
        path: "groups",
        delegated: &["Group.ReadWrite.All"],
        application: &["Group.Create", "Group.ReadWrite.All"],
        role: None,
    },
    people(Access::Read, "me", &["User.Read"]),
    same(Access::Read, "users/*/managedDevices", DEVICES_READ, None),
    Rule {
        access: Access::Read,
        path: "users",
        delegated: &["User.ReadBasic.All", "User.Read.All"],
        application: &["User.ReadBasic.All", "User.Read.All"],
        role: None,
    },
    same(Access::Write, "users", &["User.ReadWrite.All"], None),
    same(
        Access::Any,
        "servicePrincipals/*/appRoleAssignedTo",
        &["AppRoleAssignment.ReadWrite.All"],
        None,
    ),
    same(
        Access::Read,
        "servicePrincipals",
        &["Application.Read.All"],
        None,
    ),
    same(Access::Read, "deviceAppManagement", APPS_READ, None),
    same(Access::Write, "deviceAppManagement", APPS_WRITE, None),
    same(
        Access::Any,
        "deviceManagement/reports/retrieveDeviceAppInstallationStatusReport",
        APPS_READ,
        None,
    ),
    same(
        Access::Read,
        "deviceManagement/managedDevices/*/deviceConfigurationStates",
        CONFIGURATION_READ,
        None,
    ),
    same(
        Access::Read,
        "deviceManagement/managedDevices",
        DEVICES_READ,
        None,
    ),
    same(
        Access::Write,
        "deviceManagement/managedDevices/*/syncDevice",
        DEVICES_ACT,
        None,
    ),
    same(Access::Read, "deviceManagement", CONFIGURATION_READ, None),
    same(Access::Write, "deviceManagement", CONFIGURATION_WRITE, None),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn least(method: &Method, path: &str) -> Option<&'static str> {
        permissions(method, path)?.delegated().first().copied()
    }

    #[test]
    fn the_special_rule_goes_before_the_general() {
        let em = "identityGovernance/entitlementManagement";
        for (method, path, expected) in [
            (Method::GET, "catalogs/c1", "EntitlementManagement.Read.All"),
            (
                Method::POST,
                "assignmentRequests",
                "EntitlementMgmt-SubjectAccess.ReadWrite",
            ),
            (
                Method::POST,
                "assignmentRequests/r1/reprocess",
                "EntitlementManagement.ReadWrite.All",
            ),
            (
                Method::POST,
                "assignmentRequests/r1/cancel",
                "EntitlementMgmt-SubjectAccess.ReadWrite",
            ),
            (
                Method::PATCH,
                "subjects(objectId='u1')",
                "EntitlementManagement.ReadWrite.All",
            ),
            (
                Method::GET,
                "accessPackages/filterByCurrentUser(on='allowedRequestor')",
                "EntitlementMgmt-SubjectAccess.ReadWrite",
            ),
        ] {
            assert_eq!(
                least(&method, &format!("{em}/{path}")),
                Some(expected),
                "{method} {path}"
            );
        }
        assert_eq!(
            least(&Method::POST, "groups/g1/members/$ref"),
            Some("GroupMember.ReadWrite.All")
        );
        assert_eq!(least(&Method::GET, "me"), Some("User.Read"));
        assert_eq!(least(&Method::GET, "teapots"), None);
    }

    #[test]
    fn applications_are_told_where_they_may_not_go() {
        let approve = permissions(
            &Method::PATCH,
            "identityGovernance/entitlementManagement/accessPackageAssignmentApprovals/r1/stages/s1",
        );
        assert!(
            approve
                .unwrap()
                .to_string()
                .contains("applications may not")
        );
    }

    #[test]
    fn an_owner_is_a_manager_is_a_reader() {
        use Role as R;
        let order = [
            R::CatalogReader,
            R::AccessPackageAssignmentManager,
            R::AccessPackageManager,
            R::CatalogOwner,
        ];
        for (place, role) in order.iter().enumerate() {
            for (other_place, other) in order.iter().enumerate() {
                assert_eq!(role.covers(*other), place >= other_place, "{role}, {other}");
            }
            assert!(!role.covers(R::CatalogCreator) && !R::CatalogCreator.covers(*role));
            assert!(R::IdentityGovernanceAdministrator.covers(*role));
        }
    }
}
