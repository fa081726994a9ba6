//! What a refused call may have meant, for the person who reads the journal (M19).

mod ids;
mod kinds;
pub(crate) mod nearest;
pub(crate) mod refused;
