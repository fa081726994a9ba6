//! What rules can ask about people.

/// A property of a person, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Property(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PropertyKind {
    Flag,
    Text,
    Texts,
    /// The service knows it; nothing is known here by which to answer.
    Unanswered,
}

/// What somebody's property is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Flag(bool),
    Text(Option<String>),
    Texts(Vec<String>),
}

/// Somebody of whom rules ask.
pub(crate) trait Facts {
    fn fact(&self, property: Property) -> Fact;
    /// The id of the manager.
    fn manager(&self) -> Option<String>;
}

use PropertyKind::{Flag, Text, Texts, Unanswered};

/// The documented properties of people.
const PROPERTIES: &[(&str, PropertyKind)] = &[
    ("accountEnabled", Flag),
    ("dirSyncEnabled", Flag),
    ("city", Text),
    ("companyName", Text),
    ("country", Text),
    ("department", Text),
    ("displayName", Text),
    ("employeeId", Text),
    ("facsimileTelephoneNumber", Text),
    ("givenName", Text),
    ("jobTitle", Text),
    ("mail", Text),
    ("mailNickname", Text),
    ("mobile", Text),
    ("objectId", Text),
    ("onPremisesDistinguishedName", Text),
    ("onPremisesSecurityIdentifier", Text),
    ("passwordPolicies", Text),
    ("physicalDeliveryOfficeName", Text),
    ("postalCode", Text),
    ("preferredLanguage", Text),
    ("sipProxyAddress", Text),
    ("state", Text),
    ("streetAddress", Text),
    ("surname", Text),
    ("telephoneNumber", Text),
    ("usageLocation", Text),
    ("userPrincipalName", Text),
    ("userType", Text),
    ("extensionAttribute1", Text),
    ("extensionAttribute2", Text),
    ("extensionAttribute3", Text),
    ("extensionAttribute4", Text),
    ("extensionAttribute5", Text),
    ("extensionAttribute6", Text),
    ("extensionAttribute7", Text),
    ("extensionAttribute8", Text),
    ("extensionAttribute9", Text),
    ("extensionAttribute10", Text),
    ("extensionAttribute11", Text),
    ("extensionAttribute12", Text),
    ("extensionAttribute13", Text),
    ("extensionAttribute14", Text),
    ("extensionAttribute15", Text),
    ("otherMails", Texts),
    ("proxyAddresses", Texts),
    ("assignedPlans", Unanswered),
    ("employeeHireDate", Unanswered),
    ("memberOf", Unanswered),
];

impl Property {
    /// The property of this name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let mut names = PROPERTIES.iter();
        let place = names.position(|(known, _)| known.eq_ignore_ascii_case(name));
        place.map(Self)
    }

    pub(crate) fn name(self) -> &'static str {
        PROPERTIES.get(self.0).map_or("", |(name, _)| name)
    }

    pub(super) fn kind(self) -> PropertyKind {
        PROPERTIES.get(self.0).map_or(Unanswered, |(_, kind)| *kind)
    }
}
