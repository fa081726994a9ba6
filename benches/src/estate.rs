//! A tenant with very many assignments.

use std::error::Error;

use entitlement_core::catalog::{Catalog, CatalogDraft};
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::{AccessPackage, AccessPackageDraft};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::resource::{ResourceRequestDraft, RoleOrigin, RoleScopeDraft};
use entitlement_core::time::Timestamp;
use entitlement_graph::GraphClient;
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
    /// People and packages for so many assignments; the packages grant nothing.
    ///
    /// # Errors
    ///
    /// If the tenant refuses a part of it.
    pub async fn for_assignments(count: usize) -> Result<Self, Box<dyn Error>> {
        let by_hand = |_: &Tenant, package: &_| {
            Ok(AssignmentPolicyDraft::builder(package, "By hand").build()?)
        };
        Self::furnish(count, false, by_hand).await
    }

    /// People and packages for so many assignments; each package makes its holders members of a group of its own, under
    /// a policy of this kind.
    ///
    /// # Errors
    ///
    /// If the tenant refuses a part of it.
    pub async fn granting_groups(
        count: usize,
        policy: impl Fn(&Tenant, &Id<AccessPackage>) -> Result<AssignmentPolicyDraft, Box<dyn Error>>,
    ) -> Result<Self, Box<dyn Error>> {
        Self::furnish(count, true, policy).await
    }

    async fn furnish(
        count: usize,
        grants: bool,
        policy: impl Fn(&Tenant, &Id<AccessPackage>) -> Result<AssignmentPolicyDraft, Box<dyn Error>>,
    ) -> Result<Self, Box<dyn Error>> {
        let mut choices = Choices::default();
        choices.limits.packages = usize::MAX;
        choices.limits.policies = usize::MAX;
        let tenant = Tenant::builder().choices(choices).build();
        let admin = tenant.app().client();
        let entitlement = admin.entitlement();
        let catalog = CatalogDraft::builder("Estate").build()?;
        let catalog = entitlement.catalogs().create(&catalog).await?.id;
        let mut packages = Vec::new();
        for number in 0..count.div_ceil(OF_A_PACKAGE) {
            let package = AccessPackageDraft::builder(&catalog, format!("Package {number}"));
            let package = entitlement.packages().create(&package.build()?).await?.id;
            if grants {
                let group = tenant.group(&format!("Group {number}")).add();
                grant(&admin, &catalog, &package, &group).await?;
            }
            let policy = policy(&tenant, &package)?;
            let policy = entitlement.policies().create(&policy).await?.id;
            packages.push((package, policy));
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
    #[must_use]
    pub fn hand_out(&self) -> usize {
        self.hand_out_until(|place| (place < EXPIRED).then_some(Timestamp::UNIX_EPOCH))
    }

    /// Gives the packages to the people, each assignment until the end that goes with its place in the order, and says
    /// how many that makes.
    #[must_use]
    pub fn hand_out_until(&self, end: impl Fn(usize) -> Option<Timestamp>) -> usize {
        let places = self.packages.len();
        let pairs = self.people.iter().enumerate().flat_map(|(number, person)| {
            let first = number * OF_A_PERSON;
            (first..first + OF_A_PERSON).map(move |place| (person, place))
        });
        let handed_out = pairs.filter_map(|(person, place)| {
            let holding = self
                .tenant
                .holding(person, &self.packages[place % places].1);
            match end(place) {
                Some(end) => holding.until(end).add(),
                None => holding.add(),
            }
        });
        handed_out.count()
    }
}

/// Lets a package make its holders members of a group.
async fn grant(
    admin: &GraphClient,
    catalog: &Id<Catalog>,
    package: &Id<AccessPackage>,
    group: &Id<Group>,
) -> Result<(), Box<dyn Error>> {
    let entitlement = admin.entitlement();
    let request = ResourceRequestDraft::add_group(catalog, group);
    entitlement.resource_requests().create(&request).await?;
    let query = Query::new()
        .filter(Filter::field("originId").eq(group.to_string()))
        .expand("roles")
        .expand("scopes");
    let resource = entitlement
        .catalog(catalog)
        .resources()
        .list_with(query)
        .next()
        .await?;
    let resource = resource.ok_or("the group is in the catalog")?;
    let role = RoleScopeDraft::whole_resource(&resource, &RoleOrigin::member_of(group))?;
    entitlement
        .package(package)
        .role_scopes()
        .create(&role)
        .await?;
    Ok(())
}
