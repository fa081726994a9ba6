//! A tenant with very many assignments.

use entitlement_core::catalog::CatalogDraft;
use entitlement_core::directory::User;
use entitlement_core::entity::Id;
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::time::Timestamp;
use entitlement_mock::Tenant;
use entitlement_mock::choices::Choices;

/// How many assignments a person has.
pub const OF_A_PERSON: usize = 10;
/// How many assignments a package has.
pub const OF_A_PACKAGE: usize = 50;
/// How many assignments of all have expired.
pub const EXPIRED: usize = 10;

/// People and packages; nobody has any of them yet.
#[derive(Debug)]
pub struct Estate {
    /// The tenant.
    pub tenant: Tenant,
    /// The people.
    pub people: Vec<Id<User>>,
    /// The packages, each with its policy.
    pub packages: Vec<(Id<AccessPackage>, Id<AssignmentPolicy>)>,
}

impl Estate {
    /// People and packages for so many assignments.
    ///
    /// # Errors
    ///
    /// If the tenant refuses a part of it.
    pub async fn for_assignments(count: usize) -> Result<Self, Box<dyn std::error::Error>> {
        let mut choices = Choices::default();
        choices.limits.packages = usize::MAX;
        choices.limits.policies = usize::MAX;
        let tenant = Tenant::builder().choices(choices).build();
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let catalog = CatalogDraft::builder("Estate").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?;
        let mut packages = Vec::new();
        for number in 0..count.div_ceil(OF_A_PACKAGE) {
            let package = AccessPackageDraft::builder(&catalog.id, format!("Package {number}"));
            let package = entitlement.packages().create(&package.build()?).await?;
            let policy = AssignmentPolicyDraft::builder(&package.id, "By hand").build()?;
            let policy = entitlement.policies().create(&policy).await?;
            packages.push((package.id, policy.id));
        }
        let people = (0..count.div_ceil(OF_A_PERSON))
            .map(|number| tenant.person(&format!("person{number}")).add())
            .collect();
        Ok(Self {
            tenant,
            people,
            packages,
        })
    }

    /// Gives the packages to the people, and says how many assignments that makes. A few of them have expired.
    pub fn hand_out(&self) -> usize {
        let places = self.packages.len();
        let pairs = self.people.iter().enumerate().flat_map(|(number, person)| {
            let first = number * OF_A_PERSON;
            (first..first + OF_A_PERSON).map(move |place| (person, place % places))
        });
        let mut made = 0;
        for (person, package) in pairs {
            let mut holding = self.tenant.holding(person, &self.packages[package].1);
            if made < EXPIRED {
                holding = holding.until(Timestamp::UNIX_EPOCH);
            }
            made += usize::from(holding.add().is_some());
        }
        made
    }
}
