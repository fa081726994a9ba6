//! The documented examples, and the slips in them.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::difference::{Difference, member, place};
use crate::schema::Schema;

/// One call of a reference page.
#[derive(Clone, Deserialize)]
pub(crate) struct Example {
    pub(crate) page: String,
    pub(crate) n: u32,
    pub(crate) request: Request,
    response: Option<Response>,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) body: Option<Value>,
}

#[derive(Clone, Deserialize)]
struct Response {
    status: u16,
    body: Option<Value>,
}

/// An id for bodies that have none.
const SOME_ID: &str = "00000000-0000-0000-0000-000000000001";

impl Example {
    /// The documented status; a page that shows no answer still promises one.
    pub(crate) fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    pub(crate) fn answer_body(&self) -> Option<&Value> {
        self.response.as_ref()?.body.as_ref()
    }

    /// What is written and what is read, one by one if it is a list, with the places.
    pub(crate) fn bodies(&self) -> Vec<(String, Value)> {
        let mut written = self.request.body.clone();
        if let Some(Value::Object(members)) = &mut written {
            // The service gives the id, and the model wants one.
            members.entry("id").or_insert_with(|| SOME_ID.into());
        }
        let written = written.map(|body| ("request".to_owned(), body));
        let mut read = self.answer_body().cloned();
        let read = read.as_mut().map(things).unwrap_or_default();
        let read = read.into_iter().map(|(place, thing)| (place, thing.take()));
        written.into_iter().chain(read).collect()
    }

    /// Whether the page asks for properties, and not for the id.
    fn leaves_id_out(&self) -> bool {
        let (_, query) = self.request.url.split_once('?').unwrap_or_default();
        let select = query
            .split('&')
            .find_map(|option| option.strip_prefix("$select="));
        select.is_some_and(|names| names.split(',').all(|name| name != "id"))
    }
}

/// Examples and schema; `None` if nobody says where they are.
pub(crate) fn load() -> Option<(Vec<Example>, Schema)> {
    let shared = std::env::var_os("ENTITLEMENT_SHARED")?;
    let folder = Path::new(&shared).join("graph");
    let examples: Vec<Value> = read(&folder.join("examples-v1.json"));
    // A few pages outside of the journey show an answer only.
    let calls = examples
        .into_iter()
        .filter(|example| example["request"].is_object());
    let calls = calls.map(|example| serde_json::from_value(example).expect("an example"));
    Some((calls.collect(), read(&folder.join("schema-v1.json"))))
}

fn read<T: DeserializeOwned>(file: &Path) -> T {
    let name = file.display();
    let text = std::fs::read(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Collections that pages call by their names in beta (OBJ-4, REQ-52, REQ-53).
const BETA_COLLECTIONS: &[(&str, &str)] = &[
    ("/accessPackageAssignments/", "/assignments/"),
    ("/accessPackageAssignmentRequests/", "/assignmentRequests/"),
];

/// Properties that pages call by their names in beta (OBJ-4).
const BETA_PROPERTIES: &[(&str, &str)] = &[
    ("requestState", "state"),
    ("requestStatus", "status"),
    ("completedDate", "completedDateTime"),
];

/// Puts the slips of the page right, and says which there were.
pub(crate) fn put_right(example: &mut Example, has_id: bool) -> Vec<Difference> {
    let mut slips = Vec::new();
    for (beta, name) in BETA_COLLECTIONS {
        if example.request.url.contains(beta) {
            example.request.url = example.request.url.replace(beta, name);
            slips.push(Difference::new("url", beta, name));
        }
    }
    let wants_id = has_id && !example.leaves_id_out();
    let response = example.response.as_mut();
    if let Some(body) = response.and_then(|response| response.body.as_mut()) {
        put_right_in(body, "response", &mut slips);
        // Pages shorten what they show, sometimes by the id.
        for (path, thing) in things(body).into_iter().filter(|_| wants_id) {
            if let Some(members) = thing.as_object_mut()
                && !members.contains_key("id")
            {
                members.insert("id".to_owned(), SOME_ID.into());
                slips.push(Difference::new(path, &"no id", &"an id"));
            }
        }
    }
    slips
}

/// What is in an answer, with the places: the items of a list, or the one thing that it is.
fn things(body: &mut Value) -> Vec<(String, &mut Value)> {
    if body.get("value").is_none_or(|value| !value.is_array()) {
        return vec![("response".to_owned(), body)];
    }
    let items = body["value"].as_array_mut().into_iter().flatten();
    items
        .enumerate()
        .map(|(index, item)| (place("response.value", index), item))
        .collect()
}

fn put_right_in(value: &mut Value, path: &str, slips: &mut Vec<Difference>) {
    match value {
        Value::Object(members) => {
            for (beta, name) in BETA_PROPERTIES {
                if let Some(member) = members.remove(*beta) {
                    slips.push(Difference::new(path, beta, name));
                    members.insert((*name).to_owned(), member);
                }
            }
            for (name, value) in members {
                put_right_in(value, &member(path, name), slips);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                put_right_in(item, &place(path, index), slips);
            }
        }
        Value::String(text) if text == "null" => {
            slips.push(Difference::new(path, &"\"null\"", &"null"));
            *value = Value::Null;
        }
        _ => {}
    }
}
