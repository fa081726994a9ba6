//! Who reviews an item: the stage's queries, resolved at the moment of the question (5.4).

use entitlement_core::access_review::reviewer::{ReviewerQuery, ReviewerScope};
use indexmap::IndexSet;

use crate::world::World;
use crate::world::review::{Access, Item, Stage};
use crate::world::table::Key;

/// The reviewers of a stage, with what is the same for every item found out once.
#[derive(Debug)]
pub(crate) struct Panel {
    first: Queries,
    fallback: Queries,
    /// People review their own access (REV-30).
    is_self_review: bool,
}

/// What some queries find.
#[derive(Debug, Default)]
struct Queries {
    /// Whoever reviews every item.
    everywhere: IndexSet<Key>,
    by_manager: bool,
    by_owners: bool,
}

impl Panel {
    pub(crate) fn of(world: &World, stage: &Stage) -> Self {
        Self {
            first: Queries::of(world, &stage.reviewers),
            fallback: Queries::of(world, &stage.fallback),
            is_self_review: stage.reviewers.is_empty(),
        }
    }

    /// Whether a person reviews an item.
    pub(crate) fn has(&self, world: &World, item: &Item, person: Key) -> bool {
        if self.is_self_review {
            return item.principal == person;
        }
        if self.first.finds_somebody(world, item) {
            self.first.find(world, item, person)
        } else {
            self.fallback.find(world, item, person)
        }
    }

    /// Everybody who reviews one of the items, each once.
    pub(crate) fn of_all<'i>(
        &self,
        world: &World,
        items: impl Iterator<Item = &'i Item>,
    ) -> IndexSet<Key> {
        let mut all = IndexSet::new();
        let mut met = [false, false];
        for item in items {
            if self.is_self_review {
                all.insert(item.principal);
                continue;
            }
            let falls_back = !self.first.finds_somebody(world, item);
            let queries = if falls_back {
                &self.fallback
            } else {
                &self.first
            };
            if !std::mem::replace(&mut met[usize::from(falls_back)], true) {
                all.extend(&queries.everywhere);
            }
            if queries.by_manager {
                all.extend(manager(world, item));
            }
            if queries.by_owners {
                all.extend(owners(world, item));
            }
        }
        all
    }
}

impl Queries {
    fn of(world: &World, scopes: &[ReviewerScope]) -> Self {
        let mut queries = Self::default();
        for scope in scopes {
            match scope.meaning() {
                ReviewerQuery::Manager => queries.by_manager = true,
                ReviewerQuery::Owners => queries.by_owners = true,
                _ => queries.everywhere.extend(people(world, scope)),
            }
        }
        queries
    }

    fn finds_somebody(&self, world: &World, item: &Item) -> bool {
        !self.everywhere.is_empty()
            || self.by_manager && manager(world, item).is_some()
            || self.by_owners && owners(world, item).next().is_some()
    }

    fn find(&self, world: &World, item: &Item, person: Key) -> bool {
        self.everywhere.contains(&person)
            || self.by_manager && manager(world, item) == Some(person)
            || self.by_owners && owners(world, item).any(|owner| owner == person)
    }
}

/// The manager of the person whose access it is; nobody whose account is deleted.
fn manager(world: &World, item: &Item) -> Option<Key> {
    let manager = world.manager_of(item.principal, 1)?;
    world.is_person(manager).then_some(manager)
}

/// The owners of the group that an item is about.
fn owners(world: &World, item: &Item) -> impl Iterator<Item = Key> {
    let group = match item.access {
        Access::Member(group) => world.groups.get(group),
        Access::Assignment(_) => None,
    };
    group
        .into_iter()
        .flat_map(|group| group.owners.iter().copied())
}

/// The people whom a query finds that is about nobody's access in particular.
pub(crate) fn people(world: &World, scope: &ReviewerScope) -> Vec<Key> {
    let group = |id: &entitlement_core::entity::Id<entitlement_core::directory::Group>| {
        id.as_uuid().and_then(|key| world.groups.get(key))
    };
    match scope.meaning() {
        ReviewerQuery::User(id) => {
            let key = world.find_user(&id.to_string());
            key.into_iter().collect()
        }
        ReviewerQuery::MembersOf(id) => group(&id)
            .map(|group| group.members.iter().copied().collect())
            .unwrap_or_default(),
        ReviewerQuery::OwnersOf(id) => group(&id)
            .map(|group| group.owners.iter().copied().collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}
