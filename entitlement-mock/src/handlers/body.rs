//! Bodies, read property by property, so that whatever is left over can be refused (M3).

use entitlement_core::time::Timestamp;
use entitlement_core::wire::{self, Field};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::hints::nearest::suggest;
use crate::router::refusal::Refusal;
use crate::world::table::Key;

/// A JSON object whose properties are taken out one after the other.
#[derive(Debug)]
pub(crate) struct Body {
    members: Map<String, Value>,
    /// What was looked for so far.
    known: Vec<&'static str>,
    /// Where in the whole body this object is, for explanations.
    path: String,
}

impl Body {
    /// Reads a body; an empty one is an object without properties.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.is_empty() {
            return Ok(Self::of(Map::new(), String::new()));
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(members)) => Ok(Self::of(members, String::new())),
            Ok(_) => Err(Refusal::bad_request("BadRequest", "The body must be a JSON object.")),
            Err(error) => Err(Refusal::bad_request(
                "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
            )
            .because(error.to_string())),
        }
    }

    fn of(members: Map<String, Value>, path: String) -> Self {
        Self {
            members,
            known: Vec::new(),
            path,
        }
    }

    fn place(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A property of any kind; `None` if it is missing or null.
    pub(crate) fn take<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Refusal> {
        self.known.push(name);
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => wire::decode_value(value)
                .map(Some)
                .map_err(|error| Refusal::invalid_model(format!("{}: {error}", self.place(name)))),
        }
    }

    /// A property of a patch.
    pub(crate) fn take_field<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
    ) -> Result<Field<T>, Refusal> {
        let mentioned = self.members.contains_key(name);
        Ok(match self.take(name)? {
            Some(value) => Field::Set(value),
            None if mentioned => Field::Clear,
            None => Field::Keep,
        })
    }

    /// A name in a patch, which can be changed but not cleared.
    pub(crate) fn take_name(&mut self, name: &'static str) -> Result<Option<String>, Refusal> {
        match self.take_field::<String>(name)? {
            Field::Keep => Ok(None),
            Field::Set(text) if !text.trim().is_empty() => Ok(Some(text)),
            _ => Err(Refusal::invalid_model(format!(
                "{} must not be blank",
                self.place(name)
            ))),
        }
    }

    /// A text that must be there and say something.
    pub(crate) fn require_text(&mut self, name: &'static str) -> Result<String, Refusal> {
        let text: Option<String> = self.take(name)?;
        text.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            Refusal::invalid_model(format!("{} is missing or blank", self.place(name)))
        })
    }

    /// An object inside; `None` if it is missing or null.
    pub(crate) fn take_object(&mut self, name: &'static str) -> Result<Option<Self>, Refusal> {
        let members: Option<Map<String, Value>> = self.take(name)?;
        Ok(members.map(|members| Self::of(members, self.place(name))))
    }

    /// The objects of a list inside; none if it is missing or null.
    pub(crate) fn take_objects(&mut self, name: &'static str) -> Result<Vec<Self>, Refusal> {
        let list: Option<Vec<Map<String, Value>>> = self.take(name)?;
        let list = list.unwrap_or_default().into_iter().enumerate();
        let place = self.place(name);
        Ok(list
            .map(|(index, members)| Self::of(members, format!("{place}[{index}]")))
            .collect())
    }

    /// A GUID; `None` if it is missing or null.
    pub(crate) fn take_key(&mut self, name: &'static str) -> Result<Option<Key>, Refusal> {
        let text: Option<String> = self.take(name)?;
        text.map(|text| {
            Key::try_parse(&text).map_err(|_not_a_guid| {
                Refusal::invalid_model(format!("{}: {text:?} is no GUID", self.place(name)))
            })
        })
        .transpose()
    }

    /// The id of an entity that is nested as `{"id": "…"}`.
    pub(crate) fn take_link(&mut self, name: &'static str) -> Result<Option<Key>, Refusal> {
        let Some(mut object) = self.take_object(name)? else {
            return Ok(None);
        };
        object.take_key("id")
    }

    /// The same without what another object has, too.
    pub(crate) fn without(mut self, other: &Map<String, Value>) -> Self {
        let members = &mut self.members;
        members.retain(|name, value| !other.get(name).is_some_and(|other| is_same(value, other)));
        self
    }

    /// Refuses whatever has not been taken; annotations and what only the service writes are passed over.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        const WRITTEN_BY_THE_SERVICE: &[&str] = &["id", "createdDateTime", "modifiedDateTime"];
        let strange = |name: &&String| {
            !name.contains('@') && !WRITTEN_BY_THE_SERVICE.contains(&name.as_str())
        };
        match self.members.keys().find(strange) {
            None => Ok(()),
            Some(name) => Err(Refusal::invalid_model(format!(
                "{} is not a property that can be written here; names are case-sensitive",
                self.place(name)
            ))
            .hint(suggest(name, self.known.iter().copied()))),
        }
    }
}

/// Whether two values mean the same: clients leave out what is null, and write moments in their own way.
fn is_same(one: &Value, other: &Value) -> bool {
    let has_all = |one: &Map<String, Value>, other: &Map<String, Value>| {
        one.iter().all(|(name, value)| {
            let other = other.get(name).unwrap_or(&Value::Null);
            name.contains('@') || is_same(value, other)
        })
    };
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => has_all(one, other) && has_all(other, one),
        (Value::Array(one), Value::Array(other)) => {
            let pairs = || one.iter().zip(other);
            one.len() == other.len() && pairs().all(|(one, other)| is_same(one, other))
        }
        (Value::String(one), Value::String(other)) if one != other => {
            let moment = |text: &str| text.parse::<Timestamp>().ok();
            moment(one).is_some_and(|one| Some(one) == moment(other))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_as_it_was_is_left_out() {
        let shown = json!({
            "kind": "userManaged",
            "created": "2026-01-01T00:00:00Z",
            "sources": [{"@odata.type": "#microsoft.graph.source", "name": "a", "note": null}],
            "count": 3,
        });
        let left = |sent: Value| {
            let body = Body::parse(sent.to_string().as_bytes()).unwrap();
            let left = body.without(shown.as_object().unwrap());
            left.members.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(left(shown.clone()), [""; 0]);
        let same = json!({"created": "2026-01-01T01:00:00+01:00", "sources": [{"name": "a"}]});
        assert_eq!(left(same), [""; 0]);
        let other =
            json!({"count": 4, "kind": null, "new": 1, "sources": [{"name": "a", "note": "b"}]});
        assert_eq!(left(other), ["count", "kind", "new", "sources"]);
    }
}
