//! What reviewers and those who set up a review are told (6.2).

use entitlement_core::access_review::notification::NotificationRecipientScope;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::time::Timestamp;
use indexmap::IndexSet;

use super::reviewers::{Panel, people};
use crate::outbox::MailKind;
use crate::world::World;
use crate::world::review::{Contact, Item, Verdict};
use crate::world::table::Key;

/// How much of the description for reviewers gets into a mail, in characters.
const DESCRIPTION: usize = 256;

/// Asks the reviewers of the stage that is open, if mails are sent at all; from then on they are contacted (REV-45).
pub(super) fn ask(world: &mut World, at: Timestamp, instance: Key) {
    let wanted = world
        .review_instances
        .get(instance)
        .is_some_and(|row| row.settings.mail_notifications_enabled == Some(true));
    if !wanted {
        return;
    }
    let none = IndexSet::new();
    let reviewers = write(
        world,
        at,
        instance,
        MailKind::ReviewStarted,
        |_| true,
        &none,
    );
    note(world, at, instance, reviewers);
}

/// Asks those who were not asked before.
pub(crate) fn ask_newcomers(world: &mut World, at: Timestamp, instance: Key) {
    let Some(row) = world
        .review_instances
        .get(instance)
        .filter(|row| row.settings.mail_notifications_enabled == Some(true))
    else {
        return;
    };
    let known = row.contacted.iter().map(|contact| contact.person).collect();
    let reviewers = write(
        world,
        at,
        instance,
        MailKind::ReviewStarted,
        |_| true,
        &known,
    );
    note(world, at, instance, reviewers);
}

/// Keeps who was asked.
fn note(world: &mut World, at: Timestamp, instance: Key, reviewers: IndexSet<Key>) {
    if let Some(row) = world.review_instances.get_mut(instance) {
        let known: IndexSet<Key> = row.contacted.iter().map(|contact| contact.person).collect();
        let new = reviewers
            .into_iter()
            .filter(|person| !known.contains(person));
        row.contacted
            .extend(new.map(|person| Contact { person, at }));
    }
}

/// Reminds those who have something left to decide, even if they have decided some of it.
pub(crate) fn remind(world: &mut World, at: Timestamp, instance: Key) {
    let open = |item: &Item| item.mark.verdict == Verdict::NotReviewed;
    write(
        world,
        at,
        instance,
        MailKind::ReviewReminder,
        open,
        &IndexSet::new(),
    );
}

/// Writes to the reviewers of some items, but for those who are left out, and says who they are.
fn write(
    world: &mut World,
    at: Timestamp,
    instance: Key,
    kind: MailKind,
    about: impl Fn(&Item) -> bool,
    without: &IndexSet<Key>,
) -> IndexSet<Key> {
    let Some(row) = world.review_instances.get(instance) else {
        return IndexSet::new();
    };
    let (Some(stage), Some(review)) = (row.stage(), world.reviews.get(row.review)) else {
        return IndexSet::new();
    };
    let at_stake = row
        .items
        .iter()
        .filter(|item| row.is_at_stake(item) && about(item));
    let mut reviewers = Panel::of(world, stage).of_all(world, at_stake);
    reviewers.retain(|person| !without.contains(person));
    let name = review.definition.display_name.clone().unwrap_or_default();
    let day = stage.end.strftime("%Y-%m-%d");
    let subject = match kind {
        MailKind::ReviewStarted => format!("Action required: review access by {day} ({name})"),
        _ => format!("Reminder: review access by {day} ({name})"),
    };
    let description = review.definition.description_for_reviewers.as_deref();
    let lines: Vec<String> = description
        .filter(|text| !text.is_empty())
        .map(|text| text.chars().take(DESCRIPTION).collect())
        .into_iter()
        .collect();
    for person in &reviewers {
        world.send_mail(at, *person, kind, subject.clone(), lines.clone());
    }
    reviewers
}

/// Tells whoever set the review up, and others whom it names, that it is over (REV-37).
pub(super) fn tell_of_end(world: &mut World, at: Timestamp, instance: Key) {
    let Some(row) = world.review_instances.get(instance) else {
        return;
    };
    let Some(review) = world.reviews.get(row.review) else {
        return;
    };
    if row.settings.mail_notifications_enabled != Some(true) {
        return;
    }
    let mut told: IndexSet<Key> = review.created_by.into_iter().collect();
    for item in &review.definition.additional_notification_recipients {
        if let Some(NotificationRecipientScope::Query(query)) = &item.notification_recipient_scope {
            let mut scope = ReviewerScope::default();
            scope.query.clone_from(&query.query);
            told.extend(people(world, &scope));
        }
    }
    let decided = |item: &&Item| item.mark.verdict != Verdict::NotReviewed;
    let lines = vec![format!(
        "{} of {} decisions were made.",
        row.items.iter().filter(decided).count(),
        row.items.len()
    )];
    let name = review.definition.display_name.clone().unwrap_or_default();
    for person in told {
        let subject = format!("The access review is complete: {name}");
        world.send_mail(
            at,
            person,
            MailKind::ReviewCompleted,
            subject,
            lines.clone(),
        );
    }
}
