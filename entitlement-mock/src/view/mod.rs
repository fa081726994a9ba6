//! The world as Graph shows it: every row as a JSON object, and the links from one to the next.

mod extensions;
mod intune;
mod item;
mod links;
mod object;
mod origins;
mod outside;
mod properties;
mod render;
mod resources;
mod review;

pub(crate) use item::{Item, View};
pub(crate) use links::Link;
pub(crate) use object::Object;
