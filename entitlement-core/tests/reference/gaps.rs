//! The gaps that are known, each with its reason.

use std::collections::BTreeMap;

/// What was found, beside what was expected.
pub(crate) struct Gaps {
    known: BTreeMap<String, String>,
    found: BTreeMap<String, String>,
}

impl Gaps {
    /// Reads lines like `accessPackage.catalog name: reason` or `accessReview* type: reason`; `#` begins a remark.
    pub(crate) fn new(list: &str) -> Self {
        let lines = list
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let known = lines.map(|line| {
            let (place, reason) = line.split_once(": ").expect("a gap has a reason");
            (place.to_owned(), reason.to_owned())
        });
        Self {
            known: known.collect(),
            found: BTreeMap::new(),
        }
    }

    /// Whether something is known, by this very name or by one with a `*` in it.
    pub(crate) fn lists(&self, found: &str) -> bool {
        self.known.keys().any(|known| Self::covers(known, found))
    }

    pub(crate) fn note(&mut self, place: String, problem: impl Into<String>) {
        self.found.insert(place, problem.into());
    }

    fn covers(known: &str, found: &str) -> bool {
        match known.split_once('*') {
            Some((start, end)) => {
                found.len() >= start.len() + end.len()
                    && found.starts_with(start)
                    && found.ends_with(end)
            }
            None => known == found,
        }
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} gaps under {} reasons",
            self.found.len(),
            self.known.len()
        )
    }

    /// Panics if something is wrong that is not known, or known that is not wrong.
    pub(crate) fn verdict(&self) {
        let unexpected = self.found.iter().filter(|(found, _)| !self.lists(found));
        let closed = self
            .known
            .keys()
            .filter(|known| !self.found.keys().any(|found| Self::covers(known, found)));
        let mut lines: Vec<String> = unexpected
            .map(|(place, problem)| format!("{place}: {problem}"))
            .collect();
        lines.extend(
            closed.map(|place| format!("{place}: this gap has closed, so take it off the list")),
        );
        assert!(
            lines.is_empty(),
            "this is not so, and not known not to be:\n{}",
            lines.join("\n")
        );
    }
}
