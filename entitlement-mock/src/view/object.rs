//! JSON objects, and building them.

use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Builds an object whose members are given as `"name": value`.
macro_rules! object {
    ($($name:literal: $value:expr,)*) => {{
        let mut object = $crate::view::object::Object::new();
        $(object.insert($name.to_owned(), serde_json::json!($value));)*
        object
    }};
}

pub(super) use object;

/// A list with nothing in it.
pub(super) fn none() -> Value {
    Value::Array(Vec::new())
}
