//! What a tenant has to start with: people and their roles, groups, applications, sites, directory roles, and what people hold.

mod applications;
mod delegation;
mod devices;
mod groups;
mod holding;
mod outages;
mod partners;
mod people;
mod roles;
mod sites;

pub use applications::Application;
pub use devices::Device;
pub use groups::Group;
pub use holding::Holding;
pub use people::Person;
pub use roles::DirectoryRole;
pub use sites::{Environment, Site};
