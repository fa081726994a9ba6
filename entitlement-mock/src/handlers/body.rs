//! Bodies, read property by property, so that whatever is left over can be refused (M3).

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
