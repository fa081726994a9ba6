//! What the service tells people, and what it writes down.

use entitlement_core::time::Timestamp;

use super::World;
use super::table::Key;
use crate::audit::{Activity, AuditEvent};
use crate::outbox::{Mail, MailKind};

impl World {
    /// Sends a mail to a person.
    pub(crate) fn send_mail(
        &mut self,
        at: Timestamp,
        to: Key,
        kind: MailKind,
        subject: impl Into<String>,
        lines: Vec<String>,
    ) {
        // MAIL-4: accounts that are gone get no mail.
        let Some(user) = self.users.get(to).filter(|user| user.deleted.is_none()) else {
            return;
        };
        let address = user.mail.as_ref().unwrap_or(&user.principal_name);
        self.outbox.push(Mail {
            at,
            to: to.into(),
            address: address.clone(),
            kind,
            subject: subject.into(),
            lines,
        });
    }

    /// Writes down what happened to a request; `by` is a person, if it was one.
    pub(crate) fn audit(
        &mut self,
        at: Timestamp,
        activity: Activity,
        request: Key,
        by: Option<Key>,
    ) {
        let Some(row) = self.requests.get(request) else {
            return;
        };
        let package = self.packages.get(row.package);
        let target = self.users.get(row.target);
        let by = by.and_then(|key| self.users.get(key));
        let event = AuditEvent {
            at,
            activity,
            by: by.map(|user| user.principal_name.clone()),
            request: request.into(),
            package: package.map_or_else(String::new, |package| package.display_name.clone()),
            target: target.map_or_else(String::new, |user| user.principal_name.clone()),
        };
        self.audit_log.push(event);
    }
}
