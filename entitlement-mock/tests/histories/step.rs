//! What can happen in a history.

use proptest::prelude::*;

/// One thing that somebody does. People, packages and groups are meant by their places.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// A person asks for a package, to begin in so many days.
    Ask {
        person: usize,
        package: usize,
        start: Option<u8>,
    },
    /// An administrator assigns a person under one of the policies.
    Assign {
        person: usize,
        package: usize,
        policy: usize,
    },
    /// A person asks for a package for longer.
    Extend {
        person: usize,
        package: usize,
        days: u8,
    },
    /// A person gives a package back.
    Leave { person: usize, package: usize },
    /// An administrator takes it away.
    Take { person: usize, package: usize },
    /// An administrator changes the end.
    Redate {
        person: usize,
        package: usize,
        days: u8,
    },
    /// A person decides whatever waits for them.
    Decide { person: usize, approve: bool },
    /// A person withdraws what they asked for.
    Cancel { person: usize },
    /// A package grants one more group.
    Grant { package: usize, group: usize },
    /// A package grants something no more.
    Ungrant { package: usize },
    /// What failed is tried again.
    Reprocess,
    /// Somebody wants a policy or a package gone.
    Delete { package: usize, whole: bool },
    /// Time passes.
    Wait { hours: u16 },
    /// Somebody says something that makes no sense.
    Babble { person: usize, words: String },
}

pub(crate) const PEOPLE: usize = 5;
pub(crate) const PACKAGES: usize = 3;
pub(crate) const GROUPS: usize = 3;

/// Any step; asking, deciding and waiting more often than the rest.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let person = 0..PEOPLE;
    let package = 0..PACKAGES;
    let both = (0..PEOPLE, 0..PACKAGES);
    prop_oneof![
        6 => (both.clone(), prop::option::weighted(0.3, 0..20_u8))
            .prop_map(|((person, package), start)| Step::Ask { person, package, start }),
        4 => (both.clone(), 0..PACKAGES)
            .prop_map(|((person, package), policy)| Step::Assign { person, package, policy }),
        2 => (both.clone(), 0..40_u8)
            .prop_map(|((person, package), days)| Step::Extend { person, package, days }),
        2 => both.clone().prop_map(|(person, package)| Step::Leave { person, package }),
        3 => both.clone().prop_map(|(person, package)| Step::Take { person, package }),
        2 => (both, 0..40_u8)
            .prop_map(|((person, package), days)| Step::Redate { person, package, days }),
        6 => (person.clone(), any::<bool>()).prop_map(|(person, approve)| Step::Decide { person, approve }),
        1 => person.clone().prop_map(|person| Step::Cancel { person }),
        2 => (package.clone(), 0..GROUPS).prop_map(|(package, group)| Step::Grant { package, group }),
        1 => package.clone().prop_map(|package| Step::Ungrant { package }),
        1 => Just(Step::Reprocess),
        1 => (package, any::<bool>()).prop_map(|(package, whole)| Step::Delete { package, whole }),
        6 => (0..400_u16).prop_map(|hours| Step::Wait { hours }),
        1 => (person, "[ -~]{0,40}").prop_map(|(person, words)| Step::Babble { person, words }),
    ]
}
