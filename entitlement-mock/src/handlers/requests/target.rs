//! Whom an administrator assigns: somebody of the directory, or somebody who is to be invited (REQ-5).

use entitlement_core::connected_organization::IdentitySource;
use entitlement_core::policy::AssignmentPolicy;

use super::checks::not_met;
use super::wish::Wish;
use crate::handlers::{Context, Missing};
use crate::lifecycle::eligibility::may_be_assigned;
use crate::lifecycle::guests;
use crate::router::refusal::Refusal;
use crate::world::table::Key;

pub(super) enum Target {
    Known(Key),
    /// Somebody of whom only the mail address is known, and so where they come from.
    New {
        mail: String,
        home: IdentitySource,
    },
}

impl Target {
    pub(super) fn of(context: &Context<'_>, wish: &Wish) -> Result<Self, Refusal> {
        let Some(mail) = &wish.target_email else {
            let target = wish
                .target
                .ok_or_else(|| Refusal::invalid_model("assignment.targetId is missing"))?;
            return if context.world.is_person(target) {
                Ok(Self::Known(target))
            } else {
                Err(Missing::DirectoryObject.refusal())
            };
        };
        if let Some(known) = context.world.person_with_mail(mail) {
            return Ok(Self::Known(known));
        }
        let domain = mail.rsplit_once('@').filter(|(name, domain)| {
            let strange = |c: char| c.is_whitespace() || c == '@' || c == '/';
            !name.is_empty()
                && domain.contains('.')
                && !name.contains(strange)
                && !domain.contains(strange)
        });
        let Some((_, domain)) = domain else {
            return Err(Refusal::invalid_model(format!(
                "assignment.target.email: {mail:?} is no mail address"
            )));
        };
        if domain.eq_ignore_ascii_case(&context.world.settings.domain) {
            return Err(not_met(format!(
                "{mail} is an address of this tenant, and nobody has it (REQ-7b)"
            )));
        }
        Ok(Self::New {
            mail: mail.clone(),
            home: context.world.resolved(&IdentitySource::domain(domain)),
        })
    }

    /// Refuses whoever is outside of the policy's scope (REQ-7, REQ-7b).
    pub(super) fn check_scope(
        &self,
        context: &Context<'_>,
        settings: &AssignmentPolicy,
    ) -> Result<(), Refusal> {
        let is_inside = match self {
            Self::Known(key) => may_be_assigned(context.world, settings, *key),
            Self::New { home, .. } => guests::lets_in(context.world, settings, home),
        };
        match self {
            _ if is_inside => Ok(()),
            Self::Known(_) => Err(not_met("the person is outside the policy's scope (REQ-7)")),
            Self::New { mail, .. } => Err(not_met(format!(
                "{mail}: the policy is not for people from there who are outside the directory (REQ-7b)"
            ))),
        }
    }

    /// The person, if anything is known of them.
    pub(super) fn known(&self) -> Option<Key> {
        match self {
            Self::Known(key) => Some(*key),
            Self::New { .. } => None,
        }
    }

    /// The person, who is expected from now on.
    pub(super) fn expected(self, context: &mut Context<'_>) -> Key {
        match self {
            Self::Known(key) => key,
            Self::New { mail, home } => guests::expect(context.world, context.now, &mail, home),
        }
    }
}
