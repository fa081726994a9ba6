//! What was found, against what is known not to hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::difference::Difference;
use crate::examples::Example;

/// A check of an example, as the list of misses names it: `page n check`.
type Name = String;

/// The outcome of every check that was made.
#[derive(Default)]
pub(crate) struct Findings {
    examples: BTreeSet<(String, u32)>,
    checks: BTreeMap<Name, Vec<Difference>>,
}

impl Findings {
    /// Notes how a check of an example came out.
    pub(crate) fn note(&mut self, example: &Example, check: &str, differences: Vec<Difference>) {
        let Example { page, n, .. } = example;
        self.examples.insert((page.clone(), *n));
        let name = format!("{page} {n} {check}");
        self.checks.insert(name, differences);
    }

    /// How much was checked, in one line.
    pub(crate) fn summary(&self) -> String {
        let pages: BTreeSet<&str> = self
            .examples
            .iter()
            .map(|(page, _)| page.as_str())
            .collect();
        let missed = self.failures().count();
        let mut line = format!(
            "documented examples: {} on {} pages; {} checks, of which {} hold and {missed} are misses;",
            self.examples.len(),
            pages.len(),
            self.checks.len(),
            self.checks.len() - missed,
        );
        for check in ["draft", "accept", "shape"] {
            let of_kind = |name: &&Name| name.ends_with(&format!(" {check}"));
            let all = self.checks.keys().filter(of_kind).count();
            let missed = self
                .failures()
                .map(|(name, _)| name)
                .filter(of_kind)
                .count();
            // Writing to a string cannot fail.
            let _ = write!(line, " {check} {}/{all}", all - missed);
        }
        line
    }

    fn failures(&self) -> impl Iterator<Item = (&Name, &Vec<Difference>)> {
        self.checks
            .iter()
            .filter(|(_, differences)| !differences.is_empty())
    }

    /// What is wrong: every check that failed and is not listed, and every one that is listed and did not fail.
    pub(crate) fn against(&self, list: &str) -> String {
        let listed = parse(list);
        let mut wrong = String::new();
        for (name, differences) in self.failures().filter(|(name, _)| !listed.contains(*name)) {
            for difference in differences {
                let _ = writeln!(wrong, "{name}: {difference}");
            }
        }
        for name in &listed {
            if self.checks.get(name).is_none_or(Vec::is_empty) {
                let _ = writeln!(
                    wrong,
                    "{name}: is a miss no longer, so take it off the list"
                );
            }
        }
        wrong
    }
}

/// Reads the list: `page n check: reason`, with comments after `#`.
fn parse(list: &str) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    let lines = list.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, reason) = line.split_once(": ").unwrap_or((line, ""));
        assert!(
            !reason.trim().is_empty(),
            "a miss without its reason: {line}"
        );
        assert!(
            names.insert(name.to_owned()),
            "a miss that is listed twice: {name}"
        );
    }
    names
}

#[test]
fn the_list_can_only_shrink() {
    let mut findings = Findings::default();
    let failed = vec![Difference::new("a.b", &1, &2)];
    findings.checks.insert("page 0 draft".to_owned(), failed);
    findings
        .checks
        .insert("page 0 shape".to_owned(), Vec::new());
    assert_eq!(
        findings.against(""),
        "page 0 draft: a.b: documented 1, here 2\n"
    );
    assert_eq!(findings.against("# why\npage 0 draft: because"), "");
    for stale in ["page 0 shape: because", "page 1 draft: because"] {
        let list = format!("page 0 draft: because\n{stale}");
        assert!(
            findings.against(&list).contains("is a miss no longer"),
            "{stale}"
        );
    }
}
