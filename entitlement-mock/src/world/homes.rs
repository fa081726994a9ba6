//! Where people come from, and to which partner organisation they belong.

use entitlement_core::connected_organization::{ConnectedOrganizationState, IdentitySource};

use super::World;
use super::outside::{Invitations, Organization};
use super::table::Key;

impl World {
    /// Where somebody comes from; `None` for the tenant's own people.
    pub(crate) fn home_of(&self, person: Key) -> Option<&IdentitySource> {
        self.users.get(person)?.outside.as_ref()?.home.as_ref()
    }

    /// The organisation to which people of a place belong; one that is set up before one that was only noted.
    pub(crate) fn organization_at(&self, home: &IdentitySource) -> Option<Key> {
        let mut found: Vec<(Key, &Organization)> = self
            .organizations
            .iter()
            .filter(|(_, row)| self.has_source(row, home))
            .collect();
        found.sort_by_key(|(_, row)| row.state != ConnectedOrganizationState::Configured);
        found.first().map(|(key, _)| *key)
    }

    /// The organisation to which a person belongs.
    pub(crate) fn organization_of(&self, person: Key) -> Option<Key> {
        self.organization_at(self.home_of(person)?)
    }

    /// Whether the people of a place belong to an organisation.
    pub(crate) fn has_source(&self, organization: &Organization, home: &IdentitySource) -> bool {
        let mut sources = organization.sources.iter();
        sources.any(|source| self.is_same_source(source, home))
    }

    /// Whether two sources mean the same people. A domain of another tenant means that tenant, with all its domains
    /// (ORG-5).
    pub(crate) fn is_same_source(&self, one: &IdentitySource, other: &IdentitySource) -> bool {
        use IdentitySource as S;
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        };
        match (self.resolved(one), self.resolved(other)) {
            (S::AzureActiveDirectoryTenant(one), S::AzureActiveDirectoryTenant(other)) => {
                same(&one.tenant_id, &other.tenant_id)
            }
            (
                S::CrossCloudAzureActiveDirectoryTenant(one),
                S::CrossCloudAzureActiveDirectoryTenant(other),
            ) => {
                same(&one.tenant_id, &other.tenant_id)
                    && same(&one.cloud_instance, &other.cloud_instance)
            }
            (S::Social(one), S::Social(other)) => {
                one.social_identity_source_type.is_some()
                    && one.social_identity_source_type == other.social_identity_source_type
            }
            (one, other) => match (domain_of(&one), domain_of(&other)) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                _ => false,
            },
        }
    }

    /// The tenant that a domain belongs to, in its place.
    pub(crate) fn resolved(&self, source: &IdentitySource) -> IdentitySource {
        let IdentitySource::Domain(domain) = source else {
            return source.clone();
        };
        let name = domain.domain_name.as_deref().unwrap_or("").to_lowercase();
        let mut partners = self.partners.iter();
        match partners.find(|(_, partner)| partner.domains.contains(&name)) {
            Some((tenant, partner)) => {
                let mut source = IdentitySource::tenant(tenant.to_string());
                if let IdentitySource::AzureActiveDirectoryTenant(tenant) = &mut source {
                    tenant.display_name = Some(partner.display_name.clone());
                }
                source
            }
            None => source.clone(),
        }
    }

    /// Whether people of a place may be invited at all (ORG-12).
    pub(crate) fn may_be_invited(&self, home: &IdentitySource) -> bool {
        let domains: Vec<String> = match home {
            IdentitySource::AzureActiveDirectoryTenant(tenant) => {
                let id = tenant.tenant_id.as_deref().unwrap_or("");
                let partner = Key::try_parse(id)
                    .ok()
                    .and_then(|key| self.partners.get(key));
                partner.map_or_else(Vec::new, |partner| partner.domains.clone())
            }
            other => domain_of(other)
                .map(str::to_lowercase)
                .into_iter()
                .collect(),
        };
        match &self.settings.invitations {
            Invitations::FromEverywhere => true,
            Invitations::OnlyFrom(list) => domains.iter().any(|domain| list.contains(domain)),
            Invitations::NotFrom(list) => !domains.iter().any(|domain| list.contains(domain)),
        }
    }

    /// Somebody with this mail address, with an account or expected.
    pub(crate) fn person_with_mail(&self, mail: &str) -> Option<Key> {
        let mut people = self.users.iter().filter(|(_, user)| user.deleted.is_none());
        let found = people.find(|(_, user)| {
            let own = user.mail.as_deref();
            own.is_some_and(|own| own.eq_ignore_ascii_case(mail))
                || user.principal_name.eq_ignore_ascii_case(mail)
        });
        found.map(|(key, _)| key)
    }
}

/// The domain of a source that is one.
fn domain_of(source: &IdentitySource) -> Option<&str> {
    match source {
        IdentitySource::Domain(domain) => domain.domain_name.as_deref(),
        IdentitySource::ExternalDomainFederation(domain) => domain.domain_name.as_deref(),
        _ => None,
    }
}
