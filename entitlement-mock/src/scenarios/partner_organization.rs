//! A company that works with another one.

use entitlement_core::assignment_request::AssignmentRequestDraft;
use entitlement_core::catalog::{Catalog, CatalogDraft, CatalogState};
use entitlement_core::connected_organization::{
    ConnectedOrganization, ConnectedOrganizationDraft, IdentitySource,
};
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::package::AccessPackage;
use entitlement_core::policy::approval::{ApprovalSettings, ApprovalStage};
use entitlement_core::policy::requestor::{AllowedTargetScope, RequestorSettings};
use entitlement_core::policy::{AssignmentPolicy, AssignmentPolicyDraft};
use entitlement_core::schedule::Expiration;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use entitlement_graph::Error;

use super::steps::{approve_everything, package};
use crate::tenant::Tenant;

/// A company and its partner Fabrikam, whose people may ask for one package and are looked after as guests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), entitlement_graph::Error> {
/// use entitlement_core::assignment_request::AssignmentRequestDraft;
/// use entitlement_core::time::IsoDuration;
/// use entitlement_mock::scenarios::PartnerOrganization;
///
/// let scene = PartnerOrganization::open().await?;
/// // Gia is a guest already, and asks herself; Nia comes because somebody assigns her by her mail address.
/// let ask = AssignmentRequestDraft::user_add(&scene.package).build()?;
/// scene.tenant.user(&scene.gia).client().entitlement().requests().create(&ask).await?;
/// scene.approve_everything().await?;
/// let nia = scene.bring_in("nia@fabrikam.com").await?.expect("an account");
/// scene.tenant.assert_granted(&scene.gia, &scene.project_files);
/// scene.tenant.assert_granted(&nia, &scene.project_files);
///
/// // After 90 days access ends. Nia came for it, so she is blocked, and gone 30 days later; Gia stays.
/// scene.tenant.clock().advance(IsoDuration::days(91));
/// let people = scene.tenant.app().client().users();
/// assert!(people.get(&nia).await.is_ok());
/// scene.tenant.clock().advance(IsoDuration::days(30));
/// assert!(people.get(&nia).await.unwrap_err().is_not_found());
/// assert!(people.get(&scene.gia).await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PartnerOrganization {
    /// The company's tenant.
    pub tenant: Tenant,
    /// Administers entitlement management.
    pub root: Id<User>,
    /// Works here and vouches for Fabrikam: the internal sponsor, who consents to requests.
    pub iris: Id<User>,
    /// A guest from Fabrikam who vouches for it, too: the external sponsor.
    pub erik: Id<User>,
    /// A guest from Fabrikam who was here before anybody governed guests, so that nobody deletes her.
    pub gia: Id<User>,
    /// Fabrikam, which is configured.
    pub fabrikam: Id<ConnectedOrganization>,
    /// The id of Fabrikam's tenant, whose domains are `fabrikam.com` and `fabrikam.net`.
    pub fabrikam_tenant: String,
    /// The catalog of the package, which is shown to people from elsewhere.
    pub catalog: Id<Catalog>,
    /// Who may read the files of the common project.
    pub project_files: Id<Group>,
    /// Makes people of Fabrikam members of that group for 90 days, once an internal sponsor consents.
    pub package: Id<AccessPackage>,
    /// Its policy.
    pub policy: Id<AssignmentPolicy>,
}

impl PartnerOrganization {
    /// Furnishes a tenant of its own.
    ///
    /// # Errors
    ///
    /// None that a tenant without faults gives reason for.
    pub async fn open() -> Result<Self, Error> {
        Self::open_in(Tenant::new()).await
    }

    /// Furnishes a tenant that was set up in another way.
    ///
    /// # Errors
    ///
    /// What the tenant's faults, licence or limits lead to.
    pub async fn open_in(tenant: Tenant) -> Result<Self, Error> {
        let fabrikam_tenant = tenant.partner_tenant("Fabrikam", &["fabrikam.com", "fabrikam.net"]);
        let root = tenant.person("root").display_name("Rosa Root");
        let root = root.administrator().add();
        let iris = tenant.person("iris").display_name("Iris Inside").add();
        let guest = |mail: &str, name: &str| tenant.person(mail).display_name(name).guest().add();
        let erik = guest("erik@fabrikam.com", "Erik Elsewhere");
        let gia = guest("gia@fabrikam.net", "Gia Guest");
        let project_files = tenant.group("Readers of the project files").add();

        let client = tenant.app().client();
        let entitlement = client.entitlement();
        let source = IdentitySource::tenant(fabrikam_tenant.as_str());
        let draft = ConnectedOrganizationDraft::builder("Fabrikam", source).build()?;
        let organizations = entitlement.connected_organizations();
        let fabrikam = organizations.create(&draft).await?.id;
        let organization = entitlement.connected_organization(&fabrikam);
        organization.internal_sponsors().add(&iris).await?;
        organization.external_sponsors().add(&erik).await?;

        let catalog = CatalogDraft::builder("Partners")
            .state(CatalogState::Published)
            .is_externally_visible(true);
        let catalog = entitlement.catalogs().create(&catalog.build()?).await?.id;
        let package = package(&client, &catalog, "Project files", &project_files).await?;
        let stage = ApprovalStage::builder()
            .primary_approver(SubjectSet::internal_sponsors())
            .fallback_primary_approver(SubjectSet::user(&root))
            .duration_before_automatic_denial(IsoDuration::days(14))
            .build();
        let policy = AssignmentPolicyDraft::builder(&package, "Fabrikam, 90 days")
            .allowed_target_scope(AllowedTargetScope::SpecificConnectedOrganizationUsers)
            .specific_allowed_target(SubjectSet::connected_organization(&fabrikam))
            .requestor_settings(RequestorSettings::self_service().with_extension())
            .request_approval_settings(ApprovalSettings::in_stages([stage]))
            .expiration(Expiration::after(IsoDuration::days(90)))
            .build()?;
        let policy = entitlement.policies().create(&policy).await?.id;
        Ok(Self {
            tenant,
            root,
            iris,
            erik,
            gia,
            fabrikam,
            fabrikam_tenant,
            catalog,
            project_files,
            package,
            policy,
        })
    }

    /// Iris agrees to whatever waits for her.
    ///
    /// # Errors
    ///
    /// What the tenant's faults lead to.
    pub async fn approve_everything(&self) -> Result<(), Error> {
        approve_everything(&self.tenant, &[&self.iris, &self.root]).await
    }

    /// Rosa assigns the package to somebody of Fabrikam whom nobody here knows yet, Iris consents, and the guest is
    /// invited on delivery (REQ-5). `None` if that did not make an account, for want of a licence, say.
    ///
    /// # Errors
    ///
    /// What the tenant refuses it with, for instance as the address is not one of Fabrikam.
    pub async fn bring_in(&self, mail: &str) -> Result<Option<Id<User>>, Error> {
        let client = self.tenant.user(&self.root).client();
        let entitlement = client.entitlement();
        let draft = AssignmentRequestDraft::admin_add_by_email(&self.package, &self.policy, mail);
        let request = entitlement.requests().create(&draft.build()?).await?;
        self.approve_everything().await?;
        let whole = entitlement.request(&request.id).get_whole().await?;
        let target = whole.assignment.loaded();
        let target = target.and_then(|assignment| assignment.target.loaded());
        Ok(target.and_then(|subject| subject.object_id.clone()))
    }
}
