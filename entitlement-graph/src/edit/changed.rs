//! What is known when somebody else changed a thing that was being edited.

use std::fmt::{self, Display};

use crate::difference::{Difference, write_all};

/// Somebody else changed it between reading and writing, so nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// What was edited: the type's name in Graph and the id.
    pub what: String,
    /// What the others changed: expected is what was read first, found is what is there now.
    pub differences: Vec<Difference>,
    /// How often the edit was begun.
    pub attempts: u32,
}

impl Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} was changed by somebody else during the edit, so nothing was written",
            self.what
        )?;
        write_all(f, &self.differences)
    }
}

impl std::error::Error for Changed {}
