//! How a collection is asked.

/// What a caller wants of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Its items, or one thing.
    Items,
    /// The number of its items, with `/$count`.
    Number,
    /// Links to what it holds, with `/$ref`.
    Links,
}
