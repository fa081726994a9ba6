//! Assignments: they are read here, and changed by requests only (OBJ-3, ASG-7).

use super::packages::unknown_option;
use super::{Context, Missing, Outcome, Reply};
use entitlement_graph::permission::Role;

use crate::lifecycle::grants;
use crate::odata::plan::Rows;
use crate::router::refusal::Refusal;
use crate::view::Item;
use entitlement_core::assignment::AssignmentState;

pub(crate) fn list(context: &mut Context<'_>) -> Outcome {
    context.check_guids()?;
    context.list_rows(Rows::Assignments)
}

pub(crate) fn get(context: &mut Context<'_>) -> Outcome {
    let key = context.row(
        "assignment",
        |world| &world.assignments,
        Missing::Assignment,
    )?;
    let is_mine = context.world.assignments.get(key).is_some_and(|row| {
        Some(row.target) == context.caller.user()
            || context.has_role(Role::CatalogReader, row.package)
    });
    if !is_mine {
        return Err(Refusal::unauthorized("the assignment is somebody else's"));
    }
    context.entity(Item::Assignment(key))
}

pub(crate) fn filter_by_current_user(context: &mut Context<'_>) -> Outcome {
    let (person, on) = context.current_user()?;
    let world = &*context.world;
    let mine: Vec<Item> = match on.to_ascii_lowercase().as_str() {
        "target" => world
            .links
            .assignments_of_target
            .of(person)
            .iter()
            .copied()
            .map(Item::Assignment)
            .collect(),
        "createdby" => {
            let requests = world.requests.iter().map(|(_, request)| request);
            let own = requests.filter(|request| request.requestor == Some(person));
            let begun = own.filter(|request| !request.is_removal() && !request.is_update());
            begun
                .filter_map(|request| request.assignment)
                .map(Item::Assignment)
                .collect()
        }
        "targetmanager" => world
            .assignments
            .iter()
            .filter(|(_, row)| world.manager_of(row.target, 1) == Some(person))
            .map(|(key, _)| Item::Assignment(key))
            .collect(),
        // There are no agents here, and so nobody who looks after one.
        "targetagentidentitysponsororowner" => Vec::new(),
        _ => {
            return Err(unknown_option(
                on,
                &[
                    "target",
                    "createdBy",
                    "targetManager",
                    "targetAgentIdentitySponsorOrOwner",
                ],
            ));
        }
    };
    context.list(mine)
}

/// Gives again what was taken away elsewhere; takes nothing away (REQ-53).
pub(crate) fn reprocess(context: &mut Context<'_>) -> Outcome {
    let key = context.row(
        "assignment",
        |world| &world.assignments,
        Missing::Assignment,
    )?;
    let row = context.world.assignments.get(key);
    let Some(row) = row.filter(|row| row.state == AssignmentState::Delivered) else {
        return Err(Refusal::bad_request(
            "InvalidRequestState",
            "The assignment can not be reprocessed.",
        )
        .because("only delivered assignments can be reprocessed (REQ-53)"));
    };
    let (target, package) = (row.target, row.package);
    grants::give_all(context.world, context.now, target, package);
    Ok(Reply::accepted())
}
