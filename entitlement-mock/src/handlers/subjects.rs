//! People as entitlement management knows them, and what becomes of guests without access (ORG-7 to ORG-10).

use entitlement_core::request::RequestType;
use entitlement_core::settings::ExternalUserLifecycleAction as Action;
use entitlement_core::subject::SubjectLifecycle;
use entitlement_core::time::IsoDuration;

use super::catalogs::unknown_member;
use super::{Context, Missing, Outcome, Reply};
use crate::router::refusal::Refusal;
use crate::view::Item;
use crate::world::outside::Outsider;
use crate::world::table::Key;

/// The person whose object id is in the path; only those count who asked for something, or got it.
fn subject(context: &Context<'_>) -> Result<Key, Refusal> {
    let mut arguments = context.arguments.iter();
    let id = arguments.find(|(name, _)| name.eq_ignore_ascii_case("objectId"));
    let key = id.and_then(|(_, id)| Key::try_parse(id).ok());
    let key = key.filter(|key| is_known(context, *key));
    key.ok_or_else(|| Missing::Subject.refusal())
}

fn is_known(context: &Context<'_>, person: Key) -> bool {
    let links = &context.world.links;
    let world = &*context.world;
    world.users.get(person).is_some_and(|user| !user.is_purged)
        && (!links.requests_of_target.of(person).is_empty()
            || !links.assignments_of_target.of(person).is_empty())
}

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    let people = context.world.users.keys();
    let known = people.filter(|key| is_known(context, *key));
    context.list(known.map(Item::Subject))
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::Subject(subject(context)?))
}

/// Says whether a guest goes when the last access does (ORG-8).
pub(crate) fn update(context: &mut Context<'_>) -> Outcome {
    let key = subject(context)?;
    let mut body = context.body()?;
    let lifecycle: Option<SubjectLifecycle> = body.take("subjectLifecycle")?;
    context.finish_patch(body, Item::Subject(key))?;
    let Some(lifecycle) = lifecycle else {
        return Ok(Reply::no_content());
    };
    if let SubjectLifecycle::Unknown(text) = &lifecycle {
        return Err(unknown_member(text, SubjectLifecycle::MEMBERS));
    }
    let world = &mut *context.world;
    let requests = world.links.requests_of_target.of(key).iter();
    let mut requests = requests.filter_map(|key| world.requests.get(*key));
    let asked = requests.any(|row| row.kind == RequestType::UserAdd);
    let invited = |outside: &Outsider| outside.lifecycle == SubjectLifecycle::Governed;
    let user = world.users.get_mut(key);
    let user = user.ok_or_else(|| Missing::Subject.refusal())?;
    if lifecycle == SubjectLifecycle::Governed
        && !asked
        && !user.outside.as_ref().is_some_and(invited)
    {
        return Err(Refusal::invalid_model(
            "subjectLifecycle: only people who asked for themselves can become governed (ORG-8)",
        ));
    }
    match &mut user.outside {
        Some(outside) => outside.lifecycle = lifecycle,
        None => {
            return Err(Refusal::invalid_model(
                "subjectLifecycle: the person is not from elsewhere (ORG-8)",
            ));
        }
    }
    Ok(Reply::no_content())
}

pub(crate) fn get_settings(context: &mut Context<'_>) -> Outcome {
    context.entity(Item::GuestSettings)
}

/// Whom it concerns is decided when they lose their last access; days that are fixed stay (ORG-10).
pub(crate) fn update_settings(context: &mut Context<'_>) -> Outcome {
    let mut body = context.body()?;
    let action: Option<Action> = body.take("externalUserLifecycleAction")?;
    let delay: Option<IsoDuration> = body.take("durationUntilExternalUserDeletedAfterBlocked")?;
    context.finish_patch(body, Item::GuestSettings)?;
    if let Some(Action::Unknown(text)) = &action {
        return Err(unknown_member(text, Action::MEMBERS));
    }
    if delay.is_some_and(|delay| delay.has_calendar_units() || delay.is_negative()) {
        return Err(Refusal::invalid_model(
            "durationUntilExternalUserDeletedAfterBlocked: only days and time, and none that are past (ORG-9)",
        ));
    }
    let settings = &mut context.world.guests;
    if let Some(action) = action {
        settings.action = action;
    }
    if let Some(delay) = delay {
        settings.delete_after = delay;
    }
    Ok(Reply::no_content())
}
