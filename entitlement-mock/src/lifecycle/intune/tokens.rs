//! Who is a local administrator: what the device's groups say, and what it knows of those who signed in.

use std::collections::BTreeSet;

use entitlement_core::directory::UserType;
use entitlement_core::intune::local_groups::{LocalGroup, MOST_ENTRA_GROUPS};
use entitlement_core::intune::sid::Sid;
use entitlement_core::time::{IsoDuration, Timestamp};
use indexmap::IndexSet;

use crate::world::World;
use crate::world::intune::device::{Device, Join, Token};
use crate::world::table::Key;

/// The account that every Windows has.
pub(crate) const BUILT_IN_ADMINISTRATOR: &str = "S-1-5-21-1004336348-1177238915-682003330-500";

/// The roles whose holders administer every device that is joined to Entra: Global Administrator and Microsoft Entra
/// Joined Device Local Administrator.
const ADMINISTERING_ROLES: [u128; 2] = [
    0x62e9_0394_69f5_4237_9190_0121_7714_5e10,
    0x9f06_204d_73c1_4d4c_880a_6edb_9060_6fd8,
];

/// Who is in Administrators before any policy has reached the device.
pub(crate) fn first_administrators(join: Join, owner: Option<Key>) -> IndexSet<String> {
    let mut first = IndexSet::from([BUILT_IN_ADMINISTRATOR.to_owned()]);
    if join == Join::Joined {
        let roles = ADMINISTERING_ROLES.map(Key::from_u128);
        let others = roles.into_iter().chain(owner);
        first.extend(others.map(|key| Sid::of_object(key).as_str().to_owned()));
    }
    first
}

/// Somebody signs in on a device. Their token is renewed if it is as old as the tenant's choices say; else the device
/// goes on with what it knew.
pub(crate) fn sign_in(world: &mut World, at: Timestamp, device: Key, person: Key) {
    if let Some(user) = world.users.get_mut(person) {
        user.last_sign_in = Some(at);
    }
    let life = IsoDuration::minutes(world.settings.choices.intune.token_minutes);
    let known = world.devices.get(device);
    let token = known.and_then(|device| device.tokens.get(&person));
    let is_good = token.is_some_and(|token| life.after(token.taken).is_some_and(|end| at < end));
    if is_good {
        return;
    }
    let token = Token {
        taken: at,
        principals: principals(world, person),
    };
    if let Some(device) = world.devices.get_mut(device) {
        device.tokens.insert(person, token);
    }
}

/// The groups and directory roles that somebody has now.
fn principals(world: &World, person: Key) -> BTreeSet<Key> {
    let groups = world.groups.iter();
    let groups = groups.filter(|(_, group)| group.members.contains(&person));
    let roles = world.directory_roles.iter();
    let roles = roles.filter(|(_, role)| role.active.contains(&person));
    let groups = groups.map(|(key, _)| key);
    groups.chain(roles.map(|(key, _)| key)).collect()
}

/// Whether somebody is a local administrator of a device, and why, or why not.
pub(crate) fn administers(world: &World, device: &Device, person: Key) -> Result<String, String> {
    let administrators = device.local_groups.get(LocalGroup::Administrators.sid());
    let administrators = administrators.into_iter().flatten();
    let listed: Vec<&str> = administrators.map(String::as_str).collect();
    let user = world.users.get(person);
    let user = user.filter(|user| user.deleted.is_none());
    let Some(user) = user else {
        return Err("there is no such person".to_owned());
    };
    if user.kind == UserType::Guest {
        return Err("guests never are".to_owned());
    }
    if listed.contains(&Sid::of_object(person).as_str()) {
        return Ok("their own SID is in Administrators".to_owned());
    }
    if device.join != Join::Joined {
        return Err("groups of Entra count only on devices that are joined to it".to_owned());
    }
    let Some(token) = device.tokens.get(&person) else {
        return Err("they have not signed in there".to_owned());
    };
    let of_entra = listed.iter().filter_map(|sid| {
        let sid: Sid = sid.parse().ok()?;
        sid.object_id()
    });
    let of_entra: Vec<Key> = of_entra.take(MOST_ENTRA_GROUPS).collect();
    match of_entra.iter().find(|key| token.principals.contains(key)) {
        Some(key) => Ok(format!(
            "their token of {} has {}, which is in Administrators",
            token.taken,
            name(world, *key)
        )),
        None => Err(format!(
            "their token of {} has none of what is in Administrators: {}",
            token.taken,
            names(world, &of_entra)
        )),
    }
}

fn names(world: &World, keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(|key| name(world, *key)).collect();
    if names.is_empty() {
        "nothing of Entra".to_owned()
    } else {
        names.join(", ")
    }
}

/// The name of whatever has an object id.
fn name(world: &World, key: Key) -> String {
    let group = world.groups.get(key).map(|group| &group.display_name);
    let role = world
        .directory_roles
        .get(key)
        .map(|role| &role.display_name);
    let user = world.users.get(key).map(|user| &user.display_name);
    let found = group.or(role).or(user);
    found.map_or_else(|| key.to_string(), Clone::clone)
}
