//! What to do about the codes that entitlement management is known to send.

/// The advice for the first known code that an error mentions.
pub(super) fn of_known(mentions: impl Fn(&str) -> bool) -> Option<&'static str> {
    ADVICE
        .iter()
        .find_map(|(code, advice)| mentions(code).then_some(*advice))
}

/// Whether a code says that the caller lacks rights, whatever the status.
pub(super) fn is_about_rights(mentions: impl Fn(&str) -> bool) -> bool {
    RIGHTS.iter().any(|code| mentions(code))
}

/// Whether a known code says what is wrong, so that there is nothing to suspect.
pub(super) fn names_the_cause(mentions: impl Fn(&str) -> bool) -> bool {
    let known = ADVICE
        .iter()
        .map(|(code, _)| *code)
        .chain(RIGHTS.iter().copied());
    known.filter(|code| !VAGUE.contains(code)).any(mentions)
}

/// The codes that only say that something in the body is wrong.
const VAGUE: &[&str] = &[
    "ArgumentException",
    "InvalidApprovalStages",
    "InvalidModel",
    "UnknownError",
];

/// The codes of refusals for lack of rights.
const RIGHTS: &[&str] = &[
    "Authorization_RequestDenied",
    "CallerNotResourceOwner",
    "UnAuthorized",
    "accessDenied",
];

const ADVICE: &[(&str, &str)] = &[
    (
        "ExistingOpenRequest",
        "a request of this person for this package is still open: wait for it, or cancel it",
    ),
    (
        "InvalidRequestExistingGrant",
        "the person holds the package already: extend the assignment instead of asking again",
    ),
    (
        "InvalidRequestNoActiveGrant",
        "the person does not hold the package: there is no assignment to change or end",
    ),
    (
        "MissingAnswer",
        "a question of the policy is not answered: read getApplicablePolicyRequirements and answer each required one",
    ),
    (
        "MissingJustification",
        "the policy wants to know why: add a justification",
    ),
    (
        "InvalidModel",
        "the body is not what the service takes: check the spelling of properties and the links it needs",
    ),
    (
        "InvalidApprovalStages",
        "approval is required but nobody is named who could give it: add one to three stages",
    ),
    (
        "ResourceAlreadyOnboarded",
        "the resource is in the catalog already: nothing is left to do",
    ),
    (
        "ResourceNotFoundInOriginSystem",
        "entitlement management does not know the object yet: new groups take minutes to arrive, so try again later",
    ),
    (
        "CallerNotResourceOwner",
        "the caller must own the resource or hold a role that can change it, or an application needs Group.ReadWrite.All (groups), \
         Application.ReadWrite.All (applications) or Sites.FullControl.All (sites) besides EntitlementManagement.ReadWrite.All",
    ),
    (
        "InvalidDeleteResourceHasEntitlements",
        "an access package still grants the resource: remove its role scopes first",
    ),
    (
        "RoleNotFound",
        "the resource has no such role: list the catalog's resource roles and use an originId from there",
    ),
    (
        "Authorization_RequestDenied",
        "the token lacks a permission, or an administrator has not consented to it",
    ),
    (
        "UnAuthorized",
        "the caller lacks a role for this object; the service also says so of objects that do not exist, so check the id",
    ),
    (
        "NoGovernanceSku",
        "the tenant lacks a Microsoft Entra ID Governance licence, which this feature needs",
    ),
    (
        "PolicyRequirementNotMet",
        "the policy does not allow this person: check its allowedTargetScope and specificAllowedTargets",
    ),
    (
        "AccessPackageNotFound",
        "there is no such access package: check that the id is not that of its catalog or policy",
    ),
    (
        "ResourceNotFound",
        "the catalog does not have the resource: add it with a resource request first, which takes a moment to be seen",
    ),
    (
        "EntitlementManagementRoleAssignmentNotFound",
        "the role assignment is gone already: nothing is left to do",
    ),
    (
        "DuplicateKey",
        "it exists already, perhaps from a try whose answer was lost: look it up by name instead of making another",
    ),
    (
        "DuplicateAccessPackage",
        "the catalog has a package of this name already, perhaps from a try whose answer was lost: look it up",
    ),
    (
        "InvalidFilter",
        "the filter is not what this endpoint takes: compare ids with GUIDs, and only properties that it can filter by",
    ),
    (
        "Request_UnsupportedQuery",
        "the query needs `$count=true` and the header `ConsistencyLevel: eventual`",
    ),
    (
        "ArgumentException",
        "a value is none that the service knows: check the spelling of enum members and the originSystem",
    ),
    (
        "InvalidAuthenticationToken",
        "the token is missing, out of date, or for another service: ask for the scope of this cloud",
    ),
    (
        "Directory_ConcurrencyViolation",
        "somebody changed the same object at the same moment: wait briefly and try again, one call at a time an object",
    ),
    (
        "DirectoryPageTokenNotFoundException",
        "the link to the next page is out of date: read the list again from the beginning",
    ),
    (
        "UnknownError",
        "the service failed and does not say why: if it happens again, give Microsoft's support the request-id",
    ),
];
