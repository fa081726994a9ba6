//! Which calls go into the next request, and in which of the shapes that the service takes.

use std::collections::BTreeSet;

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Waiting,
    Succeeded,
    Failed,
}

/// A call of the next request, and the call in the same request that it has to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) item: usize,
    pub(super) after: Option<usize>,
}

/// What one request may look like: nobody waits, all who wait wait for one, or each waits for the one before.
enum Shape {
    Parallel,
    Same(usize),
    Serial(usize),
}

/// All calls, who waits for whom, and how far each is.
#[derive(Debug)]
pub(super) struct Plan {
    stages: Vec<Stage>,
    /// The call that each waits for; it was added before.
    after: Vec<Option<usize>>,
    waiting: BTreeSet<usize>,
    /// Whether a call has failed since the last look for calls that wait for it.
    failure: bool,
}

impl Plan {
    pub(super) fn new(after: Vec<Option<usize>>) -> Self {
        Self {
            stages: vec![Stage::Waiting; after.len()],
            waiting: (0..after.len()).collect(),
            after,
            failure: false,
        }
    }

    pub(super) fn settle(&mut self, item: usize, succeeded: bool) {
        self.waiting.remove(&item);
        self.failure |= !succeeded;
        self.stages[item] = if succeeded {
            Stage::Succeeded
        } else {
            Stage::Failed
        };
    }

    /// Takes out the calls that cannot succeed, because the one they wait for has failed.
    pub(super) fn doomed(&mut self) -> Vec<usize> {
        let mut doomed = Vec::new();
        if !std::mem::take(&mut self.failure) {
            return doomed;
        }
        for &item in &self.waiting {
            if self.after[item].is_some_and(|first| self.stages[first] == Stage::Failed) {
                self.stages[item] = Stage::Failed;
                doomed.push(item);
            }
        }
        for item in &doomed {
            self.waiting.remove(item);
        }
        doomed
    }

    /// The next request, of at most `most` calls; empty once nothing waits.
    pub(super) fn next_round(&self, most: usize) -> Vec<Chosen> {
        let mut shape = Shape::Parallel;
        let mut chosen: Vec<Chosen> = Vec::new();
        for &item in &self.waiting {
            if chosen.len() >= most {
                break;
            }
            // What was done in an earlier request is no longer waited for.
            let after = self.after[item].filter(|first| self.waiting.contains(first));
            let grown = match after {
                None if matches!(shape, Shape::Serial(_)) => continue,
                None => None,
                Some(first) if !chosen.iter().any(|one| one.item == first) => continue,
                Some(first) => match shape {
                    Shape::Parallel => Some(Shape::Same(first)),
                    Shape::Same(centre) if centre == first => Some(Shape::Same(centre)),
                    Shape::Same(centre) if matches!(chosen[..], [one, two] if one.item == centre && two.item == first) => {
                        Some(Shape::Serial(item))
                    }
                    Shape::Serial(last) if last == first => Some(Shape::Serial(item)),
                    Shape::Same(_) | Shape::Serial(_) => continue,
                },
            };
            shape = grown.unwrap_or(shape);
            chosen.push(Chosen { item, after });
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rounds(after: &[Option<usize>], most: usize) -> Vec<Vec<Chosen>> {
        let mut plan = Plan::new(after.to_vec());
        let mut rounds = Vec::new();
        loop {
            let round = plan.next_round(most);
            if round.is_empty() {
                return rounds;
            }
            for one in &round {
                plan.settle(one.item, true);
            }
            rounds.push(round);
        }
    }

    fn has_a_documented_shape(round: &[Chosen]) -> bool {
        let mut firsts: Vec<usize> = round.iter().filter_map(|one| one.after).collect();
        let serial = round
            .windows(2)
            .all(|pair| pair[1].after == Some(pair[0].item))
            && round[0].after.is_none();
        firsts.dedup();
        let same = match firsts[..] {
            [] => true,
            [centre] => round
                .iter()
                .any(|one| one.item == centre && one.after.is_none()),
            _ => false,
        };
        serial || same
    }

    #[test]
    fn chains_and_stars_stay_together() {
        let items = |round: &[Chosen]| round.iter().map(|one| one.item).collect::<Vec<_>>();
        let chain = rounds(&[None, Some(0), Some(1), None], 20);
        assert_eq!(
            chain.iter().map(|round| items(round)).collect::<Vec<_>>(),
            [vec![0, 1, 2], vec![3]]
        );
        let star = rounds(&[None, Some(0), None, Some(0)], 20);
        assert_eq!(
            star.iter().map(|round| items(round)).collect::<Vec<_>>(),
            [vec![0, 1, 2, 3]]
        );
        let long = rounds(&[None, Some(0), Some(1), Some(2)], 3);
        assert_eq!(
            long[1],
            [Chosen {
                item: 3,
                after: None
            }]
        );
    }

    #[test]
    fn who_waits_for_a_failure_fails_with_it() {
        let mut plan = Plan::new(vec![None, Some(0), Some(1), None]);
        plan.settle(0, false);
        assert_eq!(plan.doomed(), [1, 2]);
        assert_eq!(
            plan.next_round(20),
            [Chosen {
                item: 3,
                after: None
            }]
        );
    }

    proptest! {
        #[test]
        fn every_call_is_sent_once_and_after_what_it_waits_for(
            wishes in prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), 0..90),
            most in 1..=20_usize,
        ) {
            let after: Vec<Option<usize>> = wishes
                .iter()
                .enumerate()
                .map(|(item, wish)| wish.as_ref().filter(|_| item > 0).map(|wish| wish.index(item)))
                .collect();
            let rounds = rounds(&after, most);
            let mut done = BTreeSet::new();
            for round in &rounds {
                prop_assert!(round.len() <= most);
                prop_assert!(has_a_documented_shape(round), "{round:?}");
                let before = done.clone();
                for one in round {
                    let first = after[one.item];
                    let satisfied = first.is_none_or(|first| before.contains(&first));
                    if satisfied {
                        prop_assert_eq!(one.after, None);
                    } else {
                        prop_assert_eq!(one.after, first);
                        prop_assert!(done.contains(&first.unwrap()));
                    }
                    prop_assert!(done.insert(one.item), "sent twice");
                }
            }
            prop_assert_eq!(done.len(), after.len());
        }
    }
}
