//! Every body that Microsoft's reference pages show, sent and answered, against the model.
//!
//! The pages' examples are read from `$ENTITLEMENT_SHARED/graph/examples-v1.json`, and the types from `schema-v1.json`
//! beside it; without the variable the test says that it is skipped and passes. The URL says what a body holds. For
//! each example it proves:
//!
//! | check | what holds |
//! |---|---|
//! | `text` | the page keeps to v1.0: declared names and kinds of values, tags on abstract types, no entity without its id |
//! | `model` | each body decodes, nothing in it is unknown, and it encodes to JSON that means the same |
//!
//! What `text` finds is put right before `model` looks. `misses.txt` lists the checks that fail,
//! each with its reason; a check that is listed and does not fail is an error, so the list only shrinks.

mod page;
mod place;

use std::collections::BTreeSet;

use entitlement_core::inspect::inspect;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::declared::Schema;
use crate::gaps::Gaps;
use crate::meaning::{self, Difference};
use crate::say;
use page::Slips;
use place::{Content, Place, Places};

/// One call of a reference page.
#[derive(Deserialize)]
struct Example {
    page: String,
    n: u32,
    request: Option<Request>,
    response: Option<Response>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    body: Option<Value>,
}

#[derive(Deserialize)]
struct Response {
    body: Option<Value>,
}

/// What was looked at.
#[derive(Default)]
struct Tally {
    examples: u32,
    bodies: u32,
    things: u32,
    kinds: BTreeSet<String>,
}

#[test]
fn every_documented_body_is_understood() {
    let Some(folder) = crate::folder() else {
        return;
    };
    let text = std::fs::read(folder.join("examples-v1.json")).expect("the examples can be read");
    let examples: Vec<Example> = serde_json::from_slice(&text).expect("the examples are JSON");
    let schema = Schema::read(&folder);
    let places = Places::read(&folder, &schema);
    let mut gaps = Gaps::new(include_str!("misses.txt"));
    let mut tally = Tally::default();
    assert!(!examples.is_empty(), "there are no examples");
    for example in &examples {
        let mut slips = Slips::new(&schema);
        let mut lost = Vec::new();
        for (name, content, body, wants_id) in bodies(&places, example, &mut slips) {
            tally.bodies += 1;
            for (path, kind, mut thing) in things(name, &content, body, &mut slips) {
                slips.put_right(&kind, &mut thing, &path, wants_id);
                tally.things += 1;
                lost.extend(model(&schema, &kind, &thing, &path));
                tally.kinds.insert(kind);
            }
        }
        tally.examples += 1;
        let name = format!("{} {}", example.page, example.n);
        if let Some(problem) = list(&slips.found) {
            gaps.note(format!("{name} text"), problem);
        }
        if let Some(problem) = list(&lost) {
            gaps.note(format!("{name} model"), problem);
        }
    }
    say(&format!(
        "documented examples: {}; {} bodies with {} values of {} types; {}",
        tally.examples,
        tally.bodies,
        tally.things,
        tally.kinds.len(),
        gaps.summary()
    ));
    gaps.verdict();
}

/// What an example sends and gets: its name, what it should hold, the body, and whether entities in it have ids.
fn bodies(
    places: &Places<'_>,
    example: &Example,
    slips: &mut Slips<'_>,
) -> Vec<(&'static str, Content, Value, bool)> {
    let answered = example.response.as_ref();
    let answered = answered.and_then(|response| response.body.clone());
    let Some(request) = &example.request else {
        // The page shows an answer only, which says itself where it is from.
        let context = answered
            .as_ref()
            .and_then(|body| body["@odata.context"].as_str());
        let place = context.and_then(|context| places.of_context(context, slips));
        let place = place.expect("an answer without its call has a context");
        return Vec::from_iter(answered.map(|body| ("response", place.answer("GET"), body, true)));
    };
    let place: Place = places.of_url(&request.url, slips);
    let sent = request.body.clone();
    let sent = sent.map(|body| ("request", place.sent(&request.method), body, false));
    let wants_id = !leaves_id_out(&request.url);
    let answered = answered.map(|body| ("response", place.answer(&request.method), body, wants_id));
    sent.into_iter().chain(answered).collect()
}

/// Whether the call asks for properties, and not for the id.
fn leaves_id_out(url: &str) -> bool {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let mut options = query.split('&');
    let select = options.find_map(|option| option.strip_prefix("$select="));
    select.is_some_and(|names| names.split(',').all(|name| name != "id"))
}

/// The values of a body that have a type of the model, with their places and types.
fn things(
    name: &str,
    content: &Content,
    body: Value,
    slips: &mut Slips<'_>,
) -> Vec<(String, String, Value)> {
    match content {
        Content::Nothing => {
            slips.note(name, &"a body", &"none");
            Vec::new()
        }
        Content::Number => {
            if !body.is_number() {
                slips.note(name, &body, &"a number");
            }
            Vec::new()
        }
        Content::Link => {
            if !body["@odata.id"].is_string() {
                slips.note(name, &body, &"a link");
            }
            Vec::new()
        }
        Content::One(kind) => {
            let mut body = body;
            if body["value"].is_object() {
                slips.note(name, &"value", &"the value itself");
                body = body["value"].take();
            }
            vec![(name.to_owned(), kind.clone(), body)]
        }
        Content::Many(kind) => items(&format!("{name}.value"), kind, &body["value"], slips),
        Content::Parameters(declared) => {
            let mut things = Vec::new();
            for (parameter, value) in body.as_object().into_iter().flatten() {
                let path = format!("{name}.{parameter}");
                let Some(kind) = declared.get(parameter).and_then(Value::as_str) else {
                    slips.note(&path, value, &"no such parameter");
                    continue;
                };
                match kind.strip_prefix("Collection(") {
                    Some(kind) => {
                        things.extend(items(&path, kind.trim_end_matches(')'), value, slips));
                    }
                    None if kind.starts_with("Edm.") => {
                        let mut holder = value.clone();
                        slips.put_value_right(kind, &mut holder, &path, false);
                    }
                    None => things.push((path, kind.to_owned(), value.clone())),
                }
            }
            things
        }
    }
}

fn items(
    path: &str,
    kind: &str,
    list: &Value,
    slips: &mut Slips<'_>,
) -> Vec<(String, String, Value)> {
    let Value::Array(items) = list else {
        slips.note(path, list, &"a list");
        return Vec::new();
    };
    let items = items.iter().enumerate();
    items
        .map(|(index, item)| (format!("{path}[{index}]"), kind.to_owned(), item.clone()))
        .collect()
}

const DIRECTORY_OBJECT: &str = "directoryObject";

/// Takes a value through the model; whatever is lost on the way.
fn model(schema: &Schema, kind: &str, thing: &Value, path: &str) -> Vec<Difference> {
    let inspection = match inspect(kind, thing) {
        Ok(inspection) => inspection,
        Err(error) => return vec![Difference::new(path, &kind, &error)],
    };
    let mut found = meaning::differences(schema, kind, thing, &inspection.value);
    let unknown = inspection.unknown.iter();
    // Of a directory object everything is kept, for whoever wants to read it as what it is.
    let unknown = unknown.filter(|path| schema.holder(kind, thing, path) != DIRECTORY_OBJECT);
    found.extend(unknown.map(|unknown| Difference::new(unknown, &"a property", &"unknown")));
    let actual = thing
        .as_object()
        .map_or(kind, |thing| schema.kind_of(thing, kind));
    if kind == DIRECTORY_OBJECT && actual != kind {
        found.extend(model(schema, actual, thing, ""));
    }
    found
        .into_iter()
        .map(|difference| difference.below(path))
        .collect()
}

/// All differences in one line; `None` if there are none.
fn list(found: &[Difference]) -> Option<String> {
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    (!found.is_empty()).then(|| found.join("; "))
}

#[test]
fn what_a_page_gets_wrong_is_found_and_put_right() {
    let declared = json!({"types": {"thing": {"base": null, "abstract": false, "properties": {
        "id": {"type": "Edm.String"}, "state": {"type": "Edm.String"}, "isNew": {"type": "Edm.Boolean"},
        "parts": {"type": "Edm.Int32", "collection": true},
    }}}, "enums": {}});
    let schema = Schema {
        types: declared["types"].as_object().expect("types").clone(),
        enums: serde_json::Map::new(),
    };
    let mut slips = Slips::new(&schema);
    let mut page = json!({"requestState": "x", "isNew": "true", "parts": 3, "colour": "red"});
    slips.put_right("thing", &mut page, "response", true);
    assert_eq!(slips.found.len(), 5);
    let right = json!({"id": page["id"], "state": "x", "isNew": true, "parts": [3]});
    assert_eq!(page, right);
    slips.put_right("thing", &mut page, "response", true);
    assert_eq!(slips.found.len(), 5);
}
