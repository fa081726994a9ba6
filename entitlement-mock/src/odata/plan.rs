//! Finds the few rows among which a filter's answer is, so that nobody looks through a table for them.
//!
//! Of the conditions that all have to hold, the one with the fewest rows is chosen. The filter is evaluated on those
//! rows as it would be on all, so a plan never changes an answer, and rows come in the order of their insertion.

use std::collections::BTreeSet;
use std::ops::Bound;

use entitlement_core::odata::{Comparison, Filter, Literal, Operand};

use crate::view::Item;
use crate::world::World;
use crate::world::table::{Index, Key, Place, Table, WordIndex};

/// All rows of a table, as a collection that can be asked for some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    Users,
    Groups,
    Catalogs,
    ResourceRequests,
    Packages,
    Policies,
    Requests,
    Assignments,
}

/// What is asked of any table.
trait Places {
    fn place_of(&self, key: Key) -> Option<Place>;
    fn row_at(&self, place: Place) -> Option<Key>;
    fn count(&self) -> usize;
}

impl<R> Places for Table<R> {
    fn place_of(&self, key: Key) -> Option<Place> {
        self.place(key)
    }

    fn row_at(&self, place: Place) -> Option<Key> {
        self.key_at(place)
    }

    fn count(&self) -> usize {
        self.places()
    }
}

impl Rows {
    fn table(self, world: &World) -> &dyn Places {
        match self {
            Self::Users => &world.users,
            Self::Groups => &world.groups,
            Self::Catalogs => &world.catalogs,
            Self::ResourceRequests => &world.resource_requests,
            Self::Packages => &world.packages,
            Self::Policies => &world.policies,
            Self::Requests => &world.requests,
            Self::Assignments => &world.assignments,
        }
    }

    /// A row as an item.
    pub(crate) fn item(self, key: Key) -> Item {
        match self {
            Self::Users => Item::User(key),
            Self::Groups => Item::Group(key),
            Self::Catalogs => Item::Catalog(key),
            Self::ResourceRequests => Item::ResourceRequest(key),
            Self::Packages => Item::Package(key),
            Self::Policies => Item::Policy(key),
            Self::Requests => Item::Request(key),
            Self::Assignments => Item::Assignment(key),
        }
    }

    /// The row at a place, unless it is gone, or nobody finds it any more.
    fn at(self, world: &World, place: Place) -> Option<Item> {
        let key = self.table(world).row_at(place)?;
        // Deleted accounts are kept for a while, elsewhere.
        let is_shown = self != Self::Users || world.is_person(key);
        is_shown.then(|| self.item(key))
    }

    /// Where a row is, or was.
    pub(crate) fn place(self, world: &World, key: Key) -> Option<Place> {
        self.table(world).place_of(key)
    }

    /// The rows among which are all that meet the filter, from after a place on.
    pub(crate) fn candidates<'w>(
        self,
        world: &'w World,
        filter: Option<&Filter>,
        after: Option<Place>,
    ) -> Box<dyn Iterator<Item = Item> + 'w> {
        let table = self.table(world);
        let first = after.map_or(0, |after| after + 1);
        let found = filter.and_then(|filter| self.plan(world, filter));
        // A union nearly as large as the table takes more to put in order than to look through.
        let found = found.filter(|found| !found.is_scattered() || found.len() < table.count() / 2);
        let at = move |place| self.at(world, place);
        match found {
            None => Box::new((first..table.count()).filter_map(at)),
            Some(Found::Keys(keys)) => {
                let begin = keys.partition_point(|key| table.place_of(*key) < Some(first));
                let keys = keys.get(begin..).unwrap_or_default();
                let places = keys.iter().filter_map(move |key| table.place_of(*key));
                Box::new(places.filter_map(at))
            }
            Some(Found::Places(places)) => {
                let places = places.range((Bound::Included(first), Bound::Unbounded));
                Box::new(places.copied().filter_map(at))
            }
            Some(scattered) => {
                let mut places = BTreeSet::new();
                scattered.collect(table, &mut places);
                Box::new(places.split_off(&first).into_iter().filter_map(at))
            }
        }
    }

    /// The index that narrows a filter down the most, if any does.
    fn plan<'w>(self, world: &'w World, filter: &Filter) -> Option<Found<'w>> {
        match filter {
            Filter::And(parts) => {
                let plans = parts.iter().filter_map(|part| self.plan(world, part));
                plans.min_by_key(Found::len)
            }
            Filter::Or(parts) => {
                let plans = parts.iter().map(|part| self.plan(world, part));
                plans.collect::<Option<_>>().map(Found::Any)
            }
            Filter::In {
                operand: Operand::Path(path),
                values,
            } => {
                let plans = values
                    .iter()
                    .map(|value| self.look_up(world, path.as_str(), value));
                plans.collect::<Option<_>>().map(Found::Any)
            }
            Filter::Compare {
                left: Operand::Path(path),
                operator: Comparison::Eq,
                right: Operand::Literal(literal),
            }
            | Filter::Compare {
                left: Operand::Literal(literal),
                operator: Comparison::Eq,
                right: Operand::Path(path),
            } => self.look_up(world, path.as_str(), literal),
            _ => None,
        }
    }

    /// The rows of which a property equals a value, if there is an index of it.
    fn look_up<'w>(self, world: &'w World, path: &str, value: &Literal) -> Option<Found<'w>> {
        let (links, is) = (&world.links, |name: &str| path.eq_ignore_ascii_case(name));
        let text = match value {
            Literal::String(text) => text.clone(),
            Literal::Guid(key) => key.to_string(),
            _ => return None,
        };
        let by_word =
            |index: &'w WordIndex| Some(index.of(&text).map_or(Found::NOTHING, Found::Places));
        match self {
            Self::Users if is("displayName") => return by_word(&links.users_by_display_name),
            Self::Users if is("mail") => return by_word(&links.users_by_mail),
            Self::Users if is("userPrincipalName") => {
                let user = links.user_named(&text);
                return Some(user.map_or(Found::NOTHING, Found::Key));
            }
            Self::Groups if is("displayName") => return by_word(&links.groups_by_display_name),
            Self::Requests if is("state") => return by_word(&links.requests_by_state),
            Self::Assignments if is("state") => return by_word(&links.assignments_by_state),
            _ => {}
        }
        let by_id = [
            "id",
            "accessPackage/id",
            "accessPackage/catalog/id",
            "assignmentPolicy/id",
            "catalog/id",
            "target/id",
            "target/objectId",
            "requestor/id",
            "requestor/objectId",
            "assignment/target/objectId",
        ];
        if !by_id.iter().any(|name| is(name)) {
            return None;
        }
        // A text that is no id is the id of nothing.
        let Ok(key) = Key::try_parse(&text) else {
            return Some(Found::NOTHING);
        };
        let of = |index: &'w Index, key: Key| Some(Found::Keys(index.of(key)));
        let of_subject = |index: &'w Index| {
            let user = links.user_of_subject(key);
            Some(user.map_or(Found::NOTHING, |user| Found::Keys(index.of(user))))
        };
        let of_packages = |index: &'w Index| {
            let packages = links.packages_of_catalog.of(key);
            Some(Found::OfEach(index, packages))
        };
        match self {
            _ if is("id") => Some(Found::Key(key)),
            Self::Packages if is("catalog/id") => of(&links.packages_of_catalog, key),
            Self::Policies if is("accessPackage/id") => of(&links.policies_of_package, key),
            Self::Policies if is("catalog/id") => of_packages(&links.policies_of_package),
            Self::Requests => match () {
                () if is("accessPackage/id") => of(&links.requests_of_package, key),
                () if is("accessPackage/catalog/id") => of_packages(&links.requests_of_package),
                () if is("requestor/objectId") => of(&links.requests_of_requestor, key),
                () if is("requestor/id") => of_subject(&links.requests_of_requestor),
                () if is("assignment/target/objectId") => of(&links.requests_of_target, key),
                () => None,
            },
            Self::Assignments => match () {
                () if is("accessPackage/id") => of(&links.assignments_of_package, key),
                () if is("accessPackage/catalog/id") => of_packages(&links.assignments_of_package),
                () if is("assignmentPolicy/id") => of(&links.assignments_of_policy, key),
                () if is("target/objectId") => of(&links.assignments_of_target, key),
                () if is("target/id") => of_subject(&links.assignments_of_target),
                () => None,
            },
            _ => None,
        }
    }
}

/// Rows that an index knows.
enum Found<'w> {
    /// One row, if it is there.
    Key(Key),
    /// Rows in the order of their insertion.
    Keys(&'w [Key]),
    /// Rows by place.
    Places(&'w BTreeSet<Place>),
    /// The rows that belong to any of these.
    OfEach(&'w Index, &'w [Key]),
    /// The rows that any of these know.
    Any(Vec<Found<'w>>),
}

impl Found<'_> {
    const NOTHING: Self = Self::Keys(&[]);

    /// How many rows there are, at most.
    fn len(&self) -> usize {
        match self {
            Self::Key(_) => 1,
            Self::Keys(keys) => keys.len(),
            Self::Places(places) => places.len(),
            Self::OfEach(index, owners) => owners.iter().map(|owner| index.of(*owner).len()).sum(),
            Self::Any(found) => found.iter().map(Self::len).sum(),
        }
    }

    /// Whether the rows have to be put in order first.
    fn is_scattered(&self) -> bool {
        matches!(self, Self::OfEach(..) | Self::Any(_))
    }

    fn collect(&self, table: &dyn Places, places: &mut BTreeSet<Place>) {
        let mut add =
            |keys: &[Key]| places.extend(keys.iter().filter_map(|key| table.place_of(*key)));
        match self {
            Self::Key(key) => add(&[*key]),
            Self::Keys(keys) => add(keys),
            Self::Places(found) => places.extend(found.iter().copied()),
            Self::OfEach(index, owners) => owners.iter().for_each(|owner| add(index.of(*owner))),
            Self::Any(found) => found.iter().for_each(|found| found.collect(table, places)),
        }
    }
}

#[cfg(test)]
mod tests {

    use entitlement_core::assignment::AssignmentState;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::caller::Caller;
    use crate::odata::eval;
    use crate::tenant::Tenant;
    use crate::view::View;
    use crate::world::directory::User;
    use crate::world::package::Package;
    use crate::world::request::Assignment;

    const STATES: [AssignmentState; 3] = [
        AssignmentState::Delivering,
        AssignmentState::Delivered,
        AssignmentState::Expired,
    ];

    /// A world with three people and four packages in two catalogs, and an assignment for each of `rows`: whose, of
    /// which package, and in which states one after the other.
    fn world(rows: &[(usize, usize, Vec<usize>)]) -> (World, Vec<Key>) {
        let (mut world, now) = Tenant::new().change(|world, now, _| (world.clone(), now));
        let catalogs = [world.catalogs.keys().next().unwrap(), Key::from_u128(9)];
        let packages: Vec<Key> = (0..4)
            .map(|number| {
                world.insert_package(Package {
                    catalog: catalogs[number % 2],
                    display_name: format!("Package {number}"),
                    description: None,
                    is_hidden: false,
                    created: now,
                    modified: now,
                    role_scopes: Vec::new(),
                    incompatible_packages: Vec::new(),
                    incompatible_groups: Vec::new(),
                })
            })
            .collect();
        let people: Vec<Key> = ["ada", "bob", "Ada"]
            .map(|name| {
                let subject = world.ids.next();
                let sign_in = format!("{name}{subject}@contoso.com");
                world.insert_user(User {
                    mail: Some(format!("{name}@contoso.com")).filter(|_| name != "bob"),
                    ..User::new(subject, sign_in, name.to_owned(), now)
                })
            })
            .to_vec();
        for (person, package, states) in rows {
            let key = world.insert_assignment(Assignment {
                package: packages[*package],
                policy: packages[*package],
                target: people[*person],
                state: AssignmentState::Delivering,
                status: "Delivering".into(),
                start: now,
                end: None,
                expired: None,
                grace: None,
                callouts: Vec::new(),
            });
            for state in states {
                world.change_assignment(key, |row| row.state = STATES[*state].clone());
            }
        }
        let assignments: Vec<Key> = world.assignments.keys().collect();
        let subjects = people.iter().map(|person| world.subject_of(*person));
        let ids = [&packages[..], &people[..], &catalogs[..], &assignments[..]].concat();
        let ids = ids.into_iter().chain(subjects).collect();
        (world, ids)
    }

    /// Filters made of conditions with and without an index; `{n}` stands for an id of the world.
    fn filters() -> impl Strategy<Value = String> {
        let id = 0_usize..40;
        let path = select(vec![
            "id",
            "ID",
            "accessPackage/id",
            "accessPackage/catalog/id",
            "assignmentPolicy/id",
            "target/objectid",
            "target/id",
        ]);
        let state = select(vec![
            "delivered",
            "DELIVERED",
            "expired",
            "delivering",
            "denied",
        ]);
        let leaf = prop_oneof![
            (path.clone(), id.clone()).prop_map(|(path, id)| format!("{path} eq '{{{id}}}'")),
            (path.clone(), id.clone()).prop_map(|(path, id)| format!("{{{id}}} eq {path}")),
            (path.clone(), vec(id.clone(), 0..4)).prop_map(|(path, ids)| {
                let ids: Vec<String> = ids.iter().map(|id| format!("'{{{id}}}'")).collect();
                format!("{path} in ({})", ids.join(","))
            }),
            (path, id).prop_map(|(path, id)| format!("{path} ne '{{{id}}}'")),
            state
                .clone()
                .prop_map(|state| format!("state eq '{state}'")),
            (state.clone(), state).prop_map(|(one, other)| format!("state in ('{one}','{other}')")),
            Just("state eq null".to_owned()),
            Just("startswith(target/displayName,'a')".to_owned()),
            Just("accessPackage/displayName gt 'Package 1'".to_owned()),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
                vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
                inner.prop_map(|inner| format!("not({inner})")),
            ]
        })
    }

    fn passing(world: &World, items: impl Iterator<Item = Item>, filter: &Filter) -> Vec<Item> {
        let view = View::new(world, Caller::App);
        items
            .filter(|item| eval::matches(filter, &view.properties(*item)).unwrap())
            .collect()
    }

    proptest! {
        #[test]
        fn a_plan_changes_no_answer(
            rows in vec((0_usize..3, 0_usize..4, vec(0_usize..3, 0..4)), 0..24),
            filter in filters(),
            after in proptest::option::of(0_usize..24),
        ) {
            let (mut world, ids) = world(&rows);
            let text = ids.iter().enumerate().fold(filter, |text, (number, id)| {
                text.replace(&format!("{{{number}}}"), &id.to_string())
            });
            // An id of nothing is an id all the same.
            let nothing = Key::nil().to_string();
            let text = (0..40).fold(text, |text, number| text.replace(&format!("{{{number}}}"), &nothing));
            let filter: Filter = text.parse().unwrap();
            let first = after.map_or(0, |after| after + 1);
            for again in [false, true] {
                let rows = world.assignments.keys().enumerate().filter(|(place, _)| *place >= first);
                let all = passing(&world, rows.map(|(_, key)| Item::Assignment(key)), &filter);
                let planned = Rows::Assignments.candidates(&world, Some(&filter), after);
                prop_assert_eq!(passing(&world, planned, &filter), all, "{}", filter);
                if !again {
                    // Found anew from the rows, the links are what they were.
                    let links = world.links.clone();
                    world.link_again();
                    prop_assert_eq!(&world.links, &links);
                }
            }
        }

        #[test]
        fn people_are_found_by_every_name(name in select(vec!["ada", "ADA", "bob", "x"]), whole in any::<bool>()) {
            let (world, _) = world(&[]);
            let texts = [
                format!("displayName eq '{name}'"),
                format!("mail eq '{name}@contoso.com'"),
                format!("mail eq null or displayName eq '{name}'"),
                format!("mail eq '{name}@contoso.com' and startswith(displayName,'a')"),
            ];
            for text in texts {
                let filter: Filter = text.parse().unwrap();
                let after = whole.then_some(0);
                let first = after.map_or(0, |after| after + 1);
                let all = passing(&world, world.users.keys().skip(first).map(Item::User), &filter);
                let planned = Rows::Users.candidates(&world, Some(&filter), after);
                prop_assert_eq!(passing(&world, planned, &filter), all, "{}", text);
            }
        }
    }
}
