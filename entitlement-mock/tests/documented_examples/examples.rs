//! The documented examples, and the slips in them.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

impl Example {
    /// The documented status; a page that shows no answer still promises one.
    pub(crate) fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    pub(crate) fn answer_body(&self) -> Option<&Value> {
        self.response.as_ref()?.body.as_ref()
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

/// Puts right what the page gets wrong.
pub(crate) fn put_right(example: &mut Example) {
    for (beta, name) in BETA_COLLECTIONS {
        example.request.url = example.request.url.replace(beta, name);
    }
    let response = example.response.as_mut();
    if let Some(body) = response.and_then(|response| response.body.as_mut()) {
        put_right_in(body);
    }
}

fn put_right_in(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (beta, name) in BETA_PROPERTIES {
                if let Some(member) = members.remove(*beta) {
                    members.insert((*name).to_owned(), member);
                }
            }
            members.values_mut().for_each(put_right_in);
        }
        Value::Array(items) => items.iter_mut().for_each(put_right_in),
        Value::String(text) if text == "null" => *value = Value::Null,
        _ => {}
    }
}
