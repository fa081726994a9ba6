//! The nouns of Microsoft Entra entitlement management as Rust types, and builders that refuse what the service would
//! refuse.
//!
//! Pure values only: nothing here does I/O, waits, or asks what time it is.
//!
//! | I want to … | module |
//! |---|---|
//! | put packages and resources on a shelf | [`catalog`], [`resource`] |
//! | describe what people ask for | [`package`] |
//! | say who may have it, who consents, for how long, who reviews | [`policy`], [`schedule`], [`subject_set`] |
//! | ask, assign, extend, give back | [`assignment_request`], [`request`], [`assignment`] |
//! | have other systems called on the way | [`custom_extension`] |
//! | see and decide approvals | [`approval`] |
//! | review whether access is still needed | [`access_review`] |
//! | name people and groups | [`directory`], [`identity`], [`subject`], [`connected_organization`] |
//! | install apps, and put settings on devices | [`intune`] |
//! | show people what they can ask for, send them to the portal | [`available_package`], [`suggestion`], [`my_access`] |
//! | set what holds in the whole tenant | [`settings`], [`control_configuration`] |
//! | see where it all hangs, and what neighbours hang there | [`entitlement_management`], [`lifecycle_workflow`] |
//! | query collections | [`query`], [`odata`] |
//! | understand ids, instants, errors | [`entity`], [`time`], [`validate`], [`wire`], [`public_error`] |
//! | see what the model makes of some JSON | [`inspect`] |
//!
//! Every concept comes as up to three types: the entity (what the service says), `…Draft` (what you send) and `…Patch`
//! (what you change). Drafts cannot be built, and patches are not sent, if they break a rule that shows in them alone.
//! Whatever the service may add later survives: enums keep members they do not know, unions keep kinds they do not know,
//! and entities that are written back whole keep properties they do not know.
//!
//! ```
//! use entitlement_core::catalog::CatalogDraft;
//!
//! let catalog = CatalogDraft::builder("Devices").description("Access to managed clients").build()?;
//! println!("{}", serde_json::to_string_pretty(&catalog)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod access_review;
pub mod approval;
pub mod assignment;
pub mod assignment_request;
pub mod available_package;
pub mod catalog;
pub mod connected_organization;
pub mod control_configuration;
pub mod custom_extension;
pub mod directory;
pub mod entitlement_management;
pub mod entity;
pub mod identity;
pub mod inspect;
pub mod intune;
pub mod lifecycle_workflow;
pub mod my_access;
pub mod odata;
pub mod package;
pub mod policy;
pub mod public_error;
pub mod query;
pub mod request;
pub mod resource;
pub mod schedule;
pub mod settings;
pub mod subject;
pub mod subject_set;
pub mod suggestion;
pub mod time;
pub mod validate;
pub mod wire;
