//! What Microsoft Graph declares.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

/// The declarations; `None` if nobody says where they are.
pub(crate) static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(|| {
    let Some(shared) = std::env::var_os("ENTITLEMENT_SHARED") else {
        let line = "SKIPPED declared types: ENTITLEMENT_SHARED is not set, so no body was checked";
        // Only what the print macros write is held back; nobody listening is no reason to fail.
        let _ = writeln!(std::io::stderr(), "\n{line}");
        return None;
    };
    let file = Path::new(&shared).join("graph/schema-v1.json");
    let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Some(serde_json::from_slice(&text).expect("declarations"))
});

#[derive(Deserialize)]
pub(crate) struct Schema {
    pub(crate) types: HashMap<String, Type>,
    pub(crate) enums: HashMap<String, Enum>,
    pub(crate) bound: Vec<Bound>,
}

#[derive(Deserialize)]
pub(crate) struct Type {
    pub(crate) base: Option<String>,
    #[serde(rename = "abstract")]
    pub(crate) is_abstract: bool,
    #[serde(rename = "open")]
    pub(crate) is_open: bool,
    properties: HashMap<String, Property>,
}

#[derive(Deserialize)]
pub(crate) struct Property {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default, rename = "collection")]
    pub(crate) is_collection: bool,
    #[serde(default = "yes", rename = "nullable")]
    pub(crate) is_nullable: bool,
    #[serde(default, rename = "navigation")]
    pub(crate) is_navigation: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
pub(crate) struct Enum {
    #[serde(rename = "flags")]
    pub(crate) is_flags: bool,
    pub(crate) members: Vec<String>,
}

/// A function or an action.
#[derive(Deserialize)]
pub(crate) struct Bound {
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) returns: Option<String>,
}

impl Schema {
    /// A property of a type, which may be inherited.
    pub(crate) fn property(&self, kind: &str, name: &str) -> Option<&Property> {
        let declared = self.types.get(kind)?;
        let own = declared.properties.get(name);
        own.or_else(|| self.property(declared.base.as_deref()?, name))
    }

    /// Whether a type is another one, or derived from it.
    pub(crate) fn is_a(&self, kind: &str, base: &str) -> bool {
        let own = || self.types.get(kind)?.base.as_deref();
        kind == base || own().is_some_and(|own| self.is_a(own, base))
    }
}
