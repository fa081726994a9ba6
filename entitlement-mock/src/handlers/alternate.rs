//! Keys other than ids: `applications(appId='…')`.

use super::Missing;
use crate::router::Match;
use crate::router::refusal::Refusal;
use crate::world::World;
use crate::world::table::Key;

/// Puts ids in the place of the alternate keys of a path; `no_route` is for properties that are no key.
pub(crate) fn resolve(
    world: &World,
    found: &mut Match,
    no_route: impl Fn() -> Refusal,
) -> Result<(), Refusal> {
    for (name, property) in &found.alternates {
        let Some((_, text)) = found.keys.iter_mut().find(|(key, _)| key == name) else {
            continue;
        };
        let row = match find(world, name, property, text) {
            Found::Row(row) => row,
            Found::Nothing => return Err(Missing::of_key(name).refusal()),
            Found::NoKey => return Err(no_route()),
        };
        *text = row.to_string();
    }
    Ok(())
}

enum Found {
    Row(Key),
    Nothing,
    /// The property is no key of such rows.
    NoKey,
}

fn find(world: &World, name: &str, property: &str, value: &str) -> Found {
    let is = |key: &str| property.eq_ignore_ascii_case(key);
    let app_id = Key::try_parse(value).ok();
    let row = match name {
        "application" if is("appId") => {
            let mut rows = world.applications.iter();
            let row = rows.find(|(_, row)| Some(row.app_id) == app_id);
            row.map(|(key, _)| key)
        }
        "servicePrincipal" if is("appId") => {
            let mut rows = world.service_principals.iter();
            let row = rows.find(|(_, row)| Some(row.app_id) == app_id);
            row.map(|(key, _)| key)
        }
        "user" if is("userPrincipalName") => world.find_user(value),
        _ => return Found::NoKey,
    };
    row.map_or(Found::Nothing, Found::Row)
}
