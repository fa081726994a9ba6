//! Resources of catalogs, what one can be there, and where (OBJ-20 to OBJ-37).

mod onboard;
pub(crate) mod read;
pub(crate) mod request;
