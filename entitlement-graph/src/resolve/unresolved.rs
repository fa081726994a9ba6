//! What is known when a name does not stand for exactly one thing.

use std::fmt::{self, Display};

/// A name stands for nothing, or for several things; nothing was guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unresolved {
    /// What was looked for: `accessPackageCatalog "Devices"`.
    pub what: String,
    /// How many things have exactly this name.
    pub matches: usize,
    /// Those that have it, or, if none has, others that come close; at most [`Unresolved::MOST`].
    pub candidates: Vec<Candidate>,
    /// Whether the name looks like an id, which would have to be given as one.
    pub looks_like_an_id: bool,
}

/// Something that a name may have been meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its name, as far as it has one.
    pub name: String,
}

impl Candidate {
    pub(crate) fn new(id: impl Display, name: impl Into<String>) -> Self {
        Self {
            id: id.to_string(),
            name: name.into(),
        }
    }
}

impl Unresolved {
    /// How many candidates are named at most.
    pub const MOST: usize = 10;

    pub(crate) fn new(
        what: impl Into<String>,
        matches: usize,
        candidates: impl IntoIterator<Item = Candidate>,
    ) -> Self {
        Self {
            what: what.into(),
            matches,
            candidates: candidates.into_iter().take(Self::MOST).collect(),
            looks_like_an_id: false,
        }
    }

    /// Whether nothing has the name.
    pub fn is_nothing(&self) -> bool {
        self.matches == 0
    }
}

impl Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.matches {
            0 => write!(f, "there is no {}", self.what)?,
            many => write!(
                f,
                "{many} things are called {}: use an id, or rename one",
                self.what
            )?,
        }
        if self.looks_like_an_id {
            f.write_str("; it looks like an id, not like a name")?;
        }
        if self.matches == 0 && !self.candidates.is_empty() {
            f.write_str("; there is")?;
        }
        for candidate in &self.candidates {
            write!(f, "\n  {:?} ({})", candidate.name, candidate.id)?;
        }
        if self.matches > self.candidates.len() {
            write!(f, "\n  and {} more", self.matches - self.candidates.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Unresolved {}
